//! Errors of queries: what is wrong, where, and what to write instead.

mod code;
mod render;
mod semantic;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use code::Code;

use crate::text::Span;

/// Says what is wrong with a query, where, and what to write instead; always the fault of the query.
///
/// # Examples
///
/// ```
/// use dateline::query::{Code, Statement};
///
/// let text = "fnd where mentions \"Idlib\"";
/// let error = Statement::parse(text).unwrap_err();
/// assert_eq!(error.code, Code::UnknownStatement);
/// assert_eq!(
///     error.render(text),
///     "error[E001]: unknown statement `fnd`\n  \
///        | fnd where mentions \"Idlib\"\n  \
///        | ^^^ not a statement\n  \
///        = help: did you mean `find`?\n"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[error("{message} ({code} at byte {}){}", span.start, self.first_help())]
pub struct QueryError {
    /// What kind of error it is.
    pub code: Code,
    /// One line that says what is wrong.
    pub message: String,
    /// Where, in bytes of the text; empty where something is missing there.
    pub span: Span,
    /// A few words that stand beside the carets.
    pub label: String,
    /// What to write instead, a line each.
    pub help: Vec<String>,
    /// What could have stood there; only for errors of form.
    pub expected: Vec<String>,
    /// Changes to the text that would mend it, likeliest first.
    pub suggestions: Vec<Suggestion>,
}

/// A change to the text of a query that would mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What to put there.
    pub text: String,
}

impl QueryError {
    /// Returns an error with nothing but its message and place.
    pub fn new(code: Code, message: impl Into<String>, span: Span) -> QueryError {
        QueryError {
            code,
            message: message.into(),
            span,
            label: String::new(),
            help: Vec::new(),
            expected: Vec::new(),
            suggestions: Vec::new(),
        }
    }

    /// Sets the words beside the carets.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> QueryError {
        self.label = label.into();
        self
    }

    /// Adds a line that says what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> QueryError {
        self.help.push(help.into());
        self
    }

    /// Adds a change that would mend the text.
    #[must_use]
    pub fn suggest(mut self, span: Span, text: impl Into<String>) -> QueryError {
        self.suggestions.push(Suggestion { span, text: text.into() });
        self
    }

    /// Sets what could have stood there.
    #[must_use]
    pub fn expected(mut self, expected: impl IntoIterator<Item = String>) -> QueryError {
        self.expected = expected.into_iter().collect();
        self
    }

    /// Moves every place `by` bytes to the right: from a statement's own text to the script's.
    #[must_use]
    pub fn shifted(mut self, by: usize) -> QueryError {
        self.span = self.span.shifted(by);
        for suggestion in &mut self.suggestions {
            suggestion.span = suggestion.span.shifted(by);
        }
        self
    }

    fn first_help(&self) -> String {
        self.help.first().map(|help| format!("; {help}")).unwrap_or_default()
    }
}

/// Longest word, in bytes, that another one is looked for: comparing takes time in the product of the lengths.
const WORD_BYTES_MAX: usize = 64;

/// Returns the candidate nearest to `word`, if it is near enough to be meant.
///
/// Words and candidates of more than 64 bytes have none near. Nearness is the number of edits, swaps of neighbours counting one; a third of the word may be wrong, at least one
/// letter. Letter case is ignored; of equally near candidates the first wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > WORD_BYTES_MAX {
        return None;
    }
    let word = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len() <= WORD_BYTES_MAX)
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_words_are_few_edits_away() {
        assert_eq!(nearest("fnd", ["count", "find"]), Some("find"));
        assert_eq!(nearest("TITEL", ["title", "text"]), Some("title"));
        assert_eq!(nearest("syrai", ["syria"]), Some("syria"));
        assert_eq!(nearest("fortnight", ["month", "minute"]), None);
        assert_eq!(nearest("x", ["y"]), Some("y"));
        let (long, longer) = ("x".repeat(64), "x".repeat(65));
        assert_eq!(nearest(&long[1..], [long.as_str(), longer.as_str()]), Some(long.as_str()));
        assert_eq!(nearest(&longer, [long.as_str()]), None);
    }

    #[test]
    fn display_says_what_where_and_what_to_do() {
        let error = QueryError::new(Code::UnknownField, "unknown field `titel`", Span::new(11, 16));
        assert_eq!(error.to_string(), "unknown field `titel` (E101 at byte 11)");
        let error = error.help("did you mean `title`?");
        assert_eq!(error.to_string(), "unknown field `titel` (E101 at byte 11); did you mean `title`?");
    }
}
