//! Where rows go while they are found.

use std::ops::ControlFlow;

use super::{AnswerKind, Column, Row};

/// Receives the rows of an answer one by one.
///
/// `start` is called once, before the first row, also when there are no rows.
pub trait RowSink {
    /// Announces which statement is answered under which columns.
    fn start(&mut self, kind: AnswerKind, columns: &[Column]);

    /// Takes one row; `Break` ends the run without an error, as a closed pipe does.
    fn row(&mut self, row: Row) -> ControlFlow<()>;
}

/// A sink that keeps everything.
#[derive(Debug, Default)]
pub(crate) struct Collect {
    pub kind: AnswerKind,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
}

impl RowSink for Collect {
    fn start(&mut self, kind: AnswerKind, columns: &[Column]) {
        self.kind = kind;
        self.columns = columns.to_vec();
    }

    fn row(&mut self, row: Row) -> ControlFlow<()> {
        self.rows.push(row);
        ControlFlow::Continue(())
    }
}
