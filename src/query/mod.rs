//! The query language: text to a typed request.

pub mod ast;
mod bindings;
mod period;
mod predicate;
mod request;
mod warning;

pub use ast::Parameter;
pub use ast::{Query, Script, Statement};
pub use bindings::{Binding, Bindings};
pub use period::{Clock, Period};
pub use predicate::*;
pub use request::*;
pub use warning::Warning;
