//! Statements and their clauses.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{At, Expr, FieldRef, Parameter, Text, Value, Whole};
use crate::date::Unit;
use crate::query::{Catalogued, MeasureFunction, Scope};

/// Statements separated by `;`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Script {
    /// The statements, in order; none for an empty text.
    pub statements: Vec<At<Statement>>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Statement {
    /// `explain ...`
    Explain(Explain),
    /// `find`, `count`, a measure, `top` or `timeline`
    Query(Query),
    /// `export to ...`
    Export(Export),
    /// `show ...`
    Show(Show),
    /// `describe`; `None` for all fields
    Describe(Option<At<FieldRef>>),
    /// `list fields|saved|aliases`
    List(Catalogued),
    /// `define ...`
    Define(Define),
    /// `drop ...`
    Drop(Drop),
    /// `run @name ...`
    Run(Run),
    /// A statement that changes articles
    Write(Write),
}

impl Statement {
    /// Tells whether the statement changes the archive.
    pub fn is_change(&self) -> bool {
        matches!(self, Statement::Write(_) | Statement::Define(_) | Statement::Drop(_))
    }
}

/// A statement that asks about many articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)] // Each variant's meaning is its structure's.
pub enum Query {
    Find(Find),
    Count(Count),
    Measure(Measure),
    Top(Top),
    Pairs(Pairs),
    Timeline(Timeline),
}

/// What `export` and `explain analyze` run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Runnable {
    /// A query written out.
    Query(Query),
    /// A saved one.
    Run(Run),
}

/// `explain [analyze] ...`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Explain {
    /// `explain find ...`
    Plan(Runnable),
    /// `explain delete ...`
    PlanOfWrite(Write),
    /// `explain analyze find ...`
    Analyze(Runnable),
}

/// `find [projection] [where ...] clauses`
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Find {
    /// The columns; `None` for the usual ones.
    pub projection: Option<Projection>,
    /// Which articles; `None` for all.
    pub filter: Option<At<Expr>>,
    /// What follows, in the order written; that a clause stands only once is checked by `resolve`.
    pub clauses: Vec<At<Clause>>,
}

/// The columns of `find`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Projection {
    /// `*`
    Everything,
    /// At least one field.
    Fields(Vec<At<FieldRef>>),
}

/// What may follow the condition of a query; `after` follows only that of `find`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clause {
    /// `order by ...` or `newest first`
    Order(OrderBy),
    /// `limit n`
    Limit(At<Whole>),
    /// `offset n`
    Offset(At<Whole>),
    /// `after "cursor"`
    After(At<Text>),
    /// `with ...`
    With(Vec<At<WithItem>>),
}

/// An order of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderBy {
    /// `newest first`
    Newest,
    /// `oldest first`
    Oldest,
    /// `best first`
    Best,
    /// `order by ...`, at least one key
    Keys(Vec<At<OrderKey>>),
}

/// `field [asc|desc]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderKey {
    /// A field, a pseudo-field or a column of the result.
    pub field: At<FieldRef>,
    /// The direction; `None` where it is not written.
    pub direction: Option<Direction>,
}

/// A direction of sorting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// `asc`: smallest first
    Ascending,
    /// `desc`: largest first
    Descending,
}

/// One item after `with`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WithItem {
    /// `snippets [of n words]`
    Snippets(Option<At<Whole>>),
    /// `score`
    Score,
    /// `total`
    Total,
    /// `missing`
    Missing,
    /// `extraction`
    Extraction,
    /// `duplicates folded`
    DuplicatesFolded,
}

/// `count [by ...] [as share] [where ...] [compare ...] clauses`
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Count {
    /// The group keys; none for one number.
    pub keys: Vec<At<GroupKey>>,
    /// `as share`
    pub as_share: Option<At<Share>>,
    /// Which articles; `None` for all.
    pub filter: Option<At<Expr>>,
    /// The compared series: none, or at least two.
    pub compare: Vec<At<Series>>,
    /// What follows, in the order written; never `after`.
    pub clauses: Vec<At<Clause>>,
}

/// What counts are shares of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Share {
    /// `as share`: all articles of the same bucket or group.
    OfGroup,
}

/// A key to group by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupKey {
    /// `source`; a bare unit means `of date` where no field has that name
    Field(FieldRef),
    /// `month of date`
    Unit(Unit, At<FieldRef>),
    /// `weekday of date`
    Weekday(At<FieldRef>),
}

/// One series of `compare`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What its articles satisfy beside the common condition.
    pub filter: At<Expr>,
    /// Its name; `None` where it is not written.
    pub label: Option<At<String>>,
}

/// `average words [by ...] [where ...] clauses`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// What is computed.
    pub function: MeasureFunction,
    /// The field it is computed of.
    pub field: At<FieldRef>,
    /// The group keys; none for one number.
    pub keys: Vec<At<GroupKey>>,
    /// Which articles; `None` for all.
    pub filter: Option<At<Expr>>,
    /// What follows, in the order written; never `after`.
    pub clauses: Vec<At<Clause>>,
}

/// `top [n] field [where ...] [with ...]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Top {
    /// The most values to return.
    pub limit: Option<At<Whole>>,
    /// The field whose values are counted.
    pub field: At<FieldRef>,
    /// Which articles; `None` for all.
    pub filter: Option<At<Expr>>,
    /// What to add.
    pub with: Vec<At<WithItem>>,
}

/// `top [n] pairs of f and g [in same scope] [where ...] [order by ...] [with ...]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pairs {
    /// The most pairs to return.
    pub limit: Option<At<Whole>>,
    /// The field of the first value.
    pub first: At<FieldRef>,
    /// The field of the second value.
    pub second: At<FieldRef>,
    /// What both must share; `None` for the article.
    pub scope: Option<At<Scope>>,
    /// Which articles; `None` for all.
    pub filter: Option<At<Expr>>,
    /// The order; `None` for the number of articles.
    pub order: Option<At<OrderBy>>,
    /// What to add.
    pub with: Vec<At<WithItem>>,
}

/// `timeline [of field] by unit [split by ...] [as share] [where ...] [compare ...] [with ...]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// The date field; `None` for `date`.
    pub field: Option<At<FieldRef>>,
    /// The bucket.
    pub unit: At<Unit>,
    /// `split by field [top n]`
    pub split: Option<At<Split>>,
    /// `as share`
    pub as_share: Option<At<Share>>,
    /// Which articles; `None` for all.
    pub filter: Option<At<Expr>>,
    /// The compared series: none, or at least two.
    pub compare: Vec<At<Series>>,
    /// What to add.
    pub with: Vec<At<WithItem>>,
}

/// `split by field [top n]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The field whose values become series.
    pub field: At<FieldRef>,
    /// How many series to keep apart.
    pub top: Option<At<Whole>>,
}

/// `show 4021, "reuters-0012" [with ...]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Show {
    /// At least one article.
    pub articles: Vec<At<ArticleName>>,
    /// What to add.
    pub with: Vec<At<WithItem>>,
}

/// How `show` names an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ArticleName {
    /// By number, or by a parameter bound to a number or a key.
    Id(Whole),
    /// By key.
    Key(String),
}

/// `define [or replace] ...`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Define {
    /// Whether `or replace` is written.
    pub replace: bool,
    /// What is defined.
    pub definition: Definition,
}

/// What `define` defines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Definition {
    /// `@name as condition`
    Filter(At<String>, At<Expr>),
    /// `@name as query`
    Query(At<String>, At<Query>),
    /// `alias "Islamic State" = "ISIS", "Daesh"`: the canonical name, then at least one other
    Alias(At<String>, Vec<At<String>>),
}

/// `drop ...`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Drop {
    /// `@name`
    Saved(At<String>),
    /// `alias "Islamic State"`
    Alias(At<String>),
}

/// `run @name [with :p = value]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The saved query, without the `@`.
    pub name: At<String>,
    /// The values of its parameters.
    pub bindings: Vec<At<Binding>>,
}

/// `:name = value`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binding {
    /// The parameter, without the colon.
    pub name: At<String>,
    /// What it stands for.
    pub value: BoundValue,
}

/// What a binding of `run` gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum BoundValue {
    /// One value.
    One(At<Value>),
    /// At least one value, in parentheses.
    List(Vec<At<Value>>),
}

/// `export to "file" [as format] query`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// The file.
    pub path: At<String>,
    /// The format; `None` where the file's ending decides.
    pub format: Option<At<ExportFormat>>,
    /// What is run.
    pub query: At<Runnable>,
}

/// A format of exported files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)] // The names are the language's keywords.
pub enum ExportFormat {
    Csv,
    Tsv,
    Json,
    Ndjson,
    Markdown,
    Html,
    Svg,
    Parquet,
}

impl ExportFormat {
    /// Lists every format, in the order that messages name them.
    pub const ALL: [ExportFormat; 8] = [
        ExportFormat::Csv,
        ExportFormat::Tsv,
        ExportFormat::Json,
        ExportFormat::Ndjson,
        ExportFormat::Markdown,
        ExportFormat::Html,
        ExportFormat::Svg,
        ExportFormat::Parquet,
    ];

    /// Returns the keyword, which is also the usual ending of the file.
    pub fn name(self) -> &'static str {
        match self {
            ExportFormat::Csv => "csv",
            ExportFormat::Tsv => "tsv",
            ExportFormat::Json => "json",
            ExportFormat::Ndjson => "ndjson",
            ExportFormat::Markdown => "markdown",
            ExportFormat::Html => "html",
            ExportFormat::Svg => "svg",
            ExportFormat::Parquet => "parquet",
        }
    }

    /// Returns the format that a file's ending stands for.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::query::ast::ExportFormat;
    ///
    /// assert_eq!(ExportFormat::of_file("weekly/2018.JSONL"), Some(ExportFormat::Ndjson));
    /// assert_eq!(ExportFormat::of_file("weekly"), None);
    /// ```
    pub fn of_file(path: impl AsRef<Path>) -> Option<ExportFormat> {
        let ending = path.as_ref().extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "md" => Some(ExportFormat::Markdown),
            "jsonl" => Some(ExportFormat::Ndjson),
            "htm" => Some(ExportFormat::Html),
            name => ExportFormat::ALL.into_iter().find(|format| format.name() == name),
        }
    }
}

/// A statement that changes articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Write {
    /// `insert {...}`
    Insert(At<Inserted>),
    /// `delete where ...` or `delete all`
    Delete(Deleted),
    /// `add topic "x" where ...` or `remove ...`
    Curate(Curate),
    /// `set section = "World" where ...`
    Set(SetFields),
}

/// What `insert` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inserted {
    /// The text of a JSON object, as written; it is valid JSON.
    Json(String),
    /// A parameter bound to such a text.
    Parameter(Parameter),
}

/// What `delete` takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Deleted {
    /// `all`
    All,
    /// `where ...`
    Where(At<Expr>),
}

/// `add field value, ... where ...` or `remove ...`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curate {
    /// `add`; else `remove`.
    pub adds: bool,
    /// The many-valued field.
    pub field: At<FieldRef>,
    /// At least one value.
    pub values: Vec<At<Value>>,
    /// Which articles.
    pub filter: At<Expr>,
}

/// `set field = value, ... where ...`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetFields {
    /// At least one field with its value.
    pub assignments: Vec<At<Assignment>>,
    /// Which articles.
    pub filter: At<Expr>,
}

/// `field = value`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// The field.
    pub field: At<FieldRef>,
    /// Its value from now on.
    pub value: At<Value>,
}
