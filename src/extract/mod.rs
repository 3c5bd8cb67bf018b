//! From article to extraction: names, dateline, credits, quotes, dates, figures.

pub mod gazetteer;

mod extractor;

pub use extractor::{Extractor, VERSION};
