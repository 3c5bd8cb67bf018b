//! What a whole predicate says: the dates it allows, whether it scores, and which part of it shares are taken of.

use super::{Resolver, messages};
use crate::date::InstantSpan;
use crate::query::{Clock, DateBound, DateRelation, DateTest, Predicate, Quantifier, Request, TextPattern};
use crate::schema::{Builtin, FieldName};
use crate::text::Span;

/// First moment inside and first moment past the end, where there are such.
pub(super) type Bounds = (Option<i64>, Option<i64>);

/// Returns the bounds inside which the dates of all matches lie.
pub(super) fn date_bounds(predicate: &Predicate, field: &FieldName) -> Bounds {
    match predicate {
        Predicate::Date(name, test) if name == field => bounds_of_test(test),
        Predicate::And(operands) => operands
            .iter()
            .map(|operand| date_bounds(operand, field))
            .fold((None, None), |(from, to), (from2, to2)| (larger(from, from2), smaller(to, to2))),
        Predicate::Or(operands) => operands
            .iter()
            .map(|operand| date_bounds(operand, field))
            .reduce(|(from, to), (from2, to2)| {
                (from.zip(from2).map(|(a, b)| a.min(b)), to.zip(to2).map(|(a, b)| a.max(b)))
            })
            .unwrap_or_default(),
        _ => (None, None),
    }
}

fn bounds_of_test(test: &DateTest) -> Bounds {
    let InstantSpan { start, end } = test.span;
    match test.relation {
        DateRelation::Within | DateRelation::Overlaps => (Some(start), Some(end)),
        DateRelation::Before => (None, Some(start)),
        DateRelation::Until => (None, Some(end)),
        DateRelation::After => (Some(end), None),
        DateRelation::Since => (Some(start), None),
    }
}

fn larger(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.max(b)
}

fn smaller(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

/// Returns the bounds of every date field that the request's condition bounds, in the order of first appearance.
pub(super) fn bounds_of(request: &Request, clock: Clock) -> Vec<DateBound> {
    let Some(predicate) = predicate_of(request) else { return Vec::new() };
    let mut fields = Vec::new();
    collect_date_fields(predicate, &mut fields);
    let date = |instant: Option<i64>| instant.and_then(|instant| clock.date(instant));
    let bound = |field: FieldName| {
        let (from, to) = date_bounds(predicate, &field);
        DateBound { field, from: date(from), to: date(to) }
    };
    fields.into_iter().map(bound).filter(|bound| bound.from.is_some() || bound.to.is_some()).collect()
}

fn predicate_of(request: &Request) -> Option<&Predicate> {
    match request {
        Request::Find(find) => Some(&find.predicate),
        Request::Count(count) => Some(&count.predicate),
        Request::Measure(measure) => Some(&measure.predicate),
        Request::Top(top) => Some(&top.predicate),
        Request::Pairs(pairs) => Some(&pairs.predicate),
        Request::Timeline(timeline) => Some(&timeline.predicate),
        Request::Write(write) => write.predicate(),
        Request::Explain { request, .. } => predicate_of(request),
        Request::Export(export) => predicate_of(&export.request),
        Request::Show(_) | Request::Describe(_) | Request::List(_) => None,
        Request::Define(_) | Request::Drop(_) => None,
    }
}

fn collect_date_fields(predicate: &Predicate, fields: &mut Vec<FieldName>) {
    match predicate {
        Predicate::And(operands) | Predicate::Or(operands) => {
            operands.iter().for_each(|operand| collect_date_fields(operand, fields));
        }
        Predicate::Date(field, _) if !fields.contains(field) => fields.push(field.clone()),
        _ => {}
    }
}

/// Tells whether a normalised predicate looks for words or names that articles could be ranked by.
pub(super) fn scores(predicate: &Predicate) -> bool {
    let looks_for = |pattern: &TextPattern| pattern.left.quantifier != Quantifier::None;
    match predicate {
        Predicate::Text(condition) => looks_for(&condition.pattern),
        Predicate::Mentions(condition) => condition.operand.quantifier != Quantifier::None,
        Predicate::Quotes(condition) => condition.saying.as_ref().is_some_and(looks_for),
        Predicate::And(operands) | Predicate::Or(operands) => operands.iter().any(scores),
        _ => false,
    }
}

/// Returns the part of a normalised predicate that looks at neither text nor entities.
///
/// A condition that mixes both kinds with `or` goes as a whole: half of it would be another condition.
pub(super) fn without_content(predicate: &Predicate) -> Predicate {
    match predicate {
        Predicate::And(operands) => Predicate::And(operands.iter().map(without_content).collect()).normal(),
        other if asks_content(other) => Predicate::Everything,
        other => other.clone(),
    }
}

fn asks_content(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::And(operands) | Predicate::Or(operands) => operands.iter().any(asks_content),
        Predicate::Not(inner) => asks_content(inner),
        Predicate::Text(_) | Predicate::Mentions(_) | Predicate::MentionsWithin(_) | Predicate::Quotes(_) => {
            true
        }
        Predicate::Keyword(field, _) | Predicate::Matches(field, _) => is_content(field),
        Predicate::Exists(field) | Predicate::NumberOf(field, ..) => is_content(&field.name),
        _ => false,
    }
}

/// Tells whether a field holds text or names found in it.
fn is_content(field: &FieldName) -> bool {
    use Builtin::{Body, Lede, Org, Person, Place, Quote, Speaker, Text, Title};
    let FieldName::Builtin(builtin) = field else { return false };
    matches!(builtin, Title | Lede | Body | Text | Quote | Person | Place | Org | Speaker)
}

impl Resolver<'_> {
    /// Warns of dates that contradict one another (W04); only fields with one value can contradict themselves.
    pub(super) fn warn_of_impossible_dates(&mut self, predicate: &Predicate, span: Span) {
        match predicate {
            Predicate::And(operands) => {
                for field in [Builtin::Date, Builtin::Added] {
                    if contradict(operands, &FieldName::Builtin(field)) {
                        self.warn("W04", messages::contradicting_dates(field), span);
                    }
                }
                operands.iter().for_each(|operand| self.warn_of_impossible_dates(operand, span));
            }
            Predicate::Or(operands) => {
                operands.iter().for_each(|operand| self.warn_of_impossible_dates(operand, span));
            }
            _ => {}
        }
    }
}

/// Tells whether no span `[a, b)` passes all the tests of `field` among `operands`.
fn contradict(operands: &[Predicate], field: &FieldName) -> bool {
    let (mut starts_from, mut ends_by) = (i64::MIN, i64::MAX);
    let (mut starts_before, mut ends_after) = (i64::MAX, i64::MIN);
    for operand in operands {
        let Predicate::Date(name, test) = operand else { continue };
        if name != field || test.span.end <= test.span.start {
            continue;
        }
        if test.relation == DateRelation::Overlaps {
            starts_before = starts_before.min(test.span.end);
            ends_after = ends_after.max(test.span.start);
        } else {
            let (from, to) = bounds_of_test(test);
            starts_from = starts_from.max(from.unwrap_or(i64::MIN));
            ends_by = ends_by.min(to.unwrap_or(i64::MAX));
        }
    }
    starts_from >= ends_by || starts_from >= starts_before || ends_by <= ends_after
}
