//! Many growing lists of bytes in few allocations.
//!
//! A list is a chain of chunks that double from 16 bytes to 4 KiB; the last four bytes of each point to the next. Pages of
//! 64 KiB hold the chunks, so that growing never copies.
#![allow(clippy::indexing_slicing)] // A byte a word of the archive goes through here; places come from `chunk` alone.

const PAGE_BITS: u32 = 16;
const PAGE: usize = 1 << PAGE_BITS;
const FIRST_CHUNK_BITS: u8 = 4;
const LAST_CHUNK_BITS: u8 = 12;
const LINK: usize = 4;

/// A list in an [`Arena`].
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    head: u32,
    /// Where the next byte goes.
    next: u32,
    /// Bytes left in the last chunk, before its link.
    left: u16,
    /// Size of the last chunk, as a power of two; 0 for a list without chunks.
    bits: u8,
}

impl List {
    pub(super) const EMPTY: List = List { head: 0, next: 0, left: 0, bits: 0 };
}

/// The chunks of many lists.
#[derive(Default)]
pub(super) struct Arena {
    pages: Vec<Box<[u8]>>,
    /// Bytes used of the last page.
    used: usize,
}

impl Arena {
    #[inline]
    pub(super) fn push_varint(&mut self, list: &mut List, mut value: u64) {
        while value >= 0x80 {
            self.push(list, value as u8 | 0x80);
            value >>= 7;
        }
        self.push(list, value as u8);
    }

    #[inline]
    fn push(&mut self, list: &mut List, byte: u8) {
        if list.left == 0 {
            self.grow(list);
        }
        let at = list.next as usize;
        self.pages[at >> PAGE_BITS][at & (PAGE - 1)] = byte;
        list.next += 1;
        list.left -= 1;
    }

    #[cold]
    fn grow(&mut self, list: &mut List) {
        let bits = if list.bits == 0 { FIRST_CHUNK_BITS } else { (list.bits + 1).min(LAST_CHUNK_BITS) };
        let chunk = self.chunk(1 << bits);
        if list.bits == 0 {
            list.head = chunk;
        } else {
            let link = list.next as usize;
            let at = link & (PAGE - 1);
            self.pages[link >> PAGE_BITS][at..at + LINK].copy_from_slice(&chunk.to_le_bytes());
        }
        *list = List { next: chunk, left: (1 << bits) - LINK as u16, bits, ..*list };
    }

    fn chunk(&mut self, bytes: usize) -> u32 {
        if self.pages.is_empty() || self.used + bytes > PAGE {
            // The first page of a small segment is small.
            self.pages.push(vec![0; PAGE].into_boxed_slice());
            self.used = 0;
        }
        let start = (self.pages.len() - 1) * PAGE + self.used;
        self.used += bytes;
        start as u32
    }

    /// Replaces `out` with the bytes of a list.
    pub(super) fn read(&self, list: List, out: &mut Vec<u8>) {
        out.clear();
        if list.bits == 0 {
            return;
        }
        let (mut at, mut bits) = (list.head as usize, FIRST_CHUNK_BITS);
        loop {
            let (page, start) = (&self.pages[at >> PAGE_BITS], at & (PAGE - 1));
            let end = start + (1 << bits) - LINK;
            let last = list.next as usize;
            if (at..=at + (1 << bits) - LINK).contains(&last) && bits == list.bits {
                out.extend_from_slice(&page[start..start + last - at]);
                return;
            }
            out.extend_from_slice(&page[start..end]);
            let mut link = [0; LINK];
            link.copy_from_slice(&page[end..end + LINK]);
            at = u32::from_le_bytes(link) as usize;
            bits = (bits + 1).min(LAST_CHUNK_BITS);
        }
    }

    /// Returns how much memory it uses, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.pages.len() * PAGE
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lists_keep_their_bytes(values in proptest::collection::vec((0..5_usize, any::<u32>()), 0..6_000)) {
            let mut arena = Arena::default();
            let mut lists = [List::EMPTY; 5];
            let mut expected: [Vec<u8>; 5] = Default::default();
            for (list, value) in values {
                arena.push_varint(&mut lists[list], u64::from(value));
                crate::segment::bytes::put_varint(&mut expected[list], u64::from(value));
            }
            let mut out = Vec::new();
            for (list, expected) in lists.into_iter().zip(expected) {
                arena.read(list, &mut out);
                prop_assert_eq!(&out, &expected);
            }
        }
    }
}
