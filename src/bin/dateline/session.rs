//! What a path is: a database, or articles that are loaded into one for the session.

use std::path::{Path, PathBuf};

use dateline::database::{Database, ImportOptions, ImportSummary, Options, Reader};
use dateline::exec::View;
use dateline::render::{article_count, grouped};
use tempfile::TempDir;

use crate::args;
use crate::commands::import::{import_into, nothing_found, said_rejects};
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};

/// The file that makes a folder a database.
const MANIFEST: &str = "MANIFEST";

/// How an archive is opened.
#[derive(Debug, Clone, Copy, Default)]
pub struct Opening {
    /// For writing too.
    pub write: bool,
    /// Made where it does not exist.
    pub create: bool,
    /// Rejected articles of a folder are an error.
    pub strict: bool,
}

/// An open archive.
pub struct Archive {
    path: PathBuf,
    reader: Reader,
    /// The writer, where this process is the one that writes.
    database: Option<Database>,
    /// The folder that goes away with the session.
    temporary: Option<TempDir>,
}

impl Archive {
    /// Opens a database, or loads articles into a temporary one.
    ///
    /// # Errors
    ///
    /// Where there is nothing at the path, or what is there cannot be opened.
    pub fn open(path: &Path, opening: Opening, console: &Console) -> Result<Archive, Failure> {
        if is_database(path) {
            return if opening.write { Archive::writing(path, false) } else { Archive::reading(path) };
        }
        if path.exists() && !(opening.create && is_empty_folder(path)) {
            return Archive::loaded(path, opening, console);
        }
        if opening.create {
            return Archive::writing(path, true);
        }
        Err(missing(path))
    }

    fn reading(path: &Path) -> Result<Archive, Failure> {
        let reader = Reader::open(path).map_err(|error| Failure::of_library(&error))?;
        Ok(Archive { path: path.to_owned(), reader, database: None, temporary: None })
    }

    fn writing(path: &Path, create: bool) -> Result<Archive, Failure> {
        let options = Options { create, ..Options::default() };
        let database = Database::open_with(path, options).map_err(|error| Failure::of_library(&error))?;
        let reader = database.reader();
        Ok(Archive { path: path.to_owned(), reader, database: Some(database), temporary: None })
    }

    /// Opens an empty archive that goes away with the session.
    ///
    /// # Errors
    ///
    /// Where no temporary folder can be made.
    pub fn nothing() -> Result<Archive, Failure> {
        let (folder, database) = temporary()?;
        let reader = database.reader();
        Ok(Archive {
            path: PathBuf::from("nothing"),
            reader,
            database: Some(database),
            temporary: Some(folder),
        })
    }

    /// Loads a folder or file of articles into a database that goes away with the session.
    fn loaded(path: &Path, opening: Opening, console: &Console) -> Result<Archive, Failure> {
        let (folder, mut database) = temporary()?;
        let paths = [path.to_owned()];
        // Asking a folder a question leaves no files in it.
        let how = ImportOptions { write_rejects: false, ..ImportOptions::default() };
        let summary = import_into(&mut database, &paths, how, console)?;
        console.remark(&loaded_line(path, &summary));
        if opening.strict && summary.counts.rejected > 0 {
            return Err(said_rejects(&summary));
        }
        let reader = database.reader();
        Ok(Archive { path: path.to_owned(), reader, database: Some(database), temporary: Some(folder) })
    }

    /// Returns the state of the archive at this moment.
    ///
    /// # Errors
    ///
    /// Where its files cannot be read.
    pub fn view(&mut self) -> Result<View, Failure> {
        self.reader.refresh().map_err(|error| Failure::of_library(&error))?;
        Ok(self.reader.snapshot().view().clone())
    }

    /// Returns the reader.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Returns the path as the user named it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the last part of the path, for the prompt.
    pub fn name(&self) -> String {
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned());
        dateline::render::safe_text(&name.unwrap_or_else(|| self.path.display().to_string()))
    }

    /// Returns the writer.
    ///
    /// # Errors
    ///
    /// A refusal, where the session only reads.
    pub fn writer(&mut self) -> Result<&mut Database, Failure> {
        self.database.as_mut().ok_or_else(|| {
            let note = Note::error("this session only reads");
            Failure::new(Exit::Refused, note.help("start it with --write, or write `.write on`"))
        })
    }

    /// Returns the writer, where this process is the one that writes.
    pub fn own_database(&mut self) -> Option<&mut Database> {
        self.database.as_mut()
    }

    /// Begins or ends to write; the articles of a temporary database are its own from the start.
    ///
    /// # Errors
    ///
    /// Where another process writes the database.
    pub fn set_write(&mut self, on: bool) -> Result<(), Failure> {
        if self.temporary.is_some() || on == self.database.is_some() {
            return Ok(());
        }
        // The writer's reader serves both; a session that only reads must not hold the lock.
        *self = if on { Archive::writing(&self.path, false)? } else { self.closed()? };
        Ok(())
    }

    fn closed(&mut self) -> Result<Archive, Failure> {
        if let Some(database) = self.database.take() {
            database.close().map_err(|error| Failure::of_library(&error))?;
        }
        Archive::reading(&self.path)
    }

    /// Returns `news.db, 412 articles`, or how to begin where there are none.
    ///
    /// # Errors
    ///
    /// Where the archive cannot be read.
    pub fn headline(&mut self) -> Result<String, Failure> {
        let articles = self.view()?.articles();
        let name = self.name();
        if articles == 0 {
            let path = self.path.display();
            return Ok(format!("{name} is empty (put articles in with: dateline import {path} PATH...)"));
        }
        Ok(format!("{name}, {}", article_count(articles)))
    }
}

/// Makes a database in a folder that goes away when it is dropped.
fn temporary() -> Result<(TempDir, Database), Failure> {
    let fail =
        |error| Failure::new(Exit::Io, Note::error(format!("cannot make a temporary folder: {error}")));
    let folder = tempfile::Builder::new().prefix("dateline-").tempdir().map_err(fail)?;
    // What is thrown away at the end need not survive a power cut.
    let options = Options { create: true, sync_commits: false, ..Options::default() };
    let database = Database::open_with(folder.path().join("temporary.db"), options)
        .map_err(|error| Failure::of_library(&error))?;
    Ok((folder, database))
}

/// Tells whether a folder is a database.
pub fn is_database(path: &Path) -> bool {
    path.join(MANIFEST).is_file()
}

fn is_empty_folder(path: &Path) -> bool {
    std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

fn missing(path: &Path) -> Failure {
    let meant = path.to_str().and_then(args::nearest_subcommand);
    let path = path.display();
    if let Some(name) = meant {
        let note = Note::error(format!("there is no subcommand `{path}`, and no database of that name"));
        return Failure::new(Exit::Database, note.help(format!("did you mean `dateline {name}`?")));
    }
    let note = Note::error(format!("there is nothing at {path}"))
        .help(format!("make a database of articles:  dateline import {path} PATH..."))
        .help(format!("or an empty one:              dateline {path} --create"));
    Failure::new(Exit::Database, note)
}

/// Returns the one line that says what happened and how to keep it.
fn loaded_line(path: &Path, summary: &ImportSummary) -> String {
    let counts = summary.counts;
    if counts.added + counts.rejected == 0 {
        return nothing_found(&[path.to_owned()]);
    }
    let rejected = match counts.rejected {
        0 => String::new(),
        rejected => format!(" ({} rejected; `dateline import` says why)", grouped(rejected)),
    };
    let (articles, path) = (article_count(counts.added), path.display());
    format!(
        "loaded {articles}{rejected} into a temporary database; to keep them: dateline import news.db {path}"
    )
}
