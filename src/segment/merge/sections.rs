//! Sections with something for each article.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::Scratch;
use super::keywords::Numbers;
use super::plan::Plan;
use crate::article::{EntityKind, Record};
use crate::schema::Builtin;
use crate::segment::columns::{
    BooleanColumn, BooleansWriter, DateColumn, DatesWriter, LengthsWriter, NumberColumn, NumbersWriter,
};
use crate::segment::entities::{self, EntityEntry};
use crate::segment::error::SegmentError;
use crate::segment::figures::{CATEGORIES, section_name};
use crate::segment::format::Kind;
use crate::segment::ints::Ints;
use crate::segment::lookup::LookupWriter;
use crate::segment::names::SPEAKERS;
use crate::segment::quotes::{self, QuoteEntry};
use crate::segment::rows::RowsWriter;
use crate::segment::sink::Sink;
use crate::segment::sparse::SparseWriter;
use crate::segment::terms::Split;
use crate::store::{Dictionary, RecordCodec};

/// Writes records, where they start, and the dictionary that they need.
pub(super) fn articles<W: Write>(sink: &mut Sink<W>, plan: &Plan<'_>) -> Result<(), SegmentError> {
    let dictionaries = plan.views(|segment| segment.dictionary())?;
    let dictionary = dictionaries.iter().flatten().next().cloned();
    let id = |dictionary: &Option<Arc<Dictionary>>| dictionary.as_ref().map(|dictionary| dictionary.id());
    let needs_other = |other: &Option<Arc<Dictionary>>| other.is_some() && id(other) != id(&dictionary);
    let recodes: Vec<bool> = dictionaries.iter().map(needs_other).collect();
    let codec = RecordCodec::new(dictionary.clone());
    let mut starts = vec![0];
    sink.begin(Kind::Articles, &[]);
    for (input, ordinal) in plan.sources() {
        plan.go_on()?;
        let Some(segment) = plan.inputs().get(input) else { continue };
        let record = match recodes.get(input) {
            Some(true) => recode(segment.record(ordinal)?, ordinal, segment.path(), &codec)?,
            _ => segment.encoded(ordinal)?,
        };
        sink.push(&record)?;
        starts.push(starts.last().copied().unwrap_or(0) + record.len() as u64);
    }
    let mut offsets = Vec::new();
    Ints::write(&mut offsets, starts.iter().copied());
    sink.section(Kind::ArticleOffsets, &[], &offsets)?;
    if let Some(dictionary) = dictionary {
        sink.section(Kind::Dictionary, &[], dictionary.bytes())?;
    }
    Ok(())
}

/// Encodes a record for the dictionary of the output.
fn recode(record: Record, ordinal: u32, path: &Path, codec: &RecordCodec) -> Result<Vec<u8>, SegmentError> {
    let wrong = |source| SegmentError::Record { path: path.to_owned(), ordinal, source: Box::new(source) };
    codec.encode(&record).map_err(wrong)
}

/// What later parts need of the identities: the lengths for the words, and the oldest extractor of all.
pub(super) struct Identified {
    pub(super) splits: Vec<Split>,
    pub(super) oldest: Option<u32>,
}

/// Writes ids, keys and lengths.
pub(super) fn identities<W: Write>(sink: &mut Sink<W>, plan: &Plan<'_>) -> Result<Identified, SegmentError> {
    let views = plan.views(|segment| {
        let identities = segment.identities()?;
        Ok((identities, identities.key_hashes(), segment.extractors()?, segment.lengths()?))
    })?;
    let (mut lookup, mut lengths) = (LookupWriter::default(), LengthsWriter::default());
    let (mut splits, mut oldest) = (Vec::new(), None);
    for (input, ordinal) in plan.sources() {
        plan.go_on()?;
        let Some((identities, hashes, extractors, input_lengths)) = views.get(input) else { continue };
        let hash = hashes.get(ordinal as usize).copied().unwrap_or(0);
        let extractor = extractors.get(ordinal as usize).copied().unwrap_or(0);
        oldest = Some(oldest.map_or(extractor, |oldest: u32| oldest.min(extractor)));
        lookup.article(identities.id(ordinal), identities.seq(ordinal), hash, extractor);
        lengths.article(input_lengths.entry(ordinal));
        splits.push(Split::of(input_lengths.entry(ordinal)));
    }
    sink.section(Kind::Lookup, &[], &lookup.bytes())?;
    sink.section(Kind::Lengths, &[], &lengths.bytes())?;
    Ok(Identified { splits, oldest })
}

pub(super) fn structure<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
) -> Result<(), SegmentError> {
    let views = plan.views(|segment| segment.structure())?;
    let mut rows = RowsWriter::new(scratch.spool("structure"));
    for (input, ordinal) in plan.sources() {
        plan.go_on()?;
        let row = views.get(input).map(|view| view.row(ordinal)).transpose()?;
        rows.push(row.unwrap_or_default())?;
    }
    Ok(sink.parts(Kind::Structure, &[], rows.finish())?)
}

pub(super) fn columns<W: Write>(sink: &mut Sink<W>, plan: &Plan<'_>) -> Result<(), SegmentError> {
    for name in plan.section_names(Kind::Dates) {
        dates(sink, plan, &name)?;
    }
    for name in plan.section_names(Kind::Numbers) {
        let sections = plan.sections(Kind::Numbers, &name).into_iter();
        let views = sections.map(|section| section.map(NumberColumn::open).transpose());
        let views = views.collect::<Result<Vec<_>, _>>()?;
        let mut writer = NumbersWriter::new();
        for (input, ordinal) in plan.sources() {
            plan.go_on()?;
            let view = views.get(input).and_then(Option::as_ref);
            writer.article(view.into_iter().flat_map(|view| view.values(ordinal)));
        }
        writer.write(sink, &name)?;
    }
    for name in plan.section_names(Kind::Booleans) {
        let sections = plan.sections(Kind::Booleans, &name).into_iter();
        let views = sections.map(|section| section.map(BooleanColumn::open).transpose());
        let views = views.collect::<Result<Vec<_>, _>>()?;
        let mut writer = BooleansWriter::default();
        for (input, ordinal) in plan.sources() {
            plan.go_on()?;
            let view = views.get(input).and_then(Option::as_ref);
            let has = |value: &bool| view.is_some_and(|view| view.has(ordinal, *value));
            writer.article([false, true].into_iter().filter(has));
        }
        writer.write(sink, &name)?;
    }
    Ok(())
}

fn dates<W: Write>(sink: &mut Sink<W>, plan: &Plan<'_>, name: &[u8]) -> Result<(), SegmentError> {
    let sections = plan.sections(Kind::Dates, name).into_iter();
    let views = sections.map(|section| {
        let column = section.map(|section| section.parts::<2>()).transpose()?;
        column.map(|[column, _runs]| DateColumn::open(column)).transpose()
    });
    let views = views.collect::<Result<Vec<_>, _>>()?;
    let mut writer = DatesWriter::new();
    for (input, ordinal) in plan.sources() {
        plan.go_on()?;
        let view = views.get(input).and_then(Option::as_ref);
        writer.article(view.into_iter().flat_map(|view| view.values(ordinal)));
    }
    Ok(writer.write(sink, name)?)
}

pub(super) fn entities<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
    numbers: &Numbers,
    names: &Numbers,
) -> Result<(), SegmentError> {
    let views = plan.views(|segment| segment.entities())?;
    let mut rows = RowsWriter::new(scratch.spool("entities"));
    let mut row = Vec::new();
    for (input, ordinal) in plan.sources() {
        plan.go_on()?;
        let entities = views.get(input).map(|view| view.read(ordinal)).transpose()?.unwrap_or_default();
        let renumber = |entity: EntityEntry| EntityEntry {
            canonical: numbers.get(kind_name(entity.kind), input, entity.canonical),
            names: entity.names.iter().map(|&name| names.get(kind_name(entity.kind), input, name)).collect(),
            ..entity
        };
        row.clear();
        entities::put_row(&mut row, &entities.into_iter().map(renumber).collect::<Vec<_>>());
        rows.push(&row)?;
    }
    Ok(sink.parts(Kind::Entities, &[], rows.finish())?)
}

/// Returns the name of the sections of a kind: that of its keyword field.
fn kind_name(kind: EntityKind) -> &'static [u8] {
    let field = match kind {
        EntityKind::Person => Builtin::Person,
        EntityKind::Place => Builtin::Place,
        EntityKind::Org => Builtin::Org,
    };
    field.name().as_bytes()
}

pub(super) fn quotes<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
    numbers: &Numbers,
) -> Result<(), SegmentError> {
    let views = plan.views(|segment| segment.quotes())?;
    let mut rows = SparseWriter::new(scratch.spool("quotes"));
    for (target, (input, ordinal)) in (0..).zip(plan.sources()) {
        plan.go_on()?;
        let quotes = views.get(input).map(|view| view.read(ordinal)).transpose()?.unwrap_or_default();
        let speaker = |number| numbers.get(SPEAKERS, input, number);
        let renumber = |quote: QuoteEntry| QuoteEntry { speaker: quote.speaker.map(speaker), ..quote };
        let mut row = Vec::new();
        quotes::put_row(&mut row, &quotes.into_iter().map(renumber).collect::<Vec<_>>());
        rows.push_some(target, &row)?;
    }
    Ok(rows.write(sink, Kind::Quotes, &[])?)
}

pub(super) fn figures<W: Write>(
    sink: &mut Sink<W>,
    plan: &Plan<'_>,
    scratch: &Scratch<'_>,
) -> Result<(), SegmentError> {
    for category in CATEGORIES {
        let views = plan.views(|segment| segment.figures(category))?;
        let mut rows = SparseWriter::new(scratch.spool("figures"));
        for (target, (input, ordinal)) in (0..).zip(plan.sources()) {
            plan.go_on()?;
            let view = views.get(input).and_then(Option::as_ref);
            let row = view.map(|view| view.row(ordinal)).transpose()?.flatten();
            rows.push_some(target, row.unwrap_or_default())?;
        }
        rows.write(sink, Kind::Figures, section_name(category))?;
    }
    Ok(())
}
