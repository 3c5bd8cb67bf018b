//! `.edit`: a statement in the editor of the user.

use std::io::Write;
use std::process::Command;

use super::After;
use super::set::may_touch_files;
use crate::failure::{Exit, Failure, Note};
use crate::interrupt;
use crate::repl;
use crate::shell::Shell;

/// What is edited where nothing was asked yet.
const BLANK: &str = "# A statement; save and leave to run it, empty the file to run nothing.\nfind where \n";

/// Opens the last statement in `$VISUAL` or `$EDITOR` and runs what comes back.
pub(super) fn edit(shell: &mut Shell, argument: &str) -> Result<After, Failure> {
    may_touch_files(shell, "edit")?;
    if !shell.console.typed {
        return Err(Failure::usage(Note::error("`.edit` needs a terminal")));
    }
    let last = shell.last.as_ref().map(|last| last.text().to_owned());
    let before = match argument {
        "" => last.unwrap_or_else(|| BLANK.to_owned()),
        text => text.to_owned(),
    };
    let after = edited(&before)?;
    let statement = after.trim();
    if statement.is_empty() || statement == BLANK.trim() {
        shell.console.remark("nothing to run");
        return Ok(After::GoOn);
    }
    shell.console.remark(&dateline::render::safe_text(statement));
    shell.remember.push(statement.to_owned());
    Ok(repl::answer(shell, statement, &mut repl::ask_plainly))
}

fn edited(text: &str) -> Result<String, Failure> {
    let fail = |error: std::io::Error| {
        Failure::new(Exit::Io, Note::error(format!("cannot edit the statement: {error}")))
    };
    let mut file = tempfile::Builder::new().prefix("dateline-").suffix(".dql").tempfile().map_err(fail)?;
    file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(fail)?;
    let editor = editor();
    // The variable may hold options, so a shell splits it; the path is an argument of its own.
    let mut command = Command::new(if cfg!(windows) { "cmd" } else { "sh" });
    if cfg!(windows) {
        command.arg("/C").arg(format!("{editor} \"{}\"", file.path().display()));
    } else {
        command.arg("-c").arg(format!("{editor} \"$1\"")).arg("sh").arg(file.path());
    }
    let status = interrupt::ignored(|| command.status()).map_err(fail)?;
    if !status.success() {
        let note = Note::error(format!("the editor `{editor}` failed: {status}"));
        return Err(Failure::new(Exit::Io, note.help("set EDITOR to one that is installed")));
    }
    std::fs::read_to_string(file.path()).map_err(fail)
}

fn editor() -> String {
    let named = ["VISUAL", "EDITOR"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.trim().is_empty()));
    named.unwrap_or_else(|| if cfg!(windows) { "notepad".to_owned() } else { "vi".to_owned() })
}
