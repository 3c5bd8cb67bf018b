//! The rows of an import, one after the other.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{ImportError, Options, Rejection};
use crate::article::Draft;

/// One row of the input.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// An article.
    Draft(Box<Draft>),
    /// A row that cannot be used, with the reason.
    Rejected(Box<Rejection>),
}

/// The rows of an import in a fixed order, read as they are asked for.
pub struct Rows {}

impl Rows {
    /// Returns the bytes read so far, as they lie on the disk.
    pub fn read_bytes(&self) -> u64 {
        0
    }

    /// Returns the bytes of all files; `None` where the standard input is among them.
    pub fn total_bytes(&self) -> Option<u64> {
        None
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        None
    }
}

/// Opens files, folders and, as `-`, the standard input.
///
/// # Errors
///
/// [`ImportError::Missing`] and [`ImportError::Read`] for a named path that is not there or cannot be looked at.
pub fn open<P: AsRef<Path>>(paths: &[P], options: &Options) -> Result<Rows, ImportError> {
    let _: Vec<PathBuf> = paths.iter().map(|path| path.as_ref().to_path_buf()).collect();
    let _ = options;
    Ok(Rows {})
}

/// Reads rows from any bytes; `name` stands for the file in rejections, and its ending may tell the format.
pub fn from_reader(reader: impl Read + Send + 'static, name: &str, options: &Options) -> Rows {
    let _ = (reader, name, options);
    Rows {}
}
