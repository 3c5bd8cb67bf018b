//! The file that says what is current.
//!
//! `MANIFEST` is a [sealed] JSON file, replaced as a whole: whoever reads it sees one generation. What
//! it names exists and is durable before it is named; what it does not name is not part of the database, except the
//! journal files from `journal` on, which hold every commit above `sealed_seq`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::StoreError;
use super::files::{self, Files};
use super::sealed;
use crate::article::Seq;

/// Version of the format of a database as a whole.
pub const FORMAT_VERSION: u32 = 1;

/// What is current in a database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The database's own number; journal files carry it too, so that files of another database are noticed.
    pub database: Uuid,
    /// Counts the replacements of this file.
    pub generation: u64,
    /// Every commit up to this one is in the segments below.
    pub sealed_seq: Seq,
    /// The number of the next new article.
    pub next_id: u32,
    /// Articles alive at `sealed_seq`.
    pub articles: u64,
    /// The number of the next new segment.
    pub next_segment: u64,
    /// The segments, oldest first.
    pub segments: Vec<SegmentEntry>,
    /// The first journal file that may hold commits above `sealed_seq`.
    pub journal: u64,
    /// The catalog at `sealed_seq`.
    pub catalog: FileEntry,
    /// The compression dictionary, once one was trained.
    pub dictionary: Option<u32>,
}

/// A segment, with what its file must match.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SegmentEntry {
    /// Its number, which its file is named by.
    pub number: u64,
    /// Length of its file in bytes.
    pub bytes: u64,
    /// Its own number, which its file carries too.
    pub uuid: Uuid,
    /// Checksum of its footer.
    pub checksum: u32,
    /// Articles in it, dead ones included.
    pub articles: u32,
    /// The articles of it that were deleted or replaced up to `sealed_seq`, where there are any.
    pub tombstones: Option<FileEntry>,
}

/// An immutable file that exists once a generation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileEntry {
    /// The generation that wrote it, which it is named by.
    pub generation: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// CRC-32 of its bytes.
    pub checksum: u32,
}

impl FileEntry {
    /// Returns the entry of a file with these bytes.
    pub fn new(generation: u64, bytes: &[u8]) -> FileEntry {
        FileEntry { generation, bytes: bytes.len() as u64, checksum: crc32fast::hash(bytes) }
    }

    /// Reads the file and checks that it is the one meant.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] where it cannot be read, [`StoreError::Damaged`] where it is another.
    pub fn read(&self, path: &Path) -> Result<Vec<u8>, StoreError> {
        let bytes = files::read(path)?;
        if FileEntry::new(self.generation, &bytes) != *self {
            return Err(StoreError::damaged(path, None, "it is not the file that MANIFEST names"));
        }
        Ok(bytes)
    }
}

impl Manifest {
    /// Reads the MANIFEST of the database in `folder`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`], [`StoreError::Version`] or [`StoreError::Damaged`].
    pub fn read(folder: &Path) -> Result<Manifest, StoreError> {
        let path = manifest_path(folder);
        Manifest::from_bytes(folder, &files::read(&path)?)
    }

    /// Returns the bytes of the file.
    pub fn to_bytes(&self) -> Vec<u8> {
        sealed::seal("manifest", FORMAT_VERSION, self)
    }

    /// Reads the bytes of a MANIFEST that lay elsewhere.
    ///
    /// # Errors
    ///
    /// [`StoreError::Version`] or [`StoreError::Damaged`].
    pub fn from_bytes(folder: &Path, bytes: &[u8]) -> Result<Manifest, StoreError> {
        sealed::unseal(&manifest_path(folder), "manifest", FORMAT_VERSION, bytes)
    }

    /// Makes this the MANIFEST of the database in `folder`, durably.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`]; then the old one or the new one is in place, and reading it tells which.
    pub fn publish(&self, files: &dyn Files, folder: &Path) -> Result<(), StoreError> {
        files::replace(files, &manifest_path(folder), &self.to_bytes())
    }
}

/// Returns the path of MANIFEST.
pub fn manifest_path(folder: &Path) -> PathBuf {
    folder.join("MANIFEST")
}

/// Returns the path of the catalog of a generation.
pub fn catalog_path(folder: &Path, generation: u64) -> PathBuf {
    folder.join(format!("catalog-{generation}"))
}

/// Returns the path of the compression dictionary of a number.
pub fn dictionary_path(folder: &Path, id: u32) -> PathBuf {
    folder.join(format!("dictionary-{id:08x}"))
}

/// Returns the folder of the segments.
pub fn segments_path(folder: &Path) -> PathBuf {
    folder.join("segments")
}

/// Returns the path of a segment.
pub fn segment_path(folder: &Path, number: u64) -> PathBuf {
    segments_path(folder).join(format!("{number:06}.seg"))
}

/// Returns the path of a segment's tombstones of a generation.
pub fn tombstones_path(folder: &Path, number: u64, generation: u64) -> PathBuf {
    segments_path(folder).join(format!("{number:06}-{generation}.del"))
}

/// Returns the folder of the journal.
pub fn journal_path(folder: &Path) -> PathBuf {
    folder.join("journal")
}

/// Returns the folder of the record store.
pub fn records_path(folder: &Path) -> PathBuf {
    folder.join("records")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::files::SystemFiles;

    fn sample() -> Manifest {
        Manifest {
            database: Uuid::from_u128(7),
            generation: 3,
            sealed_seq: 41,
            next_id: 12,
            articles: 9,
            next_segment: 5,
            segments: vec![SegmentEntry {
                number: 4,
                bytes: 1000,
                uuid: Uuid::from_u128(8),
                checksum: 77,
                articles: 11,
                tombstones: Some(FileEntry::new(2, b"dead")),
            }],
            journal: 6,
            catalog: FileEntry::new(3, b"{}"),
            dictionary: Some(1),
        }
    }

    #[test]
    fn what_is_published_is_read() {
        let folder = tempfile::tempdir().unwrap();
        sample().publish(&SystemFiles, folder.path()).unwrap();
        assert_eq!(Manifest::read(folder.path()).unwrap(), sample());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        sample().publish(&SystemFiles, folder.path()).unwrap();
        let path = manifest_path(folder.path());
        let bytes = files::read(&path).unwrap();
        let read = |bytes: &[u8]| sealed::unseal::<Manifest>(&path, "manifest", FORMAT_VERSION, bytes);
        assert!((0..bytes.len()).all(|cut| read(&bytes[..cut]).is_err()));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(read(&flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn another_file_under_the_name_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, b"dead").unwrap();
        let entry = FileEntry::new(2, b"dead");
        assert_eq!(entry.read(&path).unwrap(), b"dead");
        std::fs::write(&path, b"deaf").unwrap();
        assert!(entry.read(&path).unwrap_err().is_damage());
    }
}
