//! Rows on their way to sled, in batches of a size that it is good at.

use super::guard::guarded;
use super::open::Records;
use crate::store::StoreError;
use crate::store::key::{self, CHUNK_BYTES_MAX, Key};

/// Most rows of a batch: past it sled slows down.
const BATCH_ROWS_MAX: usize = 500;

/// Most bytes of a batch (2 MiB).
const BATCH_BYTES_MAX: usize = 2 << 20;

/// Rows on their way to sled, written whenever a batch is full.
pub(super) struct Batch<'r> {
    records: &'r Records,
    rows: sled::Batch,
    count: usize,
    bytes: usize,
}

impl<'r> Batch<'r> {
    pub fn new(records: &'r Records) -> Batch<'r> {
        Batch { records, rows: sled::Batch::default(), count: 0, bytes: 0 }
    }

    pub fn insert(&mut self, key: Key, payload: &[u8]) -> Result<(), StoreError> {
        let key = key.encode();
        let value = key::frame(&key, payload);
        self.count_row(key.len() + value.len())?;
        self.rows.insert(key, value);
        Ok(())
    }

    pub fn remove(&mut self, key: Key) -> Result<(), StoreError> {
        let key = key.encode();
        self.count_row(key.len())?;
        self.rows.remove(key);
        Ok(())
    }

    fn count_row(&mut self, bytes: usize) -> Result<(), StoreError> {
        if self.count >= BATCH_ROWS_MAX || self.bytes + bytes > BATCH_BYTES_MAX {
            self.write()?;
        }
        self.count += 1;
        self.bytes += bytes;
        Ok(())
    }

    pub fn write(&mut self) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.rows);
        (self.count, self.bytes) = (0, 0);
        guarded("write", || self.records.db.apply_batch(rows))
    }
}

/// Returns the numbered pieces of a value. The last one is not full, so that its end is known.
pub(super) fn chunks(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let full = bytes.len() / CHUNK_BYTES_MAX;
    let end: &[u8] = if full * CHUNK_BYTES_MAX == bytes.len() { &[] } else { bytes };
    let end = end.get(full * CHUNK_BYTES_MAX..).unwrap_or_default();
    let pieces = bytes.chunks_exact(CHUNK_BYTES_MAX).chain(std::iter::once(end));
    pieces.zip(0..).map(|(piece, chunk)| (chunk, piece))
}
