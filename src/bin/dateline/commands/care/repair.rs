//! `dateline repair`: what is damaged is restored from the other copy.

use std::path::Path;

use dateline::database::{Database, Options};
use dateline::render::article_count;

use super::watched;
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};

/// Repairs a database and says what was found, restored and lost.
///
/// # Errors
///
/// Where the database cannot be read or written, or something is lost for good.
pub fn run(path: &Path, console: &Console) -> Result<Exit, Failure> {
    let options = Options { accept_outdated: true, ..Options::default() };
    let report =
        watched(path, console, |cancel, progress| Database::repair(path, options, cancel, progress))?;
    for found in &report.found {
        console.remark(&format!("found: {found}"));
    }
    let articles = article_count(report.check.articles);
    if report.is_whole() {
        let done = if report.found.is_empty() { "needs no repair" } else { "is repaired and sound" };
        console.remark(&format!("{} {done}: {articles}", path.display()));
        return Ok(Exit::Success);
    }
    let left = report.lost.iter().chain(&report.check.problems);
    let notes = left.map(|problem| Note::error(problem.to_string())).collect();
    Err(Failure { exit: Exit::Database, notes })
}
