//! Files that appear only when they are whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file on its way: it takes its name when it is [kept](NewFile::keep), and never in place of another file.
///
/// Dropped before that, it leaves nothing behind.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use dateline::render::NewFile;
///
/// # let folder = std::env::temp_dir().join(format!("dateline-file-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// let path = folder.join("a.csv");
/// let mut file = NewFile::create(&path)?;
/// file.write_all(b"title\n")?;
/// file.keep()?;
/// assert!(NewFile::create(&path).is_err(), "what is there stays");
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    partial: PathBuf,
    writer: BufWriter<File>,
}

impl NewFile {
    /// Begins a file beside its final place.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::AlreadyExists`] where the name is taken; whatever the system says otherwise.
    pub fn create(path: &Path) -> io::Result<NewFile> {
        if path.symlink_metadata().is_ok() {
            return Err(taken());
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let partial = path.with_file_name(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&partial)?;
        Ok(NewFile { path: path.to_owned(), partial, writer: BufWriter::new(file) })
    }

    /// Puts the file in its place.
    ///
    /// # Errors
    ///
    /// [`io::ErrorKind::AlreadyExists`] where another file took the name meanwhile; whatever the system says otherwise.
    pub fn keep(mut self) -> io::Result<()> {
        self.writer.flush()?;
        self.writer.get_ref().sync_all()?;
        // A link takes no name that is taken, and a rename would; not every file system has links.
        match fs::hard_link(&self.partial, &self.path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(taken()),
            Err(_) if self.path.symlink_metadata().is_ok() => Err(taken()),
            Err(_) => fs::rename(&self.partial, &self.path),
        }
    }
}

fn taken() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "the file exists; name another, or remove it first")
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.writer.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        // A half-written file would be taken for a whole one; the link of a kept one stays.
        let _ = fs::remove_file(&self.partial);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_whole_or_not_at_all_and_over_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mut dropped = NewFile::create(&path).unwrap();
        dropped.write_all(b"half").unwrap();
        drop(dropped);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let mut kept = NewFile::create(&path).unwrap();
        kept.write_all(b"whole").unwrap();
        kept.keep().unwrap();
        assert_eq!(NewFile::create(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        fs::remove_file(&path).unwrap();
        let late = NewFile::create(&path).unwrap();
        fs::write(&path, "other").unwrap();
        assert_eq!(late.keep().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"other");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
