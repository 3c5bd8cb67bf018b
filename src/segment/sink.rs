//! Writes a segment's file from front to back, and sums up its pages on the way.

use std::io::{self, Write};

use uuid::Uuid;

use super::format::{self, Entry, Footer, Kind, PAGE_BYTES, Tail, Versions, Written};
use super::spool::Spool;

/// A segment's file being written.
pub(super) struct Sink<W> {
    out: W,
    offset: u64,
    page: crc32fast::Hasher,
    /// Bytes of the current page that are written.
    page_filled: usize,
    pages: Vec<u32>,
    entries: Vec<Entry>,
}

impl<W: Write> Sink<W> {
    pub(super) fn new(out: W) -> io::Result<Sink<W>> {
        let page = crc32fast::Hasher::new();
        let mut sink = Sink { out, offset: 0, page, page_filled: 0, pages: Vec::new(), entries: Vec::new() };
        sink.push(&format::header())?;
        Ok(sink)
    }

    /// Starts a section; what is pushed until the next one belongs to it.
    pub(super) fn begin(&mut self, kind: Kind, name: &[u8]) {
        self.entries.push(Entry { kind, name: name.to_vec(), offset: self.offset, length: 0 });
    }

    pub(super) fn push(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.offset += bytes.len() as u64;
        if let Some(entry) = self.entries.last_mut() {
            entry.length += bytes.len() as u64;
        }
        while !bytes.is_empty() {
            let (now, rest) = bytes.split_at(bytes.len().min(PAGE_BYTES - self.page_filled));
            self.page.update(now);
            self.page_filled += now.len();
            if self.page_filled == PAGE_BYTES {
                self.end_page();
            }
            bytes = rest;
        }
        Ok(())
    }

    fn end_page(&mut self) {
        let page = std::mem::replace(&mut self.page, crc32fast::Hasher::new());
        self.pages.push(page.finalize());
        self.page_filled = 0;
    }

    /// Writes a whole section.
    pub(super) fn section(&mut self, kind: Kind, name: &[u8], bytes: &[u8]) -> io::Result<()> {
        self.begin(kind, name);
        self.push(bytes)
    }

    /// Writes a section that was spooled.
    pub(super) fn spool(&mut self, kind: Kind, spool: Spool) -> io::Result<()> {
        self.begin(kind, &[]);
        spool.drain(|bytes| self.push(bytes))
    }

    /// Writes a section of several parts, with the lengths that [`Section::parts`](super::image::Section::parts) reads.
    pub(super) fn parts<const N: usize>(
        &mut self,
        kind: Kind,
        name: &[u8],
        parts: [Spool; N],
    ) -> io::Result<()> {
        self.begin(kind, name);
        let lengths: Vec<u8> = parts.iter().flat_map(|part| part.len().to_le_bytes()).collect();
        for part in parts {
            part.drain(|bytes| self.push(bytes))?;
        }
        self.push(&lengths)
    }

    /// Writes footer and tail.
    pub(super) fn finish(mut self, uuid: Uuid, versions: Versions, articles: u32) -> io::Result<Written> {
        if self.page_filled > 0 {
            self.end_page();
        }
        self.entries.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        let footer = Footer { uuid, versions, articles, entries: self.entries, pages: self.pages }.bytes();
        let checksum = crc32fast::hash(&footer);
        let tail =
            Tail { footer_offset: self.offset, footer_bytes: footer.len() as u32, footer_checksum: checksum }
                .bytes();
        self.out.write_all(&footer)?;
        self.out.write_all(&tail)?;
        self.out.flush()?;
        let bytes = self.offset + (footer.len() + tail.len()) as u64;
        Ok(Written { bytes, uuid, checksum, articles })
    }
}
