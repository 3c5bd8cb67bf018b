//! From the faithful tree to the typed request: names to fields, values to types, dates to absolute spans.
//!
//! Parsing knows the grammar alone; everything that needs the archive's schema, its saved names, the clock or the
//! values of parameters happens here. A statement's mistakes are all collected, so that one run shows them all: each
//! method returns `None` once it has reported what is wrong, and its caller goes on with the next part.

mod clauses;
mod condition;
mod dates;
mod entities;
mod messages;
mod names;
mod normal;
mod parameters;
mod pattern;
mod saved;
mod statement;
mod summary;
mod terms;
mod values;
mod writes;

pub use clauses::{SNIPPET_WORDS_DEFAULT, SNIPPET_WORDS_MAX};
pub use pattern::PATTERN_BYTES_MAX;
pub use statement::TOP_DEFAULT;
pub use terms::{DISTANCE_DEFAULT, EDITS_MAX};

use std::collections::BTreeSet;

use super::ast::{At, Parameter, Statement};
use super::{Bindings, Clock, Code, DateBound, QueryError, Request, Warning};
use crate::catalog::Catalog;
use crate::date::Offset;
use crate::text::Span;

/// Deepest nesting of saved filters inside saved filters.
pub const SAVED_DEPTH_MAX: usize = 16;

/// Most mistakes that are told of one statement: a list may hold ten thousand wrong values.
const MISTAKES_MAX: usize = 100;

/// What a statement may rely on beside its own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Session {
    /// Now, in seconds since 1970-01-01T00:00:00Z; one moment for a whole script.
    pub now: i64,
    /// The zone that civil dates are compared with instants in.
    pub zone: Offset,
    /// Whether statements may change the archive.
    pub write: bool,
    /// Whether statements may write files.
    pub files: bool,
    /// Whether a warning is an error.
    pub strict: bool,
}

impl Session {
    /// Returns the clock that makes this session's dates absolute.
    pub fn clock(&self) -> Clock {
        Clock { now: self.now, zone: self.zone }
    }
}

/// A statement ready to be planned, with what its reader should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// What to answer.
    pub request: Request,
    /// What looks unintended; the answer never depends on it.
    pub warnings: Vec<Warning>,
    /// The absolute dates that the condition came to, one entry a date field.
    pub bounds: Vec<DateBound>,
}

/// Resolves one statement against the names of an archive.
///
/// # Errors
///
/// Every mistake of the statement: unknown names (`E10x`), values that do not fit (`E2xx`), parameters without a value
/// (`E206`), missing capabilities (`E40x`).
pub fn resolve(
    statement: &At<Statement>,
    catalog: &Catalog,
    session: &Session,
    bindings: &Bindings,
) -> Result<Resolved, Vec<QueryError>> {
    let mut resolver = Resolver::new(catalog, session, bindings);
    let request = resolver.statement(statement);
    resolver.refuse_unused_bindings(statement.span);
    resolver.finish(request)
}

/// Resolves the parts of one statement and remembers what went wrong.
struct Resolver<'a> {
    catalog: &'a Catalog,
    session: &'a Session,
    bindings: &'a Bindings,
    /// Parameters met, with the place of the first one: later ones must be of its style.
    first_parameter: Option<(Parameter, Span)>,
    used: BTreeSet<Parameter>,
    /// Definitions are checked before their parameters have values.
    is_definition: bool,
    /// Saved filters being expanded, outermost first, with the place that named the outermost.
    expanding: Vec<String>,
    /// Where messages point while a saved text is resolved: its own places mean nothing in this statement.
    stands_at: Option<Span>,
    errors: Vec<QueryError>,
    warnings: Vec<Warning>,
}

impl<'a> Resolver<'a> {
    fn new(catalog: &'a Catalog, session: &'a Session, bindings: &'a Bindings) -> Resolver<'a> {
        Resolver {
            catalog,
            session,
            bindings,
            first_parameter: None,
            used: BTreeSet::new(),
            is_definition: false,
            expanding: Vec::new(),
            stands_at: None,
            errors: Vec::new(),
            warnings: Vec::new(),
        }
    }

    fn finish(self, request: Option<Request>) -> Result<Resolved, Vec<QueryError>> {
        match request {
            Some(request) if self.errors.is_empty() => {
                let bounds = summary::bounds_of(&request, self.session.clock());
                Ok(Resolved { request, warnings: self.warnings, bounds })
            }
            _ => Err(self.sorted_errors()),
        }
    }

    /// Returns the mistakes by place; one that only follows from another is left out.
    fn sorted_errors(mut self) -> Vec<QueryError> {
        let is_mixed = self.errors.iter().any(|error| error.code == Code::MixedParameters);
        self.errors.retain(|error| !(is_mixed && error.code == Code::Unbound));
        self.errors.sort_by_key(|error| error.span.start);
        self.errors
    }

    /// Reports a mistake. Returns `None`, so that `return self.fault(...)` ends a method.
    fn fault<T>(&mut self, error: QueryError) -> Option<T> {
        let error = match self.stands_at {
            Some(span) => QueryError { span, ..error },
            None => error,
        };
        if self.errors.len() < MISTAKES_MAX && !self.errors.contains(&error) {
            self.errors.push(error);
        }
        None
    }

    /// Warns; in a strict session that is a mistake.
    fn warn(&mut self, code: &'static str, message: String, span: Span) {
        if self.session.strict {
            let _: Option<()> = self.fault(messages::strict(code, message, span));
            return;
        }
        let warning = Warning { code, message };
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}
