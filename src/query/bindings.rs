//! The values of parameters, typed before the query sees them.
//!
//! A binding is never text of the query: it takes the place of one literal after parsing, so no value can change the
//! shape of a query.

use std::collections::BTreeMap;

use super::ast::Parameter;
use super::period::Period;
use super::predicate::RegexPattern;
use crate::date::Date;
use crate::value::{Number, Value};

/// The value of one parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Binding {
    /// One text, number, boolean or date.
    Value(Value),
    /// A stretch of time, for `in`.
    Period(Period),
    /// Several values, for `in` and `any of`.
    List(Vec<Value>),
    /// A pattern, for `matches`.
    Regex(RegexPattern),
}

impl Binding {
    /// Returns what the binding is, as messages say it.
    pub fn kind(&self) -> &'static str {
        match self {
            Binding::Value(Value::Text(_)) => "text",
            Binding::Value(Value::Number(_)) => "a number",
            Binding::Value(Value::Boolean(_)) => "true or false",
            Binding::Value(Value::Date(_)) => "a date",
            Binding::Period(_) => "a period of time",
            Binding::List(_) => "a list",
            Binding::Regex(_) => "a pattern",
        }
    }
}

/// Takes over the conversions of [`Value`]; a blanket one would collide with those of lists and periods.
macro_rules! binds_as_value {
    ($($from:ty => $as_value:expr;)*) => {$(
        impl From<$from> for Binding {
            fn from(value: $from) -> Binding {
                Binding::Value($as_value(value))
            }
        }
    )*};
}

binds_as_value! {
    Value => |value| value;
    &str => Value::from;
    String => Value::from;
    bool => Value::from;
    Date => Value::from;
    i64 => Value::from;
    i32 => |number| Value::from(i64::from(number));
    u32 => |number| Value::from(i64::from(number));
    Number => Value::Number;
}

impl From<Period> for Binding {
    fn from(period: Period) -> Binding {
        Binding::Period(period)
    }
}

impl From<RegexPattern> for Binding {
    fn from(pattern: RegexPattern) -> Binding {
        Binding::Regex(pattern)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Binding {
    fn from(values: Vec<T>) -> Binding {
        Binding::List(values.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Value>, const N: usize> From<[T; N]> for Binding {
    fn from(values: [T; N]) -> Binding {
        Binding::List(values.into_iter().map(Into::into).collect())
    }
}

impl From<u32> for Parameter {
    fn from(number: u32) -> Parameter {
        Parameter::Numbered(number)
    }
}

impl From<&str> for Parameter {
    /// Reads `1` and `$1` as a number, anything else as a name with or without its colon.
    fn from(text: &str) -> Parameter {
        let number = text.strip_prefix('$').unwrap_or(text).parse();
        let name = || Parameter::Named(text.strip_prefix(':').unwrap_or(text).to_owned());
        number.map_or_else(|_| name(), Parameter::Numbered)
    }
}

/// The values of all parameters of a statement.
///
/// # Examples
///
/// ```
/// use dateline::date::Date;
/// use dateline::query::Bindings;
///
/// let bindings = Bindings::default()
///     .with("who", "Idlib")
///     .with("since", Date::ymd(2018, 9, 1)?)
///     .with("sources", ["AFP", "Reuters"]);
/// assert_eq!(bindings.len(), 3);
/// # Ok::<(), dateline::date::DateError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bindings(BTreeMap<Parameter, Binding>);

impl Bindings {
    /// Returns the bindings with one more; the last one of a name holds.
    #[must_use]
    pub fn with(mut self, name: impl Into<Parameter>, value: impl Into<Binding>) -> Bindings {
        self.set(name, value);
        self
    }

    /// Sets the value of a parameter.
    pub fn set(&mut self, name: impl Into<Parameter>, value: impl Into<Binding>) {
        self.0.insert(name.into(), value.into());
    }

    /// Returns the value of a parameter.
    pub fn get(&self, name: &Parameter) -> Option<&Binding> {
        self.0.get(name)
    }

    /// Lists the names that are bound.
    pub fn names(&self) -> impl Iterator<Item = &Parameter> {
        self.0.keys()
    }

    /// Returns how many parameters are bound.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns these bindings with those of `inner` over them.
    #[must_use]
    pub fn overlaid(&self, inner: Bindings) -> Bindings {
        let mut joined = self.clone();
        joined.0.extend(inner.0);
        joined
    }

    /// Tells whether nothing is bound.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_with_and_without_their_marks() {
        for text in ["who", ":who"] {
            assert_eq!(Parameter::from(text), Parameter::Named("who".into()));
        }
        for text in ["12", "$12"] {
            assert_eq!(Parameter::from(text), Parameter::Numbered(12));
        }
    }

    #[test]
    fn the_last_value_of_a_name_holds() {
        let bindings = Bindings::default().with("n", 1).with(":n", 2);
        assert_eq!(bindings.get(&Parameter::from("n")), Some(&Binding::from(2)));
        assert_eq!(bindings.len(), 1);
    }

    #[test]
    fn values_keep_their_types() {
        assert_eq!(Binding::from("17").kind(), "text");
        assert_eq!(Binding::from(17).kind(), "a number");
        assert_eq!(Binding::from(vec!["a", "b"]).kind(), "a list");
        assert_eq!(Binding::from(Date::year(2018).unwrap()).kind(), "a date");
        assert_eq!(Binding::from(Period::from(Date::year(2018).unwrap())).kind(), "a period of time");
    }
}
