//! Execution: a typed request to an answer.

mod aggregate;
mod answer;
mod catalogue;
mod check;
mod context;
mod docset;
mod error;
mod explain;
mod find;
mod fit;
mod guard;
mod help;
mod leaf;
mod lexicon;
mod open;
mod order;
mod plan;
mod planner;
mod proximity;
mod run;
mod score;
mod show;
mod sink;
mod snippet;
#[cfg(test)]
mod tests;
mod view;
mod words;

pub use answer::*;
pub use error::{BUCKETS_MAX, EXPANSION_MAX, ExecError};
pub use explain::{Explanation, Operator, SegmentPlan, explain};
pub use guard::{CancelToken, MEMORY_BYTES_DEFAULT, RunOptions};
pub use run::{Summary, answer, run};
pub use sink::RowSink;
pub use view::{LiveSegment, View};

// An answer carries the warnings of both layers under one name.
pub use crate::query::Warning;

pub(crate) use context::{Context, OpenSegment, Place};
pub(crate) use guard::Guard;
