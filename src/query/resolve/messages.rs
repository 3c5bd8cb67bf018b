//! What the resolver says when a statement is wrong: each message names the place and what to write instead.
//!
//! The messages that other parts raise too are constructors of [`QueryError`]; these are the resolver's own.

use std::ops::RangeInclusive;

use super::values::{Comparing, Literal};
use crate::query::ast::AffixKind;
use crate::query::ast::{self, At, Expr, FieldRef, Parameter, Text};
use crate::query::{Binding, Code, Comparison, QueryError, Scope, nearest, quote_str};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::text::Span;
use crate::value::{Number, Value};

/// Longest text that a help line repeats, in bytes.
const SHOWN_BYTES_MAX: usize = 60;

/// A value as messages show it.
pub(super) struct Shown {
    form: Form,
    /// As the query writes it, without quotes; empty where that is not known.
    written: String,
}

/// What a value is.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Text,
    Number,
    Boolean,
    Date,
    Period,
}

impl Shown {
    pub(super) fn literal(literal: &Literal) -> Shown {
        let (form, written) = match literal {
            Literal::Text(text) => (Form::Text, text.clone()),
            Literal::Number(number) => (Form::Number, number.to_string()),
            Literal::Boolean(value) => (Form::Boolean, value.to_string()),
            Literal::Date(_) => (Form::Date, String::new()),
        };
        Shown { form, written }
    }

    pub(super) fn value(value: &Value) -> Shown {
        let written = match value {
            Value::Date(_) => String::new(),
            other => other.to_string(),
        };
        Shown { written, ..Shown::bound(&Binding::Value(value.clone())) }
    }

    pub(super) fn period(period: &ast::Period) -> Shown {
        Shown { form: Form::Period, written: period.to_string() }
    }

    pub(super) fn bound(binding: &Binding) -> Shown {
        let form = match binding {
            Binding::Value(Value::Text(_)) => Form::Text,
            Binding::Value(Value::Number(_)) => Form::Number,
            Binding::Value(Value::Boolean(_)) => Form::Boolean,
            Binding::Value(Value::Date(_)) => Form::Date,
            _ => Form::Period,
        };
        Shown { form, written: String::new() }
    }

    /// What it is, with its article, and in one word.
    fn kind(&self) -> (&'static str, &'static str) {
        match self.form {
            Form::Text => ("text", "text"),
            Form::Number => ("a number", "number"),
            Form::Boolean => ("true or false", "boolean"),
            Form::Date => ("a date", "date"),
            Form::Period => ("a period of time", "period"),
        }
    }
}

/// What a field is, with its article.
fn kind_of(field: &Field) -> &'static str {
    match field.field_type {
        FieldType::Text => "text",
        FieldType::Keyword => "a keyword",
        FieldType::Number => "a number",
        FieldType::Boolean => "true or false",
        FieldType::Date => "a date",
        FieldType::Quote => "direct speech",
    }
}

fn type_error(name: &At<FieldRef>, field: &Field, rest: &str, label: &str, span: Span) -> QueryError {
    let message = format!("`{}` is {}, {rest}", name.name(), kind_of(field));
    QueryError::new(Code::Type, message, span).label(label)
}

/// A value of another type than its field; `operator` is known where one value is compared.
pub(super) fn wrong_type(
    name: &At<FieldRef>,
    field: &Field,
    shown: &Shown,
    operator: Option<&str>,
    span: Span,
) -> QueryError {
    let (kind, label) = shown.kind();
    let error = QueryError::type_mismatch(&name.name(), kind_of(field), kind, label, span);
    match help_with_type(&name.name(), field.field_type, shown, operator) {
        Some(help) => error.help(help),
        None => error,
    }
}

fn help_with_type(
    name: &str,
    field_type: FieldType,
    shown: &Shown,
    operator: Option<&str>,
) -> Option<String> {
    let written = Some(shown.written.as_str()).filter(|text| (1..=SHOWN_BYTES_MAX).contains(&text.len()));
    let corrected = |value: &str| match operator.filter(|operator| operator.len() <= 2 && *operator != "in") {
        Some(operator) => format!("{name} {operator} {value}"),
        None => value.to_owned(),
    };
    match (field_type, shown.form, written) {
        (FieldType::Number, Form::Text, Some(text)) if reads_as_number(text) => {
            Some(format!("remove the quotes: {}", corrected(text)))
        }
        (FieldType::Date, Form::Text, Some(text)) if text.parse::<crate::date::Date>().is_ok() => {
            Some(format!("remove the quotes: {}", corrected(text)))
        }
        (FieldType::Date, Form::Text, Some(text)) if reads_as_period(text) => {
            Some(format!("write: {name} in {text}"))
        }
        (FieldType::Date, ..) => Some(format!("write a date: {}", corrected("2018-09-01"))),
        (FieldType::Boolean, Form::Text, Some(text @ ("true" | "false"))) => {
            Some(format!("remove the quotes: {}", corrected(text)))
        }
        (FieldType::Boolean, ..) => Some(format!("write `{name} = true` or `{name} = false`")),
        (FieldType::Keyword, Form::Number | Form::Boolean, Some(text)) => {
            Some(format!("write it in quotes: {}", corrected(&quote_str(text))))
        }
        (FieldType::Keyword, ..) => Some("values of a keyword are text in quotes".to_owned()),
        (_, Form::Period, Some(text)) => Some(format!("did you mean `date in {text}`?")),
        (FieldType::Number, ..) => Some(format!("write a number: {}", corrected("300"))),
        _ => None,
    }
}

fn reads_as_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|value| Number::from_f64(value).is_some())
}

fn reads_as_period(text: &str) -> bool {
    crate::query::parse(&format!("find where date in {text}")).is_ok()
}

/// A mistake of form that a strict session makes of a warning.
pub(super) fn strict(warning: &str, message: String, span: Span) -> QueryError {
    QueryError::new(Code::Warned, message, span)
        .label(format!("warning {warning}"))
        .help("strict sessions take warnings as errors")
}

pub(super) fn not_groupable(name: &At<FieldRef>, field: &Field, action: &str) -> QueryError {
    type_error(name, field, &format!("{action} needs a field of values"), "text", name.span)
        .help("for example source, person, place or lang")
}

pub(super) fn not_a_date_field(name: &At<FieldRef>, field: &Field, action: &str) -> QueryError {
    type_error(name, field, &format!("`{action}` needs a date"), "not a date", name.span)
        .help("date fields are `date`, `added` and those that `describe` calls dates")
}

pub(super) fn not_measurable(name: &At<FieldRef>, field: &Field, function: &str) -> QueryError {
    type_error(name, field, &format!("`{function}` needs numbers"), "not a number", name.span)
        .help(format!("for example: {function} words"))
}

pub(super) fn contains_needs_text(
    name: &At<FieldRef>,
    field: &Field,
    pattern: &At<ast::TextPattern>,
) -> QueryError {
    let error = type_error(name, field, "`contains` looks for words in text", "not text", name.span);
    let text = match &pattern.left.node {
        ast::Operand::Term(term) => match &term.text.node {
            Text::String(text) if text.len() <= SHOWN_BYTES_MAX => text.as_str(),
            _ => "…",
        },
        ast::Operand::Several(..) => "…",
    };
    match (&field.name, field.field_type) {
        (FieldName::Builtin(entity), _) if entity.is_entity() => {
            error.help(format!("write: mentions {entity} {}", quote_str(text), entity = entity.name()))
        }
        (_, FieldType::Keyword) => {
            error.help(format!("write: {} like {}", name.name(), quote_str(&format!("*{text}*"))))
        }
        (_, FieldType::Quote) => error.help(format!("write: quotes anyone saying {}", quote_str(text))),
        _ => error.help("text fields are title, lede, body and text"),
    }
}

pub(super) fn not_comparable(place: Comparing, field: &Field, text: Option<&str>, span: Span) -> QueryError {
    let rest = format!("`{}` compares whole values", place.operator);
    let error = type_error(place.name, field, &rest, "compares whole values", span);
    let text = quote_str(text.filter(|text| text.len() <= SHOWN_BYTES_MAX).unwrap_or("…"));
    match field.field_type {
        FieldType::Quote => error.help(format!("write: quotes anyone saying {text}")),
        _ => error.help(format!("write: {} contains {text}", place.name.name())),
    }
}

pub(super) fn no_order(name: &At<FieldRef>, field: &Field, sign: &At<Comparison>) -> QueryError {
    let rest = format!("`{}` needs a number or a date", sign.sign());
    type_error(name, field, &rest, "has no order", sign.span).help(match field.field_type {
        FieldType::Keyword => "write `=`, `!=`, `in`, `starts with`, `ends with` or `like`",
        _ => "write `=` or `!=`",
    })
}

pub(super) fn no_between(name: &At<FieldRef>, field: &Field) -> QueryError {
    type_error(name, field, "`between` needs numbers or dates", "has no order", name.span)
        .help(format!("write: {} in (…, …)", name.name()))
}

pub(super) fn affix_needs_keyword(
    name: &At<FieldRef>,
    field: &Field,
    kind: AffixKind,
    text: &str,
) -> QueryError {
    let rest = format!("`{}` looks at whole values of a keyword", kind.name());
    let error = type_error(name, field, &rest, "not a keyword", name.span);
    let quoted = quote_str(if text.len() <= SHOWN_BYTES_MAX { text } else { "…" });
    match (field.field_type, kind) {
        (FieldType::Text, AffixKind::StartsWith) => {
            error.help(format!("words that begin so: {} contains prefix {quoted}", name.name()))
        }
        (FieldType::Text, _) => error.help(format!("words like it: {} contains like {quoted}", name.name())),
        _ => error,
    }
}

pub(super) fn no_pattern_here(name: &At<FieldRef>, field: &Field) -> QueryError {
    type_error(name, field, "`matches` needs text or a keyword", "not text", name.span)
}

pub(super) fn no_kind_of_entity(name: &At<FieldRef>) -> QueryError {
    let message = format!("`{}` is not a kind of name", name.name());
    QueryError::new(Code::Type, message, name.span)
        .label("expected person, place or org")
        .help("without a kind `mentions` looks for any name")
}

pub(super) fn blank_value(name: &At<FieldRef>, text: &str, span: Span) -> QueryError {
    QueryError::new(Code::NoWords, format!("no value is {}", quote_str(text)), span)
        .label("blank")
        .help(format!("for articles without one write: {} is missing", name.name()))
}

pub(super) fn like_of_several_words(text: &str, span: Span) -> QueryError {
    QueryError::new(Code::NoWords, format!("{} fits no single word", quote_str(text)), span)
        .label("`like` compares one word")
        .help("words end at spaces, hyphens and apostrophes; for more of the text write: matches /…/")
}

pub(super) fn near_none(word: &str, span: Span) -> QueryError {
    QueryError::new(Code::NearNone, format!("`{word}` cannot stand beside `none of`"), span)
        .label("what is absent has no place")
        .help("write: text contains … and text not contains any of (…)")
}

pub(super) fn out_of_range(what: &str, number: u64, range: RangeInclusive<u64>, span: Span) -> QueryError {
    let (label, limit) = if number < *range.start() {
        ("too small", format!("at least {}", range.start()))
    } else {
        ("too large", format!("at most {}", range.end()))
    };
    QueryError::new(Code::Argument, format!("{what} is {limit}"), span).label(label)
}

pub(super) fn unknown_region(text: &str, span: Span) -> QueryError {
    QueryError::new(Code::Argument, format!("no country or region is called {}", quote_str(text)), span)
        .label("not in the gazetteer")
        .help(format!("for a place of that name write: mentions place {}", quote_str(text)))
}

pub(super) fn region_with_modifier(span: Span) -> QueryError {
    QueryError::new(Code::Argument, "countries and regions are named whole", span)
        .label("expected text")
        .help("write: mentions place within any of (\"Syria\", \"Iraq\")")
}

pub(super) fn off_calendar(span: Span) -> QueryError {
    QueryError::new(Code::ImpossibleDate, "this lies outside the years 0001 to 9999", span)
        .label("off the calendar")
}

pub(super) fn pattern_too_large(limit_bytes: usize, span: Span) -> QueryError {
    let reason = format!("it compiles to more than {} KiB", limit_bytes >> 10);
    QueryError::bad_pattern(&reason, "too large", span)
        .help("use fewer and smaller repetitions, or (?-u:…) for ASCII classes")
}

pub(super) fn unbound(parameter: &Parameter, span: Span) -> QueryError {
    QueryError::new(Code::Unbound, format!("`{parameter}` has no value"), span)
        .label("not bound")
        .help("bind it before the query runs")
}

pub(super) fn unused_binding(parameter: &Parameter, span: Span) -> QueryError {
    QueryError::new(
        Code::Unasked,
        format!("a value is bound to `{parameter}`, which the query does not have"),
        span,
    )
    .label(format!("no `{parameter}` here"))
}

pub(super) fn bound_twice(name: &At<String>) -> QueryError {
    QueryError::new(Code::Repeated, format!("`:{}` is bound twice", name.node), name.span)
        .label("second value")
}

pub(super) fn list_in_list(span: Span) -> QueryError {
    QueryError::new(Code::BoundType, "a list cannot stand in a list", span).label("not one value")
}

pub(super) fn wrong_binding(
    parameter: &Parameter,
    binding: &Binding,
    wanted: &str,
    span: Span,
) -> QueryError {
    let message = format!("`{parameter}` is {}, {wanted} belongs here", binding.kind());
    QueryError::new(Code::BoundType, message, span).label(format!("expected {wanted}"))
}

pub(super) fn list_of_other(parameter: &Parameter, wanted: &str, span: Span) -> QueryError {
    let message = format!("`{parameter}` is a list of other values than {wanted}");
    QueryError::new(Code::BoundType, message, span).label(format!("expected a list of {wanted}"))
}

pub(super) fn empty_list(parameter: &Parameter, span: Span) -> QueryError {
    QueryError::new(Code::BoundType, format!("the list bound to `{parameter}` is empty"), span)
        .label("expected at least one value")
}

pub(super) fn query_as_condition(name: &At<String>) -> QueryError {
    let message = format!("`@{}` is a saved query, not a condition", name.node);
    QueryError::new(Code::Type, message, name.span).label("query").help(format!("write: run @{}", name.node))
}

pub(super) fn condition_as_query(name: &At<String>) -> QueryError {
    let message = format!("`@{}` is a saved condition, not a query", name.node);
    QueryError::new(Code::Type, message, name.span)
        .label("condition")
        .help(format!("write: find where @{}", name.node))
}

pub(super) fn saved_cycle(path: &[String], name: &At<String>) -> QueryError {
    let circle = path.iter().skip_while(|outer| **outer != name.node).chain([&name.node]);
    let circle: Vec<String> = circle.map(|name| format!("`@{name}`")).collect();
    QueryError::new(Code::SavedCycle, format!("`@{}` contains itself", name.node), name.span)
        .label("circle")
        .help(format!("the circle is {}", circle.join(" → ")))
}

pub(super) fn saved_too_deep(name: &At<String>, limit: usize) -> QueryError {
    let message = format!("saved filters are nested more than {limit} deep at `@{}`", name.node);
    QueryError::new(Code::SavedCycle, message, name.span).label("too deep")
}

pub(super) fn unreadable_saved(name: &At<String>) -> QueryError {
    let message = format!("the text saved as `@{}` cannot be read", name.node);
    QueryError::new(Code::Unexpected, message, name.span)
        .label("not in this version of the language")
        .help(format!("write it again: define or replace @{} as …", name.node))
}

pub(super) fn unknown_alias<'a>(name: &At<String>, known: impl IntoIterator<Item = &'a str>) -> QueryError {
    let message = format!("no alias is called {}", quote_str(&name.node));
    let error = QueryError::new(Code::UnknownAlias, message, name.span).label("not defined");
    match nearest(&name.node, known) {
        Some(near) => error.help(format!("did you mean {}? (`list aliases` lists all)", quote_str(near))),
        None => error.help("`list aliases` lists all"),
    }
}

pub(super) fn alias_taken(name: &At<String>) -> QueryError {
    let message = format!("there is an alias {} already", quote_str(&name.node));
    QueryError::new(Code::AlreadyDefined, message, name.span)
        .label("taken")
        .help("to change it write `define or replace alias`")
}

pub(super) fn alias_circle(name: &At<String>, canonical: &str) -> QueryError {
    let message =
        format!("{} is a name in the alias {} already", quote_str(&name.node), quote_str(canonical));
    QueryError::new(Code::SavedCycle, message, name.span)
        .label("aliases are one level deep")
        .help(format!("add the names to that alias, or drop it: drop alias {}", quote_str(canonical)))
}

pub(super) fn with_item(statement: &str, item: &str, takes: &[&str], span: Span) -> QueryError {
    let error = QueryError::new(Code::WithItem, format!("`{statement}` takes no `with {item}`"), span)
        .label(format!("not for `{statement}`"));
    match takes {
        [] => error.help(format!("`{statement}` takes no `with`")),
        takes => error.help(format!("`{statement}` takes: {}", takes.join(", "))),
    }
}

pub(super) fn no_relevance(span: Span) -> QueryError {
    QueryError::new(Code::NoRelevance, "relevance needs a text or entity condition", span)
        .label("nothing to score")
        .help("add one such as: text contains \"…\"; or write `newest first`")
}

pub(super) fn not_a_column(name: &At<FieldRef>, columns: &[String]) -> QueryError {
    let message = format!("`{}` is not a column of this result", name.name());
    let error = QueryError::new(Code::Argument, message, name.span).label("no such column");
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let columns_help = format!("columns are {}", list(&columns));
    match nearest(&name.name(), columns.iter().copied()) {
        Some(near) => error.help(format!("did you mean `{near}`? {columns_help}")).suggest(name.span, near),
        None => error.help(columns_help),
    }
}

pub(super) fn articles_order_for_groups(written: &str, column: &str, span: Span) -> QueryError {
    QueryError::new(Code::Argument, format!("`{written}` orders articles, these rows are groups"), span)
        .label("not for groups")
        .help(format!("write: order by {column} desc"))
}

pub(super) fn no_text_order(name: &At<FieldRef>, field: &Field) -> QueryError {
    type_error(name, field, "`order by` needs values that have an order", "no order", name.span)
        .help("write: order by relevance desc, title or date")
}

pub(super) fn listed_twice(name: &At<FieldRef>, what: &str) -> QueryError {
    QueryError::new(Code::Repeated, format!("{what} `{}` is given twice", name.name()), name.span)
        .label(format!("second `{}`", name.name()))
        .suggest(name.span, "")
}

pub(super) fn one_pair_order(span: Span) -> QueryError {
    QueryError::new(Code::Argument, "pairs are ordered by one column", span)
        .label("expected one of `articles`, `lift`")
        .help("write: order by lift desc")
}

pub(super) fn label_twice(label: &str, span: Span) -> QueryError {
    QueryError::new(Code::Repeated, format!("two series are called {}", quote_str(label)), span)
        .label("second of that name")
        .help("give it another name: as …")
}

pub(super) fn split_and_compare(span: Span) -> QueryError {
    QueryError::new(Code::Argument, "a timeline takes `split by` or `compare`, not both", span)
        .label("second kind of series")
}

pub(super) fn share_of_nothing(span: Span) -> QueryError {
    QueryError::new(Code::Argument, "`as share` needs groups or series to share", span)
        .label("nothing to divide")
        .help("write: count by source as share where …")
}

pub(super) fn write_refused(statement: &str, span: Span) -> QueryError {
    QueryError::new(Code::WriteRefused, format!("this session may not write: `{statement}` is refused"), span)
        .label("changes the archive")
        .help("start the command with `--write`, or open the database for writing")
}

pub(super) fn files_refused(statement: &str, span: Span) -> QueryError {
    QueryError::new(
        Code::FilesRefused,
        format!("this session may not touch files: `{statement}` is refused"),
        span,
    )
    .label("writes a file")
    .help("start the command without `--safe`")
}

/// An article that cannot be stored.
pub(super) fn unfit_article(fault: &crate::import::Fault, span: Span) -> QueryError {
    QueryError::new(Code::Unfit, fault.to_string(), span).label("cannot be stored")
}

pub(super) fn not_one_value(binding: &Binding, span: Span) -> QueryError {
    let message = format!("this is {}, one value belongs here", binding.kind());
    QueryError::new(Code::BoundType, message, span).label("expected one value")
}

pub(super) fn name_twice(name: &At<String>) -> QueryError {
    let message = format!("{} is given twice", quote_str(&name.node));
    QueryError::new(Code::Repeated, message, name.span).label("second time").suggest(name.span, "")
}

pub(super) fn no_export_format(path: &At<String>) -> QueryError {
    let quoted = quote_str(&path.node);
    QueryError::new(Code::Argument, format!("the ending of {quoted} names no format"), path.span)
        .label("which format?")
        .help(format!("write: export to {quoted} as csv …"))
}

pub(super) fn one_value_field(name: &At<FieldRef>, adds: bool) -> QueryError {
    let word = if adds { "add" } else { "remove" };
    let message = format!("`{}` has one value, `{word}` needs a field of many", name.name());
    QueryError::new(Code::Type, message, name.span)
        .label("one value")
        .help(format!("write: set {} = …", name.name()))
}

pub(super) fn not_settable(name: &At<FieldRef>) -> QueryError {
    let message = format!("`{}` is given by the database and cannot be set", name.name());
    QueryError::new(Code::Type, message, name.span).label("read only")
}

/// W01: says how `and` and `or` without parentheses are read.
pub(super) fn mixed_and_or(expr: &Expr) -> String {
    let Expr::Or(alternatives) = expr else { return String::new() };
    let reading: Vec<String> = alternatives
        .operands
        .iter()
        .map(|operand| match &operand.node {
            Expr::And(_) => format!("({})", operand.node),
            other => other.to_string(),
        })
        .collect();
    format!("`and` binds before `or`; this is read as: {}", reading.join(" or "))
}

/// W02: finds an operator of another language inside quotes.
pub(super) fn operator_in_text(text: &str) -> Option<String> {
    let (sign, instead) = operator_in(text)?;
    Some(format!("`{sign}` is ordinary text here; {instead}"))
}

fn operator_in(text: &str) -> Option<(&'static str, &'static str)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let between = |word: &str| words.iter().skip(1).rev().skip(1).any(|inner| *inner == word);
    let bare = |sign: char| words.iter().any(|word| word.contains(sign));
    if bare('*') {
        return Some(("*", "write `prefix \"…\"` or `like \"…\"`"));
    }
    if words.iter().any(|word| word.trim_end_matches('?').contains('?')) || (words.len() == 1 && bare('?')) {
        return Some(("?", "write `like \"…\"`"));
    }
    if bare('~') {
        return Some(("~", "write `fuzzy \"…\"`, or `near` for a distance"));
    }
    if between("AND") {
        return Some(("AND", "write `all of (…)`"));
    }
    between("OR").then_some(("OR", "write `any of (…)`"))
}

/// W02 for whole values.
pub(super) fn wildcard_in_value(name: &At<FieldRef>, text: &str) -> Option<String> {
    let has_star = text.starts_with('*') || text.ends_with('*');
    has_star.then(|| format!("`*` is ordinary text here; write `{} like {}`", name.name(), quote_str(text)))
}

/// W04: a span that ends before it begins.
pub(super) fn backward_span(field: &FieldName) -> String {
    format!("no `{field}` can meet this: the period ends before it begins")
}

/// W04: tests that exclude each other.
pub(super) fn contradicting_dates(field: Builtin) -> String {
    format!("no `{}` can meet these conditions together", field.name())
}

/// W07: a scope that has one thing to hold.
pub(super) fn idle_scope(scope: Scope) -> String {
    let scope = match scope {
        Scope::Sentence => "sentence",
        Scope::Paragraph => "paragraph",
    };
    format!("`in same {scope}` changes nothing for a single term; write `all of (…)` or `near`")
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((only, [])) => only.clone(),
        Some((end, front)) => format!("{} and {end}", front.join(", ")),
        None => String::new(),
    }
}
