//! Requests that change the archive or write a file: what `resolve` makes of writes, definitions and exports.

use serde::{Deserialize, Serialize};

use super::ast::ExportFormat;
use super::predicate::Predicate;
use super::request::{Request, With};
use crate::catalog::{Catalog, Saved};
use crate::schema::Field;
use crate::value::Value;

/// A statement that changes articles.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Write {
    /// `insert`: the text of a JSON object.
    Insert(String),
    /// `delete`
    Delete(Predicate),
    /// `add`, `remove` or `set`
    Edit {
        /// What is done to each article, in this order.
        edits: Vec<Edit>,
        /// Which articles.
        predicate: Predicate,
    },
}

impl Write {
    /// Returns which articles are changed; `None` where one is added.
    pub fn predicate(&self) -> Option<&Predicate> {
        match self {
            Write::Insert(_) => None,
            Write::Delete(predicate) | Write::Edit { predicate, .. } => Some(predicate),
        }
    }
}

/// A change of one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// What is done.
    pub action: EditAction,
    /// The field.
    pub field: Field,
    /// At least one value of the field's type; `set` has one.
    pub values: Vec<Value>,
}

/// What is done to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EditAction {
    /// The values are among the field's from now on.
    Add,
    /// The values are not among the field's any more.
    Remove,
    /// The value is the only one from now on.
    Set,
}

/// `define`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Define {
    /// A filter or query, under its name without the `@`.
    Saved(String, Saved),
    /// A canonical name with its other names.
    Alias(String, Vec<String>),
}

/// `drop`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Drop {
    /// A filter or query, without the `@`.
    Saved(String),
    /// An alias, by its canonical name in any spelling.
    Alias(String),
}

/// `export`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// The file.
    pub path: String,
    /// How its rows are written.
    pub format: ExportFormat,
    /// The query whose rows are written.
    pub request: Box<Request>,
}

impl Define {
    /// Enters the definition, over an earlier one of its name.
    pub fn apply(&self, catalog: &mut Catalog) {
        match self {
            Define::Saved(name, saved) => _ = catalog.saved.insert(name.clone(), saved.clone()),
            Define::Alias(name, others) => catalog.aliases.insert(name.clone(), others.clone()),
        }
    }
}

impl Drop {
    /// Takes the definition out.
    pub fn apply(&self, catalog: &mut Catalog) {
        match self {
            Drop::Saved(name) => _ = catalog.saved.remove(name),
            Drop::Alias(name) => _ = catalog.aliases.remove(name),
        }
    }
}

impl Request {
    /// Tells whether the statement changes the archive.
    pub fn is_change(&self) -> bool {
        matches!(self, Request::Write(_) | Request::Define(_) | Request::Drop(_))
    }

    /// Returns what the statement adds to its rows; `None` for statements without `with`.
    pub fn with(&self) -> Option<&With> {
        match self {
            Request::Find(find) => Some(&find.with),
            Request::Count(count) => Some(&count.with),
            Request::Measure(measure) => Some(&measure.with),
            Request::Top(top) => Some(&top.with),
            Request::Pairs(pairs) => Some(&pairs.with),
            Request::Timeline(timeline) => Some(&timeline.with),
            Request::Show(show) => Some(&show.with),
            _ => None,
        }
    }

    /// Does to a catalog what the statement will do to the archive's, so that a whole script can be checked before its
    /// first statement runs.
    pub fn change_catalog(&self, catalog: &mut Catalog) {
        match self {
            Request::Define(define) => define.apply(catalog),
            Request::Drop(drop) => drop.apply(catalog),
            Request::Write(Write::Insert(json)) => {
                if let Ok(draft) = crate::import::from_json(json) {
                    // An article that does not fit was reported when the statement was resolved.
                    let _ = draft.settle(&mut catalog.schema);
                }
            }
            _ => {}
        }
    }
}
