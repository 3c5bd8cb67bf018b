//! The frame of a segment's file: header, sections, footer.
//!
//! ```text
//! header   16 bytes  magic "DLSEG\r\n\x1A", format version u32, page size u32
//! sections           one after the other, as the table of contents says
//! footer             uuid 16 bytes; versions of analysis, stemmer, gazetteer, extraction, each u32; articles u32;
//!                    number of sections u32; each section: kind u8, flags u8 (bit 0: optional), length of name u16,
//!                    name, offset u64, length u64, sorted by (kind, name); number of pages u32; CRC-32 of each page u32
//! tail     32 bytes  offset of the footer u64, its length u32, its CRC-32 u32, format version u32, reserved u32 (0),
//!                    magic again
//! ```
//!
//! All numbers are little-endian. Pages of [`PAGE_BYTES`] cover everything before the footer, from the first byte of
//! the file; the last may be short. A page is verified when it is first touched, and once. The section `articles` is the
//! exception: it is read past the mapping, and each record carries a checksum of its own.
//!
//! A section of several parts ends with the length of each as u64. Sections of unknown kind are skipped where they are
//! marked optional; any other unknown section means that a later version wrote the file.

use std::fmt;

use uuid::Uuid;

use super::bytes::Input;

/// First and last bytes of every segment; the line ends show a transfer that changed them.
pub(super) const MAGIC: [u8; 8] = *b"DLSEG\r\n\x1A";

/// Version of the format that is written and read.
pub const FORMAT_VERSION: u32 = 1;

/// What one checksum covers, in bytes (32 KiB).
pub const PAGE_BYTES: usize = 32 << 10;

pub(super) const HEADER_BYTES: usize = 16;

pub(super) const TAIL_BYTES: usize = 32;

const OPTIONAL: u8 = 1;

macro_rules! kinds {
    ($($variant:ident = $number:literal $name:literal;)*) => {
        /// What a section holds; the module of the same name says how.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub(super) enum Kind { $($variant = $number,)* }

        impl Kind {
            fn from_byte(byte: u8) -> Option<Kind> {
                match byte {
                    $($number => Some(Kind::$variant),)*
                    _ => None,
                }
            }

            pub(super) fn name(self) -> &'static str {
                match self {
                    $(Kind::$variant => $name,)*
                }
            }
        }
    };
}

kinds! {
    Articles = 1 "articles";
    ArticleOffsets = 2 "article offsets";
    Dictionary = 3 "dictionary";
    Lookup = 4 "lookup";
    Lengths = 5 "lengths";
    Structure = 6 "structure";
    Dates = 7 "dates";
    Numbers = 8 "numbers";
    Booleans = 9 "booleans";
    Terms = 10 "terms";
    Postings = 11 "postings";
    Positions = 12 "positions";
    Stems = 13 "stems";
    Keywords = 14 "keywords";
    Names = 15 "names";
    NameWords = 16 "name words";
    Entities = 17 "entities";
    Within = 18 "within";
    Quotes = 19 "quotes";
    Figures = 20 "figures";
    Presence = 21 "presence";
}

/// Versions of everything that decides what an index holds; a segment is stamped with them.
///
/// Another analysis or stemmer means that the index must be rebuilt from the records: it would answer differently.
/// Gazetteer and extraction decide what the records hold, not how they are indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    /// `text::ANALYSIS_VERSION`: tokens, folding, sentences.
    pub analysis: u32,
    /// The stemmer's tables.
    pub stemmer: u32,
    /// The gazetteer's tables; the oldest among the articles'.
    pub gazetteer: u32,
    /// `extract::VERSION`; the oldest among the articles', 0 where one was not extracted or there is none.
    pub extraction: u32,
}

impl Versions {
    /// Tells whether both index a record alike.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::segment::Versions;
    ///
    /// let one = Versions { analysis: 1, stemmer: 1, gazetteer: 1, extraction: 1 };
    /// assert!(one.indexes_alike(Versions { extraction: 2, ..one }));
    /// assert!(!one.indexes_alike(Versions { stemmer: 2, ..one }));
    /// ```
    pub fn indexes_alike(self, other: Versions) -> bool {
        (self.analysis, self.stemmer) == (other.analysis, other.stemmer)
    }

    /// Returns the versions of a segment whose articles' oldest extraction is of this version.
    pub(super) fn with_oldest(self, extraction: Option<u32>) -> Versions {
        Versions { extraction: extraction.unwrap_or(0), ..self }
    }
}

/// What identifies a written segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Length of the file, in bytes.
    pub bytes: u64,
    /// Its uuid.
    pub uuid: Uuid,
    /// CRC-32 of its footer, which holds the checksums of all pages.
    pub checksum: u32,
    /// Number of articles.
    pub articles: u32,
}

/// A line of the table of contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) kind: Kind,
    /// What tells sections of one kind apart: a field, a kind of entity, a language; mostly empty.
    pub(super) name: Vec<u8>,
    pub(super) offset: u64,
    pub(super) length: u64,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name())?;
        if self.name.is_empty() { Ok(()) } else { write!(f, " {}", String::from_utf8_lossy(&self.name)) }
    }
}

/// Everything that is read when a segment is opened.
#[derive(Debug, Clone)]
pub(super) struct Footer {
    pub(super) uuid: Uuid,
    pub(super) versions: Versions,
    pub(super) articles: u32,
    pub(super) entries: Vec<Entry>,
    pub(super) pages: Vec<u32>,
}

impl Footer {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = self.uuid.as_bytes().to_vec();
        let Versions { analysis, stemmer, gazetteer, extraction } = self.versions;
        let sections = self.entries.len() as u32;
        for number in [analysis, stemmer, gazetteer, extraction, self.articles, sections] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for entry in &self.entries {
            out.extend_from_slice(&[entry.kind as u8, 0]);
            out.extend_from_slice(&(entry.name.len() as u16).to_le_bytes());
            out.extend_from_slice(&entry.name);
            out.extend_from_slice(&entry.offset.to_le_bytes());
            out.extend_from_slice(&entry.length.to_le_bytes());
        }
        out.extend_from_slice(&(self.pages.len() as u32).to_le_bytes());
        self.pages.iter().for_each(|page| out.extend_from_slice(&page.to_le_bytes()));
        out
    }

    /// Reads a footer whose checksum has been verified; `end` is where it starts in the file.
    pub(super) fn read(bytes: &[u8], end: u64) -> Result<Footer, &'static str> {
        let mut input = Input::new(bytes);
        let footer = read_footer(&mut input, end).ok_or("the table of contents does not decode")??;
        if !input.is_empty() {
            return Err("bytes are left over behind the table of contents");
        }
        if footer.pages.len() as u64 != end.div_ceil(PAGE_BYTES as u64) {
            return Err("the number of page checksums does not match the length of the file");
        }
        Ok(footer)
    }

    /// Returns the index of a section; sections are sorted.
    pub(super) fn find(&self, kind: Kind, name: &[u8]) -> Option<usize> {
        let start = self.entries.partition_point(|entry| entry.kind < kind);
        let rest = self.entries.get(start..)?;
        let first = rest.first().filter(|entry| entry.kind == kind)?;
        if first.name == name {
            return Some(start); // Most kinds have one section, without a name.
        }
        let of_kind = rest.get(..rest.partition_point(|entry| entry.kind == kind))?;
        let at = of_kind.binary_search_by(|entry| entry.name.as_slice().cmp(name)).ok()?;
        Some(start + at)
    }
}

fn read_footer(input: &mut Input<'_>, end: u64) -> Option<Result<Footer, &'static str>> {
    let uuid = Uuid::from_bytes(input.array()?);
    let versions = Versions {
        analysis: input.u32()?,
        stemmer: input.u32()?,
        gazetteer: input.u32()?,
        extraction: input.u32()?,
    };
    let articles = input.u32()?;
    let mut entries: Vec<Entry> = Vec::new();
    for _ in 0..input.u32()? {
        let (kind, flags, name_bytes) = (input.byte()?, input.byte()?, input.u16()?);
        let name = input.take(usize::from(name_bytes))?.to_vec();
        let (offset, length) = (input.u64()?, input.u64()?);
        if offset.checked_add(length).is_none_or(|stop| stop > end) {
            return Some(Err("a section lies outside the file"));
        }
        match Kind::from_byte(kind) {
            Some(kind) => entries.push(Entry { kind, name, offset, length }),
            None if flags & OPTIONAL != 0 => {}
            None => return Some(Err("it has a section that only later versions know")),
        }
    }
    if !entries.is_sorted_by(|a, b| (a.kind, &a.name) < (b.kind, &b.name)) {
        return Some(Err("the table of contents is not sorted"));
    }
    let count = input.u32()? as usize;
    let pages = input.take(count.checked_mul(4)?)?.chunks_exact(4);
    let pages = pages.filter_map(|page| Input::new(page).u32()).collect();
    Some(Ok(Footer { uuid, versions, articles, entries, pages }))
}

/// The last bytes of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tail {
    pub(super) footer_offset: u64,
    pub(super) footer_bytes: u32,
    pub(super) footer_checksum: u32,
}

impl Tail {
    pub(super) fn bytes(self) -> Vec<u8> {
        let mut out = self.footer_offset.to_le_bytes().to_vec();
        for number in [self.footer_bytes, self.footer_checksum, FORMAT_VERSION, 0] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        out.extend_from_slice(&MAGIC);
        out
    }

    /// Reads the tail of a file of `file_bytes`, and the version that wrote it.
    pub(super) fn read(tail: &[u8], file_bytes: u64) -> Option<(Tail, u32)> {
        let mut input = Input::new(tail);
        let tail =
            Tail { footer_offset: input.u64()?, footer_bytes: input.u32()?, footer_checksum: input.u32()? };
        let (version, reserved) = (input.u32()?, input.u32()?);
        let whole =
            tail.footer_offset.checked_add(u64::from(tail.footer_bytes))?.checked_add(TAIL_BYTES as u64)?;
        let fits = whole == file_bytes && tail.footer_offset >= HEADER_BYTES as u64;
        (fits && reserved == 0 && input.rest() == MAGIC).then_some((tail, version))
    }
}

/// Returns the first bytes of every segment.
pub(super) fn header() -> [u8; HEADER_BYTES] {
    let mut header = [0; HEADER_BYTES];
    let numbers = FORMAT_VERSION.to_le_bytes().into_iter().chain((PAGE_BYTES as u32).to_le_bytes());
    for (slot, byte) in header.iter_mut().zip(MAGIC.into_iter().chain(numbers)) {
        *slot = byte;
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;

    fn footer() -> Footer {
        let versions = Versions { analysis: 1, stemmer: 2, gazetteer: 3, extraction: 4 };
        let entry = |kind, name: &str| Entry { kind, name: name.into(), offset: 16, length: 4 };
        let entries = vec![entry(Kind::Lookup, ""), entry(Kind::Keywords, "source")];
        Footer { uuid: Uuid::from_u128(7), versions, articles: 9, entries, pages: vec![5] }
    }

    #[test]
    fn footers_round_trip_and_sections_are_found_by_name() {
        let bytes = footer().bytes();
        let again = Footer::read(&bytes, 20).unwrap();
        assert_eq!(again.bytes(), bytes);
        assert_eq!(again.find(Kind::Keywords, b"source"), Some(1));
        assert_eq!(again.find(Kind::Keywords, b"place"), None);
    }

    #[test]
    fn unknown_sections_are_skipped_only_where_they_are_optional() {
        let mut bytes = footer().bytes();
        bytes[16 + 24] = 200;
        assert!(Footer::read(&bytes, 20).is_err());
        bytes[16 + 25] = OPTIONAL;
        assert_eq!(Footer::read(&bytes, 20).unwrap().entries.len(), 1);
    }

    #[test]
    fn sections_outside_the_file_and_cut_footers_are_refused() {
        let bytes = footer().bytes();
        assert!(Footer::read(&bytes, 19).is_err());
        assert!((0..bytes.len()).all(|cut| Footer::read(&bytes[..cut], 20).is_err()));
    }

    #[test]
    fn tails_fit_their_file_exactly() {
        let tail = Tail { footer_offset: 20, footer_bytes: 50, footer_checksum: 3 };
        assert_eq!(Tail::read(&tail.bytes(), 102), Some((tail, FORMAT_VERSION)));
        assert_eq!(Tail::read(&tail.bytes(), 103), None);
    }
}
