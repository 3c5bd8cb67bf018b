//! Parameters, and the scalars that may be written as one: texts and whole numbers.

use std::ops::RangeInclusive;

use super::{Resolver, messages};
use crate::query::ast::{At, Parameter, Text, Whole};
use crate::query::{Binding, QueryError};
use crate::text::Span;
use crate::value::{Number, Value};

impl<'a> Resolver<'a> {
    /// Returns the value that is bound to a parameter.
    pub(super) fn bound(&mut self, parameter: &Parameter, span: Span) -> Option<&'a Binding> {
        self.check_style(parameter, span)?;
        self.used.insert(parameter.clone());
        match self.bindings.get(parameter) {
            Some(binding) => Some(binding),
            None if self.is_definition => None,
            None => self.fault(messages::unbound(parameter, span)),
        }
    }

    /// Refuses a numbered parameter after a named one, and the reverse.
    fn check_style(&mut self, parameter: &Parameter, span: Span) -> Option<()> {
        let (first, _) = self.first_parameter.get_or_insert_with(|| (parameter.clone(), span));
        if std::mem::discriminant(first) == std::mem::discriminant(parameter) {
            return Some(());
        }
        let first = first.clone();
        let is_named = matches!(parameter, Parameter::Named(_));
        self.fault(QueryError::mixed_parameters(&first.to_string(), is_named, span))
    }

    /// Refuses bindings that no parameter took: a misspelt name would otherwise go unnoticed.
    pub(super) fn refuse_unused_bindings(&mut self, statement: Span) {
        let unused: Vec<&Parameter> =
            self.bindings.names().filter(|name| !self.used.contains(*name)).collect();
        for parameter in unused {
            let _: Option<()> = self.fault(messages::unused_binding(parameter, statement));
        }
    }

    /// Returns a text, written out or bound.
    pub(super) fn text(&mut self, text: &At<Text>) -> Option<String> {
        let parameter = match &text.node {
            Text::String(text) => return Some(text.clone()),
            Text::Parameter(parameter) => parameter,
        };
        match self.bound(parameter, text.span)? {
            Binding::Value(Value::Text(bound)) => Some(bound.clone()),
            other => self.fault(messages::wrong_binding(parameter, other, "text", text.span)),
        }
    }

    /// Returns the texts of a list parameter.
    pub(super) fn text_list(&mut self, parameter: &At<Parameter>) -> Option<Vec<String>> {
        let values = self.list(&parameter.node, parameter.span)?;
        let texts: Option<Vec<String>> =
            values.iter().map(|value| value.as_text().map(str::to_owned)).collect();
        if texts.is_none() {
            return self.fault(messages::list_of_other(&parameter.node, "texts", parameter.span));
        }
        texts
    }

    fn list(&mut self, parameter: &Parameter, span: Span) -> Option<&'a [Value]> {
        match self.bound(parameter, span)? {
            Binding::List(values) if values.is_empty() => self.fault(messages::empty_list(parameter, span)),
            Binding::List(values) => Some(values),
            other => self.fault(messages::wrong_binding(parameter, other, "a list", span)),
        }
    }

    /// Returns a whole number inside `range`; `what` names it in messages.
    pub(super) fn whole(&mut self, whole: &At<Whole>, what: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let number = self.any_whole(whole)?;
        if range.contains(&number) {
            return Some(number);
        }
        self.fault(messages::out_of_range(what, number, range, whole.span))
    }

    /// Returns a whole number of any size.
    pub(super) fn any_whole(&mut self, whole: &At<Whole>) -> Option<u64> {
        let parameter = match &whole.node {
            Whole::Number(number) => return Some(*number),
            Whole::Parameter(parameter) => parameter,
        };
        match self.bound(parameter, whole.span)? {
            Binding::Value(Value::Number(Number::Whole(number @ 0..))) => Some(number.unsigned_abs()),
            other => self.fault(messages::wrong_binding(parameter, other, "a whole number", whole.span)),
        }
    }

    /// Returns a count of at least 1 that fits 32 bits.
    pub(super) fn count(&mut self, whole: &At<Whole>, what: &str) -> Option<u32> {
        let number = self.whole(whole, what, 1..=u64::from(u32::MAX))?;
        u32::try_from(number).ok()
    }
}
