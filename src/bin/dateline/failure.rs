//! How a run ends, and what is said about it.

use std::io;

use dateline::exec::{ExecError, Warning};
use dateline::query::{Code, QueryError, Suggestion, quote_str};

/// The exit codes of the command; a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything succeeded, or the reader of a pipe had enough.
    Success,
    /// `--exit-empty`, and nothing was found.
    Empty,
    /// The command line is wrong.
    Usage,
    /// A query is wrong or could not be answered.
    Query,
    /// The database is missing, locked, damaged or of another version.
    Database,
    /// Input or output failed.
    Io,
    /// The session may not do this.
    Refused,
    /// `--timeout` passed.
    Timeout,
    /// Ctrl-C.
    Interrupted,
}

impl Exit {
    /// Lists every way to end.
    const ALL: [Exit; 9] = [
        Exit::Success,
        Exit::Empty,
        Exit::Usage,
        Exit::Query,
        Exit::Database,
        Exit::Io,
        Exit::Refused,
        Exit::Timeout,
        Exit::Interrupted,
    ];

    /// Returns the exit of a number as a user writes it.
    pub fn of_code(text: &str) -> Option<Exit> {
        let code: u8 = text.parse().ok()?;
        Exit::ALL.into_iter().find(|exit| exit.code() == code)
    }

    /// Returns the number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::Empty => 1,
            Exit::Usage => 2,
            Exit::Query => 3,
            Exit::Database => 4,
            Exit::Io => 5,
            Exit::Refused => 6,
            Exit::Timeout => 124,
            Exit::Interrupted => 130,
        }
    }
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Something was not done.
    Error,
    /// Something was done and should be looked at.
    Warning,
}

impl Severity {
    /// Returns the word that messages start with.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One thing to say on standard error.
#[derive(Debug, Clone)]
pub struct Note {
    /// How much it matters.
    pub severity: Severity,
    /// The stable code, where there is one.
    pub code: Option<String>,
    /// One line.
    pub message: String,
    /// What to do, a line each.
    pub help: Vec<String>,
    /// The number of the statement, from 1.
    pub statement: Option<u32>,
    /// The query error behind it, which shows its place itself, with the text it points at.
    pub query: Option<Box<(QueryError, String)>>,
}

impl Note {
    /// Returns an error of one line.
    pub fn error(message: impl Into<String>) -> Note {
        Note {
            severity: Severity::Error,
            code: None,
            message: message.into(),
            help: Vec::new(),
            statement: None,
            query: None,
        }
    }

    /// Returns a warning of one line.
    pub fn warning(message: impl Into<String>) -> Note {
        Note { severity: Severity::Warning, ..Note::error(message) }
    }

    /// Adds a line that says what to do.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Note {
        self.help.push(line.into());
        self
    }

    /// Returns the note as people read it, without colours.
    pub fn plain(&self) -> String {
        let label = self.severity.name();
        match (self.query.as_deref(), &self.code) {
            (Some((error, script)), _) => return error.render(script).trim_end().to_owned(),
            (None, Some(code)) => format!("{label}[{code}]: {}", self.message),
            (None, None) => format!("{label}: {}", self.message),
        }
        .lines()
        .map(str::to_owned)
        .chain(self.help.iter().map(|line| format!("  = help: {line}")))
        .collect::<Vec<_>>()
        .join("\n")
    }

    /// Adds the code.
    #[must_use]
    pub fn code(mut self, code: &str) -> Note {
        self.code = Some(code.to_owned());
        self
    }

    /// Adds the number of the statement.
    #[must_use]
    pub fn statement(mut self, number: Option<u32>) -> Note {
        self.statement = number;
        self
    }

    /// Returns what a query error says about `script`.
    pub fn of_query(error: &QueryError, script: &str) -> Note {
        let error = &advised(error.clone(), script);
        Note {
            code: Some(error.code.as_str().to_owned()),
            help: error.help.clone(),
            query: Some(Box::new((error.clone(), script.to_owned()))),
            ..Note::error(error.message.clone())
        }
    }

    /// Returns what a warning says; an error where warnings are none.
    pub fn of_warning(warning: &Warning, strict: bool) -> Note {
        let severity = if strict { Severity::Error } else { Severity::Warning };
        Note { severity, ..Note::error(warning.message.clone()).code(warning.code) }
    }
}

/// Adds what the command offers to an error that the language alone cannot mend.
fn advised(mut error: QueryError, script: &str) -> QueryError {
    if error.code != Code::UnknownStatement || !error.suggestions.is_empty() {
        return error;
    }
    let word = error.span.of(script);
    let meant = match word.to_lowercase().as_str() {
        "help" | "man" => ".help",
        "quit" | "exit" => ".quit",
        _ if word.chars().all(char::is_alphanumeric) && !word.is_empty() => {
            error.help.push(format!("to search for a word: find where text contains {}", quote_str(word)));
            return error;
        }
        _ => return error,
    };
    error.help = vec![format!("did you mean `{meant}`?")];
    error.suggestions.push(Suggestion { span: error.span, text: meant.to_owned() });
    error
}

/// Why a run ended early.
#[derive(Debug)]
pub struct Failure {
    /// What the shell sees.
    pub exit: Exit,
    /// What is said; nothing for a closed pipe.
    pub notes: Vec<Note>,
}

impl Failure {
    /// Returns a failure that says one thing.
    pub fn new(exit: Exit, note: Note) -> Failure {
        Failure { exit, notes: vec![note] }
    }

    /// Returns a failure about which everything has been said.
    pub fn said(exit: Exit) -> Failure {
        Failure { exit, notes: Vec::new() }
    }

    /// Returns a usage error.
    pub fn usage(note: Note) -> Failure {
        Failure::new(Exit::Usage, note)
    }

    /// Adds a line that says what to do to its last note.
    #[must_use]
    pub fn help(mut self, line: &str) -> Failure {
        if let Some(note) = self.notes.last_mut() {
            note.help.push(line.to_owned());
        }
        self
    }

    /// Returns what query errors mean for the run.
    pub fn of_queries(errors: &[QueryError], script: &str) -> Failure {
        let refused = !errors.is_empty() && errors.iter().all(|error| is_refusal(error.code));
        let exit = if refused { Exit::Refused } else { Exit::Query };
        Failure { exit, notes: errors.iter().map(|error| Note::of_query(error, script)).collect() }
    }

    /// Lists the query errors that it says.
    pub fn queries(&self) -> Vec<&QueryError> {
        self.notes.iter().filter_map(|note| note.query.as_deref()).map(|(error, _)| error).collect()
    }

    /// Returns what an error of execution means for the run.
    pub fn of_exec(error: &ExecError) -> Failure {
        let exit = match error {
            ExecError::Cancelled => Exit::Interrupted,
            ExecError::Deadline => Exit::Timeout,
            ExecError::Segment(_) => Exit::Database,
            _ => Exit::Query,
        };
        let mut note = Note::error(error.to_string()).code(error.code());
        note.help.extend(error.help().map(str::to_owned));
        Failure::new(exit, note)
    }

    /// Returns what an error of the library means for the run.
    pub fn of_library(error: &dateline::Error) -> Failure {
        use dateline::Error;
        let exit = match error {
            Error::Exec(error) => return Failure::of_exec(error),
            Error::Query(_) => Exit::Query,
            Error::Unfit(_)
            | Error::Duplicate { .. }
            | Error::Import(_)
            | Error::Dump { .. }
            | Error::DiskFull { .. } => Exit::Io,
            _ => Exit::Database,
        };
        Failure::new(exit, Note::error(error.to_string()))
    }

    /// Returns what a failed write means: a closed pipe is no failure at all.
    pub fn of_output(error: &io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::said(Exit::Success),
            // The format cannot show this result, and says why.
            io::ErrorKind::InvalidInput => Failure::new(Exit::Query, Note::error(error.to_string())),
            _ => Failure::new(Exit::Io, Note::error(format!("cannot write the results: {error}"))),
        }
    }
}

/// Tells whether an error says that the session may not write, or may not touch files.
fn is_refusal(code: Code) -> bool {
    matches!(code, Code::WriteRefused | Code::FilesRefused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_success_and_silent() {
        let failure = Failure::of_output(&io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(failure.exit == Exit::Success && failure.notes.is_empty());
        let failure = Failure::of_output(&io::Error::from(io::ErrorKind::StorageFull));
        assert!(failure.exit == Exit::Io && failure.notes.len() == 1);
    }

    #[test]
    fn execution_errors_have_exits_of_their_own() {
        assert_eq!(Failure::of_exec(&ExecError::Deadline).exit, Exit::Timeout);
        assert_eq!(Failure::of_exec(&ExecError::Cancelled).exit, Exit::Interrupted);
        let failure = Failure::of_exec(&ExecError::ForeignCursor);
        assert_eq!(failure.exit, Exit::Query);
        assert!(failure.notes.iter().all(|note| !note.help.is_empty()));
    }
}
