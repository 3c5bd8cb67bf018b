//! What can be wrong with a date.

use thiserror::Error;

use super::{YEAR_MAX, YEAR_MIN};

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
