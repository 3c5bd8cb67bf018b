//! Drafts on their way into one commit: which are new, which replace, which change nothing.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::open::Writer;
use super::options::{ARTICLES_MAX, OnDuplicate};
use super::progress::Outcome;
use super::snapshot::Snapshot;
use crate::article::{Article, ArticleId, Draft, Origin, Record, Seq};
use crate::catalog::Catalog;
use crate::date::{Date, Offset, Precision};
use crate::error::{Error, Result};
use crate::extract::{Extractor, gazetteer, given_alone};
use crate::import::{Fault, Rejection};
use crate::schema::Schema;
use crate::store::entry::{Change, NewVersion, Version};
use crate::store::{RecordCodec, StoreError};
use crate::text::Bands;

/// Takes the drafts of one commit in input order, and knows those that it took before.
pub(super) struct Batch {
    /// The database as the commit will find it.
    before: Arc<Snapshot>,
    seq: Seq,
    next_id: u32,
    /// The types of declared fields, with those that the drafts of this batch fixed.
    schema: Schema,
    catalog: Arc<Catalog>,
    /// The articles of this batch by key.
    taken: HashMap<String, Taken>,
    on_duplicate: OnDuplicate,
    added: Option<Date>,
}

struct Taken {
    id: ArticleId,
    /// Hash of the whole article, the time of import left out.
    fingerprint: u128,
}

/// What becomes of a draft.
pub(super) enum Verdict {
    /// It goes into the commit.
    Take(Box<Accepted>, Outcome),
    /// Nothing is to be done.
    Leave(ArticleId, Outcome),
    /// It replaces an article of this very batch, which can only happen in a later commit.
    Later(Box<Draft>),
    /// It cannot be used.
    Reject(Box<Rejection>),
}

/// An article that goes into the commit.
pub(super) struct Accepted {
    pub id: ArticleId,
    pub article: Article,
    /// The version that it replaces.
    pub old: Option<Version>,
    pub origin: Origin,
}

/// An article with what was extracted from it.
pub(super) struct Derived {
    pub record: Record,
    /// What it is looked up by among near-duplicates; `None` where nothing was extracted, or its text is too short.
    pub bands: Option<Bands>,
    /// Whether no other text was stored under its number.
    pub is_first: bool,
    pub old: Option<Version>,
    pub origin: Origin,
}

/// An article as it is stored.
pub(super) struct Built {
    pub change: Change,
    pub record: Record,
    pub frame: Vec<u8>,
}

impl Batch {
    /// Begins a commit on top of the last one.
    pub fn new(writer: &Writer, on_duplicate: OnDuplicate) -> Batch {
        let catalog = writer.state.catalog.clone();
        Batch {
            before: writer.current.load_full(),
            seq: writer.next_seq(),
            next_id: writer.state.next_id,
            schema: catalog.schema.clone(),
            catalog,
            taken: HashMap::new(),
            on_duplicate,
            added: now(),
        }
    }

    /// Returns the number that the commit will have.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// Returns the catalog from this commit on, where it changes.
    pub fn catalog(&self) -> Option<Catalog> {
        let schema = self.schema.clone();
        (schema != self.catalog.schema).then(|| Catalog { schema, ..Catalog::clone(&self.catalog) })
    }

    /// Decides what becomes of a draft.
    pub fn judge(&mut self, mut draft: Draft) -> Result<Verdict> {
        draft.fill_key();
        code_countries(&mut draft.article.given.countries);
        let key = draft.article.key.clone();
        let stored = match self.taken.get(&key) {
            Some(_) => None,
            None => self.before.get_by_key(&key)?,
        };
        if !self.taken.contains_key(&key) && stored.is_none() {
            return self.judge_new(draft);
        }
        if self.on_duplicate == OnDuplicate::Error {
            return Ok(Verdict::Reject(Box::new(Rejection::of_draft(&draft, Fault::Duplicate { key }))));
        }
        // A draft that is not taken fixes no types.
        let mut schema = self.schema.clone();
        let (origin, again) = (draft.origin.clone(), draft.clone());
        let article = match draft.settle(&mut schema) {
            Ok(article) => article,
            Err(error) => return Ok(Verdict::Reject(Box::new(error.into()))),
        };
        match stored {
            Some(stored) => Ok(self.judge_stored(article, origin, &stored, schema)),
            None => Ok(self.judge_taken(&article, again)),
        }
    }

    fn judge_new(&mut self, draft: Draft) -> Result<Verdict> {
        let origin = draft.origin.clone();
        let article = match draft.settle(&mut self.schema) {
            Ok(article) => article,
            Err(error) => return Ok(Verdict::Reject(Box::new(error.into()))),
        };
        if self.next_id == ARTICLES_MAX {
            return Err(Error::Full);
        }
        let id = ArticleId(self.next_id);
        self.next_id += 1;
        Ok(Verdict::Take(self.take(id, article, None, origin), Outcome::Added))
    }

    fn judge_stored(&mut self, article: Article, origin: Origin, stored: &Record, schema: Schema) -> Verdict {
        let same = Article { added: stored.article.added, ..article.clone() } == stored.article;
        if same {
            return Verdict::Leave(stored.id, Outcome::Unchanged);
        }
        if self.on_duplicate == OnDuplicate::Skip {
            return Verdict::Leave(stored.id, Outcome::Skipped);
        }
        self.schema = schema;
        let old = Version::of(stored);
        Verdict::Take(self.take(stored.id, article, Some(old), origin), Outcome::Replaced)
    }

    fn judge_taken(&self, article: &Article, draft: Draft) -> Verdict {
        let Some(taken) = self.taken.get(&article.key) else { return Verdict::Later(Box::new(draft)) };
        match self.on_duplicate {
            _ if taken.fingerprint == fingerprint(article) => Verdict::Leave(taken.id, Outcome::Unchanged),
            OnDuplicate::Replace => Verdict::Later(Box::new(draft)),
            _ => Verdict::Leave(taken.id, Outcome::Skipped),
        }
    }

    fn take(
        &mut self,
        id: ArticleId,
        article: Article,
        old: Option<Version>,
        origin: Origin,
    ) -> Box<Accepted> {
        let taken = Taken { id, fingerprint: fingerprint(&article) };
        self.taken.insert(article.key.clone(), taken);
        let article = Article { added: self.added, ..article };
        Box::new(Accepted { id, article, old, origin })
    }
}

impl Built {
    /// Returns the change that carries its record.
    pub fn into_change(self) -> Change {
        let Built { change, frame, .. } = self;
        let new = change.new.map(|new| NewVersion { frame: Some(frame), ..new });
        Change { new, ..change }
    }
}

/// Puts codes in place of the names of countries, so that one country is one value.
fn code_countries(countries: &mut Vec<String>) {
    let mut seen = std::collections::BTreeSet::new();
    for name in countries.iter_mut() {
        if let Some(country) = gazetteer::country_by_name(name) {
            *name = country.to_string();
        }
    }
    countries.retain(|name| seen.insert(name.clone()));
}

/// Extracts fields from articles, where there is an extractor.
pub(super) fn derive(
    accepted: Vec<Accepted>,
    seq: Seq,
    extractor: Option<&Extractor>,
    pool: Option<&rayon::ThreadPool>,
) -> Vec<Derived> {
    on_all(accepted, pool, |Accepted { id, article, old, origin }| {
        let extraction = match extractor {
            Some(extractor) => extractor.extract(&article),
            None => given_alone(&article),
        };
        let record = Record { id, seq, article, extraction, story: None };
        Derived::new(record, old, origin)
    })
}

impl Derived {
    /// Returns a new article, or one whose text took the place of another.
    pub fn new(record: Record, old: Option<Version>, origin: Origin) -> Derived {
        let is_extracted = record.extraction.version > 0;
        let bands = is_extracted.then(|| Bands::of(&record.article.body)).flatten();
        Derived { bands, is_first: old.is_none(), record, old, origin }
    }
}

/// Encodes articles; those that are too large come back as rejections.
pub(super) fn encode(
    derived: Vec<Derived>,
    codec: &RecordCodec,
    pool: Option<&rayon::ThreadPool>,
) -> Result<(Vec<Built>, Vec<Rejection>)> {
    let (mut good, mut bad) = (Vec::with_capacity(derived.len()), Vec::new());
    for one in on_all(derived, pool, |derived| encode_derived(derived, codec)) {
        match one? {
            Ok(built) => good.push(built),
            Err(rejection) => bad.push(*rejection),
        }
    }
    Ok((good, bad))
}

/// Encodes a record that takes the place of an older version; returns its change and the length of its frame.
pub(super) fn encode_one(derived: Derived, codec: &RecordCodec) -> Result<(Change, usize)> {
    let Derived { record, bands, old, .. } = derived;
    let frame = codec.encode(&record)?;
    let bytes = frame.len();
    let version = Version::with_bands(&record.article, record.seq, bands);
    let new = NewVersion { version, frame: Some(frame) };
    Ok((Change { id: record.id, old, new: Some(new) }, bytes))
}

fn encode_derived(derived: Derived, codec: &RecordCodec) -> Result<Result<Built, Box<Rejection>>> {
    let Derived { record, old, origin, bands, .. } = derived;
    let frame = match codec.encode(&record) {
        Ok(frame) => frame,
        Err(StoreError::RecordTooLarge { bytes }) => {
            let draft = Draft { origin, ..Draft::from(record.article) };
            let reason = Fault::Unfit(crate::article::Unfit::TooLarge { bytes });
            return Ok(Err(Box::new(Rejection::of_draft(&draft, reason))));
        }
        Err(error) => return Err(error.into()),
    };
    let version = Version::with_bands(&record.article, record.seq, bands);
    let new = NewVersion { version, frame: None };
    Ok(Ok(Built { change: Change { id: record.id, old, new: Some(new) }, record, frame }))
}

/// Maps items in order, on all threads of a pool where there is one.
///
/// The calling thread waits. It must be no thread of another pool: such a thread takes up other work meanwhile, which
/// may want the lock that the caller holds.
pub(super) fn on_all<T: Send, U: Send>(
    items: Vec<T>,
    pool: Option<&rayon::ThreadPool>,
    map: impl Fn(T) -> U + Send + Sync,
) -> Vec<U> {
    match pool {
        Some(pool) => pool.install(|| items.into_par_iter().map(map).collect()),
        None => items.into_iter().map(map).collect(),
    }
}

/// Returns a hash of everything that was given, for recognising the same article again within a batch.
fn fingerprint(article: &Article) -> u128 {
    let article = Article { added: None, ..article.clone() };
    let bytes = bincode::serde::encode_to_vec(&article, bincode::config::standard());
    xxhash_rust::xxh3::xxh3_128(&bytes.unwrap_or_default())
}

/// Returns the current time in whole seconds; `None` where the clock shows no year of four digits.
fn now() -> Option<Date> {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    Date::instant(i64::try_from(seconds).ok()?, Offset::UTC, Precision::Second).ok()
}
