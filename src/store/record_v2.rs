//! Version 2 of a stored record: version 1 and what was put right by hand.
//!
//! Frozen like [version 1](super::record_v1). A record without anything put right is still written as version 1, so
//! programs that know no other version read it. Fields are stored as the numbers written here.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::record_v1::RecordV1;
use crate::article::{Given, Record};
use crate::schema::Builtin;

/// Numbers of the fields, in the order of their first version.
const FIELDS: [Builtin; 6] =
    [Builtin::Author, Builtin::Person, Builtin::Place, Builtin::Org, Builtin::Country, Builtin::Agency];

#[derive(Serialize, Deserialize)]
pub(super) struct RecordV2<'a> {
    #[serde(borrow)]
    record: RecordV1<'a>,
    /// Fields whose values were set by hand.
    fixed: Vec<u8>,
    /// Values taken away by hand, by field.
    #[serde(borrow)]
    removed: Vec<(u8, Vec<&'a str>)>,
}

impl<'a> From<&'a Record> for RecordV2<'a> {
    fn from(record: &'a Record) -> RecordV2<'a> {
        let Given { fixed, removed, .. } = &record.article.given;
        let numbered = |field: Builtin| {
            let number = FIELDS.iter().position(|&known| known == field);
            number.and_then(|number| u8::try_from(number).ok())
        };
        let values = |(&field, values): (&Builtin, &'a Vec<String>)| {
            Some((numbered(field)?, values.iter().map(String::as_str).collect()))
        };
        RecordV2 {
            record: RecordV1::from(record),
            fixed: fixed.iter().filter_map(|&field| numbered(field)).collect(),
            removed: removed.iter().filter_map(values).collect(),
        }
    }
}

impl TryFrom<RecordV2<'_>> for Record {
    type Error = &'static str;

    fn try_from(stored: RecordV2<'_>) -> Result<Record, &'static str> {
        let named = |number: u8| {
            FIELDS.get(usize::from(number)).copied().ok_or("it names an unknown field that was put right")
        };
        let mut record = Record::try_from(stored.record)?;
        let given = &mut record.article.given;
        given.fixed = stored.fixed.into_iter().map(named).collect::<Result<BTreeSet<_>, _>>()?;
        let values = |(field, values): (u8, Vec<&str>)| {
            Ok::<_, &'static str>((named(field)?, values.into_iter().map(str::to_owned).collect()))
        };
        given.removed = stored.removed.into_iter().map(values).collect::<Result<BTreeMap<_, _>, _>>()?;
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_can_be_put_right_has_its_frozen_number() {
        assert_eq!(FIELDS, Given::FIELDS);
    }
}
