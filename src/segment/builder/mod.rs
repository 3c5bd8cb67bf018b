//! Builds a segment from records given in any order.
//!
//! An article takes a *slot* when it is added. What it holds is kept in compact lists by slot; when the segment is
//! written, slots are sorted into ordinals, values and words into the order of their bytes, and one section is written
//! after the other. [`merge`](super::merge()) writes the same sections in the same order from segments.

mod arena;
mod fields;
mod finish;
mod keywords;
mod lists;
mod mentions;
mod order;
mod words;

use std::io::Write;
use std::sync::Arc;

use uuid::Uuid;

use super::columns::{LengthEntry, SortKey, sort_key};
use super::error::SegmentError;
use super::format::{Versions, Written};
use super::lookup::key_hash;
use super::reader::Segment;
use super::structure;
use super::terms::Languages;
use crate::article::{ArticleId, Record, Seq};
use crate::schema::{Builtin, FieldName};
use crate::store::Dictionary;
use crate::text::{self, Span};
use crate::value::Value;

use fields::{Fields, entity_field};
use lists::Lists;
use mentions::{Mentioned, Mentions};
use words::Words;

/// Most articles of a segment; ordinals above it are left to sentinels.
pub const SEGMENT_ARTICLES_MAX: u32 = 1 << 30;

/// Most bytes of text of a segment that is built at once (1 GiB): positions of a word are counted in 32 bits.
const TEXT_BYTES_MAX: usize = 1 << 30;

/// Writes a segment from records given in any order.
///
/// # Examples
///
/// ```
/// use dateline::article::{Article, ArticleId, Extraction, Record};
/// use dateline::segment::{SegmentBuilder, Versions};
/// use dateline::store::RecordCodec;
///
/// let article = Article { key: "a".into(), body: "They met in Idlib.".into(), ..Article::default() };
/// let record = Record { id: ArticleId(1), seq: 1, article, extraction: Extraction::default(), story: None };
/// let encoded = RecordCodec::default().encode(&record)?;
/// let versions = Versions { analysis: 1, stemmer: 1, gazetteer: 1, extraction: 1 };
/// let mut builder = SegmentBuilder::new(versions, None);
/// builder.add(&record, &encoded)?;
/// let segment = builder.finish_in_memory(uuid::Uuid::nil())?;
/// assert_eq!(segment.terms()?.get("idlib")?.map(|term| term.documents), Some(1));
/// assert_eq!(segment.record(0)?, record);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SegmentBuilder {
    versions: Versions,
    dictionary: Option<Arc<Dictionary>>,
    slots: Vec<Slot>,
    encoded: Vec<u8>,
    structure: Lists<u8>,
    words: Words,
    fields: Fields,
    mentions: Mentions,
    languages: Languages,
    text_bytes: usize,
}

/// What is known of an article by its slot.
struct Slot {
    key: SortKey,
    id: ArticleId,
    seq: Seq,
    key_hash: u32,
    extractor: u32,
    lengths: LengthEntry,
    /// Where its encoded record ends.
    encoded_end: usize,
}

impl SegmentBuilder {
    /// Returns an empty builder; `dictionary` is what the encoded records were compressed with, and is copied in.
    pub fn new(versions: Versions, dictionary: Option<Arc<Dictionary>>) -> SegmentBuilder {
        SegmentBuilder {
            versions,
            dictionary,
            slots: Vec::new(),
            encoded: Vec::new(),
            structure: Lists::default(),
            words: Words::default(),
            fields: Fields::default(),
            mentions: Mentions::default(),
            languages: Languages::default(),
            text_bytes: 0,
        }
    }

    /// Adds an article; `encoded` is what [`RecordCodec::encode`](crate::store::RecordCodec::encode) made of it.
    ///
    /// # Errors
    ///
    /// [`SegmentError::TooLarge`] past [`SEGMENT_ARTICLES_MAX`] articles or 1 GiB of text.
    pub fn add(&mut self, record: &Record, encoded: &[u8]) -> Result<(), SegmentError> {
        let slot = self.next_slot(record)?;
        let text = record.article.text();
        let title = record.article.title.as_deref().unwrap_or("");
        let body_start = record.article.body_span().start;
        let analysis = text::analyse(title, &record.article.body, body_start, record.extraction.lede);
        let language = self.language(record);
        self.words.add(slot, &text, &analysis, language);
        self.fields.add(slot, record, &text);
        let (words, extraction) = (analysis.words.as_slice(), &record.extraction);
        let mentioned = Mentioned { slot, text: &text, words, extraction };
        let fields = std::cell::RefCell::new(&mut self.fields);
        self.mentions.add(
            &mentioned,
            |kind, name| fields.borrow_mut().intern(entity_field(kind), name),
            |name| fields.borrow_mut().intern(Builtin::Speaker, name),
        );
        let mut row = Vec::new();
        structure::put_row(&mut row, &analysis.sentence_starts, &analysis.paragraph_starts);
        self.structure.push(slot, row);
        self.encoded.extend_from_slice(encoded);
        let date = record.date().map(|date| (date.sort_start(), date.sort_end()));
        self.slots.push(Slot {
            key: sort_key(date, record.id.0, record.seq),
            id: record.id,
            seq: record.seq,
            key_hash: key_hash(&record.article.key),
            extractor: record.extraction.version,
            lengths: LengthEntry::of(&analysis),
            encoded_end: self.encoded.len(),
        });
        Ok(())
    }

    fn next_slot(&mut self, record: &Record) -> Result<u32, SegmentError> {
        let slot = self.articles();
        if slot >= SEGMENT_ARTICLES_MAX {
            let limit = u64::from(SEGMENT_ARTICLES_MAX);
            return Err(SegmentError::TooLarge { what: "articles", limit });
        }
        let Span { end, .. } = record.article.body_span();
        self.text_bytes += end as usize;
        if self.text_bytes > TEXT_BYTES_MAX {
            return Err(SegmentError::TooLarge { what: "bytes of text", limit: TEXT_BYTES_MAX as u64 });
        }
        Ok(slot)
    }

    /// Returns the bit of the article's language.
    fn language(&mut self, record: &Record) -> u32 {
        let lang = record.values(&FieldName::Builtin(Builtin::Lang)).into_iter().next();
        match lang {
            Some(Value::Text(lang)) => self.languages.bit(&text::fold_value(&lang)),
            _ => 0,
        }
    }

    /// Returns the number of articles added.
    pub fn articles(&self) -> u32 {
        self.slots.len() as u32
    }

    /// Returns the bytes of text added, titles and bodies.
    pub fn text_bytes(&self) -> usize {
        self.text_bytes
    }

    /// Returns about how much memory the builder uses, in bytes; callers finish it when their budget is reached.
    pub fn memory_bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
            + self.encoded.capacity()
            + self.structure.memory_bytes()
            + self.words.memory_bytes()
            + self.fields.memory_bytes()
            + self.mentions.memory_bytes()
    }

    /// Writes the segment and returns what the manifest must know about it.
    ///
    /// Nothing is synced: the caller owns the file.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Write`] where `out` fails.
    pub fn finish(self, uuid: Uuid, out: impl Write) -> Result<Written, SegmentError> {
        Ok(finish::finish(self, uuid, out)?)
    }

    /// Writes the segment into memory and opens it.
    ///
    /// # Errors
    ///
    /// As [`SegmentBuilder::finish`] and [`Segment::from_bytes`].
    pub fn finish_in_memory(self, uuid: Uuid) -> Result<Segment, SegmentError> {
        let mut bytes = Vec::new();
        self.finish(uuid, &mut bytes)?;
        Segment::from_bytes(bytes.into())
    }
}

impl std::fmt::Debug for SegmentBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SegmentBuilder").field("articles", &self.articles()).finish_non_exhaustive()
    }
}
