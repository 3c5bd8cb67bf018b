//! Section 5 of the grammar: statements that change articles.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, value};
use nom::sequence::{preceded, separated_pair};

use super::Expected;
use super::condition::where_;
use super::input::{Input, Parsed, at, keyword, kind, list, sign};
use super::value::{field_ref, parameter, value_};
use crate::query::ast::*;
use crate::query::lex::{Keyword, Sign, TokenKind};

/// `Write ::= Insert | Delete | Curate | SetFields`
pub(super) fn write(input: Input<'_>) -> Parsed<'_, Write> {
    alt((
        preceded(keyword(Keyword::Insert), cut(at(inserted))).map(Write::Insert),
        preceded(keyword(Keyword::Delete), cut(deleted)).map(Write::Delete),
        map(curate, Write::Curate),
        preceded(keyword(Keyword::Set), cut(set_fields)).map(Write::Set),
    ))
    .parse(input)
}

/// `Insert ::= 'insert' ( JsonObject | Parameter )`, after its first word.
fn inserted(input: Input<'_>) -> Parsed<'_, Inserted> {
    let json =
        map(kind(Expected::Json, TokenKind::Json), |token| Inserted::Json(input.text(token).to_owned()));
    alt((json, map(parameter, Inserted::Parameter))).parse(input)
}

/// `Delete ::= 'delete' ( Where | 'all' )`, after its first word.
fn deleted(input: Input<'_>) -> Parsed<'_, Deleted> {
    alt((map(where_, Deleted::Where), value(Deleted::All, keyword(Keyword::All)))).parse(input)
}

/// `Curate ::= ( 'add' | 'remove' ) FieldRef Value ( ',' Value )* Where`
fn curate(input: Input<'_>) -> Parsed<'_, Curate> {
    let (input, adds) =
        alt((value(true, keyword(Keyword::Add)), value(false, keyword(Keyword::Remove)))).parse(input)?;
    let (input, field) = cut(at(field_ref)).parse(input)?;
    let (input, values) = cut(list(at(value_))).parse(input)?;
    let (input, filter) = cut(where_).parse(input)?;
    Ok((input, Curate { adds, field, values, filter }))
}

/// `SetFields ::= 'set' FieldRef '=' Value ( ',' FieldRef '=' Value )* Where`, after its first word.
fn set_fields(input: Input<'_>) -> Parsed<'_, SetFields> {
    let (input, assignments) = list(at(assignment)).parse(input)?;
    let (input, filter) = where_(input)?;
    Ok((input, SetFields { assignments, filter }))
}

/// `FieldRef '=' Value`
fn assignment(input: Input<'_>) -> Parsed<'_, Assignment> {
    map(separated_pair(at(field_ref), sign(Sign::Equal), at(value_)), |(field, value)| Assignment {
        field,
        value,
    })
    .parse(input)
}
