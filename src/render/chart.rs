//! What a chart shows: the numbers of a result, by bucket or by name.

use super::cell::cell_text;
use crate::date::Offset;
use crate::exec::{AnswerKind, Cell, Column, Row};
use crate::value::Value;

/// Names that bars are drawn for; the rest is counted under them.
pub(super) const BARS_MAX: usize = 50;

/// Series that lines are drawn for.
pub(super) const SERIES_MAX: usize = 12;

/// A chart, ready to be drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Chart {
    /// What its numbers count.
    pub unit: String,
    pub shape: Shape,
}

/// How the numbers are drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A number a bucket of time, in one series or several.
    Time { buckets: Vec<Bucket>, series: Vec<Series> },
    /// A number a name, and how many names are left out.
    Names { bars: Vec<(String, f64)>, left_out: usize },
}

/// A bucket of a time axis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bucket {
    pub name: String,
    /// Whether the period of the query covers only a part of it.
    pub is_partial: bool,
}

/// The numbers of one series, one a bucket.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub name: String,
    pub values: Vec<f64>,
}

/// Takes the rows of a result until its chart can be drawn.
#[derive(Debug, Clone)]
pub(super) struct ChartRows {
    plan: Plan,
    zone: Offset,
    rows: Vec<Taken>,
}

/// Which columns say what.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Plan {
    is_time: bool,
    names: Vec<usize>,
    series: Option<usize>,
    value: usize,
    partial: Option<usize>,
    unit: String,
}

/// What a chart takes of a row.
#[derive(Debug, Clone)]
struct Taken {
    name: String,
    is_date: bool,
    series: String,
    value: f64,
    is_partial: bool,
}

impl ChartRows {
    /// Prepares for a result of this kind; `None` where no chart shows it.
    pub fn of(kind: AnswerKind, columns: &[Column], zone: Offset) -> Option<ChartRows> {
        Plan::of(kind, columns).map(|plan| ChartRows { plan, zone, rows: Vec::new() })
    }

    /// Takes a row.
    pub fn add(&mut self, row: &Row) {
        let cell = |at: usize| row.cells.get(at).unwrap_or(&Cell::Missing);
        let text = |at: &usize| cell_text(cell(*at), self.zone);
        let names: Vec<String> = self.plan.names.iter().map(text).collect();
        let flag = |at: usize| matches!(cell(at), Cell::One(Value::Boolean(true)));
        self.rows.push(Taken {
            name: names.join(" – "),
            is_date: self.plan.names.iter().all(|at| matches!(cell(*at), Cell::One(Value::Date(_)))),
            series: self.plan.series.as_ref().map(text).unwrap_or_default(),
            value: number(cell(self.plan.value)),
            is_partial: self.plan.partial.is_some_and(flag),
        });
    }

    /// Returns the chart of the rows taken; `None` where there are none.
    pub fn chart(self) -> Option<Chart> {
        if self.rows.is_empty() {
            return None;
        }
        let is_time = self.plan.is_time || self.rows.len() > 2 && self.rows.iter().all(|row| row.is_date);
        let shape = if is_time { over_time(self.rows) } else { by_name(self.rows) };
        Some(Chart { unit: self.plan.unit, shape })
    }
}

impl Plan {
    fn of(kind: AnswerKind, columns: &[Column]) -> Option<Plan> {
        let position = |name: &str| columns.iter().position(|column| column.name == name);
        let plan = |names: Vec<usize>, value: usize, unit: &str| Plan {
            is_time: false,
            names,
            series: None,
            value,
            partial: None,
            unit: unit.to_owned(),
        };
        match kind {
            AnswerKind::Timeline => {
                let value = position("count").or_else(|| position("share"))?;
                let unit = columns.get(value).filter(|column| column.name == "share");
                Some(Plan {
                    is_time: true,
                    series: position("series"),
                    partial: position("partial"),
                    ..plan(vec![position("bucket")?], value, unit.map_or("articles", |_| "share"))
                })
            }
            AnswerKind::Top => Some(plan(vec![position("value")?], position("articles")?, "articles")),
            AnswerKind::Pairs => {
                Some(plan(vec![position("first")?, position("second")?], position("articles")?, "articles"))
            }
            AnswerKind::Count => {
                let value = position("count").filter(|at| *at > 0)?;
                let series = position("series").filter(|at| *at < value);
                let names = (0..value).filter(|at| Some(*at) != series).collect();
                Some(Plan { series, ..plan(names, value, "articles") })
            }
            _ => None,
        }
    }
}

/// Puts rows side by side by their buckets, in the order in which both appear.
fn over_time(rows: Vec<Taken>) -> Shape {
    let mut buckets: Vec<Bucket> = Vec::new();
    let mut places = std::collections::HashMap::new();
    let mut series: Vec<Series> = Vec::new();
    for row in rows {
        let place = *places.entry(row.name.clone()).or_insert_with(|| {
            buckets.push(Bucket { name: row.name, is_partial: false });
            buckets.len() - 1
        });
        if let Some(bucket) = buckets.get_mut(place) {
            bucket.is_partial |= row.is_partial;
        }
        let known = series.iter().position(|series| series.name == row.series);
        if known.is_none() && series.len() < SERIES_MAX {
            series.push(Series { name: row.series.clone(), values: Vec::new() });
        }
        let Some(found) = series.iter_mut().find(|series| series.name == row.series) else { continue };
        found.values.resize(found.values.len().max(place + 1), 0.0);
        if let Some(value) = found.values.get_mut(place) {
            *value = row.value;
        }
    }
    series.iter_mut().for_each(|series| series.values.resize(buckets.len(), 0.0));
    Shape::Time { buckets, series }
}

fn by_name(rows: Vec<Taken>) -> Shape {
    let left_out = rows.len().saturating_sub(BARS_MAX);
    let name = |row: &Taken| match (row.name.as_str(), row.series.as_str()) {
        ("", "") => "(none)".to_owned(),
        ("", series) => series.to_owned(),
        (name, "") => name.to_owned(),
        (name, series) => format!("{series}: {name}"),
    };
    let bars = rows.iter().take(BARS_MAX).map(|row| (name(row), row.value)).collect();
    Shape::Names { bars, left_out }
}

fn number(cell: &Cell) -> f64 {
    match cell {
        Cell::One(value) => value.as_number().map_or(0.0, |number| number.as_f64()),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::CellType;
    use crate::schema::FieldType;

    fn columns(names: &[&str]) -> Vec<Column> {
        let column = |name: &&str| Column {
            name: (*name).to_owned(),
            cell_type: CellType::Field(FieldType::Keyword),
            many: false,
        };
        names.iter().map(column).collect()
    }

    fn row(cells: Vec<Value>) -> Row {
        Row { id: None, cells: cells.into_iter().map(Cell::One).collect() }
    }

    #[test]
    fn series_share_their_buckets() {
        let mut rows = ChartRows::of(
            AnswerKind::Timeline,
            &columns(&["bucket", "series", "count", "partial"]),
            Offset::UTC,
        )
        .unwrap();
        for (bucket, series, count, partial) in
            [("2018-08", "a", 1, false), ("2018-08", "b", 2, false), ("2018-09", "b", 3, true)]
        {
            rows.add(&row(vec![bucket.into(), series.into(), count.into(), Value::Boolean(partial)]));
        }
        let Some(Chart { shape: Shape::Time { buckets, series }, unit }) = rows.chart() else {
            panic!("no time axis")
        };
        assert_eq!(unit, "articles");
        assert_eq!(buckets.iter().map(|bucket| bucket.is_partial).collect::<Vec<_>>(), [false, true]);
        assert_eq!(series[0].values, [1.0, 0.0]);
        assert_eq!(series[1].values, [2.0, 3.0]);
    }

    #[test]
    fn many_names_are_cut_and_counted() {
        let columns = columns(&["value", "articles", "share"]);
        let mut rows = ChartRows::of(AnswerKind::Top, &columns, Offset::UTC).unwrap();
        for number in 0..60 {
            rows.add(&row(vec![format!("name {number}").as_str().into(), number.into()]));
        }
        let Some(Chart { shape: Shape::Names { bars, left_out }, .. }) = rows.chart() else { panic!() };
        assert_eq!((bars.len(), left_out), (BARS_MAX, 10));
    }

    #[test]
    fn results_without_numbers_have_no_chart() {
        assert!(ChartRows::of(AnswerKind::Find, &columns(&["id", "title"]), Offset::UTC).is_none());
        assert!(ChartRows::of(AnswerKind::Count, &columns(&["count"]), Offset::UTC).is_none());
        assert!(ChartRows::of(AnswerKind::Count, &columns(&["source", "count"]), Offset::UTC).is_some());
    }
}
