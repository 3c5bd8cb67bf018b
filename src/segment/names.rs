//! The names used for entities, and the words that they hold.
//!
//! **names**: a section for each kind of entity, of the three parts of `values`: canonical names and the other forms of
//! each article, with the articles that use them.
//!
//! **name words**: a section for each kind of entity and one for the keyword field `speaker`, of two parts. Part 1: an
//! `fst` map from each folded word to the start of its group in part 2. Part 2: groups: number of names varint, then the
//! rising numbers of the names that hold the word, each as varint less the one before.

use std::io::{self, Write};

use fst::{Automaton, IntoStreamer, Map, MapBuilder, Streamer};

use super::bytes::{Input, put_varint};
use super::error::SegmentError;
use super::format::Kind;
use super::image::{Image, Section};
use super::interner::Interner;
use super::keyword::KeywordField;
use super::sink::Sink;
use super::spool::Spool;
use crate::article::EntityKind;
use crate::text;

/// Name of the section of the speakers' words.
pub(super) const SPEAKERS: &[u8] = b"speaker";

/// Returns the folded words of a name, as [`NameWords`] holds them.
///
/// # Examples
///
/// ```
/// assert_eq!(dateline::segment::name_words("Bashar al-Assad"), ["bashar", "al", "assad"]);
/// ```
pub fn name_words(spelling: &str) -> Vec<String> {
    text::tokens(spelling).map(|token| text::fold_word(token.span.of(spelling)).into_owned()).collect()
}

/// Collects the words of names while these are written.
#[derive(Default)]
pub(super) struct NameWordsWriter {
    words: Interner,
    /// Number of a word, number of a name.
    pairs: Vec<(u32, u32)>,
}

impl NameWordsWriter {
    /// Adds the next name.
    pub(super) fn add(&mut self, number: u32, spelling: &str) {
        for token in text::tokens(spelling) {
            let word = self.words.intern(text::fold_word(token.span.of(spelling)).as_bytes());
            self.pairs.push((word, number));
        }
    }

    pub(super) fn finish<W: Write>(mut self, sink: &mut Sink<W>, name: &[u8]) -> io::Result<()> {
        let (order, ranks) = self.words.sorted();
        for (word, _) in &mut self.pairs {
            *word = ranks.get(*word as usize).copied().unwrap_or(0);
        }
        self.pairs.sort_unstable();
        self.pairs.dedup();
        let (mut map, mut lists) = (MapBuilder::memory(), Vec::new());
        for (group, &word) in self.pairs.chunk_by(|a, b| a.0 == b.0).zip(&order) {
            map.insert(self.words.get(word), lists.len() as u64).map_err(io::Error::other)?;
            put_varint(&mut lists, group.len() as u64);
            let mut before = 0;
            for &(_, number) in group {
                put_varint(&mut lists, u64::from(number - before));
                before = number;
            }
        }
        let map = map.into_inner().map_err(io::Error::other)?;
        sink.parts(Kind::NameWords, name, [Spool::of(map), Spool::of(lists)])
    }
}

/// The words of names: which names hold a word.
#[derive(Clone)]
pub struct NameWords<'s> {
    words: Map<&'s [u8]>,
    lists: &'s [u8],
    section: Section<'s>,
}

impl<'s> NameWords<'s> {
    pub(super) fn open(image: &'s Image, name: &[u8]) -> Result<Option<NameWords<'s>>, SegmentError> {
        let Some(section) = image.section(Kind::NameWords, name) else { return Ok(None) };
        let [words, lists] = section.parts()?;
        let words = Map::new(words.all()?).map_err(|_| section.damaged("it is not an fst"))?;
        Ok(Some(NameWords { words, lists: lists.all()?, section }))
    }

    /// Returns the rising numbers of the names that hold a folded word.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn names_with(&self, folded: &str) -> Result<Vec<u32>, SegmentError> {
        self.words.get(folded).map_or(Ok(Vec::new()), |start| self.group(start))
    }

    /// Calls `found` with every word that the automaton accepts and the numbers of its names, until it returns false.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn search<A: Automaton>(
        &self,
        automaton: A,
        found: &mut dyn FnMut(&str, &[u32]) -> bool,
    ) -> Result<(), SegmentError> {
        let mut stream = self.words.search(automaton).into_stream();
        while let Some((word, start)) = stream.next() {
            let word = std::str::from_utf8(word).map_err(|_| self.section.damaged("a word is not UTF-8"))?;
            if !found(word, &self.group(start)?) {
                break;
            }
        }
        Ok(())
    }

    fn group(&self, start: u64) -> Result<Vec<u32>, SegmentError> {
        let group = usize::try_from(start).ok().and_then(|start| self.lists.get(start..));
        let group = group.and_then(|group| read_group(&mut Input::new(group)));
        group.ok_or_else(|| self.section.damaged("a group of names does not decode"))
    }
}

fn read_group(input: &mut Input<'_>) -> Option<Vec<u32>> {
    let mut number = 0_u32;
    let count = input.varint()?;
    let next = |_| {
        number = number.checked_add(input.varint32()?)?;
        Some(number)
    };
    (0..count).map(next).collect()
}

impl std::fmt::Debug for NameWords<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NameWords").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

/// The names used for entities of one kind: canonical names and the other forms of each article.
#[derive(Debug, Clone)]
pub struct Names<'s> {
    field: KeywordField<'s>,
    words: NameWords<'s>,
}

impl<'s> Names<'s> {
    pub(super) fn open(image: &'s Image, kind: EntityKind) -> Result<Option<Names<'s>>, SegmentError> {
        let name = kind.name().as_bytes();
        let Some(section) = image.section(Kind::Names, name) else { return Ok(None) };
        let words = NameWords::open(image, name)?;
        let words = words.ok_or_else(|| section.damaged("the words of its names are missing"))?;
        Ok(Some(Names { field: KeywordField::without_forward(section)?, words }))
    }

    /// Returns the names with their articles; it has no forward lists, [`Entities`](super::Entities) serve as such.
    pub fn field(&self) -> &KeywordField<'s> {
        &self.field
    }

    /// Returns the words of the names.
    pub fn words(&self) -> &NameWords<'s> {
        &self.words
    }
}
