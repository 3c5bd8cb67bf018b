//! The record store, and the only place that knows sled.
//!
//! sled keeps what it is good at: rows of at most 4 KiB in key order, in small batches. What it is not good at is
//! handled here: its `flush` does not sync the file, a leftover of a snapshot blocks its open, and damage makes it
//! panic. Every call is therefore guarded, and the caller rebuilds the store from segments and journal where it fails.
//!
//! Changes of one commit go in as batches that are each all or nothing, in an order that makes applying a commit
//! again harmless: records first, then secondary indexes, then heads, then the rows of ended versions, and
//! `applied_seq` in the last batch.

use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::codec::Dictionary;
use super::entry::{Change, Version};
use super::error::StoreError;
use super::files;
use super::key::{self, CHUNK_BYTES_MAX, Copied, Key, Kind};
use crate::article::{ArticleId, Seq};

/// Most rows of a batch: past it sled slows down.
const BATCH_ROWS_MAX: usize = 500;

/// Most bytes of a batch (2 MiB).
const BATCH_BYTES_MAX: usize = 2 << 20;

/// Memory that sled may keep pages in, in bytes (32 MiB).
const CACHE_BYTES: u64 = 32 << 20;

/// Longest wait for sled's own lock on its file. Its threads may hold a closed store open for a moment longer;
/// another writer is kept out by the lock of the database, long before this.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Time between two looks at sled's lock.
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// What the store knows about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Meta {
    /// The last commit applied; 0 in a new store.
    pub applied_seq: Seq,
    /// The articles alive then.
    pub articles: u64,
}

/// The rows of a database.
pub struct Records {
    db: sled::Db,
    path: PathBuf,
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Records {
    /// Opens the store in a folder, creating it where there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] where sled will not open it, also by a panic.
    pub fn open(path: &Path) -> Result<Records, StoreError> {
        remove_unfinished_snapshots(path)?;
        let config = sled::Config::new()
            .path(path)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None)
            .mode(sled::Mode::HighThroughput);
        let db = guarded("open", || open_released(&config))?;
        Ok(Records { db, path: path.to_owned() })
    }

    /// Closes the store and opens it again, so that a snapshot of its own covers what it holds.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`].
    pub fn reopen(self) -> Result<Records, StoreError> {
        self.sync()?;
        let path = self.path.clone();
        guarded("close", || {
            drop(self);
            Ok(())
        })?;
        Records::open(&path)
    }

    /// Returns what the store knows about itself.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn meta(&self) -> Result<Meta, StoreError> {
        let Some(payload) = self.get(Key::Meta)? else { return Ok(Meta::default()) };
        let (seq, articles) = payload.split_first_chunk::<8>().ok_or_else(|| self.damaged("its meta row"))?;
        let articles = articles.try_into().map_err(|_| self.damaged("its meta row"))?;
        Ok(Meta { applied_seq: u64::from_le_bytes(*seq), articles: u64::from_le_bytes(articles) })
    }

    /// Applies the changes of a commit; `frame_of` returns the record of a change that does not carry it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`], or what `frame_of` fails with.
    pub fn apply<E: From<StoreError>>(
        &self,
        meta: Meta,
        changes: &[Change],
        frame_of: &mut dyn FnMut(&Change) -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        let mut batch = Batch::new(self);
        self.add_records(&mut batch, changes, frame_of)?;
        self.move_keys(&mut batch, changes)?;
        self.move_hashes(&mut batch, changes)?;
        self.move_heads(&mut batch, changes)?;
        self.remove_ended(&mut batch, changes)?;
        let mut payload = meta.applied_seq.to_le_bytes().to_vec();
        payload.extend(meta.articles.to_le_bytes());
        batch.insert(Key::Meta, &payload)?;
        batch.write()?;
        Ok(())
    }

    /// Stores the compression dictionary.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`].
    pub fn add_dictionary(&self, dictionary: &Dictionary) -> Result<(), StoreError> {
        let mut batch = Batch::new(self);
        for (chunk, bytes) in chunks(dictionary.bytes()) {
            batch.insert(Key::Dictionary(dictionary.id(), chunk), bytes)?;
        }
        batch.write()
    }

    /// Returns the stored bytes of a dictionary.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn dictionary(&self, id: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.joined(|chunk| Key::Dictionary(id, chunk))
    }

    /// Lists the numbers of the dictionaries stored, rising.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn dictionary_ids(&self) -> Result<Vec<u32>, StoreError> {
        let mut ids = Vec::new();
        for row in self.scan(&Kind::Dictionary.prefix()) {
            if let (Key::Dictionary(id, 0), _) = row? {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Stores the copy of a file in place of the one before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn put_copy(&self, file: Copied, bytes: &[u8]) -> Result<(), StoreError> {
        let mut batch = Batch::new(self);
        let mut end = 0;
        for (chunk, bytes) in chunks(bytes) {
            batch.insert(Key::Copy(file, chunk), bytes)?;
            end = chunk;
        }
        for row in self.scan(&Key::copy_prefix(file)) {
            match row? {
                (key @ Key::Copy(_, chunk), _) if chunk > end => batch.remove(key)?,
                _ => {}
            }
        }
        batch.write()
    }

    /// Returns the copy of a file.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn copy(&self, file: Copied) -> Result<Option<Vec<u8>>, StoreError> {
        self.joined(|chunk| Key::Copy(file, chunk))
    }

    /// Returns the commit that wrote an article's living version.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn head(&self, id: ArticleId) -> Result<Option<Seq>, StoreError> {
        let Some(payload) = self.get(Key::Head(id))? else { return Ok(None) };
        self.seq(&payload).map(Some)
    }

    /// Returns the frame of one version of an article.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn frame(&self, id: ArticleId, seq: Seq) -> Result<Option<Vec<u8>>, StoreError> {
        self.joined(|chunk| Key::Record(id, seq, chunk))
    }

    /// Returns the articles whose keys have this hash.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn ids_of_key(&self, key_hash: u64) -> Result<Vec<ArticleId>, StoreError> {
        let payload = self.get(Key::ByKey(key_hash))?.unwrap_or_default();
        let (ids, rest) = payload.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(self.damaged("a row of the index of keys"));
        }
        Ok(ids.iter().map(|id| ArticleId(u32::from_le_bytes(*id))).collect())
    }

    /// Returns the articles whose title and body have this hash.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn ids_of_content(&self, content_hash: u64) -> Result<Vec<ArticleId>, StoreError> {
        let rows = self.scan(&Key::by_hash_prefix(content_hash));
        rows.map(|row| match row? {
            (Key::ByHash(_, id), _) => Ok(id),
            _ => Err(self.damaged("a row of the index of contents")),
        })
        .collect()
    }

    /// Returns the living articles with the commits that wrote them, by id.
    pub fn heads(&self) -> impl Iterator<Item = Result<(ArticleId, Seq), StoreError>> + '_ {
        self.scan(&Kind::Head.prefix()).map(|row| match row? {
            (Key::Head(id), payload) => Ok((id, self.seq(&payload)?)),
            _ => Err(self.damaged("a head row")),
        })
    }

    /// Returns every row, verified; for `check`.
    pub fn rows(&self) -> impl Iterator<Item = Result<(Key, Vec<u8>), StoreError>> + '_ {
        self.scan(&[])
    }

    /// Makes everything applied so far durable.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Io`].
    pub fn sync(&self) -> Result<(), StoreError> {
        guarded("flush", || self.db.flush())?;
        for name in files::names(&self.path)? {
            let path = self.path.join(name);
            // sled's own housekeeping may remove a snapshot meanwhile.
            if let Ok(file) = File::open(&path) {
                file.sync_all().map_err(StoreError::io("sync", &path))?;
            }
        }
        Ok(())
    }

    /// Returns the size of the store's files, in bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`].
    pub fn size_bytes(&self) -> Result<u64, StoreError> {
        guarded("measure", || self.db.size_on_disk())
    }

    fn add_records<E: From<StoreError>>(
        &self,
        batch: &mut Batch<'_>,
        changes: &[Change],
        frame_of: &mut dyn FnMut(&Change) -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        for change in changes {
            let Some(new) = &change.new else { continue };
            let read;
            let frame = match &new.frame {
                Some(frame) => frame,
                None => {
                    read = frame_of(change)?;
                    &read
                }
            };
            for (chunk, bytes) in chunks(frame) {
                batch.insert(Key::Record(change.id, new.version.seq, chunk), bytes)?;
            }
        }
        Ok(())
    }

    /// Brings the index of keys up to date, in the order of the hashes: random order costs sled five times the space.
    fn move_keys(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        let mut rows: BTreeMap<u64, Vec<(ArticleId, bool)>> = BTreeMap::new();
        for (id, version, is_new) in versions(changes) {
            rows.entry(version.key_hash).or_default().push((id, is_new));
        }
        for (hash, moves) in rows {
            let mut ids = self.ids_of_key(hash)?;
            for (id, is_new) in moves {
                ids.retain(|&other| other != id);
                ids.extend(is_new.then_some(id));
            }
            ids.sort_unstable();
            let payload: Vec<u8> = ids.iter().flat_map(|id| id.0.to_le_bytes()).collect();
            if ids.is_empty() {
                batch.remove(Key::ByKey(hash))?
            } else {
                batch.insert(Key::ByKey(hash), &payload)?
            }
        }
        Ok(())
    }

    fn move_hashes(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        let mut rows = BTreeMap::new();
        for (id, version, is_new) in versions(changes) {
            rows.insert((version.content_hash, id), is_new);
        }
        for ((hash, id), is_new) in rows {
            let key = Key::ByHash(hash, id);
            if is_new { batch.insert(key, &[])? } else { batch.remove(key)? }
        }
        Ok(())
    }

    fn move_heads(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            match &change.new {
                Some(new) => batch.insert(Key::Head(change.id), &new.version.seq.to_le_bytes())?,
                None => batch.remove(Key::Head(change.id))?,
            }
        }
        Ok(())
    }

    fn remove_ended(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            let Some(old) = &change.old else { continue };
            for row in self.scan(&Key::record_prefix(change.id, old.seq)) {
                batch.remove(row?.0)?;
            }
        }
        Ok(())
    }

    fn get(&self, key: Key) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes = key.encode();
        let value = guarded("read", || self.db.get(&bytes))?;
        value.map(|value| self.unframed(&bytes, &value)).transpose()
    }

    /// Returns the payloads of a chunked value as one; the last chunk is the first that is not full.
    fn joined(&self, key_of: impl Fn(u16) -> Key) -> Result<Option<Vec<u8>>, StoreError> {
        let mut joined = Vec::new();
        for chunk in 0..=u16::MAX {
            match self.get(key_of(chunk))? {
                None if chunk == 0 => return Ok(None),
                None => return Err(self.damaged("a record, whose end is missing")),
                Some(payload) => {
                    joined.extend_from_slice(&payload);
                    if payload.len() < CHUNK_BYTES_MAX {
                        return Ok(Some(joined));
                    }
                }
            }
        }
        Err(self.damaged("a record, which has no end"))
    }

    fn scan<'r>(
        &'r self,
        prefix: &[u8],
    ) -> impl Iterator<Item = Result<(Key, Vec<u8>), StoreError>> + use<'r> {
        let mut rows = self.db.scan_prefix(prefix);
        std::iter::from_fn(move || {
            let row = guarded("read", || rows.next().transpose()).transpose()?;
            Some(row.and_then(|(key, value)| {
                let payload = self.unframed(&key, &value)?;
                let key = Key::decode(&key).ok_or_else(|| self.damaged("a key"))?;
                Ok((key, payload))
            }))
        })
    }

    fn unframed(&self, key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError> {
        key::unframe(key, value)
            .map(<[u8]>::to_vec)
            .map_err(|what| StoreError::damaged(&self.path, None, what))
    }

    fn seq(&self, payload: &[u8]) -> Result<Seq, StoreError> {
        payload.try_into().map(u64::from_le_bytes).map_err(|_| self.damaged("a head row"))
    }

    fn damaged(&self, place: &str) -> StoreError {
        StoreError::damaged(&self.path, None, format!("{place} does not read"))
    }
}

/// Returns the ended and the new version of each change, the ended ones first.
fn versions(changes: &[Change]) -> impl Iterator<Item = (ArticleId, Version, bool)> + '_ {
    let ended = changes.iter().filter_map(|change| Some((change.id, change.old?, false)));
    let new = changes.iter().filter_map(|change| Some((change.id, change.new.as_ref()?.version, true)));
    ended.chain(new)
}

/// Returns the numbered pieces of a value. The last one is not full, so that its end is known.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let full = bytes.len() / CHUNK_BYTES_MAX;
    let end: &[u8] = if full * CHUNK_BYTES_MAX == bytes.len() { &[] } else { bytes };
    let end = end.get(full * CHUNK_BYTES_MAX..).unwrap_or_default();
    let pieces = bytes.chunks_exact(CHUNK_BYTES_MAX).chain(std::iter::once(end));
    pieces.zip(0..).map(|(piece, chunk)| (chunk, piece))
}

/// Rows on their way to sled, written whenever a batch is full.
struct Batch<'r> {
    records: &'r Records,
    rows: sled::Batch,
    count: usize,
    bytes: usize,
}

impl<'r> Batch<'r> {
    fn new(records: &'r Records) -> Batch<'r> {
        Batch { records, rows: sled::Batch::default(), count: 0, bytes: 0 }
    }

    fn insert(&mut self, key: Key, payload: &[u8]) -> Result<(), StoreError> {
        let key = key.encode();
        let value = key::frame(&key, payload);
        self.count_row(key.len() + value.len())?;
        self.rows.insert(key, value);
        Ok(())
    }

    fn remove(&mut self, key: Key) -> Result<(), StoreError> {
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

    fn write(&mut self) -> Result<(), StoreError> {
        let rows = std::mem::take(&mut self.rows);
        (self.count, self.bytes) = (0, 0);
        guarded("write", || self.records.db.apply_batch(rows))
    }
}

/// Runs a call of sled; its errors and its panics are errors.
fn guarded<T>(action: &'static str, call: impl FnOnce() -> sled::Result<T>) -> Result<T, StoreError> {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(StoreError::Records { action, what: error.to_string() }),
        Err(panic) => Err(StoreError::Records { action, what: panic_text(&*panic) }),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "it panicked".to_owned())
}

/// Opens the store, waiting where its file is still locked.
fn open_released(config: &sled::Config) -> sled::Result<sled::Db> {
    let begin = Instant::now();
    loop {
        match config.open() {
            Err(error) if is_locked(&error) && begin.elapsed() < LOCK_WAIT => std::thread::sleep(LOCK_PAUSE),
            opened => return opened,
        }
    }
}

/// Tells the error of a locked file from others; sled gives it no kind of its own.
fn is_locked(error: &sled::Error) -> bool {
    matches!(error, sled::Error::Io(error) if error.to_string().starts_with("could not acquire lock"))
}

/// Removes snapshots that a crash left half written: sled would never open again.
fn remove_unfinished_snapshots(path: &Path) -> Result<(), StoreError> {
    if !path.exists() {
        return Ok(());
    }
    for name in files::names(path)? {
        if name.starts_with("snap.") && name.ends_with(".generating") {
            files::remove_if_there(&files::SystemFiles, &path.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::entry::NewVersion;

    fn version(seq: Seq, key_hash: u64, content_hash: u64) -> Version {
        Version { seq, key_hash, content_hash }
    }

    fn change(id: u32, old: Option<Version>, new: Option<(Version, &[u8])>) -> Change {
        let new = new.map(|(version, frame)| NewVersion { version, frame: Some(frame.to_vec()) });
        Change { id: ArticleId(id), old, new }
    }

    fn apply(records: &Records, seq: Seq, changes: &[Change]) {
        let meta = Meta { applied_seq: seq, articles: 0 };
        let none = &mut |_: &Change| Err(StoreError::Poisoned);
        records.apply(meta, changes, none).unwrap();
    }

    #[test]
    fn changes_move_every_row() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records::open(folder.path()).unwrap();
        let (first, second) = (version(1, 10, 20), version(2, 10, 21));
        apply(&records, 1, &[change(7, None, Some((first, b"first")))]);
        assert_eq!(records.head(ArticleId(7)).unwrap(), Some(1));
        assert_eq!(records.frame(ArticleId(7), 1).unwrap().unwrap(), b"first");
        let replace = [change(7, Some(first), Some((second, b"second")))];
        for _ in 0..2 {
            apply(&records, 2, &replace);
            assert_eq!(records.head(ArticleId(7)).unwrap(), Some(2));
            assert_eq!(records.frame(ArticleId(7), 1).unwrap(), None);
            assert_eq!(records.ids_of_key(10).unwrap(), [ArticleId(7)]);
            assert_eq!(records.ids_of_content(20).unwrap(), []);
            assert_eq!(records.ids_of_content(21).unwrap(), [ArticleId(7)]);
        }
        let records = records.reopen().unwrap();
        assert_eq!(records.meta().unwrap().applied_seq, 2);
        apply(&records, 3, &[change(7, Some(second), None)]);
        let keys: Vec<Key> = records.rows().map(|row| row.unwrap().0).collect();
        assert_eq!(keys, [Key::Meta], "a deleted article leaves nothing behind");
    }

    #[test]
    fn one_commit_may_move_a_key_and_two_keys_may_collide() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records::open(folder.path()).unwrap();
        let (one, two) = (version(1, 10, 20), version(1, 10, 20));
        apply(&records, 1, &[change(1, None, Some((one, b"1"))), change(2, None, Some((two, b"2")))]);
        assert_eq!(records.ids_of_key(10).unwrap(), [ArticleId(1), ArticleId(2)]);
        assert_eq!(records.ids_of_content(20).unwrap(), [ArticleId(1), ArticleId(2)]);
        let three = version(2, 10, 20);
        apply(&records, 2, &[change(1, Some(one), None), change(3, None, Some((three, b"3")))]);
        assert_eq!(records.ids_of_key(10).unwrap(), [ArticleId(2), ArticleId(3)]);
        assert_eq!(
            records.heads().map(Result::unwrap).collect::<Vec<_>>(),
            [(ArticleId(2), 1), (ArticleId(3), 2)]
        );
    }

    #[test]
    fn long_records_are_cut_into_rows_and_joined() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records::open(folder.path()).unwrap();
        for (id, length) in
            [0, 1, CHUNK_BYTES_MAX - 1, CHUNK_BYTES_MAX, CHUNK_BYTES_MAX * 3 + 5].iter().enumerate()
        {
            let frame: Vec<u8> = (0..*length).map(|i| (i % 251) as u8).collect();
            let id = id as u32;
            apply(&records, 1, &[change(id, None, Some((version(1, 0, 0), &frame)))]);
            assert_eq!(records.frame(ArticleId(id), 1).unwrap().unwrap(), frame);
        }
        assert!(records.rows().all(|row| row.unwrap().1.len() <= CHUNK_BYTES_MAX));
    }

    #[test]
    fn the_copy_of_a_file_is_the_last_one() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records::open(folder.path()).unwrap();
        assert_eq!(records.copy(Copied::Manifest).unwrap(), None);
        for length in [CHUNK_BYTES_MAX * 2 + 1, 10, CHUNK_BYTES_MAX] {
            let bytes = vec![length as u8; length];
            records.put_copy(Copied::Manifest, &bytes).unwrap();
            assert_eq!(records.copy(Copied::Manifest).unwrap().unwrap(), bytes);
        }
        assert_eq!(records.copy(Copied::Catalog).unwrap(), None);
        assert_eq!(records.rows().count(), 2);
    }

    #[test]
    fn a_commit_of_many_batches_is_applied_whole() {
        let folder = tempfile::tempdir().unwrap();
        let records = Records::open(folder.path()).unwrap();
        let new = |id: u32| change(id, None, Some((version(1, u64::from(id) * 7, 1), &[1; 5000][..])));
        let changes: Vec<Change> = (0..1000).map(new).collect();
        apply(&records, 1, &changes);
        assert_eq!(records.heads().count(), 1000);
        assert_eq!(records.ids_of_content(1).unwrap().len(), 1000);
        assert_eq!(records.ids_of_key(7 * 999).unwrap(), [ArticleId(999)]);
    }

    #[test]
    fn a_leftover_snapshot_does_not_stand_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        drop(Records::open(folder.path()).unwrap());
        std::fs::write(folder.path().join("snap.0000000000000000.generating"), b"half").unwrap();
        Records::open(folder.path()).unwrap();
        assert!(!folder.path().join("snap.0000000000000000.generating").exists());
    }

    #[test]
    fn a_store_that_is_still_closing_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let closing = Records::open(folder.path()).unwrap();
        let (sender, receiver) = std::sync::mpsc::channel();
        let path = folder.path().to_owned();
        let opener = std::thread::spawn(move || {
            sender.send(()).unwrap();
            Records::open(&path).map(|_| ())
        });
        receiver.recv().unwrap();
        std::thread::sleep(LOCK_PAUSE * 4);
        assert!(!opener.is_finished(), "the lock is still held");
        drop(closing);
        opener.join().unwrap().unwrap();
    }

    #[test]
    fn what_is_no_store_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("conf"), b"nonsense that is no configuration").unwrap();
        assert!(matches!(Records::open(folder.path()), Err(StoreError::Records { .. })));
    }
}
