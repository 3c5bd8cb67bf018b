//! Ids and versions by ordinal, ordinals by id and by key.
//!
//! ```text
//! ids        `Ints`: id of each article
//! seqs       `Ints`: commit that wrote each version
//! by id      `Ints`: ordinals, sorted by (id, ordinal)
//! hashes     `Ints`: lowest 32 bits of the XXH3 of each key, sorted
//! by hash    `Ints`: their ordinals; equal hashes by ordinal
//! extractors `Ints`: version of the extractor of each article; missing in files that were written before it was kept
//! ```

use xxhash_rust::xxh3::xxh3_64;

use super::bytes::Input;
use super::error::SegmentError;
use super::image::Section;
use super::ints::Ints;
use crate::article::{ArticleId, Seq};

/// Returns the hash that a key is found by.
pub(super) fn key_hash(key: &str) -> u32 {
    xxh3_64(key.as_bytes()) as u32
}

/// Writes ids, versions and keys.
#[derive(Default)]
pub(super) struct LookupWriter {
    ids: Vec<u64>,
    seqs: Vec<u64>,
    hashes: Vec<(u32, u32)>,
    extractors: Vec<u64>,
}

impl LookupWriter {
    /// Adds the next article; `extractor` is the version that extracted it.
    pub(super) fn article(&mut self, id: ArticleId, seq: Seq, key_hash: u32, extractor: u32) {
        self.extractors.push(u64::from(extractor));
        self.hashes.push((key_hash, self.ids.len() as u32));
        self.ids.push(u64::from(id.0));
        self.seqs.push(seq);
    }

    pub(super) fn bytes(mut self) -> Vec<u8> {
        let mut by_id: Vec<(u64, u64)> = self.ids.iter().copied().zip(0..).collect();
        by_id.sort_unstable();
        self.hashes.sort_unstable();
        let mut out = Vec::new();
        Ints::write(&mut out, self.ids.iter().copied());
        Ints::write(&mut out, self.seqs.iter().copied());
        Ints::write(&mut out, by_id.iter().map(|&(_, ordinal)| ordinal));
        Ints::write(&mut out, self.hashes.iter().map(|&(hash, _)| u64::from(hash)));
        Ints::write(&mut out, self.hashes.iter().map(|&(_, ordinal)| u64::from(ordinal)));
        Ints::write(&mut out, self.extractors.iter().copied());
        out
    }
}

/// Ids and versions by ordinal, and back.
#[derive(Debug, Clone, Copy)]
pub struct Identities<'s> {
    ids: Ints<'s>,
    seqs: Ints<'s>,
    by_id: Ints<'s>,
    hashes: Ints<'s>,
    by_hash: Ints<'s>,
    extractors: Option<Ints<'s>>,
}

impl<'s> Identities<'s> {
    pub(super) fn open(section: Section<'s>) -> Result<Identities<'s>, SegmentError> {
        let mut input = Input::new(section.all()?);
        let articles = section.image().footer().articles as usize;
        let column = |input: &mut Input<'s>| Ints::read(input).filter(|column| column.len() == articles);
        let mut read = || {
            Some(Identities {
                ids: column(&mut input)?,
                seqs: column(&mut input)?,
                by_id: column(&mut input)?,
                hashes: column(&mut input)?,
                by_hash: column(&mut input)?,
                extractors: if input.is_empty() { None } else { Some(column(&mut input)?) },
            })
        };
        read().ok_or_else(|| section.damaged("the ids and keys do not decode"))
    }

    /// Returns the id of an article; 0 past the last.
    pub fn id(&self, ordinal: u32) -> ArticleId {
        ArticleId(self.ids.get32(ordinal as usize).unwrap_or(0))
    }

    /// Returns the commit that wrote this version; 0 past the last.
    pub fn seq(&self, ordinal: u32) -> Seq {
        self.seqs.get(ordinal as usize).unwrap_or(0)
    }

    /// Returns the version that extracted an article, 0 where none did; `None` in a file that does not say, past the last.
    pub fn extractor(&self, ordinal: u32) -> Option<u32> {
        self.extractors?.get32(ordinal as usize)
    }

    /// Returns the ordinals of this id's versions, rising; usually none or one.
    pub fn ordinals(&self, id: ArticleId) -> Vec<u32> {
        let id_at = |ordinal: u64| self.ids.get(ordinal as usize).unwrap_or(u64::MAX);
        let start = self.by_id.partition_point(|ordinal| id_at(ordinal) < u64::from(id.0));
        let ordinals = (start..self.by_id.len()).map_while(|at| self.by_id.get32(at));
        ordinals.take_while(|&ordinal| id_at(u64::from(ordinal)) == u64::from(id.0)).collect()
    }

    /// Returns the ordinals whose keys have this hash, rising.
    pub(super) fn ordinals_of_hash(&self, hash: u32) -> Vec<u32> {
        let hash = u64::from(hash);
        let start = self.hashes.partition_point(|other| other < hash);
        let places = (start..self.hashes.len()).take_while(|&at| self.hashes.get(at) == Some(hash));
        places.filter_map(|at| self.by_hash.get32(at)).collect()
    }

    /// Returns the hash of each article's key, by ordinal.
    pub(super) fn key_hashes(&self) -> Vec<u32> {
        let mut hashes = vec![0; self.ids.len()];
        for (hash, ordinal) in self.hashes.iter().zip(self.by_hash.iter()) {
            if let Some(slot) = hashes.get_mut(ordinal as usize) {
                *slot = hash as u32;
            }
        }
        hashes
    }

    pub(super) fn ids(&self) -> Ints<'s> {
        self.ids
    }
}
