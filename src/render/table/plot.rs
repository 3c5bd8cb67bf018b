//! Drawings beside and under a table.

use std::io::{self, Write};

use super::layout::GAP;
use crate::exec::{AnswerKind, Cell, Column, Row};
use crate::render::bars::{bar, sparkline};
use crate::render::format::Rendering;
use crate::render::safe::safe_chars;
use crate::render::trailer::grouped;
use crate::render::width::{display_width, truncate};
use crate::value::Value;

/// The longest bar, in characters.
const BAR_WIDTH_MAX: usize = 30;

/// The shortest bar that still compares.
const BAR_WIDTH_MIN: usize = 8;

/// The longest sparkline, in characters.
const SPARKLINE_WIDTH_MAX: usize = 60;

/// The widest name of a series before its sparkline.
const SERIES_WIDTH_MAX: usize = 24;

/// Bars at the end of the rows of `timeline` and `top`.
pub(super) struct Bars {
    at: usize,
    max: f64,
    width: usize,
    unicode: bool,
}

impl Bars {
    /// Returns the bars of a result, or `None` where it has no number to draw.
    pub fn of(kind: AnswerKind, columns: &[Column], unicode: bool) -> Option<Bars> {
        let drawn = match kind {
            AnswerKind::Timeline => "count",
            AnswerKind::Top => "articles",
            _ => return None,
        };
        let at = columns.iter().position(|column| column.name == drawn)?;
        Some(Bars { at, max: 0.0, width: 0, unicode })
    }

    /// Returns the number of a row that is drawn.
    pub fn value(&self, row: &Row) -> Option<f64> {
        number(row.cells.get(self.at)?)
    }

    /// Fixes the scale by the rows seen so far, and the length by the room that the columns leave.
    pub fn settle(&mut self, values: impl Iterator<Item = f64>, widths: &[usize], screen: Option<usize>) {
        let taken = widths.iter().sum::<usize>() + widths.len() * GAP;
        let room = screen.map_or(BAR_WIDTH_MAX, |screen| screen.saturating_sub(taken));
        self.max = values.fold(0.0, f64::max);
        self.width = if room < BAR_WIDTH_MIN { 0 } else { room.min(BAR_WIDTH_MAX) };
    }

    /// Returns the room that bars take; 0 where there is too little.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the bar of a value.
    pub fn draw(&self, value: f64) -> String {
        bar(value, self.max, self.width, self.unicode)
    }
}

/// A sparkline a series under a timeline.
pub(super) struct Sparklines {
    count_at: usize,
    series_at: Option<usize>,
    series: Vec<(String, Vec<f64>)>,
}

impl Sparklines {
    /// Returns the sparklines of a timeline, or `None` for other results.
    pub fn of(kind: AnswerKind, columns: &[Column]) -> Option<Sparklines> {
        let position = |name| columns.iter().position(|column| column.name == name);
        let count_at = position("count").filter(|_| kind == AnswerKind::Timeline)?;
        Some(Sparklines { count_at, series_at: position("series"), series: Vec::new() })
    }

    /// Adds the bucket of a row to its series.
    pub fn add(&mut self, row: &Row) {
        let name = match self.series_at.and_then(|at| row.cells.get(at)) {
            Some(Cell::One(Value::Text(name))) => name.as_str(),
            _ => "",
        };
        let value = row.cells.get(self.count_at).and_then(number).unwrap_or(0.0);
        match self.series.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value),
            None => self.series.push((name.to_owned(), vec![value])),
        }
    }

    /// Writes one line a series: its name, its course and its peak.
    pub fn draw(&self, rendering: &Rendering, out: &mut dyn Write) -> io::Result<()> {
        let shown: Vec<(String, &[f64])> = self
            .series
            .iter()
            .filter(|(_, values)| values.len() > 1)
            .map(|(name, values)| (truncate(&safe_chars(name), SERIES_WIDTH_MAX), values.as_slice()))
            .collect();
        let names = shown.iter().map(|(name, _)| display_width(name)).max().unwrap_or(0);
        for (name, values) in shown {
            let padding = " ".repeat(names - display_width(&name) + if names > 0 { GAP } else { 0 });
            let peak = format!("  peak {}", grouped(values.iter().copied().fold(0.0, f64::max) as u64));
            let taken = names + GAP + display_width(&peak);
            let room = rendering.width.map_or(SPARKLINE_WIDTH_MAX, |screen| screen.saturating_sub(taken));
            let line = sparkline(values, room.clamp(1, SPARKLINE_WIDTH_MAX), rendering.unicode);
            writeln!(out, "{name}{padding}{}{}", rendering.paint.bar(&line), rendering.paint.dim(&peak))?;
        }
        Ok(())
    }
}

fn number(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::One(value) => value.as_number().map(|number| number.as_f64()),
        _ => None,
    }
}
