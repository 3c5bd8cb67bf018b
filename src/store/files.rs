//! The one place where files of a database are written, so that tests can drop, tear and refuse writes.
//!
//! Only sled writes past it. Reading goes to the file system directly: what a fault left behind is read as it lies.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::error::StoreError;

/// Writes to a file system: what an implementation leaves out is done by that of this machine.
pub trait Files: Debug + Send + Sync {
    /// Creates a file, emptying one of the same name.
    fn create(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        Ok(Box::new(SystemFile(private().create(true).truncate(true).open(path)?)))
    }

    /// Opens an existing file to write at its end.
    fn append(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        let mut file = private().open(path)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Box::new(SystemFile(file)))
    }

    /// Renames a file or folder, replacing a file of the new name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    /// Makes the names in a folder durable.
    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Windows cannot open a folder, and keeps names durable with the files.
        if cfg!(unix) { File::open(path)?.sync_all() } else { Ok(()) }
    }

    /// Returns how many bytes are free where a folder lies; `None` where the system does not tell.
    fn free_bytes(&self, path: &Path) -> Option<u64> {
        fs2::available_space(path).ok()
    }
}

/// A file being written; `write` appends.
pub trait StoredFile: Write + Debug + Send {
    /// Overwrites bytes inside the file; the next `write` still appends.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Makes every byte written so far durable.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts the file to a length; the next `write` appends there.
    fn cut(&mut self, bytes: u64) -> io::Result<()>;
}

/// The file system of this machine. New files are readable by their owner only.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemFiles;

impl Files for SystemFiles {}

#[derive(Debug)]
struct SystemFile(File);

impl Write for SystemFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl StoredFile for SystemFile {
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let end = self.0.stream_position()?;
        self.0.seek(SeekFrom::Start(offset))?;
        let written = self.0.write_all(bytes);
        self.0.seek(SeekFrom::Start(end))?;
        written
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_all()
    }

    fn cut(&mut self, bytes: u64) -> io::Result<()> {
        self.0.set_len(bytes)?;
        self.0.seek(SeekFrom::Start(bytes)).map(|_| ())
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Creates a folder, its parents too, that only its owner may enter.
pub fn create_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(StoreError::io("create", path))
}

/// Puts a whole file in place at once: a reader sees the old bytes or the new ones, also after a power loss.
pub fn replace(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let temporary = with_suffix(path, ".tmp");
    let mut file = files.create(&temporary).map_err(StoreError::io("create", &temporary))?;
    file.write_all(bytes).map_err(StoreError::io("write", &temporary))?;
    file.sync().map_err(StoreError::io("sync", &temporary))?;
    files.rename(&temporary, path).map_err(StoreError::io("replace", path))?;
    sync_folder_of(files, path)
}

/// Makes the name of a file durable.
pub fn sync_folder_of(files: &dyn Files, path: &Path) -> Result<(), StoreError> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    files.sync_folder(folder).map_err(StoreError::io("sync", folder))
}

/// Removes a file; one that is gone already is no error.
pub fn remove_if_there(files: &dyn Files, path: &Path) -> Result<(), StoreError> {
    match files.remove(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Reads a whole file.
pub fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    fs::read(path).map_err(StoreError::io("read", path))
}

/// Removes a folder with everything in it; one that is gone already is no error.
pub fn remove_folder_if_there(path: &Path) -> Result<(), StoreError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Lists the names in a folder, sorted; names that are not UTF-8 are none of the database's.
pub fn names(folder: &Path) -> Result<Vec<String>, StoreError> {
    let listed = fs::read_dir(folder).map_err(StoreError::io("list", folder))?;
    let mut names = Vec::new();
    for entry in listed {
        let entry = entry.map_err(StoreError::io("list", folder))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overwriting_keeps_the_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let mut file = SystemFiles.create(&path).unwrap();
        file.write_all(b"abcdef").unwrap();
        file.write_at(1, b"XY").unwrap();
        file.write_all(b"gh").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"aXYdefgh");
        file.cut(3).unwrap();
        file.write_all(b"!").unwrap();
        file.sync().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"aXY!");
    }

    #[test]
    fn replacing_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("MANIFEST");
        replace(&SystemFiles, &path, b"one").unwrap();
        replace(&SystemFiles, &path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(folder.path()).unwrap(), ["MANIFEST"]);
        remove_if_there(&SystemFiles, &path).unwrap();
        remove_if_there(&SystemFiles, &path).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn files_are_their_owners_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (inner, path) = (folder.path().join("inner"), folder.path().join("file"));
        create_folder(&inner).unwrap();
        SystemFiles.create(&path).unwrap();
        assert_eq!(fs::metadata(inner).unwrap().permissions().mode() & 0o077, 0);
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o077, 0);
    }
}
