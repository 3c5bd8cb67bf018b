//! Bytes of a section that is written while another one is: kept in memory, and in a scratch file once they are many.

use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Past this a spool with a scratch folder moves to a file, in bytes (4 MiB).
const MEMORY_BYTES_MAX: usize = 4 << 20;

/// Bytes waiting for their place in the file.
pub(super) struct Spool {
    memory: Vec<u8>,
    bytes: u64,
    /// Where to put a scratch file; `None` keeps everything in memory.
    scratch: Option<PathBuf>,
    file: Option<BufWriter<File>>,
}

impl Spool {
    /// Returns an empty spool that stays in memory.
    pub(super) fn in_memory() -> Spool {
        Spool { memory: Vec::new(), bytes: 0, scratch: None, file: None }
    }

    /// Returns an empty spool that moves to a file of this path when it grows; the file is removed with the spool.
    pub(super) fn with_scratch(path: &Path) -> Spool {
        Spool { memory: Vec::new(), bytes: 0, scratch: Some(path.to_owned()), file: None }
    }

    /// Returns a spool of bytes that are complete.
    pub(super) fn of(memory: Vec<u8>) -> Spool {
        Spool { bytes: memory.len() as u64, memory, scratch: None, file: None }
    }

    /// Returns the number of bytes written.
    pub(super) fn len(&self) -> u64 {
        self.bytes
    }

    pub(super) fn push(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes += bytes.len() as u64;
        if let Some(file) = &mut self.file {
            return file.write_all(bytes);
        }
        self.memory.extend_from_slice(bytes);
        match &self.scratch {
            Some(path) if self.memory.len() > MEMORY_BYTES_MAX => {
                let options =
                    File::options().read(true).write(true).create(true).truncate(true).open(path)?;
                let mut file = BufWriter::with_capacity(1 << 18, options);
                file.write_all(&std::mem::take(&mut self.memory))?;
                self.file = Some(file);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Hands all bytes to `out`, piece by piece.
    pub(super) fn drain(mut self, mut out: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let Some(mut writer) = self.file.take() else { return out(&self.memory) };
        writer.flush()?;
        let file = writer.get_mut();
        file.seek(SeekFrom::Start(0))?;
        let mut piece = vec![0; 1 << 18];
        loop {
            match file.read(&mut piece)? {
                0 => return Ok(()),
                read => out(piece.get(..read).unwrap_or_default())?,
            }
        }
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.push(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // A scratch file exists only past the limit; one that cannot be removed is found by the next open.
        if let Some(path) = self.scratch.as_ref().filter(|_| self.bytes > MEMORY_BYTES_MAX as u64) {
            let _ = std::fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_spools_go_through_a_file_that_does_not_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tmp");
        let mut spool = Spool::with_scratch(&path);
        let piece: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
        for _ in 0..6 {
            spool.push(&piece).unwrap();
        }
        assert!(path.exists());
        let mut all = Vec::new();
        spool.drain(|bytes| all.write_all(bytes)).unwrap();
        assert_eq!(all, piece.repeat(6));
        assert!(!path.exists());
    }
}
