//! A statement parsed once, to be run with values for its parameters.

use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use super::snapshot::Snapshot;
use crate::date::Offset;
use crate::error::Result;
use crate::exec::{self, Answer, RowSink, RunOptions, Summary};
use crate::query::ast::At;
use crate::query::{Binding, Bindings, Parameter, Request, Resolved, Session, Statement, resolve};
use crate::text::Span;

/// A statement on one snapshot, with the values of its parameters.
///
/// Names, dates and values are resolved when it is first run, and once: running it again only executes it.
///
/// # Examples
///
/// ```no_run
/// use dateline::database::Reader;
///
/// let reader = Reader::open("news.dateline")?;
/// let query = reader.prepare("count where mentions :who and date in :year")?;
/// let answer = query.bind("who", "Idlib").bind("year", dateline::date::Date::year(2018).unwrap()).run()?;
/// # Ok::<(), dateline::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Prepared {
    snapshot: Arc<Snapshot>,
    statement: At<Statement>,
    session: Session,
    bindings: Bindings,
    options: RunOptions,
    /// What all of the above but `options` comes to, once it was asked for.
    resolved: OnceLock<Arc<Resolved>>,
}

impl Prepared {
    /// Parses one statement; a session without a clock gets the present time.
    pub(super) fn new(snapshot: Arc<Snapshot>, text: &str, session: Session) -> Result<Prepared> {
        let node = Statement::parse(text)?;
        Ok(Prepared::of(snapshot, At { node, span: Span::new(0, text.len()) }, session))
    }

    /// Takes a statement whose places are those of its text.
    pub(super) fn of(snapshot: Arc<Snapshot>, statement: At<Statement>, session: Session) -> Prepared {
        let session = Session { now: now(), ..session };
        let (bindings, options) = (Bindings::default(), RunOptions::default());
        Prepared { snapshot, statement, session, bindings, options, resolved: OnceLock::new() }
    }

    /// Returns the statement with a parameter's value.
    #[must_use]
    pub fn bind(mut self, name: impl Into<Parameter>, value: impl Into<Binding>) -> Prepared {
        self.bindings.set(name, value);
        self.unresolved()
    }

    /// Returns the statement with these values over those it has.
    #[must_use]
    pub fn bind_all(self, bindings: Bindings) -> Prepared {
        Prepared { bindings: self.bindings.overlaid(bindings), ..self.unresolved() }
    }

    /// Returns the statement under another session: its clock, zone and rights.
    #[must_use]
    pub fn session(self, session: Session) -> Prepared {
        Prepared { session, ..self.unresolved() }
    }

    /// Returns the statement under other bounds of time and memory.
    #[must_use]
    pub fn options(self, options: RunOptions) -> Prepared {
        Prepared { options, ..self }
    }

    /// Returns the statement on another snapshot.
    #[must_use]
    pub(super) fn on(self, snapshot: Arc<Snapshot>) -> Prepared {
        Prepared { snapshot, ..self.unresolved() }
    }

    /// Returns the statement as if it had never been run.
    fn unresolved(mut self) -> Prepared {
        self.resolved.take();
        self
    }

    pub(super) fn run_options(&self) -> &RunOptions {
        &self.options
    }

    pub(super) fn zone(&self) -> Offset {
        self.session.zone
    }

    /// Answers a part of the statement.
    pub(super) fn run_request_into(&self, request: &Request, sink: &mut dyn RowSink) -> Result<Summary> {
        Ok(exec::run(request, self.snapshot.view(), &self.options, sink)?)
    }

    /// Returns the statement as parsed.
    pub fn statement(&self) -> &Statement {
        &self.statement.node
    }

    /// Returns the statement typed, with absolute dates and the values of its parameters.
    ///
    /// # Errors
    ///
    /// [`Error::Query`](crate::Error::Query) with all mistakes at once.
    pub fn resolve(&self) -> Result<Resolved> {
        Ok(self.resolved()?.as_ref().clone())
    }

    fn resolved(&self) -> Result<&Arc<Resolved>> {
        if let Some(resolved) = self.resolved.get() {
            return Ok(resolved);
        }
        let resolved = resolve(&self.statement, self.snapshot.catalog(), &self.session, &self.bindings)?;
        Ok(self.resolved.get_or_init(|| Arc::new(resolved)))
    }

    /// Answers the statement.
    ///
    /// # Errors
    ///
    /// [`Error::Query`](crate::Error::Query) and [`Error::Exec`](crate::Error::Exec).
    pub fn run(&self) -> Result<Answer> {
        let resolved = self.resolved()?;
        self.answer(&resolved.request, resolved)
    }

    /// Answers the statement row by row, in the memory of one row where its order allows.
    ///
    /// # Errors
    ///
    /// Those of [`Prepared::run`]; rows handed over before stay valid.
    pub fn run_into(&self, sink: &mut dyn RowSink) -> Result<Summary> {
        let resolved = self.resolved()?;
        let mut summary = exec::run(&resolved.request, self.snapshot.view(), &self.options, sink)?;
        summary.warnings.splice(0..0, resolved.warnings.iter().cloned());
        Ok(summary)
    }

    /// Answers how the statement would be answered.
    ///
    /// # Errors
    ///
    /// Those of [`Prepared::run`].
    pub fn explain(&self) -> Result<Answer> {
        let resolved = self.resolved()?;
        let request = match resolved.request.clone() {
            request @ Request::Explain { .. } => request,
            request => {
                let statement = self.statement().to_string();
                Request::Explain { analyze: false, statement, request: Box::new(request) }
            }
        };
        self.answer(&request, resolved)
    }

    pub(super) fn answer(&self, request: &Request, resolved: &Resolved) -> Result<Answer> {
        let mut answer = exec::answer(request, self.snapshot.view(), &self.options)?;
        answer.warnings.splice(0..0, resolved.warnings.iter().cloned());
        answer.bounds.clone_from(&resolved.bounds);
        Ok(answer)
    }
}

/// Returns the present time, in seconds since 1970-01-01T00:00:00Z.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
