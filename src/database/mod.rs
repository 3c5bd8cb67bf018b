//! The database: one process writes, any number reads, each sees one commit at a time.
//!
//! | stage | file |
//! |---|---|
//! | what there is at one commit | `piece` `state` `snapshot` |
//! | opening, catching up, closing | `open` `rebuild` |
//! | one change, durable | `commit` `put` |
//! | statements that change or write files | `execute` `curate` `export` |
//! | many articles at once | `import` `batch` `progress` |
//! | the in-memory part becomes a file, files become one | `seal` `merge` `beside` `turns` `sweep` `room` |
//! | reading beside a writer | `read` `follow` `prepared` `typed` |
//! | looking after it | `check` `care` `reextract` `stats` `options` |

mod batch;
mod beside;
mod care;
mod check;
mod commit;
mod curate;
mod execute;
mod export;
mod follow;
mod import;
mod merge;
mod open;
mod options;
mod piece;
mod prepared;
mod progress;
mod put;
mod read;
mod rebuild;
mod reextract;
mod room;
mod seal;
mod snapshot;
mod state;
mod stats;
mod stories;
mod sweep;
mod sync;
mod turns;
mod typed;

pub use care::{BackupOptions, BackupSummary, CompactOptions, Loaded, RepairReport, backup, restore};
pub use check::{CheckReport, Problem};
pub use curate::EDIT_BYTES_MAX;
pub use open::Database;
pub use options::{
    ARTICLES_MAX, IMPORT_MEMORY_BYTES, ImportOptions, OnDuplicate, Options, SEAL_CHANGES, SEAL_TEXT_BYTES,
};
pub use prepared::Prepared;
pub use progress::{ImportCounts, ImportSummary, Outcome, Progress, Steps};
pub use read::Reader;
pub use reextract::Reextracted;
pub use snapshot::Snapshot;
pub use stats::{DiskStats, Stats};
pub use typed::{Bucket, Found, Group, Page, Ranked, RankedPair, Runnable, Table};
