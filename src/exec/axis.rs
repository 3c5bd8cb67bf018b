//! The publication date as the axis of a segment: date conditions become intervals of ordinals.
//!
//! Articles lie newest first by the start of their date. For articles of one *class* (one precision, with or without an
//! own offset) every relation of the language is an interval of starts, because the end of an aligned span says no
//! more than the start of the unit that holds it: a span ends at or before `e` exactly when it starts before the unit
//! of `e` begins. The classes' intervals differ only around the ends of the literal, so one interval of ordinals holds
//! nearly everything, and the rest are short runs.

use super::docset::{Ordinal, OrdinalRange, Ranges};
use crate::date::{Precision, Unit};
use crate::query::{DateRelation, DateTest};

/// Starts of coarse spans that are looked up one by one; past it a linear look is cheaper.
const ALIGNED_STARTS_MAX: usize = 64;

/// How exactly a date is known, and whether the reader's zone moves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DateClass {
    /// How exactly the date is known.
    pub precision: Precision,
    /// True for civil dates and for timestamps without an offset: they are read in the session's zone.
    pub floating: bool,
}

/// The publication dates of one segment, in the order of its ordinals.
pub(crate) trait DateAxis {
    /// Returns the number of dated articles; they are the ordinals below it.
    fn dated(&self) -> Ordinal;

    /// Returns the start of a dated article's span, civil dates as if they were UTC.
    fn start(&self, ordinal: Ordinal) -> i64;

    /// Returns the class of a dated article.
    fn class(&self, ordinal: Ordinal) -> DateClass;

    /// Lists the classes that the segment's dates have.
    fn classes(&self) -> Vec<DateClass>;
}

/// Starts from `low` up to, not including, `high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Starts {
    low: i64,
    high: i64,
}

/// Returns the ordinals whose articles certainly satisfy `test`.
pub(crate) fn certain(axis: &impl DateAxis, test: &DateTest) -> Ranges {
    ordinals(axis, |class| certain_starts(class, test))
}

/// Returns the ordinals whose articles may satisfy `test`: some moment of their span does.
pub(crate) fn possible(axis: &impl DateAxis, test: &DateTest) -> Ranges {
    let relation = match test.relation {
        DateRelation::Within => DateRelation::Overlaps,
        relation => relation,
    };
    let test = DateTest { relation, ..*test };
    ordinals(axis, |class| possible_starts(class, &test))
}

/// Returns the first ordinal whose article starts before `start`; undated articles do.
pub(crate) fn first_before(axis: &impl DateAxis, start: i64) -> Ordinal {
    partition(axis.dated(), |ordinal| axis.start(ordinal) >= start)
}

/// Returns the first ordinal below `end` for which `holds` is false; it must be true before and false after.
pub(crate) fn partition(end: Ordinal, holds: impl Fn(Ordinal) -> bool) -> Ordinal {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// Returns the literal's ends on the clock of a class, and the starts of the units that hold them.
struct Ends {
    start: i64,
    end: i64,
    start_floor: i64,
    end_floor: i64,
}

fn ends(class: DateClass, test: &DateTest) -> Ends {
    let shift = if class.floating { test.zone.seconds() } else { 0 };
    let (start, end) = (test.span.start.saturating_add(shift), test.span.end.saturating_add(shift));
    Ends { start, end, start_floor: floor(class, start), end_floor: floor(class, end) }
}

fn unit(precision: Precision) -> Option<Unit> {
    match precision {
        Precision::Year => Some(Unit::Year),
        Precision::Quarter => Some(Unit::Quarter),
        Precision::Month => Some(Unit::Month),
        Precision::Week => Some(Unit::Week),
        Precision::Day => Some(Unit::Day),
        Precision::Minute => Some(Unit::Minute),
        Precision::Second => None,
    }
}

/// Returns the start of the span of this class that holds `moment`; far outside of the calendar, `moment` itself.
fn floor(class: DateClass, moment: i64) -> i64 {
    unit(class.precision).and_then(|unit| unit.floor(moment)).unwrap_or(moment)
}

fn certain_starts(class: DateClass, test: &DateTest) -> Starts {
    let ends = ends(class, test);
    let (low, high) = match test.relation {
        DateRelation::Within => (ends.start, ends.end_floor),
        DateRelation::Before => (i64::MIN, ends.start_floor),
        DateRelation::Until => (i64::MIN, ends.end_floor),
        DateRelation::After => (ends.end, i64::MAX),
        DateRelation::Since => (ends.start, i64::MAX),
        DateRelation::Overlaps => (ends.start_floor, ends.end),
    };
    Starts { low, high: high.max(low) }
}

fn possible_starts(class: DateClass, test: &DateTest) -> Starts {
    let ends = ends(class, test);
    let (low, high) = match test.relation {
        DateRelation::Within | DateRelation::Overlaps => (ends.start_floor, ends.end),
        DateRelation::Before => (i64::MIN, ends.start),
        DateRelation::Until => (i64::MIN, ends.end),
        DateRelation::After => (ends.end_floor, i64::MAX),
        DateRelation::Since => (ends.start_floor, i64::MAX),
    };
    Starts { low, high: high.max(low) }
}

fn ordinals(axis: &impl DateAxis, starts_of: impl Fn(DateClass) -> Starts) -> Ranges {
    let classes = axis.classes();
    let Some(&finest) = classes.iter().max_by_key(|class| (class.precision, class.floating)) else {
        return Ranges::default();
    };
    let core = starts_of(finest);
    let mut inside = vec![run(axis, core)];
    let mut outside = Vec::new();
    for &class in classes.iter().filter(|class| **class != finest) {
        let own = starts_of(class);
        for missing in differences(own, core) {
            inside.extend(runs_of_class(axis, class, missing));
        }
        for surplus in differences(core, own) {
            outside.extend(runs_of_class(axis, class, surplus));
        }
    }
    let outside: Ranges = outside.into_iter().collect();
    inside.into_iter().collect::<Ranges>().intersect(&outside.complement(axis.dated()))
}

/// Returns the ordinals that start inside.
fn run(axis: &impl DateAxis, starts: Starts) -> OrdinalRange {
    let first = if starts.high == i64::MAX { 0 } else { first_before(axis, starts.high) };
    OrdinalRange::new(first, first_before(axis, starts.low))
}

/// Returns the starts that are in `a` and not in `b`.
fn differences(a: Starts, b: Starts) -> impl Iterator<Item = Starts> {
    let below = Starts { low: a.low, high: a.high.min(b.low) };
    let above = Starts { low: a.low.max(b.high), high: a.high };
    [below, above].into_iter().filter(|starts| starts.low < starts.high)
}

/// Returns the ordinals of one class that start inside `starts`.
fn runs_of_class(axis: &impl DateAxis, class: DateClass, starts: Starts) -> Vec<OrdinalRange> {
    let near = run(axis, starts);
    if near.is_empty() {
        return Vec::new();
    }
    match aligned_starts(axis, class, near) {
        Some(aligned) => aligned
            .into_iter()
            .flat_map(|start| members(axis, class, run(axis, Starts { low: start, high: start + 1 })))
            .collect(),
        None => members(axis, class, near),
    }
}

/// Lists the starts that spans of this class can have among the articles of `near`, newest first, if they are few.
fn aligned_starts(axis: &impl DateAxis, class: DateClass, near: OrdinalRange) -> Option<Vec<i64>> {
    let unit = unit(class.precision).filter(|unit| *unit < Unit::Day)?;
    let (newest, oldest) = (axis.start(near.start), axis.start(near.end - 1));
    let mut starts = Vec::new();
    let mut start = unit.floor(newest)?;
    while start >= oldest {
        starts.push(start);
        start = unit.floor(start - 1)?;
        if starts.len() > ALIGNED_STARTS_MAX {
            return None;
        }
    }
    Some(starts)
}

fn members(axis: &impl DateAxis, class: DateClass, near: OrdinalRange) -> Vec<OrdinalRange> {
    (near.start..near.end)
        .filter(|&ordinal| axis.class(ordinal) == class)
        .map(|ordinal| OrdinalRange::new(ordinal, ordinal + 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::date::{Date, InstantSpan, Offset};

    struct Dates(Vec<Date>);

    impl DateAxis for Dates {
        fn dated(&self) -> Ordinal {
            self.0.len() as Ordinal
        }

        fn start(&self, ordinal: Ordinal) -> i64 {
            self.0[ordinal as usize].sort_start()
        }

        fn class(&self, ordinal: Ordinal) -> DateClass {
            let date = self.0[ordinal as usize];
            DateClass { precision: date.precision(), floating: date.offset().is_none() }
        }

        fn classes(&self) -> Vec<DateClass> {
            let mut classes: Vec<DateClass> = Vec::new();
            for ordinal in 0..self.dated() {
                let class = self.class(ordinal);
                if !classes.contains(&class) {
                    classes.push(class);
                }
            }
            classes
        }
    }

    fn dates() -> impl Strategy<Value = Date> {
        let text = (2017u16..2020, 1u8..13, 1u8..29, 0u8..24, 0u8..60, 0usize..9, -12i16..13).prop_map(
            |(year, month, day, hour, minute, form, zone)| {
                let offset = Offset::from_minutes(zone * 60).unwrap();
                match form {
                    0 => format!("{year}"),
                    1 => format!("{year}-Q{}", (month - 1) / 3 + 1),
                    2 => format!("{year}-{month:02}"),
                    3 => format!("{year}-W{:02}", month * 4),
                    4 => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}"),
                    5 => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}{offset}"),
                    6 => format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:01{offset}"),
                    _ => format!("{year}-{month:02}-{day:02}"),
                }
            },
        );
        text.prop_map(|text| text.parse().unwrap())
    }

    fn relations() -> impl Strategy<Value = DateRelation> {
        use DateRelation::{After, Before, Overlaps, Since, Until, Within};
        prop::sample::select(vec![Within, Before, Until, After, Since, Overlaps])
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(600))]

        #[test]
        fn ordinals_are_those_that_pass_the_test_one_by_one(
            mut list in prop::collection::vec(dates(), 0..60),
            first in dates(), second in dates(), relation in relations(), zone in -12i16..13,
        ) {
            list.sort_by_key(|date| (std::cmp::Reverse(date.sort_start()), date.sort_end()));
            let zone = Offset::from_minutes(zone * 60).unwrap();
            let (a, b) = (first.instants(zone), second.instants(zone));
            let span = InstantSpan { start: a.start.min(b.start), end: a.end.max(b.end) };
            let test = DateTest { relation, span, zone };
            let axis = Dates(list);
            let passing = |holds: &dyn Fn(Date) -> bool| -> Vec<Ordinal> {
                (0..axis.dated()).filter(|&ordinal| holds(axis.0[ordinal as usize])).collect()
            };
            let listed = |ranges: Ranges| -> Vec<Ordinal> { ranges.iter().flat_map(|r| r.start..r.end).collect() };
            prop_assert_eq!(listed(certain(&axis, &test)), passing(&|date| test.passes(date)));
            let maybe = |date: Date| {
                let own = date.instants(zone);
                match relation {
                    DateRelation::Within | DateRelation::Overlaps => own.start < span.end && span.start < own.end,
                    DateRelation::Before => own.start < span.start,
                    DateRelation::Until => own.start < span.end,
                    DateRelation::After => own.end > span.end,
                    DateRelation::Since => own.end > span.start,
                }
            };
            prop_assert_eq!(listed(possible(&axis, &test)), passing(&maybe));
        }
    }
}
