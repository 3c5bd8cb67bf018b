//! A set inside bounds: a date condition costs a list nothing but two seeks.

use super::{Block, DocSet, Ordinal, OrdinalRange, Ranges, TERMINATED};

/// The articles of a set that lie inside some ranges of ordinals.
pub(crate) struct Bounded<'a> {
    inner: Box<dyn DocSet + 'a>,
    ranges: std::vec::IntoIter<OrdinalRange>,
    /// The range that the set stands in.
    current: OrdinalRange,
    /// All ordinals in the ranges; no more articles than these can be left.
    width: u64,
}

impl<'a> Bounded<'a> {
    /// Returns the articles of `inner` inside `ranges`.
    pub(crate) fn new(inner: Box<dyn DocSet + 'a>, ranges: Ranges) -> Bounded<'a> {
        let width = ranges.count();
        let ranges: Vec<OrdinalRange> = ranges.iter().collect();
        let mut set = Bounded { inner, ranges: ranges.into_iter(), current: OrdinalRange::new(0, 0), width };
        set.settle();
        set
    }

    /// Moves into the first range that holds an article where the inner set stands or later.
    fn settle(&mut self) -> Ordinal {
        let mut doc = self.inner.seek(self.current.start);
        while doc >= self.current.end && doc != TERMINATED {
            let Some(next) = self.ranges.next() else {
                return self.inner.seek(TERMINATED);
            };
            self.current = next;
            doc = self.inner.seek(next.start);
        }
        self.inner.doc()
    }
}

impl DocSet for Bounded<'_> {
    fn doc(&self) -> Ordinal {
        self.inner.doc()
    }

    fn advance(&mut self) -> Ordinal {
        if self.inner.advance() < self.current.end { self.inner.doc() } else { self.settle() }
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if self.inner.doc() < target {
            self.inner.seek(target);
            self.settle();
        }
        self.inner.doc()
    }

    fn cost(&self) -> u64 {
        self.inner.cost().min(self.width)
    }

    fn fill(&mut self, end: Ordinal, block: &mut Block) -> usize {
        let filled = self.inner.fill(self.current.end.min(end), block);
        self.settle();
        filled
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        let mut count = 0;
        while self.inner.doc() < end {
            count += self.inner.count_until(self.current.end.min(end));
            self.settle();
        }
        count
    }
}
