//! By relevance and by fields: every match is looked at, and as many are kept as the page needs.

use std::cmp::Ordering;

use super::cursor::Cursor;
use super::hits::{Hit, Hits};
use crate::exec::docset::{BLOCK, DocSet, TERMINATED};
use crate::exec::open::Opener;
use crate::exec::order::{KeyReader, SortKey, compare_keys};
use crate::exec::plan::Plan;
use crate::exec::run::Plans;
use crate::exec::score::Scoring;
use crate::exec::{Context, ExecError, OpenSegment, Place};
use crate::query::OrderKey;

/// Hits kept above the wanted number before the worst are dropped together.
const SLACK: usize = 1_024;

/// What is asked for of a sorted result.
pub(crate) struct Page<'a> {
    pub keys: &'a [OrderKey],
    pub scoring: Option<&'a Scoring>,
    pub after: Option<&'a Cursor>,
    /// How many of the first hits are wanted; `None` for all.
    pub wanted: Option<u64>,
}

/// Articles by their keys, then newest first, then by number.
pub(crate) struct Sorted {
    hits: std::vec::IntoIter<Ranked>,
}

struct Ranked {
    hit: Hit,
    place: Place,
}

impl Sorted {
    /// Looks at every match and sorts.
    pub(crate) fn new(context: &Context<'_>, plans: &Plans, page: &Page<'_>) -> Result<Sorted, ExecError> {
        let mut best = Best::new(page);
        for (open, plan) in context.segments.iter().zip(&plans.segments) {
            if !matches!(plan, Plan::Nothing) {
                best.add_segment(context, open, plan, page)?;
            }
        }
        context.guard.take_fault()?;
        Ok(Sorted { hits: best.finish(context)?.into_iter() })
    }
}

impl Hits for Sorted {
    fn next(&mut self) -> Result<Option<Hit>, ExecError> {
        Ok(self.hits.next().map(|ranked| ranked.hit))
    }
}

/// The first so many of the articles seen so far, in no order.
struct Best<'a> {
    directions: Vec<bool>,
    after: Option<&'a Cursor>,
    wanted: usize,
    kept: Vec<Ranked>,
    /// Nothing behind this place can be among the wanted any more.
    last: Option<(Vec<SortKey>, Place)>,
}

impl<'a> Best<'a> {
    fn new(page: &Page<'a>) -> Best<'a> {
        let wanted = page.wanted.and_then(|wanted| usize::try_from(wanted).ok()).unwrap_or(usize::MAX);
        let directions = page.keys.iter().map(|key| key.descending).collect();
        Best { directions, after: page.after, wanted, kept: Vec::new(), last: None }
    }

    fn add_segment(
        &mut self,
        context: &Context<'_>,
        open: &OpenSegment<'_>,
        plan: &Plan,
        page: &Page<'_>,
    ) -> Result<(), ExecError> {
        let mut reader = KeyReader::open(page.keys, page.scoring, context, open)?;
        let mut set = Opener { context, open, tally: None }.live(plan)?;
        let mut block = [0; BLOCK];
        let mut keys = Vec::new();
        loop {
            let filled = set.fill(TERMINATED, &mut block);
            if filled == 0 {
                return Ok(());
            }
            context.guard.tick(filled as u32)?;
            for &ordinal in block.iter().take(filled) {
                reader.read(ordinal, &mut keys)?;
                let place = open.place(ordinal);
                if self.is_wanted(&keys, &place) {
                    self.keep(Hit { segment: open.index, ordinal, keys: keys.clone() }, place, context)?;
                }
            }
        }
    }

    fn compare(&self, a: (&[SortKey], &Place), b: (&[SortKey], &Place)) -> Ordering {
        compare_keys(a.0, b.0, &self.directions).then_with(|| a.1.newest(b.1))
    }

    fn is_wanted(&self, keys: &[SortKey], place: &Place) -> bool {
        let behind_cursor = self
            .after
            .is_none_or(|cursor| self.compare((keys, place), (cursor.keys(), &cursor.place())).is_gt());
        behind_cursor
            && self.last.as_ref().is_none_or(|(last, at)| self.compare((keys, place), (last, at)).is_lt())
    }

    fn keep(&mut self, hit: Hit, place: Place, context: &Context<'_>) -> Result<(), ExecError> {
        let text: usize =
            hit.keys.iter().map(|key| if let SortKey::Text(text) = key { text.len() } else { 0 }).sum();
        self.kept.push(Ranked { hit, place });
        if self.wanted == usize::MAX {
            return context.guard.grow(size_of::<Ranked>() + text);
        }
        if self.kept.len() >= self.wanted.saturating_add(SLACK) {
            self.drop_worst(context)?;
        }
        Ok(())
    }

    fn drop_worst(&mut self, context: &Context<'_>) -> Result<(), ExecError> {
        self.sort(context)?;
        self.kept.truncate(self.wanted);
        self.last = self.kept.last().map(|ranked| (ranked.hit.keys.clone(), ranked.place));
        Ok(())
    }

    fn sort(&mut self, context: &Context<'_>) -> Result<(), ExecError> {
        let mut kept = std::mem::take(&mut self.kept);
        let compare = |a: &Ranked, b: &Ranked| self.compare((&a.hit.keys, &a.place), (&b.hit.keys, &b.place));
        context.guard.sort_by(&mut kept, &compare)?;
        self.kept = kept;
        Ok(())
    }

    fn finish(mut self, context: &Context<'_>) -> Result<Vec<Ranked>, ExecError> {
        self.sort(context)?;
        self.kept.truncate(self.wanted);
        Ok(self.kept)
    }
}
