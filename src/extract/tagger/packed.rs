//! The envelope of packed data: what it is, its version, and a checksum.
//!
//! ```text
//! bytes 0..8    magic, which names the kind of data
//! bytes 8..12   format version, u32 little-endian
//! bytes 12..20  XXH3-64 of the payload as it is packed, u64 little-endian
//! bytes 20..    payload: one Zstandard frame
//! ```

use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;

/// Bytes before the payload.
const HEADER_BYTES: usize = 20;

/// Strength of compression; the data is packed once and unpacked in every process.
const ZSTD_LEVEL: i32 = 19;

/// What is wrong with packed data of the tagger.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelError {
    /// The bytes are not of the kind that was asked for.
    #[error("this is no {wanted}: the first bytes are not its mark; rebuild the library from its own data/")]
    Foreign {
        /// What was asked for.
        wanted: &'static str,
    },
    /// The data is of another version than this library reads.
    #[error(
        "the {what} is of format {found}, this library reads format {wanted}; rebuild it with this library's trainer"
    )]
    Version {
        /// What was read.
        what: &'static str,
        /// Its format.
        found: u32,
        /// The format this library reads.
        wanted: u32,
    },
    /// The bytes were changed after they were written.
    #[error(
        "the {what} is damaged: {problem}; restore it from the repository, or rebuild it with the trainer"
    )]
    Damaged {
        /// What was read.
        what: &'static str,
        /// How the damage shows.
        problem: &'static str,
    },
}

/// A kind of packed data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// Its name in messages.
    pub(super) what: &'static str,
    pub(super) magic: [u8; 8],
    pub(super) version: u32,
    /// Largest size unpacked, in bytes.
    pub(super) bytes_max: usize,
}

impl Kind {
    /// Returns the payload in its envelope.
    pub(super) fn pack(&self, payload: &[u8]) -> std::io::Result<Vec<u8>> {
        let packed = zstd::bulk::compress(payload, ZSTD_LEVEL)?;
        let mut bytes = Vec::with_capacity(HEADER_BYTES + packed.len());
        bytes.extend_from_slice(&self.magic);
        bytes.extend_from_slice(&self.version.to_le_bytes());
        bytes.extend_from_slice(&xxh3_64(&packed).to_le_bytes());
        bytes.extend_from_slice(&packed);
        Ok(bytes)
    }

    /// Returns the payload of an envelope.
    ///
    /// # Errors
    ///
    /// Any [`ModelError`], where the bytes are not what [`Kind::pack`] wrote.
    pub(super) fn unpack(&self, bytes: &[u8]) -> Result<Vec<u8>, ModelError> {
        let damaged = |problem| ModelError::Damaged { what: self.what, problem };
        if bytes.get(..8) != Some(self.magic.as_slice()) {
            return Err(ModelError::Foreign { wanted: self.what });
        }
        let found = u32_at(bytes, 8).ok_or(damaged("it ends inside its header"))?;
        if found != self.version {
            return Err(ModelError::Version { what: self.what, found, wanted: self.version });
        }
        let checksum = checksum(bytes).ok_or(damaged("it ends inside its header"))?;
        let packed = bytes.get(HEADER_BYTES..).unwrap_or_default();
        if xxh3_64(packed) != checksum {
            return Err(damaged("its checksum does not fit"));
        }
        zstd::bulk::decompress(packed, self.bytes_max).map_err(|_| damaged("it does not unpack"))
    }
}

/// Returns the checksum that packed data carries.
pub fn checksum(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(12..HEADER_BYTES)?.try_into().ok()?))
}

/// Returns the little-endian number at a byte.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const KIND: Kind = Kind { what: "test data", magic: *b"DLTEST\0\0", version: 3, bytes_max: 1 << 16 };

    #[test]
    fn what_is_packed_comes_back() {
        let packed = KIND.pack(b"some words, some more words").expect("it packs");
        assert_eq!(KIND.unpack(&packed).expect("it unpacks"), b"some words, some more words");
    }

    #[test]
    fn another_version_names_both() {
        let packed = Kind { version: 4, ..KIND }.pack(b"words").expect("it packs");
        let found = KIND.unpack(&packed);
        assert_eq!(found, Err(ModelError::Version { what: "test data", found: 4, wanted: 3 }));
    }

    proptest! {
        #[test]
        fn damage_anywhere_is_an_error(at in 0usize..40, change in 1u8..) {
            let mut packed = KIND.pack(&[7; 300]).expect("it packs");
            let at = at % packed.len();
            packed[at] ^= change;
            prop_assert!(KIND.unpack(&packed).is_err());
            prop_assert!(KIND.unpack(&packed[..at]).is_err());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            prop_assert!(KIND.unpack(&bytes).is_err());
        }
    }
}
