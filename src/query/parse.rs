//! The doors of the parser.

use super::QueryError;
use super::ast::{Query, Script, Statement};
use super::error::Code;
use crate::text::Span;

/// Parses a script: statements separated by `;`.
///
/// # Errors
///
/// One [`QueryError`] for each statement that is none; places are bytes of the whole script.
pub fn parse(text: &str) -> Result<Script, Vec<QueryError>> {
    Err(vec![QueryError::new(Code::Unexpected, "not parsed", Span::new(0, text.len()))])
}

impl Statement {
    /// Parses exactly one statement, of any kind.
    ///
    /// # Errors
    ///
    /// A [`QueryError`] where the text is no statement, or more than one.
    pub fn parse(text: &str) -> Result<Statement, QueryError> {
        Err(QueryError::new(Code::Unexpected, "not parsed", Span::new(0, text.len())))
    }
}

impl Query {
    /// Parses exactly one query: `find`, `count`, a measure, `top` or `timeline`, and nothing that writes.
    ///
    /// # Errors
    ///
    /// A [`QueryError`] where the text is no query, or more than one statement.
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        Err(QueryError::new(Code::Unexpected, "not parsed", Span::new(0, text.len())))
    }
}

/// Whether the text typed so far is a whole statement, for an editor of several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Completeness {
    /// It can be run, or its error reported.
    Complete,
    /// It stops where more must follow; the prompt waits for the next line.
    Incomplete,
}

/// Tells whether the text typed so far can be run, by the rule of the language's section 3.
pub fn completeness(_text: &str) -> Completeness {
    Completeness::Complete
}

/// What may stand at a place of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// A keyword, or several that belong together (`order by`).
    Word(&'static str),
    /// A sign.
    Sign(&'static str),
    /// The name of a field.
    Field,
    /// The name of a saved filter or query, after its `@`.
    SavedName,
    /// Any other new name.
    Name,
    /// Text in quotes.
    Text,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A date.
    Date,
    /// A year of four digits.
    Year,
    /// A pattern between slashes.
    Pattern,
    /// A parameter.
    Parameter,
    /// A JSON object.
    Json,
    /// The end of the statement.
    End,
}

/// Returns what may stand at `cursor`, a place in bytes; a word that touches the cursor from the left is left out of
/// the text first, so that completion can replace it.
pub fn expected_at(_text: &str, _cursor: usize) -> Vec<Expected> {
    Vec::new()
}

/// Returns a string literal that the language reads back as `text`.
///
/// # Examples
///
/// ```
/// assert_eq!(dateline::query::quote_str(r#"say "yes""#), r#""say \"yes\"""#);
/// ```
pub fn quote_str(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
