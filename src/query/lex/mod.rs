//! Text to tokens, total: what is wrong becomes a token too, so that the highlighter reads anything.
//!
//! The rules are those of `grammar/lexical.ebnf`: the longest match wins, white space and comments may stand between
//! any two tokens. The parser, the highlighter, the completer and the multi-line check all read these tokens.

mod keyword;
mod number;
mod string;
mod token;

pub use keyword::{Category, Keyword};
pub use string::unescape;
pub(in crate::query) use string::unknown_escape;
pub use token::{Class, Sign, Token, TokenKind, Wrong};

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while1};
use nom::combinator::{peek, value};
use nom::sequence::pair;
use nom::{IResult, Parser};
use serde::de::IgnoredAny;

use crate::text::Span;
use number::number;
use string::{backticks, regex, string};

/// Returns the tokens of `text`, comments among them; together with white space they cover every byte.
///
/// # Examples
///
/// ```
/// use dateline::query::lex;
///
/// let text = "find where words > 300 # long ones";
/// let tokens = lex::tokens(text);
/// assert_eq!(tokens.len(), 6);
/// assert_eq!(tokens[0].keyword(), Some(lex::Keyword::Find));
/// assert_eq!(tokens[5].class(), lex::Class::Comment);
/// ```
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let start = text.len() - rest.len();
        let (after, kind) = token(rest).unwrap_or_else(|_| character(rest));
        tokens.push(Token { kind, span: Span::new(start, text.len() - after.len()) });
        rest = after.trim_start_matches(is_space);
    }
    tokens
}

/// What a lexical rule returns: the text after the token, and what the token is.
type Lexed<'a> = IResult<&'a str, TokenKind>;

/// Reads the token that `text` begins with.
fn token(text: &str) -> Lexed<'_> {
    alt((comment, word, backticks, string, number, regex, json, sign, parameter)).parse(text)
}

/// `WhiteSpace`
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{A0}' | '\u{202F}' | '\u{FEFF}')
}

/// `IdentStart`
fn starts_name(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

/// `IdentPart`
fn continues_name(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

/// `Comment ::= ( '#' | '--' ) [^#xA]*`
fn comment(text: &str) -> Lexed<'_> {
    value(TokenKind::Comment, pair(alt((tag("#"), tag("--"))), take_while(|c| c != '\n'))).parse(text)
}

/// `IdentStart IdentPart*`: a keyword or a bare name.
fn word(text: &str) -> Lexed<'_> {
    let (after, word) = take_while1(continues_name).parse(text)?;
    if word.starts_with(starts_name) {
        Ok((after, TokenKind::Word(Keyword::from_word(word))))
    } else {
        fail(text)
    }
}

/// `NumberedParam`, `NamedParam`, and what only looks like one.
fn parameter(text: &str) -> Lexed<'_> {
    let (after, sigil) = alt((tag("$"), tag(":"))).parse(text)?;
    let (after, name) = take_while(continues_name).parse(after)?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let numbered = !name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit());
    let named = plain && !name.starts_with(|c: char| c.is_ascii_digit());
    let good = !name.is_empty() && if sigil == "$" { numbered } else { named };
    Ok((after, if good { TokenKind::Parameter } else { TokenKind::Wrong(Wrong::Parameter) }))
}

/// `JsonObject`; where it is broken, the rest of its line.
fn json(text: &str) -> Lexed<'_> {
    peek(tag("{")).parse(text)?;
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    let (len, kind) = match values.next() {
        Some(Ok(IgnoredAny)) => (values.byte_offset(), TokenKind::Json),
        Some(Err(error)) if error.is_eof() => (text.len(), TokenKind::Wrong(Wrong::UnclosedJson)),
        _ => (text.find('\n').unwrap_or(text.len()), TokenKind::Wrong(Wrong::Json)),
    };
    Ok((text.get(len..).unwrap_or_default(), kind))
}

/// The signs of the grammar, and operators of other languages, which are never two signs in a row.
fn sign(text: &str) -> Lexed<'_> {
    const FOREIGN_PAIRS: &[&str] =
        &["===", "!==", "<=>", "==", "<>", "=<", "=>", "=~", "!~", "~=", "&&", "||", "->", "::"];
    const FOREIGN: &[&str] =
        &["!", "&", "|", "~", "^", "+", "-", "/", "%", "?", "[", "]", "}", "≠", "≤", "≥"];
    let foreign = |signs: &[&str]| signs.iter().find_map(|sign| text.strip_prefix(sign));
    if let Some(after) = foreign(FOREIGN_PAIRS) {
        return Ok((after, TokenKind::Wrong(Wrong::Operator)));
    }
    if let Some((after, sign)) = Sign::ALL.iter().find_map(|&s| Some((text.strip_prefix(s.text())?, s))) {
        return Ok((after, TokenKind::Sign(sign)));
    }
    match foreign(FOREIGN) {
        Some(after) => Ok((after, TokenKind::Wrong(Wrong::Operator))),
        None => fail(text),
    }
}

/// Any other character, alone.
fn character(text: &str) -> (&str, TokenKind) {
    let len = text.chars().next().map_or(0, char::len_utf8);
    (text.get(len..).unwrap_or_default(), TokenKind::Wrong(Wrong::Character))
}

/// Says that a rule does not apply.
fn fail<T>(text: &str) -> IResult<&str, T> {
    Err(nom::Err::Error(nom::error::Error::new(text, nom::error::ErrorKind::Fail)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn kinds(text: &str) -> Vec<(TokenKind, &str)> {
        tokens(text).iter().map(|token| (token.kind, token.span.of(text))).collect()
    }

    #[test]
    fn the_longest_match_wins() {
        use TokenKind::{Date, Integer, Number, Word, Wrong as W};
        for (text, kind) in [
            ("within", Word(Some(Keyword::Within))),
            ("WITHIN", Word(Some(Keyword::Within))),
            ("withins", Word(None)),
            ("_x9", Word(None)),
            ("Zürich", Word(None)),
            ("`order`", TokenKind::Quoted),
            ("`a``b`", TokenKind::Quoted),
            ("`open", W(Wrong::UnclosedBacktick)),
            ("300", Integer),
            ("-4.5", Number),
            ("-4", Number),
            ("2018-09", Date),
            ("2018-W36", Date),
            ("2018-Q3", Date),
            ("2018-09-01T06:00+03:00", Date),
            ("2018-09-01T06:00:05Z", Date),
            ("2018-09-01T14", W(Wrong::Number)),
            ("2018-9-1", W(Wrong::Number)),
            ("01/09/2018", W(Wrong::Number)),
            ("10words", W(Wrong::Number)),
            ("3-5", W(Wrong::Number)),
            ("/a\\/b/im", TokenKind::Regex),
            ("/open", W(Wrong::UnclosedRegex)),
            ("$1", TokenKind::Parameter),
            (":who", TokenKind::Parameter),
            ("$0", W(Wrong::Parameter)),
            ("$1a", W(Wrong::Parameter)),
            (":5", W(Wrong::Parameter)),
            ("==", W(Wrong::Operator)),
            ("<>", W(Wrong::Operator)),
            ("!=", TokenKind::Sign(Sign::NotEqual)),
            ("..", TokenKind::Sign(Sign::Range)),
            ("# all of it; \"", TokenKind::Comment),
            ("-- too", TokenKind::Comment),
            ("{\"a\": [1, {}]}", TokenKind::Json),
            ("{\"a\": [1", W(Wrong::UnclosedJson)),
            ("{a: 1}", W(Wrong::Json)),
            ("\u{201C}it's\u{201D}", TokenKind::String),
            ("'it\\'s \\u{e9}'", TokenKind::String),
            ("\"open", W(Wrong::UnclosedString)),
            ("\"\\d\"", W(Wrong::Escape)),
            ("§", W(Wrong::Character)),
        ] {
            assert_eq!(kinds(text), [(kind, text)]);
        }
    }

    #[test]
    fn neighbours_part_without_white_space() {
        let words = |text| tokens(text).iter().map(|token| token.span.of(text)).collect::<Vec<_>>().join(" ");
        assert_eq!(words("2014..2017"), "2014 .. 2017");
        assert_eq!(words("words>=-5;show 1,2"), "words >= -5 ; show 1 , 2");
        assert_eq!(words("a.b=\"x\"and(c)"), "a . b = \"x\" and ( c )");
        assert_eq!(words("limit 10--ten"), "limit 10 --ten");
        assert_eq!(words("@syria"), "@ syria");
    }

    proptest! {
        #[test]
        fn tokens_and_white_space_cover_any_text(text in "\\PC{0,60}|[a-z0-9\"'`/{}:$@#.<>=!\\- \\\\\n]{0,60}") {
            let mut end = 0;
            for token in tokens(&text) {
                let gap = text.get(end..token.span.start as usize).unwrap();
                prop_assert!(gap.chars().all(is_space));
                prop_assert!(!token.span.is_empty() && text.get(token.span.range()).is_some());
                end = token.span.end as usize;
            }
            prop_assert!(text.get(end..).unwrap().chars().all(is_space));
        }
    }
}
