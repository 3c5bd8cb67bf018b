//! Words and signs that were left out, misspelt, or known from elsewhere.

use super::{Slip, shown};
use crate::date::Unit;
use crate::query::error::{Code, QueryError, nearest};
use crate::query::lex::{Category, Keyword, Sign, Token, TokenKind};
use crate::query::parse::Expected;
use crate::text::Span;

/// Words that people use for others; the first word of what is meant.
const SYNONYMS: &[(&str, &str)] = &[
    ("ascending", "asc"),
    ("contain", "contains"),
    ("descending", "desc"),
    ("during", "in"),
    ("equals", "="),
    ("includes", "contains"),
    ("said", "saying"),
    ("says", "saying"),
    ("skip", "offset"),
    ("sort", "order"),
    ("take", "limit"),
];

/// A word that is nearly one of those expected.
pub(super) fn misspelt(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|token| matches!(token.kind, TokenKind::Word(_)))?;
    if token.keyword().is_some_and(Keyword::is_reserved) {
        return None;
    }
    let word = slip.text(token);
    let known = slip.expected.iter().filter_map(|expected| match expected {
        Expected::Word(word) | Expected::Sign(word) => word.split(' ').next(),
        _ => None,
    });
    let known: Vec<&str> = known.collect();
    let synonym =
        SYNONYMS.iter().find(|(theirs, _)| word.eq_ignore_ascii_case(theirs)).map(|(_, ours)| *ours);
    let near = synonym.filter(|ours| known.contains(ours)).or_else(|| nearest(word, known))?;
    Some(
        QueryError::new(Code::Unexpected, format!("unknown word `{}`", shown(word)), token.span)
            .label(slip.label())
            .help(format!("did you mean `{near}`?"))
            .suggest(token.span, near),
    )
}

/// `mentons "Idlib"`: what looks like a field without a comparison is a misspelt verb.
pub(super) fn misspelt_verb(slip: &Slip<'_>) -> Option<QueryError> {
    slip.token()
        .filter(|token| !matches!(token.kind, TokenKind::Sign(_)) && slip.expects_word("contains"))?;
    let verb = slip.before(1).filter(Token::is_name)?;
    if slip.condition_start(slip.at) + 1 != slip.at || misspelt(slip).is_some() {
        return None;
    }
    let word = slip.text(verb);
    let near = nearest(word, ["mentions", "quotes"])?;
    Some(
        QueryError::new(Code::Unexpected, format!("unknown word `{}`", shown(word)), verb.span)
            .label("a field stands before a comparison")
            .help(format!("did you mean `{near}`?"))
            .suggest(verb.span, near),
    )
}

/// `mentions place withn "Syria"`: a misspelt word, not a text without quotes, since a text follows.
pub(super) fn misspelt_before_text(slip: &Slip<'_>) -> Option<QueryError> {
    let follows = slip.after(1)?;
    let is_text = follows.kind == TokenKind::String || follows.is(Sign::Open);
    misspelt(slip).filter(|_| is_text)
}

/// `order date`, `timeline month`, `count source`
pub(super) fn by(slip: &Slip<'_>) -> Option<QueryError> {
    use Keyword::{Count, Order, Split, Timeline};
    let token = slip.token().filter(Token::is_name)?;
    let before = slip.before(1).filter(|_| slip.expects_word("by"))?;
    before.keyword().filter(|word| matches!(word, Order | Split | Timeline | Count))?;
    let word = slip.text(before);
    Some(
        QueryError::new(Code::Unexpected, format!("`by` is missing after `{word}`"), token.span)
            .label(slip.label())
            .help(format!("write: {word} by {}", slip.text(token)))
            .suggest(before_token(token), "by "),
    )
}

/// `find title date`, `in ("a" "b")`
pub(super) fn comma(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|_| slip.expects(Expected::Sign(",")))?;
    let before = slip.before(1)?;
    let alike = before.kind == token.kind || before.is_name() && token.is_name();
    let is_item =
        token.is_name() || matches!(token.kind, TokenKind::String | TokenKind::Integer | TokenKind::Number);
    (alike && is_item).then(|| {
        let (one, other) = (slip.text(before), slip.text(token));
        QueryError::new(Code::Unexpected, "a comma is missing", token.span)
            .label(slip.label())
            .help(format!("write: {}, {}", shown(one), shown(other)))
            .suggest(Span { start: before.span.end, end: before.span.end }, ",")
    })
}

/// `run syria`, `run @syria with source = "AFP"`
pub(super) fn sigil(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(Token::is_name)?;
    let (sigil, what) = if slip.expected == [Expected::Parameter] {
        (":", "a parameter begins with `:`")
    } else if slip.expects(Expected::Sign("@")) && !slip.expects_word("mentions") {
        ("@", "a saved name begins with `@`")
    } else {
        return None;
    };
    let name = slip.text(token);
    Some(
        QueryError::new(Code::Unexpected, what, token.span)
            .label(slip.label())
            .help(format!("write: {sigil}{name}"))
            .suggest(before_token(token), sigil),
    )
}

/// `url starts "https:"`, `export "x.csv"`: only one word or sign can stand there.
pub(super) fn only_word(slip: &Slip<'_>) -> Option<QueryError> {
    let [Expected::Word(word) | Expected::Sign(word)] = slip.expected.as_slice() else { return None };
    let token = slip.token()?;
    let is_other_word =
        matches!(token.kind, TokenKind::Word(word) if !word.is_some_and(Keyword::is_reserved));
    let is_wrong_sign = matches!(token.kind, TokenKind::Sign(_));
    if is_other_word || is_wrong_sign {
        return None;
    }
    let message = format!("`{word}` is missing before `{}`", shown(slip.text(token)));
    let before = slip.before(1).map_or("", |before| slip.text(before));
    Some(
        QueryError::new(Code::Unexpected, message, token.span)
            .label(slip.label())
            .help(format!("write: {} {word} {}", shown(before), shown(slip.text(token))))
            .suggest(before_token(token), format!("{word} ")),
    )
}

/// `average by source`
pub(super) fn field(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|_| slip.expects(Expected::Field) && !slip.expects_word("mentions"))?;
    let before = slip.before(1)?;
    let takes_field = before.keyword().filter(|word| word.category() == Category::Statement)?;
    token.keyword().filter(|word| matches!(word, Keyword::By | Keyword::Where | Keyword::With))?;
    Some(
        QueryError::new(Code::Unexpected, format!("`{takes_field}` needs a field"), token.span)
            .label(slip.label())
            .help(format!("write: {takes_field} words {} …", slip.text(token))),
    )
}

/// `date = 5 days`, `date in last days 7`
pub(super) fn relative_date(slip: &Slip<'_>) -> Option<QueryError> {
    let (before, token) = (slip.before(1)?, slip.token()?);
    let is_unit = |token: Token| token.keyword().is_some_and(is_unit_of_time);
    let error = |place| {
        QueryError::new(Code::Unexpected, "a stretch of time is written another way", place)
            .label(slip.label())
    };
    if before.kind == TokenKind::Integer && is_unit(token) {
        let stretch = slip.source(before, token);
        return Some(
            error(token.span)
                .help(format!("that day: {stretch} ago"))
                .help(format!("all days since: in last {stretch}"))
                .suggest(Span { start: token.span.end, end: token.span.end }, " ago"),
        );
    }
    let last = slip.before(2).filter(|last| last.keyword() == Some(Keyword::Last))?;
    if token.kind != TokenKind::Integer || !is_unit(before) {
        return None;
    }
    let mended = format!("last {} {}", slip.text(token), slip.text(before));
    let place = Span { start: last.span.start, end: token.span.end };
    Some(error(token.span).help(format!("write: {mended}")).suggest(place, mended))
}

fn is_unit_of_time(word: Keyword) -> bool {
    let singular = word.word().trim_end_matches('s');
    Unit::ALL.iter().any(|unit| unit.name() == singular)
}

/// Returns the empty place in front of a token.
fn before_token(token: Token) -> Span {
    Span { start: token.span.start, end: token.span.start }
}
