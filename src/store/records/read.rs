//! Reading rows, each verified.

use super::guard::guarded;
use super::open::{Meta, Records};
use crate::article::{ArticleId, Seq};
use crate::store::StoreError;
use crate::store::key::{self, CHUNK_BYTES_MAX, Copied, Key, Kind};

impl Records {
    /// Returns what the store knows about itself.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn meta(&self) -> Result<Meta, StoreError> {
        let Some(payload) = self.get(Key::Meta)? else { return Ok(Meta::default()) };
        let (seq, articles) = payload.split_first_chunk::<8>().ok_or_else(|| self.damaged("its meta row"))?;
        let (articles, bands) =
            articles.split_first_chunk::<8>().ok_or_else(|| self.damaged("its meta row"))?;
        let bands = match bands {
            [] => 0,
            bands => u32::from_le_bytes(bands.try_into().map_err(|_| self.damaged("its meta row"))?),
        };
        Ok(Meta { applied_seq: u64::from_le_bytes(*seq), articles: u64::from_le_bytes(*articles), bands })
    }

    /// Returns the stored bytes of a dictionary.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn dictionary(&self, id: u32) -> Result<Option<Vec<u8>>, StoreError> {
        self.joined(|chunk| Key::Dictionary(id, chunk))
    }

    /// Lists the numbers of the dictionaries stored, rising.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn dictionary_ids(&self) -> Result<Vec<u32>, StoreError> {
        let mut ids = Vec::new();
        for row in self.scan(&Kind::Dictionary.prefix()) {
            if let (Key::Dictionary(id, 0), _) = row? {
                ids.push(id);
            }
        }
        Ok(ids)
    }

    /// Returns the copy of a file.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn copy(&self, file: Copied) -> Result<Option<Vec<u8>>, StoreError> {
        self.joined(|chunk| Key::Copy(file, chunk))
    }

    /// Returns the commit that wrote an article's living version.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn head(&self, id: ArticleId) -> Result<Option<Seq>, StoreError> {
        let Some(payload) = self.get(Key::Head(id))? else { return Ok(None) };
        self.seq(&payload).map(Some)
    }

    /// Returns the frame of one version of an article.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn frame(&self, id: ArticleId, seq: Seq) -> Result<Option<Vec<u8>>, StoreError> {
        self.joined(|chunk| Key::Record(id, seq, chunk))
    }

    /// Returns the articles whose keys have this hash.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn ids_of_key(&self, key_hash: u64) -> Result<Vec<ArticleId>, StoreError> {
        let payload = self.get(Key::ByKey(key_hash))?.unwrap_or_default();
        let (ids, rest) = payload.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(self.damaged("a row of the index of keys"));
        }
        Ok(ids.iter().map(|id| ArticleId(u32::from_le_bytes(*id))).collect())
    }

    /// Returns the articles whose title and body have this hash.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn ids_of_content(&self, content_hash: u64) -> Result<Vec<ArticleId>, StoreError> {
        let rows = self.scan(&Key::by_hash_prefix(content_hash));
        rows.map(|row| match row? {
            (Key::ByHash(_, id), _) => Ok(id),
            _ => Err(self.damaged("a row of the index of contents")),
        })
        .collect()
    }

    /// Returns at most `limit` articles whose text has this band at this place, by id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn ids_of_band(&self, place: u8, band: u32, limit: usize) -> Result<Vec<ArticleId>, StoreError> {
        let rows = self.scan(&Key::by_band_prefix(place, band)).take(limit);
        rows.map(|row| match row? {
            (Key::ByBand(_, _, id), _) => Ok(id),
            _ => Err(self.damaged("a row of the index of near-duplicates")),
        })
        .collect()
    }

    /// Tells whether an article is listed under this band at this place.
    ///
    /// # Errors
    ///
    /// [`StoreError::Records`] or [`StoreError::Damaged`].
    pub fn has_band(&self, place: u8, band: u32, id: ArticleId) -> Result<bool, StoreError> {
        Ok(self.get(Key::ByBand(place, band, id))?.is_some())
    }

    /// Returns the living articles with the commits that wrote them, by id.
    pub fn heads(&self) -> impl Iterator<Item = Result<(ArticleId, Seq), StoreError>> + '_ {
        self.scan(&Kind::Head.prefix()).map(|row| match row? {
            (Key::Head(id), payload) => Ok((id, self.seq(&payload)?)),
            _ => Err(self.damaged("a head row")),
        })
    }

    /// Returns every row, verified; for `check`.
    pub fn rows(&self) -> impl Iterator<Item = Result<(Key, Vec<u8>), StoreError>> + '_ {
        self.scan(&[])
    }

    fn get(&self, key: Key) -> Result<Option<Vec<u8>>, StoreError> {
        let bytes = key.encode();
        let value = guarded("read", || self.db.get(&bytes))?;
        value.map(|value| self.unframed(&bytes, &value)).transpose()
    }

    /// Returns the payloads of a chunked value as one; the last chunk is the first that is not full.
    fn joined(&self, key_of: impl Fn(u16) -> Key) -> Result<Option<Vec<u8>>, StoreError> {
        let mut joined = Vec::new();
        for chunk in 0..=u16::MAX {
            match self.get(key_of(chunk))? {
                None if chunk == 0 => return Ok(None),
                None => return Err(self.damaged("a record, whose end is missing")),
                Some(payload) => {
                    joined.extend_from_slice(&payload);
                    if payload.len() < CHUNK_BYTES_MAX {
                        return Ok(Some(joined));
                    }
                }
            }
        }
        Err(self.damaged("a record, which has no end"))
    }

    pub(super) fn scan<'r>(
        &'r self,
        prefix: &[u8],
    ) -> impl Iterator<Item = Result<(Key, Vec<u8>), StoreError>> + use<'r> {
        let mut rows = self.db.scan_prefix(prefix);
        std::iter::from_fn(move || {
            let row = guarded("read", || rows.next().transpose()).transpose()?;
            Some(row.and_then(|(key, value)| {
                let payload = self.unframed(&key, &value)?;
                let key = Key::decode(&key).ok_or_else(|| self.damaged("a key"))?;
                Ok((key, payload))
            }))
        })
    }

    fn unframed(&self, key: &[u8], value: &[u8]) -> Result<Vec<u8>, StoreError> {
        key::unframe(key, value)
            .map(<[u8]>::to_vec)
            .map_err(|what| StoreError::damaged(&self.path, None, what))
    }

    fn seq(&self, payload: &[u8]) -> Result<Seq, StoreError> {
        payload.try_into().map(u64::from_le_bytes).map_err(|_| self.damaged("a head row"))
    }

    fn damaged(&self, place: &str) -> StoreError {
        StoreError::damaged(&self.path, None, format!("{place} does not read"))
    }
}
