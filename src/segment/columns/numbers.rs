//! Number fields; whole numbers stay exact.
//!
//! A section `numbers` for each number field but `id` and `words`, which other sections hold.
//!
//! ```text
//! spread
//! form       1 byte: 0 all whole: `Ints`: each value, its sign bit flipped
//!                    1 some decimal: `Ints`: 0 whole, 1 decimal; `Ints`: whole values with their sign bit flipped, bits
//!                      of decimal values
//! bounds     only where there is a value: smallest and largest, each 1 byte 0 or 1 as above and 8 bytes
//! ```

use std::io::{self, Write};

use crate::segment::bytes::Input;
use crate::segment::error::SegmentError;
use crate::segment::format::Kind;
use crate::segment::image::Section;
use crate::segment::ints::{Ints, from_ordered, to_ordered};
use crate::segment::sink::Sink;
use crate::value::Number;

use super::spread::{Spread, SpreadWriter};

/// Writes the values of one number field.
pub(in crate::segment) struct NumbersWriter {
    spread: SpreadWriter,
    values: Vec<Number>,
}

impl NumbersWriter {
    pub(in crate::segment) fn new() -> NumbersWriter {
        NumbersWriter { spread: SpreadWriter::new(), values: Vec::new() }
    }

    /// Adds the values of the next article; equal ones count once.
    pub(in crate::segment) fn article(&mut self, values: impl IntoIterator<Item = Number>) {
        let mut values: Vec<Number> = values.into_iter().collect();
        values.sort();
        values.dedup();
        self.spread.push(values.len());
        self.values.append(&mut values);
    }

    /// Writes the section of a field, unless no article has a value.
    pub(in crate::segment) fn write<W: Write>(&self, sink: &mut Sink<W>, name: &[u8]) -> io::Result<()> {
        if self.is_empty() { Ok(()) } else { sink.section(Kind::Numbers, name, &self.bytes()) }
    }

    fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.spread.put(&mut out);
        let pairs = self.values.iter().map(|&value| coded(value));
        if pairs.clone().all(|(is_decimal, _)| is_decimal == 0) {
            out.push(0);
        } else {
            out.push(1);
            Ints::write(&mut out, pairs.clone().map(|(is_decimal, _)| u64::from(is_decimal)));
        }
        Ints::write(&mut out, pairs.map(|(_, bits)| bits));
        for bound in [self.values.iter().min(), self.values.iter().max()].into_iter().flatten() {
            let (is_decimal, bits) = coded(*bound);
            out.push(is_decimal);
            out.extend_from_slice(&bits.to_le_bytes());
        }
        out
    }
}

/// Returns whether a number is decimal, and its bits.
fn coded(number: Number) -> (u8, u64) {
    match number {
        Number::Whole(value) => (0, to_ordered(value)),
        Number::Decimal(value) => (1, value.to_bits()),
    }
}

fn number_of(is_decimal: bool, bits: u64) -> Number {
    if is_decimal { Number::Decimal(f64::from_bits(bits)) } else { Number::Whole(from_ordered(bits)) }
}

/// A number field, many-valued; whole numbers stay exact.
#[derive(Debug, Clone)]
pub struct NumberColumn<'s> {
    spread: Spread<'s>,
    form: Form<'s>,
    bounds: Option<(Number, Number)>,
}

#[derive(Debug, Clone, Copy)]
enum Form<'s> {
    Whole(Ints<'s>),
    Mixed(Ints<'s>, Ints<'s>),
    /// Numbers from 0 on, without a flipped sign bit.
    Natural(Ints<'s>),
}

impl<'s> NumberColumn<'s> {
    pub(in crate::segment) fn open(section: Section<'s>) -> Result<NumberColumn<'s>, SegmentError> {
        let mut input = Input::new(section.all()?);
        let articles = section.image().footer().articles as usize;
        read(&mut input, articles).ok_or_else(|| section.damaged("a number column does not decode"))
    }

    /// Returns a column of one number for each article.
    pub(in crate::segment) fn natural(numbers: Ints<'s>) -> NumberColumn<'s> {
        let number = |value: u64| Number::Whole(value as i64);
        let bounds = numbers.iter().min().zip(numbers.iter().max());
        NumberColumn {
            spread: Spread::Prefix(numbers.len()),
            form: Form::Natural(numbers),
            bounds: bounds.map(|(low, high)| (number(low), number(high))),
        }
    }

    /// Returns the number of values of an article.
    pub fn count(&self, ordinal: u32) -> u32 {
        self.spread.place(ordinal).len() as u32
    }

    /// Returns the distinct values of an article, rising.
    pub fn values(&self, ordinal: u32) -> impl Iterator<Item = Number> + '_ {
        self.spread.place(ordinal).filter_map(|at| self.get(at))
    }

    /// Returns the smallest and largest value of all articles.
    pub fn bounds(&self) -> Option<(Number, Number)> {
        self.bounds
    }

    fn get(&self, at: usize) -> Option<Number> {
        match &self.form {
            Form::Whole(values) => values.get(at).map(|bits| number_of(false, bits)),
            Form::Mixed(kinds, values) => Some(number_of(kinds.get(at)? != 0, values.get(at)?)),
            Form::Natural(values) => values.get(at).map(|value| Number::Whole(value as i64)),
        }
    }
}

fn read<'s>(input: &mut Input<'s>, articles: usize) -> Option<NumberColumn<'s>> {
    let spread = Spread::read(input, articles)?;
    let form = match input.byte()? {
        0 => Form::Whole(Ints::read(input)?),
        1 => Form::Mixed(Ints::read(input)?, Ints::read(input)?),
        _ => return None,
    };
    let fits = match &form {
        Form::Mixed(kinds, values) => kinds.len() == spread.total() && values.len() == spread.total(),
        Form::Whole(values) | Form::Natural(values) => values.len() == spread.total(),
    };
    let mut bound = || Some(number_of(input.byte()? != 0, input.u64()?));
    let bounds = bound().zip(bound());
    fits.then_some(NumberColumn { spread, form, bounds })
}
