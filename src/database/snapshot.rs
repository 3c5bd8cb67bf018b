//! One commit of a database, as queries see it.

use crate::article::{ArticleId, Record, Seq};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::exec::View;

/// One commit of a database: whoever holds it sees this commit and no other.
#[derive(Clone)]
pub struct Snapshot {
    view: View,
    seq: Seq,
    generation: u64,
    next_id: u32,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("seq", &self.seq)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(super) fn new(view: View, seq: Seq, generation: u64, next_id: u32) -> Snapshot {
        Snapshot { view, seq, generation, next_id }
    }

    /// Returns what queries run on.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// Returns the number of the last commit that it holds.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// Returns how often MANIFEST was replaced before.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Returns the number that the next new article will have.
    pub fn next_id(&self) -> ArticleId {
        ArticleId(self.next_id)
    }

    /// Returns the declared fields, aliases and saved queries.
    pub fn catalog(&self) -> &Catalog {
        &self.view.catalog
    }

    /// Returns the number of articles.
    pub fn articles(&self) -> u64 {
        self.view.articles()
    }

    /// Returns an article.
    ///
    /// # Errors
    ///
    /// [`Error::Segment`](crate::Error::Segment) where its segment is damaged.
    pub fn get(&self, id: ArticleId) -> Result<Option<Record>> {
        for live in &self.view.segments {
            for ordinal in live.segment.identities()?.ordinals(id) {
                if !live.is_dead(ordinal) {
                    return Ok(Some(live.segment.record(ordinal)?));
                }
            }
        }
        Ok(None)
    }

    /// Returns the article of a key.
    ///
    /// # Errors
    ///
    /// [`Error::Segment`](crate::Error::Segment) where its segment is damaged.
    pub fn get_by_key(&self, key: &str) -> Result<Option<Record>> {
        for live in &self.view.segments {
            for ordinal in live.segment.ordinals_of_key(key)? {
                if !live.is_dead(ordinal) {
                    let record = live.segment.record(ordinal)?;
                    if record.article.key == key {
                        return Ok(Some(record));
                    }
                }
            }
        }
        Ok(None)
    }
}
