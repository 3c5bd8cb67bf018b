//! Tables that fit the screen.
//!
//! The first rows decide the widths; later rows keep them, so that a long result streams. Cells are cut here rather
//! than by the table library, because a cell of right-to-left text must keep the mark that ends its isolation.
//! Extracts stand under their row, over the whole width, where there is room to read them.

mod grid;
mod layout;
mod plot;

use std::io::{self, Write};

use grid::Grid;
use layout::{Measure, widths};
use plot::{Bars, Sparklines};

use super::article::Reading;
use super::cell::cell_text;
use super::format::Rendering;
use super::line::{Lines, MISSING};
use super::safe::{safe_chars, safe_text};
use super::snippet::{Piece, pieces};
use super::trailer::percent;
use super::width::prefix_of_width;
use super::{Closing, Renderer};
use crate::exec::{AnswerKind, Cell, CellType, Column, Row};
use crate::schema::FieldType;
use crate::value::{Number, Value};

/// Rows that decide the widths of a table; it holds no more of them in memory.
pub const TABLE_SAMPLE_ROWS: usize = 1_000;

/// The widest cell that a table without a screen to fit shows, in columns.
const CELL_WIDTH_MAX: usize = 1_000;

/// A row as it will be shown.
struct Shown {
    /// One text a column of the grid; `None` where missing.
    cells: Vec<Option<String>>,
    /// The number that a bar draws.
    plotted: Option<f64>,
    /// Extracts, as parts that are matched or not.
    extracts: Vec<Vec<(bool, String)>>,
}

/// Writes aligned columns.
pub(super) struct Table {
    rendering: Rendering,
    columns: Vec<Column>,
    /// Which cells of a row stand in the grid; extracts do not.
    in_grid: Vec<usize>,
    bars: Option<Bars>,
    sparklines: Option<Sparklines>,
    kept: Vec<Shown>,
    mode: Mode,
}

/// How rows are written, once that is known.
enum Mode {
    /// Rows are kept until there are enough to measure.
    Measuring,
    /// Rows go into a grid of fixed widths.
    Grid(Grid),
    /// The columns do not fit beside one another.
    Lines(Box<Lines>),
    /// Rows are whole articles.
    Reading(Box<Reading>),
    /// Rows are lines of text already, as those of a plan.
    Text,
}

impl Table {
    pub(super) fn new(rendering: Rendering) -> Table {
        Table {
            rendering,
            columns: Vec::new(),
            in_grid: Vec::new(),
            bars: None,
            sparklines: None,
            kept: Vec::new(),
            mode: Mode::Measuring,
        }
    }

    fn lines(&self, kind: AnswerKind, out: &mut dyn Write) -> io::Result<Mode> {
        let mut lines = Box::new(Lines::new(self.rendering.clone()));
        lines.start(kind, &self.columns, out)?;
        Ok(Mode::Lines(lines))
    }

    /// Writes the cells of a row as they are, one line each.
    fn text(&self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        row.cells
            .iter()
            .try_for_each(|cell| writeln!(out, "{}", safe_text(&cell_text(cell, self.rendering.zone))))
    }

    /// Returns the row with its texts made safe and short enough to keep.
    fn shown(&self, row: &Row) -> Shown {
        let cells = self.in_grid.iter().map(|&at| {
            let is_share = self.columns.get(at).is_some_and(|column| column.name == "share");
            row.cells.get(at).and_then(|cell| self.shown_cell(cell, is_share))
        });
        Shown {
            cells: cells.collect(),
            plotted: self.bars.as_ref().and_then(|bars| bars.value(row)),
            extracts: row.cells.iter().flat_map(extracts).collect(),
        }
    }

    fn shown_cell(&self, cell: &Cell, is_share: bool) -> Option<String> {
        let text = match cell {
            Cell::One(Value::Number(number)) if is_share => percent(number.as_f64()),
            Cell::One(Value::Number(Number::Decimal(number))) => rounded(*number),
            other => safe_chars(&cell_text(other, self.rendering.zone)),
        };
        let text = prefix_of_width(&text, CELL_WIDTH_MAX);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Fixes the widths by the rows kept so far and writes them.
    fn settle(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let measures: Vec<Measure> =
            self.in_grid.iter().enumerate().map(|(at, _)| self.measure(at)).collect();
        let widths = widths(&measures, self.rendering.width);
        if let Some(bars) = &mut self.bars {
            bars.settle(self.kept.iter().filter_map(|row| row.plotted), &widths, self.rendering.width);
        }
        let bar_width = self.bars.as_ref().map_or(0, Bars::width);
        let headings = measures.iter().map(|measure| (measure.name.clone(), measure.is_number)).collect();
        let mut grid = Grid::new(headings, widths, bar_width, self.rendering.clone());
        grid.header(out)?;
        self.flush_rows(&mut grid, out)?;
        self.mode = Mode::Grid(grid);
        Ok(())
    }

    fn measure(&self, at: usize) -> Measure {
        let column = self.in_grid.get(at).and_then(|&index| self.columns.get(index));
        let cells =
            self.kept.iter().map(|row| row.cells.get(at).and_then(Option::as_deref).unwrap_or(MISSING));
        Measure::of(column, cells)
    }

    fn flush_rows(&mut self, grid: &mut Grid, out: &mut dyn Write) -> io::Result<()> {
        let rows = std::mem::take(&mut self.kept);
        let bars = self.bars.as_ref();
        grid.rows(&rows, |row| bars.zip(row.plotted).map(|(bars, value)| bars.draw(value)), out)
    }
}

/// Returns a decimal with as many digits as a reader compares; other formats keep them all.
fn rounded(number: f64) -> String {
    let short = format!("{number:.3}");
    let exact = number.to_string();
    if exact.len() > short.len() && number.abs() >= 0.001 { short } else { exact }
}

/// Returns the extracts of a cell, made safe; none for other cells.
fn extracts(cell: &Cell) -> Vec<Vec<(bool, String)>> {
    let Cell::Snippets(snippets) = cell else { return Vec::new() };
    let part = |piece| match piece {
        Piece::Plain(text) => (false, safe_chars(text)),
        Piece::Match(text) => (true, safe_chars(text)),
    };
    snippets.iter().map(|snippet| pieces(snippet).into_iter().map(part).collect()).collect()
}

/// Tells whether a column stands in the grid: extracts need more room.
fn stands_in_grid(column: &Column) -> bool {
    column.cell_type != CellType::Snippets
}

impl Renderer for Table {
    fn start(&mut self, kind: AnswerKind, columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
        self.columns = columns.to_vec();
        self.in_grid = columns
            .iter()
            .enumerate()
            .filter(|(_, column)| stands_in_grid(column))
            .map(|(at, _)| at)
            .collect();
        if self.rendering.plot {
            self.bars = Bars::of(kind, columns, self.rendering.unicode);
            self.sparklines = Sparklines::of(kind, columns);
        }
        let in_grid = columns.iter().filter(|column| stands_in_grid(column));
        let too_many = !layout::can_fit(in_grid, self.rendering.width);
        if too_many {
            self.mode = self.lines(kind, out)?;
        }
        if kind == AnswerKind::Show {
            let mut reading = Box::new(Reading::new(self.rendering.clone()));
            reading.start(kind, columns, out)?;
            self.mode = Mode::Reading(reading);
        }
        if kind == AnswerKind::Explain {
            self.mode = Mode::Text;
        }
        Ok(())
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        match &mut self.mode {
            Mode::Lines(lines) => return lines.row(row, out),
            Mode::Reading(reading) => return reading.row(row, out),
            Mode::Text => return self.text(row, out),
            Mode::Measuring | Mode::Grid(_) => {}
        }
        if let Some(sparklines) = &mut self.sparklines {
            sparklines.add(row);
        }
        let shown = self.shown(row);
        self.kept.push(shown);
        if self.kept.len() < TABLE_SAMPLE_ROWS {
            return Ok(());
        }
        match std::mem::replace(&mut self.mode, Mode::Measuring) {
            Mode::Grid(mut grid) => {
                self.flush_rows(&mut grid, out)?;
                self.mode = Mode::Grid(grid);
                Ok(())
            }
            _ => self.settle(out),
        }
    }

    fn finish(&mut self, _: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        match std::mem::replace(&mut self.mode, Mode::Measuring) {
            Mode::Lines(_) | Mode::Reading(_) | Mode::Text => return Ok(()),
            Mode::Grid(mut grid) => self.flush_rows(&mut grid, out)?,
            // What is said about an empty result needs no columns above it.
            Mode::Measuring if self.kept.is_empty() && self.rendering.on_screen => return Ok(()),
            Mode::Measuring => self.settle(out)?,
        }
        match &self.sparklines {
            Some(sparklines) => sparklines.draw(&self.rendering, out),
            None => Ok(()),
        }
    }
}

/// Tells whether a column holds single numbers, which stand on the right.
fn is_number(column: &Column) -> bool {
    column.cell_type == CellType::Field(FieldType::Number) && !column.many
}

#[cfg(test)]
mod tests;
