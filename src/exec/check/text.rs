//! Words in parts of a text, phrases, and patterns of several terms.

use super::Verify;
use crate::exec::docset::Ordinal;
use crate::exec::lexicon::Slot;
use crate::exec::proximity::{PairShape, Shape, Side, holds, holds_in_one};
use crate::exec::words::{TermCursor, TextPart};
use crate::exec::{ExecError, Guard, OpenSegment};
use crate::query::{Quantifier, Scope, TextField, TextPattern};
use crate::segment::{Lengths, Structure, TermInfo, TermPostings, region};

/// A term with what its words came to in one segment.
#[derive(Debug, Clone)]
pub(crate) struct TermPlan {
    /// The term as written.
    pub source: String,
    /// What each of its words came to.
    pub slots: Vec<Slot>,
}

/// One word stands in a part of the text: told by its region mask alone.
#[derive(Debug, Clone)]
pub(crate) struct RegionCheck {
    pub label: String,
    pub word: TermInfo,
    pub field: TextField,
}

impl RegionCheck {
    pub(super) fn open<'a>(&self, open: &'a OpenSegment<'_>) -> Result<Box<dyn Verify + 'a>, ExecError> {
        let mask = match self.field {
            TextField::Title => region::TITLE,
            TextField::Lede => region::TITLE | region::LEDE,
            TextField::Body => region::LEDE | region::BODY,
            TextField::Text => region::TITLE | region::LEDE | region::BODY,
        };
        Ok(Box::new(RegionVerify { postings: open.terms.postings(self.word)?, mask }))
    }
}

struct RegionVerify<'a> {
    postings: TermPostings<'a>,
    mask: u8,
}

impl Verify for RegionVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        Ok(self.postings.seek(ordinal) == ordinal && self.postings.regions() & self.mask != 0)
    }
}

/// A term occurs in a field.
#[derive(Debug, Clone)]
pub(crate) struct TermCheck {
    pub term: TermPlan,
    pub field: TextField,
}

impl TermCheck {
    pub(super) fn open<'a>(
        &'a self,
        open: &'a OpenSegment<'_>,
        guard: &'a Guard,
    ) -> Result<Box<dyn Verify + 'a>, ExecError> {
        let cursor = TermCursor::open(&self.term.slots, open, guard)?;
        Ok(Box::new(TermVerify { cursor, field: self.field, lengths: open.segment.lengths()? }))
    }
}

struct TermVerify<'a> {
    cursor: TermCursor<'a>,
    field: TextField,
    lengths: Lengths<'a>,
}

impl Verify for TermVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        let part = TextPart::of(self.field, &self.lengths, ordinal);
        self.cursor.occurs(ordinal, part)
    }
}

/// What must hold between the occurrences of a pattern's terms, in the field or in one unit of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PatternTest {
    pub shape: Shape,
    pub scope: Option<Scope>,
    /// Whether the opposite must hold: `none of`.
    pub negated: bool,
}

impl PatternTest {
    /// Tells whether the occurrences are as asked; the starts of the scope's units are ascending.
    pub(crate) fn passes(&self, left: &Side, right: &Side, unit_starts: &[u32]) -> bool {
        let found = match self.scope {
            None => holds(&self.shape, left, right),
            Some(_) => holds_in_one(&self.shape, left, right, unit_starts),
        };
        found != self.negated
    }
}

/// Returns what a pattern asks of occurrences; `none of` is the opposite of `any of`.
pub(crate) fn shape_of(pattern: &TextPattern) -> PatternTest {
    let positive = |quantifier| match quantifier {
        Quantifier::None => Quantifier::Any,
        quantifier => quantifier,
    };
    let pair = pattern.proximity.as_ref().map(|proximity| PairShape {
        ordered: proximity.ordered,
        right: positive(proximity.right.quantifier),
        distance: proximity.distance,
    });
    let shape = Shape { left: positive(pattern.left.quantifier), pair, at_least: pattern.at_least };
    PatternTest { shape, scope: pattern.scope, negated: pattern.left.quantifier == Quantifier::None }
}

/// Several terms stand as a pattern asks.
#[derive(Debug, Clone)]
pub(crate) struct PatternCheck {
    pub label: String,
    pub left: Vec<TermPlan>,
    pub right: Vec<TermPlan>,
    pub field: TextField,
    pub test: PatternTest,
}

impl PatternCheck {
    pub(super) fn open<'a>(
        &'a self,
        open: &'a OpenSegment<'_>,
        guard: &'a Guard,
    ) -> Result<Box<dyn Verify + 'a>, ExecError> {
        Ok(Box::new(PatternVerify {
            finder: PatternFinder::open(&self.left, &self.right, open, guard)?,
            units: Units::open(self.test.scope, open)?,
            lengths: open.segment.lengths()?,
            field: self.field,
            test: self.test,
        }))
    }
}

struct PatternVerify<'a> {
    finder: PatternFinder<'a>,
    units: Units<'a>,
    lengths: Lengths<'a>,
    field: TextField,
    test: PatternTest,
}

impl Verify for PatternVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        let part = TextPart::of(self.field, &self.lengths, ordinal);
        self.finder.find(ordinal, part)?;
        self.units.load(ordinal)?;
        Ok(self.test.passes(&self.finder.left, &self.finder.right, &self.units.starts))
    }
}

/// Finds the occurrences of all terms of a pattern.
pub(crate) struct PatternFinder<'a> {
    left_cursors: Vec<TermCursor<'a>>,
    right_cursors: Vec<TermCursor<'a>>,
    /// The occurrences of each term on the left in the current article.
    pub left: Side,
    /// The occurrences of each term on the right in the current article.
    pub right: Side,
}

impl<'a> PatternFinder<'a> {
    pub(crate) fn open(
        left: &'a [TermPlan],
        right: &'a [TermPlan],
        open: &'a OpenSegment<'_>,
        guard: &'a Guard,
    ) -> Result<PatternFinder<'a>, ExecError> {
        let cursors = |terms: &'a [TermPlan]| {
            terms
                .iter()
                .map(|term| TermCursor::open(&term.slots, open, guard))
                .collect::<Result<Vec<_>, ExecError>>()
        };
        Ok(PatternFinder {
            left_cursors: cursors(left)?,
            right_cursors: cursors(right)?,
            left: vec![Vec::new(); left.len()],
            right: vec![Vec::new(); right.len()],
        })
    }

    /// Reads the occurrences in an article that begin inside `part`.
    pub(crate) fn find(&mut self, ordinal: Ordinal, part: TextPart) -> Result<(), ExecError> {
        let sides = [(&mut self.left_cursors, &mut self.left), (&mut self.right_cursors, &mut self.right)];
        for (cursors, side) in sides {
            for (cursor, found) in cursors.iter_mut().zip(side) {
                found.clear();
                cursor.occurrences(ordinal, part, found)?;
            }
        }
        Ok(())
    }
}

/// The starts of the sentences or paragraphs of the current article.
pub(crate) struct Units<'a> {
    structure: Option<(Structure<'a>, Scope)>,
    pub starts: Vec<u32>,
}

impl<'a> Units<'a> {
    pub(crate) fn open(scope: Option<Scope>, open: &'a OpenSegment<'_>) -> Result<Units<'a>, ExecError> {
        let structure = match scope {
            Some(scope) => Some((open.segment.structure()?, scope)),
            None => None,
        };
        Ok(Units { structure, starts: Vec::new() })
    }

    /// Reads the starts of an article; none where there is no scope.
    pub(crate) fn load(&mut self, ordinal: Ordinal) -> Result<(), ExecError> {
        self.starts.clear();
        match &self.structure {
            Some((structure, Scope::Sentence)) => {
                structure.sentence_starts_into(ordinal, &mut self.starts)?
            }
            Some((structure, Scope::Paragraph)) => {
                structure.paragraph_starts_into(ordinal, &mut self.starts)?
            }
            None => {}
        }
        Ok(())
    }
}
