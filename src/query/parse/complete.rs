//! Questions about unfinished text: may it be run yet, and what may follow?

use super::Expected;
use super::input::{Scene, end};
use super::meaningful;
use super::statement::statement;
use crate::query::lex::{Sign, Token, TokenKind, Wrong};
use nom::Parser;
use nom::sequence::terminated;

/// Whether the text typed so far is a whole script, for an editor of several lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// It can be run, or its error reported.
    Complete,
    /// It stops where more must follow; the prompt waits for the next line.
    Incomplete,
}

/// Tells whether the text typed so far can be run.
///
/// Text that stops inside a string, a pattern, an object or parentheses, or after a word or sign that something must
/// follow, is incomplete; a last `;` or an empty last line ends the waiting whatever stands before it.
///
/// # Examples
///
/// ```
/// use dateline::query::{Completeness::{Complete, Incomplete}, completeness};
///
/// assert_eq!(completeness("find where mentions \"Idlib\" and"), Incomplete);
/// assert_eq!(completeness("find where mentions \"Idlib\" and;"), Complete);
/// assert_eq!(completeness("find where mentions \"Idlib\" and\n\n"), Complete);
/// assert_eq!(completeness("find where mentions \"Idlib\""), Complete);
/// ```
pub fn completeness(text: &str) -> Completeness {
    let blank_last_line =
        text.trim_end_matches('\n').len() + 2 <= text.len() || text.ends_with("\n") && text.trim().is_empty();
    let tokens = meaningful(text);
    let Some(last) = tokens.last() else { return Completeness::Complete };
    if blank_last_line || last.is(Sign::Semicolon) {
        return Completeness::Complete;
    }
    let is_open = is_unclosed(last) && last.span.end as usize >= text.trim_end().len();
    let statement = last_statement(&tokens);
    let (scene, parses) = (Scene::new(text, statement), |scene: &Scene<'_>| {
        terminated(statement_production, end).parse(scene.start()).is_ok()
    });
    let stops_at_the_end = !parses(&scene) && scene.furthest().0 == statement.len();
    if is_open || stops_at_the_end { Completeness::Incomplete } else { Completeness::Complete }
}

/// Returns what may stand at `cursor`, a place in bytes.
///
/// A word or unclosed text that touches the cursor from the left is what is being typed: the answer says what it may
/// become. Nothing may stand inside a comment, a closed string, or behind an error.
///
/// # Examples
///
/// ```
/// use dateline::query::{Expected, expected_at};
///
/// let text = "find where mentions \"Idlib\" lim";
/// assert!(expected_at(text, text.len()).contains(&Expected::Word("limit")));
/// ```
pub fn expected_at(text: &str, cursor: usize) -> Vec<Expected> {
    let Some(typed) = text.get(..cursor) else { return Vec::new() };
    let tokens = crate::query::lex::tokens(typed);
    let touches = |token: &Token| token.span.end as usize == typed.len();
    let (being_typed, before) = match tokens.split_last() {
        Some((last, before)) if touches(last) && !matches!(last.kind, TokenKind::Sign(_)) => {
            (Some(last.kind), before)
        }
        _ => (None, tokens.as_slice()),
    };
    let mut before = before.to_vec();
    before.retain(|token| token.kind != TokenKind::Comment);
    let statement = last_statement(&before);
    let scene = Scene::new(typed, statement);
    // Success leaves its notes too: everything optional was asked for.
    let _ = terminated(statement_production, end).parse(scene.start());
    let (at, expected) = scene.furthest();
    if at != statement.len() {
        return Vec::new();
    }
    let fits = |expected: &Expected| match being_typed {
        None => true,
        Some(TokenKind::Word(_)) => !matches!(expected, Expected::Sign(_) | Expected::End),
        Some(TokenKind::Wrong(Wrong::UnclosedString)) => *expected == Expected::Text,
        Some(TokenKind::Wrong(Wrong::UnclosedBacktick)) => {
            matches!(expected, Expected::Field | Expected::SavedName)
        }
        Some(_) => false,
    };
    expected.into_iter().filter(fits).collect()
}

use statement as statement_production;

/// Returns the tokens behind the last `;`.
fn last_statement(tokens: &[Token]) -> &[Token] {
    tokens.rsplit(|token| token.is(Sign::Semicolon)).next().unwrap_or_default()
}

/// Tells whether the token opens something that it does not close.
fn is_unclosed(token: &Token) -> bool {
    use Wrong::{UnclosedBacktick, UnclosedJson, UnclosedRegex, UnclosedString};
    matches!(token.kind, TokenKind::Wrong(UnclosedBacktick | UnclosedJson | UnclosedRegex | UnclosedString))
}
