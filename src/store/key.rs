//! The keys of the record store, all of them.
//!
//! A key is one byte for its kind and its parts big-endian, so that keys sort as their parts do. Every value is
//! framed by [`frame`]: version (1 byte), flags (1), CRC-32 over key and payload (4, little-endian), payload.

use super::codec::RECORD_BYTES_MAX;
use crate::article::{ArticleId, Seq};

/// Longest payload of a row, in bytes: with its frame a row stays within 4 KiB, past which sled slows down.
pub const CHUNK_BYTES_MAX: usize = 4_096 - FRAME_BYTES;

const FRAME_BYTES: usize = 6;
const ROW_VERSION: u8 = 1;

/// The chunks of the largest record are numbered by 16 bits.
const _: () = assert!(RECORD_BYTES_MAX / CHUNK_BYTES_MAX + 1 < u16::MAX as usize);

/// A key of the record store; each variant says what its row's payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// What the store knows about itself: the last commit applied (8 bytes), the articles alive then (8), and the version
    /// of the index of near-duplicates (4), which stores of older programs lack.
    Meta,
    /// A piece of the compression dictionary of a number; the last one is shorter than [`CHUNK_BYTES_MAX`].
    Dictionary(u32, u16),
    /// A piece of the frame of one version of an article; the last one is shorter than [`CHUNK_BYTES_MAX`].
    Record(ArticleId, Seq, u16),
    /// The commit (8 bytes) that wrote the living version of an article. Written after the version's record.
    Head(ArticleId),
    /// The articles (4 bytes each, ascending) whose key has this hash: one, unless two keys collide.
    ByKey(u64),
    /// Nothing; it says that an article's title and body have this hash.
    ByHash(u64, ArticleId),
    /// A piece of a copy of a file; the last one is shorter than [`CHUNK_BYTES_MAX`].
    Copy(Copied, u16),
    /// Nothing; it says that the band of this place (of [`BANDS`](crate::text::BANDS)) of an article's text is this.
    ByBand(u8, u32, ArticleId),
}

/// A file that the record store keeps a copy of, so that it can be restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Copied {
    /// MANIFEST.
    Manifest = 1,
    /// The catalog's file.
    Catalog = 2,
}

/// The kinds of keys, in the order of [`Key`]'s variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// [`Key::Meta`]
    Meta = 1,
    /// [`Key::Dictionary`]
    Dictionary = 2,
    /// [`Key::Record`]
    Record = 3,
    /// [`Key::Head`]
    Head = 4,
    /// [`Key::ByKey`]
    ByKey = 5,
    /// [`Key::ByHash`]
    ByHash = 6,
    /// [`Key::Copy`]
    Copy = 7,
    /// [`Key::ByBand`]
    ByBand = 8,
}

impl Key {
    /// Returns the bytes of the key.
    pub fn encode(self) -> Vec<u8> {
        match self {
            Key::Meta => joined(Kind::Meta, &[]),
            Key::Dictionary(id, chunk) => {
                joined(Kind::Dictionary, &[&id.to_be_bytes(), &chunk.to_be_bytes()])
            }
            Key::Record(id, seq, chunk) => {
                joined(Kind::Record, &[&id.0.to_be_bytes(), &seq.to_be_bytes(), &chunk.to_be_bytes()])
            }
            Key::Head(id) => joined(Kind::Head, &[&id.0.to_be_bytes()]),
            Key::ByKey(hash) => joined(Kind::ByKey, &[&hash.to_be_bytes()]),
            Key::ByHash(hash, id) => joined(Kind::ByHash, &[&hash.to_be_bytes(), &id.0.to_be_bytes()]),
            Key::Copy(file, chunk) => joined(Kind::Copy, &[&[file as u8], &chunk.to_be_bytes()]),
            Key::ByBand(place, band, id) => {
                joined(Kind::ByBand, &[&[place], &band.to_be_bytes(), &id.0.to_be_bytes()])
            }
        }
    }

    /// Returns the key of these bytes; `None` where they are none.
    pub fn decode(bytes: &[u8]) -> Option<Key> {
        let (&kind, parts) = bytes.split_first()?;
        match kind {
            1 => parts.is_empty().then_some(Key::Meta),
            2 => {
                let (id, chunk) = parts.split_first_chunk::<4>()?;
                Some(Key::Dictionary(u32::from_be_bytes(*id), u16::from_be_bytes(chunk.try_into().ok()?)))
            }
            3 => {
                let (id, parts) = parts.split_first_chunk::<4>()?;
                let (seq, chunk) = parts.split_first_chunk::<8>()?;
                let chunk = u16::from_be_bytes(chunk.try_into().ok()?);
                Some(Key::Record(article(*id), u64::from_be_bytes(*seq), chunk))
            }
            4 => Some(Key::Head(article(parts.try_into().ok()?))),
            5 => Some(Key::ByKey(u64::from_be_bytes(parts.try_into().ok()?))),
            6 => {
                let (hash, id) = parts.split_first_chunk::<8>()?;
                Some(Key::ByHash(u64::from_be_bytes(*hash), article(id.try_into().ok()?)))
            }
            7 => {
                let (&file, chunk) = parts.split_first()?;
                let file =
                    [Copied::Manifest, Copied::Catalog].into_iter().find(|known| *known as u8 == file)?;
                Some(Key::Copy(file, u16::from_be_bytes(chunk.try_into().ok()?)))
            }
            8 => {
                let (&place, parts) = parts.split_first()?;
                let (band, id) = parts.split_first_chunk::<4>()?;
                Some(Key::ByBand(place, u32::from_be_bytes(*band), article(id.try_into().ok()?)))
            }
            _ => None,
        }
    }

    /// Returns what every key of a version's record begins with.
    pub fn record_prefix(id: ArticleId, seq: Seq) -> Vec<u8> {
        joined(Kind::Record, &[&id.0.to_be_bytes(), &seq.to_be_bytes()])
    }

    /// Returns what every key of a file's copy begins with.
    pub fn copy_prefix(file: Copied) -> Vec<u8> {
        joined(Kind::Copy, &[&[file as u8]])
    }

    /// Returns what every key of a content hash begins with.
    pub fn by_hash_prefix(hash: u64) -> Vec<u8> {
        joined(Kind::ByHash, &[&hash.to_be_bytes()])
    }

    /// Returns what every key of a band begins with.
    pub fn by_band_prefix(place: u8, band: u32) -> Vec<u8> {
        joined(Kind::ByBand, &[&[place], &band.to_be_bytes()])
    }
}

impl Kind {
    /// Returns what every key of this kind begins with.
    pub fn prefix(self) -> [u8; 1] {
        [self as u8]
    }
}

fn article(bytes: [u8; 4]) -> ArticleId {
    ArticleId(u32::from_be_bytes(bytes))
}

fn joined(kind: Kind, parts: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![kind as u8];
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

/// Returns the value of a row: its payload framed.
pub fn frame(key: &[u8], payload: &[u8]) -> Vec<u8> {
    let mut value = vec![ROW_VERSION, 0];
    value.extend(checksum(key, [ROW_VERSION, 0], payload).to_le_bytes());
    value.extend_from_slice(payload);
    value
}

/// Returns the payload of a row's value, or what is wrong with it.
///
/// # Errors
///
/// A sentence part, for [`StoreError::Damaged`](super::StoreError::Damaged).
pub fn unframe<'a>(key: &[u8], value: &'a [u8]) -> Result<&'a [u8], &'static str> {
    let (head, rest) = value.split_first_chunk::<2>().ok_or("a row is too short")?;
    let (sum, payload) = rest.split_first_chunk::<4>().ok_or("a row is too short")?;
    if checksum(key, *head, payload) != u32::from_le_bytes(*sum) {
        return Err("the checksum of a row does not match");
    }
    match head {
        [ROW_VERSION, 0] => Ok(payload),
        _ => Err("a row has an unknown version"),
    }
}

fn checksum(key: &[u8], head: [u8; 2], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(key);
    hasher.update(&head);
    hasher.update(payload);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key() -> impl Strategy<Value = Key> {
        prop_oneof![
            Just(Key::Meta),
            any::<(u32, u16)>().prop_map(|(id, chunk)| Key::Dictionary(id, chunk)),
            any::<(u32, u64, u16)>().prop_map(|(id, seq, chunk)| Key::Record(ArticleId(id), seq, chunk)),
            any::<u32>().prop_map(|id| Key::Head(ArticleId(id))),
            any::<u64>().prop_map(Key::ByKey),
            any::<(u64, u32)>().prop_map(|(hash, id)| Key::ByHash(hash, ArticleId(id))),
            any::<(bool, u16)>().prop_map(|(is_catalog, chunk)| {
                Key::Copy(if is_catalog { Copied::Catalog } else { Copied::Manifest }, chunk)
            }),
            any::<(u8, u32, u32)>().prop_map(|(place, band, id)| Key::ByBand(place, band, ArticleId(id))),
        ]
    }

    proptest! {
        #[test]
        fn decode_returns_what_was_encoded(key in key()) {
            prop_assert_eq!(Key::decode(&key.encode()), Some(key));
        }

        #[test]
        fn bytes_sort_as_keys_do(a in key(), b in key()) {
            prop_assert_eq!(a.encode().cmp(&b.encode()), a.cmp(&b));
        }

        #[test]
        fn rows_return_their_payload(key in key(), payload: Vec<u8>) {
            let key = key.encode();
            let value = frame(&key, &payload);
            prop_assert_eq!(unframe(&key, &value).unwrap(), &payload[..]);
        }
    }

    #[test]
    fn a_row_under_another_key_or_with_a_flipped_bit_is_noticed() {
        let (key, other) = (Key::ByKey(1).encode(), Key::ByKey(2).encode());
        let value = frame(&key, b"payload");
        assert!(unframe(&other, &value).is_err());
        assert!((0..value.len()).all(|cut| unframe(&key, &value[..cut]).is_err()));
        for bit in 0..value.len() * 8 {
            let mut flipped = value.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(unframe(&key, &flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn wrong_keys_are_none() {
        for bytes in [&[][..], &[0], &[1, 1], &[3, 1, 2], &[4, 1], &[8, 1], &[9]] {
            assert_eq!(Key::decode(bytes), None);
        }
    }
}
