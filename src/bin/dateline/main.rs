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
//! | what is said, and how it ends | `console`, `failure`, `run_stats` |

mod args;
mod batch;
mod commands;
mod config;
mod console;
mod dot;
mod failure;
mod folders;
mod interrupt;
mod output;
mod pager;
mod params;
mod partial;
mod progress;
mod repl;
mod run;
mod run_stats;
mod script;
mod session;
mod settings;
mod shell;

use std::path::Path;
use std::process::ExitCode;

use args::Cli;
use batch::{Manner, complain, run_scripts, run_stream};
use console::Console;
use failure::{Exit, Failure, Note};
use run_stats::RunStats;
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
    let stats = cli.run.stats_json.as_deref().map(RunStats::new);
    let opened = scripts(cli).and_then(|given| Ok((given, Shell::open(cli, database, console)?)));
    let (given, mut shell) = match (opened, stats) {
        (Ok((given, shell)), stats) => (given, Shell { stats, ..shell }),
        // Whoever watches the run from afar hears of this too.
        (Err(failure), Some(stats)) => {
            return Err(stats.write_failed(database, failure));
        }
        (Err(failure), None) => return Err(failure),
    };
    // What is only checked is not drawn.
    shell.charts = cli.run.plot.as_deref().filter(|_| !cli.run.check).map(Charts::new);
    match answer(cli, given, &mut shell) {
        Ok(exit) => shell.end(exit),
        Err(failure) => Err(shell.fail(failure)),
    }
}

fn answer(cli: &Cli, given: Option<Vec<String>>, shell: &mut Shell) -> Result<Exit, Failure> {
    let run = &cli.run;
    let manner = Manner { check: run.check, keep_going: run.keep_going, exit_empty: run.exit_empty };
    match given {
        _ if run.stream => run_stream(shell, run.file.as_deref(), manner),
        Some(scripts) => Ok(run_scripts(shell, &scripts, manner)),
        None if shell.console.typed => {
            let exit = repl::run(shell)?;
            // A person may leave without having drawn anything.
            shell.charts = None;
            Ok(exit)
        }
        None => Ok(run_scripts(shell, &[batch::read(Path::new("-"))?], manner)),
    }
}

/// Returns the scripts that the command line gives or names; `None` where they come from standard input.
fn scripts(cli: &Cli) -> Result<Option<Vec<String>>, Failure> {
    match (&cli.query, &cli.run.file) {
        _ if cli.run.stream => Ok(None),
        (Some(query), _) => Ok(Some(vec![query.clone()])),
        (None, Some(file)) => Ok(Some(vec![batch::read(file)?])),
        (None, None) => Ok(Some(cli.run.command.clone()).filter(|commands| !commands.is_empty())),
    }
}
