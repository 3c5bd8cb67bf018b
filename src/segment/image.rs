//! An open segment's bytes, with the pages that were verified and the damage that was found.

use std::fmt::{self, Display};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::bytes::Input;
use super::error::{Place, SegmentError};
use super::format::{self, FORMAT_VERSION, Footer, HEADER_BYTES, Kind, PAGE_BYTES, TAIL_BYTES, Tail};
use super::map::Mapping;

/// The bytes of an open segment.
pub(super) struct Image {
    path: PathBuf,
    mapping: Mapping,
    footer: Footer,
    footer_checksum: u32,
    /// Where the pages end and the footer starts.
    pages_end: usize,
    /// One bit a page: its checksum was verified.
    verified: Vec<AtomicU64>,
    /// The first damage that a cursor met where it could not return an error.
    damage: OnceLock<(Place, &'static str)>,
}

impl Image {
    pub(super) fn new(path: PathBuf, mapping: Mapping) -> Result<Image, SegmentError> {
        let (footer, tail) = read_frame(&path, mapping.bytes())?;
        let (footer_checksum, pages_end) = (tail.footer_checksum, tail.footer_offset as usize);
        let words = footer.pages.len().div_ceil(64);
        let verified = (0..words).map(|_| AtomicU64::new(0)).collect();
        let damage = OnceLock::new();
        let image = Image { path, mapping, footer, footer_checksum, pages_end, verified, damage };
        image.verify(0, HEADER_BYTES, &"header")?;
        let header = image.mapping.bytes().get(..HEADER_BYTES);
        if header != Some(&format::header()[..]) {
            return Err(image.damaged("header", None, "it is not a segment's header"));
        }
        Ok(image)
    }

    pub(super) fn footer(&self) -> &Footer {
        &self.footer
    }

    pub(super) fn footer_checksum(&self) -> u32 {
        self.footer_checksum
    }

    pub(super) fn bytes(&self) -> u64 {
        self.mapping.bytes().len() as u64
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns a section; `None` where the segment has none of this kind and name.
    pub(super) fn section(&self, kind: Kind, name: &[u8]) -> Option<Section<'_>> {
        let entry = self.footer.find(kind, name)?;
        let place = self.footer.entries.get(entry)?;
        let start = usize::try_from(place.offset).ok()?;
        let stop = start.checked_add(usize::try_from(place.length).ok()?)?;
        Some(Section { image: self, entry, start, bytes: self.mapping.bytes().get(start..stop)? })
    }

    /// Returns a section that every segment has.
    pub(super) fn required(&self, kind: Kind) -> Result<Section<'_>, SegmentError> {
        self.section(kind, &[]).ok_or_else(|| self.damaged(kind.name(), None, "the section is missing"))
    }

    /// Reads a stretch of a section past the mapping.
    pub(super) fn read_at(&self, offset: u64, len: usize) -> Result<Vec<u8>, SegmentError> {
        let io = |source| SegmentError::Io { action: "read", path: self.path.clone(), source };
        self.mapping.read_at(offset, len).map_err(io)
    }

    /// Verifies every page.
    pub(super) fn verify_all(&self) -> Result<(), SegmentError> {
        self.verify(0, self.pages_end, &"one of its sections")
    }

    /// Verifies the pages that hold the bytes `[start, stop)` of the file, each once in the life of the image.
    fn verify(&self, start: usize, stop: usize, section: &dyn Display) -> Result<(), SegmentError> {
        if stop <= start {
            return Ok(());
        }
        for page in start / PAGE_BYTES..=(stop - 1) / PAGE_BYTES {
            let bit = 1 << (page % 64);
            let word = self.verified.get(page / 64);
            let is_verified = word.is_some_and(|word| word.load(Ordering::Relaxed) & bit != 0);
            if !is_verified {
                self.verify_page(page, section)?;
                word.inspect(|word| _ = word.fetch_or(bit, Ordering::Relaxed));
            }
        }
        Ok(())
    }

    #[cold]
    fn verify_page(&self, page: usize, section: &dyn Display) -> Result<(), SegmentError> {
        let start = page * PAGE_BYTES;
        let stop = self.pages_end.min(start + PAGE_BYTES);
        let bytes = self.mapping.bytes().get(start..stop).unwrap_or_default();
        if self.footer.pages.get(page) == Some(&crc32fast::hash(bytes)) {
            return Ok(());
        }
        Err(self.damaged(section.to_string(), Some(page as u32), "the page's checksum does not match"))
    }

    /// Fails where a cursor has met damage.
    pub(super) fn intact(&self) -> Result<(), SegmentError> {
        match self.damage.get() {
            None => Ok(()),
            Some((place, what)) => {
                Err(SegmentError::Damaged { path: self.path.clone(), place: place.clone(), what })
            }
        }
    }

    fn damaged(&self, section: impl Into<String>, page: Option<u32>, what: &'static str) -> SegmentError {
        damaged(&self.path, section, page, what)
    }
}

fn damaged(path: &Path, section: impl Into<String>, page: Option<u32>, what: &'static str) -> SegmentError {
    SegmentError::Damaged { path: path.to_owned(), place: Place { section: section.into(), page }, what }
}

/// Reads tail and footer, and returns footer and tail.
fn read_frame(path: &Path, bytes: &[u8]) -> Result<(Footer, Tail), SegmentError> {
    let wrong = |section, what| damaged(path, section, None, what);
    let tail_start = bytes.len().checked_sub(TAIL_BYTES).ok_or(wrong("tail", "the file is cut short"))?;
    let tail = bytes.get(tail_start..).unwrap_or_default();
    let (tail, version) = Tail::read(tail, bytes.len() as u64)
        .ok_or(wrong("tail", "the file is cut short or not a segment"))?;
    let footer = bytes.get(tail.footer_offset as usize..tail_start).unwrap_or_default();
    if crc32fast::hash(footer) != tail.footer_checksum {
        return Err(wrong("footer", "its checksum does not match"));
    }
    if version != FORMAT_VERSION {
        return Err(SegmentError::Version { path: path.to_owned(), found: version, known: FORMAT_VERSION });
    }
    let footer = Footer::read(footer, tail.footer_offset).map_err(|what| wrong("footer", what))?;
    Ok((footer, tail))
}

/// A stretch of a section: the whole of it, or a part.
#[derive(Clone, Copy)]
pub(super) struct Section<'s> {
    image: &'s Image,
    entry: usize,
    /// Where it starts in the file.
    start: usize,
    bytes: &'s [u8],
}

impl<'s> Section<'s> {
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn image(&self) -> &'s Image {
        self.image
    }

    /// Returns all bytes, their pages verified.
    pub(super) fn all(&self) -> Result<&'s [u8], SegmentError> {
        self.window(0, self.bytes.len())
    }

    /// Returns at most `len` bytes from `start` on, their pages verified; fewer where the section ends before.
    pub(super) fn window(&self, start: usize, len: usize) -> Result<&'s [u8], SegmentError> {
        let stop = start.saturating_add(len).min(self.bytes.len());
        let window = self.bytes.get(start..stop);
        let window = window.ok_or_else(|| self.damaged("an offset points outside the section"))?;
        let from = self.start + start;
        self.image.verify(from, from + window.len(), self)?;
        Ok(window)
    }

    /// Returns exactly `len` bytes from `start` on, their pages verified.
    pub(super) fn exactly(&self, start: usize, len: usize) -> Result<&'s [u8], SegmentError> {
        let window = self.window(start, len)?;
        if window.len() == len {
            Ok(window)
        } else {
            Err(self.damaged("a length points outside the section"))
        }
    }

    /// Returns the parts of a section that was written as `N` parts.
    pub(super) fn parts<const N: usize>(&self) -> Result<[Section<'s>; N], SegmentError> {
        let wrong = || self.damaged("the lengths of its parts do not match its own");
        let data = self.len().checked_sub(N * 8).ok_or_else(wrong)?;
        let mut lengths = Input::new(self.exactly(data, N * 8)?);
        let mut at = 0_usize;
        let mut parts = [*self; N];
        for part in &mut parts {
            let len = lengths.u64().and_then(|len| usize::try_from(len).ok()).ok_or_else(wrong)?;
            let stop = at.checked_add(len).filter(|&stop| stop <= data).ok_or_else(wrong)?;
            *part = self.sub(at, stop).ok_or_else(wrong)?;
            at = stop;
        }
        if at == data { Ok(parts) } else { Err(wrong()) }
    }

    pub(super) fn sub(&self, start: usize, stop: usize) -> Option<Section<'s>> {
        let bytes = self.bytes.get(start..stop)?;
        Some(Section { start: self.start + start, bytes, ..*self })
    }

    /// Reads bytes past the mapping; the caller verifies them.
    pub(super) fn read(&self, start: u64, len: usize) -> Result<Vec<u8>, SegmentError> {
        let stop = start.checked_add(len as u64).filter(|&stop| stop <= self.len() as u64);
        stop.ok_or_else(|| self.damaged("an offset points outside the section"))?;
        self.image.read_at(self.start as u64 + start, len)
    }

    pub(super) fn damaged(&self, what: &'static str) -> SegmentError {
        self.image.damaged(self.to_string(), None, what)
    }

    /// Notes damage where no error can be returned.
    #[cold]
    pub(super) fn note(&self, what: &'static str) {
        tracing::error!(segment = %self.image.path.display(), section = %self, what, "segment damaged");
        // Only the first damage is kept; any is enough to refuse the answer.
        let _ = self.image.damage.set((Place { section: self.to_string(), page: None }, what));
    }
}

impl Display for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.image.footer.entries.get(self.entry).map_or(Ok(()), |entry| entry.fmt(f))
    }
}

impl fmt::Debug for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Section").field("name", &self.to_string()).field("bytes", &self.len()).finish()
    }
}
