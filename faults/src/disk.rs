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
    let mut database = Database::open_with(&path, options()).unwrap();
    let mut known = Contents::new();
    let mut failures = 0;
    for _ in 0..CHANGES {
        let change = Change::draw(&mut dice);
        files.fail_after(Fault::draw(&mut dice), dice.roll(60) + 1);
        let made = change.make(&database, folder.path());
        files.heal();
        let Err(error) = made else {
            change.apply(&mut known);
            continue;
        };
        failures += 1;
        // What a failed change came to is known once the database is opened again.
        drop(database);
        database = match Database::open_with(&path, options()) {
            Ok(again) => again,
            Err(closed) => return Outcome::Lost(format!("after {error} it does not open: {closed}")),
        };
        known = match held(&database, &known, Some(&change)) {
            Ok(found) => found,
            Err(difference) => return Outcome::Lost(format!("after {error}: {difference}")),
        };
    }
    let report = database.check().unwrap();
    if !report.is_sound() {
        return Outcome::Wrong(format!("{:?}", report.problems));
    }
    match held(&database, &known, None) {
        Ok(found) => Outcome::Survived(format!("{failures} failures, {} articles", found.len())),
        Err(difference) => Outcome::Lost(difference),
    }
}

/// Returns what a database holds, or what it lost.
fn held(database: &Database, known: &Contents, failed: Option<&Change>) -> Result<Contents, String> {
    let found = contents(&database.snapshot()).map_err(|error| error.to_string())?;
    match difference(&found, known, failed) {
        Some(difference) => Err(difference),
        None => Ok(found),
    }
}
