//! One statement, and the file of its rows.

use std::path::Path;

use dateline::date::Offset;
use dateline::exec::{self, RunOptions, Summary, View};
use dateline::query::{Request, Resolved};
use parquet::basic::Compression;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use crate::error::ExportError;
use crate::file::PartialFile;
use crate::rows::{GROUP_ROWS_MAX, Rows};

/// How an answer is written.
#[derive(Debug, Default)]
pub struct Export {
    /// The zone that days and timestamps are read in.
    pub zone: Offset,
    /// Bounds of time and memory of the query.
    pub options: RunOptions,
    /// The query as written, for the metadata of the file; nothing where it is not to be told.
    pub query: String,
}

/// What is in a file.
#[derive(Debug)]
pub struct Written {
    /// Its rows.
    pub rows: u64,
    /// Whole numbers past 2^53 in a column that also has decimals: a double only comes near to them.
    pub rounded: u64,
    /// What is to be known beside the rows.
    pub summary: Summary,
}

impl Export {
    /// Writes the rows of a statement to `path`, over an earlier file, which stays until the new one is whole.
    ///
    /// Where a column of numbers turns out to hold decimals after it was begun with whole numbers, the query is run a
    /// second time on the same view. So the memory does not grow with the result.
    ///
    /// # Errors
    ///
    /// [`ExportError::Exec`] where the query cannot be answered, the other two where the file cannot be written.
    pub fn write(&self, resolved: &Resolved, view: &View, path: &Path) -> Result<Written, ExportError> {
        let mut kinds = Vec::new();
        // Kinds only widen, so that some run fits; a view answers the same twice, so that it is the second.
        loop {
            let file = PartialFile::create(path).map_err(|error| cannot_write(path, error))?;
            let mut rows = Rows::new(file, kinds, self.zone, self.properties());
            let ran = exec::run(rows_of(&resolved.request), view, &self.options, &mut rows);
            if let (Ok(_), Some(wider)) = (&ran, rows.wider_kinds()) {
                kinds = wider.to_vec();
                continue;
            }
            let mut summary = ran?;
            summary.warnings.splice(0..0, resolved.warnings.iter().cloned());
            let encoded = rows.finish();
            let (file, rows, rounded) =
                encoded.map_err(|source| ExportError::Encoding { path: path.to_owned(), source })?;
            if let Some(file) = file {
                file.keep().map_err(|error| cannot_write(path, error))?;
            }
            return Ok(Written { rows, rounded, summary });
        }
    }

    fn properties(&self) -> WriterProperties {
        let about = |key: &str, value: String| KeyValue::new(format!("dateline.{key}"), value);
        let mut metadata = vec![
            about("version", env!("CARGO_PKG_VERSION").to_owned()),
            about("timezone", self.zone.to_string()),
        ];
        if !self.query.is_empty() {
            metadata.push(about("query", self.query.clone()));
        }
        WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("dateline-parquet {}", env!("CARGO_PKG_VERSION")))
            .set_key_value_metadata(Some(metadata))
            .set_max_row_group_row_count(Some(GROUP_ROWS_MAX))
            .build()
    }
}

/// Returns the request whose rows are written: that inside of an `export`, or itself.
fn rows_of(request: &Request) -> &Request {
    match request {
        Request::Export(export) => &export.request,
        request => request,
    }
}

fn cannot_write(path: &Path, source: std::io::Error) -> ExportError {
    ExportError::File { path: path.to_owned(), source }
}
