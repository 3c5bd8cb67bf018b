//! Section 3 of the grammar, the inside of text conditions: terms, operands, distances.

use nom::Parser;
use nom::branch::alt;
use nom::combinator::{cut, map, opt, value};
use nom::sequence::{delimited, pair, preceded, terminated};

use super::input::{Input, Parsed, Production, at, keyword, list, phrase, quietly, sign};
use super::value::{parameter, text, whole, words};
use crate::query::ast::{At, Modifier, Operand, Proximity, Term, TermList, TextPattern, Whole};
use crate::query::lex::{Keyword, Sign};
use crate::query::{Quantifier, Scope};

/// `TextPattern ::= Operand ( ( 'near' | 'before' ) Operand Distance? )? AtLeast? Scope?`
pub(super) fn text_pattern(input: Input<'_>) -> Parsed<'_, TextPattern> {
    let (input, left) = at(operand).parse(input)?;
    let (input, proximity) = opt(at(proximity)).parse(input)?;
    let (input, at_least) = opt(at_least).parse(input)?;
    let (input, scope) = opt(at(scope)).parse(input)?;
    Ok((input, TextPattern { left, proximity, at_least, scope }))
}

/// `( 'near' | 'before' ) Operand Distance?`
fn proximity(input: Input<'_>) -> Parsed<'_, Proximity> {
    let ordered = alt((value(false, keyword(Keyword::Near)), value(true, keyword(Keyword::Before))));
    let (input, (ordered, right)) = pair(ordered, cut(at(operand))).parse(input)?;
    let (input, distance) = opt(distance).parse(input)?;
    Ok((input, Proximity { ordered, right, distance }))
}

/// `Operand ::= Term | Quantifier 'of' TermList`
pub(super) fn operand(input: Input<'_>) -> Parsed<'_, Operand> {
    alt((map(at(term), Operand::Term), several)).parse(input)
}

/// `Quantifier 'of' TermList`
pub(super) fn several(input: Input<'_>) -> Parsed<'_, Operand> {
    let (input, quantifier) = at(quantifier).parse(input)?;
    let (input, list) = cut(term_list).parse(input)?;
    Ok((input, Operand::Several(quantifier, list)))
}

/// `Quantifier ::= 'any' | 'all' | 'none'`, with the `of` that follows.
fn quantifier(input: Input<'_>) -> Parsed<'_, Quantifier> {
    alt((
        value(Quantifier::Any, phrase("any of", Keyword::Any, Keyword::Of)),
        value(Quantifier::All, phrase("all of", Keyword::All, Keyword::Of)),
        value(Quantifier::None, phrase("none of", Keyword::None, Keyword::Of)),
    ))
    .parse(input)
}

/// `TermList ::= '(' Term ( ',' Term )* ')' | Parameter`
fn term_list(input: Input<'_>) -> Parsed<'_, TermList> {
    let terms = delimited(sign(Sign::Open), cut(list(at(term))), cut(sign(Sign::Close)));
    alt((map(terms, TermList::Terms), map(at(parameter), TermList::Parameter))).parse(input)
}

/// `Term ::= ( 'exact' | 'prefix' | 'like' | 'stem' )? Text | 'fuzzy' Text Edits?`
fn term(input: Input<'_>) -> Parsed<'_, Term> {
    alt((
        map(at(text), |text| Term { modifier: Modifier::Plain, text }),
        modified(Keyword::Prefix, Modifier::Prefix),
        modified(Keyword::Like, Modifier::Like),
        fuzzy,
        modified(Keyword::Exact, Modifier::Exact),
        modified(Keyword::Stem, Modifier::Stem),
    ))
    .parse(input)
}

fn modified<'a>(word: Keyword, modifier: Modifier) -> impl Production<'a, Term> {
    map(preceded(keyword(word), cut(at(text))), move |text| Term { modifier: modifier.clone(), text })
}

/// `'fuzzy' Text Edits?`
fn fuzzy(input: Input<'_>) -> Parsed<'_, Term> {
    let (input, text) = preceded(keyword(Keyword::Fuzzy), cut(at(text))).parse(input)?;
    let (input, edits) = opt(edits).parse(input)?;
    Ok((input, Term { modifier: Modifier::Fuzzy { edits }, text }))
}

/// `Edits ::= 'within' Whole ( 'edit' | 'edits' )`; a distance in words is left to the operand's caller.
fn edits(input: Input<'_>) -> Parsed<'_, At<Whole>> {
    let unit = alt((keyword(Keyword::Edits), quietly(keyword(Keyword::Edit))));
    delimited(keyword(Keyword::Within), at(whole), unit).parse(input)
}

/// `Distance ::= 'within' Whole Words`
fn distance(input: Input<'_>) -> Parsed<'_, At<Whole>> {
    preceded(keyword(Keyword::Within), cut(terminated(at(whole), words))).parse(input)
}

/// `AtLeast ::= 'at' 'least' Whole ( 'time' | 'times' )`
pub(super) fn at_least(input: Input<'_>) -> Parsed<'_, At<Whole>> {
    let times = alt((keyword(Keyword::Times), quietly(keyword(Keyword::Time))));
    let count = cut(terminated(at(whole), times));
    preceded(phrase("at least", Keyword::At, Keyword::Least), count).parse(input)
}

/// `Scope ::= 'in' 'same' ( 'sentence' | 'paragraph' )`
pub(super) fn scope(input: Input<'_>) -> Parsed<'_, Scope> {
    let part = alt((
        value(Scope::Sentence, keyword(Keyword::Sentence)),
        value(Scope::Paragraph, keyword(Keyword::Paragraph)),
    ));
    preceded(phrase("in same", Keyword::In, Keyword::Same), cut(part)).parse(input)
}
