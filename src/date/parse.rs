//! Reading date literals.

use std::str::FromStr;

use super::{Date, DateError, Offset, Precision};

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
            Ok(offset) => Some(offset.minutes()),
            Err(error) => return Some(Err(error)),
        },
    };
    let wall = date.wall + i64::from(hour * 3_600 + minute * 60 + second);
    Some(Ok(Date { wall, precision, offset_minutes }))
}

/// Returns the number that exactly `len` ASCII digits write.
pub(super) fn digits(text: &str, len: usize) -> Option<u32> {
    let all_digits = text.len() == len && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}
