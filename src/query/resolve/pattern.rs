//! Regular expressions: checked before anything runs, with the mistake shown inside the pattern.

use regex_automata::nfa::thompson;
use regex_syntax::ast::{self as re, ErrorKind};

use super::{Resolver, messages};
use crate::query::ast::{At, Pattern};
use crate::query::{Binding, QueryError, RegexPattern};
use crate::text::Span;

/// Largest compiled pattern, in bytes of the machine that reads forwards; a Unicode `\w` takes 18 KiB.
pub const PATTERN_BYTES_MAX: usize = 64 << 10;

/// Deepest nesting of groups inside a pattern.
const PATTERN_DEPTH_MAX: u32 = 64;

impl Resolver<'_> {
    /// Returns a pattern that compiles within the limits.
    pub(super) fn regex(&mut self, pattern: &At<Pattern>) -> Option<RegexPattern> {
        let regex = match &pattern.node {
            Pattern::Regex(regex) => regex,
            Pattern::Parameter(parameter) => match self.bound(parameter, pattern.span)? {
                Binding::Regex(regex) => regex,
                other => {
                    return self.fault(messages::wrong_binding(parameter, other, "a pattern", pattern.span));
                }
            },
        };
        let is_written_out = matches!(pattern.node, Pattern::Regex(_));
        let inside = is_written_out.then_some(pattern.span.start);
        match mistake_in(regex, inside, pattern.span) {
            None => Some(regex.clone()),
            Some(error) => self.fault(error),
        }
    }
}

/// Checks syntax and size; `literal` is where the pattern's opening slash stands in the query.
fn mistake_in(regex: &RegexPattern, literal: Option<u32>, whole: Span) -> Option<QueryError> {
    let place = |span: Span| literal.map_or(whole, |start| shift_into_literal(span, start, &regex.pattern));
    let parsed = regex_syntax::ParserBuilder::new()
        .nest_limit(PATTERN_DEPTH_MAX)
        .case_insensitive(regex.ignore_case)
        .multi_line(regex.multi_line)
        .dot_matches_new_line(regex.dot_matches_newline)
        .build()
        .parse(&regex.pattern);
    let hir = match parsed {
        Ok(hir) => hir,
        Err(regex_syntax::Error::Parse(error)) => {
            let (span, advice) = explain(&error, regex.pattern.len());
            return Some(advice.error(place(span)));
        }
        Err(regex_syntax::Error::Translate(error)) => {
            let advice = Advice::plain(error.kind().to_string());
            return Some(advice.error(place(span_of(error.span()))));
        }
        Err(error) => return Some(Advice::plain(error.to_string()).error(whole)),
    };
    let limits = thompson::Config::new()
        .nfa_size_limit(Some(PATTERN_BYTES_MAX))
        .which_captures(thompson::WhichCaptures::Implicit);
    match thompson::Compiler::new().configure(limits).build_from_hir(&hir) {
        Ok(_) => None,
        Err(_) => Some(messages::pattern_too_large(PATTERN_BYTES_MAX, whole)),
    }
}

/// What is wrong with a pattern, and what to do.
struct Advice {
    /// The rest of "bad pattern: ...".
    message: String,
    /// Stands at the place.
    label: &'static str,
    /// What to write.
    help: Option<&'static str>,
}

impl Advice {
    fn plain(message: String) -> Advice {
        Advice { message, label: "here", help: None }
    }

    fn error(self, span: Span) -> QueryError {
        let error = QueryError::bad_pattern(&self.message, self.label, span);
        match self.help {
            Some(help) => error.help(help),
            None => error,
        }
    }
}

fn explain(error: &re::Error, pattern_len: usize) -> (Span, Advice) {
    let at = span_of(error.span());
    let to_end = Span::new(at.start as usize, pattern_len);
    let advice = |message: &str, label, help| Advice { message: message.to_owned(), label, help: Some(help) };
    match error.kind() {
        ErrorKind::GroupUnclosed => (
            to_end,
            advice("group is never closed", "group opened here", r"write `\(` to match a parenthesis"),
        ),
        ErrorKind::GroupUnopened => {
            (at, advice("group is never opened", "closes no group", r"write `\)` to match a parenthesis"))
        }
        ErrorKind::ClassUnclosed => {
            (to_end, advice("class is never closed", "class opened here", r"write `\[` to match a bracket"))
        }
        ErrorKind::RepetitionMissing => (
            at,
            advice(
                "nothing to repeat",
                "repeats nothing",
                r"write `\*`, `\+` or `\?` to match the character",
            ),
        ),
        ErrorKind::UnsupportedBackreference => (
            at,
            advice(
                "there are no back-references",
                "back-reference",
                "patterns run in linear time without them",
            ),
        ),
        ErrorKind::UnsupportedLookAround => {
            (at, advice("there is no look-around", "look-around", "patterns run in linear time without it"))
        }
        kind => (at, Advice::plain(kind.to_string())),
    }
}

fn span_of(span: &re::Span) -> Span {
    Span::new(span.start.offset, span.end.offset)
}

/// Moves a span of the pattern to its place in the query: past the opening slash, and past the backslash that each
/// slash inside the literal is written with.
fn shift_into_literal(span: Span, literal_start: u32, pattern: &str) -> Span {
    let place = |offset: u32| {
        let before = pattern.get(..offset as usize).unwrap_or(pattern);
        literal_start as usize + 1 + offset as usize + before.matches('/').count()
    };
    Span::new(place(span.start), place(span.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(pattern: &str) -> bool {
        let regex = RegexPattern {
            pattern: pattern.to_owned(),
            ignore_case: true,
            multi_line: false,
            dot_matches_newline: false,
        };
        mistake_in(&regex, None, Span::default()).is_none()
    }

    #[test]
    fn everyday_patterns_fit_the_limit() {
        for pattern in [
            r"live (blog|updates)",
            r"\w+ said \w+",
            r"\bcease.?fire\b",
            r"^\p{Lu}{2,5}:",
            r"[0-9]{1,3}(,[0-9]{3})*",
        ] {
            assert!(accepts(pattern), "{pattern}");
        }
        assert!(!accepts(r"(\w{20}){20}"));
        assert!(!accepts(&"(".repeat(100)));
    }

    #[test]
    fn places_count_the_slashes_that_the_literal_escapes() {
        assert_eq!(shift_into_literal(Span::new(0, 1), 10, "a/b"), Span::new(11, 12));
        assert_eq!(shift_into_literal(Span::new(2, 3), 10, "a/b"), Span::new(14, 15));
    }
}
