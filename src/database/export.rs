//! `export`: the rows of a query in a file that appears when it is whole.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::prepared::Prepared;
use crate::error::{Error, Result};
use crate::exec::{Answer, AnswerKind, Cell, CellType, Column, Row, RowSink};
use crate::query::{DateBound, Export, Warning};
use crate::render::{Closing, Format, NewFile, Renderer, Rendering, renderer};
use crate::schema::FieldType;
use crate::value::Value;

/// Writes the rows of an export and returns how many there were, with what there is to know about them.
pub(super) fn export(
    export: &Export,
    prepared: &Prepared,
    bounds: Vec<DateBound>,
    mut warnings: Vec<Warning>,
) -> Result<Answer> {
    let path = Path::new(&export.path);
    let failed = |source: io::Error| Error::Export { path: path.to_owned(), source };
    let format: Format = export
        .format
        .name()
        .parse()
        .map_err(|error| failed(io::Error::new(io::ErrorKind::Unsupported, error)))?;
    let mut file = NewFile::create(path).map_err(failed)?;
    let rendering = Rendering { zone: prepared.zone(), ..Rendering::default() };
    let mut rows = Rows { renderer: renderer(format, rendering), out: &mut file, count: 0, error: None };
    let summary = prepared.run_request_into(&export.request, &mut rows)?;
    let Rows { mut renderer, out, count, error } = rows;
    warnings.extend(summary.warnings);
    let closing = Closing {
        total: summary.total,
        cursor: summary.cursor.as_deref(),
        undecided: summary.undecided,
        bounds: &bounds,
        warnings: &warnings,
    };
    error.map_or(Ok(()), Err).and_then(|()| renderer.finish(&closing, out)).map_err(failed)?;
    file.keep().map_err(failed)?;
    let (undecided, stats) = (summary.undecided, summary.stats);
    Ok(Answer { undecided, bounds, warnings, stats, ..written(&export.path, count) })
}

/// Writes rows as they are found, and remembers why it stopped.
struct Rows<'a> {
    renderer: Box<dyn Renderer>,
    out: &'a mut dyn Write,
    count: u64,
    error: Option<io::Error>,
}

impl RowSink for Rows<'_> {
    fn start(&mut self, kind: AnswerKind, columns: &[Column]) {
        self.error = self.renderer.start(kind, columns, self.out).err();
    }

    fn row(&mut self, row: Row) -> ControlFlow<()> {
        if self.error.is_none() {
            self.error = self.renderer.row(&row, self.out).err();
            self.count += 1;
        }
        if self.error.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

fn written(path: &str, rows: u64) -> Answer {
    let column = |name: &str, field_type| Column {
        name: name.to_owned(),
        cell_type: CellType::Field(field_type),
        many: false,
    };
    let rows = i64::try_from(rows).unwrap_or(i64::MAX);
    Answer {
        kind: AnswerKind::Export,
        columns: vec![column("file", FieldType::Keyword), column("rows", FieldType::Number)],
        rows: vec![Row { id: None, cells: vec![Cell::One(Value::from(path)), Cell::One(Value::from(rows))] }],
        ..Answer::default()
    }
}
