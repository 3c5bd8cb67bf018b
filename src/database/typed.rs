//! Answers with a type of their own for each kind of query that is built in code.

use std::ops::Deref;

use crate::article::ArticleId;
use crate::date::Date;
use crate::exec::{Answer, Cell, Row};
use crate::query::ast::{Count, Find, Measure, Pairs, Query, Show, Statement, Timeline, Top};
use crate::value::Value;

/// A statement that a [`Reader`](super::Reader) can run, and what it answers.
///
/// Each query of [`query::builder`](crate::query::builder) has its own type of answer; whole statements answer with an
/// [`Answer`].
pub trait Runnable {
    /// What running it returns.
    type Output;

    /// Returns the statement.
    fn statement(&self) -> Statement;

    /// Returns the answer in the form of this kind of statement.
    fn output(answer: Answer) -> Self::Output;
}

/// The articles of one page, with what the answer says beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The articles, in order.
    pub articles: Vec<Found>,
    /// The answer's columns, totals and warnings; its rows are `articles`.
    pub answer: Answer,
}

impl Page {
    /// Returns where the next page starts, where there is one; [`Find::after`] takes it.
    pub fn cursor(&self) -> Option<&str> {
        self.answer.cursor.as_deref()
    }

    /// Returns the cell of an article under the column `name`.
    pub fn cell<'a>(&self, article: &'a Found, name: &str) -> Option<&'a Cell> {
        article.cells.get(self.answer.columns.iter().position(|column| column.name == name)?)
    }
}

/// One article of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its number; [`Snapshot::get`](super::Snapshot::get) returns the whole article.
    pub id: ArticleId,
    /// One cell a column of the answer.
    pub cells: Vec<Cell>,
}

/// A value with the articles that have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    /// The value; `None` for the row of articles without one.
    pub value: Option<Value>,
    /// How many matching articles have it.
    pub articles: u64,
    /// Their share of all matching articles.
    pub share: Option<f64>,
}

/// A pair of values with the articles that have both.
#[derive(Debug, Clone, PartialEq)]
pub struct RankedPair {
    /// The value of the first field.
    pub first: Option<Value>,
    /// The value of the second field.
    pub second: Option<Value>,
    /// How many matching articles have both.
    pub articles: u64,
    /// How much oftener the two come together than they would by chance.
    pub lift: Option<f64>,
}

/// One bucket of a timeline, of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Bucket {
    /// The calendar unit.
    pub bucket: Option<Date>,
    /// The series, where there are several.
    pub series: Option<Value>,
    /// How many articles lie in it.
    pub count: u64,
    /// Their share of all articles of the bucket, where it was asked for.
    pub share: Option<f64>,
    /// Whether the condition covers only part of the unit.
    pub is_partial: bool,
}

/// One group of `count by` or a measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The series, where there are several.
    pub series: Option<Value>,
    /// The value under each key, none where the group is of articles without one.
    pub keys: Vec<Option<Value>>,
    /// The count or the measure; `None` where nothing could be measured.
    pub value: Option<Value>,
    /// The count's share of all articles of the group, where it was asked for.
    pub share: Option<f64>,
}

/// Rows of one type, with what the answer says beside them.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<T> {
    /// The rows, in order.
    pub rows: Vec<T>,
    /// The answer's columns, totals and warnings, without its rows.
    pub answer: Answer,
}

impl<T> Deref for Table<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.rows
    }
}

/// Reads the cells of a row by the names of their columns.
struct Cells<'a> {
    names: &'a [String],
    row: &'a Row,
}

impl Cells<'_> {
    fn at(&self, name: &str) -> Option<Value> {
        self.nth(self.names.iter().position(|other| other == name)?)
    }

    fn nth(&self, index: usize) -> Option<Value> {
        match self.row.cells.get(index)? {
            Cell::One(value) => Some(value.clone()),
            _ => None,
        }
    }

    fn float(&self, name: &str) -> Option<f64> {
        Some(self.at(name)?.as_number()?.as_f64())
    }

    /// Counts are never missing, never negative, and far below the numbers that floats round.
    fn count(&self, name: &str) -> u64 {
        self.float(name).map_or(0, |count| count as u64)
    }
}

fn table<T>(mut answer: Answer, read: impl Fn(&Cells<'_>) -> T) -> Table<T> {
    let names: Vec<String> = answer.columns.iter().map(|column| column.name.clone()).collect();
    let rows = std::mem::take(&mut answer.rows);
    Table { rows: rows.iter().map(|row| read(&Cells { names: &names, row })).collect(), answer }
}

/// Returns the groups; the columns are the series, the keys, the value and the share.
fn groups(answer: Answer) -> Table<Group> {
    let names: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
    let first = usize::from(names.first() == Some(&"series"));
    let has_share = names.last() == Some(&"share");
    let value = names.len().saturating_sub(1 + usize::from(has_share));
    table(answer, |cells| Group {
        series: if first == 1 { cells.nth(0) } else { None },
        keys: (first..value).map(|key| cells.nth(key)).collect(),
        value: cells.nth(value),
        share: if has_share { cells.float("share") } else { None },
    })
}

fn page(mut answer: Answer) -> Page {
    let rows = std::mem::take(&mut answer.rows);
    let found = |row: Row| Some(Found { id: row.id?, cells: row.cells });
    Page { articles: rows.into_iter().filter_map(found).collect(), answer }
}

/// Says for each kind of statement what it answers.
macro_rules! runnable {
    ($($statement:ty => $output:ty: $read:expr;)+) => {$(
        impl Runnable for $statement {
            type Output = $output;

            fn statement(&self) -> Statement {
                Statement::from(self.clone())
            }

            fn output(answer: Answer) -> $output {
                $read(answer)
            }
        }
    )+};
}

runnable! {
    Find => Page: page;
    Show => Page: page;
    Count => Table<Group>: groups;
    Measure => Table<Group>: groups;
    Top => Table<Ranked>: |answer| table(answer, |cells| Ranked {
        value: cells.at("value"),
        articles: cells.count("articles"),
        share: cells.float("share"),
    });
    Pairs => Table<RankedPair>: |answer| table(answer, |cells| RankedPair {
        first: cells.at("first"),
        second: cells.at("second"),
        articles: cells.count("articles"),
        lift: cells.float("lift"),
    });
    Timeline => Table<Bucket>: |answer| table(answer, |cells| Bucket {
        bucket: cells.at("bucket").and_then(|value| value.as_date()),
        series: cells.at("series"),
        count: cells.count("count"),
        share: cells.float("share"),
        is_partial: cells.at("partial") == Some(Value::Boolean(true)),
    });
    Query => Answer: |answer| answer;
    Statement => Answer: |answer| answer;
}
