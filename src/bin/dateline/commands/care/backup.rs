//! `dateline backup` and `dateline restore`: a copy of the files.

use dateline::database::{self, BackupOptions, Options};
use dateline::render::article_count;

use super::watched;
use crate::args::{BackupArgs, RestoreArgs};
use crate::commands::stats::size;
use crate::console::Console;
use crate::failure::{Exit, Failure};

/// Copies a database while others use it, and verifies the copy.
///
/// # Errors
///
/// Where the database cannot be read or the copy not be written.
pub fn backup(args: &BackupArgs, console: &Console) -> Result<Exit, Failure> {
    let options = BackupOptions { link: args.link, trust_earlier: args.trust_earlier };
    let done = watched(&args.database, console, |cancel, progress| {
        database::backup(&args.database, &args.folder, &options, cancel, progress)
    })?;
    let (copied, kept) = (size(done.copied_bytes), size(done.kept_bytes));
    let articles = article_count(done.articles);
    console
        .remark(&format!("{articles} in {}: {copied} copied, {kept} there already", args.folder.display()));
    Ok(Exit::Success)
}

/// Makes a database of a backup.
///
/// # Errors
///
/// Where the backup cannot be read or the database not be written.
pub fn restore(args: &RestoreArgs, console: &Console) -> Result<Exit, Failure> {
    let articles = watched(&args.folder, console, |cancel, progress| {
        database::restore(&args.folder, &args.database, Options::default(), cancel, progress)
    })?;
    console.remark(&format!("{} in {}", article_count(articles), args.database.display()));
    Ok(Exit::Success)
}
