//! The articles of a segment that were deleted or replaced.
//!
//! `segments/NNNNNN-G.del`, little-endian:
//!
//! ```text
//!  offset  size  content
//!       0     8  "dltomb01"
//!       8     8  number of the segment
//!      16     4  how many tombstones
//!      20   n*12  id (4) and seq (8) of each, ids ascending
//!       +     4  CRC-32 of everything before
//! ```
//!
//! A tombstone is an article and the commit that ended its version, never an ordinal: a merge that was running
//! meanwhile can still apply it.

use std::collections::BTreeMap;
use std::path::Path;

use super::error::StoreError;
use crate::article::{ArticleId, Seq};

const MAGIC: &[u8; 8] = b"dltomb01";
const HEADER_BYTES: usize = 20;
const ENTRY_BYTES: usize = 12;

/// The ended versions of one segment: the article and the commit that ended it.
pub type Tombstones = BTreeMap<ArticleId, Seq>;

/// Returns the bytes of a tombstone file.
pub fn encode(segment: u64, tombstones: &Tombstones) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(segment.to_le_bytes());
    bytes.extend((tombstones.len() as u32).to_le_bytes());
    for (id, seq) in tombstones {
        bytes.extend(id.0.to_le_bytes());
        bytes.extend(seq.to_le_bytes());
    }
    bytes.extend(crc32fast::hash(&bytes).to_le_bytes());
    bytes
}

/// Returns the tombstones of a file.
///
/// # Errors
///
/// [`StoreError::Damaged`] where the bytes are not what [`encode`] wrote for this segment.
pub fn decode(path: &Path, segment: u64, bytes: &[u8]) -> Result<Tombstones, StoreError> {
    parse(segment, bytes).map_err(|what| StoreError::damaged(path, None, what))
}

fn parse(segment: u64, bytes: &[u8]) -> Result<Tombstones, &'static str> {
    let (summed, checksum) = bytes.split_last_chunk::<4>().ok_or("it is too short")?;
    if crc32fast::hash(summed) != u32::from_le_bytes(*checksum) {
        return Err("its checksum does not match");
    }
    let (header, entries) = summed.split_at_checked(HEADER_BYTES).ok_or("it is too short")?;
    let (magic, header) = header.split_first_chunk::<8>().ok_or("it is too short")?;
    let (number, count) = header.split_first_chunk::<8>().ok_or("it is too short")?;
    let count = u32::from_le_bytes(count.try_into().map_err(|_| "it is too short")?);
    if magic != MAGIC || u64::from_le_bytes(*number) != segment {
        return Err("it holds no tombstones of this segment");
    }
    let (entries, rest) = entries.as_chunks::<ENTRY_BYTES>();
    if entries.len() != count as usize || !rest.is_empty() {
        return Err("it is not as long as it says");
    }
    Ok(entries.iter().map(entry).collect())
}

fn entry(&[a, b, c, d, s0, s1, s2, s3, s4, s5, s6, s7]: &[u8; ENTRY_BYTES]) -> (ArticleId, Seq) {
    let id = ArticleId(u32::from_le_bytes([a, b, c, d]));
    (id, u64::from_le_bytes([s0, s1, s2, s3, s4, s5, s6, s7]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn decode_returns_what_was_encoded(pairs in prop::collection::btree_map(any::<u32>(), any::<u64>(), 0..50)) {
            let tombstones: Tombstones = pairs.into_iter().map(|(id, seq)| (ArticleId(id), seq)).collect();
            let bytes = encode(9, &tombstones);
            prop_assert_eq!(decode(Path::new("f"), 9, &bytes).unwrap(), tombstones);
            prop_assert!(decode(Path::new("f"), 8, &bytes).is_err());
        }
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = encode(1, &[(ArticleId(3), 4), (ArticleId(5), 6)].into());
        for cut in 0..bytes.len() {
            assert!(decode(Path::new("f"), 1, &bytes[..cut]).is_err(), "cut at {cut}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(decode(Path::new("f"), 1, &flipped).is_err(), "bit {bit}");
        }
    }
}
