//! The query language: text to a typed request.

pub mod ast;
mod bindings;
pub mod builder;
mod change;
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

pub use crate::date::Unit;
pub use ast::Parameter;
pub use ast::{Query, Script, Statement};
pub use bindings::{Binding, Bindings};
pub use builder::{
    add, ago, all, all_of, any, any_of, average, bucket, by, count, date, day, define, define_alias,
    delete_all, delete_where, describe, describe_field, drop_alias, drop_saved, exact, explain,
    explain_analyze, export, field, find, fuzzy, fuzzy_within, insert, last, last_several, like, list, max,
    median, mentions, mentions_place_within, min, month, none_of, now, number_of, pairs, param, phrase,
    prefix, quarter, quotes, quotes_anyone, regex, remove, run, saved, series, set, show, stem, sum, text,
    this, timeline, today, top, top_values, week, weekday, year, yesterday,
};
pub use change::*;
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
