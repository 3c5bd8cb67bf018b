//! The door: a request, a view and bounds go in, rows come out.

use std::time::Instant;

use super::docset::DocSet;
use super::open::{Opener, count_live};
use super::plan::Plan;
use super::planner::Planner;
use super::sink::Collect;
use super::{
    Answer, Context, ExecError, Guard, OpenSegment, RowSink, RunOptions, RunStats, View, Warning, ZeroHit,
};
use super::{aggregate, catalogue, explain, find, fold, help, show};
use crate::query::{Predicate, Request};

/// What is known about an answer beside its rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    /// Articles that satisfy the condition, where `with total` asked for it or it is known anyway.
    pub total: Option<u64>,
    /// Where the next page starts, where there is one.
    pub cursor: Option<String>,
    /// Articles whose date is too coarse to be decided.
    pub undecided: u64,
    /// What the reader should know; the rows never depend on it.
    pub warnings: Vec<Warning>,
    /// Why nothing was found; only for `find` and `count` with an empty result.
    pub zero_hit: Option<ZeroHit>,
    /// What the run cost.
    pub stats: RunStats,
}

/// What a statement hands back to the door.
#[derive(Default)]
pub(crate) struct Outcome {
    pub summary: Summary,
    /// Whether nothing satisfied the condition, so that the reader deserves to know why.
    pub is_empty: bool,
    /// The plans of the condition, for the warnings that depend on them.
    pub plans: Option<Plans>,
}

/// Answers `request` on `view`, handing over each row as it is found.
///
/// # Errors
///
/// [`ExecError`] says what the query asked that cannot be answered, which bound of `options` was reached, or which
/// segment is damaged. Rows handed over before stay valid.
pub fn run(
    request: &Request,
    view: &View,
    options: &RunOptions,
    sink: &mut dyn RowSink,
) -> Result<Summary, ExecError> {
    let started = Instant::now();
    let guard = Guard::new(options);
    guard.check()?;
    let context = Context::open(view, &guard)?;
    let folded = fold::view(request, &Planner::new(&context), view)?;
    let mut summary = match &folded {
        Some(folded) => answer_in(request, &Context::open_folded(folded, &guard)?, sink)?,
        None => answer_in(request, &context, sink)?,
    };
    summary.stats.elapsed = started.elapsed();
    summary.stats.postings = guard.postings.get();
    summary.stats.articles_read = guard.articles_read.get();
    Ok(summary)
}

fn answer_in(request: &Request, context: &Context<'_>, sink: &mut dyn RowSink) -> Result<Summary, ExecError> {
    let planner = Planner::new(context);
    let outcome = statement(request, context, &planner, sink)?;
    let summary = advise(request, outcome, &planner)?;
    context.settle()?;
    Ok(summary)
}

/// Answers one statement, without what only the reader of its rows should know.
pub(crate) fn statement(
    request: &Request,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    match request {
        Request::Find(request) => find::find(request, context, planner, sink),
        Request::Count(request) => aggregate::count(request, context, planner, sink),
        Request::Measure(request) => aggregate::measure(request, context, planner, sink),
        Request::Top(request) => aggregate::top(request, context, planner, sink),
        Request::Pairs(request) => aggregate::pairs(request, context, planner, sink),
        Request::Timeline(request) => aggregate::timeline(request, context, planner, sink),
        Request::Show(request) => show::show(request, context, sink),
        Request::Explain { analyze, statement, request } => {
            explain::rows(statement, request, *analyze, context, planner, sink)
        }
        Request::Describe(field) => catalogue::describe(field.as_ref(), context, sink),
        Request::List(catalogued) => catalogue::list(*catalogued, context, sink),
        Request::Export(_) | Request::Write(_) | Request::Define(_) | Request::Drop(_) => {
            Err(ExecError::OnlyRead)
        }
    }
}

/// Adds what the reader should know, now that the rows are out.
fn advise(request: &Request, outcome: Outcome, planner: &Planner<'_, '_>) -> Result<Summary, ExecError> {
    let Outcome { mut summary, is_empty, plans } = outcome;
    summary.warnings.extend(planner.lexicon.take_warnings());
    let (Some(predicate), Some(plans)) = (help::predicate_of(request), plans) else { return Ok(summary) };
    summary.stats.segments = plans.visited();
    summary.warnings.extend(help::scan_warnings(&plans, planner.context)?);
    summary.warnings.extend(help::value_scan_warnings(predicate));
    if !matches!(request, Request::Timeline(_)) {
        summary.undecided = help::undecided(predicate, &plans, planner)?;
        summary.warnings.extend(help::undecided_warning(summary.undecided));
    }
    if is_empty {
        summary.warnings.extend(help::unknown_names(predicate, planner)?);
        summary.zero_hit = Some(help::zero_hit(predicate, planner)?);
    }
    Ok(summary)
}

/// Answers `request` on `view` and collects the rows.
///
/// # Errors
///
/// Those of [`run`].
pub fn answer(request: &Request, view: &View, options: &RunOptions) -> Result<Answer, ExecError> {
    let mut rows = Collect::default();
    let summary = run(request, view, options, &mut rows)?;
    Ok(Answer {
        kind: rows.kind,
        columns: rows.columns,
        rows: rows.rows,
        total: summary.total,
        cursor: summary.cursor,
        undecided: summary.undecided,
        bounds: Vec::new(),
        warnings: summary.warnings,
        zero_hit: summary.zero_hit,
        stats: summary.stats,
    })
}

/// Returns how many articles satisfy a condition.
///
/// # Errors
///
/// Those of [`run`].
pub fn count(predicate: &Predicate, view: &View, options: &RunOptions) -> Result<u64, ExecError> {
    let guard = Guard::new(options);
    let context = Context::open(view, &guard)?;
    let articles = Plans::new(predicate, &Planner::new(&context))?.count(&context)?;
    context.settle()?;
    Ok(articles)
}

/// The plans of one condition, one a segment.
pub(crate) struct Plans {
    pub segments: Vec<Plan>,
}

impl Plans {
    /// Plans `predicate` for every segment.
    pub(crate) fn new(predicate: &Predicate, planner: &Planner<'_, '_>) -> Result<Plans, ExecError> {
        Ok(Plans { segments: planner.plan(predicate)? })
    }

    /// Returns how many live articles satisfy the condition.
    pub(crate) fn count(&self, context: &Context<'_>) -> Result<u64, ExecError> {
        let mut count = 0;
        for (open, plan) in context.segments.iter().zip(&self.segments) {
            count += count_live(context, open, plan)?;
        }
        Ok(count)
    }

    /// Calls `each` with the live matches of each segment that may have some.
    pub(crate) fn each<'a, 'v>(
        &'a self,
        context: &'a Context<'v>,
        mut each: impl FnMut(&'a OpenSegment<'v>, Box<dyn DocSet + 'a>) -> Result<(), ExecError>,
    ) -> Result<(), ExecError> {
        for (open, plan) in context.segments.iter().zip(&self.segments) {
            if matches!(plan, Plan::Nothing) {
                continue;
            }
            each(open, Opener { context, open, tally: None }.live(plan)?)?;
            context.guard.take_fault()?;
        }
        Ok(())
    }

    /// Returns the number of segments that may have matches.
    pub(crate) fn visited(&self) -> u32 {
        self.segments.iter().filter(|plan| !matches!(plan, Plan::Nothing)).count() as u32
    }
}
