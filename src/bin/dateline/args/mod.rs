//! What may stand on the command line.

mod care;
mod generate;
mod value;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::styling::{AnsiColor, Styles};
use clap::error::ErrorKind;
use clap::{Args, ColorChoice, Parser, Subcommand};
use dateline::date::{Date, Offset};
use dateline::import;
use dateline::query;
use dateline::query::lex::{Category, Keyword};
use dateline::render::Format;

pub use self::care::{BackupArgs, Care, CompactArgs, DumpArgs, LoadArgs, RestoreArgs};
pub use generate::{Shell, completions, man};
pub use value::{DateFrom, ErrorFormat, Instant, OnDuplicate, PagerArg, When, WidthArg, instant, offset};
use value::{duration, input_format, rows};

use crate::config::Defaults;
use crate::failure::{Exit, Failure, Note};

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

const IMPORT_HELP: &str = "\
Examples:
  dateline import news.db articles/                 a folder, with the folders in it
  dateline import news.db feed.jsonl.zst --strict   exit with 5 where a row is rejected
  curl -s https://example.org/news.json | dateline import news.db - --input-format json
  dateline import news.db old.csv --map body=article_text --date 2018
  dateline import news.db crawl.warc.gz newsletters.mbox pages/ feed.rss
  dateline import news.db inbox/ --watch            keep a folder and a database in step

Importing the same paths again changes nothing. Rejected rows go to FILE.rejected.ndjson.";

const EXPORT_HELP: &str = "\
Examples:
  dateline export news.db syria.csv 'find where mentions \"Syria\"'
  dateline export news.db people.json 'top 50 person where date in 2018'

The file appears only when it is whole.";

const COMPLETIONS_HELP: &str = "\
Where they go:
  bash        dateline completions bash > ~/.local/share/bash-completion/completions/dateline
  zsh         dateline completions zsh > ~/.zfunc/_dateline
  fish        dateline completions fish > ~/.config/fish/completions/dateline.fish
  powershell  dateline completions powershell >> $PROFILE
  elvish      dateline completions elvish >> ~/.config/elvish/rc.elv";

const MAN_HELP: &str = "\
Examples:
  dateline man > ~/.local/share/man/man1/dateline.1
  dateline man import > ~/.local/share/man/man1/dateline-import.1";

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

    /// What the configuration file adds.
    #[arg(skip)]
    pub defaults: Defaults,
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

    /// Run statements as they are read, each once its `;` is there
    #[arg(long, conflicts_with_all = ["query", "command", "check"])]
    pub stream: bool,

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

    /// Draw the results of `timeline`, `top`, `pairs` and `count by` into a file; several get numbers
    #[arg(long, value_name = "FILE.svg")]
    pub plot: Option<PathBuf>,

    /// Write times, counts and plans of all statements to a file
    #[arg(long, value_name = "FILE")]
    pub stats_json: Option<PathBuf>,
}

/// Options that every subcommand takes too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output and session")]
pub struct CommonArgs {
    /// table on a terminal, else tsv [table, line, csv, tsv, json, ndjson, markdown, html, svg]
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

    /// When to colour [default: auto]
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub color: Option<When>,

    /// Page results longer than the screen: auto, never, or the pager to run [default: auto]
    #[arg(long, global = true, value_name = "auto|never|COMMAND")]
    pub pager: Option<PagerArg>,

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

    /// Pass over the configuration file
    #[arg(long, global = true)]
    pub no_config: bool,
}

/// What `dateline` does beside answering queries.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Put articles into a database
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// Write the answer of a query to a file
    #[command(after_help = EXPORT_HELP)]
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
    /// Print completions for a shell
    #[command(after_help = COMPLETIONS_HELP)]
    Completions(CompletionsArgs),
    /// Print the manual page, or that of a subcommand
    #[command(after_help = MAN_HELP)]
    Man(ManArgs),
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
            Command::Completions(_) => "completions",
            Command::Man(_) => "man",
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

    /// Form of the files: text, json, jsonl, csv, tsv, html, warc, feed, eml or mbox; by default each file's ending decides
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

    /// Go on with an import that was stopped: articles that are stored are passed over
    #[arg(long, conflicts_with = "on_duplicate")]
    pub resume: bool,

    /// Then look at the paths again and again, and import what is added or changed, until Ctrl-C
    #[arg(long, conflicts_with = "dry_run")]
    pub watch: bool,
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

    /// Form of the files: text, json, jsonl, csv, tsv, html, warc, feed, eml or mbox; by default each file's ending decides
    #[arg(long, value_name = "FORMAT", value_parser = input_format)]
    pub input_format: Option<import::Format>,

    /// Publication date of articles that bring none
    #[arg(long, value_name = "DATE")]
    pub date: Option<Date>,
}

/// `dateline completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// Shell to print completions for
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: Shell,
}

/// `dateline man`
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Subcommand to print the page of
    #[arg(value_name = "SUBCOMMAND")]
    pub subcommand: Option<String>,
}

/// `dateline check`
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// Derive every entry of the indexes from the stored articles again, and compare
    #[arg(long)]
    pub deep: bool,
}

/// A subcommand that only asks, and takes nothing else.
#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// Database folder, or a folder or file of articles
    #[arg(value_name = "DB")]
    pub database: PathBuf,
}

/// Reads the command line.
///
/// # Errors
///
/// How to end, where `--help` or `--version` was answered or a message said what is wrong.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Cli, Exit> {
    let args: Vec<OsString> = args.into_iter().collect();
    read(&args).map_err(|error| {
        let note = || misplaced_subcommand(&args).or_else(|| misspelt_subcommand(&args, &error));
        let note = || note().or_else(|| unquoted_query(&args, &error));
        match note().filter(|_| error.use_stderr()) {
            Some(note) => eprintln!("{}", note.plain()),
            // What cannot be printed was not wanted.
            None => drop(error.print()),
        }
        if error.use_stderr() { Exit::Usage } else { Exit::Success }
    })
}

/// Returns the definition of the whole command line.
fn definition() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

fn read(args: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = definition().color(color_choice(args)).try_get_matches_from(args)?;
    let cli = <Cli as clap::FromArgMatches>::from_arg_matches(&matches)?;
    // The environment's database is a default; a subcommand names its own.
    let typed = matches.value_source("database") == Some(clap::parser::ValueSource::CommandLine);
    let database = cli.database.filter(|_| typed || cli.subcommand.is_none());
    Ok(Cli { database, ..cli })
}

/// Reads what stands behind `.import`, which takes what `dateline import` takes after its database.
///
/// # Errors
///
/// A usage error that says what is wrong.
pub fn import_words(text: &str) -> Result<ImportArgs, Failure> {
    let words = ["dateline", "import", "."].into_iter().map(str::to_owned).chain(words(text));
    let wrong =
        |message: String| Failure::usage(Note::error(message.trim_start_matches("error: ").to_owned()));
    let cli = <Cli as Parser>::try_parse_from(words)
        .map_err(|error| wrong(error.to_string().lines().next().unwrap_or_default().to_owned()))?;
    match cli.subcommand {
        Some(Command::Import(args)) if !args.watch => Ok(args),
        _ => Err(wrong("a session cannot watch; start `dateline import --watch` beside it".to_owned())),
    }
}

/// Splits text at spaces that stand in no quotes.
pub fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(sign), c) if c == sign => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Says how a subcommand is spelt: a database before it reads well and is an argument of it.
pub fn misplaced(name: &str, database: &str) -> Note {
    Note::error(format!("`{name}` stands before the database"))
        .help(format!("write: dateline {name} {database} ..."))
}

/// Returns what to say of a subcommand after a database: `dateline news.db import x`.
fn misplaced_subcommand(args: &[OsString]) -> Option<Note> {
    let command = definition();
    let is_subcommand = |arg: &str| command.get_subcommands().any(|known| known.get_name() == arg);
    let database = args.get(1)?.to_str().filter(|arg| !arg.starts_with('-') && !is_subcommand(arg))?;
    let name = args.get(2)?.to_str().filter(|arg| is_subcommand(arg))?;
    Some(misplaced(name, database))
}

/// Returns the subcommand whose name is near to a word that is none.
pub fn nearest_subcommand(word: &str) -> Option<String> {
    let command = definition();
    let names = command.get_subcommands().map(clap::Command::get_name);
    query::nearest(word, names).filter(|name| *name != word).map(str::to_owned)
}

/// Returns what to say of `dateline imprt news.db articles/`, where a database with a query would stand.
fn misspelt_subcommand(args: &[OsString], error: &clap::Error) -> Option<Note> {
    let is_unknown = error.kind() == ErrorKind::UnknownArgument;
    let word = args.get(1)?.to_str().filter(|word| is_unknown && !Path::new(word).exists())?;
    let name = nearest_subcommand(word)?;
    Some(
        Note::error(format!("there is no subcommand `{word}`"))
            .help(format!("did you mean `dateline {name}`?")),
    )
}

/// Returns what to say of a query that the shell took apart: `dateline news.db find where topic exists`.
fn unquoted_query(args: &[OsString], error: &clap::Error) -> Option<Note> {
    let words: Vec<&str> = args.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let (database, query) = words.split_first()?;
    let begins =
        |word: &&str| Keyword::from_word(word).is_some_and(|it| it.category() == Category::Statement);
    let is_query = query.len() > 1
        && query.first().is_some_and(begins)
        && query.iter().all(|word| !word.starts_with('-'));
    if error.kind() != ErrorKind::UnknownArgument || !is_query {
        return None;
    }
    let note = Note::error("a query is one argument, and this is several");
    Some(note.help(format!("put it in quotes:  dateline {database} '{}'", query.join(" "))))
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
        definition().debug_assert();
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
        assert!(cli.common.quiet && cli.run.strict && cli.common.color == Some(When::Never));
    }

    #[test]
    fn import_in_a_session_takes_the_same_options() {
        let args = import_words("'my news/a.csv' b.txt --map body=text --dry-run").unwrap();
        assert_eq!(args.paths, [PathBuf::from("my news/a.csv"), PathBuf::from("b.txt")]);
        assert!(args.dry_run && args.map == ["body=text"]);
        assert!(import_words("").is_err() && import_words("a --watch").is_err());
    }

    #[test]
    fn help_names_every_format() {
        let help = |path: &[&str], option: &str| {
            let mut command = definition();
            for name in path {
                command = command.find_subcommand(name).unwrap().clone();
            }
            let arg = command.get_arguments().find(|arg| arg.get_id() == option).unwrap();
            arg.get_help().unwrap().to_string()
        };
        let words = |text: String| {
            text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<String>>()
        };
        let written = words(help(&[], "format"));
        assert!(Format::ALL.iter().all(|format| written.contains(&format.to_string())), "{written:?}");
        for subcommand in ["import", "extract"] {
            let read = words(help(&[subcommand], "input_format"));
            assert!(import::Format::ALL.iter().all(|format| read.contains(&format.to_string())), "{read:?}");
        }
    }

    #[test]
    fn query_command_and_file_exclude_one_another() {
        assert!(parsed(&["news.db", "find", "-c", "count"]).is_err());
        assert!(parsed(&["news.db", "-f", "x.dql", "-c", "count"]).is_err());
        assert!(parsed(&["news.db", "find", "--stream"]).is_err());
        assert_eq!(parsed(&["news.db", "-c", "find", "-c", "count"]).unwrap().run.command.len(), 2);
    }
}
