//! One quotation with the speaker and the words asked for.

use std::sync::Arc;

use super::Verify;
use super::entity::Languages;
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
    /// A speaker of one of these sets.
    Named(Vec<SpeakerSet>),
}

/// Speakers that a term fits.
#[derive(Debug, Clone)]
pub(crate) struct SpeakerSet {
    /// The language that an article must be in, as the group of its `lang`; `None` for any.
    pub lang: Option<u32>,
    /// Numbers of the field `speaker`, rising.
    pub numbers: Arc<[u32]>,
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
            languages: Languages::open(open)?,
            finder: PatternFinder::open(&self.left, &self.right, open, guard)?,
            units: Units::open(self.test.scope, open)?,
        }))
    }

    /// Tells whether a quotation of an article in the language of group `lang` has the speaker asked for.
    fn is_spoken_by(&self, quote: &QuoteEntry, lang: Option<u32>) -> bool {
        let is_in = |set: &SpeakerSet, speaker: u32| {
            (set.lang.is_none() || set.lang == lang) && set.numbers.binary_search(&speaker).is_ok()
        };
        match &self.speakers {
            Speakers::Anyone => true,
            Speakers::Named(sets) => {
                quote.speaker.is_some_and(|speaker| sets.iter().any(|set| is_in(set, speaker)))
            }
        }
    }
}

struct QuoteVerify<'a> {
    check: &'a QuoteCheck,
    quotes: Quotes<'a>,
    languages: Languages<'a>,
    finder: PatternFinder<'a>,
    units: Units<'a>,
}

impl Verify for QuoteVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        let lang = self.languages.group(ordinal);
        let mut quotes = self.quotes.read(ordinal)?;
        quotes.retain(|quote| self.check.is_spoken_by(quote, lang));
        if quotes.is_empty() {
            return Ok(false);
        }
        self.finder.find(ordinal, TextPart::WHOLE)?;
        self.units.load(ordinal)?;
        Ok(quotes.iter().any(|quote| {
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
