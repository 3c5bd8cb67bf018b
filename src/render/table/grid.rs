//! Rows of fixed widths, drawn.

use std::io::{self, Write};

use comfy_table::{
    Attribute, Cell, CellAlignment, ColumnConstraint, ContentArrangement, ContentLineStyle, LineStyle, Row,
    TableStyle, Width,
};

use super::Shown;
use super::layout::GAP;
use crate::render::format::{Paint, Rendering};
use crate::render::line::MISSING;
use crate::render::safe::isolate;
use crate::render::width::{display_width, truncate, truncate_start};

/// What stands before an extract.
const EXTRACT_INDENT: &str = "    ";

/// The narrowest line of an extract.
const EXTRACT_WIDTH_MIN: usize = 20;

/// Lines that the table library draws before the first row: the names and a rule.
const HEADER_LINES: usize = 2;

/// A table whose widths are known.
pub(super) struct Grid {
    headings: Vec<(String, bool)>,
    widths: Vec<usize>,
    bar_width: usize,
    rendering: Rendering,
}

impl Grid {
    /// Makes a table of columns (name, whether they stand on the right) of these widths, with a bar at the end.
    pub fn new(
        headings: Vec<(String, bool)>,
        widths: Vec<usize>,
        bar_width: usize,
        rendering: Rendering,
    ) -> Grid {
        Grid { headings, widths, bar_width, rendering }
    }

    /// Writes the names of the columns and a rule.
    pub fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.rendering.header {
            return Ok(());
        }
        let table = self.table();
        for line in table.lines() {
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// Writes rows, each with its extracts under it.
    pub fn rows(
        &self,
        rows: &[Shown],
        bar: impl Fn(&Shown) -> Option<String>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut table = self.table();
        for row in rows {
            let mut drawn = Row::from(self.cells(row).chain(self.bar_cell(bar(row))).collect::<Vec<Cell>>());
            drawn.max_height(1);
            table.add_row(drawn);
        }
        for (line, row) in table.lines().skip(HEADER_LINES).zip(rows) {
            writeln!(out, "{}", line.trim_end())?;
            for extract in &row.extracts {
                self.extract(extract, out)?;
            }
        }
        Ok(())
    }

    fn cells<'a>(&'a self, row: &'a Shown) -> impl Iterator<Item = Cell> + 'a {
        let columns = self.headings.iter().zip(&self.widths);
        row.cells.iter().zip(columns).map(|(cell, ((name, _), width))| match cell {
            Some(text) if is_address(name) => Cell::new_owned(isolate(truncate_start(text, *width))),
            Some(text) => Cell::new_owned(fitted(text, *width)),
            None => Cell::new(MISSING).add_attribute(Attribute::Dim),
        })
    }

    fn bar_cell(&self, bar: Option<String>) -> Option<Cell> {
        (self.bar_width > 0)
            .then(|| Cell::new_owned(bar.unwrap_or_default()).fg(comfy_table::Color::DarkCyan))
    }

    /// Writes an extract over the width of the screen, its matches marked.
    fn extract(&self, parts: &[(bool, String)], out: &mut dyn Write) -> io::Result<()> {
        let screen = self.rendering.width.unwrap_or(usize::MAX);
        let room = screen.saturating_sub(EXTRACT_INDENT.len()).max(EXTRACT_WIDTH_MIN);
        let mut line = String::new();
        let mut used = 0;
        for word in words(parts) {
            let width: usize = word.iter().map(|(_, text)| display_width(text)).sum();
            if used > 0 && used + 1 + width > room {
                writeln!(out, "{EXTRACT_INDENT}{line}")?;
                line.clear();
                used = 0;
            }
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.extend(word.iter().map(|part| self.painted(part)));
            used += width;
        }
        if line.is_empty() { Ok(()) } else { writeln!(out, "{EXTRACT_INDENT}{line}") }
    }

    fn painted(&self, (is_match, text): &(bool, &str)) -> String {
        let text = isolate((*text).to_owned());
        if *is_match { self.rendering.paint.highlight(&text) } else { text }
    }

    fn names(&self) -> Row {
        let bold = |text: String| Cell::new_owned(text).add_attribute(Attribute::Bold);
        let names =
            self.headings.iter().zip(&self.widths).map(|((name, _), width)| bold(fitted(name, *width)));
        let mut names = Row::from(names.chain(self.bar_cell(None)).collect::<Vec<Cell>>());
        names.max_height(1);
        names
    }

    /// Returns a table of this grid's columns with its header, which makes the columns exist.
    fn table(&self) -> comfy_table::Table {
        let dash = if self.rendering.unicode { '─' } else { '-' };
        let style = TableStyle::new()
            .header_lines(ContentLineStyle::none())
            .header_separator(LineStyle::none().fill(dash))
            .content_lines(ContentLineStyle::none());
        let mut table = comfy_table::Table::new();
        table.load_style(style).set_content_arrangement(ContentArrangement::Disabled);
        match self.rendering.paint {
            Paint::Plain => table.force_no_tty(),
            Paint::Colour => table.enforce_styling(),
        };
        let bar = (self.bar_width > 0).then_some(self.bar_width);
        let all: Vec<usize> = self.widths.iter().copied().chain(bar).collect();
        table.set_header(self.names());
        for (at, width) in all.iter().enumerate() {
            let gap = if at + 1 < all.len() { GAP } else { 0 };
            let Some(column) = table.column_mut(at) else { continue };
            column.set_padding((0, narrow(gap)));
            column.set_constraint(ColumnConstraint::Absolute(Width::Fixed(narrow(width + gap))));
            if self.headings.get(at).is_some_and(|(_, right)| *right) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table
    }
}

/// Tells whether the values of a column differ at their ends rather than their beginnings.
fn is_address(column: &str) -> bool {
    matches!(column, "key" | "url")
}

/// Returns the text cut to its column and isolated where it runs from right to left.
fn fitted(text: &str, width: usize) -> String {
    isolate(truncate(text, width))
}

/// Returns a width as the table library counts them.
fn narrow(width: usize) -> u16 {
    u16::try_from(width).unwrap_or(u16::MAX)
}

/// Splits parts into words at spaces; a word may be matched in part.
fn words(parts: &[(bool, String)]) -> Vec<Vec<(bool, &str)>> {
    let mut words: Vec<Vec<(bool, &str)>> = vec![Vec::new()];
    for (is_match, text) in parts {
        for (at, piece) in text.split(' ').enumerate() {
            if at > 0 {
                words.push(Vec::new());
            }
            if let Some(word) = words.last_mut().filter(|_| !piece.is_empty()) {
                word.push((*is_match, piece));
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
