//! Nodes with their place in the text.

use std::hash::{Hash, Hasher};
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::text::Span;

/// A node and where it stands in the text of the query.
///
/// Equality, hashing and serialisation ignore the place; trees that were built and not parsed have the empty one.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct At<T> {
    /// What stands there.
    pub node: T,
    /// The bytes of the query that it was read from.
    #[serde(skip)]
    pub span: Span,
}

impl<T> At<T> {
    /// Returns `node` at `span`.
    pub fn new(node: T, span: Span) -> At<T> {
        At { node, span }
    }

    /// Returns the result of `change` at the same place.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> At<U> {
        At { node: change(self.node), span: self.span }
    }
}

impl<T> From<T> for At<T> {
    /// Returns `node` at no place.
    fn from(node: T) -> At<T> {
        At { node, span: Span::default() }
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.node
    }
}

impl<T: PartialEq> PartialEq for At<T> {
    fn eq(&self, other: &At<T>) -> bool {
        self.node == other.node
    }
}

impl<T: Eq> Eq for At<T> {}

impl<T: Hash> Hash for At<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
    }
}
