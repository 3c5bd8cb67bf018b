//! What may stand on the command line; names and values are those of `dateline`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use dateline::date::{Date, Offset, Precision};

use crate::failure::Exit;

const EXAMPLES: &str = "\
Examples:
  dateline-parquet news.db 'find * where date in 2018' --output articles.parquet
  dateline-parquet news.db 'timeline by month where mentions \"Idlib\"' --output idlib.parquet
  dateline-parquet news.db 'export to \"people.parquet\" as parquet top 50 person'

Exit codes:
  0 success   2 usage   3 query   4 database   5 output   6 refused   124 timeout   130 interrupted";

/// Writes the answer of a query to a Parquet file
#[derive(Debug, Parser)]
#[command(name = "dateline-parquet", version, after_help = EXAMPLES)]
pub struct Args {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// One statement that answers with rows
    #[arg(value_name = "QUERY")]
    pub query: String,

    /// File to write, over an earlier one; it appears only when it is whole
    #[arg(short, long, value_name = "FILE.parquet")]
    pub output: Option<PathBuf>,

    /// Set a parameter to a text; may be given several times
    #[arg(long, value_name = "NAME=TEXT", value_parser = assignment)]
    pub param: Vec<(String, String)>,

    /// Zone of days and timestamps, as +03:00
    #[arg(long, value_name = "OFFSET", allow_hyphen_values = true, default_value = "Z", value_parser = offset)]
    pub timezone: Offset,

    /// Moment that `today` and `last month` count from, as 2018-10-01T00:00Z [default: the present]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub now: Option<Date>,

    /// Stop after so long, as 500ms, 30s or 5m
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,

    /// Treat warnings as errors
    #[arg(long)]
    pub strict: bool,

    /// Say nothing where all is well
    #[arg(short, long)]
    pub quiet: bool,
}

/// Reads the command line; the error is how to end, once everything is said.
pub fn parse() -> Result<Args, Exit> {
    Args::try_parse().map_err(|error| {
        // What cannot be printed was not wanted.
        drop(error.print());
        if error.use_stderr() { Exit::Usage } else { Exit::Success }
    })
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write name=value")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

fn offset(text: &str) -> Result<Offset, String> {
    text.parse().map_err(|_| "write an offset from UTC, as +03:00, -05:30 or Z".to_owned())
}

fn instant(text: &str) -> Result<Date, String> {
    let date: Option<Date> = text.parse().ok().filter(|date: &Date| date.precision() >= Precision::Day);
    date.ok_or_else(|| "write a day or a moment, as 2018-10-01 or 2018-10-01T00:00Z".to_owned())
}

fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a time as 500ms, 30s or 5m".to_owned();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits).ok_or_else(wrong)?;
    let scale = match unit.trim() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3_600.0,
        _ => return Err(wrong()),
    };
    let number: f64 = number.parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(number * scale).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_dateline_reads_them() {
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert!(duration("soon").is_err() && duration("-1s").is_err());
        assert!(instant("2018-10").is_err() && instant("2018-10-01").is_ok());
        assert_eq!(assignment("who=a=b"), Ok(("who".to_owned(), "a=b".to_owned())));
    }
}
