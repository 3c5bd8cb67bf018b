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

    /// Replaces everything with what [`Occurrences::put`] wrote; `None` where the bytes do not decode.
    pub(super) fn read(&mut self, bytes: &[u8], count: u64, has_forms: bool) -> Option<()> {
        self.clear();
        let mut input = Input::new(bytes);
        for _ in 0..count / CHUNK as u64 {
            self.read_chunk(&mut input, has_forms)?;
        }
        self.read_remainder(&mut input, count % CHUNK as u64, has_forms)
    }

    /// Replaces everything with what [`Occurrences::put_plain`] wrote; `None` where the bytes do not decode.
    pub(super) fn read_plain(&mut self, bytes: &[u8], count: u64, has_forms: bool) -> Option<()> {
        self.clear();
        self.read_remainder(&mut Input::new(bytes), count, has_forms)
    }

    fn read_chunk(&mut self, input: &mut Input<'_>, has_forms: bool) -> Option<()> {
        let width = input.byte()?;
        let form_width = if has_forms { input.byte()? } else { 0 };
        unpack(input, width, &mut self.gaps)?;
        if has_forms { unpack(input, form_width, &mut self.forms) } else { Some(()) }
    }

    fn read_remainder(&mut self, input: &mut Input<'_>, count: u64, has_forms: bool) -> Option<()> {
        for _ in 0..count {
            self.gaps.push(input.varint32()?);
        }
        for _ in 0..if has_forms { count } else { 0 } {
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

    proptest! {
        #[test]
        fn occurrences_round_trip(
            gaps in proptest::collection::vec(any::<u32>(), 0..400), shift in 0..32_u32, has_forms: bool,
        ) {
            let gaps: Vec<u32> = gaps.iter().map(|gap| gap >> shift).collect();
            let forms = if has_forms { gaps.iter().map(|gap| gap % 5).collect() } else { Vec::new() };
            let written = Occurrences { gaps, forms };
            let count = written.gaps.len() as u64;
            let (mut chunks, mut plain) = (Vec::new(), Vec::new());
            written.put(&mut Packer::new(), &mut chunks);
            written.put_plain(&mut plain);
            let mut read = Occurrences::default();
            prop_assert!(read.read(&chunks, count, has_forms).is_some());
            prop_assert_eq!((&read.gaps, &read.forms), (&written.gaps, &written.forms));
            prop_assert!(read.read_plain(&plain, count, has_forms).is_some());
            prop_assert_eq!((&read.gaps, &read.forms), (&written.gaps, &written.forms));
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..100), count in 0..1_000_u64) {
            let mut read = Occurrences::default();
            if read.read(&bytes, count, true).is_some() {
                prop_assert_eq!(read.gaps.len() as u64, count);
            }
        }
    }
}
