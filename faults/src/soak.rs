//! Soak: everything that a database does, in random order, for as long as one likes, beside readers; compared with a map
//! all the time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use dateline::database::{BackupOptions, Database, Options, Reader, backup, restore};
use dateline::exec::CancelToken;

use crate::archive::{Change, Contents, Dice, contents, restless};
use crate::tally::{Outcome, text_of};

/// Steps that a soak takes at least.
const STEPS_MIN: u64 = 60;

/// Readers beside the writer, each of the files as another process would be.
const READERS: u64 = 2;

/// Commits whose contents are kept, for readers that are behind.
const KEPT_MAX: usize = 64;

/// What the writer tells the readers.
#[derive(Default)]
struct Shared {
    /// What was acknowledged, by commit.
    known: Mutex<BTreeMap<u64, Contents>>,
    /// How often a reader found the contents of a commit that it knew.
    compared: AtomicU64,
    is_over: AtomicBool,
}

impl Shared {
    fn tell(&self, seq: u64, contents: &Contents) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(seq, contents.clone());
        while known.len() > KEPT_MAX {
            known.pop_first();
        }
    }

    fn known(&self, seq: u64) -> Option<Contents> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&seq).cloned()
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }
}

/// Does everything at random until the time is over.
pub fn run(seed: u64, time: Duration) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let shared = Shared::default();
    // There is a database before anybody reads.
    drop(Database::open_with(folder.path().join("db"), options()).unwrap());
    let (written, read) = std::thread::scope(|scope| {
        let reading: Vec<_> = (0..READERS)
            .map(|_| {
                scope.spawn(|| {
                    let read = read(&shared, &folder.path().join("db"));
                    shared.is_over.fetch_or(read.is_err(), Ordering::SeqCst);
                    read
                })
            })
            .collect();
        let writing = scope.spawn(|| {
            let written = Soak::new(folder.path(), seed, &shared).run(time);
            shared.is_over.store(true, Ordering::SeqCst);
            written
        });
        let written = writing.join();
        (written, reading.into_iter().map(|thread| thread.join()).collect::<Vec<_>>())
    });
    for read in read {
        match read {
            Ok(Ok(())) => {}
            Ok(Err(wrong)) => return Outcome::Wrong(format!("a reader: {wrong}")),
            Err(panic) => return Outcome::Panicked(text_of(&*panic)),
        }
    }
    match written {
        Ok(Ok(told)) => {
            let compared = shared.compared.load(Ordering::SeqCst);
            Outcome::Survived(format!("{told}; readers compared {compared} snapshots"))
        }
        Ok(Err(outcome)) => outcome,
        Err(panic) => Outcome::Panicked(text_of(&*panic)),
    }
}

fn options() -> Options {
    Options { merge_beside: true, ..restless() }
}

/// Follows the files; what a commit holds must be what was acknowledged under its number.
fn read(shared: &Shared, path: &Path) -> Result<(), String> {
    let said = |error: dateline::Error| error.to_string();
    while !shared.is_over() {
        let reader = Reader::open(path).map_err(said)?;
        let mut last = 0;
        for _ in 0..20 {
            reader.refresh().map_err(said)?;
            let snapshot = reader.snapshot();
            let found = contents(&snapshot).map_err(said)?;
            if snapshot.seq() < last {
                return Err(format!("commit {} is seen behind {last}", snapshot.seq()));
            }
            last = snapshot.seq();
            if let Some(known) = shared.known(last) {
                if known != found {
                    return Err(format!(
                        "commit {last} holds {} articles, told were {}",
                        found.len(),
                        known.len()
                    ));
                }
                shared.compared.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
    Ok(())
}

/// The writer with its map.
struct Soak<'s> {
    folder: PathBuf,
    dice: Dice,
    known: Contents,
    shared: &'s Shared,
    database: Option<Database>,
    /// What the last backup held.
    backed_up: Option<Contents>,
    steps: BTreeMap<&'static str, u64>,
}

impl<'s> Soak<'s> {
    fn new(folder: &Path, seed: u64, shared: &'s Shared) -> Soak<'s> {
        Soak {
            folder: folder.to_owned(),
            dice: Dice(seed),
            known: Contents::new(),
            shared,
            database: None,
            backed_up: None,
            steps: BTreeMap::new(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn run(mut self, time: Duration) -> Result<String, Outcome> {
        let begin = Instant::now();
        self.open()?;
        let mut steps = 0;
        while !self.shared.is_over() && (steps < STEPS_MIN || begin.elapsed() < time) {
            let what = self.step().map_err(lost)??;
            *self.steps.entry(what).or_default() += 1;
            steps += 1;
        }
        self.reopen().map_err(lost)??;
        let sound = self.database().check_deep(&never(), &mut |_| {}).map_err(lost)?;
        if !sound.is_sound() {
            return Err(Outcome::Wrong(format!("{:?}", sound.problems)));
        }
        Ok(format!("{steps} steps: {:?}, {} articles", self.steps, self.known.len()))
    }

    fn database(&self) -> &Database {
        self.database.as_ref().expect("it is closed only within a step")
    }

    /// Does one thing; the inner error is something lost or wrong.
    fn step(&mut self) -> dateline::Result<Result<&'static str, Outcome>> {
        let what = match self.dice.roll(40) {
            0 => return Ok(self.reopen()?.map(|()| "reopen")),
            1 => return Ok(self.repair()?.map(|()| "repair")),
            2 => return Ok(self.back_up()?.map(|()| "backup")),
            3 => return Ok(self.restore()?.map(|()| "restore")),
            4 => return Ok(self.dump_and_load()?.map(|()| "dump and load")),
            5 => return Ok(self.check()?.map(|()| "check")),
            6..=13 => return Ok(self.ask()?.map(|()| "questions")),
            _ => self.change()?,
        };
        Ok(Ok(what))
    }

    fn change(&mut self) -> dateline::Result<&'static str> {
        let change = Change::draw(&mut self.dice);
        change.make(self.database(), &self.folder)?;
        change.apply(&mut self.known);
        self.shared.tell(self.database().snapshot().seq(), &self.known);
        Ok(match change {
            Change::Replace(..) => "replace",
            Change::Delete(_) => "delete",
            Change::Import(..) => "import",
            Change::Flush => "flush",
            Change::Merge => "merge",
            Change::Reindex => "reindex",
            Change::Compact(_) => "compact",
            Change::Reextract => "reextract",
        })
    }

    fn open(&mut self) -> Result<(), Outcome> {
        self.database = Some(Database::open_with(self.path("db"), options()).map_err(lost)?);
        Ok(())
    }

    fn reopen(&mut self) -> dateline::Result<Result<(), Outcome>> {
        if let Some(database) = self.database.take() {
            // A handle that is only dropped leaves more to be done at the next opening.
            if self.dice.roll(2) == 0 { database.close()? } else { drop(database) }
        }
        self.database = Some(Database::open_with(self.path("db"), options())?);
        let found = contents(&self.database().snapshot())?;
        Ok(self.compare("after it was opened again", &found))
    }

    fn repair(&mut self) -> dateline::Result<Result<(), Outcome>> {
        drop(self.database.take());
        let report = Database::repair(self.path("db"), options(), &never(), &mut |_| {})?;
        if !report.is_whole() {
            return Ok(Err(Outcome::Lost(format!("{:?} {:?}", report.lost, report.check.problems))));
        }
        self.reopen()
    }

    fn back_up(&mut self) -> dateline::Result<Result<(), Outcome>> {
        let link = self.dice.roll(2) == 0;
        let options = BackupOptions { link, ..BackupOptions::default() };
        backup(self.path("db"), self.path("backup"), &options, &never(), &mut |_| {})?;
        let found = contents(&Reader::open(self.path("backup"))?.snapshot())?;
        self.backed_up = Some(self.known.clone());
        Ok(self.compare("in the backup", &found))
    }

    fn restore(&mut self) -> dateline::Result<Result<(), Outcome>> {
        let Some(expected) = &self.backed_up else { return Ok(Ok(())) };
        let to = self.path("restored");
        restore(self.path("backup"), &to, options(), &never(), &mut |_| {})?;
        let found = contents(&Database::open_with(&to, options())?.snapshot())?;
        let outcome = compared("in the restored backup", expected, &found);
        fs::remove_dir_all(to).unwrap();
        Ok(outcome)
    }

    fn dump_and_load(&mut self) -> dateline::Result<Result<(), Outcome>> {
        let mut dump = Vec::new();
        self.database().snapshot().dump(&mut dump, &never(), &mut |_| {})?;
        let to = self.path("loaded");
        let database = Database::open_with(&to, options())?;
        database.load(dump.as_slice(), &never(), &mut |_| {})?;
        let found = contents(&database.snapshot())?;
        drop(database);
        fs::remove_dir_all(to).unwrap();
        Ok(self.compare("in the loaded dump", &found))
    }

    fn check(&mut self) -> dateline::Result<Result<(), Outcome>> {
        let report = match self.dice.roll(2) {
            0 => self.database().check()?,
            _ => self.database().check_deep(&never(), &mut |_| {})?,
        };
        Ok(match report.is_sound() {
            true => Ok(()),
            false => Err(Outcome::Wrong(format!("{:?}", report.problems))),
        })
    }

    /// Compares all articles, and answers that the map can tell.
    fn ask(&mut self) -> dateline::Result<Result<(), Outcome>> {
        let found = contents(&self.database().snapshot())?;
        if let Err(outcome) = self.compare("in the snapshot", &found) {
            return Ok(Err(outcome));
        }
        let reader = self.database().reader();
        for place in ["Idlib", "Paris", "Tehran"] {
            let expected = self.known.values().filter(|body| body.contains(place)).count();
            for query in [
                format!("count where text contains \"{place}\""),
                format!("count where mentions \"{place}\""),
            ] {
                let answer = reader.query(&query)?;
                let found: Vec<_> = answer.rows.iter().map(|row| format!("{:?}", row.cells)).collect();
                let is_right = found.iter().any(|cells| cells.contains(&format!("Whole({expected})")));
                if !is_right {
                    return Ok(Err(Outcome::Wrong(format!("{query}: {found:?}, expected {expected}"))));
                }
            }
        }
        Ok(Ok(()))
    }

    fn compare(&self, place: &str, found: &Contents) -> Result<(), Outcome> {
        compared(place, &self.known, found)
    }
}

fn compared(place: &str, known: &Contents, found: &Contents) -> Result<(), Outcome> {
    let differs = |key: &&String| known.get(*key) != found.get(*key);
    match known.keys().chain(found.keys()).find(differs) {
        None => Ok(()),
        Some(key) => {
            let (known, found) = (known.get(key), found.get(key));
            Err(Outcome::Lost(format!("{key} {place}: acknowledged {known:?}, found {found:?}")))
        }
    }
}

fn lost(error: dateline::Error) -> Outcome {
    Outcome::Lost(error.to_string())
}

fn never() -> CancelToken {
    CancelToken::default()
}
