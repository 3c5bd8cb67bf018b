//! What the rest of the article tells about a word: how often it stands there in lower case, as a name, after a title.

use std::collections::HashMap;
use std::ops::Range;

use super::hash::Seeded;
use super::word::Facts;
use crate::extract::lexicon::Class;

/// How often a word was seen in each way; more than two times is as good as two.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    lower: u8,
    inside: u8,
    after_capital: u8,
    before_capital: u8,
    after_title: u8,
}

/// The evidence for one word, as two small numbers; 0 where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Evidence {
    /// In lower case against capitalised inside a sentence.
    pub(super) case: u8,
    /// Among capitals, and after titles.
    pub(super) company: u8,
}

/// Counts the evidence of a page.
#[derive(Debug, Default)]
pub(super) struct Tally {
    by_term: HashMap<u64, Counts, Seeded>,
}

impl Tally {
    /// Counts the capitalised words of a sentence; those of a heading prove nothing.
    pub(super) fn add_capitals(&mut self, facts: &[Facts], is_heading: bool) {
        for (at, word) in facts.iter().enumerate().filter(|(_, word)| word.is_capital()) {
            let counts = self.by_term.entry(word.term).or_default();
            if is_heading {
                continue;
            }
            let before = at.checked_sub(1).and_then(|index| facts.get(index));
            if before.is_some() {
                bump(&mut counts.inside);
            }
            if at > 1 && before.is_some_and(Facts::is_capital) {
                bump(&mut counts.after_capital);
            }
            if facts.get(at + 1).is_some_and(Facts::is_capital) {
                bump(&mut counts.before_capital);
            }
            if before.is_some_and(|word| word.class & Class::TITLE.bits() != 0) {
                bump(&mut counts.after_title);
            }
        }
    }

    /// Counts the lower-case words; only those that stand capitalised elsewhere matter.
    pub(super) fn add_lower(&mut self, facts: &[Facts]) {
        for word in facts.iter().filter(|word| !word.is_capital() && word.has_letters) {
            if let Some(counts) = self.by_term.get_mut(&word.term) {
                bump(&mut counts.lower);
            }
        }
    }

    /// Returns what was counted for a capitalised word.
    pub(super) fn of(&self, word: &Facts) -> Evidence {
        let Some(counts) = self.by_term.get(&word.term).filter(|_| word.is_capital()) else {
            return Evidence::default();
        };
        Evidence {
            case: 1 + counts.lower * 3 + counts.inside,
            company: 1 + counts.after_capital * 9 + counts.before_capital * 3 + counts.after_title,
        }
    }
}

fn bump(count: &mut u8) {
    *count = (*count + 1).min(2);
}

/// Tells whether most words of a sentence are capitalised, so that capitals say nothing.
pub(super) fn is_heading(facts: &[Facts]) -> bool {
    let lettered = facts.iter().filter(|word| word.has_letters);
    let (mut all, mut capital) = (0, 0);
    for word in lettered {
        all += 1;
        capital += usize::from(word.is_capital());
    }
    all >= 4 && capital * 10 > all * 6
}

/// Appends the run of capitalised words around each word of a sentence that starts at `first`; empty outside a run.
pub(super) fn add_runs(
    facts: &[Facts],
    first: usize,
    is_joined: impl Fn(usize) -> bool,
    runs: &mut Vec<Range<usize>>,
) {
    let mut at = 0;
    while at < facts.len() {
        let start = at;
        while facts.get(at).is_some_and(Facts::is_capital) && (at == start || is_joined(at)) {
            at += 1;
        }
        if at == start {
            runs.push(0..0);
            at += 1;
        } else {
            runs.extend(std::iter::repeat_n(first + start..first + at, at - start));
        }
    }
}
