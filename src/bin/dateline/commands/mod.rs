//! Subcommands.

pub mod care;
pub mod check;
pub mod export;
pub mod extract;
pub mod generate;
pub mod import;
pub mod schema;
pub mod stats;
pub mod watch;

use crate::args::{Cli, Command};
use crate::console::Console;
use crate::failure::{Exit, Failure};

/// Runs the subcommand of the command line.
///
/// # Errors
///
/// Why it could not be done.
pub fn run(cli: Cli, console: &Console) -> Result<Exit, Failure> {
    match &cli.subcommand {
        Some(Command::Import(args)) => import::run(args, cli.run.strict, console),
        Some(Command::Export(args)) => export::run(args, &cli, console),
        Some(Command::Extract(args)) => extract::run(args, &cli, console),
        Some(Command::Check(args)) => check::run(&args.database, args.deep, console),
        Some(Command::Stats(args)) => stats::run(args, &cli, console),
        Some(Command::Schema(args)) => schema::run(args, &cli, console),
        Some(Command::Care(care)) => care::run(care, console),
        Some(Command::Completions(args)) => generate::completions(args.shell),
        Some(Command::Man(args)) => generate::man(args.subcommand.as_deref()),
        None => Ok(Exit::Success),
    }
}
