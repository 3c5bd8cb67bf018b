//! Clusters of words that stand between the same neighbours, counted in open news.
//!
//! # Format
//!
//! `data/clusters.zst` is an envelope with the magic `DLCLUST` and a zero byte around UTF-8 text: a line for each
//! cluster, in the order of their numbers, with its words in the order of their bytes, one space between. A word is
//! written as it stands in the text, capitals included.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::hash::{Hashed, hash_bytes};
use super::packed::{self, Kind, ModelError};

/// Number of clusters.
pub const CLUSTERS: usize = 256;

/// What a word of no cluster has instead.
pub const NO_CLUSTER: u16 = CLUSTERS as u16;

const KIND: Kind =
    Kind { what: "table of word clusters", magic: *b"DLCLUST\0", version: 1, bytes_max: 4 << 20 };

const SHIPPED: &[u8] = include_bytes!("../../../data/clusters.zst");

static TABLE: LazyLock<Result<Clusters, ModelError>> = LazyLock::new(|| Clusters::load(SHIPPED));

/// The cluster of each word.
#[derive(Debug, Default)]
pub struct Clusters {
    by_hash: HashMap<u64, u16, Hashed>,
    checksum: u64,
}

impl Clusters {
    /// Returns the clusters that ship with the library.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] where the library was built from damaged data.
    pub fn shipped() -> Result<&'static Clusters, ModelError> {
        TABLE.as_ref().map_err(Clone::clone)
    }

    /// Decodes packed clusters.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] where the bytes are not what [`pack`] wrote.
    pub fn load(bytes: &[u8]) -> Result<Clusters, ModelError> {
        let damaged = |problem| ModelError::Damaged { what: KIND.what, problem };
        let text = String::from_utf8(KIND.unpack(bytes)?).map_err(|_| damaged("its words are not UTF-8"))?;
        if text.lines().count() > CLUSTERS {
            return Err(damaged("it has too many clusters"));
        }
        let checksum = packed::checksum(bytes).unwrap_or(0);
        let mut clusters = Clusters { checksum, ..Clusters::default() };
        for (cluster, line) in (0..).zip(text.lines()) {
            clusters
                .by_hash
                .extend(line.split_whitespace().map(|word| (hash_bytes(word.as_bytes()), cluster)));
        }
        Ok(clusters)
    }

    /// Returns the checksum of the packed clusters.
    pub fn checksum(&self) -> u64 {
        self.checksum
    }

    /// Returns the cluster of the word whose bytes have this hash.
    pub(super) fn of(&self, surface_hash: u64) -> u16 {
        self.by_hash.get(&surface_hash).copied().unwrap_or(NO_CLUSTER)
    }
}

/// Packs the words of each cluster.
///
/// # Errors
///
/// An I/O error where compression fails.
pub fn pack(clusters: &[Vec<String>]) -> std::io::Result<Vec<u8>> {
    let mut text = String::new();
    for words in clusters {
        let mut words = words.clone();
        words.sort();
        text.push_str(&words.join(" "));
        text.push('\n');
    }
    KIND.pack(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_clusters() {
        let packed = pack(&[vec!["said".into(), "added".into()], vec!["Paris".into()]]).expect("it packs");
        let clusters = Clusters::load(&packed).expect("it loads");
        let cluster = |word: &str| clusters.of(hash_bytes(word.as_bytes()));
        assert_eq!((cluster("added"), cluster("said"), cluster("Paris")), (0, 0, 1));
        assert_eq!(cluster("paris"), NO_CLUSTER);
    }

    #[test]
    fn the_shipped_clusters_load() {
        let clusters = Clusters::shipped().expect("they load");
        let cluster = |word: &str| clusters.of(hash_bytes(word.as_bytes()));
        assert_eq!(cluster("Tuesday"), cluster("Wednesday"));
        assert_ne!(cluster("Tuesday"), cluster("the"));
    }
}
