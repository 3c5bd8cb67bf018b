//! What the reader of an answer should know.

use serde::Serialize;

/// Something that the reader should know and that never changes the rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// `W01` to `W08`.
    pub code: &'static str,
    /// One line.
    pub message: String,
}
