//! The query language: text to a typed request.

pub mod ast;
mod bindings;
mod error;
pub mod lex;
mod parse;
mod period;
mod predicate;
mod predicate_text;
mod print;
mod request;
mod resolve;
mod warning;

pub use ast::Parameter;
pub use ast::{Query, Script, Statement};
pub use bindings::{Binding, Bindings};
pub use error::{Code, QueryError, Suggestion, nearest};
pub use parse::{
    Completeness, Expected, LIST_ITEMS_MAX, NESTING_MAX, QUERY_BYTES_MAX, completeness, expected_at, parse,
};
pub use period::{Clock, Period};
pub use predicate::*;
pub use predicate_text::date_of_span;
pub use print::{escape_like, quote_str};
pub use request::*;
pub use resolve::{
    DISTANCE_DEFAULT, EDITS_MAX, PATTERN_BYTES_MAX, Resolved, SAVED_DEPTH_MAX, SNIPPET_WORDS_DEFAULT,
    SNIPPET_WORDS_MAX, Session, TOP_DEFAULT, resolve,
};
pub use warning::Warning;
