//! `dateline export`: the answer of a query in a file.

use dateline::query::ast::ExportFormat;
use dateline::render::Format;

use crate::args::{Cli, ExportArgs};
use crate::batch::{Manner, run_script};
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};
use crate::output::Output;
use crate::settings::Limit;
use crate::shell::Shell;

/// Writes the answer to a file; the file appears only when it is whole.
///
/// # Errors
///
/// Where the archive cannot be opened or the file not be written.
pub fn run(args: &ExportArgs, cli: &Cli, console: &Console) -> Result<Exit, Failure> {
    let format =
        cli.common.format.or_else(|| Format::of_file(&args.file)).ok_or_else(|| unknown_format(args))?;
    let mut shell = Shell::open(cli, &args.database, console)?;
    shell.settings.format = format;
    shell.settings.limit = cli.run.limit.map(Limit::Asked);
    shell.output = Output::partial(&args.file)?;
    let exit = run_script(&mut shell, &args.query, Manner::default());
    if exit == Exit::Success {
        shell.output.keep()?;
        console.remark(&format!("wrote {}", args.file.display()));
    }
    Ok(exit)
}

fn unknown_format(args: &ExportArgs) -> Failure {
    // An ending that means a format which another program writes says which.
    if let Some(Err(error)) = ExportFormat::of_file(&args.file).map(|format| format.name().parse::<Format>())
    {
        return Failure::usage(Note::error(error.to_string()));
    }
    let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    let note = Note::error(format!("the ending of {} names no format", args.file.display()));
    Failure::usage(note.help(format!("add --format with one of {}", names.join(", "))))
}
