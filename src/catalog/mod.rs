//! What an archive knows about itself beside its articles: declared fields, aliases, saved queries.

mod aliases;

pub use aliases::Aliases;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::schema::Schema;

/// Declared fields, entity aliases and saved queries of one archive.
///
/// Immutable inside a snapshot; a commit that changes it publishes a new one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalog {
    /// All fields with their types.
    pub schema: Schema,
    /// Canonical names as written, with the other names that mean them; one level deep.
    pub aliases: Aliases,
    /// Saved filters and queries by name, without the `@`.
    pub saved: BTreeMap<String, Saved>,
}

/// A saved filter or query.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The text in canonical form.
    pub text: String,
    /// Whether it is a condition (`@name`) or a whole query (`run @name`).
    pub is_condition: bool,
    /// Version of the language that it was written in.
    pub language_version: u32,
}
