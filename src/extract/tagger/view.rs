//! A page as the features see it.

use std::ops::Range;

use super::clusters::Clusters;
use super::evidence::{Evidence, Tally, add_runs, is_heading};
use super::hash::{hash_bytes, mix};
use super::word::{Facts, read_all};
use crate::extract::known::{joins, longest};
use crate::extract::lexicon::Class;
use crate::extract::page::Page;

/// Bytes read of what stands between two words.
const GAP_BYTES_MAX: usize = 4;

/// What stands before the first word of a sentence.
const GAP_START: u64 = 3;

/// A page as the features see it; one element for each word in every list.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) facts: Vec<Facts>,
    /// Hashes of what stands before each word, white space left out; 0 for white space alone.
    pub(super) gaps: Vec<u64>,
    pub(super) evidence: Vec<Evidence>,
    /// What the longest known name around each word is, and where in it the word stands; 0 for none.
    pub(super) known: Vec<u64>,
    /// The run of capitals around each word.
    pub(super) runs: Vec<Range<usize>>,
    pub(super) sentences: Vec<Sentence>,
}

/// A sentence of a view.
#[derive(Debug, Clone)]
pub(super) struct Sentence {
    pub(super) words: Range<usize>,
    /// Most of its words are capitalised.
    pub(super) is_heading: bool,
}

impl View {
    pub(super) fn of(page: &Page<'_>, clusters: &Clusters) -> View {
        let count = page.words.len();
        let mut view = View { facts: Vec::with_capacity(count), known: vec![0; count], ..View::default() };
        read_all(page, clusters, &mut view.facts);
        view.gaps = gaps(page);
        let mut tally = Tally::default();
        view.runs = Vec::with_capacity(count);
        for words in &page.sentences {
            let facts = view.facts.get(words.clone()).unwrap_or_default();
            let sentence = Sentence { words: words.clone(), is_heading: is_heading(facts) };
            tally.add_capitals(facts, sentence.is_heading);
            let joined = |at: usize| page.words.get(words.start + at).is_some_and(|word| joins(word.gap));
            add_runs(facts, words.start, joined, &mut view.runs);
            view.sentences.push(sentence);
        }
        view.runs.resize(count, 0..0);
        tally.add_lower(&view.facts);
        view.evidence = view.facts.iter().map(|word| tally.of(word)).collect();
        view.mark_known(page);
        view
    }

    /// Marks the longest known names of each sentence, from left to right.
    fn mark_known(&mut self, page: &Page<'_>) {
        let mut key = String::new();
        for sentence in &self.sentences {
            let mut at = sentence.words.start;
            while at < sentence.words.end {
                let (len, code) = match longest(page, at, sentence.words.end, &mut key) {
                    Some((len, known)) => (len, known.code()),
                    None => (0, 0),
                };
                for (index, slot) in self.known.get_mut(at..at + len).into_iter().flatten().enumerate() {
                    let place = if len == 1 { 3 } else { u64::from(index > 0) + u64::from(index + 1 == len) };
                    *slot = mix(u64::from(code) << 2, place) | 1;
                }
                at += len.max(1);
            }
        }
    }

    pub(super) fn facts_at(&self, sentence: &Sentence, at: usize, offset: isize) -> &Facts {
        let index = at.wrapping_add_signed(offset);
        let inside = sentence.words.contains(&index);
        let border = if offset < 0 { &Facts::START } else { &Facts::END };
        if inside { self.facts.get(index).unwrap_or(border) } else { border }
    }

    /// Tells whether a word may be part of a name: it has a capital, or stands between words that have.
    pub(super) fn may_be_named(&self, sentence: &Sentence, at: usize) -> bool {
        let capital = |offset: isize| self.facts_at(sentence, at, offset).is_capital();
        if capital(0) {
            return true;
        }
        if capital(-1) {
            return capital(1) || capital(2);
        }
        if !capital(1) {
            return false;
        }
        let particle = self.facts_at(sentence, at, 0).class & Class::PARTICLE.bits() != 0;
        capital(-2) || particle
    }
}

/// Hashes what stands before each word.
fn gaps(page: &Page<'_>) -> Vec<u64> {
    let mut gaps = vec![GAP_START; page.words.len()];
    for sentence in &page.sentences {
        let words = page.slice(sentence.clone());
        let slots = gaps.get_mut(sentence.clone()).into_iter().flatten().skip(1);
        for (slot, pair) in slots.zip(words.windows(2)) {
            if let [before, word] = pair {
                *slot = gap(page.text.get(before.span.end as usize..word.span.start as usize).unwrap_or(""));
            }
        }
    }
    gaps
}

fn gap(between: &str) -> u64 {
    if between == " " {
        return 0;
    }
    let mut marks = [0; GAP_BYTES_MAX];
    let mut count = 0;
    for byte in between.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        if let Some(slot) = marks.get_mut(count) {
            *slot = byte;
            count += 1;
        }
    }
    if count == 0 { 0 } else { hash_bytes(&marks) }
}
