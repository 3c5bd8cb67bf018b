//! A segment: an immutable, time-ordered, self-contained image of sealed articles.
//!
//! Articles lie newest first: by the start of their date descending, the end ascending, the id ascending; undated ones
//! come last. An article's place is its *ordinal*. Every section has a module of its own, which says how its bytes lie:
//!
//! | section | module | holds |
//! |---|---|---|
//! | articles, article offsets, dictionary | [`Segment::record`] | stored records, each compressed alone |
//! | lookup | `lookup` | ids and versions by ordinal, ordinals by id and key |
//! | lengths, dates, numbers, booleans | `columns` | values by ordinal |
//! | structure | `structure` | where sentences and paragraphs start |
//! | terms, postings, positions, stems | `terms` | words, where they stand, how they are spelt |
//! | keywords | `keyword`, `values` | values, their articles, the values of each article |
//! | names, name words | `names` | names of entities, and the words in them |
//! | entities, quotes, figures | `entities`, `quotes`, `figures` | spans of words by article |
//! | within, presence | `values` | articles with a place in a region; articles that have a field |
//!
//! The sections `articles` (records one after the other), `article offsets` (`Ints`: where each starts, and where the
//! last ends) and `dictionary` (the bytes that records were compressed with) have no structure of their own. `within` and
//! `presence` are three parts of `values`, whose folded forms are codes of countries in capitals or folded names of
//! regions, and names of fields as in the sections' names: declared fields stand behind a colon.

mod builder;
mod bytes;
mod columns;
mod entities;
mod error;
mod figures;
mod format;
mod image;
mod interner;
mod ints;
mod keyword;
mod lookup;
mod map;
mod merge;
mod names;
mod postings;
mod quotes;
mod reader;
mod reseal;
mod rows;
mod sink;
mod sparse;
mod spool;
mod structure;
mod terms;
#[cfg(test)]
mod tests;
mod values;

pub use builder::{SEGMENT_ARTICLES_MAX, SegmentBuilder};
pub use columns::{BooleanColumn, DateColumn, Dates, Lengths, NumberColumn, byte_length, length_byte};
pub use entities::{Entities, EntityEntry, Occurrence};
pub use error::{Place, SegmentError};
pub use figures::Figures;
pub use format::{FORMAT_VERSION, PAGE_BYTES, Versions, Written};
pub use keyword::KeywordField;
pub use lookup::Identities;
pub use merge::{MergeInput, merge, merge_unless};
pub use names::{NameWords, Names, name_words};
pub use postings::{BLOCK_ORDINALS, Postings};
pub use quotes::{QuoteEntry, Quotes};
pub use reader::Segment;
#[doc(hidden)]
pub use reseal::resealed;
pub use structure::Structure;
pub use terms::{Counts, Form, STEMMER_VERSION, TermInfo, TermPostings, Terms, region};
pub use values::KeywordValue;

/// Stands behind the last ordinal of every list; no segment has an article of this ordinal.
pub const TERMINATED: u32 = u32::MAX;
