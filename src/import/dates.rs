//! Publication dates as feeds and files write them.

use crate::date::{Date, DateError};

/// Reads a publication date in any form that feeds and files use.
pub(super) fn read(text: &str) -> Result<Date, DateError> {
    text.trim().parse()
}
