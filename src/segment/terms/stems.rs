//! Stems: for each language of the segment that has a stemmer, which words of its articles share a stem.
//!
//! A section `stems` for each language, named by its code, of two parts. Part 1: an `fst` map from each stem to the start
//! of its group in part 2. Part 2: groups: number of words varint, then the places of their records in `postings`,
//! rising, each as varint less the one before.
//!
//! A word that is its own stem is in no group: it is looked up in the dictionary.

use std::io::{self, Write};

use fst::{Map, MapBuilder};

use crate::segment::bytes::{Input, put_varint};
use crate::segment::error::SegmentError;
use crate::segment::format::Kind;
use crate::segment::image::Image;
use crate::segment::sink::Sink;
use crate::segment::spool::Spool;
use crate::text;

/// Version of the stemmer's tables that segments are stamped with.
pub const STEMMER_VERSION: u32 = 1;

/// The languages of a segment's articles that have a stemmer, as bits of a mask.
#[derive(Debug, Clone, Default)]
pub(in crate::segment) struct Languages {
    codes: Vec<String>,
}

impl Languages {
    /// Returns the bit of a language; 0 where it has no stemmer.
    pub(in crate::segment) fn bit(&mut self, lang: &str) -> u32 {
        if let Some(at) = self.codes.iter().position(|code| code == lang) {
            return 1 << at;
        }
        // There are fewer stemmers than bits, and codes are compared in lower case.
        if !text::has_stemmer(lang) || self.codes.len() == 32 {
            return 0;
        }
        self.codes.push(lang.to_owned());
        1 << (self.codes.len() - 1)
    }
}

/// Collects stems while the words are written.
pub(in crate::segment) struct StemsWriter {
    languages: Languages,
    stems: String,
    words: Vec<Stemmed>,
}

/// A word that is not its own stem.
struct Stemmed {
    /// Index of the language.
    language: u8,
    /// Length of the stem, which starts at `start` of the collected stems.
    len: u16,
    start: usize,
    offset: u64,
}

impl StemsWriter {
    pub(in crate::segment) fn new(languages: Languages) -> StemsWriter {
        StemsWriter { languages, stems: String::new(), words: Vec::new() }
    }

    /// Adds a word of articles in these languages.
    pub(in crate::segment) fn add(&mut self, word: &str, languages: u32, offset: u64) {
        for (language, code) in (0..).zip(&self.languages.codes) {
            if languages & (1 << language) == 0 {
                continue;
            }
            if let Some(stem) = text::stem(word, code).filter(|stem| stem != word) {
                let (start, len) = (self.stems.len(), stem.len() as u16);
                self.stems.push_str(&stem);
                self.words.push(Stemmed { language, len, start, offset });
            }
        }
    }

    /// Writes a section for each language, in the order of their codes.
    pub(in crate::segment) fn finish<W: Write>(mut self, sink: &mut Sink<W>) -> io::Result<()> {
        let stems = std::mem::take(&mut self.stems);
        let stem = |word: &Stemmed| stems.get(word.start..word.start + usize::from(word.len)).unwrap_or("");
        self.words.sort_unstable_by_key(|word| (word.language, stem(word), word.offset));
        let mut codes: Vec<(u8, &String)> = (0..).zip(&self.languages.codes).collect();
        codes.sort_unstable_by_key(|&(_, code)| code);
        for (language, code) in codes {
            let start = self.words.partition_point(|word| word.language < language);
            let stop = self.words.partition_point(|word| word.language <= language);
            let words = self.words.get(start..stop).unwrap_or_default();
            let (mut map, mut lists) = (MapBuilder::memory(), Vec::new());
            for group in words.chunk_by(|a, b| stem(a) == stem(b)) {
                let key = group.first().map_or("", stem);
                map.insert(key, lists.len() as u64).map_err(io::Error::other)?;
                put_group(&mut lists, group);
            }
            let map = map.into_inner().map_err(io::Error::other)?;
            sink.parts(Kind::Stems, code.as_bytes(), [Spool::of(map), Spool::of(lists)])?;
        }
        Ok(())
    }
}

fn put_group(out: &mut Vec<u8>, words: &[Stemmed]) {
    put_varint(out, words.len() as u64);
    let mut before = 0;
    for word in words {
        put_varint(out, word.offset - before);
        before = word.offset;
    }
}

/// Returns the places of the records of the other words with this stem.
pub(super) fn find(image: &Image, stem: &str, lang: &str) -> Result<Vec<u64>, SegmentError> {
    let Some(section) = image.section(Kind::Stems, lang.to_lowercase().as_bytes()) else {
        return Ok(Vec::new());
    };
    let [stems, lists] = section.parts()?;
    let stems = Map::new(stems.all()?).map_err(|_| section.damaged("it is not an fst"))?;
    let Some(start) = stems.get(stem) else { return Ok(Vec::new()) };
    let lists = lists.all()?;
    let group = usize::try_from(start).ok().and_then(|start| lists.get(start..));
    let group = group.and_then(|group| read_group(&mut Input::new(group)));
    group.ok_or_else(|| section.damaged("a group of words does not decode"))
}

fn read_group(input: &mut Input<'_>) -> Option<Vec<u64>> {
    let mut offset = 0_u64;
    let count = input.varint()?;
    let next = |_| {
        offset = offset.checked_add(input.varint()?)?;
        Some(offset)
    };
    (0..count).map(next).collect()
}
