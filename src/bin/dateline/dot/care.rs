//! Dot commands that look after the open archive, as the subcommands of their names do.

use std::path::{Path, PathBuf};

use super::data::open_archive;
use super::set::may_touch_files;
use super::{After, usage};
use crate::args::{BackupArgs, RestoreArgs, words};
use crate::commands::care;
use crate::failure::{Failure, Note};
use crate::session::is_database;
use crate::shell::Shell;

type Done = Result<After, Failure>;

/// Copies the open database into a folder.
pub(super) fn backup(shell: &mut Shell, argument: &str) -> Done {
    may_touch_files(shell, "backup")?;
    let [folder] = words(argument).try_into().map_err(|_| usage("backup"))?;
    let database = shell.archive.path().to_owned();
    if !is_database(&database) {
        let note =
            Note::error(format!("{} is no database, so there is nothing to back up", database.display()));
        return Err(Failure::usage(note.help("make one of the articles first: dateline import DB PATH...")));
    }
    let args = BackupArgs { database, folder: PathBuf::from(folder), link: false, trust_earlier: false };
    care::backup(&args, &shell.console)?;
    Ok(After::GoOn)
}

/// Makes a database of a backup and opens it; what is open stays as it is.
pub(super) fn restore(shell: &mut Shell, argument: &str) -> Done {
    may_touch_files(shell, "restore")?;
    let [folder, database]: [String; 2] = words(argument).try_into().map_err(|_| usage("restore"))?;
    let args = RestoreArgs { folder: PathBuf::from(folder), database: PathBuf::from(&database) };
    care::restore(&args, &shell.console)?;
    open_archive(shell, Path::new(&database))
}

/// Rebuilds the indexes of the open database.
pub(super) fn reindex(shell: &mut Shell, argument: &str) -> Done {
    if !argument.is_empty() {
        return Err(usage("reindex"));
    }
    let path = shell.archive.path().to_owned();
    care::reindex_open(shell.archive.writer()?, &path, &shell.console)?;
    Ok(After::GoOn)
}
