//! Values of fields, and the one order that they are sorted in.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::date::Date;

/// A number as articles and queries give it: whole numbers stay exact, all others are floats.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Number {
    /// A whole number that fits 64 bits.
    Whole(i64),
    /// Any other finite number.
    Decimal(f64),
}

impl Number {
    /// Returns the number nearest to `value`, whole where it is; `None` for infinities and NaN.
    pub fn from_f64(value: f64) -> Option<Number> {
        /// Past this magnitude not every whole number is a float, so a float is left as it is.
        const EXACT_MAX: f64 = 9_007_199_254_740_992.0;
        if !value.is_finite() {
            return None;
        }
        let whole = value.fract() == 0.0 && value.abs() < EXACT_MAX;
        Some(if whole { Number::Whole(value as i64) } else { Number::Decimal(value) })
    }

    /// Returns the nearest float.
    pub fn as_f64(self) -> f64 {
        match self {
            Number::Whole(value) => value as f64,
            Number::Decimal(value) => value,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Number) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    /// Orders by numeric value, exactly, whichever way the two are stored.
    fn cmp(&self, other: &Number) -> Ordering {
        match (*self, *other) {
            (Number::Whole(a), Number::Whole(b)) => a.cmp(&b),
            (Number::Decimal(a), Number::Decimal(b)) => (a + 0.0).total_cmp(&(b + 0.0)),
            (Number::Whole(a), Number::Decimal(b)) => compare_whole_with_decimal(a, b),
            (Number::Decimal(a), Number::Whole(b)) => compare_whole_with_decimal(b, a).reverse(),
        }
    }
}

/// Compares without rounding: a 64-bit whole number may have no float of its own.
fn compare_whole_with_decimal(whole: i64, decimal: f64) -> Ordering {
    let floor = decimal.floor();
    match (whole as i128).cmp(&(floor as i128)) {
        Ordering::Equal if decimal > floor => Ordering::Less,
        order => order,
    }
}

impl fmt::Display for Number {
    /// Prints the shortest text that reads back as the same number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Whole(value) => value.fmt(f),
            Number::Decimal(value) => value.fmt(f),
        }
    }
}

/// One value of one field.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Value {
    /// Words, compared after folding.
    Text(String),
    /// A number.
    Number(Number),
    /// True or false.
    Boolean(bool),
    /// A date of some precision.
    Date(Date),
}

impl Value {
    /// Returns the text inside, or `None` for other kinds of value.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the number inside, or `None` for other kinds of value.
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// Returns the date inside, or `None` for other kinds of value.
    pub fn as_date(&self) -> Option<Date> {
        match self {
            Value::Date(date) => Some(*date),
            _ => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Number(Number::Whole(number))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Boolean(value)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Value {
        Value::Date(date)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) => f.write_str(text),
            Value::Number(number) => number.fmt(f),
            Value::Boolean(value) => value.fmt(f),
            Value::Date(date) => date.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_value_and_exactly() {
        let whole = Number::Whole;
        let decimal = Number::Decimal;
        assert_eq!(whole(3), decimal(3.0));
        assert!(whole(3) < decimal(3.5));
        assert!(decimal(-3.5) < whole(-3));
        assert!(whole(9_007_199_254_740_993) > decimal(9_007_199_254_740_992.0));
        assert!(whole(i64::MAX) < decimal(1e300));
        assert_eq!(decimal(0.0), decimal(-0.0));
    }

    #[test]
    fn floats_become_whole_only_where_they_are() {
        assert!(matches!(Number::from_f64(3.0), Some(Number::Whole(3))));
        assert!(matches!(Number::from_f64(3.25), Some(Number::Decimal(_))));
        assert!(Number::from_f64(f64::NAN).is_none());
        assert_eq!(Number::Decimal(0.1).to_string(), "0.1");
    }
}
