//! Writes lists of ordinals.

use bitpacking::{BitPacker, BitPacker4x};

use super::BLOCK_ORDINALS;
use crate::segment::bytes::put_varint;

/// Packs blocks of 128 numbers.
pub(in crate::segment) struct Packer {
    packer: BitPacker4x,
    room: [u8; BLOCK_ORDINALS * 4],
}

impl Packer {
    pub(in crate::segment) fn new() -> Packer {
        Packer { packer: BitPacker4x::new(), room: [0; BLOCK_ORDINALS * 4] }
    }

    /// Returns the bits that each of 128 numbers needs.
    pub(in crate::segment) fn width(&self, numbers: &[u32; BLOCK_ORDINALS]) -> u8 {
        self.packer.num_bits(numbers)
    }

    /// Appends 128 numbers of this width.
    pub(in crate::segment) fn put(&mut self, out: &mut Vec<u8>, numbers: &[u32; BLOCK_ORDINALS], width: u8) {
        let len = self.packer.compress(numbers, &mut self.room, width);
        out.extend(self.room.iter().take(len));
    }

    /// Returns the bits that each gap of 128 strictly rising ordinals needs; all lie past `before`.
    pub(in crate::segment) fn gap_width(&self, before: Option<u32>, ordinals: &[u32; BLOCK_ORDINALS]) -> u8 {
        self.packer.num_bits_strictly_sorted(before, ordinals)
    }

    /// Appends the gaps of 128 strictly rising ordinals.
    pub(in crate::segment) fn put_gaps(
        &mut self,
        out: &mut Vec<u8>,
        before: Option<u32>,
        ordinals: &[u32; BLOCK_ORDINALS],
        width: u8,
    ) {
        let len = self.packer.compress_strictly_sorted(before, ordinals, &mut self.room, width);
        out.extend(self.room.iter().take(len));
    }
}

/// Appends the list of strictly rising ordinals.
pub(in crate::segment) fn put_list(out: &mut Vec<u8>, ordinals: &[u32]) {
    put_varint(out, ordinals.len() as u64);
    if ordinals.len() < BLOCK_ORDINALS {
        put_gaps(out, None, ordinals);
        return;
    }
    let mut packer = Packer::new();
    let (mut entries, mut blocks) = (Vec::new(), Vec::new());
    let mut before = None;
    for block in ordinals.chunks(BLOCK_ORDINALS) {
        let last = block.last().copied().unwrap_or(0);
        entries.extend_from_slice(&last.to_le_bytes());
        entries.extend_from_slice(&(blocks.len() as u32).to_le_bytes());
        match <&[u32; BLOCK_ORDINALS]>::try_from(block) {
            Ok(block) => {
                let width = packer.gap_width(before, block);
                blocks.push(width);
                packer.put_gaps(&mut blocks, before, block, width);
            }
            Err(_) => put_gaps(&mut blocks, before, block),
        }
        before = Some(last);
    }
    put_varint(out, blocks.len() as u64);
    out.extend_from_slice(&entries);
    out.extend_from_slice(&blocks);
}

/// Appends the gaps of a tail.
fn put_gaps(out: &mut Vec<u8>, before: Option<u32>, ordinals: &[u32]) {
    let mut next = before.map_or(0, |before| before + 1);
    for &ordinal in ordinals {
        put_varint(out, u64::from(ordinal - next));
        next = ordinal + 1;
    }
}
