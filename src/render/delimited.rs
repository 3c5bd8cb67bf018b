//! Tab-separated and comma-separated values.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Closing, Renderer, Rendering, cell::cell_text, safe::screen_text};
use crate::exec::{AnswerKind, Column, Row};

/// Writes one line a row, the header first.
pub(super) struct Delimited {
    rendering: Rendering,
    dialect: Dialect,
}

#[derive(Clone, Copy)]
enum Dialect {
    Tsv,
    Csv,
}

impl Delimited {
    pub(super) fn tsv(rendering: Rendering) -> Delimited {
        Delimited { rendering, dialect: Dialect::Tsv }
    }

    pub(super) fn csv(rendering: Rendering) -> Delimited {
        Delimited { rendering, dialect: Dialect::Csv }
    }

    fn line(&self, cells: &[String], out: &mut dyn Write) -> io::Result<()> {
        let alone = cells.len() == 1;
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                out.write_all(self.dialect.separator())?;
            }
            out.write_all(self.dialect.quoted(cell, alone).as_bytes())?;
        }
        out.write_all(b"\n")
    }
}

impl Renderer for Delimited {
    fn start(&mut self, _: AnswerKind, columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
        if !self.rendering.header {
            return Ok(());
        }
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        self.line(&names, out)
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        let text = |cell| {
            let text = cell_text(cell, self.rendering.zone);
            if self.rendering.on_screen { screen_text(&text) } else { text }
        };
        let cells: Vec<String> = row.cells.iter().map(text).collect();
        self.line(&cells, out)
    }

    fn finish(&mut self, _: &Closing<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

impl Dialect {
    fn separator(self) -> &'static [u8] {
        match self {
            Dialect::Tsv => b"\t",
            Dialect::Csv => b",",
        }
    }

    /// Returns the cell as the dialect writes it; `alone` where it is the only one of its line.
    fn quoted(self, cell: &str, alone: bool) -> Cow<'_, str> {
        match self {
            Dialect::Tsv if cell.contains(['\t', '\n', '\r', '\\']) => Cow::Owned(tsv_escaped(cell)),
            // Readers skip empty lines, and a row must not be lost.
            Dialect::Csv if alone && cell.is_empty() => Cow::Borrowed("\"\""),
            Dialect::Csv if cell.contains(['"', ',', '\n', '\r']) => {
                Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")))
            }
            _ => Cow::Borrowed(cell),
        }
    }
}

fn tsv_escaped(cell: &str) -> String {
    let mut escaped = String::with_capacity(cell.len() + 8);
    for c in cell.chars() {
        match c {
            '\t' => escaped.push_str("\\t"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\\' => escaped.push_str("\\\\"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::exec::{Answer, Cell};
    use crate::render::{Format, write_answer};

    fn written(rows: &[Vec<String>], format: Format) -> Vec<u8> {
        let row = |cells: &Vec<String>| Row {
            id: None,
            cells: cells.iter().map(|cell| Cell::One(cell.as_str().into())).collect(),
        };
        let answer = Answer { rows: rows.iter().map(row).collect(), ..Answer::default() };
        let mut out = Vec::new();
        let rendering = Rendering { header: false, ..Rendering::default() };
        write_answer(&answer, format, rendering, &mut out).unwrap();
        out
    }

    fn tsv_read(text: &str) -> Vec<Vec<String>> {
        let unescape = |cell: &str| {
            let mut out = String::new();
            let mut chars = cell.chars();
            while let Some(c) = chars.next() {
                out.push(match c {
                    '\\' => match chars.next().unwrap() {
                        't' => '\t',
                        'n' => '\n',
                        'r' => '\r',
                        other => other,
                    },
                    other => other,
                });
            }
            out
        };
        text.split_terminator('\n').map(|line| line.split('\t').map(unescape).collect()).collect()
    }

    fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
        let cell = prop_oneof![any::<String>(), "[\\\\,\"\t\r\n a-c]{0,8}"];
        (1_usize..4).prop_flat_map(move |columns| {
            prop::collection::vec(prop::collection::vec(cell.clone(), columns), 0..6)
        })
    }

    #[test]
    fn a_screen_gets_no_controls() {
        let row = Row { id: None, cells: vec![Cell::One("a\u{1b}[2J\tb".into())] };
        let answer = Answer { rows: vec![row], ..Answer::default() };
        let rendering = Rendering { header: false, on_screen: true, ..Rendering::default() };
        let mut out = Vec::new();
        write_answer(&answer, Format::Tsv, rendering, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "a␛[2J\\tb\n");
    }

    proptest! {
        #[test]
        fn csv_reads_back(rows in rows()) {
            let out = written(&rows, Format::Csv);
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
            let read: Vec<Vec<String>> =
                reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn tsv_reads_back(rows in rows()) {
            let out = String::from_utf8(written(&rows, Format::Tsv)).unwrap();
            prop_assert_eq!(tsv_read(&out), rows);
        }
    }
}
