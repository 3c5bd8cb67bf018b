//! Queries: `find`, `count`, measures, `top`, pairs and `timeline`.

use std::mem::discriminant;

use super::from_each;
use crate::date::Unit;
use crate::query::ast::*;
use crate::query::{MeasureFunction, Order, Scope};

/// Returns `find`: the articles, all of them until a filter is added.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Order};
///
/// let query = q::find().filter(q::saved("syria")).order(Order::oldest()).limit(20).with_total();
/// assert_eq!(query.to_string(), "find where @syria oldest first limit 20 with total");
/// ```
pub fn find() -> Find {
    Find::default()
}

/// Returns `count`: how many articles, or how many in each group.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Order, Unit};
///
/// let query = q::count().by(q::bucket(Unit::Month, "date")).by("source").order(Order::descending("count"));
/// assert_eq!(query.to_string(), "count by month of date, source order by count desc");
/// ```
pub fn count() -> Count {
    Count::default()
}

/// Returns `average field`.
pub fn average(field: impl Into<FieldRef>) -> Measure {
    measure(MeasureFunction::Average, field)
}

/// Returns `median field`.
pub fn median(field: impl Into<FieldRef>) -> Measure {
    measure(MeasureFunction::Median, field)
}

/// Returns `sum field`.
pub fn sum(field: impl Into<FieldRef>) -> Measure {
    measure(MeasureFunction::Sum, field)
}

/// Returns `min field`.
pub fn min(field: impl Into<FieldRef>) -> Measure {
    measure(MeasureFunction::Min, field)
}

/// Returns `max field`.
pub fn max(field: impl Into<FieldRef>) -> Measure {
    measure(MeasureFunction::Max, field)
}

fn measure(function: MeasureFunction, field: impl Into<FieldRef>) -> Measure {
    let field = At::from(field.into());
    Measure { function, field, keys: Vec::new(), filter: None, clauses: Vec::new() }
}

/// Returns `top limit field`: the values that most articles have.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Unit};
///
/// let query = q::top("org", 10).filter(q::date().within(q::last(Unit::Month)));
/// assert_eq!(query.to_string(), "top 10 org where date in last month");
/// ```
pub fn top(field: impl Into<FieldRef>, limit: impl Into<Whole>) -> Top {
    Top { limit: Some(At::from(limit.into())), ..top_values(field) }
}

/// Returns `top field`: as many values as the language gives without a number.
pub fn top_values(field: impl Into<FieldRef>) -> Top {
    Top { limit: None, field: At::from(field.into()), filter: None, with: Vec::new() }
}

/// Returns `top pairs of first and second`: the pairs of values that most articles have.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Order, Scope};
///
/// let query = q::pairs("person", "place").in_same(Scope::Sentence).limit(20).order(Order::descending("lift"));
/// assert_eq!(query.to_string(), "top 20 pairs of person and place in same sentence order by lift desc");
/// ```
pub fn pairs(first: impl Into<FieldRef>, second: impl Into<FieldRef>) -> Pairs {
    let (first, second) = (At::from(first.into()), At::from(second.into()));
    Pairs { limit: None, first, second, scope: None, filter: None, order: None, with: Vec::new() }
}

/// Returns `timeline by unit`: one row for each calendar bucket.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Unit};
///
/// let query = q::timeline(Unit::Week).split_by_top("source", 5).compare([
///     q::series(q::mentions("Idlib")).named("Idlib"),
///     q::series(q::mentions("Yemen")),
/// ]);
/// assert_eq!(
///     query.to_string(),
///     "timeline by week split by source top 5 compare mentions \"Idlib\" as Idlib, mentions \"Yemen\""
/// );
/// ```
pub fn timeline(unit: Unit) -> Timeline {
    Timeline {
        field: None,
        unit: At::from(unit),
        split: None,
        as_share: None,
        filter: None,
        compare: Vec::new(),
        with: Vec::new(),
    }
}

/// Returns `unit of field` as a key to group by.
pub fn bucket(unit: Unit, field: impl Into<FieldRef>) -> GroupKey {
    GroupKey::Unit(unit, At::from(field.into()))
}

/// Returns `weekday of field` as a key to group by.
pub fn weekday(field: impl Into<FieldRef>) -> GroupKey {
    GroupKey::Weekday(At::from(field.into()))
}

/// Returns a key of `order by`, with the direction that the language takes where none is written.
pub fn by(field: impl Into<FieldRef>) -> OrderKey {
    OrderKey { field: At::from(field.into()), direction: None }
}

impl OrderKey {
    /// Returns the key with `asc`.
    #[must_use]
    pub fn ascending(self) -> OrderKey {
        OrderKey { direction: Some(Direction::Ascending), ..self }
    }

    /// Returns the key with `desc`.
    #[must_use]
    pub fn descending(self) -> OrderKey {
        OrderKey { direction: Some(Direction::Descending), ..self }
    }
}

/// Orders as queries write them.
impl Order {
    /// Returns `newest first`.
    pub fn newest() -> OrderBy {
        OrderBy::Newest
    }

    /// Returns `oldest first`.
    pub fn oldest() -> OrderBy {
        OrderBy::Oldest
    }

    /// Returns `best first`: by relevance.
    pub fn best() -> OrderBy {
        OrderBy::Best
    }

    /// Returns `order by field asc`.
    pub fn ascending(field: impl Into<FieldRef>) -> OrderBy {
        OrderBy::from([by(field).ascending()])
    }

    /// Returns `order by field desc`.
    pub fn descending(field: impl Into<FieldRef>) -> OrderBy {
        OrderBy::from([by(field).descending()])
    }
}

impl<K: Into<OrderKey>, const N: usize> From<[K; N]> for OrderBy {
    /// Returns `order by` these keys.
    fn from(keys: [K; N]) -> OrderBy {
        OrderBy::Keys(keys.into_iter().map(|key| At::from(key.into())).collect())
    }
}

from_each!(OrderKey: &str, String, FieldRef => by);
from_each!(GroupKey: &str, String, FieldRef => |field| GroupKey::Field(FieldRef::from(field)));

/// Returns one series of `compare`.
pub fn series(filter: impl Into<Expr>) -> Series {
    Series { filter: At::from(filter.into()), label: None }
}

impl Series {
    /// Returns the series with `as label`.
    #[must_use]
    pub fn named(self, label: impl Into<String>) -> Series {
        Series { label: Some(At::from(label.into())), ..self }
    }
}

from_each!(Series: Expr, Mentions, Quotes => series);
from_each!(Query: Find => Query::Find);
from_each!(Query: Count => Query::Count);
from_each!(Query: Measure => Query::Measure);
from_each!(Query: Top => Query::Top);
from_each!(Query: Pairs => Query::Pairs);
from_each!(Query: Timeline => Query::Timeline);

/// Gives a query `where`.
macro_rules! filtered {
    ($($query:ty)+) => {$(
        impl $query {
            /// Returns the query with a condition; a second one must hold too.
            #[must_use]
            pub fn filter(mut self, condition: impl Into<Expr>) -> $query {
                let condition = condition.into();
                let condition = match self.filter {
                    Some(first) => first.node.and(condition),
                    None => condition,
                };
                self.filter = Some(At::from(condition));
                self
            }
        }
    )+};
}

filtered!(Find Count Measure Top Pairs Timeline);

/// Replaces the clause of the same kind, or adds this one.
fn put(clauses: &mut Vec<At<Clause>>, clause: Clause) {
    let kind = discriminant(&clause);
    match clauses.iter_mut().find(|other| discriminant(&other.node) == kind) {
        Some(place) => *place = At::from(clause),
        None => clauses.push(At::from(clause)),
    }
}

/// Gives a query the clauses that follow its condition.
macro_rules! clauses {
    ($($query:ty)+) => {$(
        impl $query {
            /// Returns the query in another order.
            #[must_use]
            pub fn order(mut self, order: impl Into<OrderBy>) -> $query {
                put(&mut self.clauses, Clause::Order(order.into()));
                self
            }

            /// Returns the query with `limit count`: at most so many rows.
            #[must_use]
            pub fn limit(mut self, count: impl Into<Whole>) -> $query {
                put(&mut self.clauses, Clause::Limit(At::from(count.into())));
                self
            }

            /// Returns the query with `offset count`: without so many rows at the start.
            #[must_use]
            pub fn offset(mut self, count: impl Into<Whole>) -> $query {
                put(&mut self.clauses, Clause::Offset(At::from(count.into())));
                self
            }
        }
    )+};
}

clauses!(Find Count Measure);

impl Find {
    /// Returns the query for these columns.
    #[must_use]
    pub fn select<F: Into<FieldRef>>(self, fields: impl IntoIterator<Item = F>) -> Find {
        let fields = fields.into_iter().map(|field| At::from(field.into())).collect();
        Find { projection: Some(Projection::Fields(fields)), ..self }
    }

    /// Returns the query for every column: `find *`.
    #[must_use]
    pub fn select_everything(self) -> Find {
        Find { projection: Some(Projection::Everything), ..self }
    }

    /// Returns the query from where another page of it ended.
    #[must_use]
    pub fn after(mut self, cursor: impl Into<Text>) -> Find {
        put(&mut self.clauses, Clause::After(At::from(cursor.into())));
        self
    }
}

impl Pairs {
    /// Returns the query for pairs inside one sentence or paragraph.
    #[must_use]
    pub fn in_same(self, scope: Scope) -> Pairs {
        Pairs { scope: Some(At::from(scope)), ..self }
    }

    /// Returns the query for at most so many pairs.
    #[must_use]
    pub fn limit(self, count: impl Into<Whole>) -> Pairs {
        Pairs { limit: Some(At::from(count.into())), ..self }
    }

    /// Returns the query in another order: by `articles` or by `lift`.
    #[must_use]
    pub fn order(self, order: impl Into<OrderBy>) -> Pairs {
        Pairs { order: Some(At::from(order.into())), ..self }
    }
}

impl Timeline {
    /// Returns the timeline of another date field.
    #[must_use]
    pub fn of(self, field: impl Into<FieldRef>) -> Timeline {
        Timeline { field: Some(At::from(field.into())), ..self }
    }

    /// Returns the timeline with a series for each value of a field, as many as the language gives without a number.
    #[must_use]
    pub fn split_by(self, field: impl Into<FieldRef>) -> Timeline {
        let split = Split { field: At::from(field.into()), top: None };
        Timeline { split: Some(At::from(split)), ..self }
    }

    /// Returns the timeline with a series for each of the `top` commonest values of a field.
    #[must_use]
    pub fn split_by_top(self, field: impl Into<FieldRef>, top: impl Into<Whole>) -> Timeline {
        let split = Split { field: At::from(field.into()), top: Some(At::from(top.into())) };
        Timeline { split: Some(At::from(split)), ..self }
    }
}

/// Gives a query the keys it groups by.
macro_rules! grouped {
    ($($query:ty)+) => {$(
        impl $query {
            /// Returns the query with one more key to group by.
            #[must_use]
            pub fn by(mut self, key: impl Into<GroupKey>) -> $query {
                self.keys.push(At::from(key.into()));
                self
            }
        }
    )+};
}

grouped!(Count Measure);

/// Gives a query shares and compared series.
macro_rules! compared {
    ($($query:ty)+) => {$(
        impl $query {
            /// Returns the query with `as share`: of all articles of the same bucket or group.
            #[must_use]
            pub fn as_share(self) -> $query {
                Self { as_share: Some(At::from(Share::OfGroup)), ..self }
            }

            /// Returns the query with one series a condition; there are at least two.
            #[must_use]
            pub fn compare<S: Into<Series>>(self, series: impl IntoIterator<Item = S>) -> $query {
                Self { compare: series.into_iter().map(|one| At::from(one.into())).collect(), ..self }
            }
        }
    )+};
}

compared!(Count Timeline);
