//! `dateline reextract`: what older versions of the extractor read is read again.

use std::path::Path;

use dateline::database::Options;
use dateline::render::article_count;

use super::{close, open, watched};
use crate::console::Console;
use crate::failure::{Exit, Failure};

/// Redoes older extractions.
///
/// # Errors
///
/// Where the database cannot be opened or written.
pub fn run(path: &Path, console: &Console) -> Result<Exit, Failure> {
    let database = open(path, Options::default())?;
    let done = watched(path, console, |cancel, progress| database.reextract(cancel, progress))?;
    close(database)?;
    console.remark(&format!("{} extracted again", article_count(done.articles)));
    if done.left == 0 {
        return Ok(Exit::Success);
    }
    console.remark(&format!("stopped; {} left: run it again to go on", article_count(done.left)));
    Ok(Exit::Interrupted)
}
