//! Subcommands that look after a database: each shows how far it is, may be stopped, and is safe to repeat.

mod backup;
mod dump;
mod reextract;
mod repair;
mod rewrite;

use std::path::Path;

use dateline::database::{Database, Options, Steps};
use dateline::exec::CancelToken;

pub use self::backup::{backup, restore};
pub use self::rewrite::reindex_open;
use crate::args::Care;
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::interrupt;
use crate::progress::Progress;

/// Runs one of the subcommands.
///
/// # Errors
///
/// Why it could not be done.
pub fn run(care: &Care, console: &Console) -> Result<Exit, Failure> {
    match care {
        Care::Reextract(args) => reextract::run(&args.database, console),
        Care::Reindex(args) => rewrite::reindex(&args.database, console),
        Care::Compact(args) => rewrite::compact(args, console),
        Care::Repair(args) => repair::run(&args.database, console),
        Care::Backup(args) => backup::backup(args, console),
        Care::Restore(args) => backup::restore(args, console),
        Care::Dump(args) => dump::dump(args, console),
        Care::Load(args) => dump::load(args, console),
    }
}

/// Does long work on `path` with progress, until it is done or Ctrl-C stops it.
///
/// # Errors
///
/// What the work failed with.
pub fn watched<T>(
    path: &Path,
    console: &Console,
    work: impl FnOnce(&CancelToken, &mut dyn FnMut(&Steps)) -> dateline::Result<T>,
) -> Result<T, Failure> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut progress = Progress::new(name, console);
    let done = interrupt::cancellable(|cancel| work(cancel, &mut |steps| progress.show_steps(steps)));
    progress.finish();
    done.map_err(|error| Failure::of_library(&error))
}

fn open(path: &Path, options: Options) -> Result<Database, Failure> {
    Database::open_with(path, options).map_err(|error| Failure::of_library(&error))
}

fn close(database: Database) -> Result<(), Failure> {
    database.close().map_err(|error| Failure::of_library(&error))
}
