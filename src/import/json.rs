//! JSON to members: an object, an array of objects, objects one after the other, or JSON Lines.

use std::io::BufRead;

use serde_json::Value as Json;

use super::error::Fault;
use super::members::Members;
use super::rows::{Parsed, check_utf8};
use super::split::{RawRow, Shape, Splitter};

/// The rows of a JSON file.
pub(super) struct JsonRows<R> {
    rows: Splitter<R>,
    /// The row after the next, read ahead to learn whether the first is the only one.
    ahead: Option<RawRow>,
    /// Whether an only row counts as the article of the file; in JSON Lines it is a collection of one.
    may_be_alone: bool,
    is_first: bool,
}

impl<R: BufRead> JsonRows<R> {
    /// Returns the rows of a file of JSON Lines.
    pub(super) fn lines(input: R) -> JsonRows<R> {
        JsonRows {
            rows: Splitter::new(input, Shape::Lines),
            ahead: None,
            may_be_alone: false,
            is_first: true,
        }
    }

    /// Returns the rows of any other JSON file; `head` is its beginning.
    ///
    /// Many files called `.json` are JSON Lines. Those are read by lines, so that a broken line costs only itself.
    pub(super) fn any(input: R, head: &[u8]) -> JsonRows<R> {
        let shape = if begins_with_object_line(head) { Shape::Lines } else { Shape::json() };
        JsonRows { rows: Splitter::new(input, shape), ahead: None, may_be_alone: true, is_first: true }
    }

    fn next_row(&mut self) -> Option<RawRow> {
        let is_blank = |row: &RawRow| row.fault.is_none() && row.bytes.iter().all(u8::is_ascii_whitespace);
        self.ahead.take().or_else(|| self.rows.by_ref().find(|row| !is_blank(row)))
    }
}

/// Tells whether the first line is an object, whole.
fn begins_with_object_line(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let Some(end) = memchr::memchr(b'\n', start) else { return false };
    let line = start.get(..end).unwrap_or(start);
    line.starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

impl<R: BufRead> Iterator for JsonRows<R> {
    type Item = Parsed;

    fn next(&mut self) -> Option<Parsed> {
        let mut row = self.next_row()?;
        let mut alone = false;
        if std::mem::take(&mut self.is_first) && self.may_be_alone {
            self.ahead = self.next_row();
            alone = self.ahead.is_none() && !self.rows.saw_array();
        }
        let members = match row.fault.take() {
            Some(fault) => Err(fault),
            None => members_of(&row, alone),
        };
        Some(Parsed { line: row.line, row: row.bytes, members })
    }
}

fn members_of(row: &RawRow, alone: bool) -> Result<Members, Fault> {
    let text = check_utf8(&row.bytes, row.offset)?;
    let found = match serde_json::from_str(text).map_err(|error| broken(&error, row.line))? {
        Json::Object(object) => {
            return Ok(Members { pairs: object.into_iter().collect(), typed: true, alone });
        }
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
    };
    Err(Fault::NotAnObject { found })
}

/// Says where in the file, not in the row, the JSON breaks.
fn broken(error: &serde_json::Error, first_line: u64) -> Fault {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    let line = first_line + (error.line() as u64).saturating_sub(1);
    Fault::Json { message: format!("{what} at line {line} column {}", error.column()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any(text: &str) -> Vec<(u64, Result<bool, Fault>)> {
        JsonRows::any(text.as_bytes(), text.as_bytes())
            .map(|parsed| (parsed.line, parsed.members.map(|members| members.alone)))
            .collect()
    }

    #[test]
    fn only_an_object_of_its_own_is_alone() {
        assert_eq!(any("{\n\"a\": 1\n}\n"), [(1, Ok(true))]);
        assert_eq!(any("{\"a\": 1}\n"), [(1, Ok(true))]);
        assert_eq!(any("[{\"a\": 1}]"), [(1, Ok(false))]);
        assert_eq!(any("{\"a\": 1}\n\n{\"a\": 2}\n"), [(1, Ok(false)), (3, Ok(false))]);
        let lines: Vec<_> = JsonRows::lines("{\"a\": 1}\n".as_bytes()).collect();
        assert!(matches!(&lines[..], [Parsed { members: Ok(members), .. }] if !members.alone));
    }

    #[test]
    fn a_broken_row_costs_only_itself() {
        let rows = any("{\"a\": 1}\n{\"a\": \"\n{\"a\": 3}\n");
        assert!(matches!(&rows[..], [(1, Ok(_)), (2, Err(Fault::Json { .. })), (3, Ok(_))]), "{rows:?}");
        let rows = any("[{\"a\": 1},\n{\"a\" 2},\n7, {\"a\": 3}]");
        let Err(Fault::Json { message }) = &rows[1].1 else { panic!("{rows:?}") };
        assert_eq!(message, "expected `:` at line 2 column 6");
        assert_eq!(rows[2], (3, Err(Fault::NotAnObject { found: "a number" })));
        assert_eq!(rows[3], (3, Ok(false)));
    }

    #[test]
    fn deep_nesting_and_wrong_bytes_are_faults() {
        let deep = format!("{{\"a\": {}{}}}", "[".repeat(200), "]".repeat(200));
        assert!(matches!(&any(&deep)[..], [(1, Err(Fault::Json { .. }))]));
        let rows: Vec<_> = JsonRows::lines(b"{}\n{\"a\": \"\xff\"}\n".as_slice()).collect();
        assert_eq!(rows[1].members, Err(Fault::Utf8 { offset: 10, hint: "" }));
    }
}
