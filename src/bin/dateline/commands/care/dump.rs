//! `dateline dump` and `dateline load`: the articles as lines of JSON.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use dateline::database::{Options, Reader};
use dateline::render::{article_count, grouped};

use super::{close, open, watched};
use crate::args::{DumpArgs, LoadArgs};
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};
use crate::partial::PartialFile;

/// Writes all articles to a file, which appears only when it is whole, or to standard output.
///
/// # Errors
///
/// Where the database cannot be read or the file not be written.
pub fn dump(args: &DumpArgs, console: &Console) -> Result<Exit, Failure> {
    let reader = Reader::open(&args.database).map_err(|error| Failure::of_library(&error))?;
    let write = |out: &mut dyn Write| {
        watched(&args.database, console, |cancel, progress| reader.snapshot().dump(out, cancel, progress))
    };
    let articles = if args.file == Path::new("-") {
        write(&mut io::stdout().lock())?
    } else {
        let mut file = PartialFile::create(&args.file)?;
        let articles = write(&mut file)?;
        file.keep()?;
        articles
    };
    console.remark(&format!("{} in {}", article_count(articles), args.file.display()));
    Ok(Exit::Success)
}

/// Loads a dump into a database, which is made where it does not exist.
///
/// # Errors
///
/// Where the dump cannot be read or the database not be written.
pub fn load(args: &LoadArgs, console: &Console) -> Result<Exit, Failure> {
    let unreadable = |error: io::Error| {
        Failure::new(Exit::Io, Note::error(format!("cannot read {}: {error}", args.file.display())))
    };
    let input: Box<dyn Read> = match args.file == Path::new("-") {
        true => Box::new(io::stdin().lock()),
        false => Box::new(File::open(&args.file).map_err(unreadable)?),
    };
    let database = open(&args.database, Options { create: true, ..Options::default() })?;
    let done = watched(&args.file, console, |cancel, progress| database.load(input, cancel, progress))?;
    close(database)?;
    let present = match done.present {
        0 => String::new(),
        present => format!(", {} already there", grouped(present)),
    };
    console.remark(&format!("{} added{present}", article_count(done.added)));
    Ok(Exit::Success)
}
