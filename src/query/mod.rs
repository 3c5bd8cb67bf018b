//! The query language: text to a typed request.

pub mod ast;
mod bindings;
mod error;
pub mod lex;
mod parse;
mod period;
mod predicate;
mod request;
mod warning;

pub use ast::Parameter;
pub use ast::{Query, Script, Statement};
pub use bindings::{Binding, Bindings};
pub use error::{Code, QueryError, Suggestion, nearest};
pub use parse::{Completeness, Expected, completeness, expected_at, parse, quote_str};
pub use period::{Clock, Period};
pub use predicate::*;
pub use request::*;
pub use warning::Warning;
