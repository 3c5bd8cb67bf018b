//! `dateline schema`: the fields of an archive.

use crate::args::{Cli, DatabaseArgs};
use crate::batch::{Manner, run_script};
use crate::console::Console;
use crate::failure::{Exit, Failure};
use crate::shell::Shell;

/// Shows the fields with their types, as `describe` does.
///
/// # Errors
///
/// Where the archive cannot be opened.
pub fn run(args: &DatabaseArgs, cli: &Cli, console: &Console) -> Result<Exit, Failure> {
    let mut shell = Shell::open(cli, &args.database, console)?;
    Ok(run_script(&mut shell, "describe", Manner::default()))
}
