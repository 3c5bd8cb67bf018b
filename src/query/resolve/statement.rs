//! Statements to requests, each kind of query by its own method.

use super::clauses::Takes;
use super::{Resolver, Session, messages, summary};
use crate::date::Unit;
use crate::query::ast::{self, At, FieldRef, Statement};
use crate::query::{
    ArticleName, Binding, Count, Find, GroupKey, Measure, MeasureFunction, Order, OrderBy, Pairs, Predicate,
    Projection, Request, Series, Show, Timeline, Top,
};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::value::{Number, Value};

/// The moment that relative dates count from where queries are told apart: 3 September 2018, 12:34:56 UTC.
const IDENTITY_NOW: i64 = 1_535_978_096;

/// Rows of `top` and series of `split by` where no number is written.
pub const TOP_DEFAULT: u64 = 10;

impl Resolver<'_> {
    /// Returns the request of a statement.
    pub(super) fn statement(&mut self, statement: &At<Statement>) -> Option<Request> {
        match &statement.node {
            Statement::Explain(explain) => self.explain(explain),
            Statement::Query(query) => self.query(query),
            Statement::Show(show) => self.show(show).map(Request::Show),
            Statement::Describe(None) => Some(Request::Describe(None)),
            Statement::Describe(Some(name)) => Some(Request::Describe(Some(self.field(name)?))),
            Statement::List(catalogued) => Some(Request::List(*catalogued)),
            Statement::Run(run) => self.run(run),
            Statement::Export(export) => self.export(export),
            Statement::Define(define) => self.define(define),
            Statement::Drop(drop) => self.drop_saved(drop),
            Statement::Write(write) => self.write(write, statement.span),
        }
    }

    fn explain(&mut self, explain: &ast::Explain) -> Option<Request> {
        let (runnable, analyze) = match explain {
            ast::Explain::Plan(runnable) => (runnable, false),
            ast::Explain::Analyze(runnable) => (runnable, true),
            ast::Explain::PlanOfWrite(write) => {
                let request = Box::new(self.explained_write(write)?);
                return Some(Request::Explain { analyze: false, statement: write.to_string(), request });
            }
        };
        let request = Box::new(self.runnable(runnable)?);
        Some(Request::Explain { analyze, statement: runnable.to_string(), request })
    }

    pub(super) fn runnable(&mut self, runnable: &ast::Runnable) -> Option<Request> {
        match runnable {
            ast::Runnable::Query(query) => self.query(query),
            ast::Runnable::Run(run) => self.run(run),
        }
    }

    pub(super) fn query(&mut self, query: &ast::Query) -> Option<Request> {
        match query {
            ast::Query::Find(find) => self.find(find).map(Request::Find),
            ast::Query::Count(count) => self.count_articles(count).map(Request::Count),
            ast::Query::Measure(measure) => self.measure(measure).map(Request::Measure),
            ast::Query::Top(top) => self.top(top).map(Request::Top),
            ast::Query::Pairs(pairs) => self.pairs(pairs).map(Request::Pairs),
            ast::Query::Timeline(timeline) => self.timeline(timeline).map(Request::Timeline),
        }
    }

    fn find(&mut self, find: &ast::Find) -> Option<Find> {
        let projection = self.projection(find.projection.as_ref());
        let predicate = self.filter(find.filter.as_ref());
        let clauses = self.clauses(&find.clauses);
        let order = self.article_order(clauses.order, predicate.as_ref());
        let limit = self.limit(&clauses);
        let offset = self.offset(&clauses);
        let after = match clauses.after {
            Some(cursor) => self.text(cursor).map(Some),
            None => Some(None),
        };
        let with = self.with(clauses.with, Takes::FIND);
        let (predicate, order) = (predicate?, order?);
        // Only pages have cursors.
        let is_page = clauses.limit.is_some() || clauses.after.is_some();
        let identity = if is_page { self.identity(find.filter.as_ref(), &predicate, &order) } else { 0 };
        Some(Find {
            projection: projection?,
            predicate,
            order,
            limit: limit?,
            offset: offset?,
            after: after?,
            identity,
            with: with?,
            zone: self.session.zone,
        })
    }

    /// Returns a number that tells a query from others, whenever it is asked.
    fn identity(&self, filter: Option<&At<ast::Expr>>, predicate: &Predicate, order: &Order) -> u64 {
        let session = Session { now: IDENTITY_NOW, strict: false, ..*self.session };
        let mut timeless = Resolver {
            is_definition: self.is_definition,
            expanding: self.expanding.clone(),
            ..Resolver::new(self.catalog, &session, self.bindings)
        };
        let predicate = timeless.filter(filter).unwrap_or_else(|| predicate.clone());
        xxhash_rust::xxh3::xxh3_64(format!("{predicate:?}{order:?}").as_bytes())
    }

    fn projection(&mut self, projection: Option<&ast::Projection>) -> Option<Projection> {
        let names = match projection {
            None => return Some(Projection::Default),
            Some(ast::Projection::Everything) => return Some(Projection::Everything),
            Some(ast::Projection::Fields(names)) => names,
        };
        let mut fields: Vec<Field> = Vec::new();
        let mut is_fine = true;
        for name in names {
            match self.field(name) {
                Some(field) if fields.contains(&field) => {
                    is_fine = self.fault::<()>(messages::listed_twice(name, "the field")).is_some();
                }
                Some(field) => fields.push(field),
                None => is_fine = false,
            }
        }
        is_fine.then_some(Projection::Fields(fields))
    }

    fn count_articles(&mut self, count: &ast::Count) -> Option<Count> {
        let keys = self.group_keys(&count.keys);
        let predicate = self.filter(count.filter.as_ref());
        let compare = self.series(&count.compare);
        let clauses = self.clauses(&count.clauses);
        let is_grouped = !count.keys.is_empty();
        if let Some(share) = count.as_share.as_ref().filter(|_| !is_grouped && count.compare.is_empty()) {
            return self.fault(messages::share_of_nothing(share.span));
        }
        let columns = columns_of(keys.as_deref(), !count.compare.is_empty(), count.as_share.is_some());
        let order = self.group_order(clauses.order, &columns);
        let limit = self.limit(&clauses);
        let offset = self.offset(&clauses);
        let with = self.with(clauses.with, if is_grouped { Takes::COUNT_BY } else { Takes::COUNT });
        let predicate = predicate?;
        Some(Count {
            keys: keys?,
            as_share: count.as_share.is_some(),
            share_of: summary::without_content(&predicate),
            predicate,
            compare: compare?,
            order: order?,
            limit: limit?,
            offset: offset?,
            with: with?,
            zone: self.session.zone,
        })
    }

    fn measure(&mut self, measure: &ast::Measure) -> Option<Measure> {
        let function = measure.function;
        let field = self.measured_field(&measure.field, function);
        let keys = self.group_keys(&measure.keys);
        let predicate = self.filter(measure.filter.as_ref());
        let clauses = self.clauses(&measure.clauses);
        let mut columns: Vec<String> = keys.iter().flatten().map(GroupKey::column).collect();
        columns.push(function.name().to_owned());
        let order = self.group_order(clauses.order, &columns);
        let limit = self.limit(&clauses);
        let offset = self.offset(&clauses);
        let with = self.with(clauses.with, Takes::measure(function.name(), !measure.keys.is_empty()));
        Some(Measure {
            function,
            field: field?,
            keys: keys?,
            predicate: predicate?,
            order: order?,
            limit: limit?,
            offset: offset?,
            with: with?,
            zone: self.session.zone,
        })
    }

    /// A measure is taken of numbers; the first and the last of dates can be named too.
    fn measured_field(&mut self, name: &At<FieldRef>, function: MeasureFunction) -> Option<Field> {
        let field = self.field(name)?;
        let is_extreme = matches!(function, MeasureFunction::Min | MeasureFunction::Max);
        match field.field_type {
            FieldType::Number => Some(field),
            FieldType::Date if is_extreme => Some(field),
            _ => self.fault(messages::not_measurable(name, &field, function.name())),
        }
    }

    fn top(&mut self, top: &ast::Top) -> Option<Top> {
        let limit = self.top_limit(top.limit.as_ref());
        let field = self.grouping_field(&top.field, "`top`");
        let predicate = self.filter(top.filter.as_ref());
        let with = self.with(&top.with, Takes::TOP);
        Some(Top { limit: limit?, field: field?, predicate: predicate?, with: with? })
    }

    fn top_limit(&mut self, limit: Option<&At<ast::Whole>>) -> Option<u64> {
        limit.map_or(Some(TOP_DEFAULT), |limit| self.whole(limit, "`top`", 1..=u64::MAX))
    }

    fn pairs(&mut self, pairs: &ast::Pairs) -> Option<Pairs> {
        let limit = self.top_limit(pairs.limit.as_ref());
        let first = self.grouping_field(&pairs.first, "`pairs of`");
        let second = self.grouping_field(&pairs.second, "`pairs of`");
        let predicate = self.filter(pairs.filter.as_ref());
        let order = self.pair_order(pairs.order.as_ref());
        let with = self.with(&pairs.with, Takes::PAIRS);
        let (by_lift, ascending) = order?;
        Some(Pairs {
            limit: limit?,
            first: first?,
            second: second?,
            scope: pairs.scope.as_ref().map(|scope| scope.node),
            predicate: predicate?,
            by_lift,
            ascending,
            with: with?,
        })
    }

    fn pair_order(&mut self, order: Option<&At<ast::OrderBy>>) -> Option<(bool, bool)> {
        let Some(order) = order else { return Some((false, false)) };
        let columns = ["articles".to_owned(), "lift".to_owned()];
        let keys = self.group_order(Some((&order.node, order.span)), &columns)?;
        match keys.as_slice() {
            [key] => Some((key.by == OrderBy::Column("lift".to_owned()), !key.descending)),
            _ => self.fault(messages::one_pair_order(order.span)),
        }
    }

    fn timeline(&mut self, timeline: &ast::Timeline) -> Option<Timeline> {
        let field = match &timeline.field {
            Some(name) => self.date_field(name, "timeline").map(|field| field.name),
            None => Some(FieldName::Builtin(Builtin::Date)),
        };
        let split = match &timeline.split {
            Some(split) => self.split(split).map(Some),
            None => Some(None),
        };
        let predicate = self.filter(timeline.filter.as_ref());
        let compare = self.series(&timeline.compare);
        let with = self.with(&timeline.with, Takes::TIMELINE);
        if let (Some(_), Some(series)) = (&timeline.split, timeline.compare.first()) {
            return self.fault(messages::split_and_compare(series.span));
        }
        let (field, predicate) = (field?, predicate?);
        Some(Timeline {
            unit: timeline.unit.node,
            split: split?,
            as_share: timeline.as_share.is_some(),
            share_of: summary::without_content(&predicate),
            bounds: summary::date_bounds(&predicate, &field),
            field,
            predicate,
            compare: compare?,
            with: with?,
            zone: self.session.zone,
        })
    }

    fn split(&mut self, split: &At<ast::Split>) -> Option<(Field, u64)> {
        let field = self.grouping_field(&split.field, "`split by`");
        let series = self.top_limit(split.top.as_ref());
        Some((field?, series?))
    }

    /// Returns the compared series; where no label is written the condition itself is the label.
    fn series(&mut self, series: &[At<ast::Series>]) -> Option<Vec<Series>> {
        let mut resolved: Vec<Series> = Vec::new();
        let mut is_fine = true;
        for one in series {
            let label =
                one.label.as_ref().map_or_else(|| one.filter.node.to_string(), |label| label.node.clone());
            if resolved.iter().any(|earlier| earlier.label == label) {
                is_fine = self.fault::<()>(messages::label_twice(&label, one.span)).is_some();
            }
            match self.filter(Some(&one.filter)) {
                Some(predicate) => resolved.push(Series { label, predicate }),
                None => is_fine = false,
            }
        }
        is_fine.then_some(resolved)
    }

    fn group_keys(&mut self, keys: &[At<ast::GroupKey>]) -> Option<Vec<GroupKey>> {
        let mut resolved: Vec<GroupKey> = Vec::new();
        let mut is_fine = true;
        for key in keys {
            match self.group_key_of(key) {
                Some(known) if resolved.iter().any(|earlier| earlier.column() == known.column()) => {
                    let name = At::new(FieldRef::new(&known.column()), key.span);
                    is_fine = self.fault::<()>(messages::listed_twice(&name, "the group key")).is_some();
                }
                Some(known) => resolved.push(known),
                None => is_fine = false,
            }
        }
        is_fine.then_some(resolved)
    }

    fn group_key_of(&mut self, key: &At<ast::GroupKey>) -> Option<GroupKey> {
        match &key.node {
            ast::GroupKey::Unit(unit, name) => {
                let field = self.date_field(name, &format!("{unit} of"))?;
                Some(GroupKey::Unit(*unit, field.name))
            }
            ast::GroupKey::Weekday(name) => {
                Some(GroupKey::Weekday(self.date_field(name, "weekday of")?.name))
            }
            ast::GroupKey::Field(name) => match self.bare_unit(name) {
                Some(unit) => Some(GroupKey::Unit(unit, FieldName::Builtin(Builtin::Date))),
                None => {
                    let name = At::new(name.clone(), key.span);
                    self.grouping_field(&name, "`by`").map(GroupKey::Field)
                }
            },
        }
    }

    /// A bare unit means `of date` where no field has that name.
    fn bare_unit(&self, name: &FieldRef) -> Option<Unit> {
        let written = name.name();
        if self.catalog.schema.field(&written).is_some() {
            return None;
        }
        let singular = written.strip_suffix('s').unwrap_or(&written);
        Unit::ALL.into_iter().find(|unit| unit.name() == singular)
    }

    fn show(&mut self, show: &ast::Show) -> Option<Show> {
        let articles: Vec<_> = show.articles.iter().map(|name| self.article_name(name)).collect();
        let with = self.with(&show.with, Takes::SHOW);
        let articles = articles.into_iter().collect::<Option<_>>()?;
        Some(Show { articles, with: with?, zone: self.session.zone })
    }

    fn article_name(&mut self, name: &At<ast::ArticleName>) -> Option<ArticleName> {
        let parameter = match &name.node {
            ast::ArticleName::Key(key) => return Some(ArticleName::Key(key.clone())),
            ast::ArticleName::Id(ast::Whole::Number(id)) => return Some(ArticleName::Id(*id)),
            ast::ArticleName::Id(ast::Whole::Parameter(parameter)) => parameter,
        };
        match self.bound(parameter, name.span)? {
            Binding::Value(Value::Text(key)) => Some(ArticleName::Key(key.clone())),
            Binding::Value(Value::Number(Number::Whole(id @ 0..))) => {
                Some(ArticleName::Id(id.unsigned_abs()))
            }
            other => {
                self.fault(messages::wrong_binding(parameter, other, "an article's number or key", name.span))
            }
        }
    }
}

/// Returns the columns that groups can be ordered by.
fn columns_of(keys: Option<&[GroupKey]>, has_series: bool, has_share: bool) -> Vec<String> {
    let series = has_series.then(|| "series".to_owned());
    let keys = keys.unwrap_or_default().iter().map(GroupKey::column);
    let share = has_share.then(|| "share".to_owned());
    series.into_iter().chain(keys).chain(share).chain(["count".to_owned()]).collect()
}
