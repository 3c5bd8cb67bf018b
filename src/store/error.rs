//! What can go wrong with stored bytes.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// An error of the files of a database.
///
/// Damage and failures of the operating system are told apart: see [`StoreError::is_damage`].
#[derive(Debug, Error)]
pub enum StoreError {
    /// The operating system refused.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A file is not what was written to it.
    #[error("{} is damaged{}: {what}; `dateline check` lists all damage, `dateline repair` restores it", path.display(), place(.offset))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where, in bytes from its start, where that is known.
        offset: Option<u64>,
        /// What does not hold.
        what: String,
    },
    /// Bytes of a record are not what was written.
    #[error(
        "a record is damaged: {what}; `dateline repair` restores it from the other copy, or names what is lost"
    )]
    RecordDamaged {
        /// What does not hold.
        what: &'static str,
    },
    /// A record was written by a later version.
    #[error("a record has format version {found}, this program reads up to {known}; use a newer dateline")]
    RecordVersion {
        /// The version found.
        found: u8,
        /// The latest version known.
        known: u8,
    },
    /// An article with its extraction is too large to store.
    #[error(
        "the article takes {bytes} bytes with its extraction, more than the {} allowed; store it in parts",
        super::codec::RECORD_BYTES_MAX
    )]
    RecordTooLarge {
        /// Its size before compression, in bytes.
        bytes: usize,
    },
    /// A record needs another compression dictionary.
    #[error(
        "a record needs compression dictionary {wanted:08x}, the database has {present:08x}; `dateline repair` restores it"
    )]
    DictionaryMissing {
        /// The dictionary that it was compressed with.
        wanted: u32,
        /// The dictionary at hand; 0 for none.
        present: u32,
    },
    /// The database was written by a later version.
    #[error("{} has format version {found}, this program reads up to {known}: use a newer dateline, or `dateline dump` there and `dateline load` here", path.display())]
    Version {
        /// The file that says so.
        path: PathBuf,
        /// The version found.
        found: u32,
        /// The latest version known.
        known: u32,
    },
    /// Another process is writing.
    #[error("{} is being written by {}; wait for it, or open the database to read", path.display(), holder(.pid))]
    Locked {
        /// The database.
        path: PathBuf,
        /// The process that says it holds the lock.
        pid: Option<u32>,
    },
    /// sled failed.
    #[error(
        "the record store failed to {action}: {what}; open the database again, which makes it anew; if that fails too, look at disk and permissions"
    )]
    Records {
        /// What was attempted, as a verb.
        action: &'static str,
        /// sled's reason.
        what: String,
    },
    /// An earlier failure left it unknown what is on disk.
    #[error("writing stopped after an earlier failure of the journal; open the database again")]
    Poisoned,
}

impl StoreError {
    /// Tells whether stored bytes are wrong: the other copy then has them, and `repair` restores them.
    pub fn is_damage(&self) -> bool {
        match self {
            StoreError::Damaged { .. } | StoreError::RecordDamaged { .. } => true,
            // A dictionary can only be missing where a file of it was lost.
            StoreError::DictionaryMissing { .. } => true,
            StoreError::Io { .. }
            | StoreError::RecordVersion { .. }
            | StoreError::RecordTooLarge { .. }
            | StoreError::Version { .. }
            | StoreError::Locked { .. }
            | StoreError::Records { .. }
            | StoreError::Poisoned => false,
        }
    }

    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> StoreError {
        move |source| StoreError::Io { action, path: path.to_owned(), source }
    }

    pub(crate) fn damaged(
        path: &Path,
        offset: impl Into<Option<u64>>,
        what: impl Into<String>,
    ) -> StoreError {
        StoreError::Damaged { path: path.to_owned(), offset: offset.into(), what: what.into() }
    }
}

fn place(offset: &Option<u64>) -> String {
    offset.map(|offset| format!(" at byte {offset}")).unwrap_or_default()
}

fn holder(pid: &Option<u32>) -> String {
    pid.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
}
