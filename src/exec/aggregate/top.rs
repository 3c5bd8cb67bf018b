//! `top`: the values that most matching articles have.

use super::count::{Spellings, tally};
use super::frequent::most_frequent;
use super::group::{GroupId, Grouping};
use super::rows::{Figure, GroupRow, Layout, keep_first};
use crate::date::Offset;
use crate::exec::planner::Planner;
use crate::exec::run::{Outcome, Plans};
use crate::exec::{AnswerKind, CellType, Column, Context, ExecError, RowSink, Summary};
use crate::query::{GroupKey, Top};
use crate::schema::FieldType;

/// Answers `top`.
pub(crate) fn top(
    top: &Top,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let plans = Plans::new(&top.predicate, planner)?;
    let mut groupings = [Grouping::new(&GroupKey::Field(top.field.clone()), Offset::UTC, context)?];
    let Ranking { ranked, missing, matching } = rank(top, &plans, &mut groupings, context)?;
    let row = |(id, count)| GroupRow {
        series: 0,
        ids: vec![id],
        figures: vec![Figure::count(count), Figure::share(count, matching)],
    };
    let layout = Layout {
        series: Vec::new(),
        groupings: &groupings,
        figures: vec![("articles", FieldType::Number), ("share", FieldType::Number)],
        order: &[],
        limit: None,
        offset: 0,
    };
    sink.start(AnswerKind::Top, &named(layout.columns(), &["value"]));
    layout.emit(ranked.into_iter().map(row).collect(), context, sink)?;
    // The row of articles without the field is asked for beside the ranking, so it takes nobody's place in it.
    layout.emit(missing.into_iter().map(row).collect(), context, sink)?;
    let summary = Summary { total: top.with.total.then_some(matching), ..Summary::default() };
    Ok(Outcome { summary, is_empty: matching == 0, plans: Some(plans) })
}

/// The values of a ranking with their articles.
struct Ranking {
    ranked: Vec<(GroupId, u64)>,
    /// The row of articles without the field, where it is asked for.
    missing: Option<(GroupId, u64)>,
    matching: u64,
}

fn rank(
    top: &Top,
    plans: &Plans,
    groupings: &mut [Grouping; 1],
    context: &Context<'_>,
) -> Result<Ranking, ExecError> {
    let wanted = usize::try_from(top.limit).unwrap_or(usize::MAX);
    let [grouping] = groupings;
    if grouping.is_plain_keyword() && !top.with.missing {
        let frequent = most_frequent(plans, &top.field.name, wanted, grouping, context)?;
        return Ok(Ranking { ranked: frequent.groups, missing: None, matching: frequent.articles });
    }
    let counts = tally(plans, groupings, top.with.missing, context, Spellings::Count)?;
    let [grouping] = groupings;
    let (missing, mut ranked): (Vec<_>, Vec<_>) =
        counts.singles().partition(|(id, _)| grouping.is_missing(*id));
    keep_first(&mut ranked, wanted, |a, b| b.1.cmp(&a.1).then_with(|| grouping.compare(a.0, b.0, false)));
    Ok(Ranking { ranked, missing: missing.first().copied(), matching: counts.articles })
}

/// Gives the first columns other names; of a value, the type stays.
pub(crate) fn named(mut columns: Vec<Column>, names: &[&str]) -> Vec<Column> {
    for (column, name) in columns.iter_mut().zip(names) {
        column.name = (*name).to_owned();
        if let CellType::Field(FieldType::Quote) = column.cell_type {
            column.cell_type = CellType::Field(FieldType::Keyword);
        }
    }
    columns
}
