//! From the plan of a segment to a doc set over it.

use std::cell::Cell;

use super::check::{CheckedSet, open_all};
use super::docset::{
    BLOCK, Block, Bounded, DocSet, Exclude, ListSet, Ordinal, OrdinalRange, Ranges, RangesSet, TERMINATED,
    WINDOW, Window, intersect, union,
};
use super::plan::{List, Plan, Source};
use super::{Context, ExecError, Guard, OpenSegment};
use crate::segment::Postings;

/// What the operators of one plan did, in the order that `explain` prints them.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// Articles that each operator yielded, and moves that it was asked for.
    pub operators: Vec<(Cell<u64>, Cell<u64>)>,
}

impl Tally {
    /// Returns a tally with a place for every operator of `plan`.
    pub(crate) fn of(plan: &Plan) -> Tally {
        fn size(plan: &Plan) -> usize {
            1 + plan.parts().into_iter().map(size).sum::<usize>()
        }
        Tally { operators: (0..size(plan)).map(|_| Default::default()).collect() }
    }
}

/// Opens doc sets over one segment.
pub(crate) struct Opener<'a, 'v> {
    pub context: &'a Context<'v>,
    pub open: &'a OpenSegment<'v>,
    /// Where operators count what they do; only `explain analyze` asks for it.
    pub tally: Option<&'a Tally>,
}

impl<'a, 'v> Opener<'a, 'v> {
    /// Opens the live articles of `plan`.
    pub(crate) fn live(&self, plan: &'a Plan) -> Result<Box<dyn DocSet + 'a>, ExecError> {
        let all = self.plan(plan)?;
        Ok(match self.open.dead_set() {
            Some(dead) => Box::new(Exclude::new(all, dead)),
            None => all,
        })
    }

    /// Opens the articles of `plan`, dead ones included.
    pub(crate) fn plan(&self, plan: &'a Plan) -> Result<Box<dyn DocSet + 'a>, ExecError> {
        self.node(plan, &mut 0)
    }

    fn node(&self, plan: &'a Plan, at: &mut usize) -> Result<Box<dyn DocSet + 'a>, ExecError> {
        let place = *at;
        *at += 1;
        let set: Box<dyn DocSet + 'a> = match plan {
            Plan::Nothing => Box::new(ListSet::new(Vec::new())),
            Plan::Everything => Box::new(RangesSet::new(Ranges::one(0, self.open.len()))),
            Plan::Between(ranges) => Box::new(RangesSet::new(ranges.clone())),
            Plan::List(list) => self.list(list)?,
            Plan::All(parts) => intersect(self.nodes(parts, at)?),
            Plan::Any(parts) => union(self.nodes(parts, at)?),
            Plan::Except(kept, removed) => {
                Box::new(Exclude::new(self.node(kept, at)?, self.node(removed, at)?))
            }
            Plan::Bound(ranges, part) => Box::new(Bounded::new(self.node(part, at)?, ranges.clone())),
            Plan::Checked(part, checks) => {
                let candidates = self.node(part, at)?;
                let checks = open_all(checks, self.context, self.open)?;
                Box::new(CheckedSet::new(candidates, checks, self.context.guard))
            }
        };
        Ok(match self.tally.and_then(|tally| tally.operators.get(place)) {
            Some((yielded, moves)) => Box::new(Counted::new(set, yielded, moves)),
            None => set,
        })
    }

    fn nodes(&self, parts: &'a [Plan], at: &mut usize) -> Result<Vec<Box<dyn DocSet + 'a>>, ExecError> {
        parts.iter().map(|part| self.node(part, at)).collect()
    }

    fn list(&self, list: &'a List) -> Result<Box<dyn DocSet + 'a>, ExecError> {
        let segment = self.open.segment;
        let guard = self.context.guard;
        let boxed = |postings| Box::new(PostingsSet { postings, read: 0, guard }) as Box<dyn DocSet + 'a>;
        Ok(match &list.source {
            Source::Words(words) => {
                let postings = |word| {
                    guard.tick(1)?;
                    Ok(boxed(self.open.terms.articles(word)?))
                };
                union(words.iter().copied().map(postings).collect::<Result<_, ExecError>>()?)
            }
            Source::Values(name, numbers) => {
                let Some(field) = segment.keyword(name)? else { return Ok(boxed(Postings::empty())) };
                let postings = |&number: &u32| Ok(boxed(field.postings(number)?));
                union(numbers.iter().map(postings).collect::<Result<_, ExecError>>()?)
            }
            Source::Names(kind, numbers) => {
                let Some(names) = segment.names(*kind)? else { return Ok(boxed(Postings::empty())) };
                let postings = |&number: &u32| Ok(boxed(names.field().postings(number)?));
                union(numbers.iter().map(postings).collect::<Result<_, ExecError>>()?)
            }
            Source::InCountry(country) => boxed(segment.within_country(*country)?),
            Source::InRegion(folded) => boxed(segment.within_region(folded)?),
            Source::Presence(name) => boxed(segment.presence(name)?),
            Source::Figures(category) => {
                boxed(segment.figures(*category)?.map_or_else(Postings::empty, |figures| figures.postings()))
            }
        })
    }
}

/// A list of a segment as a doc set.
struct PostingsSet<'a> {
    postings: Postings<'a>,
    /// Postings read so far; told to the guard at the end.
    read: u64,
    guard: &'a Guard,
}

impl DocSet for PostingsSet<'_> {
    fn doc(&self) -> Ordinal {
        self.postings.doc()
    }

    fn advance(&mut self) -> Ordinal {
        self.read += 1;
        self.postings.advance()
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        self.read += 1;
        self.postings.seek(target)
    }

    fn cost(&self) -> u64 {
        u64::from(self.postings.len())
    }

    fn fill(&mut self, end: Ordinal, block: &mut Block) -> usize {
        // A block is read in the time that an article takes elsewhere.
        if let Err(error) = self.guard.tick(1) {
            self.guard.park(error);
            self.postings.seek(TERMINATED);
            return 0;
        }
        let filled = self.postings.next_block_before(end, block);
        self.read += filled as u64;
        filled
    }

    /// Sets the bits block by block.
    fn mark(&mut self, start: Ordinal, window: &mut Window) {
        let end = start.saturating_add(WINDOW);
        let mut block = [0; BLOCK];
        loop {
            let filled = self.fill(end, &mut block);
            if filled == 0 {
                return;
            }
            for ordinal in block.iter().take(filled) {
                let bit = ordinal - start;
                if let Some(word) = window.get_mut((bit / 64) as usize) {
                    *word |= 1 << (bit % 64);
                }
            }
        }
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        let before = self.postings.passed();
        self.seek(end);
        u64::from(self.postings.passed() - before)
    }
}

impl Drop for PostingsSet<'_> {
    fn drop(&mut self) {
        self.guard.postings.set(self.guard.postings.get() + self.read);
    }
}

/// A set that counts what it is asked for.
struct Counted<'a> {
    inner: Box<dyn DocSet + 'a>,
    yielded: &'a Cell<u64>,
    moves: &'a Cell<u64>,
}

impl<'a> Counted<'a> {
    fn new(inner: Box<dyn DocSet + 'a>, yielded: &'a Cell<u64>, moves: &'a Cell<u64>) -> Counted<'a> {
        let set = Counted { inner, yielded, moves };
        set.count(set.inner.doc());
        set
    }

    fn count(&self, doc: Ordinal) -> Ordinal {
        self.moves.set(self.moves.get() + 1);
        self.yielded.set(self.yielded.get() + u64::from(doc != TERMINATED));
        doc
    }
}

impl DocSet for Counted<'_> {
    fn doc(&self) -> Ordinal {
        self.inner.doc()
    }

    fn advance(&mut self) -> Ordinal {
        let doc = self.inner.advance();
        self.count(doc)
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if self.inner.doc() >= target {
            return self.inner.doc();
        }
        let doc = self.inner.seek(target);
        self.count(doc)
    }

    fn cost(&self) -> u64 {
        self.inner.cost()
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        let count = self.inner.count_until(end);
        self.moves.set(self.moves.get() + 1);
        self.yielded.set(self.yielded.get() + count);
        count
    }
}

/// Returns how many live articles of a segment satisfy `plan`, decoding as little as it can.
pub(crate) fn count_live(
    context: &Context<'_>,
    open: &OpenSegment<'_>,
    plan: &Plan,
) -> Result<u64, ExecError> {
    if matches!(plan, Plan::Nothing) {
        return Ok(0);
    }
    let opener = Opener { context, open, tally: None };
    let all = count_whole(opener.plan(plan)?, context)?;
    let dead = match open.dead_set() {
        Some(dead) if all > 0 => count_whole(intersect(vec![opener.plan(plan)?, dead]), context)?,
        _ => 0,
    };
    Ok(all - dead)
}

/// Counts a set to its end; a set that an error ended has no count.
fn count_whole(mut set: Box<dyn DocSet + '_>, context: &Context<'_>) -> Result<u64, ExecError> {
    let count = set.count_until(TERMINATED);
    context.guard.take_fault()?;
    Ok(count)
}

/// Returns the ordinals of a whole segment.
pub(crate) fn whole(open: &OpenSegment<'_>) -> OrdinalRange {
    OrdinalRange::new(0, open.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::exec::RunOptions;
    use crate::exec::docset::tests::laws;

    proptest! {
        #[test]
        fn lists_keep_the_contract(
            start in 0u32..6_000, length in 0u32..6_000,
            targets in prop::collection::vec(0u32..13_000, 0..12),
        ) {
            // Lists in blocks are compared with plain numbers where they are read.
            let guard: &Guard = Box::leak(Box::new(Guard::new(&RunOptions::default())));
            let make = || -> Box<dyn DocSet> {
                Box::new(PostingsSet { postings: Postings::range(start..start + length), read: 0, guard })
            };
            laws(make, &(start..start + length).collect(), &targets);
        }
    }
}
