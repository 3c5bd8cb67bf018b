//! The field `date`, which articles lie sorted by: a condition on it is a few ranges of ordinals.
//!
//! Part 2 of its section, behind the column (see `dates`):
//!
//! ```text
//! counts     7 varints: articles dated to year, quarter, month, week, day, minute, second
//! runs       for year, quarter, month and week: number of runs varint; each: gap since the run before varint,
//!            length varint; a run is a stretch of neighbouring ordinals dated to this precision
//! ```
//!
//! **Why a few ranges are enough.** Articles fall by start. A test compares starts and ends with bounds, so all articles
//! on one side of a bound agree, but for two kinds. *Straddlers*: an article of a coarse class whose span holds the
//! bound; each class has one start whose span holds it, so these are runs at single starts, at most one a class.
//! *Floating* articles, whose instants depend on the session's zone, beside *fixed* ones: they part only within the
//! zone's shift of the bound. Around each bound those places are tested one article at a time; between two such places
//! one article stands for all.

use std::cmp::Reverse;
use std::ops::Range;

use super::dates::{Class, DateColumn, DatesWriter};
use crate::date::{Date, Precision, Unit};
use crate::query::DateTest;
use crate::segment::bytes::{Input, put_varint};
use crate::segment::error::SegmentError;
use crate::segment::format::Kind;
use crate::segment::image::{Image, Section};
use crate::segment::keyword;

/// The last second of the calendar, 9999-12-31T23:59:59: spans that end past it start no later.
const CALENDAR_LAST: i64 = 253_402_300_799;

/// Precisions whose runs are stored.
const COARSE: usize = 4;

/// What articles of a segment are sorted by: undated last, start of the date descending, end ascending, id, version.
pub(in crate::segment) type SortKey = (bool, Reverse<i64>, i64, u32, u64);

/// Returns the sort key of an article, from start and end of its date, id and version.
pub(in crate::segment) fn sort_key(date: Option<(i64, i64)>, id: u32, seq: u64) -> SortKey {
    let (start, end) = date.unwrap_or((0, 0));
    (date.is_none(), Reverse(start), end, id, seq)
}

impl DatesWriter {
    /// Returns part 2 of the section of the field `date`.
    pub(super) fn runs(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let runs: Vec<Vec<Range<u32>>> =
            Precision::ALL.iter().map(|&precision| self.runs_of(precision)).collect();
        for runs in &runs {
            put_varint(&mut out, runs.iter().map(|run| run.len() as u64).sum());
        }
        for runs in runs.iter().take(COARSE) {
            put_varint(&mut out, runs.len() as u64);
            let mut before = 0;
            for run in runs {
                put_varint(&mut out, u64::from(run.start - before));
                put_varint(&mut out, run.len() as u64);
                before = run.end;
            }
        }
        out
    }

    fn runs_of(&self, precision: Precision) -> Vec<Range<u32>> {
        let mut runs: Vec<Range<u32>> = Vec::new();
        for (ordinal, date) in (0..).zip(self.values()) {
            match runs.last_mut() {
                _ if date.precision() != precision => {}
                Some(run) if run.end == ordinal => run.end += 1,
                _ => runs.push(ordinal..ordinal + 1),
            }
        }
        runs
    }
}

/// The `date` column, sorted: newest first, undated last.
#[derive(Debug, Clone)]
pub struct Dates<'s> {
    /// `None` where no article is dated.
    column: Option<DateColumn<'s>>,
    counts: [u32; Precision::ALL.len()],
    runs: [Vec<Range<u32>>; COARSE],
}

impl<'s> Dates<'s> {
    pub(in crate::segment) fn open(image: &'s Image) -> Result<Dates<'s>, SegmentError> {
        let name = keyword::section_name(&crate::schema::FieldName::Builtin(crate::schema::Builtin::Date));
        let Some(section) = image.section(Kind::Dates, &name) else {
            return Ok(Dates { column: None, counts: [0; 7], runs: Default::default() });
        };
        let [column, runs] = section.parts()?;
        let column = DateColumn::open(column)?;
        let (counts, runs) = read_runs(&runs, column.len())?;
        Ok(Dates { column: Some(column), counts, runs })
    }

    /// Returns the number of dated articles; the undated ones have the ordinals from it on.
    pub fn dated(&self) -> u32 {
        self.column.as_ref().map_or(0, |column| column.len() as u32)
    }

    /// Returns the date of an article.
    pub fn date(&self, ordinal: u32) -> Option<Date> {
        self.column.as_ref()?.get(ordinal as usize).filter(|_| ordinal < self.dated())
    }

    /// Returns `Date::sort_start` of an article.
    pub fn sort_start(&self, ordinal: u32) -> Option<i64> {
        self.column.as_ref()?.start(ordinal as usize)
    }

    /// Returns `Date::sort_end` of an article.
    pub fn sort_end(&self, ordinal: u32) -> Option<i64> {
        let start = self.sort_start(ordinal)?;
        let seconds = match self.precision(ordinal)? {
            Precision::Second => 1,
            Precision::Minute => 60,
            Precision::Day => 86_400,
            Precision::Week => 7 * 86_400,
            Precision::Month | Precision::Quarter | Precision::Year => {
                return self.date(ordinal).map(Date::sort_end);
            }
        };
        start.checked_add(seconds)
    }

    /// Returns the precision of an article's date.
    pub fn precision(&self, ordinal: u32) -> Option<Precision> {
        self.class(ordinal).map(|(precision, _)| precision)
    }

    fn class(&self, ordinal: u32) -> Option<Class> {
        self.column.as_ref()?.class(ordinal as usize)
    }

    /// Returns the first ordinal whose start lies before `sort_start`: all ordinals below it start at or after it.
    pub fn boundary(&self, sort_start: i64) -> u32 {
        self.column.as_ref().map_or(0, |column| column.boundary(sort_start) as u32)
    }

    /// Returns how many articles are dated to this precision.
    pub fn count(&self, precision: Precision) -> u32 {
        self.counts.get(precision as usize).copied().unwrap_or(0)
    }

    /// Tells whether some article's instants depend on the session's zone: a civil date, or a timestamp without an
    /// offset.
    pub fn has_floating(&self) -> bool {
        self.classes().iter().any(|(_, offset)| offset.is_none())
    }

    fn has_fixed(&self) -> bool {
        self.classes().iter().any(|(_, offset)| offset.is_some())
    }

    fn classes(&self) -> &[Class] {
        self.column.as_ref().map_or(&[], DateColumn::classes)
    }

    /// Returns the runs of neighbouring ordinals dated to this precision.
    ///
    /// Those of years, quarters, months and weeks are stored; finer ones are collected from the column.
    pub fn runs(&self, precision: Precision) -> Vec<Range<u32>> {
        if let Some(runs) = self.runs.get(precision as usize) {
            return runs.clone();
        }
        let mut runs: Vec<Range<u32>> = Vec::new();
        if self.count(precision) == 0 {
            return runs;
        }
        for ordinal in (0..self.dated()).filter(|&ordinal| self.precision(ordinal) == Some(precision)) {
            match runs.last_mut() {
                Some(run) if run.end == ordinal => run.end += 1,
                _ => runs.push(ordinal..ordinal + 1),
            }
        }
        runs
    }

    /// Returns the newest start and the oldest start.
    pub fn sort_starts(&self) -> Option<(i64, i64)> {
        self.sort_start(0).zip(self.sort_start(self.dated().checked_sub(1)?))
    }

    /// Returns the ordinals whose date passes, as rising, disjoint ranges that do not touch.
    pub fn ordinals(&self, test: &DateTest) -> Vec<Range<u32>> {
        let mut passing = Vec::new();
        let mut from = 0;
        for place in self.doubtful(test) {
            self.push_if_first_passes(from..place.start, test, &mut passing);
            self.push_one_by_one(place.clone(), test, &mut passing);
            from = place.end;
        }
        self.push_if_first_passes(from..self.dated(), test, &mut passing);
        passing
    }

    /// Returns the places where neighbours may disagree, as rising, disjoint ranges of ordinals; some are empty, and
    /// only mark where two sides part.
    fn doubtful(&self, test: &DateTest) -> Vec<Range<u32>> {
        let mut places = Vec::new();
        let zone = test.zone.seconds();
        for bound in [test.span.start, test.span.end] {
            // In `sort_start`, floating articles part at the bound moved by the zone, fixed ones at the bound.
            let floating = bound.saturating_add(zone);
            let (low, high) = match (self.has_floating(), self.has_fixed()) {
                (true, true) => (bound.min(floating), bound.max(floating)),
                (true, false) => (floating, floating),
                (false, _) => (bound, bound),
            };
            // Minutes and seconds that straddle the bound start less than a minute before it.
            let low = if self.count(Precision::Minute) > 0 { low.saturating_sub(60) } else { low };
            places.push(self.boundary(high)..self.boundary(low));
            places.extend(self.straddlers(floating));
        }
        places.sort_unstable_by_key(|place| (place.start, place.end));
        let mut from = 0;
        places.retain_mut(|place| {
            place.start = place.start.max(from);
            from = from.max(place.end);
            place.start <= place.end
        });
        places
    }

    /// Returns the articles at the one start of each coarse class whose span holds `bound`.
    fn straddlers(&self, bound: i64) -> impl Iterator<Item = Range<u32>> + '_ {
        let units = [
            (Precision::Year, Unit::Year),
            (Precision::Quarter, Unit::Quarter),
            (Precision::Month, Unit::Month),
            (Precision::Week, Unit::Week),
            (Precision::Day, Unit::Day),
        ];
        units.into_iter().filter(|&(precision, _)| self.count(precision) > 0).filter_map(move |(_, unit)| {
            let start = unit.floor(bound.min(CALENDAR_LAST)).filter(|&start| start != bound)?;
            Some(self.boundary(start + 1)..self.boundary(start))
        })
    }

    fn push_if_first_passes(&self, place: Range<u32>, test: &DateTest, passing: &mut Vec<Range<u32>>) {
        if !place.is_empty() && self.date(place.start).is_some_and(|date| test.passes(date)) {
            push_range(passing, place);
        }
    }

    fn push_one_by_one(&self, place: Range<u32>, test: &DateTest, passing: &mut Vec<Range<u32>>) {
        let mut before = None;
        for ordinal in place {
            // Neighbours of equal start and class pass or fail together.
            let same = (self.sort_start(ordinal), self.class(ordinal));
            let passes = match before {
                Some((known, passes)) if known == same => passes,
                _ => self.date(ordinal).is_some_and(|date| test.passes(date)),
            };
            before = Some((same, passes));
            if passes {
                push_range(passing, ordinal..ordinal + 1);
            }
        }
    }
}

fn push_range(ranges: &mut Vec<Range<u32>>, range: Range<u32>) {
    match ranges.last_mut() {
        Some(last) if last.end == range.start => last.end = range.end,
        _ => ranges.push(range),
    }
}

type Runs = ([u32; Precision::ALL.len()], [Vec<Range<u32>>; COARSE]);

fn read_runs(section: &Section<'_>, dated: usize) -> Result<Runs, SegmentError> {
    let mut input = Input::new(section.all()?);
    let mut read = || {
        let mut counts = [0; Precision::ALL.len()];
        for count in &mut counts {
            *count = input.varint32()?;
        }
        let mut all = <[Vec<Range<u32>>; COARSE]>::default();
        for runs in &mut all {
            let mut before = 0_u32;
            for _ in 0..input.varint()? {
                let start = before.checked_add(input.varint32()?)?;
                before = start.checked_add(input.varint32()?)?;
                runs.push(start..before);
            }
        }
        let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        (total == dated as u64).then_some((counts, all))
    };
    read().ok_or_else(|| section.damaged("the runs of a precision do not decode"))
}
