//! The twin's answer against the executor's, cell by cell.

use dateline::date::Offset;
use dateline::exec::{Answer, Cell, Snippet};
use dateline::query::ast::{Query, Statement};
use dateline::value::Value;

use super::rows::{TwinAnswer, TwinCell};

/// Says where the answers differ; `Ok` where they agree.
pub fn compare(
    statement: &Statement,
    expected: &TwinAnswer,
    got: &Answer,
    zone: Offset,
) -> Result<(), String> {
    let columns: Vec<&str> = got.columns.iter().map(|column| column.name.as_str()).collect();
    if let Statement::Show(_) = statement {
        return compare_ids(expected, got);
    }
    let mut wanted: Vec<usize> = Vec::new();
    for name in &expected.columns {
        let Some(index) = columns.iter().position(|column| column == name) else {
            return Err(format!("no column {name} in {columns:?}"));
        };
        wanted.push(index);
    }
    if columns.len() != expected.columns.len() {
        return Err(format!("columns {columns:?}, expected {:?}", expected.columns));
    }
    if got.rows.len() != expected.rows.len() {
        return Err(format!("{} rows, expected {}", got.rows.len(), expected.rows.len()));
    }
    for (number, (row, expected_row)) in got.rows.iter().zip(&expected.rows).enumerate() {
        for ((index, cell), name) in wanted.iter().zip(expected_row).zip(&expected.columns) {
            let found = &row.cells[*index];
            if !is_same(cell, found, zone) {
                return Err(format!("row {number}, {name}: {found:?}, expected {cell:?}"));
            }
        }
    }
    if let Some(total) = got.total.filter(|total| *total != expected.total) {
        return Err(format!("total {total}, expected {}", expected.total));
    }
    let is_timeline = matches!(statement, Statement::Query(Query::Timeline(_)));
    if is_timeline && got.undecided != expected.undecided {
        return Err(format!("{} undecided, expected {}", got.undecided, expected.undecided));
    }
    Ok(())
}

fn compare_ids(expected: &TwinAnswer, got: &Answer) -> Result<(), String> {
    let found: Vec<_> = got.rows.iter().map(|row| row.id.map(|id| i64::from(id.0))).collect();
    let wanted: Vec<_> = expected
        .rows
        .iter()
        .map(|row| match row.first() {
            Some(TwinCell::One(Value::Number(number))) => Some(number.as_f64() as i64),
            _ => None,
        })
        .collect();
    if found == wanted { Ok(()) } else { Err(format!("articles {found:?}, expected {wanted:?}")) }
}

/// Dates are the same where the reader's clock shows the same.
fn is_same(expected: &TwinCell, found: &Cell, zone: Offset) -> bool {
    let here = |value: &Value| match value {
        Value::Date(date) => Value::Date(date.in_zone(zone)),
        other => other.clone(),
    };
    match (expected, found) {
        (TwinCell::Any, _) | (TwinCell::Missing, Cell::Missing) => true,
        (TwinCell::Json(expected), Cell::Json(found)) => expected == found,
        (TwinCell::Snippets, Cell::Snippets(found)) => found.iter().all(is_extract),
        (TwinCell::One(expected), Cell::One(found)) => here(expected) == here(found),
        (TwinCell::Many(expected), Cell::Many(found)) => expected.iter().map(here).eq(found.iter().map(here)),
        (TwinCell::About(expected), Cell::One(Value::Number(found))) => {
            (expected - found.as_f64()).abs() <= 1e-9 * expected.abs().max(1.0)
        }
        _ => false,
    }
}

/// What is marked in an extract lies inside it, in order.
fn is_extract(snippet: &Snippet) -> bool {
    let ends = snippet.matches.iter().flat_map(|(start, end)| [*start as usize, *end as usize]);
    let ends: Vec<usize> = ends.collect();
    ends.is_sorted() && ends.iter().all(|end| snippet.text.is_char_boundary(*end))
}
