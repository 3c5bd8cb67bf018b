//! `dateline import --watch`: a folder and a database in step.
//!
//! The folder is looked at again and again rather than watched by the system: that works the same on every file system,
//! those of a network included. A file is read once two looks in a row found it alike, so that none is read half-written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use dateline::database::{Database, ImportOptions, OnDuplicate};
use dateline::exec::CancelToken;
use dateline::import::{Found, files};

use super::import::{import_into, report};
use crate::args::ImportArgs;
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::interrupt;

/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often Ctrl-C is looked for while nothing happens.
const NAP: Duration = Duration::from_millis(50);

/// The files of some paths as they were when they were looked at.
pub type Look = BTreeMap<PathBuf, Found>;

/// Looks at the files of the paths.
pub fn look(paths: &[PathBuf]) -> Look {
    files(paths).map(|found| (found.path.clone(), found)).collect()
}

/// Imports what is added or changed since `imported`, until Ctrl-C.
///
/// Articles of files that go away stay in the database.
///
/// # Errors
///
/// Where the database cannot be written.
pub fn watch(
    database: &mut Database,
    args: &ImportArgs,
    how: &ImportOptions,
    mut imported: Look,
    console: &Console,
) -> Result<Exit, Failure> {
    console.remark("watching; Ctrl-C ends it");
    let mut before = imported.clone();
    while interrupt::cancellable(rested) {
        let now = look(&args.paths);
        let due = due(&imported, &before, &now);
        before = now;
        if due.is_empty() {
            continue;
        }
        let summary = import_into(database, &paths_of(&args.paths, &due), only(how, &due), console)?;
        report(args, &summary, &args.database, database.snapshot().articles(), console);
        if summary.cancelled {
            return Ok(Exit::Interrupted);
        }
        imported.extend(
            due.into_iter()
                .filter_map(|path| before.get_key_value(&path))
                .map(|(path, found)| (path.clone(), found.clone())),
        );
    }
    Ok(Exit::Interrupted)
}

/// Waits for the next look; `false` where Ctrl-C came first.
fn rested(cancel: &CancelToken) -> bool {
    let mut left = LOOK_EVERY;
    while !left.is_zero() && !cancel.is_cancelled() {
        std::thread::sleep(NAP);
        left = left.saturating_sub(NAP);
    }
    !cancel.is_cancelled()
}

/// Returns the files that differ from what was imported and did not change between the last two looks.
fn due(imported: &Look, before: &Look, now: &Look) -> BTreeSet<PathBuf> {
    let is_due =
        |path: &PathBuf, found: &Found| imported.get(path) != Some(found) && before.get(path) == Some(found);
    now.iter().filter(|(path, found)| is_due(path, found)).map(|(path, _)| path.clone()).collect()
}

/// Returns the named paths that are folders, and of the named files those that are due.
fn paths_of(named: &[PathBuf], due: &BTreeSet<PathBuf>) -> Vec<PathBuf> {
    named.iter().filter(|path| path.is_dir() || due.contains(*path)).cloned().collect()
}

/// Returns how the files that are due are imported: a changed one takes the place of the old.
fn only(how: &ImportOptions, due: &BTreeSet<PathBuf>) -> ImportOptions {
    let mut how = how.clone();
    how.on_duplicate = OnDuplicate::Replace;
    how.rows.only = Some(Arc::new(due.clone()));
    how
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, length_bytes: u64) -> (PathBuf, Found) {
        let path = PathBuf::from(name);
        (path.clone(), Found { path, length_bytes, changed: None })
    }

    #[test]
    fn files_are_due_once_they_rest() {
        let imported = Look::from([found("a", 1), found("b", 1)]);
        let growing = Look::from([found("a", 1), found("b", 2), found("c", 5)]);
        let rested = Look::from([found("a", 1), found("b", 2), found("c", 9)]);
        assert!(due(&imported, &imported, &growing).is_empty());
        assert_eq!(due(&imported, &growing, &rested), BTreeSet::from(["b".into()]));
        assert_eq!(due(&imported, &rested, &rested), BTreeSet::from(["b".into(), "c".into()]));
    }
}
