//! Names, parameters, literals, dates.

use std::fmt::{self, Display, Formatter};

use super::{identifier, quote_str};
use crate::date::Unit;
use crate::query::ast::*;

impl Display for FieldRef {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.parts.iter().map(|part| identifier(part)).collect();
        f.write_str(&parts.join("."))
    }
}

impl Display for Parameter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Parameter::Numbered(number) => write!(f, "${number}"),
            Parameter::Named(name) => write!(f, ":{}", word_of(name)),
        }
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Text::String(text) => f.write_str(&quote_str(text)),
            Text::Parameter(parameter) => parameter.fmt(f),
        }
    }
}

impl Display for Whole {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Whole::Number(number) => number.fmt(f),
            Whole::Parameter(parameter) => parameter.fmt(f),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Value::String(text) => f.write_str(&quote_str(text)),
            Value::Number(number) => number.fmt(f),
            Value::Boolean(value) => value.fmt(f),
            Value::Moment(moment) => moment.fmt(f),
            Value::Parameter(parameter) => parameter.fmt(f),
        }
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Date(date) => date.fmt(f),
            Moment::Now => f.write_str("now"),
            Moment::Today => f.write_str("today"),
            Moment::Yesterday => f.write_str("yesterday"),
            Moment::Ago { count, unit } => write!(f, "{} ago", Counted(count, unit.name())),
        }
    }
}

impl Display for DateLiteral {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            DateLiteral::Date(date) => date.fmt(f),
            DateLiteral::Impossible(text) => f.write_str(&one_token(text)),
        }
    }
}

impl Display for Period {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Period::Date(date) => date.fmt(f),
            Period::Range(first, last) => write!(f, "{first}..{last}"),
            Period::Today => f.write_str("today"),
            Period::Yesterday => f.write_str("yesterday"),
            Period::Relative(period) => period.fmt(f),
        }
    }
}

impl Display for RelativePeriod {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            RelativePeriod::This(unit) => write!(f, "this {unit}"),
            RelativePeriod::Last(unit) => write!(f, "last {unit}"),
            RelativePeriod::LastSeveral(count, unit) => {
                write!(f, "last {}", Counted(count, Unit::name(*unit)))
            }
        }
    }
}

/// Returns the name of a parameter; what no name holds becomes `_`, so that a built tree cannot print as another one.
pub(super) fn word_of(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// Returns text of the form of a date; what no date holds becomes `_`, as in names of parameters.
fn one_token(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | ':');
    text.chars().map(|c| if is_part(c) { c } else { '_' }).collect()
}

/// A number with its noun, singular after 1.
pub(super) struct Counted<'a>(pub &'a Whole, pub &'static str);

impl Display for Counted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plural = if *self.0 == Whole::Number(1) { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}
