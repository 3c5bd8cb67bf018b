//! The tagger by rules: capitals, the gazetteer, and words that tell names apart.
//!
//! A sentence is read as *runs*: capitalised words that belong together, with the small words inside names. A run is
//! cut into titles, demonyms, countries and one remaining name, which its head, its words and its neighbours classify.

mod classify;
mod run;

use std::collections::HashSet;
use std::ops::Range;

use super::gazetteer::{self, Flag, Known};
use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use super::tagger::{Name, Tagger};

/// Longest run read as a name, in words; longer ones are lists or headings.
const RUN_WORDS_MAX: usize = 14;

/// Finds names by rules alone.
#[derive(Debug, Default, Clone, Copy)]
pub struct RuleTagger;

impl Tagger for RuleTagger {
    fn tag(&self, page: &Page<'_>) -> Vec<Name> {
        let mut names = Vec::new();
        let mut key = String::new();
        let storms = storms(page);
        for sentence in &page.sentences {
            let is_heading = is_heading(page.slice(sentence.clone()));
            let sentence = sentence.clone();
            Reader { page, sentence, is_heading, storms: &storms, names: &mut names, key: &mut key }.read();
        }
        names
    }
}

/// Returns the names of storms, which look like names of people: the word after "Hurricane".
fn storms(page: &Page<'_>) -> HashSet<String> {
    let pairs = page.words.iter().zip(page.words.iter().skip(1));
    let named =
        pairs.filter(|(word, next)| is_storm(page.term(word)) && next.is_capital() && next.gap == Gap::Space);
    named.map(|(_, next)| page.term(next).to_owned()).collect()
}

fn is_storm(term: &str) -> bool {
    matches!(term, "hurricane" | "typhoon" | "cyclone" | "storm")
}

/// Tells whether most words of a sentence are capitalised, so that capitals say nothing.
fn is_heading(words: &[PageWord]) -> bool {
    let lettered =
        words.iter().filter(|word| matches!(word.shape, Shape::Lower | Shape::Capital | Shape::Upper));
    let (mut all, mut capital) = (0, 0);
    for word in lettered {
        all += 1;
        capital += usize::from(word.is_capital());
    }
    all >= 4 && capital * 10 > all * 6
}

/// Reads one sentence.
struct Reader<'p, 'a> {
    page: &'p Page<'a>,
    sentence: Range<usize>,
    is_heading: bool,
    /// Names of storms, which are nobody's.
    storms: &'p HashSet<String>,
    names: &'p mut Vec<Name>,
    /// Reused for lookups.
    key: &'p mut String,
}

impl Reader<'_, '_> {
    fn read(mut self) {
        let mut at = self.sentence.start;
        while at < self.sentence.end {
            if !self.starts_run(at) {
                at += 1;
                continue;
            }
            let end = self.run_end(at);
            if end - at <= RUN_WORDS_MAX {
                self.read_run(at..end);
            }
            at = end;
        }
    }

    fn word(&self, index: usize) -> Option<&PageWord> {
        if self.sentence.contains(&index) { self.page.words.get(index) } else { None }
    }

    fn class(&self, index: usize) -> Class {
        self.word(index).map(|word| word.class).unwrap_or_default()
    }

    fn gap(&self, index: usize) -> Gap {
        self.word(index).map_or(Gap::Start, |word| word.gap)
    }

    fn lookup(&mut self, words: Range<usize>) -> Option<&'static Known> {
        if words.len() == 1 {
            return self.word(words.start)?.known;
        }
        self.key.clear();
        self.page.key_into(words, self.key);
        gazetteer::lookup(self.key)
    }
}

/// Tells whether the gazetteer knows the key as a name rather than as a word of names.
fn is_name(known: &Known) -> bool {
    known.is_place() || known.is(Flag::Org) || known.is(Flag::Outlet)
}

/// Tells whether words with such a gap between may be one name.
fn is_joined(gap: Gap) -> bool {
    matches!(gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Stop | Gap::Ampersand)
}

impl PageWord {
    /// Tells whether the gazetteer knows the word as a name of its own.
    pub(in crate::extract) fn is_known_name(&self) -> bool {
        self.known.is_some_and(is_name)
    }
}
