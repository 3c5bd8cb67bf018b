//! The interactive session.

mod complete;
mod helper;
mod history;
mod values;

use std::time::{Duration, Instant};

use dateline::query::{Completeness, completeness};
use helper::Helper;
use history::History;
use rustyline::error::ReadlineError;
use rustyline::{CompletionType, Config, Editor};

use crate::batch::complain;
use crate::dot::{self, After};
use crate::failure::{Exit, Failure, Note};
use crate::script::{Step, is_dot_command, steps};
use crate::shell::{How, Shell};

/// Two Ctrl-C within this time leave the session.
const TWICE_WITHIN: Duration = Duration::from_secs(1);

/// What stands before a line that continues a statement.
const CONTINUED: &str = "     ...> ";

/// Runs a session until the user leaves it.
///
/// # Errors
///
/// Where the terminal cannot be read.
pub fn run(shell: &mut Shell) -> Result<Exit, Failure> {
    let mut editor = editor(shell)?;
    let history = History::open();
    history.load(&mut editor);
    shell.history = history::entries(&editor);
    let greeting = greeting(shell)?;
    shell.console.remark(&greeting);
    let mut typed = String::new();
    let mut last_interrupt: Option<Instant> = None;
    loop {
        if let Some(helper) = editor.helper_mut() {
            helper.look_at(shell, &typed);
        }
        match editor.readline(&prompt(shell, &typed)) {
            Ok(line) => {
                last_interrupt = None;
                let Some(input) = input(&mut typed, &line) else { continue };
                history.add(&mut editor, &input);
                shell.history = history::entries(&editor);
                if let After::Quit(exit) = answer(shell, &input) {
                    return Ok(exit);
                }
            }
            Err(ReadlineError::Interrupted) => {
                if last_interrupt.is_some_and(|last| last.elapsed() < TWICE_WITHIN) {
                    return Ok(Exit::Success);
                }
                last_interrupt = Some(Instant::now());
                typed.clear();
            }
            Err(ReadlineError::Eof) => return Ok(Exit::Success),
            Err(error) => {
                let note = Note::error(format!("cannot read the terminal: {error}"));
                return Err(Failure::new(Exit::Io, note.help("statements can also be given with -c or -f")));
            }
        }
    }
}

fn editor(shell: &Shell) -> Result<Editor<Helper, rustyline::history::FileHistory>, Failure> {
    let coloured = shell.console.message_paint == dateline::render::Paint::Colour;
    let config = Config::builder()
        .auto_add_history(false)
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .color_mode(if coloured { rustyline::ColorMode::Enabled } else { rustyline::ColorMode::Disabled })
        .build();
    let fail = |error| Failure::new(Exit::Io, Note::error(format!("cannot use the terminal: {error}")));
    let mut editor = Editor::with_config(config).map_err(fail)?;
    editor.set_helper(Some(Helper::default()));
    Ok(editor)
}

/// Returns the one line that a session starts with.
fn greeting(shell: &mut Shell) -> Result<String, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    Ok(format!("dateline {version}: {}; .help shows how, Ctrl-D leaves", shell.archive.headline()?))
}

fn prompt(shell: &Shell, typed: &str) -> String {
    match (typed.is_empty(), shell.settings.write) {
        (false, _) => CONTINUED.to_owned(),
        (true, false) => "dateline> ".to_owned(),
        (true, true) => format!("{}*> ", shell.archive.name()),
    }
}

/// Adds a line to what was typed before; returns the whole input once it can be run.
fn input(typed: &mut String, line: &str) -> Option<String> {
    let gives_up = line.trim().is_empty();
    if typed.is_empty() && gives_up {
        return None;
    }
    if !typed.is_empty() {
        typed.push('\n');
    }
    typed.push_str(line);
    let ready = gives_up
        || line.trim_end().ends_with(';')
        || is_dot_command(typed.trim_start())
        || completeness(typed) == Completeness::Complete;
    ready.then(|| std::mem::take(typed).trim_end().to_owned())
}

/// Runs what was typed; a failure is said and the session goes on.
fn answer(shell: &mut Shell, input: &str) -> After {
    let input = if is_dot_command(input.trim_start()) { input.trim_start() } else { input };
    for step in steps(input) {
        let ran = match step {
            Step::Dot(line) => dot::run(shell, &line),
            Step::Statement(written) => {
                let how = How { deadline: shell.deadline(), keep: true, number: None };
                shell.run(&written, input, how).map(|_| After::GoOn)
            }
        };
        match ran {
            Ok(After::GoOn) => {}
            Ok(quit) => return quit,
            Err(failure) => {
                complain(&shell.console, &failure);
                return After::GoOn;
            }
        }
    }
    After::GoOn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(lines: &[&str]) -> Vec<String> {
        let mut typed = String::new();
        lines.iter().filter_map(|line| input(&mut typed, line)).collect()
    }

    #[test]
    fn a_statement_may_span_lines() {
        assert_eq!(
            inputs(&["find where mentions \"Idlib\" and", "date > 2018"]),
            ["find where mentions \"Idlib\" and\ndate > 2018"]
        );
        assert_eq!(inputs(&["count", "", "find"]), ["count", "find"]);
    }

    #[test]
    fn a_semicolon_or_an_empty_line_always_ends_it() {
        assert_eq!(inputs(&["find where", ""]), ["find where"]);
        assert_eq!(inputs(&["find where;"]), ["find where;"]);
    }

    #[test]
    fn dot_commands_are_whole_at_once() {
        assert_eq!(inputs(&[".mode csv", "count"]), [".mode csv", "count"]);
    }
}
