//! Execution: a typed request to an answer.

mod answer;
mod check;
mod context;
mod docset;
mod error;
mod fit;
mod guard;
mod lexicon;
mod open;
mod plan;
mod planner;
mod proximity;
mod run;
mod sink;
mod view;
mod words;

pub use answer::*;
pub use error::{BUCKETS_MAX, EXPANSION_MAX, ExecError};
pub use guard::{CancelToken, MEMORY_BYTES_DEFAULT, RunOptions};
pub use run::{Summary, answer, run};
pub use sink::RowSink;
pub use view::{LiveSegment, View};

// An answer carries the warnings of both layers under one name.
pub use crate::query::Warning;

pub(crate) use context::{Context, OpenSegment};
pub(crate) use guard::Guard;
