//! The door: a request, a view and bounds go in, rows come out.

use super::sink::Collect;
use super::{Answer, ExecError, RowSink, RunOptions, RunStats, View, Warning, ZeroHit};
use crate::query::Request;

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
    let _ = (request, view, options, sink);
    Err(ExecError::NotExecuted { what: "this statement".to_owned() })
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
