//! Scripts: checked as a whole, then run statement by statement.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use dateline::exec::View;
use dateline::query::lex::{Sign, TokenKind, Wrong, tokens};
use dateline::query::{Parameter, QUERY_BYTES_MAX};

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

/// A step with the script that it stands in.
type Part<'a> = (&'a str, Step);

/// Scripts on their way.
#[derive(Debug, Clone, Copy)]
struct Job {
    manner: Manner,
    /// Whether results carry the number of their statement.
    several: bool,
    deadline: Option<Instant>,
}

/// Runs a script; what goes wrong is said on the way.
///
/// Returns how the process should end.
pub fn run_script(shell: &mut Shell, script: &str, manner: Manner) -> Exit {
    run_scripts(shell, &[script], manner)
}

/// Runs scripts as one: all are checked before the first statement runs, and statements are counted through.
///
/// Returns how the process should end.
pub fn run_scripts(shell: &mut Shell, scripts: &[impl AsRef<str>], manner: Manner) -> Exit {
    let fixed = shell.settings.now.is_some();
    // All statements of a script count `today` from one moment.
    shell.settings.now.get_or_insert_with(seconds_now);
    let exit = run_at_one_moment(shell, &parts(scripts), manner);
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
    typed: Typed,
    /// Statements run so far.
    number: u32,
    exit: Option<Exit>,
    last_is_empty: bool,
}

impl Stream {
    /// Takes a line and runs what it completes; returns how to end, where that is due.
    fn take(&mut self, shell: &mut Shell, line: &str, is_last: bool) -> Option<Exit> {
        self.typed.push(line);
        if is_last || is_dot_command(line) || self.typed.is_due() {
            let script = std::mem::take(&mut self.typed).text;
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

/// Lines of statements of which the last may not be whole yet, each line read once: only an open object spans lines.
#[derive(Default)]
struct Typed {
    text: String,
    /// Where the tokens begin that are to be read once more with the next line, in bytes.
    read: usize,
    /// Where the statement begins that is not whole yet, in bytes.
    open: Option<usize>,
    /// Whether a statement before it is whole.
    has_whole: bool,
}

impl Typed {
    fn push(&mut self, line: &str) {
        let from = self.read;
        self.text.push_str(line);
        let new = self.text.get(from..).unwrap_or_default();
        self.read = self.text.len();
        for token in tokens(new).into_iter().filter(|token| token.kind != TokenKind::Comment) {
            if token.kind == TokenKind::Sign(Sign::Semicolon) {
                (self.open, self.has_whole) = (None, true);
                continue;
            }
            let start = from + token.span.start as usize;
            self.open.get_or_insert(start);
            if token.kind == TokenKind::Wrong(Wrong::UnclosedJson) {
                self.read = start;
            }
        }
        if self.open.is_none() && !self.has_whole {
            // Comments alone belong to no statement.
            *self = Typed::default();
        }
    }

    /// Tells whether the text ends with the semicolon of a statement, which no string or comment holds, or has begun one
    /// that is too long by now.
    fn is_due(&self) -> bool {
        match self.open {
            None => self.has_whole,
            Some(start) => self.text.len() - start > QUERY_BYTES_MAX,
        }
    }
}

/// Tells whether an exit ends the run whatever else was asked for: a closed pipe, a passed deadline, Ctrl-C.
fn is_final(exit: Exit) -> bool {
    matches!(exit, Exit::Success | Exit::Timeout | Exit::Interrupted)
}

/// Splits scripts into their steps; each step keeps the script that its places are counted in.
fn parts(scripts: &[impl AsRef<str>]) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut before = 0;
    for script in scripts.iter().map(AsRef::as_ref) {
        let own = steps(script);
        let count = own.iter().filter(|step| matches!(step, Step::Statement(_))).count();
        parts.extend(own.into_iter().map(|step| (script, step.counted_after(before))));
        before += u32::try_from(count).unwrap_or(u32::MAX);
    }
    parts
}

fn run_at_one_moment(shell: &mut Shell, parts: &[Part<'_>], manner: Manner) -> Exit {
    if let Some(exit) = check(shell, parts, manner) {
        return exit;
    }
    let statements = statements(parts).count();
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
    run_steps(shell, parts, Job { manner, several: statements > 1, deadline })
}

/// Says what a failure has to say and returns its exit.
pub fn complain(console: &Console, failure: &Failure) -> Exit {
    failure.notes.iter().for_each(|note| console.say(note));
    failure.exit
}

fn statements<'a>(parts: &'a [Part<'a>]) -> impl Iterator<Item = (&'a str, &'a Written)> {
    parts.iter().filter_map(|(script, step)| match step {
        Step::Statement(written) => Some((*script, written.as_ref())),
        Step::Dot(_) => None,
    })
}

/// Resolves the whole script, so that an error in its last statement stops the first.
///
/// Returns how to end where something is wrong. With `--keep-going` a wrong statement is passed over in its place.
fn check(shell: &mut Shell, parts: &[Part<'_>], manner: Manner) -> Option<Exit> {
    let mut failures: Vec<Failure> = unused_parameters(shell, parts).into_iter().collect();
    if manner.check || !manner.keep_going {
        match shell.view() {
            Err(failure) => failures.push(failure),
            Ok(view) => failures.extend(check_steps(view, parts, shell)),
        }
    }
    let exits: Vec<Exit> = failures.iter().map(|failure| complain(&shell.console, failure)).collect();
    exits.first().copied()
}

/// Resolves every step; a statement sees the names that those before it will have defined.
fn check_steps(mut view: View, parts: &[Part<'_>], shell: &mut Shell) -> Vec<Failure> {
    let mut failures = Vec::new();
    for (script, step) in parts {
        match step {
            Step::Dot(line) => failures.extend(dot::check(line).err()),
            Step::Statement(written) => match prepare(written, script, &view, &shell.settings) {
                Ok(prepared) => {
                    let request = &prepared.resolved.request;
                    if request.is_change() {
                        request.change_catalog(Arc::make_mut(&mut view.catalog));
                    }
                }
                Err(failure) => {
                    shell.note_wrong(written, script, &failure);
                    failures.push(failure);
                }
            },
        }
    }
    failures
}

/// Names the parameters that no statement asks for.
fn unused_parameters(shell: &Shell, parts: &[Part<'_>]) -> Option<Failure> {
    let asked: BTreeSet<Parameter> =
        statements(parts).flat_map(|(script, written)| parameters(script, written.span)).collect();
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

fn run_steps(shell: &mut Shell, parts: &[Part<'_>], job: Job) -> Exit {
    let mut exit = Exit::Success;
    let mut last_is_empty = false;
    for (script, step) in parts {
        let ran = match step {
            Step::Dot(line) => dot::run(shell, line),
            Step::Statement(written) => run_written(shell, written, script, job).map(|is_empty| {
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
fn run_written(shell: &mut Shell, written: &Written, script: &str, job: Job) -> Result<bool, Failure> {
    let how = How { number: job.several.then_some(written.number), deadline: job.deadline, keep: false };
    shell.run(written, script, how).map(|outcome| outcome.is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dues(lines: &[&str]) -> Vec<bool> {
        let mut typed = Typed::default();
        let due = |line: &&str| {
            typed.push(line);
            let due = typed.is_due();
            if due {
                typed = Typed::default();
            }
            due
        };
        lines.iter().map(due).collect()
    }

    #[test]
    fn a_statement_is_due_at_its_semicolon() {
        assert_eq!(
            dues(&["count\n", "# a; b\n", "where title contains \"a;\"\n", ";\n"]),
            [false, false, false, true]
        );
        assert_eq!(dues(&["# a comment;\n", "count; count\n", "; -- done\n"]), [false, false, true]);
        let object = ["insert {\"text\": \"a;\",\n", "\"tags\": [{}, {}]\n", "}\n", ";\n", "count;\n"];
        assert_eq!(dues(&object), [false, false, false, true, true]);
    }

    #[test]
    fn each_line_is_read_once() {
        let mut typed = Typed::default();
        typed.push("find where source in (\n");
        for _ in 0..100 {
            typed.push("\"AFP\",\n");
            assert_eq!(typed.read, typed.text.len());
        }
    }

    #[test]
    fn what_no_semicolon_ends_is_due_when_it_is_too_long() {
        let line = "x".repeat(1 << 10) + "\n";
        let mut typed = Typed::default();
        let lines = (1..1_000).find(|_| {
            typed.push(&line);
            typed.is_due()
        });
        assert_eq!(lines, Some(QUERY_BYTES_MAX / line.len() + 1));
        let mut comments = Typed::default();
        (0..1_000).for_each(|_| comments.push(&format!("# {line}")));
        assert!(comments.text.is_empty() && !comments.is_due());
    }
}
