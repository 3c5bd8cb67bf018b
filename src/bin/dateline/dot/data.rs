//! Dot commands about the archive.

use std::path::{Path, PathBuf};

use dateline::query::quote_str;

use super::set::may_touch_files;
use super::{After, usage};
use crate::args;
use crate::batch::{Manner, read as read_script, run_script};
use crate::commands;
use crate::failure::{Exit, Failure, Note};
use crate::session::{Archive, Opening};
use crate::shell::Shell;

type Done = Result<After, Failure>;

/// Opens another archive, or shows a row of the last result.
pub(super) fn open(shell: &mut Shell, argument: &str) -> Done {
    if argument.is_empty() {
        return Err(usage("open"));
    }
    match argument.parse::<usize>() {
        Ok(number) => open_row(shell, number),
        Err(_) => {
            may_touch_files(shell, "open")?;
            open_archive(shell, Path::new(argument))
        }
    }
}

/// Puts the archive at a path in place of the open one.
pub(super) fn open_archive(shell: &mut Shell, path: &Path) -> Done {
    let opening = Opening { write: shell.settings.write, create: false, strict: shell.settings.strict };
    shell.archive = Archive::open(path, opening, &shell.console)?;
    shell.last = None;
    let headline = shell.archive.headline()?;
    shell.console.remark(&headline);
    Ok(After::GoOn)
}

fn open_row(shell: &mut Shell, number: usize) -> Done {
    let id = shell.article_of_row(number)?;
    shell.run_text(&format!("show {id}"))?;
    Ok(After::GoOn)
}

/// Leaves the archive; an empty one takes its place.
pub(super) fn close(shell: &mut Shell, _: &str) -> Done {
    let name = shell.archive.name();
    shell.archive = Archive::nothing()?;
    shell.last = None;
    shell.console.remark(&format!("closed {name}; `.open PATH` opens another"));
    Ok(After::GoOn)
}

pub(super) fn stats(shell: &mut Shell, _: &str) -> Done {
    commands::stats::write(shell)?;
    Ok(After::GoOn)
}

pub(super) fn schema(shell: &mut Shell, argument: &str) -> Done {
    shell.run_text(format!("describe {argument}").trim_end())?;
    Ok(After::GoOn)
}

pub(super) fn fields(shell: &mut Shell, _: &str) -> Done {
    shell.run_text("list fields")?;
    Ok(After::GoOn)
}

pub(super) fn saved(shell: &mut Shell, _: &str) -> Done {
    shell.run_text("list saved")?;
    Ok(After::GoOn)
}

pub(super) fn aliases(shell: &mut Shell, _: &str) -> Done {
    shell.run_text("list aliases")?;
    Ok(After::GoOn)
}

/// Shows frequent values; with a prefix, those of the articles that have such a value.
pub(super) fn values(shell: &mut Shell, argument: &str) -> Done {
    let (field, prefix) = argument.split_once(char::is_whitespace).unwrap_or((argument, ""));
    if field.is_empty() {
        return Err(usage("values"));
    }
    let condition = match prefix.trim() {
        "" => String::new(),
        prefix => format!(" where {field} starts with {}", quote_str(prefix)),
    };
    shell.run_text(&format!("top 20 {field}{condition}"))?;
    Ok(After::GoOn)
}

pub(super) fn import(shell: &mut Shell, argument: &str) -> Done {
    may_touch_files(shell, "import")?;
    if argument.is_empty() {
        return Err(usage("import"));
    }
    let args = args::import_words(argument)?;
    commands::import::into_archive(&mut shell.archive, &args, &shell.console)?;
    Ok(After::GoOn)
}

pub(super) fn check(shell: &mut Shell, argument: &str) -> Done {
    let deep = match argument {
        "" => false,
        "deep" => true,
        _ => return Err(usage("check")),
    };
    commands::check::of_archive(&mut shell.archive, deep, &shell.console)?;
    Ok(After::GoOn)
}

/// Runs a script in this session.
pub(super) fn read(shell: &mut Shell, argument: &str) -> Done {
    may_touch_files(shell, "read")?;
    if argument.is_empty() {
        return Err(usage("read"));
    }
    if shell.reading {
        return Err(Failure::usage(Note::error("a script cannot read another one")));
    }
    let script = read_script(&PathBuf::from(argument))?;
    shell.reading = true;
    let exit = run_script(shell, &script, Manner::default());
    shell.reading = false;
    match exit {
        Exit::Success => Ok(After::GoOn),
        exit => Err(Failure::said(exit)),
    }
}
