//! A segment: an immutable, time-ordered, self-contained image of sealed articles.

mod error;
mod provisional;

pub use error::{Place, SegmentError};
pub use provisional::*;

/// Stands behind the last ordinal of every list; no segment has an article of this ordinal.
pub const TERMINATED: u32 = u32::MAX;
