//! Dates made absolute: literals, moments and periods to spans of instants.

use super::{Resolver, messages};
use crate::date::{Date, InstantSpan};
use crate::query::ast::{self, At, DateLiteral, Moment, RelativePeriod};
use crate::query::{Binding, DateRelation, DateTest, Period, Predicate, QueryError};
use crate::schema::Field;
use crate::text::Span;
use crate::value::Value;

impl Resolver<'_> {
    /// Returns the date of a literal.
    pub(super) fn date_literal(&mut self, literal: &DateLiteral, span: Span) -> Option<Date> {
        match literal {
            DateLiteral::Date(date) => Some(*date),
            DateLiteral::Impossible(text) => match text.parse::<Date>() {
                Ok(date) => Some(date),
                Err(error) => self.fault(QueryError::impossible_date(text, &error, span)),
            },
        }
    }

    /// Returns the span of a literal or a moment relative to now.
    pub(super) fn moment(&mut self, moment: &Moment, span: Span) -> Option<InstantSpan> {
        let clock = self.session.clock();
        let instants = match moment {
            Moment::Date(literal) => Some(self.date_literal(literal, span)?.instants(clock.zone)),
            Moment::Now => Some(clock.now()),
            Moment::Today => clock.today(),
            Moment::Yesterday => clock.yesterday(),
            Moment::Ago { count, unit } => clock.ago(self.count_of_units(count)?, *unit),
        };
        self.on_calendar(instants, span)
    }

    /// Returns the span of what follows `in`.
    pub(super) fn period(&mut self, period: &ast::Period, span: Span) -> Option<InstantSpan> {
        let clock = self.session.clock();
        let instants = match period {
            ast::Period::Date(literal) => {
                Some(self.date_literal(literal, literal.span)?.instants(clock.zone))
            }
            ast::Period::Range(first, last) => {
                let first = self.date_literal(first, first.span);
                let last = self.date_literal(last, last.span);
                clock.span(Period::Dates { first: first?, last: last? })
            }
            ast::Period::Today => clock.today(),
            ast::Period::Yesterday => clock.yesterday(),
            ast::Period::Relative(relative) => return self.relative_period(relative, span),
        };
        self.on_calendar(instants, span)
    }

    /// Returns the span of `this month`, `last month`, `last 3 months`.
    pub(super) fn relative_period(&mut self, period: &RelativePeriod, span: Span) -> Option<InstantSpan> {
        let period = match period {
            RelativePeriod::This(unit) => Period::This(*unit),
            RelativePeriod::Last(unit) => Period::Last(*unit),
            RelativePeriod::LastSeveral(count, unit) => {
                Period::LastSeveral(self.count(count, "a number of units")?, *unit)
            }
        };
        self.on_calendar(self.session.clock().span(period), span)
    }

    /// Returns the span of what follows `since`, `until` and their like.
    pub(super) fn time(&mut self, time: &At<ast::Time>) -> Option<InstantSpan> {
        let parameter = match &time.node {
            ast::Time::Moment(moment) => return self.moment(moment, time.span),
            ast::Time::Period(period) => return self.relative_period(period, time.span),
            ast::Time::Parameter(parameter) => parameter,
        };
        let binding = self.bound(parameter, time.span)?;
        match self.bound_span(binding) {
            Some(span) => self.on_calendar(span, time.span),
            None => self.fault(messages::wrong_binding(parameter, binding, "a date or period", time.span)),
        }
    }

    /// Returns the span of a bound date, year or period; `None` for anything else, `Some(None)` off the calendar.
    pub(super) fn bound_span(&self, binding: &Binding) -> Option<Option<InstantSpan>> {
        let clock = self.session.clock();
        match binding {
            Binding::Value(Value::Date(date)) => Some(Some(date.instants(clock.zone))),
            Binding::Value(Value::Number(number)) => {
                let year = ast::Value::Number(*number).year()?;
                Some(Some(year.instants(clock.zone)))
            }
            Binding::Period(period) => Some(clock.span(*period)),
            _ => None,
        }
    }

    /// Returns `field` tested against a span; warns where no date can pass.
    pub(super) fn date_test(
        &mut self,
        field: &Field,
        relation: DateRelation,
        span: InstantSpan,
    ) -> Predicate {
        Predicate::Date(field.name.clone(), DateTest { relation, span, zone: self.session.zone })
    }

    /// Returns the span of `between` or `in X..Y`, both ends included; warns where it ends before it begins.
    pub(super) fn date_range(
        &mut self,
        field: &Field,
        first: InstantSpan,
        last: InstantSpan,
        at: Span,
    ) -> Predicate {
        let span = InstantSpan { start: first.start, end: last.end };
        self.warn_of_backward_span(field, span, at);
        self.date_test(field, DateRelation::Within, span)
    }

    /// Warns where a span ends before it begins (W04).
    pub(super) fn warn_of_backward_span(&mut self, field: &Field, span: InstantSpan, at: Span) {
        if span.end <= span.start {
            self.warn("W04", messages::backward_span(&field.name), at);
        }
    }

    fn count_of_units(&mut self, count: &At<ast::Whole>) -> Option<u32> {
        let number = self.any_whole(count)?;
        Some(u32::try_from(number).unwrap_or(u32::MAX))
    }

    pub(super) fn on_calendar(&mut self, instants: Option<InstantSpan>, span: Span) -> Option<InstantSpan> {
        match instants {
            Some(instants) => Some(instants),
            None => self.fault(messages::off_calendar(span)),
        }
    }
}

/// Returns the relation that a keyword or comparison sign asks for.
pub(super) fn relation_of(word: ast::DateWord) -> DateRelation {
    match word {
        ast::DateWord::Since => DateRelation::Since,
        ast::DateWord::Until => DateRelation::Until,
        ast::DateWord::Before => DateRelation::Before,
        ast::DateWord::After => DateRelation::After,
        ast::DateWord::On => DateRelation::Within,
        ast::DateWord::Overlaps => DateRelation::Overlaps,
    }
}
