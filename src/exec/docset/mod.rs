//! Sorted streams of ordinals, and the algebra over them.
//!
//! Everything that a condition comes to inside one segment is a [`DocSet`]. Lists lead or follow, ranges bound,
//! differences exclude; none of them knows what a word or a date is.
#![allow(clippy::indexing_slicing)] // Places in a block and bits of a window are bounded by their lengths.

mod bounded;
mod exclude;
mod intersect;
mod list;
mod ranges;
mod union;

pub(crate) use bounded::Bounded;
pub(crate) use exclude::Exclude;
pub(crate) use intersect::intersect;
pub(crate) use list::{BitmapSet, ListSet};
pub(crate) use ranges::{OrdinalRange, Ranges, RangesSet, partition};
pub(crate) use union::union;

/// The place of an article inside a segment; 0 is the newest.
pub(crate) type Ordinal = u32;

/// What [`DocSet::doc`] returns past the last article; larger than every ordinal.
pub(crate) const TERMINATED: Ordinal = Ordinal::MAX;

/// Ordinals that [`DocSet::fill`] hands over at a time.
pub(crate) const BLOCK: usize = 128;

/// Ascending ordinals.
pub(crate) type Block = [Ordinal; BLOCK];

/// Ordinals that [`DocSet::mark`] covers.
pub(crate) const WINDOW: Ordinal = 4_096;

/// One bit an ordinal.
pub(crate) type Window = [u64; WINDOW as usize / 64];

/// No article.
pub(crate) const WINDOW_EMPTY: Window = [0; WINDOW as usize / 64];

/// A set of articles of one segment, read once in ascending order of their ordinals.
///
/// The contract, which `laws` in the tests of this module checks for every implementation:
///
/// - A new set already stands on its first article; an empty one stands on [`TERMINATED`].
/// - `doc` returns where the set stands and moves nothing.
/// - `advance` moves to the next article and returns it; past the end it stays on [`TERMINATED`].
/// - `seek(target)` moves to the first article at or after `target` and returns it. It never moves backwards: with a
///   target at or before `doc` it stays. `seek(TERMINATED)` ends the set.
/// - An operation that fails parks its error in the query's [`Guard`](super::Guard) and terminates the set, so loops
///   need no error path of their own; whoever drives the loop asks the guard when it ends.
pub(crate) trait DocSet {
    /// Returns the article that the set stands on, or [`TERMINATED`].
    fn doc(&self) -> Ordinal;

    /// Moves to the next article and returns it.
    fn advance(&mut self) -> Ordinal;

    /// Moves to the first article at or after `target` and returns it.
    fn seek(&mut self, target: Ordinal) -> Ordinal {
        let mut doc = self.doc();
        while doc < target {
            doc = self.advance();
        }
        doc
    }

    /// Returns about how many articles are left; the smallest set leads an intersection.
    fn cost(&self) -> u64;

    /// Writes the next articles before `end`, the one the set stands on first, and moves behind them.
    ///
    /// Returns how many were written; 0 only where no article before `end` is left.
    fn fill(&mut self, end: Ordinal, block: &mut Block) -> usize {
        let mut doc = self.doc();
        for (written, slot) in block.iter_mut().enumerate() {
            if doc >= end {
                return written;
            }
            *slot = doc;
            doc = self.advance();
        }
        BLOCK
    }

    /// Moves those of the first `len` ordinals of `block` that lie in the set to its front, and returns how many they are.
    ///
    /// The ordinals ascend and none lies before the set, which ends at the last of them or behind it.
    fn retain(&mut self, block: &mut Block, len: usize) -> usize {
        let mut kept = 0;
        for at in 0..len.min(BLOCK) {
            let doc = block[at];
            block[kept] = doc;
            kept += usize::from(self.seek(doc) == doc);
        }
        kept
    }

    /// Sets the bit of each article from `start` on that lies in the window, and moves behind it.
    ///
    /// The set stands at `start` or behind it.
    fn mark(&mut self, start: Ordinal, window: &mut Window) {
        let end = start.saturating_add(WINDOW);
        let mut doc = self.doc();
        while doc < end {
            let bit = doc - start;
            window[(bit / 64) as usize] |= 1 << (bit % 64);
            doc = self.advance();
        }
    }

    /// Counts the articles before `end` and moves to the first one at or after it.
    fn count_until(&mut self, end: Ordinal) -> u64 {
        let (mut count, mut block) = (0, [0; BLOCK]);
        loop {
            match self.fill(end, &mut block) {
                0 => return count,
                filled => count += filled as u64,
            }
        }
    }
}

impl<'a> DocSet for Box<dyn DocSet + 'a> {
    fn doc(&self) -> Ordinal {
        (**self).doc()
    }

    fn advance(&mut self) -> Ordinal {
        (**self).advance()
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        (**self).seek(target)
    }

    fn cost(&self) -> u64 {
        (**self).cost()
    }

    fn fill(&mut self, end: Ordinal, block: &mut Block) -> usize {
        (**self).fill(end, block)
    }

    fn retain(&mut self, block: &mut Block, len: usize) -> usize {
        (**self).retain(block, len)
    }

    fn mark(&mut self, start: Ordinal, window: &mut Window) {
        (**self).mark(start, window);
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        (**self).count_until(end)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    pub(crate) type Boxed = Box<dyn DocSet>;

    pub(crate) fn list(ordinals: &BTreeSet<Ordinal>) -> Boxed {
        Box::new(ListSet::new(ordinals.iter().copied().collect()))
    }

    fn drain(mut set: impl DocSet) -> Vec<Ordinal> {
        let mut found = Vec::new();
        while set.doc() != TERMINATED {
            found.push(set.doc());
            set.advance();
        }
        found
    }

    /// Checks one implementation against the plain set that it must stream.
    pub(crate) fn laws(make: impl Fn() -> Boxed, expected: &BTreeSet<Ordinal>, targets: &[Ordinal]) {
        let all: Vec<Ordinal> = expected.iter().copied().collect();
        assert_eq!(drain(make()), all);
        let mut ends: Vec<Ordinal> = targets.to_vec();
        ends.sort_unstable();
        ends.push(TERMINATED);
        let mut block = [0; BLOCK];
        let (mut set, mut filled) = (make(), Vec::new());
        for &end in &ends {
            loop {
                let count = set.fill(end, &mut block);
                filled.extend_from_slice(&block[..count]);
                if count == 0 {
                    break;
                }
            }
            assert!(filled.iter().copied().eq(expected.range(..end).copied()));
        }
        assert_eq!(filled, all);
        let mut set = make();
        for asked in ends.chunks(BLOCK) {
            block[..asked.len()].copy_from_slice(asked);
            let kept = set.retain(&mut block, asked.len());
            let wanted = asked.iter().filter(|&ordinal| expected.contains(ordinal));
            assert!(block[..kept].iter().filter(|&&ordinal| ordinal != TERMINATED).eq(wanted));
        }
        let mut set = make();
        while set.doc() != TERMINATED {
            let (start, mut window) = (set.doc(), WINDOW_EMPTY);
            set.mark(start, &mut window);
            let marked = (0..WINDOW).filter(|bit| window[(bit / 64) as usize] >> (bit % 64) & 1 == 1);
            assert!(marked.map(|bit| start + bit).eq(expected.range(start..start + WINDOW).copied()));
            assert_eq!(set.doc(), expected.range(start + WINDOW..).next().copied().unwrap_or(TERMINATED));
        }
        let mut set = make();
        for &target in targets {
            let next = expected.range(target..).next();
            let stays = set.doc() >= target;
            let before = set.doc();
            let found = set.seek(target);
            let wanted = if stays { before } else { next.copied().unwrap_or(TERMINATED) };
            assert_eq!(found, wanted);
            assert_eq!(set.doc(), wanted);
        }
        let mut set = make();
        let mut from = 0;
        let mut ends: Vec<Ordinal> = targets.to_vec();
        ends.sort_unstable();
        for end in ends {
            assert_eq!(set.count_until(end), expected.range(from..end.max(from)).count() as u64);
            from = end.max(from);
        }
    }

    fn sets() -> impl Strategy<Value = BTreeSet<Ordinal>> {
        prop_oneof![
            prop::collection::btree_set(0u32..60, 0..40),
            prop::collection::btree_set(0u32..20_000, 0..200),
            (0u32..9_000, 0u32..600).prop_map(|(start, length)| (start..start + length).collect()),
        ]
    }

    proptest! {
        #[test]
        fn every_set_keeps_the_contract(
            a in sets(), b in sets(), c in sets(),
            targets in prop::collection::vec(0u32..21_000, 0..12),
            start in 0u32..10_000, length in 0u32..10_000,
        ) {
            laws(|| list(&a), &a, &targets);
            let bitmap: std::sync::Arc<roaring::RoaringBitmap> = std::sync::Arc::new(a.iter().copied().collect());
            laws(|| Box::new(BitmapSet::new(bitmap.clone())), &a, &targets);

            let both: BTreeSet<_> = a.iter().filter(|o| b.contains(o) && c.contains(o)).copied().collect();
            laws(|| intersect(vec![list(&a), list(&b), list(&c)]), &both, &targets);

            let either: BTreeSet<_> = a.iter().chain(&b).chain(&c).copied().collect();
            laws(|| union(vec![list(&a), list(&b), list(&c)]), &either, &targets);

            let without: BTreeSet<_> = a.difference(&b).copied().collect();
            laws(|| Box::new(Exclude::new(list(&a), list(&b))), &without, &targets);

            let ranges = Ranges::from_iter([
                OrdinalRange::new(start, start + length),
                OrdinalRange::new(start + length + 5, start + length + 50),
            ]);
            let range: BTreeSet<_> = ranges.iter().flat_map(|r| r.start..r.end).collect();
            laws(|| Box::new(RangesSet::new(ranges.clone())), &range, &targets);
            let inside: BTreeSet<_> = a.intersection(&range).copied().collect();
            laws(|| Box::new(Bounded::new(list(&a), ranges.clone())), &inside, &targets);
        }
    }
}
