//! Whether a tree that was built, or came from elsewhere, has a text.

use crate::query::ast::*;
use crate::query::{Code, QueryError};
use crate::text::Span;

impl Statement {
    /// Returns the statement as its own text reads, with the places of that text.
    ///
    /// Trees are public, so one may hold what no text says: an empty list, a name with a line break. Whatever runs a
    /// tree checks it first; what is run is then what the text says, and messages point into it.
    ///
    /// # Errors
    ///
    /// A [`QueryError`] with places in `self.to_string()`, where that text is no statement or another one.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::query::{self as q, Code, Statement};
    ///
    /// let statement = Statement::from(q::find().filter(q::field("source").is_in(["AFP"; 0])));
    /// assert_eq!(statement.check().unwrap_err().code, Code::EmptyList);
    /// ```
    pub fn check(&self) -> Result<At<Statement>, QueryError> {
        let text = self.to_string();
        let read = Statement::parse(&text)?;
        let span = Span::new(0, text.len());
        if read == *self { Ok(At::new(read, span)) } else { Err(no_text(span)) }
    }
}

fn no_text(span: Span) -> QueryError {
    QueryError::new(Code::Unexpected, "the statement was built of parts that have no text", span)
        .label("reads back as another statement")
        .help("look for a name with a line break, or a parameter's name with other signs than letters and digits")
}

impl QueryError {
    /// Moves every place `by` bytes to the left: from a text with words before it to the text alone.
    pub(super) fn unshifted(mut self, by: usize) -> QueryError {
        let back = |span: Span| {
            let (start, end) = (span.start as usize, span.end as usize);
            Span::new(start.saturating_sub(by), end.saturating_sub(by))
        };
        self.span = back(self.span);
        for suggestion in &mut self.suggestions {
            suggestion.span = back(suggestion.span);
        }
        self
    }

    /// Says that `text` is no JSON object.
    pub(super) fn no_object(text: &str) -> QueryError {
        QueryError::new(Code::Json, "this is not a JSON object", Span::new(0, text.len()))
            .label("expected a JSON object")
    }
}
