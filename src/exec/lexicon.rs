//! What word tests come to in the dictionaries of a snapshot.
//!
//! A prefix or pattern stands for the words of all segments together, so that the cap on expansions, and with it every
//! answer, does not depend on how articles lie in segments.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use fst::Automaton;
use fst::automaton::Str;
use xxhash_rust::xxh3::xxh3_64;

use super::fit::fuzzy_automaton;
use super::{Context, EXPANSION_MAX, ExecError, OpenSegment};
use crate::query::{LikePart, LikePattern, Term, Warning, WordTest};
use crate::schema::{Builtin, FieldName};
use crate::segment::TermInfo;
use crate::text::{has_stemmer, stem};

/// Expansions of so many words are worth a warning.
const EXPANSION_LARGE: usize = 1_000;

/// What one word of a term comes to in one segment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Slot {
    /// No article has it.
    Absent,
    /// One word of the dictionary.
    Word(TermInfo),
    /// Some spellings of one word, as numbers of its forms.
    Spelt {
        /// The folded word.
        word: TermInfo,
        /// The numbers of the forms that fit, rising.
        forms: Vec<u32>,
        /// Whether the word has other forms, so that occurrences must be looked at.
        partly: bool,
    },
    /// Several words of the dictionary.
    Words(Vec<TermInfo>),
    /// For each language, the words of its articles with the stem asked for.
    Stems(Vec<(String, Vec<TermInfo>)>),
}

impl Slot {
    /// Returns how many articles have its words, those with several of them counted several times.
    pub(crate) fn documents(&self) -> u64 {
        let all = |words: &[TermInfo]| words.iter().map(|word| u64::from(word.documents)).sum();
        match self {
            Slot::Absent => 0,
            Slot::Word(word) | Slot::Spelt { word, .. } => u64::from(word.documents),
            Slot::Words(words) => all(words),
            Slot::Stems(languages) => languages.iter().map(|(_, words)| all(words)).sum(),
        }
    }
}

/// A word test, and whether it ends its term.
type Asked = (WordTest, bool);

/// What word tests of one query come to, looked up once each.
pub(crate) struct Lexicon<'c, 'v> {
    context: &'c Context<'v>,
    /// The slot of each segment.
    slots: RefCell<HashMap<Asked, Rc<Vec<Slot>>>>,
    /// Warnings about large expansions and dictionary scans.
    warnings: RefCell<Vec<Warning>>,
}

impl<'c, 'v> Lexicon<'c, 'v> {
    /// Returns an empty lexicon over the segments of `context`.
    pub(crate) fn new(context: &'c Context<'v>) -> Lexicon<'c, 'v> {
        Lexicon { context, slots: RefCell::default(), warnings: RefCell::default() }
    }

    /// Returns what each word of `term` comes to in the segment of this index.
    pub(crate) fn term(&self, term: &Term, segment: usize) -> Result<Vec<Slot>, ExecError> {
        let last = term.words.len().saturating_sub(1);
        let slot = |(at, test): (usize, &WordTest)| {
            let slots = self.slots(test, at == last, term)?;
            Ok(slots.get(segment).cloned().unwrap_or(Slot::Absent))
        };
        term.words.iter().enumerate().map(slot).collect()
    }

    /// Takes the warnings that the look-ups gave.
    pub(crate) fn take_warnings(&self) -> Vec<Warning> {
        self.warnings.take()
    }

    fn slots(&self, test: &WordTest, last: bool, term: &Term) -> Result<Rc<Vec<Slot>>, ExecError> {
        let key = (test.clone(), last);
        if let Some(known) = self.slots.borrow().get(&key) {
            return Ok(known.clone());
        }
        let found = Rc::new(self.look_up(test, last, term)?);
        self.slots.borrow_mut().insert(key, found.clone());
        Ok(found)
    }

    fn look_up(&self, test: &WordTest, last: bool, term: &Term) -> Result<Vec<Slot>, ExecError> {
        match test {
            WordTest::Is(folded) => self.each(|open| word(open, folded)),
            WordTest::Exact { folded, spelling, joiner } => {
                self.each(|open| spelt(open, folded, spelling, (!last).then_some(joiner)))
            }
            WordTest::Stem(asked) => self.stems(asked),
            WordTest::Prefix(_) | WordTest::Like(_) | WordTest::Fuzzy { .. } => self.expand(test, term),
        }
    }

    fn each(
        &self,
        slot: impl Fn(&OpenSegment<'v>) -> Result<Slot, ExecError>,
    ) -> Result<Vec<Slot>, ExecError> {
        self.context.segments.iter().map(slot).collect()
    }

    /// Looks a pattern up in every dictionary and counts the distinct words that it stands for.
    fn expand(&self, test: &WordTest, term: &Term) -> Result<Vec<Slot>, ExecError> {
        let mut distinct: HashSet<u64> = HashSet::new();
        let mut slots = Vec::with_capacity(self.context.segments.len());
        for open in &self.context.segments {
            self.context.guard.check()?;
            let mut words = Vec::new();
            search(open, test, &mut |folded, info| {
                distinct.insert(xxh3_64(folded.as_bytes()));
                if distinct.len() <= EXPANSION_MAX {
                    words.push(info);
                }
            })?;
            slots.push(if words.is_empty() { Slot::Absent } else { Slot::Words(words) });
        }
        let (count, pattern) = (distinct.len(), || describe(test, term));
        if count > EXPANSION_MAX {
            return Err(ExecError::Expansion { pattern: pattern(), count });
        }
        if matches!(test, WordTest::Like(like) if literal_beginning(like).is_empty()) {
            let message = format!("{}: every word of the dictionary is looked at for it", pattern());
            self.warnings.borrow_mut().push(Warning { code: "W05", message });
        }
        if count >= EXPANSION_LARGE {
            let message = format!("{} stands for {count} words", pattern());
            self.warnings.borrow_mut().push(Warning { code: "W06", message });
        }
        Ok(slots)
    }

    fn stems(&self, asked: &str) -> Result<Vec<Slot>, ExecError> {
        // Without its copies an archive may have no article left in such a language; with them it was asked before.
        let mut any_stemmer = self.context.segments.is_empty() || self.context.is_folded;
        let mut slots = Vec::with_capacity(self.context.segments.len());
        for open in &self.context.segments {
            let mut languages = Vec::new();
            for lang in languages_of(open)? {
                any_stemmer |= has_stemmer(&lang);
                if let Some(wanted) = stem(asked, &lang) {
                    let words = open.terms.stemmed(&wanted, &lang)?;
                    languages.push((lang, words));
                }
            }
            languages.retain(|(_, words)| !words.is_empty());
            slots.push(if languages.is_empty() { Slot::Absent } else { Slot::Stems(languages) });
        }
        if any_stemmer { Ok(slots) } else { Err(ExecError::NoStemmer { word: asked.to_owned() }) }
    }
}

/// Returns how a message names a pattern.
fn describe(test: &WordTest, term: &Term) -> String {
    let modifier = match test {
        WordTest::Prefix(_) => "prefix",
        WordTest::Like(_) => "like",
        WordTest::Fuzzy { .. } => "fuzzy",
        WordTest::Stem(_) => "stem",
        WordTest::Exact { .. } => "exact",
        WordTest::Is(_) => return format!("\"{}\"", term.source),
    };
    format!("`{modifier} \"{}\"`", term.source)
}

/// Lists the folded languages that the segment's articles are in.
pub(crate) fn languages_of(open: &OpenSegment<'_>) -> Result<Vec<String>, ExecError> {
    let mut languages = Vec::new();
    if let Some(lang) = open.segment.keyword(&FieldName::Builtin(Builtin::Lang))? {
        lang.scan(0..lang.len(), &mut |_, folded, _| {
            if languages.last().is_none_or(|last| last != folded) {
                languages.push(folded.to_owned());
            }
            true
        })?;
    }
    Ok(languages)
}

fn word(open: &OpenSegment<'_>, folded: &str) -> Result<Slot, ExecError> {
    Ok(open.terms.get(folded)?.map_or(Slot::Absent, Slot::Word))
}

/// `joiner` is what must follow the word; `None` where the term ends with it.
fn spelt(
    open: &OpenSegment<'_>,
    folded: &str,
    spelling: &str,
    joiner: Option<&String>,
) -> Result<Slot, ExecError> {
    let Some(word) = open.terms.get(folded)? else { return Ok(Slot::Absent) };
    let forms = open.terms.forms(word)?;
    let fits = forms
        .iter()
        .zip(0u32..)
        .filter(|(form, _)| form.spelling == spelling && joiner.is_none_or(|joiner| &form.joiner == joiner));
    let fitting: Vec<u32> = fits.map(|(_, number)| number).collect();
    if fitting.is_empty() {
        return Ok(Slot::Absent);
    }
    let partly = fitting.len() < forms.len();
    Ok(Slot::Spelt { word, forms: fitting, partly })
}

/// Calls `found` with every word of the dictionary that passes `test`.
fn search(
    open: &OpenSegment<'_>,
    test: &WordTest,
    found: &mut dyn FnMut(&str, TermInfo),
) -> Result<(), ExecError> {
    let mut each = |folded: &str, info: TermInfo| {
        found(folded, info);
        true
    };
    match test {
        WordTest::Prefix(prefix) => open.terms.search(Str::new(prefix).starts_with(), &mut each)?,
        WordTest::Like(pattern) => {
            let beginning = Str::new(literal_beginning(pattern)).starts_with();
            open.terms.search_fitting(beginning, &|folded| pattern.fits(folded), &mut each)?;
        }
        WordTest::Fuzzy { word, edits } => {
            let first = word.chars().next().map(String::from).unwrap_or_default();
            let same_first = Str::new(&first).starts_with();
            open.terms.search(same_first.intersection(fuzzy_automaton(word, *edits)), &mut each)?;
        }
        WordTest::Is(_) | WordTest::Exact { .. } | WordTest::Stem(_) => {}
    }
    Ok(())
}

/// Returns the characters that every word of the pattern begins with.
pub(crate) fn literal_beginning(pattern: &LikePattern) -> &str {
    match pattern.0.first() {
        Some(LikePart::Literal(literal)) => literal,
        _ => "",
    }
}
