//! The interactive session.

mod complete;
mod helper;
mod hint;
mod history;
mod meant;
mod values;

use std::time::{Duration, Instant};

use dateline::query::{Completeness, Statement, ast, completeness};
use dateline::render::article_count;
use helper::Helper;
use history::History;
use rustyline::error::ReadlineError;
use rustyline::{CompletionType, Config, Editor, EventHandler, KeyCode, KeyEvent, Modifiers};

use crate::batch::complain;
use crate::dot::{self, After};
use crate::failure::{Exit, Failure, Note};
use crate::script::{Step, Written, is_dot_command, steps};
use crate::shell::{How, Shell};

/// Two Ctrl-C within this time leave the session.
const TWICE_WITHIN: Duration = Duration::from_secs(1);

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
    let mut last_interrupt: Option<Instant> = None;
    loop {
        if let Some(helper) = editor.helper_mut() {
            helper.look_at(shell);
        }
        match editor.readline(&prompt(shell)) {
            Ok(typed) => {
                last_interrupt = None;
                let input = typed.trim_end();
                if input.trim().is_empty() {
                    continue;
                }
                history.add(&mut editor, input);
                let mut ask = |question: &str| is_yes(editor.readline(question));
                let after = answer(shell, input, &mut ask);
                for statement in std::mem::take(&mut shell.remember) {
                    history.add(&mut editor, &statement);
                }
                shell.history = history::entries(&editor);
                if let After::Quit(exit) = after {
                    return Ok(exit);
                }
            }
            Err(ReadlineError::Interrupted) => {
                if last_interrupt.is_some_and(|last| last.elapsed() < TWICE_WITHIN) {
                    return Ok(Exit::Success);
                }
                last_interrupt = Some(Instant::now());
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
    for key in [KeyEvent::alt('f'), KeyEvent(KeyCode::Right, Modifiers::ALT)] {
        editor.bind_sequence(key, EventHandler::Conditional(Box::new(hint::TakeWord)));
    }
    Ok(editor)
}

/// Returns the one line that a session starts with.
fn greeting(shell: &mut Shell) -> Result<String, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    Ok(format!("dateline {version}: {}; .help shows how, Ctrl-D leaves", shell.archive.headline()?))
}

fn prompt(shell: &Shell) -> String {
    if shell.settings.write { format!("{}*> ", shell.archive.name()) } else { "dateline> ".to_owned() }
}

/// Tells whether what was typed can be run, or goes on in the next line.
fn is_whole(typed: &str) -> bool {
    let gives_up = typed.lines().last().is_none_or(|line| line.trim().is_empty()) || typed.ends_with('\n');
    gives_up
        || typed.trim_end().ends_with(';')
        || is_dot_command(typed.trim_start())
        || completeness(typed) == Completeness::Complete
}

/// Runs what was typed; a failure is said and the session goes on.
///
/// `ask` puts a question and tells whether the answer is yes.
pub fn answer(shell: &mut Shell, input: &str, ask: &mut dyn FnMut(&str) -> bool) -> After {
    let input = if is_dot_command(input.trim_start()) { input.trim_start() } else { input };
    shell.suggestion = None;
    for step in steps(input) {
        let ran = match step {
            Step::Dot(line) => dot::run(shell, &line),
            Step::Statement(written) => {
                let how = How { deadline: shell.deadline(), keep: true, number: None };
                let ran =
                    confirmed(shell, &written, input, ask).and_then(|()| shell.run(&written, input, how));
                ran.map(|outcome| {
                    let help = outcome.is_empty.then(|| shell.last_help()).flatten();
                    shell.suggestion = help.and_then(|help| meant::nearest(input, written.span, &help));
                    shell.wrong.remove(input);
                    After::GoOn
                })
            }
        };
        match ran {
            Ok(After::GoOn) => {}
            Ok(quit) => return quit,
            Err(failure) => {
                complain(&shell.console, &failure);
                // A statement that was stopped, or whose database was away, may well be asked again.
                if matches!(failure.exit, Exit::Query | Exit::Usage) {
                    shell.wrong.insert(input.to_owned());
                }
                shell.suggestion = meant::mended(input, &failure.queries());
                break;
            }
        }
    }
    offer(shell);
    After::GoOn
}

/// Says how the statement may have been meant; the prompt offers it too.
fn offer(shell: &Shell) {
    if let Some(meant) = shell.suggestion.as_deref().filter(|meant| !meant.contains('\n')) {
        let arrow = if shell.console.unicode { "\u{2192}" } else { "the Right key" };
        shell.console.remark(&format!("{arrow} takes: {}", dateline::render::safe_text(meant)));
    }
}

/// Asks before articles are changed or deleted, with their number.
fn confirmed(
    shell: &mut Shell,
    written: &Written,
    input: &str,
    ask: &mut dyn FnMut(&str) -> bool,
) -> Result<(), Failure> {
    let articles = match shell.would_change(written, input)? {
        None | Some(0) => return Ok(()),
        Some(articles) => article_count(articles),
    };
    let deletes = matches!(written.statement, Ok(Statement::Write(ast::Write::Delete(_))));
    let verb = if deletes { "delete" } else { "change" };
    if ask(&format!("{verb} {articles}? [y/N] ")) {
        return Ok(());
    }
    Err(Failure::new(Exit::Refused, Note::error("nothing was changed").help("answer y to go on")))
}

/// Puts a question without line editing and tells whether the answer is yes.
pub fn ask_plainly(question: &str) -> bool {
    eprint!("{question}");
    let mut line = String::new();
    is_yes(std::io::stdin().read_line(&mut line).map(|_| line).map_err(ReadlineError::Io))
}

fn is_yes(line: rustyline::Result<String>) -> bool {
    line.is_ok_and(|line| matches!(line.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_may_span_lines() {
        assert!(!is_whole("find where mentions \"Idlib\" and"));
        assert!(is_whole("find where mentions \"Idlib\" and\ndate > 2018"));
        assert!(is_whole("count") && is_whole(""));
    }

    #[test]
    fn a_semicolon_or_an_empty_line_always_ends_it() {
        assert!(is_whole("find where;") && is_whole("find where\n") && is_whole("find where\n  "));
        assert!(!is_whole("find where"));
    }

    #[test]
    fn dot_commands_are_whole_at_once() {
        assert!(is_whole(".mode csv"));
    }
}
