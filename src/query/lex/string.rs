//! What stands between quotes, backticks and slashes.

use std::borrow::Cow;

use super::{Lexed, TokenKind, Wrong, fail};

/// `String`
pub(super) fn string(text: &str) -> Lexed<'_> {
    if let Some(inside) = text.strip_prefix('“') {
        return enclosed(inside, '”', false, TokenKind::String, Wrong::UnclosedString);
    }
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            let (after, kind) = enclosed(inside, quote, true, TokenKind::String, Wrong::UnclosedString)?;
            let content = inside.get(..inside.len() - after.len()).unwrap_or_default();
            let wrong = kind == TokenKind::String && unknown_escape(content).is_some();
            return Ok((after, if wrong { TokenKind::Wrong(Wrong::Escape) } else { kind }));
        }
    }
    fail(text)
}

/// A name in backticks; a doubled backtick stands for one.
pub(super) fn backticks(text: &str) -> Lexed<'_> {
    let Some(mut inside) = text.strip_prefix('`') else { return fail(text) };
    let start = inside;
    loop {
        let end = inside.find(['`', '\n']).unwrap_or(inside.len());
        let after = inside.get(end..).unwrap_or_default();
        match after.strip_prefix('`') {
            Some(more) if more.starts_with('`') => inside = more.get(1..).unwrap_or_default(),
            Some(more) if start.len() > more.len() + 1 => return Ok((more, TokenKind::Quoted)),
            Some(more) => return Ok((more, TokenKind::Wrong(Wrong::UnclosedBacktick))),
            None => return Ok((after, TokenKind::Wrong(Wrong::UnclosedBacktick))),
        }
    }
}

/// `Regex ::= '/' ( [^/\#xA] | '\' [^#xA] )+ '/' [ims]*`
pub(super) fn regex(text: &str) -> Lexed<'_> {
    let Some(inside) = text.strip_prefix('/') else { return fail(text) };
    if inside.starts_with('/') {
        return fail(text);
    }
    let (after, kind) = enclosed(inside, '/', true, TokenKind::Regex, Wrong::UnclosedRegex)?;
    let flags = |c: char| kind == TokenKind::Regex && matches!(c, 'i' | 'm' | 's');
    let after = after.trim_start_matches(flags);
    Ok((after, kind))
}

/// Reads to the closing character, or to the end of the line where there is none.
fn enclosed(inside: &str, close: char, escapes: bool, closed: TokenKind, unclosed: Wrong) -> Lexed<'_> {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        if c == '\n' {
            return Ok((inside.get(at..).unwrap_or_default(), TokenKind::Wrong(unclosed)));
        }
        if c == close && !escaped {
            return Ok((inside.get(at + c.len_utf8()..).unwrap_or_default(), closed));
        }
        escaped = escapes && c == '\\' && !escaped;
    }
    Ok(("", TokenKind::Wrong(unclosed)))
}

/// Returns the text that a string token stands for: quotes gone, escapes undone.
///
/// `token` is the source of a token of kind [`TokenKind::String`]; any other text comes back changed as little as
/// possible.
///
/// # Examples
///
/// ```
/// use dateline::query::lex::unescape;
///
/// assert_eq!(unescape(r#""say \"yes\"""#), r#"say "yes""#);
/// assert_eq!(unescape(r"“C:\new”"), r"C:\new");
/// ```
pub fn unescape(token: &str) -> Cow<'_, str> {
    if let Some(inside) = token.strip_prefix('“') {
        return Cow::Borrowed(inside.strip_suffix('”').unwrap_or(inside));
    }
    let mut inside = token.chars();
    inside.next();
    inside.next_back();
    let inside = inside.as_str();
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    let mut plain = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        plain.push_str(rest.get(..at).unwrap_or_default());
        let escape = rest.get(at + 1..).unwrap_or_default();
        let (len, c) = read_escape(escape).unwrap_or((0, '\\'));
        plain.push(c);
        rest = escape.get(len..).unwrap_or_default();
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// Returns where in the content of a string an unknown escape stands, from its backslash on, in bytes.
pub(in crate::query) fn unknown_escape(content: &str) -> Option<(usize, usize)> {
    let mut from = 0;
    loop {
        let at = from + content.get(from..)?.find('\\')?;
        let escape = content.get(at + 1..)?;
        match read_escape(escape) {
            Some((len, _)) => from = at + 1 + len,
            None => {
                let braces = if escape.starts_with("u{") { escape.find('}').map(|at| at + 1) } else { None };
                let len = braces.or_else(|| escape.chars().next().map(char::len_utf8)).unwrap_or(0);
                return Some((at, 1 + len));
            }
        }
    }
}

/// Reads what follows a backslash: how many bytes, and the character meant.
fn read_escape(escape: &str) -> Option<(usize, char)> {
    let c = match escape.chars().next()? {
        c @ ('"' | '\'' | '\\') => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let (digits, _) = escape.strip_prefix("u{")?.split_once('}')?;
            let hexadecimal =
                (1..=6).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let number = hexadecimal.then(|| u32::from_str_radix(digits, 16).ok()).flatten()?;
            return Some((digits.len() + 3, char::from_u32(number)?));
        }
        _ => return None,
    };
    Some((1, c))
}
