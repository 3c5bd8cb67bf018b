//! The protocol of a commit.
//!
//! 1. *Plan* what the commit comes to; whatever can be wrong with it comes out here.
//! 2. *Journal* it: append and sync. This is the moment of durability; after it the commit cannot fail.
//! 3. *Publish* a new snapshot.
//! 4. *Apply* it to the record store. A failure here stops further writes and loses nothing: the next one to open the
//!    database brings the store up to date from the journal.

use std::sync::Arc;

use super::open::Writer;
use super::state::{State, catalog_bytes};
use crate::article::Seq;
use crate::error::{Error, Result};
use crate::store::StoreError;
use crate::store::entry::{Change, Entry};
use crate::store::key::Copied;
use crate::store::manifest;
use crate::store::records::Meta;
use crate::text::BANDS_VERSION;

impl Writer {
    /// Fails where writing has stopped.
    pub fn check_running(&self) -> Result<()> {
        match &self.stopped {
            Some(reason) => Err(Error::Stopped { reason: reason.clone() }),
            None => Ok(()),
        }
    }

    /// Returns the number that the next commit will have.
    pub fn next_seq(&self) -> Seq {
        self.state.seq + 1
    }

    /// Commits; when this returns, the commit is durable and visible.
    pub fn commit(&mut self, entry: Entry) -> Result<()> {
        self.check_running()?;
        let commits = [(self.next_seq(), entry)];
        let plan = self.state.plan(&commits)?;
        let [(seq, entry)] = &commits;
        self.journal.append(*seq, &entry.encode())?;
        self.state.install(plan);
        self.publish();
        self.apply(*seq, entry);
        Ok(())
    }

    /// Lets readers of this process see the state.
    pub fn publish(&self) {
        self.current.store(Arc::new(self.state.snapshot()));
    }

    fn apply(&mut self, seq: Seq, entry: &Entry) {
        let meta = Meta { applied_seq: seq, articles: self.state.articles, bands: BANDS_VERSION };
        let applied = self.records().and_then(|records| {
            if let Some(catalog) = &entry.catalog {
                records.put_copy(Copied::Catalog, &catalog_bytes(catalog))?;
            }
            records.apply(meta, &entry.changes, &mut |change| self.state.frame_of(change))
        });
        if let Err(error) = applied {
            self.stop(&error);
        }
    }

    /// Ends writing after a failure of the record store.
    pub fn stop(&mut self, error: &Error) {
        tracing::error!(%error, "the record store failed; there are no more writes until the database is opened again");
        self.stopped = Some(error.to_string());
    }
}

impl State {
    /// Returns the record of a change that does not carry it: it stands in an attached segment.
    pub fn frame_of(&self, change: &Change) -> Result<Vec<u8>> {
        let seq = change.new.as_ref().map_or(0, |new| new.version.seq);
        // Attached segments stand at the end.
        for piece in self.sealed.iter().rev() {
            if let Some(ordinal) = piece.version(change.id, seq)? {
                return Ok(piece.segment.encoded(ordinal)?);
            }
        }
        let path = manifest::segments_path(&self.folder);
        Err(StoreError::damaged(
            &path,
            None,
            format!("article {} of commit {seq} is in no segment", change.id),
        )
        .into())
    }
}
