//! Calls of sled whose panics are errors, and an open that what a crash left does not stop.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::store::StoreError;
use crate::store::files;

/// Longest wait for sled's own lock on its file. Its threads may hold a closed store open for a moment longer;
/// another writer is kept out by the lock of the database, long before this.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Time between two looks at sled's lock.
pub(super) const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// Runs a call of sled; its errors and its panics are errors.
pub(super) fn guarded<T>(
    action: &'static str,
    call: impl FnOnce() -> sled::Result<T>,
) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(StoreError::Records { action, what: error.to_string() }),
        Err(panic) => Err(StoreError::Records { action, what: panic_text(&*panic) }),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it panicked".to_owned())
}

/// Opens the store, waiting where its file is still locked.
pub(super) fn open_released(config: &sled::Config) -> sled::Result<sled::Db> {
    let begin = Instant::now();
    loop {
        match config.open() {
            Err(error) if is_locked(&error) && begin.elapsed() < LOCK_WAIT => std::thread::sleep(LOCK_PAUSE),
            opened => return opened,
        }
    }
}

/// Tells the error of a locked file from others; sled gives it no kind of its own.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().starts_with("could not acquire lock"))
}

/// Removes snapshots that a crash left half written: sled would never open again.
pub(super) fn remove_unfinished_snapshots(path: &Path) -> Result<(), StoreError> {
    if !path.exists() {
        return Ok(());
    }
    for name in files::names(path)? {
        if name.starts_with("snap.") && name.ends_with(".generating") {
            files::remove_if_there(&files::SystemFiles, &path.join(name))?;
        }
    }
    Ok(())
}
