//! Trees to text: the canonical form.
//!
//! Keywords in lower case, one space between tokens, text in double quotes, parentheses only where they are needed
//! or where `and` stands beside `or`. The law is `parse(print(ast)) == ast`; saved queries, logs and messages are
//! therefore always text.

mod condition;
mod statement;
mod value;

use std::fmt;

use super::lex::{Keyword, Token, TokenKind, tokens};

/// Returns a string literal that the language reads back as `text`.
///
/// For the rare need to print a literal; values from outside are better bound as parameters.
///
/// # Examples
///
/// ```
/// use dateline::query::quote_str;
///
/// assert_eq!(quote_str(r#"say "yes""#), r#""say \"yes\"""#);
/// assert_eq!(quote_str("a\u{7}b"), r#""a\u{7}b""#);
/// ```
pub fn quote_str(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || is_invisible(c) => quoted.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Tells whether the character steers direction or cannot be seen, so that a printed query could deceive its reader.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Returns a `like` pattern that fits exactly `text`: its `*` and `?` lose their meaning.
///
/// In a pattern a backslash takes the meaning from the character behind it.
///
/// # Examples
///
/// ```
/// assert_eq!(dateline::query::escape_like("Why? 5*"), r"Why\? 5\*");
/// ```
pub fn escape_like(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '?' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Returns the name as an identifier: bare where that is possible, else in backticks.
fn identifier(name: &str) -> String {
    let bare = |token: &Token| {
        let reserved = token.keyword().is_some_and(Keyword::is_reserved);
        matches!(token.kind, TokenKind::Word(_)) && token.span.len() as usize == name.len() && !reserved
    };
    match tokens(name).as_slice() {
        [token] if bare(token) => name.to_owned(),
        _ => format!("`{}`", name.replace('`', "``").replace('\n', " ")),
    }
}

/// Writes the items with commas between them.
fn commas<T: fmt::Display>(f: &mut fmt::Formatter<'_>, items: impl IntoIterator<Item = T>) -> fmt::Result {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

/// Writes the items in parentheses.
fn parenthesised<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T>,
) -> fmt::Result {
    f.write_str("(")?;
    commas(f, items)?;
    f.write_str(")")
}

/// Writes the keyword and the node, with a space before each, where there is a node.
fn clause<T: fmt::Display>(f: &mut fmt::Formatter<'_>, keyword: &str, node: Option<&T>) -> fmt::Result {
    node.map_or(Ok(()), |node| write!(f, " {keyword} {node}"))
}

impl<T: fmt::Display> fmt::Display for super::ast::At<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.node.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_bare_where_they_can_be() {
        for (name, printed) in [
            ("title", "title"),
            ("words", "words"),
            ("zürich", "zürich"),
            ("order", "`order`"),
            ("a b", "`a b`"),
            ("9lives", "`9lives`"),
            ("a`b", "`a``b`"),
            ("", "``"),
            (" x", "` x`"),
        ] {
            assert_eq!(identifier(name), printed);
        }
    }
}
