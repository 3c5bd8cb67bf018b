//! Date fields.
//!
//! A section `dates` for each date field, of two parts. Part 1:
//!
//! ```text
//! spread
//! classes    number varint; each: precision 1 byte, 1 byte: whether it has an offset, offset in minutes i16
//! starts     `Ints`: `Date::sort_start` of each value, its sign bit flipped
//! codes      `Ints`: the class of each value
//! ```
//!
//! Part 2 is empty but for the field `date`; see `sorted_dates`.

use std::io::{self, Write};

use crate::date::{Date, Offset, Precision};
use crate::schema::Builtin;
use crate::segment::bytes::{Input, put_varint};
use crate::segment::error::SegmentError;
use crate::segment::format::Kind;
use crate::segment::image::Section;
use crate::segment::ints::{Ints, from_ordered, to_ordered};
use crate::segment::sink::Sink;
use crate::segment::spool::Spool;

use super::spread::{Spread, SpreadWriter};

/// What a stored date is known to: its precision, and the offset that it was given with.
pub(super) type Class = (Precision, Option<Offset>);

/// Writes the values of one date field.
pub(in crate::segment) struct DatesWriter {
    spread: SpreadWriter,
    values: Vec<Date>,
}

impl DatesWriter {
    pub(in crate::segment) fn new() -> DatesWriter {
        DatesWriter { spread: SpreadWriter::new(), values: Vec::new() }
    }

    /// Adds the values of the next article.
    pub(in crate::segment) fn article(&mut self, values: impl IntoIterator<Item = Date>) {
        let start = self.values.len();
        self.values.extend(values);
        if let Some(values) = self.values.get_mut(start..) {
            values.sort_unstable();
        }
        self.spread.push(self.values.len() - start);
    }

    /// Writes the section of a field, unless no article has a value.
    pub(in crate::segment) fn write<W: Write>(&self, sink: &mut Sink<W>, name: &[u8]) -> io::Result<()> {
        if self.values.is_empty() {
            return Ok(());
        }
        let is_sorted = name == Builtin::Date.name().as_bytes();
        let runs = if is_sorted { self.runs() } else { Vec::new() };
        sink.parts(Kind::Dates, name, [Spool::of(self.bytes()), Spool::of(runs)])
    }

    /// Returns the values written, in order.
    pub(super) fn values(&self) -> &[Date] {
        &self.values
    }

    fn bytes(&self) -> Vec<u8> {
        let class = |date: &Date| (date.precision(), date.offset());
        let mut classes: Vec<Class> = self.values.iter().map(class).collect();
        classes.sort_unstable();
        classes.dedup();
        let mut out = Vec::new();
        self.spread.put(&mut out);
        put_varint(&mut out, classes.len() as u64);
        for (precision, offset) in &classes {
            out.extend_from_slice(&[*precision as u8, u8::from(offset.is_some())]);
            out.extend_from_slice(&offset.map_or(0, Offset::minutes).to_le_bytes());
        }
        Ints::write(&mut out, self.values.iter().map(|date| to_ordered(date.sort_start())));
        let codes =
            self.values.iter().map(|date| classes.partition_point(|other| *other < class(date)) as u64);
        Ints::write(&mut out, codes.collect::<Vec<_>>().into_iter());
        out
    }
}

/// A date field, many-valued.
#[derive(Debug, Clone)]
pub struct DateColumn<'s> {
    section: Section<'s>,
    spread: Spread<'s>,
    classes: Vec<Class>,
    starts: Ints<'s>,
    codes: Ints<'s>,
}

impl<'s> DateColumn<'s> {
    pub(in crate::segment) fn open(section: Section<'s>) -> Result<DateColumn<'s>, SegmentError> {
        let mut input = Input::new(section.all()?);
        let articles = section.image().footer().articles as usize;
        let mut read = || {
            let spread = Spread::read(&mut input, articles)?;
            let classes = (0..input.varint()?).map(|_| read_class(&mut input)).collect::<Option<Vec<_>>>()?;
            let (starts, codes) = (Ints::read(&mut input)?, Ints::read(&mut input)?);
            let fits = starts.len() == spread.total() && codes.len() == spread.total();
            fits.then_some(DateColumn { section, spread, classes, starts, codes })
        };
        read().ok_or_else(|| section.damaged("a date column does not decode"))
    }

    /// Returns the number of values of an article.
    pub fn count(&self, ordinal: u32) -> u32 {
        self.spread.place(ordinal).len() as u32
    }

    /// Returns the values of an article, oldest first.
    pub fn values(&self, ordinal: u32) -> impl Iterator<Item = Date> + '_ {
        self.spread.place(ordinal).filter_map(|at| self.get(at))
    }

    /// Returns the number of values of all articles.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    pub(super) fn start(&self, at: usize) -> Option<i64> {
        self.starts.get(at).map(from_ordered)
    }

    pub(super) fn class(&self, at: usize) -> Option<Class> {
        self.classes.get(self.codes.get32(at)? as usize).copied()
    }

    pub(super) fn classes(&self) -> &[Class] {
        &self.classes
    }

    /// Returns value number `at` of all; `None` past the last.
    pub(super) fn get(&self, at: usize) -> Option<Date> {
        let start = self.start(at)?;
        let date = self.class(at).and_then(|(precision, offset)| {
            let wall = start.checked_add(offset.map_or(0, Offset::seconds))?;
            Date::from_parts(wall, precision, offset)
        });
        if date.is_none() {
            self.section.note("a date is none of the calendar");
        }
        date
    }

    /// Returns the number of leading values that start at or after `sort_start`, where values fall.
    pub(super) fn boundary(&self, sort_start: i64) -> usize {
        self.starts.partition_point(|start| from_ordered(start) >= sort_start)
    }
}

fn read_class(input: &mut Input<'_>) -> Option<Class> {
    let precision = Precision::from_byte(input.byte()?)?;
    let has_offset = input.byte()?;
    let minutes = i16::from_le_bytes(input.array()?);
    let offset = if has_offset == 0 { None } else { Some(Offset::from_minutes(minutes)?) };
    Some((precision, offset))
}
