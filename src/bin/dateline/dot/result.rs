//! Dot commands about the last result.

use dateline::render::{Format, renderer};

use super::After;
use crate::failure::{Failure, Note};
use crate::shell::Shell;

pub(super) fn next(shell: &mut Shell, _: &str) -> Result<After, Failure> {
    shell.next_page()?;
    Ok(After::GoOn)
}

/// Prints the rows that are kept once more.
pub(super) fn again(shell: &mut Shell, argument: &str) -> Result<After, Failure> {
    let format =
        argument.parse::<Format>().map_err(|error| Failure::usage(Note::error(error.to_string())))?;
    let console = shell.console_of_output();
    let Some(last) = &shell.last else {
        return Err(Failure::usage(
            Note::error("there is no result to print again").help("run a query first"),
        ));
    };
    let kept = &last.kept;
    let mut renderer = renderer(format, shell.settings.rendering(&console, None));
    let out = shell.output.writer();
    let written = renderer.start(kept.kind, &kept.columns, out).and_then(|()| {
        kept.rows.iter().try_for_each(|row| renderer.row(row, out))?;
        renderer.finish(&kept.closing(), out)
    });
    written.map_err(|error| Failure::of_output(&error))?;
    if kept.is_cut {
        shell.console.remark(&format!(
            "only the first {} rows are kept; run the query again for the rest",
            kept.rows.len()
        ));
    }
    shell.output.end_result()?;
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
