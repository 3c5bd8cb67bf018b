//! The first page by relevance: what cannot be on it any more is passed over without a look.
//!
//! Each block of a word's list keeps a frontier, from which an upper bound of its scores follows. A segment is walked in
//! windows that no block ends in; a window whose bound is below the worst score kept so far is skipped (block-max
//! indexes: Ding and Suel, "Faster top-k document retrieval using block-max indexes", SIGIR 2011). Where the condition
//! is that any of some words stands in the text, words that together cannot lift an article onto the page do not lead
//! either (MaxScore: Turtle and Flood, "Query evaluation: strategies and optimizations", 1995).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::cursor::Cursor;
use super::hits::{Hit, Hits};
use super::sorted::Page;
use crate::exec::check::{open_all, passes_all};
use crate::exec::disjunction::Disjunction;
use crate::exec::docset::{BLOCK, DocSet, Ordinal, OrdinalRange, TERMINATED};
use crate::exec::open::{Opener, whole};
use crate::exec::order::SortKey;
use crate::exec::plan::{Plan, Source};
use crate::exec::run::Plans;
use crate::exec::score::Scoring;
use crate::exec::{Context, ExecError, OpenSegment, Place};
use crate::query::{OrderBy, OrderKey};

/// Longest page that is kept as a heap.
const PAGE_MAX: u64 = 10_000;

/// Articles by falling score, then newest first, then by number.
pub(crate) struct Relevance {
    hits: std::vec::IntoIter<Kept>,
}

impl Relevance {
    /// Tells whether a page is one that this walk is made for.
    pub(crate) fn suits(page: &Page<'_>) -> bool {
        matches!(page.keys, [OrderKey { by: OrderBy::Relevance, descending: true }])
            && page.wanted.is_some_and(|wanted| wanted <= PAGE_MAX)
    }

    /// Finds the page.
    pub(crate) fn new(context: &Context<'_>, plans: &Plans, page: &Page<'_>) -> Result<Relevance, ExecError> {
        let scoring = page.scoring.ok_or(ExecError::NothingToScore)?;
        let mut first = First::new(page);
        for (open, plan) in context.segments.iter().zip(&plans.segments) {
            if matches!(plan, Plan::Nothing) {
                continue;
            }
            let (offsets, ranges) = words_of(plan, open).unwrap_or_default();
            match scoring.any_of(&offsets, open)? {
                Some(words) if !offsets.is_empty() => first.add_words(context, open, words, &ranges)?,
                _ => first.add_segment(context, open, plan, scoring)?,
            }
        }
        context.guard.take_fault()?;
        Ok(Relevance { hits: first.kept.into_sorted_vec().into_iter() })
    }
}

impl Hits for Relevance {
    fn next(&mut self) -> Result<Option<Hit>, ExecError> {
        let hit = |kept: Kept| Hit {
            segment: kept.segment,
            ordinal: kept.ordinal,
            keys: vec![SortKey::Score(kept.score)],
        };
        Ok(self.hits.next().map(hit))
    }
}

/// Returns the words of a plan whose articles are those that have any of them, and where it looks for them.
fn words_of(plan: &Plan, open: &OpenSegment<'_>) -> Option<(Vec<u64>, Vec<OrdinalRange>)> {
    let (plan, ranges) = match plan {
        Plan::Bound(ranges, part) => (&**part, ranges.iter().collect()),
        other => (other, vec![whole(open)]),
    };
    let lists = match plan {
        Plan::Any(parts) => parts.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut offsets = Vec::new();
    for list in lists {
        let Plan::List(list) = list else { return None };
        let Source::Words(words) = &list.source else { return None };
        offsets.extend(words.iter().map(|word| word.offset));
    }
    Some((offsets, ranges))
}

/// An article that may be on the page; the larger of two is the one that comes later.
struct Kept {
    score: f64,
    place: Place,
    segment: usize,
    ordinal: Ordinal,
}

impl Ord for Kept {
    fn cmp(&self, other: &Kept) -> Ordering {
        other.score.total_cmp(&self.score).then_with(|| self.place.newest(&other.place))
    }
}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Kept) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Kept {
    fn eq(&self, other: &Kept) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Kept {}

/// The first so many of the articles seen so far.
struct First<'a> {
    after: Option<&'a Cursor>,
    wanted: usize,
    kept: BinaryHeap<Kept>,
}

impl<'a> First<'a> {
    fn new(page: &Page<'a>) -> First<'a> {
        let wanted = page.wanted.and_then(|wanted| usize::try_from(wanted).ok()).unwrap_or(0);
        First { after: page.after, wanted, kept: BinaryHeap::new() }
    }

    /// Returns the score that an article must reach; articles of the same score may still come first.
    fn least(&self) -> f64 {
        match self.kept.peek() {
            Some(worst) if self.kept.len() >= self.wanted => worst.score,
            _ => f64::NEG_INFINITY,
        }
    }

    /// Walks through the articles of any plan, window by window; those that have to be looked at are, where their
    /// score may be high enough.
    fn add_segment(
        &mut self,
        context: &Context<'_>,
        open: &OpenSegment<'_>,
        plan: &Plan,
        scoring: &Scoring,
    ) -> Result<(), ExecError> {
        let (candidates, checks) = match plan {
            Plan::Checked(candidates, checks) => (&**candidates, checks.as_slice()),
            plan => (plan, [].as_slice()),
        };
        let mut scorer = scoring.open(context, open)?;
        let mut checks = open_all(checks, context, open)?;
        let mut set = Opener { context, open, tally: None }.live(candidates)?;
        let (mut doc, mut block) = (set.doc(), [0; BLOCK]);
        while doc != TERMINATED {
            let window = scorer.window(doc);
            let mut looked_at = 1;
            if window.bound < self.least() {
                doc = set.seek(window.last.saturating_add(1));
            } else {
                looked_at = set.fill(window.last.saturating_add(1), &mut block);
                for &doc in block.iter().take(looked_at) {
                    let passes = checks.is_empty()
                        || scorer.bound(doc) >= self.least() && passes_all(&mut checks, doc, context.guard)?;
                    if passes {
                        self.offer(open, doc, scorer.score(doc)?);
                    }
                }
                doc = set.doc();
            }
            context.guard.tick(looked_at as u32)?;
        }
        Ok(())
    }

    /// Walks through the articles that have any of some words.
    fn add_words(
        &mut self,
        context: &Context<'_>,
        open: &OpenSegment<'_>,
        mut words: Disjunction<'_>,
        ranges: &[OrdinalRange],
    ) -> Result<(), ExecError> {
        for range in ranges {
            let mut from = range.start;
            while from < range.end {
                let Some(last) = words.enter(from, self.least()) else { break };
                let end = last.saturating_add(1).min(range.end);
                let mut looked_at = 1;
                while let Some((doc, score)) = words.next(end, self.least()) {
                    if open.dead.as_ref().is_none_or(|dead| !dead.contains(doc)) {
                        self.offer(open, doc, score);
                    }
                    looked_at += 1;
                }
                context.guard.tick(looked_at)?;
                from = end;
            }
        }
        Ok(())
    }

    fn offer(&mut self, open: &OpenSegment<'_>, ordinal: Ordinal, score: f64) {
        if score < self.least() {
            return;
        }
        let kept = Kept { score, place: open.place(ordinal), segment: open.index, ordinal };
        if !self.is_behind_cursor(&kept) {
            return;
        }
        self.kept.push(kept);
        if self.kept.len() > self.wanted {
            self.kept.pop();
        }
    }

    fn is_behind_cursor(&self, kept: &Kept) -> bool {
        let Some(cursor) = self.after else { return true };
        let [SortKey::Score(score)] = cursor.keys() else { return false };
        score.total_cmp(&kept.score).then_with(|| kept.place.newest(&cursor.place())).is_gt()
    }
}
