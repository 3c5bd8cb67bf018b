//! Statements answered by walking over all articles; the articles themselves, sorted in the plainest way.

use std::cmp::Ordering;

use dateline::article::Record;
use dateline::query::ast::*;
use dateline::schema::{Builtin, Field, FieldName};
use dateline::text::fold_value;
use dateline::value::{Number, Value as FieldValue};

use super::calendar::Reading;
use super::condition::World;
use super::dates::whole;
use super::story::Story;

/// A cell as the twin expects it.
#[derive(Debug, Clone, PartialEq)]
pub enum TwinCell {
    Missing,
    One(FieldValue),
    Many(Vec<FieldValue>),
    /// A number that may differ in its last digits.
    About(f64),
    Json(serde_json::Value),
    /// Extracts, whatever they show.
    Snippets,
    /// Whatever it is.
    Any,
}

/// What the twin answers.
#[derive(Debug, Clone, Default)]
pub struct TwinAnswer {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<TwinCell>>,
    /// Articles that satisfy the condition.
    pub total: u64,
    pub undecided: u64,
}

pub type Matches<'a> = Vec<&'a Story<'a>>;

impl World<'_> {
    pub fn answer(&self, statement: &Statement, archive: &[Story]) -> TwinAnswer {
        let folded = self.folded_archive(statement, archive);
        let archive = folded.as_deref().unwrap_or(archive);
        match statement {
            Statement::Query(Query::Find(find)) => self.find(find, archive),
            Statement::Query(Query::Count(count)) => self.count(count, archive),
            Statement::Query(Query::Measure(measure)) => self.measure(measure, archive),
            Statement::Query(Query::Top(top)) => self.top(top, archive),
            Statement::Query(Query::Pairs(pairs)) => self.pairs(pairs, archive),
            Statement::Query(Query::Timeline(timeline)) => self.timeline(timeline, archive),
            Statement::Show(show) => self.show(show, archive),
            Statement::Describe(name) => self.describe(name.as_deref(), archive),
            Statement::List(catalogued) => self.list(*catalogued, archive),
            other => panic!("the twin does not answer {other:?}"),
        }
    }

    pub fn matches<'a>(&self, filter: Option<&At<Expr>>, archive: &'a [Story<'a>]) -> Matches<'a> {
        archive.iter().filter(|story| filter.is_none_or(|expr| self.holds(expr, story))).collect()
    }

    // Articles.

    pub fn find(&self, find: &Find, archive: &[Story]) -> TwinAnswer {
        let mut found = self.matches(find.filter.as_ref(), archive);
        let total = found.len() as u64;
        let order = find.clauses.iter().find_map(|clause| match &clause.node {
            Clause::Order(order) => Some(order),
            _ => None,
        });
        found.sort_by(|a, b| self.article_order(order, a, b));
        let (offset, limit) = page(&find.clauses);
        let columns = self.projected(find.projection.as_ref());
        let page = found.into_iter().skip(offset).take(limit);
        let added: Vec<&WithItem> = with_items(&find.clauses).filter(|item| is_column(item)).collect();
        let row = |story: &Story| {
            let cells = columns.iter().map(|field| self.cell(field, story));
            cells.chain(added.iter().map(|item| added_cell(item, story))).collect()
        };
        let rows = page.map(row).collect();
        let mut columns: Vec<String> = columns.iter().map(|field| field.name.to_string()).collect();
        columns.extend(added.iter().map(|item| added_name(item).to_owned()));
        TwinAnswer { columns, rows, total, undecided: 0 }
    }

    pub fn projected(&self, projection: Option<&Projection>) -> Vec<Field> {
        match projection {
            None => {
                use Builtin::{Date, Id, Key, Source, Title};
                [Id, Key, Date, Title, Source].into_iter().map(Field::from).collect()
            }
            Some(Projection::Fields(names)) => names.iter().map(|name| self.field(name)).collect(),
            Some(Projection::Everything) => {
                let is_stored = |field: &Field| {
                    use Builtin::{Lede, Quote, Text};
                    !matches!(field.name, FieldName::Builtin(Text | Lede | Quote))
                };
                self.catalog.schema.fields().filter(is_stored).collect()
            }
        }
    }

    pub fn cell(&self, field: &Field, story: &Story) -> TwinCell {
        let shown = |value: FieldValue| match value {
            FieldValue::Date(date) => FieldValue::Date(date.in_zone(self.zone)),
            other => other,
        };
        let mut values = story.values(&field.name).into_iter().map(shown);
        if field.many {
            return TwinCell::Many(values.collect());
        }
        values.next().map_or(TwinCell::Missing, TwinCell::One)
    }

    pub fn article_order(&self, order: Option<&OrderBy>, a: &Story, b: &Story) -> Ordering {
        match order {
            None | Some(OrderBy::Newest) => newest_first(a.record, b.record),
            Some(OrderBy::Oldest) => oldest_first(a.record, b.record),
            Some(OrderBy::Best) => panic!("the twin does not score"),
            Some(OrderBy::Keys(keys)) => keys
                .iter()
                .map(|key| self.by_key(key, a, b))
                .find(|order| order.is_ne())
                .unwrap_or_else(|| newest_first(a.record, b.record)),
        }
    }

    /// Smallest value ascending, largest descending; missing last in both directions.
    pub fn by_key(&self, key: &OrderKey, a: &Story, b: &Story) -> Ordering {
        let field = self.field(&key.field);
        let descending = key.direction == Some(Direction::Descending);
        let extreme = |story: &Story| {
            let mut values: Vec<SortKey> = story.values(&field.name).iter().map(SortKey::of).collect();
            values.sort();
            if descending { values.pop() } else { values.into_iter().next() }
        };
        match (extreme(a), extreme(b)) {
            (Some(a), Some(b)) if descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        }
    }

    pub fn show(&self, show: &Show, archive: &[Story]) -> TwinAnswer {
        let find = |name: &ArticleName| {
            archive.iter().find(|story| match name {
                ArticleName::Id(id) => u64::from(story.record.id.0) == whole(id),
                ArticleName::Key(key) => story.record.article.key == *key,
            })
        };
        let rows = show.articles.iter().filter_map(|name| find(name)).map(|story| {
            let id = FieldValue::from(i64::from(story.record.id.0));
            vec![TwinCell::One(id)]
        });
        let rows: Vec<_> = rows.collect();
        let total = rows.len() as u64;
        TwinAnswer { columns: vec!["id".to_owned()], rows, total, undecided: 0 }
    }
}

/// Values in the order that columns are sorted in: texts by their folded form.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    Text(String),
    Number(Number),
    Boolean(bool),
    /// By start, then by end.
    Date(i64, i64),
}

impl SortKey {
    pub fn of(value: &FieldValue) -> SortKey {
        match value {
            FieldValue::Text(text) => SortKey::Text(fold_value(text)),
            FieldValue::Number(number) => SortKey::Number(*number),
            FieldValue::Boolean(value) => SortKey::Boolean(*value),
            FieldValue::Date(date) => {
                let span = Reading::of(*date).instants(0);
                SortKey::Date(span.start, span.end)
            }
        }
    }
}

pub fn span_of(record: &Record) -> Option<(i64, i64)> {
    let span = Reading::of(record.date()?).instants(0);
    Some((span.start, span.end))
}

pub fn newest_first(a: &Record, b: &Record) -> Ordering {
    by_date(a, b, |a, b| b.cmp(&a))
}

pub fn oldest_first(a: &Record, b: &Record) -> Ordering {
    by_date(a, b, |a, b| a.cmp(&b))
}

pub fn by_date(a: &Record, b: &Record, starts: impl Fn(i64, i64) -> Ordering) -> Ordering {
    let order = match (span_of(a), span_of(b)) {
        (Some((a, a_end)), Some((b, b_end))) => starts(a, b).then(a_end.cmp(&b_end)),
        (a, b) => b.is_some().cmp(&a.is_some()),
    };
    order.then(a.id.cmp(&b.id))
}

pub fn missing_last<T: Ord>(a: Option<&T>, b: Option<&T>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (a, b) => b.is_some().cmp(&a.is_some()),
    }
}

pub fn page(clauses: &[At<Clause>]) -> (usize, usize) {
    let mut page = (0, usize::MAX);
    for clause in clauses {
        match &clause.node {
            Clause::Offset(offset) => page.0 = whole(offset) as usize,
            Clause::Limit(limit) => page.1 = whole(limit) as usize,
            _ => {}
        }
    }
    page
}

pub fn with_items(clauses: &[At<Clause>]) -> impl Iterator<Item = &WithItem> {
    let lists = clauses.iter().filter_map(|clause| match &clause.node {
        Clause::With(items) => Some(items),
        _ => None,
    });
    lists.flatten().map(|item| &item.node)
}

pub fn has_missing(clauses: &[At<Clause>]) -> bool {
    with_items(clauses).any(|item| *item == WithItem::Missing)
}

fn is_column(item: &WithItem) -> bool {
    !matches!(item, WithItem::Total | WithItem::DuplicatesFolded)
}

/// The column that an item of `with` adds to articles.
fn added_name(item: &WithItem) -> &'static str {
    match item {
        WithItem::Snippets(_) => "snippets",
        WithItem::Extraction => "extraction",
        other => panic!("the twin adds no column for {other:?}"),
    }
}

fn added_cell(item: &WithItem, story: &Story) -> TwinCell {
    match item {
        WithItem::Extraction => {
            TwinCell::Json(serde_json::to_value(&story.record.extraction).expect("an extraction is JSON"))
        }
        _ => TwinCell::Snippets,
    }
}

pub fn count_cell(count: usize) -> TwinCell {
    TwinCell::One(FieldValue::from(count as i64))
}

pub fn share_cell(part: usize, whole: usize) -> TwinCell {
    if whole == 0 { TwinCell::Missing } else { TwinCell::About(part as f64 / whole as f64) }
}

pub fn number_cell(value: FieldValue) -> TwinCell {
    match value {
        FieldValue::Number(Number::Decimal(value)) => TwinCell::About(value),
        other => TwinCell::One(other),
    }
}
