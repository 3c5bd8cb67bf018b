//! JSON under a checksum: the form of MANIFEST and catalog files.
//!
//! ```text
//! dateline manifest 1 5d41402a 1234
//! {"generation":7, ...}
//! ```
//!
//! The first line names the kind of file, its format version, a CRC-32 in hexadecimal and the length of the JSON in bytes.
//! The checksum is that of the first line without it, `dateline manifest 1 1234` and the line feed, and of the JSON: a
//! version that damage changed is told from one that a later program wrote. Every version keeps this first line. A person
//! can read such a file, and no edited or torn one is believed.

use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;

/// Returns the bytes of a sealed file.
pub fn seal<T: Serialize>(kind: &str, version: u32, value: &T) -> Vec<u8> {
    let body =
        serde_json::to_vec_pretty(value).expect("plain structs with string keys always have a JSON form");
    let checksum = checksum(kind, &version.to_string(), &body);
    let mut bytes = format!("dateline {kind} {version} {checksum:08x} {}\n", body.len()).into_bytes();
    bytes.extend_from_slice(&body);
    bytes
}

fn checksum(kind: &str, version: &str, body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(format!("dateline {kind} {version} {}\n", body.len()).as_bytes());
    hasher.update(body);
    hasher.finalize()
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
    let [magic, found_kind, version, found_checksum, length] = words.as_slice() else {
        return Err(damaged("its first line is not of five words"));
    };
    if *magic != "dateline" || *found_kind != kind {
        return Err(damaged(&format!("it is no {kind} of dateline")));
    }
    let checksum = format!("{:08x}", checksum(kind, version, body));
    if *length != body.len().to_string() || *found_checksum != checksum {
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
    fn a_version_that_damage_changed_is_damage() {
        let text = String::from_utf8(seal("test", 1, &[1])).unwrap();
        for digit in ["0", "2", "9", "11"] {
            let changed = text.replacen(" 1 ", &format!(" {digit} "), 1);
            assert!(unsealed(changed.as_bytes()).unwrap_err().is_damage(), "{digit}");
        }
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
