//! `dateline-parquet DB QUERY --output FILE.parquet`: the answer of a query as a Parquet file.
//!
//! Exit codes and messages are those of `dateline`; results go to the file, everything said to standard error.

mod args;
mod failure;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use dateline::database::{Prepared, Reader};
use dateline::exec::{CancelToken, RunOptions};
use dateline::query::ast::ExportFormat;
use dateline::query::{Bindings, Request, Resolved, Session};
use dateline::render::{grouped, zero_hit_block};
use dateline_parquet::{Export, Written};

use args::Args;
use failure::{Exit, Failure};

fn main() -> ExitCode {
    let args = match args::parse() {
        Ok(args) => args,
        Err(exit) => return exit.into(),
    };
    let cancel = CancelToken::default();
    let asked = cancel.clone();
    // Where no handler can be set, Ctrl-C ends the process as it does by default.
    let _ = ctrlc::set_handler(move || asked.cancel());
    match run(&args, cancel) {
        Ok(()) => Exit::Success.into(),
        Err(failure) => {
            eprintln!("{}", failure.message);
            failure.exit.into()
        }
    }
}

fn run(args: &Args, cancel: CancelToken) -> Result<(), Failure> {
    let reader = open(&args.database)?;
    let prepared = prepare(args, &reader)?;
    let resolved = prepared.resolve().map_err(|error| Failure::of_library(&error, &args.query))?;
    let path = destination(args, &resolved)?;
    if args.strict {
        refuse_warnings(&resolved.warnings)?;
    }
    let deadline = args.timeout.map(|timeout| Instant::now() + timeout);
    let options = RunOptions { cancel, deadline, ..RunOptions::default() };
    let export = Export { zone: args.timezone, options, query: args.query.clone() };
    let written = export
        .write(&resolved, reader.snapshot().view(), &path)
        .map_err(|error| Failure::of_export(&error))?;
    say(args, &path, &written);
    if args.strict { refuse_warnings(&written.summary.warnings) } else { Ok(()) }
}

fn open(database: &Path) -> Result<Reader, Failure> {
    let path = database.display();
    if database.exists() && !database.join("MANIFEST").is_file() {
        return Err(Failure::new(Exit::Database, format!("{path} is no database"))
            .help(format!("make one of articles:  dateline import news.db {path}")));
    }
    Reader::open(database).map_err(|error| Failure::of_library(&error, ""))
}

fn prepare(args: &Args, reader: &Reader) -> Result<Prepared, Failure> {
    let mut bindings = Bindings::default();
    args.param.iter().for_each(|(name, value)| bindings.set(name.as_str(), value.as_str()));
    let now = args.now.map_or_else(present, |now| now.instants(args.timezone).start);
    let session = Session { now, zone: args.timezone, files: true, ..Session::default() };
    let prepared = reader.prepare(&args.query).map_err(|error| Failure::of_library(&error, &args.query))?;
    Ok(prepared.session(session).bind_all(bindings))
}

/// Returns the file that `--output` or the statement names.
fn destination(args: &Args, resolved: &Resolved) -> Result<PathBuf, Failure> {
    match (&resolved.request, &args.output) {
        (Request::Export(export), _) if export.format != ExportFormat::Parquet => {
            let format = export.format.name();
            Err(Failure::new(Exit::Query, format!("{format} is written by dateline itself"))
                .help("write `as parquet` here, or run the statement with `dateline`"))
        }
        (Request::Export(_), Some(_)) => {
            Err(Failure::new(Exit::Usage, "both `export to` and --output name a file")
                .help("leave one of them out"))
        }
        (Request::Export(export), None) => Ok(PathBuf::from(&export.path)),
        (_, Some(path)) => Ok(path.clone()),
        (_, None) => Err(Failure::new(Exit::Usage, "no file is named")
            .help("write: dateline-parquet DB 'QUERY' --output FILE.parquet")),
    }
}

fn refuse_warnings(warnings: &[dateline::exec::Warning]) -> Result<(), Failure> {
    let lines: Vec<String> =
        warnings.iter().map(|it| format!("error[{}]: {}", it.code, it.message)).collect();
    if lines.is_empty() { Ok(()) } else { Err(Failure { exit: Exit::Query, message: lines.join("\n") }) }
}

/// Says what stands beside the rows.
fn say(args: &Args, path: &Path, written: &Written) {
    if !args.strict {
        for warning in &written.summary.warnings {
            eprintln!("warning[{}]: {}", warning.code, warning.message);
        }
    }
    if written.rounded > 0 {
        let numbers = if written.rounded == 1 { "number" } else { "numbers" };
        let count = grouped(written.rounded);
        eprintln!("warning: {count} whole {numbers} past 2^53 among decimals: a double only comes near");
    }
    if args.quiet {
        return;
    }
    if let Some(help) = written.summary.zero_hit.as_ref().filter(|_| written.rows == 0) {
        eprintln!("{}", zero_hit_block(help));
    }
    let rows = if written.rows == 1 { "1 row".to_owned() } else { format!("{} rows", grouped(written.rows)) };
    eprintln!("wrote {}, {rows}", path.display());
}

/// Returns the present time, in seconds since 1970-01-01T00:00:00Z.
fn present() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
