//! Tokens that are wrong wherever they stand.

use super::{Slip, shown};
use crate::date::Date;
use crate::query::error::{Code, QueryError};
use crate::query::lex::{Token, TokenKind, Wrong, unknown_escape};
use crate::text::Span;

/// Any wrong token.
pub(super) fn wrong_token(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token()?;
    let TokenKind::Wrong(wrong) = token.kind else { return None };
    let text = slip.text(token);
    Some(match wrong {
        Wrong::UnclosedString => unclosed_string(text, token),
        Wrong::UnclosedBacktick => unclosed("backtick", "`", token),
        Wrong::UnclosedRegex => unclosed("pattern", "/", token),
        Wrong::UnclosedJson => unclosed("object", "}", token),
        Wrong::Escape => escape(text, token),
        Wrong::Number => number(text, token),
        Wrong::Parameter => parameter(text, token),
        Wrong::Json => json(text, token),
        Wrong::Operator => operator(slip, text, token),
        Wrong::Character => foreign_quotes(slip, text, token).unwrap_or_else(|| character(text, token)),
    })
}

/// `"Idlib and date > 2018`
fn unclosed_string(text: &str, token: Token) -> QueryError {
    let (close, inside) = match text.strip_prefix('“') {
        Some(inside) => ("”", inside),
        None => (text.get(..1).unwrap_or_default(), text.get(1..).unwrap_or_default()),
    };
    let line =
        Span { end: token.span.start + u32::try_from(text.trim_end().len()).unwrap_or(0), ..token.span };
    let error = QueryError::new(Code::UnclosedQuote, "this quote is never closed", line).label("opened here");
    let word = inside.split(char::is_whitespace).next().unwrap_or_default();
    if word.is_empty() {
        return error.help(format!("add a closing `{close}`"));
    }
    let at = token.span.start as usize + text.len() - inside.len() + word.len();
    error
        .help(format!("add a closing `{close}`, perhaps after `{}`", shown(word)))
        .suggest(Span::new(at, at), close)
}

/// `` `order ``, `/cease.*fire`, `{"title": `
fn unclosed(what: &str, close: &str, token: Token) -> QueryError {
    QueryError::new(Code::UnclosedQuote, format!("this {what} is never closed"), token.span)
        .label("opened here")
        .help(format!("add a closing {}", quoted(close)))
}

/// Puts a sign between backticks, doubled around a backtick.
fn quoted(sign: &str) -> String {
    if sign == "`" { "`` ` ``".to_owned() } else { format!("`{sign}`") }
}

/// `"\d+"`
fn escape(text: &str, token: Token) -> QueryError {
    let content = text.get(1..text.len().saturating_sub(1)).unwrap_or_default();
    let (at, len) = unknown_escape(content).unwrap_or_default();
    let start = token.span.start as usize + 1 + at;
    let written = content.get(at..at + len).unwrap_or_default();
    let place = Span::new(start, start + len.max(1));
    QueryError::new(Code::Escape, format!("a string knows no `{written}`"), place)
        .label(r#"escapes are `\"`, `\'`, `\\`, `\n`, `\r`, `\t` and `\u{…}`"#)
        .help("patterns go between slashes: matches /…/")
        .help(r"for a backslash write `\\`")
        .suggest(Span::new(start, start), "\\")
}

/// `01/09/2018`, `2018-9-1`, `10words`
fn number(text: &str, token: Token) -> QueryError {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let numbers: Option<Vec<u16>> = parts.iter().map(|part| part.parse().ok()).collect();
    match (numbers.as_deref(), parts.as_slice()) {
        (Some(&[a, b, year]), [_, _, last]) if last.len() == 4 => year_last(a, b, year, token),
        (Some(&[year, month, day]), [first, ..]) if first.len() == 4 => {
            short_parts(ymd(year, month, day), token)
        }
        (Some(&[year, month]), [first, _]) if first.len() == 4 => short_parts(ym(year, month), token),
        _ => malformed(text, token),
    }
}

/// `01/09/2018`
fn year_last(a: u16, b: u16, year: u16, token: Token) -> QueryError {
    let error = QueryError::new(Code::DateOrder, "dates are written year first", token.span);
    let (day_first, month_first) = (ymd(year, b, a), ymd(year, a, b));
    let named = |date: Date, month: u16, day: u16| format!("{day} {} {year} is {date}", month_name(month));
    match (day_first, month_first) {
        (Some(one), Some(other)) if one != other => error
            .label("ambiguous date")
            .help(format!("{}; {}", named(one, b, a), named(other, a, b)))
            .suggest(token.span, one.to_string())
            .suggest(token.span, other.to_string()),
        (Some(date), _) | (None, Some(date)) => error
            .label("year last")
            .help(format!("did you mean {date}?"))
            .suggest(token.span, date.to_string()),
        (None, None) => error.label("not a date").help("write 2018-09-01"),
    }
}

/// `2018-9-1`, `2018/09/01`
fn short_parts(date: Option<Date>, token: Token) -> QueryError {
    let error =
        QueryError::new(Code::DateForm, "months and days have two digits", token.span).label("not a date");
    match date {
        Some(date) => error.help(format!("did you mean {date}?")).suggest(token.span, date.to_string()),
        None => error.help("write 2018-09-01"),
    }
}

fn ymd(year: u16, month: u16, day: u16) -> Option<Date> {
    Date::ymd(i16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

fn ym(year: u16, month: u16) -> Option<Date> {
    Date::ym(i16::try_from(year).ok()?, u8::try_from(month).ok()?).ok()
}

fn month_name(month: u16) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::from(month).checked_sub(1).and_then(|index| NAMES.get(index)).copied().unwrap_or_default()
}

/// `2018-09-01T14`, `10words`, `3-5`
fn malformed(text: &str, token: Token) -> QueryError {
    let error = QueryError::new(
        Code::DateForm,
        format!("`{}` is neither a number nor a date", shown(text)),
        token.span,
    );
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = text.split_at_checked(digits).unwrap_or_default();
    if let Some((day, hour)) = text.split_once('T')
        && day.parse::<Date>().is_ok()
    {
        let hint = if hour.len() == 2 { format!("{day}T{hour}:00") } else { format!("{day}T14:30") };
        return error.label("a time has hours and minutes").help(format!("write: {hint}"));
    }
    if let Some(zeros) = thousands(rest) {
        let whole = format!("{number}{zeros}");
        return error
            .label("a number with a letter")
            .help(format!("write: {whole}"))
            .suggest(token.span, whole);
    }
    if !number.is_empty() && rest.chars().all(char::is_alphabetic) {
        let apart = format!("{number} {rest}");
        return error
            .label("a number and a word run together")
            .help(format!("put a space between them: {apart}"))
            .suggest(token.span, apart);
    }
    error
        .label("not a number, not a date")
        .help("dates are 2018, 2018-Q3, 2018-W36, 2018-09, 2018-09-01, 2018-09-01T14:30 or 2018-09-01T14:30Z")
}

/// Returns the zeros that `k` and `m` stand for.
fn thousands(unit: &str) -> Option<&'static str> {
    match unit {
        "k" | "K" => Some("000"),
        "m" | "M" => Some("000000"),
        _ => None,
    }
}

/// `$0`, `$`, `:5`
fn parameter(text: &str, token: Token) -> QueryError {
    QueryError::new(Code::ParameterForm, format!("`{text}` is not a parameter"), token.span)
        .label("parameters are `$1`, `$2`, … or `:name`")
        .help("a name begins with a letter and has letters, digits and `_`, without accents")
}

/// `{title: "x"}`
fn json(text: &str, token: Token) -> QueryError {
    let reason = serde_json::from_str::<serde::de::IgnoredAny>(text).err();
    let reason = reason.map_or_else(String::new, |error| format!(": {error}"));
    QueryError::new(Code::Json, format!("this is not a JSON object{reason}"), token.span)
        .label("not JSON")
        .help(r#"members have names in double quotes: {"title": "…", "text": "…"}"#)
}

/// `==`, `&&`
fn operator(slip: &Slip<'_>, text: &str, token: Token) -> QueryError {
    const COMPARISON: &str = "expected `=`, `!=`, `<`, `<=`, `>` or `>=`";
    let joins = slip.expects_word("and") && slip.expects_word("or");
    let generic = slip.label();
    let (label, help, mended) = match text {
        "==" | "===" => (COMPARISON, "equality is written with one `=`", "="),
        "<>" | "≠" | "!==" => (COMPARISON, "not equal is written `!=`", "!="),
        "=<" | "≤" => (COMPARISON, "write `<=`", "<="),
        "=>" | "≥" => (COMPARISON, "write `>=`", ">="),
        "&&" | "&" if joins => ("expected `and` or `or`", "write `and`", "and"),
        "||" | "|" if joins => ("expected `and` or `or`", "write `or`", "or"),
        "&&" | "&" => (generic.as_str(), "conditions are joined by `and`", ""),
        "||" | "|" => (generic.as_str(), "conditions are joined by `or`", ""),
        "!" => (generic.as_str(), "write `not`", "not "),
        "~" | "=~" | "~=" => (COMPARISON, "patterns are written: matches /…/", "matches"),
        "!~" => (COMPARISON, "patterns are written: not matches /…/", "not matches"),
        "?" => (generic.as_str(), "parameters are `$1` or `:name`", "$1"),
        "%" => (generic.as_str(), "a percentage is a plain number", ""),
        "/" => (generic.as_str(), "a pattern stands between the slashes: matches /…/", "/.*"),
        "+" | "-" => {
            (generic.as_str(), "the language does not calculate; names with such signs go in backticks", "")
        }
        "[" | "]" => (generic.as_str(), "lists go in parentheses; names with such signs in backticks", ""),
        _ => (generic.as_str(), "", ""),
    };
    let error =
        QueryError::new(Code::UnknownOperator, format!("unknown operator `{text}`"), token.span).label(label);
    if help.is_empty() { error } else { error.help(help).suggest(token.span, mended) }
}

/// `‘Idlib’`, `«Idlib»`
fn foreign_quotes(slip: &Slip<'_>, text: &str, token: Token) -> Option<QueryError> {
    text.starts_with(['‘', '‚', '„', '«', '‹', '”']).then_some(())?;
    let rest = slip.scene.source.get(token.span.end as usize..)?.lines().next()?;
    let end = rest.find(['’', '‘', '“', '”', '»', '›'])?;
    let close = rest.get(end..)?.chars().next()?;
    let start = token.span.start as usize;
    let place = Span::new(start, token.span.end as usize + end + close.len_utf8());
    let mended = crate::query::quote_str(rest.get(..end)?);
    Some(
        QueryError::new(Code::Character, "text goes between other quotes", place)
            .label(r#"quotes are `"…"`, `'…'` and `“…”`"#)
            .help(format!("write: {mended}"))
            .suggest(place, mended),
    )
}

/// `§`, `’`
fn character(text: &str, token: Token) -> QueryError {
    let c = text.chars().next().unwrap_or_default();
    let message = format!("`{}` (U+{:04X}) has no meaning here", c.escape_debug(), u32::from(c));
    let error = QueryError::new(Code::Character, message, token.span).label("not part of the language");
    match c {
        '‘' | '’' | '„' | '«' | '»' | '”' | '‹' | '›' => {
            error.help("text goes between `\"…\"`, `'…'` or `“…”`")
        }
        '–' | '—' => error.help("write a plain `-`"),
        '\\' | '{' => error,
        c if c.is_whitespace() => error.help("write a plain space").suggest(token.span, " "),
        _ => error.help("names with such characters go in backticks"),
    }
}
