//! Why a file was not written.

use std::io;
use std::path::PathBuf;

use dateline::exec::ExecError;
use parquet::errors::ParquetError;
use thiserror::Error;

/// Everything that can keep a file from appearing.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The query cannot be answered, was cancelled or took too long.
    #[error(transparent)]
    Exec(#[from] ExecError),
    /// The file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    File {
        /// The file as named.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The rows cannot be encoded, or their bytes not be written.
    #[error("cannot write {}: {source}", path.display())]
    Encoding {
        /// The file as named.
        path: PathBuf,
        /// What the encoder says.
        source: ParquetError,
    },
}
