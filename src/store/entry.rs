//! What one commit did, as the journal keeps it.
//!
//! The payload of a journal frame is one version byte (1) and the bincode (standard configuration) of `EntryV1`,
//! a frozen struct apart from the live [`Entry`]. Records inside it are the frames of [`codec`](super::codec).

use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::manifest::SegmentEntry;
use crate::article::{Article, ArticleId, Seq};
use crate::catalog::Catalog;

const ENTRY_VERSION: u8 = 1;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The commit that wrote it.
    pub seq: Seq,
    /// Hash of its key.
    pub key_hash: u64,
    /// Hash of its title and body.
    pub content_hash: u64,
}

impl Version {
    /// Returns the version of an article as a commit writes it.
    pub fn of(article: &Article, seq: Seq) -> Version {
        Version { seq, key_hash: key_hash(&article.key), content_hash: content_hash(article) }
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

/// Returns the hash that the secondary index of keys is sorted by.
pub fn key_hash(key: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(key.as_bytes())
}

/// Returns the hash of what an article says; copies under other keys have the same.
pub fn content_hash(article: &Article) -> u64 {
    // Half of it tells copies apart well enough, and candidates are compared in full.
    article.content_hash() as u64
}

#[derive(Serialize, Deserialize)]
struct EntryV1<'a> {
    #[serde(borrow)]
    changes: Vec<ChangeV1<'a>>,
    /// JSON of the [`SegmentEntry`], which MANIFEST keeps as JSON too.
    attached: Option<&'a [u8]>,
    /// JSON of the [`Catalog`], as its own file has it.
    catalog: Option<&'a [u8]>,
}

#[derive(Serialize, Deserialize)]
struct ChangeV1<'a> {
    id: u32,
    old: Option<VersionV1>,
    #[serde(borrow)]
    new: Option<(VersionV1, Option<&'a [u8]>)>,
}

/// Commit, hash of the key, hash of the content.
#[derive(Serialize, Deserialize)]
struct VersionV1(u64, u64, u64);

impl From<Version> for VersionV1 {
    fn from(version: Version) -> VersionV1 {
        VersionV1(version.seq, version.key_hash, version.content_hash)
    }
}

impl From<VersionV1> for Version {
    fn from(VersionV1(seq, key_hash, content_hash): VersionV1) -> Version {
        Version { seq, key_hash, content_hash }
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
        let stored = EntryV1 {
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
        let damaged = |what| StoreError::RecordDamaged { what };
        let (&version, body) = payload.split_first().ok_or(damaged("a journal entry is empty"))?;
        if version != ENTRY_VERSION {
            return Err(StoreError::RecordVersion { found: version, known: ENTRY_VERSION });
        }
        let (stored, used): (EntryV1<'_>, usize) =
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

fn stored_change(change: &Change) -> ChangeV1<'_> {
    let new = change.new.as_ref().map(|new| (new.version.into(), new.frame.as_deref()));
    ChangeV1 { id: change.id.0, old: change.old.map(VersionV1::from), new }
}

fn live_change(stored: ChangeV1<'_>) -> Change {
    let new = stored
        .new
        .map(|(version, frame)| NewVersion { version: version.into(), frame: frame.map(<[u8]>::to_vec) });
    Change { id: ArticleId(stored.id), old: stored.old.map(Version::from), new }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::manifest::FileEntry;
    use uuid::Uuid;

    fn sample() -> Entry {
        let version = Version { seq: 3, key_hash: 4, content_hash: 5 };
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
