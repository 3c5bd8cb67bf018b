//! The articles that have any of some words, with their scores, without those that cannot score enough.
//!
//! Inside a window that no block ends in, the words are sorted by their bounds. Those that together stay below the
//! score asked for are optional: an article that has only them is not wanted, so they lead nowhere and are asked about
//! the candidates of the others alone (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations",
//! Information Processing & Management 31, 1995).

use super::docset::{Ordinal, TERMINATED};
use super::score::{BOUND_SLACK, Norms, leaf_score};
use crate::segment::{Lengths, TermPostings};

/// The articles that have any of some words of one segment, read once in ascending order.
pub(crate) struct Disjunction<'a> {
    /// In the order in which scores are added up.
    words: Vec<Word<'a>>,
    lengths: Lengths<'a>,
    norms: &'a Norms,
    /// The places of the words by rising bound.
    order: Vec<usize>,
    /// What the first words of that order add at most together: one, two, and so on.
    sums: Vec<f64>,
    /// How many of them lead nowhere.
    optional: usize,
}

struct Word<'a> {
    weight: f64,
    postings: TermPostings<'a>,
    /// What it adds at most in the window.
    bound: f64,
    /// What it adds to the article in hand.
    part: f64,
}

impl<'a> Disjunction<'a> {
    /// Returns the articles of words with their weights.
    pub(super) fn new(
        words: Vec<(f64, TermPostings<'a>)>,
        lengths: Lengths<'a>,
        norms: &'a Norms,
    ) -> Disjunction<'a> {
        let word = |(weight, postings)| Word { weight, postings, bound: 0.0, part: 0.0 };
        let order = (0..words.len()).collect();
        let words: Vec<Word<'a>> = words.into_iter().map(word).collect();
        Disjunction { sums: Vec::with_capacity(words.len()), words, lengths, norms, order, optional: 0 }
    }

    /// Enters the window that starts at `from` and returns its last ordinal; nothing where no article is left.
    pub(crate) fn enter(&mut self, from: Ordinal, least: f64) -> Option<Ordinal> {
        let mut last = TERMINATED;
        for word in &mut self.words {
            word.bound = self.norms.bound(word.weight, word.postings.block_frontier(from), 1);
            last = last.min(word.postings.block_last(from));
        }
        self.sort(least);
        for &at in self.order.iter().skip(self.optional) {
            if let Some(word) = self.words.get_mut(at) {
                word.postings.seek(from);
            }
        }
        (last != TERMINATED).then_some(last)
    }

    /// Sorts the words by their bounds and tells the optional ones.
    fn sort(&mut self, least: f64) {
        let bound = |at: &usize| self.words.get(*at).map_or(0.0, |word| word.bound);
        self.order.sort_by(|one, two| bound(one).total_cmp(&bound(two)));
        self.sums.clear();
        let mut sum = 0.0;
        for at in &self.order {
            sum += bound(at);
            self.sums.push(sum);
        }
        self.optional = self.sums.partition_point(|&sum| sum * BOUND_SLACK < least);
    }

    /// Returns the next article before `end` that may reach `least`, with its score.
    pub(crate) fn next(&mut self, end: Ordinal, least: f64) -> Option<(Ordinal, f64)> {
        loop {
            let doc = self.leading();
            if doc >= end {
                return None;
            }
            if let Some(score) = self.score(doc, least) {
                return Some((doc, score));
            }
        }
    }

    /// Returns the next article of the words that lead.
    fn leading(&self) -> Ordinal {
        let leading = self.order.iter().skip(self.optional).filter_map(|&at| self.words.get(at));
        leading.map(|word| word.postings.doc()).min().unwrap_or(TERMINATED)
    }

    /// Scores an article, moving the leading words behind it; nothing where it cannot reach `least`.
    fn score(&mut self, doc: Ordinal, least: f64) -> Option<f64> {
        let norm = self.norms.of(self.lengths.byte(doc));
        let mut sum = 0.0;
        for &at in self.order.iter().skip(self.optional) {
            let Some(word) = self.words.get_mut(at) else { continue };
            word.take(doc, norm);
            if word.postings.doc() == doc {
                word.postings.advance();
            }
            sum += word.part;
        }
        for (&at, rest) in self.order.iter().zip(&self.sums).take(self.optional).rev() {
            if (sum + rest) * BOUND_SLACK < least {
                return None;
            }
            let Some(word) = self.words.get_mut(at) else { continue };
            word.postings.seek(doc);
            word.take(doc, norm);
            sum += word.part;
        }
        // Added up in the order of the query, so that a score never depends on what led to it.
        Some(self.words.iter().map(|word| word.part).fold(0.0, |score, part| score + part))
    }
}

impl Word<'_> {
    /// Notes what the word adds to an article that it does not stand behind.
    #[inline]
    fn take(&mut self, doc: Ordinal, norm: f64) {
        self.part = match self.postings.doc() == doc {
            true => leaf_score(self.weight, self.postings.frequency(), norm),
            false => 0.0,
        };
    }
}
