//! Where results go.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use dateline::render::Format;

use crate::failure::Failure;
use crate::pager::Screen;
use crate::partial::{PartialFile, cannot_write};

/// Where results go: a main target, and perhaps another one for the next result only.
pub struct Output {
    main: Target,
    once: Option<Target>,
    /// The command line that pages results on a screen.
    pager: Option<String>,
}

/// A place of results, which knows what stands in it.
struct Target {
    sink: Sink,
    /// The format of the result at hand.
    format: Option<Format>,
    /// The formats of the results that stand in it.
    holds: Vec<Format>,
}

enum Sink {
    Screen(Screen),
    File(PathBuf, BufWriter<File>),
    /// A file that appears when it is whole.
    Partial(PathBuf, PartialFile),
}

impl Output {
    /// Returns the standard output, paged by a command line where there is one, or the file of `--output`.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made.
    pub fn new(file: Option<&Path>, pager: Option<String>) -> Result<Output, Failure> {
        Ok(Output { main: Target::of(file, pager.clone())?, once: None, pager })
    }

    /// Says which command line pages results on a screen from now on.
    pub fn set_pager(&mut self, pager: Option<String>) {
        if let Sink::Screen(screen) = &mut self.main.sink {
            screen.set_pager(pager.clone());
        }
        self.pager = pager;
    }

    /// Returns a file that appears only once [`Output::keep`] is called.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made.
    pub fn partial(file: &Path) -> Result<Output, Failure> {
        let main = Target::from(Sink::Partial(file.to_owned(), PartialFile::create(file)?));
        Ok(Output { main, once: None, pager: None })
    }

    /// Ends the output; a partial file takes its place.
    ///
    /// # Errors
    ///
    /// Where what is buffered cannot be written.
    pub fn keep(mut self) -> Result<(), Failure> {
        self.end_result()?;
        match self.main.sink {
            Sink::Partial(_, file) => file.keep(),
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
        self.main = Target::of(file, self.pager.clone())?;
        Ok(())
    }

    /// Sends the next result to a file.
    ///
    /// # Errors
    ///
    /// Where the file cannot be made.
    pub fn redirect_once(&mut self, file: &Path) -> Result<(), Failure> {
        self.once = Some(Target::of(Some(file), None)?);
        Ok(())
    }

    /// Returns the writer of the next result, which is written in a format.
    pub fn writer(&mut self, format: Format) -> &mut dyn Write {
        let target = self.once.as_mut().unwrap_or(&mut self.main);
        target.format = Some(format);
        target
    }

    /// Tells whether a result of the same format stands already where the next one goes.
    pub fn continues(&self, format: Format) -> bool {
        self.target().holds.contains(&format)
    }

    /// Returns the file that the next result goes to, if it goes to one.
    pub fn file(&self) -> Option<&Path> {
        match &self.target().sink {
            Sink::Screen(_) => None,
            Sink::File(path, _) | Sink::Partial(path, _) => Some(path),
        }
    }

    fn target(&self) -> &Target {
        self.once.as_ref().unwrap_or(&self.main)
    }

    /// Writes out what is buffered and goes back to the main target.
    ///
    /// # Errors
    ///
    /// Where that fails; a closed pipe is no error of the user's.
    pub fn end_result(&mut self) -> Result<(), Failure> {
        let flushed = match &mut self.once.as_mut().unwrap_or(&mut self.main).sink {
            Sink::Screen(screen) => screen.end_result(),
            Sink::File(_, out) => out.flush(),
            Sink::Partial(_, out) => out.flush(),
        };
        self.once = None;
        flushed.map_err(|error| Failure::of_output(&error))
    }
}

impl Target {
    fn of(file: Option<&Path>, pager: Option<String>) -> Result<Target, Failure> {
        let Some(path) = file else { return Ok(Sink::Screen(Screen::new(pager)).into()) };
        let file = File::create(path).map_err(|error| cannot_write(path, &error))?;
        Ok(Sink::File(path.to_owned(), BufWriter::new(file)).into())
    }
}

impl From<Sink> for Target {
    fn from(sink: Sink) -> Target {
        Target { sink, format: None, holds: Vec::new() }
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(format) = self.format.take().filter(|format| !self.holds.contains(format)) {
            self.holds.push(format);
        }
        match &mut self.sink {
            Sink::Screen(out) => out.write(bytes),
            Sink::File(_, out) => out.write(bytes),
            Sink::Partial(_, out) => out.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.sink {
            Sink::Screen(out) => out.flush(),
            Sink::File(_, out) => out.flush(),
            Sink::Partial(_, out) => out.flush(),
        }
    }
}
