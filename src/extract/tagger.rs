//! What finds names on a page: the interface, whoever implements it.

use std::ops::Range;

use super::page::Page;
use crate::article::EntityKind;

/// A stretch of words that names somebody or something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The words of the name, without titles and articles.
    pub words: Range<usize>,
    /// What it names.
    pub kind: EntityKind,
    /// How strong the evidence for the kind is, from 1 (a guess) to 5 (a country's name).
    pub weight: u8,
}

/// Finds names on a page.
///
/// A tagger is pure and total, and takes time linear in the words of the page. The names it returns do not overlap and
/// come in order; the words of each lie in one sentence. It need not be consistent over the page or find every repeated
/// mention: [`resolve`](super::names::resolve) sees to both.
pub trait Tagger: Send + Sync {
    /// Returns the names of the page, in order.
    fn tag(&self, page: &Page<'_>) -> Vec<Name>;
}
