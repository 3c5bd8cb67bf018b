//! What an import tells while it runs and when it is done.

use std::path::PathBuf;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes read, as they lie on the disk.
    pub read_bytes: u64,
    /// Bytes of all files; `None` where the standard input is among them.
    pub total_bytes: Option<u64>,
    /// Rows read so far, good and bad.
    pub rows: u64,
    /// What became of the rows that are done.
    pub counts: ImportCounts,
}

/// What became of the rows of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportCounts {
    /// New articles.
    pub added: u64,
    /// Articles that took the place of others with their keys.
    pub replaced: u64,
    /// Articles that the database had already, word for word.
    pub unchanged: u64,
    /// Articles that differ from the stored ones with their keys, which stayed.
    pub skipped: u64,
    /// Rows that could not be used.
    pub rejected: u64,
}

/// How far long work on a whole database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Steps {
    /// What is being done, as a participle: `extracting`, `verifying`.
    pub doing: &'static str,
    /// How much of it is done.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
    /// What is counted: `articles`, `bytes`.
    pub unit: &'static str,
}

impl Steps {
    pub(super) fn articles(doing: &'static str, total: u64) -> Steps {
        Steps { doing, done: 0, total, unit: "articles" }
    }
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportSummary {
    /// What became of the rows.
    pub counts: ImportCounts,
    /// The files that keep the rejected rows.
    pub reject_files: Vec<PathBuf>,
    /// Whether the import was cancelled before its end; what is counted was committed.
    pub cancelled: bool,
    /// Why segments were not merged at the end, as for want of room; the next change tries it again. What is counted was
    /// committed all the same.
    pub put_off: Option<String>,
}

/// What became of one article that was put into a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Added,
    /// It took the place of another with its key.
    Replaced,
    /// The database had it already, word for word.
    Unchanged,
    /// The stored one differs and stayed.
    Skipped,
}

impl ImportCounts {
    /// Counts one article.
    pub fn count(&mut self, outcome: Outcome) {
        let counter = match outcome {
            Outcome::Added => &mut self.added,
            Outcome::Replaced => &mut self.replaced,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Skipped => &mut self.skipped,
        };
        *counter += 1;
    }
}
