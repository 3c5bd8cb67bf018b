//! Segments made anew from records, a few at a time in memory.

use uuid::Uuid;

use super::work::{Work, cancelled};
use crate::article::{ArticleId, Record, Seq};
use crate::database::open::Writer;
use crate::database::piece::Piece;
use crate::database::state::versions;
use crate::error::{Error, Result};
use crate::segment::{self, SegmentBuilder, SegmentError};
use crate::store::files;
use crate::store::manifest;
use crate::store::{RecordCodec, StoreError};

/// Most text of a segment that is built in memory, in bytes (768 MiB): builders count the positions of a word in 32
/// bits.
pub(super) const BUILT_TEXT_BYTES_MAX: usize = 768 << 20;

/// Gathers records into segments, which nothing names yet.
pub(super) struct Rewrite<'w> {
    writer: &'w Writer,
    /// Encodes the records anew, where they change their dictionary.
    codec: Option<RecordCodec>,
    builder: SegmentBuilder,
    number: u64,
    pieces: Vec<Piece>,
}

impl<'w> Rewrite<'w> {
    /// Begins with the records as they are stored, or with records encoded anew.
    pub fn new(writer: &'w Writer, codec: Option<RecordCodec>) -> Rewrite<'w> {
        let builder = builder(codec.as_ref().unwrap_or(&writer.state.codec));
        Rewrite { writer, codec, builder, number: writer.next_segment(), pieces: Vec::new() }
    }

    /// Adds a record with its frame.
    pub fn add(&mut self, record: &Record, frame: &[u8]) -> Result<()> {
        match &self.codec {
            Some(codec) => self.builder.add(record, &codec.encode(record)?)?,
            None => self.builder.add(record, frame)?,
        }
        let is_full = self.builder.memory_bytes() >= self.writer.options.import_memory_bytes
            || self.builder.text_bytes() >= BUILT_TEXT_BYTES_MAX;
        if is_full { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<()> {
        let next = builder(self.codec.as_ref().unwrap_or(&self.writer.state.codec));
        let full = std::mem::replace(&mut self.builder, next);
        if full.articles() == 0 {
            return Ok(());
        }
        let entry = self.writer.write_segment_as(self.number, |out| full.finish(Uuid::new_v4(), out))?;
        self.number += 1;
        self.pieces.push(Piece::open(&self.writer.folder, &entry)?);
        Ok(())
    }

    /// Writes what is left and returns the segments.
    pub fn finish(mut self) -> Result<Vec<Piece>> {
        self.write()?;
        Ok(self.pieces)
    }

    /// Writes what is left, and all as one segment where that is possible.
    pub fn finish_as_one(mut self, work: &Work<'_>) -> Result<Vec<Piece>> {
        self.write()?;
        self.writer.joined(std::mem::take(&mut self.pieces), self.number, work)
    }
}

fn builder(codec: &RecordCodec) -> SegmentBuilder {
    SegmentBuilder::new(versions(), codec.dictionary().cloned())
}

impl Writer {
    /// Hands out every living record of the record store, by id.
    pub(super) fn for_each_record(
        &self,
        work: &mut Work<'_>,
        mut take: impl FnMut(Record, Vec<u8>) -> Result<()>,
    ) -> Result<u64> {
        let records = self.records()?;
        let mut count = 0;
        for head in records.heads() {
            let (id, seq) = head?;
            let (record, frame) = self.version(id, seq)?;
            take(record, frame)?;
            count += 1;
            work.advance(1)?;
        }
        Ok(count)
    }

    /// Returns one version of an article from the record store, with what it is encoded as.
    pub(super) fn version(&self, id: ArticleId, seq: Seq) -> Result<(Record, Vec<u8>)> {
        let missing = || {
            let path = manifest::records_path(&self.folder);
            StoreError::damaged(&path, None, format!("article {id} of commit {seq} has no record"))
        };
        let frame = self.records()?.frame(id, seq)?.ok_or_else(missing)?;
        Ok((self.state.codec.decode(&frame)?, frame))
    }

    /// Writes pieces as one segment and removes them; they stay where they are too many for one.
    pub(super) fn joined(&self, pieces: Vec<Piece>, number: u64, work: &Work<'_>) -> Result<Vec<Piece>> {
        if pieces.len() < 2 {
            return Ok(pieces);
        }
        let inputs: Vec<_> = pieces.iter().map(Piece::live).map(|live| (live.segment, live.dead)).collect();
        let cancel = work.cancel();
        let merge = |out: &mut dyn std::io::Write| {
            segment::merge_unless(&|| cancel.is_cancelled(), &inputs, Uuid::new_v4(), &self.folder, out)
        };
        match self.write_segment_as(number, merge) {
            Ok(entry) => {
                for old in pieces.iter().filter_map(|piece| piece.entry.as_ref()) {
                    files::remove_if_there(&*self.files, &manifest::segment_path(&self.folder, old.number))?;
                }
                Ok(vec![Piece::open(&self.folder, &entry)?])
            }
            Err(Error::Segment(SegmentError::TooLarge { .. })) => Ok(pieces),
            Err(error) => Err(cancelled(error)),
        }
    }

    /// Fails where new segments are not whole, or do not hold every living article once.
    pub(super) fn verify_new(&self, pieces: &[Piece], work: &mut Work<'_>) -> Result<()> {
        work.begin("verifying", self.state.articles, "articles")?;
        let records = self.records()?;
        let mut seen = roaring::RoaringBitmap::new();
        for piece in pieces {
            piece.segment.verify()?;
            let identities = piece.segment.identities()?;
            for ordinal in piece.ordinals() {
                let (id, seq) = (identities.id(ordinal), identities.seq(ordinal));
                if records.head(id)? != Some(seq) || !seen.insert(id.0) {
                    return Err(self.not_whole(format!("article {id} of commit {seq} does not belong there")));
                }
            }
            work.advance(u64::from(piece.articles()))?;
        }
        if seen.len() == self.state.articles {
            return Ok(());
        }
        Err(self.not_whole(format!("{} of {} articles are there", seen.len(), self.state.articles)))
    }

    fn not_whole(&self, what: String) -> Error {
        let what = format!("written anew it is not whole: {what}");
        StoreError::damaged(&manifest::segments_path(&self.folder), None, what).into()
    }
}
