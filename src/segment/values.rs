//! Sorted strings with their spellings, and the articles of each: keyword fields, names, regions, presence.
//!
//! Values are pairs (folded, spelling), sorted and distinct, numbered from 0. Three parts:
//!
//! ```text
//! strings    groups of 16 values; each value: shared varint, length varint, bytes: its folded form is the first
//!            `shared` bytes of the one before (0 for the first of a group) and these bytes;
//!            spelling 1 byte: 0 as folded, 1 each word Capitalised, 2 all CAPITALS, 3 explicit: length varint, bytes
//! lists      the list of each value's articles (see `postings`), one after the other
//! tables     number of values varint; `Ints`: start of each group of strings; `Ints`: start of each list;
//!            `Ints`: the numbers of values whose folded form is that of the value before
//! ```

use std::cmp::Ordering;
use std::io;
use std::ops::Range;

use super::bytes::{Input, put_bytes, put_varint};
use super::error::SegmentError;
use super::image::Section;
use super::ints::Ints;
use super::postings::{Postings, put_list};
use super::spool::Spool;

/// Values of a group, whose first is written whole.
const GROUP_VALUES: usize = 16;

/// A value of a keyword field, or a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct KeywordValue {
    /// What it is compared by.
    pub folded: String,
    /// As given.
    pub spelling: String,
}

/// Writes values in order.
pub(super) struct ValuesWriter {
    strings: Spool,
    lists: Spool,
    group_starts: Vec<u64>,
    list_starts: Vec<u64>,
    repeats: Vec<u64>,
    before: String,
    room: Vec<u8>,
}

impl ValuesWriter {
    pub(super) fn new(strings: Spool, lists: Spool) -> ValuesWriter {
        ValuesWriter {
            strings,
            lists,
            group_starts: Vec::new(),
            list_starts: Vec::new(),
            repeats: Vec::new(),
            before: String::new(),
            room: Vec::new(),
        }
    }

    /// Starts with spools that stay in memory.
    pub(super) fn in_memory() -> ValuesWriter {
        ValuesWriter::new(Spool::in_memory(), Spool::in_memory())
    }

    /// Adds the next value with its rising ordinals.
    pub(super) fn push(&mut self, folded: &str, spelling: &str, ordinals: &[u32]) -> io::Result<()> {
        let number = self.list_starts.len();
        if number > 0 && self.before == folded {
            self.repeats.push(number as u64);
        }
        if number.is_multiple_of(GROUP_VALUES) {
            self.group_starts.push(self.strings.len());
            self.before.clear();
        }
        let shared = self.before.bytes().zip(folded.bytes()).take_while(|(a, b)| a == b).count();
        self.room.clear();
        put_varint(&mut self.room, shared as u64);
        put_bytes(&mut self.room, folded.as_bytes().get(shared..).unwrap_or_default());
        put_spelling(&mut self.room, folded, spelling);
        self.strings.push(&self.room)?;
        self.before.clear();
        self.before.push_str(folded);
        self.list_starts.push(self.lists.len());
        self.room.clear();
        put_list(&mut self.room, ordinals);
        self.lists.push(&self.room)
    }

    /// Returns the number of values written.
    pub(super) fn len(&self) -> usize {
        self.list_starts.len()
    }

    /// Returns the three parts.
    pub(super) fn finish(self) -> [Spool; 3] {
        let mut tables = Vec::new();
        put_varint(&mut tables, self.len() as u64);
        for table in [&self.group_starts, &self.list_starts, &self.repeats] {
            Ints::write(&mut tables, table.iter().copied());
        }
        [self.strings, self.lists, Spool::of(tables)]
    }
}

/// Reads values by number and by name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Values<'s> {
    strings: Section<'s>,
    bytes: &'s [u8],
    lists: Section<'s>,
    count: usize,
    group_starts: Ints<'s>,
    list_starts: Ints<'s>,
    repeats: Ints<'s>,
}

impl<'s> Values<'s> {
    /// Opens the three parts.
    pub(super) fn open([strings, lists, tables]: [Section<'s>; 3]) -> Result<Values<'s>, SegmentError> {
        let (mut input, bytes) = (Input::new(tables.all()?), strings.all()?);
        let mut read = || {
            let count = input.varint32()? as usize;
            let group_starts = Ints::read(&mut input)?;
            let list_starts = Ints::read(&mut input)?;
            let repeats = Ints::read(&mut input)?;
            let fits = group_starts.len() == count.div_ceil(GROUP_VALUES)
                && list_starts.len() == count
                && repeats.len() <= count;
            fits.then_some(Values { strings, bytes, lists, count, group_starts, list_starts, repeats })
        };
        read().ok_or_else(|| tables.damaged("its tables do not decode"))
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn damaged(&self) -> SegmentError {
        self.strings.damaged("a value does not decode")
    }

    /// Opens the list of a value.
    pub(super) fn postings(&self, number: u32) -> Result<Postings<'s>, SegmentError> {
        let start = self.list_starts.get(number as usize);
        Postings::open(self.lists, start.ok_or_else(|| self.lists.damaged("it has no value of this number"))?)
    }

    /// Returns a reader that stands before a value.
    pub(super) fn reader(&self, number: usize) -> Result<Reader<'s>, SegmentError> {
        let mut reader = self.group_reader(number / GROUP_VALUES)?;
        for _ in 0..number % GROUP_VALUES {
            reader.next().ok_or_else(|| self.damaged())?;
        }
        Ok(reader)
    }

    /// Returns a reader that stands before the first value of a group.
    fn group_reader(&self, group: usize) -> Result<Reader<'s>, SegmentError> {
        let start = self.group_starts.get(group).map_or(self.bytes.len(), |start| start as usize);
        let bytes = self.bytes.get(start..).ok_or_else(|| self.damaged())?;
        let number = group * GROUP_VALUES;
        Ok(Reader { input: Input::new(bytes), number, value: KeywordValue::default() })
    }

    /// Returns the number of leading values that are `Less` by `order`, which rises over the folded values.
    pub(super) fn partition_point(
        &self,
        mut order: impl FnMut(&str) -> Ordering,
    ) -> Result<u32, SegmentError> {
        let (mut low, mut high) = (0, self.group_starts.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let mut reader = self.group_reader(middle)?;
            let (_, value) = reader.next().ok_or_else(|| self.damaged())?;
            if order(&value.folded) == Ordering::Less { low = middle + 1 } else { high = middle }
        }
        // The first value past the boundary is in the group before `low`, or starts `low`.
        let Some(group) = low.checked_sub(1) else { return Ok(0) };
        let mut reader = self.group_reader(group)?;
        let end = self.count.min((group + 1) * GROUP_VALUES);
        for number in group * GROUP_VALUES..end {
            let (_, value) = reader.next().ok_or_else(|| self.damaged())?;
            if order(&value.folded) != Ordering::Less {
                return Ok(number as u32);
            }
        }
        Ok(end as u32)
    }

    /// Returns the numbers of the spellings of a folded value.
    pub(super) fn find(&self, folded: &str) -> Result<Range<u32>, SegmentError> {
        let start = self.partition_point(|value| value.cmp(folded))?;
        let mut reader = self.reader(start as usize)?;
        let mut stop = start;
        while (stop as usize) < self.count {
            let (_, value) = reader.next().ok_or_else(|| self.damaged())?;
            if value.folded != folded {
                break;
            }
            stop += 1;
        }
        Ok(start..stop)
    }

    /// Returns the numbers of the values whose folded form begins so.
    pub(super) fn starts_with(&self, folded: &str) -> Result<Range<u32>, SegmentError> {
        let start = self.partition_point(|value| value.cmp(folded))?;
        let within = |value: &str| {
            if value < folded || value.starts_with(folded) { Ordering::Less } else { Ordering::Greater }
        };
        Ok(start..self.partition_point(within)?)
    }

    /// Returns the number of the group of values that fold alike.
    pub(super) fn group(&self, number: u32) -> u32 {
        let repeats = self.repeats.partition_point(|repeat| repeat <= u64::from(number));
        number.saturating_sub(repeats as u32)
    }

    pub(super) fn groups(&self) -> u32 {
        (self.count - self.repeats.len()) as u32
    }

    /// Returns the numbers of the values of a group.
    pub(super) fn group_numbers(&self, group: u32) -> Range<u32> {
        // The first number whose group is at least `group`: groups rise with the numbers.
        let first = |group: u32| {
            let (mut low, mut high) = (group, group.saturating_add(self.repeats.len() as u32));
            while low < high {
                let middle = low + (high - low) / 2;
                if self.group(middle) < group { low = middle + 1 } else { high = middle }
            }
            low.min(self.count as u32)
        };
        first(group)..first(group.saturating_add(1))
    }
}

/// Walks over values from front to back.
pub(super) struct Reader<'s> {
    input: Input<'s>,
    number: usize,
    value: KeywordValue,
}

impl Reader<'_> {
    /// Returns the next value with its number; `None` at the end or where it does not decode.
    pub(super) fn next(&mut self) -> Option<(u32, &KeywordValue)> {
        let shared = self.input.length()?;
        let KeywordValue { folded, spelling } = &mut self.value;
        if self.number.is_multiple_of(GROUP_VALUES) {
            folded.clear();
        }
        let mut bytes = std::mem::take(folded).into_bytes();
        if shared > bytes.len() {
            return None;
        }
        bytes.truncate(shared);
        bytes.extend_from_slice(self.input.bytes()?);
        *folded = String::from_utf8(bytes).ok()?;
        read_spelling(&mut self.input, folded, spelling)?;
        let number = u32::try_from(self.number).ok()?;
        self.number += 1;
        Some((number, &self.value))
    }
}

fn put_spelling(out: &mut Vec<u8>, folded: &str, spelling: &str) {
    let code = if spelling == folded {
        0
    } else if words_capitalised(folded).eq(spelling.chars()) {
        1
    } else if capitals(folded).eq(spelling.chars()) {
        2
    } else {
        3
    };
    out.push(code);
    if code == 3 {
        put_bytes(out, spelling.as_bytes());
    }
}

fn read_spelling(input: &mut Input<'_>, folded: &str, spelling: &mut String) -> Option<()> {
    spelling.clear();
    match input.byte()? {
        0 => spelling.push_str(folded),
        1 => spelling.extend(words_capitalised(folded)),
        2 => spelling.extend(capitals(folded)),
        3 => spelling.push_str(input.text()?),
        _ => return None,
    }
    Some(())
}

/// Capitalises the first letter of the text and each one behind a space or hyphen.
fn words_capitalised(folded: &str) -> impl Iterator<Item = char> + '_ {
    let mut starts = true;
    folded.chars().map(move |c| {
        let at_start = std::mem::replace(&mut starts, matches!(c, ' ' | '-'));
        if at_start { c.to_ascii_uppercase() } else { c }
    })
}

fn capitals(folded: &str) -> impl Iterator<Item = char> + '_ {
    folded.chars().map(|c| c.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn common_spellings_take_one_byte() {
        for (folded, spelling) in [("afp", "AFP"), ("bashar al-assad", "Bashar Al-Assad"), ("idlib", "idlib")]
        {
            let mut bytes = Vec::new();
            put_spelling(&mut bytes, folded, spelling);
            assert_eq!(bytes.len(), 1, "{spelling}");
        }
    }

    proptest! {
        #[test]
        fn any_spelling_round_trips(folded in "\\PC{0,12}", spelling in "\\PC{0,12}") {
            let capital = words_capitalised(&folded).collect();
            for spelling in [spelling, folded.clone(), folded.to_uppercase(), capital] {
                let mut bytes = Vec::new();
                put_spelling(&mut bytes, &folded, &spelling);
                let mut again = String::new();
                read_spelling(&mut Input::new(&bytes), &folded, &mut again);
                prop_assert_eq!(again, spelling);
            }
        }
    }
}
