//! Load: one writer imports, deletes and replaces while four readers ask, and every answer is compared with a model.
//!
//! Two readers follow the writer inside its process, one follows its files as another process would, and one stays where
//! it began and outlives every generation. Then, with nothing else going on, queries of every kind are stopped. At the end
//! every article is read and compared.

mod measure;
pub mod model;
mod questions;
mod stops;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use dateline::article::ArticleId;
use dateline::database::{Database, ImportOptions, Options, Reader, Snapshot};
use dateline::import;

use crate::archive::Dice;
use crate::tally::{Outcome, text_of};
use measure::{Classes, anonymous_bytes};
use model::{CHANGES, CHUNK_MIN, Model, Rows, State};
use questions::Question;

/// Chunks that the articles come in at least, so that MANIFEST is replaced more than ten times.
const CHUNKS_MIN: u64 = 12;

/// Most articles of a chunk.
const CHUNK_MAX: u64 = 10_000;

/// Generations that the reader which stays must outlive.
const GENERATIONS: u64 = 10;

/// Readers beside the writer.
const READERS: u64 = 4;

/// Questions between two queries that are stopped.
const STOPS_EVERY: u64 = 40;

/// Memory that an import may use for articles on their way into a segment, in bytes (32 MiB).
const IMPORT_BYTES: usize = 32 << 20;

/// How much is loaded.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Articles imported at least.
    pub articles: u64,
    /// How long readers ask and the writer writes at least.
    pub time: Duration,
    /// Memory that the process may hold beside files, in bytes.
    pub memory_bytes: u64,
}

/// What writer and readers share.
struct Load {
    model: Arc<Model>,
    /// The commits that ended chunks.
    boundaries: Mutex<Vec<u64>>,
    /// The last commit that was acknowledged.
    acknowledged: AtomicU64,
    is_over: AtomicBool,
    peak_bytes: AtomicU64,
}

impl Load {
    fn boundaries(&self) -> Vec<u64> {
        self.boundaries.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_over(&self) -> bool {
        self.is_over.load(Ordering::SeqCst)
    }

    fn state(&self, snapshot: &Snapshot) -> Result<State, String> {
        self.model.state(snapshot, &self.boundaries())
    }
}

/// Loads a database.
pub fn run(seed: u64, size: Size) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let chunk = (size.articles / CHUNKS_MIN).clamp(CHUNK_MIN, CHUNK_MAX);
    let options = Options {
        create: true,
        // So that chunks become segments of their own, and large ones several.
        seal_changes: (chunk as usize / 2).min(1_000),
        import_memory_bytes: IMPORT_BYTES,
        ..Options::default()
    };
    let database = Database::open_with(&path, options).unwrap();
    let load = Load {
        model: Arc::new(Model::new(seed, chunk)),
        boundaries: Mutex::default(),
        acknowledged: AtomicU64::new(0),
        is_over: AtomicBool::new(false),
        peak_bytes: AtomicU64::new(0),
    };
    let begin = Instant::now();
    let (written, asked) = std::thread::scope(|scope| {
        let reading: Vec<_> = (0..READERS)
            .map(|number| {
                let (load, database, path) = (&load, &database, &path);
                scope.spawn(move || {
                    let reader = if number < 2 { Ok(database.reader()) } else { Reader::open(path) };
                    let reader = reader.map_err(|error| error.to_string())?;
                    let asked = match number {
                        3 => stay(load, reader, database, Dice(seed + number)),
                        _ => follow(load, reader, Dice(seed + number)),
                    };
                    // Nobody goes on where one found something wrong.
                    load.is_over.fetch_or(asked.is_err(), Ordering::SeqCst);
                    asked
                })
            })
            .collect();
        let writing = scope.spawn(|| {
            let written = write(&load, &database, size);
            load.is_over.store(true, Ordering::SeqCst);
            written
        });
        let asked: Vec<_> = reading.into_iter().map(|thread| thread.join()).collect();
        (writing.join(), asked)
    });
    let elapsed = begin.elapsed();
    let mut times = Classes::default();
    for asked in asked {
        match asked {
            Ok(Ok(asked)) => times.merge(&asked),
            Ok(Err(wrong)) => return Outcome::Wrong(wrong),
            Err(panic) => return Outcome::Panicked(text_of(&*panic)),
        }
    }
    let state = match written {
        Ok(Ok(state)) => state,
        Ok(Err(error)) => return Outcome::Lost(error),
        Err(panic) => return Outcome::Panicked(text_of(&*panic)),
    };
    if let Err(wrong) = stops::quiet(&database.reader(), &mut Dice(seed), &mut times) {
        return Outcome::Wrong(wrong);
    }
    let peak_bytes = load.peak_bytes.load(Ordering::SeqCst);
    if peak_bytes > size.memory_bytes {
        return Outcome::Wrong(format!("{} MiB of memory were held", peak_bytes >> 20));
    }
    if let Err(outcome) = look(&load, database, state) {
        return outcome;
    }
    Outcome::Survived(format!(
        "{} articles imported, {} deleted, {} replaced in {:.0} s, at most {} MiB beside files\n{times}",
        state.imported,
        state.deleted,
        state.revised,
        elapsed.as_secs_f64(),
        peak_bytes >> 20
    ))
}

/// Imports chunk after chunk, and changes some articles behind each.
fn write(load: &Load, database: &Database, size: Size) -> Result<State, String> {
    let begin = Instant::now();
    let model = &load.model;
    let said = |error: dateline::Error| error.to_string();
    let acknowledge = || load.acknowledged.store(database.snapshot().seq(), Ordering::SeqCst);
    let mut state = State::default();
    while !load.is_over() && (state.imported < size.articles || begin.elapsed() < size.time) {
        let articles = state.imported..state.imported + model.chunk;
        let rows = Rows::new(model.clone(), articles.clone());
        let rows = import::from_reader(rows, "load.jsonl", &import::Options::default());
        let mut progress = |_: &_| watch(load);
        let summary = database.import_rows(rows, &ImportOptions::default(), &mut progress).map_err(said)?;
        if summary.counts.added != model.chunk {
            return Err(format!("of {articles:?} became {:?}", summary.counts));
        }
        load.boundaries.lock().unwrap_or_else(PoisonError::into_inner).push(database.snapshot().seq());
        acknowledge();
        state.imported = articles.end;
        for _ in 0..CHANGES {
            let article = model.changed(0, state.deleted);
            if database.delete(&[ArticleId(article as u32 + 1)]).map_err(said)? != 1 {
                return Err(format!("article {article} was not there to be deleted"));
            }
            state.deleted += 1;
            acknowledge();
        }
        for _ in 0..CHANGES {
            database.replace(model.revision(model.changed(1, state.revised))).map_err(said)?;
            state.revised += 1;
            acknowledge();
        }
        database.flush().map_err(said)?;
        watch(load);
    }
    Ok(state)
}

/// Keeps the most memory that was held.
fn watch(load: &Load) {
    load.peak_bytes.fetch_max(anonymous_bytes().unwrap_or(0), Ordering::SeqCst);
}

/// Asks on and on, each question on the newest commit.
fn follow(load: &Load, reader: Reader, mut dice: Dice) -> Result<Classes, String> {
    let mut times = Classes::default();
    let mut last = 0;
    while !load.is_over() {
        let acknowledged = load.acknowledged.load(Ordering::SeqCst);
        reader.refresh().map_err(|error| error.to_string())?;
        let snapshot = reader.snapshot();
        if snapshot.seq() < acknowledged.max(last) {
            let seq = snapshot.seq();
            return Err(format!("commit {seq} is seen behind {last}, after {acknowledged} was acknowledged"));
        }
        last = snapshot.seq();
        ask(load, &reader, &mut dice, &mut times)?;
    }
    Ok(times)
}

/// Asks on and on on one early commit, and tells that it outlived the generations behind it.
fn stay(load: &Load, reader: Reader, database: &Database, mut dice: Dice) -> Result<Classes, String> {
    while !load.is_over() && reader.snapshot().articles() < load.model.chunk / 2 {
        std::thread::sleep(Duration::from_millis(1));
        reader.refresh().map_err(|error| error.to_string())?;
    }
    let (begin, state) = (reader.snapshot().generation(), load.state(&reader.snapshot())?);
    let mut times = Classes::default();
    while !load.is_over() {
        ask(load, &reader, &mut dice, &mut times)?;
    }
    let generations = database.snapshot().generation() - begin;
    for _ in 0..STOPS_EVERY {
        ask(load, &reader, &mut dice, &mut times)?;
    }
    match generations >= GENERATIONS && load.state(&reader.snapshot())? == state {
        true => Ok(times),
        false => Err(format!("{generations} generations went by while a reader held {state:?}")),
    }
}

/// Asks one question, and now and then one that is stopped.
fn ask(load: &Load, reader: &Reader, dice: &mut Dice, times: &mut Classes) -> Result<(), String> {
    let snapshot = reader.snapshot();
    let state = load.state(&snapshot)?;
    if state.imported == 0 {
        return Ok(());
    }
    match dice.roll(STOPS_EVERY) {
        0 => return stops::cancel(reader, dice, times),
        1 => return stops::expire(reader, dice, times),
        2..=4 => times.add("article by key", questions::look_up(&load.model, state, &snapshot, dice)?),
        _ => {
            let question = Question::draw(&load.model, state, dice);
            times.add(question.class, question.ask(reader).map_err(|what| format!("{state:?}: {what}"))?);
        }
    }
    Ok(())
}

/// Reads every article after the database was closed and opened again.
fn look(load: &Load, database: Database, state: State) -> Result<(), Outcome> {
    let lost = |error: dateline::Error| Outcome::Lost(error.to_string());
    let path = database.path().to_owned();
    database.close().map_err(lost)?;
    let database = Database::open(&path).map_err(lost)?;
    let mut is_there = vec![false; state.imported as usize];
    for live in &database.snapshot().view().segments {
        for ordinal in (0..live.segment.articles()).filter(|&ordinal| !live.is_dead(ordinal)) {
            let found = live.segment.record(ordinal).map_err(|error| lost(error.into()))?.article;
            let article = model::number(&found.key).filter(|&article| article < state.imported);
            let traits = article.and_then(|article| load.model.traits(state, article));
            let (Some(article), Some(traits)) = (article, traits) else {
                return Err(Outcome::Wrong(format!("{} is there", found.key)));
            };
            let is_right = found.body == load.model.body(article, traits);
            if !is_right || std::mem::replace(&mut is_there[article as usize], true) {
                return Err(Outcome::Wrong(format!("{} is there twice, or another", found.key)));
            }
        }
    }
    let found = is_there.iter().filter(|is_there| **is_there).count() as u64;
    if found != state.articles() {
        return Err(Outcome::Lost(format!("{} articles are gone", state.articles() - found)));
    }
    let report = database.check().map_err(lost)?;
    if report.is_sound() { Ok(()) } else { Err(Outcome::Wrong(format!("{:?}", report.problems))) }
}
