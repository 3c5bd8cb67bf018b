//! Files to raw rows: finds where each row ends without keeping more than one in memory.
//!
//! The bytes of a row are found before they are understood, so that a broken row costs itself and not the rest, and its
//! text can be kept as it stood.

use std::io::BufRead;

use super::ROW_BYTES_MAX;
use super::error::Fault;

/// Bytes of one endless row that are passed over in search of its end before the file is given up (1 GiB).
const SKIP_BYTES_MAX: u64 = 1 << 30;

/// The bytes of one row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct RawRow {
    pub bytes: Vec<u8>,
    /// The line on which it starts, from 1.
    pub line: u64,
    /// The byte at which it starts, from 0.
    pub offset: u64,
    /// Why the row cannot be used whatever its bytes are.
    pub fault: Option<Fault>,
}

/// How rows follow each other in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A row ends with its line.
    Lines,
    /// A row is a JSON value; values follow each other or are the elements of one array.
    Json(JsonState),
    /// A row ends with its line, but not inside quoted cells.
    Csv { delimiter: u8, at: CellState },
}

/// Where a scan for JSON values stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct JsonState {
    /// Whether the values are elements of an array.
    in_array: bool,
    /// Whether an array was seen at all.
    saw_array: bool,
    /// Open brackets of the value at hand.
    depth: u32,
    inside: Inside,
    is_escaped: bool,
}

/// What part of JSON a scan is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Inside {
    #[default]
    Nothing,
    /// An object or array.
    Brackets,
    /// A string, on its own or inside brackets.
    Quotes,
    /// A number or word on its own.
    Scalar,
}

/// Where a scan for CSV rows stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum CellState {
    #[default]
    CellStart,
    Plain,
    Quoted,
    /// Behind a quotation mark inside a quoted cell: the cell's end, or the first of two.
    QuoteSeen,
}

/// What the next bytes are.
enum Step {
    /// So many bytes lie between rows.
    Skip(usize),
    /// So many bytes belong to the row.
    Take { bytes: usize, ends: bool },
}

impl Shape {
    /// Returns the shape of JSON values one after the other, or in an array.
    pub(super) fn json() -> Shape {
        Shape::Json(JsonState::default())
    }

    /// Returns the shape of CSV with this delimiter.
    pub(super) fn csv(delimiter: u8) -> Shape {
        Shape::Csv { delimiter, at: CellState::default() }
    }

    fn step(&mut self, bytes: &[u8]) -> Step {
        match self {
            Shape::Lines => match memchr::memchr(b'\n', bytes) {
                Some(at) => Step::Take { bytes: at + 1, ends: true },
                None => Step::Take { bytes: bytes.len(), ends: false },
            },
            Shape::Json(state) => state.step(bytes),
            Shape::Csv { delimiter, at } => at.step(bytes, *delimiter),
        }
    }

    /// Returns what is wrong where the file ends here.
    fn fault_at_end(&self) -> Option<Fault> {
        match self {
            Shape::Csv { at: CellState::Quoted, .. } => Some(Fault::OpenQuote),
            Shape::Json(state) if state.in_array && state.inside == Inside::Nothing => Some(Fault::OpenArray),
            _ => None,
        }
    }
}

impl JsonState {
    fn step(&mut self, bytes: &[u8]) -> Step {
        if self.inside == Inside::Nothing {
            let skipped = bytes.iter().take_while(|&&byte| self.is_between(byte)).count();
            if skipped > 0 {
                return Step::Skip(skipped);
            }
        }
        for (at, &byte) in bytes.iter().enumerate() {
            if self.inside == Inside::Scalar && self.ends_scalar(byte) {
                self.inside = Inside::Nothing;
                return Step::Take { bytes: at, ends: true };
            }
            if self.take(byte) {
                return Step::Take { bytes: at + 1, ends: true };
            }
        }
        Step::Take { bytes: bytes.len(), ends: false }
    }

    /// Tells whether the byte stands between values; opens and closes the array.
    fn is_between(&mut self, byte: u8) -> bool {
        match byte {
            b'[' if !self.in_array => (self.in_array, self.saw_array) = (true, true),
            b']' if self.in_array => self.in_array = false,
            b',' => return self.in_array,
            _ => return byte.is_ascii_whitespace(),
        }
        true
    }

    fn ends_scalar(&self, byte: u8) -> bool {
        byte.is_ascii_whitespace() || (self.in_array && matches!(byte, b',' | b']'))
    }

    /// Takes one byte of a value; tells whether the value ends with it.
    fn take(&mut self, byte: u8) -> bool {
        if self.inside == Inside::Quotes {
            return self.take_quoted(byte);
        }
        match byte {
            b'"' => self.inside = Inside::Quotes,
            b'{' | b'[' => {
                self.depth += 1;
                self.inside = Inside::Brackets;
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.inside = Inside::Nothing;
                    return true;
                }
            }
            _ if self.inside == Inside::Nothing => self.inside = Inside::Scalar,
            _ => {}
        }
        false
    }

    fn take_quoted(&mut self, byte: u8) -> bool {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' => self.is_escaped = true,
            b'"' if self.depth > 0 => self.inside = Inside::Brackets,
            b'"' => {
                self.inside = Inside::Nothing;
                return true;
            }
            _ => {}
        }
        false
    }
}

impl CellState {
    fn step(&mut self, bytes: &[u8], delimiter: u8) -> Step {
        for (at, &byte) in bytes.iter().enumerate() {
            *self = match (*self, byte) {
                (CellState::Quoted, b'"') => CellState::QuoteSeen,
                (CellState::Quoted, _) => CellState::Quoted,
                (CellState::QuoteSeen, b'"') => CellState::Quoted,
                (_, b'\n') => {
                    *self = CellState::CellStart;
                    return Step::Take { bytes: at + 1, ends: true };
                }
                (CellState::CellStart, b'"') => CellState::Quoted,
                (_, byte) if byte == delimiter => CellState::CellStart,
                _ => CellState::Plain,
            };
        }
        Step::Take { bytes: bytes.len(), ends: false }
    }
}

/// Reads a file row by row.
pub(super) struct Splitter<R> {
    input: R,
    shape: Shape,
    line: u64,
    offset: u64,
    is_done: bool,
}

impl<R: BufRead> Splitter<R> {
    /// Returns the rows of `input`.
    pub(super) fn new(input: R, shape: Shape) -> Splitter<R> {
        Splitter { input, shape, line: 1, offset: 0, is_done: false }
    }

    /// Tells whether the rows so far are elements of an array.
    pub(super) fn saw_array(&self) -> bool {
        matches!(self.shape, Shape::Json(JsonState { saw_array: true, .. }))
    }

    fn read_row(&mut self) -> Option<RawRow> {
        let mut row = RawRow { line: self.line, offset: self.offset, ..RawRow::default() };
        loop {
            let bytes = match self.input.fill_buf() {
                Ok([]) => return self.finish(row),
                Ok(bytes) => bytes,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return self.give_up(row, Fault::Read { message: error.to_string() }),
            };
            let (count, ends) = match self.shape.step(bytes) {
                Step::Skip(count) => (count, None),
                Step::Take { bytes, ends } => (bytes, Some(ends)),
            };
            let taken = bytes.get(..count).unwrap_or(bytes);
            let lines = memchr::memchr_iter(b'\n', taken).count() as u64;
            if ends.is_some() && row.bytes.len() + count <= ROW_BYTES_MAX {
                row.bytes.extend_from_slice(taken);
            } else if ends.is_some() {
                row.fault = Some(Fault::RowTooLong);
            }
            self.input.consume(count);
            self.line += lines;
            self.offset += count as u64;
            match ends {
                Some(true) => return Some(row),
                Some(false) if self.offset - row.offset > SKIP_BYTES_MAX => {
                    return self.give_up(row, Fault::Endless);
                }
                Some(false) => {}
                None => (row.line, row.offset) = (self.line, self.offset),
            }
        }
    }

    fn finish(&mut self, row: RawRow) -> Option<RawRow> {
        self.is_done = true;
        let fault = self.shape.fault_at_end();
        let fault = row.fault.clone().or(fault);
        (fault.is_some() || !row.bytes.is_empty()).then_some(RawRow { fault, ..row })
    }

    fn give_up(&mut self, row: RawRow, fault: Fault) -> Option<RawRow> {
        self.is_done = true;
        Some(RawRow { fault: Some(fault), ..row })
    }
}

impl<R: BufRead> Iterator for Splitter<R> {
    type Item = RawRow;

    fn next(&mut self) -> Option<RawRow> {
        if self.is_done { None } else { self.read_row() }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use proptest::prelude::*;

    use super::*;

    /// Splits with a small buffer, so that rows cross its edges.
    fn split(text: &str, shape: Shape) -> Vec<(u64, String)> {
        let rows = Splitter::new(BufReader::with_capacity(3, text.as_bytes()), shape);
        rows.map(|row| (row.line, String::from_utf8(row.bytes).unwrap())).collect()
    }

    fn faults(text: &str, shape: Shape) -> Vec<Fault> {
        Splitter::new(text.as_bytes(), shape).filter_map(|row| row.fault).collect()
    }

    fn rows(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
        expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
    }

    #[test]
    fn lines_end_with_their_line() {
        assert_eq!(split("a\n\nbcdef", Shape::Lines), rows(&[(1, "a\n"), (2, "\n"), (3, "bcdef")]));
    }

    #[test]
    fn json_values_follow_each_other_or_fill_an_array() {
        let two = rows(&[(1, r#"{"a":"}\""}"#), (2, r#"{"b":[{}]}"#)]);
        assert_eq!(split("{\"a\":\"}\\\"\"}\n{\"b\":[{}]}", Shape::json()), two);
        assert_eq!(split("[{\"a\":\"}\\\"\"},\n{\"b\":[{}]}]\n", Shape::json()), two);
        assert_eq!(split("[1, \"a b\",null]", Shape::json()), rows(&[(1, "1"), (1, "\"a b\""), (1, "null")]));
        assert_eq!(split("{\n \"a\": 1\n}\n\n{}", Shape::json()), rows(&[(1, "{\n \"a\": 1\n}"), (5, "{}")]));
    }

    #[test]
    fn files_cut_short_are_noticed() {
        assert_eq!(faults("[{}, {}", Shape::json()), [Fault::OpenArray]);
        assert_eq!(faults("[{}, {}]", Shape::json()), []);
        assert_eq!(faults("a,\"b\nc\n", Shape::csv(b',')), [Fault::OpenQuote]);
    }

    #[test]
    fn quoted_cells_hold_line_ends() {
        let text = "a,b\n\"x\ny\",\"say \"\"hi\"\"\n\"\n5\" tall,z\n";
        let expected = rows(&[(1, "a,b\n"), (2, "\"x\ny\",\"say \"\"hi\"\"\n\"\n"), (5, "5\" tall,z\n")]);
        assert_eq!(split(text, Shape::csv(b',')), expected);
    }

    #[test]
    fn a_row_past_the_limit_costs_only_itself() {
        let mut text = vec![b'x'; ROW_BYTES_MAX + 1];
        text.extend_from_slice(b"\nshort\n");
        let rows: Vec<RawRow> = Splitter::new(text.as_slice(), Shape::Lines).collect();
        assert_eq!(
            rows.iter().map(|row| row.fault.clone()).collect::<Vec<_>>(),
            [Some(Fault::RowTooLong), None]
        );
        assert_eq!((rows[1].bytes.as_slice(), rows[1].line), (b"short\n".as_slice(), 2));
    }

    proptest! {
        #[test]
        fn lines_and_csv_lose_no_byte(bytes in prop::collection::vec(any::<u8>(), 0..300), buffer in 1usize..40) {
            for shape in [Shape::Lines, Shape::csv(b',')] {
                let rows = Splitter::new(BufReader::with_capacity(buffer, bytes.as_slice()), shape);
                prop_assert_eq!(rows.flat_map(|row| row.bytes).collect::<Vec<u8>>(), bytes.clone());
            }
        }

        #[test]
        fn json_values_come_out_as_they_went_in(values in prop::collection::vec(json_value(), 0..6), array: bool) {
            let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
            let text = if array { format!("[{}]", texts.join(",")) } else { texts.join("\n") };
            // Outside an array, an array is the array of rows itself.
            prop_assume!(array || !values.iter().any(serde_json::Value::is_array));
            let split: Vec<String> = split(&text, Shape::json()).into_iter().map(|(_, text)| text).collect();
            prop_assert_eq!(split, texts);
        }
    }

    fn json_value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            any::<i32>().prop_map(Into::into),
            "\\PC{0,8}|[\\\\\"\\[\\]{}]{1,5}".prop_map(Into::into)
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Into::into),
                prop::collection::btree_map("[a-z\"]{1,3}", inner, 0..3)
                    .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
            ]
        })
    }
}
