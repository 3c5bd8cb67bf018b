//! One stretch of bytes for each article, or for each article of a list.
//!
//! Part 1: the rows, one after the other. Part 2: where each starts, and where the last ends, as an
//! [`Ints`](super::ints) of one more value than there are rows.

use std::io;

use super::bytes::Input;
use super::error::SegmentError;
use super::image::Section;
use super::ints::Ints;
use super::spool::Spool;

/// Writes rows in order.
pub(super) struct RowsWriter {
    data: Spool,
    starts: Vec<u64>,
}

impl RowsWriter {
    pub(super) fn new(data: Spool) -> RowsWriter {
        RowsWriter { data, starts: vec![0] }
    }

    pub(super) fn push(&mut self, row: &[u8]) -> io::Result<()> {
        self.data.push(row)?;
        self.starts.push(self.data.len());
        Ok(())
    }

    /// Returns the two parts.
    pub(super) fn finish(self) -> [Spool; 2] {
        let mut starts = Vec::new();
        Ints::write(&mut starts, self.starts.iter().copied());
        [self.data, Spool::of(starts)]
    }
}

/// Reads rows at random; each row's pages are verified when it is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows<'s> {
    data: Section<'s>,
    starts: Ints<'s>,
}

impl<'s> Rows<'s> {
    /// Opens the two parts; `rows` is how many there must be.
    pub(super) fn open(
        data: Section<'s>,
        starts: Section<'s>,
        rows: usize,
    ) -> Result<Rows<'s>, SegmentError> {
        let read = Ints::read(&mut Input::new(starts.all()?));
        match read {
            Some(read) if read.len() == rows + 1 => Ok(Rows { data, starts: read }),
            _ => Err(starts.damaged("the starts of its rows do not decode")),
        }
    }

    /// Returns where a row lies in its part.
    pub(super) fn place(&self, index: usize) -> Result<(u64, usize), SegmentError> {
        let bounds = self.starts.get(index).zip(self.starts.get(index + 1));
        let len = bounds.and_then(|(start, stop)| stop.checked_sub(start));
        bounds
            .zip(len.and_then(|len| usize::try_from(len).ok()))
            .map(|((start, _), len)| (start, len))
            .ok_or_else(|| self.data.damaged("it has no row of this number"))
    }

    pub(super) fn get(&self, index: usize) -> Result<&'s [u8], SegmentError> {
        let (start, len) = self.place(index)?;
        self.data.exactly(start as usize, len)
    }

    pub(super) fn section(&self) -> &Section<'s> {
        &self.data
    }
}
