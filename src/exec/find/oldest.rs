//! Oldest first: each segment is walked backwards in windows, so that a page does not need the whole of it.
//!
//! Articles of one start lie together and are the same way round in both orders (by end, then by number), so a window
//! never cuts such a group, and inside a window sorting is enough.

use std::collections::VecDeque;

use super::cursor::Cursor;
use super::hits::{Hit, Hits};
use crate::exec::docset::{Bounded, DocSet, Ordinal, OrdinalRange, Ranges, TERMINATED, partition};
use crate::exec::open::Opener;
use crate::exec::plan::Plan;
use crate::exec::run::Plans;
use crate::exec::{Context, ExecError, OpenSegment, Place};

/// Ordinals of the first window; each one after it is twice as long.
const WINDOW: Ordinal = 1_024;

/// Articles oldest first.
pub(crate) struct Oldest<'a, 'v> {
    context: &'a Context<'v>,
    walks: Vec<Walk<'a, 'v>>,
}

impl<'a, 'v> Oldest<'a, 'v> {
    /// Starts before the oldest article, or behind the cursor.
    pub(crate) fn new(context: &'a Context<'v>, plans: &'a Plans, after: Option<&Cursor>) -> Oldest<'a, 'v> {
        let after = after.map(|cursor| cursor.place());
        let walks = context
            .segments
            .iter()
            .zip(&plans.segments)
            .filter(|(_, plan)| !matches!(plan, Plan::Nothing))
            .map(|(open, plan)| Walk::new(open, plan, after))
            .collect();
        Oldest { context, walks }
    }
}

impl Hits for Oldest<'_, '_> {
    fn next(&mut self) -> Result<Option<Hit>, ExecError> {
        let mut oldest: Option<(usize, Place)> = None;
        for (at, walk) in self.walks.iter_mut().enumerate() {
            let Some(place) = walk.peek(self.context)? else { continue };
            if oldest.is_none_or(|(_, known)| place.oldest(&known).is_lt()) {
                oldest = Some((at, place));
            }
        }
        self.context.guard.tick(1)?;
        let Some(walk) = oldest.and_then(|(at, _)| self.walks.get_mut(at)) else { return Ok(None) };
        let next = walk.ready.pop_front();
        Ok(next.map(|(_, ordinal)| Hit { segment: walk.open.index, ordinal, keys: Vec::new() }))
    }
}

/// One segment, walked from its oldest article on.
struct Walk<'a, 'v> {
    open: &'a OpenSegment<'v>,
    plan: &'a Plan,
    after: Option<Place>,
    /// Found and not handed over yet, oldest first.
    ready: VecDeque<(Place, Ordinal)>,
    /// Dated articles not looked at yet are below this ordinal.
    dated_end: Ordinal,
    undated_done: bool,
    window: Ordinal,
}

impl<'a, 'v> Walk<'a, 'v> {
    fn new(open: &'a OpenSegment<'v>, plan: &'a Plan, after: Option<Place>) -> Walk<'a, 'v> {
        let dated = open.dates.dated();
        // Whatever starts before the cursor's article was handed over with earlier pages.
        let dated_end = match after {
            Some(Place { span: Some((start, _)), .. }) => {
                partition(dated, |ordinal| open.dates.sort_start(ordinal).is_some_and(|own| own >= start))
            }
            Some(Place { span: None, .. }) => 0,
            None => dated,
        };
        Walk { open, plan, after, ready: VecDeque::new(), dated_end, undated_done: false, window: WINDOW }
    }

    /// Returns the place of the next article.
    fn peek(&mut self, context: &Context<'v>) -> Result<Option<Place>, ExecError> {
        while self.ready.is_empty() {
            let Some(window) = self.next_window() else { return Ok(None) };
            self.load(window, context)?;
        }
        Ok(self.ready.front().map(|(place, _)| *place))
    }

    fn next_window(&mut self) -> Option<OrdinalRange> {
        if self.dated_end > 0 {
            let end = self.dated_end;
            let cut = end.saturating_sub(self.window);
            let start = match (cut, self.open.dates.sort_start(cut)) {
                (0, _) | (_, None) => 0,
                (_, Some(at)) => {
                    partition(cut, |ordinal| self.open.dates.sort_start(ordinal).is_some_and(|own| own > at))
                }
            };
            self.dated_end = start;
            self.window = self.window.saturating_mul(2);
            return Some(OrdinalRange::new(start, end));
        }
        let undated = OrdinalRange::new(self.open.dates.dated(), self.open.len());
        let first_time = !std::mem::replace(&mut self.undated_done, true);
        first_time.then_some(undated)
    }

    fn load(&mut self, window: OrdinalRange, context: &Context<'v>) -> Result<(), ExecError> {
        if window.is_empty() {
            return Ok(());
        }
        let opener = Opener { context, open: self.open, tally: None };
        let mut set = Bounded::new(opener.live(self.plan)?, Ranges::one(window.start, window.end));
        let mut found = Vec::new();
        while set.doc() != TERMINATED {
            let place = self.open.place(set.doc());
            if self.after.is_none_or(|after| after.oldest(&place).is_lt()) {
                found.push((place, set.doc()));
            }
            set.advance();
        }
        context.guard.take_fault()?;
        context.guard.tick(found.len() as u32)?;
        found.sort_by(|(a, _), (b, _)| a.oldest(b));
        self.ready.extend(found);
        Ok(())
    }
}
