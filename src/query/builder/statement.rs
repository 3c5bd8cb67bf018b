//! Statements that are no queries: `show`, the catalogue, saved names, files and changes.

use super::from_each;
use crate::query::ast::*;
use crate::query::{Catalogued, QueryError};

/// Returns `show article`, by number or key.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, ast::WithItem};
///
/// let statement = q::show(4021).also("reuters-20180907-0012").with(WithItem::Snippets(None));
/// assert_eq!(statement.to_string(), "show 4021, \"reuters-20180907-0012\" with snippets");
/// ```
pub fn show(article: impl Into<ArticleName>) -> Show {
    Show { articles: vec![At::from(article.into())], with: Vec::new() }
}

impl Show {
    /// Returns the statement for one more article.
    #[must_use]
    pub fn also(mut self, article: impl Into<ArticleName>) -> Show {
        self.articles.push(At::from(article.into()));
        self
    }
}

from_each!(ArticleName: u64 => |id| ArticleName::Id(Whole::Number(id)));
from_each!(ArticleName: Parameter => |parameter| ArticleName::Id(Whole::Parameter(parameter)));
from_each!(ArticleName: &str, String => |key| ArticleName::Key(String::from(key)));

/// Returns `describe`: all fields.
pub fn describe() -> Statement {
    Statement::Describe(None)
}

/// Returns `describe field`.
pub fn describe_field(field: impl Into<FieldRef>) -> Statement {
    Statement::Describe(Some(At::from(field.into())))
}

/// Returns `list fields`, `list saved` or `list aliases`.
pub fn list(what: Catalogued) -> Statement {
    Statement::List(what)
}

/// Returns `run @name`: a saved query.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let statement = q::run("weekly").with("source", "AFP").with("topics", ["Syria", "Iraq"]);
/// assert_eq!(statement.to_string(), "run @weekly with :source = \"AFP\", :topics = (\"Syria\", \"Iraq\")");
/// ```
pub fn run(name: &str) -> Run {
    Run { name: At::from(name.to_lowercase()), bindings: Vec::new() }
}

impl Run {
    /// Returns the statement with the value of a parameter.
    #[must_use]
    pub fn with(mut self, parameter: &str, value: impl Into<BoundValue>) -> Run {
        let name = At::from(parameter.to_owned());
        self.bindings.push(At::from(Binding { name, value: value.into() }));
        self
    }
}

impl<V: Into<Value>> From<V> for BoundValue {
    fn from(value: V) -> BoundValue {
        BoundValue::One(At::from(value.into()))
    }
}

impl<V: Into<Value>, const N: usize> From<[V; N]> for BoundValue {
    fn from(values: [V; N]) -> BoundValue {
        BoundValue::List(values.into_iter().map(|value| At::from(value.into())).collect())
    }
}

/// Returns `explain query`: how it would be answered.
pub fn explain(query: impl Into<Runnable>) -> Statement {
    Statement::Explain(Explain::Plan(query.into()))
}

/// Returns `explain analyze query`: how it was answered.
pub fn explain_analyze(query: impl Into<Runnable>) -> Statement {
    Statement::Explain(Explain::Analyze(query.into()))
}

/// Returns `export to path query`.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, ast::ExportFormat};
///
/// let statement = q::export("syria.csv", q::find().filter(q::saved("syria"))).format(ExportFormat::Csv);
/// assert_eq!(statement.to_string(), "export to \"syria.csv\" as csv find where @syria");
/// ```
pub fn export(path: impl Into<String>, query: impl Into<Runnable>) -> Export {
    Export { path: At::from(path.into()), format: None, query: At::from(query.into()) }
}

impl Export {
    /// Returns the statement with `as format`; without it the ending of the path decides.
    #[must_use]
    pub fn format(self, format: ExportFormat) -> Export {
        Export { format: Some(At::from(format)), ..self }
    }
}

/// What `define` gives a name to: a condition or a query.
#[derive(Debug, Clone, PartialEq)]
pub enum Definable {
    /// A condition, for `@name` in other conditions.
    Filter(Expr),
    /// A query, for `run @name`.
    Query(Query),
}

from_each!(Definable: Expr, Mentions, Quotes => |filter| Definable::Filter(Expr::from(filter)));
from_each!(Definable: Query, Find, Count, Measure, Top, Pairs, Timeline => |query| Definable::Query(Query::from(query)));

/// Returns `define @name as what`.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Unit};
///
/// let statement = q::define("weekly", q::timeline(Unit::Week)).or_replace();
/// assert_eq!(statement.to_string(), "define or replace @weekly as timeline by week");
/// ```
pub fn define(name: &str, what: impl Into<Definable>) -> Define {
    let name = At::from(name.to_lowercase());
    let definition = match what.into() {
        Definable::Filter(filter) => Definition::Filter(name, At::from(filter)),
        Definable::Query(query) => Definition::Query(name, At::from(query)),
    };
    Define { replace: false, definition }
}

/// Returns `define alias name = others`: entities called by any of these names.
pub fn define_alias<S: Into<String>>(name: impl Into<String>, others: impl IntoIterator<Item = S>) -> Define {
    let others = others.into_iter().map(|other| At::from(other.into())).collect();
    Define { replace: false, definition: Definition::Alias(At::from(name.into()), others) }
}

impl Define {
    /// Returns the statement with `or replace`.
    #[must_use]
    pub fn or_replace(self) -> Define {
        Define { replace: true, ..self }
    }
}

/// Returns `drop @name`.
pub fn drop_saved(name: &str) -> Statement {
    Statement::Drop(Drop::Saved(At::from(name.to_lowercase())))
}

/// Returns `drop alias name`.
pub fn drop_alias(name: impl Into<String>) -> Statement {
    Statement::Drop(Drop::Alias(At::from(name.into())))
}

/// Returns `insert article`: a JSON object, or a parameter bound to the text of one.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, ast::Inserted};
///
/// let statement = q::insert(Inserted::json(r#"{"title": "Test", "text": "Idlib."}"#)?);
/// assert_eq!(statement.to_string(), r#"insert {"title": "Test", "text": "Idlib."}"#);
/// assert!(Inserted::json("{}; delete all").is_err());
/// # Ok::<(), q::QueryError>(())
/// ```
pub fn insert(article: impl Into<Inserted>) -> Statement {
    Statement::Write(Write::Insert(At::from(article.into())))
}

impl Inserted {
    /// Returns an article from the text of a JSON object.
    ///
    /// # Errors
    ///
    /// A [`QueryError`] where the text is none.
    pub fn json(text: &str) -> Result<Inserted, QueryError> {
        const BEFORE: &str = "insert ";
        let text = text.trim();
        let read = Statement::parse(&format!("{BEFORE}{text}"));
        match read.map_err(|error| error.unshifted(BEFORE.len()))? {
            Statement::Write(Write::Insert(inserted)) if inserted.node == Inserted::Json(text.to_owned()) => {
                Ok(inserted.node)
            }
            _ => Err(QueryError::no_object(text)),
        }
    }
}

from_each!(Inserted: Parameter => Inserted::Parameter);
from_each!(Inserted: serde_json::Map<String, serde_json::Value> => |object| {
    Inserted::Json(serde_json::Value::Object(object).to_string())
});

/// Returns `add field values where filter`: gives articles values of a field that takes many.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let statement = q::add("topic", ["ceasefire"], q::text().contains("cease-fire"));
/// assert_eq!(statement.to_string(), "add topic \"ceasefire\" where text contains \"cease-fire\"");
/// ```
pub fn add<V: Into<Value>>(
    field: impl Into<FieldRef>,
    values: impl IntoIterator<Item = V>,
    filter: impl Into<Expr>,
) -> Statement {
    curate(true, field, values, filter)
}

/// Returns `remove field values where filter`: takes values from a field that takes many.
pub fn remove<V: Into<Value>>(
    field: impl Into<FieldRef>,
    values: impl IntoIterator<Item = V>,
    filter: impl Into<Expr>,
) -> Statement {
    curate(false, field, values, filter)
}

fn curate<V: Into<Value>>(
    adds: bool,
    field: impl Into<FieldRef>,
    values: impl IntoIterator<Item = V>,
    filter: impl Into<Expr>,
) -> Statement {
    let values = values.into_iter().map(|value| At::from(value.into())).collect();
    let (field, filter) = (At::from(field.into()), At::from(filter.into()));
    Statement::Write(Write::Curate(Curate { adds, field, values, filter }))
}

/// Returns `set field = value, ... where filter`.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let statement = q::set([("section", "World")], q::field("section").is_missing());
/// assert_eq!(statement.to_string(), "set section = \"World\" where section is missing");
/// ```
pub fn set<F: Into<FieldRef>, V: Into<Value>>(
    assignments: impl IntoIterator<Item = (F, V)>,
    filter: impl Into<Expr>,
) -> Statement {
    let assignment =
        |(field, value): (F, V)| Assignment { field: At::from(field.into()), value: At::from(value.into()) };
    let assignments = assignments.into_iter().map(|pair| At::from(assignment(pair))).collect();
    Statement::Write(Write::Set(SetFields { assignments, filter: At::from(filter.into()) }))
}

/// Returns `delete where filter`.
pub fn delete_where(filter: impl Into<Expr>) -> Statement {
    Statement::Write(Write::Delete(Deleted::Where(At::from(filter.into()))))
}

/// Returns `delete all`: every article goes.
pub fn delete_all() -> Statement {
    Statement::Write(Write::Delete(Deleted::All))
}

from_each!(Runnable: Query, Find, Count, Measure, Top, Pairs, Timeline => |query| Runnable::Query(Query::from(query)));
from_each!(Runnable: Run => Runnable::Run);
from_each!(Statement: Query, Find, Count, Measure, Top, Pairs, Timeline => |query| Statement::Query(Query::from(query)));
from_each!(Statement: Show => Statement::Show);
from_each!(Statement: Run => Statement::Run);
from_each!(Statement: Export => Statement::Export);
from_each!(Statement: Define => Statement::Define);
