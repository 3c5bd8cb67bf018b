//! Statements and their clauses.

use std::fmt::{self, Display, Formatter};

use super::condition::scope_name;
use super::value::{Counted, word_of};
use super::{clause, commas, identifier, parenthesised, quote_str};
use crate::query::Catalogued;
use crate::query::ast::*;

impl Display for Script {
    /// Prints one statement a line, each with its `;`.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.statements.iter().try_for_each(|statement| writeln!(f, "{statement};"))
    }
}

impl Display for Statement {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Statement::Explain(explain) => explain.fmt(f),
            Statement::Query(query) => query.fmt(f),
            Statement::Export(export) => export.fmt(f),
            Statement::Show(show) => show.fmt(f),
            Statement::Describe(None) => f.write_str("describe"),
            Statement::Describe(Some(field)) => write!(f, "describe {field}"),
            Statement::List(Catalogued::Fields) => f.write_str("list fields"),
            Statement::List(Catalogued::Saved) => f.write_str("list saved"),
            Statement::List(Catalogued::Aliases) => f.write_str("list aliases"),
            Statement::Define(define) => define.fmt(f),
            Statement::Drop(Drop::Saved(name)) => write!(f, "drop @{}", identifier(name)),
            Statement::Drop(Drop::Alias(name)) => write!(f, "drop alias {}", quote_str(name)),
            Statement::Run(run) => run.fmt(f),
            Statement::Write(write) => write.fmt(f),
        }
    }
}

impl Display for Explain {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Explain::Plan(target) => write!(f, "explain {target}"),
            Explain::PlanOfWrite(target) => write!(f, "explain {target}"),
            Explain::Analyze(target) => write!(f, "explain analyze {target}"),
        }
    }
}

impl Display for Runnable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Runnable::Query(query) => query.fmt(f),
            Runnable::Run(run) => run.fmt(f),
        }
    }
}

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Query::Find(query) => query.fmt(f),
            Query::Count(query) => query.fmt(f),
            Query::Measure(query) => query.fmt(f),
            Query::Top(query) => query.fmt(f),
            Query::Pairs(query) => query.fmt(f),
            Query::Timeline(query) => query.fmt(f),
        }
    }
}

impl Display for Find {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("find")?;
        match &self.projection {
            None => {}
            Some(Projection::Everything) => f.write_str(" *")?,
            Some(Projection::Fields(fields)) => {
                f.write_str(" ")?;
                commas(f, fields)?;
            }
        }
        clause(f, "where", self.filter.as_ref())?;
        clauses(f, &self.clauses)
    }
}

impl Display for Count {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("count")?;
        by_keys(f, &self.keys)?;
        as_share(f, self.as_share.is_some())?;
        clause(f, "where", self.filter.as_ref())?;
        compare(f, &self.compare)?;
        clauses(f, &self.clauses)
    }
}

impl Display for Measure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.function.name(), self.field)?;
        by_keys(f, &self.keys)?;
        clause(f, "where", self.filter.as_ref())?;
        clauses(f, &self.clauses)
    }
}

impl Display for Top {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        clause_start(f, "top", self.limit.as_ref())?;
        write!(f, " {}", self.field)?;
        clause(f, "where", self.filter.as_ref())?;
        with(f, &self.with)
    }
}

impl Display for Pairs {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        clause_start(f, "top", self.limit.as_ref())?;
        write!(f, " pairs of {} and {}", self.first, self.second)?;
        if let Some(scope) = &self.scope {
            write!(f, " in same {}", scope_name(scope.node))?;
        }
        clause(f, "where", self.filter.as_ref())?;
        if let Some(order) = &self.order {
            write!(f, " {order}")?;
        }
        with(f, &self.with)
    }
}

impl Display for Timeline {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("timeline")?;
        clause(f, "of", self.field.as_ref())?;
        write!(f, " by {}", self.unit)?;
        if let Some(split) = &self.split {
            write!(f, " split by {}", split.field)?;
            clause(f, "top", split.top.as_ref())?;
        }
        as_share(f, self.as_share.is_some())?;
        clause(f, "where", self.filter.as_ref())?;
        compare(f, &self.compare)?;
        with(f, &self.with)
    }
}

/// `top 10`
fn clause_start<T: Display>(f: &mut Formatter<'_>, word: &str, number: Option<&T>) -> fmt::Result {
    f.write_str(word)?;
    number.map_or(Ok(()), |number| write!(f, " {number}"))
}

/// ` by source, month of date`
fn by_keys(f: &mut Formatter<'_>, keys: &[At<GroupKey>]) -> fmt::Result {
    if keys.is_empty() {
        return Ok(());
    }
    f.write_str(" by ")?;
    commas(f, keys)
}

impl Display for GroupKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            GroupKey::Field(field) => field.fmt(f),
            GroupKey::Unit(unit, field) => write!(f, "{unit} of {field}"),
            GroupKey::Weekday(field) => write!(f, "weekday of {field}"),
        }
    }
}

fn as_share(f: &mut Formatter<'_>, written: bool) -> fmt::Result {
    f.write_str(if written { " as share" } else { "" })
}

/// ` compare ... as a, ...`
fn compare(f: &mut Formatter<'_>, series: &[At<Series>]) -> fmt::Result {
    if series.is_empty() {
        return Ok(());
    }
    f.write_str(" compare ")?;
    commas(f, series)
}

impl Display for Series {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.filter.fmt(f)?;
        clause(f, "as", self.label.as_deref().map(|label| Label(label)).as_ref())
    }
}

/// The name of a series: bare where it can be, else quoted.
struct Label<'a>(&'a str);

impl Display for Label<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let bare = identifier(self.0);
        if bare == self.0 { f.write_str(&bare) } else { f.write_str(&quote_str(self.0)) }
    }
}

fn clauses(f: &mut Formatter<'_>, clauses: &[At<Clause>]) -> fmt::Result {
    clauses.iter().try_for_each(|clause| write!(f, "{clause}"))
}

impl Display for Clause {
    /// Prints the clause with a space before it.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Clause::Order(order) => write!(f, " {order}"),
            Clause::Limit(count) => write!(f, " limit {count}"),
            Clause::Offset(count) => write!(f, " offset {count}"),
            Clause::After(cursor) => write!(f, " after {cursor}"),
            Clause::With(items) => with(f, items),
        }
    }
}

/// ` with snippets, score`
fn with(f: &mut Formatter<'_>, items: &[At<WithItem>]) -> fmt::Result {
    if items.is_empty() {
        return Ok(());
    }
    f.write_str(" with ")?;
    commas(f, items)
}

impl Display for WithItem {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            WithItem::Snippets(length) => {
                f.write_str("snippets")?;
                clause(f, "of", length.as_deref().map(|length| Counted(length, "word")).as_ref())
            }
            WithItem::Score => f.write_str("score"),
            WithItem::Total => f.write_str("total"),
            WithItem::Missing => f.write_str("missing"),
            WithItem::Extraction => f.write_str("extraction"),
            WithItem::DuplicatesFolded => f.write_str("duplicates folded"),
        }
    }
}

impl Display for OrderBy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            OrderBy::Newest => f.write_str("newest first"),
            OrderBy::Oldest => f.write_str("oldest first"),
            OrderBy::Best => f.write_str("best first"),
            OrderBy::Keys(keys) => {
                f.write_str("order by ")?;
                commas(f, keys)
            }
        }
    }
}

impl Display for OrderKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.field.fmt(f)?;
        f.write_str(match self.direction {
            None => "",
            Some(Direction::Ascending) => " asc",
            Some(Direction::Descending) => " desc",
        })
    }
}

impl Display for Show {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("show ")?;
        commas(f, &self.articles)?;
        with(f, &self.with)
    }
}

impl Display for ArticleName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            ArticleName::Id(id) => id.fmt(f),
            ArticleName::Key(key) => f.write_str(&quote_str(key)),
        }
    }
}

impl Display for Define {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(if self.replace { "define or replace " } else { "define " })?;
        match &self.definition {
            Definition::Filter(name, filter) => write!(f, "@{} as {filter}", identifier(name)),
            Definition::Query(name, query) => write!(f, "@{} as {query}", identifier(name)),
            Definition::Alias(name, others) => {
                write!(f, "alias {} = ", quote_str(name))?;
                commas(f, others.iter().map(|other| quote_str(other)))
            }
        }
    }
}

impl Display for Run {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "run @{}", identifier(&self.name))?;
        if self.bindings.is_empty() {
            return Ok(());
        }
        f.write_str(" with ")?;
        commas(f, &self.bindings)
    }
}

impl Display for Binding {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, ":{} = ", word_of(&self.name))?;
        match &self.value {
            BoundValue::One(value) => value.fmt(f),
            BoundValue::List(values) => parenthesised(f, values),
        }
    }
}

impl Display for Export {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "export to {}", quote_str(&self.path))?;
        if let Some(format) = &self.format {
            write!(f, " as {}", format.name())?;
        }
        write!(f, " {}", self.query)
    }
}

impl Display for Write {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Write::Insert(inserted) => match &inserted.node {
                Inserted::Json(object) => write!(f, "insert {object}"),
                Inserted::Parameter(parameter) => write!(f, "insert {parameter}"),
            },
            Write::Delete(Deleted::All) => f.write_str("delete all"),
            Write::Delete(Deleted::Where(filter)) => write!(f, "delete where {filter}"),
            Write::Curate(curate) => {
                write!(f, "{} {} ", if curate.adds { "add" } else { "remove" }, curate.field)?;
                commas(f, &curate.values)?;
                write!(f, " where {}", curate.filter)
            }
            Write::Set(set) => {
                f.write_str("set ")?;
                commas(f, &set.assignments)?;
                write!(f, " where {}", set.filter)
            }
        }
    }
}

impl Display for Assignment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.field, self.value)
    }
}
