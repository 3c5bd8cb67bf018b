//! Gaps between positions with the numbers of spellings, in chunks of 128; the module above has the layout.

use bitpacking::{BitPacker, BitPacker4x};

use crate::segment::bytes::{Input, put_varint};
use crate::segment::postings::{BLOCK_ORDINALS as CHUNK, Packer};

/// The occurrences of a word in one block of articles.
#[derive(Debug, Clone, Default)]
pub(super) struct Occurrences {
    pub(super) gaps: Vec<u32>,
    /// Numbers of spellings, one a gap; empty where the word has one spelling.
    pub(super) forms: Vec<u32>,
}

impl Occurrences {
    pub(super) fn clear(&mut self) {
        self.gaps.clear();
        self.forms.clear();
    }

    /// Appends the chunks and the remainder.
    pub(super) fn put(&self, packer: &mut Packer, out: &mut Vec<u8>) {
        let mut forms = self.forms.chunks(CHUNK);
        for gaps in self.gaps.chunks(CHUNK) {
            let forms = forms.next();
            match <&[u32; CHUNK]>::try_from(gaps) {
                Ok(gaps) => put_chunk(packer, out, gaps, forms.and_then(|forms| forms.try_into().ok())),
                Err(_) => put_remainder(out, gaps, forms.unwrap_or_default()),
            }
        }
    }

    /// Appends all as a remainder.
    pub(super) fn put_plain(&self, out: &mut Vec<u8>) {
        put_remainder(out, &self.gaps, &self.forms);
    }
}

/// Reads the occurrences of one block of articles, and of these only the chunks that are asked for.
#[derive(Debug, Clone, Default)]
pub(super) struct OccurrenceReader<'s> {
    bytes: &'s [u8],
    has_forms: bool,
    /// Where each chunk starts; the remainder, where there is one, is the last of them.
    units: Vec<usize>,
    /// How many of the units are chunks.
    chunks: usize,
    /// Occurrences of the remainder.
    left: u64,
    /// The unit that `gaps` and `forms` begin with, and the one behind their last.
    decoded: (usize, usize),
    gaps: Vec<u32>,
    forms: Vec<u32>,
}

impl<'s> OccurrenceReader<'s> {
    /// Begins with what [`Occurrences::put`] wrote; `None` where the bytes end early.
    pub(super) fn open(&mut self, bytes: &'s [u8], count: u64, has_forms: bool) -> Option<()> {
        self.begin(bytes, count % CHUNK as u64, has_forms);
        let mut input = Input::new(bytes);
        for _ in 0..count / CHUNK as u64 {
            self.units.push(bytes.len() - input.rest().len());
            let mut width = usize::from(input.byte()?);
            if has_forms {
                width += usize::from(input.byte()?);
            }
            input.take(width * CHUNK / 8)?;
        }
        self.chunks = self.units.len();
        self.units.push(bytes.len() - input.rest().len());
        Some(())
    }

    /// Begins with what [`Occurrences::put_plain`] wrote.
    pub(super) fn open_plain(&mut self, bytes: &'s [u8], count: u64, has_forms: bool) {
        self.begin(bytes, count, has_forms);
        self.units.push(0);
    }

    fn begin(&mut self, bytes: &'s [u8], left: u64, has_forms: bool) {
        (self.bytes, self.has_forms, self.left) = (bytes, has_forms, left);
        self.units.clear();
        (self.chunks, self.decoded) = (0, (0, 0));
        self.gaps.clear();
        self.forms.clear();
    }

    /// Returns the gaps and the numbers of spellings of the occurrences from `start` up to `stop`; `None` where they do
    /// not decode. Where the word has one spelling there are no numbers.
    pub(super) fn get(&mut self, start: usize, stop: usize) -> Option<(&[u32], &[u32])> {
        if start >= stop {
            return Some((&[], &[]));
        }
        let unit = |occurrence: usize| (occurrence / CHUNK).min(self.chunks);
        let (first, last) = (unit(start), unit(stop - 1));
        if first < self.decoded.0 || first > self.decoded.1 {
            self.decoded = (first, first);
            self.gaps.clear();
            self.forms.clear();
        }
        while self.decoded.1 <= last {
            self.decode(self.decoded.1)?;
            self.decoded.1 += 1;
        }
        let before = self.decoded.0 * CHUNK;
        let place = start - before..stop - before;
        let forms = if self.has_forms { self.forms.get(place.clone())? } else { &[] };
        Some((self.gaps.get(place)?, forms))
    }

    /// Appends a unit to what is decoded.
    fn decode(&mut self, unit: usize) -> Option<()> {
        let mut input = Input::new(self.bytes.get(*self.units.get(unit)?..)?);
        match unit < self.chunks {
            true => self.read_chunk(&mut input),
            false => self.read_remainder(&mut input),
        }
    }

    fn read_chunk(&mut self, input: &mut Input<'_>) -> Option<()> {
        let width = input.byte()?;
        let form_width = if self.has_forms { input.byte()? } else { 0 };
        unpack(input, width, &mut self.gaps)?;
        if self.has_forms { unpack(input, form_width, &mut self.forms) } else { Some(()) }
    }

    fn read_remainder(&mut self, input: &mut Input<'_>) -> Option<()> {
        for _ in 0..self.left {
            self.gaps.push(input.varint32()?);
        }
        for _ in 0..if self.has_forms { self.left } else { 0 } {
            self.forms.push(input.varint32()?);
        }
        Some(())
    }
}

fn put_chunk(packer: &mut Packer, out: &mut Vec<u8>, gaps: &[u32; CHUNK], forms: Option<&[u32; CHUNK]>) {
    let width = packer.width(gaps);
    out.push(width);
    let form_width = forms.map(|forms| packer.width(forms));
    out.extend(form_width);
    packer.put(out, gaps, width);
    if let (Some(forms), Some(width)) = (forms, form_width) {
        packer.put(out, forms, width);
    }
}

fn put_remainder(out: &mut Vec<u8>, gaps: &[u32], forms: &[u32]) {
    for &number in gaps.iter().chain(forms) {
        put_varint(out, u64::from(number));
    }
}

fn unpack(input: &mut Input<'_>, width: u8, out: &mut Vec<u32>) -> Option<()> {
    if width > 32 {
        return None;
    }
    let packed = input.take(usize::from(width) * CHUNK / 8)?;
    let start = out.len();
    out.resize(start + CHUNK, 0);
    BitPacker4x::new().decompress(packed, out.get_mut(start..)?, width);
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(gaps: &[u32], shift: u32, has_forms: bool) -> Occurrences {
        let gaps: Vec<u32> = gaps.iter().map(|gap| gap >> shift).collect();
        let forms = if has_forms { gaps.iter().map(|gap| gap % 5).collect() } else { Vec::new() };
        Occurrences { gaps, forms }
    }

    proptest! {
        #[test]
        fn any_part_is_read_as_it_was_written(
            gaps in proptest::collection::vec(any::<u32>(), 0..600), shift in 0..32_u32, has_forms: bool,
            parts in proptest::collection::vec((0..600_usize, 0..300_usize), 1..12),
        ) {
            let written = written(&gaps, shift, has_forms);
            let count = written.gaps.len();
            let (mut chunks, mut plain) = (Vec::new(), Vec::new());
            written.put(&mut Packer::new(), &mut chunks);
            written.put_plain(&mut plain);
            let (mut reader, mut plain_reader) = (OccurrenceReader::default(), OccurrenceReader::default());
            prop_assert!(reader.open(&chunks, count as u64, has_forms).is_some());
            plain_reader.open_plain(&plain, count as u64, has_forms);
            for (start, len) in parts.into_iter().chain([(0, count)]) {
                let place = start.min(count)..(start + len).min(count);
                let forms = if has_forms { &written.forms[place.clone()] } else { &[] };
                let wanted = Some((&written.gaps[place.clone()], forms));
                prop_assert_eq!(reader.get(place.start, place.end), wanted);
                prop_assert_eq!(plain_reader.get(place.start, place.end), wanted);
            }
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..100), count in 1..1_000_usize) {
            let mut reader = OccurrenceReader::default();
            if reader.open(&bytes, count as u64, true).is_some() {
                let read = reader.get(0, count);
                prop_assert!(read.is_none_or(|(gaps, forms)| gaps.len() == count && forms.len() == count));
            }
        }
    }
}
