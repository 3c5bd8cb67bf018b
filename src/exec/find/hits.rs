//! What every walk through the archive yields.

use crate::exec::ExecError;
use crate::exec::docset::Ordinal;
use crate::exec::order::SortKey;

/// An article that was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hit {
    /// The segment's place in the context.
    pub segment: usize,
    /// The article's place in the segment.
    pub ordinal: Ordinal,
    /// What it was sorted by, beside its date and number.
    pub keys: Vec<SortKey>,
}

/// Articles in the order asked for.
pub(crate) trait Hits {
    /// Returns the next article.
    fn next(&mut self) -> Result<Option<Hit>, ExecError>;
}
