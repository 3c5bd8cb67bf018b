//! Slips in values: text without quotes, numbers with commas.

use super::{Slip, shown};
use crate::query::error::{Code, QueryError};
use crate::query::lex::{Category, Keyword, Sign, Token, TokenKind, Wrong};
use crate::query::parse::Expected;
use crate::text::Span;

/// The kinds of entity, which may stand between `mentions` and its text.
const KINDS: &[&str] = &["person", "people", "persons", "place", "places", "org", "orgs"];

/// `mentions Idlib`, `source = Reuters`
pub(super) fn unquoted(slip: &Slip<'_>) -> Option<QueryError> {
    if !slip.expects(Expected::Text) {
        return None;
    }
    let start = unquoted_start(slip)?;
    let tokens = slip.scene.tokens;
    let first = *tokens.get(start)?;
    let mut last = first;
    for token in tokens.get(start + 1..)? {
        if !continues_text(slip, &last, token) {
            break;
        }
        last = *token;
    }
    let text = Span { start: first.span.start, end: last.span.end };
    let quoted = crate::query::quote_str(text.of(slip.scene.source));
    let in_list = start.checked_sub(1).and_then(|before| tokens.get(before));
    let in_list = in_list.is_some_and(|before| before.is(Sign::Open) || before.is(Sign::Comma));
    let lead =
        tokens.get(slip.condition_start(start)).filter(|lead| lead.span.start < first.span.start && !in_list);
    let lead =
        lead.map_or("", |lead| Span { start: lead.span.start, end: first.span.start }.of(slip.scene.source));
    Some(
        QueryError::new(Code::Unquoted, "text must be in quotes", text)
            .label(label(slip))
            .help(format!("write: {}{}", lead.trim_start(), shown(&quoted)))
            .suggest(text, quoted.clone()),
    )
}

/// Returns the index of the first word that should have been in quotes.
fn unquoted_start(slip: &Slip<'_>) -> Option<usize> {
    // `mentions Idlib` reads the name as a kind and misses the text behind it.
    let name = slip.before(1).filter(Token::is_name);
    let follows_mentions = slip.before(2).and_then(|token| token.keyword()) == Some(Keyword::Mentions);
    if let Some(name) = name.filter(|_| follows_mentions)
        && !KINDS.iter().any(|kind| kind.eq_ignore_ascii_case(slip.text(name)))
    {
        return Some(slip.at - 1);
    }
    let after_modifier = slip
        .before(1)
        .and_then(|token| token.keyword())
        .is_some_and(|word| word.category() == Category::Modifier);
    let bare = |token: &Token| token.is_name() && token.kind != TokenKind::Quoted;
    slip.token().filter(|token| bare(token) || after_modifier && token.keyword().is_some())?;
    Some(slip.at)
}

/// Tells whether the token goes on with a text whose quotes were forgotten.
fn continues_text(slip: &Slip<'_>, last: &Token, token: &Token) -> bool {
    let touches = last.span.end == token.span.start;
    match token.kind {
        TokenKind::Word(Some(word)) => {
            let joins =
                matches!(word, Keyword::Saying | Keyword::Before) || word.category() == Category::Statement;
            touches || !word.is_reserved() && !joins
        }
        TokenKind::Word(None) => true,
        TokenKind::Wrong(Wrong::Operator) => slip.text(*token) == "-",
        TokenKind::Sign(Sign::Dot) | TokenKind::Integer => touches,
        _ => false,
    }
}

fn label(slip: &Slip<'_>) -> String {
    if slip.expects_word("any of") {
        return "expected text, `any of`, `all of`, `prefix`, `like`, `fuzzy`, `exact` or a parameter"
            .to_owned();
    }
    slip.label()
}

/// `deaths > 300,000`
pub(super) fn thousands(slip: &Slip<'_>) -> Option<QueryError> {
    let (whole, comma, thousand) = (slip.before(1)?, slip.token()?, slip.after(1)?);
    let digits = |token: Token| token.kind == TokenKind::Integer;
    let joined = whole.span.end == comma.span.start && comma.span.end == thousand.span.start;
    if !(comma.is(Sign::Comma) && digits(whole) && digits(thousand) && thousand.span.len() == 3 && joined) {
        return None;
    }
    let place = Span { start: whole.span.start, end: thousand.span.end };
    let number = [slip.text(whole), slip.text(thousand)].concat();
    Some(
        QueryError::new(Code::Unexpected, "numbers are written without commas", place)
            .label("two numbers and a comma")
            .help(format!("write: {number}"))
            .suggest(place, number),
    )
}
