//! Time expressions: days, weeks, months and years that the text names, as closed ranges of days.
//!
//! Relative ones are read against the day of publication: a weekday is the nearest one not after it, unless a word such
//! as "until" or "scheduled" stands close before. Without that day they keep their span and stay unresolved.

use std::ops::Range;

use jiff::civil;

use super::calendar::{day_of_month, month, weekday, year};
use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use crate::article::{DateExpression, DayRange};

/// Words before a weekday or month that may say it lies ahead.
const FUTURE_WORDS: usize = 6;

/// Returns the time expressions of a page, in order; `published` is the day of publication.
pub fn find(page: &Page<'_>, published: Option<civil::Date>) -> Vec<DateExpression> {
    let mut found = Vec::new();
    for sentence in &page.sentences {
        let reader = Reader { page, sentence: sentence.clone(), published };
        let mut at = sentence.start;
        while at < sentence.end {
            match reader.expression(at) {
                Some((words, days)) => {
                    at = words.end.max(at + 1);
                    found.push(DateExpression { span: page.span(&words), days: days.map(Days::range) });
                }
                None => at += 1,
            }
        }
    }
    found
}

/// A closed range of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Days {
    from: civil::Date,
    to: civil::Date,
}

impl Days {
    fn one(day: civil::Date) -> Days {
        Days { from: day, to: day }
    }

    fn year(year: i16) -> Option<Days> {
        Some(Days { from: civil::Date::new(year, 1, 1).ok()?, to: civil::Date::new(year, 12, 31).ok()? })
    }

    fn years(first: i16, last: i16) -> Option<Days> {
        Some(Days { from: Days::year(first)?.from, to: Days::year(last)?.to })
    }

    fn month(year: i16, month: i8) -> Option<Days> {
        let from = civil::Date::new(year, month, 1).ok()?;
        Some(Days { from, to: from.last_of_month() })
    }

    fn week(day: civil::Date) -> Option<Days> {
        let from = moved(day, -i64::from(day.weekday().to_monday_zero_offset()))?;
        Some(Days { from, to: moved(from, 6)? })
    }

    /// The part of the range that "early", "mid" or "late" names: tenths of months, thirds of years.
    fn part(self, word: &str) -> Option<Days> {
        let is_month = self.from.month() == self.to.month();
        let new = |month: i8, day: i8| civil::Date::new(self.from.year(), month, day).ok();
        let (from, to) = match (word, is_month) {
            ("early", true) => (self.from, new(self.from.month(), 10)?),
            ("mid", true) => (new(self.from.month(), 11)?, new(self.from.month(), 20)?),
            ("late", true) => (new(self.from.month(), 21)?, self.to),
            ("early", false) => (self.from, new(4, 30)?),
            ("mid", false) => (new(5, 1)?, new(8, 31)?),
            ("late", false) => (new(9, 1)?, self.to),
            _ => (self.from, self.to),
        };
        Some(Days { from, to })
    }

    fn range(self) -> DayRange {
        DayRange { from: epoch_day(self.from), to: epoch_day(self.to) }
    }
}

fn moved(day: civil::Date, days: i64) -> Option<civil::Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

fn epoch_day(day: civil::Date) -> i32 {
    day.since(civil::Date::constant(1970, 1, 1)).map_or(0, |span| span.get_days())
}

/// What an expression means, where the day of publication is known.
type Meaning = Option<Days>;

struct Reader<'p, 'a> {
    page: &'p Page<'a>,
    sentence: Range<usize>,
    published: Option<civil::Date>,
}

impl Reader<'_, '_> {
    fn word(&self, index: usize) -> Option<&PageWord> {
        if self.sentence.contains(&index) { self.page.words.get(index) } else { None }
    }

    fn term(&self, index: usize) -> &str {
        self.word(index).map_or("", |word| self.page.term(word))
    }

    fn gap(&self, index: usize) -> Gap {
        self.word(index).map_or(Gap::Start, |word| word.gap)
    }

    /// Reads the expression that starts at a word.
    fn expression(&self, at: usize) -> Option<(Range<usize>, Meaning)> {
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
    fn weekday_or_day(&self, at: usize) -> Option<(Range<usize>, Meaning)> {
        let next = self.word(at + 1).filter(|next| matches!(next.gap, Gap::Comma | Gap::Space));
        if next.is_some_and(|next| next.class.is(Class::MONTH) || next.shape == Shape::Number) {
            let day = self.expression(at + 1).filter(|(words, _)| words.len() > 1);
            if let Some((words, days)) = day {
                return Some((at..words.end, days));
            }
        }
        let day = weekday(self.term(at))?;
        let end = self.past_part_of_day(at + 1);
        let meaning = || {
            let today = self.published?;
            let back = (i64::from(today.weekday().to_monday_zero_offset()) - i64::from(day)).rem_euclid(7);
            let ahead = self.lies_ahead(at);
            let distance = if ahead { if back == 0 { 0 } else { 7 - back } } else { -back };
            moved(today, distance).map(Days::one)
        };
        Some((at..end, meaning()))
    }

    fn past_part_of_day(&self, at: usize) -> usize {
        let part = matches!(self.term(at), "morning" | "afternoon" | "evening" | "night");
        at + usize::from(part && self.gap(at) == Gap::Space)
    }

    fn lies_ahead(&self, at: usize) -> bool {
        let first = at.saturating_sub(FUTURE_WORDS).max(self.sentence.start);
        (first..at).any(|index| {
            matches!(
                self.term(index),
                "until"
                    | "scheduled"
                    | "due"
                    | "will"
                    | "upcoming"
                    | "expected"
                    | "next"
                    | "coming"
                    | "by"
                    | "planned"
                    | "set"
            )
        })
    }

    /// `June 1, 2018`, `June 1`, `June 2018`, `June`.
    fn month_first(&self, at: usize) -> Option<(Range<usize>, Meaning)> {
        let number = month(self.term(at))?;
        let next_gap = matches!(self.gap(at + 1), Gap::Space | Gap::Stop | Gap::Comma);
        if let Some(day) =
            day_of_month(self.term(at + 1)).filter(|_| next_gap && self.gap(at + 1) != Gap::Comma)
        {
            let year =
                year(self.term(at + 2)).filter(|_| matches!(self.gap(at + 2), Gap::Comma | Gap::Space));
            let end = at + 2 + usize::from(year.is_some());
            return Some((at..end, self.day(year, number, day)));
        }
        if let Some(year) = year(self.term(at + 1)).filter(|_| next_gap) {
            return self.with_part(at, at + 2, Days::month(year, number));
        }
        let before = self.term(at.wrapping_sub(1));
        let led = matches!(
            before,
            "in" | "since"
                | "by"
                | "until"
                | "from"
                | "of"
                | "during"
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

    fn bare_month(&self, at: usize, number: i8) -> Option<(Range<usize>, Meaning)> {
        let days = self.published.and_then(|today| {
            let ahead = self.lies_ahead(at);
            let year = match number.cmp(&today.month()) {
                std::cmp::Ordering::Greater if !ahead => today.year() - 1,
                std::cmp::Ordering::Less if ahead => today.year() + 1,
                _ => today.year(),
            };
            Days::month(year, number)
        });
        let led = matches!(self.term(at - 1), "last" | "next" | "this");
        let (words, days) = self.with_part(at, at + 1, days)?;
        Some((words.start - usize::from(led)..words.end, days))
    }

    /// Takes "early", "mid" or "late" before an expression into it.
    fn with_part(&self, start: usize, end: usize, days: Meaning) -> Option<(Range<usize>, Meaning)> {
        let before = self.term(start.wrapping_sub(1));
        if start > self.sentence.start && matches!(before, "early" | "mid" | "late") {
            return Some((start - 1..end, days.and_then(|days| days.part(before))));
        }
        Some((start..end, days))
    }

    /// A day, in the year that brings it nearest to publication where none is given.
    fn day(&self, year: Option<i16>, month: i8, day: i8) -> Meaning {
        if let Some(year) = year {
            return civil::Date::new(year, month, day).ok().map(Days::one);
        }
        let today = self.published?;
        let in_year = |year: i16| civil::Date::new(year, month, day).ok();
        let candidates = [today.year() - 1, today.year(), today.year() + 1].into_iter().filter_map(in_year);
        candidates.min_by_key(|&day| (epoch_day(day) - epoch_day(today)).abs()).map(Days::one)
    }

    /// `1 June 2018`, `2018-06-01`, `three days ago`, `2018`, `1990s`.
    fn number_first(&self, at: usize) -> Option<(Range<usize>, Meaning)> {
        if let Some(found) = self.iso_day(at) {
            return Some(found);
        }
        let next_is_month =
            self.gap(at + 1) == Gap::Space && self.word(at + 1).is_some_and(PageWord::is_capital);
        if let (Some(day), Some(number)) =
            (day_of_month(self.term(at)), month(self.term(at + 1)).filter(|_| next_is_month))
        {
            let year =
                year(self.term(at + 2)).filter(|_| matches!(self.gap(at + 2), Gap::Space | Gap::Comma));
            return Some((at..at + 2 + usize::from(year.is_some()), self.day(year, number, day)));
        }
        if let Some(found) = self.ago(at) {
            return Some(found);
        }
        let decade = self.term(at).strip_suffix('s').and_then(year).filter(|year| year % 10 == 0);
        if let Some(first) = decade {
            let last = if first % 100 == 0 && first < 2000 { first + 99 } else { first + 9 };
            return Some((at..at + 1, Days::years(first, last)));
        }
        let number = year(self.term(at)).filter(|year| (1800..2100).contains(year) && self.is_year(at))?;
        self.with_part(at, at + 1, Days::year(number))
    }

    fn iso_day(&self, at: usize) -> Option<(Range<usize>, Meaning)> {
        let joined = self.gap(at + 1) == Gap::Hyphen && self.gap(at + 2) == Gap::Hyphen;
        let (month, day) = (self.term(at + 1).parse().ok()?, self.term(at + 2).parse().ok()?);
        let date = civil::Date::new(year(self.term(at))?, month, day).ok()?;
        joined.then(|| (at..at + 3, Some(Days::one(date))))
    }

    /// Tells whether four digits are a year rather than a count.
    fn is_year(&self, at: usize) -> bool {
        let before = self.term(at.wrapping_sub(1));
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
        let bracketed = self.gap(at) == Gap::Bracket;
        let names_event = next.is_some_and(|next| next.gap == Gap::Space && next.is_capital());
        (led && !counts) || bracketed || names_event || (event && self.gap(at + 1) == Gap::Space)
    }

    /// `three days ago`, `two years earlier`.
    fn ago(&self, at: usize) -> Option<(Range<usize>, Meaning)> {
        if self.term(at + 2) != "ago" {
            return None;
        }
        let count = count_of(self.term(at))?;
        let today = self.published;
        let meaning = |unit: &str| -> Meaning {
            let today = today?;
            match unit {
                "day" => moved(today, -count).map(Days::one),
                "week" => moved(today, -7 * count).and_then(Days::week),
                "month" => months_before(today, count).and_then(|(year, month)| Days::month(year, month)),
                "year" => Days::year(i16::try_from(i64::from(today.year()) - count).ok()?),
                _ => None,
            }
        };
        let unit = self.term(at + 1).trim_end_matches('s');
        matches!(unit, "day" | "week" | "month" | "year").then(|| (at..at + 3, meaning(unit)))
    }

    /// `today`, `last year`, `this week`, `early Friday`.
    fn word_first(&self, at: usize) -> Option<(Range<usize>, Meaning)> {
        let today = self.published;
        let day = |distance: i64| today.and_then(|today| moved(today, distance)).map(Days::one);
        match self.term(at) {
            "today" | "tonight" => Some((at..at + 1, day(0))),
            "yesterday" => Some((at..self.past_part_of_day(at + 1), day(-1))),
            "tomorrow" => Some((at..self.past_part_of_day(at + 1), day(1))),
            "last" | "past" | "previous" => self.relative(at, -1),
            "next" | "coming" | "following" => self.relative(at, 1),
            "this" | "current" => self.relative(at, 0),
            word if count_of(word).is_some() => self.ago(at),
            _ => None,
        }
    }

    fn relative(&self, at: usize, direction: i16) -> Option<(Range<usize>, Meaning)> {
        if self.gap(at + 1) != Gap::Space {
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
            day => {
                return weekday(day)
                    .map(|day| (at..self.past_part_of_day(end), self.relative_weekday(day, direction)));
            }
        };
        Some((at..end, meaning))
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
}

/// Reads a small count, in digits or words.
fn count_of(term: &str) -> Option<i64> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let word = WORDS.iter().position(|&word| word == term).and_then(|index| i64::try_from(index).ok());
    word.or_else(|| (term.len() <= 3).then(|| term.parse().ok()).flatten()).filter(|&count| count > 0)
}

/// Returns year and month so many months before a day; negative counts go forward.
fn months_before(day: civil::Date, months: i64) -> Option<(i16, i8)> {
    let index = i64::from(day.year()) * 12 + i64::from(day.month()) - 1 - months;
    Some((i16::try_from(index.div_euclid(12)).ok()?, i8::try_from(index.rem_euclid(12)).ok()? + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn found(text: &str, published: Option<&str>) -> Vec<(String, Option<String>)> {
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let published = published.map(|day| day.parse().expect("a day"));
        let day = |epoch: i32| {
            moved(civil::Date::constant(1970, 1, 1), i64::from(epoch)).expect("a day").to_string()
        };
        let show = |days: DayRange| format!("{}..{}", day(days.from), day(days.to));
        find(&page, published)
            .iter()
            .map(|date| (date.span.of(text).to_owned(), date.days.map(show)))
            .collect()
    }

    #[test]
    fn expressions_resolve_against_the_day_of_publication() {
        // Monday.
        let published = Some("2018-09-03");
        for (text, words, days) in [
            ("He came on Friday.", "Friday", "2018-08-31..2018-08-31"),
            ("They are due to meet on Friday.", "Friday", "2018-09-07..2018-09-07"),
            ("He came on Monday morning.", "Monday morning", "2018-09-03..2018-09-03"),
            ("He came last week.", "last week", "2018-08-27..2018-09-02"),
            ("Since early 2017 they talk.", "early 2017", "2017-01-01..2017-04-30"),
            ("It broke out in 2011.", "2011", "2011-01-01..2011-12-31"),
            ("He left last year.", "last year", "2017-01-01..2017-12-31"),
            ("He left on June 1, 2015, alone.", "June 1, 2015", "2015-06-01..2015-06-01"),
            ("He left on 1 June.", "1 June", "2018-06-01..2018-06-01"),
            ("He left on December 30.", "December 30", "2018-12-30..2018-12-30"),
            ("He left in October.", "October", "2017-10-01..2017-10-31"),
            ("He left in late August.", "late August", "2018-08-21..2018-08-31"),
            ("He left three days ago.", "three days ago", "2018-08-31..2018-08-31"),
            ("He left in the 1990s.", "1990s", "1990-01-01..1999-12-31"),
            ("On 2018-08-30 he left.", "2018-08-30", "2018-08-30..2018-08-30"),
            ("He left yesterday.", "yesterday", "2018-09-02..2018-09-02"),
        ] {
            assert_eq!(found(text, published), [(words.to_owned(), Some(days.to_owned()))], "{text}");
        }
    }

    #[test]
    fn without_a_day_of_publication_only_absolute_ones_resolve() {
        assert_eq!(found("He came on Friday.", None), [("Friday".into(), None)]);
        assert_eq!(
            found("In 2011 it began.", None),
            [("2011".into(), Some("2011-01-01..2011-12-31".into()))]
        );
    }

    #[test]
    fn counts_ages_and_words_are_no_dates() {
        for text in [
            "He may come.",
            "There were 2000 soldiers.",
            "March on, May said.",
            "Aged 12, he left for 3 years.",
        ] {
            assert_eq!(found(text, Some("2018-09-03")), [], "{text}");
        }
    }
}
