//! Values of options.

use std::time::Duration;

use clap::ValueEnum;
use dateline::date::{Date, Offset, Precision};
use dateline::import;

/// A choice that is left to whether a terminal is there, unless it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

/// The form of messages: lines that point at the query, or one object a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ErrorFormat {
    Human,
    Json,
}

/// Where a missing date may come from: the time that the file was last changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DateFrom {
    Mtime,
}

/// What happens to an article whose key the database has: the stored one stays, gives way, or the new one is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OnDuplicate {
    Skip,
    Replace,
    Error,
}

/// The width of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WidthArg {
    /// So many columns.
    Columns(usize),
    /// As wide as the values are.
    Full,
}

impl std::str::FromStr for WidthArg {
    type Err = String;

    fn from_str(text: &str) -> Result<WidthArg, String> {
        /// Below this not even one column of text can be read.
        const WIDTH_MIN: usize = 20;
        if text.eq_ignore_ascii_case("full") {
            return Ok(WidthArg::Full);
        }
        match text.parse() {
            Ok(columns) if columns >= WIDTH_MIN => Ok(WidthArg::Columns(columns)),
            _ => Err(format!("write a number of columns from {WIDTH_MIN}, or `full`")),
        }
    }
}

/// What pages long results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PagerArg {
    /// `$PAGER`, else `less`, where results go to a screen.
    Auto,
    /// Nothing.
    Never,
    /// This command line.
    Command(String),
}

impl std::str::FromStr for PagerArg {
    type Err = String;

    fn from_str(text: &str) -> Result<PagerArg, String> {
        match text.trim() {
            "" => Err("write auto, never or a command, as \"less -R\"".to_owned()),
            "auto" => Ok(PagerArg::Auto),
            "never" => Ok(PagerArg::Never),
            command => Ok(PagerArg::Command(command.to_owned())),
        }
    }
}

/// A moment, in seconds since 1970-01-01T00:00:00Z, or on the clock of the session's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(Date);

impl Instant {
    /// Returns the seconds since 1970-01-01T00:00:00Z, for a session in `zone`.
    pub fn seconds(self, zone: Offset) -> i64 {
        self.0.instants(zone).start
    }
}

/// Reads a number of rows; none at all is no limit that makes sense.
pub fn rows(text: &str) -> Result<u64, String> {
    let wrong = || "write a number of rows, 1 or more".to_owned();
    text.parse().ok().filter(|rows| *rows > 0).ok_or_else(wrong)
}

/// Reads `+03:00`.
pub fn offset(text: &str) -> Result<Offset, String> {
    text.parse().map_err(|_| "write an offset from UTC, as +03:00, -05:30 or Z".to_owned())
}

/// Reads `2018-10-01T00:00Z` or a day, which stands for its midnight.
pub fn instant(text: &str) -> Result<Instant, String> {
    let wrong = || "write a day or a moment, as 2018-10-01 or 2018-10-01T00:00Z".to_owned();
    let date: Date = text.parse().map_err(|_| wrong())?;
    let is_exact = date.precision() >= Precision::Day;
    if is_exact { Ok(Instant(date)) } else { Err(wrong()) }
}

/// Reads the name of an input format.
pub fn input_format(name: &str) -> Result<import::Format, String> {
    let names = || import::Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ");
    import::Format::from_name(name).ok_or_else(|| format!("write one of {}", names()))
}

/// Reads `500ms`, `30s`, `5m`; a bare number is seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a time as 500ms, 30s or 5m".to_owned();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).ok_or_else(wrong)?;
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "ms" => number / 1_000.0,
        "" | "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3_600.0,
        _ => return Err(wrong()),
    };
    Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(duration("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert!(duration("soon").is_err() && duration("-1s").is_err());
        let moscow: Offset = "+03:00".parse().unwrap();
        assert_eq!(instant("1970-01-01").unwrap().seconds(moscow), -3 * 3600);
        assert_eq!(instant("1970-01-01T00:00Z").unwrap().seconds(moscow), 0);
        assert!(instant("2018-10").is_err());
    }
}
