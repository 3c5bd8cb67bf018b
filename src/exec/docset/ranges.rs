//! Intervals of ordinals: what a condition on the publication date comes to.

use super::{DocSet, Ordinal, TERMINATED};

/// Ordinals from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OrdinalRange {
    /// The first ordinal inside.
    pub start: Ordinal,
    /// The first ordinal past the end.
    pub end: Ordinal,
}

impl OrdinalRange {
    /// Returns the range; one that ends before it starts is empty.
    pub(crate) fn new(start: Ordinal, end: Ordinal) -> OrdinalRange {
        OrdinalRange { start, end: end.max(start) }
    }

    /// Returns how many ordinals lie inside.
    pub(crate) fn len(self) -> u32 {
        self.end - self.start
    }

    /// Tells whether nothing lies inside.
    pub(crate) fn is_empty(self) -> bool {
        self.end == self.start
    }
}

/// Ascending ranges that neither overlap nor touch, none of them empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Ranges(Vec<OrdinalRange>);

impl Ranges {
    /// Returns the one range from `start` to `end`.
    pub(crate) fn one(start: Ordinal, end: Ordinal) -> Ranges {
        Ranges::from_iter([OrdinalRange::new(start, end)])
    }

    /// Lists the ranges, ascending.
    pub(crate) fn iter(&self) -> impl Iterator<Item = OrdinalRange> + '_ {
        self.0.iter().copied()
    }

    /// Returns how many ordinals lie inside.
    pub(crate) fn count(&self) -> u64 {
        self.iter().map(|range| u64::from(range.len())).sum()
    }

    /// Tells whether nothing lies inside.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the ordinals that lie in both.
    pub(crate) fn intersect(&self, other: &Ranges) -> Ranges {
        let mut both = Vec::new();
        let (mut left, mut right) = (self.iter().peekable(), other.iter().peekable());
        while let (Some(&a), Some(&b)) = (left.peek(), right.peek()) {
            both.push(OrdinalRange::new(a.start.max(b.start), a.end.min(b.end)));
            if a.end < b.end {
                left.next();
            } else {
                right.next();
            }
        }
        both.into_iter().collect()
    }

    /// Returns the ordinals below `end` that do not lie inside.
    pub(crate) fn complement(&self, end: Ordinal) -> Ranges {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut from = 0;
        for range in self.iter() {
            gaps.push(OrdinalRange::new(from, range.start));
            from = range.end;
        }
        gaps.push(OrdinalRange::new(from, end));
        gaps.into_iter().collect()
    }
}

impl FromIterator<OrdinalRange> for Ranges {
    /// Joins ranges that overlap or touch and leaves out empty ones, whatever order they come in.
    fn from_iter<T: IntoIterator<Item = OrdinalRange>>(ranges: T) -> Ranges {
        let mut sorted: Vec<OrdinalRange> = ranges.into_iter().filter(|range| !range.is_empty()).collect();
        sorted.sort_unstable();
        let mut joined: Vec<OrdinalRange> = Vec::with_capacity(sorted.len());
        for range in sorted {
            match joined.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => joined.push(range),
            }
        }
        Ranges(joined)
    }
}

/// Returns the first ordinal below `end` for which `holds` is false; it must be true before and false after.
pub(crate) fn partition(end: Ordinal, holds: impl Fn(Ordinal) -> bool) -> Ordinal {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// The set of all ordinals inside some ranges.
pub(crate) struct RangesSet {
    ranges: Ranges,
    at: usize,
    doc: Ordinal,
}

impl RangesSet {
    /// Returns the set of the ordinals in `ranges`.
    pub(crate) fn new(ranges: Ranges) -> RangesSet {
        let doc = ranges.0.first().map_or(TERMINATED, |range| range.start);
        RangesSet { ranges, at: 0, doc }
    }

    fn current(&self) -> Option<OrdinalRange> {
        self.ranges.0.get(self.at).copied()
    }
}

impl DocSet for RangesSet {
    fn doc(&self) -> Ordinal {
        self.doc
    }

    fn advance(&mut self) -> Ordinal {
        if self.doc == TERMINATED { self.doc } else { self.seek(self.doc + 1) }
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if target <= self.doc {
            return self.doc;
        }
        while self.current().is_some_and(|range| range.end <= target) {
            self.at += 1;
        }
        self.doc = self.current().map_or(TERMINATED, |range| range.start.max(target));
        self.doc
    }

    fn cost(&self) -> u64 {
        let rest = self.ranges.0.get(self.at..).unwrap_or_default();
        rest.iter().map(|range| u64::from(range.len())).sum()
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        let mut count = 0;
        while self.doc < end {
            let Some(range) = self.current() else { break };
            let stop = range.end.min(end);
            count += u64::from(stop - self.doc);
            self.seek(stop);
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(pairs: &[(u32, u32)]) -> Ranges {
        pairs.iter().map(|&(start, end)| OrdinalRange::new(start, end)).collect()
    }

    #[test]
    fn ranges_join_intersect_and_complement() {
        assert_eq!(ranges(&[(5, 9), (1, 3), (3, 4), (7, 8), (20, 20)]), ranges(&[(1, 4), (5, 9)]));
        let both = ranges(&[(1, 4), (5, 9)]).intersect(&ranges(&[(3, 6), (8, 30)]));
        assert_eq!(both, ranges(&[(3, 4), (5, 6), (8, 9)]));
        assert_eq!(ranges(&[(1, 4), (5, 9)]).complement(10), ranges(&[(0, 1), (4, 5), (9, 10)]));
        assert_eq!(ranges(&[]).complement(3), ranges(&[(0, 3)]));
        assert_eq!(ranges(&[(1, 4), (5, 9)]).count(), 7);
    }
}
