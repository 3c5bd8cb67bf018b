//! Names of months and weekdays, and dates written in words.

use jiff::civil;

use crate::date::Date;

const MONTHS: [(&str, i8); 12] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
];

/// Months of languages that opening date lines come in, beyond English.
const OTHER_MONTHS: [(&str, i8); 44] = [
    ("enero", 1),
    ("febrero", 2),
    ("marzo", 3),
    ("abril", 4),
    ("mayo", 5),
    ("junio", 6),
    ("julio", 7),
    ("agosto", 8),
    ("septiembre", 9),
    ("octubre", 10),
    ("noviembre", 11),
    ("diciembre", 12),
    ("janvier", 1),
    ("fevrier", 2),
    ("mars", 3),
    ("avril", 4),
    ("mai", 5),
    ("juin", 6),
    ("juillet", 7),
    ("aout", 8),
    ("septembre", 9),
    ("octobre", 10),
    ("novembre", 11),
    ("decembre", 12),
    ("gennaio", 1),
    ("febbraio", 2),
    ("aprile", 4),
    ("maggio", 5),
    ("giugno", 6),
    ("luglio", 7),
    ("settembre", 9),
    ("ottobre", 10),
    ("dicembre", 12),
    ("januar", 1),
    ("februar", 2),
    ("marz", 3),
    ("juni", 6),
    ("juli", 7),
    ("oktober", 10),
    ("dezember", 12),
    ("januari", 1),
    ("februari", 2),
    ("maart", 3),
    ("mei", 5),
];

/// Returns the number of an English month, written out or abbreviated, from its folded name.
pub fn month(term: &str) -> Option<i8> {
    const FULL: [&str; 12] = [
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
    let &(_, number) = MONTHS.iter().find(|(short, _)| term.starts_with(short))?;
    let full = FULL.get(usize::try_from(number - 1).ok()?)?;
    (term.len() == 3 || term == "sept" || term == *full).then_some(number)
}

/// Returns the number of a month of any language known, from its folded name.
pub fn any_month(term: &str) -> Option<i8> {
    month(term).or_else(|| OTHER_MONTHS.iter().find(|(name, _)| *name == term).map(|&(_, number)| number))
}

/// Returns the weekday of an English name, from Monday as 0.
pub fn weekday(term: &str) -> Option<i8> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let index = DAYS.iter().position(|&day| day == term)?;
    i8::try_from(index).ok()
}

/// Returns the year of four digits that news writes about.
pub fn year(term: &str) -> Option<i16> {
    let digits = term.len() == 4 && term.bytes().all(|byte| byte.is_ascii_digit());
    let year: i16 = if digits { term.parse().ok()? } else { return None };
    (1000..=2199).contains(&year).then_some(year)
}

/// Returns the day of a month, written `3` or `3rd`.
pub fn day_of_month(term: &str) -> Option<i8> {
    let digits = term.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let ending = term.get(digits.len()..)?;
    let day: i8 = if digits.len() <= 2 { digits.parse().ok()? } else { return None };
    ((1..=31).contains(&day) && matches!(ending, "" | "st" | "nd" | "rd" | "th")).then_some(day)
}

/// Returns a day of the calendar as a date.
pub fn date_of(day: civil::Date) -> Option<Date> {
    Date::ymd(day.year(), u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?).ok()
}

/// Reads a text that is a date with a year and nothing else: `Friday, January 4, 2019`, `1 de marzo de 2008`.
pub fn whole_date(text: &str) -> Option<Date> {
    const WORDS_MAX: usize = 7;
    if text.len() > 48 {
        return None;
    }
    if let Ok(date) = text.trim().parse::<Date>() {
        return (text.trim().len() == 10).then_some(date);
    }
    let (mut month, mut day, mut year_found) = (None, None, None);
    let key = super::gazetteer::key_of(text);
    for (index, term) in key.split(' ').enumerate() {
        if index >= WORDS_MAX {
            return None;
        }
        if let (Some(number), None) = (any_month(term), month) {
            month = Some(number);
        } else if let (Some(number), None) = (year(term), year_found) {
            year_found = Some(number);
        } else if let (Some(number), None) = (day_of_month(term), day) {
            day = Some(number);
        } else if weekday(term).is_none() && !matches!(term, "de" | "of" | "the" | "le" | "il" | "den") {
            return None;
        }
    }
    date_of(civil::Date::new(year_found?, month?, day?).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_dates_have_a_year_and_nothing_else() {
        for (text, date) in [
            ("Friday, January 4, 2019\u{A0}", Some("2019-01-04")),
            ("March 01, 2008", Some("2008-03-01")),
            ("1 de marzo de 2008", Some("2008-03-01")),
            ("22 mai 2012.", Some("2012-05-22")),
            ("2019-01-04", Some("2019-01-04")),
            ("January 4", None),
            ("In March 2008 he left", None),
            ("February 30, 2019", None),
            ("2019", None),
        ] {
            assert_eq!(whole_date(text).map(|date| date.to_string()).as_deref(), date, "{text}");
        }
    }

    #[test]
    fn months_are_names_and_their_abbreviations() {
        assert_eq!(
            (month("sept"), month("september"), month("mar"), month("mayor")),
            (Some(9), Some(9), Some(3), None)
        );
        assert_eq!(
            (day_of_month("3rd"), day_of_month("32"), year("1999"), year("350")),
            (Some(3), None, Some(1999), None)
        );
    }
}
