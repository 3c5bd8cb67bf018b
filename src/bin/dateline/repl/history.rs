//! Earlier statements, kept in the user's state folder.

use std::fs;
use std::path::PathBuf;

use rustyline::history::{FileHistory, History as _};
use rustyline::{Editor, Helper};

use crate::folders::state_folder;

/// Statements kept.
const STATEMENTS_MAX: usize = 10_000;

/// The file of earlier statements; without a home there is none, and nothing is lost but memory.
pub struct History {
    path: Option<PathBuf>,
}

impl History {
    /// Finds the file, and makes its folder where it is missing.
    pub fn open() -> History {
        let path = state_folder().map(|folder| folder.join("dateline"));
        let made = path.filter(|folder| fs::create_dir_all(folder).is_ok());
        History { path: made.map(|folder| folder.join("history")) }
    }

    /// Reads earlier sessions.
    pub fn load<H: Helper>(&self, editor: &mut Editor<H, FileHistory>) {
        let _ = editor.history_mut().set_max_len(STATEMENTS_MAX);
        if let Some(path) = &self.path {
            // A first session has no file yet.
            let _ = editor.load_history(path);
        }
    }

    /// Adds a statement and writes it out at once, so that a session that is killed loses none.
    pub fn add<H: Helper>(&self, editor: &mut Editor<H, FileHistory>, statement: &str) {
        let added = editor.add_history_entry(statement).unwrap_or(false);
        if let Some(path) = self.path.as_ref().filter(|_| added) {
            // The file is locked while it is appended to: other sessions write it too.
            let _ = editor.append_history(path);
        }
    }
}

/// Lists the statements, oldest first.
pub fn entries<H: Helper>(editor: &Editor<H, FileHistory>) -> Vec<String> {
    editor.history().iter().cloned().collect()
}
