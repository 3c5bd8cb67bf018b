//! Boolean fields.
//!
//! A section `booleans` for each boolean field: `Ints` of two bits an article: 1 it has false, 2 it has true.

use std::io::{self, Write};

use crate::segment::bytes::Input;
use crate::segment::error::SegmentError;
use crate::segment::format::Kind;
use crate::segment::image::Section;
use crate::segment::ints::Ints;
use crate::segment::sink::Sink;

/// Writes the values of one boolean field.
#[derive(Default)]
pub(in crate::segment) struct BooleansWriter {
    bits: Vec<u8>,
}

impl BooleansWriter {
    /// Adds the values of the next article.
    pub(in crate::segment) fn article(&mut self, values: impl IntoIterator<Item = bool>) {
        self.bits.push(values.into_iter().fold(0, |bits, value| bits | bit(value)));
    }

    /// Writes the section of a field, unless no article has a value.
    pub(in crate::segment) fn write<W: Write>(&self, sink: &mut Sink<W>, name: &[u8]) -> io::Result<()> {
        if self.is_empty() { Ok(()) } else { sink.section(Kind::Booleans, name, &self.bytes()) }
    }

    fn is_empty(&self) -> bool {
        self.bits.iter().all(|&bits| bits == 0)
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        Ints::write(&mut out, self.bits.iter().map(|&bits| u64::from(bits)));
        out
    }
}

fn bit(value: bool) -> u8 {
    if value { 2 } else { 1 }
}

/// A boolean field, many-valued.
#[derive(Debug, Clone)]
pub struct BooleanColumn<'s> {
    bits: Ints<'s>,
}

impl<'s> BooleanColumn<'s> {
    pub(in crate::segment) fn open(section: Section<'s>) -> Result<BooleanColumn<'s>, SegmentError> {
        let bits = Ints::read(&mut Input::new(section.all()?));
        let bits = bits.filter(|bits| bits.len() == section.image().footer().articles as usize);
        let bits = bits.ok_or_else(|| section.damaged("a boolean column does not decode"))?;
        Ok(BooleanColumn { bits })
    }

    /// Tells whether an article has this value.
    pub fn has(&self, ordinal: u32, value: bool) -> bool {
        self.bits.get(ordinal as usize).is_some_and(|bits| bits & u64::from(bit(value)) != 0)
    }
}
