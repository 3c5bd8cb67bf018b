//! Compacting: living articles alone, in one segment and a fresh record store.
//!
//! Nothing is changed in place. The new segment is written under a new number and verified, MANIFEST is replaced, and
//! the record store is made anew beside the old one and renamed; a crash at any point leaves the old database or the new
//! one. Readers go on with what they have mapped.

use std::sync::Arc;

use uuid::Uuid;

use super::rewrite::Rewrite;
use super::work::{Work, cancelled};
use crate::article::Record;
use crate::database::import::{TRAINING_ARTICLES_MIN, TRAINING_BYTES};
use crate::database::open::{Database, Writer};
use crate::database::piece::Piece;
use crate::database::progress::Steps;
use crate::database::rebuild;
use crate::database::state::versions;
use crate::error::Result;
use crate::exec::CancelToken;
use crate::segment;
use crate::store::files;
use crate::store::manifest;
use crate::store::{Dictionary, RecordCodec};

/// Copies of all segments that stand beside them while they are made from records: first in parts, as memory allows,
/// then as one.
const COPIES_FROM_RECORDS: u64 = 2;

/// How a database is compacted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CompactOptions {
    /// Whether nothing of deleted and replaced articles may be left in any file: the compression dictionary, which was
    /// trained on some of them, is trained anew, and every record is compressed again.
    pub purge: bool,
}

impl Database {
    /// Writes the living articles as one segment with a fresh record store, and removes everything else.
    ///
    /// After `purge` the text of deleted and replaced articles is in no file of the database. That does not reach
    /// backups, files that readers still map, or blocks that the file system has not used again.
    ///
    /// # Errors
    ///
    /// [`Error::DiskFull`](crate::Error::DiskFull) before anything is written; [`Error::Store`](crate::Error::Store)
    /// and [`Error::Segment`](crate::Error::Segment): the database then stays as it was.
    pub fn compact(
        &self,
        options: &CompactOptions,
        cancel: &CancelToken,
        progress: &mut dyn FnMut(&Steps),
    ) -> Result<()> {
        // A merge under way would leave a copy of what a purge removes.
        let _alone = self.shared.without_merges();
        self.writer()?.compact(*options, &mut Work::new(cancel, progress))
    }
}

impl Writer {
    fn compact(&mut self, options: CompactOptions, work: &mut Work<'_>) -> Result<()> {
        self.seal()?;
        let copies = if options.purge || !self.is_current() { COPIES_FROM_RECORDS } else { 1 };
        self.check_room("compacting", self.sealed_bytes() * copies + self.records()?.size_bytes()?)?;
        let written = if options.purge { self.write_purged(work) } else { self.write_living(work) };
        let (pieces, codec) = self.tidied(written)?;
        let before = (self.state.codec.clone(), self.state.manifest.dictionary);
        self.state.manifest.dictionary = codec.dictionary().map(|dictionary| dictionary.id());
        self.state.codec = codec;
        if let Err(error) = self.replace_manifest(pieces) {
            (self.state.codec, self.state.manifest.dictionary) = before;
            return Err(error);
        }
        // The record store still has what the old segments had, in the old dictionary.
        work.begin_last("writing records of", self.state.articles, "articles");
        self.renew_records()?;
        if options.purge {
            files::remove_folder_if_there(&self.folder.join(super::repair::DAMAGED_FOLDER))?;
        }
        self.sweep()
    }

    /// Tells whether this version of the program indexed all segments.
    fn is_current(&self) -> bool {
        self.state.sealed.iter().all(|piece| piece.segment.versions().indexes_alike(versions()))
    }

    /// Merges all segments, or derives them from the records where another version indexed some.
    fn write_living(&self, work: &mut Work<'_>) -> Result<(Vec<Piece>, RecordCodec)> {
        let codec = self.state.codec.clone();
        if !self.is_current() {
            return Ok((self.write_from_records(None, work)?, codec));
        }
        work.begin("merging", self.state.articles, "articles")?;
        let inputs: Vec<_> =
            self.state.sealed.iter().map(Piece::live).map(|live| (live.segment, live.dead)).collect();
        if self.state.articles == 0 {
            return Ok((Vec::new(), codec));
        }
        let cancel = work.cancel();
        let entry = self.write_segment(|out| {
            segment::merge_unless(&|| cancel.is_cancelled(), &inputs, Uuid::new_v4(), &self.folder, out)
        });
        let entry = entry.map_err(cancelled)?;
        let pieces = vec![Piece::open(&self.folder, &entry)?];
        self.verify_new(&pieces, work)?;
        Ok((pieces, codec))
    }

    /// Writes every record anew, with a dictionary that no dead article had a part in.
    fn write_purged(&self, work: &mut Work<'_>) -> Result<(Vec<Piece>, RecordCodec)> {
        let dictionary = self.trained_on_living(work)?;
        if let Some(dictionary) = &dictionary {
            let path = manifest::dictionary_path(&self.folder, dictionary.id());
            files::replace(&*self.files, &path, dictionary.bytes())?;
        }
        let codec = RecordCodec::new(dictionary.map(Arc::new));
        Ok((self.write_from_records(Some(codec.clone()), work)?, codec))
    }

    fn write_from_records(&self, codec: Option<RecordCodec>, work: &mut Work<'_>) -> Result<Vec<Piece>> {
        work.begin("compacting", self.state.articles, "articles")?;
        let mut rewrite = Rewrite::new(self, codec);
        self.for_each_record(work, |record, frame| rewrite.add(&record, &frame))?;
        let pieces = rewrite.finish_as_one(work)?;
        self.verify_new(&pieces, work)?;
        Ok(pieces)
    }

    /// Trains a dictionary on a sample of the living articles, where the database has one.
    fn trained_on_living(&self, work: &mut Work<'_>) -> Result<Option<Dictionary>> {
        if self.state.manifest.dictionary.is_none() {
            return Ok(None);
        }
        work.begin("sampling", self.state.articles, "articles")?;
        // Every n-th article, so that about as much text as is wanted comes from all over the archive.
        let mut sample: Vec<Record> = Vec::new();
        let mut bytes = 0;
        let mut stride = 1_u64;
        for (index, head) in (0_u64..).zip(self.records()?.heads()) {
            let (id, seq) = head?;
            work.advance(1)?;
            if !index.is_multiple_of(stride) {
                continue;
            }
            let (record, _) = self.version(id, seq)?;
            bytes += record.article.body.len();
            sample.push(record);
            if bytes > TRAINING_BYTES * 2 {
                halve(&mut sample);
                bytes = sample.iter().map(|record| record.article.body.len()).sum();
                stride *= 2;
            }
        }
        if sample.len() < TRAINING_ARTICLES_MIN {
            return Ok(None);
        }
        Ok(Dictionary::train_on(sample.iter())?)
    }

    /// Makes the record store anew from the segments, in place of the old one.
    pub(super) fn renew_records(&mut self) -> Result<()> {
        drop(self.records.take());
        match rebuild::rebuild(&self.state) {
            Ok(records) => {
                self.records = Some(records);
                Ok(())
            }
            Err(error) => {
                self.stop(&error);
                Err(error)
            }
        }
    }
}

/// Leaves every other record, the first among them.
fn halve(sample: &mut Vec<Record>) {
    let mut is_kept = false;
    sample.retain(|_| {
        is_kept = !is_kept;
        is_kept
    });
}
