//! Sections 1 and 2 of the grammar: statements that read.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt, value};
use nom::sequence::{pair, preceded};

use super::catalogue::{define, describe, drop, export, list_, run, show};
use super::clause::{as_share, by_keys, compare, find_clauses, group_clauses, order_by, with};
use super::condition::where_;
use super::input::{Input, Parsed, at, keyword, list, sign};
use super::pattern::scope;
use super::value::{field_ref, unit, whole};
use super::write::write;
use crate::query::MeasureFunction;
use crate::query::ast::*;
use crate::query::lex::{Keyword, Sign};

/// `Statement ::= Explain | Query | Export | Show | Describe | List | Define | Drop | Run | Write`
pub(super) fn statement(input: Input<'_>) -> Parsed<'_, Statement> {
    alt((
        map(query, Statement::Query),
        map(explain, Statement::Explain),
        map(show, Statement::Show),
        map(describe, Statement::Describe),
        map(list_, Statement::List),
        map(define, Statement::Define),
        map(drop, Statement::Drop),
        map(run, Statement::Run),
        map(export, Statement::Export),
        map(write, Statement::Write),
    ))
    .parse(input)
}

/// `Explain ::= 'explain' ( Query | Run | Write ) | 'explain' 'analyze' ( Query | Run )`
fn explain(input: Input<'_>) -> Parsed<'_, Explain> {
    let target = alt((
        preceded(keyword(Keyword::Analyze), cut(runnable)).map(Explain::Analyze),
        map(runnable, Explain::Plan),
        map(write, Explain::PlanOfWrite),
    ));
    preceded(keyword(Keyword::Explain), cut(target)).parse(input)
}

/// `Query | Run`
pub(super) fn runnable(input: Input<'_>) -> Parsed<'_, Runnable> {
    alt((map(query, Runnable::Query), map(run, Runnable::Run))).parse(input)
}

/// `Query ::= Find | Count | Measure | Top | Pairs | Timeline`
pub(super) fn query(input: Input<'_>) -> Parsed<'_, Query> {
    alt((
        preceded(keyword(Keyword::Find), cut(find)).map(Query::Find),
        preceded(keyword(Keyword::Count), cut(count)).map(Query::Count),
        preceded(keyword(Keyword::Top), cut(top_or_pairs)),
        preceded(keyword(Keyword::Timeline), cut(timeline)).map(Query::Timeline),
        map(measure, Query::Measure),
    ))
    .parse(input)
}

/// `Find ::= 'find' Projection? Where? FindClause*`, after its first word.
fn find(input: Input<'_>) -> Parsed<'_, Find> {
    let (input, projection) = opt(projection).parse(input)?;
    let (input, filter) = opt(where_).parse(input)?;
    let (input, clauses) = find_clauses(input)?;
    Ok((input, Find { projection, filter, clauses }))
}

/// `Projection ::= '*' | FieldRef ( ',' FieldRef )*`
fn projection(input: Input<'_>) -> Parsed<'_, Projection> {
    alt((value(Projection::Everything, sign(Sign::Star)), map(list(at(field_ref)), Projection::Fields)))
        .parse(input)
}

/// `Count ::= 'count' ByKeys? AsShare? Where? Compare? GroupClause*`, after its first word.
fn count(input: Input<'_>) -> Parsed<'_, Count> {
    let (input, keys) = by_keys(input)?;
    let (input, as_share) = opt(at(as_share)).parse(input)?;
    let (input, filter) = opt(where_).parse(input)?;
    let (input, compare) = compare(input)?;
    let (input, clauses) = group_clauses(input)?;
    Ok((input, Count { keys, as_share, filter, compare, clauses }))
}

/// `Measure ::= MeasureFn FieldRef ByKeys? Where? GroupClause*`
fn measure(input: Input<'_>) -> Parsed<'_, Measure> {
    let (input, function) = measure_function(input)?;
    let (input, field) = cut(at(field_ref)).parse(input)?;
    let (input, keys) = by_keys(input)?;
    let (input, filter) = opt(where_).parse(input)?;
    let (input, clauses) = group_clauses(input)?;
    Ok((input, Measure { function, field, keys, filter, clauses }))
}

/// `MeasureFn ::= 'average' | 'median' | 'sum' | 'min' | 'max'`
fn measure_function(input: Input<'_>) -> Parsed<'_, MeasureFunction> {
    alt((
        value(MeasureFunction::Average, keyword(Keyword::Average)),
        value(MeasureFunction::Median, keyword(Keyword::Median)),
        value(MeasureFunction::Sum, keyword(Keyword::Sum)),
        value(MeasureFunction::Min, keyword(Keyword::Min)),
        value(MeasureFunction::Max, keyword(Keyword::Max)),
    ))
    .parse(input)
}

/// `Top | Pairs`, after their common first word.
fn top_or_pairs(input: Input<'_>) -> Parsed<'_, Query> {
    let (input, limit) = opt(at(whole)).parse(input)?;
    let (input, is_pairs) = opt(pair(keyword(Keyword::Pairs), keyword(Keyword::Of))).parse(input)?;
    match is_pairs {
        Some(_) => map(cut(|input| pairs(limit.clone(), input)), Query::Pairs).parse(input),
        None => map(|input| top(limit.clone(), input), Query::Top).parse(input),
    }
}

/// `Top ::= 'top' Whole? FieldRef Where? With?`, after the number.
fn top(limit: Option<At<Whole>>, input: Input<'_>) -> Parsed<'_, Top> {
    let (input, field) = at(field_ref).parse(input)?;
    let (input, filter) = opt(where_).parse(input)?;
    let (input, with) = with(input)?;
    Ok((input, Top { limit, field, filter, with }))
}

/// `Pairs ::= 'top' Whole? 'pairs' 'of' FieldRef 'and' FieldRef Scope? Where? OrderBy? With?`, after `of`.
fn pairs(limit: Option<At<Whole>>, input: Input<'_>) -> Parsed<'_, Pairs> {
    let (input, first) = at(field_ref).parse(input)?;
    let (input, second) = preceded(keyword(Keyword::And), at(field_ref)).parse(input)?;
    let (input, scope) = opt(at(scope)).parse(input)?;
    let (input, filter) = opt(where_).parse(input)?;
    let (input, order) = opt(at(order_by)).parse(input)?;
    let (input, with) = with(input)?;
    Ok((input, Pairs { limit, first, second, scope, filter, order, with }))
}

/// `Timeline ::= 'timeline' ( 'of' FieldRef )? 'by' Unit Split? AsShare? Where? Compare? With?`, after its first word.
fn timeline(input: Input<'_>) -> Parsed<'_, Timeline> {
    let (input, field) = opt(preceded(keyword(Keyword::Of), cut(at(field_ref)))).parse(input)?;
    let (input, unit) = preceded(keyword(Keyword::By), at(unit)).parse(input)?;
    let (input, split) = opt(at(split)).parse(input)?;
    let (input, as_share) = opt(at(as_share)).parse(input)?;
    let (input, filter) = opt(where_).parse(input)?;
    let (input, compare) = compare(input)?;
    let (input, with) = with(input)?;
    Ok((input, Timeline { field, unit, split, as_share, filter, compare, with }))
}

/// `Split ::= 'split' 'by' FieldRef ( 'top' Whole )?`
fn split(input: Input<'_>) -> Parsed<'_, Split> {
    let (input, _) = keyword(Keyword::Split).parse(input)?;
    let (input, field) = cut(preceded(keyword(Keyword::By), at(field_ref))).parse(input)?;
    let (input, top) = opt(preceded(keyword(Keyword::Top), cut(at(whole)))).parse(input)?;
    Ok((input, Split { field, top }))
}
