//! `--stats-json`: what every statement of a run cost, for those who watch scripts from afar.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime};

use serde_json::{Value as Json, json};

use crate::failure::{Exit, Failure};
use crate::partial::PartialFile;
use crate::run::Outcome;

/// What the statements of a run cost so far.
pub struct RunStats {
    path: PathBuf,
    started: (Instant, SystemTime),
    statements: Vec<Json>,
}

/// What is said about one statement.
pub struct Entry<'a> {
    /// Its number in the script, from 1.
    pub number: u32,
    /// Its text.
    pub text: &'a str,
    /// When it began.
    pub started: Instant,
    /// The lines of its plan; none where it could not be made.
    pub plan: Vec<String>,
}

impl RunStats {
    /// Begins the figures that will be written to `path`.
    pub fn new(path: &Path) -> RunStats {
        let started = (Instant::now(), SystemTime::now());
        RunStats { path: path.to_owned(), started, statements: Vec::new() }
    }

    /// Notes how a statement went.
    pub fn add(&mut self, entry: Entry<'_>, went: Result<&Outcome, &Failure>) {
        let mut said = json!({
            "statement": entry.number,
            "text": entry.text,
            "exit": went.err().map_or(Exit::Success, |failure| failure.exit).code(),
            "elapsed_ms": milliseconds(entry.started),
            "plan": entry.plan,
        });
        let more = match went {
            Ok(outcome) => counts(outcome),
            Err(failure) => json!({ "errors": failure.notes.iter().map(|note| json!({
                "code": note.code, "message": note.message,
            })).collect::<Vec<Json>>() }),
        };
        if let (Json::Object(said), Json::Object(more)) = (&mut said, more) {
            said.extend(more);
        }
        self.statements.push(said);
    }

    /// Writes the figures; the file appears only when it is whole.
    ///
    /// # Errors
    ///
    /// Where it cannot be written.
    pub fn write(&self, database: &Path, exit: Exit) -> Result<(), Failure> {
        let (started, clock) = self.started;
        let since = clock.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let stats = json!({
            "version": env!("CARGO_PKG_VERSION"),
            "database": database.display().to_string(),
            "started_unix": since,
            "elapsed_ms": milliseconds(started),
            "exit": exit.code(),
            "statements": self.statements,
        });
        let mut file = PartialFile::create(&self.path)?;
        writeln!(file, "{stats}").map_err(|error| crate::partial::cannot_write(&self.path, &error))?;
        file.keep()
    }

    /// Writes the figures of a run that failed, and returns why it did; with it, where the figures cannot be written.
    pub fn write_failed(&self, database: &Path, mut failure: Failure) -> Failure {
        if let Err(unwritten) = self.write(database, failure.exit) {
            failure.notes.extend(unwritten.notes);
        }
        failure
    }
}

fn counts(outcome: &Outcome) -> Json {
    let summary = &outcome.kept.summary;
    let warning =
        |warning: &dateline::exec::Warning| json!({ "code": warning.code, "message": warning.message });
    json!({
        "kind": outcome.kept.kind,
        "rows": outcome.rows,
        "total": summary.total,
        "undecided": summary.undecided,
        "query_ms": summary.stats.elapsed.as_secs_f64() * 1_000.0,
        "segments": summary.stats.segments,
        "postings": summary.stats.postings,
        "articles_read": summary.stats.articles_read,
        "warnings": summary.warnings.iter().map(warning).collect::<Vec<Json>>(),
    })
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}
