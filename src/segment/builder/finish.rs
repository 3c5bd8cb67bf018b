//! Writes the sections of a segment from what its builder collected.

use std::collections::BTreeMap;
use std::io::{self, Write};

use uuid::Uuid;

use super::fields::{Fields, entity_field};
use super::keywords::{Keywords, SortedKeywords};
use super::lists::Lists;
use super::mentions::Mentions;
use super::order::Order;
use super::words::Words;
use super::{SegmentBuilder, Slot};
use crate::article::EntityKind;
use crate::schema::Builtin;
use crate::segment::columns::{BooleansWriter, DatesWriter, LengthsWriter, NumbersWriter};
use crate::segment::entities::{self, EntityEntry};
use crate::segment::figures::{CATEGORIES, section_name};
use crate::segment::format::{Kind, Written};
use crate::segment::ints::Ints;
use crate::segment::keyword::KeywordWriter;
use crate::segment::lookup::LookupWriter;
use crate::segment::names::{NameWordsWriter, SPEAKERS};
use crate::segment::quotes::{self, QuoteEntry};
use crate::segment::rows::RowsWriter;
use crate::segment::sink::Sink;
use crate::segment::sparse::SparseWriter;
use crate::segment::spool::Spool;
use crate::segment::terms::{Languages, Split, StemsWriter, TermsWriter};
use crate::segment::values::ValuesWriter;

/// Final numbers of values, by field and provisional number.
type Numbers = BTreeMap<Vec<u8>, Vec<u32>>;

pub(super) fn finish(builder: SegmentBuilder, uuid: Uuid, out: impl Write) -> io::Result<Written> {
    let keys: Vec<_> = builder.slots.iter().map(|slot| slot.key).collect();
    let order = Order::new(&keys);
    let oldest = builder.slots.iter().map(|slot| slot.extractor).min();
    let versions = builder.versions.with_oldest(oldest);
    let mut sink = Sink::new(out)?;
    let SegmentBuilder { dictionary, slots, encoded, structure, words, fields, mentions, languages, .. } =
        builder;
    write_articles(&mut sink, &order, &slots, &encoded)?;
    drop(encoded);
    if let Some(dictionary) = dictionary {
        sink.section(Kind::Dictionary, &[], dictionary.bytes())?;
    }
    let splits = write_identities(&mut sink, &order, &slots)?;
    write_structure(&mut sink, &order, &structure)?;
    drop(structure);
    write_columns(&mut sink, &order, &fields)?;
    let numbers = write_keywords(&mut sink, &order, &fields.keywords)?;
    write_mentions(&mut sink, &order, &mentions, &numbers)?;
    write_presence(&mut sink, &order, &fields)?;
    drop((fields, mentions, numbers));
    write_words(&mut sink, &order, words, splits, languages)?;
    sink.finish(uuid, versions, order.len() as u32)
}

fn write_articles<W: Write>(
    sink: &mut Sink<W>,
    order: &Order,
    slots: &[Slot],
    encoded: &[u8],
) -> io::Result<()> {
    let mut starts = vec![0];
    sink.begin(Kind::Articles, &[]);
    for slot in order.slots() {
        let end = |slot: Option<&Slot>| slot.map_or(0, |slot| slot.encoded_end);
        let start = end((slot as usize).checked_sub(1).and_then(|before| slots.get(before)));
        let record = encoded.get(start..end(slots.get(slot as usize))).unwrap_or_default();
        sink.push(record)?;
        starts.push(starts.last().copied().unwrap_or(0) + record.len() as u64);
    }
    let mut offsets = Vec::new();
    Ints::write(&mut offsets, starts.iter().copied());
    sink.section(Kind::ArticleOffsets, &[], &offsets)
}

/// Writes ids, keys and lengths, and returns what the words need of the lengths.
fn write_identities<W: Write>(sink: &mut Sink<W>, order: &Order, slots: &[Slot]) -> io::Result<Vec<Split>> {
    let (mut lookup, mut lengths) = (LookupWriter::default(), LengthsWriter::default());
    let mut splits = Vec::new();
    for slot in order.slots().filter_map(|slot| slots.get(slot as usize)) {
        lookup.article(slot.id, slot.seq, slot.key_hash, slot.extractor);
        lengths.article(slot.lengths);
        splits.push(Split::of(slot.lengths));
    }
    sink.section(Kind::Lookup, &[], &lookup.bytes())?;
    sink.section(Kind::Lengths, &[], &lengths.bytes())?;
    Ok(splits)
}

fn write_structure<W: Write>(sink: &mut Sink<W>, order: &Order, structure: &Lists<u8>) -> io::Result<()> {
    let mut rows = RowsWriter::new(Spool::in_memory());
    order.slots().try_for_each(|slot| rows.push(structure.get(slot)))?;
    sink.parts(Kind::Structure, &[], rows.finish())
}

fn write_columns<W: Write>(sink: &mut Sink<W>, order: &Order, fields: &Fields) -> io::Result<()> {
    for (name, lists) in &fields.dates {
        let mut dates = DatesWriter::new();
        order.slots().for_each(|slot| dates.article(lists.get(slot).iter().copied()));
        dates.write(sink, name)?;
    }
    for (name, lists) in &fields.numbers {
        if name.as_slice() == Builtin::Id.name().as_bytes() {
            continue;
        }
        let mut numbers = NumbersWriter::new();
        order.slots().for_each(|slot| numbers.article(lists.get(slot).iter().copied()));
        numbers.write(sink, name)?;
    }
    for (name, lists) in &fields.booleans {
        let mut booleans = BooleansWriter::default();
        order.slots().for_each(|slot| booleans.article(lists.get(slot).iter().copied()));
        booleans.write(sink, name)?;
    }
    Ok(())
}

fn write_keywords<W: Write>(
    sink: &mut Sink<W>,
    order: &Order,
    fields: &BTreeMap<Vec<u8>, Keywords>,
) -> io::Result<Numbers> {
    let mut all = Numbers::new();
    for (name, keywords) in fields {
        let SortedKeywords { values, numbers } = keywords.sorted(order);
        let mut words = (name.as_slice() == SPEAKERS).then(NameWordsWriter::default);
        let mut writer = KeywordWriter::new(ValuesWriter::in_memory());
        for (number, (value, ordinals)) in (0..).zip(&values) {
            words.iter_mut().for_each(|words| words.add(number, &value.spelling));
            writer.value(value, ordinals)?;
        }
        keywords.forward(order, &numbers, |numbers| {
            writer.article(numbers);
            Ok(())
        })?;
        sink.parts(Kind::Keywords, name, writer.finish())?;
        words.map_or(Ok(()), |words| words.finish(sink, SPEAKERS))?;
        all.insert(name.clone(), numbers);
    }
    Ok(all)
}

fn write_mentions<W: Write>(
    sink: &mut Sink<W>,
    order: &Order,
    mentions: &Mentions,
    numbers: &Numbers,
) -> io::Result<()> {
    let mut names = Vec::new();
    for (kind, keywords) in EntityKind::ALL.into_iter().zip(&mentions.names) {
        names.push(write_names(sink, order, kind, keywords)?);
    }
    write_entities(sink, order, mentions, numbers, &names)?;
    write_within(sink, order, &mentions.within)?;
    write_quotes(sink, order, &mentions.quotes, numbers)?;
    for (category, lists) in CATEGORIES.into_iter().zip(&mentions.figures) {
        let mut rows = SparseWriter::new(Spool::in_memory());
        for (ordinal, slot) in (0..).zip(order.slots()) {
            rows.push_some(ordinal, lists.get(slot))?;
        }
        rows.write(sink, Kind::Figures, section_name(category))?;
    }
    Ok(())
}

/// Writes the names of a kind, and returns their final numbers.
fn write_names<W: Write>(
    sink: &mut Sink<W>,
    order: &Order,
    kind: EntityKind,
    keywords: &Keywords,
) -> io::Result<Vec<u32>> {
    if keywords.is_empty() {
        return Ok(Vec::new());
    }
    let SortedKeywords { values, numbers } = keywords.sorted(order);
    let (mut writer, mut words) = (ValuesWriter::in_memory(), NameWordsWriter::default());
    for (number, (value, ordinals)) in (0..).zip(&values) {
        words.add(number, &value.spelling);
        writer.push(&value.folded, &value.spelling, ordinals)?;
    }
    sink.parts(Kind::Names, kind.name().as_bytes(), writer.finish())?;
    words.finish(sink, kind.name().as_bytes())?;
    Ok(numbers)
}

fn write_entities<W: Write>(
    sink: &mut Sink<W>,
    order: &Order,
    mentions: &Mentions,
    numbers: &Numbers,
    names: &[Vec<u32>],
) -> io::Result<()> {
    let final_number = |numbers: Option<&Vec<u32>>, number: u32| {
        numbers.and_then(|numbers| numbers.get(number as usize)).copied().unwrap_or(0)
    };
    let renumber = |entity: EntityEntry| {
        let field = numbers.get(entity_field(entity.kind).name().as_bytes());
        let names = names.get(entity.kind as usize);
        EntityEntry {
            canonical: final_number(field, entity.canonical),
            names: entity.names.iter().map(|&name| final_number(names, name)).collect(),
            ..entity
        }
    };
    let mut rows = RowsWriter::new(Spool::in_memory());
    let mut row = Vec::new();
    for slot in order.slots() {
        let entities = entities::read_row(mentions.entities.get(slot)).unwrap_or_default();
        row.clear();
        entities::put_row(&mut row, &entities.into_iter().map(renumber).collect::<Vec<_>>());
        rows.push(&row)?;
    }
    sink.parts(Kind::Entities, &[], rows.finish())
}

fn write_within<W: Write>(sink: &mut Sink<W>, order: &Order, within: &Keywords) -> io::Result<()> {
    if within.is_empty() {
        return Ok(());
    }
    let mut writer = ValuesWriter::in_memory();
    for (value, ordinals) in within.sorted_by(order, str::to_owned).values {
        writer.push(&value.folded, &value.spelling, &ordinals)?;
    }
    sink.parts(Kind::Within, &[], writer.finish())
}

fn write_quotes<W: Write>(
    sink: &mut Sink<W>,
    order: &Order,
    quotes: &Lists<u8>,
    numbers: &Numbers,
) -> io::Result<()> {
    let speakers = numbers.get(SPEAKERS);
    let renumber = |quote: QuoteEntry| {
        let speaker = |number: u32| speakers.and_then(|numbers| numbers.get(number as usize)).copied();
        QuoteEntry { speaker: quote.speaker.and_then(speaker), ..quote }
    };
    let mut rows = SparseWriter::new(Spool::in_memory());
    for (ordinal, slot) in (0..).zip(order.slots()) {
        let quotes = quotes::read_row(quotes.get(slot)).unwrap_or_default();
        let mut row = Vec::new();
        quotes::put_row(&mut row, &quotes.into_iter().map(renumber).collect::<Vec<_>>());
        rows.push_some(ordinal, &row)?;
    }
    rows.write(sink, Kind::Quotes, &[])
}

fn write_presence<W: Write>(sink: &mut Sink<W>, order: &Order, fields: &Fields) -> io::Result<()> {
    let mut writer = ValuesWriter::in_memory();
    for (name, slots) in &fields.presence {
        let name = String::from_utf8_lossy(name);
        writer.push(&name, &name, &order.ordinals(slots))?;
    }
    sink.parts(Kind::Presence, &[], writer.finish())
}

fn write_words<W: Write>(
    sink: &mut Sink<W>,
    order: &Order,
    words: Words,
    splits: Vec<Split>,
    languages: Languages,
) -> io::Result<()> {
    let spools = [Spool::in_memory(), Spool::in_memory(), Spool::in_memory()];
    let (mut terms, mut stems) = (TermsWriter::new(spools, splits)?, StemsWriter::new(languages));
    words.finish(order, &mut terms, &mut stems)?;
    terms.write(sink)?;
    stems.finish(sink)
}
