//! Changing single articles; each call is one commit.

use super::batch::{Accepted, Batch, Built, Verdict, derive, encode};
use super::open::{Database, Writer};
use super::options::OnDuplicate;
use super::progress::Outcome;
use super::stories::Stories;
use crate::article::{ArticleId, Draft};
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::exec;
use crate::extract::Extractor;
use crate::query::{Find, Order, Predicate, Projection, Request, With};
use crate::schema::{Builtin, Field};
use crate::store::entry::{Change, Entry, Version};

impl Database {
    /// Adds an article and returns its number.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] where its key is taken, [`Error::Unfit`] where it cannot be stored.
    pub fn insert(&self, draft: impl Into<Draft>) -> Result<ArticleId> {
        self.change(|writer| writer.insert(draft.into()))
    }

    /// Adds an article, or puts it in the place of the one with its key, whose number it keeps.
    ///
    /// The same article again changes nothing and makes no commit.
    ///
    /// # Errors
    ///
    /// [`Error::Unfit`] where it cannot be stored.
    pub fn replace(&self, draft: impl Into<Draft>) -> Result<(ArticleId, Outcome)> {
        self.change(|writer| writer.replace(draft.into()))
    }

    /// Deletes articles and returns how many there were; numbers that name none are passed over.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] or [`Error::Segment`].
    pub fn delete(&self, ids: &[ArticleId]) -> Result<u64> {
        self.change(|writer| writer.delete(ids))
    }

    /// Deletes the articles that satisfy a condition and returns how many there were.
    ///
    /// # Errors
    ///
    /// [`Error::Exec`] where the condition cannot be answered, [`Error::Store`] or [`Error::Segment`].
    pub fn delete_where(&self, predicate: &Predicate) -> Result<u64> {
        self.change(|writer| {
            let ids = writer.matching(predicate, &exec::RunOptions::default())?;
            writer.delete(&ids)
        })
    }

    /// Changes the catalog: aliases and saved queries. The same catalog again makes no commit.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub fn update_catalog(&self, change: impl FnOnce(&mut Catalog)) -> Result<()> {
        self.change(|writer| writer.change_catalog(change))
    }

    /// Seals what is in memory, so that the next reader has nothing to index.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] or [`Error::Segment`]; nothing acknowledged is lost.
    pub fn flush(&self) -> Result<()> {
        self.writer()?.seal()
    }

    /// Seals, and merges segments where there are many of one size or one is mostly dead. Others read and write
    /// meanwhile; work that writes all segments anew has it end early.
    ///
    /// # Errors
    ///
    /// [`Error::DiskFull`], [`Error::Store`] or [`Error::Segment`]; the segments then stay as they are.
    pub fn merge(&self) -> Result<()> {
        self.shared.merge()
    }
}

impl Writer {
    pub(super) fn insert(&mut self, draft: Draft) -> Result<ArticleId> {
        let mut keyed = draft.clone();
        keyed.fill_key();
        if let Some(stored) = self.current.load().get_by_key(&keyed.article.key)? {
            return Err(Error::Duplicate { key: keyed.article.key, id: stored.id });
        }
        self.replace(draft).map(|(id, _)| id)
    }

    /// Lists the articles that satisfy a condition.
    pub(super) fn matching(
        &self,
        predicate: &Predicate,
        options: &exec::RunOptions,
    ) -> Result<Vec<ArticleId>> {
        let request = Request::Find(Find {
            projection: Projection::Fields(vec![Field::from(Builtin::Id)]),
            predicate: predicate.clone(),
            order: Order::Newest,
            limit: None,
            offset: 0,
            after: None,
            identity: 0,
            with: With::default(),
            zone: crate::date::Offset::UTC,
        });
        let answer = exec::answer(&request, self.current.load().view(), options)?;
        Ok(answer.rows.iter().filter_map(|row| row.id).collect())
    }

    pub(super) fn replace(&mut self, draft: Draft) -> Result<(ArticleId, Outcome)> {
        self.check_running()?;
        let mut batch = Batch::new(self, OnDuplicate::Replace);
        match batch.judge(draft)? {
            Verdict::Leave(id, outcome) => Ok((id, outcome)),
            Verdict::Reject(rejection) => Err(rejection.reason.into()),
            Verdict::Later(_) => unreachable!("a batch of one article has no other of its key"),
            Verdict::Take(accepted, outcome) => {
                let id = accepted.id;
                self.put_accepted(&batch, *accepted)?;
                Ok((id, outcome))
            }
        }
    }

    fn put_accepted(&mut self, batch: &Batch, accepted: Accepted) -> Result<()> {
        let extractor = Extractor::new();
        let derived = derive(vec![accepted], batch.seq(), Some(&extractor), None);
        let derived = Stories::default().settle(derived, self.archive()?, None)?;
        let (built, rejected) = encode(derived, &self.state.codec, None)?;
        if let Some(rejection) = rejected.into_iter().next() {
            return Err(rejection.reason.into());
        }
        let changes = built.into_iter().map(Built::into_change).collect();
        self.commit(Entry { changes, attached: None, catalog: batch.catalog() })?;
        self.seal_if_due();
        Ok(())
    }

    pub(super) fn delete(&mut self, ids: &[ArticleId]) -> Result<u64> {
        self.check_running()?;
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let snapshot = self.current.load_full();
        let mut changes = Vec::new();
        for id in ids {
            if let Some(stored) = snapshot.get(id)? {
                changes.push(Change { id, old: Some(Version::of(&stored)), new: None });
            }
        }
        let count = changes.len() as u64;
        if count > 0 {
            self.commit(Entry::of_changes(changes))?;
            self.seal_if_due();
        }
        Ok(count)
    }
}
