//! Dates, moments and periods.

use super::from_each;
use crate::date::{Date, Unit};
use crate::query::ast::*;

/// Returns a year. A date that no calendar has is refused when the statement is resolved, as it is in text.
pub fn year(year: u16) -> DateLiteral {
    DateLiteral::from(format!("{year:04}"))
}

/// Returns the quarter `quarter` (1 to 4) of a year.
pub fn quarter(year: u16, quarter: u8) -> DateLiteral {
    DateLiteral::from(format!("{year:04}-Q{quarter}"))
}

/// Returns the month `month` (1 to 12) of a year.
pub fn month(year: u16, month: u8) -> DateLiteral {
    DateLiteral::from(format!("{year:04}-{month:02}"))
}

/// Returns the ISO week `week` of a year.
pub fn week(year: u16, week: u8) -> DateLiteral {
    DateLiteral::from(format!("{year:04}-W{week:02}"))
}

/// Returns one day.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// assert_eq!(q::date().since(q::day(2018, 9, 1)).to_string(), "date since 2018-09-01");
/// ```
pub fn day(year: u16, month: u8, day: u8) -> DateLiteral {
    DateLiteral::from(format!("{year:04}-{month:02}-{day:02}"))
}

/// Returns `now`, the moment at which the script runs.
pub fn now() -> Moment {
    Moment::Now
}

/// Returns `today`.
pub fn today() -> Moment {
    Moment::Today
}

/// Returns `yesterday`.
pub fn yesterday() -> Moment {
    Moment::Yesterday
}

/// Returns `count units ago`.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Unit};
///
/// assert_eq!(q::date().since(q::ago(3, Unit::Day)).to_string(), "date since 3 days ago");
/// ```
pub fn ago(count: impl Into<Whole>, unit: Unit) -> Moment {
    Moment::Ago { count: At::from(count.into()), unit }
}

/// Returns `this unit`: the whole calendar unit that holds now.
pub fn this(unit: Unit) -> RelativePeriod {
    RelativePeriod::This(unit)
}

/// Returns `last unit`: the calendar unit before this one.
pub fn last(unit: Unit) -> RelativePeriod {
    RelativePeriod::Last(unit)
}

/// Returns `last count units`: so many, of which this is the last.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Unit};
///
/// assert_eq!(q::date().within(q::last_several(7, Unit::Day)).to_string(), "date in last 7 days");
/// ```
pub fn last_several(count: impl Into<Whole>, unit: Unit) -> RelativePeriod {
    RelativePeriod::LastSeveral(At::from(count.into()), unit)
}

impl crate::query::Period {
    /// Returns a year as queries write it, for `within`.
    pub fn year(number: u16) -> Period {
        Period::from(year(number))
    }

    /// Returns all from the start of `first` to the end of `last`, as queries write it: `2014..2017`.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::query::{self as q, Period};
    ///
    /// let filter = q::date().within(Period::between(q::year(2014), q::year(2017)));
    /// assert_eq!(filter.to_string(), "date in 2014..2017");
    /// ```
    pub fn between(first: impl Into<DateLiteral>, last: impl Into<DateLiteral>) -> Period {
        Period::Range(At::from(first.into()), At::from(last.into()))
    }

    /// Returns today as queries write it, for `within`.
    pub fn today() -> Period {
        Period::Today
    }

    /// Returns yesterday as queries write it, for `within`.
    pub fn yesterday() -> Period {
        Period::Yesterday
    }
}

from_each!(DateLiteral: Date => DateLiteral::Date);
from_each!(Moment: Date => |date| Moment::Date(DateLiteral::Date(date)));
from_each!(Moment: DateLiteral => Moment::Date);
from_each!(Period: Date => |date| Period::Date(At::from(DateLiteral::Date(date))));
from_each!(Period: DateLiteral => |date| Period::Date(At::from(date)));
from_each!(Period: RelativePeriod => Period::Relative);

impl From<crate::query::Period> for Period {
    fn from(period: crate::query::Period) -> Period {
        use crate::query::Period as Bound;
        match period {
            Bound::Dates { first, last } if first == last => Period::from(first),
            Bound::Dates { first, last } => Bound::between(first, last),
            Bound::This(unit) => Period::from(this(unit)),
            Bound::Last(unit) => Period::from(last(unit)),
            Bound::LastSeveral(count, unit) => Period::from(last_several(u64::from(count), unit)),
        }
    }
}

from_each!(Time: Moment => Time::Moment);
from_each!(Time: Date, DateLiteral => |date| Time::Moment(Moment::from(date)));
from_each!(Time: RelativePeriod => Time::Period);
from_each!(Time: Parameter => Time::Parameter);

from_each!(Set: Period => Set::Period);
from_each!(Set: Date, DateLiteral, RelativePeriod, crate::query::Period => |period| Set::Period(Period::from(period)));
from_each!(Set: Parameter => Set::Parameter);

impl<T: Into<Value>, const N: usize> From<[T; N]> for Set {
    fn from(values: [T; N]) -> Set {
        Set::List(values.into_iter().map(|value| At::from(value.into())).collect())
    }
}

impl<T: Into<Value>> From<Vec<T>> for Set {
    fn from(values: Vec<T>) -> Set {
        Set::List(values.into_iter().map(|value| At::from(value.into())).collect())
    }
}
