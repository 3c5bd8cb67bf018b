//! How the command ends, and what it says; the codes and words of `dateline`.

use std::process::ExitCode;

use dateline::Error;
use dateline::exec::ExecError;
use dateline::query::{Code, QueryError};
use dateline_parquet::ExportError;

/// The exit codes of `dateline` that can occur here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Success = 0,
    Usage = 2,
    Query = 3,
    Database = 4,
    Output = 5,
    Refused = 6,
    Timeout = 124,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why nothing was written.
#[derive(Debug)]
pub struct Failure {
    /// What the shell sees.
    pub exit: Exit,
    /// What a person sees, with what to do.
    pub message: String,
}

impl Failure {
    pub fn new(exit: Exit, message: impl AsRef<str>) -> Failure {
        Failure { exit, message: format!("error: {}", message.as_ref()) }
    }

    /// Adds a line that says what to do.
    pub fn help(mut self, line: impl AsRef<str>) -> Failure {
        self.message.push_str(&format!("\n  = help: {}", line.as_ref()));
        self
    }

    /// Returns what an error of the library means; `query` is what errors of a query point into.
    pub fn of_library(error: &Error, query: &str) -> Failure {
        match error {
            Error::Query(errors) if errors.iter().any(|error| error.code == Code::WriteRefused) => {
                Failure::new(Exit::Refused, "this command changes no database")
                    .help("run the statement with `dateline --write`")
            }
            Error::Query(errors) => Failure { exit: Exit::Query, message: rendered(errors, query) },
            Error::Exec(error) => Failure::of_exec(error),
            error => Failure::new(Exit::Database, error.to_string()),
        }
    }

    /// Returns what an error of the export means.
    pub fn of_export(error: &ExportError) -> Failure {
        match error {
            ExportError::Exec(error) => Failure::of_exec(error),
            error => Failure::new(Exit::Output, error.to_string()),
        }
    }

    fn of_exec(error: &ExecError) -> Failure {
        let exit = match error {
            ExecError::Cancelled => Exit::Interrupted,
            ExecError::Deadline => Exit::Timeout,
            ExecError::Segment(_) => Exit::Database,
            _ => Exit::Query,
        };
        let failure = Failure { exit, message: format!("error[{}]: {error}", error.code()) };
        match error {
            ExecError::Deadline => {
                failure.help("raise --timeout, or narrow the query, for example by a date")
            }
            error => error.help().iter().fold(failure, Failure::help),
        }
    }
}

fn rendered(errors: &[QueryError], query: &str) -> String {
    let texts: Vec<String> = errors.iter().map(|error| error.render(query).trim_end().to_owned()).collect();
    texts.join("\n")
}
