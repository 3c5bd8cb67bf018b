//! Execution: a typed request to an answer.

mod answer;

pub use answer::*;
