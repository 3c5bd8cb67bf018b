//! kill -9 at random moments of everything that writes.
//!
//! A child makes changes drawn from a seed and says after each that it was acknowledged. The parent kills it, draws the
//! same changes, and looks: everything acknowledged is there once, and nothing else but what the one change under way
//! came to. Several kills hit the same database, so recoveries are interrupted too.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use dateline::database::{Database, Options, Reader};

use crate::archive::{Change, Contents, Dice, contents, difference, restless};
use crate::tally::Outcome;

/// The task of a child process.
pub const CHILD: &str = "--child";

/// What a child prints after each change.
const ACKNOWLEDGED: &str = "acknowledged";

/// Kills of one database.
const KILLS: u64 = 3;

/// Most changes that a child acknowledges before the pause.
const CHANGES_MAX: u64 = 12;

/// Longest time between a child's last counted change and its end, in ms.
const PAUSE_MS_MAX: u64 = 80;

/// Makes changes until it is killed.
pub fn child(folder: &Path, seed: u64) {
    let options = Options { merge_beside: true, ..restless() };
    let database = Database::open_with(folder.join("db"), options).unwrap();
    let mut dice = Dice(seed);
    loop {
        Change::draw(&mut dice).make(&database, folder).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "{ACKNOWLEDGED}").and_then(|()| out.flush()).unwrap();
    }
}

/// Kills children that write to one database.
pub fn run(seed: u64) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let mut dice = Dice(seed);
    let mut known = Contents::new();
    let mut acknowledged_total = 0;
    for _ in 0..KILLS {
        let (child_seed, pause) = (dice.roll(1 << 31), Duration::from_millis(dice.roll(PAUSE_MS_MAX)));
        // Sometimes none: the kill then hits the recovery.
        let changes = dice.roll(CHANGES_MAX) as usize;
        let acknowledged = match run_and_kill(folder.path(), child_seed, changes, pause) {
            Ok(acknowledged) => acknowledged,
            Err(died) => return Outcome::Wrong(died),
        };
        acknowledged_total += acknowledged;
        let mut child_dice = Dice(child_seed);
        for _ in 0..acknowledged {
            Change::draw(&mut child_dice).apply(&mut known);
        }
        let under_way = Change::draw(&mut child_dice);
        if !path.join("MANIFEST").exists() {
            assert_eq!(acknowledged, 0, "an acknowledged change made no database");
            continue;
        }
        match recovered(&path, &known, &under_way) {
            Ok(found) => known = found,
            Err(outcome) => return outcome,
        }
    }
    Outcome::Survived(format!("{acknowledged_total} acknowledged changes, {} articles", known.len()))
}

fn recovered(path: &Path, known: &Contents, under_way: &Change) -> Result<Contents, Outcome> {
    let lost = |error: dateline::Error| Outcome::Lost(error.to_string());
    let seen = contents(&Reader::open(path).map_err(lost)?.snapshot()).map_err(lost)?;
    if let Some(difference) = difference(&seen, known, Some(under_way)) {
        return Err(Outcome::Lost(format!("a reader: {difference} (under way: {under_way:?})")));
    }
    let database = Database::open(path).map_err(lost)?;
    let found = contents(&database.snapshot()).map_err(lost)?;
    if let Some(difference) = difference(&found, known, Some(under_way)) {
        return Err(Outcome::Lost(format!("the writer: {difference} (under way: {under_way:?})")));
    }
    let report = database.check().map_err(lost)?;
    if !report.is_sound() {
        return Err(Outcome::Wrong(format!("{:?}", report.problems)));
    }
    Ok(found)
}

/// Runs a child until it has acknowledged `changes` changes and `pause` has gone by, kills it, and returns how many it
/// had acknowledged by then.
fn run_and_kill(folder: &Path, seed: u64, changes: usize, pause: Duration) -> Result<usize, String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([CHILD, &seed.to_string(), folder.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut acknowledged = lines.filter(|line| line == ACKNOWLEDGED);
    let before = acknowledged.by_ref().take(changes).count();
    std::thread::sleep(pause);
    let died_alone = child.try_wait().unwrap();
    child.kill().unwrap();
    let after = acknowledged.count();
    let output = child.wait_with_output().unwrap();
    match died_alone {
        None => Ok(before + after),
        Some(_) => Err(format!("the child died: {}", String::from_utf8_lossy(&output.stderr))),
    }
}
