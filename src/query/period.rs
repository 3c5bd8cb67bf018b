//! Periods of time as queries write them, and the clock that makes the relative ones absolute.
//!
//! Days and longer are calendar spans of the session's zone, hours and minutes are rolling. `last month` is the
//! month before this one; `last 3 months` are three months of which the current one is the last.

use serde::{Deserialize, Serialize};

use crate::date::{Date, InstantSpan, Offset, Precision, Unit};

/// The moment that the relative dates of a script count from, in the zone that its days begin in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub now: i64,
    /// The session's zone.
    pub zone: Offset,
}

/// A stretch of time: written out, or counted from the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Period {
    /// `2018-09..2018-10`, both ends included; one date stands on both sides.
    Dates {
        /// The date that it starts with.
        first: Date,
        /// The date that it ends with.
        last: Date,
    },
    /// `this month`: the whole calendar unit that holds now.
    This(Unit),
    /// `last month`: the calendar unit before this one; `last hour`: the sixty minutes up to now.
    Last(Unit),
    /// `last 7 days`: so many calendar units, this one being the last; `last 24 hours`: all up to now.
    LastSeveral(u32, Unit),
}

impl From<Date> for Period {
    fn from(date: Date) -> Period {
        Period::Dates { first: date, last: date }
    }
}

impl Clock {
    /// Returns the instants that `period` spans; `None` where it leaves the calendar or counts no unit.
    ///
    /// Dates written backwards give a span that ends before it begins, in which no date lies.
    pub fn span(self, period: Period) -> Option<InstantSpan> {
        match period {
            Period::Dates { first, last } => {
                let start = first.instants(self.zone).start;
                Some(InstantSpan { start, end: last.instants(self.zone).end })
            }
            Period::This(unit) => self.buckets(unit, 0, 1),
            Period::Last(unit) if is_rolling(unit) => self.rolling(1, unit),
            Period::Last(unit) => self.buckets(unit, 1, 1),
            Period::LastSeveral(0, _) => None,
            Period::LastSeveral(count, unit) if is_rolling(unit) => self.rolling(count, unit),
            Period::LastSeveral(count, unit) => self.buckets(unit, i64::from(count) - 1, i64::from(count)),
        }
    }

    /// Returns the second that is now.
    pub fn now(self) -> InstantSpan {
        InstantSpan { start: self.now, end: self.now.saturating_add(1) }
    }

    /// Returns the calendar day of the session's zone that holds now.
    pub fn today(self) -> Option<InstantSpan> {
        self.ago(0, Unit::Day)
    }

    /// Returns the calendar day before today.
    pub fn yesterday(self) -> Option<InstantSpan> {
        self.ago(1, Unit::Day)
    }

    /// Returns `3 days ago`: that calendar unit as a whole; `3 hours ago`: the second so long before now.
    pub fn ago(self, count: u32, unit: Unit) -> Option<InstantSpan> {
        if !is_rolling(unit) {
            return self.buckets(unit, i64::from(count), 1);
        }
        let start = self.now.checked_sub(i64::from(count) * rolling_seconds(unit))?;
        self.on_calendar(InstantSpan { start, end: start + 1 })
    }

    /// Returns the moment `instant` as a date of the session's zone: a day where it is a midnight.
    pub fn date(self, instant: i64) -> Option<Date> {
        let moment = Date::instant(instant, self.zone, Precision::Second).ok()?;
        let is_midnight = Unit::Day.floor(moment.wall()) == Some(moment.wall());
        Some(if is_midnight { Unit::Day.bucket(moment.wall()) } else { moment })
    }

    /// Returns `count` calendar units, the first of which began `back` units before the current one.
    fn buckets(self, unit: Unit, back: i64, count: i64) -> Option<InstantSpan> {
        let current = unit.floor(self.now.checked_add(self.zone.seconds())?)?;
        let start = unit.shift(current, back.checked_neg()?)?;
        let last = unit.shift(start, count - 1)?;
        let end = unit.shift(last, 1).unwrap_or_else(|| unit.bucket(last).wall_end());
        Some(InstantSpan { start: start - self.zone.seconds(), end: end - self.zone.seconds() })
    }

    /// Returns the stretch up to now, both its moments included, so that it equals `between n units ago and now`.
    fn rolling(self, count: u32, unit: Unit) -> Option<InstantSpan> {
        let start = self.ago(count, unit)?.start;
        Some(InstantSpan { start, end: self.now().end })
    }

    fn on_calendar(self, span: InstantSpan) -> Option<InstantSpan> {
        Date::instant(span.start, self.zone, Precision::Second).ok().map(|_| span)
    }
}

fn is_rolling(unit: Unit) -> bool {
    matches!(unit, Unit::Hour | Unit::Minute)
}

fn rolling_seconds(unit: Unit) -> i64 {
    if unit == Unit::Hour { 3_600 } else { 60 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Thursday, 25 October 2018, 01:30 UTC.
    fn clock(zone: &str) -> Clock {
        let now: Date = "2018-10-25T01:30:00Z".parse().unwrap();
        Clock { now: now.sort_start(), zone: zone.parse().unwrap() }
    }

    fn shown(clock: Clock, span: Option<InstantSpan>) -> String {
        let show = |instant| clock.date(instant).unwrap().to_string();
        span.map_or("none".into(), |span| format!("{} {}", show(span.start), show(span.end)))
    }

    #[test]
    fn relative_periods_are_calendar_spans() {
        use Period::{Last, LastSeveral, This};
        for (period, expected) in [
            (This(Unit::Day), "2018-10-25 2018-10-26"),
            (This(Unit::Week), "2018-10-22 2018-10-29"),
            (This(Unit::Month), "2018-10-01 2018-11-01"),
            (This(Unit::Quarter), "2018-10-01 2019-01-01"),
            (This(Unit::Year), "2018-01-01 2019-01-01"),
            (Last(Unit::Day), "2018-10-24 2018-10-25"),
            (Last(Unit::Week), "2018-10-15 2018-10-22"),
            (Last(Unit::Month), "2018-09-01 2018-10-01"),
            (Last(Unit::Quarter), "2018-07-01 2018-10-01"),
            (Last(Unit::Year), "2017-01-01 2018-01-01"),
            (LastSeveral(7, Unit::Day), "2018-10-19 2018-10-26"),
            (LastSeveral(1, Unit::Month), "2018-10-01 2018-11-01"),
            (LastSeveral(14, Unit::Month), "2017-09-01 2018-11-01"),
            (LastSeveral(0, Unit::Month), "none"),
            (LastSeveral(u32::MAX, Unit::Year), "none"),
        ] {
            let clock = clock("Z");
            assert_eq!(shown(clock, clock.span(period)), expected, "{period:?}");
        }
    }

    #[test]
    fn hours_and_minutes_roll() {
        let clock = clock("Z");
        for (span, expected) in [
            (clock.span(Period::LastSeveral(24, Unit::Hour)), "2018-10-24T01:30:00Z 2018-10-25T01:30:01Z"),
            (clock.span(Period::Last(Unit::Hour)), "2018-10-25T00:30:00Z 2018-10-25T01:30:01Z"),
            (clock.span(Period::This(Unit::Hour)), "2018-10-25T01:00:00Z 2018-10-25T02:00:00Z"),
            (clock.ago(5, Unit::Minute), "2018-10-25T01:25:00Z 2018-10-25T01:25:01Z"),
            (clock.ago(3, Unit::Day), "2018-10-22 2018-10-23"),
            (clock.ago(2, Unit::Month), "2018-08-01 2018-09-01"),
            (clock.today(), "2018-10-25 2018-10-26"),
            (clock.yesterday(), "2018-10-24 2018-10-25"),
        ] {
            assert_eq!(shown(clock, span), expected);
        }
    }

    #[test]
    fn days_begin_in_the_zone_of_the_session() {
        let west = clock("-05:00");
        assert_eq!(shown(west, west.today()), "2018-10-24 2018-10-25");
        let start = west.today().unwrap().start;
        let midnight: Date = "2018-10-24T00:00-05:00".parse().unwrap();
        assert_eq!(start, midnight.sort_start());
    }

    #[test]
    fn written_periods_include_both_ends() {
        let clock = clock("Z");
        let date = |text: &str| text.parse::<Date>().unwrap();
        let period = |first, last| Period::Dates { first: date(first), last: date(last) };
        assert_eq!(shown(clock, clock.span(period("2014", "2017"))), "2014-01-01 2018-01-01");
        assert_eq!(shown(clock, clock.span(date("2018-Q3").into())), "2018-07-01 2018-10-01");
        let backwards = clock.span(period("2018", "2014")).unwrap();
        assert!(backwards.end < backwards.start);
    }

    #[test]
    fn moments_past_the_calendar_are_none() {
        let clock = clock("Z");
        assert_eq!(clock.ago(u32::MAX, Unit::Hour), None);
        assert_eq!(clock.ago(3_000, Unit::Year), None);
    }
}
