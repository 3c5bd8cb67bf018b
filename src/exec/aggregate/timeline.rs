//! `timeline`: one row per calendar bucket and series, dense and in time order.
//!
//! Segments lie in time order, so the matches of a bucket of the publication date are neighbours: their number is the
//! number of matches up to an ordinal, and no date is looked at. Where that does not hold - other date fields, dates
//! coarser than the bucket, zones that move some dates and not others - each article's date is.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::bucket::Calendar;
use super::count::{Spellings, both, tally};
use super::group::{DateReader, GroupId, Grouping};
use super::rows::{Figure, keep_first};
use crate::date::{Precision, Unit};
use crate::exec::docset::{BLOCK, DocSet, Ordinal, TERMINATED};
use crate::exec::planner::Planner;
use crate::exec::run::{Outcome, Plans};
use crate::exec::{
    AnswerKind, BUCKETS_MAX, Cell, CellType, Column, Context, ExecError, OpenSegment, Row, RowSink, Summary,
    Warning,
};
use crate::query::{GroupKey, Timeline};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::value::Value;

/// Articles by the start of their bucket, on the wall clock.
type Counts = BTreeMap<i64, u64>;

/// Answers `timeline`.
pub(crate) fn timeline(
    timeline: &Timeline,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let mut counter = Counter::new(timeline);
    let plans = Plans::new(&timeline.predicate, planner)?;
    let matches = counter.count(&plans, context)?;
    let series = match (&timeline.split, timeline.compare.is_empty()) {
        (Some((field, kept)), _) => {
            let grouping = Grouping::new(&GroupKey::Field(field.clone()), timeline.zone, context)?;
            counter.split(&plans, grouping, *kept, context)?
        }
        (None, true) => vec![Series { label: None, counts: matches.clone() }],
        (None, false) => {
            let mut all = Vec::with_capacity(timeline.compare.len());
            for series in &timeline.compare {
                let plans = Plans::new(&both(&timeline.predicate, &series.predicate), planner)?;
                let label = Some(Value::from(series.label.as_str()));
                all.push(Series { label, counts: counter.count(&plans, context)? });
            }
            all
        }
    };
    let undecided = counter.undecided.len() as u64;
    let wholes = match timeline.as_share {
        true => Some(Counter::new(timeline).count(&Plans::new(&timeline.share_of, planner)?, context)?),
        false => None,
    };
    let buckets = Buckets::of(timeline, counter.calendar, &matches)?;
    sink.start(AnswerKind::Timeline, &columns(timeline));
    emit(&buckets, &series, wholes.as_ref(), context, sink)?;
    let mut summary = Summary { undecided, ..Summary::default() };
    summary.warnings.extend(timeline.split.as_ref().filter(|_| series.is_empty()).map(no_series));
    if undecided > 0 {
        let unit = timeline.unit;
        let message = match undecided {
            1 => format!("1 article with a date coarser than a {unit} is in no bucket"),
            undecided => format!("{undecided} articles with dates coarser than a {unit} are in no bucket"),
        };
        summary.warnings.push(Warning { code: "W08", message });
    }
    Ok(Outcome { summary, is_empty: false, plans: Some(plans) })
}

/// Says why there are no rows.
fn no_series((field, _): &(Field, u64)) -> Warning {
    let message = format!("no matching article has a value of `{}`, so there are no series", field.name);
    Warning { code: "W03", message }
}

/// One curve.
struct Series {
    /// Its name; `None` where there is only one.
    label: Option<Value>,
    counts: Counts,
}

/// Columns of a timeline with series and shares.
const COLUMNS_MAX: usize = 5;

fn columns(timeline: &Timeline) -> Vec<Column> {
    let column = |name: &str, field_type| Column {
        name: name.to_owned(),
        cell_type: CellType::Field(field_type),
        many: false,
    };
    let mut columns = vec![column("bucket", FieldType::Date)];
    match &timeline.split {
        Some((field, _)) => columns.push(column("series", field.field_type)),
        None if !timeline.compare.is_empty() => columns.push(column("series", FieldType::Keyword)),
        None => {}
    }
    columns.push(column("count", FieldType::Number));
    if timeline.as_share {
        columns.push(column("share", FieldType::Number));
    }
    columns.push(column("partial", FieldType::Boolean));
    columns
}

/// The buckets of a timeline, from the first to the last.
struct Buckets {
    calendar: Calendar,
    starts: Vec<i64>,
    /// The bounds of the date condition on the wall clock, where it has such.
    bounds: (Option<i64>, Option<i64>),
}

impl Buckets {
    /// Takes the ends from the date condition, else from the matches.
    fn of(timeline: &Timeline, calendar: Calendar, matches: &Counts) -> Result<Buckets, ExecError> {
        let shift = timeline.zone.seconds();
        let wall = |bound: Option<i64>| bound.map(|bound| bound.saturating_add(shift));
        let bounds = (wall(timeline.bounds.0), wall(timeline.bounds.1));
        let from = bounds.0.and_then(|from| calendar.unit.floor(from));
        let to = bounds.1.and_then(|to| calendar.unit.floor(to - 1));
        let first = from.or_else(|| matches.keys().next().copied());
        let last = to.or_else(|| matches.keys().next_back().copied());
        let starts = match (first, last) {
            (Some(first), Some(last)) => calendar.list(first, last, BUCKETS_MAX),
            _ => Vec::new(),
        };
        if starts.len() > BUCKETS_MAX {
            return Err(ExecError::Buckets { count: count_between(calendar.unit, first, last) });
        }
        Ok(Buckets { calendar, starts, bounds })
    }

    /// Tells whether the date condition cuts a bucket.
    fn is_partial(&self, start: i64) -> bool {
        if self.bounds == (None, None) {
            return false;
        }
        let end = self.calendar.end(start);
        let cuts = |bound: Option<i64>| bound.is_some_and(|bound| start < bound && bound < end);
        cuts(self.bounds.0) || cuts(self.bounds.1)
    }
}

/// Returns the number of buckets for the message that there are too many.
fn count_between(unit: Unit, first: Option<i64>, last: Option<i64>) -> u64 {
    let (Some(first), Some(last)) = (first, last) else { return 0 };
    let seconds = match unit {
        Unit::Minute => 60,
        Unit::Hour => 3_600,
        Unit::Day => 86_400,
        Unit::Week => 7 * 86_400,
        Unit::Month | Unit::Quarter | Unit::Year => {
            let following = |start: &i64| unit.next(*start).filter(|next| *next <= last);
            return std::iter::successors(Some(first), following).count() as u64;
        }
    };
    ((last - first) / seconds + 1).unsigned_abs()
}

fn emit(
    buckets: &Buckets,
    series: &[Series],
    wholes: Option<&Counts>,
    context: &Context<'_>,
    sink: &mut dyn RowSink,
) -> Result<(), ExecError> {
    for &start in &buckets.starts {
        for one in series {
            context.guard.tick(1)?;
            let count = one.counts.get(&start).copied().unwrap_or(0);
            let mut cells = Vec::with_capacity(COLUMNS_MAX);
            cells.push(Cell::One(Value::Date(buckets.calendar.unit.bucket(start))));
            cells.extend(one.label.clone().map(Cell::One));
            cells.push(Figure::count(count).cell());
            if let Some(wholes) = wholes {
                cells.push(Figure::share(count, wholes.get(&start).copied().unwrap_or(0)).cell());
            }
            cells.push(Cell::One(Value::Boolean(buckets.is_partial(start))));
            if sink.row(Row { id: None, cells }).is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Counts matches by bucket.
struct Counter<'q> {
    field: &'q FieldName,
    calendar: Calendar,
    /// Articles with a date that no bucket holds.
    undecided: HashSet<(usize, Ordinal)>,
}

impl<'q> Counter<'q> {
    fn new(timeline: &'q Timeline) -> Counter<'q> {
        let calendar = Calendar::new(timeline.unit, timeline.zone);
        Counter { field: &timeline.field, calendar, undecided: HashSet::new() }
    }

    fn count(&mut self, plans: &Plans, context: &Context<'_>) -> Result<Counts, ExecError> {
        let mut counts = Counts::new();
        plans.each(context, |open, set| match self.lies_in_order(open) {
            true => self.count_in_order(open, set, &mut counts, context),
            false => self.count_by_date(open, set, &mut counts, context),
        })?;
        Ok(counts)
    }

    /// Tells whether the matches of each bucket are neighbours: no date is coarser than a bucket, and the zone moves
    /// all dates alike.
    fn lies_in_order(&self, open: &OpenSegment<'_>) -> bool {
        if *self.field != FieldName::Builtin(Builtin::Date) {
            return false;
        }
        let has = |precision: &Precision| open.dates.count(*precision) > 0;
        let fits = Precision::ALL.iter().filter(|p| has(p)).all(|p| lies_inside(*p, self.calendar.unit));
        let civil = Precision::ALL.iter().any(|p| p.is_civil() && has(p));
        let timed = Precision::ALL.iter().any(|p| !p.is_civil() && has(p));
        let moved_alike =
            self.calendar.zone.seconds() == 0 || !(timed && (civil || open.dates.has_floating()));
        fits && moved_alike
    }

    /// Counts the matches up to the ordinal where each bucket ends.
    fn count_in_order(
        &mut self,
        open: &OpenSegment<'_>,
        mut set: Box<dyn DocSet + '_>,
        counts: &mut Counts,
        context: &Context<'_>,
    ) -> Result<(), ExecError> {
        let mut doc = set.doc();
        while doc != TERMINATED {
            context.guard.tick(1)?;
            let Some(date) = open.dates.date(doc) else { return Ok(()) };
            let Some(start) = self.calendar.bucket(date) else { return Ok(()) };
            let on_the_wall = date.in_zone(self.calendar.zone).wall() - date.sort_start();
            let end = open.dates.boundary(start - on_the_wall);
            *counts.entry(start).or_default() += set.count_until(end.max(doc + 1));
            doc = set.doc();
        }
        Ok(())
    }

    fn count_by_date(
        &mut self,
        open: &OpenSegment<'_>,
        set: Box<dyn DocSet + '_>,
        counts: &mut Counts,
        context: &Context<'_>,
    ) -> Result<(), ExecError> {
        let dates = DateReader::open(self.field, open)?;
        let mut buckets = Vec::new();
        each(set, context, |ordinal| {
            self.buckets_of(ordinal, open, &dates, &mut buckets);
            for start in &buckets {
                *counts.entry(*start).or_default() += 1;
            }
            Ok(())
        })
    }

    /// Reads the distinct buckets of an article, and notes it where one of its dates has none.
    fn buckets_of(
        &mut self,
        ordinal: Ordinal,
        open: &OpenSegment<'_>,
        dates: &DateReader<'_>,
        out: &mut Vec<i64>,
    ) {
        out.clear();
        let mut coarse = false;
        dates.each(ordinal, |date| match self.calendar.bucket(date) {
            Some(start) => out.push(start),
            None => coarse = true,
        });
        if coarse {
            self.undecided.insert((open.index, ordinal));
        }
        out.sort_unstable();
        out.dedup();
    }

    /// Makes a curve of each of the values that most matches have, and one of the rest.
    fn split(
        &mut self,
        plans: &Plans,
        grouping: Grouping,
        kept: u64,
        context: &Context<'_>,
    ) -> Result<Vec<Series>, ExecError> {
        let mut groupings = [grouping];
        let totals = tally(plans, &mut groupings, false, context, Spellings::Count)?;
        let [mut grouping] = groupings;
        let mut ranked: Vec<(GroupId, u64)> = totals.singles().collect();
        let has_rest = ranked.len() as u64 > kept;
        let kept = usize::try_from(kept).unwrap_or(usize::MAX);
        keep_first(&mut ranked, kept, |a, b| b.1.cmp(&a.1).then_with(|| grouping.compare(a.0, b.0, false)));
        let places: HashMap<GroupId, usize> = ranked.iter().map(|(id, _)| *id).zip(0..).collect();
        let mut curves = vec![Counts::new(); ranked.len() + 1];
        self.count_curves(plans, &mut grouping, &places, &mut curves, context)?;
        let mut series = Vec::with_capacity(curves.len());
        let mut curves = curves.into_iter();
        for ((id, _), counts) in ranked.iter().zip(curves.by_ref()) {
            let label = match grouping.cell(*id, context)? {
                Cell::One(value) => Some(value),
                _ => None,
            };
            series.push(Series { label, counts });
        }
        if let (true, Some(counts)) = (has_rest, curves.next()) {
            series.push(Series { label: Some(Value::from("other")), counts });
        }
        Ok(series)
    }

    /// Counts each article under every value that has a curve, and once under the last curve for all other values.
    fn count_curves(
        &mut self,
        plans: &Plans,
        grouping: &mut Grouping,
        places: &HashMap<GroupId, usize>,
        curves: &mut [Counts],
        context: &Context<'_>,
    ) -> Result<(), ExecError> {
        let rest = curves.len().saturating_sub(1);
        plans.each(context, |open, set| {
            let dates = DateReader::open(self.field, open)?;
            let mut reader = grouping.open(open)?;
            let (mut buckets, mut ids, mut hit) = (Vec::new(), Vec::new(), Vec::new());
            each(set, context, |ordinal| {
                self.buckets_of(ordinal, open, &dates, &mut buckets);
                ids.clear();
                grouping.read(&mut reader, ordinal, &mut ids)?;
                hit.clear();
                hit.extend(ids.iter().map(|id| places.get(id).copied().unwrap_or(rest)));
                hit.sort_unstable();
                hit.dedup();
                for &at in &hit {
                    let Some(curve) = curves.get_mut(at) else { continue };
                    for start in &buckets {
                        *curve.entry(*start).or_default() += 1;
                    }
                }
                Ok(())
            })
        })
    }
}

/// Tells whether every date of this precision lies inside one bucket of the unit.
fn lies_inside(precision: Precision, unit: Unit) -> bool {
    match precision {
        Precision::Year => unit == Unit::Year,
        Precision::Quarter => matches!(unit, Unit::Year | Unit::Quarter),
        Precision::Month => matches!(unit, Unit::Year | Unit::Quarter | Unit::Month),
        Precision::Week => unit == Unit::Week,
        Precision::Day => unit <= Unit::Day,
        Precision::Minute | Precision::Second => true,
    }
}

/// Calls `found` with every article of a set.
fn each(
    mut set: Box<dyn DocSet + '_>,
    context: &Context<'_>,
    mut found: impl FnMut(Ordinal) -> Result<(), ExecError>,
) -> Result<(), ExecError> {
    let mut block = [0; BLOCK];
    loop {
        let filled = set.fill(TERMINATED, &mut block);
        if filled == 0 {
            return Ok(());
        }
        context.guard.tick(filled as u32)?;
        block.iter().take(filled).try_for_each(|&ordinal| found(ordinal))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Date;

    #[test]
    fn the_number_of_buckets_is_told_without_listing_them() {
        let wall = |text: &str| Some(text.parse::<Date>().unwrap().wall());
        assert_eq!(count_between(Unit::Day, wall("2018-01-01"), wall("2018-12-31")), 365);
        assert_eq!(count_between(Unit::Month, wall("2018-01"), wall("2019-02")), 14);
        assert_eq!(count_between(Unit::Minute, wall("2018-01-01"), wall("2019-01-01")), 365 * 1_440 + 1);
    }

    #[test]
    fn weeks_lie_inside_weeks_only() {
        for unit in Unit::ALL {
            assert_eq!(lies_inside(Precision::Week, unit), unit == Unit::Week);
            assert!(lies_inside(Precision::Second, unit));
        }
        assert!(!lies_inside(Precision::Day, Unit::Hour));
    }
}
