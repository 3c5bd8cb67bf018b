//! `dateline check`: whether a database is what was written.

use std::path::Path;

use dateline::database::Database;
use dateline::render::{article_count, grouped};

use crate::console::Console;
use crate::failure::{Exit, Failure, Note};

/// Verifies every file, and that both copies of every article agree.
///
/// # Errors
///
/// Where the database cannot be opened, or something in it is wrong.
pub fn run(path: &Path, console: &Console) -> Result<Exit, Failure> {
    let database = Database::open(path).map_err(|error| Failure::of_library(&error))?;
    let report = database.check().map_err(|error| Failure::of_library(&error))?;
    if report.is_sound() {
        let (articles, segments) = (article_count(report.articles), grouped(report.segments));
        console.remark(&format!("{} is sound: {articles}, segments verified: {segments}", path.display()));
        return Ok(Exit::Success);
    }
    let notes = report.problems.iter().map(|problem| Note::error(problem.to_string())).collect();
    Err(Failure { exit: Exit::Database, notes })
}
