//! The blocks of one list: found by their entries, decoded one at a time.

use bitpacking::{BitPacker, BitPacker4x};

use super::BLOCK_ORDINALS;
use crate::segment::bytes::Input;
use crate::segment::error::SegmentError;
use crate::segment::image::Section;

/// What a block holds beside its ordinals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::segment) enum Layout {
    /// Nothing.
    Plain,
    /// How often and where a word stands; see [`terms`](crate::segment::terms).
    Word,
}

impl Layout {
    /// Length of an entry in bytes.
    pub(in crate::segment) fn entry_bytes(self) -> usize {
        match self {
            Layout::Plain => 8,
            Layout::Word => 12,
        }
    }

    /// Number of widths at the start of a full block.
    pub(in crate::segment) fn widths(self) -> usize {
        match self {
            Layout::Plain => 1,
            Layout::Word => 4,
        }
    }
}

/// The numbers of a decoded block that belong to words.
#[derive(Debug, Clone, Default)]
pub(in crate::segment) struct TailCounts {
    pub(in crate::segment) title: Vec<u32>,
    pub(in crate::segment) lede_part: Vec<u32>,
    pub(in crate::segment) rest: Vec<u32>,
    /// What stands behind the tail.
    pub(in crate::segment) behind: usize,
}

/// The blocks of one list; all of its pages are verified.
#[derive(Debug, Clone, Copy)]
pub(in crate::segment) struct Blocks<'s> {
    section: Section<'s>,
    layout: Layout,
    documents: u32,
    /// Number of articles of the segment: no ordinal reaches it.
    articles: u32,
    /// Empty where the list is a tail alone.
    entries: &'s [u8],
    data: &'s [u8],
}

impl<'s> Blocks<'s> {
    /// Opens the plain list at an offset of a section.
    pub(in crate::segment) fn open(section: Section<'s>, offset: usize) -> Result<Blocks<'s>, SegmentError> {
        /// More than a tail of 127 gaps of at most 5 bytes can take.
        const WINDOW_BYTES: usize = 768;
        let wrong = || section.damaged("a list does not decode");
        let mut input = Input::new(section.window(offset, WINDOW_BYTES)?);
        let documents = input.varint32().ok_or_else(wrong)?;
        if (documents as usize) < BLOCK_ORDINALS {
            return Blocks::short(section, Layout::Plain, documents, input.rest());
        }
        let data_bytes = input.length().ok_or_else(wrong)?;
        let read = WINDOW_BYTES.min(section.len() - offset) - input.rest().len();
        Blocks::long(section, Layout::Plain, documents, offset + read, data_bytes)
    }

    /// Returns a list that is a tail alone.
    pub(in crate::segment) fn short(
        section: Section<'s>,
        layout: Layout,
        documents: u32,
        data: &'s [u8],
    ) -> Result<Blocks<'s>, SegmentError> {
        Blocks { section, layout, documents, articles: section.image().footer().articles, entries: &[], data }
            .checked()
    }

    /// Returns a list with entries, which stand at `offset`, and the blocks behind them.
    pub(in crate::segment) fn long(
        section: Section<'s>,
        layout: Layout,
        documents: u32,
        offset: usize,
        data_bytes: usize,
    ) -> Result<Blocks<'s>, SegmentError> {
        let entries = (documents as usize).div_ceil(BLOCK_ORDINALS) * layout.entry_bytes();
        let all = section.exactly(offset, entries.saturating_add(data_bytes))?;
        let (entries, data) = all.split_at(entries.min(all.len()));
        let articles = section.image().footer().articles;
        Blocks { section, layout, documents, articles, entries, data }.checked()
    }

    fn checked(self) -> Result<Blocks<'s>, SegmentError> {
        if self.documents > self.articles {
            return Err(self.section.damaged("a list has more articles than the segment"));
        }
        Ok(self)
    }

    pub(in crate::segment) fn section(&self) -> &Section<'s> {
        &self.section
    }

    pub(in crate::segment) fn documents(&self) -> u32 {
        self.documents
    }

    /// Returns the number of blocks.
    pub(in crate::segment) fn count(&self) -> usize {
        (self.documents as usize).div_ceil(BLOCK_ORDINALS)
    }

    /// Returns the number of ordinals in a block.
    pub(in crate::segment) fn len_of(&self, block: usize) -> usize {
        (self.documents as usize).saturating_sub(block * BLOCK_ORDINALS).min(BLOCK_ORDINALS)
    }

    /// Tells whether the list is a tail alone, without entries.
    pub(in crate::segment) fn is_short(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns number `column` of a block's entry.
    #[inline]
    pub(in crate::segment) fn entry(&self, block: usize, column: usize) -> Option<u32> {
        let at = block * self.layout.entry_bytes() + column * 4;
        let bytes = self.entries.get(at..)?.first_chunk::<4>()?;
        Some(u32::from_le_bytes(*bytes))
    }

    /// Returns the last ordinal of a block of a long list.
    #[inline]
    pub(in crate::segment) fn last(&self, block: usize) -> Option<u32> {
        self.entry(block, 0)
    }

    /// Returns the first block from `from` on whose last ordinal is not below `target`, in a long list.
    pub(in crate::segment) fn find(&self, target: u32, from: usize) -> usize {
        let is_before = |block| self.last(block).is_some_and(|last| last < target);
        let (mut low, mut step) = (from, 1);
        while is_before(low + step - 1) {
            low += step;
            step *= 2;
        }
        let mut high = (low + step).min(self.count());
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(middle) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Returns the bytes of a block, to the end of the list.
    pub(in crate::segment) fn data(&self, block: usize) -> Option<&'s [u8]> {
        if self.is_short() {
            return Some(self.data);
        }
        self.data.get(self.entry(block, 1)? as usize..)
    }

    /// Returns the widths at the start of a full block, and what follows them.
    pub(in crate::segment) fn widths(&self, block: usize) -> Option<([u8; 4], &'s [u8])> {
        let (read, data) = self.data(block)?.split_at_checked(self.layout.widths())?;
        let mut widths = [0; 4];
        widths.iter_mut().zip(read).for_each(|(width, &read)| *width = read);
        widths.iter().all(|&width| width <= 32).then_some((widths, data))
    }

    /// Replaces `ordinals` with those of a block, and `counts` too where the block is a tail of a word's list.
    ///
    /// `None` where the block does not decode.
    pub(in crate::segment) fn decode(
        &self,
        block: usize,
        ordinals: &mut Vec<u32>,
        counts: &mut TailCounts,
    ) -> Option<()> {
        let before = match block.checked_sub(1) {
            Some(block) => Some(self.last(block)?),
            None => None,
        };
        if self.len_of(block) < BLOCK_ORDINALS {
            ordinals.clear();
            return self.decode_tail(block, before, ordinals, counts);
        }
        let (widths, data) = self.widths(block)?;
        let [width, ..] = widths;
        ordinals.resize(BLOCK_ORDINALS, 0);
        let packed = data.get(..usize::from(width) * BLOCK_ORDINALS / 8)?;
        BitPacker4x::new().decompress_strictly_sorted(before, packed, ordinals, width);
        let rises = before.is_none_or(|before| ordinals.first().is_some_and(|&first| before < first));
        (rises && ordinals.last() == self.last(block).as_ref() && self.last(block)? < self.articles)
            .then_some(())
    }

    fn decode_tail(
        &self,
        block: usize,
        before: Option<u32>,
        ordinals: &mut Vec<u32>,
        counts: &mut TailCounts,
    ) -> Option<()> {
        let data = self.data(block)?;
        let mut input = Input::new(data);
        let is_word = self.layout == Layout::Word;
        if is_word {
            counts.title.clear();
            counts.lede_part.clear();
            counts.rest.clear();
            skip_frontier(&mut input, self.len_of(block))?;
        }
        let mut next = before.map_or(Some(0), |before| before.checked_add(1))?;
        for _ in 0..self.len_of(block) {
            let ordinal = next.checked_add(input.varint32()?).filter(|&ordinal| ordinal < self.articles)?;
            ordinals.push(ordinal);
            next = ordinal + 1;
            if is_word {
                read_counts(&mut input, counts)?;
            }
        }
        counts.behind = data.len() - input.rest().len();
        Some(())
    }
}

/// Tails of at least so many articles keep a frontier.
pub(in crate::segment) const FRONTIER_TAIL_MIN: usize = 16;

fn skip_frontier(input: &mut Input<'_>, len: usize) -> Option<()> {
    if len < FRONTIER_TAIL_MIN {
        return Some(());
    }
    for _ in 0..input.byte()? {
        input.varint()?;
        input.byte()?;
    }
    Some(())
}

/// Reads how often a word stands in each part of an article.
fn read_counts(input: &mut Input<'_>, counts: &mut TailCounts) -> Option<()> {
    let code = input.varint()?;
    let (lede_part, title) = match code & 1 {
        0 => (0, 0),
        _ => (input.varint32()?, input.varint32()?),
    };
    counts.rest.push(u32::try_from(code >> 1).ok()?);
    counts.lede_part.push(lede_part);
    counts.title.push(title);
    Some(())
}
