//! The entities of each article, with where they stand.
//!
//! A section of two parts, `rows` with a row for each article; empty where it has no entity:
//!
//! ```text
//! row        number of entities varint; each:
//!            canonical name << 2 | kind, varint: the number is that of the keyword field of the kind
//!            number of names varint, at least 1; each: its number among the `names` of the kind, varint
//!            number of occurrences varint; each: gap between its first position and that of the one before varint,
//!            words varint, and where there are several names, the index of the name used, varint
//! ```

use super::bytes::{Input, put_varint};
use super::error::SegmentError;
use super::image::Section;
use super::rows::Rows;
use crate::article::EntityKind;

/// An entity of one article.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntityEntry {
    /// What it is.
    pub kind: EntityKind,
    /// Its canonical name, as a number of the keyword field `person`, `place` or `org`.
    pub canonical: u32,
    /// All names used for it in the article, the canonical one first, as numbers of the names of its kind.
    pub names: Vec<u32>,
    /// Where it is named, rising.
    pub occurrences: Vec<Occurrence>,
}

/// A stretch of words that names an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// Position of the first word.
    pub position: u32,
    /// Number of words; at least 1.
    pub words: u32,
    /// The name used, as an index into [`EntityEntry::names`].
    pub name: u32,
}

/// Appends the row of an article.
pub(super) fn put_row(out: &mut Vec<u8>, entities: &[EntityEntry]) {
    if entities.is_empty() {
        return;
    }
    put_varint(out, entities.len() as u64);
    for entity in entities {
        put_varint(out, u64::from(entity.canonical) << 2 | u64::from(entity.kind as u8));
        put_varint(out, entity.names.len() as u64);
        entity.names.iter().for_each(|&name| put_varint(out, u64::from(name)));
        put_varint(out, entity.occurrences.len() as u64);
        let mut before = 0;
        for occurrence in &entity.occurrences {
            put_varint(out, u64::from(occurrence.position - before));
            before = occurrence.position;
            put_varint(out, u64::from(occurrence.words));
            if entity.names.len() > 1 {
                put_varint(out, u64::from(occurrence.name));
            }
        }
    }
}

/// Reads what [`put_row`] wrote; `None` where the bytes do not decode.
pub(super) fn read_row(row: &[u8]) -> Option<Vec<EntityEntry>> {
    let mut input = Input::new(row);
    if input.is_empty() {
        return Some(Vec::new());
    }
    let count = input.varint()?;
    let entities = (0..count).map(|_| read_entity(&mut input)).collect::<Option<Vec<_>>>()?;
    input.is_empty().then_some(entities)
}

fn read_entity(input: &mut Input<'_>) -> Option<EntityEntry> {
    let code = input.varint()?;
    let kind = *EntityKind::ALL.get((code & 3) as usize)?;
    let canonical = u32::try_from(code >> 2).ok()?;
    let name_count = input.varint()?;
    let names = (0..name_count).map(|_| input.varint32()).collect::<Option<Vec<_>>>()?;
    let occurrence_count = input.varint()?;
    let mut before = 0_u32;
    let read = |_| {
        let position = before.checked_add(input.varint32()?)?;
        before = position;
        let words = input.varint32()?;
        let name = if names.len() > 1 { input.varint32()? } else { 0 };
        ((name as usize) < names.len()).then_some(Occurrence { position, words, name })
    };
    let occurrences = (0..occurrence_count).map(read).collect::<Option<Vec<_>>>()?;
    Some(EntityEntry { kind, canonical, names, occurrences })
}

/// The entities of each article, with where they stand.
#[derive(Debug, Clone, Copy)]
pub struct Entities<'s> {
    rows: Rows<'s>,
}

impl<'s> Entities<'s> {
    pub(super) fn open(section: Section<'s>) -> Result<Entities<'s>, SegmentError> {
        let [data, starts] = section.parts()?;
        let articles = section.image().footer().articles as usize;
        Ok(Entities { rows: Rows::open(data, starts, articles)? })
    }

    /// Returns the entities of an article, in the order of its extraction.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where they do not decode.
    pub fn read(&self, ordinal: u32) -> Result<Vec<EntityEntry>, SegmentError> {
        let row = self.rows.get(ordinal as usize)?;
        read_row(row).ok_or_else(|| self.rows.section().damaged("the entities of an article do not decode"))
    }
}
