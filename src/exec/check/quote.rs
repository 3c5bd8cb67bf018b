//! One quotation with the speaker and the words asked for.

use std::sync::Arc;

use super::Verify;
use super::text::{PatternFinder, PatternTest, TermPlan, Units};
use crate::exec::docset::Ordinal;
use crate::exec::proximity::{Occurrence, Side};
use crate::exec::words::TextPart;
use crate::exec::{ExecError, Guard, OpenSegment};
use crate::segment::{QuoteEntry, Quotes};

/// Who must be speaking.
#[derive(Debug, Clone)]
pub(crate) enum Speakers {
    /// Anyone, also nobody known.
    Anyone,
    /// One of these values of the field `speaker`, rising.
    Numbers(Arc<[u32]>),
}

/// One quotation has the speaker and the words.
#[derive(Debug, Clone)]
pub(crate) struct QuoteCheck {
    pub label: String,
    pub speakers: Speakers,
    pub left: Vec<TermPlan>,
    pub right: Vec<TermPlan>,
    pub test: PatternTest,
}

impl QuoteCheck {
    pub(super) fn open<'a>(
        &'a self,
        open: &'a OpenSegment<'_>,
        guard: &'a Guard,
    ) -> Result<Box<dyn Verify + 'a>, ExecError> {
        Ok(Box::new(QuoteVerify {
            check: self,
            quotes: open.segment.quotes()?,
            finder: PatternFinder::open(&self.left, &self.right, open, guard)?,
            units: Units::open(self.test.scope, open)?,
        }))
    }

    fn is_spoken_by(&self, quote: &QuoteEntry) -> bool {
        match &self.speakers {
            Speakers::Anyone => true,
            Speakers::Numbers(numbers) => {
                quote.speaker.is_some_and(|speaker| numbers.binary_search(&speaker).is_ok())
            }
        }
    }
}

struct QuoteVerify<'a> {
    check: &'a QuoteCheck,
    quotes: Quotes<'a>,
    finder: PatternFinder<'a>,
    units: Units<'a>,
}

impl Verify for QuoteVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        let quotes = self.quotes.read(ordinal)?;
        if !quotes.iter().any(|quote| self.check.is_spoken_by(quote)) {
            return Ok(false);
        }
        self.finder.find(ordinal, TextPart::WHOLE)?;
        self.units.load(ordinal)?;
        Ok(quotes.iter().filter(|quote| self.check.is_spoken_by(quote)).any(|quote| {
            let left = inside(&self.finder.left, quote);
            let right = inside(&self.finder.right, quote);
            self.check.test.passes(&left, &right, &self.units.starts)
        }))
    }
}

/// Returns the occurrences that lie wholly inside a quotation.
fn inside(side: &Side, quote: &QuoteEntry) -> Side {
    let within = |occurrence: &&Occurrence| quote.start <= occurrence.start && occurrence.end <= quote.end;
    side.iter().map(|list| list.iter().filter(within).copied().collect()).collect()
}
