//! Dot commands: what steers the session rather than asks the archive.

mod care;
mod data;
mod edit;
mod help;
mod result;
mod set;
mod why;

use dateline::query::nearest;

use crate::failure::{Exit, Failure, Note};
use crate::shell::Shell;

/// What follows a dot command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    /// The next one.
    GoOn,
    /// The end of the session or script.
    Quit(Exit),
}

/// One dot command.
pub struct Command {
    /// Its name, without the dot.
    pub name: &'static str,
    /// What it takes.
    pub takes: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    run: fn(&mut Shell, &str) -> Result<After, Failure>,
}

/// Every dot command, in the order that `.help` lists them.
pub const COMMANDS: &[Command] = &[
    command("help", "[TOPIC]", "show this, or help on keys, queries, or a dot command", help::help),
    command("open", "PATH|N", "open another archive, or show row N of the last result in full", data::open),
    command("close", "", "leave the archive and go on without one", data::close),
    command("stats", "", "how large the archive is and what it holds", data::stats),
    command("schema", "[FIELD]", "the fields with their types, or one of them", data::schema),
    command("fields", "", "the names of the fields", data::fields),
    command("values", "FIELD [PREFIX]", "the most frequent values of a field", data::values),
    command("saved", "", "saved filters and queries", data::saved),
    command("aliases", "", "other names of people, places and organisations", data::aliases),
    command(
        "import",
        "PATH... [--map FIELD=MEMBER] [--on-duplicate skip|replace|error] [--dry-run]",
        "put articles into the open database",
        data::import,
    ),
    command("check", "[deep]", "verify the open database", data::check),
    command("reindex", "", "rebuild the indexes of the open database from its articles", care::reindex),
    command("backup", "DIR", "copy the open database into a folder", care::backup),
    command("restore", "DIR DB", "make a database of a backup, and open it", care::restore),
    command("next", "", "the next page of the last result", result::next),
    command("why", "N", "how row N of the last result satisfies each condition", why::why),
    command(
        "export",
        "FILE",
        "all rows of the last query in a file; its ending is the format",
        result::export,
    ),
    command("edit", "[STATEMENT]", "the last statement in $EDITOR; what comes back is run", edit::edit),
    command("again", "FORMAT", "the last result in another format, without running it again", result::again),
    command(
        "mode",
        "[FORMAT]",
        "how results are written: table, line, csv, tsv, json, ndjson, markdown, html, svg",
        set::mode,
    ),
    command("width", "N|full|auto", "columns of tables", set::width),
    command("color", "on|off", "colours", set::color),
    command(
        "plot",
        "on|off|FILE.svg",
        "bars and sparklines in tables, or a chart of the last result",
        set::plot,
    ),
    command("pager", "auto|never|COMMAND", "what shows results longer than the screen", set::pager),
    command("explain", "on|off", "the plan of every query before its result", set::explain),
    command("limit", "N|off", "rows of a result whose query sets no limit", set::limit),
    command("timer", "on|off", "time taken after every result", set::timer),
    command("param", "set NAME[:TYPE] VALUE | unset NAME | list", "values of parameters", set::param),
    command("timezone", "[OFFSET]", "zone of days and timestamps, as +03:00", set::timezone),
    command("now", "[INSTANT|auto]", "moment that `today` counts from", set::now),
    command("write", "on|off", "allow statements that change the database", set::write),
    command("read", "FILE", "run a script", data::read),
    command("once", "FILE", "write the next result to a file", set::once),
    command("output", "[FILE]", "write all results to a file; without one, to the screen again", set::output),
    command("history", "[TEXT]", "earlier statements, or those that hold a text", result::history),
    command("quit", "[CODE]", "leave; so does Ctrl-D", quit),
];

const fn command(
    name: &'static str,
    takes: &'static str,
    about: &'static str,
    run: fn(&mut Shell, &str) -> Result<After, Failure>,
) -> Command {
    Command { name, takes, about, run }
}

/// Runs a dot command.
///
/// # Errors
///
/// Where there is none of that name, or what it says of its argument.
pub fn run(shell: &mut Shell, line: &str) -> Result<After, Failure> {
    let (command, argument) = find(line)?;
    (command.run)(shell, argument)
}

/// Tells whether a dot command of that name exists.
///
/// # Errors
///
/// What to write instead.
pub fn check(line: &str) -> Result<(), Failure> {
    find(line).map(|_| ())
}

/// Returns the command of a line and what follows its name.
fn find(line: &str) -> Result<(&'static Command, &str), Failure> {
    let line = line.trim().trim_start_matches('.').trim_end_matches(';').trim_end();
    let (name, argument) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let is_named = |command: &&Command| command.name.eq_ignore_ascii_case(name);
    match COMMANDS.iter().find(is_named) {
        Some(command) => Ok((command, argument.trim())),
        None => Err(unknown(name)),
    }
}

fn unknown(name: &str) -> Failure {
    let note = Note::error(format!("there is no command `.{name}`"));
    let note = match nearest(name, COMMANDS.iter().map(|command| command.name)) {
        Some(meant) => note.help(format!("did you mean `.{meant}`?")),
        None => note,
    };
    Failure::usage(note.help("`.help` lists all"))
}

/// Returns a usage error that shows what a command takes.
fn usage(name: &str) -> Failure {
    let takes = COMMANDS.iter().find(|command| command.name == name).map_or("", |command| command.takes);
    let takes = if takes.is_empty() { "nothing" } else { takes };
    Failure::usage(Note::error(format!("`.{name}` takes {takes}")))
}

fn quit(_: &mut Shell, argument: &str) -> Result<After, Failure> {
    match argument {
        "" => Ok(After::Quit(Exit::Success)),
        code => Exit::of_code(code).map(After::Quit).ok_or_else(|| usage("quit")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case_with_what_follows() {
        let (command, argument) = find(".MODE  csv ;").unwrap();
        assert_eq!((command.name, argument), ("mode", "csv"));
        assert!(find(".quit;").is_ok());
    }

    #[test]
    fn unknown_names_get_a_suggestion() {
        let Err(failure) = find(".moed csv") else { panic!("found") };
        assert_eq!(failure.notes[0].help, ["did you mean `.mode`?", "`.help` lists all"]);
    }

    #[test]
    fn every_command_says_what_it_does() {
        for command in COMMANDS {
            assert!(!command.about.is_empty() && !command.about.ends_with('.'), "{}", command.name);
        }
    }
}
