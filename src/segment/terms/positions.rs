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
    gaps: Decoded,
    forms: Decoded,
}

/// Neighbouring units of gaps or of numbers of spellings; most questions need no spellings.
#[derive(Debug, Clone, Default)]
struct Decoded {
    /// The first unit and the one behind the last.
    units: (usize, usize),
    numbers: Vec<u32>,
}

impl Decoded {
    fn clear(&mut self) {
        self.units = (0, 0);
        self.numbers.clear();
    }

    /// Makes sure that the units from `first` to `last` are here; `decode` appends one.
    fn extend_to(
        &mut self,
        (first, last): (usize, usize),
        decode: impl Fn(usize, &mut Vec<u32>) -> Option<()>,
    ) -> Option<()> {
        if first < self.units.0 || first > self.units.1 {
            self.units = (first, first);
            self.numbers.clear();
        }
        while self.units.1 <= last {
            decode(self.units.1, &mut self.numbers)?;
            self.units.1 += 1;
        }
        Some(())
    }

    /// Returns the numbers of the occurrences from `start` up to `stop`, whose units are here.
    fn get(&self, start: usize, stop: usize) -> Option<&[u32]> {
        let before = self.units.0 * CHUNK;
        self.numbers.get(start.checked_sub(before)?..stop.checked_sub(before)?)
    }
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
        self.chunks = 0;
        self.gaps.clear();
        self.forms.clear();
    }

    /// Returns the gaps of the occurrences from `start` up to `stop`; `None` where they do not decode.
    pub(super) fn gaps(&mut self, start: usize, stop: usize) -> Option<&[u32]> {
        if start >= stop {
            return Some(&[]);
        }
        let mut gaps = std::mem::take(&mut self.gaps);
        let found = gaps.extend_to(self.units_of(start, stop), |unit, out| self.decode_gaps(unit, out));
        self.gaps = gaps;
        found.and_then(|()| self.gaps.get(start, stop))
    }

    /// Returns the numbers of spellings of the occurrences from `start` up to `stop`; `None` where they do not decode.
    /// Where the word has one spelling there are no numbers.
    pub(super) fn forms(&mut self, start: usize, stop: usize) -> Option<&[u32]> {
        if start >= stop || !self.has_forms {
            return Some(&[]);
        }
        let mut forms = std::mem::take(&mut self.forms);
        let found = forms.extend_to(self.units_of(start, stop), |unit, out| self.decode_forms(unit, out));
        self.forms = forms;
        found.and_then(|()| self.forms.get(start, stop))
    }

    /// Returns the first and the last unit of the occurrences from `start` up to `stop`.
    fn units_of(&self, start: usize, stop: usize) -> (usize, usize) {
        let unit = |occurrence: usize| (occurrence / CHUNK).min(self.chunks);
        (unit(start), unit(stop.saturating_sub(1)))
    }

    fn input(&self, unit: usize) -> Option<Input<'s>> {
        Some(Input::new(self.bytes.get(*self.units.get(unit)?..)?))
    }

    fn decode_gaps(&self, unit: usize, out: &mut Vec<u32>) -> Option<()> {
        let mut input = self.input(unit)?;
        if unit >= self.chunks {
            return read_plain(&mut input, self.left, out);
        }
        let width = input.byte()?;
        if self.has_forms {
            input.byte()?;
        }
        unpack(&mut input, width, out)
    }

    fn decode_forms(&self, unit: usize, out: &mut Vec<u32>) -> Option<()> {
        let mut input = self.input(unit)?;
        if unit >= self.chunks {
            (0..self.left).try_for_each(|_| input.varint32().map(drop))?;
            return read_plain(&mut input, self.left, out);
        }
        let (width, form_width) = (input.byte()?, input.byte()?);
        input.take(usize::from(width) * CHUNK / 8)?;
        unpack(&mut input, form_width, out)
    }
}

fn read_plain(input: &mut Input<'_>, count: u64, out: &mut Vec<u32>) -> Option<()> {
    for _ in 0..count {
        out.push(input.varint32()?);
    }
    Some(())
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
                let gaps = Some(&written.gaps[place.clone()]);
                for reader in [&mut reader, &mut plain_reader] {
                    prop_assert_eq!(reader.gaps(place.start, place.end), gaps);
                    prop_assert_eq!(reader.forms(place.start, place.end), Some(forms));
                }
            }
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..100), count in 1..1_000_usize) {
            let mut reader = OccurrenceReader::default();
            if reader.open(&bytes, count as u64, true).is_some() {
                prop_assert!(reader.gaps(0, count).is_none_or(|gaps| gaps.len() == count));
                prop_assert!(reader.forms(0, count).is_none_or(|forms| forms.len() == count));
            }
        }
    }
}
