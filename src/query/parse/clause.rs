//! Section 2 of the grammar: what stands around the condition of a query.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt, value};
use nom::sequence::{delimited, pair, preceded};

use super::Expected;
use super::condition::expr;
use super::input::{Input, Parsed, Production, at, keyword, list, phrase, sign};
use super::value::{field_ref, identifier, string, text, unit, whole, words};
use crate::query::ast::*;
use crate::query::lex::{Keyword, Sign};

/// `FindClause*`
pub(super) fn find_clauses(input: Input<'_>) -> Parsed<'_, Vec<At<Clause>>> {
    clauses(alt((common_clause, map(after, Clause::After)))).parse(input)
}

/// `GroupClause*`
pub(super) fn group_clauses(input: Input<'_>) -> Parsed<'_, Vec<At<Clause>>> {
    clauses(common_clause).parse(input)
}

fn clauses<'a>(clause: impl Production<'a, Clause>) -> impl Production<'a, Vec<At<Clause>>> {
    let mut clause = at(clause);
    move |input: Input<'a>| {
        let (mut rest, mut clauses) = (input, Vec::new());
        loop {
            match clause.parse(rest) {
                Ok((after, next)) => {
                    clauses.push(next);
                    rest = after;
                }
                Err(nom::Err::Error(_)) => return Ok((rest, clauses)),
                Err(error) => return Err(error),
            }
        }
    }
}

/// `GroupClause ::= OrderBy | Limit | Offset | With`
fn common_clause(input: Input<'_>) -> Parsed<'_, Clause> {
    alt((
        map(order_by, Clause::Order),
        map(preceded(keyword(Keyword::Limit), cut(at(whole))), Clause::Limit),
        map(preceded(keyword(Keyword::Offset), cut(at(whole))), Clause::Offset),
        map(with_items, Clause::With),
    ))
    .parse(input)
}

/// `After ::= 'after' Text`
fn after(input: Input<'_>) -> Parsed<'_, At<Text>> {
    preceded(keyword(Keyword::After), cut(at(text))).parse(input)
}

/// `OrderBy ::= 'order' 'by' OrderKey ( ',' OrderKey )* | ( 'newest' | 'oldest' | 'best' ) 'first'`
pub(super) fn order_by(input: Input<'_>) -> Parsed<'_, OrderBy> {
    alt((
        map(
            preceded(phrase("order by", Keyword::Order, Keyword::By), cut(list(at(order_key)))),
            OrderBy::Keys,
        ),
        value(OrderBy::Newest, phrase("newest first", Keyword::Newest, Keyword::First)),
        value(OrderBy::Oldest, phrase("oldest first", Keyword::Oldest, Keyword::First)),
        value(OrderBy::Best, phrase("best first", Keyword::Best, Keyword::First)),
    ))
    .parse(input)
}

/// `OrderKey ::= FieldRef ( 'asc' | 'desc' )?`
fn order_key(input: Input<'_>) -> Parsed<'_, OrderKey> {
    let direction = alt((
        value(Direction::Ascending, keyword(Keyword::Asc)),
        value(Direction::Descending, keyword(Keyword::Desc)),
    ));
    map(pair(at(field_ref), opt(direction)), |(field, direction)| OrderKey { field, direction }).parse(input)
}

/// `With?`
pub(super) fn with(input: Input<'_>) -> Parsed<'_, Vec<At<WithItem>>> {
    map(opt(with_items), Option::unwrap_or_default).parse(input)
}

/// `With ::= 'with' WithItem ( ',' WithItem )*`
fn with_items(input: Input<'_>) -> Parsed<'_, Vec<At<WithItem>>> {
    preceded(keyword(Keyword::With), cut(list(at(with_item)))).parse(input)
}

/// `WithItem ::= 'snippets' ( 'of' Whole Words )? | 'score' | ... | 'duplicates' 'folded'`
fn with_item(input: Input<'_>) -> Parsed<'_, WithItem> {
    let length = delimited(keyword(Keyword::Of), cut(at(whole)), cut(words));
    alt((
        map(preceded(keyword(Keyword::Snippets), opt(length)), WithItem::Snippets),
        value(WithItem::Score, keyword(Keyword::Score)),
        value(WithItem::Total, keyword(Keyword::Total)),
        value(WithItem::Missing, keyword(Keyword::Missing)),
        value(WithItem::Extraction, keyword(Keyword::Extraction)),
        value(WithItem::DuplicatesFolded, phrase("duplicates folded", Keyword::Duplicates, Keyword::Folded)),
    ))
    .parse(input)
}

/// `ByKeys?`
pub(super) fn by_keys(input: Input<'_>) -> Parsed<'_, Vec<At<GroupKey>>> {
    map(opt(preceded(keyword(Keyword::By), cut(list(at(group_key))))), Option::unwrap_or_default).parse(input)
}

/// `GroupKey ::= FieldRef | Unit 'of' FieldRef | 'weekday' 'of' FieldRef`
fn group_key(input: Input<'_>) -> Parsed<'_, GroupKey> {
    let of_field = |input| preceded(keyword(Keyword::Of), cut(at(field_ref))).parse(input);
    alt((
        map(pair(unit, of_field), |(unit, field)| GroupKey::Unit(unit, field)),
        map(preceded(keyword(Keyword::Weekday), of_field), GroupKey::Weekday),
        map(field_ref, GroupKey::Field),
    ))
    .parse(input)
}

/// `AsShare ::= 'as' 'share'`
pub(super) fn as_share(input: Input<'_>) -> Parsed<'_, Share> {
    value(Share::OfGroup, phrase("as share", Keyword::As, Keyword::Share)).parse(input)
}

/// `Compare?`
pub(super) fn compare(input: Input<'_>) -> Parsed<'_, Vec<At<Series>>> {
    map(opt(preceded(keyword(Keyword::Compare), cut(two_or_more))), Option::unwrap_or_default).parse(input)
}

/// `Series ( ',' Series )+`
fn two_or_more(input: Input<'_>) -> Parsed<'_, Vec<At<Series>>> {
    let (rest, first) = at(series).parse(input)?;
    let (rest, more) = preceded(sign(Sign::Comma), list(at(series))).parse(rest)?;
    Ok((rest, [vec![first], more].concat()))
}

/// `Series ::= Expr ( 'as' Label )?`
fn series(input: Input<'_>) -> Parsed<'_, Series> {
    let label = preceded(keyword(Keyword::As), cut(at(label)));
    map(pair(expr, opt(label)), |(filter, label)| Series { filter, label }).parse(input)
}

/// `Label ::= Identifier | String`
fn label(input: Input<'_>) -> Parsed<'_, String> {
    alt((identifier(Expected::Label), string)).parse(input)
}
