//! Markdown tables.

use std::io::{self, Write};

use super::safe::safe_chars;
use super::snippet::{Piece, pieces};
use super::{Closing, Renderer, Rendering, cell::cell_text};
use crate::exec::{AnswerKind, Cell, CellType, Column, Row};
use crate::schema::FieldType;

/// Writes a table in GitHub's Markdown.
pub(super) struct Markdown {
    rendering: Rendering,
}

impl Markdown {
    pub(super) fn new(rendering: Rendering) -> Markdown {
        Markdown { rendering }
    }

    fn cell(&self, cell: &Cell) -> String {
        match cell {
            Cell::Snippets(snippets) => {
                let marked = snippets.iter().map(|snippet| {
                    let parts = pieces(snippet).into_iter().map(|piece| match piece {
                        Piece::Plain(text) => escaped(text),
                        Piece::Match(text) => format!("**{}**", escaped(text)),
                    });
                    parts.collect::<String>()
                });
                marked.collect::<Vec<_>>().join("<br>")
            }
            other => escaped(&cell_text(other, self.rendering.zone)),
        }
    }
}

impl Renderer for Markdown {
    fn start(&mut self, _: AnswerKind, columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
        if !self.rendering.header {
            return Ok(());
        }
        let names: Vec<String> = columns.iter().map(|column| escaped(&column.name)).collect();
        let rules: Vec<&str> = columns.iter().map(rule).collect();
        writeln!(out, "| {} |", names.join(" | "))?;
        writeln!(out, "| {} |", rules.join(" | "))
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        let cells: Vec<String> = row.cells.iter().map(|cell| self.cell(cell)).collect();
        writeln!(out, "| {} |", cells.join(" | "))
    }

    fn finish(&mut self, _: &Closing<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Numbers stand on the right.
fn rule(column: &Column) -> &'static str {
    match column.cell_type {
        CellType::Field(FieldType::Number) if !column.many => "---:",
        _ => "---",
    }
}

/// Returns text that Markdown shows as it is, on one line.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in safe_chars(text).chars() {
        if matches!(c, '\\' | '|' | '`' | '*' | '_' | '[' | ']' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exec::{Answer, Snippet};
    use crate::render::{Format, write_answer};

    #[test]
    fn cells_cannot_leave_their_table() {
        let column = |name: &str, field_type| Column {
            name: name.to_owned(),
            cell_type: CellType::Field(field_type),
            many: false,
        };
        let snippet = Snippet { field: "body".into(), text: "the Idlib camp".into(), matches: vec![(4, 9)] };
        let answer = Answer {
            columns: vec![column("title", FieldType::Text), column("id", FieldType::Number)],
            rows: vec![Row {
                id: None,
                cells: vec![Cell::One("a|b\n<i>\u{1b}".into()), Cell::One(7.into())],
            }],
            ..Answer::default()
        };
        let mut out = Vec::new();
        write_answer(&answer, Format::Markdown, Rendering::default(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "| title | id |\n| --- | ---: |\n| a\\|b \\<i\\>␛ | 7 |\n"
        );
        let markdown = Markdown::new(Rendering::default());
        assert_eq!(markdown.cell(&Cell::Snippets(vec![snippet])), "the **Idlib** camp");
    }
}
