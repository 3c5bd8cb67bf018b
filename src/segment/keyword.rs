//! Keyword fields: which values, which articles have each, which values each article has.
//!
//! A section `keywords` for each field, of four parts: the three of `values`, and the forward lists:
//!
//! ```text
//! forward    form 1 byte: 0 at most one value an article: `Ints`: its number plus 1, or 0
//!                         1 several: `Ints`: where each article's numbers start, and where the last end; `Ints`: the
//!                           numbers, rising within an article
//! ```

use std::io;
use std::ops::Range;

use super::bytes::Input;
use super::error::SegmentError;
use super::format::Kind;
use super::image::{Image, Section};
use super::ints::Ints;
use super::postings::Postings;
use super::spool::Spool;
use super::values::{KeywordValue, Values, ValuesWriter};
use crate::schema::{Builtin, FieldName};

/// Returns the name of a field's sections: built-in fields as they are, declared ones behind a colon.
pub(super) fn section_name(field: &FieldName) -> Vec<u8> {
    match field {
        FieldName::Builtin(field) => field.name().into(),
        FieldName::Declared(name) => [":", name].concat().into_bytes(),
    }
}

/// Undoes [`section_name`].
pub(super) fn field_of(name: &str) -> Option<FieldName> {
    match name.strip_prefix(':') {
        Some(declared) => Some(FieldName::Declared(declared.to_owned())),
        None => {
            Builtin::ALL.iter().find(|field| field.name() == name).map(|&field| FieldName::Builtin(field))
        }
    }
}

/// Writes the values of one field, then the numbers of each article.
pub(super) struct KeywordWriter {
    values: ValuesWriter,
    starts: Vec<u64>,
    numbers: Vec<u32>,
}

impl KeywordWriter {
    pub(super) fn new(values: ValuesWriter) -> KeywordWriter {
        KeywordWriter { values, starts: vec![0], numbers: Vec::new() }
    }

    /// Adds the next value with its rising ordinals.
    pub(super) fn value(&mut self, value: &KeywordValue, ordinals: &[u32]) -> io::Result<()> {
        self.values.push(&value.folded, &value.spelling, ordinals)
    }

    /// Returns the number of values written.
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Adds the rising numbers of the next article.
    pub(super) fn article(&mut self, numbers: impl IntoIterator<Item = u32>) {
        self.numbers.extend(numbers);
        self.starts.push(self.numbers.len() as u64);
    }

    /// Returns the four parts.
    pub(super) fn finish(self) -> [Spool; 4] {
        let mut forward = Vec::new();
        let is_single =
            self.starts.iter().zip(self.starts.iter().skip(1)).all(|(start, stop)| stop - start <= 1);
        if is_single {
            forward.push(0);
            let number =
                |start: u64| self.numbers.get(start as usize).map_or(0, |&number| u64::from(number) + 1);
            let bounds = self.starts.iter().zip(self.starts.iter().skip(1));
            Ints::write(
                &mut forward,
                bounds.map(|(&start, &stop)| if start < stop { number(start) } else { 0 }),
            );
        } else {
            forward.push(1);
            Ints::write(&mut forward, self.starts.iter().copied());
            Ints::write(&mut forward, self.numbers.iter().map(|&number| u64::from(number)));
        }
        let [strings, lists, tables] = self.values.finish();
        [strings, lists, tables, Spool::of(forward)]
    }
}

/// The values of a keyword field, in the order of (folded, spelling); numbers count in this order from 0.
///
/// Values that fold alike are one value of the language and stand beside each other: a *group*.
#[derive(Debug, Clone, Copy)]
pub struct KeywordField<'s> {
    values: Values<'s>,
    forward: Forward<'s>,
}

#[derive(Debug, Clone, Copy)]
enum Forward<'s> {
    /// The articles of names are found through their entities.
    None,
    Single(Ints<'s>),
    Many(Ints<'s>, Ints<'s>),
}

impl<'s> KeywordField<'s> {
    pub(super) fn open(
        image: &'s Image,
        field: &FieldName,
    ) -> Result<Option<KeywordField<'s>>, SegmentError> {
        let Some(section) = image.section(Kind::Keywords, &section_name(field)) else { return Ok(None) };
        let [strings, lists, tables, forward] = section.parts()?;
        let articles = image.footer().articles as usize;
        let values = Values::open([strings, lists, tables])?;
        let read = read_forward(&mut Input::new(forward.all()?), articles);
        let forward = read.ok_or_else(|| section.damaged("its forward lists do not decode"))?;
        Ok(Some(KeywordField { values, forward }))
    }

    /// Opens values that have no forward lists.
    pub(super) fn without_forward(section: Section<'s>) -> Result<KeywordField<'s>, SegmentError> {
        Ok(KeywordField { values: Values::open(section.parts()?)?, forward: Forward::None })
    }

    /// Returns the number of distinct (folded, spelling) values.
    pub fn len(&self) -> u32 {
        self.values.len() as u32
    }

    /// Tells whether there is no value.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value of a number.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where there is no such value or it does not decode.
    pub fn value(&self, number: u32) -> Result<KeywordValue, SegmentError> {
        let mut reader = self.values.reader(number as usize)?;
        let value = reader.next().map(|(_, value)| value.clone());
        value.filter(|_| number < self.len()).ok_or_else(|| self.values.damaged())
    }

    /// Returns the numbers of all spellings of a folded value; empty where it does not occur.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where a value does not decode.
    pub fn find(&self, folded: &str) -> Result<Range<u32>, SegmentError> {
        self.values.find(folded)
    }

    /// Returns the numbers of the values whose folded form begins so.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where a value does not decode.
    pub fn starts_with(&self, folded: &str) -> Result<Range<u32>, SegmentError> {
        self.values.starts_with(folded)
    }

    /// Calls `seen` with (number, folded, spelling) of each value in a range, in order, until it returns false.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where a value does not decode.
    pub fn scan(
        &self,
        numbers: Range<u32>,
        seen: &mut dyn FnMut(u32, &str, &str) -> bool,
    ) -> Result<(), SegmentError> {
        let stop = numbers.end.min(self.len());
        if numbers.start >= stop {
            return Ok(());
        }
        let mut reader = self.values.reader(numbers.start as usize)?;
        for _ in numbers.start..stop {
            let (number, value) = reader.next().ok_or_else(|| self.values.damaged())?;
            if !seen(number, &value.folded, &value.spelling) {
                break;
            }
        }
        Ok(())
    }

    /// Returns the number of the group of values that fold alike; groups count from 0 in the order of the values.
    pub fn group(&self, number: u32) -> u32 {
        self.values.group(number)
    }

    /// Returns the number of distinct folded values.
    pub fn groups(&self) -> u32 {
        self.values.groups()
    }

    /// Returns the numbers of the values of a group.
    pub fn group_numbers(&self, group: u32) -> Range<u32> {
        self.values.group_numbers(group)
    }

    /// Opens the list of the articles that have a value.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where the list does not decode.
    pub fn postings(&self, number: u32) -> Result<Postings<'s>, SegmentError> {
        self.values.postings(number)
    }

    /// Returns the number of values of an article; 0 for names, which have no forward lists.
    pub fn count(&self, ordinal: u32) -> u32 {
        let place = self.place(ordinal);
        (place.end - place.start) as u32
    }

    /// Returns the numbers of the values of an article, rising; none for names, which have no forward lists.
    pub fn values(&self, ordinal: u32) -> impl Iterator<Item = u32> + use<'s> {
        let forward = self.forward;
        self.place(ordinal).filter_map(move |at| match forward {
            Forward::None => None,
            Forward::Single(numbers) => numbers.get32(at).and_then(|number| number.checked_sub(1)),
            Forward::Many(_, numbers) => numbers.get32(at),
        })
    }

    /// Returns where an article's numbers lie.
    fn place(&self, ordinal: u32) -> Range<usize> {
        let at = ordinal as usize;
        match &self.forward {
            Forward::None => 0..0,
            Forward::Single(numbers) => match numbers.get(at) {
                None | Some(0) => 0..0,
                Some(_) => at..at + 1,
            },
            Forward::Many(starts, numbers) => match (starts.get(at), starts.get(at + 1)) {
                (Some(start), Some(stop)) if start <= stop && stop <= numbers.len() as u64 => {
                    start as usize..stop as usize
                }
                _ => 0..0,
            },
        }
    }
}

fn read_forward<'s>(input: &mut Input<'s>, articles: usize) -> Option<Forward<'s>> {
    match input.byte()? {
        0 => Ints::read(input).filter(|numbers| numbers.len() == articles).map(Forward::Single),
        1 => {
            let (starts, numbers) = (Ints::read(input)?, Ints::read(input)?);
            let fits = starts.len() == articles + 1 && starts.get(articles)? == numbers.len() as u64;
            fits.then_some(Forward::Many(starts, numbers))
        }
        _ => None,
    }
}
