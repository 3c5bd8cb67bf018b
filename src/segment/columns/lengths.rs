//! How many words each article's parts have.
//!
//! ```text
//! title      `Ints`: words of the title
//! lede part  `Ints`: words of the first reporting paragraph
//! body       `Ints`: words of the body, the first reporting paragraph among them
//! lede end   `Ints`: position past the last word of the lede
//! bytes      1 byte an article: byte form of the weighted length
//! total      u64: sum of the weighted lengths that the bytes stand for
//! ```

use crate::segment::bytes::Input;
use crate::segment::error::SegmentError;
use crate::segment::image::Section;
use crate::segment::ints::Ints;
use crate::text::Analysis;

/// Returns the byte that stands for a weighted length: exact below 16, then at most an eighth too low.
///
/// It is monotone, and `byte_length(length_byte(n)) <= n`.
///
/// # Examples
///
/// ```
/// use dateline::segment::{byte_length, length_byte};
///
/// assert_eq!(byte_length(length_byte(20)), 20);
/// assert_eq!(byte_length(length_byte(1_000)), 960);
/// ```
pub fn length_byte(weighted: u32) -> u8 {
    // Below 16 the number itself; past that three bits behind the leading one, and the exponent.
    if weighted < 16 {
        return weighted as u8;
    }
    let exponent = 31 - weighted.leading_zeros();
    let mantissa = (weighted >> (exponent - 3)) & 7;
    (16 + (exponent - 4) * 8 + mantissa) as u8
}

/// Returns the weighted length that a byte stands for.
pub fn byte_length(byte: u8) -> u32 {
    let byte = u32::from(byte);
    match byte.checked_sub(16) {
        None => byte,
        Some(above) => {
            let shift = (above / 8 + 1).min(28);
            (8 + above % 8) << shift
        }
    }
}

/// The lengths of one article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::segment) struct LengthEntry {
    pub(in crate::segment) title: u32,
    pub(in crate::segment) lede_part: u32,
    pub(in crate::segment) body: u32,
    pub(in crate::segment) lede_end: u32,
}

impl LengthEntry {
    pub(in crate::segment) fn of(analysis: &Analysis) -> LengthEntry {
        let words = analysis.words.get(analysis.title_words as usize..).unwrap_or_default();
        let lede_part = words.partition_point(|word| word.position < analysis.lede_words) as u32;
        LengthEntry {
            title: analysis.title_words,
            lede_part,
            body: analysis.body_words,
            lede_end: analysis.lede_words.max(analysis.title_words),
        }
    }

    /// Returns the byte form of the weighted length.
    pub(in crate::segment) fn byte(self) -> u8 {
        let LengthEntry { title, lede_part, body, .. } = self;
        length_byte(title.saturating_mul(3).saturating_add(lede_part).saturating_add(body))
    }
}

/// Writes the lengths of all articles.
#[derive(Default)]
pub(in crate::segment) struct LengthsWriter {
    entries: Vec<LengthEntry>,
}

impl LengthsWriter {
    /// Adds the next article.
    pub(in crate::segment) fn article(&mut self, entry: LengthEntry) {
        self.entries.push(entry);
    }

    pub(in crate::segment) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let columns: [fn(&LengthEntry) -> u32; 4] =
            [|entry| entry.title, |entry| entry.lede_part, |entry| entry.body, |entry| entry.lede_end];
        for column in columns {
            Ints::write(&mut out, self.entries.iter().map(|entry| u64::from(column(entry))));
        }
        out.extend(self.entries.iter().map(|entry| entry.byte()));
        let total: u64 = self.entries.iter().map(|entry| u64::from(byte_length(entry.byte()))).sum();
        out.extend_from_slice(&total.to_le_bytes());
        out
    }
}

/// How many words each article's parts have.
#[derive(Debug, Clone, Copy)]
pub struct Lengths<'s> {
    title: Ints<'s>,
    lede_part: Ints<'s>,
    body: Ints<'s>,
    lede_end: Ints<'s>,
    bytes: &'s [u8],
    total: u64,
}

impl<'s> Lengths<'s> {
    pub(in crate::segment) fn open(section: Section<'s>) -> Result<Lengths<'s>, SegmentError> {
        let mut input = Input::new(section.all()?);
        let articles = section.image().footer().articles as usize;
        let mut read = || {
            let mut column = || Ints::read(&mut input).filter(|column| column.len() == articles);
            let (title, lede_part, body, lede_end) = (column()?, column()?, column()?, column()?);
            let (bytes, total) = (input.take(articles)?, input.u64()?);
            Some(Lengths { title, lede_part, body, lede_end, bytes, total })
        };
        read().ok_or_else(|| section.damaged("the lengths do not decode"))
    }

    pub(in crate::segment) fn entry(&self, ordinal: u32) -> LengthEntry {
        LengthEntry {
            title: self.title(ordinal),
            lede_part: self.lede_part(ordinal),
            body: self.body(ordinal),
            lede_end: self.lede_end(ordinal),
        }
    }

    pub(in crate::segment) fn bodies(&self) -> Ints<'s> {
        self.body
    }

    /// Returns the words of the title, which is also the position past its last one.
    pub fn title(&self, ordinal: u32) -> u32 {
        self.title.get32(ordinal as usize).unwrap_or(0)
    }

    /// Returns the words of the first reporting paragraph, which belong to lede and body both.
    pub fn lede_part(&self, ordinal: u32) -> u32 {
        self.lede_part.get32(ordinal as usize).unwrap_or(0)
    }

    /// Returns the words of the body.
    pub fn body(&self, ordinal: u32) -> u32 {
        self.body.get32(ordinal as usize).unwrap_or(0)
    }

    /// Returns the position past the last word of the lede.
    pub fn lede_end(&self, ordinal: u32) -> u32 {
        self.lede_end.get32(ordinal as usize).unwrap_or(0)
    }

    /// Returns the byte form of the weighted length: title words x3, lede part x2, the rest of the body x1.
    #[inline]
    pub fn byte(&self, ordinal: u32) -> u8 {
        self.bytes.get(ordinal as usize).copied().unwrap_or(0)
    }

    /// Returns the sum of all weighted lengths as their byte forms stand for them, for the average of a snapshot.
    pub fn total(&self) -> u64 {
        self.total
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_below_16_are_exact() {
        assert!((0..16).all(|length| byte_length(length_byte(length)) == length));
        assert_eq!(length_byte(u32::MAX), 16 + 27 * 8 + 7);
    }

    proptest! {
        #[test]
        fn bytes_are_monotone_and_close(a in any::<u32>(), b in any::<u32>(), shift in 0..32_u32) {
            let (a, b) = (a >> shift, b >> shift);
            prop_assert_eq!(a.cmp(&b).is_le(), a <= b);
            prop_assert!(a > b || length_byte(a) <= length_byte(b));
            let stands_for = byte_length(length_byte(a));
            prop_assert!(stands_for <= a && a - stands_for <= a / 8);
        }
    }
}
