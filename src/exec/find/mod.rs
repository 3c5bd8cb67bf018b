//! `find`: articles in a total order, a page at a time.

mod cursor;
mod hits;
mod newest;
mod oldest;
mod project;
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
    if find.with.duplicates_folded {
        return Err(ExecError::NotExecuted { what: "`with duplicates folded`".to_owned() });
    }
    let plans = Plans::new(&find.predicate, planner)?;
    let order = order_of(&find.order, context);
    let scored = find.with.score || order.keys().iter().any(|key| key.by == OrderBy::Relevance);
    let scoring = if scored { Some(Scoring::new(&find.predicate, planner)?) } else { None };
    let after = find.after.as_deref().map(|text| Cursor::read(text, find)).transpose()?;
    let projector = Projector::of_find(find, context);
    sink.start(AnswerKind::Find, projector.columns());

    let mut hits: Box<dyn Hits + '_> = match &order {
        Sorting::Newest => Box::new(newest::Newest::new(context, &plans, after.as_ref())?),
        Sorting::Oldest => Box::new(oldest::Oldest::new(context, &plans, after.as_ref())),
        Sorting::Keys(keys) => {
            let wanted = find.limit.map(|limit| limit.saturating_add(find.offset).saturating_add(1));
            let page = sorted::Page { keys, scoring: scoring.as_ref(), after: after.as_ref(), wanted };
            Box::new(sorted::Sorted::new(context, &plans, &page)?)
        }
    };
    let mut page = Paging { limit: find.limit.unwrap_or(u64::MAX), last: None, rows: 0, stopped: false };
    let skipped = skip(hits.as_mut(), find.offset)?;
    while page.rows < page.limit {
        let Some(hit) = hits.next()? else { break };
        let row = projector.row(&hit, context, scoring.as_ref())?;
        page.rows += 1;
        page.last = Some(hit);
        if sink.row(row).is_break() {
            page.stopped = true;
            break;
        }
    }
    let more = !page.stopped && page.rows == page.limit && hits.next()?.is_some();
    drop(hits);
    let mut summary = Summary::default();
    if more {
        summary.cursor = page.last.as_ref().map(|hit| Cursor::behind(hit, context, find).write());
    }
    summary.total = match (find.with.total, find.after.is_none() && !more && !page.stopped) {
        (_, true) if skipped == find.offset => Some(skipped + page.rows),
        (true, _) => Some(plans.count(context)?),
        (false, _) => None,
    };
    let is_empty = page.rows == 0 && find.offset == 0 && find.after.is_none();
    Ok(Outcome { summary, is_empty, plans: Some(plans) })
}

/// How far a page has come.
struct Paging {
    limit: u64,
    last: Option<Hit>,
    rows: u64,
    /// Whether the reader of the rows wants no more.
    stopped: bool,
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

/// The three ways to walk through the archive.
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
