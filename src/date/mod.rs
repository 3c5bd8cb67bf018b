//! Calendar dates of partial precision, as half-open spans of seconds.
//!
//! News is dated by the year, the month, the day or the second, and a query must know which: an article of
//! "September 2018" is not certainly later than 1 September. A [`Date`] therefore keeps how exactly it is known
//! and always stands for a span `[start, end)`. Days and coarser are *civil*: they name a day on the calendar and
//! no time zone. Minutes and seconds are *instants* once their offset from UTC is known.

mod calendar;
mod error;
mod offset;
mod parse;
mod unit;

use std::cmp::Ordering;
use std::fmt;

use jiff::civil;
use serde::{Deserialize, Serialize};

use calendar::{DAY_SECONDS, add_months, check_year, civil_from_wall, day, wall_from_civil};

pub use error::DateError;
pub use offset::Offset;
pub use unit::{Precision, Unit};

/// The earliest year a date may name.
pub const YEAR_MIN: i16 = 1;

/// The latest year a date may name.
pub const YEAR_MAX: i16 = 9999;

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
        Ok(Date { wall, precision, offset_minutes: Some(offset.minutes()) })
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
        self.offset_minutes.and_then(Offset::from_minutes)
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
        Date { wall: instant + zone.seconds(), offset_minutes: Some(zone.minutes()), ..self }
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
