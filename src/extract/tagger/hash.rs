//! Hashing of words and of features.
//!
//! The functions are part of the model's format: a model knows its features by these hashes only.

use std::hash::{BuildHasherDefault, Hasher};

/// Hashes the bytes of a word.
pub(in crate::extract) fn hash_bytes(bytes: &[u8]) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325 ^ bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        hash = mix(hash, chunk.try_into().map_or(0, u64::from_le_bytes));
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let last = rest.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
        hash = mix(hash, last);
    }
    hash ^ hash >> 29
}

/// Stirs a value into a hash.
#[inline]
pub(in crate::extract) const fn mix(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(23) ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Hashing for maps whose keys come with the library.
pub(in crate::extract) type Hashed = BuildHasherDefault<Spread>;

/// Hashing for maps whose keys come out of articles; seeded, so that no article is built to make its words collide.
pub(in crate::extract) type Seeded = foldhash::fast::RandomState;

/// Spreads a hash once more; its lower bits choose the bucket, the upper seven tell the keys of a bucket apart.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::extract) struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = mix(self.0, hash_bytes(bytes));
    }

    /// Strings end with a byte of their own.
    fn write_u8(&mut self, value: u8) {
        self.0 = mix(self.0, u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = value.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn words_hash_apart() {
        let words = ["", "a", "b", "ab", "ba", "Assad", "assad", "al-Assad", "a\0", "abcdefgh", "abcdefghi"];
        let hashes: HashSet<u64> = words.iter().map(|word| hash_bytes(word.as_bytes())).collect();
        assert_eq!(hashes.len(), words.len());
    }
}
