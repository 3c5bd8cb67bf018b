//! `contains`: words, phrases and patterns.

use super::{Planner, quantified};
use crate::exec::check::{Check, PatternCheck, RegionCheck, TermCheck, TermPlan, shape_of};
use crate::exec::lexicon::Slot;
use crate::exec::plan::{Plan, Source};
use crate::exec::{ExecError, OpenSegment};
use crate::query::{Operand, Quantifier, Term, TextCondition, TextField, TextPattern};
use crate::schema::{Builtin, FieldName};
use crate::segment::TermInfo;

impl<'v> Planner<'_, 'v> {
    pub(super) fn text(&self, condition: &TextCondition, open: &OpenSegment<'v>) -> Result<Plan, ExecError> {
        let pattern = &condition.pattern;
        if is_plain(pattern) {
            let plans = pattern.left.terms.iter().map(|term| self.term(term, condition.field, open));
            return Ok(quantified(pattern.left.quantifier, plans.collect::<Result<_, ExecError>>()?, open));
        }
        let mut test = shape_of(pattern);
        let is_complement = std::mem::take(&mut test.negated);
        let check = PatternCheck {
            label: pattern.to_string(),
            left: self.term_plans(&pattern.left, open)?,
            right: self.right_plans(pattern, open)?,
            field: condition.field,
            test,
        };
        let plan = self.candidates(&check.left, &check.right, pattern, open)?.checked(Check::Pattern(check));
        Ok(if is_complement { plan.not(open.len()) } else { plan })
    }

    /// Returns the articles in which `term` occurs in `field`.
    pub(super) fn term(
        &self,
        term: &Term,
        field: TextField,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let term = self.term_plan(term, open)?;
        let candidates = term_candidates(&term, open)?;
        let check = match term.slots.as_slice() {
            [Slot::Word(_) | Slot::Words(_) | Slot::Stems(_)] if field == TextField::Text => {
                return Ok(candidates);
            }
            [Slot::Spelt { partly: false, .. }] if field == TextField::Text => return Ok(candidates),
            [Slot::Word(word) | Slot::Spelt { word, partly: false, .. }] => {
                let label = format!("\"{}\" in {field}", term.source);
                Check::Region(RegionCheck { label, word: *word, field })
            }
            _ => Check::Term(TermCheck { term, field }),
        };
        Ok(candidates.checked(check))
    }

    /// Returns the articles that have the words of a pattern somewhere.
    pub(super) fn candidates(
        &self,
        left: &[TermPlan],
        right: &[TermPlan],
        pattern: &TextPattern,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let side = |terms: &[TermPlan], quantifier| -> Result<Plan, ExecError> {
            let plans = terms.iter().map(|term| term_candidates(term, open)).collect::<Result<_, _>>()?;
            let positive = if quantifier == Quantifier::All { Quantifier::All } else { Quantifier::Any };
            Ok(quantified(positive, plans, open))
        };
        let left = side(left, pattern.left.quantifier)?;
        match &pattern.proximity {
            Some(proximity) => Ok(Plan::all(vec![left, side(right, proximity.right.quantifier)?])),
            None => Ok(left),
        }
    }

    pub(super) fn term_plans(
        &self,
        operand: &Operand,
        open: &OpenSegment<'v>,
    ) -> Result<Vec<TermPlan>, ExecError> {
        operand.terms.iter().map(|term| self.term_plan(term, open)).collect()
    }

    pub(super) fn right_plans(
        &self,
        pattern: &TextPattern,
        open: &OpenSegment<'v>,
    ) -> Result<Vec<TermPlan>, ExecError> {
        pattern.proximity.as_ref().map_or(Ok(Vec::new()), |near| self.term_plans(&near.right, open))
    }

    /// Returns a term with what its words came to.
    pub(crate) fn term_plan(&self, term: &Term, open: &OpenSegment<'v>) -> Result<TermPlan, ExecError> {
        Ok(TermPlan { source: term.source.clone(), slots: self.lexicon.term(term, open.index)? })
    }
}

/// Tells whether articles satisfy the pattern exactly when they have its terms.
fn is_plain(pattern: &TextPattern) -> bool {
    let one_term = pattern.left.terms.len() == 1 || pattern.left.quantifier != Quantifier::All;
    let idle_scope = pattern.scope.is_none() || (one_term && is_single_word(&pattern.left));
    pattern.proximity.is_none() && pattern.at_least <= 1 && idle_scope
}

/// A single word never crosses the end of a sentence.
fn is_single_word(operand: &Operand) -> bool {
    operand.terms.iter().all(|term| term.words.len() == 1)
}

/// Returns the articles that have all words of a term somewhere.
fn term_candidates(term: &TermPlan, open: &OpenSegment<'_>) -> Result<Plan, ExecError> {
    let plans = term.slots.iter().map(|slot| slot_candidates(&term.source, slot, open));
    Ok(Plan::all(plans.collect::<Result<_, ExecError>>()?))
}

fn slot_candidates(source: &str, slot: &Slot, open: &OpenSegment<'_>) -> Result<Plan, ExecError> {
    let words = |words: &[TermInfo]| {
        let label = match words.len() {
            1 => format!("\"{source}\""),
            count => format!("\"{source}\" as {count} words"),
        };
        let count = words.iter().map(|word| u64::from(word.documents)).sum();
        Plan::list(label, count, Source::Words(words.to_vec()))
    };
    Ok(match slot {
        Slot::Absent => Plan::Nothing,
        Slot::Word(word) | Slot::Spelt { word, .. } => words(std::slice::from_ref(word)),
        Slot::Words(all) => words(all),
        Slot::Stems(languages) => {
            let in_language = |(lang, stems): &(String, Vec<TermInfo>)| {
                Ok(Plan::all(vec![language(lang, open)?, words(stems)]))
            };
            Plan::any(languages.iter().map(in_language).collect::<Result<_, ExecError>>()?)
        }
    })
}

/// Returns the articles in a language.
pub(super) fn language(lang: &str, open: &OpenSegment<'_>) -> Result<Plan, ExecError> {
    let field = FieldName::Builtin(Builtin::Lang);
    let Some(keyword) = open.segment.keyword(&field)? else { return Ok(Plan::Nothing) };
    let numbers: Vec<u32> = keyword.find(lang)?.collect();
    super::field::values_plan(format!("lang = \"{lang}\""), &field, &keyword, numbers)
}
