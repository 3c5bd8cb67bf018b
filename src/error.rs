//! The one public error, over the errors of the layers below.

use std::path::PathBuf;

use thiserror::Error;

use crate::article::ArticleId;
use crate::exec::ExecError;
use crate::import::{Fault, ImportError};
use crate::query::QueryError;
use crate::segment::SegmentError;
use crate::store::StoreError;

/// What a call of this library returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that can go wrong, grouped by who can mend it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    // The caller: another path, another query, another article.
    /// There is no database at the path; [`Database::create`](crate::Database::create) makes one.
    #[error("there is no database at {}; `dateline import` makes one", path.display())]
    NotADatabase {
        /// The path as given.
        path: PathBuf,
    },
    /// The path is taken by something else.
    #[error("{} exists and is no empty folder; name a new path for the database", path.display())]
    Exists {
        /// The path as given.
        path: PathBuf,
    },
    /// The indexes were written by another version of this program, and would answer differently.
    #[error("{} was indexed by another version of dateline; bring it up to date:  dateline reindex {}", path.display(), path.display())]
    Outdated {
        /// The database.
        path: PathBuf,
    },
    /// The query is wrong; each error has its place.
    #[error("{}", messages(.0))]
    Query(Vec<QueryError>),
    /// The article cannot be stored.
    #[error(transparent)]
    Unfit(#[from] Fault),
    /// The key is taken.
    #[error("article {id} has the key `{key}` already; use `replace` to put another in its place")]
    Duplicate {
        /// The key.
        key: String,
        /// The article that has it.
        id: ArticleId,
    },
    /// The archive is full.
    #[error("the archive has given away all of its 4,294,967,295 article numbers; begin another one")]
    Full,
    /// One statement changes too much.
    #[error(
        "the statement changes more than {limit_bytes} bytes of records in one commit; narrow its condition, for example by a date, and run it again"
    )]
    ChangeTooLarge {
        /// The most that fits.
        limit_bytes: usize,
    },
    /// The import cannot start or go on.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// A dump cannot be loaded.
    #[error(
        "the dump, line {line}: {what}; mend that or dump again with `dateline dump`, and load it once more: articles that are there already are passed over"
    )]
    Dump {
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
    /// The query cannot be answered.
    #[error(transparent)]
    Exec(ExecError),

    // The machine: room, rights, files.
    /// A file of results cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Export {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Too little room on the disk.
    #[error("{action} needs {needed_bytes} bytes of disk and {free_bytes} are free; make room and try again")]
    DiskFull {
        /// What was to be done.
        action: &'static str,
        /// Bytes that it may need.
        needed_bytes: u64,
        /// Bytes that are free.
        free_bytes: u64,
    },
    /// A file of the database cannot be used; see [`StoreError`] for damage and locks.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A segment cannot be used.
    #[error(transparent)]
    Segment(#[from] SegmentError),
    /// Writing stopped; everything acknowledged is safe.
    #[error(
        "the database takes no more writes since the record store failed ({reason}); open it again: it catches up by itself"
    )]
    Stopped {
        /// What failed.
        reason: String,
    },
}

impl Error {
    /// Tells whether stored bytes are wrong; `repair` restores them from the other copy.
    pub fn is_damage(&self) -> bool {
        match self {
            Error::Store(error) => error.is_damage(),
            Error::Segment(error) => error.is_damage(),
            Error::Exec(ExecError::Segment(error)) => error.is_damage(),
            // Everything else is about the call or the machine.
            _ => false,
        }
    }

    /// Returns the errors of a query with their places; empty for other errors.
    pub fn query_errors(&self) -> &[QueryError] {
        match self {
            Error::Query(errors) => errors,
            _ => &[],
        }
    }
}

impl From<ExecError> for Error {
    /// A damaged segment is reported as such, whoever met it.
    fn from(error: ExecError) -> Error {
        match error {
            ExecError::Segment(error) => Error::Segment(error),
            error => Error::Exec(error),
        }
    }
}

impl From<Vec<QueryError>> for Error {
    fn from(errors: Vec<QueryError>) -> Error {
        Error::Query(errors)
    }
}

impl From<QueryError> for Error {
    fn from(error: QueryError) -> Error {
        Error::Query(vec![error])
    }
}

fn messages(errors: &[QueryError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
