//! Execution: a typed request to an answer.

mod answer;

pub use crate::query::Warning;
pub use answer::*;
