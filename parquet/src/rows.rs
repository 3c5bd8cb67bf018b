//! Rows on their way into a file.

use std::collections::BTreeSet;
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Field, Schema, SchemaRef};
use dateline::date::Offset;
use dateline::exec::{AnswerKind, Column, Row, RowSink};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::column::Cells;
use crate::kind::Kind;

/// Rows of one row group.
pub const GROUP_ROWS_MAX: usize = 131_072;

/// Encoded bytes that wait for the end of their row group; past it the group ends.
pub const GROUP_BYTES_MAX: usize = 64 << 20;

/// Rows that are encoded at once.
const BATCH_ROWS_MAX: usize = 1_024;

/// Bytes of text that are encoded at once.
const BATCH_BYTES_MAX: usize = 8 << 20;

/// Writes rows, or finds out why they do not fit the kinds that their columns were given.
pub(crate) struct Rows<W: Write + Send> {
    zone: Offset,
    properties: WriterProperties,
    /// The kinds of the columns as far as rows have shown; none before the first run.
    kinds: Vec<Kind>,
    is_widened: bool,
    state: State<W>,
    rows: u64,
    error: Option<ParquetError>,
}

enum State<W: Write + Send> {
    /// Nothing was announced yet.
    Waiting(W),
    Writing(Box<Batches<W>>),
    /// The kinds were too narrow, or writing failed: what else comes is only looked at.
    Looking,
}

impl<W: Write + Send> Rows<W> {
    pub(crate) fn new(out: W, kinds: Vec<Kind>, zone: Offset, properties: WriterProperties) -> Rows<W> {
        let state = State::Waiting(out);
        Rows { zone, properties, kinds, is_widened: false, state, rows: 0, error: None }
    }

    /// Returns the kinds that every row fits, where those given were too narrow.
    pub(crate) fn wider_kinds(&self) -> Option<&[Kind]> {
        self.is_widened.then_some(self.kinds.as_slice())
    }

    /// Writes what stands after the rows; returns the writer, and how many rows and rounded numbers there were.
    pub(crate) fn finish(self) -> Result<(Option<W>, u64, u64), ParquetError> {
        match (self.error, self.state) {
            (Some(error), _) => Err(error),
            (None, State::Writing(batches)) => {
                let (out, rounded) = batches.finish()?;
                Ok((Some(out), self.rows, rounded))
            }
            (None, State::Waiting(out)) => Ok((Some(out), 0, 0)),
            (None, State::Looking) => Ok((None, self.rows, 0)),
        }
    }

    /// Widens the kinds by a row; from then on rows are only looked at, since the file has to be begun again.
    fn look_at(&mut self, row: &Row) {
        for (kind, cell) in self.kinds.iter_mut().zip(&row.cells) {
            let wider = kind.widened(cell);
            if wider != *kind {
                *kind = wider;
                self.is_widened = true;
                self.state = State::Looking;
            }
        }
    }
}

impl<W: Write + Send> RowSink for Rows<W> {
    fn start(&mut self, kind: AnswerKind, columns: &[Column]) {
        if self.kinds.len() != columns.len() {
            self.kinds = columns.iter().map(|column| Kind::of(column, kind)).collect();
        }
        if let State::Waiting(out) = std::mem::replace(&mut self.state, State::Looking) {
            match Batches::new(out, columns, &self.kinds, self.zone, self.properties.clone()) {
                Ok(batches) => self.state = State::Writing(Box::new(batches)),
                Err(error) => self.error = Some(error),
            }
        }
    }

    fn row(&mut self, row: Row) -> ControlFlow<()> {
        self.rows += 1;
        self.look_at(&row);
        if let State::Writing(batches) = &mut self.state {
            self.error = batches.push(&row).err();
        }
        if self.error.is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Collects rows into batches, and batches into row groups.
struct Batches<W: Write + Send> {
    schema: SchemaRef,
    cells: Vec<Cells>,
    waiting: usize,
    writer: ArrowWriter<W>,
}

impl<W: Write + Send> Batches<W> {
    fn new(
        out: W,
        columns: &[Column],
        kinds: &[Kind],
        zone: Offset,
        properties: WriterProperties,
    ) -> Result<Batches<W>, ParquetError> {
        let cells: Vec<Cells> =
            columns.iter().zip(kinds).map(|(column, kind)| Cells::new(*kind, column.many, zone)).collect();
        let schema = schema(columns, &cells);
        let writer = ArrowWriter::try_new(out, schema.clone(), Some(properties))?;
        Ok(Batches { schema, cells, waiting: 0, writer })
    }

    fn push(&mut self, row: &Row) -> Result<(), ParquetError> {
        self.cells.iter_mut().zip(&row.cells).for_each(|(cells, cell)| cells.push(cell));
        self.waiting += 1;
        let bytes: usize = self.cells.iter().map(Cells::bytes).sum();
        if self.waiting < BATCH_ROWS_MAX && bytes < BATCH_BYTES_MAX {
            return Ok(());
        }
        self.write_batch()
    }

    fn write_batch(&mut self) -> Result<(), ParquetError> {
        if self.waiting == 0 {
            return Ok(());
        }
        self.waiting = 0;
        let arrays: Vec<ArrayRef> = self.cells.iter_mut().flat_map(Cells::finish).collect();
        self.writer.write(&RecordBatch::try_new(self.schema.clone(), arrays)?)?;
        if self.writer.memory_size() > GROUP_BYTES_MAX { self.writer.flush() } else { Ok(()) }
    }

    fn finish(mut self) -> Result<(W, u64), ParquetError> {
        self.write_batch()?;
        let rounded = self.cells.iter().map(Cells::rounded).sum();
        Ok((self.writer.into_inner()?, rounded))
    }
}

/// Names the columns of the file, each by a name of its own.
fn schema(columns: &[Column], cells: &[Cells]) -> SchemaRef {
    let mut taken: BTreeSet<String> = columns.iter().map(|column| column.name.clone()).collect();
    let mut given = BTreeSet::new();
    let mut fields = Vec::new();
    for (column, cells) in columns.iter().zip(cells) {
        for (mut name, data_type) in cells.fields(&column.name) {
            // The first column of its name keeps it, and companions give way to columns of the answer.
            let is_own = name == column.name && given.insert(name.clone());
            while !is_own && taken.contains(&name) {
                name.push('_');
            }
            taken.insert(name.clone());
            fields.push(Field::new(name, data_type, true));
        }
    }
    Arc::new(Schema::new(fields))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)] // A test that cannot go on has failed.
mod tests {
    use bytes::Bytes;
    use dateline::exec::{Cell, CellType};
    use dateline::schema::FieldType;
    use dateline::value::{Number, Value};
    use parquet::file::reader::{FileReader, SerializedFileReader};

    use super::*;

    fn number_column() -> Column {
        Column { name: "n".to_owned(), cell_type: CellType::Field(FieldType::Number), many: false }
    }

    /// Writes numbers, the one at `odd` as a half, and returns the rows once they are written or given up.
    fn written(numbers: usize, odd: Option<usize>, kinds: Vec<Kind>) -> Rows<Vec<u8>> {
        let properties =
            WriterProperties::builder().set_max_row_group_row_count(Some(GROUP_ROWS_MAX)).build();
        let mut rows = Rows::new(Vec::new(), kinds, Offset::UTC, properties);
        rows.start(AnswerKind::Find, &[number_column()]);
        for index in 0..numbers {
            let whole = Number::Whole(i64::try_from(index).unwrap());
            let value = if odd == Some(index) { Number::Decimal(0.5) } else { whole };
            let row = Row { id: None, cells: vec![Cell::One(Value::Number(value))] };
            assert!(rows.row(row).is_continue());
        }
        rows
    }

    #[test]
    fn rows_go_out_in_groups() {
        let rows = written(2 * GROUP_ROWS_MAX + 1, None, Vec::new());
        let (file, count, _) = rows.finish().unwrap();
        let reader = SerializedFileReader::new(Bytes::from(file.unwrap())).unwrap();
        let groups = reader.metadata().row_groups();
        let sizes: Vec<i64> = groups.iter().map(|group| group.num_rows()).collect();
        assert_eq!((count, sizes.as_slice()), (262_145, [131_072, 131_072, 1].as_slice()));
    }

    #[test]
    fn a_kind_that_turns_out_too_narrow_is_found_in_one_look() {
        let rows = written(3_000, Some(2_500), Vec::new());
        let wider = rows.wider_kinds().unwrap().to_vec();
        assert_eq!(wider, [Kind::Decimal]);
        let again = written(3_000, Some(2_500), wider);
        assert!(again.wider_kinds().is_none());
        assert!(again.finish().unwrap().0.is_some());
    }
}
