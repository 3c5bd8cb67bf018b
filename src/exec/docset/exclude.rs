//! Articles of one set that are not in another: the exact complement.

use super::{DocSet, Ordinal, TERMINATED};

/// The difference of two sets.
pub(crate) struct Exclude<'a> {
    kept: Box<dyn DocSet + 'a>,
    removed: Box<dyn DocSet + 'a>,
}

impl<'a> Exclude<'a> {
    /// Returns the articles of `kept` that are not in `removed`.
    pub(crate) fn new(kept: Box<dyn DocSet + 'a>, removed: Box<dyn DocSet + 'a>) -> Exclude<'a> {
        let mut set = Exclude { kept, removed };
        set.settle();
        set
    }

    fn settle(&mut self) -> Ordinal {
        let mut doc = self.kept.doc();
        while doc != TERMINATED && self.removed.seek(doc) == doc {
            doc = self.kept.advance();
        }
        doc
    }
}

impl DocSet for Exclude<'_> {
    fn doc(&self) -> Ordinal {
        self.kept.doc()
    }

    fn advance(&mut self) -> Ordinal {
        self.kept.advance();
        self.settle()
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if self.kept.doc() < target {
            self.kept.seek(target);
            self.settle();
        }
        self.kept.doc()
    }

    fn cost(&self) -> u64 {
        self.kept.cost()
    }
}
