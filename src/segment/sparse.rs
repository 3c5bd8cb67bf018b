//! Rows of those articles that have one.
//!
//! Three parts: the list of the articles (see `postings`), and `rows` with a row for each of them.

use std::io::{self, Write};

use super::error::SegmentError;
use super::format::Kind;
use super::image::Section;
use super::postings::{Postings, put_list};
use super::rows::{Rows, RowsWriter};
use super::sink::Sink;
use super::spool::Spool;

/// Writes rows of some articles.
pub(super) struct SparseWriter {
    ordinals: Vec<u32>,
    rows: RowsWriter,
}

impl SparseWriter {
    pub(super) fn new(data: Spool) -> SparseWriter {
        SparseWriter { ordinals: Vec::new(), rows: RowsWriter::new(data) }
    }

    /// Adds the row of an article, unless it is empty; ordinals rise.
    pub(super) fn push_some(&mut self, ordinal: u32, row: &[u8]) -> io::Result<()> {
        if row.is_empty() {
            return Ok(());
        }
        self.ordinals.push(ordinal);
        self.rows.push(row)
    }

    /// Writes the section, unless no article has a row.
    pub(super) fn write<W: Write>(self, sink: &mut Sink<W>, kind: Kind, name: &[u8]) -> io::Result<()> {
        if self.ordinals.is_empty() {
            return Ok(());
        }
        let mut list = Vec::new();
        put_list(&mut list, &self.ordinals);
        let [data, starts] = self.rows.finish();
        sink.parts(kind, name, [Spool::of(list), data, starts])
    }
}

/// Reads the rows of some articles.
#[derive(Debug, Clone)]
pub(super) struct Sparse<'s> {
    list: Postings<'s>,
    rows: Rows<'s>,
}

impl<'s> Sparse<'s> {
    pub(super) fn open(section: Section<'s>) -> Result<Sparse<'s>, SegmentError> {
        let [list, data, starts] = section.parts()?;
        let list = Postings::open(list, 0)?;
        let rows = Rows::open(data, starts, list.len() as usize)?;
        Ok(Sparse { list, rows })
    }

    /// Returns the articles that have a row.
    pub(super) fn postings(&self) -> Postings<'s> {
        self.list.clone()
    }

    /// Returns the row of an article; `None` where it has none.
    pub(super) fn get(&self, ordinal: u32) -> Result<Option<&'s [u8]>, SegmentError> {
        let rank = self.list.rank(ordinal);
        if self.list.rank(ordinal.saturating_add(1)) == rank {
            return Ok(None);
        }
        self.rows.get(rank as usize).map(Some)
    }

    pub(super) fn section(&self) -> &Section<'s> {
        self.rows.section()
    }
}
