//! `dateline completions` and `dateline man`.

use std::io::{self, Write};

use crate::args::{self, Shell};
use crate::failure::{Exit, Failure};

/// Prints completions for a shell.
///
/// # Errors
///
/// Where they cannot be written.
pub fn completions(shell: Shell) -> Result<Exit, Failure> {
    print(|out| args::completions(shell, out))
}

/// Prints a manual page.
///
/// # Errors
///
/// Where there is no such subcommand, or the page cannot be written.
pub fn man(subcommand: Option<&str>) -> Result<Exit, Failure> {
    let page = args::man(subcommand)?;
    print(|out| out.write_all(&page))
}

fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    write(&mut out).and_then(|()| out.flush()).map_err(|error| Failure::of_output(&error))?;
    Ok(Exit::Success)
}
