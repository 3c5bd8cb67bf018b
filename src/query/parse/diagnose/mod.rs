//! The furthest token that did not fit, and what would have, to a message that helps.
//!
//! Each slip that people make is one rule, which looks at the tokens around the place; the first rule that knows the
//! slip words the message. What no rule knows is reported as what stands there and what was expected.

mod condition;
mod lexical;
mod missing;
mod sql;
mod statement;
mod term;

use nom::Parser;

use super::Expected;
use super::expected::expected_list;
use super::input::{Parsed, Scene};
use crate::query::error::{Code, QueryError};
use crate::query::lex::{Keyword, Sign, Token};
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
    condition::null,
    missing::misspelt_verb,
    missing::misspelt_before_text,
    missing::sigil,
    term::unquoted,
    term::thousands,
    condition::double_connective,
    condition::empty_list,
    condition::misplaced_not,
    condition::not_inside,
    statement::delete_without_condition,
    condition::unclosed_parenthesis,
    statement::unfinished,
    condition::list_without_parentheses,
    condition::pattern_without_slashes,
    condition::distance_without_within,
    statement::second_where,
    statement::where_too_late,
    statement::nothing_after_where,
    statement::without_where,
    missing::relative_date,
    statement::unknown_unit,
    statement::number_word,
    sql::clause,
    missing::field,
    condition::reserved_name,
    condition::closing_parenthesis,
    condition::no_connective,
    missing::by,
    statement::second_statement,
    missing::misspelt,
    missing::comma,
    missing::only_word,
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
        use Keyword::{And, Compare, In, Not, Of, Or, Where};
        let before = self.scene.tokens.get(..at).unwrap_or_default();
        let word = |index: usize| before.get(index).and_then(Token::keyword);
        let opens = |&index: &usize| {
            let is_list = index > 0 && matches!(word(index - 1), Some(In | Of));
            let is_group = before.get(index).is_some_and(|token| token.is(Sign::Open)) && !is_list;
            is_group || matches!(word(index), Some(And | Compare | Or | Where))
        };
        let start = (0..before.len()).rev().find(opens).map_or(0, |opener| opener + 1);
        (start..at).find(|index| word(*index) != Some(Not)).unwrap_or(at)
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
