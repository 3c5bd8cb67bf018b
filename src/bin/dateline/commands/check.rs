//! `dateline check`: whether a database is what was written.

use std::path::Path;

use dateline::database::Database;
use dateline::render::{article_count, grouped};

use super::care::watched;
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};
use crate::session::Archive;

/// Verifies every file, and that both copies of every article agree; `deep` also derives every entry again.
///
/// # Errors
///
/// Where the database cannot be opened, or something in it is wrong.
pub fn run(path: &Path, deep: bool, console: &Console) -> Result<Exit, Failure> {
    let database = Database::open(path).map_err(|error| Failure::of_library(&error))?;
    check(&database, path, deep, console)
}

/// Verifies the archive of a session, by its own writer where it has one, since only one may open a database.
///
/// # Errors
///
/// Those of [`run`].
pub fn of_archive(archive: &mut Archive, deep: bool, console: &Console) -> Result<Exit, Failure> {
    let path = archive.path().to_owned();
    match archive.own_database() {
        Some(database) => check(database, &path, deep, console),
        None => run(&path, deep, console),
    }
}

fn check(database: &Database, path: &Path, deep: bool, console: &Console) -> Result<Exit, Failure> {
    let report = if deep {
        watched(path, console, |cancel, progress| database.check_deep(cancel, progress))?
    } else {
        database.check().map_err(|error| Failure::of_library(&error))?
    };
    if let Some(reason) = &report.recovered {
        console.remark(&format!("the record store was damaged and is made anew from the segments: {reason}"));
    }
    if report.is_sound() {
        let (articles, segments) = (article_count(report.articles), grouped(report.segments));
        console.remark(&format!("{} is sound: {articles}, segments verified: {segments}", path.display()));
        return Ok(Exit::Success);
    }
    let notes = report.problems.iter().map(|problem| Note::error(problem.to_string())).collect();
    let failure = Failure { exit: Exit::Database, notes };
    Err(failure.help(&format!("restore it from its other copy:  dateline repair {}", path.display())))
}
