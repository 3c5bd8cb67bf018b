//! What one commit did, as the journal keeps it.
//!
//! The payload of a journal frame is one version byte (2) and the bincode (standard configuration) of `EntryOf` with
//! versions of that format, frozen structs apart from the live [`Entry`]. In version 1 the versions had no bands. Records
//! inside it are the frames of [`codec`](super::codec).

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::manifest::SegmentEntry;
use crate::article::{Article, ArticleId, Record, Seq};
use crate::catalog::Catalog;
use crate::text::{BANDS, Bands};

const ENTRY_VERSION: u8 = 2;

/// What one commit did.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The changes; no article occurs twice.
    pub changes: Vec<Change>,
    /// A whole segment that the commit attached, where it was a bulk import.
    pub attached: Option<SegmentEntry>,
    /// The catalog from this commit on, where it changed.
    pub catalog: Option<Catalog>,
}

/// What a commit did to one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The article.
    pub id: ArticleId,
    /// The version that the commit ended.
    pub old: Option<Version>,
    /// The version that the commit wrote; `None` where the article was deleted.
    pub new: Option<NewVersion>,
}

/// What the record store must know of a version to find and remove its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    /// The commit that wrote it.
    pub seq: Seq,
    /// Hash of its key.
    pub key_hash: u64,
    /// Hash of its title and body.
    pub content_hash: u64,
    /// Its bands in the index of near-duplicates; `None` where it is not in there.
    pub bands: Option<Bands>,
}

impl Version {
    /// Returns the version of a record as a commit writes it.
    pub fn of(record: &Record) -> Version {
        Version::with_bands(&record.article, record.seq, bands(record))
    }

    /// Does what [`Version::of`] does, where the [`bands`] are known.
    pub fn with_bands(article: &Article, seq: Seq, bands: Option<Bands>) -> Version {
        Version { seq, key_hash: key_hash(&article.key), content_hash: content_hash(article), bands }
    }
}

/// A version with its record.
#[derive(Debug, Clone, PartialEq)]
pub struct NewVersion {
    /// Its hashes.
    pub version: Version,
    /// Its record's frame; `None` where the attached segment holds it.
    pub frame: Option<Vec<u8>>,
}

/// Returns what a record stands under in the index of near-duplicates: a text that belongs to a story, and is long
/// enough to be compared.
pub fn bands(record: &Record) -> Option<Bands> {
    record.story.as_ref().and_then(|_| Bands::of(&record.article.body))
}

/// Returns the hash that the secondary index of keys is sorted by.
pub fn key_hash(key: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(key.as_bytes())
}

/// Returns the hash of what an article says; copies under other keys have the same.
pub fn content_hash(article: &Article) -> u64 {
    // Half of it tells copies apart well enough, and candidates are compared in full.
    article.content_hash() as u64
}

/// An entry with versions of one format.
#[derive(Serialize, Deserialize)]
struct EntryOf<'a, V> {
    #[serde(borrow, bound(deserialize = "V: Deserialize<'de>"))]
    changes: Vec<ChangeOf<'a, V>>,
    /// JSON of the [`SegmentEntry`], which MANIFEST keeps as JSON too.
    attached: Option<&'a [u8]>,
    /// JSON of the [`Catalog`], as its own file has it.
    catalog: Option<&'a [u8]>,
}

#[derive(Serialize, Deserialize)]
struct ChangeOf<'a, V> {
    id: u32,
    old: Option<V>,
    #[serde(borrow)]
    new: Option<(V, Option<&'a [u8]>)>,
}

/// Commit, hash of the key, hash of the content.
#[derive(Serialize, Deserialize)]
struct VersionV1(u64, u64, u64);

/// Version 1 and the bands.
#[derive(Serialize, Deserialize)]
struct VersionV2(VersionV1, Option<[u32; BANDS]>);

impl From<Version> for VersionV2 {
    fn from(version: Version) -> VersionV2 {
        let first = VersionV1(version.seq, version.key_hash, version.content_hash);
        VersionV2(first, version.bands.map(|Bands(bands)| bands))
    }
}

impl From<VersionV1> for Version {
    fn from(VersionV1(seq, key_hash, content_hash): VersionV1) -> Version {
        Version { seq, key_hash, content_hash, bands: None }
    }
}

impl From<VersionV2> for Version {
    fn from(VersionV2(first, bands): VersionV2) -> Version {
        Version { bands: bands.map(Bands), ..Version::from(first) }
    }
}

impl Entry {
    /// Returns an entry that changes articles and nothing else.
    pub fn of_changes(changes: Vec<Change>) -> Entry {
        Entry { changes, attached: None, catalog: None }
    }

    /// Returns the payload of a journal frame.
    pub fn encode(&self) -> Vec<u8> {
        let json = "structs with string keys have a JSON form";
        let attached = self.attached.as_ref().map(|segment| serde_json::to_vec(segment).expect(json));
        let catalog = self.catalog.as_ref().map(|catalog| serde_json::to_vec(catalog).expect(json));
        let stored = EntryOf {
            changes: self.changes.iter().map(stored_change).collect(),
            attached: attached.as_deref(),
            catalog: catalog.as_deref(),
        };
        let mut bytes = vec![ENTRY_VERSION];
        bincode::serde::encode_into_std_write(&stored, &mut bytes, bincode::config::standard())
            .expect("writing to memory does not fail");
        bytes
    }

    /// Returns the entry of a payload.
    ///
    /// # Errors
    ///
    /// [`StoreError::RecordDamaged`] where the bytes are not what [`Entry::encode`] wrote,
    /// [`StoreError::RecordVersion`] where a later version wrote them.
    pub fn decode(payload: &[u8]) -> Result<Entry, StoreError> {
        match payload.split_first() {
            None => Err(damaged("a journal entry is empty")),
            Some((1, body)) => Entry::decode_of::<VersionV1>(body),
            Some((&ENTRY_VERSION, body)) => Entry::decode_of::<VersionV2>(body),
            Some((&found, _)) => Err(StoreError::RecordVersion { found, known: ENTRY_VERSION }),
        }
    }

    fn decode_of<V: DeserializeOwned + Into<Version>>(body: &[u8]) -> Result<Entry, StoreError> {
        let (stored, used): (EntryOf<'_, V>, usize) =
            bincode::serde::borrow_decode_from_slice(body, bincode::config::standard())
                .map_err(|_| damaged("a journal entry does not decode"))?;
        if used != body.len() {
            return Err(damaged("bytes are left over behind a journal entry"));
        }
        let wrong_json = |_| damaged("the JSON of a journal entry is wrong");
        Ok(Entry {
            changes: stored.changes.into_iter().map(live_change).collect(),
            attached: stored.attached.map(serde_json::from_slice).transpose().map_err(wrong_json)?,
            catalog: stored.catalog.map(serde_json::from_slice).transpose().map_err(wrong_json)?,
        })
    }
}

fn damaged(what: &'static str) -> StoreError {
    StoreError::RecordDamaged { what }
}

fn stored_change(change: &Change) -> ChangeOf<'_, VersionV2> {
    let new = change.new.as_ref().map(|new| (new.version.into(), new.frame.as_deref()));
    ChangeOf { id: change.id.0, old: change.old.map(VersionV2::from), new }
}

fn live_change<V: Into<Version>>(stored: ChangeOf<'_, V>) -> Change {
    let new = stored
        .new
        .map(|(version, frame)| NewVersion { version: version.into(), frame: frame.map(<[u8]>::to_vec) });
    Change { id: ArticleId(stored.id), old: stored.old.map(V::into), new }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::manifest::FileEntry;
    use uuid::Uuid;

    fn sample() -> Entry {
        let version = Version { seq: 3, key_hash: 4, content_hash: 5, bands: Some(Bands([1, 2, 3, 4])) };
        let new = NewVersion { version: Version { seq: 9, ..version }, frame: Some(b"frame".to_vec()) };
        let attached = SegmentEntry {
            number: 4,
            bytes: 1000,
            uuid: Uuid::from_u128(8),
            checksum: 77,
            articles: 11,
            tombstones: Some(FileEntry::new(2, b"dead")),
        };
        let replaced = Change { id: ArticleId(7), old: Some(version), new: Some(new) };
        let deleted = Change { id: ArticleId(8), old: Some(version), new: None };
        Entry {
            changes: vec![replaced, deleted],
            attached: Some(attached),
            catalog: Some(Catalog::default()),
        }
    }

    #[test]
    fn decode_returns_what_was_encoded() {
        assert_eq!(Entry::decode(&sample().encode()).unwrap(), sample());
        let empty = Entry::of_changes(Vec::new());
        assert_eq!(Entry::decode(&empty.encode()).unwrap(), empty);
    }

    #[test]
    fn the_first_version_still_reads() {
        // Article 7: commit 3 ended, commit 9 written with a record of two bytes.
        let payload = [1, 1, 7, 1, 3, 4, 5, 1, 9, 4, 5, 1, 2, b'a', b'b', 0, 0];
        let version = Version { seq: 3, key_hash: 4, content_hash: 5, bands: None };
        let new = NewVersion { version: Version { seq: 9, ..version }, frame: Some(b"ab".to_vec()) };
        let change = Change { id: ArticleId(7), old: Some(version), new: Some(new) };
        assert_eq!(Entry::decode(&payload).unwrap(), Entry::of_changes(vec![change]));
    }

    #[test]
    fn hostile_bytes_never_panic() {
        let bytes = sample().encode();
        for cut in 0..bytes.len() {
            assert!(Entry::decode(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // The frame's checksum finds the flip; here it only must not panic.
            let _ = Entry::decode(&flipped).is_ok();
        }
    }
}
