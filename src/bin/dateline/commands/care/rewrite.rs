//! `dateline reindex` and `dateline compact`: files made anew from what is stored.

use std::path::Path;

use dateline::database::{CompactOptions, Database, Options};
use dateline::render::article_count;

use super::{close, open, watched};
use crate::args::CompactArgs;
use crate::commands::stats::size;
use crate::console::Console;
use crate::failure::{Exit, Failure};

/// Rebuilds the indexes, those of another version of dateline too.
///
/// # Errors
///
/// Where the database cannot be opened, read or written.
pub fn reindex(path: &Path, console: &Console) -> Result<Exit, Failure> {
    let database = open(path, Options { accept_outdated: true, ..Options::default() })?;
    reindex_open(&database, path, console)?;
    close(database)?;
    Ok(Exit::Success)
}

/// Rebuilds the indexes of a database that is open.
///
/// # Errors
///
/// Where it cannot be read or written.
pub fn reindex_open(database: &Database, path: &Path, console: &Console) -> Result<(), Failure> {
    let articles = watched(path, console, |cancel, progress| database.reindex(cancel, progress))?;
    console.remark(&format!("{} indexed again", article_count(articles)));
    Ok(())
}

/// Rewrites a database without what is dead.
///
/// # Errors
///
/// Where the database cannot be opened, read or written.
pub fn compact(args: &CompactArgs, console: &Console) -> Result<Exit, Failure> {
    let path = args.database.as_path();
    let database = open(path, Options { accept_outdated: true, ..Options::default() })?;
    let before = bytes(&database)?;
    let options = CompactOptions { purge: args.purge };
    watched(path, console, |cancel, progress| database.compact(&options, cancel, progress))?;
    let after = bytes(&database)?;
    close(database)?;
    console.remark(&format!("{} to {}", size(before), size(after)));
    Ok(Exit::Success)
}

fn bytes(database: &Database) -> Result<u64, Failure> {
    let stats = database.reader().stats().map_err(|error| Failure::of_library(&error))?;
    Ok(stats.disk.total_bytes)
}
