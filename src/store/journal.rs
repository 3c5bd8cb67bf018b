//! The journal: every commit since the last seal, durable before it is acknowledged.
//!
//! `journal/NNNNNN.log` begins with a header, little-endian:
//!
//! ```text
//! offset  size  content
//!      0     8  "dljrnl01"
//!      8     4  format version, 1
//!     12     8  number of the file, which it is named by
//!     20    16  the database's own number
//!     36     8  random number of this file, which each frame repeats
//!     44     4  CRC-32 of bytes 0 to 44
//!     48     8  durable length: every byte before it was synced before it was published; with bit 63 set, only
//!               written, as a writer was told that does not sync its commits
//!     56     8  hash of the boot in which it was published; 0 where the system names no boots
//!     64     4  CRC-32 of bytes 48 to 64
//! ```
//!
//! and goes on with frames, one a commit, their commit numbers without a gap from file to file:
//!
//! ```text
//!      0     4  "DLfr"
//!      4     8  random number of the file
//!     12     8  number of the commit
//!     20     4  length of the payload
//!     24     4  CRC-32 of bytes 0 to 24
//!     28        payload: an `Entry`
//!      +     4  CRC-32 of everything before in this frame
//!      +     4  "DLok"
//! ```
//!
//! **Durability.** A commit is durable once its frame is appended and synced; then the durable length is overwritten
//! (unsynced: the next sync carries it) and readers of other processes may index the frame. A frame that could not be
//! written is cut off again; after a failed sync nothing is known about the file, so the journal refuses to go on.
//!
//! No frame is appended before the length of the one before was published. So a reader that finds a length of an earlier
//! boot, or one that is just being overwritten, may read to the end where header and length are the same behind it: what it
//! read then was synced.
//!
//! **Torn tails.** What a crash left half written is the end of the last file, with no whole frame behind it, and
//! above the durable length. It was never acknowledged, and is cut off. Anything else that does not read is damage.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::error::StoreError;
use super::files::{self, Files, StoredFile};
use super::journal_read::{self, Position, Replay};
use crate::article::Seq;

pub(super) const FILE_MAGIC: &[u8; 8] = b"dljrnl01";
pub(super) const FRAME_MAGIC: &[u8; 4] = b"DLfr";
pub(super) const FRAME_END: &[u8; 4] = b"DLok";
pub(super) const JOURNAL_VERSION: u32 = 1;

/// Length of the part of a file's header that never changes, in bytes.
pub(super) const FIXED_BYTES: usize = 48;
/// Length of a file's header, in bytes.
pub(super) const HEADER_BYTES: usize = FIXED_BYTES + 20;
/// Length of a frame before its payload, in bytes.
pub(super) const FRAME_HEADER_BYTES: usize = 28;
/// Length of a frame behind its payload, in bytes.
pub(super) const FRAME_TRAILER_BYTES: usize = 8;
/// Set in the published length where the bytes before it were written and not synced.
pub(super) const UNSYNCED: u64 = 1 << 63;
/// Longest payload, in bytes (1 GiB).
pub const PAYLOAD_BYTES_MAX: usize = 1 << 30;

/// The end of the journal, open for writing.
#[derive(Debug)]
pub struct Journal {
    folder: PathBuf,
    files: Arc<dyn Files>,
    database: Uuid,
    number: u64,
    /// Frames carry it, so that a block of another file that a crash left here is no frame.
    file_id: u64,
    file: Box<dyn StoredFile>,
    durable_bytes: u64,
    boot: u64,
    /// Whether the durable length of the last commit stands in the header.
    is_published: bool,
    /// Set once it is unknown what the file holds.
    poisoned: bool,
    /// Off only where losing the last commits in a power loss is acceptable.
    sync: bool,
}

impl Journal {
    /// Begins the journal file of a number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn begin(
        folder: &Path,
        files: Arc<dyn Files>,
        database: Uuid,
        number: u64,
        sync: bool,
    ) -> Result<Journal, StoreError> {
        let file_id = Uuid::new_v4().as_u64_pair().0;
        let path = file_path(folder, number);
        // Under its own name the file always has a whole header.
        let temporary = path.with_extension("tmp");
        let mut file = files.create(&temporary).map_err(StoreError::io("create", &temporary))?;
        let boot = boot();
        let mut header = fixed_header(database, number, file_id);
        header.extend(published(HEADER_BYTES as u64, sync, boot));
        file.write_all(&header).map_err(StoreError::io("write", &temporary))?;
        file.sync().map_err(StoreError::io("sync", &temporary))?;
        files.rename(&temporary, &path).map_err(StoreError::io("create", &path))?;
        files::sync_folder_of(&*files, &path)?;
        let durable_bytes = HEADER_BYTES as u64;
        let folder = folder.to_owned();
        Ok(Journal {
            folder,
            files,
            database,
            number,
            file_id,
            file,
            durable_bytes,
            boot,
            is_published: true,
            poisoned: false,
            sync,
        })
    }

    /// Reads every frame from file `first` on, cuts a torn tail off, and opens the last file to go on.
    ///
    /// The frames begin above `sealed_seq`, up to which segments hold every commit; `applied_seq` is the last commit that
    /// the record store knows, which must not be missing here.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`]; [`StoreError::Damaged`] for anything but a torn tail.
    pub fn resume(
        folder: &Path,
        files: Arc<dyn Files>,
        database: Uuid,
        first: u64,
        sealed_seq: Seq,
        applied_seq: Seq,
        sync: bool,
    ) -> Result<(Journal, Replay), StoreError> {
        let replay =
            journal_read::read(folder, database, Position::start_of(first), journal_read::Who::Writer)?;
        let end = replay.end;
        let path = file_path(folder, end.file);
        let last = replay.frames.last().map_or(0, |frame| frame.seq).max(sealed_seq);
        if replay.torn.is_some() && last < applied_seq {
            let what = format!("commit {} was applied and cannot be read here", last + 1);
            return Err(StoreError::damaged(&path, end.offset, what));
        }
        let mut file = files.append(&path).map_err(StoreError::io("open", &path))?;
        if replay.torn.is_some() {
            file.cut(end.offset).map_err(StoreError::io("cut", &path))?;
        }
        // What was read may have been written but not synced by a process that was killed.
        file.sync().map_err(StoreError::io("sync", &path))?;
        let mut journal = Journal {
            folder: folder.to_owned(),
            files,
            database,
            number: end.file,
            file_id: replay.file_id,
            file,
            durable_bytes: end.offset,
            boot: boot(),
            is_published: false,
            poisoned: false,
            sync,
        };
        journal.publish_or_warn();
        Ok((journal, replay))
    }

    /// Returns the number of the file being written.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Returns where the next frame will stand.
    pub fn end(&self) -> Position {
        Position { file: self.number, offset: self.durable_bytes }
    }

    /// Appends a commit. When this returns, the commit is durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`]: the commit did not happen, and another may be tried. [`StoreError::Poisoned`]: the
    /// database must be opened again. [`StoreError::RecordTooLarge`] past [`PAYLOAD_BYTES_MAX`].
    pub fn append(&mut self, seq: Seq, payload: &[u8]) -> Result<(), StoreError> {
        if self.poisoned {
            return Err(StoreError::Poisoned);
        }
        if payload.len() > PAYLOAD_BYTES_MAX {
            return Err(StoreError::RecordTooLarge { bytes: payload.len() });
        }
        let path = file_path(&self.folder, self.number);
        if !self.is_published {
            // Where the length does not read, readers take all that is there: it must be durable.
            self.publish().map_err(StoreError::io("write", &path))?;
        }
        let frame = frame(self.file_id, seq, payload);
        if let Err(error) = self.file.write_all(&frame) {
            self.cut_back();
            return Err(StoreError::io("write", &path)(error));
        }
        if self.sync
            && let Err(error) = self.file.sync()
        {
            // The system may have dropped the pages and report the next sync as done: this file is not used again.
            self.poisoned = true;
            let _ = self.file.cut(self.durable_bytes);
            return Err(StoreError::io("sync", &path)(error));
        }
        self.durable_bytes += frame.len() as u64;
        self.publish_or_warn();
        Ok(())
    }

    /// Goes on in a new file and returns its number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`]; the old file then stays in use.
    pub fn rotate(&mut self) -> Result<u64, StoreError> {
        if self.poisoned {
            return Err(StoreError::Poisoned);
        }
        if self.durable_bytes == HEADER_BYTES as u64 {
            return Ok(self.number);
        }
        if !self.sync {
            let path = file_path(&self.folder, self.number);
            self.file.sync().map_err(StoreError::io("sync", &path))?;
        }
        *self = Journal::begin(&self.folder, self.files.clone(), self.database, self.number + 1, self.sync)?;
        Ok(self.number)
    }

    /// Removes the files before the one of this number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`].
    pub fn remove_before(&self, number: u64) -> Result<(), StoreError> {
        remove_before(&*self.files, &self.folder, number)
    }

    /// Undoes a short write; where that fails, it is unknown what the file holds.
    fn cut_back(&mut self) {
        let cut = self.file.cut(self.durable_bytes).and_then(|()| self.file.sync());
        self.poisoned = cut.is_err();
    }

    /// Tells readers how far they may read; a failure delays them, and the next commit tries again before it appends.
    fn publish_or_warn(&mut self) {
        if let Err(error) = self.publish() {
            tracing::warn!(%error, "the durable length of the journal could not be published");
        }
    }

    fn publish(&mut self) -> std::io::Result<()> {
        let bytes = published(self.durable_bytes, self.sync, self.boot);
        let published = self.file.write_at(FIXED_BYTES as u64, &bytes);
        self.is_published = published.is_ok();
        published
    }
}

/// Returns the bytes of a journal file up to `end`, with a header that promises no more: for a copy of the database
/// while it is written.
///
/// # Errors
///
/// [`StoreError::Io`], or [`StoreError::Damaged`] where the file is shorter.
pub fn copy_until(path: &Path, end: u64) -> Result<Vec<u8>, StoreError> {
    let mut bytes = files::read(path)?;
    let short = || StoreError::damaged(path, end, "durable commits are missing at its end");
    bytes.truncate(usize::try_from(end).unwrap_or(usize::MAX));
    if (bytes.len() as u64) < end {
        return Err(short());
    }
    let header = bytes.get_mut(FIXED_BYTES..HEADER_BYTES).ok_or_else(short)?;
    for (slot, byte) in header.iter_mut().zip(published(end, true, boot())) {
        *slot = byte;
    }
    Ok(bytes)
}

/// Returns a journal file as it was before its first commit.
///
/// # Errors
///
/// Those of [`copy_until`].
pub fn copy_empty(path: &Path) -> Result<Vec<u8>, StoreError> {
    copy_until(path, HEADER_BYTES as u64)
}

/// Tells whether two copies were made of one journal file, at whatever times.
pub fn is_same_file(one: &[u8], other: &[u8]) -> bool {
    one.first_chunk::<FIXED_BYTES>().is_some_and(|header| other.starts_with(header))
}

fn fixed_header(database: Uuid, number: u64, file_id: u64) -> Vec<u8> {
    let mut header = FILE_MAGIC.to_vec();
    header.extend(JOURNAL_VERSION.to_le_bytes());
    header.extend(number.to_le_bytes());
    header.extend(database.as_bytes());
    header.extend(file_id.to_le_bytes());
    header.extend(crc32fast::hash(&header).to_le_bytes());
    header
}

fn published(durable_bytes: u64, is_synced: bool, boot: u64) -> Vec<u8> {
    let length = if is_synced { durable_bytes } else { durable_bytes | UNSYNCED };
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend(boot.to_le_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

fn frame(file_id: u64, seq: Seq, payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(FRAME_HEADER_BYTES + payload.len() + FRAME_TRAILER_BYTES);
    bytes.extend(FRAME_MAGIC);
    bytes.extend(file_id.to_le_bytes());
    bytes.extend(seq.to_le_bytes());
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend(payload);
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes.extend(FRAME_END);
    bytes
}

/// Returns a number that changes when the machine starts anew; 0 where the system does not tell.
pub(super) fn boot() -> u64 {
    std::fs::read("/proc/sys/kernel/random/boot_id").map_or(0, |id| xxhash_rust::xxh3::xxh3_64(&id))
}

/// Removes the files of a journal before the one of this number.
///
/// # Errors
///
/// [`StoreError::Io`].
pub fn remove_before(files: &dyn Files, folder: &Path, number: u64) -> Result<(), StoreError> {
    for old in file_numbers(folder)?.into_iter().filter(|&old| old < number) {
        files::remove_if_there(files, &file_path(folder, old))?;
    }
    Ok(())
}

/// Returns the path of a journal file.
pub fn file_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:06}.log"))
}

/// Returns the numbers of the journal files, rising.
pub fn file_numbers(folder: &Path) -> Result<Vec<u64>, StoreError> {
    let numbers = files::names(folder)?;
    let mut numbers: Vec<u64> =
        numbers.iter().filter_map(|name| name.strip_suffix(".log")?.parse().ok()).collect();
    numbers.sort_unstable();
    Ok(numbers)
}
