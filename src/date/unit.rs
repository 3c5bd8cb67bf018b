//! Precisions that dates are known with, and the calendar units that are counted in.

use std::fmt;

use jiff::civil;
use serde::{Deserialize, Serialize};

use super::Date;
use super::calendar::{DAY_SECONDS, add_months, civil_from_wall, wall_from_civil};

/// How exactly a date is known, coarsest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Precision {
    /// `2018`
    Year = 0,
    /// `2018-Q3`
    Quarter = 1,
    /// `2018-09`
    Month = 2,
    /// `2018-W36`, an ISO 8601 week, which starts on Monday
    Week = 3,
    /// `2018-09-01`
    Day = 4,
    /// `2018-09-01T14:30`
    Minute = 5,
    /// `2018-09-01T14:30:05`
    Second = 6,
}

impl Precision {
    /// Lists every precision, coarsest first.
    pub const ALL: [Precision; 7] = [
        Precision::Year,
        Precision::Quarter,
        Precision::Month,
        Precision::Week,
        Precision::Day,
        Precision::Minute,
        Precision::Second,
    ];

    /// Tells whether dates of this precision name a calendar span without a time zone.
    pub fn is_civil(self) -> bool {
        self <= Precision::Day
    }

    /// Returns the precision of a stored byte, or `None` where no precision has that number.
    pub fn from_byte(byte: u8) -> Option<Precision> {
        Precision::ALL.get(usize::from(byte)).copied()
    }
}

/// A calendar unit that timelines, relative periods and group keys count in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// A calendar year.
    Year,
    /// A quarter of a calendar year.
    Quarter,
    /// A calendar month.
    Month,
    /// An ISO 8601 week, from Monday.
    Week,
    /// A calendar day.
    Day,
    /// An hour of the session's zone.
    Hour,
    /// A minute of the session's zone.
    Minute,
}

impl Unit {
    /// Lists every unit, coarsest first.
    pub const ALL: [Unit; 7] =
        [Unit::Year, Unit::Quarter, Unit::Month, Unit::Week, Unit::Day, Unit::Hour, Unit::Minute];

    /// Returns the singular keyword of this unit.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Year => "year",
            Unit::Quarter => "quarter",
            Unit::Month => "month",
            Unit::Week => "week",
            Unit::Day => "day",
            Unit::Hour => "hour",
            Unit::Minute => "minute",
        }
    }

    /// Returns the start of the bucket of this unit that holds `wall`, both in seconds of wall-clock time.
    ///
    /// `None` where the bucket would lie outside the years [`YEAR_MIN`](super::YEAR_MIN) to [`YEAR_MAX`](super::YEAR_MAX).
    pub fn floor(self, wall: i64) -> Option<i64> {
        let fixed = |seconds: i64| Some(wall - wall.rem_euclid(seconds));
        match self {
            Unit::Minute => return fixed(60),
            Unit::Hour => return fixed(3_600),
            Unit::Day => return fixed(DAY_SECONDS),
            _ => {}
        }
        let date = civil_from_wall(wall)?.date();
        let first = match self {
            Unit::Week => {
                let monday = date.weekday().to_monday_zero_offset();
                return Some(wall_from_civil(date) - i64::from(monday) * DAY_SECONDS);
            }
            Unit::Month => civil::Date::new(date.year(), date.month(), 1),
            Unit::Quarter => civil::Date::new(date.year(), (date.month() - 1) / 3 * 3 + 1, 1),
            _ => civil::Date::new(date.year(), 1, 1),
        };
        first.ok().map(wall_from_civil)
    }

    /// Returns the start of the bucket after the one that starts at `floor`, in seconds of wall-clock time.
    ///
    /// `floor` must be a value that [`Unit::floor`] returned. `None` past the year [`YEAR_MAX`](super::YEAR_MAX).
    pub fn next(self, floor: i64) -> Option<i64> {
        self.shift(floor, 1)
    }

    /// Returns the start of the bucket so many buckets after the one that starts at `floor`; negative is before.
    ///
    /// `floor` must be a value that [`Unit::floor`] returned. `None` outside the years [`YEAR_MIN`](super::YEAR_MIN) to [`YEAR_MAX`](super::YEAR_MAX).
    pub fn shift(self, floor: i64, buckets: i64) -> Option<i64> {
        let fixed = |seconds: i64| {
            let moved = floor.checked_add(buckets.checked_mul(seconds)?)?;
            civil_from_wall(moved).map(|_| moved)
        };
        let months = match self {
            Unit::Minute => return fixed(60),
            Unit::Hour => return fixed(3_600),
            Unit::Day => return fixed(DAY_SECONDS),
            Unit::Week => return fixed(7 * DAY_SECONDS),
            Unit::Month => 1,
            Unit::Quarter => 3,
            Unit::Year => 12,
        };
        add_months(floor, i32::try_from(buckets.checked_mul(months)?).ok()?)
    }

    /// Returns the date that names the bucket starting at `floor`; hours are named by their first minute.
    pub fn bucket(self, floor: i64) -> Date {
        let precision = match self {
            Unit::Year => Precision::Year,
            Unit::Quarter => Precision::Quarter,
            Unit::Month => Precision::Month,
            Unit::Week => Precision::Week,
            Unit::Day => Precision::Day,
            Unit::Hour | Unit::Minute => Precision::Minute,
        };
        Date { wall: floor, precision, offset_minutes: None }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
