//! Who a story is credited to: agencies and bylines.

use super::gazetteer::{self, Flag, key_of};
use crate::text::Span;

/// Longest credit, in bytes.
const CREDIT_BYTES_MAX: usize = 64;

/// Longest paragraph that may be a byline, in bytes.
const BYLINE_BYTES_MAX: usize = 120;

/// Returns the abbreviation of the agency or the outlet that a credit names; `None` for any other words.
pub fn agency_name(credit: &str) -> Option<String> {
    let credit = credit.trim().trim_end_matches('.');
    if credit.len() > CREDIT_BYTES_MAX {
        return None;
    }
    let key = key_of(credit);
    let key = key.strip_prefix("the ").unwrap_or(&key);
    let outlet = || gazetteer::lookup(key).filter(|known| known.is(Flag::Outlet)).map(|_| credit.to_owned());
    gazetteer::agency(key).map(str::to_owned).or_else(outlet)
}

/// A credit at the end of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credit {
    /// Agencies named.
    pub agencies: Vec<String>,
    /// Where the story ends and the credit begins, relative to the paragraph.
    pub start: usize,
}

/// Reads the credit that ends or fills a paragraph.
pub fn closing(paragraph: &str) -> Option<Credit> {
    in_brackets(paragraph).or_else(|| whole_paragraph(paragraph)).or_else(|| last_line(paragraph))
}

/// `... in Syria.   (AFP)`
fn in_brackets(paragraph: &str) -> Option<Credit> {
    let inside = paragraph.trim_end().strip_suffix([')', ']'])?;
    let start = inside.rfind(['(', '['])?;
    let words = inside.get(start + 1..)?;
    let before = paragraph.get(..start)?.trim_end();
    let closed = before.is_empty() || before.ends_with(['.', '!', '?', '"', '”', '\'', '’', '…']);
    if words.starts_with("Reporting by") {
        return Some(Credit { agencies: vec!["Reuters".into()], start: before.len() });
    }
    let agencies: Vec<String> = words.split(['/', ',']).map(agency_name).collect::<Option<_>>()?;
    closed.then_some(Credit { agencies, start: before.len() })
}

/// A paragraph that is nothing but a credit: `Reuter`, `- AFP`, `Copyright 2018 The Associated Press`.
fn whole_paragraph(paragraph: &str) -> Option<Credit> {
    let whole = |agencies| Some(Credit { agencies, start: 0 });
    if paragraph.starts_with("Reporting by") && paragraph.contains("diting by") {
        return whole(vec!["Reuters".into()]);
    }
    let is_sign = |c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | '_' | '/' | '(' | ')' | '*');
    let plain = paragraph.trim_matches(is_sign);
    let named =
        ["Source:", "Source :", "SOURCE:", "Via", "From"].iter().find_map(|word| plain.strip_prefix(word));
    if let Some(agency) = agency_name(named.unwrap_or(plain)) {
        return whole(vec![agency]);
    }
    let rights = plain
        .strip_prefix("Copyright")
        .or_else(|| plain.strip_prefix('©'))
        .or_else(|| plain.strip_prefix("(c)"))?;
    let holder = rights.trim_start_matches(|c: char| !c.is_alphabetic());
    let holder = holder.split(['.', ',', ';']).next().unwrap_or("");
    whole(vec![agency_name(holder)?])
}

/// A hard-wrapped story whose last line is the credit: `Reuter`.
fn last_line(paragraph: &str) -> Option<Credit> {
    let (before, line) = paragraph.trim_end().rsplit_once('\n')?;
    let line = line.trim().trim_matches(['-', '&', '#', '3', ';', '\u{3}']);
    let agency = agency_name(line)?;
    // An agency's name on a line of its own closes tables too; an outlet's may end a sentence.
    let is_agency = gazetteer::agency(&key_of(line)).is_some();
    let closed = is_agency || before.trim_end().ends_with(['.', '"', '”', '!', '?']);
    closed.then(|| Credit { agencies: vec![agency], start: before.trim_end().len() })
}

/// Reads a paragraph or line that is a byline: `By JOHN SMITH and Jane Doe`.
///
/// The names come back as printed; `None` where the words are no byline.
pub fn byline(line: &str) -> Option<Vec<String>> {
    if line.len() > BYLINE_BYTES_MAX {
        return None;
    }
    let names =
        line.strip_prefix("By ").or_else(|| line.strip_prefix("BY ")).or_else(|| line.strip_prefix("by "))?;
    let names = names.trim().trim_end_matches(['.', ',']);
    // What follows a comma may be a second writer or the writer's employer.
    let parts: Vec<&str> =
        names.split(',').flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" & ")).collect();
    let people: Vec<String> =
        parts.iter().map(|part| part.trim()).filter(|part| is_writer(part)).map(str::to_owned).collect();
    let first_is_person = parts.first().is_some_and(|part| is_writer(part.trim()));
    first_is_person.then_some(people)
}

/// Tells whether the words are a person's name: two to four words, capitalised, no agency.
fn is_writer(words: &str) -> bool {
    let count = words.split_whitespace().count();
    let small = ["de", "van", "von", "al", "bin", "der", "la", "da", "di", "del"];
    let capital = words.split_whitespace().all(|word| {
        let particle = word.split('-').next().is_some_and(|part| small.contains(&part));
        word.starts_with(char::is_uppercase) || particle
    });
    let lettered = words.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’'));
    (2..=4).contains(&count) && capital && lettered && agency_name(words).is_none()
}

/// Returns the span of a paragraph cut at a credit, or `None` where the credit is all of it.
pub fn cut(paragraph: Span, credit: &Credit) -> Option<Span> {
    let span = Span { end: paragraph.start + u32::try_from(credit.start).unwrap_or(0), ..paragraph };
    (!span.is_empty()).then_some(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_close_stories() {
        for (text, agencies, start) in [
            ("He left.\u{A0} \u{A0} (AFP)", vec!["AFP"], 8),
            ("He left. (Reuters/AP)", vec!["Reuters", "AP"], 8),
            ("Reuter", vec!["Reuters"], 0),
            ("He left.\n Reuter", vec!["Reuters"], 8),
            ("Revs 1.59 mln\n Reuter", vec!["Reuters"], 13),
            ("- Agence France-Presse", vec!["AFP"], 0),
            ("Copyright 2018 The Associated Press. All rights reserved.", vec!["AP"], 0),
            ("(Reporting by A. Writer; Editing by B. Reader)", vec!["Reuters"], 0),
        ] {
            let credit = closing(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (credit.agencies, credit.start),
                (agencies.iter().map(|a| (*a).to_owned()).collect(), start)
            );
        }
    }

    #[test]
    fn other_endings_are_no_credits() {
        for text in [
            "He works for the agency (AFP) in Paris",
            "as he told them (again)",
            "He met the head of AFP",
            "",
        ] {
            assert_eq!(closing(text), None, "{text}");
        }
    }

    #[test]
    fn bylines_name_writers() {
        for (line, names) in [
            ("By JOHN SMITH", Some(vec!["JOHN SMITH"])),
            ("By Jane Doe and Ali al-Hassan, Associated Press", Some(vec!["Jane Doe", "Ali al-Hassan"])),
            ("By Monday the talks had failed", None),
            ("By Reuters", None),
            ("Bypass surgery", None),
        ] {
            let names = names.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(byline(line), names, "{line}");
        }
    }
}
