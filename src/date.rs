//! Calendar dates of partial precision, as half-open spans of seconds.
//!
//! News is dated by the year, the month, the day or the second, and a query must know which: an article of
//! "September 2018" is not certainly later than 1 September. A [`Date`] therefore keeps how exactly it is known
//! and always stands for a span `[start, end)`. Days and coarser are *civil*: they name a day on the calendar and
//! no time zone. Minutes and seconds are *instants* once their offset from UTC is known.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Seconds in a day of the civil calendar, which knows no leap seconds.
const DAY_SECONDS: i64 = 86_400;

/// The earliest year a date may name.
pub const YEAR_MIN: i16 = 1;

/// The latest year a date may name.
pub const YEAR_MAX: i16 = 9999;

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
    /// `None` where the bucket would lie outside the years [`YEAR_MIN`] to [`YEAR_MAX`].
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
    /// `floor` must be a value that [`Unit::floor`] returned. `None` past the year [`YEAR_MAX`].
    pub fn next(self, floor: i64) -> Option<i64> {
        self.shift(floor, 1)
    }

    /// Returns the start of the bucket so many buckets after the one that starts at `floor`; negative is before.
    ///
    /// `floor` must be a value that [`Unit::floor`] returned. `None` outside the years [`YEAR_MIN`] to [`YEAR_MAX`].
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

/// An offset from UTC, in whole minutes; the session's zone and the offsets of timestamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Offset {
    minutes: i16,
}

impl Offset {
    /// Coordinated universal time.
    pub const UTC: Offset = Offset { minutes: 0 };

    /// Largest distance from UTC, in minutes.
    pub const MINUTES_MAX: i16 = 18 * 60;

    /// Returns the offset of so many minutes east of UTC, or `None` past [`Offset::MINUTES_MAX`].
    pub fn from_minutes(minutes: i16) -> Option<Offset> {
        (minutes.unsigned_abs() <= Offset::MINUTES_MAX.unsigned_abs()).then_some(Offset { minutes })
    }

    /// Returns the minutes east of UTC.
    pub fn minutes(self) -> i16 {
        self.minutes
    }

    /// Returns the seconds east of UTC.
    pub fn seconds(self) -> i64 {
        i64::from(self.minutes) * 60
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.minutes == 0 {
            return f.write_str("Z");
        }
        let sign = if self.minutes < 0 { '-' } else { '+' };
        let minutes = self.minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl FromStr for Offset {
    type Err = DateError;

    /// Reads `Z`, `UTC`, `+03:00` or `-05:30`.
    fn from_str(text: &str) -> Result<Offset, DateError> {
        if matches!(text, "Z" | "z" | "UTC" | "utc") {
            return Ok(Offset::UTC);
        }
        let wrong = || DateError::Form { text: text.to_owned() };
        let (sign, rest) = match text.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => return Err(wrong()),
        };
        let (hours, minutes) = rest.split_once(':').ok_or_else(wrong)?;
        let two = |part: &str| digits(part, 2).ok_or_else(wrong);
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        let total = i16::try_from(hours * 60 + minutes).map_err(|_| wrong())?;
        if minutes > 59 {
            return Err(wrong());
        }
        Offset::from_minutes(sign * total).ok_or_else(wrong)
    }
}

/// A half-open span `[start, end)` of instants, in seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct InstantSpan {
    /// The first second inside.
    pub start: i64,
    /// The first second past the end.
    pub end: i64,
}

/// A calendar date known to some precision; always the span of time that it names.
///
/// # Examples
///
/// ```
/// use dateline::date::{Date, Offset};
///
/// let month: Date = "2018-09".parse()?;
/// let span = month.instants(Offset::UTC);
/// assert_eq!(span.end - span.start, 30 * 86_400);
/// assert_eq!(month.to_string(), "2018-09");
/// # Ok::<(), dateline::date::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Date {
    /// Start of the span on the wall clock of `offset_minutes`, counted as if that clock showed UTC.
    wall: i64,
    precision: Precision,
    /// Only minutes and seconds carry an offset; a timestamp without one is read in the session's zone.
    offset_minutes: Option<i16>,
}

impl Date {
    /// Returns the year `year`.
    ///
    /// # Errors
    ///
    /// [`DateError::Year`] outside [`YEAR_MIN`] to [`YEAR_MAX`].
    pub fn year(year: i16) -> Result<Date, DateError> {
        Ok(Date::civil(day(year, 1, 1)?, Precision::Year))
    }

    /// Returns the month `month` (1 to 12) of `year`.
    ///
    /// # Errors
    ///
    /// [`DateError::Year`] or [`DateError::Month`] for a part outside its range.
    pub fn ym(year: i16, month: u8) -> Result<Date, DateError> {
        Ok(Date::civil(day(year, month, 1)?, Precision::Month))
    }

    /// Returns one calendar day.
    ///
    /// # Errors
    ///
    /// [`DateError::Year`], [`DateError::Month`] or [`DateError::Day`] for a part outside its range.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::date::Date;
    ///
    /// assert_eq!(Date::ymd(2018, 9, 1)?.to_string(), "2018-09-01");
    /// assert!(Date::ymd(2018, 2, 29).is_err());
    /// # Ok::<(), dateline::date::DateError>(())
    /// ```
    pub fn ymd(year: i16, month: u8, day_of_month: u8) -> Result<Date, DateError> {
        Ok(Date::civil(day(year, month, day_of_month)?, Precision::Day))
    }

    /// Returns the quarter `quarter` (1 to 4) of `year`.
    ///
    /// # Errors
    ///
    /// [`DateError::Year`] or [`DateError::Quarter`] for a part outside its range.
    pub fn quarter(year: i16, quarter: u8) -> Result<Date, DateError> {
        if !(1..=4).contains(&quarter) {
            return Err(DateError::Quarter { quarter });
        }
        Ok(Date::civil(day(year, (quarter - 1) * 3 + 1, 1)?, Precision::Quarter))
    }

    /// Returns the ISO 8601 week `week` of `year`, Monday to Sunday.
    ///
    /// # Errors
    ///
    /// [`DateError::Year`] or [`DateError::Week`] for a part outside its range; not every year has a week 53.
    pub fn week(year: i16, week: u8) -> Result<Date, DateError> {
        check_year(year)?;
        let wrong = DateError::Week { year, week };
        let number = i8::try_from(week).map_err(|_| wrong.clone())?;
        let monday = civil::ISOWeekDate::new(year, number, civil::Weekday::Monday).map_err(|_| wrong)?;
        Ok(Date::civil(monday.date(), Precision::Week))
    }

    /// Returns a point in time of second or minute precision from seconds since 1970-01-01T00:00:00Z.
    ///
    /// Precisions coarser than a minute are refused.
    ///
    /// # Errors
    ///
    /// [`DateError::Range`] where the instant lies outside the years [`YEAR_MIN`] to [`YEAR_MAX`] or the precision
    /// is coarser than a minute.
    pub fn instant(seconds: i64, offset: Offset, precision: Precision) -> Result<Date, DateError> {
        let wall = seconds.checked_add(offset.seconds()).ok_or(DateError::Range)?;
        civil_from_wall(wall).ok_or(DateError::Range)?;
        let wall = match precision {
            Precision::Second => wall,
            Precision::Minute => wall - wall.rem_euclid(60),
            _ => return Err(DateError::Range),
        };
        Ok(Date { wall, precision, offset_minutes: Some(offset.minutes) })
    }

    /// Returns the date of stored parts, or `None` where they do not form one.
    ///
    /// The inverse of [`Date::wall`], [`Date::precision`] and [`Date::offset`]; decoders use it on bytes from disk.
    pub fn from_parts(wall: i64, precision: Precision, offset: Option<Offset>) -> Option<Date> {
        civil_from_wall(wall)?;
        let unit = match precision {
            Precision::Year => Unit::Year,
            Precision::Quarter => Unit::Quarter,
            Precision::Month => Unit::Month,
            Precision::Week => Unit::Week,
            Precision::Day => Unit::Day,
            Precision::Minute => Unit::Minute,
            Precision::Second => {
                return Some(Date { wall, precision, offset_minutes: offset.map(Offset::minutes) });
            }
        };
        let aligned = unit.floor(wall)? == wall;
        let civil_without_offset = !precision.is_civil() || offset.is_none();
        (aligned && civil_without_offset).then_some(Date {
            wall,
            precision,
            offset_minutes: offset.map(Offset::minutes),
        })
    }

    fn civil(first_day: civil::Date, precision: Precision) -> Date {
        Date { wall: wall_from_civil(first_day), precision, offset_minutes: None }
    }

    /// Returns how exactly the date is known.
    pub fn precision(self) -> Precision {
        self.precision
    }

    /// Returns the offset that a timestamp was given with; `None` for civil dates.
    pub fn offset(self) -> Option<Offset> {
        self.offset_minutes.map(|minutes| Offset { minutes })
    }

    /// Returns the start of the span on its own wall clock, counted in seconds as if that clock showed UTC.
    pub fn wall(self) -> i64 {
        self.wall
    }

    /// Returns the end of the span on its own wall clock, counted like [`Date::wall`].
    pub fn wall_end(self) -> i64 {
        let end = match self.precision {
            Precision::Year => add_months(self.wall, 12),
            Precision::Quarter => add_months(self.wall, 3),
            Precision::Month => add_months(self.wall, 1),
            Precision::Week => Some(self.wall + 7 * DAY_SECONDS),
            Precision::Day => Some(self.wall + DAY_SECONDS),
            Precision::Minute => Some(self.wall + 60),
            Precision::Second => Some(self.wall + 1),
        };
        // Only December of the last year has no next month.
        end.unwrap_or(self.wall + 366 * DAY_SECONDS)
    }

    /// Returns the start that articles are sorted by: instants in UTC, civil dates as if they were UTC.
    ///
    /// It does not depend on the session, so that an article keeps its place whoever reads it.
    pub fn sort_start(self) -> i64 {
        self.wall - self.shift(Offset::UTC)
    }

    /// Returns the end that belongs to [`Date::sort_start`].
    pub fn sort_end(self) -> i64 {
        self.wall_end() - self.shift(Offset::UTC)
    }

    /// Returns the span of instants that the date names for a reader in `zone`.
    pub fn instants(self, zone: Offset) -> InstantSpan {
        let shift = self.shift(zone);
        InstantSpan { start: self.wall - shift, end: self.wall_end() - shift }
    }

    /// Returns the same instant as a timestamp of `zone`; a timestamp without offset is read in `zone`.
    ///
    /// Civil dates are returned unchanged.
    pub fn in_zone(self, zone: Offset) -> Date {
        if self.precision.is_civil() {
            return self;
        }
        let instant = self.wall - self.shift(zone);
        Date { wall: instant + zone.seconds(), offset_minutes: Some(zone.minutes), ..self }
    }

    fn shift(self, zone: Offset) -> i64 {
        self.offset().unwrap_or(zone).seconds()
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Date) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Date {
    /// Orders by start, then end, as the archive does (but oldest first).
    fn cmp(&self, other: &Date) -> Ordering {
        let key = |date: &Date| (date.sort_start(), date.sort_end(), date.precision, date.offset_minutes);
        key(self).cmp(&key(other))
    }
}

impl fmt::Display for Date {
    /// Prints the date at its own precision, as the query language writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(clock) = civil_from_wall(self.wall) else {
            return write!(f, "@{}", self.wall);
        };
        let (year, month, day) = (clock.year(), clock.month(), clock.day());
        match self.precision {
            Precision::Year => write!(f, "{year:04}"),
            Precision::Quarter => write!(f, "{year:04}-Q{}", (month - 1) / 3 + 1),
            Precision::Month => write!(f, "{year:04}-{month:02}"),
            Precision::Week => {
                let week = clock.date().iso_week_date();
                write!(f, "{:04}-W{:02}", week.year(), week.week())
            }
            Precision::Day => write!(f, "{year:04}-{month:02}-{day:02}"),
            Precision::Minute | Precision::Second => {
                write!(f, "{year:04}-{month:02}-{day:02}T{:02}:{:02}", clock.hour(), clock.minute())?;
                if self.precision == Precision::Second {
                    write!(f, ":{:02}", clock.second())?;
                }
                self.offset().map_or(Ok(()), |offset| offset.fmt(f))
            }
        }
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads a date literal of the query language: `2018`, `2018-Q3`, `2018-W36`, `2018-09`, `2018-09-01`,
    /// `2018-09-01T14:30`, `2018-09-01T14:30:05`, the last two with an optional `Z` or `+03:00`.
    fn from_str(text: &str) -> Result<Date, DateError> {
        let wrong = || DateError::Form { text: text.to_owned() };
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let mut parts = date.split('-');
        let year = parts.next().and_then(|part| digits(part, 4)).ok_or_else(wrong)?;
        let year = i16::try_from(year).map_err(|_| wrong())?;
        let (second, third) = (parts.next(), parts.next());
        if parts.next().is_some() {
            return Err(wrong());
        }
        let civil = match (second, third) {
            (None, None) => Date::year(year)?,
            (Some(part), None) => parse_second_part(year, part).ok_or_else(wrong)??,
            (Some(month), Some(day)) => {
                let two = |part: &str| digits(part, 2).and_then(|n| u8::try_from(n).ok()).ok_or_else(wrong);
                Date::ymd(year, two(month)?, two(day)?)?
            }
            (None, Some(_)) => return Err(wrong()),
        };
        match time {
            None => Ok(civil),
            Some(time) if civil.precision == Precision::Day => parse_time(civil, time).ok_or_else(wrong)?,
            Some(_) => Err(wrong()),
        }
    }
}

/// Reads what follows the year: `Q3`, `W36` or `09`.
fn parse_second_part(year: i16, part: &str) -> Option<Result<Date, DateError>> {
    let number = |text: &str, len| digits(text, len).and_then(|n| u8::try_from(n).ok());
    match part.split_at_checked(1)? {
        ("Q", rest) => Some(Date::quarter(year, number(rest, 1)?)),
        ("W", rest) => Some(Date::week(year, number(rest, 2)?)),
        _ => Some(Date::ym(year, number(part, 2)?)),
    }
}

/// Reads `14:30`, `14:30:05` and an optional zone, on the day `date`.
fn parse_time(date: Date, time: &str) -> Option<Result<Date, DateError>> {
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at_checked(zone_at)?;
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let second = parts.next().map(|part| digits(part, 2));
    if parts.next().is_some() {
        return None;
    }
    let (second, precision) = match second {
        Some(second) => (second?, Precision::Second),
        None => (0, Precision::Minute),
    };
    if hour > 23 || minute > 59 || second > 59 {
        return Some(Err(DateError::Time { hour, minute, second }));
    }
    let offset_minutes = match zone {
        "" => None,
        zone => match zone.parse::<Offset>() {
            Ok(offset) => Some(offset.minutes),
            Err(error) => return Some(Err(error)),
        },
    };
    let wall = date.wall + i64::from(hour * 3_600 + minute * 60 + second);
    Some(Ok(Date { wall, precision, offset_minutes }))
}

/// Says why a date is none.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DateError {
    /// The text has none of the forms of a date.
    #[error(
        "`{text}` is not a date; write 2018, 2018-Q3, 2018-W36, 2018-09, 2018-09-01 or 2018-09-01T14:30Z"
    )]
    Form {
        /// What stood where a date was expected.
        text: String,
    },
    /// A year outside the calendar of the database.
    #[error("year {year} is outside {YEAR_MIN} to {YEAR_MAX}")]
    Year {
        /// The year as given.
        year: i16,
    },
    /// A month that is none of the twelve.
    #[error("there is no month {month}")]
    Month {
        /// The month as given.
        month: u8,
    },
    /// A day that its month does not have.
    #[error("there is no day {day} in {year:04}-{month:02}")]
    Day {
        /// The year as given.
        year: i16,
        /// The month as given.
        month: u8,
        /// The day as given.
        day: u8,
    },
    /// A quarter that is none of the four.
    #[error("there is no quarter {quarter}")]
    Quarter {
        /// The quarter as given.
        quarter: u8,
    },
    /// A week that its year does not have.
    #[error("there is no week {week} in {year}")]
    Week {
        /// The ISO year as given.
        year: i16,
        /// The week as given.
        week: u8,
    },
    /// A time that no clock shows.
    #[error("there is no time {hour:02}:{minute:02}:{second:02}")]
    Time {
        /// The hour as given.
        hour: u32,
        /// The minute as given.
        minute: u32,
        /// The second as given.
        second: u32,
    },
    /// A moment outside the calendar of the database.
    #[error("the moment lies outside the years {YEAR_MIN} to {YEAR_MAX}")]
    Range,
}

fn check_year(year: i16) -> Result<(), DateError> {
    if (YEAR_MIN..=YEAR_MAX).contains(&year) { Ok(()) } else { Err(DateError::Year { year }) }
}

fn day(year: i16, month: u8, day: u8) -> Result<civil::Date, DateError> {
    check_year(year)?;
    if !(1..=12).contains(&month) {
        return Err(DateError::Month { month });
    }
    let wrong = DateError::Day { year, month, day };
    let narrow = |n: u8| i8::try_from(n).map_err(|_| wrong.clone());
    civil::Date::new(year, narrow(month)?, narrow(day)?).map_err(|_| wrong)
}

/// Returns the number that exactly `len` ASCII digits write.
fn digits(text: &str, len: usize) -> Option<u32> {
    let all_digits = text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

/// Returns what the clock shows `wall` seconds after 1970-01-01T00:00:00, within the calendar's years.
fn civil_from_wall(wall: i64) -> Option<civil::DateTime> {
    let day = i32::try_from(wall.div_euclid(DAY_SECONDS)).ok()?;
    let second = wall.rem_euclid(DAY_SECONDS);
    let date = civil::Date::constant(1970, 1, 1).checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
    check_year(date.year()).ok()?;
    let part = |value: i64| i8::try_from(value).ok();
    let (hour, minute, second) = (part(second / 3_600)?, part(second / 60 % 60)?, part(second % 60)?);
    Some(date.at(hour, minute, second, 0))
}

fn wall_from_civil(date: civil::Date) -> i64 {
    let days = date.since(civil::Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
    days * DAY_SECONDS
}

/// Adds calendar months to the first day of a month; `None` past the calendar's years.
fn add_months(wall: i64, months: i32) -> Option<i64> {
    let date = civil_from_wall(wall)?.date();
    let moved = date.checked_add(jiff::Span::new().try_months(months).ok()?).ok()?;
    check_year(moved.year()).ok()?;
    Some(wall_from_civil(moved))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn literals_print_as_they_were_written() {
        for text in [
            "2018",
            "0001",
            "9999",
            "2018-Q3",
            "2018-W36",
            "2020-W53",
            "2018-09",
            "2018-09-01",
            "2018-09-01T14:30",
            "2018-09-01T14:30:05",
            "2018-09-01T14:30Z",
            "2018-09-01T06:00+03:00",
            "2018-09-01T06:00:00-05:30",
        ] {
            assert_eq!(date(text).to_string(), text);
        }
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "",
            "18",
            "2018-9",
            "2018-9-1",
            "2018-09-1",
            "2018-Q5",
            "2018-W54",
            "2018-13",
            "2018-00",
            "2018-02-29",
            "2018-09-01T14",
            "2018-09-01T24:00",
            "2018-09-01T14:60",
            "2018-09T14:30",
            "0000",
            "2018-09-01T14:30+99:00",
            "2018-09-01-01",
            "2018-09-01T14:30:05:01",
            "+018",
            "２０１８",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text} was read");
        }
    }

    #[test]
    fn spans_follow_the_calendar() {
        let days = |text: &str| (date(text).wall_end() - date(text).wall()) / DAY_SECONDS;
        assert_eq!(days("2016"), 366);
        assert_eq!(days("2018-Q1"), 90);
        assert_eq!(days("2018-09"), 30);
        assert_eq!(days("2018-W36"), 7);
        assert_eq!(date("2018-W36").wall(), date("2018-09-03").wall());
        assert_eq!(date("2021-W01").wall(), date("2021-01-04").wall());
        assert_eq!(days("9999-12"), 366, "the last month of the calendar has no end that a date can name");
    }

    #[test]
    fn civil_dates_ignore_zones_and_instants_follow_theirs() {
        let zone: Offset = "+03:00".parse().unwrap();
        assert_eq!(date("2018-09-01").instants(zone).start, date("2018-09-01").wall() - 3 * 3_600);
        let stamp = date("2018-09-01T06:00+03:00");
        assert_eq!(stamp.sort_start(), date("2018-09-01T03:00Z").sort_start());
        assert_eq!(stamp.in_zone(Offset::UTC).to_string(), "2018-09-01T03:00Z");
        assert_eq!(date("2018-09-01").in_zone(zone), date("2018-09-01"));
    }

    #[test]
    fn buckets_cover_the_calendar_without_gaps() {
        for unit in Unit::ALL {
            let mut floor = unit.floor(date("2019-12-30").wall()).unwrap();
            for _ in 0..100 {
                let next = unit.next(floor).unwrap();
                assert_eq!(unit.floor(next - 1), Some(floor), "{unit}");
                assert_eq!(unit.floor(next), Some(next), "{unit}");
                assert_eq!(unit.shift(next, -1), Some(floor), "{unit}");
                floor = next;
            }
        }
    }

    #[test]
    fn parts_round_trip_and_misaligned_parts_are_refused() {
        for text in ["2018", "2018-Q3", "2018-W36", "2018-09", "2018-09-01", "2018-09-01T14:30:05+03:00"] {
            let original = date(text);
            let again = Date::from_parts(original.wall(), original.precision(), original.offset());
            assert_eq!(again, Some(original));
        }
        assert_eq!(Date::from_parts(date("2018-09-02").wall(), Precision::Month, None), None);
        assert_eq!(Date::from_parts(date("2018-09-01").wall(), Precision::Day, Some(Offset::UTC)), None);
        assert_eq!(Date::from_parts(i64::MAX, Precision::Second, None), None);
    }
}
