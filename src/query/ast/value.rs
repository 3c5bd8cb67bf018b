//! Names, parameters and literals.

use serde::{Deserialize, Serialize};

use super::At;
use crate::date::{Date, Unit};
use crate::value::Number;

/// The dotted name of a field, in lower case; never without parts.
///
/// A part is an identifier: backticks are gone, so a part may hold any character but a line break.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldRef {
    /// What stands between the dots.
    pub parts: Vec<String>,
}

impl FieldRef {
    /// Returns the field of this one-part name, in lower case.
    pub fn new(name: &str) -> FieldRef {
        FieldRef { parts: vec![name.to_lowercase()] }
    }

    /// Returns the name with its dots, as the schema knows it.
    pub fn name(&self) -> String {
        self.parts.join(".")
    }
}

/// A place for a value that is bound after parsing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Parameter {
    /// `$1`; numbers start at 1.
    Numbered(u32),
    /// `:name`, letter case kept.
    Named(String),
}

/// Text that is always data: a string or a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Text {
    /// `"Idlib"`, escapes undone.
    String(String),
    /// `$1` or `:name`.
    Parameter(Parameter),
}

/// A whole number, 0 or more, or a parameter.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Whole {
    /// `20`
    Number(u64),
    /// `$1` or `:name`.
    Parameter(Parameter),
}

/// A value that a field is compared with or set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// `"Reuters"`
    String(String),
    /// `-4.5`; four digits compared with a date field are a year, see [`Value::year`].
    Number(Number),
    /// `true` or `false`
    Boolean(bool),
    /// A date or a moment relative to now.
    Moment(Moment),
    /// `$1` or `:name`.
    Parameter(Parameter),
}

impl Value {
    /// Returns the year that a bare number of four digits names beside a date field.
    pub fn year(&self) -> Option<Date> {
        match self {
            Value::Number(Number::Whole(year @ 1000..=9999)) => Date::year(i16::try_from(*year).ok()?).ok(),
            _ => None,
        }
    }
}

/// A point or stretch of time that needs no keyword in front.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Moment {
    /// `2018-09-01`
    Date(DateLiteral),
    /// `now`
    Now,
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `3 days ago`
    Ago {
        /// How many units.
        count: At<Whole>,
        /// Of what length.
        unit: Unit,
    },
}

/// A date of the form `2018`, `2018-Q3`, `2018-W36`, `2018-09`, `2018-09-01` or `2018-09-01T14:30Z`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum DateLiteral {
    /// A date of the calendar.
    Date(Date),
    /// Text of the form of a date that no calendar has, such as `2018-13-01`; reading it says why.
    Impossible(String),
}

impl From<String> for DateLiteral {
    /// Reads the text of a literal, which has the form of a date already.
    fn from(text: String) -> DateLiteral {
        text.parse().map_or(DateLiteral::Impossible(text), DateLiteral::Date)
    }
}

impl From<DateLiteral> for String {
    fn from(literal: DateLiteral) -> String {
        literal.to_string()
    }
}

/// What `in` takes beside a list: a stretch of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Period {
    /// `2018-09`
    Date(At<DateLiteral>),
    /// `2014..2017`, both ends included.
    Range(At<DateLiteral>, At<DateLiteral>),
    /// `today`
    Today,
    /// `yesterday`
    Yesterday,
    /// `this month`, `last 7 days`
    Relative(RelativePeriod),
}

/// A stretch of time relative to now.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RelativePeriod {
    /// `this month`: the whole current one.
    This(Unit),
    /// `last month`: the previous calendar one.
    Last(Unit),
    /// `last 7 days`: so many, ending with the current one; hours and minutes roll.
    LastSeveral(At<Whole>, Unit),
}
