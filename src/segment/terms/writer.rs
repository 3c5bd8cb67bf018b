//! Writes words in the order of their bytes, each with its articles in the order of their ordinals.

use std::io::{self, Write};

use super::frontier;
use super::positions::Occurrences;
use crate::segment::bytes::{put_bytes, put_varint};
use crate::segment::columns::LengthEntry;
use crate::segment::format::Kind;
use crate::segment::postings::{BLOCK_ORDINALS, FRONTIER_TAIL_MIN, Packer};
use crate::segment::sink::Sink;
use crate::segment::spool::Spool;

/// Where the parts of an article lie among its positions, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::segment) struct Split {
    /// Position past the title.
    pub(in crate::segment) title_end: u32,
    /// Position past the first reporting paragraph.
    pub(in crate::segment) lede_end: u32,
    /// Byte form of the weighted length.
    pub(in crate::segment) length: u8,
}

impl Split {
    pub(in crate::segment) fn of(lengths: LengthEntry) -> Split {
        Split { title_end: lengths.title, lede_end: lengths.lede_end, length: lengths.byte() }
    }
}

/// Writes the sections `terms`, `postings` and `positions`.
pub(in crate::segment) struct TermsWriter {
    words: fst::MapBuilder<Spool>,
    postings: Spool,
    positions: Spool,
    /// By ordinal.
    splits: Vec<Split>,
    packer: Packer,
    record: Record,
    room: Vec<u8>,
}

/// The record of the current word, as far as it is written.
#[derive(Default)]
struct Record {
    word: String,
    /// What the head says of its spellings, and the list of them where it has one.
    forms_kind: u64,
    forms: Vec<u8>,
    has_forms: bool,
    documents: u32,
    positions_start: u64,
    entries: Vec<u8>,
    blocks: Vec<u8>,
    frontier: Vec<(u32, u8)>,
    last: Option<u32>,
    block: Block,
}

/// The articles that wait for a full block.
#[derive(Default)]
struct Block {
    ordinals: Vec<u32>,
    title: Vec<u32>,
    lede_part: Vec<u32>,
    rest: Vec<u32>,
    occurrences: Occurrences,
    frontier: Vec<(u32, u8)>,
}

impl TermsWriter {
    /// Starts with empty spools for the three sections; `splits` are those of all articles, by ordinal.
    pub(in crate::segment) fn new(spools: [Spool; 3], splits: Vec<Split>) -> io::Result<TermsWriter> {
        let [words, postings, positions] = spools;
        let words = fst::MapBuilder::new(words).map_err(io::Error::other)?;
        let (packer, record, room) = (Packer::new(), Record::default(), Vec::new());
        Ok(TermsWriter { words, postings, positions, splits, packer, record, room })
    }

    /// Starts a word; `forms` are the bytes of its spellings, most frequent first and never empty.
    pub(in crate::segment) fn begin<F: AsRef<[u8]>>(&mut self, word: &str, forms: &[F]) {
        const PLAIN: &[u8] = &[0];
        const CAPITALISED: &[u8] = &[1];
        let record = &mut self.record;
        record.word.clear();
        record.word.push_str(word);
        record.has_forms = forms.len() > 1;
        record.forms.clear();
        record.forms_kind = match forms {
            [form] if form.as_ref() == PLAIN => 0,
            [form] if form.as_ref() == CAPITALISED => 1,
            [first, second] if first.as_ref() == PLAIN && second.as_ref() == CAPITALISED => 3,
            forms => {
                let mut list = Vec::new();
                put_varint(&mut list, forms.len() as u64);
                forms.iter().for_each(|form| list.extend_from_slice(form.as_ref()));
                put_bytes(&mut record.forms, &list);
                2
            }
        };
        record.positions_start = self.positions.len();
    }

    /// Adds an article of the word: its rising positions, and the number of each one's spelling among those given to
    /// [`TermsWriter::begin`].
    pub(in crate::segment) fn article(
        &mut self,
        ordinal: u32,
        positions: &[u32],
        forms: &[u32],
    ) -> io::Result<()> {
        let split = self.splits.get(ordinal as usize).copied().unwrap_or_default();
        self.record.block.push(ordinal, positions, split);
        if self.record.has_forms {
            self.record.block.occurrences.forms.extend_from_slice(forms);
        }
        if self.record.block.ordinals.len() == BLOCK_ORDINALS { self.end_block() } else { Ok(()) }
    }

    fn end_block(&mut self) -> io::Result<()> {
        let Record { block, .. } = &mut self.record;
        frontier::reduce(&mut block.frontier);
        self.room.clear();
        block.occurrences.put(&mut self.packer, &mut self.room);
        self.record.add_entry(&self.positions);
        self.record.put_block(&mut self.packer);
        self.positions.push(&self.room)
    }

    /// Ends the word, and returns where its record lies; a word without articles leaves none.
    pub(in crate::segment) fn end(&mut self) -> io::Result<Option<u64>> {
        let mut record = std::mem::take(&mut self.record);
        let documents = record.documents as usize + record.block.ordinals.len();
        if documents == 0 {
            self.record = record;
            return Ok(None);
        }
        let offset = self.postings.len();
        self.room.clear();
        put_varint(&mut self.room, (documents as u64) << 2 | record.forms_kind);
        self.room.extend_from_slice(&record.forms);
        if record.documents == 0 {
            record.block.put_tail(&mut self.room, None);
            record.block.occurrences.put_plain(&mut self.room);
        } else {
            self.end_long(&mut record)?;
        }
        self.postings.push(&self.room)?;
        self.words.insert(&record.word, offset).map_err(io::Error::other)?;
        record.reset();
        self.record = record;
        Ok(Some(offset))
    }

    fn end_long(&mut self, record: &mut Record) -> io::Result<()> {
        if !record.block.ordinals.is_empty() {
            record.add_entry(&self.positions);
            let last = record.last;
            record.block.put_tail(&mut record.blocks, last);
            let mut tail = Vec::new();
            record.block.occurrences.put_plain(&mut tail);
            self.positions.push(&tail)?;
            record.frontier.extend_from_slice(&record.block.frontier);
        }
        frontier::reduce(&mut record.frontier);
        put_varint(&mut self.room, record.positions_start);
        put_varint(&mut self.room, self.positions.len() - record.positions_start);
        put_varint(&mut self.room, record.blocks.len() as u64);
        frontier::put(&mut self.room, &record.frontier);
        self.room.extend_from_slice(&record.entries);
        self.room.extend_from_slice(&record.blocks);
        Ok(())
    }

    /// Writes the sections `terms`, `postings` and `positions`.
    pub(in crate::segment) fn write<W: Write>(self, sink: &mut Sink<W>) -> io::Result<()> {
        let words = self.words.into_inner().map_err(io::Error::other)?;
        let spools =
            [(Kind::Terms, words), (Kind::Postings, self.postings), (Kind::Positions, self.positions)];
        spools.into_iter().try_for_each(|(kind, spool)| sink.spool(kind, spool))
    }
}

impl Record {
    /// Adds the entry of the block that is about to be written.
    fn add_entry(&mut self, positions: &Spool) {
        let last = self.block.ordinals.last().copied().unwrap_or(0);
        let positions = positions.len() - self.positions_start;
        for number in [last, self.blocks.len() as u32, positions as u32] {
            self.entries.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn put_block(&mut self, packer: &mut Packer) {
        let Record { block, blocks, .. } = self;
        let arrays = [&block.ordinals, &block.title, &block.lede_part, &block.rest];
        let [Some(ordinals), Some(title), Some(lede_part), Some(rest)] =
            arrays.map(|array| array.first_chunk::<BLOCK_ORDINALS>())
        else {
            return;
        };
        let gap_width = packer.gap_width(self.last, ordinals);
        let counts = [title, lede_part, rest];
        let widths = counts.map(|counts| packer.width(counts));
        blocks.push(gap_width);
        blocks.extend_from_slice(&widths);
        packer.put_gaps(blocks, self.last, ordinals, gap_width);
        for (counts, width) in counts.into_iter().zip(widths) {
            packer.put(blocks, counts, width);
        }
        frontier::put(blocks, &block.frontier);
        self.frontier.extend_from_slice(&block.frontier);
        self.last = ordinals.last().copied();
        self.documents += BLOCK_ORDINALS as u32;
        block.clear();
    }

    fn reset(&mut self) {
        self.documents = 0;
        self.last = None;
        self.entries.clear();
        self.blocks.clear();
        self.frontier.clear();
        self.block.clear();
    }
}

impl Block {
    fn push(&mut self, ordinal: u32, positions: &[u32], split: Split) {
        let title = positions.partition_point(|&position| position < split.title_end);
        let lede_end = positions.partition_point(|&position| position < split.lede_end).max(title);
        let counts = [title, lede_end - title, positions.len() - lede_end].map(|count| count as u32);
        let [title, lede_part, rest] = counts;
        self.ordinals.push(ordinal);
        self.title.push(title);
        self.lede_part.push(lede_part);
        self.rest.push(rest);
        self.frontier.push((weighted(title, lede_part, rest), split.length));
        let mut next = 0;
        for &position in positions {
            self.occurrences.gaps.push(position - next);
            next = position + 1;
        }
    }

    /// Appends frontier and articles of a tail, which lie past `before`.
    fn put_tail(&mut self, out: &mut Vec<u8>, before: Option<u32>) {
        frontier::reduce(&mut self.frontier);
        if self.ordinals.len() >= FRONTIER_TAIL_MIN {
            frontier::put(out, &self.frontier);
        }
        let mut next = before.map_or(0, |before| before + 1);
        let counts = self.title.iter().zip(&self.lede_part).zip(&self.rest);
        for (&ordinal, ((&title, &lede_part), &rest)) in self.ordinals.iter().zip(counts) {
            put_varint(out, u64::from(ordinal - next));
            next = ordinal + 1;
            if (title, lede_part) == (0, 0) {
                put_varint(out, u64::from(rest) << 1);
            } else {
                put_varint(out, u64::from(rest) << 1 | 1);
                put_varint(out, u64::from(lede_part));
                put_varint(out, u64::from(title));
            }
        }
    }

    fn clear(&mut self) {
        self.ordinals.clear();
        self.title.clear();
        self.lede_part.clear();
        self.rest.clear();
        self.occurrences.clear();
        self.frontier.clear();
    }
}

/// Returns the weighted frequency; an article has at most 2^24 words.
pub(super) fn weighted(title: u32, lede_part: u32, rest: u32) -> u32 {
    title.wrapping_mul(3).wrapping_add(lede_part.wrapping_mul(2)).wrapping_add(rest)
}
