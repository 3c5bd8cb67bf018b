//! Articles that lie in every one of several sets.

use super::{DocSet, Ordinal, TERMINATED};

/// Returns the intersection of `sets`: the smallest leads, the others are asked whether they agree.
///
/// Of no sets at all it is empty; the planner never asks for that.
pub(crate) fn intersect<'a>(mut sets: Vec<Box<dyn DocSet + 'a>>) -> Box<dyn DocSet + 'a> {
    sets.sort_by_key(|set| set.cost());
    let mut sets = sets.into_iter();
    let Some(lead) = sets.next() else {
        return Box::new(super::ListSet::new(Vec::new()));
    };
    match (sets.next(), sets.len()) {
        (None, _) => lead,
        (Some(second), 0) => {
            let mut both = Intersect { lead, others: [second] };
            both.settle();
            Box::new(both)
        }
        (Some(second), _) => {
            let others: Vec<_> = [second].into_iter().chain(sets).collect();
            let mut all = Intersect { lead, others };
            all.settle();
            Box::new(all)
        }
    }
}

/// An intersection that always stands where all its sets stand.
struct Intersect<'a, Others> {
    lead: Box<dyn DocSet + 'a>,
    others: Others,
}

impl<'a, Others: AsMut<[Box<dyn DocSet + 'a>]>> Intersect<'a, Others> {
    /// Moves forward from where the lead stands until every set stands on the same article.
    fn settle(&mut self) -> Ordinal {
        let mut doc = self.lead.doc();
        'candidate: while doc != TERMINATED {
            for other in self.others.as_mut() {
                let next = other.seek(doc);
                if next != doc {
                    doc = self.lead.seek(next);
                    continue 'candidate;
                }
            }
            break;
        }
        doc
    }
}

impl<'a, Others: AsMut<[Box<dyn DocSet + 'a>]>> DocSet for Intersect<'a, Others> {
    fn doc(&self) -> Ordinal {
        self.lead.doc()
    }

    fn advance(&mut self) -> Ordinal {
        self.lead.advance();
        self.settle()
    }

    fn seek(&mut self, target: Ordinal) -> Ordinal {
        if self.lead.doc() < target {
            self.lead.seek(target);
            self.settle();
        }
        self.lead.doc()
    }

    fn cost(&self) -> u64 {
        self.lead.cost()
    }
}
