//! Backup: the files of one generation, copied while others read and write.
//!
//! A backup is a folder like the database's, without the record store, which restoring makes anew. Segments never
//! change, so a second backup into the same folder copies what is new. Until MANIFEST is replaced the folder is the backup
//! before. The journal is the one thing that grows in place: a file of it stands there without commits when MANIFEST
//! comes to name it, since the backup before would read them too, and is filled afterwards, each file at once. So the
//! folder holds a whole commit at every moment. If MANIFEST of the database moved on meanwhile and a file went away,
//! copying starts over.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::work::Work;
use crate::database::follow::Follower;
use crate::database::piece::Piece;
use crate::database::progress::Steps;
use crate::database::sweep::{is_swept, sweep};
use crate::error::{Error, Result};
use crate::exec::CancelToken;
use crate::store::StoreError;
use crate::store::entry::Entry;
use crate::store::files::{self, Files, SystemFiles};
use crate::store::journal;
use crate::store::journal_read::{self, Position, Replay, Who};
use crate::store::manifest::{self, Manifest, SegmentEntry};

/// How often copying starts over while a writer seals again and again.
const ATTEMPTS_MAX: u32 = 100;

/// How a backup is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BackupOptions {
    /// Whether segments are hard links where the file system allows: quick and small, and whatever damages the
    /// database's file damages the backup's, which are one.
    pub link: bool,
    /// Whether segments that an earlier backup copied are trusted. Otherwise every byte of them is read again.
    pub trust_earlier: bool,
}

/// What a backup did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BackupSummary {
    /// Articles in it.
    pub articles: u64,
    /// Number of the last commit in it.
    pub seq: u64,
    /// Bytes copied or linked.
    pub copied_bytes: u64,
    /// Bytes of segments that were there from an earlier backup.
    pub kept_bytes: u64,
}

/// Copies the database of a folder, as of its last commit, into another folder, and verifies the copy.
///
/// It takes no lock: a writer, of this process or another, goes on. The folder is new, or holds an earlier backup of
/// the same database. It can be opened to read like a database.
///
/// # Errors
///
/// [`Error::NotADatabase`]; [`Error::Exists`] where the folder holds anything else than a backup of this database;
/// [`StoreError::Damaged`] and [`SegmentError::Damaged`](crate::segment::SegmentError::Damaged) where a file does not
/// read: the earlier backup then stays as it is.
///
/// # Examples
///
/// ```no_run
/// use dateline::database::{BackupOptions, backup};
/// use dateline::exec::CancelToken;
///
/// let done = backup("news.db", "/mnt/backup/news", &BackupOptions::default(), &CancelToken::default(), &mut |_| {})?;
/// println!("{} articles", done.articles);
/// # Ok::<(), dateline::Error>(())
/// ```
pub fn backup(
    from: impl AsRef<Path>,
    to: impl AsRef<Path>,
    options: &BackupOptions,
    cancel: &CancelToken,
    progress: &mut dyn FnMut(&Steps),
) -> Result<BackupSummary> {
    let (from, to) = (from.as_ref(), to.as_ref());
    if !manifest::manifest_path(from).exists() {
        return Err(Error::NotADatabase { path: from.to_owned() });
    }
    prepare(to, &Manifest::read(from)?)?;
    let mut work = Work::new(cancel, progress);
    let mut attempts = 0;
    let (manifest, mut summary) = loop {
        let manifest = Manifest::read(from)?;
        let mut copy = Copy { from, to, options: *options, summary: BackupSummary::default() };
        attempts += 1;
        match copy.all(&manifest, &mut work) {
            Ok(()) => break (manifest, copy.summary),
            Err(error) => {
                let has_moved = Manifest::read(from)?.generation != manifest.generation;
                if !has_moved || attempts >= ATTEMPTS_MAX {
                    return Err(error);
                }
            }
        }
    };
    // Opened as a reader opens it, the copy must hold a whole commit.
    let state = Follower::open(to)?.state;
    (summary.articles, summary.seq) = (state.articles, state.seq);
    sweep(&SystemFiles, to, &manifest, &state.sealed, None)?;
    Ok(summary)
}

/// Makes the folder, or checks that an earlier backup of the same database lies there.
fn prepare(to: &Path, manifest: &Manifest) -> Result<()> {
    let taken = || Error::Exists { path: to.to_owned() };
    if manifest::manifest_path(to).exists() {
        let is_database = manifest::records_path(to).exists();
        // One that does not read may be of any database.
        let is_other = Manifest::read(to).map_or(true, |earlier| earlier.database != manifest.database);
        if is_database || is_other {
            return Err(taken());
        }
    } else if to.exists() && !(to.is_dir() && files::names(to)?.iter().all(|name| is_ours(name))) {
        return Err(taken());
    }
    for folder in [to.to_owned(), manifest::segments_path(to), manifest::journal_path(to)] {
        files::create_folder(&folder)?;
    }
    Ok(())
}

fn is_ours(name: &str) -> bool {
    ["segments", "journal"].contains(&name) || is_swept(name)
}

struct Copy<'a> {
    from: &'a Path,
    to: &'a Path,
    options: BackupOptions,
    summary: BackupSummary,
}

impl Copy<'_> {
    /// Copies everything that MANIFEST names, puts MANIFEST in place, and copies the journal above it.
    fn all(&mut self, manifest: &Manifest, work: &mut Work<'_>) -> Result<()> {
        let journal = manifest::journal_path(self.from);
        let from = Position::start_of(manifest.journal);
        let replay = journal_read::read(&journal, manifest.database, from, Who::Reader)?;
        self.sealed(manifest, &replay, work)?;
        self.begin_journal(manifest.journal)?;
        manifest.publish(&SystemFiles, self.to)?;
        self.journal(manifest.journal, replay.end)
    }

    /// Copies what never changes: segments, catalog and dictionary.
    fn sealed(&mut self, manifest: &Manifest, replay: &Replay, work: &mut Work<'_>) -> Result<()> {
        let attached = attached(replay, manifest)?;
        let entries: Vec<&SegmentEntry> = manifest.segments.iter().chain(&attached).collect();
        work.begin("copying", entries.iter().map(|entry| entry.bytes).sum(), "bytes")?;
        for entry in entries {
            self.segment(entry)?;
            work.advance(entry.bytes)?;
        }
        let generation = manifest.catalog.generation;
        self.file(
            &manifest::catalog_path(self.from, generation),
            &manifest::catalog_path(self.to, generation),
        )?;
        if let Some(id) = manifest.dictionary {
            self.file(&manifest::dictionary_path(self.from, id), &manifest::dictionary_path(self.to, id))?;
        }
        Ok(())
    }

    /// Puts the first journal file in place without its commits, unless the backup before has its beginning.
    fn begin_journal(&self, number: u64) -> Result<()> {
        let path = |folder| journal::file_path(&manifest::journal_path(folder), number);
        let empty = journal::copy_empty(&path(self.from))?;
        if files::read(&path(self.to)).is_ok_and(|earlier| journal::is_same_file(&earlier, &empty)) {
            return Ok(());
        }
        Ok(files::replace(&SystemFiles, &path(self.to), &empty)?)
    }

    fn segment(&mut self, entry: &SegmentEntry) -> Result<()> {
        let (from, to) =
            (manifest::segment_path(self.from, entry.number), manifest::segment_path(self.to, entry.number));
        if let Some(file) = &entry.tombstones {
            let path = |folder| manifest::tombstones_path(folder, entry.number, file.generation);
            self.file(&path(self.from), &path(self.to))?;
        }
        if self.is_there(entry) {
            self.summary.kept_bytes += entry.bytes;
            return Ok(());
        }
        files::remove_if_there(&SystemFiles, &to)?;
        if !(self.options.link && fs::hard_link(&from, &to).is_ok()) {
            let partial = to.with_extension("tmp");
            copy_durably(&from, &partial)?;
            fs::rename(&partial, &to).map_err(StoreError::io("rename", &partial))?;
        }
        files::sync_folder_of(&SystemFiles, &to)?;
        self.summary.copied_bytes += entry.bytes;
        Piece::open(self.to, entry)?.segment.verify()?;
        Ok(())
    }

    /// Tells whether an earlier backup has the segment, whole.
    fn is_there(&self, entry: &SegmentEntry) -> bool {
        let opened = Piece::open(self.to, entry);
        opened.is_ok_and(|piece| self.options.trust_earlier || piece.segment.verify().is_ok())
    }

    fn file(&mut self, from: &Path, to: &Path) -> Result<()> {
        let bytes = files::read(from)?;
        self.summary.copied_bytes += bytes.len() as u64;
        Ok(files::replace(&SystemFiles, to, &bytes)?)
    }

    fn journal(&mut self, first: u64, end: Position) -> Result<()> {
        for number in first..=end.file {
            let path = journal::file_path(&manifest::journal_path(self.from), number);
            let length = if number == end.file { end.offset } else { length_of(&path)? };
            let bytes = journal::copy_until(&path, length)?;
            self.summary.copied_bytes += bytes.len() as u64;
            files::replace(
                &SystemFiles,
                &journal::file_path(&manifest::journal_path(self.to), number),
                &bytes,
            )?;
        }
        Ok(())
    }
}

/// Returns the segments that commits of the journal attached.
fn attached(replay: &Replay, manifest: &Manifest) -> Result<Vec<SegmentEntry>> {
    let above = replay.frames.iter().filter(|frame| frame.seq > manifest.sealed_seq);
    let entries = above.map(|frame| Entry::decode(&frame.payload));
    Ok(entries.filter_map(|entry| entry.map(|entry| entry.attached).transpose()).collect::<Result<_, _>>()?)
}

fn length_of(path: &Path) -> Result<u64> {
    Ok(fs::metadata(path).map_err(StoreError::io("read", path))?.len())
}

/// Copies a file and makes its bytes durable.
pub(super) fn copy_durably(from: &Path, to: &Path) -> Result<()> {
    // The copy is its owner's alone, as the file is.
    let mut source = File::open(from).map_err(StoreError::io("open", from))?;
    let mut target = SystemFiles.create(to).map_err(StoreError::io("create", to))?;
    io::copy(&mut source, &mut target).map_err(StoreError::io("copy", from))?;
    Ok(target.sync().map_err(StoreError::io("sync", to))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::database::{Database, Options, Reader, restore};
    use crate::segment::{SegmentBuilder, Versions};

    fn article(key: &str) -> Article {
        Article { key: key.to_owned(), body: format!("They met, {key}."), ..Article::default() }
    }

    fn never() -> CancelToken {
        CancelToken::default()
    }

    fn back_up(from: &Path, to: &Path) -> BackupSummary {
        backup(from, to, &BackupOptions::default(), &never(), &mut |_| {}).unwrap()
    }

    /// Writes the first segment of a closed database as another version of this program would have indexed it.
    fn index_otherwise(folder: &Path) {
        let mut manifest = Manifest::read(folder).unwrap();
        let entry = &mut manifest.segments[0];
        let path = manifest::segment_path(folder, entry.number);
        let segment = crate::segment::Segment::open_file(&path).unwrap();
        let versions = segment.versions();
        let other = Versions { analysis: versions.analysis + 1, ..versions };
        let mut builder = SegmentBuilder::new(other, None);
        for ordinal in 0..segment.articles() {
            builder.add(&segment.record(ordinal).unwrap(), &segment.encoded(ordinal).unwrap()).unwrap();
        }
        let mut bytes = Vec::new();
        let written = builder.finish(entry.uuid, &mut bytes).unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, bytes).unwrap();
        (entry.bytes, entry.checksum) = (written.bytes, written.checksum);
        manifest.publish(&SystemFiles, folder).unwrap();
    }

    #[test]
    fn what_another_version_indexed_is_refused_backed_up_restored_and_reindexed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let database = Database::create(path("db")).unwrap();
        database.insert(article("a")).unwrap();
        database.insert(article("b")).unwrap();
        database.close().unwrap();
        let reader = Reader::open(path("db")).unwrap();
        index_otherwise(&path("db"));
        let is_outdated = |error: Error| matches!(error, Error::Outdated { .. });
        assert!(is_outdated(Reader::open(path("db")).unwrap_err()));
        assert!(is_outdated(Database::open(path("db")).unwrap_err()));
        assert_eq!(reader.snapshot().articles(), 2, "a reader that is open goes on");
        assert_eq!(back_up(&path("db"), &path("backup")).articles, 2);
        let restored = restore(path("backup"), path("restored"), Options::default(), &never(), &mut |_| {});
        assert_eq!(restored.unwrap(), 2);
        assert!(is_outdated(Database::open(path("restored")).unwrap_err()));
        let options = Options { accept_outdated: true, ..Options::default() };
        let database = Database::open_with(path("restored"), options).unwrap();
        assert_eq!(database.reindex(&never(), &mut |_| {}).unwrap(), 2);
        database.close().unwrap();
        let database = Database::open(path("restored")).unwrap();
        assert!(database.check_deep(&never(), &mut |_| {}).unwrap().is_sound());
    }
}
