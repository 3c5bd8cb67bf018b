//! The dictionary of folded words.

use fst::{Automaton, IntoStreamer, Map, Streamer};

use super::form::Form;
use super::postings::{self, Head, TermPostings};
use super::stems;
use crate::segment::bytes::Input;
use crate::segment::error::SegmentError;
use crate::segment::format::Kind;
use crate::segment::image::{Image, Section};
use crate::segment::postings::Postings;
use crate::text;

/// What the dictionary knows about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermInfo {
    /// Number of articles that have it.
    pub documents: u32,
    /// Where its record lies in the postings section; rising in the order of the words, so it names the word.
    pub offset: u64,
}

/// The dictionary of folded words.
#[derive(Clone)]
pub struct Terms<'s> {
    words: Map<&'s [u8]>,
    section: Section<'s>,
    postings: Section<'s>,
    positions: Section<'s>,
}

impl<'s> Terms<'s> {
    pub(in crate::segment) fn open(image: &'s Image) -> Result<Terms<'s>, SegmentError> {
        let section = image.required(Kind::Terms)?;
        let words = Map::new(section.all()?).map_err(|_| section.damaged("it is not an fst"))?;
        let (postings, positions) = (image.required(Kind::Postings)?, image.required(Kind::Positions)?);
        Ok(Terms { words, section, postings, positions })
    }

    /// Returns the number of distinct words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Tells whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Returns the entry of a folded word.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where its record does not decode.
    pub fn get(&self, folded: &str) -> Result<Option<TermInfo>, SegmentError> {
        self.words.get(folded).map(|offset| self.info(offset)).transpose()
    }

    /// Returns the folded word of an entry.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where the dictionary has no such entry.
    pub fn word(&self, term: TermInfo) -> Result<String, SegmentError> {
        // Places rise with the words, so the map can be read backwards.
        let word = self.words.as_fst().get_key(term.offset);
        word.and_then(|word| String::from_utf8(word).ok())
            .ok_or_else(|| self.section.damaged("it has no word of this record"))
    }

    fn info(&self, offset: u64) -> Result<TermInfo, SegmentError> {
        Ok(TermInfo { documents: Head::read(self.postings, offset)?.documents, offset })
    }

    /// Calls `found` for every word that the automaton accepts, in the order of their bytes, until it returns false.
    ///
    /// `fst::automaton::Str::new(p).starts_with()` finds prefixes; the DFAs of `levenshtein_automata` and, through a
    /// small adapter, of `regex_automata` fit too.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where a word or its record does not decode.
    pub fn search<A: Automaton>(
        &self,
        automaton: A,
        found: &mut dyn FnMut(&str, TermInfo) -> bool,
    ) -> Result<(), SegmentError> {
        self.search_fitting(automaton, &|_| true, found)
    }

    /// Does what [`Terms::search`] does for those of the words that also `fits`; the records of others are not read.
    ///
    /// # Errors
    ///
    /// Those of [`Terms::search`].
    pub fn search_fitting<A: Automaton>(
        &self,
        automaton: A,
        fits: &dyn Fn(&str) -> bool,
        found: &mut dyn FnMut(&str, TermInfo) -> bool,
    ) -> Result<(), SegmentError> {
        let mut stream = self.words.search(automaton).into_stream();
        while let Some((word, offset)) = stream.next() {
            let word = std::str::from_utf8(word).map_err(|_| self.section.damaged("a word is not UTF-8"))?;
            if fits(word) && !found(word, self.info(offset)?) {
                break;
            }
        }
        Ok(())
    }

    /// Returns a stream of all words with the places of their records, in the order of their bytes.
    pub(in crate::segment) fn stream(&self) -> fst::map::Stream<'_> {
        self.words.stream()
    }

    /// Returns the words of articles in the language of an ISO 639-1 code that have this stem; they may also stand in
    /// articles of other languages, which the caller leaves out by the field `lang`.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where the stems do not decode.
    pub fn stemmed(&self, stem: &str, lang: &str) -> Result<Vec<TermInfo>, SegmentError> {
        let mut offsets = stems::find(self.section.image(), stem, lang)?;
        let own = self.words.get(stem).filter(|_| text::stem(stem, lang).as_deref() == Some(stem));
        offsets.extend(own);
        offsets.sort_unstable();
        offsets.into_iter().map(|offset| self.info(offset)).collect()
    }

    /// Opens the postings of a word.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where its record does not decode.
    pub fn postings(&self, term: TermInfo) -> Result<TermPostings<'s>, SegmentError> {
        TermPostings::open(self.postings, self.positions, term.offset)
    }

    /// Opens the plain list of a word's articles, which is sooner done than [`Terms::postings`].
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where its record does not decode.
    pub fn articles(&self, term: TermInfo) -> Result<Postings<'s>, SegmentError> {
        postings::articles(self.postings, term.offset)
    }

    /// Returns the spellings of a word in this segment, for `exact`; [`TermPostings::forms_into`] gives their numbers.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where its record does not decode.
    pub fn forms(&self, term: TermInfo) -> Result<Vec<Form>, SegmentError> {
        let word = self.word(term)?;
        let read = |bytes: &[u8]| {
            Form::read(&word, &mut Input::new(bytes))
                .ok_or_else(|| self.postings.damaged("a spelling does not decode"))
        };
        self.form_bytes(term.offset)?.into_iter().map(read).collect()
    }

    /// Returns the bytes of the spellings of the word whose record lies at `offset`.
    pub(in crate::segment) fn form_bytes(&self, offset: u64) -> Result<Vec<&'s [u8]>, SegmentError> {
        let head = Head::read(self.postings, offset)?;
        let list = || {
            let mut input = Input::new(head.forms);
            let count = input.varint()?;
            (0..count).map(|_| Form::skip(&mut input)).collect::<Option<Vec<_>>>()
        };
        match head.forms_kind {
            0 => Ok(vec![&[0]]),
            1 => Ok(vec![&[1]]),
            3 => Ok(vec![&[0], &[1]]),
            _ => list().ok_or_else(|| self.postings.damaged("the spellings of a word do not decode")),
        }
    }
}

impl std::fmt::Debug for Terms<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terms").field("words", &self.words.len()).finish_non_exhaustive()
    }
}
