//! Newest first: segments already lie in this order, so they are merged and left as soon as the page is full.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::cursor::Cursor;
use super::hits::{Hit, Hits};
use crate::exec::docset::{DocSet, Ordinal, TERMINATED};
use crate::exec::open::Opener;
use crate::exec::plan::Plan;
use crate::exec::run::Plans;
use crate::exec::{Context, ExecError, Place};

/// Articles newest first.
pub(crate) struct Newest<'a, 'v> {
    context: &'a Context<'v>,
    plans: &'a Plans,
    after: Option<Place>,
    /// The next article of each segment; of segments not opened yet, the newest that could come.
    heads: BinaryHeap<Reverse<Head>>,
    sets: Vec<Option<Box<dyn DocSet + 'a>>>,
}

/// The next article of a segment.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    place: Place,
    segment: usize,
    /// `None` where the segment was not opened yet.
    ordinal: Option<Ordinal>,
}

impl Ord for Head {
    fn cmp(&self, other: &Head) -> std::cmp::Ordering {
        // A segment that is not opened may hold an article of the same place: it is opened first.
        self.place.newest(&other.place).then(self.ordinal.is_some().cmp(&other.ordinal.is_some()))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Head) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<'a, 'v> Newest<'a, 'v> {
    /// Starts before the newest article, or behind the cursor.
    pub(crate) fn new(
        context: &'a Context<'v>,
        plans: &'a Plans,
        after: Option<&Cursor>,
    ) -> Result<Newest<'a, 'v>, ExecError> {
        let after = after.map(|cursor| cursor.place());
        let mut heads = BinaryHeap::new();
        for (open, plan) in context.segments.iter().zip(&plans.segments) {
            if !matches!(plan, Plan::Nothing) && open.len() > 0 {
                heads.push(Reverse(Head { place: open.place(0), segment: open.index, ordinal: None }));
            }
        }
        let sets = context.segments.iter().map(|_| None).collect();
        Ok(Newest { context, plans, after, heads, sets })
    }

    fn open(&mut self, segment: usize) -> Result<Ordinal, ExecError> {
        let (Some(open), Some(plan)) = (self.context.segments.get(segment), self.plans.segments.get(segment))
        else {
            return Ok(TERMINATED);
        };
        let mut set = Opener { context: self.context, open, tally: None }.live(plan)?;
        let first = match &self.after {
            Some(place) => set.seek(open.first_behind(place)),
            None => set.doc(),
        };
        if let Some(slot) = self.sets.get_mut(segment) {
            *slot = Some(set);
        }
        Ok(first)
    }

    fn push(&mut self, segment: usize, ordinal: Ordinal) {
        let Some(open) = self.context.segments.get(segment) else { return };
        if ordinal != TERMINATED {
            self.heads.push(Reverse(Head { place: open.place(ordinal), segment, ordinal: Some(ordinal) }));
        }
    }
}

impl Hits for Newest<'_, '_> {
    fn next(&mut self) -> Result<Option<Hit>, ExecError> {
        while let Some(Reverse(Head { segment, ordinal, .. })) = self.heads.pop() {
            self.context.guard.tick(1)?;
            let Some(ordinal) = ordinal else {
                let first = self.open(segment)?;
                self.context.guard.take_fault()?;
                self.push(segment, first);
                continue;
            };
            if let Some(Some(set)) = self.sets.get_mut(segment) {
                let next = set.advance();
                self.context.guard.take_fault()?;
                self.push(segment, next);
            }
            return Ok(Some(Hit { segment, ordinal, keys: Vec::new() }));
        }
        Ok(None)
    }
}
