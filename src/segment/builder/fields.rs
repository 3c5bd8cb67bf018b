//! Values of fields while articles are added.

use std::collections::BTreeMap;

use super::keywords::Keywords;
use super::lists::Lists;
use crate::article::{EntityKind, Record};
use crate::date::Date;
use crate::schema::{Builtin, FieldName};
use crate::segment::keyword::section_name;
use crate::value::{Number, Value};

/// Values of all fields, by the names of their sections.
#[derive(Default)]
pub(super) struct Fields {
    pub(super) keywords: BTreeMap<Vec<u8>, Keywords>,
    pub(super) numbers: BTreeMap<Vec<u8>, Lists<Number>>,
    pub(super) dates: BTreeMap<Vec<u8>, Lists<Date>>,
    pub(super) booleans: BTreeMap<Vec<u8>, Lists<bool>>,
    /// Slots of the articles that have a value.
    pub(super) presence: BTreeMap<Vec<u8>, Vec<u32>>,
}

/// Returns the keyword field that holds the canonical names of a kind.
pub(super) fn entity_field(kind: EntityKind) -> Builtin {
    match kind {
        EntityKind::Person => Builtin::Person,
        EntityKind::Place => Builtin::Place,
        EntityKind::Org => Builtin::Org,
    }
}

/// Tells whether an article has a field whose values other sections hold; `None` for fields that keep theirs here.
///
/// This is whether [`Record::values`] returns any, without copying the text for each of these fields.
fn has_text(field: Builtin, record: &Record, text: &str) -> Option<bool> {
    let is_text = |text: &str| !text.trim().is_empty();
    Some(match field {
        // Every article has an id and a number of words.
        Builtin::Id | Builtin::Words => true,
        Builtin::Quote => !record.extraction.quotes.is_empty(),
        Builtin::Title => record.article.title.as_deref().is_some_and(is_text),
        Builtin::Body => is_text(&record.article.body),
        Builtin::Text => is_text(text),
        Builtin::Lede => match record.extraction.lede {
            Some(lede) => is_text(text.get(..lede.end as usize).unwrap_or(text)),
            None => record.article.title.as_deref().is_some_and(is_text),
        },
        _ => return None,
    })
}

impl Fields {
    /// Adds the values of an article; `text` is its title and body.
    pub(super) fn add(&mut self, slot: u32, record: &Record, text: &str) {
        for &builtin in Builtin::ALL {
            let name = builtin.name().as_bytes();
            let is_present = match has_text(builtin, record, text) {
                Some(is_present) => is_present,
                None => {
                    let values = record.values(&FieldName::Builtin(builtin));
                    let is_present = !values.is_empty();
                    self.add_values(slot, name, values);
                    is_present
                }
            };
            if is_present {
                self.add_presence(slot, name);
            }
        }
        for name in record.article.fields.keys() {
            let field = FieldName::Declared(name.clone());
            let (values, name) = (record.values(&field), section_name(&field));
            if !values.is_empty() {
                self.add_presence(slot, &name);
                self.add_values(slot, &name, values);
            }
        }
    }

    fn add_presence(&mut self, slot: u32, name: &[u8]) {
        match self.presence.get_mut(name) {
            Some(slots) => slots.push(slot),
            None => _ = self.presence.insert(name.to_vec(), vec![slot]),
        }
    }

    fn add_values(&mut self, slot: u32, name: &[u8], values: Vec<Value>) {
        let (mut texts, mut numbers, mut booleans, mut dates) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for value in values {
            match value {
                Value::Text(text) => texts.push(text),
                Value::Number(number) => numbers.push(number),
                Value::Boolean(value) => booleans.push(value),
                Value::Date(date) => dates.push(date),
            }
        }
        if !texts.is_empty() {
            let keywords = entry(&mut self.keywords, name);
            let numbers = texts.iter().map(|text| keywords.intern(text)).collect();
            keywords.push(slot, numbers);
        }
        push(&mut self.numbers, name, slot, numbers);
        push(&mut self.booleans, name, slot, booleans);
        push(&mut self.dates, name, slot, dates);
    }

    /// Returns the provisional number of a value of a keyword field.
    pub(super) fn intern(&mut self, field: Builtin, spelling: &str) -> u32 {
        entry(&mut self.keywords, field.name().as_bytes()).intern(spelling)
    }

    /// Returns about how much memory they use, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        let keywords: usize = self.keywords.values().map(Keywords::memory_bytes).sum();
        let numbers: usize = self.numbers.values().map(Lists::memory_bytes).sum();
        let dates: usize = self.dates.values().map(Lists::memory_bytes).sum();
        let booleans: usize = self.booleans.values().map(Lists::memory_bytes).sum();
        let presence: usize = self.presence.values().map(|slots| slots.capacity() * 4).sum();
        keywords + numbers + dates + booleans + presence
    }
}

fn entry<'a, T: Default>(fields: &'a mut BTreeMap<Vec<u8>, T>, name: &[u8]) -> &'a mut T {
    if !fields.contains_key(name) {
        fields.insert(name.to_vec(), T::default());
    }
    fields.get_mut(name).expect("the field was inserted above")
}

fn push<T>(fields: &mut BTreeMap<Vec<u8>, Lists<T>>, name: &[u8], slot: u32, values: Vec<T>) {
    if !values.is_empty() {
        entry(fields, name).push(slot, values);
    }
}
