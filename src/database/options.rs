//! What can be chosen, and the limits.

use std::sync::Arc;

use crate::exec::CancelToken;
use crate::import;
use crate::store::files::{Files, SystemFiles};

/// Memory that a bulk import may use for articles on their way into a segment, in bytes (256 MiB).
pub const IMPORT_MEMORY_BYTES: usize = 256 << 20;

/// Changes after which the unsealed part is sealed.
pub const SEAL_CHANGES: usize = 1_000;

/// Text after which the unsealed part is sealed, in bytes (2 MiB).
pub const SEAL_TEXT_BYTES: usize = 2 << 20;

/// Articles that a database holds at most over its whole life; numbers are not used twice.
pub const ARTICLES_MAX: u32 = u32::MAX;

/// How a database is opened for writing.
#[derive(Debug, Clone)]
pub struct Options {
    /// Whether a database is made where there is none.
    pub create: bool,
    /// Memory that a bulk import may use for articles on their way into a segment, in bytes.
    pub import_memory_bytes: usize,
    /// Whether each commit is synced before it is acknowledged. Without it a power loss, but no crash of the
    /// process, may lose the commits since the last seal; the database must then be opened without it again.
    pub sync_commits: bool,
    /// Changes after which the unsealed part is sealed.
    pub seal_changes: usize,
    /// Text after which the unsealed part is sealed, in bytes.
    pub seal_text_bytes: usize,
    /// Whether merges that commits make due run on a thread of their own. Otherwise the change that
    /// made them due, or the next one, runs them before it returns. Other threads read and write meanwhile either way.
    pub merge_beside: bool,
    /// Whether a database is opened although another version of this program indexed it; queries may then answer
    /// differently. For [`Database::reindex`](super::Database::reindex), which mends that.
    pub accept_outdated: bool,
    /// Through which files are written; for tests that inject faults.
    pub files: Arc<dyn Files>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            create: false,
            import_memory_bytes: IMPORT_MEMORY_BYTES,
            sync_commits: true,
            seal_changes: SEAL_CHANGES,
            seal_text_bytes: SEAL_TEXT_BYTES,
            merge_beside: true,
            accept_outdated: false,
            files: Arc::new(SystemFiles),
        }
    }
}

/// How articles are imported.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// How files are read.
    pub rows: import::Options,
    /// What happens to an article whose key the database has already.
    pub on_duplicate: OnDuplicate,
    /// Whether fields are extracted from the articles.
    pub extract: bool,
    /// Reads, checks and counts, and changes nothing.
    pub dry_run: bool,
    /// Whether rejected rows are kept in `FILE.rejected.ndjson`.
    pub write_rejects: bool,
    /// Ends the import after the batch that is being read; what was committed stays.
    pub cancel: CancelToken,
}

impl Default for ImportOptions {
    fn default() -> ImportOptions {
        ImportOptions {
            rows: import::Options::default(),
            on_duplicate: OnDuplicate::default(),
            extract: true,
            dry_run: false,
            write_rejects: true,
            cancel: CancelToken::default(),
        }
    }
}

impl From<import::Options> for ImportOptions {
    fn from(rows: import::Options) -> ImportOptions {
        ImportOptions { rows, ..ImportOptions::default() }
    }
}

/// What happens to an article whose key the database has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum OnDuplicate {
    /// The stored one stays; if the new one differs, it is counted as changed.
    #[default]
    Skip,
    /// The new one takes its place and number, unless both are the same.
    Replace,
    /// The new one is rejected.
    Error,
}
