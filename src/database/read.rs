//! Reading a database, in the process that writes it or in any other.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;

use super::follow::Follower;
use super::prepared::Prepared;
use super::snapshot::Snapshot;
use super::stats::Stats;
use super::typed::Runnable;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::exec::Answer;
use crate::query::{Session, Statement};

/// A reader of one database; it sees one commit until it is refreshed.
///
/// Any number of readers, in any number of processes, work beside one writer and never wait for it. A reader never
/// opens the record store.
///
/// # Examples
///
/// ```no_run
/// use dateline::database::Reader;
///
/// let reader = Reader::open("news.dateline")?;
/// let answer = reader.query(r#"find where mentions "Idlib" and date > 2018-09-01"#)?;
/// for row in &answer.rows {
///     println!("{:?}", row.cells);
/// }
/// # Ok::<(), dateline::Error>(())
/// ```
pub struct Reader {
    folder: PathBuf,
    source: Source,
    current: ArcSwap<Snapshot>,
}

enum Source {
    /// A writer of this process, which publishes its commits.
    Writer(Arc<ArcSwap<Snapshot>>),
    /// The files, which another process may be writing.
    Files(Box<Mutex<Follower>>),
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader")
            .field("folder", &self.folder)
            .field("snapshot", &self.snapshot())
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Opens a database for reading.
    ///
    /// # Errors
    ///
    /// [`Error::NotADatabase`], [`Error::Store`] or [`Error::Segment`]; [`Error::Outdated`] where another version of
    /// this program indexed it.
    pub fn open(path: impl AsRef<Path>) -> Result<Reader> {
        let folder = path.as_ref().to_owned();
        let follower = Follower::open(&folder)?;
        follower.state.check_versions()?;
        let current = ArcSwap::from_pointee(follower.state.snapshot());
        Ok(Reader { folder, source: Source::Files(Box::new(Mutex::new(follower))), current })
    }

    pub(super) fn beside(folder: PathBuf, published: Arc<ArcSwap<Snapshot>>) -> Reader {
        let current = ArcSwap::new(published.load_full());
        Reader { folder, source: Source::Writer(published), current }
    }

    /// Moves on to the last commit and tells whether there was a newer one. Snapshots taken before stay as they are.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] or [`Error::Segment`]; the reader then stays where it was.
    pub fn refresh(&self) -> Result<bool> {
        match &self.source {
            Source::Writer(published) => {
                let newest = published.load_full();
                let is_new = newest.seq() != self.current.load().seq();
                self.current.store(newest);
                Ok(is_new)
            }
            Source::Files(follower) => {
                let panicked = |_| Error::Stopped { reason: "an earlier refresh panicked".to_owned() };
                let mut follower = follower.lock().map_err(panicked)?;
                let is_new = follower.refresh()?;
                follower.state.check_versions()?;
                if is_new {
                    self.current.store(Arc::new(follower.state.snapshot()));
                }
                Ok(is_new)
            }
        }
    }

    /// Returns the folder of the database.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// Returns the commit that the reader sees.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Returns the declared fields, aliases and saved queries.
    pub fn catalog(&self) -> Arc<Catalog> {
        self.current.load().view().catalog.clone()
    }

    /// Parses one statement, to bind its parameters and run it. Dates such as `yesterday` count from now, in UTC.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where the text is no statement.
    pub fn prepare(&self, text: &str) -> Result<Prepared> {
        Prepared::new(self.snapshot(), text, Session::default())
    }

    /// Takes a statement that was built in code, to bind its parameters and run it.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where it has no text; places are those of `statement.to_string()`.
    pub fn prepare_built(&self, statement: impl Into<Statement>) -> Result<Prepared> {
        let statement = statement.into().check()?;
        Ok(Prepared::of(self.snapshot(), statement, Session::default()))
    }

    /// Answers a query that was built in code; each kind of query has its own type of answer.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where it is wrong, [`Error::Exec`] where it cannot be answered.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use dateline::database::Reader;
    /// use dateline::query::{self as q, Unit};
    ///
    /// let reader = Reader::open("news.dateline")?;
    /// let query = q::find().filter(q::mentions("Idlib")).limit(20);
    /// let page = reader.run(&query)?;
    /// if let Some(cursor) = page.cursor() {
    ///     let next = reader.run(&query.clone().after(cursor))?;
    /// }
    /// for ranked in reader.run(&q::top("person", 10).filter(q::saved("syria")))?.iter() {
    ///     println!("{:?}: {} articles", ranked.value, ranked.articles);
    /// }
    /// # Ok::<(), dateline::Error>(())
    /// ```
    pub fn run<Q: Runnable>(&self, query: &Q) -> Result<Q::Output> {
        Ok(Q::output(self.prepare_built(query.statement())?.run()?))
    }

    /// Answers one statement.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where it is wrong, [`Error::Exec`] where it cannot be answered.
    pub fn query(&self, text: &str) -> Result<Answer> {
        self.prepare(text)?.run()
    }

    /// Answers how a statement would be answered.
    ///
    /// # Errors
    ///
    /// Those of [`Reader::query`].
    pub fn explain(&self, text: &str) -> Result<Answer> {
        self.prepare(text)?.explain()
    }

    /// Returns figures about the database as the reader sees it.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] or [`Error::Segment`].
    pub fn stats(&self) -> Result<Stats> {
        Stats::of(&self.folder, &self.snapshot())
    }
}
