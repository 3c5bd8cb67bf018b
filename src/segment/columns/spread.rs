//! How many values each article has.

use std::ops::Range;

use crate::segment::bytes::{Input, put_varint};
use crate::segment::ints::Ints;

/// Counts the values of articles, in order.
#[derive(Debug, Clone)]
pub(super) struct SpreadWriter {
    starts: Vec<u64>,
}

impl SpreadWriter {
    pub(super) fn new() -> SpreadWriter {
        SpreadWriter { starts: vec![0] }
    }

    pub(super) fn push(&mut self, values: usize) {
        let before = self.starts.last().copied().unwrap_or(0);
        self.starts.push(before + values as u64);
    }

    pub(super) fn put(&self, out: &mut Vec<u8>) {
        let total = self.starts.last().copied().unwrap_or(0);
        let is_prefix = self.starts.iter().zip(0..).all(|(&start, at): (&u64, u64)| start == at.min(total));
        if is_prefix {
            out.push(0);
            put_varint(out, total);
        } else {
            out.push(1);
            Ints::write(out, self.starts.iter().copied());
        }
    }
}

/// Where the values of each article lie.
#[derive(Debug, Clone, Copy)]
pub(super) enum Spread<'s> {
    /// The first so many articles have one value each.
    Prefix(usize),
    /// Where each article's values start, and where the last end.
    Starts(Ints<'s>),
}

impl<'s> Spread<'s> {
    pub(super) fn read(input: &mut Input<'s>, articles: usize) -> Option<Spread<'s>> {
        match input.byte()? {
            0 => input.length().filter(|&count| count <= articles).map(Spread::Prefix),
            1 => Ints::read(input).filter(|starts| starts.len() == articles + 1).map(Spread::Starts),
            _ => None,
        }
    }

    /// Returns the number of values of all articles.
    pub(super) fn total(&self) -> usize {
        match self {
            Spread::Prefix(count) => *count,
            Spread::Starts(starts) => starts.get(starts.len() - 1).map_or(0, |total| total as usize),
        }
    }

    /// Returns where the values of an article lie; never past `total`.
    #[inline]
    pub(super) fn place(&self, ordinal: u32) -> Range<usize> {
        let at = ordinal as usize;
        match self {
            Spread::Prefix(count) if at < *count => at..at + 1,
            Spread::Prefix(_) => 0..0,
            Spread::Starts(starts) => match (starts.get(at), starts.get(at + 1)) {
                (Some(start), Some(stop)) if start <= stop && stop <= self.total() as u64 => {
                    start as usize..stop as usize
                }
                _ => 0..0,
            },
        }
    }
}
