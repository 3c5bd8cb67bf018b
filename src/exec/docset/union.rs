//! Articles that lie in at least one of several sets.
//!
//! A window of 4,096 ordinals is filled as a bitmap by each set in turn; the sets are long and the window is short, so
//! this reads each of them in a tight loop instead of asking a heap for every article.
#![allow(clippy::indexing_slicing)] // Word indexes are ordinals inside the window, divided by 64.

use super::{DocSet, Ordinal, TERMINATED, WINDOW, WINDOW_EMPTY, Window};

/// Returns the union of `sets`.
pub(crate) fn union<'a>(mut sets: Vec<Box<dyn DocSet + 'a>>) -> Box<dyn DocSet + 'a> {
    sets.retain(|set| set.doc() != TERMINATED);
    match sets.len() {
        0 => Box::new(super::ListSet::new(Vec::new())),
        1 => sets.remove(0),
        _ => Box::new(Union::new(sets)),
    }
}

struct Union<'a> {
    sets: Vec<Box<dyn DocSet + 'a>>,
    /// One bit an ordinal from `start` on; the bit of `doc` and those before it are cleared.
    window: Box<Window>,
    start: Ordinal,
    doc: Ordinal,
}

impl<'a> Union<'a> {
    fn new(sets: Vec<Box<dyn DocSet + 'a>>) -> Union<'a> {
        let mut union = Union { sets, window: Box::new(WINDOW_EMPTY), start: 0, doc: 0 };
        union.refill();
        union
    }

    /// Moves the window to the first article of any set and stands on it.
    fn refill(&mut self) -> Ordinal {
        self.sets.retain(|set| set.doc() != TERMINATED);
        let Some(first) = self.sets.iter().map(|set| set.doc()).min() else {
            self.doc = TERMINATED;
            return self.doc;
        };
        self.start = first;
        for set in &mut self.sets {
            set.mark(first, &mut self.window);
        }
        self.doc = first;
        self.window[0] &= !1;
        first
    }

    /// Returns the first article of the window whose bit is set, from bit `from` on, and clears it.
    fn take_next(&mut self, from: Ordinal) -> Option<Ordinal> {
        let mut word = (from / 64) as usize;
        let mut bits = self.window.get(word)? & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            bits = *self.window.get(word)?;
        }
        self.window[word] = bits & (bits - 1);
        Some(self.start + word as u32 * 64 + bits.trailing_zeros())
    }
}

impl DocSet for Union<'_> {
    fn doc(&self) -> Ordinal {
        self.doc
    }

    fn advance(&mut self) -> Ordinal {
        if self.doc == TERMINATED {
            return self.doc;
        }
        match self.take_next(self.doc - self.start) {
            Some(next) => self.doc = next,
            None => {
                self.window.fill(0);
                self.refill();
            }
        }
        self.doc
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if target <= self.doc {
            return self.doc;
        }
        if target - self.start < WINDOW {
            // Bits before the target stay set in earlier words; nothing looks back at them before a refill.
            if let Some(next) = self.take_next(target - self.start) {
                self.doc = next;
                return next;
            }
        }
        self.window.fill(0);
        for set in &mut self.sets {
            set.seek(target);
        }
        self.refill()
    }

    fn cost(&self) -> u64 {
        self.sets.iter().map(|set| set.cost()).sum()
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        let mut count = 0;
        while self.doc < end {
            let window_end = self.start.saturating_add(WINDOW);
            if window_end > end {
                count += 1;
                self.advance();
                continue;
            }
            let from = self.doc - self.start;
            let (word, mask) = ((from / 64) as usize, u64::MAX << (from % 64));
            let rest: u32 = self.window[word + 1..].iter().map(|bits| bits.count_ones()).sum();
            count += 1 + u64::from((self.window[word] & mask).count_ones() + rest);
            self.window.fill(0);
            self.refill();
        }
        count
    }
}
