//! The engines.

pub mod archive;
mod fts;
mod tantivy;

pub use archive::Archive;
pub use fts::Fts;
pub use tantivy::Tantivy;
