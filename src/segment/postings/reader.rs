//! Cursors over lists of ordinals.

use std::ops::Range;

use super::BLOCK_ORDINALS;
use super::blocks::{Blocks, TailCounts};
use crate::segment::TERMINATED;
use crate::segment::error::SegmentError;
use crate::segment::image::Section;

/// The articles of a list, as rising ordinals.
///
/// A new cursor stands on its first article, or on [`TERMINATED`] where the list is empty.
///
/// # Examples
///
/// ```
/// use dateline::segment::{Postings, TERMINATED};
///
/// let mut list = Postings::range(10..12);
/// assert_eq!((list.doc(), list.advance(), list.advance()), (10, 11, TERMINATED));
/// assert_eq!(list.rank(11), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Postings<'s> {
    source: Source<'s>,
    /// The decoded block, where the source has blocks.
    ordinals: Vec<u32>,
    block: usize,
    /// The cursor's place in the decoded block.
    at: usize,
    doc: u32,
}

#[derive(Debug, Clone)]
enum Source<'s> {
    Range(Range<u32>),
    Blocks(Blocks<'s>),
}

impl<'s> Postings<'s> {
    /// Returns an empty list.
    pub fn empty() -> Postings<'s> {
        Postings::range(0..0)
    }

    /// Returns the list of a whole range of ordinals.
    pub fn range(ordinals: Range<u32>) -> Postings<'s> {
        let doc = if ordinals.is_empty() { TERMINATED } else { ordinals.start };
        Postings { source: Source::Range(ordinals), ordinals: Vec::new(), block: 0, at: 0, doc }
    }

    /// Opens the list at an offset of a section.
    pub(in crate::segment) fn open(section: Section<'s>, offset: u64) -> Result<Postings<'s>, SegmentError> {
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        Blocks::open(section, offset).map(|blocks| Postings::of(blocks, &mut TailCounts::default()))
    }

    /// Returns a cursor on the first article of the blocks; `counts` are those of a word's tail.
    pub(in crate::segment) fn of(blocks: Blocks<'s>, counts: &mut TailCounts) -> Postings<'s> {
        let mut list = Postings::empty();
        list.source = Source::Blocks(blocks);
        list.load(0, counts);
        list
    }

    /// Returns the number of articles in the list, wherever the cursor stands.
    pub fn len(&self) -> u32 {
        match &self.source {
            Source::Range(range) => range.len() as u32,
            Source::Blocks(blocks) => blocks.documents(),
        }
    }

    /// Tells whether the list has no article.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the ordinal that the cursor stands on, or [`TERMINATED`].
    #[inline]
    pub fn doc(&self) -> u32 {
        self.doc
    }

    /// Moves to the next article and returns its ordinal, or [`TERMINATED`].
    #[inline]
    pub fn advance(&mut self) -> u32 {
        self.at += 1;
        match self.ordinals.get(self.at) {
            Some(&ordinal) => self.doc = ordinal,
            None => self.advance_block(&mut TailCounts::default()),
        }
        self.doc
    }

    /// Does what [`Postings::advance`] does, and fills `counts` where a word's tail is decoded.
    #[inline]
    pub(in crate::segment) fn advance_with(&mut self, counts: &mut TailCounts) -> u32 {
        self.at += 1;
        match self.ordinals.get(self.at) {
            Some(&ordinal) => self.doc = ordinal,
            None => self.advance_block(counts),
        }
        self.doc
    }

    #[cold]
    fn advance_block(&mut self, counts: &mut TailCounts) {
        match &self.source {
            Source::Range(range) => {
                let next = self.doc.saturating_add(1);
                self.doc = if next < range.end { next } else { TERMINATED };
            }
            Source::Blocks(_) if self.doc == TERMINATED => {}
            Source::Blocks(_) => self.load(self.block + 1, counts),
        }
    }

    /// Moves to the first article at or past `target`, never backwards, and returns its ordinal.
    #[inline]
    pub fn seek(&mut self, target: u32) -> u32 {
        if target <= self.doc {
            return self.doc;
        }
        if self.block_is_before(target) && !self.seek_block(target, &mut TailCounts::default()) {
            return self.doc;
        }
        self.seek_inside(target)
    }

    /// Does what [`Postings::seek`] does, and fills `counts` where a word's tail is decoded.
    #[inline]
    pub(in crate::segment) fn seek_with(&mut self, target: u32, counts: &mut TailCounts) -> u32 {
        if target <= self.doc {
            return self.doc;
        }
        if self.block_is_before(target) && !self.seek_block(target, counts) {
            return self.doc;
        }
        self.seek_inside(target)
    }

    fn block_is_before(&self, target: u32) -> bool {
        self.ordinals.last().is_none_or(|&last| last < target)
    }

    fn seek_inside(&mut self, target: u32) -> u32 {
        let rest = self.ordinals.get(self.at..).unwrap_or_default();
        self.at += rest.partition_point(|&ordinal| ordinal < target);
        self.doc = self.ordinals.get(self.at).copied().unwrap_or(TERMINATED);
        self.doc
    }

    /// Loads the block that would hold `target`; false where the cursor needs no search in a block any more.
    fn seek_block(&mut self, target: u32, counts: &mut TailCounts) -> bool {
        match &self.source {
            Source::Range(range) => {
                self.doc = if target < range.end { target } else { TERMINATED };
                return false;
            }
            Source::Blocks(blocks) if blocks.is_short() => self.end(),
            Source::Blocks(blocks) => self.load(blocks.find(target, self.block + 1), counts),
        }
        self.doc != TERMINATED
    }

    fn end(&mut self) {
        self.at = self.ordinals.len();
        self.doc = TERMINATED;
    }

    fn load(&mut self, block: usize, counts: &mut TailCounts) {
        let Source::Blocks(blocks) = &self.source else { return };
        if block >= blocks.count() {
            self.end();
            return;
        }
        if blocks.decode(block, &mut self.ordinals, counts).is_none() {
            blocks.section().note("a block of a list does not decode");
            self.ordinals.clear();
        }
        (self.block, self.at) = (block, 0);
        self.doc = self.ordinals.first().copied().unwrap_or(TERMINATED);
    }

    /// Returns how many articles of the list lie before the cursor.
    pub fn passed(&self) -> u32 {
        match &self.source {
            _ if self.doc == TERMINATED => self.len(),
            Source::Range(range) => self.doc - range.start,
            Source::Blocks(_) => (self.block * BLOCK_ORDINALS + self.at) as u32,
        }
    }

    /// Returns how many articles of the list have ordinals below `ordinal`, decoding one block at most.
    pub fn rank(&self, ordinal: u32) -> u32 {
        let blocks = match &self.source {
            Source::Range(range) => {
                return ordinal.clamp(range.start, range.end.max(range.start)) - range.start;
            }
            Source::Blocks(blocks) => blocks,
        };
        let below = |ordinals: &[u32]| ordinals.partition_point(|&other| other < ordinal) as u32;
        let block = if blocks.is_short() { 0 } else { blocks.find(ordinal, 0) };
        if block >= blocks.count() {
            return blocks.documents();
        }
        let before = (block * BLOCK_ORDINALS) as u32;
        if block == self.block {
            return before + below(&self.ordinals);
        }
        let mut ordinals = Vec::new();
        if blocks.decode(block, &mut ordinals, &mut TailCounts::default()).is_none() {
            blocks.section().note("a block of a list does not decode");
        }
        before + below(&ordinals)
    }

    /// Returns the last ordinal of the block that would hold `target`, decoding nothing and moving no cursor;
    /// [`TERMINATED`] past the end.
    pub fn block_last(&self, target: u32) -> u32 {
        match &self.source {
            Source::Range(range) if target < range.end => range.end - 1,
            Source::Range(_) => TERMINATED,
            Source::Blocks(blocks) if blocks.is_short() => {
                self.ordinals.last().copied().filter(|&last| last >= target).unwrap_or(TERMINATED)
            }
            Source::Blocks(blocks) => blocks.last(self.block_of(target)).unwrap_or(TERMINATED),
        }
    }

    /// Returns the block that would hold `target`, looking from the cursor's block on.
    pub(in crate::segment) fn block_of(&self, target: u32) -> usize {
        match &self.source {
            Source::Blocks(blocks) if !blocks.is_short() => blocks.find(target, self.block),
            _ => usize::from(self.block_is_before(target)),
        }
    }

    /// Copies the ordinals below `end` from the cursor to the end of its block, and moves behind them; returns their
    /// number, 0 where none is left.
    pub fn next_block_before(&mut self, end: u32, out: &mut [u32; BLOCK_ORDINALS]) -> usize {
        if self.doc >= end {
            return 0;
        }
        if let Source::Range(range) = &self.source {
            let copied = ((range.end.min(end) - self.doc) as usize).min(BLOCK_ORDINALS);
            out.iter_mut().zip(self.doc..range.end).take(copied).for_each(|(slot, ordinal)| *slot = ordinal);
            let next = self.doc + copied as u32;
            self.doc = if next < range.end { next } else { TERMINATED };
            return copied;
        }
        if self.block_is_before(end) {
            return self.next_block_with(out, &mut TailCounts::default());
        }
        let rest = self.ordinals.get(self.at..).unwrap_or_default();
        let below = rest.partition_point(|&ordinal| ordinal < end);
        out.iter_mut().zip(rest).take(below).for_each(|(slot, &ordinal)| *slot = ordinal);
        self.at += below;
        self.doc = rest.get(below).copied().unwrap_or(TERMINATED);
        below
    }

    pub(in crate::segment) fn next_block_with(
        &mut self,
        out: &mut [u32; BLOCK_ORDINALS],
        counts: &mut TailCounts,
    ) -> usize {
        let rest = self.ordinals.get(self.at..).unwrap_or_default();
        let copied = rest.len();
        out.iter_mut().zip(rest).for_each(|(slot, &ordinal)| *slot = ordinal);
        if copied > 0 {
            self.load(self.block + 1, counts);
        }
        copied
    }

    /// Returns the cursor's block and its place there.
    pub(in crate::segment) fn place(&self) -> (usize, usize) {
        (self.block, self.at)
    }
}

impl Iterator for Postings<'_> {
    type Item = u32;

    /// Returns the ordinal that the cursor stands on and moves behind it.
    fn next(&mut self) -> Option<u32> {
        let doc = self.doc;
        if doc == TERMINATED {
            return None;
        }
        self.advance();
        Some(doc)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (0, Some(self.len() as usize))
    }
}
