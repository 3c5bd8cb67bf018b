//! Section 6 of the grammar, values and dates: names, parameters, literals, periods.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, fail, map, opt, value};
use nom::sequence::{delimited, pair, preceded, terminated};

use super::Expected;
use super::input::{Input, Parsed, Production, at, keyword, kind, list, quietly, sign, token};
use crate::date::Unit;
use crate::query::ast::{
    At, DateLiteral, FieldRef, Moment, Parameter, Period, RelativePeriod, Text, Value, Whole,
};
use crate::query::lex::{Category, Keyword, Sign, Token, TokenKind, unescape};
use crate::query::{Code, QueryError};
use crate::value::Number;

/// `FieldRef ::= Identifier ( '.' Identifier )*`
pub(super) fn field_ref(input: Input<'_>) -> Parsed<'_, FieldRef> {
    let (mut rest, first) = identifier(Expected::Field).parse(input)?;
    let mut parts = vec![first.to_lowercase()];
    while let Ok((after, _)) = quietly(sign(Sign::Dot)).parse(rest) {
        let (after, part) = cut(identifier(Expected::Field)).parse(after)?;
        parts.push(part.to_lowercase());
        rest = after;
    }
    Ok((rest, FieldRef { parts }))
}

/// `Identifier`, letter case kept.
pub(super) fn identifier<'a>(expected: Expected) -> impl Production<'a, String> {
    move |input: Input<'a>| {
        let (rest, name) = token(expected, |token| token.is_name()).parse(input)?;
        Ok((rest, name_of(input.text(name))))
    }
}

/// Returns the name that a word or a token in backticks stands for.
fn name_of(text: &str) -> String {
    match text.strip_prefix('`').and_then(|text| text.strip_suffix('`')) {
        Some(inside) => inside.replace("``", "`"),
        None => text.to_owned(),
    }
}

/// `SavedRef ::= '@' Identifier`; the name comes without the `@`, in lower case.
pub(super) fn saved_ref(input: Input<'_>) -> Parsed<'_, At<String>> {
    at(preceded(sign(Sign::At), cut(identifier(Expected::SavedName))).map(|name| name.to_lowercase()))
        .parse(input)
}

/// `String`
pub(super) fn string(input: Input<'_>) -> Parsed<'_, String> {
    let (rest, token) = kind(Expected::Text, TokenKind::String).parse(input)?;
    Ok((rest, unescape(input.text(token)).into_owned()))
}

/// `Parameter ::= NumberedParam | NamedParam`
pub(super) fn parameter(input: Input<'_>) -> Parsed<'_, Parameter> {
    let (rest, token) = kind(Expected::Parameter, TokenKind::Parameter).parse(input)?;
    let text = input.text(token);
    if let Some(name) = text.strip_prefix(':') {
        return Ok((rest, Parameter::Named(name.to_owned())));
    }
    match text.trim_start_matches('$').parse() {
        Ok(number) => Ok((rest, Parameter::Numbered(number))),
        Err(_) => input.refuse(out_of_range(text, token)),
    }
}

/// `Text ::= String | Parameter`
pub(super) fn text(input: Input<'_>) -> Parsed<'_, Text> {
    alt((map(string, Text::String), map(parameter, Text::Parameter))).parse(input)
}

/// `Whole ::= Integer | Parameter`
pub(super) fn whole(input: Input<'_>) -> Parsed<'_, Whole> {
    alt((map(integer, Whole::Number), map(parameter, Whole::Parameter))).parse(input)
}

/// `Integer`
fn integer(input: Input<'_>) -> Parsed<'_, u64> {
    let (rest, token) = kind(Expected::Whole, TokenKind::Integer).parse(input)?;
    match input.text(token).parse() {
        Ok(number) => Ok((rest, number)),
        Err(_) => input.refuse(out_of_range(input.text(token), token)),
    }
}

fn out_of_range(text: &str, token: Token) -> QueryError {
    QueryError::new(Code::NumberRange, format!("`{text}` is too large"), token.span)
        .label("does not fit")
        .help("numbers have at most 308 digits, whole numbers of clauses fit 64 bits, parameters 32")
}

/// `Value ::= String | Number | Boolean | Moment`
pub(super) fn value_(input: Input<'_>) -> Parsed<'_, Value> {
    alt((
        map(string, Value::String),
        map(ago_ahead, Value::Moment),
        map(number, Value::Number),
        value(Value::Boolean(true), keyword(Keyword::True)),
        value(Value::Boolean(false), keyword(Keyword::False)),
        map(date_or_word, Value::Moment),
        map(parameter, Value::Parameter),
    ))
    .parse(input)
}

/// `Number`
fn number(input: Input<'_>) -> Parsed<'_, Number> {
    let is_number = |token: Token| matches!(token.kind, TokenKind::Integer | TokenKind::Number);
    let (rest, token) = token(Expected::Number, is_number).parse(input)?;
    let text = input.text(token);
    let whole = text.parse().ok().map(Number::Whole);
    match whole.or_else(|| Number::from_f64(text.parse().ok()?)) {
        Some(number) => Ok((rest, number)),
        None => input.refuse(out_of_range(text, token)),
    }
}

/// `ValueList ::= '(' Value ( ',' Value )* ')'`, its other form being left to the caller.
pub(super) fn value_list(input: Input<'_>) -> Parsed<'_, Vec<At<Value>>> {
    delimited(sign(Sign::Open), cut(list(at(value_))), cut(sign(Sign::Close))).parse(input)
}

/// `Moment ::= DateLiteral | 'now' | 'today' | 'yesterday' | Whole Unit 'ago'`, parameters being left to the caller.
pub(super) fn moment(input: Input<'_>) -> Parsed<'_, Moment> {
    alt((ago, date_or_word)).parse(input)
}

fn date_or_word(input: Input<'_>) -> Parsed<'_, Moment> {
    alt((
        map(date_literal, Moment::Date),
        value(Moment::Now, keyword(Keyword::Now)),
        value(Moment::Today, keyword(Keyword::Today)),
        value(Moment::Yesterday, keyword(Keyword::Yesterday)),
    ))
    .parse(input)
}

/// `Whole Unit 'ago'`
fn ago(input: Input<'_>) -> Parsed<'_, Moment> {
    let (rest, (count, unit)) = terminated(pair(at(whole), unit), keyword(Keyword::Ago)).parse(input)?;
    Ok((rest, Moment::Ago { count, unit }))
}

/// `Whole Unit 'ago'` where a unit follows the number: any other number is just a number.
fn ago_ahead(input: Input<'_>) -> Parsed<'_, Moment> {
    match input.peek(1).and_then(|token| token.keyword()).map(Keyword::category) {
        Some(Category::Unit) => ago(input),
        _ => fail().parse(input),
    }
}

/// `DateLiteral`
fn date_literal(input: Input<'_>) -> Parsed<'_, DateLiteral> {
    let (rest, token) = kind(Expected::Date, TokenKind::Date).parse(input)?;
    Ok((rest, DateLiteral::from(input.text(token).to_owned())))
}

/// `Year`
pub(super) fn year(input: Input<'_>) -> Parsed<'_, DateLiteral> {
    let (rest, token) = token(Expected::Year, is_year).parse(input)?;
    Ok((rest, DateLiteral::from(input.text(token).to_owned())))
}

/// Tells whether the token is four digits.
fn is_year(token: Token) -> bool {
    token.kind == TokenKind::Integer && token.span.len() == 4
}

/// `Period ::= ( DateLiteral | Year ) ( '..' ( DateLiteral | Year ) )? | 'today' | 'yesterday' | RelPeriod`
pub(super) fn period(input: Input<'_>) -> Parsed<'_, Period> {
    alt((
        dates,
        value(Period::Today, keyword(Keyword::Today)),
        value(Period::Yesterday, keyword(Keyword::Yesterday)),
        map(relative_period, Period::Relative),
    ))
    .parse(input)
}

fn dates(input: Input<'_>) -> Parsed<'_, Period> {
    let date = |input| at(alt((date_literal, year))).parse(input);
    let (rest, first) = date(input)?;
    let (rest, last) = opt(preceded(sign(Sign::Range), cut(date))).parse(rest)?;
    Ok((rest, last.map_or_else(|| Period::Date(first.clone()), |last| Period::Range(first.clone(), last))))
}

/// `RelPeriod ::= ( 'this' | 'last' ) Unit | 'last' Whole Unit`
pub(super) fn relative_period(input: Input<'_>) -> Parsed<'_, RelativePeriod> {
    let several = map(pair(at(whole), cut(unit)), |(count, unit)| RelativePeriod::LastSeveral(count, unit));
    alt((
        preceded(keyword(Keyword::This), cut(map(unit, RelativePeriod::This))),
        preceded(keyword(Keyword::Last), cut(alt((map(unit, RelativePeriod::Last), several)))),
    ))
    .parse(input)
}

/// `Unit`, singular or plural.
pub(super) fn unit(input: Input<'_>) -> Parsed<'_, Unit> {
    alt((
        one_unit(Unit::Year, Keyword::Year, Keyword::Years),
        one_unit(Unit::Quarter, Keyword::Quarter, Keyword::Quarters),
        one_unit(Unit::Month, Keyword::Month, Keyword::Months),
        one_unit(Unit::Week, Keyword::Week, Keyword::Weeks),
        one_unit(Unit::Day, Keyword::Day, Keyword::Days),
        one_unit(Unit::Hour, Keyword::Hour, Keyword::Hours),
        one_unit(Unit::Minute, Keyword::Minute, Keyword::Minutes),
    ))
    .parse(input)
}

fn one_unit<'a>(unit: Unit, singular: Keyword, plural: Keyword) -> impl Production<'a, Unit> {
    value(unit, alt((quietly(keyword(plural)), keyword(singular))))
}

/// `Words ::= 'words' | 'word'`
pub(super) fn words(input: Input<'_>) -> Parsed<'_, Token> {
    alt((keyword(Keyword::Words), quietly(keyword(Keyword::Word)))).parse(input)
}
