//! Habits from SQL.

use super::Slip;
use crate::query::Statement;
use crate::query::error::{Code, QueryError};
use crate::query::lex::TokenKind;
use crate::text::Span;

/// `select title from articles where ...`
pub(super) fn statement(slip: &Slip<'_>) -> Option<QueryError> {
    let first = *slip.scene.tokens.first()?;
    let word = slip.text(first).to_ascii_lowercase();
    let second = slip.scene.tokens.get(1).map(|token| slip.text(*token).to_ascii_lowercase());
    let is_sql = match (word.as_str(), second.as_deref()) {
        ("select" | "update" | "create" | "alter" | "from" | "truncate" | "grant", _) => slip.at == 0,
        ("insert", Some("into")) | ("delete", Some("from")) | ("drop", Some("table" | "index")) => {
            slip.at == 1
        }
        _ => false,
    };
    if !is_sql {
        return None;
    }
    let message = "dateline is not SQL: queries start with `find`";
    let error = QueryError::new(Code::UnknownStatement, message, first.span).label("SQL keyword");
    let whole = Span { start: first.span.start, end: slip.end().end };
    Some(match translated(slip) {
        Some(query) => error.help(format!("try: {query}")).suggest(whole, query),
        None => error.help("queries look like: find title, date where source = \"Reuters\" limit 20"),
    })
}

/// Returns the same question in this language, where `select ... from ... where ...` is that simple.
fn translated(slip: &Slip<'_>) -> Option<String> {
    let source = slip.scene.source;
    let tokens = slip.scene.tokens;
    let is = |word: &str| tokens.iter().position(|token| slip.text(*token).eq_ignore_ascii_case(word));
    if is("select")? != 0 {
        return None;
    }
    let from = is("from")?;
    let columns = Span { start: tokens.get(1)?.span.start, end: tokens.get(from.checked_sub(1)?)?.span.end };
    let rest = tokens.get(from + 2).map(|token| Span { start: token.span.start, end: slip.end().end });
    let rest = rest.map_or("", |rest| rest.of(source));
    let query = format!("find {} {rest}", columns.of(source));
    Statement::parse(query.trim_end()).is_ok().then(|| query.trim_end().to_owned())
}

/// `group by`, `having`, `from`, `join` inside a statement.
pub(super) fn clause(slip: &Slip<'_>) -> Option<QueryError> {
    let token = slip.token().filter(|token| matches!(token.kind, TokenKind::Word(_)))?;
    let help = match slip.text(token).to_ascii_lowercase().as_str() {
        "group" => "groups are counted with: count by source where …",
        "having" => "a condition on groups is not part of the language; order them and use `limit`",
        "from" => "there is one collection; leave `from` out",
        "join" => "there is one collection; its fields are listed by `describe`",
        "distinct" => "distinct values are listed with: top 100 source where …",
        "asc" | "desc" => "the direction follows the field: order by date desc",
        "ilike" => "letter case never matters: write `like`",
        _ => return None,
    };
    Some(
        QueryError::new(Code::Unexpected, format!("`{}` does not fit here", slip.text(token)), token.span)
            .label(slip.label())
            .help(help),
    )
}
