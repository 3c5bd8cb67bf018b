//! Publication dates as feeds, wires and file names write them.
//!
//! The literals of the query language come first. Everything else is read as a bag of parts (numbers, a month's name,
//! a clock, a zone) in the orders that people use; what could be two days is refused, not guessed.

use thiserror::Error;

use crate::date::{Date, DateError, Offset, Precision};

/// Longest text that is tried as a date, in bytes.
const TEXT_BYTES_MAX: usize = 80;

/// Years that a number in a file name or a run of digits may mean.
const PLAUSIBLE_YEARS: std::ops::RangeInclusive<u32> = 1600..=2199;

/// Says why a text is no publication date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum DateProblem {
    #[error("`{text}` is not a date; write 2018-09-03, 2018-09-03T14:30Z or 3 September 2018")]
    Unreadable { text: String },
    #[error("`{text}` may be two different days; write the year first, as in 2018-09-03")]
    Ambiguous { text: String },
    #[error("{0}")]
    Calendar(#[from] DateError),
}

/// Reads a publication date: literals of the query language, RFC 3339 and 2822, `3 September 2018`,
/// `Sept 3, 2018`, `September 2018`, `26-FEB-1987 15:01:01.79`, `20180903143005`, seconds since 1970.
pub(super) fn read(text: &str) -> Result<Date, DateProblem> {
    let text = text.trim();
    let unreadable = || DateProblem::Unreadable { text: text.chars().take(40).collect() };
    match text.parse::<Date>() {
        Ok(date) => return Ok(date),
        Err(DateError::Form { .. } | DateError::Time { second: 60, .. }) if text.len() <= TEXT_BYTES_MAX => {}
        Err(DateError::Form { .. }) => return Err(unreadable()),
        Err(problem) => return Err(problem.into()),
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return read_digits(text).ok_or_else(unreadable);
    }
    let scan = Scan::of(text).ok_or_else(unreadable)?;
    let day = match day_of(&scan.parts) {
        Reading::Date(date) => date?,
        Reading::TwoDays => return Err(DateProblem::Ambiguous { text: text.to_owned() }),
        Reading::None => return Err(unreadable()),
    };
    match scan.clock {
        None => Ok(day),
        Some(clock) if day.precision() == Precision::Day => Ok(clock.on(day, scan.zone)?),
        Some(_) => Err(unreadable()),
    }
}

/// Returns the day that a file's name holds: `2018-09-03-idlib.txt`, `20180903_x.txt`.
pub(super) fn in_file_name(name: &str) -> Option<Date> {
    let bytes = name.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let starts_run = |at: &usize| is_digit(*at) && (*at == 0 || !is_digit(at - 1));
    (0..bytes.len()).filter(starts_run).find_map(|start| {
        let run = (start..).take_while(|&at| is_digit(at)).count();
        let digits = |from: usize, len: usize| name.get(from..from + len)?.parse::<u32>().ok();
        let separator = |at: usize| bytes.get(at).filter(|byte| matches!(byte, b'-' | b'_' | b'.'));
        match run {
            8 => plausible_day(digits(start, 4)?, digits(start + 4, 2)?, digits(start + 6, 2)?),
            4 if separator(start + 4).is_some()
                && separator(start + 4) == separator(start + 7)
                && !is_digit(start + 10) =>
            {
                plausible_day(digits(start, 4)?, digits(start + 5, 2)?, digits(start + 8, 2)?)
            }
            _ => None,
        }
    })
}

fn plausible_day(year: u32, month: u32, day: u32) -> Option<Date> {
    PLAUSIBLE_YEARS.contains(&year).then(|| ymd(year, month, day).ok()).flatten()
}

fn ymd(year: u32, month: u32, day: u32) -> Result<Date, DateError> {
    let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
    Date::ymd(i16::try_from(year).unwrap_or(i16::MAX), small(month), small(day))
}

fn ym(year: u32, month: u32) -> Result<Date, DateError> {
    Date::ym(i16::try_from(year).unwrap_or(i16::MAX), u8::try_from(month).unwrap_or(u8::MAX))
}

/// Reads a run of digits by its length: year, month, day, day with time, seconds or milliseconds since 1970.
fn read_digits(text: &str) -> Option<Date> {
    let part = |from: usize, len: usize| text.get(from..from + len)?.parse::<u32>().ok();
    let instant = |seconds: i64| Date::instant(seconds, Offset::UTC, Precision::Second).ok();
    match text.len() {
        6 if PLAUSIBLE_YEARS.contains(&part(0, 4)?) => ym(part(0, 4)?, part(4, 2)?).ok(),
        8 => plausible_day(part(0, 4)?, part(4, 2)?, part(6, 2)?),
        9 | 10 => instant(text.parse().ok()?),
        12 | 14 => {
            let day = plausible_day(part(0, 4)?, part(4, 2)?, part(6, 2)?)?;
            let clock = Clock { hour: part(8, 2)?, minute: part(10, 2)?, second: part(12, 2) };
            clock.on(day, None).ok()
        }
        13 => instant(text.parse::<i64>().ok()? / 1_000),
        _ => None,
    }
}

/// What a clock shows; without seconds it is known to the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    hour: u32,
    minute: u32,
    second: Option<u32>,
}

impl Clock {
    /// Returns the moment at which the clock shows this on `day`.
    fn on(self, day: Date, zone: Option<Offset>) -> Result<Date, DateError> {
        let Clock { hour, minute, second } = self;
        // Leap seconds are counted to the second before them.
        let seconds = if second == Some(60) { 59 } else { second.unwrap_or(0) };
        if hour > 23 || minute > 59 || seconds > 59 {
            return Err(DateError::Time { hour, minute, second: seconds });
        }
        let precision = if second.is_some() { Precision::Second } else { Precision::Minute };
        let wall = day.wall() + i64::from(hour * 3_600 + minute * 60 + seconds);
        Date::from_parts(wall, precision, zone).ok_or(DateError::Range)
    }
}

/// A part of a date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A number, with how many digits write it and what stood before it.
    Number {
        value: u32,
        digits: usize,
        after: char,
    },
    Month(u32),
}

/// A text cut into the parts of a date.
#[derive(Debug, Default)]
struct Scan<'a> {
    rest: &'a str,
    parts: Vec<Part>,
    clock: Option<Clock>,
    zone: Option<Offset>,
    /// The last separator seen.
    separator: char,
}

impl<'a> Scan<'a> {
    /// Returns the parts of `text`, or `None` where something in it belongs to no date.
    fn of(text: &'a str) -> Option<Scan<'a>> {
        let mut scan = Scan { rest: text, separator: ' ', ..Scan::default() };
        while let Some(next) = scan.rest.chars().next() {
            match next {
                '0'..='9' => scan.number()?,
                _ if next.is_alphabetic() => scan.word()?,
                '+' | '-' if scan.clock.is_some() && scan.zone.is_none() && scan.offset() => {}
                '-' | '/' | '.' => scan.skip(next),
                ',' | ' ' | '\t' | '(' | ')' | '\u{a0}' => scan.skip(next),
                _ => return None,
            }
        }
        Some(scan)
    }

    fn skip(&mut self, separator: char) {
        self.separator =
            if separator.is_whitespace() && self.separator != ' ' { self.separator } else { separator };
        self.advance(separator.len_utf8());
    }

    fn advance(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or("");
    }

    /// Takes the digits at the front.
    fn digits(&mut self) -> &'a str {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    fn number(&mut self) -> Option<()> {
        let digits = self.digits();
        let value: u32 = digits.parse().ok()?;
        let begins_clock =
            self.rest.strip_prefix(':').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        if begins_clock && self.clock.is_none() && digits.len() <= 2 {
            return self.clock(value);
        }
        if self.separator == 'T' && self.clock.is_none() && matches!(digits.len(), 4 | 6) {
            let part = |from: usize| digits.get(from..from + 2)?.parse().ok();
            self.clock = Some(Clock { hour: part(0)?, minute: part(2)?, second: part(4) });
            self.separator = ' ';
            return Some(());
        }
        self.parts.push(Part::Number { value, digits: digits.len(), after: self.separator });
        self.separator = ' ';
        Some(())
    }

    /// Takes `:30`, `:30:05` or `:30:05.79` behind the hour.
    fn clock(&mut self, hour: u32) -> Option<()> {
        self.advance(1);
        let minute = self.digits().parse().ok()?;
        let second = match self.rest.strip_prefix(':') {
            Some(rest) => {
                self.rest = rest;
                Some(self.digits().parse().ok()?)
            }
            None => None,
        };
        let has_fraction = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        if let Some(rest) = self.rest.strip_prefix(['.', ',']).filter(|rest| has_fraction(rest)) {
            self.rest = rest;
            self.digits();
        }
        self.clock = Some(Clock { hour, minute, second });
        self.separator = ' ';
        Some(())
    }

    /// Takes `+03:00`, `+0300` or `+03`; tells whether one stood there.
    fn offset(&mut self) -> bool {
        let (sign, rest) = self.rest.split_at(1);
        let digits: String = rest.chars().take_while(|c| c.is_ascii_digit() || *c == ':').collect();
        let normal = match (digits.len(), digits.find(':')) {
            (2, None) => format!("{sign}{digits}:00"),
            (4, None) => format!("{sign}{}:{}", digits.get(..2).unwrap_or(""), digits.get(2..).unwrap_or("")),
            (5, Some(2)) => format!("{sign}{digits}"),
            _ => return false,
        };
        let Ok(offset) = normal.parse() else { return false };
        self.zone = Some(offset);
        self.advance(1 + digits.len());
        true
    }

    fn word(&mut self) -> Option<()> {
        let end = self.rest.find(|c: char| !c.is_alphabetic()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let word = word.to_lowercase();
        match (word.as_str(), self.clock.is_some()) {
            ("t", false) => self.separator = 'T',
            ("st" | "nd" | "rd" | "th" | "of" | "the" | "at" | "on", _) => {}
            ("am" | "a" | "pm" | "p", true) => return self.meridiem(word.starts_with('p')),
            // The second half of "p.m.".
            ("m", true) => {}
            _ if is_weekday(&word) => {}
            (_, true) if zone_of(&word).is_some() => self.zone = self.zone.or(zone_of(&word)),
            _ => self.parts.push(Part::Month(month_of(&word)?)),
        }
        Some(())
    }

    fn meridiem(&mut self, is_afternoon: bool) -> Option<()> {
        let clock = self.clock.as_mut().filter(|clock| (1..=12).contains(&clock.hour))?;
        clock.hour = clock.hour % 12 + if is_afternoon { 12 } else { 0 };
        Some(())
    }
}

/// What the parts of a date come to.
enum Reading {
    Date(Result<Date, DateError>),
    TwoDays,
    None,
}

fn day_of(parts: &[Part]) -> Reading {
    use Part::{Month, Number};
    match *parts {
        [Number { value: year, digits: 4, .. }] => {
            Reading::Date(ym(year, 1).and_then(|_| Date::year(i16::try_from(year).unwrap_or(i16::MAX))))
        }
        [Month(month), Number { value: year, digits: 4, .. }]
        | [Number { value: year, digits: 4, .. }, Month(month)] => Reading::Date(ym(year, month)),
        [Number { value: year, digits: 4, .. }, Number { value: month, digits: 1..=2, .. }] => {
            Reading::Date(ym(year, month))
        }
        [Number { value: year, digits: 4, .. }, Number { value: month, .. }, Number { value: day, .. }] => {
            Reading::Date(ymd(year, month, day))
        }
        [Number { value: year, digits: 4, .. }, Month(month), Number { value: day, .. }]
        | [Number { value: day, digits: 1..=2, .. }, Month(month), Number { value: year, digits: 4, .. }]
        | [Month(month), Number { value: day, digits: 1..=2, .. }, Number { value: year, digits: 4, .. }] => {
            Reading::Date(ymd(year, month, day))
        }
        [Number { value: day, digits: 1..=2, .. }, Month(month), Number { value: year, digits: 2, .. }] => {
            // RFC 2822, 4.3: years of two digits up to 49 belong to this century.
            Reading::Date(ymd(if year < 50 { 2000 + year } else { 1900 + year }, month, day))
        }
        [
            Number { value: first, .. },
            Number { value: second, after, .. },
            Number { value: year, digits: 4, .. },
        ] => numeric_day(first, second, year, after),
        [Number { value, digits: 8, .. }] => {
            Reading::Date(ymd(value / 10_000, value / 100 % 100, value % 100))
        }
        _ => Reading::None,
    }
}

/// Reads `3.9.2018`, whose points put the day first, and `15/09/2018`, which has only one reading.
fn numeric_day(first: u32, second: u32, year: u32, separator: char) -> Reading {
    match separator {
        '.' => Reading::Date(ymd(year, second, first)),
        _ if first > 12 || first == second => Reading::Date(ymd(year, second, first)),
        _ if second > 12 => Reading::Date(ymd(year, first, second)),
        _ => Reading::TwoDays,
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Returns the number of a month by its name or its first three letters; "sept" is one too.
fn month_of(word: &str) -> Option<u32> {
    let is_it = |name: &&str| {
        *name == word || name.get(..3) == Some(word) || (word == "sept" && **name == *"september")
    };
    MONTHS.iter().position(is_it).and_then(|index| u32::try_from(index + 1).ok())
}

fn is_weekday(word: &str) -> bool {
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    days.iter().any(|day| *day == word || day.get(..3) == Some(word))
        || matches!(word, "tues" | "thur" | "thurs")
}

/// Returns the offset of a zone that has one name in news; names that several zones share are left out.
fn zone_of(word: &str) -> Option<Offset> {
    let hours = match word {
        "z" | "utc" | "gmt" | "ut" => 0,
        "cet" => 1,
        "cest" | "eet" => 2,
        "eest" | "msk" => 3,
        "edt" => -4,
        "est" | "cdt" => -5,
        "mdt" => -6,
        "mst" | "pdt" => -7,
        "pst" => -8,
        _ => return None,
    };
    Offset::from_minutes(hours * 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forms_of_feeds_and_wires_are_read() {
        let cases = [
            ("2018", "2018"),
            ("2018-09", "2018-09"),
            ("2018/09", "2018-09"),
            ("2018-W36", "2018-W36"),
            ("2018-09-03", "2018-09-03"),
            ("2018/9/3", "2018-09-03"),
            ("2018.09.03", "2018-09-03"),
            ("2018-09-03T14:30:05Z", "2018-09-03T14:30:05Z"),
            ("2018-09-03T14:30:05.123+03:00", "2018-09-03T14:30:05+03:00"),
            ("2018-09-03 14:30:05", "2018-09-03T14:30:05"),
            ("2018-09-03 14:30:05 +0000 UTC", "2018-09-03T14:30:05Z"),
            ("2018-09-03 14:30-04", "2018-09-03T14:30-04:00"),
            ("2018-09-03t14:30:05z", "2018-09-03T14:30:05Z"),
            ("20180903", "2018-09-03"),
            ("201809", "2018-09"),
            ("20180903143005", "2018-09-03T14:30:05"),
            ("20180903T143005Z", "2018-09-03T14:30:05Z"),
            ("1535985005", "2018-09-03T14:30:05Z"),
            ("1535985005123", "2018-09-03T14:30:05Z"),
            ("Mon, 03 Sep 2018 14:30:05 +0300", "2018-09-03T14:30:05+03:00"),
            ("Mon, 3 Sep 2018 14:30 GMT", "2018-09-03T14:30Z"),
            ("Mon Sep 03 14:30:05 +0000 2018", "2018-09-03T14:30:05Z"),
            ("Monday, 03-Sep-18 14:30:05 GMT", "2018-09-03T14:30:05Z"),
            ("3 September 2018", "2018-09-03"),
            ("3rd of September, 2018", "2018-09-03"),
            ("Sept 3, 2018", "2018-09-03"),
            ("Sept. 3, 2018", "2018-09-03"),
            ("Monday, September 3, 2018", "2018-09-03"),
            ("September 3, 2018 at 2:30 p.m. EDT", "2018-09-03T14:30-04:00"),
            ("12:05 AM, 3 September 2018", "2018-09-03T00:05"),
            ("2018 September 3", "2018-09-03"),
            ("September 2018", "2018-09"),
            ("sept 2018", "2018-09"),
            ("26-FEB-1987 15:01:01.79", "1987-02-26T15:01:01"),
            (" 26-FEB-1987", "1987-02-26"),
            ("3.9.2018", "2018-09-03"),
            ("15/09/2018", "2018-09-15"),
            ("09/15/2018", "2018-09-15"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ];
        for (text, expected) in cases {
            let date = read(text).unwrap_or_else(|problem| panic!("{text}: {problem}"));
            assert_eq!(date.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        for text in
            ["", "soon", "3 September", "Sept 3", "14:30", "2018-09 14:30", "2018-09-03 25:00", "99999999"]
        {
            assert!(read(text).is_err(), "{text} was read as {:?}", read(text));
        }
        assert!(matches!(read("03/09/2018"), Err(DateProblem::Ambiguous { .. })));
        assert!(matches!(read("2018-02-30"), Err(DateProblem::Calendar(DateError::Day { .. }))));
        assert!(matches!(read("30 February 2018"), Err(DateProblem::Calendar(_))));
        assert!(read(&"9".repeat(500)).unwrap_err().to_string().len() < 200);
    }

    #[test]
    fn file_names_hold_days() {
        let day = |name| in_file_name(name).map(|date| date.to_string());
        assert_eq!(day("2018-09-03-idlib.txt").as_deref(), Some("2018-09-03"));
        assert_eq!(day("20180903_x.txt").as_deref(), Some("2018-09-03"));
        assert_eq!(day("idlib_2018_09_03.json").as_deref(), Some("2018-09-03"));
        assert_eq!(day("sana-20180903T1200.txt").as_deref(), Some("2018-09-03"));
        for name in
            ["12345678.txt", "2018-09.txt", "2018-13-01.txt", "120180903.txt", "2018-09-031.txt", "idlib.txt"]
        {
            assert_eq!(day(name), None, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
            let _ = read(&text);
            let _ = in_file_name(&text);
        }

        #[test]
        fn texts_made_of_parts_are_read_or_refused(
            parts in prop::collection::vec("[0-9]{1,8}|:|-|\\+|T|Z|/|\\.| |sept|pm|monday|utc|th", 0..12)
        ) {
            let _ = read(&parts.concat());
        }

        #[test]
        fn every_day_is_read_in_words(year in 1600i16..2200, month in 1u8..=12, day in 1u8..=28) {
            let name = MONTHS[usize::from(month) - 1];
            let expected = Date::ymd(year, month, day).unwrap();
            prop_assert_eq!(read(&format!("{day} {name} {year}")), Ok(expected));
            prop_assert_eq!(read(&format!("{name} {day}, {year}")), Ok(expected));
            prop_assert_eq!(in_file_name(&format!("x-{year}{month:02}{day:02}.txt")), Some(expected));
        }
    }
}
