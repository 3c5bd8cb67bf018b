//! Kills a writing process at random moments, and checks what it left.
//!
//! The child makes changes drawn from a seed and says after each that it was acknowledged. The parent kills it, draws
//! the same changes, and opens the database: everything acknowledged must be there once, and nothing else but what the
//! one change under way had come to. All kills hit the same database, so recoveries are interrupted too.
//!
//! `CRASH_RUNS` sets the number of kills, `CRASH_SEED` the seed; both are printed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test that cannot go on has failed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dateline::article::Article;
use dateline::database::{Database, ImportOptions, OnDuplicate, Options, Reader, Snapshot};

/// Kills unless `CRASH_RUNS` says otherwise.
const RUNS: u64 = 20;

/// Most changes that a child acknowledges before the pause.
const CHANGES_MAX: u64 = 15;

/// Longest time between a child's last counted change and its end, in ms.
const PAUSE_MS_MAX: u64 = 150;

/// Names the child's seed and folder; the test itself runs as the child where it is set.
const CHILD: &str = "CRASH_CHILD";

/// What the child prints after each change; the test harness prints lines of its own.
const ACKNOWLEDGED: &str = "acknowledged";

/// Bodies by key.
type Contents = BTreeMap<String, String>;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// One change; each is acknowledged as a whole.
#[derive(Debug, Clone)]
enum Change {
    Replace(String, String),
    Delete(String),
    Import(Vec<(String, String)>),
    Flush,
    Merge,
}

impl Change {
    fn draw(dice: &mut Dice) -> Change {
        match dice.roll(20) {
            0..=9 => Change::Replace(key(dice), body(dice)),
            10..=12 => Change::Delete(key(dice)),
            13..=16 => {
                let rows: BTreeMap<String, String> =
                    (0..dice.roll(150)).map(|_| (key(dice), body(dice))).collect();
                Change::Import(rows.into_iter().collect())
            }
            17..=18 => Change::Flush,
            _ => Change::Merge,
        }
    }

    fn apply(&self, contents: &mut Contents) {
        match self {
            Change::Replace(key, body) => drop(contents.insert(key.clone(), body.clone())),
            Change::Delete(key) => drop(contents.remove(key)),
            Change::Import(rows) => contents.extend(rows.iter().cloned()),
            Change::Flush | Change::Merge => {}
        }
    }

    fn make(&self, database: &Database, scratch: &Path) {
        match self {
            Change::Replace(key, body) => drop(database.replace(article(key, body)).unwrap()),
            Change::Delete(key) => {
                let stored = database.get_by_key(key).unwrap();
                let ids: Vec<_> = stored.iter().map(|record| record.id).collect();
                assert_eq!(database.delete(&ids).unwrap(), ids.len() as u64);
            }
            Change::Import(rows) => import(database, rows, scratch),
            Change::Flush => database.flush().unwrap(),
            Change::Merge => database.merge().unwrap(),
        }
    }

    fn keys(&self) -> Vec<&str> {
        match self {
            Change::Replace(key, _) | Change::Delete(key) => vec![key],
            Change::Import(rows) => rows.iter().map(|(key, _)| key.as_str()).collect(),
            Change::Flush | Change::Merge => Vec::new(),
        }
    }
}

fn key(dice: &mut Dice) -> String {
    format!("key-{}", dice.roll(400))
}

fn body(dice: &mut Dice) -> String {
    format!("Version {} of it. ", dice.roll(1_000)).repeat(dice.roll(200) as usize + 1)
}

fn article(key: &str, body: &str) -> Article {
    Article { key: key.into(), title: Some("Title".into()), body: body.into(), ..Article::default() }
}

fn import(database: &Database, rows: &[(String, String)], scratch: &Path) {
    let path = scratch.join("rows.jsonl");
    let mut file = fs::File::create(&path).unwrap();
    for (key, body) in rows {
        writeln!(file, "{}", serde_json::json!({ "id": key, "title": "Title", "body": body })).unwrap();
    }
    let options = ImportOptions { on_duplicate: OnDuplicate::Replace, ..ImportOptions::default() };
    let counts = database.import(&[path], &options, &mut |_| {}).unwrap().counts;
    assert_eq!(counts.rejected, 0);
}

/// Makes changes until it is killed.
fn child(folder: &Path, seed: u64) {
    let options =
        Options { create: true, seal_changes: 20, import_memory_bytes: 1 << 20, ..Options::default() };
    let database = Database::open_with(folder.join("db"), options).unwrap();
    let mut dice = Dice(seed);
    loop {
        Change::draw(&mut dice).make(&database, folder);
        let mut out = std::io::stdout().lock();
        writeln!(out, "{ACKNOWLEDGED}").and_then(|()| out.flush()).unwrap();
    }
}

/// Runs a child until it has acknowledged `changes` changes and `pause` has gone by, kills it, and returns how many it
/// had acknowledged by then.
fn run_and_kill(folder: &Path, seed: u64, changes: usize, pause: Duration) -> usize {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kills_lose_nothing_acknowledged", "--nocapture"])
        .env(CHILD, format!("{seed} {}", folder.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut acknowledged = lines.filter(|line| line.ends_with(ACKNOWLEDGED));
    let before = acknowledged.by_ref().take(changes).count();
    std::thread::sleep(pause);
    let died_alone = child.try_wait().unwrap();
    child.kill().unwrap();
    let after = acknowledged.count();
    let output = child.wait_with_output().unwrap();
    assert!(died_alone.is_none(), "seed {seed}: {}", String::from_utf8_lossy(&output.stderr));
    before + after
}

fn contents(snapshot: &Snapshot) -> Contents {
    let mut contents = Contents::new();
    for live in &snapshot.view().segments {
        for ordinal in (0..live.segment.articles()).filter(|&ordinal| !live.is_dead(ordinal)) {
            let article = live.segment.record(ordinal).unwrap().article;
            assert_eq!(contents.insert(article.key, article.body), None, "an article is there twice");
        }
    }
    contents
}

/// Checks `found` against everything acknowledged, and the change under way, each of whose keys may have been reached.
fn assert_kept(found: &Contents, before: &Contents, under_way: &Change) {
    let mut after = before.clone();
    under_way.apply(&mut after);
    let touched = under_way.keys();
    for key in found.keys().chain(before.keys()).chain(after.keys()) {
        let (found, before, after) = (found.get(key), before.get(key), after.get(key));
        let may_be_after = touched.contains(&key.as_str()) && found == after;
        assert!(found == before || may_be_after, "{key}: acknowledged {before:?}, found {found:?}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn parent(seed: u64, runs: u64) {
    println!("{runs} kills, seed {seed}");
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join("db");
    let mut dice = Dice(seed);
    let mut known = Contents::new();
    let mut acknowledged_total = 0;
    for run in 0..runs {
        let (child_seed, pause) = (dice.roll(1 << 31), Duration::from_millis(dice.roll(PAUSE_MS_MAX)));
        // Sometimes none: the kill then hits the recovery.
        let changes = dice.roll(CHANGES_MAX) as usize;
        let acknowledged = run_and_kill(folder.path(), child_seed, changes, pause);
        acknowledged_total += acknowledged;
        let mut child_dice = Dice(child_seed);
        for _ in 0..acknowledged {
            Change::draw(&mut child_dice).apply(&mut known);
        }
        let under_way = Change::draw(&mut child_dice);
        if !path.join("MANIFEST").exists() {
            assert_eq!(acknowledged, 0);
            continue;
        }
        let seen = contents(&Reader::open(&path).unwrap().snapshot());
        assert_kept(&seen, &known, &under_way);
        // Every other time a copy tells what recovery comes to, and the next child recovers by itself.
        let copied = folder.path().join("copy");
        let recovered = if run % 2 == 0 { &path } else { &copied };
        if run % 2 == 1 {
            copy(&path, &copied);
        }
        let database = Database::open(recovered).unwrap();
        let found = contents(&database.snapshot());
        assert_kept(&found, &known, &under_way);
        let report = database.check().unwrap();
        assert!(report.is_sound(), "run {run}: {:?}", report.problems);
        known = found;
        drop(database);
        let _ = fs::remove_dir_all(copied);
    }
    println!("{acknowledged_total} acknowledged changes, {} articles, none lost, none twice", known.len());
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn kills_lose_nothing_acknowledged() {
    if let Ok(task) = std::env::var(CHILD) {
        let (seed, folder) = task.split_once(' ').unwrap();
        child(Path::new(folder), seed.parse().unwrap());
        return;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    parent(number("CRASH_SEED").unwrap_or(now.subsec_nanos().into()), number("CRASH_RUNS").unwrap_or(RUNS));
}
