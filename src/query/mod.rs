//! The query language: text to a typed request.

mod predicate;
mod request;

pub use predicate::*;
pub use request::*;
