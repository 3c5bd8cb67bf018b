//! JSON under a checksum: the form of MANIFEST and catalog files.
//!
//! ```text
//! dateline manifest 1 5d41402a 1234
//! {"generation":7, ...}
//! ```
//!
//! The first line names the kind of file, its format version, the CRC-32 of the JSON in hexadecimal and its length in
//! bytes. A person can read such a file, and no edited or torn one is believed.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;

/// Returns the bytes of a sealed file.
pub fn seal<T: Serialize>(kind: &str, version: u32, value: &T) -> Vec<u8> {
    let body =
        serde_json::to_vec_pretty(value).expect("plain structs with string keys always have a JSON form");
    let mut bytes =
        format!("dateline {kind} {version} {:08x} {}\n", crc32fast::hash(&body), body.len()).into_bytes();
    bytes.extend_from_slice(&body);
    bytes
}

/// Returns what a sealed file holds.
///
/// # Errors
///
/// [`StoreError::Version`] where a later version wrote it, [`StoreError::Damaged`] where anything does not match.
pub fn unseal<T: DeserializeOwned>(
    path: &Path,
    kind: &str,
    known: u32,
    bytes: &[u8],
) -> Result<T, StoreError> {
    let damaged = |what: &str| StoreError::damaged(path, None, what);
    let line_end = memchr::memchr(b'\n', bytes).ok_or_else(|| damaged("it has no first line"))?;
    let (line, body) = bytes.split_at_checked(line_end).ok_or_else(|| damaged("it has no first line"))?;
    let body = body.get(1..).unwrap_or_default();
    let line = std::str::from_utf8(line).map_err(|_| damaged("its first line is no text"))?;
    let words: Vec<&str> = line.split(' ').collect();
    let [magic, found_kind, version, checksum, length] = words.as_slice() else {
        return Err(damaged("its first line is not of five words"));
    };
    if *magic != "dateline" || *found_kind != kind {
        return Err(damaged(&format!("it is no {kind} of dateline")));
    }
    if *length != body.len().to_string() || *checksum != format!("{:08x}", crc32fast::hash(body)) {
        return Err(damaged("its checksum does not match"));
    }
    let version: u32 = version.parse().map_err(|_| damaged("its version is no number"))?;
    if version != known {
        return Err(StoreError::Version { path: path.to_owned(), found: version, known });
    }
    serde_json::from_slice(body).map_err(|error| damaged(&format!("its JSON is wrong: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsealed(bytes: &[u8]) -> Result<Vec<u32>, StoreError> {
        unseal(Path::new("FILE"), "test", 1, bytes)
    }

    #[test]
    fn round_trip() {
        assert_eq!(unsealed(&seal("test", 1, &[1, 2, 3])).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn a_later_version_is_named_and_not_called_damage() {
        let error = unsealed(&seal("test", 2, &[1])).unwrap_err();
        assert!(matches!(error, StoreError::Version { found: 2, known: 1, .. }));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = seal("test", 1, &[1, 2, 3]);
        for cut in 0..bytes.len() {
            assert!(unsealed(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(unsealed(&flipped).is_err(), "bit {bit}");
        }
    }
}
