//! Sets that are held in memory.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::{BLOCK, DocSet, Ordinal, TERMINATED};

/// A sorted list of distinct ordinals.
pub(crate) struct ListSet {
    ordinals: Vec<Ordinal>,
    at: usize,
}

impl ListSet {
    /// Returns the set of `ordinals`, which must be ascending and distinct.
    pub(crate) fn new(ordinals: Vec<Ordinal>) -> ListSet {
        debug_assert!(ordinals.is_sorted_by(|a, b| a < b), "ordinals of a list ascend");
        ListSet { ordinals, at: 0 }
    }
}

impl DocSet for ListSet {
    fn doc(&self) -> Ordinal {
        self.ordinals.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn advance(&mut self) -> Ordinal {
        self.at = (self.at + 1).min(self.ordinals.len());
        self.doc()
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        let rest = self.ordinals.get(self.at..).unwrap_or_default();
        self.at += gallop(rest, target);
        self.doc()
    }

    fn cost(&self) -> u64 {
        (self.ordinals.len() - self.at) as u64
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        let before = self.at;
        self.seek(end);
        (self.at - before) as u64
    }
}

/// Returns how many of the ascending `ordinals` lie before `target`, in time logarithmic in the answer.
fn gallop(ordinals: &[Ordinal], target: Ordinal) -> usize {
    let mut reach = 1;
    while ordinals.get(reach - 1).is_some_and(|&ordinal| ordinal < target) {
        reach *= 2;
    }
    let low = reach / 2;
    let window = ordinals.get(low..reach.min(ordinals.len())).unwrap_or_default();
    low.min(ordinals.len()) + window.partition_point(|&ordinal| ordinal < target)
}

/// A compressed bitmap: tombstones, and results that several operators share.
///
/// It remembers the container it reads, so that a walk is linear although roaring's iterators cannot be stored
/// beside what they borrow.
pub(crate) struct BitmapSet {
    bitmap: Arc<RoaringBitmap>,
    /// The next ordinals, decoded ahead.
    block: Vec<Ordinal>,
    at: usize,
    /// How many articles of the bitmap come after `block`.
    left: u64,
}

impl BitmapSet {
    /// Returns the set of the ordinals in `bitmap`.
    pub(crate) fn new(bitmap: Arc<RoaringBitmap>) -> BitmapSet {
        let left = bitmap.len();
        let mut set = BitmapSet { bitmap, block: Vec::with_capacity(BLOCK), at: 0, left };
        set.load(0);
        set
    }

    /// Decodes the ordinals from `start` on.
    fn load(&mut self, start: Ordinal) {
        self.block.clear();
        self.at = 0;
        self.block.extend(self.bitmap.range(start..).take(BLOCK));
        self.left = self.left.saturating_sub(self.block.len() as u64);
    }
}

impl DocSet for BitmapSet {
    fn doc(&self) -> Ordinal {
        self.block.get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn advance(&mut self) -> Ordinal {
        let doc = self.doc();
        if doc == TERMINATED {
            return doc;
        }
        self.at += 1;
        if self.at == self.block.len() {
            self.load(doc + 1);
        }
        self.doc()
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if self.doc() >= target {
            return self.doc();
        }
        if self.block.last().is_none_or(|&last| last < target) {
            self.load(target);
        } else {
            let rest = self.block.get(self.at..).unwrap_or_default();
            self.at += rest.partition_point(|&ordinal| ordinal < target);
        }
        self.doc()
    }

    fn cost(&self) -> u64 {
        self.left + (self.block.len() - self.at) as u64
    }
}
