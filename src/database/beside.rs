//! Merging beside commits.
//!
//! A merge has three parts. Under the writer's lock its inputs are chosen; without it the new segment is written from the
//! inputs as they were; under it again the new segment takes their place, and what was deleted or replaced in them
//! meanwhile becomes its tombstones. A crash at any point leaves a file that nothing names, which the next writer removes.
//!
//! One merge runs at a time; [`Turns`] says whose. Those that commits make due run on a thread that ends with them. Work
//! that writes all segments anew has it end first: it would keep files of the old ones.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard};

use uuid::Uuid;

use super::merge::due;
use super::open::{Database, Writer};
use super::piece::Piece;
use super::seal::write_segment_file;
use super::turns::{Turn, Turns};
use crate::article::{ArticleId, Seq};
use crate::error::{Error, Result};
use crate::segment::{self, SegmentError};
use crate::store::StoreError;
use crate::store::files::{self, Files};
use crate::store::manifest;

/// A writer with those who merge for it.
#[derive(Debug)]
pub(super) struct Shared {
    writer: Mutex<Writer>,
    turns: Turns,
    /// Whether due merges run on a thread of their own.
    on_thread: bool,
}

/// The file of a merge under way, which no sweep touches.
#[derive(Debug, Clone, Copy)]
pub(super) struct InWork {
    pub number: u64,
    /// Names the scratch files too.
    pub uuid: Uuid,
}

/// A merge under way.
pub(super) struct Merge {
    /// Its inputs as they were when it began.
    inputs: Vec<Piece>,
    work: InWork,
    folder: PathBuf,
    files: Arc<dyn Files>,
}

impl Shared {
    pub fn new(writer: Writer) -> Shared {
        let is_due = writer.is_merge_due.clone();
        // What earlier sessions left follows the first commit of this one.
        is_due.fetch_or(due(&writer.state.sealed).is_some(), Ordering::SeqCst);
        Shared {
            turns: Turns::new(is_due),
            on_thread: writer.options.merge_beside,
            writer: Mutex::new(writer),
        }
    }

    /// Returns the writer, once no other thread has it.
    pub fn writer(&self) -> Result<MutexGuard<'_, Writer>> {
        let panicked = |_| Error::Stopped { reason: "an earlier call panicked".to_owned() };
        self.writer.lock().map_err(panicked)
    }

    /// Merges until nothing is due, or somebody waits for the end of it.
    pub fn merge(&self) -> Result<()> {
        let _turn = self.turns.wait();
        self.turns.merge_all(|| self.merge_one())
    }

    /// Merges once; tells whether there was anything to merge.
    fn merge_one(&self) -> Result<bool> {
        let Some(merge) = self.writer()?.begin_merge()? else { return Ok(false) };
        let written = merge.write(&|| self.turns.is_unwanted());
        let is_given_up = matches!(written, Err(Error::Segment(SegmentError::GivenUp)));
        let ended = self.writer()?.end_merge(&merge, written);
        if is_given_up { Ok(true) } else { ended.map(|()| true) }
    }

    /// Gives up the merge under way, which ends at once, and lets no other begin as long as the turn is held.
    pub fn without_merges(&self) -> Turn<'_> {
        self.turns.without_merges()
    }

    /// Merges what commits made due, unless somebody merges already or wants nobody to.
    fn merge_or_warn(&self) {
        let Some(_turn) = self.turns.take() else { return };
        let merged = self.is_any_due().and_then(|is_due| match is_due {
            true => self.turns.merge_all(|| self.merge_one()),
            false => Ok(()),
        });
        if let Err(error) = merged {
            tracing::warn!(%error, "segments could not be merged, which is tried again after the next seal");
        }
    }

    fn is_any_due(&self) -> Result<bool> {
        Ok(due(&self.writer()?.state.sealed).is_some())
    }

    /// Lets the merge under way come to its end, or one that was about to begin.
    pub fn end_merges(&self) {
        self.turns.end();
    }
}

impl Database {
    /// Changes the database; merges that this makes due follow when the writer is free again.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Writer) -> Result<T>) -> Result<T> {
        let done = change(&mut *self.writer()?);
        self.merge_if_due();
        done
    }

    /// Begins merges that have become due; the caller must not hold the writer.
    pub(super) fn merge_if_due(&self) {
        if !self.shared.turns.take_due() {
            return;
        }
        if !self.shared.on_thread {
            return self.shared.merge_or_warn();
        }
        let shared = self.shared.clone();
        if let Err(error) = self.shared.turns.on_thread(move || shared.merge_or_warn()) {
            tracing::warn!(%error, "no thread to merge on; the next seal tries again");
        }
    }

    /// Ends bulk work: seals, merges, and closes and opens the record store so that its own snapshot covers it.
    ///
    /// Everything was committed before, so what has no room to be sealed or merged is put off; returns why.
    ///
    /// # Errors
    ///
    /// Damage that sealing or merging meets, which would come again at every change.
    pub(super) fn settle_down(&self) -> Result<Option<String>> {
        let merged = self.shared.merge();
        let mut writer = self.writer()?;
        writer.check_running()?;
        writer.reopen_records();
        let Err(error) = merged else { return Ok(None) };
        if error.is_damage() {
            return Err(error);
        }
        self.shared.turns.put_off();
        tracing::warn!(%error, "segments could not be merged, which the next change tries again");
        Ok(Some(error.to_string()))
    }
}

impl Merge {
    /// Writes what is alive in the inputs as one segment; `None` where that is nothing.
    fn write(&self, is_given_up: &dyn Fn() -> bool) -> Result<Option<Piece>> {
        if self.inputs.iter().all(|piece| piece.articles() == 0) {
            return Ok(None);
        }
        let inputs: Vec<_> =
            self.inputs.iter().map(Piece::live).map(|live| (live.segment, live.dead)).collect();
        let entry = write_segment_file(&*self.files, &self.folder, self.work.number, |out| {
            segment::merge_unless(is_given_up, &inputs, self.work.uuid, &self.folder, out)
        })?;
        Ok(Some(Piece::open(&self.folder, &entry)?))
    }
}

impl Writer {
    /// Seals, and chooses the segments that are merged next; `None` where there are none.
    fn begin_merge(&mut self) -> Result<Option<Merge>> {
        self.seal()?;
        let Some(numbers) = due(&self.state.sealed) else { return Ok(None) };
        let is_input = |piece: &&Piece| piece.entry.as_ref().is_some_and(|e| numbers.contains(&e.number));
        let inputs: Vec<Piece> = self.state.sealed.iter().filter(is_input).cloned().collect();
        let bytes = inputs.iter().filter_map(|piece| piece.entry.as_ref()).map(|entry| entry.bytes).sum();
        self.check_room("merging segments", bytes)?;
        let work = InWork { number: self.next_segment(), uuid: Uuid::new_v4() };
        self.in_work = Some(work);
        Ok(Some(Merge { inputs, work, folder: self.folder.clone(), files: self.files.clone() }))
    }

    /// Puts a merged segment in the place of its inputs, or throws it away where nothing of it is alive any more.
    fn end_merge(&mut self, merge: &Merge, written: Result<Option<Piece>>) -> Result<()> {
        let is_used = written.and_then(|merged| self.swap(merge, merged));
        self.in_work = None;
        if let Ok(false) = is_used {
            let path = manifest::segment_path(&self.folder, merge.work.number);
            files::remove_if_there(&*self.files, &path)?;
        }
        is_used.map(|_| ())
    }

    /// Tells whether the merged segment became one of the database. What was committed meanwhile is sealed with it.
    fn swap(&mut self, merge: &Merge, mut merged: Option<Piece>) -> Result<bool> {
        self.check_running()?;
        for before in &merge.inputs {
            let now = self.state.sealed.iter().find(|piece| is_same_file(piece, before));
            for (id, seq) in self.ended_since(before, now)? {
                self.carry_over(id, seq, merged.as_mut())?;
            }
        }
        let is_used = merged.as_ref().is_some_and(|piece| piece.articles() > 0);
        let unsealed = self.write_unsealed()?;
        let is_input = |piece: &&Piece| merge.inputs.iter().any(|input| is_same_file(input, piece));
        let rest = self.state.sealed.iter().filter(|piece| !is_input(piece)).cloned();
        let sealed = merged.into_iter().chain(rest).chain(unsealed).collect();
        self.replace_manifest(sealed)?;
        Ok(is_used)
    }

    /// Lists what ended in an input since it was read: all of it, where it is no longer part of the database.
    fn ended_since(&self, before: &Piece, now: Option<&Piece>) -> Result<Vec<(ArticleId, Seq)>> {
        let Some(now) = now else {
            let identities = before.segment.identities()?;
            return Ok(before.ordinals().map(|ordinal| (identities.id(ordinal), self.state.seq)).collect());
        };
        let is_new = |(id, seq): &(&ArticleId, &Seq)| before.tombstones.get(id) != Some(seq);
        Ok(now.tombstones.iter().filter(is_new).map(|(&id, &seq)| (id, seq)).collect())
    }

    /// Ends in a merged segment what ended in an input.
    fn carry_over(&self, id: ArticleId, seq: Seq, merged: Option<&mut Piece>) -> Result<()> {
        let lost = || {
            let path = manifest::segments_path(&self.folder);
            StoreError::damaged(&path, None, format!("article {id} was lost in a merge"))
        };
        let piece = merged.ok_or_else(lost)?;
        let ordinal = piece.living(id)?.ok_or_else(lost)?;
        piece.end(ordinal, id, seq);
        Ok(())
    }
}

fn is_same_file(one: &Piece, other: &Piece) -> bool {
    let file = |piece: &Piece| piece.entry.as_ref().map(|entry| (entry.number, entry.uuid));
    file(one) == file(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::database::{CompactOptions, Options};
    use crate::exec::CancelToken;
    use std::collections::BTreeMap;
    use std::path::Path;

    type Contents = BTreeMap<String, String>;

    fn article(key: usize, body: &str) -> Article {
        Article { key: key.to_string(), body: body.to_owned(), ..Article::default() }
    }

    /// A database with segments enough to be merged, which nothing has merged yet.
    fn unmerged(path: &Path) -> Database {
        let options = Options { create: true, merge_beside: false, ..Options::default() };
        let database = Database::open_with(path, options).unwrap();
        for n in 0..20 {
            let mut writer = database.writer().unwrap();
            writer.insert(article(n, "They met.").into()).unwrap();
            if n % 2 == 1 {
                writer.seal().unwrap();
            }
        }
        database
    }

    fn contents(database: &Database) -> Contents {
        let mut contents = Contents::new();
        for live in &database.snapshot().view().segments {
            for ordinal in (0..live.segment.articles()).filter(|&ordinal| !live.is_dead(ordinal)) {
                let article = live.segment.record(ordinal).unwrap().article;
                assert_eq!(contents.insert(article.key, article.body), None, "it is alive twice");
            }
        }
        contents
    }

    fn assert_sound(database: &Database, expected: &Contents) {
        assert_eq!(&contents(database), expected);
        let report = database.check_deep(&CancelToken::default(), &mut |_| {}).unwrap();
        assert!(report.is_sound(), "{:?}", report.problems);
    }

    /// Opens what a crash would leave of a database at this moment.
    fn assert_survives_a_crash(path: &Path, expected: &Contents) {
        let folder = tempfile::tempdir().unwrap();
        copy(path, folder.path());
        let database = Database::open(folder.path()).unwrap();
        assert_sound(&database, expected);
        let named = database.snapshot().view().segments.len();
        database.close().unwrap();
        let names = files::names(&manifest::segments_path(folder.path())).unwrap();
        let segments = names.iter().filter(|name| name.ends_with(".seg")).count();
        assert!(segments <= named, "unfinished files are swept: {names:?}");
    }

    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            let target = to.join(entry.file_name());
            match entry.file_type().unwrap().is_dir() {
                true => copy(&entry.path(), &target),
                false => drop(std::fs::copy(entry.path(), target).unwrap()),
            }
        }
    }

    /// Replaces, deletes, adds and seals, as other threads do while a merge is written.
    fn change(database: &Database) {
        let mut writer = database.writer().unwrap();
        writer.replace(article(3, "They met again.").into()).unwrap();
        let doomed = writer.current.load().get_by_key("7").unwrap().unwrap().id;
        writer.delete(&[doomed]).unwrap();
        writer.seal().unwrap();
        writer.replace(article(3, "They never met.").into()).unwrap();
        writer.replace(article(8, "Who met?").into()).unwrap();
        writer.insert(article(100, "Somebody else.").into()).unwrap();
    }

    #[test]
    fn what_is_changed_while_a_merge_is_written_stays_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let database = unmerged(&path);
        let merge = database.writer().unwrap().begin_merge().unwrap().expect("it is due");
        assert!(merge.inputs.len() >= 8);
        change(&database);
        let expected = contents(&database);
        assert_eq!((expected["3"].as_str(), expected.len()), ("They never met.", 20));
        let written = merge.write(&|| false);
        assert_survives_a_crash(&path, &expected);
        database.writer().unwrap().end_merge(&merge, written).unwrap();
        assert_sound(&database, &expected);
        assert_survives_a_crash(&path, &expected);
        assert!(database.snapshot().view().segments.len() <= 3);
        drop(database);
        assert_sound(&Database::open(&path).unwrap(), &expected);
    }

    #[test]
    fn a_merge_whose_inputs_are_gone_is_thrown_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let database = unmerged(&path);
        let expected = contents(&database);
        let merge = database.writer().unwrap().begin_merge().unwrap().expect("it is due");
        let written = merge.write(&|| false);
        database.compact(&CompactOptions::default(), &CancelToken::default(), &mut |_| {}).unwrap();
        let file = manifest::segment_path(&path, merge.work.number);
        assert!(file.exists(), "no sweep touches it");
        database.writer().unwrap().end_merge(&merge, written).unwrap();
        assert!(!file.exists());
        assert_sound(&database, &expected);
    }

    #[test]
    fn a_merge_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let database = unmerged(&path);
        let expected = contents(&database);
        let before = files::names(&manifest::segments_path(&path)).unwrap();
        let merge = database.writer().unwrap().begin_merge().unwrap().expect("it is due");
        let written = merge.write(&|| true);
        assert!(written.is_err());
        assert!(database.writer().unwrap().end_merge(&merge, written).is_err());
        assert_eq!(files::names(&manifest::segments_path(&path)).unwrap(), before);
        assert_sound(&database, &expected);
        database.merge().unwrap();
        assert_eq!(database.snapshot().view().segments.len(), 1);
        assert_sound(&database, &expected);
    }

    #[test]
    fn a_merge_that_meets_damage_keeps_its_inputs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let database = unmerged(&path);
        let expected = contents(&database);
        let merge = database.writer().unwrap().begin_merge().unwrap().expect("it is due");
        let number = merge.inputs[0].entry.as_ref().unwrap().number;
        let damaged = manifest::segment_path(&path, number);
        let good = std::fs::read(&damaged).unwrap();
        let mut flipped = good.clone();
        // Behind the header of the file and that of the first record.
        flipped[40] ^= 1;
        std::fs::write(&damaged, &flipped).unwrap();
        let written = merge.write(&|| false);
        let error = database.writer().unwrap().end_merge(&merge, written).unwrap_err();
        assert!(error.is_damage(), "{error}");
        for part in [damaged.to_str().unwrap(), "articles, article 0"] {
            assert!(error.to_string().contains(part), "{part}: {error}");
        }
        assert_eq!(std::fs::read(&damaged).unwrap(), flipped, "what is left of the copy stays");
        std::fs::write(&damaged, &good).unwrap();
        database.merge().unwrap();
        assert_sound(&database, &expected);
    }

    #[test]
    fn nobody_merges_while_somebody_wants_none() {
        let folder = tempfile::tempdir().unwrap();
        let database = unmerged(&folder.path().join("db"));
        let alone = database.shared.without_merges();
        std::thread::scope(|scope| {
            let merging = scope.spawn(|| database.merge());
            let before = database.snapshot().view().segments.len();
            database.writer().unwrap().insert(article(50, "Text.").into()).unwrap();
            assert!(database.snapshot().view().segments.len() > before, "commits go on");
            database.shared.turns.put_off();
            let before = database.snapshot().view().segments.len();
            database.merge_if_due();
            assert_eq!(database.snapshot().view().segments.len(), before, "nor does a commit merge");
            assert!(database.shared.turns.take_due(), "it stays due");
            assert!(!merging.is_finished());
            drop(alone);
            merging.join().unwrap().unwrap();
        });
        assert!(database.snapshot().view().segments.len() <= 4);
    }
}
