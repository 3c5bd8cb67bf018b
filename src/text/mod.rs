//! Pure functions over text: spans, folding, tokens, sentences, stems.
//!
//! What counts as a word, and when two words are the same, is decided here once, for the index, for queries and for
//! extraction alike. Everything runs in time linear in the length of the text.

mod analysis;
mod bands;
mod fold;
mod sentence;
mod shingle;
mod span;
mod stem;
mod token;

pub use analysis::{Analysis, TITLE_POSITIONS_GAP, Word, analyse};
pub use bands::{BANDS, BANDS_VERSION, Bands};
pub use fold::{TERM_BYTES_MAX, fold, fold_into, fold_value, fold_word};
pub(crate) use sentence::sentences_of;
pub use sentence::{paragraphs, sentences};
pub use shingle::{
    CONTAINMENT_MIN, COPY_DAYS_MAX, CUT_LENGTH_MIN, REPRINT_RESEMBLANCE_MIN, RESEMBLANCE_MIN, SHINGLE_WORDS,
    SHINGLES_MIN, Shingles,
};
pub use span::Span;
pub use stem::{has_stemmer, stem};
pub use token::{Token, Tokens, joiner, tokens};

/// Version of everything that decides which words an article holds: Unicode tables, folding, tokens, sentences.
///
/// Indexes are stamped with it; an index of another version must be rebuilt.
pub const ANALYSIS_VERSION: u32 = 1;
