//! The quotations of each article.
//!
//! A section of three parts (see `sparse`), with a row for each article that has quotations:
//!
//! ```text
//! row        each quotation: first position varint, words varint, speaker's number among the values of the keyword field
//!            `speaker` plus 1 varint, or 0; with a speaker: index of its entity in the article plus 1 varint, or 0;
//!            certainty 1 byte
//! ```

use super::bytes::{Input, put_varint};
use super::error::SegmentError;
use super::image::Section;
use super::postings::Postings;
use super::sparse::Sparse;
use crate::article::Certainty;

/// A quotation of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct QuoteEntry {
    /// Position of the first word inside the marks.
    pub start: u32,
    /// Position past the last word inside the marks; `start` where there is no word.
    pub end: u32,
    /// The speaker, as a number of the keyword field `speaker`.
    pub speaker: Option<u32>,
    /// The speaker's entity, as an index into what [`Entities::read`](super::Entities::read) returns.
    pub entity: Option<u32>,
    /// How sure the attribution is; `None` without a speaker.
    pub certainty: Option<Certainty>,
}

/// Appends the row of an article.
pub(super) fn put_row(out: &mut Vec<u8>, quotes: &[QuoteEntry]) {
    let plus_one = |number: Option<u32>| number.map_or(0, |number| u64::from(number) + 1);
    for quote in quotes {
        put_varint(out, u64::from(quote.start));
        put_varint(out, u64::from(quote.end - quote.start));
        put_varint(out, plus_one(quote.speaker));
        if let Some(certainty) = quote.certainty.filter(|_| quote.speaker.is_some()) {
            put_varint(out, plus_one(quote.entity));
            out.push(certainty as u8);
        }
    }
}

/// Reads what [`put_row`] wrote; `None` where the bytes do not decode.
pub(super) fn read_row(row: &[u8]) -> Option<Vec<QuoteEntry>> {
    let mut input = Input::new(row);
    let mut quotes = Vec::new();
    while !input.is_empty() {
        let start = input.varint32()?;
        let end = start.checked_add(input.varint32()?)?;
        let speaker = input.varint32()?.checked_sub(1);
        let (mut entity, mut certainty) = (None, None);
        if speaker.is_some() {
            entity = input.varint32()?.checked_sub(1);
            certainty = Some(certainty_of(input.byte()?)?);
        }
        quotes.push(QuoteEntry { start, end, speaker, entity, certainty });
    }
    Some(quotes)
}

fn certainty_of(byte: u8) -> Option<Certainty> {
    [Certainty::Low, Certainty::High, Certainty::Given].into_iter().find(|certainty| *certainty as u8 == byte)
}

/// The quotations of each article.
#[derive(Debug, Clone)]
pub struct Quotes<'s> {
    /// `None` where no article has a quotation.
    rows: Option<Sparse<'s>>,
}

impl<'s> Quotes<'s> {
    pub(super) fn open(section: Option<Section<'s>>) -> Result<Quotes<'s>, SegmentError> {
        Ok(Quotes { rows: section.map(Sparse::open).transpose()? })
    }

    /// Returns the articles that have quotations.
    pub fn postings(&self) -> Postings<'s> {
        self.rows.as_ref().map_or_else(Postings::empty, Sparse::postings)
    }

    /// Returns the quotations of an article, in order; none where it has none.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn read(&self, ordinal: u32) -> Result<Vec<QuoteEntry>, SegmentError> {
        let Some(rows) = &self.rows else { return Ok(Vec::new()) };
        let row = rows.get(ordinal)?.unwrap_or_default();
        read_row(row).ok_or_else(|| rows.section().damaged("the quotations of an article do not decode"))
    }
}
