//! What is generated from the definition of the command line: completions and manual pages.
//!
//! Both are printed on demand and kept nowhere, so neither can say something else than `--help`.

use std::io::{self, Write};

pub use clap_complete::Shell;
use clap_mangen::Man;

use super::definition;
use crate::failure::{Failure, Note};

/// Writes completions for a shell.
///
/// # Errors
///
/// Whatever the writer answers.
pub fn completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut definition(), "dateline", &mut script);
    out.write_all(&script)
}

/// Returns the manual page of the command, or of a subcommand.
///
/// # Errors
///
/// Where there is no such subcommand.
pub fn man(subcommand: Option<&str>) -> Result<Vec<u8>, Failure> {
    let mut command = definition();
    // Options of the command become known to the subcommands only when it is built.
    command.build();
    let page = match subcommand {
        None => command,
        Some(name) => command.find_subcommand(name).cloned().ok_or_else(|| unknown(name, &command))?,
    };
    let mut roff = Vec::new();
    Man::new(page).render(&mut roff).map_err(|error| Failure::of_output(&error))?;
    Ok(roff)
}

fn unknown(name: &str, command: &clap::Command) -> Failure {
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let note = Note::error(format!("there is no subcommand `{name}`"));
    Failure::usage(note.help(format!("write one of {}", names.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Vec<u8>) -> String {
        String::from_utf8(bytes).unwrap()
    }

    /// Lists the long options that help texts show, of the command and of each subcommand.
    fn shown_options(command: &clap::Command) -> Vec<String> {
        let shown = command.get_arguments().filter(|argument| !argument.is_hide_set());
        shown.filter_map(|argument| argument.get_long().map(str::to_owned)).collect()
    }

    #[test]
    fn every_option_stands_in_its_manual_page() {
        let mut command = definition();
        command.build();
        let pages = std::iter::once((None, &command))
            .chain(command.get_subcommands().map(|sub| (Some(sub.get_name()), sub)));
        for (name, command) in pages {
            let page = text(man(name).unwrap()).replace("\\-", "-");
            for option in shown_options(command) {
                assert!(page.contains(&format!("--{option}")), "--{option} is missing in {name:?}");
            }
        }
        assert!(man(Some("imprt")).is_err());
    }

    #[test]
    fn every_option_and_subcommand_is_completed() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
            let mut script = Vec::new();
            completions(shell, &mut script).unwrap();
            let script = text(script);
            for word in shown_options(&definition()) {
                assert!(script.contains(&word), "--{word} is missing for {shell}");
            }
            for sub in definition().get_subcommands() {
                assert!(script.contains(sub.get_name()), "{} is missing for {shell}", sub.get_name());
            }
        }
    }
}
