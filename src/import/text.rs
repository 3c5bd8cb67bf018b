//! Plain text to members: a title, header lines, paragraphs.
//!
//! ```text
//! Envoys meet ahead of Idlib offensive        the title, in the first line
//! Date: 3 September 2018                      header lines, up to a blank line
//! Source: Wikinews
//!
//! Envoys met on Monday ...                    paragraphs
//! ```
//!
//! A name that import knows begins a header line anywhere behind the title. Other names of one word (`Licence: CC BY 2.5`)
//! become declared fields, but only where every line up to the next blank one has a name, so that no prose is mistaken.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use serde_json::Value as Json;

use super::ROW_BYTES_MAX;
use super::error::Fault;
use super::fields::TITLE_BYTES_MAX;
use super::members::{Members, Slot, slot_of};
use super::options::Mapping;
use super::rows::{Parsed, check_utf8};

/// Longest name of a header line, in bytes.
const NAME_BYTES_MAX: usize = 40;

/// Reads a file of plain text, which is one article.
pub(super) fn read(input: impl BufRead, map: &[Mapping]) -> Parsed {
    let mut row = Vec::new();
    let members = match read_bytes(input, &mut row) {
        Err(error) => Err(Fault::Read { message: error.to_string() }),
        Ok(()) if row.len() > ROW_BYTES_MAX => Err(Fault::RowTooLong),
        Ok(()) => check_utf8(&row, 0).map(|text| members_of(&with_line_feeds(text), map)),
    };
    Parsed { line: 1, row, members }
}

fn read_bytes(input: impl BufRead, bytes: &mut Vec<u8>) -> io::Result<()> {
    input.take(ROW_BYTES_MAX as u64 + 1).read_to_end(bytes).map(drop)
}

fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'\r', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

fn members_of(text: &str, map: &[Mapping]) -> Members {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut pairs = Vec::new();
    let body = if first.len() > TITLE_BYTES_MAX {
        text
    } else {
        pairs.push(member("title", without_label(first)));
        let (headers, body) = split_headers(rest.trim_start_matches('\n'), map);
        pairs.extend(headers.into_iter().map(|(name, value)| member(name, value)));
        body
    };
    pairs.push(member("body", body));
    Members { pairs, typed: false, alone: true }
}

fn member(name: &str, value: &str) -> (String, Json) {
    (name.to_owned(), Json::String(value.to_owned()))
}

/// Returns the title of a first line that may say that it is one.
fn without_label(line: &str) -> &str {
    match header_of(line) {
        Some((name, title)) if slot_of(name) == Some(Slot::Title) => title,
        _ => line.trim(),
    }
}

/// Parts header lines from the body behind them.
fn split_headers<'a>(text: &'a str, map: &[Mapping]) -> (Vec<(&'a str, &'a str)>, &'a str) {
    let block = text.split_once("\n\n").map_or(text, |(block, _)| block);
    let lines: Vec<&str> = block.split('\n').collect();
    let known = |line: &&&str| header_of(line).is_some_and(|(name, _)| is_known(name, map));
    let named =
        |line: &&str| header_of(line).is_some_and(|(name, _)| is_known(name, map) || !name.contains(' '));
    let all_named = lines.iter().all(named) && lines.iter().any(|line| known(&line));
    let count = if all_named { lines.len() } else { lines.iter().take_while(known).count() };
    let headers: Vec<_> = lines.iter().take(count).filter_map(|line| header_of(line)).collect();
    let taken: usize = lines.iter().take(count).map(|line| line.len() + 1).sum();
    (headers, text.get(taken..).unwrap_or("").trim_start_matches('\n'))
}

/// Returns name and value of a line such as `Source: Wikinews`.
fn header_of(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    let name = name.trim_end();
    let fits = !name.is_empty() && name.len() <= NAME_BYTES_MAX && name.split(' ').count() <= 3;
    let starts_well = name.starts_with(char::is_alphabetic) && !value.starts_with("//");
    (fits && starts_well && name.chars().all(is_name)).then(|| (name, value.trim()))
}

/// Tells whether a name begins a header line whatever stands around it.
fn is_known(name: &str, map: &[Mapping]) -> bool {
    let is_prose = |slot: Slot| matches!(slot, Slot::Title | Slot::Body | Slot::Text);
    slot_of(name).is_some_and(|slot| !is_prose(slot)) || map.iter().any(|mapping| mapping.is_of(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        let members = read(text.as_bytes(), &[]).members.unwrap();
        members.pairs.into_iter().map(|(name, value)| (name, value.as_str().unwrap().to_owned())).collect()
    }

    fn owned(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn title_header_lines_and_paragraphs() {
        let text = "Talks in Damascus\r\nDate: 3 September 2018\r\nSource: Herald\r\n\r\nThey met.\r\n\r\nAgain.\r\n";
        let expected = [
            ("title", "Talks in Damascus"),
            ("Date", "3 September 2018"),
            ("Source", "Herald"),
            ("body", "They met.\n\nAgain."),
        ];
        assert_eq!(pairs(text), owned(&expected));
        let blank_line = text.replacen("\r\n", "\r\n\r\n", 1);
        assert_eq!(pairs(&blank_line), owned(&expected));
    }

    #[test]
    fn unknown_names_count_in_a_block_of_names() {
        let text = "T\nSource: Herald\nLicence: CC BY 2.5\n\nBody.";
        let expected = [("title", "T"), ("Source", "Herald"), ("Licence", "CC BY 2.5"), ("body", "Body.")];
        assert_eq!(pairs(text), owned(&expected));
    }

    #[test]
    fn prose_is_not_mistaken_for_header_lines() {
        let texts = [
            "T\n\nDamascus: the army said so.\nAnd more.",
            "T\n\nWitnesses: none.",
            "T\nHe said: go away.\nThey went.",
            "T\nhttps://example.org/x",
        ];
        for text in texts {
            let body = text.trim_start_matches("T\n").trim_start();
            assert_eq!(pairs(text), owned(&[("title", "T"), ("body", body)]));
        }
        let mixed = pairs("T\nSource: Herald\nThe army said: no.");
        assert_eq!(mixed, owned(&[("title", "T"), ("Source", "Herald"), ("body", "The army said: no.")]));
    }

    #[test]
    fn a_first_line_as_long_as_a_paragraph_is_no_title() {
        let long = "x".repeat(TITLE_BYTES_MAX + 1);
        assert_eq!(pairs(&long), owned(&[("body", &long)]));
        assert_eq!(pairs("Title: Talks"), owned(&[("title", "Talks"), ("body", "")]));
        assert_eq!(pairs(""), owned(&[("title", ""), ("body", "")]));
    }

    #[test]
    fn wrong_bytes_are_located() {
        let parsed = read(b"Title\nab\xffc".as_slice(), &[]);
        assert_eq!(parsed.members, Err(Fault::Utf8 { offset: 8, hint: "" }));
        let utf16 = read(b"\xff\xfeT\0".as_slice(), &[]);
        assert!(utf16.members.unwrap_err().to_string().contains("UTF-16"));
    }
}
