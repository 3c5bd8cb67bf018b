//! `average`, `median`, `sum`, `min`, `max`.
//!
//! Every value of every matching article takes part. Sums of whole numbers are exact; sums of decimals are taken over the
//! sorted values, so that no result depends on the order in which articles are met.

use std::collections::HashMap;

use super::count::{Spellings, each_group, groupings_of};
use super::group::{DateReader, GroupId, Grouping};
use super::rows::{Figure, GroupRow, Layout};
use crate::date::Date;
use crate::exec::docset::Ordinal;
use crate::exec::planner::Planner;
use crate::exec::run::{Outcome, Plans};
use crate::exec::{AnswerKind, Context, ExecError, OpenSegment, RowSink, Summary};
use crate::query::{Measure, MeasureFunction};
use crate::schema::{Field, FieldType};
use crate::segment::NumberColumn;
use crate::value::{Number, Value};

/// Answers a measure.
pub(crate) fn measure(
    measure: &Measure,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let plans = Plans::new(&measure.predicate, planner)?;
    let mut groupings = groupings_of(&measure.keys, measure.zone, context)?;
    let rows =
        values_of(measure, &plans, &mut groupings, context)?.into_iter().map(|(ids, values)| GroupRow {
            series: 0,
            ids,
            figures: vec![Figure::Value(values.measure(measure.function, measure.zone))],
        });
    let rows: Vec<GroupRow> = rows.collect();
    let layout = Layout {
        series: Vec::new(),
        groupings: &groupings,
        figures: vec![(measure.function.name(), measure.field.field_type)],
        order: &measure.order,
        limit: measure.limit,
        offset: measure.offset,
    };
    sink.start(AnswerKind::Measure, &layout.columns());
    layout.emit(rows, context, sink)?;
    let total = if measure.with.total { Some(plans.count(context)?) } else { None };
    let summary = Summary { total, ..Summary::default() };
    Ok(Outcome { summary, is_empty: false, plans: Some(plans) })
}

/// Collects the values of each group; without keys, of all matches.
fn values_of(
    measure: &Measure,
    plans: &Plans,
    groupings: &mut [Grouping],
    context: &Context<'_>,
) -> Result<HashMap<Vec<GroupId>, Values>, ExecError> {
    let mut readers = Vec::with_capacity(context.segments.len());
    for open in &context.segments {
        readers.push(ValueReader::open(&measure.field, open)?);
    }
    let mut groups: HashMap<Vec<GroupId>, Values> = HashMap::new();
    if measure.keys.is_empty() {
        groups.insert(Vec::new(), Values::default());
    }
    let missing = measure.with.missing;
    each_group(plans, groupings, missing, context, Spellings::Count, &mut |(segment, ordinal), ids| {
        if !groups.contains_key(ids) {
            groups.insert(ids.to_vec(), Values::default());
        }
        match (groups.get_mut(ids), readers.get(segment)) {
            (Some(values), Some(reader)) => reader.add(ordinal, values, context),
            _ => Ok(()),
        }
    })?;
    Ok(groups)
}

/// Reads the measured values of the articles of one segment.
enum ValueReader<'a> {
    Number(NumberColumn<'a>),
    Date(DateReader<'a>),
    None,
}

impl<'a> ValueReader<'a> {
    fn open(field: &Field, open: &'a OpenSegment<'_>) -> Result<ValueReader<'a>, ExecError> {
        Ok(match field.field_type {
            FieldType::Date => ValueReader::Date(DateReader::open(&field.name, open)?),
            _ => open.segment.number_column(&field.name)?.map_or(ValueReader::None, ValueReader::Number),
        })
    }

    fn add(&self, ordinal: Ordinal, values: &mut Values, context: &Context<'_>) -> Result<(), ExecError> {
        let before = values.numbers.len() + values.dates.len();
        match self {
            ValueReader::Number(column) => values.numbers.extend(column.values(ordinal)),
            ValueReader::Date(dates) => dates.each(ordinal, |date| values.dates.push(date)),
            ValueReader::None => {}
        }
        let added = values.numbers.len() + values.dates.len() - before;
        context.guard.grow(added * size_of::<Number>())
    }
}

/// All values of a group.
#[derive(Debug, Default)]
struct Values {
    numbers: Vec<Number>,
    dates: Vec<Date>,
}

impl Values {
    fn measure(mut self, function: MeasureFunction, zone: crate::date::Offset) -> Option<Value> {
        if let (Some(&earliest), Some(&latest)) = (self.dates.iter().min(), self.dates.iter().max()) {
            let date = if function == MeasureFunction::Min { earliest } else { latest };
            return Some(Value::Date(date.in_zone(zone)));
        }
        self.numbers.sort_unstable();
        let number = match function {
            MeasureFunction::Min => self.numbers.first().copied(),
            MeasureFunction::Max => self.numbers.last().copied(),
            MeasureFunction::Sum => sum(&self.numbers),
            MeasureFunction::Average => average(&self.numbers),
            MeasureFunction::Median => median(&self.numbers),
        };
        number.map(Value::Number)
    }
}

/// Returns the sum of sorted numbers; whole ones are added exactly.
fn sum(sorted: &[Number]) -> Option<Number> {
    if sorted.is_empty() {
        return None;
    }
    match whole_sum(sorted) {
        Some(sum) => {
            i64::try_from(sum).map_or_else(|_| Number::from_f64(sum as f64), |sum| Some(Number::Whole(sum)))
        }
        None => Number::from_f64(sorted.iter().map(|number| number.as_f64()).sum()),
    }
}

fn whole_sum(numbers: &[Number]) -> Option<i128> {
    numbers
        .iter()
        .map(|number| match number {
            Number::Whole(whole) => Some(i128::from(*whole)),
            Number::Decimal(_) => None,
        })
        .sum()
}

fn average(sorted: &[Number]) -> Option<Number> {
    let count = sorted.len() as f64;
    match whole_sum(sorted) {
        _ if sorted.is_empty() => None,
        Some(sum) => Number::from_f64(sum as f64 / count),
        None => Number::from_f64(sorted.iter().map(|number| number.as_f64()).sum::<f64>() / count),
    }
}

/// Returns the middle of sorted numbers; of two middles, the number halfway between.
fn median(sorted: &[Number]) -> Option<Number> {
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle - 1)?;
    average(&[lower, upper])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn whole(numbers: &[i64]) -> Vec<Number> {
        numbers.iter().copied().map(Number::Whole).collect()
    }

    #[test]
    fn measures_of_whole_numbers_are_exact() {
        let huge = whole(&[1, i64::MAX, i64::MAX - 1]);
        assert_eq!(sum(&whole(&[i64::MAX - 1, 1])), Some(Number::Whole(i64::MAX)));
        assert!(matches!(sum(&huge), Some(Number::Decimal(_))));
        assert_eq!(median(&whole(&[1, 2, 10])), Some(Number::Whole(2)));
        assert_eq!(median(&whole(&[1, 2, 3, 10])), Some(Number::Decimal(2.5)));
        assert_eq!(average(&whole(&[1, 2, 6])), Some(Number::Whole(3)));
        assert_eq!((sum(&[]), average(&[]), median(&[])), (None, None, None));
    }

    proptest! {
        #[test]
        fn no_measure_depends_on_the_order_of_articles(
            mut numbers in prop::collection::vec(-1e12f64..1e12, 1..40), seed in any::<u64>(),
        ) {
            let measured = |numbers: &[f64], function| {
                let numbers = numbers.iter().filter_map(|&number| Number::from_f64(number)).collect();
                Values { numbers, dates: Vec::new() }.measure(function, crate::date::Offset::UTC)
            };
            let before = numbers.clone();
            let turn = (seed % numbers.len() as u64) as usize;
            numbers.rotate_left(turn);
            for function in [MeasureFunction::Sum, MeasureFunction::Average, MeasureFunction::Median] {
                prop_assert_eq!(measured(&before, function), measured(&numbers, function));
            }
        }
    }
}
