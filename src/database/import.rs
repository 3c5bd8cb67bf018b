//! Importing many articles at once.
//!
//! A batch is one commit: as many articles as fit into the memory allowed become one segment, which is written and
//! synced before the journal names it. While one chunk of articles is indexed, the next is read and extracted on the
//! other processors. A batch that would fit into the unsealed part anyway is committed like any other change.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

use super::batch::{Accepted, Batch, Built, Derived, Verdict, derive, encode};
use super::open::{Database, Writer};
use super::options::ImportOptions;
use super::progress::{ImportCounts, ImportSummary, Outcome, Progress};
use super::state::versions;
use super::stories::{Archive, Stories};
use crate::article::{Draft, Seq};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::extract::Extractor;
use crate::import::{self, RejectFile, Rejection, Row, Rows};
use crate::segment::SegmentBuilder;
use crate::store::codec::plain_length;
use crate::store::entry::{Change, Entry};
use crate::store::files;
use crate::store::manifest::{self, Manifest};
use crate::store::{Dictionary, RecordCodec};

/// Text read at a time, in bytes (1 MiB): enough to keep every processor busy.
pub(super) const CHUNK_BYTES: usize = 1 << 20;

/// Every row counts as at least this long, in bytes (1 KiB), so that tiny and rejected rows end a chunk too.
const ROW_BYTES_MIN: usize = 1 << 10;

/// Text that a compression dictionary is trained on, in bytes (4 MiB).
pub(super) const TRAINING_BYTES: usize = 4 << 20;

/// Fewest articles and fewest bytes that a dictionary is trained on: below, it costs more than it saves.
pub(super) const TRAINING_ARTICLES_MIN: usize = 200;
const TRAINING_BYTES_MIN: usize = 512 << 10;

/// Segments attached between two seals, after which merges begin.
pub(super) const ATTACHED_MAX: usize = 8;

impl Database {
    /// Imports files and folders, and the standard input as `-`.
    ///
    /// Where the disk has no room to merge segments at the end, the summary says so, and a later change does it.
    /// Rows that cannot be used are counted, kept in `FILE.rejected.ndjson`, and stop nothing. Articles are
    /// committed in batches; what was committed when an error ends the import stays. Importing the same files again
    /// changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Import`](crate::Error::Import) where a path is missing or rejects cannot be written,
    /// [`Error::Store`](crate::Error::Store) and [`Error::Segment`](crate::Error::Segment) where the database
    /// cannot be written.
    pub fn import<P: AsRef<Path>>(
        &self,
        paths: &[P],
        options: &ImportOptions,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<ImportSummary> {
        let rows = import::open(paths, &options.rows)?;
        self.import_rows(rows, options, progress)
    }

    /// Imports rows that were opened elsewhere, as by [`import::from_reader`].
    ///
    /// # Errors
    ///
    /// Those of [`Database::import`].
    pub fn import_rows(
        &self,
        rows: Rows,
        options: &ImportOptions,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<ImportSummary> {
        let mut source = Source::new(rows, options);
        let mut attached = 0;
        while !source.is_done() {
            // Between batches other threads may write too.
            let mut writer = self.writer()?;
            writer.check_running()?;
            attached += usize::from(run_batch(&mut writer, &mut source, progress)?);
            if attached > 0 && attached % ATTACHED_MAX == 0 {
                writer.seal_or_warn();
            }
            drop(writer);
            self.merge_if_due();
        }
        source.rejects.flush()?;
        let put_off = if attached > 0 { self.settle_down()? } else { None };
        progress(&source.progress());
        Ok(ImportSummary { put_off, ..source.summary() })
    }
}

/// Where drafts come from, and what became of them.
struct Source<'o> {
    rows: Rows,
    options: &'o ImportOptions,
    extractor: Option<Extractor>,
    /// Threads of its own; `None` where the system gives none.
    pool: Option<rayon::ThreadPool>,
    rejects: RejectFile,
    counts: ImportCounts,
    rows_read: u64,
    is_at_end: bool,
    cancelled: bool,
    /// Articles that replace one of the batch before, by key: the last of each.
    later: BTreeMap<String, Draft>,
    /// The stories of the batch.
    stories: Stories,
}

/// Articles judged and ready to be built.
#[derive(Default)]
struct Chunk {
    accepted: Vec<Accepted>,
    text_bytes: usize,
}

/// Articles of one batch on their way into a segment.
pub(super) struct Gathered {
    builder: SegmentBuilder,
    changes: Vec<Change>,
    /// Records, while there are so few that they need no segment of their own.
    frames: Option<Vec<Vec<u8>>>,
    plain_bytes: usize,
}

/// Imports one batch and tells whether it became a segment.
fn run_batch(
    writer: &mut Writer,
    source: &mut Source<'_>,
    progress: &mut dyn FnMut(&Progress),
) -> Result<bool> {
    let mut batch = Batch::new(writer, source.options.on_duplicate);
    source.stories = Stories::default();
    let has_dictionary = writer.state.manifest.dictionary.is_some();
    let first = source.first_chunk(&mut batch, if has_dictionary { CHUNK_BYTES } else { TRAINING_BYTES })?;
    if source.options.dry_run {
        return source.drain(&mut batch, progress).map(|()| false);
    }
    let derived = on_own_thread(|| source.derive(first, batch.seq()));
    if !has_dictionary {
        writer.train(&derived)?;
    }
    let codec = writer.state.codec.clone();
    let limits = (writer.options.seal_changes, writer.options.seal_text_bytes);
    let mut gathered = Gathered::new(&codec);
    let archive = writer.archive()?;
    let mut next = Some(on_own_thread(|| source.encode(derived, archive))?);
    while let Some(built) = next.take() {
        let memory_bytes = gathered.memory_bytes() + source.stories.memory_bytes();
        let has_room = memory_bytes < writer.options.import_memory_bytes;
        next = std::thread::scope(|scope| {
            let read = || if has_room { source.next_built(&mut batch, archive) } else { Ok(None) };
            let reading = scope.spawn(read);
            let added = gathered.add(built, limits);
            added.and(joined(reading))
        })?;
        progress(&source.progress());
    }
    writer.commit_gathered(gathered, batch.catalog())
}

/// Runs on a thread that belongs to no pool, so that waiting takes up no other work.
pub(super) fn on_own_thread<T: Send>(task: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| joined(scope.spawn(task)))
}

fn joined<T>(thread: std::thread::ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

impl<'o> Source<'o> {
    fn new(rows: Rows, options: &'o ImportOptions) -> Source<'o> {
        Source {
            rows,
            options,
            extractor: options.extract.then(Extractor::new),
            pool: rayon::ThreadPoolBuilder::new().build().ok(),
            rejects: RejectFile::default(),
            counts: ImportCounts::default(),
            rows_read: 0,
            is_at_end: false,
            cancelled: false,
            later: BTreeMap::new(),
            stories: Stories::default(),
        }
    }

    fn is_done(&self) -> bool {
        (self.is_at_end && self.later.is_empty()) || self.cancelled
    }

    /// Reads the first chunk of a batch, which begins with what the last one left.
    fn first_chunk(&mut self, batch: &mut Batch, bytes: usize) -> Result<Chunk> {
        let mut chunk = Chunk::default();
        for draft in std::mem::take(&mut self.later).into_values() {
            self.judge(draft, batch, &mut chunk)?;
        }
        self.fill(&mut chunk, batch, bytes)?;
        Ok(chunk)
    }

    /// Reads and builds the next chunk; `None` at the end.
    fn next_built(&mut self, batch: &mut Batch, archive: Archive<'_>) -> Result<Option<Vec<Built>>> {
        let mut chunk = Chunk::default();
        self.fill(&mut chunk, batch, CHUNK_BYTES)?;
        if chunk.accepted.is_empty() && (self.is_at_end || self.cancelled) {
            return Ok(None);
        }
        let derived = self.derive(chunk, batch.seq());
        self.encode(derived, archive).map(Some)
    }

    fn derive(&mut self, chunk: Chunk, seq: Seq) -> Vec<Derived> {
        derive(chunk.accepted, seq, self.extractor.as_ref(), self.pool.as_ref())
    }

    fn encode(&mut self, derived: Vec<Derived>, archive: Archive<'_>) -> Result<Vec<Built>> {
        let derived = self.stories.settle(derived, archive, self.pool.as_ref())?;
        let (built, rejected) = encode(derived, archive.codec(), self.pool.as_ref())?;
        for rejection in rejected {
            self.counts.added = self.counts.added.saturating_sub(1);
            self.reject(&rejection)?;
        }
        Ok(built)
    }

    /// Judges everything that is left, and keeps nothing.
    fn drain(&mut self, batch: &mut Batch, progress: &mut dyn FnMut(&Progress)) -> Result<()> {
        while !self.is_at_end && !self.cancelled {
            self.fill(&mut Chunk::default(), batch, CHUNK_BYTES)?;
            progress(&self.progress());
        }
        self.counts.replaced += self.later.len() as u64;
        self.later.clear();
        Ok(())
    }

    fn fill(&mut self, chunk: &mut Chunk, batch: &mut Batch, bytes: usize) -> Result<()> {
        let mut rows = 0;
        while chunk.text_bytes < bytes && rows < bytes / ROW_BYTES_MIN {
            if self.options.cancel.is_cancelled() {
                self.cancelled = true;
                return Ok(());
            }
            rows += 1;
            match self.rows.next() {
                Some(Row::Draft(draft)) => self.judge(*draft, batch, chunk)?,
                Some(Row::Rejected(rejection)) => self.reject(&rejection)?,
                None => {
                    self.is_at_end = true;
                    return Ok(());
                }
            }
            self.rows_read += 1;
        }
        Ok(())
    }

    fn judge(&mut self, draft: Draft, batch: &mut Batch, chunk: &mut Chunk) -> Result<()> {
        match batch.judge(draft)? {
            Verdict::Take(accepted, outcome) => {
                self.counts.count(outcome);
                let title_bytes = accepted.article.title.as_ref().map_or(0, String::len);
                chunk.text_bytes += accepted.article.body.len() + title_bytes;
                chunk.accepted.push(*accepted);
            }
            Verdict::Leave(_, outcome) => self.counts.count(outcome),
            Verdict::Later(draft) => {
                let earlier = self.later.insert(draft.article.key.clone(), *draft);
                // It is replaced before it was ever stored.
                if earlier.is_some() {
                    self.counts.count(Outcome::Replaced);
                }
            }
            Verdict::Reject(rejection) => self.reject(&rejection)?,
        }
        Ok(())
    }

    fn reject(&mut self, rejection: &Rejection) -> Result<()> {
        self.counts.rejected += 1;
        if self.options.write_rejects && !self.options.dry_run {
            self.rejects.write(rejection)?;
        }
        Ok(())
    }

    fn progress(&self) -> Progress {
        Progress {
            read_bytes: self.rows.read_bytes(),
            total_bytes: self.rows.total_bytes(),
            rows: self.rows_read,
            counts: self.counts,
        }
    }

    fn summary(&self) -> ImportSummary {
        ImportSummary {
            counts: self.counts,
            reject_files: self.rejects.paths().map(Path::to_path_buf).collect(),
            cancelled: self.cancelled,
            put_off: None,
        }
    }
}

impl Gathered {
    pub fn new(codec: &RecordCodec) -> Gathered {
        Gathered {
            builder: SegmentBuilder::new(versions(), codec.dictionary().cloned()),
            changes: Vec::new(),
            frames: Some(Vec::new()),
            plain_bytes: 0,
        }
    }

    pub fn memory_bytes(&self) -> usize {
        self.builder.memory_bytes() + self.changes.len() * size_of::<Change>()
    }

    /// Adds articles; past `limits` (changes, bytes) they need a segment of their own.
    pub fn add(&mut self, built: Vec<Built>, limits: (usize, usize)) -> Result<()> {
        for Built { change, record, frame } in built {
            self.builder.add(&record, &frame)?;
            self.changes.push(change);
            self.plain_bytes += plain_length(&frame);
            if self.changes.len() > limits.0 || self.plain_bytes > limits.1 {
                self.frames = None;
            }
            if let Some(frames) = &mut self.frames {
                frames.push(frame);
            }
        }
        Ok(())
    }

    /// Puts the records into their changes; `None` where there are too many.
    fn small(&mut self) -> Option<Vec<Change>> {
        let frames = self.frames.take()?;
        let mut changes = std::mem::take(&mut self.changes);
        for (change, frame) in changes.iter_mut().zip(frames) {
            if let Some(new) = &mut change.new {
                new.frame = Some(frame);
            }
        }
        Some(changes)
    }
}

impl Writer {
    /// Commits a batch and tells whether it became a segment.
    pub fn commit_gathered(&mut self, mut gathered: Gathered, catalog: Option<Catalog>) -> Result<bool> {
        if gathered.changes.is_empty() {
            return Ok(false);
        }
        // sled wants rows in the order of their keys.
        if let Some(mut changes) = gathered.small() {
            changes.sort_unstable_by_key(|change| change.id);
            self.commit(Entry { changes, attached: None, catalog })?;
            self.seal_if_due();
            return Ok(false);
        }
        let Gathered { builder, mut changes, .. } = gathered;
        changes.sort_unstable_by_key(|change| change.id);
        let attached = self.write_segment(|out| builder.finish(Uuid::new_v4(), out))?;
        self.commit(Entry { changes, attached: Some(attached), catalog })?;
        Ok(true)
    }

    /// Trains the database's compression dictionary, where that helps, and makes it durable before it is used.
    pub fn train(&mut self, derived: &[Derived]) -> Result<()> {
        let records = || derived.iter().map(|derived| &derived.record);
        let text_bytes: usize = records().map(|record| record.article.body.len()).sum();
        if derived.len() < TRAINING_ARTICLES_MIN || text_bytes < TRAINING_BYTES_MIN {
            return Ok(());
        }
        let Some(dictionary) = Dictionary::train_on(records())? else { return Ok(()) };
        let path = manifest::dictionary_path(&self.folder, dictionary.id());
        files::replace(&*self.files, &path, dictionary.bytes())?;
        self.records()?.add_dictionary(&dictionary)?;
        let manifest = Manifest {
            generation: self.state.manifest.generation + 1,
            dictionary: Some(dictionary.id()),
            ..self.state.manifest.clone()
        };
        self.publish_manifest(manifest)?;
        self.state.codec = RecordCodec::new(Some(Arc::new(dictionary)));
        Ok(())
    }

    /// Closes and opens the record store, so that its own snapshot covers what it holds.
    pub fn reopen_records(&mut self) {
        let Some(records) = self.records.take() else { return };
        match records.reopen() {
            Ok(records) => self.records = Some(records),
            Err(error) => self.stop(&error.into()),
        }
    }
}
