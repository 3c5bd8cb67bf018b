//! The changes of a commit, as rows in an order that makes applying it again harmless.

use std::collections::BTreeMap;

use super::batch::{Batch, chunks};
use super::open::{Meta, Records};
use crate::article::ArticleId;
use crate::store::entry::{Change, Version};
use crate::store::key::{Copied, Key};
use crate::store::{Dictionary, StoreError};
use crate::text::Bands;

impl Records {
    /// Applies the changes of a commit; `frame_of` returns the record of a change that does not carry it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`], or what `frame_of` fails with.
    pub fn apply<E: From<StoreError>>(
        &self,
        meta: Meta,
        changes: &[Change],
        frame_of: &mut dyn FnMut(&Change) -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        let mut batch = Batch::new(self);
        self.add_records(&mut batch, changes, frame_of)?;
        self.move_keys(&mut batch, changes)?;
        self.move_hashes(&mut batch, changes)?;
        self.move_bands(&mut batch, changes)?;
        self.move_heads(&mut batch, changes)?;
        self.remove_ended(&mut batch, changes)?;
        let mut payload = meta.applied_seq.to_le_bytes().to_vec();
        payload.extend(meta.articles.to_le_bytes());
        payload.extend(meta.bands.to_le_bytes());
        batch.insert(Key::Meta, &payload)?;
        batch.write()?;
        Ok(())
    }

    /// Stores the compression dictionary.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`].
    pub fn add_dictionary(&self, dictionary: &Dictionary) -> Result<(), StoreError> {
        let mut batch = Batch::new(self);
        for (chunk, bytes) in chunks(dictionary.bytes()) {
            batch.insert(Key::Dictionary(dictionary.id(), chunk), bytes)?;
        }
        batch.write()
    }

    /// Stores the copy of a file in place of the one before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn put_copy(&self, file: Copied, bytes: &[u8]) -> Result<(), StoreError> {
        let mut batch = Batch::new(self);
        let mut end = 0;
        for (chunk, bytes) in chunks(bytes) {
            batch.insert(Key::Copy(file, chunk), bytes)?;
            end = chunk;
        }
        for row in self.scan(&Key::copy_prefix(file)) {
            match row? {
                (key @ Key::Copy(_, chunk), _) if chunk > end => batch.remove(key)?,
                _ => {}
            }
        }
        batch.write()
    }

    fn add_records<E: From<StoreError>>(
        &self,
        batch: &mut Batch<'_>,
        changes: &[Change],
        frame_of: &mut dyn FnMut(&Change) -> Result<Vec<u8>, E>,
    ) -> Result<(), E> {
        for change in changes {
            let Some(new) = &change.new else { continue };
            let read;
            let frame = match &new.frame {
                Some(frame) => frame,
                None => {
                    read = frame_of(change)?;
                    &read
                }
            };
            for (chunk, bytes) in chunks(frame) {
                batch.insert(Key::Record(change.id, new.version.seq, chunk), bytes)?;
            }
        }
        Ok(())
    }

    /// Brings the index of keys up to date, in the order of the hashes: random order costs sled five times the space.
    fn move_keys(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        let mut rows: BTreeMap<u64, Vec<(ArticleId, bool)>> = BTreeMap::new();
        for (id, version, is_new) in versions(changes) {
            rows.entry(version.key_hash).or_default().push((id, is_new));
        }
        for (hash, moves) in rows {
            let mut ids = self.ids_of_key(hash)?;
            for (id, is_new) in moves {
                ids.retain(|&other| other != id);
                ids.extend(is_new.then_some(id));
            }
            ids.sort_unstable();
            let payload: Vec<u8> = ids.iter().flat_map(|id| id.0.to_le_bytes()).collect();
            if ids.is_empty() {
                batch.remove(Key::ByKey(hash))?
            } else {
                batch.insert(Key::ByKey(hash), &payload)?
            }
        }
        Ok(())
    }

    fn move_hashes(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        let mut rows = BTreeMap::new();
        for (id, version, is_new) in versions(changes) {
            rows.insert((version.content_hash, id), is_new);
        }
        for ((hash, id), is_new) in rows {
            let key = Key::ByHash(hash, id);
            if is_new { batch.insert(key, &[])? } else { batch.remove(key)? }
        }
        Ok(())
    }

    /// Brings the index of near-duplicates up to date, in the order of its keys too.
    fn move_bands(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        let mut rows = BTreeMap::new();
        for (id, version, is_new) in versions(changes) {
            for (place, band) in version.bands.iter().flat_map(Bands::places) {
                rows.insert((place, band, id), is_new);
            }
        }
        for ((place, band, id), is_new) in rows {
            let key = Key::ByBand(place, band, id);
            if is_new { batch.insert(key, &[])? } else { batch.remove(key)? }
        }
        Ok(())
    }

    fn move_heads(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            match &change.new {
                Some(new) => batch.insert(Key::Head(change.id), &new.version.seq.to_le_bytes())?,
                None => batch.remove(Key::Head(change.id))?,
            }
        }
        Ok(())
    }

    fn remove_ended(&self, batch: &mut Batch<'_>, changes: &[Change]) -> Result<(), StoreError> {
        for change in changes {
            let Some(old) = &change.old else { continue };
            for row in self.scan(&Key::record_prefix(change.id, old.seq)) {
                batch.remove(row?.0)?;
            }
        }
        Ok(())
    }
}

/// Returns the ended and the new version of each change, the ended ones first.
fn versions(changes: &[Change]) -> impl Iterator<Item = (ArticleId, Version, bool)> + '_ {
    let ended = changes.iter().filter_map(|change| Some((change.id, change.old?, false)));
    let new = changes.iter().filter_map(|change| Some((change.id, change.new.as_ref()?.version, true)));
    ended.chain(new)
}
