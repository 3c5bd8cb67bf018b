//! Failing disks: writes that fail, fall short or cannot be synced. The error is clear, nothing acknowledged is lost,
//! and the database is usable when the disk is.

use std::sync::Arc;

use dateline::database::{Database, Options};

use crate::archive::{Change, Contents, Dice, contents, difference, restless};
use crate::layer::{Failing, Fault};
use crate::tally::Outcome;

/// Changes tried while the disk fails now and then.
const CHANGES: usize = 25;

/// Runs changes over a disk that fails at random.
pub fn run(seed: u64) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let mut dice = Dice(seed);
    let files = Arc::new(Failing::new(dice.roll(1 << 31)));
    let options = || Options { files: files.clone(), ..restless() };
    let mut database = Some(Database::open_with(&path, options()).unwrap());
    let mut known = Contents::new();
    let (mut failures, mut reopened) = (0, 0);
    for _ in 0..CHANGES {
        let change = Change::draw(&mut dice);
        files.fail_once_in(Fault::draw(&mut dice), dice.roll(60) + 1);
        let made = match &database {
            Some(database) => change.make(database, folder.path()),
            None => Ok(()),
        };
        if made.is_ok() && database.is_some() {
            files.heal();
            change.apply(&mut known);
            continue;
        }
        failures += 1;
        files.heal();
        // What a failed change came to is known once the database is opened again.
        drop(database.take());
        reopened += 1;
        let again = match Database::open_with(&path, options()) {
            Ok(again) => again,
            Err(error) => return Outcome::Lost(format!("after {made:?} it does not open: {error}")),
        };
        let found = match contents(&again.snapshot()) {
            Ok(found) => found,
            Err(error) => return Outcome::Lost(error.to_string()),
        };
        if let Some(difference) = difference(&found, &known, Some(&change)) {
            return Outcome::Lost(format!("after {made:?}: {difference}"));
        }
        known = found;
        database = Some(again);
    }
    let Some(database) = database else { return Outcome::Lost("it never opened again".to_owned()) };
    let report = database.check().unwrap();
    if !report.is_sound() {
        return Outcome::Wrong(format!("{:?}", report.problems));
    }
    let found = contents(&database.snapshot()).unwrap();
    match difference(&found, &known, None) {
        Some(difference) => Outcome::Lost(difference),
        None => Outcome::Survived(format!(
            "{failures} failures, opened again {reopened} times, {} articles",
            found.len()
        )),
    }
}
