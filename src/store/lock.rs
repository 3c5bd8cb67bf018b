//! The lock that lets one process write.
//!
//! `LOCK` is locked with `flock` while a database is open for writing. The process number inside is information for
//! people; only the lock itself decides, so the file of a crashed writer does not stand in anyone's way.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use super::error::StoreError;

/// The right to write to one database, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    /// Closing the file gives the lock back.
    _file: File,
}

impl Lock {
    /// Takes the lock of the database in `folder`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] where another process, or another handle of this one, holds it.
    pub fn take(folder: &Path) -> Result<Lock, StoreError> {
        let path = folder.join("LOCK");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path).map_err(StoreError::io("open", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked { path: folder.to_owned(), pid: pid_in(&path) });
            }
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path)(error)),
        }
        write_pid(&mut file).map_err(StoreError::io("write", &path))?;
        Ok(Lock { _file: file })
    }
}

fn write_pid(file: &mut File) -> std::io::Result<()> {
    file.set_len(0)?;
    file.seek(SeekFrom::Start(0))?;
    writeln!(file, "{}", std::process::id())
}

fn pid_in(path: &Path) -> Option<u32> {
    std::fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_learns_who_holds_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        let error = Lock::take(folder.path()).unwrap_err();
        assert!(error.to_string().contains(&format!("process {}", std::process::id())), "{error}");
        drop(lock);
        Lock::take(folder.path()).unwrap();
    }

    #[test]
    fn a_stale_pid_locks_nobody_out() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("LOCK"), "1").unwrap();
        Lock::take(folder.path()).unwrap();
    }
}
