//! The figures of each article.
//!
//! A section for each category, named by it, of three parts (see `sparse`), with a row for each article that has such
//! figures:
//!
//! ```text
//! row        each figure: first position varint, words varint, bound 1 byte, form of the value 1 byte: 0 whole, 1
//!            decimal; value 8 bytes; unit: length varint, bytes
//! ```

use super::bytes::{Input, put_bytes, put_varint};
use super::error::SegmentError;
use super::image::Section;
use super::postings::Postings;
use super::sparse::Sparse;
use crate::article::{Bound, Category, Figure};
use crate::text::Span;
use crate::value::Number;

/// Every category, in the order of their numbers.
pub(super) const CATEGORIES: [Category; 8] = [
    Category::Deaths,
    Category::Injured,
    Category::Displaced,
    Category::Arrested,
    Category::Troops,
    Category::Money,
    Category::Percent,
    Category::Other,
];

/// Returns the name of a category's section.
pub(super) fn section_name(category: Category) -> &'static [u8] {
    match category {
        Category::Deaths => b"deaths",
        Category::Injured => b"injured",
        Category::Displaced => b"displaced",
        Category::Arrested => b"arrested",
        Category::Troops => b"troops",
        Category::Money => b"money",
        Category::Percent => b"percent",
        Category::Other => b"other",
    }
}

/// Appends a figure, whose span is in positions, to the row of an article.
pub(super) fn put_figure(out: &mut Vec<u8>, figure: &Figure) {
    put_varint(out, u64::from(figure.span.start));
    put_varint(out, u64::from(figure.span.len()));
    let (form, value) = match figure.value {
        Number::Whole(value) => (0, value.to_le_bytes()),
        Number::Decimal(value) => (1, value.to_le_bytes()),
    };
    out.extend_from_slice(&[figure.bound as u8, form]);
    out.extend_from_slice(&value);
    put_bytes(out, figure.unit.as_bytes());
}

fn read_row(row: &[u8], category: Category) -> Option<Vec<Figure>> {
    let mut input = Input::new(row);
    let mut figures = Vec::new();
    while !input.is_empty() {
        let start = input.varint32()?;
        let span = Span { start, end: start.checked_add(input.varint32()?)? };
        let bound = bound_of(input.byte()?)?;
        let value = match input.byte()? {
            0 => Number::Whole(i64::from_le_bytes(input.array()?)),
            1 => Number::Decimal(f64::from_le_bytes(input.array()?)),
            _ => return None,
        };
        let unit = input.text()?.to_owned();
        figures.push(Figure { span, category, bound, value, unit });
    }
    Some(figures)
}

fn bound_of(byte: u8) -> Option<Bound> {
    let bounds = [Bound::Exactly, Bound::Above, Bound::AtLeast, Bound::Below, Bound::About];
    bounds.into_iter().find(|bound| *bound as u8 == byte)
}

/// The figures of one category.
#[derive(Debug, Clone)]
pub struct Figures<'s> {
    category: Category,
    rows: Sparse<'s>,
}

impl<'s> Figures<'s> {
    pub(super) fn open(section: Section<'s>, category: Category) -> Result<Figures<'s>, SegmentError> {
        Ok(Figures { category, rows: Sparse::open(section)? })
    }

    /// Returns the articles that have such a figure.
    pub fn postings(&self) -> Postings<'s> {
        self.rows.postings()
    }

    /// Returns the figures of an article in the order of its extraction; their spans are positions of words, from the
    /// first to past the last.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn read(&self, ordinal: u32) -> Result<Vec<Figure>, SegmentError> {
        let row = self.row(ordinal)?.unwrap_or_default();
        let damaged = || self.rows.section().damaged("the figures of an article do not decode");
        read_row(row, self.category).ok_or_else(damaged)
    }

    pub(super) fn row(&self, ordinal: u32) -> Result<Option<&'s [u8]>, SegmentError> {
        self.rows.get(ordinal)
    }
}
