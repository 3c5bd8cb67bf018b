//! Datelines: `PARIS, Sept 3 (Reuters) -`.
//!
//! A dateline stands at the start of the first reporting paragraph and ends in a dash. The place is in capitals, or a
//! day or an agency follows it; capitals alone must name a known place. Nothing else is taken for one.

use jiff::civil;

use super::calendar::{date_of, day_of_month, month, weekday, year};
use super::credit::agency_name;
use super::entities::{country_of_place, reading_case};
use super::gazetteer::{self, key_of};
use crate::article::{Country, Dateline};
use crate::date::Date;
use crate::text::Span;

/// Longest dateline, in bytes.
const DATELINE_BYTES_MAX: usize = 120;

/// Longest place of a dateline, in words.
const PLACE_WORDS_MAX: usize = 5;

/// A dateline with all that it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The dateline; its span is relative to the text that was read.
    pub dateline: Dateline,
    /// The place as printed, relative to the text that was read.
    pub place_span: Span,
    /// Month and day, where they are given.
    pub day: Option<(i8, i8)>,
    /// The agency in brackets.
    pub agency: Option<String>,
    /// The day, where a year is given.
    pub date: Option<Date>,
}

/// Reads the dateline that opens a paragraph.
pub fn opening(paragraph: &str) -> Option<Found> {
    closings(paragraph).find_map(|dash| {
        let parts = Parts::read(paragraph.get(..dash)?)?;
        parts.is_certain().then(|| parts.found(past_dash(paragraph, dash)))
    })
}

/// Reads a dateline that was given apart from the body; what it does not understand is the place.
pub fn given(text: &str) -> Option<Dateline> {
    let text = text.trim().trim_end_matches(['-', '–', '—', ' ']);
    let place = text.split([',', '(']).next().unwrap_or("").trim();
    let read = Parts::read(text).map(|parts| parts.found(0).dateline);
    let plain =
        || Dateline { place: reading_case(place), span: Span::default(), country: country_of_place(place) };
    (!place.is_empty()).then(|| Dateline { span: Span::default(), ..read.unwrap_or_else(plain) })
}

/// Returns where the heads before possible closing dashes end.
fn closings(paragraph: &str) -> impl Iterator<Item = usize> {
    let near = paragraph.char_indices().take_while(|&(at, _)| at < DATELINE_BYTES_MAX);
    near.filter_map(move |(at, c)| {
        let (before, after) = (paragraph.get(..at)?, paragraph.get(at + c.len_utf8()..)?);
        let spaced = before.ends_with(char::is_whitespace) || before.ends_with(')');
        // "MONTREAL, Feb 26-" is a slip that wires make.
        let spaced = spaced || (before.contains(',') && before.ends_with(|c: char| c.is_ascii_digit()));
        let closes = match c {
            '-' | '_' => spaced && after.starts_with(|c: char| c.is_whitespace() || c == '-'),
            ':' => before.ends_with(')'),
            other => is_long_dash(other),
        };
        closes.then_some(at)
    })
}

fn is_long_dash(c: char) -> bool {
    matches!(c, '–' | '—' | '\u{2012}' | '\u{2015}')
}

/// Returns where the story starts after a dash.
fn past_dash(paragraph: &str, dash: usize) -> usize {
    let rest = paragraph.get(dash..).unwrap_or("");
    let is_dash = |c: char| is_long_dash(c) || matches!(c, '-' | '_' | ':') || c.is_whitespace();
    dash + rest.len() - rest.trim_start_matches(is_dash).len()
}

/// The parts of a dateline before its dash.
struct Parts<'a> {
    place: &'a str,
    /// Region or country after the place.
    region: Option<&'a str>,
    day: Option<Day>,
    has_weekday: bool,
    agency: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn read(head: &'a str) -> Option<Parts<'a>> {
        let head = head.trim_end();
        let (head, agency) = match head.strip_suffix(')') {
            Some(inside) => {
                let (head, agency) = inside.rsplit_once('(')?;
                (head.trim_end(), Some(agency.trim()))
            }
            None => (head, None),
        };
        let mut pieces = head.split(',').map(str::trim);
        let place = pieces.next().filter(|place| is_place_like(place))?;
        let mut parts = Parts { place, region: None, day: None, has_weekday: false, agency };
        for piece in pieces.filter(|piece| !piece.is_empty()) {
            parts.add(piece)?;
        }
        Some(parts)
    }

    /// Adds a piece between commas; `None` where it belongs to no dateline.
    fn add(&mut self, piece: &'a str) -> Option<()> {
        let key = key_of(piece);
        let terms: Vec<&str> = key.split(' ').collect();
        if let [term] = terms.as_slice() {
            if weekday(term).is_some() {
                self.has_weekday = true;
                return Some(());
            }
            if let (Some(number), Some((found, _, _))) = (year(term), self.day.as_mut()) {
                *found = Some(number);
                return Some(());
            }
        }
        if let Some(day) = day_of_terms(&terms) {
            self.day = Some(day);
            return Some(());
        }
        if let Some((region, day)) = region_and_day(piece, &terms).filter(|_| self.region.is_none()) {
            (self.region, self.day) = (Some(region), Some(day));
            return Some(());
        }
        let is_region = self.region.is_none() && terms.len() <= 3 && is_place_like(piece);
        is_region.then(|| self.region = Some(piece))
    }

    /// Tells whether this is a dateline beyond doubt.
    fn is_certain(&self) -> bool {
        let shouted = !self.place.contains(char::is_lowercase);
        let known = gazetteer::lookup(&key_of(self.first_place())).is_some_and(|known| known.is_place());
        let agency = self.agency.is_some_and(|agency| agency_name(agency).is_some());
        let dated = self.day.is_some() || self.has_weekday;
        match self.agency {
            Some(_) if agency => shouted || known || dated,
            Some(_) => (shouted && known) || dated,
            None => (shouted && known) || (dated && (shouted || known)),
        }
    }

    /// `LONDON/PARIS` is filed under the first.
    fn first_place(&self) -> &'a str {
        self.place.split('/').next().unwrap_or(self.place).trim()
    }

    fn found(&self, end: usize) -> Found {
        let place = self.first_place();
        let stated = self.region.and_then(country_of_region).or_else(|| country_of_place(place));
        let dateline = Dateline { place: reading_case(place), span: Span::new(0, end), country: stated };
        let date = self.day.and_then(|(year, month, day)| date_of(civil::Date::new(year?, month, day).ok()?));
        let agency = self.agency.map(|agency| agency_name(agency).unwrap_or_else(|| agency.to_owned()));
        let day = self.day.map(|(_, month, day)| (month, day));
        Found { dateline, place_span: Span::new(0, place.len()), day, agency, date }
    }
}

fn country_of_region(region: &str) -> Option<Country> {
    gazetteer::country_by_name(region).or_else(|| gazetteer::region(region).map(|region| region.country))
}

/// `Va. Feb 26`, where the comma between was forgotten.
fn region_and_day<'a>(piece: &'a str, terms: &[&str]) -> Option<(&'a str, Day)> {
    let [_, month, day] = terms else { return None };
    let day = day_of_terms(&[month, day])?;
    let region = piece.split_whitespace().next().filter(|region| country_of_region(region).is_some())?;
    Some((region, day))
}

/// A year where it is stated, a month and a day.
type Day = (Option<i16>, i8, i8);

/// `Sept 3`, `3 Sept`, `Sept 3 2018`.
fn day_of_terms(terms: &[&str]) -> Option<Day> {
    let (pair, last) = match terms {
        [first, second] => ([first, second], None),
        [first, second, last] => ([first, second], Some(year(last)?)),
        _ => return None,
    };
    let [first, second] = pair;
    let (month, day) = match (month(first), day_of_month(second)) {
        (Some(month), Some(day)) => (month, day),
        _ => (month(second)?, day_of_month(first)?),
    };
    Some((last, month, day))
}

/// Tells whether a piece looks like the name of a place: few words, capitalised but for particles.
fn is_place_like(piece: &str) -> bool {
    let plain = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '\'' | '’' | '.' | '/' | '\n');
    let words: Vec<&str> = piece.split_whitespace().collect();
    let capital = |word: &&str| {
        word.starts_with(char::is_uppercase)
            || matches!(*word, "de" | "la" | "of" | "al" | "el" | "the" | "and" | "del")
    };
    let lettered = piece.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    lettered
        && words.len() <= PLACE_WORDS_MAX
        && words.first().is_some_and(|word| word.starts_with(char::is_uppercase))
        && words.iter().all(capital)
        && piece.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn datelines_of_the_wires_are_read() {
        for (text, place, country, agency, date) in [
            ("PARIS, Sept 3 (Reuters) - Talks", "Paris", "FR", Some("Reuters"), None),
            ("DAMASCUS (AFP) - Talks", "Damascus", "SY", Some("AFP"), None),
            ("BEIJING, Jan. 5, 2018 (Xinhua) -- Talks", "Beijing", "CN", Some("Xinhua"), Some("2018-01-05")),
            ("New York, June 1 - Talks", "New York", "US", None, None),
            ("LONDON/PARIS - Talks", "London", "GB", None, None),
            ("HONOLULU (AP) _ U.S. Sen. Akaka", "Honolulu", "US", Some("AP"), None),
            ("WASHINGTON, D.C. – Today", "Washington", "US", None, None),
            ("ST. LOUIS, Mo., March 5 - Talks", "St. Louis", "US", None, None),
            ("SALVADOR, Feb 26 - Showers", "Salvador", "BR", None, None),
            ("Damascus (AP) — Talks", "Damascus", "SY", Some("AP"), None),
            ("MONTREAL, Feb 26- Talks", "Montreal", "CA", None, None),
            ("RICHMOND, Va. Feb 26 - Talks", "Richmond", "US", None, None),
        ] {
            let found = opening(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.dateline.place, place, "{text}");
            assert_eq!(
                found.dateline.country.map(|code| code.to_string()).as_deref(),
                Some(country),
                "{text}"
            );
            assert_eq!(found.agency.as_deref(), agency, "{text}");
            assert_eq!(found.date.map(|date| date.to_string()).as_deref(), date, "{text}");
            let rest = text.get(found.dateline.span.end as usize..).unwrap_or("");
            assert!(rest.starts_with(['T', 'U', 'S']), "{text}: {rest}");
        }
    }

    #[test]
    fn nothing_else_is_a_dateline() {
        for text in [
            "Iran's Foreign Minister met his Syrian counterpart in Damascus on Monday",
            "UPDATE - Talks fail",
            "Paris - the city of light",
            "In Paris, on June 1 - a Monday - he left",
            "BREAKING NEWS - Talks",
            "The US-led coalition - and Turkey",
            "",
            "—",
            "A - b",
        ] {
            assert_eq!(opening(text), None, "{text}");
        }
    }

    #[test]
    fn given_datelines_need_no_dash() {
        let place = |text: &str| given(text).map(|line| line.place);
        assert_eq!(place("NEW YORK, June 1"), Some("New York".into()));
        assert_eq!(place("Atlantis (AFP) -"), Some("Atlantis".into()));
        assert_eq!(place(" - "), None);
    }
}
