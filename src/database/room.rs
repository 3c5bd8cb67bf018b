//! Room on the disk, asked for before it is needed.

use super::open::Writer;
use crate::error::{Error, Result};

/// What writing segments may need beside their own size, for files of its own, in hundredths of it.
const SPARE_PERCENT: u64 = 25;

impl Writer {
    /// Fails where the disk has too little room for so many bytes and what writing them takes beside.
    pub(super) fn check_room(&self, action: &'static str, bytes: u64) -> Result<()> {
        let needed_bytes = bytes.saturating_add(bytes / 100 * SPARE_PERCENT);
        // Where the system does not tell, the write itself will.
        let free_bytes = self.files.free_bytes(&self.folder).unwrap_or(u64::MAX);
        if free_bytes < needed_bytes {
            return Err(Error::DiskFull { action, needed_bytes, free_bytes });
        }
        Ok(())
    }

    /// Returns the size of all segments' files, in bytes.
    pub(super) fn sealed_bytes(&self) -> u64 {
        self.state.sealed.iter().filter_map(|piece| piece.entry.as_ref()).map(|entry| entry.bytes).sum()
    }
}
