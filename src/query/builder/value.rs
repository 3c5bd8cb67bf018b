//! Names, values, patterns and parameters.

use super::from_each;
use crate::date::{Date, Precision};
use crate::query::RegexPattern;
use crate::query::ast::*;
use crate::value::Number;

/// Returns a parameter: `param("who")` is `:who`, `param(1)` is `$1`.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let query = q::find().filter(q::mentions(q::param("who"))).limit(q::param("n"));
/// assert_eq!(query.to_string(), "find where mentions :who limit :n");
/// ```
pub fn param(name: impl Into<Parameter>) -> Parameter {
    name.into()
}

/// Returns a pattern, for `matches`.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let filter = q::field("title").matches(q::regex("live (blog|updates)").ignore_case());
/// assert_eq!(filter.to_string(), "title matches /live (blog|updates)/i");
/// ```
pub fn regex(pattern: &str) -> RegexPattern {
    let pattern = written(pattern);
    RegexPattern { pattern, ignore_case: false, multi_line: false, dot_matches_newline: false }
}

/// Returns the pattern as text reads it: what a literal has no room for gets the form that means the same.
fn written(pattern: &str) -> String {
    if pattern.is_empty() {
        return "(?:)".to_owned();
    }
    let mut written = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\n', _) | ('\\', Some('\n')) => written.push_str("\\n"),
            ('\\', Some('/')) => written.push('/'),
            (c, escaped) => written.extend(std::iter::once(c).chain(escaped)),
        }
    }
    written
}

impl RegexPattern {
    /// Returns the pattern with the flag `i`: letter case is ignored.
    #[must_use]
    pub fn ignore_case(self) -> RegexPattern {
        RegexPattern { ignore_case: true, ..self }
    }

    /// Returns the pattern with the flag `m`: `^` and `$` match at lines.
    #[must_use]
    pub fn multi_line(self) -> RegexPattern {
        RegexPattern { multi_line: true, ..self }
    }

    /// Returns the pattern with the flag `s`: `.` matches line breaks.
    #[must_use]
    pub fn dot_matches_newline(self) -> RegexPattern {
        RegexPattern { dot_matches_newline: true, ..self }
    }
}

impl From<&str> for FieldRef {
    /// Reads a dotted name; a dot with nothing on one side belongs to the name.
    fn from(name: &str) -> FieldRef {
        let parts: Vec<String> = name.split('.').map(str::to_lowercase).collect();
        if parts.iter().any(String::is_empty) { FieldRef::new(name) } else { FieldRef { parts } }
    }
}

impl From<String> for FieldRef {
    fn from(name: String) -> FieldRef {
        FieldRef::from(name.as_str())
    }
}

from_each!(Text: &str, String, &String => |text| Text::String(String::from(text)));
from_each!(Text: Parameter => Text::Parameter);
from_each!(Whole: u64 => Whole::Number);
from_each!(Whole: Parameter => Whole::Parameter);
from_each!(Pattern: RegexPattern => Pattern::Regex);
from_each!(Pattern: Parameter => Pattern::Parameter);

from_each!(Value: &str, String, &String => |text| Value::String(String::from(text)));
from_each!(Value: Number => Value::Number);
from_each!(Value: i64 => |number| Value::Number(Number::Whole(number)));
from_each!(Value: bool => Value::Boolean);
from_each!(Value: Moment => Value::from_moment);
from_each!(Value: DateLiteral => |date| Value::from_moment(Moment::Date(date)));
from_each!(Value: Date => |date| Value::from_moment(Moment::Date(DateLiteral::Date(date))));
from_each!(Value: Parameter => Value::Parameter);

impl From<f64> for Value {
    /// Returns the number; infinities and NaN have no text, so a statement with one is refused.
    fn from(number: f64) -> Value {
        Value::Number(Number::from_f64(number).unwrap_or(Number::Decimal(number)))
    }
}

impl Value {
    /// Returns the moment as a value: a year is a number there, as it is in text.
    fn from_moment(moment: Moment) -> Value {
        let year = match &moment {
            Moment::Date(DateLiteral::Date(date)) if date.precision() == Precision::Year => {
                date.to_string().parse().ok()
            }
            _ => None,
        };
        year.map_or(Value::Moment(moment), |year| Value::Number(Number::Whole(year)))
    }
}
