//! Why a request could not be answered.

use thiserror::Error;

use crate::segment::SegmentError;

/// Most dictionary words that one `prefix`, `like`, `fuzzy` or `stem` may stand for.
pub const EXPANSION_MAX: usize = 10_000;

/// Most buckets of a timeline.
pub const BUCKETS_MAX: usize = 100_000;

/// Why a request could not be answered.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExecError {
    // What the query asks for.
    /// The cursor was not returned for this query.
    #[error("this cursor belongs to another query")]
    ForeignCursor,
    /// `best first` without anything to score.
    #[error("relevance needs a text or entity condition")]
    NothingToScore,
    /// `stem` in an archive whose languages have none.
    #[error("no article is in a language that has a stemmer, which `stem \"{word}\"` needs")]
    NoStemmer {
        /// The word asked for.
        word: String,
    },
    /// A pattern that stands for too many words.
    #[error("{pattern} stands for {count} words; at most {EXPANSION_MAX} are allowed")]
    Expansion {
        /// The pattern as written.
        pattern: String,
        /// How many words were found before the search stopped, or all of them.
        count: usize,
    },
    /// A timeline with too many buckets.
    #[error("the timeline would have {count} buckets; at most {BUCKETS_MAX} are allowed")]
    Buckets {
        /// How many there would be.
        count: u64,
    },
    /// A pattern that compiles to too large a machine.
    #[error("the pattern /{pattern}/ is too large or wrong: {reason}")]
    Pattern {
        /// The pattern as written.
        pattern: String,
        /// What the regex engine says.
        reason: String,
    },
    /// Groups by a field that has no values to group by.
    #[error(
        "`{field}` is text, rows are grouped by fields of values, such as `source` or `person`; `describe` lists them"
    )]
    NotGroupable {
        /// The field.
        field: String,
    },
    /// A statement that changes the archive or writes a file, given to a reader.
    #[error("a reader changes nothing; run the statement with `Database::execute`")]
    OnlyRead,

    // What the caller allowed.
    /// The caller cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The deadline passed.
    #[error("the time allowed for the query is over; raise it with `--timeout`")]
    Deadline,
    /// Intermediate results grew too large.
    #[error(
        "the query needs more than {limit_bytes} bytes for its result; narrow it, or raise the option `memory_bytes`"
    )]
    Memory {
        /// The bound that was reached.
        limit_bytes: u64,
    },

    // What lies on disk.
    /// A segment cannot be read.
    #[error(transparent)]
    Segment(#[from] SegmentError),
}

impl ExecError {
    /// Returns the stable code that messages and documentation name.
    pub fn code(&self) -> &'static str {
        match self {
            ExecError::ForeignCursor => "E207",
            ExecError::NothingToScore => "E208",
            ExecError::NoStemmer { .. } => "E209",
            ExecError::Expansion { .. } => "E212",
            ExecError::Buckets { .. } => "E213",
            ExecError::Pattern { .. } => "E203",
            ExecError::NotGroupable { .. } => "E202",
            ExecError::OnlyRead => "E401",
            ExecError::Cancelled => "E501",
            ExecError::Deadline => "E502",
            ExecError::Memory { .. } => "E503",
            ExecError::Segment(_) => "E504",
        }
    }

    /// Returns what to do about it, where there is something to do.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            ExecError::ForeignCursor => {
                Some("repeat the query that the cursor came with, or leave out `after`")
            }
            ExecError::NothingToScore => {
                Some("add a condition such as `text contains \"Idlib\"`, or write `newest first`")
            }
            ExecError::NoStemmer { .. } => Some("write `prefix`, or list the forms with `any of (...)`"),
            ExecError::Expansion { .. } => Some("write more letters of the word"),
            ExecError::Buckets { .. } => Some("take a coarser unit or narrow the dates"),
            _ => None,
        }
    }
}
