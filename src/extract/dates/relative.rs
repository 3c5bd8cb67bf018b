//! Expressions that are read against the day of publication or the expression before.

use jiff::civil;

use super::days::{Days, Season, holiday, months_before, moved};
use super::reader::{Found, Meaning, Reader};
use crate::extract::calendar::weekday;
use crate::extract::figures::numeral::spelled;
use crate::extract::page::Gap;

impl Reader<'_, '_> {
    /// `today`, `last year`, `this week`, `that day`, `Thanksgiving`.
    pub fn word_first(&self, at: usize) -> Option<Found> {
        let today = self.published;
        let day = |distance: i64| today.and_then(|today| moved(today, distance)).map(Days::one);
        match self.term(at) {
            "today" | "tonight" => Some((at..at + 1, day(0))),
            "yesterday" => Some((at..self.past_part_of_day(at + 1), day(-1))),
            "tomorrow" => Some((at..self.past_part_of_day(at + 1), day(1))),
            "last" | "past" | "previous" => self.relative(at, -1),
            "next" | "coming" | "following" => self.relative(at, 1),
            "this" | "current" => self.relative(at, 0),
            "that" | "same" => self.same_again(at),
            "thanksgiving" | "christmas" | "halloween" if self.is_capital(at) => self.holiday(at),
            "spring" | "summer" | "fall" | "autumn" | "winter" => self.season(at),
            word if count_of(word).is_some() => self.ago(at),
            _ => None,
        }
    }

    /// `three days ago`, `a decade ago`, `three years later`.
    pub fn ago(&self, at: usize) -> Option<Found> {
        let count = count_of(self.term(at))?;
        let unit = self.term(at + 1).trim_end_matches('s');
        let meaning = match (self.term(at + 2), unit) {
            ("ago", _) => self.published.and_then(|today| before(today, count, unit)),
            ("later", "year") => {
                let last = self.last?.from;
                Days::year(i16::try_from(i64::from(last.year()) + count).ok()?)
            }
            ("later", "day") => Some(Days::one(moved(self.last.filter(|last| last.is_one())?.from, count)?)),
            _ => return None,
        };
        matches!(unit, "day" | "week" | "month" | "year" | "decade").then_some((at..at + 3, meaning))
    }

    fn relative(&self, at: usize, direction: i16) -> Option<Found> {
        if self.gap(at + 1) != Gap::Space || self.is_duration(at) {
            return None;
        }
        let today = self.published;
        let unit = self.term(at + 1);
        let end = at + 2;
        if direction == -1 && self.term(at) != "last" && !matches!(unit, "year" | "month" | "week") {
            return None;
        }
        let meaning = match unit {
            "year" => today.and_then(|today| Days::year(today.year() + direction)),
            "month" => today.and_then(|today| {
                months_before(today, -i64::from(direction)).and_then(|(year, month)| Days::month(year, month))
            }),
            "week" => today.and_then(|today| moved(today, 7 * i64::from(direction))).and_then(Days::week),
            "night" if direction == -1 => today.and_then(|today| moved(today, -1)).map(Days::one),
            "morning" | "afternoon" | "evening" if direction == 0 => today.map(Days::one),
            "thanksgiving" | "christmas" => {
                return self.holiday(at + 1).map(|(words, days)| (at..words.end, days));
            }
            "spring" | "summer" | "fall" | "autumn" | "winter" => self.relative_season(unit, direction),
            day => {
                return weekday(day)
                    .map(|day| (at..self.past_part_of_day(end), self.relative_weekday(day, direction)));
            }
        };
        Some((at..end, meaning.map(|days| self.up_to_today(at, days))))
    }

    /// "earlier this year" ends on the day of publication, and "later this year" starts there.
    fn up_to_today(&self, at: usize, days: Days) -> Days {
        let today = self.published.filter(|today| (days.from..=days.to).contains(today));
        match (self.term_before(at, 1), today) {
            ("earlier", Some(to)) => Days { to, ..days },
            ("later", Some(from)) => Days { from, ..days },
            _ => days,
        }
    }

    /// "for the last week" and "over the past year" say how long, not when.
    fn is_duration(&self, at: usize) -> bool {
        let determined = self.term_before(at, 1) == "the";
        let lasting = matches!(self.term_before(at, 2), "for" | "over" | "in" | "during" | "within");
        determined && lasting && matches!(self.term(at), "last" | "past")
    }

    fn relative_weekday(&self, day: i8, direction: i16) -> Meaning {
        let today = self.published?;
        let back = (i64::from(today.weekday().to_monday_zero_offset()) - i64::from(day)).rem_euclid(7);
        let distance = match direction {
            -1 => -(if back == 0 { 7 } else { back }),
            1 => 7 - back,
            _ => -back,
        };
        moved(today, distance).map(Days::one)
    }

    fn relative_season(&self, name: &str, direction: i16) -> Meaning {
        let (today, season) = (self.published?, Season::of(name)?);
        let years = [-1, 0, 1].map(|distance| today.year() + distance);
        let mut all = years.into_iter().filter_map(|year| Days::season(year, season));
        match direction {
            -1 => all.rfind(|days| days.to < today),
            1 => all.find(|days| days.from > today),
            _ => all.find(|days| days.to >= today),
        }
    }

    /// A holiday is the last one, unless it stands close ahead.
    fn holiday(&self, at: usize) -> Option<Found> {
        const AHEAD_DAYS_MAX: i64 = 40;
        let (name, next) = (self.term(at), self.term(at + 1));
        let end = at + 1 + usize::from(matches!(next, "day" | "eve") && self.gap(at + 1) == Gap::Space);
        let meaning = self.published.and_then(|today| {
            let latest = moved(today, AHEAD_DAYS_MAX)?;
            let years = [today.year() + 1, today.year(), today.year() - 1];
            years.into_iter().filter_map(|year| holiday(name, next, year)).find(|&day| day <= latest)
        });
        Some((at..end, meaning.map(Days::one)))
    }

    /// `that day`, `the same year`: what the expression before means, at the size of the unit.
    fn same_again(&self, at: usize) -> Option<Found> {
        let last = self.last?;
        let days = match self.term(at + 1) {
            "day" => Some(last).filter(|days| days.is_one())?,
            "week" => Days::week(last.from)?,
            "month" => Days::month(last.from.year(), last.from.month())?,
            "year" => Days::year(last.from.year())?,
            _ => return None,
        };
        (self.gap(at + 1) == Gap::Space).then_some((at..at + 2, Some(days)))
    }
}

/// Returns the time so many units before a day, at the size of the unit.
fn before(today: civil::Date, count: i64, unit: &str) -> Meaning {
    match unit {
        "day" => moved(today, -count).map(Days::one),
        "week" => moved(today, -7 * count).and_then(Days::week),
        "month" => months_before(today, count).and_then(|(year, month)| Days::month(year, month)),
        "year" => Days::year(i16::try_from(i64::from(today.year()) - count).ok()?),
        "decade" => Days::year(i16::try_from(i64::from(today.year()) - 10 * count).ok()?),
        _ => None,
    }
}

/// Largest count read in words; beyond it news writes digits.
const SPELLED_MAX: u8 = 12;

/// Reads a small count, in digits or words.
fn count_of(term: &str) -> Option<i64> {
    if matches!(term, "a" | "an") {
        return Some(1);
    }
    let word = spelled(term).filter(|&count| count <= SPELLED_MAX).map(i64::from);
    word.or_else(|| (term.len() <= 3).then(|| term.parse().ok()).flatten()).filter(|&count| count > 0)
}
