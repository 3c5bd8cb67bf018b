//! Slips in conditions: connectives, parentheses, lists, operators.

use super::{Slip, shown};
use crate::query::error::{Code, QueryError};
use crate::query::lex::{Keyword, Sign, Token, TokenKind};
use crate::query::parse::Expected;
use crate::query::parse::condition::{condition, expr};
use crate::text::Span;

/// `... and or ...`, `where and ...`
pub(super) fn double_connective(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token()?;
    let word = token.keyword().filter(|word| matches!(word, Keyword::And | Keyword::Or))?;
    if !slip.expects_word("mentions") {
        return None;
    }
    let before = slip.before(1)?;
    let message = match before.keyword() {
        Some(earlier) if earlier == word => format!("`{word}` twice"),
        Some(earlier @ (Keyword::And | Keyword::Or)) => format!("`{word}` after `{earlier}`"),
        _ => format!("`{word}` has no condition before it"),
    };
    Some(
        QueryError::new(Code::DoubleConnective, message, token.span)
            .label("expected a condition")
            .help(format!("remove one `{word}`"))
            .suggest(token.span, ""),
    )
}

/// `(mentions "Idlib" or mentions "Hama"`
pub(super) fn unclosed_parenthesis(slip: &Slip<'_>) -> Option<QueryError> {
    if slip.token().is_some() || !slip.expects(Expected::Sign(")")) {
        return None;
    }
    let mut open: Vec<Token> = Vec::new();
    for token in slip.scene.tokens {
        if token.is(Sign::Open) {
            open.push(*token);
        } else if token.is(Sign::Close) {
            open.pop();
        }
    }
    Some(
        QueryError::new(Code::UnclosedParenthesis, "this parenthesis is never closed", open.pop()?.span)
            .label("opened here")
            .help("add `)` at the end")
            .suggest(slip.end(), ")"),
    )
}

/// `mentions "Idlib")`
pub(super) fn closing_parenthesis(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|token| token.is(Sign::Close))?;
    let before = slip.scene.tokens.get(..slip.at)?;
    let count = |sign| before.iter().filter(|token| token.is(sign)).count();
    (count(Sign::Open) == count(Sign::Close)).then(|| {
        QueryError::new(Code::UnclosedParenthesis, "this parenthesis closes nothing", token.span)
            .label(slip.label())
            .help("remove it, or open one with `(`")
            .suggest(token.span, "")
    })
}

/// `source in ()`, `any of ()`
pub(super) fn empty_list(slip: &Slip<'_>) -> Option<QueryError> {
    let close = slip.token().filter(|token| token.is(Sign::Close))?;
    let open = slip.before(1).filter(|token| token.is(Sign::Open))?;
    let place = Span { start: open.span.start, end: close.span.end };
    let error = QueryError::new(Code::EmptyList, "the list is empty", place);
    let word = slip.before(2).and_then(|token| token.keyword());
    Some(match word {
        Some(Keyword::In) => {
            let not = usize::from(slip.before(3).and_then(|token| token.keyword()) == Some(Keyword::Not));
            let field = slip.before(3 + not).map_or("source", |field| slip.text(field));
            error.label("expected at least one value").help(format!(
                "nothing can be in an empty list; to find articles without a {field} write `{field} is missing`"
            ))
        }
        Some(Keyword::Of) => {
            error.label("expected at least one term").help("write: any of (\"Idlib\", \"Aleppo\")")
        }
        _ => QueryError::new(Code::EmptyList, "nothing stands between the parentheses", place)
            .label(slip.label())
            .help("remove the parentheses, or put a condition between them"),
    })
}

/// `source not = "RT"`
pub(super) fn misplaced_not(slip: &Slip<'_>) -> Option<QueryError> {
    slip.before(1).filter(|token| token.keyword() == Some(Keyword::Not))?;
    let field = slip.before(2).filter(Token::is_name)?;
    let operator = slip.token().filter(|_| slip.expects_word("contains"))?;
    let written = slip.text(operator);
    let error = QueryError::new(
        Code::MisplacedNot,
        format!("`not` cannot stand before `{}`", shown(written)),
        operator.span,
    )
    .label("expected `contains`, `in`, `between`, `like`, `starts with`, `ends with` or `matches`");
    let field = slip.text(field);
    Some(match operator.kind {
        TokenKind::Sign(sign) => {
            let value = slip.after(1).map_or("…", |value| slip.text(value));
            match opposite(sign) {
                Some(opposite) => error
                    .help(format!("write `{field} {opposite} {value}` or `not {field} {written} {value}`",)),
                None => error,
            }
        }
        _ if operator.keyword() == Some(Keyword::Exists) => error.help(format!("write `{field} is missing`")),
        _ if operator.keyword() == Some(Keyword::Is) => error.help(format!("write `{field} exists`")),
        TokenKind::String => {
            error.help(format!("write `{field} != {written}` or `{field} not contains {written}`"))
        }
        _ => error.help(format!("write `not {field} {}`", rest_of_condition(slip, 0))),
    })
}

/// `mentions not "Assad"`, `contains not "truce"`
pub(super) fn not_inside(slip: &Slip<'_>) -> Option<QueryError> {
    let not =
        slip.token().filter(|token| token.keyword() == Some(Keyword::Not) && slip.expects_word("any of"))?;
    let verb = slip.before(1)?;
    let start = slip.scene.tokens.get(slip.condition_start(slip.at))?;
    let condition = slip.source(*start, verb);
    Some(
        QueryError::new(
            Code::MisplacedNot,
            format!("`not` cannot stand after `{}`", slip.text(verb)),
            not.span,
        )
        .label(slip.label())
        .help(format!("write: not {condition} …")),
    )
}

fn opposite(sign: Sign) -> Option<&'static str> {
    Some(match sign {
        Sign::Equal => "!=",
        Sign::NotEqual => "=",
        Sign::Less => ">=",
        Sign::LessOrEqual => ">",
        Sign::Greater => "<=",
        Sign::GreaterOrEqual => "<",
        _ => return None,
    })
}

/// `source is null`, `source = null`, `source is not missing`
pub(super) fn null(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token()?;
    let after_is = slip.before(1).and_then(|token| token.keyword()) == Some(Keyword::Is);
    let is_null = matches!(slip.text(token).to_ascii_lowercase().as_str(), "null" | "nil" | "empty");
    let negated = after_is && token.keyword() == Some(Keyword::Not);
    let compared = is_null && slip.before(1).is_some_and(|token| matches!(token.kind, TokenKind::Sign(_)));
    if !(negated || is_null && after_is || compared) {
        return None;
    }
    let field =
        slip.scene.tokens.get(slip.condition_start(slip.at)).map_or("source", |field| slip.text(*field));
    let message = if negated { "`is` takes only `missing`" } else { "there is no null" };
    Some(
        QueryError::new(Code::Unexpected, message, token.span)
            .label(slip.label())
            .help(format!("write `{field} exists` or `{field} is missing`")),
    )
}

/// `source in "Reuters", "AFP"`, `any of "a", "b"`
pub(super) fn list_without_parentheses(slip: &Slip<'_>) -> Option<QueryError> {
    let first =
        slip.token().filter(|_| slip.expects(Expected::Sign("(")) && !slip.expects_word("mentions"))?;
    let word = slip.before(1).filter(|token| matches!(token.keyword(), Some(Keyword::In | Keyword::Of)))?;
    let is_item = |token: Token| {
        let bare = matches!(token.kind, TokenKind::Word(word) if !word.is_some_and(Keyword::is_reserved));
        bare || matches!(token.kind, TokenKind::String | TokenKind::Number | TokenKind::Integer)
    };
    if !is_item(first) {
        return None;
    }
    let mut last = first;
    let mut rest = slip.scene.tokens.get(slip.at + 1..)?;
    while let [comma, item, more @ ..] = rest
        && comma.is(Sign::Comma)
        && is_item(*item)
    {
        (last, rest) = (*item, more);
    }
    let items = quoted_items(slip, first, last);
    let place = Span { start: first.span.start, end: last.span.end };
    let lead = match slip.before(2).and_then(|token| token.keyword()) {
        Some(quantifier @ (Keyword::Any | Keyword::All | Keyword::None)) => format!("{quantifier} of"),
        _ => slip.text(word).to_owned(),
    };
    let label = if slip.expects_word("last") {
        "expected `(`, a period or a parameter"
    } else {
        "expected `(` or a parameter"
    };
    Some(
        QueryError::new(Code::ListWithoutParentheses, "a list must be in parentheses", place)
            .label(label)
            .help(format!("write: {lead} ({items})"))
            .suggest(place, format!("({items})")),
    )
}

/// Returns the items of a list, the bare ones in quotes.
fn quoted_items(slip: &Slip<'_>, first: Token, last: Token) -> String {
    let place = Span { start: first.span.start, end: last.span.end };
    let inside =
        slip.scene.tokens.iter().filter(|token| place.contains(token.span) && !token.is(Sign::Comma));
    let quoted = |token: &Token| match token.kind {
        TokenKind::Word(_) => crate::query::quote_str(slip.text(*token)),
        _ => slip.text(*token).to_owned(),
    };
    inside.map(quoted).collect::<Vec<_>>().join(", ")
}

/// `title matches "cease.*fire"`
pub(super) fn pattern_without_slashes(slip: &Slip<'_>) -> Option<QueryError> {
    let token =
        slip.token().filter(|token| token.kind == TokenKind::String && slip.expects(Expected::Pattern))?;
    let text = crate::query::lex::unescape(slip.text(token));
    let pattern = format!("/{}/", text.replace('/', "\\/"));
    Some(
        QueryError::new(Code::PatternWithoutSlashes, "a pattern is written between slashes", token.span)
            .label("expected `/pattern/` or a parameter")
            .help(format!("write: matches {pattern}"))
            .suggest(token.span, pattern),
    )
}

/// `"Assad" near "Putin" 10`
pub(super) fn distance_without_within(slip: &Slip<'_>) -> Option<QueryError> {
    let number =
        slip.token().filter(|token| token.kind == TokenKind::Integer && slip.expects_word("within"))?;
    let before = slip.scene.tokens.get(..slip.at)?;
    let is_proximity = |token: &&Token| matches!(token.keyword(), Some(Keyword::Near | Keyword::Before));
    let proximity = before.iter().rfind(is_proximity)?;
    let left = slip.source(*proximity, slip.before(1)?);
    let number_text = slip.text(number);
    let unit = slip.after(1).filter(|token| matches!(token.keyword(), Some(Keyword::Words | Keyword::Word)));
    let place = Span { start: number.span.start, end: unit.map_or(number.span.end, |unit| unit.span.end) };
    Some(
        QueryError::new(Code::DistanceWithoutWithin, "a distance needs `within … words`", number.span)
            .label("expected `within`, `at least`, `in same`, `and`, `or` or a clause")
            .help(format!("write: {left} within {number_text} words"))
            .suggest(place, format!("within {number_text} words")),
    )
}

/// `where order = "A7"`
pub(super) fn reserved_name(slip: &Slip<'_>) -> Option<QueryError> {
    let takes_name = slip.expects(Expected::Field) && !slip.expects(Expected::Text);
    let token = slip.token().filter(|_| takes_name)?;
    let word = token.keyword().filter(|word| word.is_reserved())?;
    let in_condition = slip.expects_word("mentions");
    let tests_follow = slip.after(1).is_some_and(|next| {
        use Keyword::{Between, Contains, Ends, Exists, In, Is, Like, Matches, Starts};
        let tests = [Between, Contains, Ends, Exists, In, Is, Like, Matches, Starts];
        let sign = matches!(next.kind, TokenKind::Sign(sign) if opposite(sign).is_some());
        sign || next.keyword().is_some_and(|word| tests.contains(&word))
    });
    if in_condition && !tests_follow {
        return None;
    }
    let label = if in_condition { "expected a condition".to_owned() } else { slip.label() };
    let mended = format!("`{}`", slip.text(token));
    let example =
        if in_condition { format!("{mended} {}", rest_of_condition(slip, 1)) } else { mended.clone() };
    Some(
        QueryError::new(Code::Reserved, format!("`{word}` is a reserved word"), token.span)
            .label(label)
            .help(format!(
                "for a field of that name write `{word}` in backticks: `` {} ``",
                example.trim_end()
            ))
            .suggest(token.span, mended),
    )
}

/// Returns the source from the token `ahead` places on up to the next connective.
fn rest_of_condition<'a>(slip: &Slip<'a>, ahead: usize) -> &'a str {
    let rest = slip.scene.tokens.get(slip.at + ahead..).unwrap_or_default();
    let ends = |token: &&Token| {
        !matches!(token.keyword(), Some(Keyword::And | Keyword::Or)) && !token.is(Sign::Close)
    };
    match (rest.first(), rest.iter().take_while(ends).last()) {
        (Some(first), Some(last)) => slip.source(*first, *last),
        _ => "",
    }
}

/// `mentions "Idlib" date > 2018-09-01`
pub(super) fn no_connective(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|_| slip.expects_word("and") && slip.expects_word("or"))?;
    let read = slip.reads(condition).or_else(|| slip.reads(expr))?;
    let text = read.of(slip.scene.source);
    Some(
        QueryError::new(Code::NoConnective, "two conditions need `and` or `or` between them", token.span)
            .label("expected `and`, `or`, a clause or `;`")
            .help(format!("did you mean `and {text}`?"))
            .suggest(Span { start: token.span.start, end: token.span.start }, "and "),
    )
}
