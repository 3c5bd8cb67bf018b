//! Saved filters and queries, expanded where they are named.

use super::{Resolver, SAVED_DEPTH_MAX, messages};
use crate::catalog::Saved;
use crate::date::Unit;
use crate::query::ast::{self, At, BoundValue, Expr, Moment, Statement};
use crate::query::{Binding, Bindings, Predicate, QueryError, Request};
use crate::text::Span;
use crate::value::Value;

impl<'a> Resolver<'a> {
    /// Returns the predicate of `@name`.
    pub(super) fn saved_filter(&mut self, name: &At<String>) -> Option<Predicate> {
        let saved = self.saved(name)?;
        if !saved.is_condition {
            return self.fault(messages::query_as_condition(name));
        }
        let expr = self.enter(name, |own| own.parse_saved(name, &format!("find where {}", saved.text)))?;
        let filter = match expr {
            Statement::Query(ast::Query::Find(find)) => find.filter?,
            _ => return self.fault(messages::query_as_condition(name)),
        };
        self.enter(name, |own| own.expr(&filter))
    }

    fn saved(&mut self, name: &At<String>) -> Option<&'a Saved> {
        if let Some(saved) = self.catalog.saved.get(&name.node) {
            return Some(saved);
        }
        let names = self.catalog.saved.keys().map(String::as_str);
        self.fault(QueryError::unknown_saved(&name.node, name.span, names))
    }

    /// Runs `inside` with every message pointing at the place that named the outermost saved filter.
    fn enter<T>(&mut self, name: &At<String>, inside: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.expanding.contains(&name.node) {
            let path = self.expanding.clone();
            return self.fault(messages::saved_cycle(&path, name));
        }
        if self.expanding.len() >= SAVED_DEPTH_MAX {
            return self.fault(messages::saved_too_deep(name, SAVED_DEPTH_MAX));
        }
        let outer = self.stands_at;
        self.stands_at = outer.or(Some(name.span));
        self.expanding.push(name.node.clone());
        let result = inside(self);
        self.expanding.pop();
        self.stands_at = outer;
        result
    }

    fn parse_saved(&mut self, name: &At<String>, text: &str) -> Option<Statement> {
        let only = |script: ast::Script| {
            let mut statements = script.statements.into_iter().map(|statement| statement.node);
            statements.next().filter(|_| statements.next().is_none())
        };
        match crate::query::parse(text) {
            Ok(script) => match only(script) {
                Some(statement) => Some(statement),
                None => self.fault(messages::unreadable_saved(name)),
            },
            Err(_) => self.fault(messages::unreadable_saved(name)),
        }
    }

    /// Returns the request of `run @name with ...`: the saved query with these values over those of the session.
    pub(super) fn run(&mut self, run: &ast::Run) -> Option<Request> {
        let saved = self.saved(&run.name)?;
        if saved.is_condition {
            return self.fault(messages::condition_as_query(&run.name));
        }
        let given = self.run_bindings(run);
        let statement = self.enter(&run.name, |own| own.parse_saved(&run.name, &saved.text));
        let (given, statement) = (given?, statement?);
        let bindings = self.bindings.overlaid(given.clone());
        let mut inner = Resolver {
            expanding: vec![run.name.node.clone()],
            stands_at: Some(run.name.span),
            is_definition: self.is_definition,
            ..Resolver::new(self.catalog, self.session, &bindings)
        };
        let request = inner.statement(&At::new(statement, run.name.span));
        self.adopt(inner, &given, run.name.span);
        request
    }

    /// Takes over what the resolver of a saved query found.
    fn adopt(&mut self, inner: Resolver<'_>, given: &Bindings, span: Span) {
        let Resolver { errors, warnings, used, .. } = inner;
        let unused: Vec<_> = given.names().filter(|name| !used.contains(*name)).cloned().collect();
        self.used.extend(used);
        self.warnings.extend(warnings);
        self.errors.extend(errors);
        for parameter in unused {
            let _: Option<()> = self.fault(messages::unused_binding(&parameter, span));
        }
    }

    fn run_bindings(&mut self, run: &ast::Run) -> Option<Bindings> {
        let mut bindings = Bindings::default();
        let mut complete = true;
        for binding in &run.bindings {
            if bindings.get(&ast::Parameter::Named(binding.name.node.clone())).is_some() {
                complete = self.fault::<()>(messages::bound_twice(&binding.name)).is_some();
            }
            match self.bound_value(&binding.value) {
                Some(value) => bindings.set(ast::Parameter::Named(binding.name.node.clone()), value),
                None => complete = false,
            }
        }
        complete.then_some(bindings)
    }

    fn bound_value(&mut self, value: &BoundValue) -> Option<Binding> {
        match value {
            BoundValue::One(value) => self.one_value(value),
            BoundValue::List(values) => {
                let values: Vec<_> = values.iter().map(|value| self.list_value(value)).collect();
                Some(Binding::List(values.into_iter().collect::<Option<_>>()?))
            }
        }
    }

    fn list_value(&mut self, value: &At<ast::Value>) -> Option<Value> {
        match self.one_value(value)? {
            Binding::Value(value) => Some(value),
            _ => self.fault(messages::list_in_list(value.span)),
        }
    }

    pub(super) fn one_value(&mut self, value: &At<ast::Value>) -> Option<Binding> {
        Some(match &value.node {
            ast::Value::String(text) => Binding::from(text.as_str()),
            ast::Value::Number(number) => Binding::from(*number),
            ast::Value::Boolean(value) => Binding::from(*value),
            ast::Value::Parameter(parameter) => self.bound(parameter, value.span)?.clone(),
            ast::Value::Moment(moment) => self.moment_as_date(moment, value.span)?,
        })
    }

    fn moment_as_date(&mut self, moment: &Moment, span: Span) -> Option<Binding> {
        if let Moment::Date(literal) = moment {
            return self.date_literal(literal, span).map(Binding::from);
        }
        let start = self.moment(moment, span)?.start;
        match (moment, self.session.clock().date(start)) {
            (_, None) => self.fault(messages::off_calendar(span)),
            (Moment::Ago { unit, .. }, Some(date)) if !matches!(unit, Unit::Hour | Unit::Minute) => {
                Some(Binding::from(unit.bucket(date.wall())))
            }
            (_, Some(date)) => Some(Binding::from(date)),
        }
    }

    /// Checks a condition or query that is being defined: its parameters have no values yet.
    pub(super) fn check_definition(&mut self, check: impl FnOnce(&mut Self) -> Option<()>) {
        self.is_definition = true;
        let _checked_only_for_its_errors = check(self);
        self.is_definition = false;
    }

    /// Checks a filter that is being defined under `name`, which it may not contain.
    pub(super) fn check_filter(&mut self, name: &At<String>, filter: &At<Expr>) {
        self.expanding.push(name.node.clone());
        self.check_definition(|own| own.filter(Some(filter)).map(drop));
        self.expanding.pop();
    }
}
