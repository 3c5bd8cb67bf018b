//! Opening the store, making it durable, closing it.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::guard::{guarded, open_released, remove_unfinished_snapshots};
use crate::article::Seq;
use crate::store::StoreError;
use crate::store::files;

/// Memory that sled may keep pages in, in bytes (32 MiB).
const CACHE_BYTES: u64 = 32 << 20;

/// What the store knows about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meta {
    /// The last commit applied; 0 in a new store.
    pub applied_seq: Seq,
    /// The articles alive then.
    pub articles: u64,
    /// The [`BANDS_VERSION`](crate::text::BANDS_VERSION) of the index of near-duplicates; 0 where there is none.
    pub bands: u32,
}

/// The rows of a database.
pub struct Records {
    pub(super) db: sled::Db,
    pub(super) path: PathBuf,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Records {
    /// Opens the store in a folder, creating it where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] where sled will not open it, also by a panic.
    pub fn open(path: &Path) -> Result<Records, StoreError> {
        remove_unfinished_snapshots(path)?;
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput);
        let db = guarded("open", || open_released(&config))?;
        Ok(Records { db, path: path.to_owned() })
    }

    /// Closes the store and opens it again, so that a snapshot of its own covers what it holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`].
    pub fn reopen(self) -> Result<Records, StoreError> {
        self.sync()?;
        let path = self.path.clone();
        guarded("close", || {
            drop(self);
            Ok(())
        })?;
        Records::open(&path)
    }

    /// Makes everything applied so far durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Io`].
    pub fn sync(&self) -> Result<(), StoreError> {
        guarded("flush", || self.db.flush())?;
        for name in files::names(&self.path)? {
            let path = self.path.join(name);
            // sled's own housekeeping may remove a snapshot meanwhile.
            if let Ok(file) = File::open(&path) {
                file.sync_all().map_err(StoreError::io("sync", &path))?;
            }
        }
        Ok(())
    }

    /// Returns the size of the store's files, in bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`].
    pub fn size_bytes(&self) -> Result<u64, StoreError> {
        guarded("measure", || self.db.size_on_disk())
    }
}
