//! Closed ranges of days, and how to make them.

use jiff::civil;

use crate::article::DayRange;

/// A closed range of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Days {
    pub from: civil::Date,
    pub to: civil::Date,
}

impl Days {
    pub fn one(day: civil::Date) -> Days {
        Days { from: day, to: day }
    }

    /// The days between two, both with it; none where the last lies before the first.
    pub fn between(from: civil::Date, to: civil::Date) -> Option<Days> {
        (from <= to).then_some(Days { from, to })
    }

    pub fn is_one(self) -> bool {
        self.from == self.to
    }

    pub fn year(year: i16) -> Option<Days> {
        Some(Days { from: civil::Date::new(year, 1, 1).ok()?, to: civil::Date::new(year, 12, 31).ok()? })
    }

    pub fn years(first: i16, last: i16) -> Option<Days> {
        Some(Days { from: Days::year(first)?.from, to: Days::year(last)?.to })
    }

    pub fn month(year: i16, month: i8) -> Option<Days> {
        let from = civil::Date::new(year, month, 1).ok()?;
        Some(Days { from, to: from.last_of_month() })
    }

    pub fn week(day: civil::Date) -> Option<Days> {
        let from = moved(day, -i64::from(day.weekday().to_monday_zero_offset()))?;
        Some(Days { from, to: moved(from, 6)? })
    }

    /// The season that begins in a year: three months, winter from December on.
    pub fn season(year: i16, season: Season) -> Option<Days> {
        let from = civil::Date::new(year, season.first_month(), 1).ok()?;
        let last = from.checked_add(jiff::Span::new().try_months(2).ok()?).ok()?;
        Some(Days { from, to: last.last_of_month() })
    }

    /// The part of the range that "early", "mid" or "late" names: days of ten in a month, months in thirds elsewhere.
    pub fn part(self, word: &str) -> Option<Days> {
        let (from, to) = (self.from, self.to);
        let months = i64::from(to.year() - from.year()) * 12 + i64::from(to.month() - from.month()) + 1;
        if months <= 1 {
            let day = |day: i8| civil::Date::new(from.year(), from.month(), day).ok();
            return match word {
                "early" => Days::between(from, day(10)?),
                "mid" => Days::between(day(11)?, day(20)?),
                "late" => Days::between(day(21)?, to),
                _ => Some(self),
            };
        }
        let third = (months / 3).max(1);
        let start = |thirds: i64| {
            let (year, month) = months_before(from, -third * thirds)?;
            civil::Date::new(year, month, 1).ok()
        };
        let end = |thirds: i64| start(thirds).and_then(|day| day.yesterday().ok());
        match word {
            "early" => Days::between(from, end(1)?),
            "mid" => Days::between(start(1)?, end(2)?),
            "late" => Days::between(start(2)?, to),
            _ => Some(self),
        }
    }

    pub fn range(self) -> DayRange {
        DayRange { from: epoch_day(self.from), to: epoch_day(self.to) }
    }
}

/// A season of the northern year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

impl Season {
    pub fn of(term: &str) -> Option<Season> {
        Some(match term {
            "spring" => Season::Spring,
            "summer" => Season::Summer,
            "fall" | "autumn" => Season::Autumn,
            "winter" => Season::Winter,
            _ => return None,
        })
    }

    pub fn first_month(self) -> i8 {
        match self {
            Season::Spring => 3,
            Season::Summer => 6,
            Season::Autumn => 9,
            Season::Winter => 12,
        }
    }
}

pub(super) fn moved(day: civil::Date, days: i64) -> Option<civil::Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

pub(super) fn epoch_day(day: civil::Date) -> i32 {
    day.since(civil::Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// Returns year and month so many months before a day; negative counts go forward.
pub(super) fn months_before(day: civil::Date, months: i64) -> Option<(i16, i8)> {
    let index = i64::from(day.year()) * 12 + i64::from(day.month()) - 1 - months;
    Some((i16::try_from(index.div_euclid(12)).ok()?, i8::try_from(index.rem_euclid(12)).ok()? + 1))
}

/// Returns the day of a holiday that moves with its year or not, from its folded name.
pub(super) fn holiday(term: &str, next: &str, year: i16) -> Option<civil::Date> {
    match (term, next) {
        ("thanksgiving", _) => {
            civil::Date::new(year, 11, 1).ok()?.nth_weekday_of_month(4, civil::Weekday::Thursday).ok()
        }
        ("christmas", "eve") => civil::Date::new(year, 12, 24).ok(),
        ("christmas", _) => civil::Date::new(year, 12, 25).ok(),
        ("halloween", _) => civil::Date::new(year, 10, 31).ok(),
        _ => None,
    }
}
