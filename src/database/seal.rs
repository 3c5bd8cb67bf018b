//! Sealing: what is in memory becomes a segment, and MANIFEST covers every commit.
//!
//! The commit lock is held throughout, so nothing is deleted or replaced between freezing and publishing. The order
//! matters: whatever the new MANIFEST names is durable before it is published, the record store is synced so that it
//! never lags behind `sealed_seq`, and only then do old journal files go.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::Ordering;

use uuid::Uuid;

use super::merge::due;
use super::open::Writer;
use super::piece::Piece;
use super::state;
use crate::error::{Error, Result};
use crate::segment::{self, SegmentError, Written};
use crate::store::StoreError;
use crate::store::files::{self, Files};
use crate::store::key::Copied;
use crate::store::manifest::{self, FileEntry, Manifest, SegmentEntry};
use crate::store::tombstones;

/// Room that a segment's bytes gather in before they are written, in bytes.
const WRITE_BUFFER_BYTES: usize = 1 << 20;

impl Writer {
    /// Seals, where commits were made since the last seal.
    pub fn seal(&mut self) -> Result<()> {
        self.check_running()?;
        if self.state.seq == self.state.manifest.sealed_seq {
            return Ok(());
        }
        let unsealed = self.write_unsealed()?;
        let sealed = self.state.sealed.iter().cloned().chain(unsealed).collect();
        self.replace_manifest(sealed)
    }

    /// Seals once enough has gathered; a failure only waits for the next time.
    pub fn seal_if_due(&mut self) {
        let is_due = self.state.unsealed_changes >= self.options.seal_changes
            || self.state.unsealed_bytes >= self.options.seal_text_bytes;
        if is_due {
            self.seal_or_warn();
        }
    }

    /// Seals; the commits are safe without it.
    pub fn seal_or_warn(&mut self) {
        if let Err(error) = self.seal() {
            tracing::warn!(%error, "sealing failed and is tried again after the next commit");
        }
    }

    /// Makes these segments the database's, durably, together with all that was committed.
    pub fn replace_manifest(&mut self, sealed: Vec<Piece>) -> Result<()> {
        let generation = self.state.manifest.generation + 1;
        let mut sealed: Vec<Piece> = sealed.into_iter().filter(|piece| piece.articles() > 0).collect();
        for piece in &mut sealed {
            self.write_tombstones(piece, generation)?;
        }
        let manifest = Manifest {
            generation,
            sealed_seq: self.state.seq,
            next_id: self.state.next_id,
            articles: self.state.articles,
            next_segment: self.next_segment().max(after_last(&sealed)),
            segments: sealed.iter().filter_map(|piece| piece.entry.clone()).collect(),
            catalog: self.write_catalog(generation)?,
            journal: self.journal.rotate()?,
            ..self.state.manifest.clone()
        };
        self.publish_manifest(manifest)?;
        self.state.sealed = sealed;
        self.state.unsealed.clear();
        self.state.unsealed_changes = 0;
        self.state.unsealed_bytes = 0;
        self.publish();
        if due(&self.state.sealed).is_some() {
            self.is_merge_due.store(true, Ordering::SeqCst);
        }
        if let Err(error) = self.sweep() {
            tracing::warn!(%error, "files that are no longer needed stay until the next seal");
        }
        Ok(())
    }

    /// Puts a MANIFEST in place, and a copy of it into the record store before. Where that fails it is unknown which
    /// one is, so writing stops.
    pub fn publish_manifest(&mut self, manifest: Manifest) -> Result<()> {
        self.records()?.put_copy(Copied::Manifest, &manifest.to_bytes())?;
        self.records()?.sync()?;
        if let Err(error) = manifest.publish(&*self.files, &self.folder) {
            let error = Error::from(error);
            self.stop(&error);
            return Err(error);
        }
        self.state.manifest = manifest;
        Ok(())
    }

    /// Writes a segment under the next number, durably; nothing names it yet.
    pub fn write_segment(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<Written, SegmentError>,
    ) -> Result<SegmentEntry> {
        self.write_segment_as(self.next_segment(), write)
    }

    /// Writes a segment under a number that no other has, durably; nothing names it yet.
    pub fn write_segment_as(
        &self,
        number: u64,
        write: impl FnOnce(&mut dyn Write) -> Result<Written, SegmentError>,
    ) -> Result<SegmentEntry> {
        write_segment_file(&*self.files, &self.folder, number, write)
    }

    /// Returns the number of the next segment. Numbers are never used twice.
    pub fn next_segment(&self) -> u64 {
        let after_work = self.in_work.map_or(0, |work| work.number + 1);
        self.state.manifest.next_segment.max(after_last(&self.state.sealed)).max(after_work)
    }

    pub(super) fn write_unsealed(&self) -> Result<Option<Piece>> {
        let living: Vec<_> = self.state.unsealed.iter().filter(|piece| piece.articles() > 0).collect();
        if living.is_empty() {
            return Ok(None);
        }
        let inputs: Vec<_> =
            living.iter().map(|piece| piece.live()).map(|live| (live.segment, live.dead)).collect();
        let scratch = &self.folder;
        let entry = self.write_segment(|out| segment::merge(&inputs, Uuid::new_v4(), scratch, out))?;
        Ok(Some(Piece::open(&self.folder, &entry)?))
    }

    fn write_tombstones(&self, piece: &mut Piece, generation: u64) -> Result<()> {
        let Some(entry) = &mut piece.entry else { return Ok(()) };
        if piece.tombstones.is_empty() || entry.tombstones.is_some() {
            return Ok(());
        }
        let bytes = tombstones::encode(entry.number, &piece.tombstones);
        let path = manifest::tombstones_path(&self.folder, entry.number, generation);
        files::replace(&*self.files, &path, &bytes)?;
        entry.tombstones = Some(FileEntry::new(generation, &bytes));
        Ok(())
    }

    fn write_catalog(&self, generation: u64) -> Result<FileEntry> {
        let bytes = state::catalog_bytes(&self.state.catalog);
        let old = self.state.manifest.catalog;
        if FileEntry::new(old.generation, &bytes) == old {
            return Ok(old);
        }
        files::replace(&*self.files, &manifest::catalog_path(&self.folder, generation), &bytes)?;
        Ok(FileEntry::new(generation, &bytes))
    }
}

/// Writes a segment's file under a number that no other has, durably; what fails leaves none.
pub(super) fn write_segment_file(
    files: &dyn Files,
    folder: &Path,
    number: u64,
    write: impl FnOnce(&mut dyn Write) -> Result<Written, SegmentError>,
) -> Result<SegmentEntry> {
    let path = manifest::segment_path(folder, number);
    let written = write_segment_to(files, &path, write);
    if written.is_err() {
        let _ = files.remove(&path);
    }
    let Written { bytes, uuid, checksum, articles } = written?;
    Ok(SegmentEntry { number, bytes, uuid, checksum, articles, tombstones: None })
}

fn write_segment_to(
    files: &dyn Files,
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<Written, SegmentError>,
) -> Result<Written> {
    let file = files.create(path).map_err(StoreError::io("create", path))?;
    let mut buffered = BufWriter::with_capacity(WRITE_BUFFER_BYTES, file);
    let written = write(&mut buffered)?;
    let file = buffered.into_inner().map_err(|error| error.into_error());
    let mut file = file.map_err(StoreError::io("write", path))?;
    file.sync().map_err(StoreError::io("sync", path))?;
    files::sync_folder_of(files, path)?;
    Ok(written)
}

fn after_last(pieces: &[Piece]) -> u64 {
    pieces.iter().filter_map(|piece| piece.entry.as_ref()).map(|entry| entry.number + 1).max().unwrap_or(0)
}
