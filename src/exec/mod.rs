//! Execution: a typed request to an answer.
//!
//! | stage | module | from | to |
//! |---|---|---|---|
//! | open | `context` | [`View`] | the segments of one snapshot, with one run's bounds |
//! | look up | `lexicon` | word tests | words of the dictionaries, capped over the whole snapshot |
//! | plan | `planner`, `plan` | `Predicate` | a `Plan` a segment, led by its smallest list |
//! | open | `open`, `docset`, `check` | `Plan` | a `DocSet`: sorted ordinals, verified where lists cannot tell |
//! | collect | `find`, `aggregate`, `show`, `catalogue` | doc sets | rows, handed to a [`RowSink`] |
//! | advise | `help`, `explain` | plans | warnings, what emptied a result, how it was found |
//!
//! Architecture invariant: no answer depends on how articles lie in segments. Whatever counts words, names or values
//! counts them over the snapshot; groups, scores and cursors never hold an ordinal. The tests ask every question of
//! several layouts.

mod aggregate;
mod answer;
mod catalogue;
mod check;
mod context;
mod disjunction;
mod docset;
mod error;
mod explain;
mod find;
mod fit;
mod fold;
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
pub use run::{Summary, answer, count, run};
pub use sink::RowSink;
pub use view::{LiveSegment, View};

// An answer carries the warnings of both layers under one name.
pub use crate::query::Warning;

pub(crate) use context::{Context, OpenSegment, Place};
pub(crate) use guard::Guard;
