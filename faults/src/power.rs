//! Power losses: of what was not synced, any part is there afterwards, in any order, and torn.
//!
//! The journal, segments, MANIFEST, catalog and tombstones go through a layer that remembers what was synced. sled writes
//! past it; its files are left as they are, cut short, with pages of zeros, or gone.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use dateline::database::{Database, Options, Reader};

use crate::archive::{Change, Contents, Dice, contents, copy, difference, restless};
use crate::layer::Forgetful;
use crate::tally::Outcome;

/// Most calls of the layer before the power goes.
const CALLS_MAX: u64 = 1_500;

/// What sled reads and writes at a time, in bytes.
const PAGE_BYTES: usize = 4_096;

/// Makes changes until the power goes, and looks at what is left.
pub fn run(seed: u64) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let (path, left) = (folder.path().join("db"), folder.path().join("left"));
    let mut dice = Dice(seed);
    let files = Arc::new(Forgetful::new(dice.roll(CALLS_MAX) + 40));
    let mut known = Contents::new();
    let mut acknowledged = 0;
    let mut under_way = Change::Flush;
    match Database::open_with(&path, Options { files: files.clone(), ..restless() }) {
        Err(error) => return Outcome::Survived(format!("the power went while it was made: {error}")),
        Ok(database) => {
            while !files.is_off() {
                under_way = Change::draw(&mut dice);
                if under_way.make(&database, folder.path()).is_err() {
                    break;
                }
                under_way.apply(&mut known);
                acknowledged += 1;
            }
            copy(&path.join("records"), &left.join("records"));
        }
    }
    files.leave(&path, &left, &mut dice);
    start_anew(&left.join("journal"));
    let what = hurt_records(&left.join("records"), &mut dice);
    match look(&left, &known, &under_way) {
        Ok(()) => Outcome::Survived(format!(
            "{acknowledged} acknowledged changes, {what}, during {}",
            name(&under_way)
        )),
        Err(outcome) => outcome,
    }
}

fn name(change: &Change) -> String {
    format!("{change:?}").split(['(', ' ']).next().unwrap_or_default().to_owned()
}

/// Makes journal files say that the machine was started since: their published lengths carry a hash of the boot.
fn start_anew(journal: &Path) {
    for entry in fs::read_dir(journal).into_iter().flatten() {
        let path = entry.unwrap().path();
        let mut bytes = fs::read(&path).unwrap();
        // A file that was being begun has another name still.
        if path.extension().is_none_or(|extension| extension != "log") {
            continue;
        }
        let header = bytes.get_mut(48..68).expect("a journal file has a whole header under its own name");
        assert_eq!(
            crc32fast::hash(&header[..16]).to_le_bytes(),
            header[16..],
            "its length is published whole"
        );
        header[8] ^= 1;
        let checksum = crc32fast::hash(&header[..16]).to_le_bytes();
        header[16..].copy_from_slice(&checksum);
        fs::write(&path, bytes).unwrap();
    }
}

/// Takes from sled's files what a power loss may take: what it has not synced, or all.
fn hurt_records(records: &Path, dice: &mut Dice) -> &'static str {
    let db = records.join("db");
    let mut bytes = fs::read(&db).unwrap_or_default();
    match dice.roll(4) {
        0 => return "sled as it was",
        1 => bytes.truncate(dice.roll(bytes.len() as u64 + 1) as usize),
        2 => {
            let pages = bytes.len() / PAGE_BYTES;
            for _ in 0..4 {
                let page = dice.roll(pages as u64 + 1) as usize * PAGE_BYTES;
                let stop = (page + PAGE_BYTES).min(bytes.len());
                if let Some(page) = bytes.get_mut(page..stop) {
                    page.fill(0);
                }
            }
        }
        _ => {
            fs::remove_dir_all(records).unwrap();
            return "sled gone";
        }
    }
    fs::write(db, bytes).unwrap();
    "sled torn"
}

fn look(left: &Path, known: &Contents, under_way: &Change) -> Result<(), Outcome> {
    let lost = |error: dateline::Error| Outcome::Lost(format!("{error} (during {})", name(under_way)));
    if !left.join("MANIFEST").exists() && known.is_empty() {
        return Ok(());
    }
    let seen = contents(&Reader::open(left).map_err(lost)?.snapshot()).map_err(lost)?;
    if let Some(difference) = difference(&seen, known, Some(under_way)) {
        return Err(Outcome::Lost(format!("a reader: {difference} (during {})", name(under_way))));
    }
    let database = Database::open(left).map_err(lost)?;
    let found = contents(&database.snapshot()).map_err(lost)?;
    if let Some(difference) = difference(&found, known, Some(under_way)) {
        return Err(Outcome::Lost(format!("the writer: {difference} (during {})", name(under_way))));
    }
    let report = database.check().map_err(lost)?;
    if !report.is_sound() {
        // Rows that sled lost without saying so are in the segments still; repair brings them back.
        drop(database);
        let never = dateline::exec::CancelToken::default();
        let repaired = Database::repair(left, Options::default(), &never, &mut |_| {}).map_err(lost)?;
        if !repaired.is_whole() {
            return Err(Outcome::Lost(format!("{:?} {:?}", repaired.lost, repaired.check.problems)));
        }
        let found = contents(&Database::open(left).map_err(lost)?.snapshot()).map_err(lost)?;
        if let Some(difference) = difference(&found, known, Some(under_way)) {
            return Err(Outcome::Lost(format!("after repair: {difference}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With these seeds sled opens, and meets a torn page only when a check reads it.
    #[test]
    fn pages_that_are_read_late_are_problems_of_a_check() {
        for seed in [1_318_835_949, 1_319_253_238] {
            assert!(matches!(run(seed), Outcome::Survived(_)), "seed {seed}");
        }
    }
}
