//! What a query answers: typed rows under named columns, with what a reader should know about them.

use std::time::Duration;

use serde::Serialize;

use crate::article::ArticleId;
use crate::query::{DateBound, Warning};
use crate::schema::FieldType;
use crate::value::{Number, Value};

/// The answer to one statement.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    /// Which statement it answers.
    pub kind: AnswerKind,
    /// The columns, in the order of the output contract.
    pub columns: Vec<Column>,
    /// The rows; each has one cell a column.
    pub rows: Vec<Row>,
    /// Articles that satisfy the condition, where `with total` asked for it or it is known anyway.
    pub total: Option<u64>,
    /// Where the next page starts, where there is one.
    pub cursor: Option<String>,
    /// Articles whose date is too coarse to be decided.
    pub undecided: u64,
    /// The absolute dates that the condition came to.
    pub bounds: Vec<DateBound>,
    /// What the reader should know; the rows never depend on it.
    pub warnings: Vec<Warning>,
    /// Why nothing was found; only for `find` and `count` with an empty result.
    pub zero_hit: Option<ZeroHit>,
    /// What the run cost.
    pub stats: RunStats,
}

impl Answer {
    /// Returns how many articles a statement changed; `None` for all others.
    pub fn changed(&self) -> Option<u64> {
        match self.rows.first().map(|row| row.cells.as_slice()) {
            Some([Cell::One(Value::Number(Number::Whole(count)))]) if self.kind == AnswerKind::Write => {
                u64::try_from(*count).ok()
            }
            _ => None,
        }
    }
}

/// The statement that an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // The names are the language's keywords.
pub enum AnswerKind {
    #[default]
    Find,
    Count,
    Measure,
    Top,
    Pairs,
    Timeline,
    Show,
    Explain,
    Describe,
    List,
    Write,
    Define,
    Drop,
    Export,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its canonical name.
    pub name: String,
    /// What its cells hold.
    pub cell_type: CellType,
    /// Whether a cell may hold several values.
    pub many: bool,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellType {
    /// Values of a field.
    Field(FieldType),
    /// Extracts with marked words.
    Snippets,
    /// The extraction of an article, as JSON.
    Extraction,
}

/// A row of an answer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The article it shows, where it shows one.
    pub id: Option<ArticleId>,
    /// One cell a column.
    pub cells: Vec<Cell>,
}

/// A cell of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing is known.
    Missing,
    /// One value.
    One(Value),
    /// The values of a many-valued field; empty where missing.
    Many(Vec<Value>),
    /// Extracts with marked words.
    Snippets(Vec<Snippet>),
    /// Any other structure.
    Json(serde_json::Value),
}

/// A keyword-in-context extract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snippet {
    /// `title` or `body`.
    pub field: String,
    /// The extract, with line breaks as spaces.
    pub text: String,
    /// The matched words, as byte ranges of `text`.
    pub matches: Vec<(u32, u32)>,
}

/// Which condition emptied a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ZeroHit {
    /// Each top-level condition alone, as written, with the articles that satisfy it.
    pub conditions: Vec<(String, u64)>,
    /// The first pair that has no article in common, as indexes into `conditions`, where each alone has some.
    pub empty_pair: Option<(usize, usize)>,
    /// For a condition without articles, the nearest value that has some.
    pub nearest: Option<(usize, String, u64)>,
    /// For a condition on dates without articles, how many articles have no date at all.
    pub undated: Option<(usize, u64)>,
}

/// What a run cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RunStats {
    /// Wall-clock time from plan to last row.
    pub elapsed: Duration,
    /// Segments that the plan looked into.
    pub segments: u32,
    /// Postings decoded.
    pub postings: u64,
    /// Stored articles read.
    pub articles_read: u64,
}
