//! Sort keys of articles, and reading them.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::docset::Ordinal;
use super::score::{Scorer, Scoring};
use super::{Context, ExecError, Guard, OpenSegment};
use crate::query::{OrderBy, OrderKey};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::segment::{BooleanColumn, DateColumn, KeywordField, NumberColumn};
use crate::text::fold_value;
use crate::value::Number;

/// What an article is compared by under one key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum SortKey {
    /// No value: last in both directions.
    Missing,
    /// A score.
    Score(f64),
    /// A number.
    Number(Number),
    /// A folded value.
    Text(String),
    /// Start and end of a date.
    Date(i64, i64),
    /// A truth value.
    Boolean(bool),
}

impl SortKey {
    /// Returns the key of a date by its span.
    pub(crate) fn of_span(span: Option<(i64, i64)>) -> Option<SortKey> {
        span.map(|(start, end)| SortKey::Date(start, end))
    }

    /// Compares in the direction asked for, missing values last.
    pub(crate) fn compare(&self, other: &SortKey, descending: bool) -> Ordering {
        let order = match (self, other) {
            (SortKey::Missing, SortKey::Missing) => return Ordering::Equal,
            (SortKey::Missing, _) => return Ordering::Greater,
            (_, SortKey::Missing) => return Ordering::Less,
            (SortKey::Score(a), SortKey::Score(b)) => a.total_cmp(b),
            (SortKey::Number(a), SortKey::Number(b)) => a.cmp(b),
            (SortKey::Text(a), SortKey::Text(b)) => a.cmp(b),
            (SortKey::Date(a, a_end), SortKey::Date(b, b_end)) => (a, a_end).cmp(&(b, b_end)),
            (SortKey::Boolean(a), SortKey::Boolean(b)) => a.cmp(b),
            // Keys at one place are of one kind.
            _ => Ordering::Equal,
        };
        if descending { order.reverse() } else { order }
    }
}

/// Compares key by key.
pub(crate) fn compare_keys(a: &[SortKey], b: &[SortKey], directions: &[bool]) -> Ordering {
    a.iter()
        .zip(b)
        .zip(directions)
        .map(|((a, b), &descending)| a.compare(b, descending))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// Reads the sort keys of the articles of one segment, asked about in ascending order.
pub(crate) struct KeyReader<'a> {
    readers: Vec<(Reader<'a>, bool)>,
}

impl<'a> KeyReader<'a> {
    /// Makes the keys ready; `scoring` is there where one of them is relevance.
    pub(crate) fn open(
        keys: &[OrderKey],
        scoring: Option<&'a Scoring>,
        context: &'a Context<'_>,
        open: &'a OpenSegment<'_>,
    ) -> Result<KeyReader<'a>, ExecError> {
        let reader = |key: &OrderKey| Ok((Reader::open(&key.by, scoring, context, open)?, key.descending));
        Ok(KeyReader { readers: keys.iter().map(reader).collect::<Result<_, ExecError>>()? })
    }

    /// Reads the keys of an article.
    pub(crate) fn read(&mut self, ordinal: Ordinal, out: &mut Vec<SortKey>) -> Result<(), ExecError> {
        out.clear();
        for (reader, descending) in &mut self.readers {
            out.push(reader.read(ordinal, *descending)?);
        }
        Ok(())
    }
}

enum Reader<'a> {
    Missing,
    Score(Scorer<'a>),
    /// The folded values met so far, by group.
    Keyword(KeywordField<'a>, HashMap<u32, String>),
    Number(NumberColumn<'a>),
    Published(&'a OpenSegment<'a>),
    Date(DateColumn<'a>),
    Boolean(BooleanColumn<'a>),
    /// Text that is only in the stored record.
    Stored(&'a OpenSegment<'a>, FieldName, &'a Guard),
}

impl<'a> Reader<'a> {
    fn open(
        by: &OrderBy,
        scoring: Option<&'a Scoring>,
        context: &'a Context<'_>,
        open: &'a OpenSegment<'_>,
    ) -> Result<Reader<'a>, ExecError> {
        match (by, scoring) {
            (OrderBy::Field(field), _) => Reader::field(field, context, open),
            (OrderBy::Relevance | OrderBy::Column(_), Some(scoring)) => {
                Ok(Reader::Score(scoring.open(context, open)?))
            }
            (OrderBy::Relevance | OrderBy::Column(_), None) => Err(ExecError::NothingToScore),
        }
    }

    fn field(
        field: &Field,
        context: &'a Context<'_>,
        open: &'a OpenSegment<'_>,
    ) -> Result<Reader<'a>, ExecError> {
        let (segment, name) = (open.segment, &field.name);
        let reader = match field.field_type {
            FieldType::Keyword => segment.keyword(name)?.map(|field| Reader::Keyword(field, HashMap::new())),
            FieldType::Number => segment.number_column(name)?.map(Reader::Number),
            FieldType::Boolean => segment.boolean_column(name)?.map(Reader::Boolean),
            FieldType::Date if *name == FieldName::Builtin(Builtin::Date) => Some(Reader::Published(open)),
            FieldType::Date => segment.date_column(name)?.map(Reader::Date),
            FieldType::Text | FieldType::Quote => Some(Reader::Stored(open, name.clone(), context.guard)),
        };
        Ok(reader.unwrap_or(Reader::Missing))
    }

    /// Returns the smallest value, or where `descending` the largest.
    fn read(&mut self, ordinal: Ordinal, descending: bool) -> Result<SortKey, ExecError> {
        let key = match self {
            Reader::Missing => None,
            Reader::Score(scorer) => Some(SortKey::Score(scorer.score(ordinal)?)),
            Reader::Keyword(field, known) => {
                let number =
                    if descending { field.values(ordinal).last() } else { field.values(ordinal).next() };
                match number {
                    Some(number) => Some(SortKey::Text(folded(field, number, known)?)),
                    None => None,
                }
            }
            Reader::Number(column) => {
                let value =
                    if descending { column.values(ordinal).max() } else { column.values(ordinal).min() };
                value.map(SortKey::Number)
            }
            Reader::Published(open) => SortKey::of_span(open.place(ordinal).span),
            Reader::Date(column) => {
                let spans = column.values(ordinal).map(|date| (date.sort_start(), date.sort_end()));
                SortKey::of_span(if descending { spans.max() } else { spans.min() })
            }
            Reader::Boolean(column) => {
                let order = if descending { [true, false] } else { [false, true] };
                order.into_iter().find(|&value| column.has(ordinal, value)).map(SortKey::Boolean)
            }
            Reader::Stored(open, name, guard) => {
                let values = open.record(ordinal, guard)?.values(name);
                let texts = values.iter().filter_map(|value| value.as_text()).map(fold_value);
                let text = if descending { texts.max() } else { texts.min() };
                text.map(SortKey::Text)
            }
        };
        Ok(key.unwrap_or(SortKey::Missing))
    }
}

fn folded(
    field: &KeywordField<'_>,
    number: u32,
    known: &mut HashMap<u32, String>,
) -> Result<String, ExecError> {
    let group = field.group(number);
    if let Some(folded) = known.get(&group) {
        return Ok(folded.clone());
    }
    let folded = field.value(number)?.folded;
    known.insert(group, folded.clone());
    Ok(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_are_last_in_both_directions() {
        let one = SortKey::Number(Number::Whole(1));
        for descending in [false, true] {
            assert_eq!(SortKey::Missing.compare(&one, descending), Ordering::Greater);
            assert_eq!(one.compare(&SortKey::Missing, descending), Ordering::Less);
        }
        let two = SortKey::Number(Number::Whole(2));
        assert_eq!(one.compare(&two, true), Ordering::Greater);
        assert_eq!(
            compare_keys(&[one.clone(), two.clone()], &[one, SortKey::Missing], &[false, true]),
            Ordering::Less
        );
    }
}
