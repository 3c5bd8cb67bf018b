//! Days and seconds: the calendar's arithmetic, within the years of the database.

use jiff::{SignedDuration, civil};

use super::{DateError, YEAR_MAX, YEAR_MIN};

/// Seconds in a day of the civil calendar, which knows no leap seconds.
pub(super) const DAY_SECONDS: i64 = 86_400;

/// What all seconds count from.
const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);

pub(super) fn check_year(year: i16) -> Result<(), DateError> {
    if (YEAR_MIN..=YEAR_MAX).contains(&year) { Ok(()) } else { Err(DateError::Year { year }) }
}

pub(super) fn day(year: i16, month: u8, day: u8) -> Result<civil::Date, DateError> {
    check_year(year)?;
    if !(1..=12).contains(&month) {
        return Err(DateError::Month { month });
    }
    let wrong = DateError::Day { year, month, day };
    let narrow = |n: u8| i8::try_from(n).map_err(|_| wrong.clone());
    civil::Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| wrong)
}

/// Returns what the clock shows `wall` seconds after 1970-01-01T00:00:00, within the calendar's years.
pub(super) fn civil_from_wall(wall: i64) -> Option<civil::DateTime> {
    let second = wall.rem_euclid(DAY_SECONDS);
    // Exact durations take the library half the way of spans of days.
    let date = EPOCH.checked_add(SignedDuration::from_secs(wall.checked_sub(second)?)).ok()?;
    check_year(date.year()).ok()?;
    let part = |value: i64| i8::try_from(value).ok();
    let (hour, minute, second) = (part(second / 3_600)?, part(second / 60 % 60)?, part(second % 60)?);
    Some(date.at(hour, minute, second, 0))
}

pub(super) fn wall_from_civil(date: civil::Date) -> i64 {
    date.duration_since(EPOCH).as_secs()
}

/// Adds calendar months to the first day of a month; `None` past the calendar's years.
pub(super) fn add_months(wall: i64, months: i32) -> Option<i64> {
    let date = civil_from_wall(wall)?.date();
    let moved = (i32::from(date.year()) * 12 + i32::from(date.month()) - 1).checked_add(months)?;
    let year = i16::try_from(moved.div_euclid(12)).ok()?;
    check_year(year).ok()?;
    let month = i8::try_from(moved.rem_euclid(12) + 1).ok()?;
    civil::Date::new(year, month, 1).ok().map(wall_from_civil)
}
