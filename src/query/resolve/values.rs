//! Comparisons with values: `=`, `<`, `in`, `between`, `starts with`, each by the type of its field.

use super::condition::{has_aliases, negated};
use super::{Resolver, messages, terms};
use crate::date::InstantSpan;
use crate::extract::gazetteer;
use crate::query::ast::{self, AffixKind, At, FieldRef, Set};
use crate::query::{Binding, Comparison, DateRelation, KeywordTest, NumberRange, OneOf, Predicate};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::text::{Span, fold, fold_value};
use crate::value::{Number, Value};

/// A value of a query, parameters replaced.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Number(Number),
    Boolean(bool),
    /// A date or moment.
    Date(InstantSpan),
}

/// A place where values are compared with a field; messages show it.
#[derive(Clone, Copy)]
pub(super) struct Comparing<'q> {
    pub name: &'q At<FieldRef>,
    /// The operator as a corrected query would write it.
    pub operator: &'q str,
}

impl Resolver<'_> {
    pub(super) fn compares(&mut self, compares: &ast::Compares) -> Option<Predicate> {
        let field = self.field(&compares.field);
        let literal = self.literal(&compares.value);
        let (field, literal) = (field?, literal?);
        let comparison = compares.comparison.node;
        let place = Comparing { name: &compares.field, operator: comparison.sign() };
        let is_equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let test = match field.field_type {
            FieldType::Number => {
                let number = self.as_number(&field, place, &literal, compares.value.span)?;
                Predicate::Number(field.name, vec![number_range(comparison, number)])
            }
            FieldType::Date => {
                let span = self.as_span(&field, place, &literal, compares.value.span)?;
                self.date_test(&field, date_relation(comparison), span)
            }
            FieldType::Keyword | FieldType::Boolean if !is_equality => {
                return self.fault(messages::no_order(&compares.field, &field, &compares.comparison));
            }
            FieldType::Keyword => {
                let text = self.as_keyword(&field, place, &literal, compares.value.span)?;
                self.keyword_in(&field, [text])
            }
            FieldType::Boolean => {
                let value = self.as_boolean(&field, place, &literal, compares.value.span)?;
                Predicate::Boolean(field.name, value)
            }
            FieldType::Text | FieldType::Quote => {
                let span = compares.comparison.span;
                return self.fault(messages::not_comparable(
                    place,
                    &field,
                    written_text(&compares.value),
                    span,
                ));
            }
        };
        Some(negated(comparison == Comparison::NotEqual, test))
    }

    pub(super) fn member(&mut self, member: &ast::Member) -> Option<Predicate> {
        let field = self.field(&member.field);
        let test = match &member.set.node {
            Set::List(values) => {
                let literals: Vec<_> =
                    values.iter().map(|value| Some((self.literal(value)?, value.span))).collect();
                let literals = literals.into_iter().collect::<Option<Vec<_>>>();
                self.in_list(&field?, &member.field, literals?)
            }
            Set::Period(period) => {
                let span = self.period(period, member.set.span);
                self.in_period(&field?, member, span?, &messages::Shown::period(period))
            }
            Set::Parameter(parameter) => self.in_parameter(&field?, member, parameter),
        };
        Some(negated(member.negated, test?))
    }

    fn in_period(
        &mut self,
        field: &Field,
        member: &ast::Member,
        span: InstantSpan,
        shown: &messages::Shown,
    ) -> Option<Predicate> {
        if field.field_type != FieldType::Date {
            return self.fault(messages::wrong_type(&member.field, field, shown, None, member.set.span));
        }
        self.warn_of_backward_span(field, span, member.set.span);
        Some(self.date_test(field, DateRelation::Within, span))
    }

    fn in_parameter(
        &mut self,
        field: &Field,
        member: &ast::Member,
        parameter: &ast::Parameter,
    ) -> Option<Predicate> {
        let at = member.set.span;
        let binding = self.bound(parameter, at)?;
        let values = match binding {
            Binding::List(values) if values.is_empty() => {
                return self.fault(messages::empty_list(parameter, at));
            }
            Binding::List(values) => values,
            _ => {
                let Some(span) = self.bound_span(binding) else {
                    return self.fault(messages::wrong_binding(parameter, binding, "a list or a period", at));
                };
                let span = self.on_calendar(span, at)?;
                return self.in_period(field, member, span, &messages::Shown::bound(binding));
            }
        };
        let literals = values.iter().map(|value| (self.bound_literal(value), at)).collect();
        self.in_list(field, &member.field, literals)
    }

    /// True if any value of the field equals any of the list.
    fn in_list(
        &mut self,
        field: &Field,
        name: &At<FieldRef>,
        literals: Vec<(Literal, Span)>,
    ) -> Option<Predicate> {
        let place = Comparing { name, operator: "in" };
        match field.field_type {
            FieldType::Number => {
                let ranges = self.each(literals, |own, literal, at| {
                    let number = own.as_number(field, place, literal, at)?;
                    Some(number_range(Comparison::Equal, number))
                })?;
                Some(Predicate::Number(field.name.clone(), ranges))
            }
            FieldType::Date => {
                let tests = self.each(literals, |own, literal, at| {
                    let span = own.as_span(field, place, literal, at)?;
                    Some(own.date_test(field, DateRelation::Within, span))
                })?;
                Some(Predicate::Or(tests))
            }
            FieldType::Keyword => {
                let texts =
                    self.each(literals, |own, literal, at| own.as_keyword(field, place, literal, at))?;
                Some(self.keyword_in(field, texts))
            }
            FieldType::Boolean => {
                let values =
                    self.each(literals, |own, literal, at| own.as_boolean(field, place, literal, at))?;
                let test = |value| Predicate::Boolean(field.name.clone(), value);
                Some(Predicate::Or(values.into_iter().map(test).collect()))
            }
            FieldType::Text | FieldType::Quote => {
                self.fault(messages::not_comparable(place, field, None, name.span))
            }
        }
    }

    fn each<T>(
        &mut self,
        literals: Vec<(Literal, Span)>,
        mut convert: impl FnMut(&mut Self, &Literal, Span) -> Option<T>,
    ) -> Option<Vec<T>> {
        let converted: Vec<Option<T>> =
            literals.iter().map(|(literal, at)| convert(self, literal, *at)).collect();
        converted.into_iter().collect()
    }

    pub(super) fn between(&mut self, between: &ast::Between) -> Option<Predicate> {
        let field = self.field(&between.field);
        let (low, high) = (self.literal(&between.low), self.literal(&between.high));
        let (field, low, high) = (field?, low?, high?);
        let place = Comparing { name: &between.field, operator: "between" };
        let (low_at, high_at) = (between.low.span, between.high.span);
        let test = match field.field_type {
            FieldType::Number => {
                let low = self.as_number(&field, place, &low, low_at);
                let high = self.as_number(&field, place, &high, high_at);
                let range = NumberRange { low: Some((low?, true)), high: Some((high?, true)) };
                Predicate::Number(field.name, vec![range])
            }
            FieldType::Date => {
                let low = self.as_span(&field, place, &low, low_at);
                let high = self.as_span(&field, place, &high, high_at);
                self.date_range(&field, low?, high?, Span { start: low_at.start, end: high_at.end })
            }
            _ => return self.fault(messages::no_between(&between.field, &field)),
        };
        Some(negated(between.negated, test))
    }

    pub(super) fn affix(&mut self, affix: &ast::Affix) -> Option<Predicate> {
        let field = self.field(&affix.field);
        let text = self.text(&affix.text);
        let (field, text) = (field?, text?);
        if field.field_type != FieldType::Keyword {
            return self.fault(messages::affix_needs_keyword(&affix.field, &field, affix.kind, &text));
        }
        if fold_value(&text).is_empty() {
            return self.fault(messages::blank_value(&affix.field, &text, affix.text.span));
        }
        let test = match affix.kind {
            AffixKind::StartsWith => KeywordTest::StartsWith(collapsed(&text).trim_start().to_owned()),
            AffixKind::EndsWith => KeywordTest::EndsWith(collapsed(&text).trim_end().to_owned()),
            AffixKind::Like => KeywordTest::Like(terms::like_pattern(text.trim())),
        };
        Some(negated(affix.negated, Predicate::Keyword(field.name, test)))
    }

    /// Returns the value with its parameter replaced.
    fn literal(&mut self, value: &At<ast::Value>) -> Option<Literal> {
        Some(match &value.node {
            ast::Value::String(text) => Literal::Text(text.clone()),
            ast::Value::Number(number) => Literal::Number(*number),
            ast::Value::Boolean(value) => Literal::Boolean(*value),
            ast::Value::Moment(moment) => Literal::Date(self.moment(moment, value.span)?),
            ast::Value::Parameter(parameter) => match self.bound(parameter, value.span)? {
                Binding::Value(bound) => self.bound_literal(bound),
                other => {
                    return self.fault(messages::wrong_binding(parameter, other, "one value", value.span));
                }
            },
        })
    }

    fn bound_literal(&self, value: &Value) -> Literal {
        match value {
            Value::Text(text) => Literal::Text(text.clone()),
            Value::Number(number) => Literal::Number(*number),
            Value::Boolean(value) => Literal::Boolean(*value),
            Value::Date(date) => Literal::Date(date.instants(self.session.zone)),
        }
    }

    fn as_number(&mut self, field: &Field, place: Comparing, literal: &Literal, at: Span) -> Option<Number> {
        match literal {
            Literal::Number(number) => Some(*number),
            other => self.wrong_literal(field, place, other, at),
        }
    }

    fn as_boolean(&mut self, field: &Field, place: Comparing, literal: &Literal, at: Span) -> Option<bool> {
        match literal {
            Literal::Boolean(value) => Some(*value),
            other => self.wrong_literal(field, place, other, at),
        }
    }

    /// Returns the span of a date; a number of four digits is a year.
    fn as_span(
        &mut self,
        field: &Field,
        place: Comparing,
        literal: &Literal,
        at: Span,
    ) -> Option<InstantSpan> {
        match literal {
            Literal::Date(span) => Some(*span),
            Literal::Number(number) => match ast::Value::Number(*number).year() {
                Some(year) => Some(year.instants(self.session.zone)),
                None => self.wrong_literal(field, place, literal, at),
            },
            other => self.wrong_literal(field, place, other, at),
        }
    }

    fn as_keyword(&mut self, field: &Field, place: Comparing, literal: &Literal, at: Span) -> Option<String> {
        let Literal::Text(text) = literal else {
            return self.wrong_literal(field, place, literal, at);
        };
        if fold_value(text).is_empty() {
            return self.fault(messages::blank_value(place.name, text, at));
        }
        if let Some(message) = messages::wildcard_in_value(place.name, text) {
            self.warn("W02", message, at);
        }
        Some(text.trim().to_owned())
    }

    fn wrong_literal<T>(
        &mut self,
        field: &Field,
        place: Comparing,
        literal: &Literal,
        at: Span,
    ) -> Option<T> {
        let shown = messages::Shown::literal(literal);
        self.fault(messages::wrong_type(place.name, field, &shown, Some(place.operator), at))
    }

    /// Returns the test for any of these values, with everything that aliases and codes make equal to them.
    fn keyword_in(&self, field: &Field, texts: impl IntoIterator<Item = String>) -> Predicate {
        let mut values: Vec<String> = Vec::new();
        let mut written: Vec<String> = Vec::new();
        for written_text in texts {
            let text = fold_value(&written_text);
            written.push(written_text);
            if has_aliases(field) {
                values.extend(self.catalog.aliases.names_of_value(&text).into_iter().map(fold_value));
            }
            if field.name == FieldName::Builtin(Builtin::Country) {
                values.extend(country_spellings(&text));
            }
            values.push(text);
        }
        values.sort_unstable();
        values.dedup();
        Predicate::Keyword(field.name.clone(), KeywordTest::In(OneOf { values, written }))
    }
}

fn written_text(value: &ast::Value) -> Option<&str> {
    match value {
        ast::Value::String(text) => Some(text),
        _ => None,
    }
}

/// Returns code and name of a country: the field holds codes, and names where they were given with an article.
fn country_spellings(folded: &str) -> Vec<String> {
    // Folding made small letters of a code, which in a text would be a word such as "in" or "us".
    let by_code = || gazetteer::country_by_name(&folded.to_uppercase());
    let Some(country) = gazetteer::country_by_name(folded).or_else(by_code) else { return Vec::new() };
    let name = gazetteer::country_name(country).map(fold_value);
    name.into_iter().chain([fold_value(country.as_str())]).collect()
}

/// Folds and makes each run of white space one space, also at the ends, where it means something.
fn collapsed(text: &str) -> String {
    let mut collapsed = String::new();
    for c in fold(text).chars() {
        match c {
            c if !c.is_whitespace() => collapsed.push(c),
            _ if collapsed.ends_with(' ') => {}
            _ => collapsed.push(' '),
        }
    }
    collapsed
}

/// Returns the numbers that compare so with `number`; the caller negates `!=`.
fn number_range(comparison: Comparison, number: Number) -> NumberRange {
    let (low, high) = match comparison {
        Comparison::Equal | Comparison::NotEqual => (Some((number, true)), Some((number, true))),
        Comparison::Less => (None, Some((number, false))),
        Comparison::LessOrEqual => (None, Some((number, true))),
        Comparison::Greater => (Some((number, false)), None),
        Comparison::GreaterOrEqual => (Some((number, true)), None),
    };
    NumberRange { low, high }
}

/// Returns how a date must lie to a literal; the caller negates `!=`.
fn date_relation(comparison: Comparison) -> DateRelation {
    match comparison {
        Comparison::Equal | Comparison::NotEqual => DateRelation::Within,
        Comparison::Less => DateRelation::Before,
        Comparison::LessOrEqual => DateRelation::Until,
        Comparison::Greater => DateRelation::After,
        Comparison::GreaterOrEqual => DateRelation::Since,
    }
}
