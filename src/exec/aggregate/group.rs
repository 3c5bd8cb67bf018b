//! Group keys: the values of fields as small numbers that are the same in all segments.
//!
//! Values that fold alike are one group. Within an article each group counts once; which spelling a group is shown under
//! is decided by how many matching articles have it, and that is counted on the way.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::bucket::Calendar;
use crate::catalog::Aliases;
use crate::date::{Date, Offset, Unit};
use crate::exec::docset::Ordinal;
use crate::exec::{Cell, CellType, Column, Context, ExecError, OpenSegment};
use crate::query::GroupKey;
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::segment::{BooleanColumn, DateColumn, KeywordField, NumberColumn};
use crate::text::fold_value;
use crate::value::{Number, Value};

/// The days of the week as columns show them, Monday first.
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// A group, as it is compared; the order here is the order of rows that nothing else tells apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    /// A folded value.
    Text(String),
    /// A number.
    Number(Number),
    /// A truth value.
    Boolean(bool),
    /// A date as it was given.
    Date(Date),
    /// A calendar bucket, by its start on the wall clock.
    Bucket(i64),
    /// A day of the week, 0 for Monday.
    Weekday(u8),
    /// No value.
    Missing,
}

/// The number of a group, the same in all segments of one query.
pub(crate) type GroupId = u32;

/// Gives the groups of one key their numbers.
pub(crate) struct Grouping {
    key: GroupKey,
    zone: Offset,
    ids: BTreeMap<Group, GroupId>,
    groups: Vec<Group>,
    /// What joins names to a canonical one; empty for all but entity fields.
    aliases: Aliases,
    /// How often each spelling was met, by segment; numbers are those of the keyword field.
    spellings: Vec<(usize, Vec<u32>)>,
    /// The only segment that has the field, where there is only one: its own numbers serve then, which are in the order
    /// of the values, and no value is looked up but those that are shown.
    alone: Option<Alone>,
}

/// The segment whose numbers of groups are taken as they are.
#[derive(Debug, Clone, Copy)]
struct Alone {
    segment: usize,
    /// The number behind its last one.
    missing: GroupId,
}

impl Grouping {
    /// Returns a grouping without groups.
    pub(crate) fn new(key: &GroupKey, zone: Offset, context: &Context<'_>) -> Result<Grouping, ExecError> {
        let aliases = match key {
            GroupKey::Field(Field { name: FieldName::Builtin(builtin), .. }) if builtin.is_entity() => {
                context.catalog.aliases.clone()
            }
            _ => Aliases::default(),
        };
        let alone = if aliases.is_empty() { alone(key, context)? } else { None };
        Ok(Grouping {
            key: key.clone(),
            zone,
            ids: BTreeMap::new(),
            groups: Vec::new(),
            aliases,
            spellings: Vec::new(),
            alone,
        })
    }

    /// Returns the column of this key.
    pub(crate) fn column(&self) -> Column {
        let field_type = match &self.key {
            GroupKey::Field(field) => field.field_type,
            GroupKey::Unit(..) => FieldType::Date,
            GroupKey::Weekday(_) => FieldType::Keyword,
        };
        Column { name: self.key.column(), cell_type: CellType::Field(field_type), many: false }
    }

    /// Returns the number that stands for articles without the key.
    pub(crate) fn missing(&mut self) -> GroupId {
        match self.alone {
            Some(alone) => alone.missing,
            None => self.id(Group::Missing),
        }
    }

    /// Tells whether a number stands for articles without the key.
    pub(crate) fn is_missing(&self, id: GroupId) -> bool {
        match self.alone {
            Some(alone) => id == alone.missing,
            None => *self.group(id) == Group::Missing,
        }
    }

    /// Compares two groups, the missing one last in both directions.
    pub(crate) fn compare(&self, a: GroupId, b: GroupId, descending: bool) -> Ordering {
        let order = match (self.is_missing(a), self.is_missing(b)) {
            (false, false) if self.alone.is_some() => a.cmp(&b),
            (false, false) => self.group(a).cmp(self.group(b)),
            (a, b) => return a.cmp(&b),
        };
        if descending { order.reverse() } else { order }
    }

    /// Returns a group by its number.
    fn group(&self, id: GroupId) -> &Group {
        self.groups.get(id as usize).unwrap_or(&Group::Missing)
    }

    /// Returns the number of a group.
    fn id(&mut self, group: Group) -> GroupId {
        if let Some(&id) = self.ids.get(&group) {
            return id;
        }
        let id = self.groups.len() as GroupId;
        self.groups.push(group.clone());
        self.ids.insert(group, id);
        id
    }

    /// Returns the field whose values are grouped; `None` for calendar keys.
    pub(crate) fn field_name(&self) -> Option<&FieldName> {
        match &self.key {
            GroupKey::Field(field) => Some(&field.name),
            GroupKey::Unit(..) | GroupKey::Weekday(_) => None,
        }
    }

    /// Returns the group of a value of a segment, joined to its canonical name.
    pub(crate) fn id_of_value(
        &mut self,
        field: &KeywordField<'_>,
        number: u32,
    ) -> Result<GroupId, ExecError> {
        if self.alone.is_some() {
            return Ok(field.group(number));
        }
        Ok(self.id_of_name(field.value(number)?.folded))
    }

    /// Returns the group of a folded value, joined to its canonical name.
    ///
    /// It and numbers that a lone segment gave cannot be mixed in one grouping.
    pub(crate) fn id_of_name(&mut self, folded: String) -> GroupId {
        self.alone = None;
        let folded = self.aliases.canonical(&folded).map(fold_value).unwrap_or(folded);
        self.id(Group::Text(folded))
    }

    /// Takes back what a segment's reader counted.
    pub(crate) fn close(&mut self, reader: GroupReader<'_>) {
        if let GroupReader::Keyword(groups) = reader {
            self.count_spellings(groups.segment, groups.met);
        }
    }

    /// Takes how many matches of a segment have each spelling.
    pub(crate) fn count_spellings(&mut self, segment: usize, met: Vec<u32>) {
        self.spellings.push((segment, met));
    }

    /// Tells whether the values of a keyword field are the groups as they are, joined by no alias.
    pub(crate) fn is_plain_keyword(&self) -> bool {
        let is_keyword =
            matches!(&self.key, GroupKey::Field(field) if field.field_type == FieldType::Keyword);
        is_keyword && self.aliases.is_empty()
    }

    /// Returns the cell that shows a group.
    pub(crate) fn cell(&self, id: GroupId, context: &Context<'_>) -> Result<Cell, ExecError> {
        if self.is_missing(id) {
            return Ok(Cell::Missing);
        }
        if let Some(alone) = self.alone {
            let folded = folded_of(self.field_name(), alone.segment, id, context)?;
            return Ok(Cell::One(Value::Text(self.spelling(&folded, context)?)));
        }
        let value = match self.group(id) {
            Group::Missing => return Ok(Cell::Missing),
            Group::Text(folded) => Value::Text(self.spelling(folded, context)?),
            Group::Number(number) => Value::Number(*number),
            Group::Boolean(value) => Value::Boolean(*value),
            Group::Date(date) => Value::Date(date.in_zone(self.zone)),
            Group::Bucket(start) => Value::Date(self.unit().bucket(*start)),
            Group::Weekday(day) => Value::from(WEEKDAYS.get(usize::from(*day)).copied().unwrap_or_default()),
        };
        Ok(Cell::One(value))
    }

    fn unit(&self) -> Unit {
        match self.key {
            GroupKey::Unit(unit, _) => unit,
            _ => Unit::Day,
        }
    }

    /// Returns the spelling that most matching articles have; of equals, the smallest by bytes.
    fn spelling(&self, folded: &str, context: &Context<'_>) -> Result<String, ExecError> {
        if let Some(name) = self.aliases.canonical(folded) {
            return Ok(name.to_owned());
        }
        let GroupKey::Field(field) = &self.key else { return Ok(folded.to_owned()) };
        let mut articles: BTreeMap<String, u64> = BTreeMap::new();
        for (segment, met) in &self.spellings {
            let Some(open) = context.segments.get(*segment) else { continue };
            let Some(keyword) = open.segment.keyword(&field.name)? else { continue };
            for number in keyword.find(folded)? {
                let count = met.get(number as usize).copied().unwrap_or_default();
                if count > 0 {
                    *articles.entry(keyword.value(number)?.spelling).or_default() += u64::from(count);
                }
            }
        }
        let best = articles.into_iter().rev().max_by_key(|(_, count)| *count);
        Ok(best.map_or_else(|| folded.to_owned(), |(spelling, _)| spelling))
    }

    /// Makes the key ready for one segment.
    pub(crate) fn open<'a>(&self, open: &'a OpenSegment<'_>) -> Result<GroupReader<'a>, ExecError> {
        match &self.key {
            GroupKey::Field(field) => GroupReader::of_field(field, open),
            GroupKey::Unit(unit, name) => {
                let dates = DateReader::open(name, open)?;
                Ok(GroupReader::Bucket(dates, Calendar::new(*unit, self.zone), None))
            }
            GroupKey::Weekday(name) => {
                let dates = DateReader::open(name, open)?;
                Ok(GroupReader::Weekday(dates, Calendar::new(Unit::Day, self.zone)))
            }
        }
    }

    /// Appends the distinct groups of an article; none where it has no value.
    pub(crate) fn read(
        &mut self,
        reader: &mut GroupReader<'_>,
        ordinal: Ordinal,
        out: &mut Vec<GroupId>,
    ) -> Result<(), ExecError> {
        let before = out.len();
        match reader {
            GroupReader::None => {}
            GroupReader::Keyword(groups) => self.read_keyword(groups, ordinal, out)?,
            GroupReader::Number(column) => {
                out.extend(column.values(ordinal).map(|number| self.id(Group::Number(number))));
            }
            GroupReader::Boolean(column) => {
                let values = [false, true].into_iter().filter(|&value| column.has(ordinal, value));
                out.extend(values.map(|value| self.id(Group::Boolean(value))));
            }
            GroupReader::Date(dates) => {
                dates.each(ordinal, |date| out.push(self.id(Group::Date(date))));
            }
            GroupReader::Bucket(dates, calendar, last) => dates.each(ordinal, |date| {
                // Articles lie in the order of time: most are in the bucket of the one before.
                let known = last.filter(|known| calendar.holds(known.start, known.end, date));
                let found = known.or_else(|| {
                    let start = calendar.bucket(date)?;
                    Some(LastBucket { start, end: calendar.end(start), id: self.id(Group::Bucket(start)) })
                });
                out.extend(found.map(|found| found.id));
                *last = found.or(*last);
            }),
            GroupReader::Weekday(dates, calendar) => dates.each(ordinal, |date| {
                if let Some(start) = calendar.bucket(date) {
                    out.push(self.id(Group::Weekday(weekday(start))));
                }
            }),
        }
        distinct_from(out, before);
        Ok(())
    }
}

impl Grouping {
    fn read_keyword(
        &mut self,
        groups: &mut KeywordGroups<'_>,
        ordinal: Ordinal,
        out: &mut Vec<GroupId>,
    ) -> Result<(), ExecError> {
        let KeywordGroups { field, ids, met, .. } = groups;
        for number in field.values(ordinal) {
            if let Some(met) = met.get_mut(number as usize) {
                *met += 1;
            }
            let group = field.group(number);
            let known = ids.get(group as usize).copied().unwrap_or(UNKNOWN);
            let id = if known == UNKNOWN { self.id_of_value(field, number)? } else { known };
            if let Some(slot) = ids.get_mut(group as usize) {
                *slot = id;
            }
            out.push(id);
        }
        Ok(())
    }
}

/// Returns the segment whose numbers can be taken as they are: the only one that has the keyword field.
fn alone(key: &GroupKey, context: &Context<'_>) -> Result<Option<Alone>, ExecError> {
    let GroupKey::Field(Field { name, field_type: FieldType::Keyword, .. }) = key else { return Ok(None) };
    let mut found = None;
    for open in &context.segments {
        if let Some(keyword) = open.segment.keyword(name)? {
            if found.is_some() {
                return Ok(None);
            }
            found = Some(Alone { segment: open.index, missing: keyword.groups() });
        }
    }
    Ok(found)
}

/// Returns the folded value of a group of a segment.
fn folded_of(
    name: Option<&FieldName>,
    segment: usize,
    group: GroupId,
    context: &Context<'_>,
) -> Result<String, ExecError> {
    let (Some(name), Some(open)) = (name, context.segments.get(segment)) else { return Ok(String::new()) };
    let Some(keyword) = open.segment.keyword(name)? else { return Ok(String::new()) };
    Ok(keyword.value(keyword.group_numbers(group).start)?.folded)
}

/// Stands for a group whose number was not looked up yet.
const UNKNOWN: GroupId = GroupId::MAX;

/// Returns the day of the week of a day's start on the wall clock; the first day of 1970 was a Thursday.
fn weekday(wall: i64) -> u8 {
    (wall.div_euclid(86_400) + 3).rem_euclid(7) as u8
}

fn distinct_from(ids: &mut Vec<GroupId>, before: usize) {
    if ids.len() - before > 1 {
        if let Some(added) = ids.get_mut(before..) {
            added.sort_unstable();
        }
        let mut at = 0;
        let mut last = None;
        ids.retain(|&id| {
            let keep = at < before || last != Some(id);
            last = (at >= before).then_some(id);
            at += 1;
            keep
        });
    }
}

/// Reads a key of the articles of one segment.
pub(crate) enum GroupReader<'a> {
    /// No article of the segment has the field.
    None,
    Keyword(Box<KeywordGroups<'a>>),
    Number(NumberColumn<'a>),
    Boolean(BooleanColumn<'a>),
    Date(DateReader<'a>),
    Bucket(DateReader<'a>, Calendar, Option<LastBucket>),
    Weekday(DateReader<'a>, Calendar),
}

impl<'a> GroupReader<'a> {
    fn of_field(field: &Field, open: &'a OpenSegment<'_>) -> Result<GroupReader<'a>, ExecError> {
        let (segment, name) = (open.segment, &field.name);
        let reader = match field.field_type {
            FieldType::Keyword => segment.keyword(name)?.map(|field| {
                GroupReader::Keyword(Box::new(KeywordGroups {
                    segment: open.index,
                    ids: vec![UNKNOWN; field.groups() as usize],
                    met: vec![0; field.len() as usize],
                    field,
                }))
            }),
            FieldType::Number => segment.number_column(name)?.map(GroupReader::Number),
            FieldType::Boolean => segment.boolean_column(name)?.map(GroupReader::Boolean),
            FieldType::Date => Some(GroupReader::Date(DateReader::open(name, open)?)),
            FieldType::Text | FieldType::Quote => {
                return Err(ExecError::NotGroupable { field: name.to_string() });
            }
        };
        Ok(reader.unwrap_or(GroupReader::None))
    }
}

/// The bucket of the article before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LastBucket {
    start: i64,
    end: i64,
    id: GroupId,
}

/// The groups of a keyword field in one segment.
pub(crate) struct KeywordGroups<'a> {
    segment: usize,
    field: KeywordField<'a>,
    /// The number of each of the segment's groups, where it was looked up.
    ids: Vec<GroupId>,
    /// How many articles had each spelling.
    met: Vec<u32>,
}

/// Reads the dates of a field.
pub(crate) enum DateReader<'a> {
    Published(&'a OpenSegment<'a>),
    Column(Box<DateColumn<'a>>),
    None,
}

impl<'a> DateReader<'a> {
    pub(crate) fn open(name: &FieldName, open: &'a OpenSegment<'_>) -> Result<DateReader<'a>, ExecError> {
        if *name == FieldName::Builtin(Builtin::Date) {
            return Ok(DateReader::Published(open));
        }
        Ok(open
            .segment
            .date_column(name)?
            .map_or(DateReader::None, |column| DateReader::Column(Box::new(column))))
    }

    /// Calls `found` with each date of an article.
    pub(crate) fn each(&self, ordinal: Ordinal, found: impl FnMut(Date)) {
        match self {
            DateReader::Published(open) => open.dates.date(ordinal).into_iter().for_each(found),
            DateReader::Column(column) => column.values(ordinal).for_each(found),
            DateReader::None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_was_a_thursday() {
        assert_eq!(WEEKDAYS[usize::from(weekday(0))], "Thursday");
        assert_eq!(WEEKDAYS[usize::from(weekday(-86_400))], "Wednesday");
        assert_eq!(WEEKDAYS[usize::from(weekday(4 * 86_400))], "Monday");
    }

    #[test]
    fn an_article_counts_once_in_a_group() {
        let mut ids = vec![7, 7, 3, 9, 3];
        distinct_from(&mut ids, 1);
        assert_eq!(ids, [7, 3, 7, 9]);
    }
}
