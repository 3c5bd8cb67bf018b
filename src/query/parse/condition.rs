//! Section 3 of the grammar: conditions, loosest first.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt, value};
use nom::sequence::{pair, preceded};

use super::Expected;
use super::input::{Input, Parsed, at, commit, keyword, kind, nested, phrase, sign};
use super::pattern::{at_least, operand, scope, several, text_pattern};
use super::value::{
    field_ref, moment, parameter, period, relative_period, saved_ref, text, value_, value_list, whole, year,
};
use crate::query::ast::*;
use crate::query::lex::{Keyword, Sign, TokenKind};
use crate::query::{Comparison, RegexPattern};

/// `Where ::= 'where' Expr`
pub(super) fn where_(input: Input<'_>) -> Parsed<'_, At<Expr>> {
    preceded(keyword(Keyword::Where), cut(expr)).parse(input)
}

// The productions from here to `group` call each other once for each level of nesting. They are written out, without
// combinators, so that a level costs little stack even where nothing is optimised.

/// `Expr ::= AndExpr ( 'or' AndExpr )*`
pub(super) fn expr(input: Input<'_>) -> Parsed<'_, At<Expr>> {
    let (rest, operands) = joined(Keyword::Or, and_expr, input)?;
    let several = match operands {
        Joined::One(one) => return Ok((rest, one.expr)),
        Joined::Several(several) => several,
    };
    let mixed = several.iter().any(|one| one.is_bare_and);
    let operands = several.into_iter().map(|one| one.expr).collect();
    Ok((rest, At::new(Expr::Or(Alternatives { operands, mixed }), input.span_to(rest))))
}

/// What stands between two `or`s.
struct AndExpr {
    expr: At<Expr>,
    /// Whether it is an `and` without parentheses.
    is_bare_and: bool,
}

/// `AndExpr ::= NotExpr ( 'and' NotExpr )*`
fn and_expr(input: Input<'_>) -> Parsed<'_, AndExpr> {
    let (rest, operands) = joined(Keyword::And, not_expr, input)?;
    let and_expr = match operands {
        Joined::One(expr) => AndExpr { expr, is_bare_and: false },
        Joined::Several(several) => {
            AndExpr { expr: At::new(Expr::And(several), input.span_to(rest)), is_bare_and: true }
        }
    };
    Ok((rest, and_expr))
}

/// What connectives join; a lone operand, which most are, needs no list.
enum Joined<T> {
    One(T),
    Several(Vec<T>),
}

/// `operand ( connective operand )*`
fn joined<'a, T>(
    connective: Keyword,
    operand: fn(Input<'a>) -> Parsed<'a, T>,
    input: Input<'a>,
) -> Parsed<'a, Joined<T>> {
    let (mut rest, first) = operand(input)?;
    let Ok((mut after, _)) = keyword(connective).parse(rest) else { return Ok((rest, Joined::One(first))) };
    let mut operands = vec![first];
    loop {
        let (next_rest, next) = commit(operand(after))?;
        operands.push(next);
        rest = next_rest;
        match keyword(connective).parse(rest) {
            Ok((next_after, _)) => after = next_after,
            Err(_) => return Ok((rest, Joined::Several(operands))),
        }
    }
}

/// `NotExpr ::= 'not' NotExpr | Primary`
fn not_expr(input: Input<'_>) -> Parsed<'_, At<Expr>> {
    let Ok((after, _)) = keyword(Keyword::Not).parse(input) else { return primary(input) };
    let (rest, inner) = commit(nested(not_expr, after))?;
    Ok((rest, At::new(Expr::Not(Box::new(inner)), input.span_to(rest))))
}

/// `Primary ::= '(' Expr ')' | SavedRef | Predicate`
fn primary(input: Input<'_>) -> Parsed<'_, At<Expr>> {
    match sign(Sign::Open).parse(input) {
        Ok((after, _)) => group(input, after),
        Err(_) => alt((saved_filter, predicate)).parse(input),
    }
}

/// `'(' Expr ')'`, after the parenthesis; the span takes the parentheses in.
fn group<'a>(open: Input<'a>, input: Input<'a>) -> Parsed<'a, At<Expr>> {
    let (rest, inner) = commit(nested(expr, input))?;
    let (rest, _) = commit(sign(Sign::Close).parse(rest))?;
    Ok((rest, At::new(inner.node, open.span_to(rest))))
}

/// `SavedRef`, as a whole expression.
fn saved_filter(input: Input<'_>) -> Parsed<'_, At<Expr>> {
    map(saved_ref, |name| At::new(Expr::Saved(name.clone()), name.span)).parse(input)
}

/// `Predicate ::= Mentions | Quotes | ... | NumberOf`, as a whole expression.
fn predicate(input: Input<'_>) -> Parsed<'_, At<Expr>> {
    map(at(condition), |condition| condition.map(Expr::from)).parse(input)
}

/// `Predicate`
pub(super) fn condition(input: Input<'_>) -> Parsed<'_, Condition> {
    alt((
        preceded(keyword(Keyword::Mentions), cut(mentions)),
        preceded(keyword(Keyword::Quotes), cut(quotes)).map(Condition::Quotes),
        preceded(phrase("number of", Keyword::Number, Keyword::Of), cut(number_of)).map(Condition::NumberOf),
        about_field,
    ))
    .parse(input)
}

/// `Mentions`, after its first word.
fn mentions(input: Input<'_>) -> Parsed<'_, Condition> {
    alt((mentions_within, map(mentions_operand, Condition::Mentions))).parse(input)
}

/// `'mentions' 'place' 'within' ( Text | Quantifier 'of' TermList )`
fn mentions_within(input: Input<'_>) -> Parsed<'_, Condition> {
    let one = map(at(text), |text| {
        let span = text.span;
        Operand::Term(At::new(Term { modifier: Modifier::Plain, text }, span))
    });
    let (input, _) = pair(keyword(Keyword::Place), keyword(Keyword::Within)).parse(input)?;
    map(cut(at(alt((one, several)))), Condition::MentionsWithin).parse(input)
}

/// `'mentions' FieldRef? Operand AtLeast? Scope?`
fn mentions_operand(input: Input<'_>) -> Parsed<'_, Mentions> {
    let (input, kind) = opt(at(field_ref)).parse(input)?;
    let (input, operand) = at(operand).parse(input)?;
    let (input, at_least) = opt(at_least).parse(input)?;
    let (input, scope) = opt(at(scope)).parse(input)?;
    Ok((input, Mentions { kind, operand, at_least, scope }))
}

/// `Quotes ::= 'quotes' ( 'anyone' | Operand ) ( 'saying' TextPattern )?`, after its first word.
fn quotes(input: Input<'_>) -> Parsed<'_, Quotes> {
    let speaker = alt((value(None, keyword(Keyword::Anyone)), map(at(operand), Some)));
    let saying = opt(preceded(keyword(Keyword::Saying), cut(at(text_pattern))));
    map(pair(speaker, saying), |(speaker, saying)| Quotes { speaker, saying }).parse(input)
}

/// `NumberOf ::= 'number' 'of' FieldRef ( '=' | ... ) Whole`, after its first words.
fn number_of(input: Input<'_>) -> Parsed<'_, NumberOf> {
    let (input, field) = at(field_ref).parse(input)?;
    let (input, comparison) = at(comparison).parse(input)?;
    let (input, count) = at(whole).parse(input)?;
    Ok((input, NumberOf { field, comparison, count }))
}

/// The predicates that begin with a field.
fn about_field<'a>(input: Input<'a>) -> Parsed<'a, Condition> {
    let (input, field) = at(field_ref).parse(input)?;
    let field = &field;
    cut(alt((
        |input: Input<'a>| compares(field, input),
        |input: Input<'a>| negatable(field, input),
        |input: Input<'a>| date_test(field, input),
        |input: Input<'a>| presence(field, input),
    )))
    .parse(input)
}

/// `Compares ::= FieldRef ( '=' | '!=' | '<=' | '>=' | '<' | '>' ) Value`
fn compares<'a>(field: &At<FieldRef>, input: Input<'a>) -> Parsed<'a, Condition> {
    let (input, (comparison, value)) = pair(at(comparison), cut(at(value_))).parse(input)?;
    Ok((input, Condition::Compares(Compares { field: field.clone(), comparison, value })))
}

/// A comparison sign.
fn comparison(input: Input<'_>) -> Parsed<'_, Comparison> {
    alt((
        value(Comparison::Equal, sign(Sign::Equal)),
        value(Comparison::NotEqual, sign(Sign::NotEqual)),
        value(Comparison::Less, sign(Sign::Less)),
        value(Comparison::LessOrEqual, sign(Sign::LessOrEqual)),
        value(Comparison::Greater, sign(Sign::Greater)),
        value(Comparison::GreaterOrEqual, sign(Sign::GreaterOrEqual)),
    ))
    .parse(input)
}

/// The tests that `not` may stand before.
fn negatable<'a>(field: &At<FieldRef>, input: Input<'a>) -> Parsed<'a, Condition> {
    let (input, not) = opt(keyword(Keyword::Not)).parse(input)?;
    let negated = not.is_some();
    alt((
        |input: Input<'a>| contains(field, negated, input),
        |input: Input<'a>| member(field, negated, input),
        |input: Input<'a>| between(field, negated, input),
        |input: Input<'a>| affix(field, negated, input),
        |input: Input<'a>| matches(field, negated, input),
    ))
    .parse(input)
}

/// `Contains ::= FieldRef 'not'? 'contains' TextPattern`
fn contains<'a>(field: &At<FieldRef>, negated: bool, input: Input<'a>) -> Parsed<'a, Condition> {
    let (input, pattern) = preceded(keyword(Keyword::Contains), cut(at(text_pattern))).parse(input)?;
    Ok((input, Condition::Contains(Contains { field: field.clone(), negated, pattern })))
}

/// `Member ::= FieldRef 'not'? 'in' ( ValueList | Period )`
fn member<'a>(field: &At<FieldRef>, negated: bool, input: Input<'a>) -> Parsed<'a, Condition> {
    let set = alt((map(value_list, Set::List), map(period, Set::Period), map(parameter, Set::Parameter)));
    let (input, set) = preceded(keyword(Keyword::In), cut(at(set))).parse(input)?;
    Ok((input, Condition::Member(Member { field: field.clone(), negated, set })))
}

/// `Between ::= FieldRef 'not'? 'between' Value 'and' Value`
fn between<'a>(field: &At<FieldRef>, negated: bool, input: Input<'a>) -> Parsed<'a, Condition> {
    let (input, low) = preceded(keyword(Keyword::Between), cut(at(value_))).parse(input)?;
    let (input, high) = cut(preceded(keyword(Keyword::And), at(value_))).parse(input)?;
    Ok((input, Condition::Between(Between { field: field.clone(), negated, low, high })))
}

/// `Affix ::= FieldRef 'not'? ( ( 'starts' | 'ends' ) 'with' | 'like' ) Text`
fn affix<'a>(field: &At<FieldRef>, negated: bool, input: Input<'a>) -> Parsed<'a, Condition> {
    let kind = alt((
        value(AffixKind::Like, keyword(Keyword::Like)),
        value(AffixKind::StartsWith, phrase("starts with", Keyword::Starts, Keyword::With)),
        value(AffixKind::EndsWith, phrase("ends with", Keyword::Ends, Keyword::With)),
    ));
    let (input, (kind, text)) = pair(kind, cut(at(text))).parse(input)?;
    Ok((input, Condition::Affix(Affix { field: field.clone(), negated, kind, text })))
}

/// `Matches ::= FieldRef 'not'? 'matches' ( Regex | Parameter )`
fn matches<'a>(field: &At<FieldRef>, negated: bool, input: Input<'a>) -> Parsed<'a, Condition> {
    let pattern = alt((map(regex, Pattern::Regex), map(parameter, Pattern::Parameter)));
    let (input, pattern) = preceded(keyword(Keyword::Matches), cut(at(pattern))).parse(input)?;
    Ok((input, Condition::Matches(Matches { field: field.clone(), negated, pattern })))
}

/// `Regex`
fn regex(input: Input<'_>) -> Parsed<'_, RegexPattern> {
    let (rest, token) = kind(Expected::Pattern, TokenKind::Regex).parse(input)?;
    let text = input.text(token);
    let (pattern, flags) = text.get(1..).and_then(|text| text.rsplit_once('/')).unwrap_or((text, ""));
    let regex = RegexPattern {
        pattern: plain_slashes(pattern),
        ignore_case: flags.contains('i'),
        multi_line: flags.contains('m'),
        dot_matches_newline: flags.contains('s'),
    };
    Ok((rest, regex))
}

/// Undoes `\/`, which only keeps the literal from ending.
fn plain_slashes(pattern: &str) -> String {
    let mut plain = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek() != Some(&'/') {
            plain.push(c);
            plain.extend(chars.next());
        } else if c != '\\' {
            plain.push(c);
        }
    }
    plain
}

/// `DateTest ::= FieldRef ( 'since' | ... | 'overlaps' ) ( Moment | Year | RelPeriod )`
fn date_test<'a>(field: &At<FieldRef>, input: Input<'a>) -> Parsed<'a, Condition> {
    let time = alt((
        map(moment, Time::Moment),
        map(year, |year| Time::Moment(Moment::Date(year))),
        map(relative_period, Time::Period),
        map(parameter, Time::Parameter),
    ));
    let (input, (relation, time)) = pair(at(date_word), cut(at(time))).parse(input)?;
    Ok((input, Condition::DateTest(DateTest { field: field.clone(), relation, time })))
}

/// `'since' | 'until' | 'before' | 'after' | 'on' | 'overlaps'`
fn date_word(input: Input<'_>) -> Parsed<'_, DateWord> {
    alt((
        value(DateWord::Since, keyword(Keyword::Since)),
        value(DateWord::Until, keyword(Keyword::Until)),
        value(DateWord::Before, keyword(Keyword::Before)),
        value(DateWord::After, keyword(Keyword::After)),
        value(DateWord::On, keyword(Keyword::On)),
        value(DateWord::Overlaps, keyword(Keyword::Overlaps)),
    ))
    .parse(input)
}

/// `Presence ::= FieldRef ( 'exists' | 'is' 'missing' )`
fn presence<'a>(field: &At<FieldRef>, input: Input<'a>) -> Parsed<'a, Condition> {
    let is_missing = phrase("is missing", Keyword::Is, Keyword::Missing);
    let (input, exists) =
        alt((value(true, keyword(Keyword::Exists)), value(false, is_missing))).parse(input)?;
    Ok((input, Condition::Presence(Presence { field: field.clone(), exists })))
}
