//! One line a value: for rows that are too wide for a table, and for reading an article.

use std::io::{self, Write};

use super::cell::cell_text;
use super::format::{Paint, Rendering};
use super::safe::safe_text;
use super::snippet::{Piece, pieces};
use super::width::display_width;
use super::{Closing, Renderer};
use crate::exec::{AnswerKind, Cell, Column, Row, Snippet};

/// What stands for a missing value.
pub(super) const MISSING: &str = "-";

/// Columns that a name's own column may take before its value moves on to the next line.
const GAP: &str = "  ";

/// Length of the rule before a row, where the screen sets none.
const RULE_WIDTH: usize = 40;

/// Writes `name  value`, with a rule before each row.
pub(super) struct Lines {
    rendering: Rendering,
    names: Vec<String>,
    name_width: usize,
    rows: u64,
}

impl Lines {
    pub(super) fn new(rendering: Rendering) -> Lines {
        Lines { rendering, names: Vec::new(), name_width: 0, rows: 0 }
    }

    fn rule(&self) -> String {
        let dash = if self.rendering.unicode { "─" } else { "-" };
        let width = self.rendering.width.unwrap_or(RULE_WIDTH).min(RULE_WIDTH);
        let number = format!("{dash}{dash} {} ", self.rows);
        let rest = width.saturating_sub(display_width(&number));
        self.rendering.paint.dim(&format!("{number}{}", dash.repeat(rest)))
    }

    /// Returns the lines of one value, each safe; the lines of an article stay lines.
    fn value_lines(&self, cell: &Cell) -> Vec<String> {
        let paint = self.rendering.paint;
        match cell {
            Cell::Snippets(snippets) if !snippets.is_empty() => {
                snippets.iter().map(|snippet| marked(snippet, paint)).collect()
            }
            other => {
                let text = cell_text(other, self.rendering.zone);
                if text.is_empty() {
                    return vec![paint.dim(MISSING)];
                }
                text.lines().flat_map(|line| self.fitted(&safe_text(line))).collect()
            }
        }
    }

    /// Splits a line where the screen ends; nothing is split where there is no screen.
    fn fitted(&self, line: &str) -> Vec<String> {
        match self.rendering.width {
            #[cfg(feature = "cli")]
            Some(width) => {
                let room = width.saturating_sub(self.name_width + GAP.len()).max(20);
                super::width::wrap(line, room).into_iter().map(safe_text).collect()
            }
            _ => vec![line.to_owned()],
        }
    }
}

/// Returns an extract on one line with its matches marked.
pub(super) fn marked(snippet: &Snippet, paint: Paint) -> String {
    let mark = |piece| match piece {
        Piece::Plain(text) => safe_text(text),
        Piece::Match(text) => paint.highlight(&safe_text(text)),
    };
    pieces(snippet).into_iter().map(mark).collect()
}

impl Renderer for Lines {
    fn start(&mut self, _: AnswerKind, columns: &[Column], _: &mut dyn Write) -> io::Result<()> {
        self.names = columns.iter().map(|column| safe_text(&column.name)).collect();
        self.name_width = self.names.iter().map(|name| display_width(name)).max().unwrap_or(0);
        Ok(())
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        self.rows += 1;
        writeln!(out, "{}", self.rule())?;
        let indent = " ".repeat(self.name_width);
        for (name, cell) in self.names.iter().zip(&row.cells) {
            let padding = " ".repeat(self.name_width - display_width(name));
            let mut label = format!("{padding}{}", self.rendering.paint.bold(name));
            for line in self.value_lines(cell) {
                writeln!(out, "{}", format!("{label}{GAP}{line}").trim_end())?;
                label.clone_from(&indent);
            }
        }
        Ok(())
    }

    fn finish(&mut self, _: &Closing<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::{Answer, CellType};
    use crate::render::{Format, write_answer};
    use crate::schema::FieldType;

    fn written(rendering: Rendering) -> String {
        let column = |name: &str| Column {
            name: name.to_owned(),
            cell_type: CellType::Field(FieldType::Text),
            many: false,
        };
        let snippet = Snippet { field: "body".into(), text: "the Idlib camp".into(), matches: vec![(4, 9)] };
        let answer = Answer {
            columns: vec![column("title"), column("source"), column("body"), column("snippets")],
            rows: vec![Row {
                id: None,
                cells: vec![
                    Cell::One("Talks\u{1b}[2J".into()),
                    Cell::Missing,
                    Cell::One("One two three four five.\n\nNext.".into()),
                    Cell::Snippets(vec![snippet]),
                ],
            }],
            ..Answer::default()
        };
        let mut out = Vec::new();
        write_answer(&answer, Format::Line, rendering, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn names_stand_before_values_and_nothing_is_cut() {
        let plain = Rendering { unicode: false, ..Rendering::default() };
        assert_eq!(
            written(plain),
            concat!(
                "-- 1 -----------------------------------\n",
                "   title  Talks␛[2J\n",
                "  source  -\n",
                "    body  One two three four five.\n",
                "\n",
                "          Next.\n",
                "snippets  the Idlib camp\n",
            )
        );
    }

    #[test]
    fn matches_are_coloured() {
        let text = written(Rendering { paint: Paint::Colour, ..Rendering::default() });
        assert!(text.contains("the \u{1b}[1;33mIdlib\u{1b}[0m camp"), "{text}");
    }

    #[cfg(feature = "cli")]
    #[test]
    fn a_screen_wraps() {
        let text = written(Rendering { width: Some(30), ..Rendering::default() });
        assert!(text.contains("  One two three four\n          five.\n"), "{text}");
    }
}
