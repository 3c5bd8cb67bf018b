//! Files that appear only when they are whole.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::{Exit, Failure, Note};

/// A file on its way; dropped before [`PartialFile::keep`], it leaves nothing behind.
pub struct PartialFile {
    path: PathBuf,
    partial: PathBuf,
    writer: BufWriter<File>,
    kept: bool,
}

impl PartialFile {
    /// Begins a file beside its final place.
    ///
    /// # Errors
    ///
    /// Where it cannot be made.
    pub fn create(path: &Path) -> Result<PartialFile, Failure> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let partial = path.with_file_name(name);
        let file = File::create(&partial).map_err(|error| cannot_write(path, &error))?;
        Ok(PartialFile { path: path.to_owned(), partial, writer: BufWriter::new(file), kept: false })
    }

    /// Puts the file in its place, over an earlier one.
    ///
    /// # Errors
    ///
    /// Where it cannot be written out.
    pub fn keep(mut self) -> Result<(), Failure> {
        let flushed = self.writer.flush().and_then(|()| fs::rename(&self.partial, &self.path));
        self.kept = flushed.is_ok();
        flushed.map_err(|error| cannot_write(&self.path, &error))
    }
}

impl Write for PartialFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for PartialFile {
    fn drop(&mut self) {
        if !self.kept {
            // A half-written file would be taken for a whole one.
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// Says that a file cannot be written.
pub fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::new(Exit::Io, Note::error(format!("cannot write {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut dropped = PartialFile::create(&path).unwrap();
        dropped.write_all(b"half").unwrap();
        drop(dropped);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut kept = PartialFile::create(&path).unwrap();
        kept.write_all(b"whole").unwrap();
        kept.keep().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
