//! Pure functions over text: spans, folding, tokens, sentences, stems.

mod span;

pub use span::Span;
