//! Tokens to trees: one production of `grammar/dateline.ebnf` is one function, in the same order.
//!
//! The productions are nom parsers over tokens. Each keyword that commits cuts the other branches off, so a text is
//! read at most twice; only `define @x as` has two readings. What could have stood at the furthest token is the
//! one source of messages ([`diagnose`]), completion and the multi-line check ([`complete`]).

mod catalogue;
mod clause;
mod complete;
mod condition;
mod diagnose;
mod expected;
mod input;
mod pattern;
mod statement;
mod value;
mod write;

pub use complete::{Completeness, completeness, expected_at};
pub use expected::Expected;
pub use input::{LIST_ITEMS_MAX, NESTING_MAX};

use nom::Parser;
use nom::sequence::terminated;

use super::ast::{At, Query, Script, Statement};
use super::error::{Code, QueryError};
use super::lex::{self, Sign, Token, TokenKind};
use crate::text::Span;
use input::{Scene, end};

/// Longest statement, in bytes (64 KiB).
pub const QUERY_BYTES_MAX: usize = 64 << 10;

/// Parses a script: statements separated by `;`.
///
/// # Errors
///
/// One [`QueryError`] for each statement that is none; places are bytes of the whole script.
///
/// # Examples
///
/// ```
/// let script = dateline::query::parse("describe person; list saved;")?;
/// assert_eq!(script.statements.len(), 2);
/// assert_eq!(dateline::query::parse("fnd; find; list").unwrap_err().len(), 2);
/// # Ok::<(), Vec<dateline::query::QueryError>>(())
/// ```
pub fn parse(text: &str) -> Result<Script, Vec<QueryError>> {
    let tokens = meaningful(text);
    let (mut statements, mut errors) = (Vec::new(), Vec::new());
    for tokens in tokens.split(|token| token.is(Sign::Semicolon)).filter(|tokens| !tokens.is_empty()) {
        match one_statement(text, tokens) {
            Ok(statement) => statements.push(statement),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(Script { statements }) } else { Err(errors) }
}

impl Statement {
    /// Parses exactly one statement, of any kind; a last `;` is allowed.
    ///
    /// # Errors
    ///
    /// A [`QueryError`] where the text is no statement, or more than one.
    pub fn parse(text: &str) -> Result<Statement, QueryError> {
        let tokens = meaningful(text);
        let mut parts = tokens.split(|token| token.is(Sign::Semicolon)).filter(|tokens| !tokens.is_empty());
        let first = one_statement(text, parts.next().unwrap_or_default())?;
        match parts.next().and_then(<[Token]>::first) {
            None => Ok(first.node),
            Some(second) => Err(QueryError::new(Code::NotAQuery, "one statement is asked for", second.span)
                .label("a second statement")
                .help("run the statements one by one, or parse them as a script")),
        }
    }

    /// Tells whether the statement leaves articles, catalogue and files as they are.
    pub fn is_read(&self) -> bool {
        match self {
            Statement::Explain(_)
            | Statement::Query(_)
            | Statement::Show(_)
            | Statement::Describe(_)
            | Statement::List(_)
            | Statement::Run(_) => true,
            Statement::Export(_) | Statement::Define(_) | Statement::Drop(_) | Statement::Write(_) => false,
        }
    }
}

impl Query {
    /// Parses exactly one query: `find`, `count`, a measure, `top` or `timeline`, and nothing that writes.
    ///
    /// The door for text from outside: whatever it says, running it changes nothing.
    ///
    /// # Errors
    ///
    /// A [`QueryError`] where the text is no query, or more than one statement.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::query::{Code, Query};
    ///
    /// let query = Query::parse(r#"find   WHERE mentions 'Idlib'"#)?;
    /// assert_eq!(query.to_string(), r#"find where mentions "Idlib""#);
    /// assert_eq!(Query::parse("delete all").unwrap_err().code, Code::NotAQuery);
    /// # Ok::<(), dateline::query::QueryError>(())
    /// ```
    pub fn parse(text: &str) -> Result<Query, QueryError> {
        let statement = Statement::parse(text)?;
        let Statement::Query(query) = statement else {
            let word = meaningful(text).first().map_or_else(Span::default, |token| token.span);
            let message = format!("`{}` is not a query", word.of(text));
            return Err(QueryError::new(Code::NotAQuery, message, word)
                .label("expected `find`, `count`, `top`, `timeline` or a measure")
                .help("statements of other kinds are read as statements, where the caller allows them"));
        };
        Ok(query)
    }
}

/// Returns the tokens that the grammar speaks of.
fn meaningful(text: &str) -> Vec<Token> {
    let mut tokens = lex::tokens(text);
    tokens.retain(|token| token.kind != TokenKind::Comment);
    tokens
}

/// Parses the tokens of one statement.
fn one_statement(text: &str, tokens: &[Token]) -> Result<At<Statement>, QueryError> {
    let span = span_of(tokens);
    if span.len() as usize > QUERY_BYTES_MAX {
        return Err(too_long(span));
    }
    let scene = Scene::new(text, tokens);
    let parsed = terminated(statement::statement, end).parse(scene.start());
    match parsed {
        Ok((_, statement)) => Ok(At::new(statement, span)),
        Err(nom::Err::Error(stop) | nom::Err::Failure(stop)) => {
            Err(stop.error.map_or_else(|| diagnose::diagnose(&scene), |error| *error))
        }
        Err(nom::Err::Incomplete(_)) => Err(diagnose::diagnose(&scene)),
    }
}

fn span_of(tokens: &[Token]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => Span { start: first.span.start, end: last.span.end },
        _ => Span::default(),
    }
}

fn too_long(span: Span) -> QueryError {
    let start = span.start as usize;
    QueryError::new(Code::TooLarge, "the query is too long", Span::new(start, start + 1))
        .label(format!("{} bytes; at most {QUERY_BYTES_MAX} are allowed", span.len()))
        .help("bind long lists as parameters, or save parts with `define @name as …`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::lex::Keyword;

    /// Returns how often tokens were looked at, a token.
    fn looks_per_token(text: &str) -> usize {
        let tokens = meaningful(text);
        let scene = Scene::new(text, &tokens);
        let _ = terminated(statement::statement, end).parse(scene.start());
        scene.looks.get() / tokens.len()
    }

    #[test]
    fn reading_is_linear_in_the_number_of_tokens() {
        for piece in [
            "a = 1 and ",
            "not a in (1, 2) or ",
            "(a = 1) or (",
            "text contains fuzzy \"x\" within 2 words and ",
            "mentions place any of (\"x\", like \"y\") and ",
            "date since 3 days ago or ",
            "a.b.c = 1 and ",
        ] {
            for start in ["find where ", "define @x as count where ", "define @x as "] {
                let looks = |times: usize| looks_per_token(&format!("{start}{}a = 1", piece.repeat(times)));
                let (short, long) = (looks(10), looks(1_000));
                assert!(long <= short + 1 && long < 100, "{start}{piece}: {short}, then {long}");
            }
        }
    }

    #[test]
    fn spans_point_at_what_was_written() {
        let text = "find where (mentions \"a\" and not words > 3) or @x";
        let Ok(Statement::Query(Query::Find(find))) = Statement::parse(text) else { panic!("a find") };
        let filter = find.filter.unwrap();
        assert_eq!(filter.span.of(text), "(mentions \"a\" and not words > 3) or @x");
        let crate::query::ast::Expr::Or(alternatives) = &filter.node else { panic!("an or") };
        let spans: Vec<&str> = alternatives.operands.iter().map(|operand| operand.span.of(text)).collect();
        assert_eq!(spans, ["(mentions \"a\" and not words > 3)", "@x"]);
        assert!(!alternatives.mixed);
    }

    #[test]
    fn an_or_knows_whether_an_and_in_it_has_parentheses() {
        for (text, mixed) in [
            ("a = 1 and b = 2 or c = 3", true),
            ("(a = 1 and b = 2) or c = 3", false),
            ("a = 1 or (b = 2) and c = 3", true),
            ("a = 1 or b = 2", false),
        ] {
            let tokens = meaningful(text);
            let scene = Scene::new(text, &tokens);
            let (_, expr) = condition::expr(scene.start()).unwrap();
            let crate::query::ast::Expr::Or(alternatives) = expr.node else { panic!("an or") };
            assert_eq!(alternatives.mixed, mixed, "{text}");
        }
    }

    #[test]
    fn contextual_keywords_are_names_where_names_stand() {
        for keyword in Keyword::ALL.iter().filter(|keyword| !keyword.is_reserved()) {
            for text in [
                format!("find {keyword}, {keyword}.{keyword} where {keyword} = 1 order by {keyword} desc"),
                format!("count by {keyword} where number of {keyword} > 2 and mentions {keyword} \"x\""),
                format!("top 5 {keyword} where @{keyword} or {keyword} before today"),
                format!("define @{keyword} as {keyword} since 2018 and {keyword} exists"),
                format!("timeline of {keyword} by day split by {keyword} top 3"),
            ] {
                assert!(
                    Statement::parse(&text).is_ok(),
                    "{}",
                    Statement::parse(&text).unwrap_err().render(&text)
                );
            }
        }
    }

    #[test]
    fn what_may_follow_is_known_at_every_place() {
        let expects = |text: &str, expected: Expected| expected_at(text, text.len()).contains(&expected);
        for (text, expected) in [
            ("", Expected::Word("find")),
            ("show 1; ti", Expected::Word("timeline")),
            ("find ", Expected::Field),
            ("find ", Expected::Word("where")),
            ("find where ", Expected::Word("mentions")),
            ("find where ", Expected::Field),
            ("find where mentions ", Expected::Text),
            ("find where mentions \"Id", Expected::Text),
            ("find where date ", Expected::Word("since")),
            ("find where date since 3 ", Expected::Word("day")),
            ("find where date in last ", Expected::Word("month")),
            ("find where @sy", Expected::SavedName),
            ("find where words > 3 ", Expected::Word("order by")),
            ("timeline by ", Expected::Word("week")),
            ("export to \"x\" as ", Expected::Word("csv")),
        ] {
            assert!(expects(text, expected), "{text}: {:?}", expected_at(text, text.len()));
        }
        for text in ["find # wh", "find where \"x\"", "fnd wh", "find where title contains \"x\""] {
            assert!(expected_at(text, text.len()).is_empty(), "{text}: {:?}", expected_at(text, text.len()));
        }
    }
}
