//! Conditions that no list answers: each candidate article is looked at.

mod entity;
mod field;
mod quote;
mod text;

use std::fmt;
use std::ops::Range;

pub(crate) use entity::{Languages, MentionsCheck, NameSet, NameTerm};
pub(crate) use field::{DateCheck, FieldCheck, StoredMatch};
pub(crate) use quote::{QuoteCheck, SpeakerSet, Speakers};
pub(crate) use text::{PatternCheck, PatternTest, RegionCheck, TermCheck, TermPlan, Units, shape_of};

use super::docset::{BLOCK, Block, DocSet, Ordinal, TERMINATED};
use super::{Context, ExecError, Guard, OpenSegment};

/// A condition to be looked at article by article.
#[derive(Debug, Clone)]
pub(crate) enum Check {
    /// A word stands in a part of the text.
    Region(RegionCheck),
    /// A term's words follow one another.
    Term(TermCheck),
    /// Several terms stand as a pattern asks.
    Pattern(PatternCheck),
    /// Entities are named as often, or as near to each other, as asked.
    Mentions(MentionsCheck),
    /// One quotation has the speaker and the words.
    Quote(QuoteCheck),
    /// Values of a column pass.
    Field(FieldCheck),
    /// Stored text fits a regular expression.
    Stored(StoredMatch),
}

/// A check made ready for one segment.
///
/// Articles are asked about in ascending order.
pub(crate) trait Verify {
    /// Tells whether the article passes.
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError>;
}

impl Check {
    /// Returns the place of this check among several: cheap ones come first.
    pub(crate) fn expense(&self) -> u8 {
        match self {
            Check::Region(_) => 0,
            Check::Field(_) => 1,
            Check::Term(_) => 2,
            Check::Pattern(_) => 3,
            Check::Mentions(_) => 4,
            Check::Quote(_) => 5,
            Check::Stored(_) => 6,
        }
    }

    /// Makes the check ready for a segment.
    pub(crate) fn open<'a>(
        &'a self,
        context: &'a Context<'_>,
        open: &'a OpenSegment<'_>,
    ) -> Result<Box<dyn Verify + 'a>, ExecError> {
        Ok(match self {
            Check::Region(check) => check.open(open)?,
            Check::Term(check) => check.open(open, context.guard)?,
            Check::Pattern(check) => check.open(open, context.guard)?,
            Check::Mentions(check) => check.open(open, context.guard)?,
            Check::Quote(check) => check.open(open, context.guard)?,
            Check::Field(check) => check.open(open)?,
            Check::Stored(check) => check.open(open, context.guard),
        })
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Check::Region(check) => f.write_str(&check.label),
            Check::Term(check) => write!(f, "phrase \"{}\"", check.term.source),
            Check::Pattern(check) => f.write_str(&check.label),
            Check::Mentions(check) => f.write_str(&check.label),
            Check::Quote(check) => f.write_str(&check.label),
            Check::Field(check) => write!(f, "{check}"),
            Check::Stored(check) => write!(f, "{check}"),
        }
    }
}

/// Makes checks ready for a segment.
pub(crate) fn open_all<'a>(
    checks: &'a [Check],
    context: &'a Context<'_>,
    open: &'a OpenSegment<'_>,
) -> Result<Vec<Box<dyn Verify + 'a>>, ExecError> {
    checks.iter().map(|check| check.open(context, open)).collect()
}

/// Entries of an index that take about as long as looking at the places of words in one article.
const ENTRIES_PER_CHECK: u32 = 8;

/// Tells whether an article passes every check.
pub(crate) fn passes_all<'a>(
    checks: &mut [Box<dyn Verify + 'a>],
    doc: Ordinal,
    guard: &Guard,
) -> Result<bool, ExecError> {
    guard.tick(ENTRIES_PER_CHECK)?;
    for check in checks {
        if !check.passes(doc)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The articles of a set that pass every check.
pub(crate) struct CheckedSet<'a> {
    candidates: Box<dyn DocSet + 'a>,
    checks: Vec<Box<dyn Verify + 'a>>,
    guard: &'a Guard,
    /// Candidates that were taken and not looked at yet, behind the article that the set stands on.
    taken: Block,
    /// The places in `taken` from that article on.
    left: Range<usize>,
    doc: Ordinal,
}

impl<'a> CheckedSet<'a> {
    /// Returns the articles of `candidates` that pass all of `checks`.
    pub(crate) fn new(
        candidates: Box<dyn DocSet + 'a>,
        checks: Vec<Box<dyn Verify + 'a>>,
        guard: &'a Guard,
    ) -> CheckedSet<'a> {
        let mut set = CheckedSet { candidates, checks, guard, taken: [0; BLOCK], left: 0..0, doc: 0 };
        set.settle();
        set
    }

    /// Moves on from the first candidate left until one passes; a failing check ends the set.
    fn settle(&mut self) -> Ordinal {
        self.doc = loop {
            let Some(doc) = self.candidate() else { break TERMINATED };
            match passes_all(&mut self.checks, doc, self.guard) {
                Ok(true) => break doc,
                Ok(false) => self.left.start += 1,
                Err(error) => {
                    self.guard.park(error);
                    self.candidates.seek(TERMINATED);
                    self.left = 0..0;
                }
            }
        };
        self.doc
    }

    /// Returns the first candidate left, and takes more where there is none.
    fn candidate(&mut self) -> Option<Ordinal> {
        if self.left.is_empty() {
            self.left = 0..self.candidates.fill(TERMINATED, &mut self.taken);
        }
        self.taken.get(self.left.clone()).and_then(|left| left.first()).copied()
    }
}

impl DocSet for CheckedSet<'_> {
    fn doc(&self) -> Ordinal {
        self.doc
    }

    fn advance(&mut self) -> Ordinal {
        if self.doc != TERMINATED {
            self.left.start += 1;
            self.settle();
        }
        self.doc
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if self.doc >= target {
            return self.doc;
        }
        let left = self.taken.get(self.left.clone()).unwrap_or_default();
        self.left.start += left.partition_point(|&candidate| candidate < target);
        if self.left.is_empty() {
            self.candidates.seek(target);
        }
        self.settle()
    }

    fn cost(&self) -> u64 {
        // Looking at an article costs as much as reading a block of ordinals: checks never lead.
        (self.candidates.cost() + self.left.len() as u64).saturating_mul(BLOCK as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::exec::docset::tests::{Boxed, laws, list};
    use crate::exec::{RunOptions, docset::BLOCK};

    /// Passes what three does not divide, and fails at one article.
    struct NotThirds {
        fails_at: Ordinal,
    }

    impl Verify for NotThirds {
        fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
            if ordinal == self.fails_at { Err(ExecError::Cancelled) } else { Ok(!ordinal.is_multiple_of(3)) }
        }
    }

    /// Doc sets of tests live for ever, and so does what they borrow.
    fn checked(ordinals: &BTreeSet<Ordinal>, fails_at: Ordinal) -> (Boxed, &'static Guard) {
        let guard: &Guard = Box::leak(Box::new(Guard::new(&RunOptions::default())));
        let checks: Vec<Box<dyn Verify>> = vec![Box::new(NotThirds { fails_at })];
        (Box::new(CheckedSet::new(list(ordinals), checks, guard)), guard)
    }

    proptest! {
        #[test]
        fn what_passes_keeps_the_contract(
            all in prop::collection::btree_set(0u32..9_000, 0..400),
            targets in prop::collection::vec(0u32..10_000, 0..12),
        ) {
            let passing = all.iter().copied().filter(|ordinal| !ordinal.is_multiple_of(3)).collect();
            laws(|| checked(&all, TERMINATED).0, &passing, &targets);
        }
    }

    #[test]
    fn a_check_that_fails_ends_the_set() {
        let all: BTreeSet<Ordinal> = (0..500).collect();
        let (mut set, guard) = checked(&all, 200);
        let mut block = [0; BLOCK];
        while set.fill(TERMINATED, &mut block) > 0 {}
        assert_eq!(set.doc(), TERMINATED);
        assert!(matches!(guard.take_fault(), Err(ExecError::Cancelled)));
    }
}
