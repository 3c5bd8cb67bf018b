//! Counting: articles by the values of their fields, and measures over them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use dateline::date::{Date, Unit};
use dateline::query::MeasureFunction;
use dateline::query::ast::*;
use dateline::schema::{Builtin, Field, FieldName, FieldType};
use dateline::text::fold_value;
use dateline::value::{Number, Value as FieldValue};

use super::calendar::{self, Reading};
use super::condition::World;
use super::dates::whole;
use super::rows::{
    Matches, SortKey, TwinAnswer, TwinCell, count_cell, has_missing, missing_last, number_cell, page,
    share_cell,
};
use super::story::Story;

/// What rows are grouped by: a folded text, another value, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Text(String),
    Other(FieldValue),
    Missing,
}

impl World<'_> {
    /// The distinct groups that an article belongs to; none where the key is missing.
    pub fn groups(&self, key: &GroupKey, story: &Story) -> Vec<Group> {
        let date_groups = |name: &FieldName, group: &dyn Fn(calendar::Stretch) -> Option<Group>| {
            let dates = story.values(name).into_iter().filter_map(|value| value.as_date());
            dates.filter_map(|date| group(Reading::of(date).wall_in(self.zone_seconds()))).collect::<Vec<_>>()
        };
        let mut groups = match key {
            GroupKey::Field(name) => match self.bare_unit(name) {
                Some(unit) => date_groups(&FieldName::Builtin(Builtin::Date), &|wall| {
                    bucket_of(unit, wall).map(|start| bucket_group(unit, start))
                }),
                None => self.field_groups(&self.field(name), story),
            },
            GroupKey::Unit(unit, name) => date_groups(&self.field(name).name, &|wall| {
                bucket_of(*unit, wall).map(|start| bucket_group(*unit, start))
            }),
            GroupKey::Weekday(name) => date_groups(&self.field(name).name, &|wall| {
                bucket_of(Unit::Day, wall).map(|start| {
                    let day = calendar::weekday(start.div_euclid(86_400)) as usize;
                    let names =
                        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
                    Group::Other(FieldValue::from(format!("{day}{}", names[day])))
                })
            }),
        };
        groups.sort();
        groups.dedup();
        groups
    }

    pub fn bare_unit(&self, name: &FieldRef) -> Option<Unit> {
        let written = name.name();
        let is_field = self.catalog.schema.field(&written).is_some();
        Unit::ALL.into_iter().find(|unit| !is_field && written.trim_end_matches('s') == unit.name())
    }

    pub fn field_groups(&self, field: &Field, story: &Story) -> Vec<Group> {
        if field.field_type == FieldType::Keyword {
            return story
                .folded(&field.name)
                .into_iter()
                .map(|folded| Group::Text(self.canonical(field, folded)))
                .collect();
        }
        story.values(&field.name).into_iter().map(Group::Other).collect()
    }

    /// The folded canonical name, where an alias gives one.
    pub fn canonical(&self, field: &Field, folded: String) -> String {
        let is_entity = matches!(field.name, FieldName::Builtin(builtin) if builtin.is_entity());
        let mut aliases = self.catalog.aliases.iter().filter(|_| is_entity);
        let hit = aliases.find(|(_, names)| names.iter().any(|name| fold_value(name) == folded));
        hit.map_or(folded, |(canonical, _)| fold_value(canonical))
    }

    /// The spelling that most matching articles use; the smallest of several.
    pub fn spelling(&self, field: &Field, group: &Group, matches: &[&Story]) -> TwinCell {
        let folded = match group {
            Group::Missing => return TwinCell::Missing,
            Group::Other(value) => return TwinCell::One(value.clone()),
            Group::Text(folded) => folded,
        };
        let is_entity = matches!(field.name, FieldName::Builtin(builtin) if builtin.is_entity());
        let canonical = self.catalog.aliases.keys().find(|name| is_entity && fold_value(name) == *folded);
        if let Some(canonical) = canonical {
            return TwinCell::One(FieldValue::from(canonical.as_str()));
        }
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for story in matches {
            let values = story.values(&field.name);
            let spellings: BTreeSet<&str> = values.iter().filter_map(FieldValue::as_text).collect();
            for spelling in spellings.into_iter().filter(|spelling| fold_value(spelling) == *folded) {
                *counts.entry(spelling.to_owned()).or_default() += 1;
            }
        }
        let best = counts.into_iter().min_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        TwinCell::One(FieldValue::from(best.expect("a group has articles").0))
    }

    pub fn group_cell(&self, key: &GroupKey, group: &Group, matches: &[&Story]) -> TwinCell {
        match (key, group) {
            (_, Group::Missing) => TwinCell::Missing,
            (GroupKey::Weekday(_), Group::Other(FieldValue::Text(numbered))) => {
                TwinCell::One(FieldValue::from(&numbered[1..]))
            }
            (GroupKey::Field(name), group) if self.bare_unit(name).is_none() => {
                self.spelling(&self.field(name), group, matches)
            }
            (_, Group::Other(value)) => TwinCell::One(value.clone()),
            (_, Group::Text(_)) => panic!("only fields have texts"),
        }
    }

    /// The matches by every combination of their groups; without keys all in one.
    pub fn grouped<'a>(
        &self,
        keys: &[At<GroupKey>],
        with_missing: bool,
        matches: &Matches<'a>,
    ) -> BTreeMap<Vec<Group>, Matches<'a>> {
        let mut grouped: BTreeMap<Vec<Group>, Matches> = BTreeMap::new();
        for story in matches {
            let mut combinations = vec![Vec::new()];
            for key in keys {
                let mut groups = self.groups(key, story);
                if groups.is_empty() && with_missing {
                    groups.push(Group::Missing);
                }
                combinations = combinations
                    .iter()
                    .flat_map(|before: &Vec<Group>| {
                        groups.iter().map(|group| before.iter().cloned().chain([group.clone()]).collect())
                    })
                    .collect();
            }
            for combination in combinations {
                grouped.entry(combination).or_default().push(story);
            }
        }
        if keys.is_empty() {
            grouped.entry(Vec::new()).or_default();
        }
        grouped
    }

    pub fn count(&self, count: &Count, archive: &[Story]) -> TwinAnswer {
        let matches = self.matches(count.filter.as_ref(), archive);
        let with_missing = has_missing(&count.clauses);
        let mut rows = Vec::new();
        for (series, (label, of_series)) in self.series(&count.compare, &matches).into_iter().enumerate() {
            let grouped = self.grouped(&count.keys, with_missing, &of_series);
            for (groups, members) in grouped {
                let number = Number::Whole(members.len() as i64);
                rows.push(GroupRow {
                    series,
                    label: label.clone(),
                    groups,
                    value: Some(FieldValue::Number(number)),
                    members,
                });
            }
        }
        let shares = count.as_share.is_some().then(|| self.share_base(count.filter.as_ref(), archive));
        let bases = shares.map(|base| self.grouped(&count.keys, with_missing, &base));
        let mut answer = self.group_rows(rows, &count.keys, "count", &count.clauses, &matches, bases);
        if !count.compare.is_empty() {
            answer.columns.insert(0, "series".to_owned());
        }
        answer
    }

    pub fn series<'a>(
        &self,
        compare: &[At<Series>],
        matches: &Matches<'a>,
    ) -> Vec<(Option<String>, Matches<'a>)> {
        if compare.is_empty() {
            return vec![(None, matches.clone())];
        }
        compare
            .iter()
            .map(|series| {
                let label = series.label.as_ref().map(|label| label.node.clone());
                (label, matches.iter().copied().filter(|story| self.holds(&series.filter, story)).collect())
            })
            .collect()
    }

    pub fn measure(&self, measure: &Measure, archive: &[Story]) -> TwinAnswer {
        let matches = self.matches(measure.filter.as_ref(), archive);
        let field = self.field(&measure.field);
        let rows = self.grouped(&measure.keys, has_missing(&measure.clauses), &matches).into_iter();
        let rows = rows.map(|(groups, members)| {
            let values: Vec<FieldValue> =
                members.iter().flat_map(|story| story.values(&field.name)).collect();
            GroupRow { series: 0, label: None, groups, value: measured(measure.function, values), members }
        });
        self.group_rows(
            rows.collect(),
            &measure.keys,
            measure.function.name(),
            &measure.clauses,
            &matches,
            None,
        )
    }

    fn group_rows(
        &self,
        mut rows: Vec<GroupRow>,
        keys: &[At<GroupKey>],
        column: &str,
        clauses: &[At<Clause>],
        matches: &[&Story],
        bases: Option<BTreeMap<Vec<Group>, Matches>>,
    ) -> TwinAnswer {
        let mut columns: Vec<String> = keys.iter().map(|key| self.column(key)).collect();
        rows.sort_by(|a, b| self.group_order(clauses, &columns, column, a, b));
        columns.push(column.to_owned());
        let (offset, limit) = page(clauses);
        let rows = rows.into_iter().skip(offset).take(limit).map(|row| {
            let label = row.label.iter().map(|label| TwinCell::One(FieldValue::from(label.as_str())));
            let keys = keys.iter().zip(&row.groups).map(|(key, group)| self.group_cell(key, group, matches));
            let value = row.value.clone().map_or(TwinCell::Missing, number_cell);
            let base = bases.as_ref().map(|bases| bases.get(&row.groups).map_or(0, Vec::len));
            let share = base.map(|base| share_cell(row.members.len(), base));
            label.chain(keys).chain([value]).chain(share).collect()
        });
        let rows = rows.collect();
        columns.extend(bases.iter().map(|_| "share".to_owned()));
        TwinAnswer { columns, rows, total: matches.len() as u64, undecided: 0 }
    }

    pub fn column(&self, key: &GroupKey) -> String {
        match key {
            GroupKey::Field(name) => match self.bare_unit(name) {
                Some(unit) => unit.name().to_owned(),
                None => self.field(name).name.to_string(),
            },
            other => super::throw::column(other),
        }
    }

    /// By the stated columns, else by value, largest first; then by the keys, in their order.
    fn group_order(
        &self,
        clauses: &[At<Clause>],
        keys: &[String],
        column: &str,
        a: &GroupRow,
        b: &GroupRow,
    ) -> Ordering {
        let stated = clauses.iter().find_map(|clause| match &clause.node {
            Clause::Order(OrderBy::Keys(keys)) => Some(keys),
            _ => None,
        });
        let by_column = |name: &str, descending: bool| {
            if name == column {
                let key = |row: &GroupRow| row.value.as_ref().map(SortKey::of);
                return missing_last(key(a).as_ref(), key(b).as_ref(), descending);
            }
            let index = keys.iter().position(|key| key == name).expect("thrown orders name columns");
            let group =
                |row: &GroupRow| Some(row.groups[index].clone()).filter(|group| *group != Group::Missing);
            missing_last(group(a).as_ref(), group(b).as_ref(), descending)
        };
        let asked = stated.into_iter().flatten().map(|key| {
            let written = key.field.name();
            let name = self.catalog.schema.field(&written).map_or(written, |field| field.name.to_string());
            by_column(&name, key.direction == Some(Direction::Descending))
        });
        let by_value = (stated.is_none() && !keys.is_empty()).then(|| by_column(column, true));
        let order = asked.chain(by_value).find(|order| order.is_ne());
        order.unwrap_or(Ordering::Equal).then_with(|| a.groups.cmp(&b.groups)).then(a.series.cmp(&b.series))
    }

    pub fn top(&self, top: &Top, archive: &[Story]) -> TwinAnswer {
        let matches = self.matches(top.filter.as_ref(), archive);
        let key = At::from(GroupKey::Field(top.field.node.clone()));
        let with_missing = top.with.iter().any(|item| item.node == WithItem::Missing);
        let mut grouped = self.grouped(std::slice::from_ref(&key), with_missing, &matches);
        let without = grouped.remove(&vec![Group::Missing]);
        let mut rows: Vec<(Group, Matches)> =
            grouped.into_iter().map(|(mut groups, members)| (groups.remove(0), members)).collect();
        rows.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
        rows.truncate(top.limit.as_ref().map_or(10, |limit| whole(limit) as usize));
        // `with missing` adds a row: it takes no value's place.
        rows.extend(without.map(|members| (Group::Missing, members)));
        let rows = rows.into_iter().map(|(group, members)| {
            let value = self.group_cell(&key, &group, &matches);
            vec![value, count_cell(members.len()), share_cell(members.len(), matches.len())]
        });
        let columns = ["value", "articles", "share"].map(str::to_owned).to_vec();
        TwinAnswer { columns, rows: rows.collect(), total: matches.len() as u64, undecided: 0 }
    }
}

struct GroupRow<'a> {
    series: usize,
    label: Option<String>,
    groups: Vec<Group>,
    value: Option<FieldValue>,
    members: Matches<'a>,
}

/// The start of the bucket that holds all of a date.
pub fn bucket_of(unit: Unit, wall: calendar::Stretch) -> Option<i64> {
    let bucket = calendar::bucket(unit, wall.start);
    (wall.end <= bucket.end).then_some(bucket.start)
}

pub fn bucket_group(unit: Unit, start: i64) -> Group {
    Group::Other(FieldValue::Date(calendar_date(unit, start)))
}

pub fn calendar_date(unit: Unit, start: i64) -> Date {
    calendar::bucket_name(unit, start).parse().expect("buckets have names that read as dates")
}

fn measured(function: MeasureFunction, mut values: Vec<FieldValue>) -> Option<FieldValue> {
    values.sort();
    let (first, last) = (values.first()?.clone(), values.last()?.clone());
    let numbers: Vec<f64> = values.iter().filter_map(FieldValue::as_number).map(Number::as_f64).collect();
    let sum: f64 = numbers.iter().sum();
    let middle = numbers.len() / 2;
    let result = match function {
        MeasureFunction::Min => return Some(first),
        MeasureFunction::Max => return Some(last),
        MeasureFunction::Sum => sum,
        MeasureFunction::Average => sum / numbers.len() as f64,
        MeasureFunction::Median if numbers.len() % 2 == 1 => numbers[middle],
        MeasureFunction::Median => (numbers[middle - 1] + numbers[middle]) / 2.0,
    };
    Number::from_f64(result).map(FieldValue::Number)
}
