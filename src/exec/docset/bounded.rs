//! A set inside bounds: a date condition costs a list nothing but two seeks.

use super::{BLOCK, DocSet, Ordinal, OrdinalRange, Ranges, TERMINATED};

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

    /// Moves the ordinals of `block` that lie inside some range to its front and returns how many they are.
    fn keep_inside(&mut self, block: &mut [Ordinal; BLOCK], filled: usize) -> usize {
        let mut kept = 0;
        for at in 0..filled {
            let Some(&doc) = block.get(at) else { break };
            while doc >= self.current.end {
                let Some(next) = self.ranges.next() else {
                    self.inner.seek(TERMINATED);
                    return kept;
                };
                self.current = next;
            }
            if doc >= self.current.start {
                block.swap(kept, at);
                kept += 1;
            }
        }
        self.settle();
        kept
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

    fn fill(&mut self, block: &mut [Ordinal; BLOCK]) -> usize {
        let end = self.current.end;
        if self.inner.doc() >= end {
            return 0;
        }
        let filled = self.inner.fill(block);
        let inside = block.iter().take(filled).take_while(|&&doc| doc < end).count();
        if inside == filled {
            self.settle();
            return inside;
        }
        if self.ranges.as_slice().is_empty() {
            self.inner.seek(TERMINATED);
            return inside;
        }
        self.keep_inside(block, filled)
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
