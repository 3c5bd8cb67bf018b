//! Section 4 of the grammar: articles by name, the catalogue, saved names, files.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt, value};
use nom::sequence::{pair, preceded, separated_pair};

use super::Expected;
use super::clause::with;
use super::condition::expr;
use super::input::{Input, Parsed, Production, at, attempt, end, keyword, kind, list, phrase, sign};
use super::statement::{query, runnable};
use super::value::{field_ref, saved_ref, string, value_, value_list, whole};
use crate::query::Catalogued;
use crate::query::ast::*;
use crate::query::lex::{Keyword, Sign, TokenKind};
use crate::query::{Code, QueryError};
use crate::text::Span;

/// `Show ::= 'show' ArticleId ( ',' ArticleId )* With?`
pub(super) fn show(input: Input<'_>) -> Parsed<'_, Show> {
    let (input, articles) = preceded(keyword(Keyword::Show), cut(list(at(article_name)))).parse(input)?;
    let (input, with) = with(input)?;
    Ok((input, Show { articles, with }))
}

/// `ArticleId ::= Whole | String`
fn article_name(input: Input<'_>) -> Parsed<'_, ArticleName> {
    alt((map(whole, ArticleName::Id), map(string, ArticleName::Key))).parse(input)
}

/// `Describe ::= 'describe' FieldRef?`
pub(super) fn describe(input: Input<'_>) -> Parsed<'_, Option<At<FieldRef>>> {
    preceded(keyword(Keyword::Describe), opt(at(field_ref))).parse(input)
}

/// `List ::= 'list' ( 'fields' | 'saved' | 'aliases' )`
pub(super) fn list_(input: Input<'_>) -> Parsed<'_, Catalogued> {
    let what = alt((
        value(Catalogued::Fields, keyword(Keyword::Fields)),
        value(Catalogued::Saved, keyword(Keyword::Saved)),
        value(Catalogued::Aliases, keyword(Keyword::Aliases)),
    ));
    preceded(keyword(Keyword::List), cut(what)).parse(input)
}

/// `Define ::= 'define' ( 'or' 'replace' )? ( SavedRef 'as' ( Query | Expr ) | 'alias' ... )`
pub(super) fn define(input: Input<'_>) -> Parsed<'_, Define> {
    let (input, _) = keyword(Keyword::Define).parse(input)?;
    let (input, replace) = opt(phrase("or replace", Keyword::Or, Keyword::Replace)).parse(input)?;
    let (input, definition) = cut(alt((alias, saved))).parse(input)?;
    Ok((input, Define { replace: replace.is_some(), definition }))
}

/// `SavedRef 'as' ( Query | Expr )`
///
/// A condition may begin with a field called `count` or `top`, so a query that does not reach the end of the
/// statement is read again as a condition.
fn saved(input: Input<'_>) -> Parsed<'_, Definition> {
    let (input, name) = saved_ref(input)?;
    let (input, _) = keyword(Keyword::As).parse(input)?;
    let whole_query = attempt(|input| {
        let (input, query) = at(query).parse(input)?;
        end(input)?;
        Ok((input, query))
    });
    alt((
        map(whole_query, |query| Definition::Query(name.clone(), query)),
        map(expr, |filter| Definition::Filter(name.clone(), filter)),
    ))
    .parse(input)
}

/// `'alias' String '=' String ( ',' String )*`
fn alias(input: Input<'_>) -> Parsed<'_, Definition> {
    let names = separated_pair(at(string), sign(Sign::Equal), list(at(string)));
    preceded(keyword(Keyword::Alias), cut(names))
        .map(|(name, others)| Definition::Alias(name, others))
        .parse(input)
}

/// `Drop ::= 'drop' ( SavedRef | 'alias' String )`
pub(super) fn drop(input: Input<'_>) -> Parsed<'_, Drop> {
    let alias = preceded(keyword(Keyword::Alias), cut(at(string)));
    preceded(keyword(Keyword::Drop), cut(alt((map(saved_ref, Drop::Saved), map(alias, Drop::Alias)))))
        .parse(input)
}

/// `Run ::= 'run' SavedRef ( 'with' Binding ( ',' Binding )* )?`
pub(super) fn run(input: Input<'_>) -> Parsed<'_, Run> {
    let bindings = preceded(keyword(Keyword::With), cut(list(at(binding))));
    let (input, (name, bindings)) =
        preceded(keyword(Keyword::Run), pair(cut(saved_ref), opt(bindings))).parse(input)?;
    Ok((input, Run { name, bindings: bindings.unwrap_or_default() }))
}

/// `Binding ::= NamedParam '=' ( Value | ValueList )`
fn binding(input: Input<'_>) -> Parsed<'_, Binding> {
    let bound = alt((map(at(value_), BoundValue::One), map(value_list, BoundValue::List)));
    map(separated_pair(at(named_parameter), sign(Sign::Equal), bound), |(name, value)| Binding {
        name,
        value,
    })
    .parse(input)
}

/// `NamedParam`, without its colon.
fn named_parameter(input: Input<'_>) -> Parsed<'_, String> {
    let (rest, token) = kind(Expected::Parameter, TokenKind::Parameter).parse(input)?;
    match input.text(token).strip_prefix(':') {
        Some(name) => Ok((rest, name.to_owned())),
        None => input.refuse(numbered_binding(token.span)),
    }
}

fn numbered_binding(span: Span) -> QueryError {
    QueryError::new(Code::ParameterForm, "`run` binds parameters by name", span)
        .label("numbered")
        .help("write: with :name = value, and `:name` in the saved query")
}

/// `Export ::= 'export' 'to' String ( 'as' Format )? ( Query | Run )`
pub(super) fn export(input: Input<'_>) -> Parsed<'_, Export> {
    let (input, _) = keyword(Keyword::Export).parse(input)?;
    let (input, path) = cut(preceded(keyword(Keyword::To), at(string))).parse(input)?;
    let (input, format) = opt(preceded(keyword(Keyword::As), cut(at(format)))).parse(input)?;
    let (input, query) = cut(at(runnable)).parse(input)?;
    Ok((input, Export { path, format, query }))
}

/// `Format ::= 'csv' | 'tsv' | 'json' | 'ndjson' | 'markdown' | 'html' | 'svg' | 'parquet'`
fn format(input: Input<'_>) -> Parsed<'_, ExportFormat> {
    alt((
        one_format(ExportFormat::Csv, Keyword::Csv),
        one_format(ExportFormat::Tsv, Keyword::Tsv),
        one_format(ExportFormat::Json, Keyword::Json),
        one_format(ExportFormat::Ndjson, Keyword::Ndjson),
        one_format(ExportFormat::Markdown, Keyword::Markdown),
        one_format(ExportFormat::Html, Keyword::Html),
        one_format(ExportFormat::Svg, Keyword::Svg),
        one_format(ExportFormat::Parquet, Keyword::Parquet),
    ))
    .parse(input)
}

fn one_format<'a>(format: ExportFormat, word: Keyword) -> impl Production<'a, ExportFormat> {
    value(format, keyword(word))
}
