//! Where results go.

use std::fs::File;
use std::io::{self, BufWriter, Stdout, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::partial::{PartialFile, cannot_write};

/// Where results go: a main target, and perhaps another one for the next result only.
pub struct Output {
    main: Target,
    once: Option<Target>,
}

enum Target {
    Screen(BufWriter<Stdout>),
    File(PathBuf, BufWriter<File>),
    /// A file that appears when it is whole.
    Partial(PathBuf, PartialFile),
}

impl Output {
    /// Returns the standard output, or the file of `--output`.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made.
    pub fn new(file: Option<&Path>) -> Result<Output, Failure> {
        Ok(Output { main: Target::of(file)?, once: None })
    }

    /// Returns a file that appears only once [`Output::keep`] is called.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made.
    pub fn partial(file: &Path) -> Result<Output, Failure> {
        let main = Target::Partial(file.to_owned(), PartialFile::create(file)?);
        Ok(Output { main, once: None })
    }

    /// Ends the output; a partial file takes its place.
    ///
    /// # Errors
    ///
    /// Where what is buffered cannot be written.
    pub fn keep(mut self) -> Result<(), Failure> {
        self.end_result()?;
        match self.main {
            Target::Partial(_, file) => file.keep(),
            _ => Ok(()),
        }
    }

    /// Sends all results from now on to a file, or to the standard output again.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made, or the last results not be written out.
    pub fn redirect(&mut self, file: Option<&Path>) -> Result<(), Failure> {
        self.end_result()?;
        self.main = Target::of(file)?;
        Ok(())
    }

    /// Sends the next result to a file.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made.
    pub fn redirect_once(&mut self, file: &Path) -> Result<(), Failure> {
        self.once = Some(Target::of(Some(file))?);
        Ok(())
    }

    /// Returns the writer of the next result.
    pub fn writer(&mut self) -> &mut dyn Write {
        match self.once.as_mut().unwrap_or(&mut self.main) {
            Target::Screen(out) => out,
            Target::File(_, out) => out,
            Target::Partial(_, out) => out,
        }
    }

    /// Returns the file that the next result goes to, if it goes to one.
    pub fn file(&self) -> Option<&Path> {
        match self.once.as_ref().unwrap_or(&self.main) {
            Target::Screen(_) => None,
            Target::File(path, _) | Target::Partial(path, _) => Some(path),
        }
    }

    /// Writes out what is buffered and goes back to the main target.
    ///
    /// # Errors
    ///
    /// Where that fails; a closed pipe is no error of the user's.
    pub fn end_result(&mut self) -> Result<(), Failure> {
        let flushed = self.writer().flush();
        self.once = None;
        flushed.map_err(|error| Failure::of_output(&error))
    }
}

impl Target {
    fn of(file: Option<&Path>) -> Result<Target, Failure> {
        let Some(path) = file else { return Ok(Target::Screen(BufWriter::new(io::stdout()))) };
        let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
        Ok(Target::File(path.to_owned(), BufWriter::new(file)))
    }
}
