//! Reindexing: every segment is made anew from the records.
//!
//! The new segments are written beside the old ones, verified, and named by one replacement of MANIFEST; readers go on
//! with the old ones until they refresh. A crash before that leaves files that the next writer removes.

use super::rewrite::Rewrite;
use super::work::Work;
use crate::database::open::{Database, Writer};
use crate::database::progress::Steps;
use crate::error::Result;
use crate::exec::CancelToken;

impl Database {
    /// Makes every segment anew from the record store, as this version of the program indexes it.
    ///
    /// Open a database of another version with [`Options::accept_outdated`](super::super::Options). Returns the number
    /// of articles.
    ///
    /// # Errors
    ///
    /// [`Error::DiskFull`](crate::Error::DiskFull) before anything is written; [`Error::Store`](crate::Error::Store)
    /// where a record is damaged: `repair` comes first then. The segments stay as they are.
    pub fn reindex(&self, cancel: &CancelToken, progress: &mut dyn FnMut(&Steps)) -> Result<u64> {
        let alone = self.shared.without_merges();
        let done = self.writer()?.reindex(&mut Work::new(cancel, progress));
        drop(alone);
        self.merge_if_due();
        done
    }
}

impl Writer {
    fn reindex(&mut self, work: &mut Work<'_>) -> Result<u64> {
        self.seal()?;
        self.check_room("reindexing", self.sealed_bytes())?;
        let rewritten = self.write_again(work);
        let pieces = self.tidied(rewritten)?;
        self.replace_manifest(pieces)?;
        Ok(self.state.articles)
    }

    fn write_again(&self, work: &mut Work<'_>) -> Result<Vec<crate::database::piece::Piece>> {
        work.begin("indexing", self.state.articles, "articles")?;
        let mut rewrite = Rewrite::new(self, None);
        self.for_each_record(work, |record, frame| rewrite.add(&record, &frame))?;
        let pieces = rewrite.finish()?;
        self.verify_new(&pieces, work)?;
        Ok(pieces)
    }

    /// Removes what failed or cancelled work left.
    pub(super) fn tidied<T>(&self, done: Result<T>) -> Result<T> {
        if done.is_err() {
            // The next writer would remove it too.
            if let Err(error) = self.sweep() {
                tracing::warn!(%error, "files of unfinished work stay until the next seal");
            }
        }
        done
    }
}
