//! Columns: dates, numbers, booleans and lengths by ordinal.
//!
//! Values of an article are sorted. How many each article has is its *spread*:
//!
//! ```text
//! spread     form 1 byte: 0 varint n: the first n articles have one value each, the others none
//!                         1 `Ints`: where each article's values start, and where the last end
//! ```

mod booleans;
mod dates;
mod lengths;
mod numbers;
mod sorted_dates;
mod spread;

pub use booleans::BooleanColumn;
pub(super) use booleans::BooleansWriter;
pub use dates::DateColumn;
pub(super) use dates::DatesWriter;
pub(super) use lengths::{LengthEntry, LengthsWriter};
pub use lengths::{Lengths, byte_length, length_byte};
pub use numbers::NumberColumn;
pub(super) use numbers::NumbersWriter;
pub use sorted_dates::Dates;
pub(super) use sorted_dates::{SortKey, sort_key};
