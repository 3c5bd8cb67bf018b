//! Execution: a typed request to an answer.

mod answer;
mod axis;
mod docset;
mod error;
mod guard;
mod proximity;
mod run;
mod sink;
mod view;

pub use answer::*;
pub use error::{BUCKETS_MAX, EXPANSION_MAX, ExecError};
pub use guard::{CancelToken, MEMORY_BYTES_DEFAULT, RunOptions};
pub use run::{Summary, answer, run};
pub use sink::RowSink;
pub use view::{LiveSegment, View};

// An answer carries the warnings of both layers under one name.
pub use crate::query::Warning;
