//! Cursors over the articles of a word.

use super::frontier;
use super::positions::OccurrenceReader;
use super::writer::weighted;
use crate::segment::bytes::Input;
use crate::segment::error::SegmentError;
use crate::segment::image::Section;
use crate::segment::postings::{BLOCK_ORDINALS, Blocks, FRONTIER_TAIL_MIN, Layout, Postings, TailCounts};

/// Which parts of an article a word stands in, as bits.
pub mod region {
    /// Body past the first reporting paragraph.
    pub const BODY: u8 = 1;
    /// First reporting paragraph.
    pub const LEDE: u8 = 2;
    /// Title.
    pub const TITLE: u8 = 4;
}

/// More than head, frontier and tail of 127 articles can take, in bytes.
const TAIL_BYTES_MAX: usize = 3_072;

/// How often a word stands in each part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// In the title.
    pub title: u32,
    /// In the first reporting paragraph.
    pub lede_part: u32,
    /// In the rest of the body.
    pub rest: u32,
}

impl Counts {
    /// Returns how often the word stands in the whole article.
    pub fn total(self) -> u32 {
        self.title.wrapping_add(self.lede_part).wrapping_add(self.rest)
    }

    /// Returns the weighted frequency: title x3, lede part x2, rest of the body x1.
    pub fn weighted(self) -> u32 {
        weighted(self.title, self.lede_part, self.rest)
    }

    /// Returns in which parts the word stands, as bits of [`region`].
    pub fn regions(self) -> u8 {
        let bit = |count: u32, bit: u8| if count > 0 { bit } else { 0 };
        bit(self.title, region::TITLE) | bit(self.lede_part, region::LEDE) | bit(self.rest, region::BODY)
    }
}

/// What stands at the start of a word's record.
#[derive(Clone, Copy)]
pub(super) struct Head<'s> {
    pub(super) documents: u32,
    /// As the layout says: 0 to 3.
    pub(super) forms_kind: u8,
    /// The list of spellings, where the record has one.
    pub(super) forms: &'s [u8],
    /// Where the head ends, in the section.
    end: usize,
}

impl<'s> Head<'s> {
    pub(super) fn read(postings: Section<'s>, offset: u64) -> Result<Head<'s>, SegmentError> {
        let wrong = || postings.damaged("a word's record does not decode");
        let offset = usize::try_from(offset).map_err(|_| wrong())?;
        let bytes = postings.window(offset, 20)?;
        let mut input = Input::new(bytes);
        let head = input.varint().ok_or_else(wrong)?;
        let documents = u32::try_from(head >> 2).ok().filter(|&documents| documents > 0).ok_or_else(wrong)?;
        let forms_kind = (head & 3) as u8;
        let list = if forms_kind == 2 { input.length().ok_or_else(wrong)? } else { 0 };
        let start = offset + bytes.len() - input.rest().len();
        let forms = postings.exactly(start, list)?;
        Ok(Head { documents, forms_kind, forms, end: start + list })
    }

    fn has_forms(&self) -> bool {
        match self.forms_kind {
            2 => Input::new(self.forms).varint().is_some_and(|count| count > 1),
            kind => kind == 3,
        }
    }
}

/// The articles of a word, with how often and where it stands in each.
///
/// A new cursor stands on its first article.
#[derive(Debug, Clone)]
pub struct TermPostings<'s> {
    list: Postings<'s>,
    blocks: Blocks<'s>,
    /// Where the positions of a long list lie.
    positions: Option<Section<'s>>,
    has_forms: bool,
    counts: TailCounts,
    /// The block that `counts` belong to.
    counted: Option<usize>,
    occurrences: OccurrenceReader<'s>,
    /// For each article of the block, where its occurrences start; one more at the end.
    starts: Vec<usize>,
    /// The block that `occurrences` belong to.
    located: Option<usize>,
    /// Frontier of the whole list.
    frontier: Vec<(u32, u8)>,
    block_frontier: Vec<(u32, u8)>,
    /// The block that `block_frontier` belongs to.
    bounded: Option<usize>,
}

/// A word's record, with its blocks not decoded yet.
struct TermRecord<'s> {
    head: Head<'s>,
    blocks: Blocks<'s>,
    /// Frontier of a long list.
    frontier: Vec<(u32, u8)>,
    /// Where the positions of a long list start in their section, and where they stop.
    positions: (usize, usize),
}

impl<'s> TermRecord<'s> {
    fn read(postings: Section<'s>, offset: u64) -> Result<TermRecord<'s>, SegmentError> {
        let wrong = || postings.damaged("a word's record does not decode");
        let head = Head::read(postings, offset)?;
        let bytes = postings.window(head.end, TAIL_BYTES_MAX)?;
        if (head.documents as usize) < BLOCK_ORDINALS {
            let blocks = Blocks::short(postings, Layout::Word, head.documents, bytes)?;
            return Ok(TermRecord { head, blocks, frontier: Vec::new(), positions: (0, 0) });
        }
        let mut input = Input::new(bytes);
        let start = input.length().ok_or_else(wrong)?;
        let stop = start.checked_add(input.length().ok_or_else(wrong)?).ok_or_else(wrong)?;
        let data_bytes = input.length().ok_or_else(wrong)?;
        let mut frontier = Vec::new();
        frontier::read(&mut input, &mut frontier).ok_or_else(wrong)?;
        let entries = head.end + bytes.len() - input.rest().len();
        let blocks = Blocks::long(postings, Layout::Word, head.documents, entries, data_bytes)?;
        Ok(TermRecord { head, blocks, frontier, positions: (start, stop) })
    }
}

/// Opens the plain list of a word's articles.
pub(super) fn articles<'s>(postings: Section<'s>, offset: u64) -> Result<Postings<'s>, SegmentError> {
    Ok(Postings::of(TermRecord::read(postings, offset)?.blocks, &mut TailCounts::default()))
}

impl<'s> TermPostings<'s> {
    pub(super) fn open(
        postings: Section<'s>,
        positions: Section<'s>,
        offset: u64,
    ) -> Result<TermPostings<'s>, SegmentError> {
        let TermRecord { head, blocks, frontier, positions: (start, stop) } =
            TermRecord::read(postings, offset)?;
        let mut term = TermPostings::of(blocks, None, head.has_forms());
        if blocks.is_short() {
            term.frontier = term.tail_frontier(0).unwrap_or_default();
            // Positions lie behind the tail, whose length is known now.
            let place = postings.sub(head.end, postings.len());
            term.positions = place.and_then(|place| place.sub(term.counts.behind, place.len()));
            return Ok(term);
        }
        let place = positions.sub(start, stop);
        term.positions = Some(place.ok_or_else(|| postings.damaged("a word's record does not decode"))?);
        term.frontier = frontier;
        Ok(term)
    }

    fn of(blocks: Blocks<'s>, positions: Option<Section<'s>>, has_forms: bool) -> TermPostings<'s> {
        let mut counts = TailCounts::default();
        let list = Postings::of(blocks, &mut counts);
        let is_tail = blocks.len_of(0) < BLOCK_ORDINALS;
        TermPostings {
            list,
            blocks,
            positions,
            has_forms,
            counts,
            counted: is_tail.then_some(0),
            occurrences: OccurrenceReader::default(),
            starts: Vec::new(),
            located: None,
            frontier: Vec::new(),
            block_frontier: Vec::new(),
            bounded: None,
        }
    }

    /// Returns the number of articles, wherever the cursor stands.
    pub fn len(&self) -> u32 {
        self.list.len()
    }

    /// Tells whether the list has no article.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the ordinal that the cursor stands on, or [`TERMINATED`](crate::segment::TERMINATED).
    #[inline]
    pub fn doc(&self) -> u32 {
        self.list.doc()
    }

    /// Moves to the next article and returns its ordinal, or [`TERMINATED`](crate::segment::TERMINATED).
    #[inline]
    pub fn advance(&mut self) -> u32 {
        let (block, _) = self.list.place();
        let doc = self.list.advance_with(&mut self.counts);
        self.after_move(block);
        doc
    }

    /// Moves to the first article at or past `target`, never backwards, and returns its ordinal.
    #[inline]
    pub fn seek(&mut self, target: u32) -> u32 {
        let (block, _) = self.list.place();
        let doc = self.list.seek_with(target, &mut self.counts);
        self.after_move(block);
        doc
    }

    /// Notes that decoding the tail has filled the counts.
    fn after_move(&mut self, before: usize) {
        let (block, _) = self.list.place();
        if block != before && self.blocks.len_of(block) < BLOCK_ORDINALS {
            self.counted = Some(block);
        }
    }

    /// Returns the last ordinal of the block that would hold `target`, decoding nothing and moving no cursor.
    pub fn block_last(&self, target: u32) -> u32 {
        self.list.block_last(target)
    }

    /// Returns the frontier of the block that would hold `target`, which must not lie before the cursor: pairs of
    /// weighted frequency and length byte. Every posting of the block has a pair with at least its frequency and at
    /// most its length; past the end there is none.
    pub fn block_frontier(&mut self, target: u32) -> &[(u32, u8)] {
        let block = self.list.block_of(target);
        if self.bounded != Some(block) {
            let mut pairs = std::mem::take(&mut self.block_frontier);
            if self.read_frontier(block, &mut pairs).is_none() {
                self.blocks.section().note("a block's frontier does not decode");
                pairs.clear();
            }
            (self.block_frontier, self.bounded) = (pairs, Some(block));
        }
        &self.block_frontier
    }

    /// Returns the frontier of the whole list.
    pub fn frontier(&self) -> &[(u32, u8)] {
        &self.frontier
    }

    fn read_frontier(&self, block: usize, pairs: &mut Vec<(u32, u8)>) -> Option<()> {
        pairs.clear();
        if block >= self.blocks.count() {
            return Some(());
        }
        if self.blocks.len_of(block) < BLOCK_ORDINALS {
            pairs.extend(self.tail_frontier(block)?);
            return Some(());
        }
        let (widths, data) = self.blocks.widths(block)?;
        let packed: usize = widths.iter().map(|&width| usize::from(width) * BLOCK_ORDINALS / 8).sum();
        frontier::read(&mut Input::new(data.get(packed..)?), pairs)
    }

    /// Returns the frontier of a tail: the stored one, or its highest frequency with length 0 where it is short.
    fn tail_frontier(&self, block: usize) -> Option<Vec<(u32, u8)>> {
        if self.blocks.len_of(block) >= FRONTIER_TAIL_MIN {
            let mut pairs = Vec::new();
            frontier::read(&mut Input::new(self.blocks.data(block)?), &mut pairs)?;
            return Some(pairs);
        }
        let (mut ordinals, mut counts) = (Vec::new(), TailCounts::default());
        self.blocks.decode(block, &mut ordinals, &mut counts)?;
        let frequencies = counts.title.iter().zip(&counts.lede_part).zip(&counts.rest);
        let most = frequencies.map(|((&title, &lede_part), &rest)| weighted(title, lede_part, rest)).max();
        Some(most.map(|most| (most, 0)).into_iter().collect())
    }

    /// Copies ordinals and weighted frequencies from the cursor to the end of its block, and moves behind them;
    /// returns their number, 0 at the end of the list.
    pub fn next_block(
        &mut self,
        ordinals: &mut [u32; BLOCK_ORDINALS],
        frequencies: &mut [u32; BLOCK_ORDINALS],
    ) -> usize {
        self.count_block();
        let (block, at) = self.list.place();
        let TailCounts { title, lede_part, rest, .. } = &self.counts;
        let counts = title.iter().zip(lede_part).zip(rest).skip(at);
        for (slot, ((&title, &lede_part), &rest)) in frequencies.iter_mut().zip(counts) {
            *slot = weighted(title, lede_part, rest);
        }
        let copied = self.list.next_block_with(ordinals, &mut self.counts);
        self.after_move(block);
        copied
    }

    /// Decodes the counts of the cursor's block, where that was not done.
    fn count_block(&mut self) {
        let (block, _) = self.list.place();
        if self.counted == Some(block) || block >= self.blocks.count() {
            return;
        }
        if self.decode_counts(block).is_none() {
            self.blocks.section().note("the counts of a block do not decode");
        }
        self.counted = Some(block);
    }

    fn decode_counts(&mut self, block: usize) -> Option<()> {
        let TailCounts { title, lede_part, rest, .. } = &mut self.counts;
        let ([gaps, title_width, lede_width, rest_width], data) = self.blocks.widths(block)?;
        let mut input = Input::new(data);
        input.take(usize::from(gaps) * BLOCK_ORDINALS / 8)?;
        let arrays = [(title, title_width), (lede_part, lede_width), (rest, rest_width)];
        arrays.into_iter().try_for_each(|(array, width)| unpack(&mut input, width, array))
    }

    /// Returns how often the word stands in each part of the current article; zeros at the end.
    pub fn counts(&mut self) -> Counts {
        self.count_block();
        let (_, at) = self.list.place();
        let TailCounts { title, lede_part, rest, .. } = &self.counts;
        match (title.get(at), lede_part.get(at), rest.get(at)) {
            (Some(&title), Some(&lede_part), Some(&rest)) => Counts { title, lede_part, rest },
            _ => Counts::default(),
        }
    }

    /// Returns the weighted frequency in the current article: title x3, lede part x2, rest of the body x1.
    #[inline]
    pub fn frequency(&mut self) -> u32 {
        self.counts().weighted()
    }

    /// Returns in which parts of the current article the word stands, as bits of [`region`].
    pub fn regions(&mut self) -> u8 {
        self.counts().regions()
    }

    /// Appends the rising positions of the word in the current article.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn positions_into(&mut self, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        out.extend(Positions::of(self.gaps()?));
        Ok(())
    }

    /// Appends the number of the spelling of each occurrence in the current article, in the order of the positions;
    /// [`Terms::forms`](super::Terms::forms) lists the spellings.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn forms_into(&mut self, out: &mut Vec<u32>) -> Result<(), SegmentError> {
        let (start, stop) = self.locate()?;
        if !self.has_forms {
            out.extend(std::iter::repeat_n(0, stop - start));
            return Ok(());
        }
        let forms = self.occurrences.forms(start, stop).ok_or_else(|| undecodable(&self.blocks))?;
        out.extend_from_slice(forms);
        Ok(())
    }

    /// Returns the rising positions of the word in the current article.
    pub(crate) fn positions(&mut self) -> Result<Positions<'_>, SegmentError> {
        Ok(Positions::of(self.gaps()?))
    }

    fn gaps(&mut self) -> Result<&[u32], SegmentError> {
        let (start, stop) = self.locate()?;
        self.occurrences.gaps(start, stop).ok_or_else(|| undecodable(&self.blocks))
    }

    /// Returns where the occurrences of the current article lie among those of its block.
    fn locate(&mut self) -> Result<(usize, usize), SegmentError> {
        self.count_block();
        let (block, at) = self.list.place();
        if self.located != Some(block) {
            self.located = None;
            self.open_occurrences(block)?;
            self.located = Some(block);
        }
        let place = self.starts.get(at).zip(self.starts.get(at + 1));
        Ok(place.map_or((0, 0), |(&start, &stop)| (start, stop)))
    }

    fn open_occurrences(&mut self, block: usize) -> Result<(), SegmentError> {
        let wrong = || undecodable(&self.blocks);
        let TailCounts { title, lede_part, rest, .. } = &self.counts;
        let mut total = 0_usize;
        self.starts.clear();
        self.starts.push(0);
        for ((&title, &lede_part), &rest) in title.iter().zip(lede_part).zip(rest) {
            let count = u64::from(title) + u64::from(lede_part) + u64::from(rest);
            total =
                usize::try_from(count).ok().and_then(|count| total.checked_add(count)).ok_or_else(wrong)?;
            self.starts.push(total);
        }
        let is_tail = self.blocks.len_of(block) < BLOCK_ORDINALS;
        let bytes = self.position_bytes(block, total)?.ok_or_else(wrong)?;
        if is_tail {
            self.occurrences.open_plain(bytes, total as u64, self.has_forms);
            return Ok(());
        }
        self.occurrences.open(bytes, total as u64, self.has_forms).ok_or_else(wrong)
    }

    /// Returns the bytes that hold `total` occurrences of a block, to the end of the word's positions at most.
    fn position_bytes(&self, block: usize, total: usize) -> Result<Option<&'s [u8]>, SegmentError> {
        /// Most bytes of an occurrence: a gap and the number of a spelling.
        const OCCURRENCE_BYTES_MAX: usize = 12;
        let Some(place) = &self.positions else { return Ok(None) };
        let most = total.saturating_mul(OCCURRENCE_BYTES_MAX);
        if self.blocks.is_short() {
            return place.window(0, most).map(Some);
        }
        let Some(start) = self.blocks.entry(block, 2) else { return Ok(None) };
        let stop = self.blocks.entry(block + 1, 2).map_or(place.len(), |stop| stop as usize);
        let len = stop.saturating_sub(start as usize).min(most);
        place.window(start as usize, len).map(Some)
    }
}

/// The rising positions of a word in one article, from the gaps between them.
#[derive(Debug, Clone)]
pub(crate) struct Positions<'r> {
    gaps: std::slice::Iter<'r, u32>,
    next: u32,
}

impl<'r> Positions<'r> {
    fn of(gaps: &'r [u32]) -> Positions<'r> {
        Positions { gaps: gaps.iter(), next: 0 }
    }
}

impl Iterator for Positions<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let position = self.next.wrapping_add(*self.gaps.next()?);
        self.next = position.wrapping_add(1);
        Some(position)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.gaps.size_hint()
    }
}

fn undecodable(blocks: &Blocks<'_>) -> SegmentError {
    blocks.section().damaged("the positions of a word do not decode")
}

fn unpack(input: &mut Input<'_>, width: u8, out: &mut Vec<u32>) -> Option<()> {
    use bitpacking::{BitPacker, BitPacker4x};
    let packed = input.take(usize::from(width) * BLOCK_ORDINALS / 8)?;
    out.resize(BLOCK_ORDINALS, 0);
    BitPacker4x::new().decompress(packed, out, width);
    Some(())
}
