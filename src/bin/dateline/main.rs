//! The `dateline` command: batch first, a session where a person types.
//!
//! It uses the library's public interface and nothing else. Results go to standard output, everything else to
//! standard error.
//!
//! | step | file |
//! |---|---|
//! | options | `args`, `config`, `params`, `settings` |
//! | what a path is | `session` |
//! | scripts | `script`, `batch`, `run` |
//! | sessions | `repl`, `dot`, `shell` |
//! | subcommands | `commands` |
//! | where results go | `output`, `pager`, `partial` |
//! | what is said, and how it ends | `console`, `failure`, `journal` |

mod args;
mod batch;
mod commands;
mod config;
mod console;
mod dot;
mod failure;
mod folders;
mod interrupt;
mod journal;
mod output;
mod pager;
mod params;
mod partial;
mod progress;
mod repl;
mod run;
mod script;
mod session;
mod settings;
mod shell;

use std::path::Path;
use std::process::ExitCode;

use args::Cli;
use batch::{Manner, complain, run_script, run_stream};
use console::Console;
use failure::{Exit, Failure, Note};
use journal::Journal;
use shell::{Charts, Shell};

fn main() -> ExitCode {
    let mut cli = match args::parse(std::env::args_os()) {
        Ok(cli) => cli,
        Err(exit) => return ExitCode::from(exit.code()),
    };
    let on_screen = console::shows_results(&cli.common);
    let configured = config::apply(&mut cli, on_screen);
    let console = Console::new(&cli.common);
    interrupt::install();
    match configured {
        Ok(notes) => notes.iter().for_each(|note| console.say(note)),
        Err(failure) => return ExitCode::from(complain(&console, &failure).code()),
    }
    let exit = run(cli, &console).unwrap_or_else(|failure| complain(&console, &failure));
    ExitCode::from(exit.code())
}

fn run(cli: Cli, console: &Console) -> Result<Exit, Failure> {
    match (&cli.subcommand, &cli.database) {
        (Some(command), Some(database)) => {
            Err(Failure::usage(args::misplaced(command.name(), &database.display().to_string())))
        }
        (Some(_), None) => commands::run(cli, console),
        (None, Some(database)) => ask(&cli, database, console),
        (None, None) => Err(nothing_to_ask()),
    }
}

fn nothing_to_ask() -> Failure {
    let note = Note::error("no database is named")
        .help("ask a folder of articles:  dateline articles/")
        .help("make a database of it:     dateline import news.db articles/")
        .help("everything else:           dateline --help");
    Failure::usage(note)
}

/// Answers the statements of the command line, of a script, of standard input or of a person.
fn ask(cli: &Cli, database: &Path, console: &Console) -> Result<Exit, Failure> {
    let run = &cli.run;
    let given = if run.stream { None } else { script(cli)? };
    let mut shell = Shell::open(cli, database, console)?;
    shell.journal = run.stats_json.as_deref().map(Journal::new);
    shell.charts = run.plot.as_deref().map(Charts::new);
    let manner = Manner { check: run.check, keep_going: run.keep_going, exit_empty: run.exit_empty };
    let exit = match given {
        _ if run.stream => run_stream(&mut shell, run.file.as_deref(), manner)?,
        Some(script) => run_script(&mut shell, &script, manner),
        None if console.typed => repl::run(&mut shell)?,
        None => run_script(&mut shell, &batch::read(Path::new("-"))?, manner),
    };
    shell.end(exit)
}

/// Returns the script that the command line gives or names; `None` where it comes from standard input.
fn script(cli: &Cli) -> Result<Option<String>, Failure> {
    if let Some(query) = &cli.query {
        return Ok(Some(query.clone()));
    }
    if !cli.run.command.is_empty() {
        // A dot command takes a line of its own, and a comment ends with its line.
        return Ok(Some(cli.run.command.join("\n;\n")));
    }
    cli.run.file.as_deref().map(batch::read).transpose()
}
