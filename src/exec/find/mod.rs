//! `find`: articles in a total order, a page at a time.

mod cursor;
mod hits;
mod newest;
mod oldest;
mod project;
mod relevance;
mod sorted;

use super::planner::Planner;
use super::run::{Outcome, Plans};
use super::score::Scoring;
use super::{AnswerKind, Context, ExecError, RowSink, Summary};
use crate::date::{Offset, Precision};
use crate::query::{Find, Order, OrderBy, OrderKey};
use crate::schema::{Builtin, FieldName};
use cursor::Cursor;
use hits::{Hit, Hits};

pub(crate) use project::Projector;

/// Answers `find`.
pub(crate) fn find(
    find: &Find,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let plans = Plans::new(&find.predicate, planner)?;
    let order = order_of(&find.order, context);
    let scored = find.with.score || order.keys().iter().any(|key| key.by == OrderBy::Relevance);
    let scoring = if scored { Some(Scoring::new(&find.predicate, planner)?) } else { None };
    let after = find.after.as_deref().map(|text| Cursor::read(text, find)).transpose()?;
    let projector = Projector::of_find(find, context);
    sink.start(AnswerKind::Find, projector.columns());

    let walk =
        Walk { context, plans: &plans, order: &order, scoring: scoring.as_ref(), after: after.as_ref() };
    let mut hits = walk.start(find)?;
    let page = Page::emit(find, hits.as_mut(), &mut |hit| {
        Ok(sink.row(projector.row(hit, context, scoring.as_ref())?).is_break())
    })?;
    drop(hits);
    let mut summary = Summary::default();
    if let (true, Some(last)) = (page.has_more, &page.last) {
        summary.cursor = Some(Cursor::behind(last, context, find).write());
    }
    summary.total = match page.total(find) {
        None if find.with.total => Some(plans.count(context)?),
        known => known,
    };
    let is_empty = page.rows == 0 && find.offset == 0 && find.after.is_none();
    Ok(Outcome { summary, is_empty, plans: Some(plans) })
}

/// What a walk through the archive needs to know.
struct Walk<'a, 'v> {
    context: &'a Context<'v>,
    plans: &'a Plans,
    order: &'a Sorting,
    scoring: Option<&'a Scoring>,
    after: Option<&'a Cursor>,
}

impl<'a> Walk<'a, '_> {
    fn start(&self, find: &Find) -> Result<Box<dyn Hits + 'a>, ExecError> {
        let (context, plans) = (self.context, self.plans);
        Ok(match self.order {
            Sorting::Newest => Box::new(newest::Newest::new(context, plans, self.after)?),
            Sorting::Oldest => Box::new(oldest::Oldest::new(context, plans, self.after)),
            Sorting::Keys(keys) => {
                let wanted = find.limit.map(|limit| limit.saturating_add(find.offset).saturating_add(1));
                let page = sorted::Page { keys, scoring: self.scoring, after: self.after, wanted };
                match relevance::Relevance::suits(&page) {
                    true => Box::new(relevance::Relevance::new(context, plans, &page)?),
                    false => Box::new(sorted::Sorted::new(context, plans, &page)?),
                }
            }
        })
    }
}

/// How far a page came.
struct Page {
    /// Articles left out before the first.
    skipped: u64,
    rows: u64,
    last: Option<Hit>,
    /// Whether there are articles behind the last.
    has_more: bool,
    /// Whether the reader of the rows wanted no more.
    stopped: bool,
}

impl Page {
    /// Hands over the hits of the page; `row` tells whether the reader wants no more.
    fn emit(
        find: &Find,
        hits: &mut dyn Hits,
        row: &mut dyn FnMut(&Hit) -> Result<bool, ExecError>,
    ) -> Result<Page, ExecError> {
        let limit = find.limit.unwrap_or(u64::MAX);
        let skipped = skip(hits, find.offset)?;
        let mut page = Page { skipped, rows: 0, last: None, has_more: false, stopped: false };
        while page.rows < limit && !page.stopped {
            let Some(hit) = hits.next()? else { return Ok(page) };
            page.stopped = row(&hit)?;
            page.rows += 1;
            page.last = Some(hit);
        }
        page.has_more = !page.stopped && hits.next()?.is_some();
        Ok(page)
    }

    /// Returns the number of matches, where the page came to the end of them.
    fn total(&self, find: &Find) -> Option<u64> {
        let saw_all = find.after.is_none() && !self.has_more && !self.stopped && self.skipped == find.offset;
        saw_all.then_some(self.skipped + self.rows)
    }
}

/// Leaves out articles before the page; returns how many there were.
fn skip(hits: &mut dyn Hits, offset: u64) -> Result<u64, ExecError> {
    for skipped in 0..offset {
        if hits.next()?.is_none() {
            return Ok(skipped);
        }
    }
    Ok(offset)
}

/// The ways to walk through the archive.
#[derive(Debug, Clone, PartialEq)]
enum Sorting {
    Newest,
    Oldest,
    Keys(Vec<OrderKey>),
}

impl Sorting {
    fn keys(&self) -> &[OrderKey] {
        match self {
            Sorting::Newest | Sorting::Oldest => &[],
            Sorting::Keys(keys) => keys,
        }
    }
}

/// Returns how to walk: an order by the publication date alone mostly needs no sorting.
///
/// By value, a date is larger than another of the same start when it ends later; newest first puts the one that ends
/// earlier first. The two agree where all dates are of one precision.
fn order_of(order: &Order, context: &Context<'_>) -> Sorting {
    let keys = match order {
        Order::Newest => return Sorting::Newest,
        Order::Oldest => return Sorting::Oldest,
        Order::Keys(keys) => keys,
    };
    match keys.as_slice() {
        [] => Sorting::Newest,
        [OrderKey { by: OrderBy::Field(field), descending }]
            if field.name == FieldName::Builtin(Builtin::Date) =>
        {
            match descending {
                false => Sorting::Oldest,
                true if has_one_precision(context) => Sorting::Newest,
                true => Sorting::Keys(keys.clone()),
            }
        }
        keys => Sorting::Keys(keys.to_vec()),
    }
}

fn has_one_precision(context: &Context<'_>) -> bool {
    let is_used =
        |precision: &&Precision| context.segments.iter().any(|open| open.dates.count(**precision) > 0);
    Precision::ALL.iter().filter(is_used).count() <= 1
}

/// Returns the zone that the dates of a `find` are shown in.
fn zone_of(find: &Find) -> Offset {
    find.zone
}
