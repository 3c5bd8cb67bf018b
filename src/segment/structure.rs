//! Where the sentences and paragraphs of each article start.
//!
//! A section of two parts, `rows` with a row for each article: for each position that starts a sentence or a paragraph,
//! varint: gap since the one before << 2 | 2 where a paragraph starts | 1 where a sentence starts.

use super::bytes::{Input, put_varint};
use super::error::SegmentError;
use super::image::Section;
use super::rows::Rows;

const SENTENCE: u64 = 1;
const PARAGRAPH: u64 = 2;

/// Appends the row of an article.
pub(super) fn put_row(out: &mut Vec<u8>, sentences: &[u32], paragraphs: &[u32]) {
    let mut starts: Vec<(u32, u64)> = sentences.iter().map(|&start| (start, SENTENCE)).collect();
    starts.extend(paragraphs.iter().map(|&start| (start, PARAGRAPH)));
    starts.sort_unstable();
    let mut before = 0;
    for group in starts.chunk_by(|a, b| a.0 == b.0) {
        let start = group.first().map_or(0, |&(start, _)| start);
        let flags = group.iter().fold(0, |flags, &(_, flag)| flags | flag);
        put_varint(out, u64::from(start - before) << 2 | flags);
        before = start;
    }
}

/// Where sentences and paragraphs start, as positions.
#[derive(Debug, Clone, Copy)]
pub struct Structure<'s> {
    rows: Rows<'s>,
}

impl<'s> Structure<'s> {
    pub(super) fn open(section: Section<'s>) -> Result<Structure<'s>, SegmentError> {
        let [data, starts] = section.parts()?;
        let articles = section.image().footer().articles as usize;
        Ok(Structure { rows: Rows::open(data, starts, articles)? })
    }

    /// Appends the rising first positions of an article's sentences; the title is a sentence of its own.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn sentence_starts_into(&self, ordinal: u32, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        self.starts_into(ordinal, SENTENCE, out)
    }

    /// Appends the rising first positions of an article's paragraphs; the title is a paragraph of its own.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn paragraph_starts_into(&self, ordinal: u32, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        self.starts_into(ordinal, PARAGRAPH, out)
    }

    fn starts_into(&self, ordinal: u32, flag: u64, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        let mut input = Input::new(self.row(ordinal)?);
        let mut position = 0_u32;
        while !input.is_empty() {
            let wrong = || self.rows.section().damaged("the sentences of an article do not decode");
            let code = input.varint().ok_or_else(wrong)?;
            let gap = u32::try_from(code >> 2).ok();
            position = gap.and_then(|gap| position.checked_add(gap)).ok_or_else(wrong)?;
            if code & flag != 0 {
                out.push(position);
            }
        }
        Ok(())
    }

    pub(super) fn row(&self, ordinal: u32) -> Result<&'s [u8], SegmentError> {
        self.rows.get(ordinal as usize)
    }
}
