//! Scripts: checked as a whole, then run statement by statement.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use dateline::exec::View;
use dateline::query::Parameter;
use dateline::query::lex::{Sign, TokenKind, tokens};

use crate::console::Console;
use crate::dot::{self, After};
use crate::failure::{Exit, Failure, Note};
use crate::params;
use crate::run::prepare;
use crate::script::{Step, Written, is_dot_command, parameters, steps};
use crate::settings::seconds_now;
use crate::shell::{How, Shell};

/// The largest script, in bytes (16 MiB); a statement has a bound of its own.
const SCRIPT_BYTES_MAX: u64 = 16 << 20;

/// How a script is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Only check it.
    pub check: bool,
    /// Go on after a statement that fails.
    pub keep_going: bool,
    /// Exit with 1 where the last statement finds nothing.
    pub exit_empty: bool,
}

/// Reads a script from a file, or from standard input for `-`.
///
/// # Errors
///
/// Where it cannot be read, is too large, or is no UTF-8.
pub fn read(path: &Path) -> Result<String, Failure> {
    let name = path.display();
    let fail = |reason: String| Failure::new(Exit::Io, Note::error(format!("cannot read {name}: {reason}")));
    let mut bytes = Vec::new();
    let mut read_from = |source: &mut dyn Read| source.take(SCRIPT_BYTES_MAX + 1).read_to_end(&mut bytes);
    let read = if path == Path::new("-") {
        read_from(&mut std::io::stdin().lock())
    } else {
        std::fs::File::open(path).and_then(|mut file| read_from(&mut file))
    };
    read.map_err(|error| fail(error.to_string()))?;
    if bytes.len() as u64 > SCRIPT_BYTES_MAX {
        return Err(fail("a script has at most 16 MiB".to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| fail("it is not UTF-8".to_owned()))
}

/// A script on its way.
struct Job<'a> {
    script: &'a str,
    manner: Manner,
    /// Whether results carry the number of their statement.
    several: bool,
    deadline: Option<Instant>,
}

/// Runs a script; what goes wrong is said on the way.
///
/// Returns how the process should end.
pub fn run_script(shell: &mut Shell, script: &str, manner: Manner) -> Exit {
    let fixed = shell.settings.now.is_some();
    // All statements of a script count `today` from one moment.
    shell.settings.now.get_or_insert_with(seconds_now);
    let exit = run_at_one_moment(shell, script, manner);
    if !fixed {
        shell.settings.now = None;
    }
    exit
}

/// Runs statements as they are read from a file or the standard input, each once its semicolon is there.
///
/// # Errors
///
/// Where the input cannot be read.
pub fn run_stream(shell: &mut Shell, file: Option<&Path>, manner: Manner) -> Result<Exit, Failure> {
    let path = file.unwrap_or(Path::new("-"));
    let fail = |error: std::io::Error| {
        Failure::new(Exit::Io, Note::error(format!("cannot read {}: {error}", path.display())))
    };
    let mut input: Box<dyn BufRead> = if path == Path::new("-") {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(BufReader::new(std::fs::File::open(path).map_err(fail)?))
    };
    let mut stream = Stream { manner, ..Stream::default() };
    loop {
        let mut line = String::new();
        let read = input.by_ref().take(SCRIPT_BYTES_MAX).read_line(&mut line).map_err(fail)?;
        let Some(exit) = stream.take(shell, &line, read == 0) else { continue };
        return Ok(exit);
    }
}

/// Statements that arrive line by line.
#[derive(Default)]
struct Stream {
    manner: Manner,
    /// What was read of the statement at hand.
    typed: String,
    /// Statements run so far.
    number: u32,
    exit: Option<Exit>,
    last_is_empty: bool,
}

impl Stream {
    /// Takes a line and runs what it completes; returns how to end, where that is due.
    fn take(&mut self, shell: &mut Shell, line: &str, is_last: bool) -> Option<Exit> {
        self.typed.push_str(line);
        let is_too_long = self.typed.len() as u64 > SCRIPT_BYTES_MAX;
        if is_last || is_too_long || is_dot_command(line) || ends_statement(&self.typed) {
            let script = std::mem::take(&mut self.typed);
            if let Some(exit) = self.run(shell, &script) {
                return Some(exit);
            }
        }
        is_last.then_some(match self.exit {
            Some(exit) => exit,
            None if self.manner.exit_empty && self.last_is_empty => Exit::Empty,
            None => Exit::Success,
        })
    }

    fn run(&mut self, shell: &mut Shell, script: &str) -> Option<Exit> {
        let deadline = shell.deadline();
        for step in steps(script) {
            let ran = match step {
                Step::Dot(line) => dot::run(shell, &line),
                Step::Statement(mut written) => {
                    self.number += 1;
                    written.number = self.number;
                    let how = How { number: Some(self.number), deadline, keep: false };
                    shell.run(&written, script, how).map(|outcome| {
                        self.last_is_empty = outcome.is_empty;
                        After::GoOn
                    })
                }
            };
            match ran {
                Ok(After::GoOn) => {}
                Ok(After::Quit(code)) => return Some(code),
                Err(failure) => {
                    let exit = complain(&shell.console, &failure);
                    if is_final(exit) || !self.manner.keep_going {
                        return Some(exit);
                    }
                    self.exit = Some(exit);
                }
            }
        }
        None
    }
}

/// Tells whether the text ends with the semicolon of a statement, which no string or comment holds.
fn ends_statement(text: &str) -> bool {
    let last = tokens(text).into_iter().rfind(|token| token.kind != TokenKind::Comment);
    last.is_some_and(|token| token.kind == TokenKind::Sign(Sign::Semicolon))
}

/// Tells whether an exit ends the run whatever else was asked for: a closed pipe, a passed deadline, Ctrl-C.
fn is_final(exit: Exit) -> bool {
    matches!(exit, Exit::Success | Exit::Timeout | Exit::Interrupted)
}

fn run_at_one_moment(shell: &mut Shell, script: &str, manner: Manner) -> Exit {
    let steps = steps(script);
    if let Some(exit) = check(shell, script, &steps, manner) {
        return exit;
    }
    let statements = statements(&steps).count();
    if manner.check {
        let right = if statements == 1 {
            "1 statement is".to_owned()
        } else {
            format!("{statements} statements are")
        };
        shell.console.remark(&format!("{right} right"));
        return Exit::Success;
    }
    let deadline = shell.settings.timeout.map(|timeout| Instant::now() + timeout);
    run_steps(shell, &steps, &Job { script, manner, several: statements > 1, deadline })
}

/// Says what a failure has to say and returns its exit.
pub fn complain(console: &Console, failure: &Failure) -> Exit {
    failure.notes.iter().for_each(|note| console.say(note));
    failure.exit
}

fn statements(steps: &[Step]) -> impl Iterator<Item = &Written> {
    steps.iter().filter_map(|step| match step {
        Step::Statement(written) => Some(written.as_ref()),
        Step::Dot(_) => None,
    })
}

/// Resolves the whole script, so that an error in its last statement stops the first.
///
/// Returns how to end where something is wrong. With `--keep-going` a wrong statement is passed over in its place.
fn check(shell: &mut Shell, script: &str, steps: &[Step], manner: Manner) -> Option<Exit> {
    let mut failures: Vec<Failure> = unused_parameters(shell, script, steps).into_iter().collect();
    if manner.check || !manner.keep_going {
        match shell.view() {
            Err(failure) => failures.push(failure),
            Ok(view) => failures.extend(check_steps(view, script, steps, shell)),
        }
    }
    let exits: Vec<Exit> = failures.iter().map(|failure| complain(&shell.console, failure)).collect();
    exits.first().copied()
}

/// Resolves every step; a statement sees the names that those before it will have defined.
fn check_steps(mut view: View, script: &str, steps: &[Step], shell: &Shell) -> Vec<Failure> {
    let mut failures = Vec::new();
    for step in steps {
        match step {
            Step::Dot(line) => failures.extend(dot::check(line).err()),
            Step::Statement(written) => match prepare(written, script, &view, &shell.settings) {
                Ok(prepared) => {
                    let request = &prepared.resolved.request;
                    if request.is_change() {
                        request.change_catalog(Arc::make_mut(&mut view.catalog));
                    }
                }
                Err(failure) => failures.push(failure),
            },
        }
    }
    failures
}

/// Names the parameters that no statement asks for.
fn unused_parameters(shell: &Shell, script: &str, steps: &[Step]) -> Option<Failure> {
    let asked: BTreeSet<Parameter> =
        statements(steps).flat_map(|written| parameters(script, written.span)).collect();
    let bound = shell.settings.bindings.names();
    let unused: Vec<String> = bound.filter(|name| !asked.contains(name)).map(params::shown).collect();
    if unused.is_empty() {
        return None;
    }
    let note = Note::error(format!("no statement asks for the parameter {}", unused.join(", ")))
        .code("E302")
        .help("leave out its --param, or write it in a query as :name");
    Some(Failure::new(Exit::Query, note))
}

fn run_steps(shell: &mut Shell, steps: &[Step], job: &Job<'_>) -> Exit {
    let mut exit = Exit::Success;
    let mut last_is_empty = false;
    for step in steps {
        let ran = match step {
            Step::Dot(line) => dot::run(shell, line),
            Step::Statement(written) => run_written(shell, written, job).map(|is_empty| {
                last_is_empty = is_empty;
                After::GoOn
            }),
        };
        match ran {
            Ok(After::GoOn) => {}
            Ok(After::Quit(code)) => return code,
            Err(failure) => {
                exit = complain(&shell.console, &failure);
                if is_final(exit) || !job.manner.keep_going {
                    return exit;
                }
            }
        }
    }
    match exit {
        Exit::Success if job.manner.exit_empty && last_is_empty => Exit::Empty,
        exit => exit,
    }
}

/// Runs one statement; tells whether it found nothing.
fn run_written(shell: &mut Shell, written: &Written, job: &Job<'_>) -> Result<bool, Failure> {
    let how = How { number: job.several.then_some(written.number), deadline: job.deadline, keep: false };
    shell.run(written, job.script, how).map(|outcome| outcome.is_empty)
}
