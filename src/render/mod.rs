//! Rendering: an answer's rows as text for people and programs.
//!
//! A [`Renderer`] takes the columns, then the rows one at a time, then what closes the answer. It writes as it goes,
//! so that a million rows cost the memory of one; a table, which must know its widths, looks at the first
//! [`TABLE_SAMPLE_ROWS`] rows.
//!
//! What comes out is a contract: machines read tsv, csv, json and ndjson, and every value reads back as it was.
//! Formats for people (table, line, markdown) never pass on a control character of an article, so that no text can
//! move the cursor or colour the screen.

#[cfg(feature = "cli")]
mod article;
#[cfg(feature = "cli")]
mod bars;
mod cell;
mod chart;
mod delimited;
mod escape;
mod file;
#[cfg(feature = "cli")]
mod findings;
mod format;
mod html;
mod json;
mod line;
mod markdown;
mod safe;
mod snippet;
mod svg;
#[cfg(feature = "cli")]
mod table;
mod trailer;
mod width;
mod zero_hit;

pub use file::NewFile;
pub use format::{Format, Paint, Rendering, UnknownFormat};
pub use safe::safe_text;
pub use trailer::{Closing, article_count, grouped, page_line, trailers};
pub use width::{display_width, truncate};
pub use zero_hit::zero_hit_block;

#[cfg(feature = "cli")]
pub use table::TABLE_SAMPLE_ROWS;

use std::io::{self, Write};

use crate::exec::{Answer, AnswerKind, Column, Row};

/// Writes the rows of one answer in one format.
pub trait Renderer {
    /// Writes what stands before the rows.
    ///
    /// # Errors
    ///
    /// Whatever the writer answers, here and in the other two.
    fn start(&mut self, kind: AnswerKind, columns: &[Column], out: &mut dyn Write) -> io::Result<()>;

    /// Writes one row, or keeps it until its place is known.
    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()>;

    /// Writes what stands after the rows; nothing may follow.
    fn finish(&mut self, closing: &Closing<'_>, out: &mut dyn Write) -> io::Result<()>;
}

/// Returns the renderer of a format.
pub fn renderer(format: Format, rendering: Rendering) -> Box<dyn Renderer> {
    match format {
        #[cfg(feature = "cli")]
        Format::Table => Box::new(table::Table::new(rendering)),
        Format::Line => Box::new(line::Lines::new(rendering)),
        Format::Tsv => Box::new(delimited::Delimited::tsv(rendering)),
        Format::Csv => Box::new(delimited::Delimited::csv(rendering)),
        Format::Json => Box::new(json::Json::new(rendering)),
        Format::Ndjson => Box::new(json::Ndjson::new(rendering)),
        Format::Markdown => Box::new(markdown::Markdown::new(rendering)),
        Format::Html => Box::new(html::Html::new(rendering)),
        Format::Svg => Box::new(svg::Svg::new(rendering)),
    }
}

/// Writes a whole answer.
///
/// # Errors
///
/// Whatever the writer answers.
///
/// # Examples
///
/// ```
/// use dateline::exec::{Answer, Cell, CellType, Column, Row};
/// use dateline::render::{Format, Rendering, write_answer};
/// use dateline::schema::FieldType;
///
/// let title = Column { name: "title".into(), cell_type: CellType::Field(FieldType::Text), many: false };
/// let row = Row { id: None, cells: vec![Cell::One("Talks in\tGeneva".into())] };
/// let answer = Answer { columns: vec![title], rows: vec![row], ..Answer::default() };
///
/// let mut out = Vec::new();
/// write_answer(&answer, Format::Tsv, Rendering::default(), &mut out)?;
/// assert_eq!(out, b"title\nTalks in\\tGeneva\n");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn write_answer(
    answer: &Answer,
    format: Format,
    rendering: Rendering,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut renderer = renderer(format, rendering);
    renderer.start(answer.kind, &answer.columns, out)?;
    for row in &answer.rows {
        renderer.row(row, out)?;
    }
    renderer.finish(&Closing::of(answer), out)
}
