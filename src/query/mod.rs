//! The query language: text to a typed request.

mod bindings;
mod period;
mod predicate;
mod request;

pub use bindings::{Binding, Bindings, ParameterName};
pub use period::{Clock, Period};
pub use predicate::*;
pub use request::*;
