//! Failing disks: writes that fail, fall short or cannot be synced. The error is clear, nothing acknowledged is lost,
//! and the database is usable when the disk is.
//!
//! Each run has a layer fail below the library first, and then the system itself, as `limits` says.

use std::path::Path;
use std::sync::Arc;

use dateline::database::{Database, Options, Reader};

use crate::archive::{Change, Contents, Dice, contents, difference, restless};
use crate::layer::{Failing, Fault};
use crate::limits;
use crate::tally::Outcome;

/// Changes tried while the disk fails now and then.
const CHANGES: usize = 25;

/// What goes wrong with a disk for a while.
pub trait Trouble {
    /// Lets it begin.
    fn begin(&self, dice: &mut Dice);
    /// Ends it.
    fn end(&self);
}

impl Trouble for Failing {
    fn begin(&self, dice: &mut Dice) {
        self.fail_after(Fault::draw(dice), dice.roll(60) + 1);
    }

    fn end(&self) {
        self.heal();
    }
}

/// Runs changes over a disk that fails at random.
pub fn run(seed: u64) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    let mut dice = Dice(seed);
    let files = Arc::new(Failing::new(dice.roll(1 << 31)));
    let options = || Options { files: files.clone(), ..restless() };
    match (attempt(folder.path(), &mut dice, CHANGES, &options, &*files), limits::run(seed)) {
        (Outcome::Survived(layer), Outcome::Survived(limits)) => {
            Outcome::Survived(format!("layer: {layer}; {limits}"))
        }
        (Outcome::Survived(_), outcome) | (outcome, _) => outcome,
    }
}

/// Makes changes to a database in a folder, in trouble and out of it, and looks after each that failed.
pub fn attempt(
    folder: &Path,
    dice: &mut Dice,
    changes: usize,
    options: &dyn Fn() -> Options,
    trouble: &dyn Trouble,
) -> Outcome {
    let path = folder.join("db");
    let mut database = Database::open_with(&path, options()).unwrap();
    let mut known = Contents::new();
    let mut failures = 0;
    for _ in 0..changes {
        let change = Change::draw(dice);
        change.prepare(folder);
        trouble.begin(dice);
        let made = change.make_prepared(&database, folder);
        // A reader that cannot open says so; what escapes as a panic is counted.
        drop(Reader::open(&path));
        trouble.end();
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
    // A change is acknowledged once it is in the journal: the record store may have failed behind the last one.
    drop(database);
    let database = match Database::open_with(&path, options()) {
        Ok(again) => again,
        Err(closed) => return Outcome::Lost(format!("it does not open: {closed}")),
    };
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
