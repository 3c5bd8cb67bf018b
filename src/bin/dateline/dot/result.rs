//! Dot commands about the last result.

use std::path::Path;

use dateline::render::Format;

use super::set::may_touch_files;
use super::{After, usage};
use crate::failure::{Failure, Note};
use crate::shell::Shell;

pub(super) fn next(shell: &mut Shell, _: &str) -> Result<After, Failure> {
    shell.next_page()?;
    Ok(After::GoOn)
}

/// Prints the rows that are kept once more.
pub(super) fn again(shell: &mut Shell, argument: &str) -> Result<After, Failure> {
    if argument.is_empty() {
        return Err(usage("again"));
    }
    let format =
        argument.parse::<Format>().map_err(|error| Failure::usage(Note::error(error.to_string())))?;
    let Some(last) = &shell.last else {
        return Err(Failure::usage(
            Note::error("there is no result to print again").help("run a query first"),
        ));
    };
    let rendering = shell.rendering(format, None, last.text());
    last.write_again(format, rendering, shell.output.writer(format))?;
    let kept = &last.kept;
    if kept.is_cut {
        shell.console.remark(&format!(
            "only the first {} rows are kept; run the query again for the rest",
            kept.rows.len()
        ));
    }
    shell.output.end_result()?;
    Ok(After::GoOn)
}

/// Writes all rows of the last query to a file, whatever the screen showed of them.
pub(super) fn export(shell: &mut Shell, argument: &str) -> Result<After, Failure> {
    may_touch_files(shell, "export")?;
    if argument.is_empty() {
        return Err(usage("export"));
    }
    let path = Path::new(argument);
    let format = Format::of_file(path).ok_or_else(|| {
        let names: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
        let note = Note::error(format!("the ending of {argument} names no format"));
        Failure::usage(note.help(format!("end it with one of .{}", names.join(", ."))))
    })?;
    shell.export_last(path, format)?;
    Ok(After::GoOn)
}

/// Lists earlier statements; outside a session there are none.
pub(super) fn history(shell: &mut Shell, argument: &str) -> Result<After, Failure> {
    let wanted = argument.to_lowercase();
    for statement in shell.history.iter().filter(|text| text.to_lowercase().contains(&wanted)) {
        shell.console.remark(&dateline::render::safe_text(statement));
    }
    Ok(After::GoOn)
}
