//! The query language: text to a typed request.

pub mod ast;
mod bindings;
mod period;
mod predicate;
mod request;

pub use ast::{Query, Script, Statement};
pub use bindings::{Binding, Bindings, ParameterName};
pub use period::{Clock, Period};
pub use predicate::*;
pub use request::*;
