//! Articles that lie in every one of several sets.

use super::{BLOCK, Block, DocSet, Ordinal, TERMINATED, WINDOW, WINDOW_EMPTY};

/// Sets at most so many times as long as the lead are read whole rather than sought in, where articles are counted.
const READ_WHOLE_MAX: u64 = 8;

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

    /// Counts articles as the bits that windows of all sets have in common, while whole windows lie before `end` and no
    /// set is much longer than the lead.
    fn count_windows(&mut self, end: Ordinal) -> u64 {
        let longest = self.lead.cost().saturating_mul(READ_WHOLE_MAX);
        if self.others.as_mut().iter().any(|other| other.cost() > longest) {
            return 0;
        }
        let mut count = 0;
        loop {
            let start = self.lead.doc();
            if start.saturating_add(WINDOW) > end || start == TERMINATED {
                return count;
            }
            let mut common = WINDOW_EMPTY;
            self.lead.mark(start, &mut common);
            for other in self.others.as_mut() {
                let mut window = WINDOW_EMPTY;
                other.mark(start, &mut window);
                common.iter_mut().zip(&window).for_each(|(common, bits)| *common &= bits);
            }
            count += common.iter().map(|bits| u64::from(bits.count_ones())).sum::<u64>();
            self.settle();
        }
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

    /// Lets the lead fill the block and each other set strike out what it lacks: a call a block, not one an article.
    fn fill(&mut self, end: Ordinal, block: &mut Block) -> usize {
        while self.lead.doc() < end {
            let mut filled = self.lead.fill(end, block);
            for other in self.others.as_mut() {
                filled = other.retain(block, filled);
            }
            self.settle();
            if filled > 0 {
                return filled;
            }
        }
        0
    }

    fn count_until(&mut self, end: Ordinal) -> u64 {
        let (mut count, mut block) = (self.count_windows(end), [0; BLOCK]);
        while self.lead.doc() < end {
            count += self.fill(end, &mut block) as u64;
        }
        count
    }
}
