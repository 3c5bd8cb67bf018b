//! The words of all articles: dictionary, postings, positions, spellings, stems.
//!
//! **terms**: an `fst` map from each folded word to where its record lies in `postings`; records lie in the order of the
//! words.
//!
//! **postings**: the records.
//!
//! ```text
//! record     head varint: articles << 2 | spellings (0 all as folded, 1 all Capitalised, 2 a list follows,
//!            3 the folded and the Capitalised one, in this order)
//!            list of spellings, only for 2: length in bytes varint, forms (see `form.rs`), most frequent first
//!            fewer than 128 articles: tail, positions of the tail
//!            else: start in `positions` varint, length there varint, length of the blocks varint,
//!                  frontier of the list, entries, blocks
//! entry      last ordinal u32, start of the block within the blocks u32, start of its positions within the word's u32
//! block      4 widths 1 byte each: gaps, title, lede part, rest; 128 gaps bit-packed; how often the word stands in
//!            title, in lede part and in the rest of the body of each article, each 128 numbers bit-packed; frontier
//! tail       frontier where it has at least 16 articles; each article: gap varint, then varint rest << 1, or
//!            rest << 1 | 1 and lede part varint, title varint
//! frontier   number of pairs 1 byte; each: weighted frequency varint, length byte
//! ```
//!
//! The lede part is the first reporting paragraph. Weighted frequency counts title x3, lede part x2, rest x1. The
//! frontier of a block is the list of its pairs (weighted frequency, length byte) that no other pair beats in both;
//! from it the best score of a block follows for any statistics of the collection.
//!
//! **positions**: for each full block of a long list the gaps between the positions of its articles, one article after
//! the other: the first position of an article as it is, each further one less the one before, less one.
//!
//! ```text
//! chunk      width of gaps 1 byte; where the word has several spellings, width of their numbers 1 byte; 128 gaps
//!            bit-packed; 128 numbers of spellings bit-packed
//! remainder  gaps as varints, numbers of spellings as varints: the last occurrences of a block, and all of a tail
//! ```
//!
//! The positions of a long list's tail stand in `positions` behind those of its blocks, those of a short list right
//! behind its tail.
//!
//! **stems**: one section a language; see `stems.rs`.

mod dictionary;
mod form;
mod frontier;
mod positions;
mod postings;
mod stems;
mod writer;

pub use dictionary::{TermInfo, Terms};
pub use form::Form;
pub(super) use form::{FORM_CODES, form_bytes, form_code};
pub use postings::{Counts, TermPostings, region};
pub use stems::STEMMER_VERSION;
pub(super) use stems::{Languages, StemsWriter};
pub(super) use writer::{Split, TermsWriter};
