//! Expressions that name a day, month or year outright.

use std::ops::Range;

use jiff::civil;

use super::days::{Days, Season, epoch_day};
use crate::extract::calendar::{day_of_month, month, weekday, year};
use crate::extract::lexicon::Class;
use crate::extract::page::{Gap, Page, PageWord, Shape};

/// Words before a weekday or month that may say it lies ahead.
const AHEAD_WORDS_BEFORE: usize = 6;

/// Words after a weekday or month that may say it lies ahead.
const AHEAD_WORDS_AFTER: usize = 7;

/// Months that a bare month may lie ahead where nothing says so.
const AHEAD_MONTHS_MAX: i8 = 4;

/// What an expression means, where the day it is read against is known.
pub(super) type Meaning = Option<Days>;

/// An expression: its words and meaning.
pub(super) type Found = (Range<usize>, Meaning);

#[derive(Clone)]
pub(super) struct Reader<'p, 'a> {
    pub page: &'p Page<'a>,
    pub sentence: Range<usize>,
    pub published: Option<civil::Date>,
    /// What the expression before means.
    pub last: Meaning,
}

impl Reader<'_, '_> {
    pub fn word(&self, index: usize) -> Option<&PageWord> {
        if self.sentence.contains(&index) { self.page.words.get(index) } else { None }
    }

    pub fn term(&self, index: usize) -> &str {
        self.word(index).map_or("", |word| self.page.term(word))
    }

    /// Returns the term so many words before another; nothing before the sentence.
    pub fn term_before(&self, index: usize, distance: usize) -> &str {
        index.checked_sub(distance).map_or("", |before| self.term(before))
    }

    pub fn gap(&self, index: usize) -> Gap {
        self.word(index).map_or(Gap::Start, |word| word.gap)
    }

    pub fn is_capital(&self, index: usize) -> bool {
        self.word(index).is_some_and(PageWord::is_capital)
    }

    /// Reads the expression that starts at a word.
    pub fn expression(&self, at: usize) -> Option<Found> {
        let word = self.word(at)?;
        if word.class.is(Class::WEEKDAY) {
            return self.weekday_or_day(at);
        }
        if word.class.is(Class::MONTH) && word.is_capital() {
            return self.month_first(at);
        }
        if word.shape == Shape::Number {
            return self.number_first(at);
        }
        self.word_first(at)
    }

    /// `Friday`, `Friday morning`, `Friday, June 1`, `Friday 1 June 2018`.
    fn weekday_or_day(&self, at: usize) -> Option<Found> {
        let next = self.word(at + 1).filter(|next| matches!(next.gap, Gap::Comma | Gap::Space));
        if next.is_some_and(|next| next.class.is(Class::MONTH) || next.shape == Shape::Number) {
            let day = self.expression(at + 1).filter(|(words, _)| words.len() > 1);
            if let Some((words, days)) = day {
                return Some((at..words.end, days));
            }
        }
        let day = weekday(self.term(at))?;
        let end = self.past_part_of_day(at + 1);
        Some((at..end, self.nearest_weekday(at, day)))
    }

    fn nearest_weekday(&self, at: usize, day: i8) -> Meaning {
        let ranges =
            matches!(self.term_before(at, 1), "through" | "to") && weekday(self.term_before(at, 2)).is_some();
        if let (true, Some(first)) = (ranges, self.last) {
            let ahead =
                (i64::from(day) - i64::from(first.from.weekday().to_monday_zero_offset())).rem_euclid(7);
            return super::days::moved(first.from, ahead).map(Days::one);
        }
        let today = self.published?;
        let back = (i64::from(today.weekday().to_monday_zero_offset()) - i64::from(day)).rem_euclid(7);
        let distance = match (self.lies_ahead(at), back) {
            (true, 0) => 0,
            (true, back) => 7 - back,
            (false, back) => -back,
        };
        super::days::moved(today, distance).map(Days::one)
    }

    pub fn past_part_of_day(&self, at: usize) -> usize {
        let part = matches!(self.term(at), "morning" | "afternoon" | "evening" | "night");
        at + usize::from(part && self.gap(at) == Gap::Space)
    }

    /// Tells whether words close by say that what happens is still to come.
    fn lies_ahead(&self, at: usize) -> bool {
        let first = at.saturating_sub(AHEAD_WORDS_BEFORE).max(self.sentence.start);
        let has_been = (at + 1..at + AHEAD_WORDS_AFTER).any(|index| self.term(index) == "had");
        let before = (first..at).any(|index| match self.term(index) {
            "scheduled" | "due" | "will" | "upcoming" | "expected" | "next" | "coming" | "planned"
            | "set" | "would" | "planning" | "plans" | "plan" => true,
            "until" | "till" | "by" => !has_been,
            "soon" | "early" => self.term_before(index, 1) == "as",
            "be" => self.term_before(index, 1) == "to",
            _ => false,
        });
        let after = || {
            (at + 1..at + AHEAD_WORDS_AFTER)
                .take_while(|&index| !matches!(self.gap(index), Gap::Start))
                .any(|index| matches!(self.term(index), "will" | "scheduled"))
        };
        before || (at < self.sentence.start + 2 && after())
    }

    /// Tells whether a past tense stands close before.
    fn lies_behind(&self, at: usize) -> bool {
        let first = at.saturating_sub(AHEAD_WORDS_BEFORE).max(self.sentence.start);
        (first..at).any(|index| {
            let term = self.term(index);
            let past = term.len() > 3
                && term.ends_with("ed")
                && self.word(index).is_some_and(|w| w.shape == Shape::Lower);
            past || matches!(
                term,
                "was"
                    | "were"
                    | "had"
                    | "left"
                    | "came"
                    | "went"
                    | "began"
                    | "met"
                    | "took"
                    | "won"
                    | "lost"
                    | "since"
                    | "fell"
                    | "rose"
                    | "became"
                    | "shot"
                    | "found"
                    | "made"
                    | "held"
                    | "broke"
                    | "died"
            )
        })
    }

    /// `June 1, 2018`, `June 1`, `June 2018`, `June`.
    fn month_first(&self, at: usize) -> Option<Found> {
        let number = month(self.term(at))?;
        let next_gap = matches!(self.gap(at + 1), Gap::Space | Gap::Stop | Gap::Comma);
        let day = day_of_month(self.term(at + 1)).filter(|_| next_gap && self.gap(at + 1) != Gap::Comma);
        if let Some(day) = day {
            let year =
                year(self.term(at + 2)).filter(|_| matches!(self.gap(at + 2), Gap::Comma | Gap::Space));
            let end = at + 2 + usize::from(year.is_some());
            return Some((at..end, self.day(at, year, number, day)));
        }
        if let Some(year) = year(self.term(at + 1)).filter(|_| next_gap) {
            return self.with_part(at, at + 2, Days::month(year, number));
        }
        let before = self.term_before(at, 1);
        let led = matches!(
            before,
            "in" | "since"
                | "by"
                | "until"
                | "from"
                | "of"
                | "during"
                | "till"
                | "through"
                | "throughout"
                | "last"
                | "next"
                | "this"
                | "early"
                | "late"
                | "mid"
        );
        // "May" and "March" are words, and months are surnames, unless something leads to a month.
        (led && at > self.sentence.start).then(|| self.bare_month(at, number)).flatten()
    }

    fn bare_month(&self, at: usize, number: i8) -> Option<Found> {
        if let Some(found) = self.month_of_relative_year(at, number) {
            return Some(found);
        }
        let led_by = self.term_before(at, 1);
        let days = self.published.and_then(|today| {
            let ahead = (number - today.month()).rem_euclid(12);
            let is_ahead = match led_by {
                "last" => false,
                "next" => true,
                "this" => return Days::month(today.year(), number),
                _ => self.lies_ahead(at) || (ahead > 0 && ahead <= AHEAD_MONTHS_MAX && !self.lies_behind(at)),
            };
            let year = match number.cmp(&today.month()) {
                std::cmp::Ordering::Greater if !is_ahead => today.year() - 1,
                std::cmp::Ordering::Less if is_ahead => today.year() + 1,
                std::cmp::Ordering::Equal if led_by == "last" => today.year() - 1,
                std::cmp::Ordering::Equal if led_by == "next" => today.year() + 1,
                _ => today.year(),
            };
            Days::month(year, number)
        });
        let led = matches!(led_by, "last" | "next" | "this");
        let (words, days) = self.with_part(at, at + 1, days)?;
        Some((words.start - usize::from(led)..words.end, days))
    }

    /// `October last year`
    fn month_of_relative_year(&self, at: usize, number: i8) -> Option<Found> {
        let years = match (self.term(at + 1), self.term(at + 2)) {
            ("last", "year") => -1,
            ("this", "year") => 0,
            ("next", "year") => 1,
            _ => return None,
        };
        let days = self.published.and_then(|today| Days::month(today.year() + years, number));
        self.with_part(at, at + 3, days)
    }

    /// Takes "early", "mid" or "late" before an expression into it.
    pub fn with_part(&self, start: usize, end: usize, days: Meaning) -> Option<Found> {
        let before = self.term_before(start, 1);
        if start > self.sentence.start && matches!(before, "early" | "mid" | "late") {
            return Some((start - 1..end, days.and_then(|days| days.part(before))));
        }
        Some((start..end, days))
    }

    /// A day, in the year that brings it nearest to publication where none is given; the past counts as nearer.
    fn day(&self, at: usize, year: Option<i16>, month: i8, day: i8) -> Meaning {
        if let Some(year) = year {
            return civil::Date::new(year, month, day).ok().map(Days::one);
        }
        let today = self.published?;
        let in_year = |year: i16| civil::Date::new(year, month, day).ok();
        let candidates = [today.year() - 1, today.year(), today.year() + 1].into_iter().filter_map(in_year);
        let is_ahead = self.lies_ahead(at);
        let far = |&day: &civil::Date| {
            let ahead = epoch_day(day) - epoch_day(today);
            if (ahead > 0) == is_ahead { ahead.abs() } else { ahead.abs() * 2 }
        };
        candidates.min_by_key(far).map(Days::one)
    }

    /// `1 June 2018`, `2018-06-01`, `three days ago`, `2018`, `1990s`.
    fn number_first(&self, at: usize) -> Option<Found> {
        if let Some(found) = self.iso_day(at) {
            return Some(found);
        }
        let next_is_month = self.gap(at + 1) == Gap::Space && self.is_capital(at + 1);
        if let (Some(day), Some(number)) =
            (day_of_month(self.term(at)), month(self.term(at + 1)).filter(|_| next_is_month))
        {
            let year =
                year(self.term(at + 2)).filter(|_| matches!(self.gap(at + 2), Gap::Space | Gap::Comma));
            return Some((at..at + 2 + usize::from(year.is_some()), self.day(at, year, number, day)));
        }
        if let Some(found) = self.ago(at) {
            return Some(found);
        }
        let decade = self.term(at).strip_suffix('s').and_then(year).filter(|year| year % 10 == 0);
        if let Some(first) = decade {
            let last = if first % 100 == 0 && first < 2000 { first + 99 } else { first + 9 };
            return Some((at..at + 1, Days::years(first, last)));
        }
        let number =
            year(self.term(at)).filter(|&year| (1800..2100).contains(&year) && self.is_year(at, year))?;
        self.with_part(at, at + 1, Days::year(number))
    }

    fn iso_day(&self, at: usize) -> Option<Found> {
        let joined = self.gap(at + 1) == Gap::Hyphen && self.gap(at + 2) == Gap::Hyphen;
        let (month, day) = (self.term(at + 1).parse().ok()?, self.term(at + 2).parse().ok()?);
        let date = civil::Date::new(year(self.term(at))?, month, day).ok()?;
        joined.then(|| (at..at + 3, Some(Days::one(date))))
    }

    /// Tells whether four digits are a year rather than a count.
    fn is_year(&self, at: usize, number: i16) -> bool {
        let before = self.term_before(at, 1);
        let led = at > self.sentence.start
            && matches!(
                before,
                "in" | "since"
                    | "by"
                    | "until"
                    | "from"
                    | "of"
                    | "early"
                    | "late"
                    | "mid"
                    | "during"
                    | "throughout"
                    | "through"
                    | "before"
                    | "after"
                    | "to"
                    | "and"
                    | "the"
                    | "year"
                    | "between"
                    | "around"
            );
        let next = self.word(at + 1);
        let counts = next.is_some_and(|next| {
            next.gap == Gap::Space && next.shape == Shape::Lower && next.class == Class::default()
        });
        let event = matches!(
            self.term(at + 1),
            "presidential"
                | "election"
                | "elections"
                | "census"
                | "season"
                | "olympics"
                | "primary"
                | "general"
                | "budget"
                | "campaign"
                | "summer"
                | "winter"
                | "world"
                | "draft"
                | "referendum"
                | "parliamentary"
        );
        // "a 1967 outbreak" is no count: counts of so many end in zeros, and plurals follow "the".
        let single = matches!(before, "a" | "an" | "the" | "his" | "her" | "its" | "their");
        let dates_noun = single && number >= 1900 && number % 10 != 0 && counts;
        let is_clock =
            next.is_some_and(|next| next.class.is(Class::WEEKDAY) || self.page.term(next) == "gmt");
        let bracketed = self.gap(at) == Gap::Bracket && !is_clock;
        let names_event = next.is_some_and(|next| next.gap == Gap::Space && next.is_capital()) && !is_clock;
        (led && !counts)
            || dates_noun
            || bracketed
            || names_event
            || (event && self.gap(at + 1) == Gap::Space)
    }

    /// The second day of "April 24 and 25" or "June 3 to 5", after the first.
    pub fn second_day(&self, at: usize) -> Option<Found> {
        let first = self.last.filter(|days| days.is_one())?;
        let has_month = self.term_before(at, 1).starts_with(|c: char| c.is_ascii_digit())
            && month(self.term_before(at, 2)).is_some();
        let joins = matches!(self.term(at), "and" | "to" | "through") && self.gap(at) == Gap::Space;
        let hyphen = self.gap(at) == Gap::Hyphen;
        let second = if joins { at + 1 } else { at };
        let day = day_of_month(self.term(second)).filter(|_| has_month && (joins || hyphen))?;
        let counts = self.word(second + 1).is_some_and(|next| {
            next.gap == Gap::Space && next.shape == Shape::Lower && next.class == Class::default()
        });
        let date = civil::Date::new(first.from.year(), first.from.month(), day).ok();
        let date = date.filter(|&date| date > first.from && !counts)?;
        Some((second..second + 1, Some(Days::one(date))))
    }

    /// `summer of 2001`, `spring and summer of 2001`, `last fall`, `this winter`.
    pub fn season(&self, at: usize) -> Option<Found> {
        let first = Season::of(self.term(at))?;
        let both = Season::of(self.term(at + 2)).filter(|_| self.term(at + 1) == "and");
        let end = if both.is_some() { at + 3 } else { at + 1 };
        let of = usize::from(self.term(end) == "of");
        let number = year(self.term(end + of)).filter(|_| self.gap(end + of) == Gap::Space)?;
        let last = both.unwrap_or(first);
        // The winter before a season of the same year began the year before: "winter and spring of 2001".
        let began = if first == Season::Winter && last != first { number - 1 } else { number };
        let days = Days::season(began, first)
            .zip(Days::season(number, last))
            .and_then(|(first, last)| Days::between(first.from, last.to));
        self.with_part(at, end + of + 1, days)
    }
}
