//! What finds names on a page: the interface, and the trained tagger behind it.
//!
//! | part | what it does |
//! |---|---|
//! | [`label`] | the labels of words, and which may follow which |
//! | `word` | what one word tells by itself: its hashes, looks, cluster, classes |
//! | `evidence` | what the rest of the article tells about a word |
//! | `view` | all of that, laid out for a page |
//! | `features` | which features a word has in its place, as rows of the model |
//! | `model` | the weights: their format, and the sum of a word's rows |
//! | `perceptron` | the tagger: where to look, the best path of labels, the names |
//! | `trim` | bounds of names, where rules know better |
//! | [`train`] | learning the weights from annotated pages |
//!
//! Training and tagging read features through one code path.

pub mod clusters;
pub mod label;
pub mod model;
pub mod perceptron;
pub mod train;

mod evidence;
mod features;
pub(super) mod hash;
mod packed;
mod path;
mod trim;
mod view;
mod word;

use std::ops::Range;

use super::page::Page;
use crate::article::EntityKind;

pub use packed::{ModelError, checksum};
pub use perceptron::Perceptron;

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
