//! Sections of sorted values: keyword fields, names, regions, presence.

use std::collections::BTreeMap;
use std::io::Write;

use super::Scratch;
use super::plan::{GONE, Plan};
use crate::article::EntityKind;
use crate::schema::FieldName;
use crate::segment::error::SegmentError;
use crate::segment::format::Kind;
use crate::segment::image::Section;
use crate::segment::keyword::{KeywordField, KeywordWriter, field_of};
use crate::segment::names::{NameWordsWriter, SPEAKERS};
use crate::segment::sink::Sink;
use crate::segment::values::{KeywordValue, Reader, Values, ValuesWriter};

/// Numbers of values in the output, by section, input and number there.
#[derive(Default)]
pub(super) struct Numbers {
    sections: BTreeMap<Vec<u8>, Vec<Vec<u32>>>,
}

impl Numbers {
    pub(super) fn get(&self, section: &[u8], input: usize, number: u32) -> u32 {
        let numbers = self.sections.get(section).and_then(|inputs| inputs.get(input));
        numbers.and_then(|numbers| numbers.get(number as usize)).copied().unwrap_or(GONE)
    }
}

/// Writes the keyword fields and the words of speakers.
pub(super) fn fields<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
) -> Result<Numbers, SegmentError> {
    let mut all = Numbers::default();
    for name in plan.section_names(Kind::Keywords) {
        let sections = plan.sections(Kind::Keywords, &name).into_iter();
        let parts = sections.map(|section| section.map(|section| section.parts::<4>()).transpose());
        let parts = parts.collect::<Result<Vec<_>, _>>()?;
        let values =
            parts.iter().map(|parts| parts.map(|[strings, lists, tables, _]| [strings, lists, tables]));
        let mut writer = KeywordWriter::new(values_writer(scratch));
        let mut words = (name.as_slice() == SPEAKERS).then(NameWordsWriter::default);
        let numbers = merge_values(plan, values, &mut |number, value, ordinals| {
            words.iter_mut().for_each(|words| words.add(number, &value.spelling));
            writer.value(value, ordinals)
        })?;
        if writer.len() == 0 {
            continue;
        }
        forward(plan, &name, &numbers, &mut writer)?;
        sink.parts(Kind::Keywords, &name, writer.finish())?;
        words.map_or(Ok(()), |words| words.finish(sink, SPEAKERS))?;
        let is_named_again = EntityKind::ALL.iter().any(|kind| kind.name().as_bytes() == name);
        if is_named_again || name == SPEAKERS {
            all.sections.insert(name, numbers);
        }
    }
    Ok(all)
}

fn values_writer(scratch: &Scratch<'_>) -> ValuesWriter {
    ValuesWriter::new(scratch.spool("strings"), scratch.spool("lists"))
}

/// Adds the numbers of each article.
fn forward(
    plan: &Plan<'_>,
    name: &[u8],
    numbers: &[Vec<u32>],
    writer: &mut KeywordWriter,
) -> Result<(), SegmentError> {
    let field = std::str::from_utf8(name).ok().and_then(field_of);
    // Sections of a name that is no field were written by no builder; they have no articles.
    let field = field.unwrap_or_else(|| FieldName::Declared(String::new()));
    let views = plan.views(|segment| segment.keyword(&field))?;
    for (input, ordinal) in plan.sources() {
        plan.go_on()?;
        let view = views.get(input).and_then(Option::as_ref);
        let values = view.into_iter().flat_map(|view: &KeywordField<'_>| view.values(ordinal));
        let target =
            |number: u32| numbers.get(input).and_then(|numbers| numbers.get(number as usize)).copied();
        writer.article(values.filter_map(target));
    }
    Ok(())
}

/// Writes the names of each kind of entity, and the words of names.
pub(super) fn names<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
) -> Result<Numbers, SegmentError> {
    let mut all = Numbers::default();
    for kind in EntityKind::ALL {
        let name = kind.name().as_bytes();
        let (mut writer, mut words) = (values_writer(scratch), NameWordsWriter::default());
        let parts = value_parts(plan.sections(Kind::Names, name))?;
        let numbers = merge_values(plan, parts.into_iter(), &mut |number, value, ordinals| {
            words.add(number, &value.spelling);
            writer.push(&value.folded, &value.spelling, ordinals)
        })?;
        if writer.len() > 0 {
            sink.parts(Kind::Names, name, writer.finish())?;
            words.finish(sink, name)?;
        }
        all.sections.insert(name.to_vec(), numbers);
    }
    Ok(all)
}

/// Writes the articles with places within countries and regions.
pub(super) fn within<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
) -> Result<(), SegmentError> {
    let writer = plain_values(plan, Kind::Within, scratch)?;
    if writer.len() == 0 {
        return Ok(());
    }
    Ok(sink.parts(Kind::Within, &[], writer.finish())?)
}

/// Writes which articles have each field.
pub(super) fn presence<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
) -> Result<(), SegmentError> {
    let writer = plain_values(plan, Kind::Presence, scratch)?;
    Ok(sink.parts(Kind::Presence, &[], writer.finish())?)
}

fn plain_values(plan: &Plan<'_>, kind: Kind, scratch: &Scratch<'_>) -> Result<ValuesWriter, SegmentError> {
    let mut writer = values_writer(scratch);
    let parts = value_parts(plan.sections(kind, &[]))?;
    merge_values(plan, parts.into_iter(), &mut |_, value, ordinals| {
        writer.push(&value.folded, &value.spelling, ordinals)
    })?;
    Ok(writer)
}

type ValueParts<'s> = Option<[Section<'s>; 3]>;

fn value_parts<'s>(sections: Vec<Option<Section<'s>>>) -> Result<Vec<ValueParts<'s>>, SegmentError> {
    sections.into_iter().map(|section| section.map(|section| section.parts()).transpose()).collect()
}

/// The values of one input, at the next one.
struct Head<'s> {
    values: Values<'s>,
    reader: Reader<'s>,
    next: Option<(u32, KeywordValue)>,
}

impl<'s> Head<'s> {
    fn open(parts: [Section<'s>; 3]) -> Result<Head<'s>, SegmentError> {
        let values = Values::open(parts)?;
        let mut head = Head { values, reader: values.reader(0)?, next: None };
        head.advance(0)?;
        Ok(head)
    }

    fn advance(&mut self, number: u32) -> Result<(), SegmentError> {
        self.next = None;
        if (number as usize) < self.values.len() {
            let (number, value) = self.reader.next().ok_or_else(|| self.values.damaged())?;
            self.next = Some((number, value.clone()));
        }
        Ok(())
    }
}

type WriteValue<'a> = dyn FnMut(u32, &KeywordValue, &[u32]) -> std::io::Result<()> + 'a;

/// Calls `write` with the number, value and rising ordinals of each value that survives, in order, and returns the
/// numbers by input and number there.
fn merge_values<'s>(
    plan: &Plan<'_>,
    parts: impl Iterator<Item = ValueParts<'s>>,
    write: &mut WriteValue<'_>,
) -> Result<Vec<Vec<u32>>, SegmentError> {
    let heads = parts.map(|parts| parts.map(Head::open).transpose());
    let mut heads = heads.collect::<Result<Vec<_>, _>>()?;
    let len = |head: &Option<Head<'_>>| head.as_ref().map_or(0, |head| head.values.len());
    let mut numbers: Vec<Vec<u32>> = heads.iter().map(|head| vec![GONE; len(head)]).collect();
    let (mut next, mut ordinals) = (0, Vec::new());
    loop {
        plan.go_on()?;
        let least =
            heads.iter().flatten().filter_map(|head| head.next.as_ref().map(|(_, value)| value)).min();
        let Some(value) = least.cloned() else { return Ok(numbers) };
        ordinals.clear();
        let mut merged = Vec::new();
        for (input, head) in heads.iter_mut().enumerate() {
            let Some(head) = head else { continue };
            let Some((number, _)) = head.next.as_ref().filter(|(_, other)| *other == value) else { continue };
            let number = *number;
            let list = head.values.postings(number)?;
            ordinals.extend(list.map(|ordinal| plan.target(input, ordinal)).filter(|&target| target != GONE));
            merged.push((input, number));
            head.advance(number + 1)?;
        }
        if ordinals.is_empty() {
            continue;
        }
        ordinals.sort_unstable();
        write(next, &value, &ordinals)?;
        for (input, number) in merged {
            let slot = numbers.get_mut(input).and_then(|numbers| numbers.get_mut(number as usize));
            slot.into_iter().for_each(|slot| *slot = next);
        }
        next += 1;
    }
}
