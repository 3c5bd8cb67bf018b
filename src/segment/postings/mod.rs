//! Lists of ordinals, in blocks of 128.
//!
//! ```text
//! list       documents varint; fewer than 128: tail; else: length of the blocks varint, entries, blocks
//! entry      last ordinal of the block u32, start of the block within the blocks u32
//! block      width 1 byte, 128 gaps bit-packed (`bitpacking`, four lanes, strictly sorted)
//! tail       what is left of 128: gaps as varints, from 0 or the last ordinal of the block before, less one
//! ```
//!
//! The last block of a long list is a tail unless it is full. The lists of words use the same frame with more in each
//! entry and block; see [`terms`](super::terms).

mod blocks;
mod reader;
mod writer;

pub(super) use blocks::{Blocks, FRONTIER_TAIL_MIN, Layout, TailCounts};
pub use reader::Postings;
pub(super) use writer::{Packer, put_list};

/// Ordinals of a full block.
pub const BLOCK_ORDINALS: usize = 128;
