//! What may stand on the command line.

mod care;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use dateline::date::{Date, Offset, Precision};
use dateline::import;
use dateline::render::Format;

pub use self::care::Care;
use crate::failure::{Exit, Note};

/// Colours of help texts; the same few as in messages.
const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

const EXAMPLES: &str = "\
Examples:
  dateline import news.db articles/            make a database of a folder of articles
  dateline news.db                             ask it questions, one after another
  dateline news.db 'find where mentions \"Idlib\" and date > 2018-09-01'
  dateline news.db -f weekly.dql --format csv  run a script
  dateline articles/ 'top 10 person'           ask a folder without keeping a database

Exit codes:
  0 success   1 no results (--exit-empty)   2 usage      3 query   4 database
  5 input or output   6 refused             124 timeout  130 interrupted";

/// A news archive that answers questions.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, about = "A news archive that answers questions", after_help = EXAMPLES, styles = STYLES)]
#[command(override_usage = "dateline [OPTIONS] [DB] [QUERY]\n       dateline <COMMAND> [OPTIONS] <DB> ...")]
#[command(disable_help_subcommand = true)]
pub struct Cli {
    /// Database folder, or a folder or file of articles
    #[arg(value_name = "DB", env = "DATELINE_DB", hide_env = true)]
    pub database: Option<PathBuf>,

    /// Statements to run; without any, a session starts
    #[arg(value_name = "QUERY", conflicts_with_all = ["command", "file"])]
    pub query: Option<String>,

    #[command(flatten)]
    pub run: RunArgs,

    #[command(flatten)]
    pub common: CommonArgs,

    #[command(subcommand)]
    pub subcommand: Option<Command>,
}

/// Options that say what is run.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is run")]
pub struct RunArgs {
    /// Run these statements; may be given several times
    #[arg(short = 'c', long = "command", value_name = "QUERY", conflicts_with = "file")]
    pub command: Vec<String>,

    /// Run a script; `-` is standard input
    #[arg(short = 'f', long = "file", value_name = "FILE")]
    pub file: Option<PathBuf>,

    /// Set a parameter; --param:number, :bool, :date, :period, :list and :regex give it a type
    #[arg(long = "param", value_name = "NAME=TEXT")]
    pub param_text: Vec<String>,

    #[arg(long = "param:number", value_name = "NAME=NUMBER", hide = true)]
    pub param_number: Vec<String>,

    #[arg(long = "param:bool", value_name = "NAME=true|false", hide = true)]
    pub param_bool: Vec<String>,

    #[arg(long = "param:date", value_name = "NAME=DATE", hide = true)]
    pub param_date: Vec<String>,

    #[arg(long = "param:period", value_name = "NAME=PERIOD", hide = true)]
    pub param_period: Vec<String>,

    #[arg(long = "param:list", value_name = "NAME=A,B", hide = true)]
    pub param_list: Vec<String>,

    #[arg(long = "param:regex", value_name = "NAME=PATTERN", hide = true)]
    pub param_regex: Vec<String>,

    /// Columns of `find` where the query names none
    #[arg(long, value_name = "FIELDS")]
    pub select: Option<String>,

    /// Most rows where the query sets no limit
    #[arg(long, value_name = "N", value_parser = rows)]
    pub limit: Option<u64>,

    /// Check every statement and run none
    #[arg(long)]
    pub check: bool,

    /// Go on after a statement that fails
    #[arg(long)]
    pub keep_going: bool,

    /// Treat warnings as errors
    #[arg(long, global = true)]
    pub strict: bool,

    /// Exit with 1 where the last statement finds nothing
    #[arg(long)]
    pub exit_empty: bool,

    /// Allow statements that change the database
    #[arg(long)]
    pub write: bool,

    /// Allow no files to be read or written by statements
    #[arg(long)]
    pub safe: bool,

    /// Make the database where it does not exist
    #[arg(long)]
    pub create: bool,
}

/// Options that every subcommand takes too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output and session")]
pub struct CommonArgs {
    /// table on a terminal, else tsv [table, line, csv, tsv, json, ndjson, markdown]
    #[arg(long, global = true, value_name = "FORMAT")]
    pub format: Option<Format>,

    /// Write results to a file
    #[arg(short = 'o', long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Leave out the header of tables, csv, tsv and markdown
    #[arg(long, global = true)]
    pub no_header: bool,

    /// Columns of a table, or `full` to cut nothing
    #[arg(long, global = true, value_name = "N|full")]
    pub width: Option<WidthArg>,

    /// When to colour
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub color: When,

    /// When to show progress on standard error
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub progress: When,

    /// Form of messages on standard error
    #[arg(long, global = true, value_enum, value_name = "FORM", default_value_t = ErrorFormat::Human)]
    pub error_format: ErrorFormat,

    /// Zone of days and timestamps, as +03:00 [default: UTC]
    #[arg(long, global = true, value_name = "OFFSET", allow_hyphen_values = true, value_parser = offset)]
    pub timezone: Option<Offset>,

    /// Moment that `today` and `last month` count from, as 2018-10-01T00:00Z
    #[arg(long, global = true, value_name = "INSTANT", value_parser = instant)]
    pub now: Option<Instant>,

    /// Stop after so long, as 500ms, 30s or 5m
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub timeout: Option<Duration>,

    /// Flush each row as it is written
    #[arg(long, global = true)]
    pub line_buffered: bool,

    /// Leave out totals, cursors and notes
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say more: timings of each statement
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// What `dateline` does beside answering queries.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Put articles into a database
    Import(ImportArgs),
    /// Write the answer of a query to a file
    Export(ExportArgs),
    /// Print what extraction finds in articles, without a database
    Extract(ExtractArgs),
    /// Verify a database
    Check(CheckArgs),
    /// Show how large a database is and what it holds
    Stats(DatabaseArgs),
    /// Show the fields of a database
    Schema(DatabaseArgs),
    #[command(flatten)]
    Care(Care),
}

impl Command {
    /// Returns the name of the subcommand.
    pub fn name(&self) -> &'static str {
        match self {
            Command::Import(_) => "import",
            Command::Export(_) => "export",
            Command::Extract(_) => "extract",
            Command::Check(_) => "check",
            Command::Stats(_) => "stats",
            Command::Schema(_) => "schema",
            Command::Care(care) => care.name(),
        }
    }
}

/// `dateline import`
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Database folder; made where it does not exist
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// Folders and files of articles; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// Form of the files: text, json, jsonl, csv or tsv; by default each file's ending decides
    #[arg(long, value_name = "FORMAT", value_parser = input_format)]
    pub input_format: Option<import::Format>,

    /// Date of articles that bring none
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,

    /// Where a missing date may come from
    #[arg(long, value_enum, value_name = "WHERE")]
    pub date_from: Option<DateFrom>,

    /// Source of articles that bring none
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,

    /// Read a field from a member of another name; may be given several times
    #[arg(long, value_name = "FIELD=MEMBER")]
    pub map: Vec<String>,

    /// What happens to an article whose key the database has
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = OnDuplicate::Skip)]
    pub on_duplicate: OnDuplicate,

    /// Store the articles without reading names, dates and figures out of them
    #[arg(long)]
    pub no_extract: bool,

    /// Read and count, and change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// `dateline export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// File to write; its ending is the format unless --format says another
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// What to export
    #[arg(value_name = "QUERY")]
    pub query: String,
}

/// `dateline extract`
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// Folders and files of articles; `-` is standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// Form of the files: text, json, jsonl, csv or tsv; by default each file's ending decides
    #[arg(long, value_name = "FORMAT", value_parser = input_format)]
    pub input_format: Option<import::Format>,

    /// Publication date of articles that bring none
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
}

/// `dateline check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,
}

/// A subcommand that takes a database and nothing else.
#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// Database folder, or a folder or file of articles
    #[arg(value_name = "DB")]
    pub database: PathBuf,
}

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
fn rows(text: &str) -> Result<u64, String> {
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
fn input_format(name: &str) -> Result<import::Format, String> {
    let names = || import::Format::ALL.map(|format| format.name()).join(", ");
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

/// Reads the command line.
///
/// # Errors
///
/// How to end, where `--help` or `--version` was answered or a message said what is wrong.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, Exit> {
    let args: Vec<OsString> = args.into_iter().collect();
    read(&args).map_err(|error| {
        let misplaced_note = misplaced_subcommand(&args).filter(|_| error.use_stderr());
        match misplaced_note {
            Some(note) => eprintln!("{}", note.plain()),
            // What cannot be printed was not wanted.
            None => drop(error.print()),
        }
        if error.use_stderr() { Exit::Usage } else { Exit::Success }
    })
}

fn read(args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches =
        <Cli as clap::CommandFactory>::command().color(color_choice(args)).try_get_matches_from(args)?;
    let cli = <Cli as clap::FromArgMatches>::from_arg_matches(&matches)?;
    // The environment's database is a default; a subcommand names its own.
    let typed = matches.value_source("database") == Some(clap::parser::ValueSource::CommandLine);
    let database = cli.database.filter(|_| typed || cli.subcommand.is_none());
    Ok(Cli { database, ..cli })
}

/// Says how a subcommand is spelt: a database before it reads well and is an argument of it.
pub fn misplaced(name: &str, database: &str) -> Note {
    Note::error(format!("`{name}` stands before the database"))
        .help(format!("write: dateline {name} {database} ..."))
}

/// Returns what to say of a subcommand after a database: `dateline news.db import x`.
fn misplaced_subcommand(args: &[OsString]) -> Option<Note> {
    let command = <Cli as clap::CommandFactory>::command();
    let is_subcommand = |arg: &str| command.get_subcommands().any(|known| known.get_name() == arg);
    let database = args.get(1)?.to_str().filter(|arg| !arg.starts_with('-') && !is_subcommand(arg))?;
    let name = args.get(2)?.to_str().filter(|arg| is_subcommand(arg))?;
    Some(misplaced(name, database))
}

/// Returns whether help and usage errors are coloured, which clap must know before it reads the options.
fn color_choice(args: &[OsString]) -> ColorChoice {
    let after_flag = args.iter().skip_while(|arg| *arg != "--color").nth(1);
    let joined = args.iter().filter_map(|arg| arg.to_str()?.strip_prefix("--color="));
    let chosen = after_flag.and_then(|arg| arg.to_str()).into_iter().chain(joined).last();
    match chosen {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Cli, clap::Error> {
        let args: Vec<OsString> =
            std::iter::once("dateline").chain(args.iter().copied()).map(OsString::from).collect();
        read(&args)
    }

    #[test]
    fn the_definition_holds_together() {
        <Cli as clap::CommandFactory>::command().debug_assert();
    }

    #[test]
    fn options_may_stand_on_both_sides_of_the_database() {
        let before = parsed(&["--format", "csv", "--limit", "5", "news.db", "find"]).unwrap();
        let after = parsed(&["news.db", "find", "--limit=5", "--format=csv"]).unwrap();
        assert_eq!(format!("{before:?}"), format!("{after:?}"));
        assert_eq!(before.common.format, Some(Format::Csv));
    }

    #[test]
    fn a_subcommands_name_is_the_subcommand_unless_it_is_marked() {
        assert!(parsed(&["stats", "news.db"]).unwrap().subcommand.is_some());
        assert!(parsed(&["--", "stats"]).unwrap().database.is_some_and(|path| path.ends_with("stats")));
        assert!(parsed(&["./stats"]).unwrap().subcommand.is_none());
        let both = parsed(&["news.db", "import", "x", "y"]).unwrap();
        assert!(both.database.is_some() && both.subcommand.is_some());
    }

    #[test]
    fn common_options_may_follow_a_subcommand() {
        let cli =
            parsed(&["import", "news.db", "articles", "--quiet", "--strict", "--color", "never"]).unwrap();
        assert!(cli.common.quiet && cli.run.strict && cli.common.color == When::Never);
    }

    #[test]
    fn query_command_and_file_exclude_one_another() {
        assert!(parsed(&["news.db", "find", "-c", "count"]).is_err());
        assert!(parsed(&["news.db", "-f", "x.dql", "-c", "count"]).is_err());
        assert_eq!(parsed(&["news.db", "-c", "find", "-c", "count"]).unwrap().run.command.len(), 2);
    }

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
