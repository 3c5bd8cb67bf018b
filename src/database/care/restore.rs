//! Restoring: a backup becomes a database.
//!
//! The files are copied and verified, and the record store is made, in a folder beside the new database; one renaming
//! puts it in its place. A crash before leaves a folder that the next attempt removes.

use std::fs;
use std::path::{Path, PathBuf};

use super::backup::{BackupOptions, backup};
use crate::database::open::Database;
use crate::database::options::Options;
use crate::database::progress::Steps;
use crate::error::{Error, Result};
use crate::exec::CancelToken;
use crate::store::StoreError;
use crate::store::files;

/// Makes a database of a backup, in a folder that is new or empty, and returns its number of articles.
///
/// A backup that another version of this program indexed becomes a database to be reindexed.
///
/// # Errors
///
/// [`Error::NotADatabase`] where there is no backup; [`Error::Exists`] where the path is taken;
/// [`StoreError::Damaged`] and [`SegmentError::Damaged`](crate::segment::SegmentError::Damaged) where the backup does
/// not read.
pub fn restore(
    from: impl AsRef<Path>,
    to: impl AsRef<Path>,
    options: Options,
    cancel: &CancelToken,
    progress: &mut dyn FnMut(&Steps),
) -> Result<u64> {
    let (from, to) = (from.as_ref(), to.as_ref());
    let is_free = !to.exists() || (to.is_dir() && files::names(to)?.is_empty());
    if !is_free {
        return Err(Error::Exists { path: to.to_owned() });
    }
    let beside = beside(to);
    files::remove_folder_if_there(&beside)?;
    let restored = fill(from, &beside, options, cancel, progress).and_then(|articles| {
        fs::rename(&beside, to).map_err(StoreError::io("rename", &beside))?;
        files::sync_folder_of(&files::SystemFiles, to)?;
        Ok(articles)
    });
    if restored.is_err() {
        files::remove_folder_if_there(&beside)?;
    }
    restored
}

fn fill(
    from: &Path,
    beside: &Path,
    options: Options,
    cancel: &CancelToken,
    progress: &mut dyn FnMut(&Steps),
) -> Result<u64> {
    backup(from, beside, &BackupOptions::default(), cancel, progress)?;
    // Opening makes the record store, and what was in the journal becomes a segment. The database is as the backup is,
    // which another version may have indexed.
    let database = Database::open_with(beside, Options { accept_outdated: true, ..options })?;
    let articles = database.snapshot().articles();
    database.close()?;
    Ok(articles)
}

fn beside(to: &Path) -> PathBuf {
    let mut name = to.file_name().unwrap_or_default().to_owned();
    name.push(".restoring");
    to.with_file_name(name)
}
