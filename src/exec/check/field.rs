//! Values of columns, and regular expressions over stored text.

use std::fmt;
use std::sync::Arc;

use regex_automata::meta::Regex;

use super::Verify;
use crate::article::{Category, Interval};
use crate::exec::docset::Ordinal;
use crate::exec::{ExecError, Guard, OpenSegment};
use crate::query::{Comparison, DateTest, NumberRange};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::segment::{BooleanColumn, DateColumn, Figures, KeywordField, NumberColumn, Quotes};

/// Values of a column pass.
#[derive(Debug, Clone)]
pub(crate) enum FieldCheck {
    /// A number lies in one of the ranges.
    Number(FieldName, Vec<NumberRange>),
    /// All of a figure lies in one of the ranges.
    Figure(Category, Vec<NumberRange>),
    /// A truth value is this one.
    Boolean(FieldName, bool),
    /// A date passes.
    Date(DateCheck),
    /// There are so many distinct values.
    CountOf(Field, Comparison, u64),
}

/// A date of a field other than the publication date passes.
#[derive(Debug, Clone)]
pub(crate) struct DateCheck {
    pub field: FieldName,
    pub test: DateTest,
    /// Whether it is enough that some moment of the date passes.
    pub possibly: bool,
}

impl DateCheck {
    fn passes(&self, date: crate::date::Date) -> bool {
        if self.possibly { self.test.may_pass(date) } else { self.test.passes(date) }
    }
}

impl FieldCheck {
    pub(super) fn open<'a>(&'a self, open: &'a OpenSegment<'_>) -> Result<Box<dyn Verify + 'a>, ExecError> {
        let segment = open.segment;
        Ok(match self {
            FieldCheck::Number(field, ranges) => match segment.number_column(field)? {
                Some(column) => Box::new(NumberVerify { column, ranges }),
                None => Box::new(Never),
            },
            FieldCheck::Figure(category, ranges) => match segment.figures(*category)? {
                Some(figures) => Box::new(FigureVerify { figures, ranges }),
                None => Box::new(Never),
            },
            FieldCheck::Boolean(field, value) => match segment.boolean_column(field)? {
                Some(column) => Box::new(BooleanVerify { column, value: *value }),
                None => Box::new(Never),
            },
            FieldCheck::Date(check) => match segment.date_column(&check.field)? {
                Some(column) => Box::new(DateVerify { column, check }),
                None => Box::new(Never),
            },
            FieldCheck::CountOf(field, comparison, count) => {
                let counter = ValueCounter::open(field, open)?;
                Box::new(CountVerify { counter, comparison: *comparison, count: *count })
            }
        })
    }
}

impl fmt::Display for FieldCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldCheck::Number(field, _) => write!(f, "numbers of {field}"),
            FieldCheck::Figure(category, _) => write!(f, "figures of {category:?}"),
            FieldCheck::Boolean(field, value) => write!(f, "{field} = {value}"),
            FieldCheck::Date(check) => write!(f, "dates of {}", check.field),
            FieldCheck::CountOf(field, comparison, count) => {
                write!(f, "number of {} {} {count}", field.name, comparison.sign())
            }
        }
    }
}

/// Stands for a column that the segment does not have.
struct Never;

impl Verify for Never {
    fn passes(&mut self, _: Ordinal) -> Result<bool, ExecError> {
        Ok(false)
    }
}

struct NumberVerify<'a> {
    column: NumberColumn<'a>,
    ranges: &'a [NumberRange],
}

impl Verify for NumberVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        let inside = |number| self.ranges.iter().any(|range| range.contains(number));
        Ok(self.column.values(ordinal).any(inside))
    }
}

struct FigureVerify<'a> {
    figures: Figures<'a>,
    ranges: &'a [NumberRange],
}

impl Verify for FigureVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        let figures = self.figures.read(ordinal)?;
        Ok(figures.iter().any(|figure| {
            let interval = figure.interval();
            self.ranges.iter().any(|range| holds_all_of(range, &interval))
        }))
    }
}

/// Tells whether every number that the figure allows lies in `range`.
pub(crate) fn holds_all_of(range: &NumberRange, figure: &Interval) -> bool {
    let above = match (range.low, figure.low) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some((low, low_inside)), Some((own, own_inside))) => {
            own > low || (own == low && (low_inside || !own_inside))
        }
    };
    let below = match (range.high, figure.high) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some((high, high_inside)), Some((own, own_inside))) => {
            own < high || (own == high && (high_inside || !own_inside))
        }
    };
    above && below
}

struct BooleanVerify<'a> {
    column: BooleanColumn<'a>,
    value: bool,
}

impl Verify for BooleanVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        Ok(self.column.has(ordinal, self.value))
    }
}

struct DateVerify<'a> {
    column: DateColumn<'a>,
    check: &'a DateCheck,
}

impl Verify for DateVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        Ok(self.column.values(ordinal).any(|date| self.check.passes(date)))
    }
}

struct CountVerify<'a> {
    counter: ValueCounter<'a>,
    comparison: Comparison,
    count: u64,
}

impl Verify for CountVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        Ok(self.comparison.holds(self.counter.count(ordinal)?, self.count))
    }
}

/// Counts the distinct values of a field; keywords that fold alike are one.
enum ValueCounter<'a> {
    Keyword(KeywordField<'a>),
    Number(NumberColumn<'a>),
    Boolean(BooleanColumn<'a>),
    Date(DateColumn<'a>),
    Quote(Quotes<'a>),
    /// A text is one value.
    Presence(crate::segment::Postings<'a>),
    None,
}

impl<'a> ValueCounter<'a> {
    fn open(field: &Field, open: &'a OpenSegment<'_>) -> Result<ValueCounter<'a>, ExecError> {
        let (segment, name) = (open.segment, &field.name);
        let counter = match field.field_type {
            FieldType::Keyword => segment.keyword(name)?.map(ValueCounter::Keyword),
            FieldType::Number => segment.number_column(name)?.map(ValueCounter::Number),
            FieldType::Boolean => segment.boolean_column(name)?.map(ValueCounter::Boolean),
            FieldType::Date => segment.date_column(name)?.map(ValueCounter::Date),
            FieldType::Quote => Some(ValueCounter::Quote(segment.quotes()?)),
            FieldType::Text => Some(ValueCounter::Presence(segment.presence(name)?)),
        };
        Ok(counter.unwrap_or(ValueCounter::None))
    }

    fn count(&mut self, ordinal: Ordinal) -> Result<u64, ExecError> {
        Ok(match self {
            ValueCounter::Keyword(field) if field.groups() == field.len() => u64::from(field.count(ordinal)),
            ValueCounter::Keyword(field) => {
                let mut groups: Vec<u32> = field.values(ordinal).map(|number| field.group(number)).collect();
                groups.dedup();
                groups.len() as u64
            }
            ValueCounter::Number(column) => u64::from(column.count(ordinal)),
            ValueCounter::Boolean(column) => {
                [false, true].into_iter().filter(|&value| column.has(ordinal, value)).count() as u64
            }
            ValueCounter::Date(column) => {
                let mut dates: Vec<_> = column.values(ordinal).collect();
                dates.dedup();
                dates.len() as u64
            }
            ValueCounter::Quote(quotes) => quotes.read(ordinal)?.len() as u64,
            ValueCounter::Presence(postings) => u64::from(postings.seek(ordinal) == ordinal),
            ValueCounter::None => 0,
        })
    }
}

/// Stored text fits a regular expression: every candidate article is read.
#[derive(Debug, Clone)]
pub(crate) struct StoredMatch {
    pub field: FieldName,
    pub regex: Arc<Regex>,
    /// The pattern as written, for `explain`.
    pub pattern: String,
}

impl StoredMatch {
    pub(super) fn open<'a>(&'a self, open: &'a OpenSegment<'_>, guard: &'a Guard) -> Box<dyn Verify + 'a> {
        Box::new(StoredVerify { check: self, open, guard })
    }

    /// Tells whether the field of a record fits.
    fn fits(&self, record: &crate::article::Record) -> bool {
        let article = &record.article;
        match &self.field {
            FieldName::Builtin(Builtin::Title) => {
                article.title.as_deref().is_some_and(|title| self.regex.is_match(title))
            }
            FieldName::Builtin(Builtin::Body) => self.regex.is_match(&article.body),
            field => {
                let values = record.values(field);
                values.iter().filter_map(|value| value.as_text()).any(|text| self.regex.is_match(text))
            }
        }
    }
}

impl fmt::Display for StoredMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stored {} fits /{}/", self.field, self.pattern)
    }
}

struct StoredVerify<'a> {
    check: &'a StoredMatch,
    open: &'a OpenSegment<'a>,
    guard: &'a Guard,
}

impl Verify for StoredVerify<'_> {
    fn passes(&mut self, ordinal: Ordinal) -> Result<bool, ExecError> {
        Ok(self.check.fits(&self.open.record(ordinal, self.guard)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    fn range(low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> NumberRange {
        let end = |end: Option<(i64, bool)>| end.map(|(value, inside)| (Number::Whole(value), inside));
        NumberRange { low: end(low), high: end(high) }
    }

    fn figure(low: Option<(i64, bool)>, high: Option<(i64, bool)>) -> Interval {
        let NumberRange { low, high } = range(low, high);
        Interval { low, high }
    }

    #[test]
    fn a_figure_passes_where_all_of_it_does() {
        let above_100 = range(Some((100, false)), None);
        assert!(holds_all_of(&above_100, &figure(Some((100, false)), None)), "over 100");
        assert!(!holds_all_of(&above_100, &figure(Some((100, true)), None)), "at least 100");
        assert!(!holds_all_of(&above_100, &figure(None, Some((500, false)))), "under 500");
        assert!(holds_all_of(&above_100, &figure(Some((101, true)), Some((101, true)))));
        let exactly = range(Some((5, true)), Some((5, true)));
        assert!(holds_all_of(&exactly, &figure(Some((5, true)), Some((5, true)))));
        assert!(!holds_all_of(&exactly, &figure(Some((5, true)), None)));
    }
}
