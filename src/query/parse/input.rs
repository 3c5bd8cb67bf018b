//! What the productions read: tokens, how far any of them came, and the smallest parsers.

use std::cell::RefCell;

use nom::error::{ErrorKind, ParseError};
use nom::{IResult, Parser};

use super::Expected;
use crate::query::ast::At;
use crate::query::lex::{Keyword, Sign, Token, TokenKind};
use crate::query::{Code, QueryError};
use crate::text::Span;

/// Deepest nesting of parentheses and `not`.
pub const NESTING_MAX: usize = 64;

/// Longest list of values, terms, fields or other items.
pub const LIST_ITEMS_MAX: usize = 10_000;

/// One statement's text and tokens, and the trail of those who tried to read them.
pub(super) struct Scene<'a> {
    /// The text that the spans of the tokens refer to.
    pub source: &'a str,
    /// The tokens of the statement, without comments and semicolons.
    pub tokens: &'a [Token],
    trail: RefCell<Trail>,
    /// How often a production looked at a token; tests hold it against the number of tokens.
    #[cfg(test)]
    pub looks: std::cell::Cell<usize>,
}

/// How far any production came, and what would have taken it on from there.
///
/// An optional part that is absent succeeds and loses its error, so errors alone cannot name everything that could
/// have stood at the furthest place; every parser that looks at a token therefore leaves a note here.
#[derive(Debug, Clone, Default)]
struct Trail {
    /// Index of the furthest token that did not fit.
    at: usize,
    expected: Vec<Expected>,
    /// Whether notes are not wanted.
    quiet: bool,
}

impl<'a> Scene<'a> {
    pub fn new(source: &'a str, tokens: &'a [Token]) -> Scene<'a> {
        Scene {
            source,
            tokens,
            trail: RefCell::default(),
            #[cfg(test)]
            looks: std::cell::Cell::default(),
        }
    }

    /// Returns the start of the statement, to be read by a production.
    pub fn start(&'a self) -> Input<'a> {
        Input { scene: self, at: 0, depth: 0 }
    }

    /// Returns the index of the furthest token that did not fit, and what would have.
    pub fn furthest(&self) -> (usize, Vec<Expected>) {
        let trail = self.trail.borrow();
        (trail.at, trail.expected.clone())
    }

    fn note(&self, at: usize, expected: Expected) {
        let mut trail = self.trail.borrow_mut();
        if trail.quiet || at < trail.at {
            return;
        }
        if at > trail.at {
            trail.at = at;
            trail.expected.clear();
        }
        if !trail.expected.contains(&expected) {
            trail.expected.push(expected);
        }
    }
}

/// The rest of a statement.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    pub scene: &'a Scene<'a>,
    /// Index of the next token.
    at: usize,
    /// How many parentheses and `not`s are open.
    depth: usize,
}

/// Why a production stopped.
#[derive(Debug)]
pub(super) struct Stop {
    /// Index of the token that did not fit.
    at: usize,
    /// What is wrong, where it is more than a token that does not fit.
    pub error: Option<Box<QueryError>>,
}

impl<'a> ParseError<Input<'a>> for Stop {
    fn from_error_kind(input: Input<'a>, _: ErrorKind) -> Stop {
        Stop { at: input.at, error: None }
    }

    fn append(_: Input<'a>, _: ErrorKind, other: Stop) -> Stop {
        other
    }

    /// Keeps the branch that came further.
    fn or(self, other: Stop) -> Stop {
        if other.at > self.at { other } else { self }
    }
}

/// What a production returns.
pub(super) type Parsed<'a, T> = IResult<Input<'a>, T, Stop>;

/// Every parser of tokens, so that signatures stay short.
pub(super) trait Production<'a, T>: Parser<Input<'a>, Output = T, Error = Stop> {}

impl<'a, T, P: Parser<Input<'a>, Output = T, Error = Stop>> Production<'a, T> for P {}

impl<'a> Input<'a> {
    /// Returns the next token.
    pub fn next(self) -> Option<Token> {
        self.scene.tokens.get(self.at).copied()
    }

    /// Returns the token `ahead` places behind the next one.
    pub fn peek(self, ahead: usize) -> Option<Token> {
        self.scene.tokens.get(self.at + ahead).copied()
    }

    /// Returns the text of a token.
    pub fn text(self, token: Token) -> &'a str {
        token.span.of(self.scene.source)
    }

    /// Takes the next token if it passes, and says what was expected if it does not.
    fn take(self, expected: Expected, passes: impl FnOnce(Token) -> bool) -> Parsed<'a, Token> {
        #[cfg(test)]
        self.scene.looks.update(|looks| looks + 1);
        match self.next() {
            Some(token) if passes(token) => Ok((Input { at: self.at + 1, ..self }, token)),
            _ => {
                self.scene.note(self.at, expected);
                Err(nom::Err::Error(Stop { at: self.at, error: None }))
            }
        }
    }

    /// Stops for good with an error of its own.
    pub fn refuse<T>(self, error: QueryError) -> Parsed<'a, T> {
        Err(nom::Err::Failure(Stop { at: self.at, error: Some(Box::new(error)) }))
    }

    /// Returns the span from this place up to the last token before `after`.
    pub fn span_to(self, after: Input<'a>) -> Span {
        let start = self.next().map_or(self.scene.source.len(), |token| token.span.start as usize);
        let last = after.at.checked_sub(1).and_then(|at| self.scene.tokens.get(at));
        Span::new(start, last.map_or(start, |token| token.span.end as usize).max(start))
    }
}

/// Reads one keyword.
pub(super) fn keyword<'a>(keyword: Keyword) -> impl Production<'a, Token> {
    move |input: Input<'a>| {
        input.take(Expected::Word(keyword.word()), |token| token.keyword() == Some(keyword))
    }
}

/// Reads two keywords that belong together; `label` names both.
pub(super) fn phrase<'a>(label: &'static str, first: Keyword, second: Keyword) -> impl Production<'a, Token> {
    move |input: Input<'a>| {
        let (rest, _) = input.take(Expected::Word(label), |token| token.keyword() == Some(first))?;
        keyword(second).parse(rest)
    }
}

/// Reads one sign.
pub(super) fn sign<'a>(sign: Sign) -> impl Production<'a, Token> {
    move |input: Input<'a>| input.take(Expected::Sign(sign.text()), |token| token.is(sign))
}

/// Reads a token of this kind.
pub(super) fn kind<'a>(expected: Expected, kind: TokenKind) -> impl Production<'a, Token> {
    move |input: Input<'a>| input.take(expected, |token| token.kind == kind)
}

/// Reads a token that passes.
pub(super) fn token<'a>(expected: Expected, passes: fn(Token) -> bool) -> impl Production<'a, Token> {
    move |input: Input<'a>| input.take(expected, passes)
}

/// Reads nothing, at the end of the statement.
pub(super) fn end(input: Input<'_>) -> Parsed<'_, ()> {
    if input.next().is_none() {
        return Ok((input, ()));
    }
    input.scene.note(input.at, Expected::End);
    Err(nom::Err::Error(Stop { at: input.at, error: None }))
}

/// Adds the place to what `production` reads.
pub(super) fn at<'a, T>(mut production: impl Production<'a, T>) -> impl Production<'a, At<T>> {
    move |input: Input<'a>| {
        let (after, node) = production.parse(input)?;
        Ok((after, At::new(node, input.span_to(after))))
    }
}

/// Reads one level deeper.
pub(super) fn nested<'a, T>(production: fn(Input<'a>) -> Parsed<'a, T>, input: Input<'a>) -> Parsed<'a, T> {
    if input.depth == NESTING_MAX {
        return input.refuse(too_deep(input));
    }
    let (after, node) = production(Input { depth: input.depth + 1, ..input })?;
    Ok((Input { depth: input.depth, ..after }, node))
}

fn too_deep(input: Input<'_>) -> QueryError {
    let place = input.next().map_or_else(Span::default, |token| token.span);
    QueryError::new(Code::TooLarge, "the query is nested too deeply", place)
        .label(format!("more than {NESTING_MAX} levels of parentheses and `not`"))
        .help("save a part with `define @name as …` and use `@name`")
}

/// Reads one or more items with commas between them.
pub(super) fn list<'a, T>(mut item: impl Production<'a, T>) -> impl Production<'a, Vec<T>> {
    move |input: Input<'a>| {
        let (mut rest, first) = item.parse(input)?;
        let mut items = vec![first];
        while let Ok((after, comma)) = sign(Sign::Comma).parse(rest) {
            if items.len() == LIST_ITEMS_MAX {
                return input.refuse(too_long(comma.span));
            }
            let (after, next) = commit(item.parse(after))?;
            items.push(next);
            rest = after;
        }
        Ok((rest, items))
    }
}

fn too_long(span: Span) -> QueryError {
    QueryError::new(Code::TooLarge, "the list is too long", span)
        .label(format!("after {LIST_ITEMS_MAX} items"))
        .help("split the list over several conditions joined by `or`")
}

/// Makes the failure of a part final: what stands before it allows nothing else.
pub(super) fn commit<'a, T>(parsed: Parsed<'a, T>) -> Parsed<'a, T> {
    parsed.map_err(|error| match error {
        nom::Err::Error(stop) => nom::Err::Failure(stop),
        error => error,
    })
}

/// Lets another branch try where this one was sure of itself; errors that say more than that stay final.
pub(super) fn attempt<'a, T>(mut production: impl Production<'a, T>) -> impl Production<'a, T> {
    move |input: Input<'a>| {
        production.parse(input).map_err(|error| match error {
            nom::Err::Failure(stop) if stop.error.is_none() => nom::Err::Error(stop),
            error => error,
        })
    }
}

/// Reads without leaving notes: for readings so rare that naming them would distract.
pub(super) fn quietly<'a, T>(mut production: impl Production<'a, T>) -> impl Production<'a, T> {
    move |input: Input<'a>| {
        let before = std::mem::replace(&mut input.scene.trail.borrow_mut().quiet, true);
        let result = production.parse(input);
        input.scene.trail.borrow_mut().quiet = before;
        result
    }
}
