//! Opening a database for writing, and closing it.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, MutexGuard};

use arc_swap::ArcSwap;
use uuid::Uuid;

use super::beside::{InWork, Shared};
use super::options::Options;
use super::piece::Piece;
use super::read::Reader;
use super::rebuild;
use super::snapshot::Snapshot;
use super::state::{self, State};
use crate::article::{ArticleId, Record, Seq};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::schema::{Builtin, FieldName};
use crate::store::StoreError;
use crate::store::entry::Entry;
use crate::store::files::{self, Files, SystemFiles};
use crate::store::journal::Journal;
use crate::store::journal_read::Frame;
use crate::store::key::Copied;
use crate::store::lock::Lock;
use crate::store::manifest::{self, FileEntry, Manifest};
use crate::store::records::{Meta, Records};
use crate::text::BANDS_VERSION;

/// A database open for writing; one process at a time, by any number of its threads.
///
/// Every method that changes the database is one commit or several: when it returns, its changes are on the disk, and
/// readers see them as soon as they refresh. Dropping a database closes it; [`Database::close`] reports what went
/// wrong on the way.
///
/// # Examples
///
/// ```no_run
/// use dateline::article::Article;
/// use dateline::database::Database;
///
/// let database = Database::create("news.dateline")?;
/// let article = Article { title: Some("Talks resume".into()), body: "PARIS -".into(), ..Article::default() };
/// let id = database.insert(article)?;
/// assert_eq!(database.get(id)?.unwrap().article.title.as_deref(), Some("Talks resume"));
/// database.close()?;
/// # Ok::<(), dateline::Error>(())
/// ```
#[derive(Debug)]
pub struct Database {
    folder: PathBuf,
    pub(super) shared: Arc<Shared>,
    /// The last commit, for readers of this process.
    current: Arc<ArcSwap<Snapshot>>,
}

/// Everything that one commit after the other changes.
pub(super) struct Writer {
    pub folder: PathBuf,
    pub files: Arc<dyn Files>,
    pub options: Options,
    pub state: State,
    pub journal: Journal,
    /// `None` only while the store is closed and opened again.
    pub records: Option<Records>,
    /// Why there are no more writes.
    pub stopped: Option<String>,
    /// Why the record store was made anew when the database was opened.
    pub recovered: Option<String>,
    pub current: Arc<ArcSwap<Snapshot>>,
    /// The merge under way.
    pub in_work: Option<InWork>,
    /// Set by a seal that leaves segments to be merged.
    pub is_merge_due: Arc<AtomicBool>,
    /// Held as long as the writer lives; given back last.
    _lock: Lock,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Writer")
            .field("folder", &self.folder)
            .field("seq", &self.state.seq)
            .finish_non_exhaustive()
    }
}

impl Database {
    /// Opens a database for writing.
    ///
    /// What a crash left unfinished is finished first: every acknowledged commit is there, no other is.
    ///
    /// # Errors
    ///
    /// [`Error::NotADatabase`]; [`StoreError::Locked`] while another process writes; [`StoreError::Damaged`] or
    /// [`SegmentError::Damaged`](crate::segment::SegmentError::Damaged) where files are not what was written.
    pub fn open(path: impl AsRef<Path>) -> Result<Database> {
        Database::open_with(path, Options::default())
    }

    /// Makes a new database, in a folder that is new or empty.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] where the path is taken.
    pub fn create(path: impl AsRef<Path>) -> Result<Database> {
        let path = path.as_ref();
        if manifest::manifest_path(path).exists() {
            return Err(Error::Exists { path: path.to_owned() });
        }
        Database::open_with(path, Options { create: true, ..Options::default() })
    }

    /// Opens a database for writing, or makes it where [`Options::create`] says so.
    ///
    /// # Errors
    ///
    /// Those of [`Database::open`] and [`Database::create`].
    pub fn open_with(path: impl AsRef<Path>, options: Options) -> Result<Database> {
        let folder = path.as_ref();
        let is_there = manifest::manifest_path(folder).exists();
        if !is_there && !options.create {
            return Err(Error::NotADatabase { path: folder.to_owned() });
        }
        if !is_there {
            prepare_folder(folder)?;
        }
        let lock = Lock::take(folder)?;
        // Another process may have made it before this one had the lock.
        if !manifest::manifest_path(folder).exists() {
            create_files(folder, &options)?;
        }
        Ok(Database::of(Writer::open(folder, options, lock)?))
    }

    pub(super) fn of(writer: Writer) -> Database {
        let (folder, current) = (writer.folder.clone(), writer.current.clone());
        Database { folder, current, shared: Arc::new(Shared::new(writer)) }
    }

    /// Seals what is in memory and closes the database, once a merge under way has come to its end.
    ///
    /// # Errors
    ///
    /// Whatever sealing failed with; nothing acknowledged is lost by that.
    pub fn close(self) -> Result<()> {
        self.shared.end_merges();
        self.writer()?.finish()
    }

    /// Returns the folder of the database.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Returns a reader of this process; it starts with the last commit and goes on with
    /// [`Reader::refresh`].
    pub fn reader(&self) -> Reader {
        Reader::beside(self.folder.clone(), self.current.clone())
    }

    /// Returns the last commit.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Returns an article, from the record store.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`] or [`StoreError::Records`] where the store cannot be read.
    pub fn get(&self, id: ArticleId) -> Result<Option<Record>> {
        self.writer()?.stored(id)
    }

    /// Returns the article of a key, from the record store.
    ///
    /// # Errors
    ///
    /// Those of [`Database::get`].
    pub fn get_by_key(&self, key: &str) -> Result<Option<Record>> {
        let writer = self.writer()?;
        for id in writer.records()?.ids_of_key(crate::store::entry::key_hash(key))? {
            let record = writer.stored(id)?;
            if record.as_ref().is_some_and(|record| record.article.key == key) {
                return Ok(record);
            }
        }
        Ok(None)
    }

    /// Returns the writer, once no other thread has it.
    pub(super) fn writer(&self) -> Result<MutexGuard<'_, Writer>> {
        self.shared.writer()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.shared.end_merges();
        if std::thread::panicking() {
            return;
        }
        if let Err(error) = self.writer().and_then(|mut writer| writer.finish()) {
            tracing::warn!(%error, "the database could not be sealed; the next one to open it catches up");
        }
    }
}

impl Writer {
    pub fn open(folder: &Path, options: Options, lock: Lock) -> Result<Writer> {
        let manifest = Manifest::read(folder)?;
        let files = options.files.clone();
        rebuild::finish_swap(folder)?;
        let records = Records::open(&manifest::records_path(folder));
        let meta = records.as_ref().ok().and_then(|records| records.meta().ok());
        let (journal, replay) = Journal::resume(
            &manifest::journal_path(folder),
            files.clone(),
            manifest.database,
            manifest.journal,
            manifest.sealed_seq,
            meta.map_or(0, |meta| meta.applied_seq),
            options.sync_commits,
        )?;
        let mut state = State::open(folder, manifest, &[])?;
        if !options.accept_outdated {
            state.check_versions()?;
        }
        let commits = commits_above(&state, replay.frames)?;
        let plan = state.plan(&commits)?;
        state.install(plan);
        let (records, recovered) = catch_up(&state, records, meta, &commits, &options)?;
        let current = Arc::new(ArcSwap::from_pointee(state.snapshot()));
        let folder = folder.to_owned();
        let mut writer = Writer {
            folder,
            files,
            options,
            state,
            journal,
            records: Some(records),
            stopped: None,
            recovered,
            current,
            in_work: None,
            is_merge_due: Arc::default(),
            _lock: lock,
        };
        writer.sweep()?;
        writer.seal_if_due();
        Ok(writer)
    }

    /// Returns a writer of parts that were put together elsewhere.
    pub fn of_parts(
        folder: &Path,
        options: Options,
        state: State,
        journal: Journal,
        records: Option<Records>,
        lock: Lock,
    ) -> Writer {
        let current = Arc::new(ArcSwap::from_pointee(state.snapshot()));
        let (folder, files) = (folder.to_owned(), options.files.clone());
        let (stopped, recovered) = (None, None);
        Writer {
            folder,
            files,
            options,
            state,
            journal,
            records,
            stopped,
            recovered,
            current,
            in_work: None,
            is_merge_due: Arc::default(),
            _lock: lock,
        }
    }

    /// Returns the record store, unless it failed.
    pub fn records(&self) -> Result<&Records> {
        let reason = || self.stopped.clone().unwrap_or_else(|| "it could not be opened again".to_owned());
        self.records.as_ref().ok_or_else(|| Error::Stopped { reason: reason() })
    }

    fn stored(&self, id: ArticleId) -> Result<Option<Record>> {
        let records = self.records()?;
        let Some(seq) = records.head(id)? else { return Ok(None) };
        let frame = records.frame(id, seq)?;
        let missing = || {
            let path = manifest::records_path(&self.folder);
            StoreError::damaged(&path, None, format!("article {id} has no record"))
        };
        Ok(Some(self.state.codec.decode(&frame.ok_or_else(missing)?)?))
    }

    /// Seals, so that the next reader has nothing to index.
    fn finish(&mut self) -> Result<()> {
        if self.stopped.is_some() {
            return Ok(());
        }
        self.seal()
    }
}

/// Decodes the commits above a state, and checks that none is missing.
pub(super) fn commits_above(state: &State, frames: Vec<Frame>) -> Result<Vec<(Seq, Entry)>> {
    if let Some(first) = frames.first().filter(|frame| frame.seq > state.seq + 1) {
        let path = manifest::journal_path(&state.folder);
        let what = format!("it goes on with commit {} behind commit {}", first.seq, state.seq);
        return Err(StoreError::damaged(&path, None, what).into());
    }
    let above = frames.into_iter().filter(|frame| frame.seq > state.seq);
    above.map(|frame| Ok((frame.seq, Entry::decode(&frame.payload)?))).collect()
}

/// Brings the record store up to the state; rebuilds it where it does not open, fails, or lags too far behind.
fn catch_up(
    state: &State,
    records: Result<Records, StoreError>,
    meta: Option<Meta>,
    commits: &[(Seq, Entry)],
    options: &Options,
) -> Result<(Records, Option<String>)> {
    let applied = meta.unwrap_or_default().applied_seq;
    if applied > state.seq && options.sync_commits {
        let path = manifest::journal_path(&state.folder);
        let what = format!("it ends with commit {}, and commit {applied} was applied", state.seq);
        return Err(StoreError::damaged(&path, None, what).into());
    }
    let caught_up = match records {
        Ok(_) if !has_all_bands(state, meta.unwrap_or_default())? => {
            let what = "its index of near-duplicates is not of this version".to_owned();
            Err(StoreError::Records { action: "catch up", what }.into())
        }
        Ok(records) if meta.is_some() && (state.manifest.sealed_seq..=state.seq).contains(&applied) => {
            apply_above(state, &records, applied, commits).map(|()| records)
        }
        Ok(_) => {
            Err(StoreError::Records { action: "catch up", what: "it lags behind the segments".to_owned() }
                .into())
        }
        Err(error) => Err(error.into()),
    };
    let caught_up = caught_up.and_then(|records| check_copies(state, &records).map(|()| records));
    match caught_up {
        Ok(records) => Ok((records, None)),
        Err(error) => {
            tracing::warn!(%error, "the record store is rebuilt from segments and journal");
            Ok((rebuild::rebuild(state)?, Some(error.to_string())))
        }
    }
}

/// Tells whether the store's index of near-duplicates is this program's. One that has none is none short where no article
/// belongs to a story.
fn has_all_bands(state: &State, meta: Meta) -> Result<bool> {
    if meta.bands == BANDS_VERSION || meta.applied_seq == 0 {
        return Ok(true);
    }
    let story = FieldName::Builtin(Builtin::Story);
    let has_story = |piece: &Piece| Ok(piece.segment.keyword(&story)?.is_some());
    let stories = state.pieces().map(has_story).collect::<Result<Vec<bool>>>()?;
    Ok(meta.bands == 0 && !stories.contains(&true))
}

/// Checks that the store has the dictionary that its records need, and brings its copies of files up to date.
fn check_copies(state: &State, records: &Records) -> Result<()> {
    if records.dictionary_ids()? != state.manifest.dictionary.as_slice() {
        let what = "it was compressed with another dictionary".to_owned();
        return Err(StoreError::Records { action: "catch up", what }.into());
    }
    let copies = [
        (Copied::Manifest, state.manifest.to_bytes()),
        (Copied::Catalog, state::catalog_bytes(&state.catalog)),
    ];
    for (file, bytes) in copies {
        if records.copy(file)?.as_ref() != Some(&bytes) {
            records.put_copy(file, &bytes)?;
        }
    }
    Ok(())
}

fn apply_above(state: &State, records: &Records, applied: Seq, commits: &[(Seq, Entry)]) -> Result<()> {
    let mut meta = Meta { applied_seq: 0, articles: state.manifest.articles, bands: BANDS_VERSION };
    for (seq, entry) in commits {
        let added = entry.changes.iter().filter(|change| change.new.is_some()).count() as u64;
        let ended = entry.changes.iter().filter(|change| change.old.is_some()).count() as u64;
        let articles = (meta.articles + added).saturating_sub(ended);
        meta = Meta { applied_seq: *seq, articles, ..meta };
        if *seq > applied {
            records.apply(meta, &entry.changes, &mut |change| state.frame_of(change))?;
        }
    }
    Ok(())
}

/// Makes the folder, or checks that it is empty but for what an unfinished creation left.
fn prepare_folder(folder: &Path) -> Result<()> {
    if !folder.exists() {
        files::create_folder(folder)?;
        return Ok(files::sync_folder_of(&SystemFiles, folder)?);
    }
    let ours = ["LOCK", "MANIFEST.tmp", "catalog-1", "catalog-1.tmp", "journal", "records", "segments"];
    let is_free = folder.is_dir() && files::names(folder)?.iter().all(|name| ours.contains(&name.as_str()));
    if is_free { Ok(()) } else { Err(Error::Exists { path: folder.to_owned() }) }
}

/// Makes the files of a new database; MANIFEST comes last and makes it one.
fn create_files(folder: &Path, options: &Options) -> Result<()> {
    let files = &*options.files;
    for inner in [manifest::segments_path(folder), manifest::journal_path(folder)] {
        files::create_folder(&inner)?;
    }
    let database = Uuid::new_v4();
    Journal::begin(
        &manifest::journal_path(folder),
        options.files.clone(),
        database,
        1,
        options.sync_commits,
    )?;
    let catalog = state::catalog_bytes(&Catalog::default());
    files::replace(files, &manifest::catalog_path(folder, 1), &catalog)?;
    let manifest = Manifest {
        database,
        generation: 1,
        sealed_seq: 0,
        next_id: 1,
        articles: 0,
        next_segment: 1,
        segments: Vec::new(),
        journal: 1,
        catalog: FileEntry::new(1, &catalog),
        dictionary: None,
    };
    Ok(manifest.publish(files, folder)?)
}
