//! A resolved statement: what `resolve` makes of an `Ast` and the executor answers.

use serde::{Deserialize, Serialize};

use super::change::{Define, Drop, Export, Write};
use super::predicate::{Predicate, Scope};
use crate::date::{Date, Offset, Unit};
use crate::schema::{Field, FieldName};

/// A statement, resolved and typed; ready to be planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// `find`
    Find(Find),
    /// `count`
    Count(Count),
    /// `average`, `median`, `sum`, `min`, `max`
    Measure(Measure),
    /// `top`
    Top(Top),
    /// `top pairs of`
    Pairs(Pairs),
    /// `timeline`
    Timeline(Timeline),
    /// `show`
    Show(Show),
    /// `explain`, and with `analyze` the run too
    Explain {
        /// Whether the statement is run and measured.
        analyze: bool,
        /// The statement explained, in its canonical form.
        statement: String,
        /// What it means.
        request: Box<Request>,
    },
    /// `describe`; `None` for all fields
    Describe(Option<Field>),
    /// `list`
    List(Catalogued),
    /// `export`
    Export(Export),
    /// `insert`, `add`, `remove`, `set`, `delete`
    Write(Write),
    /// `define`
    Define(Define),
    /// `drop`
    Drop(Drop),
}

/// What `list` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Catalogued {
    /// The fields with their types.
    Fields,
    /// Saved filters and queries.
    Saved,
    /// Entity aliases.
    Aliases,
}

/// `find` with all its clauses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Find {
    /// The columns asked for.
    pub projection: Projection,
    /// Which articles.
    pub predicate: Predicate,
    /// The stated order; newest first then decides ties, then the id.
    pub order: Order,
    /// The most articles to return.
    pub limit: Option<u64>,
    /// How many articles to leave out before the first.
    pub offset: u64,
    /// Where the previous page ended.
    pub after: Option<String>,
    /// Tells the query from others, whenever it is asked: its condition as of one fixed moment, and its order. Cursors
    /// carry it, so that a page follows another though `last 24 hours` has moved on.
    pub identity: u64,
    /// What to add to each article.
    pub with: With,
    /// The session's zone, for printing and bucketing.
    pub zone: Offset,
}

/// The columns of `find`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Projection {
    /// id, key, date, title, source.
    Default,
    /// `*`: every stored field, without text, lede and quote.
    Everything,
    /// These fields, in this order.
    Fields(Vec<Field>),
}

/// The order of articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Order {
    /// Newest first: start of the date descending, end ascending, undated last, then id.
    Newest,
    /// Oldest first: start of the date ascending, end ascending, undated last, then id.
    Oldest,
    /// By relevance and by fields, in the order stated.
    Keys(Vec<OrderKey>),
}

/// One key of `order by`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OrderKey {
    /// What is compared.
    pub by: OrderBy,
    /// Largest first.
    pub descending: bool,
}

/// What an order key compares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum OrderBy {
    /// The score of the text and entity conditions.
    Relevance,
    /// A field: its smallest value ascending, its largest descending; missing last in both.
    Field(Field),
    /// A column of the result by name: `count`, `average`, `lift`, `articles`.
    Column(String),
}

/// What `with` adds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct With {
    /// Extracts of so many words.
    pub snippet_words: Option<u32>,
    /// The score.
    pub score: bool,
    /// The exact total beside a limited page.
    pub total: bool,
    /// A row for articles without the grouping field.
    pub missing: bool,
    /// What was extracted, marked.
    pub extraction: bool,
    /// One article a story.
    pub duplicates_folded: bool,
}

/// `count [by keys] [as share] [where] [compare ...]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// The group keys; none for one number.
    pub keys: Vec<GroupKey>,
    /// Whether each group's share of all articles of that group is added.
    pub as_share: bool,
    /// Which articles.
    pub predicate: Predicate,
    /// The part of `predicate` without text and entity conditions, which shares are taken of.
    pub share_of: Predicate,
    /// The compared series; none without `compare`.
    pub compare: Vec<Series>,
    /// The order of the groups; by count, largest first, where empty.
    pub order: Vec<OrderKey>,
    /// The most groups to return.
    pub limit: Option<u64>,
    /// How many groups to leave out.
    pub offset: u64,
    /// What to add.
    pub with: With,
    /// The session's zone.
    pub zone: Offset,
}

/// A key to group by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupKey {
    /// Each distinct value.
    Field(Field),
    /// The calendar bucket of a date field.
    Unit(Unit, FieldName),
    /// The day of the week of a date field, Monday first.
    Weekday(FieldName),
}

impl GroupKey {
    /// Returns the name of the column that holds its values: `month of date` is the column `month`.
    pub fn column(&self) -> String {
        match self {
            GroupKey::Field(field) => field.name.as_str().to_owned(),
            GroupKey::Unit(unit, _) => unit.name().to_owned(),
            GroupKey::Weekday(_) => "weekday".to_owned(),
        }
    }
}

/// One series of `compare`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Its name in the result.
    pub label: String,
    /// What its articles satisfy beside the common condition.
    pub predicate: Predicate,
}

/// A measure over numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)] // The names are the language's keywords.
pub enum MeasureFunction {
    Average,
    Median,
    Sum,
    Min,
    Max,
}

impl MeasureFunction {
    /// Returns the keyword, which is also the result's column name.
    pub fn name(self) -> &'static str {
        match self {
            MeasureFunction::Average => "average",
            MeasureFunction::Median => "median",
            MeasureFunction::Sum => "sum",
            MeasureFunction::Min => "min",
            MeasureFunction::Max => "max",
        }
    }
}

/// `average words by source where ...`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What is computed.
    pub function: MeasureFunction,
    /// The number or date field it is computed of.
    pub field: Field,
    /// The group keys; none for one number.
    pub keys: Vec<GroupKey>,
    /// Which articles.
    pub predicate: Predicate,
    /// The order of the groups; by measure, largest first, where empty.
    pub order: Vec<OrderKey>,
    /// The most groups to return.
    pub limit: Option<u64>,
    /// How many groups to leave out.
    pub offset: u64,
    /// What to add.
    pub with: With,
    /// The session's zone.
    pub zone: Offset,
}

/// `top 10 person where ...`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Top {
    /// The most values to return.
    pub limit: u64,
    /// The field whose values are counted.
    pub field: Field,
    /// Which articles.
    pub predicate: Predicate,
    /// What to add.
    pub with: With,
}

/// `top 20 pairs of person and place in same sentence where ...`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pairs {
    /// The most pairs to return.
    pub limit: u64,
    /// The field of the first value.
    pub first: Field,
    /// The field of the second value.
    pub second: Field,
    /// The part of the text that both must share; `None` for the article.
    pub scope: Option<Scope>,
    /// Which articles.
    pub predicate: Predicate,
    /// Whether lift, not the number of articles, orders the pairs.
    pub by_lift: bool,
    /// Whether the smallest come first.
    pub ascending: bool,
    /// What to add.
    pub with: With,
}

/// `timeline by month [split by f top n] [as share] where ... [compare ...]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// The date field.
    pub field: FieldName,
    /// The bucket.
    pub unit: Unit,
    /// A field whose values become series, with the number of series kept.
    pub split: Option<(Field, u64)>,
    /// Whether each bucket's share of all articles of that bucket is added.
    pub as_share: bool,
    /// Which articles.
    pub predicate: Predicate,
    /// The part of `predicate` without text and entity conditions, which shares are taken of.
    pub share_of: Predicate,
    /// The bounds that the condition puts on `field`, in instants, where it does.
    pub bounds: (Option<i64>, Option<i64>),
    /// The compared series; none without `compare`.
    pub compare: Vec<Series>,
    /// What to add.
    pub with: With,
    /// The session's zone.
    pub zone: Offset,
}

/// `show 4021, "reuters-0012"`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Show {
    /// The articles, by number or key, in this order.
    pub articles: Vec<ArticleName>,
    /// What to add.
    pub with: With,
    /// The session's zone.
    pub zone: Offset,
}

/// How `show` names an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArticleName {
    /// By the database's number.
    Id(u64),
    /// By its key.
    Key(String),
}

/// An absolute bound that the query's dates came to, for `explain` and JSON output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateBound {
    /// The date field.
    pub field: FieldName,
    /// The first moment inside, as a date of the session's zone.
    pub from: Option<Date>,
    /// The first moment past the end.
    pub to: Option<Date>,
}
