//! A segment's bytes: a mapped file, or memory.
//!
//! This is the one place of the library with `unsafe`. A mapped file is never changed by dateline: segments are written
//! under a new number, synced, and only then named by the manifest; a segment that a merge replaced is unlinked, which
//! leaves the pages of those who still map it. Another program that truncates the file under a running reader makes
//! the system end the process when a lost page is touched (SIGBUS on Unix); one that overwrites it is found by the
//! pages' checksums, on the first touch of each.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use memmap2::Mmap;

/// The bytes of one segment.
pub(super) enum Mapping {
    /// A segment of unsealed articles.
    Memory(Arc<[u8]>),
    /// A sealed segment.
    File {
        map: Mmap,
        /// Stored articles are read through it, so that they do not count as resident memory.
        file: File,
    },
}

impl Mapping {
    pub(super) fn open(path: &Path) -> io::Result<Mapping> {
        let file = File::open(path)?;
        // SAFETY: the file is immutable by the protocol above, and every byte read from it is checked as untrusted.
        let map = unsafe { Mmap::map(&file)? };
        Ok(Mapping::File { map, file })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Mapping::Memory(bytes) => bytes,
            Mapping::File { map, .. } => map,
        }
    }

    /// Reads a stretch without touching the mapping's pages, where it is a file.
    pub(super) fn read_at(&self, offset: u64, len: usize) -> io::Result<Vec<u8>> {
        let end = || io::Error::from(io::ErrorKind::UnexpectedEof);
        match self {
            Mapping::Memory(bytes) => {
                let start = usize::try_from(offset).map_err(|_| end())?;
                let stop = start.checked_add(len).ok_or_else(end)?;
                bytes.get(start..stop).map(<[u8]>::to_vec).ok_or_else(end)
            }
            Mapping::File { map, file } => {
                let stop = offset.checked_add(len as u64).filter(|&stop| stop <= map.len() as u64);
                stop.ok_or_else(end)?;
                let mut bytes = vec![0; len];
                read_exact_at(file, &mut bytes, offset)?;
                Ok(bytes)
            }
        }
    }
}

#[cfg(unix)]
fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

#[cfg(windows)]
fn read_exact_at(file: &File, mut bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        let read = file.seek_read(bytes, offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = bytes.get_mut(read..).unwrap_or_default();
        offset += read as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_read_the_same_and_refuse_what_lies_outside() {
        let path = tempfile::tempdir().unwrap();
        let path = path.path().join("a.seg");
        std::fs::write(&path, b"0123456789").unwrap();
        let mapped = Mapping::open(&path).unwrap();
        let memory = Mapping::Memory(Arc::from(*b"0123456789"));
        for mapping in [mapped, memory] {
            assert_eq!(mapping.bytes(), b"0123456789");
            assert_eq!(mapping.read_at(3, 4).unwrap(), b"3456");
            assert!(mapping.read_at(8, 4).is_err());
            assert!(mapping.read_at(u64::MAX, 4).is_err());
        }
    }
}
