//! The furthest token that did not fit, and what would have, to a message that helps.
//!
//! Each slip that people make is one rule, which looks at the tokens around the place; the first rule that knows the
//! slip words the message. What no rule knows is reported as what stands there and what was expected.

mod condition;
mod lexical;
mod sql;
mod statement;
mod term;

use nom::Parser;

use super::Expected;
use super::expected::expected_list;
use super::input::{Parsed, Scene};
use crate::query::error::{Code, QueryError, nearest};
use crate::query::lex::{Keyword, Sign, Token, TokenKind};
use crate::text::Span;

/// Most characters of the source that a message repeats in backticks.
const SHOWN_CHARS_MAX: usize = 40;

/// A place where a statement stopped being one.
struct Slip<'a> {
    scene: &'a Scene<'a>,
    /// Index of the token that did not fit; the number of tokens at the end.
    at: usize,
    expected: Vec<Expected>,
}

/// Words the message for the slip it knows.
type Rule = fn(&Slip<'_>) -> Option<QueryError>;

const RULES: &[Rule] = &[
    lexical::wrong_token,
    sql::statement,
    statement::unknown_statement,
    term::unquoted,
    term::thousands,
    condition::double_connective,
    condition::empty_list,
    condition::misplaced_not,
    condition::null,
    statement::delete_without_condition,
    condition::unclosed_parenthesis,
    statement::unfinished,
    condition::list_without_parentheses,
    condition::pattern_without_slashes,
    condition::distance_without_within,
    statement::where_too_late,
    statement::without_where,
    statement::number_word,
    statement::unknown_unit,
    sql::clause,
    condition::reserved_name,
    condition::closing_parenthesis,
    condition::no_connective,
    statement::missing_by,
    statement::second_statement,
    misspelt,
];

/// Returns the error of a statement that did not parse.
pub(super) fn diagnose(scene: &Scene<'_>) -> QueryError {
    let (at, expected) = scene.furthest();
    let slip = Slip { scene, at, expected };
    let error = RULES.iter().find_map(|rule| rule(&slip)).unwrap_or_else(|| slip.unexpected());
    let names = slip.expected.iter().map(|expected| expected.to_string().trim_matches('`').to_owned());
    error.expected(names)
}

impl<'a> Slip<'a> {
    /// Returns the token that did not fit; `None` at the end.
    fn token(&self) -> Option<Token> {
        self.scene.tokens.get(self.at).copied()
    }

    /// Returns the token `back` places before it.
    fn before(&self, back: usize) -> Option<Token> {
        self.scene.tokens.get(self.at.checked_sub(back)?).copied()
    }

    /// Returns the token `ahead` places behind it.
    fn after(&self, ahead: usize) -> Option<Token> {
        self.scene.tokens.get(self.at + ahead).copied()
    }

    fn text(&self, token: Token) -> &'a str {
        token.span.of(self.scene.source)
    }

    /// Returns the source from one token to another, both included.
    fn source(&self, from: Token, to: Token) -> &'a str {
        Span { start: from.span.start, end: to.span.end }.of(self.scene.source)
    }

    fn expects(&self, expected: Expected) -> bool {
        self.expected.contains(&expected)
    }

    fn expects_word(&self, word: &'static str) -> bool {
        self.expects(Expected::Word(word))
    }

    /// Returns what was expected as the words beside the carets.
    fn label(&self) -> String {
        expected_list(&self.expected)
    }

    /// Returns the place of the token, or the empty place behind the last one.
    fn place(&self) -> Span {
        self.token().map_or_else(|| self.end(), |token| token.span)
    }

    fn end(&self) -> Span {
        let end = self.scene.tokens.last().map_or(0, |token| token.span.end);
        Span { start: end, end }
    }

    /// Returns the index of the first token of the condition that the token `at` belongs to.
    fn condition_start(&self, at: usize) -> usize {
        let opens = |token: &Token| {
            use Keyword::{And, Compare, Not, Or, Where};
            token.is(Sign::Open) || matches!(token.keyword(), Some(And | Compare | Not | Or | Where))
        };
        let before = self.scene.tokens.get(..at).unwrap_or_default();
        before.iter().rposition(opens).map_or(0, |opener| opener + 1)
    }

    /// Returns the source that `production` reads from this token on, if it does, and its place.
    fn reads<T>(&self, production: impl Fn(super::input::Input<'_>) -> Parsed<'_, T>) -> Option<Span> {
        let tokens = self.scene.tokens.get(self.at..)?;
        let scene = Scene::new(self.scene.source, tokens);
        let (after, _) = (|input| production(input)).parse(scene.start()).ok()?;
        Some(scene.start().span_to(after))
    }

    /// Says what stands there and what was expected.
    fn unexpected(&self) -> QueryError {
        let token = self.token().map_or("", |token| self.text(token));
        let message = format!("`{}` does not fit here", shown(token));
        QueryError::new(Code::Unexpected, message, self.place()).label(self.label())
    }
}

/// Returns text short enough for a message.
fn shown(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= SHOWN_CHARS_MAX && line.len() == text.len() {
        return line.to_owned();
    }
    line.chars().take(SHOWN_CHARS_MAX).chain(['…']).collect()
}

/// A word that is nearly one of those expected.
fn misspelt(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|token| matches!(token.kind, TokenKind::Word(_)))?;
    let words = slip.expected.iter().filter_map(|expected| match expected {
        Expected::Word(word) => Some(*word),
        _ => None,
    });
    let firsts = words.map(|word| word.split(' ').next().unwrap_or(word));
    let near = nearest(slip.text(token), firsts)?;
    let message = format!("unknown word `{}`", slip.text(token));
    Some(
        QueryError::new(Code::Unexpected, message, token.span)
            .label(slip.label())
            .help(format!("did you mean `{near}`?"))
            .suggest(token.span, near),
    )
}
