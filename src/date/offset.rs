//! Offsets from UTC.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::DateError;
use super::parse::digits;

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
