//! Signatures of the reader; bodies follow.
#![allow(unused_variables, missing_debug_implementations)]

use std::io::Write;
use std::marker::PhantomData;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use roaring::RoaringBitmap;
use uuid::Uuid;

use super::{Place, SegmentError, TERMINATED};
use crate::article::{ArticleId, Category, Certainty, Country, EntityKind, Figure, Record, Seq};
use crate::date::{Date, Precision};
use crate::query::DateTest;
use crate::schema::FieldName;
use crate::store::Dictionary;
use crate::value::Number;

fn absent<T>() -> Result<T, SegmentError> {
    let place = Place { section: String::new(), page: None };
    Err(SegmentError::Damaged { path: PathBuf::new(), place, what: "the reader is not complete" })
}

/// Versions of everything that decides what an index holds; a segment is stamped with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// `text::ANALYSIS_VERSION`: tokens, folding, sentences.
    pub analysis: u32,
    /// The stemmer's tables.
    pub stemmer: u32,
    /// The gazetteer's tables.
    pub gazetteer: u32,
    /// `extract::VERSION`.
    pub extraction: u32,
}

/// Writes a segment from records given in any order.
pub struct SegmentBuilder {}

impl SegmentBuilder {
    /// Returns an empty builder; `dictionary` is what the encoded records were compressed with, and is copied in.
    pub fn new(versions: Versions, dictionary: Option<Arc<Dictionary>>) -> SegmentBuilder {
        SegmentBuilder {}
    }

    /// Adds an article; `encoded` is what [`RecordCodec::encode`](crate::store::RecordCodec::encode) made of it.
    pub fn add(&mut self, record: &Record, encoded: &[u8]) -> Result<(), SegmentError> {
        absent()
    }

    /// Returns the number of articles added.
    pub fn articles(&self) -> u32 {
        0
    }

    /// Returns about how much memory the builder uses, in bytes; callers finish it when their budget is reached.
    pub fn memory_bytes(&self) -> usize {
        0
    }

    /// Writes the segment and returns what the manifest must know about it.
    pub fn finish(self, uuid: Uuid, out: impl Write) -> Result<Written, SegmentError> {
        absent()
    }

    /// Writes the segment into memory and opens it.
    pub fn finish_in_memory(self, uuid: Uuid) -> Result<Segment, SegmentError> {
        absent()
    }
}

/// What identifies a written segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Length of the file, in bytes.
    pub bytes: u64,
    /// Its uuid.
    pub uuid: Uuid,
    /// CRC-32 of its footer, which holds the checksums of all pages.
    pub checksum: u32,
    /// Number of articles.
    pub articles: u32,
}

/// Writes the live articles of several segments as one; the result equals building from their records.
///
/// `dead` are ordinals to leave out. Memory stays small whatever the sizes; large parts go through files in `scratch`.
pub fn merge(
    inputs: &[(Segment, Option<Arc<RoaringBitmap>>)],
    uuid: Uuid,
    scratch: &Path,
    out: impl Write,
) -> Result<Written, SegmentError> {
    absent()
}

/// An open segment; cheap to clone, and shared between threads.
///
/// Views borrow from it. Opening a view verifies the checksums of what it will touch (each page once in the life of the
/// segment), so that the inner loops of cursors cannot fail; where a check inside a loop fails all the same, the cursor
/// ends and [`Segment::intact`] tells: a query asks it before it answers.
#[derive(Clone)]
pub struct Segment {}

impl Segment {
    /// Maps a segment's file.
    pub fn open_file(path: &Path) -> Result<Segment, SegmentError> {
        absent()
    }
    /// Opens a segment that lies in memory.
    pub fn from_bytes(bytes: Arc<[u8]>) -> Result<Segment, SegmentError> {
        absent()
    }
    /// Returns length, uuid, checksum and number of articles.
    pub fn identity(&self) -> Written {
        Written { bytes: 0, uuid: Uuid::nil(), checksum: 0, articles: 0 }
    }
    /// Returns the versions that it was written with.
    pub fn versions(&self) -> Versions {
        Versions { analysis: 0, stemmer: 0, gazetteer: 0, extraction: 0 }
    }
    /// Returns the number of articles; ordinals run from 0 to it.
    pub fn articles(&self) -> u32 {
        0
    }
    /// Lists the sections with their sizes in bytes.
    pub fn sections(&self) -> Vec<(String, u64)> {
        Vec::new()
    }
    /// Fails where a cursor has met damage.
    pub fn intact(&self) -> Result<(), SegmentError> {
        absent()
    }
    /// Verifies the checksum of every page; for `check`.
    pub fn verify(&self) -> Result<(), SegmentError> {
        absent()
    }

    // --- articles and identities ---

    /// Returns the ids and versions of the articles.
    pub fn identities(&self) -> Result<Identities<'_>, SegmentError> {
        absent()
    }
    /// Returns the ordinal of every version of this key, newest first; usually none or one.
    pub fn ordinals_of_key(&self, key: &str) -> Result<Vec<u32>, SegmentError> {
        absent()
    }
    /// Returns the encoded record of an article.
    pub fn encoded(&self, ordinal: u32) -> Result<Vec<u8>, SegmentError> {
        absent()
    }
    /// Returns the record of an article.
    pub fn record(&self, ordinal: u32) -> Result<Record, SegmentError> {
        absent()
    }
    /// Returns the dictionary that records were compressed with.
    pub fn dictionary(&self) -> Result<Option<Arc<Dictionary>>, SegmentError> {
        absent()
    }

    // --- columns ---

    /// Returns the ordinals whose `date` passes, as rising, disjoint ranges: one or two for most tests.
    pub fn date_ordinals(&self, test: &DateTest) -> Result<Vec<Range<u32>>, SegmentError> {
        absent()
    }
    /// Returns the sorted column of the `date` field.
    pub fn dates(&self) -> Result<Dates<'_>, SegmentError> {
        absent()
    }
    /// Returns the column of a date field (`date` and `added` too); `None` where no article has it.
    pub fn date_column(&self, field: &FieldName) -> Result<Option<DateColumn<'_>>, SegmentError> {
        absent()
    }
    /// Returns the column of a number field (`id`, `words`, figures by their numbers, declared ones).
    pub fn number_column(&self, field: &FieldName) -> Result<Option<NumberColumn<'_>>, SegmentError> {
        absent()
    }
    /// Returns the column of a boolean field.
    pub fn boolean_column(&self, field: &FieldName) -> Result<Option<BooleanColumn<'_>>, SegmentError> {
        absent()
    }
    /// Returns how many words each article's parts have.
    pub fn lengths(&self) -> Result<Lengths<'_>, SegmentError> {
        absent()
    }
    /// Returns where the sentences and paragraphs of each article start.
    pub fn structure(&self) -> Result<Structure<'_>, SegmentError> {
        absent()
    }
    /// Returns the articles that have at least one value of the field (text fields and `quote` too).
    pub fn presence(&self, field: &FieldName) -> Result<Postings<'_>, SegmentError> {
        absent()
    }
    /// Lists the fields that some article has.
    pub fn fields(&self) -> Result<Vec<FieldName>, SegmentError> {
        absent()
    }

    // --- text ---

    /// Returns the dictionary of folded words.
    pub fn terms(&self) -> Result<Terms<'_>, SegmentError> {
        absent()
    }

    // --- keywords, entities, quotes, figures ---

    /// Returns the values of a keyword field; `None` where no article has it.
    pub fn keyword(&self, field: &FieldName) -> Result<Option<KeywordField<'_>>, SegmentError> {
        absent()
    }
    /// Returns the names used for entities of a kind; `None` where no article has such an entity.
    pub fn names(&self, kind: EntityKind) -> Result<Option<Names<'_>>, SegmentError> {
        absent()
    }
    /// Returns the entities of each article with where they stand.
    pub fn entities(&self) -> Result<Entities<'_>, SegmentError> {
        absent()
    }
    /// Returns the articles with a place in this country.
    pub fn within_country(&self, country: Country) -> Result<Postings<'_>, SegmentError> {
        absent()
    }
    /// Returns the articles with a place in the region of this folded name.
    pub fn within_region(&self, folded: &str) -> Result<Postings<'_>, SegmentError> {
        absent()
    }
    /// Returns the quotations of each article.
    pub fn quotes(&self) -> Result<Quotes<'_>, SegmentError> {
        absent()
    }
    /// Returns the words of the speakers' names, as numbers of the keyword field `speaker`.
    pub fn speaker_words(&self) -> Result<Option<NameWords<'_>>, SegmentError> {
        absent()
    }
    /// Returns the figures of a category; `None` where no article has one.
    pub fn figures(&self, category: Category) -> Result<Option<Figures<'_>>, SegmentError> {
        absent()
    }
}

/// Ids and versions by ordinal, and back.
pub struct Identities<'s>(PhantomData<&'s ()>);

impl Identities<'_> {
    /// Returns the id of an article.
    pub fn id(&self, ordinal: u32) -> ArticleId {
        ArticleId(0)
    }
    /// Returns the commit that wrote this version.
    pub fn seq(&self, ordinal: u32) -> Seq {
        0
    }
    /// Returns the ordinals of this id's versions, rising; usually none or one.
    pub fn ordinals(&self, id: ArticleId) -> Vec<u32> {
        Vec::new()
    }
}

/// The `date` column, sorted: newest first, undated last.
pub struct Dates<'s>(PhantomData<&'s ()>);

impl Dates<'_> {
    /// Returns the number of dated articles; the undated ones have the ordinals from it on.
    pub fn dated(&self) -> u32 {
        0
    }
    /// Returns the date of an article.
    pub fn date(&self, ordinal: u32) -> Option<Date> {
        None
    }
    /// Returns `Date::sort_start` of an article.
    pub fn sort_start(&self, ordinal: u32) -> Option<i64> {
        None
    }
    /// Returns `Date::sort_end` of an article.
    pub fn sort_end(&self, ordinal: u32) -> Option<i64> {
        None
    }
    /// Returns the precision of an article's date.
    pub fn precision(&self, ordinal: u32) -> Option<Precision> {
        None
    }
    /// Returns the first ordinal whose start lies before `sort_start`: all ordinals below it start at or after it.
    pub fn boundary(&self, sort_start: i64) -> u32 {
        0
    }
    /// Returns how many articles are dated to this precision.
    pub fn count(&self, precision: Precision) -> u32 {
        0
    }
    /// Tells whether some timestamp was given without an offset, so that its instant depends on the session's zone.
    pub fn has_floating(&self) -> bool {
        false
    }
    /// Returns the runs of neighbouring ordinals dated to this precision.
    pub fn runs(&self, precision: Precision) -> Vec<Range<u32>> {
        Vec::new()
    }
    /// Returns the newest start and the oldest start.
    pub fn sort_starts(&self) -> Option<(i64, i64)> {
        None
    }
}

/// A date field, many-valued.
pub struct DateColumn<'s>(PhantomData<&'s ()>);

impl DateColumn<'_> {
    /// Returns the number of values of an article.
    pub fn count(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns the values of an article, sorted by `Date`'s order.
    pub fn values(&self, ordinal: u32) -> impl Iterator<Item = Date> + '_ {
        std::iter::empty()
    }
}

/// A number field, many-valued; whole numbers stay exact.
pub struct NumberColumn<'s>(PhantomData<&'s ()>);

impl NumberColumn<'_> {
    /// Returns the number of values of an article.
    pub fn count(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns the distinct values of an article, rising.
    pub fn values(&self, ordinal: u32) -> impl Iterator<Item = Number> + '_ {
        std::iter::empty()
    }
    /// Returns the smallest and largest value of all articles.
    pub fn bounds(&self) -> Option<(Number, Number)> {
        None
    }
}

/// A boolean field, many-valued.
pub struct BooleanColumn<'s>(PhantomData<&'s ()>);

impl BooleanColumn<'_> {
    /// Tells whether an article has this value.
    pub fn has(&self, ordinal: u32, value: bool) -> bool {
        false
    }
}

/// How many words each article's parts have.
pub struct Lengths<'s>(PhantomData<&'s ()>);

impl Lengths<'_> {
    /// Returns the words of the title.
    pub fn title(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns the words of the first reporting paragraph, which belong to lede and body both.
    pub fn lede_part(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns the words of the body.
    pub fn body(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns the position past the last word of the lede.
    pub fn lede_end(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns the byte form of the weighted length: title words x3, lede part x2, the rest of the body x1.
    pub fn byte(&self, ordinal: u32) -> u8 {
        0
    }
    /// Returns the sum of all weighted lengths as their byte forms stand for them, for the average of a snapshot.
    pub fn total(&self) -> u64 {
        0
    }
}

/// Returns the byte that stands for a weighted length; monotone, exact for short lengths.
pub fn length_byte(weighted: u32) -> u8 {
    0
}

/// Returns the weighted length that a byte stands for.
pub fn byte_length(byte: u8) -> u32 {
    0
}

/// Where sentences and paragraphs start, as positions.
pub struct Structure<'s>(PhantomData<&'s ()>);

impl Structure<'_> {
    /// Appends the rising first positions of an article's sentences.
    pub fn sentence_starts_into(&self, ordinal: u32, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        absent()
    }
    /// Appends the rising first positions of an article's paragraphs.
    pub fn paragraph_starts_into(&self, ordinal: u32, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        absent()
    }
}

/// The dictionary of folded words.
pub struct Terms<'s>(PhantomData<&'s ()>);

impl<'s> Terms<'s> {
    /// Returns the number of distinct words.
    pub fn len(&self) -> usize {
        0
    }
    /// Tells whether there is no word.
    pub fn is_empty(&self) -> bool {
        true
    }
    /// Returns the entry of a folded word.
    pub fn get(&self, folded: &str) -> Result<Option<TermInfo>, SegmentError> {
        absent()
    }
    /// Calls `found` for every word that the automaton accepts, in the order of their bytes, until it returns false.
    ///
    /// `fst::automaton::Str::new(p).starts_with()` finds prefixes; the DFAs of `levenshtein_automata` and
    /// `regex_automata` (through a small adapter) fit too.
    pub fn search<A: fst::Automaton>(
        &self,
        automaton: A,
        found: &mut dyn FnMut(&str, TermInfo) -> bool,
    ) -> Result<(), SegmentError> {
        absent()
    }
    /// Returns the words of articles in this language that have this stem; entries may also occur in articles of
    /// other languages, which the caller leaves out by `lang`.
    pub fn stemmed(&self, stem: &str, lang: &str) -> Result<Vec<TermInfo>, SegmentError> {
        absent()
    }
    /// Opens the postings of a word.
    pub fn postings(&self, term: TermInfo) -> Result<TermPostings<'s>, SegmentError> {
        absent()
    }
    /// Returns the spellings of a word in this segment, for `exact`; [`TermPostings::forms_into`] gives their numbers.
    pub fn forms(&self, term: TermInfo) -> Result<Vec<Form>, SegmentError> {
        absent()
    }
}

/// What the dictionary knows about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermInfo {
    /// Number of articles that have it.
    pub documents: u32,
    /// Where its record lies in the postings section; rising in the order of the words, so it names the word.
    pub offset: u64,
}

/// A spelling with what joins it to the next word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    /// The original characters.
    pub spelling: String,
    /// What stands between it and the next word; empty where that holds white space.
    pub joiner: String,
}

/// The articles of a list, as rising ordinals.
///
/// A new cursor stands on its first article, or on [`TERMINATED`] where the list is empty.
#[derive(Clone)]
pub struct Postings<'s>(PhantomData<&'s ()>);

impl<'s> Postings<'s> {
    /// Returns an empty list.
    pub fn empty() -> Postings<'s> {
        Postings(PhantomData)
    }
    /// Returns the list of a whole range of ordinals.
    pub fn range(ordinals: Range<u32>) -> Postings<'s> {
        Postings(PhantomData)
    }
    /// Returns the number of articles in the list, wherever the cursor stands.
    pub fn len(&self) -> u32 {
        0
    }
    /// Tells whether the list has no article.
    pub fn is_empty(&self) -> bool {
        true
    }
    /// Returns the ordinal that the cursor stands on, or [`TERMINATED`].
    pub fn doc(&self) -> u32 {
        TERMINATED
    }
    /// Moves to the next article and returns its ordinal, or [`TERMINATED`].
    pub fn advance(&mut self) -> u32 {
        TERMINATED
    }
    /// Moves to the first article at or past `target`, never backwards, and returns its ordinal.
    pub fn seek(&mut self, target: u32) -> u32 {
        TERMINATED
    }
    /// Returns how many articles of the list have ordinals below `ordinal`, decoding one block at most.
    pub fn rank(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns how many articles of the list lie in a range of ordinals.
    pub fn count_in(&self, ordinals: Range<u32>) -> u32 {
        0
    }
    /// Returns the last ordinal of the block that would hold `target`, decoding nothing and moving no cursor;
    /// [`TERMINATED`] past the end.
    pub fn block_last(&self, target: u32) -> u32 {
        TERMINATED
    }
    /// Copies the ordinals from the cursor to the end of its block, and moves behind them; 0 at the end of the list.
    pub fn next_block(&mut self, out: &mut [u32; 128]) -> usize {
        0
    }
}

/// Which parts of an article a word stands in, as bits.
pub mod region {
    /// Body past the first reporting paragraph.
    pub const BODY: u8 = 1;
    /// First reporting paragraph.
    pub const LEDE: u8 = 2;
    /// Title.
    pub const TITLE: u8 = 4;
}

/// How often a word stands in each part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// In the title.
    pub title: u32,
    /// In the first reporting paragraph.
    pub lede_part: u32,
    /// In the rest of the body.
    pub rest: u32,
}

/// The articles of a word, with how often and where it stands in each.
#[derive(Clone)]
pub struct TermPostings<'s>(PhantomData<&'s ()>);

impl<'s> TermPostings<'s> {
    /// Returns the number of articles, wherever the cursor stands.
    pub fn len(&self) -> u32 {
        0
    }
    /// Tells whether the list has no article.
    pub fn is_empty(&self) -> bool {
        true
    }
    /// Returns the plain list of the same articles, from its start.
    pub fn articles(&self) -> Postings<'s> {
        Postings(PhantomData)
    }
    /// Returns the ordinal that the cursor stands on, or [`TERMINATED`].
    pub fn doc(&self) -> u32 {
        TERMINATED
    }
    /// Moves to the next article and returns its ordinal, or [`TERMINATED`].
    pub fn advance(&mut self) -> u32 {
        TERMINATED
    }
    /// Moves to the first article at or past `target`, never backwards, and returns its ordinal.
    pub fn seek(&mut self, target: u32) -> u32 {
        TERMINATED
    }
    /// Returns the last ordinal of the block that would hold `target`, decoding nothing and moving no cursor.
    pub fn block_last(&self, target: u32) -> u32 {
        TERMINATED
    }
    /// Returns the Pareto frontier of (weighted frequency, length byte) of the block that would hold `target`: every
    /// posting of the block has a pair with at least its frequency and at most its length.
    pub fn block_frontier(&mut self, target: u32) -> &[(u32, u8)] {
        &[]
    }
    /// Returns the frontier of the whole list.
    pub fn frontier(&self) -> &[(u32, u8)] {
        &[]
    }
    /// Copies ordinals and weighted frequencies from the cursor to the end of its block, and moves behind them.
    pub fn next_block(&mut self, ordinals: &mut [u32; 128], frequencies: &mut [u32; 128]) -> usize {
        0
    }
    /// Returns how often the word stands in each part of the current article.
    pub fn counts(&mut self) -> Counts {
        Counts::default()
    }
    /// Returns the weighted frequency in the current article: title x3, lede part x2, rest of the body x1.
    pub fn frequency(&mut self) -> u32 {
        0
    }
    /// Returns in which parts of the current article the word stands, as bits of [`region`].
    pub fn regions(&mut self) -> u8 {
        0
    }
    /// Appends the rising positions of the word in the current article.
    pub fn positions_into(&mut self, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        absent()
    }
    /// Appends the number of the form of each occurrence in the current article, in the order of the positions.
    pub fn forms_into(&mut self, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        absent()
    }
}

/// The values of a keyword field, in the order of (folded, spelling); numbers count in this order from 0.
#[derive(Clone)]
pub struct KeywordField<'s>(PhantomData<&'s ()>);

impl<'s> KeywordField<'s> {
    /// Returns the number of distinct (folded, spelling) values.
    pub fn len(&self) -> u32 {
        0
    }
    /// Tells whether there is no value.
    pub fn is_empty(&self) -> bool {
        true
    }
    /// Returns the value of a number.
    pub fn value(&self, number: u32) -> Result<KeywordValue, SegmentError> {
        absent()
    }
    /// Returns the numbers of all spellings of a folded value; empty where it does not occur.
    pub fn find(&self, folded: &str) -> Result<Range<u32>, SegmentError> {
        absent()
    }
    /// Returns the numbers of the values whose folded form begins so.
    pub fn starts_with(&self, folded: &str) -> Result<Range<u32>, SegmentError> {
        absent()
    }
    /// Calls `seen` with (number, folded, spelling) of each value in a range, in order, until it returns false.
    pub fn scan(
        &self,
        numbers: Range<u32>,
        seen: &mut dyn FnMut(u32, &str, &str) -> bool,
    ) -> Result<(), SegmentError> {
        absent()
    }
    /// Returns the number of the group of values that fold alike; groups count from 0 in the order of the values.
    pub fn group(&self, number: u32) -> u32 {
        0
    }
    /// Returns the number of distinct folded values.
    pub fn groups(&self) -> u32 {
        0
    }
    /// Returns the numbers of the values of a group.
    pub fn group_numbers(&self, group: u32) -> Range<u32> {
        0..0
    }
    /// Opens the list of the articles that have a value.
    pub fn postings(&self, number: u32) -> Result<Postings<'s>, SegmentError> {
        absent()
    }
    /// Returns the number of values of an article.
    pub fn count(&self, ordinal: u32) -> u32 {
        0
    }
    /// Returns the numbers of the values of an article, rising.
    pub fn values(&self, ordinal: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::empty()
    }
}

/// A value of a keyword field or a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeywordValue {
    /// What it is compared by.
    pub folded: String,
    /// As given.
    pub spelling: String,
}

/// The words of names: which names hold a word.
#[derive(Clone)]
pub struct NameWords<'s>(PhantomData<&'s ()>);

impl NameWords<'_> {
    /// Returns the rising numbers of the names that hold a folded word.
    pub fn names_with(&self, folded: &str) -> Result<Vec<u32>, SegmentError> {
        absent()
    }
    /// Calls `found` with every word that the automaton accepts and the numbers of its names, until it returns false.
    pub fn search<A: fst::Automaton>(
        &self,
        automaton: A,
        found: &mut dyn FnMut(&str, &[u32]) -> bool,
    ) -> Result<(), SegmentError> {
        absent()
    }
}

/// Returns the folded words of a name, as [`NameWords`] indexes them.
pub fn name_words(spelling: &str) -> Vec<String> {
    Vec::new()
}

/// The names used for entities of one kind: canonical names and the other forms of each article.
#[derive(Clone)]
pub struct Names<'s>(PhantomData<&'s ()>);

impl<'s> Names<'s> {
    /// Returns the names with their articles, as a keyword field.
    pub fn field(&self) -> &KeywordField<'s> {
        const { &KeywordField(PhantomData) }
    }
    /// Returns the words of the names.
    pub fn words(&self) -> &NameWords<'s> {
        const { &NameWords(PhantomData) }
    }
}

/// The entities of each article, with where they stand.
#[derive(Clone)]
pub struct Entities<'s>(PhantomData<&'s ()>);

impl Entities<'_> {
    /// Returns the entities of an article, in the order of its extraction.
    pub fn read(&self, ordinal: u32) -> Result<Vec<EntityEntry>, SegmentError> {
        absent()
    }
}

/// An entity of one article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityEntry {
    /// What it is.
    pub kind: EntityKind,
    /// Its canonical name, as a number of the keyword field `person`, `place` or `org`.
    pub canonical: u32,
    /// All names used for it in the article, the canonical one first, as numbers of [`Segment::names`] of its kind.
    pub names: Vec<u32>,
    /// Where it is named, rising.
    pub occurrences: Vec<Occurrence>,
}

/// A stretch of words that names an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// Position of the first word.
    pub position: u32,
    /// Number of words; at least 1.
    pub words: u32,
    /// The name used, as an index into [`EntityEntry::names`].
    pub name: u32,
}

/// The quotations of each article.
#[derive(Clone)]
pub struct Quotes<'s>(PhantomData<&'s ()>);

impl Quotes<'_> {
    /// Returns the quotations of an article, in order.
    pub fn read(&self, ordinal: u32) -> Result<Vec<QuoteEntry>, SegmentError> {
        absent()
    }
}

/// A quotation of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuoteEntry {
    /// Position of the first word inside the marks.
    pub start: u32,
    /// Position past the last word inside the marks; `start` where there is no word.
    pub end: u32,
    /// The speaker, as a number of the keyword field `speaker`.
    pub speaker: Option<u32>,
    /// The speaker's entity, as an index into what [`Entities::read`] returns.
    pub entity: Option<u32>,
    /// How sure the attribution is; `None` without a speaker.
    pub certainty: Option<Certainty>,
}

/// The figures of one category.
#[derive(Clone)]
pub struct Figures<'s>(PhantomData<&'s ()>);

impl<'s> Figures<'s> {
    /// Returns the articles that have such a figure.
    pub fn postings(&self) -> Postings<'s> {
        Postings(PhantomData)
    }
    /// Returns the figures of an article in order; their spans are in words, `unit` and the rest as extracted.
    pub fn read(&self, ordinal: u32) -> Result<Vec<Figure>, SegmentError> {
        absent()
    }
}
