//! The deep check: every entry of every segment is derived again from the records, and compared to the byte.
//!
//! A segment is a pure function of its records, so the file that the builder makes of them must be the file that lies
//! there, whether it was built or merged.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::rewrite::BUILT_TEXT_BYTES_MAX;
use super::work::{Work, cancelled};
use crate::database::check::CheckReport;
use crate::database::open::{Database, Writer};
use crate::database::piece::Piece;
use crate::database::progress::Steps;
use crate::database::state::versions;
use crate::error::{Error, Result};
use crate::exec::{CancelToken, ExecError};
use crate::segment::{self, Segment, SegmentBuilder, SegmentError, Versions, Written};
use crate::store::{Dictionary, RecordCodec, StoreError};

impl Database {
    /// Does what [`Database::check`] does, and derives every entry of every segment again from the records.
    ///
    /// # Errors
    ///
    /// As [`Database::check`]; [`Error::Store`](crate::Error::Store) or [`Error::Segment`](crate::Error::Segment) also
    /// where a copy of a segment cannot be written, as without room for it.
    pub fn check_deep(&self, cancel: &CancelToken, progress: &mut dyn FnMut(&Steps)) -> Result<CheckReport> {
        let writer = self.writer()?;
        writer.check_running()?;
        let mut work = Work::new(cancel, progress);
        work.begin("checking", writer.state.articles, "articles")?;
        let mut report = writer.check()?;
        work.begin(
            "deriving",
            writer.state.sealed.iter().map(|p| u64::from(p.segment.articles())).sum(),
            "articles",
        )?;
        for piece in &writer.state.sealed {
            let path = writer.path_of(piece);
            match writer.derive_piece(piece, &mut work) {
                Ok(None) => {}
                Ok(Some(what)) => report.add(path, what),
                Err(Error::Exec(ExecError::Cancelled)) => return Err(ExecError::Cancelled.into()),
                Err(error) if is_of_the_copy(&error, &path) => return Err(error),
                Err(error) => report.add_error(path, &error),
            }
        }
        Ok(report)
    }
}

/// Tells whether the machine refused the derived copy, which says nothing about the segment.
fn is_of_the_copy(error: &Error, segment: &Path) -> bool {
    match error {
        Error::Segment(SegmentError::Write { .. }) => true,
        Error::Store(StoreError::Io { path, .. }) | Error::Segment(SegmentError::Io { path, .. }) => {
            path != segment
        }
        _ => false,
    }
}

/// Files that go away with the check.
struct Scratch<'w> {
    writer: &'w Writer,
    paths: Vec<PathBuf>,
}

impl Scratch<'_> {
    /// Writes a segment into the next file.
    fn write(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> Result<Written, SegmentError>,
    ) -> Result<Segment> {
        let path = self.writer.folder.join(format!("check-{}.tmp", Uuid::new_v4().simple()));
        self.paths.push(path.clone());
        let file = self.writer.files.create(&path).map_err(StoreError::io("create", &path))?;
        let mut out = BufWriter::with_capacity(1 << 20, file);
        write(&mut out)?;
        out.flush().map_err(StoreError::io("write", &path))?;
        Ok(Segment::open_file(&path)?)
    }
}

impl Drop for Scratch<'_> {
    fn drop(&mut self) {
        for path in &self.paths {
            // What stays is removed when the database is opened next.
            let _ = self.writer.files.remove(path);
        }
    }
}

impl Writer {
    /// Derives a segment again; returns where it differs.
    fn derive_piece(&self, piece: &Piece, work: &mut Work<'_>) -> Result<Option<String>> {
        let (stamp, identity) = (piece.segment.versions(), piece.segment.identity());
        if !stamp.indexes_alike(versions()) {
            return Ok(Some("another version of dateline indexed it; run `dateline reindex`".to_owned()));
        }
        let dictionary = piece.segment.dictionary()?;
        let mut scratch = Scratch { writer: self, paths: Vec::new() };
        let parts = self.derive_parts(piece, stamp, dictionary, &mut scratch, work)?;
        let derived = match parts.as_slice() {
            [only] => only.clone(),
            parts => {
                let inputs: Vec<_> = parts.iter().map(|part| (part.clone(), None)).collect();
                let cancel = work.cancel();
                let merged = scratch.write(|out| {
                    segment::merge_unless(
                        &|| cancel.is_cancelled(),
                        &inputs,
                        identity.uuid,
                        &self.folder,
                        out,
                    )
                });
                merged.map_err(cancelled)?
            }
        };
        let difference = piece.segment.difference(&derived)?;
        Ok(difference.map(|section| format!("its {section} is not what follows from the records")))
    }

    fn derive_parts(
        &self,
        piece: &Piece,
        stamp: Versions,
        dictionary: Option<Arc<Dictionary>>,
        scratch: &mut Scratch<'_>,
        work: &mut Work<'_>,
    ) -> Result<Vec<Segment>> {
        let codec = RecordCodec::new(dictionary.clone());
        let identities = piece.segment.identities()?;
        let uuid = piece.segment.identity().uuid;
        let mut builder = SegmentBuilder::new(stamp, dictionary.clone());
        let mut parts = Vec::new();
        for ordinal in 0..piece.segment.articles() {
            let (id, seq) = (identities.id(ordinal), identities.seq(ordinal));
            // The record store keeps the living alone.
            let frame = match piece.is_dead(ordinal) {
                true => piece.segment.encoded(ordinal)?,
                false => self.records()?.frame(id, seq)?.unwrap_or_default(),
            };
            builder.add(&codec.decode(&frame)?, &frame)?;
            work.advance(1)?;
            let is_full = builder.memory_bytes() >= self.options.import_memory_bytes
                || builder.text_bytes() >= BUILT_TEXT_BYTES_MAX;
            if is_full && ordinal + 1 < piece.segment.articles() {
                let next = SegmentBuilder::new(stamp, dictionary.clone());
                let full = std::mem::replace(&mut builder, next);
                parts.push(scratch.write(|out| full.finish(Uuid::new_v4(), out))?);
            }
        }
        let last = if parts.is_empty() { uuid } else { Uuid::new_v4() };
        parts.push(scratch.write(|out| builder.finish(last, out))?);
        Ok(parts)
    }
}
