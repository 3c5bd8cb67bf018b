//! `mentions` and `quotes`: names of entities and speakers.

use std::rc::Rc;
use std::sync::Arc;

use super::{Planner, quantified};
use crate::article::EntityKind;
use crate::exec::check::{
    Check, MentionsCheck, NameSet, NameTerm, PatternTest, QuoteCheck, SpeakerSet, Speakers, shape_of,
};
use crate::exec::fit::{NameText, TermFit};
use crate::exec::lexicon::languages_of;
use crate::exec::plan::{List, Plan, Source};
use crate::exec::proximity::Shape;
use crate::exec::{ExecError, OpenSegment};
use crate::query::{
    MentionsCondition, Quantifier, QuotesCondition, Term, TextField, TextPattern, WithinCondition, WordTest,
};
use crate::schema::{Builtin, FieldName};
use crate::segment::{KeywordField, NameWords};

impl<'v> Planner<'_, 'v> {
    pub(super) fn mentions(
        &self,
        condition: &MentionsCondition,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let mut terms = Vec::with_capacity(condition.operand.terms.len());
        let mut plans = Vec::with_capacity(condition.operand.terms.len());
        for (term, aliases) in with_aliases(&condition.operand.terms, &condition.aliases) {
            let (name_term, plan) = self.name_term(term, aliases, condition.kind, open)?;
            terms.push(name_term);
            plans.push(plan);
        }
        let quantifier = condition.operand.quantifier;
        if condition.at_least <= 1 && condition.scope.is_none() {
            return Ok(quantified(quantifier, plans, open));
        }
        let positive = if quantifier == Quantifier::None { Quantifier::Any } else { quantifier };
        let shape = Shape { left: positive, pair: None, at_least: condition.at_least };
        let check = MentionsCheck {
            label: condition.to_string(),
            terms,
            test: PatternTest { shape, scope: condition.scope, negated: false },
        };
        let plan = quantified(positive, plans, open).checked(Check::Mentions(check));
        Ok(if quantifier == Quantifier::None { plan.not(open.len()) } else { plan })
    }

    /// Returns what a name comes to, and the articles that it is found in.
    fn name_term(
        &self,
        term: &Term,
        aliases: &[Term],
        kind: Option<EntityKind>,
        open: &OpenSegment<'v>,
    ) -> Result<(NameTerm, Plan), ExecError> {
        let (mut name_term, entities) = self.names_of(term, aliases, kind, open)?;
        let mut plans = vec![entities];
        if kind.is_none() {
            for term in std::iter::once(term).chain(aliases) {
                name_term.phrases.push(self.term_plan(term, open)?);
                plans.push(self.term(term, TextField::Text, open)?);
            }
        }
        Ok((name_term, Plan::any(plans)))
    }

    /// Returns the names of entities that a term fits, and the articles that have such an entity.
    pub(crate) fn names_of(
        &self,
        term: &Term,
        aliases: &[Term],
        kind: Option<EntityKind>,
        open: &OpenSegment<'v>,
    ) -> Result<(NameTerm, Plan), ExecError> {
        let (mut names, mut plans) = (Vec::new(), Vec::new());
        for term in std::iter::once(term).chain(aliases) {
            for found in self.names(term, kind, open)?.iter() {
                plans.push(names_plan(term, found, open)?);
                names.push(found.set.clone());
            }
        }
        Ok((NameTerm { names, phrases: Vec::new() }, Plan::any(plans)))
    }

    /// Returns the names of each kind that hold the term as whole words, looked up once for all who plan them.
    fn names(
        &self,
        term: &Term,
        kind: Option<EntityKind>,
        open: &OpenSegment<'v>,
    ) -> Result<Rc<[FoundNames]>, ExecError> {
        let key = (term.words.clone(), kind, open.index);
        if let Some(known) = self.names.borrow().get(&key) {
            return Ok(known.clone());
        }
        let found: Rc<[FoundNames]> = find_names(term, kind, open)?.into();
        self.names.borrow_mut().insert(key, found.clone());
        Ok(found)
    }

    pub(super) fn within(
        &self,
        condition: &WithinCondition,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let region = |region: &crate::query::Region| -> Result<Plan, ExecError> {
            let label = format!("place within \"{}\"", region.source);
            let (count, source) = match region.country {
                Some(country) => (open.segment.within_country(country)?.len(), Source::InCountry(country)),
                None => {
                    let postings = open.segment.within_region(&region.folded)?;
                    (postings.len(), Source::InRegion(region.folded.clone()))
                }
            };
            Ok(Plan::list(label, u64::from(count), source))
        };
        let plans = condition.regions.iter().map(region).collect::<Result<_, ExecError>>()?;
        Ok(quantified(condition.quantifier, plans, open))
    }

    pub(super) fn quotes(
        &self,
        condition: &QuotesCondition,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let Some(speaker) = &condition.speaker else {
            let quoted = self.exists(&FieldName::Builtin(Builtin::Quote), open)?;
            return self.saying(quoted, Speakers::Anyone, condition.saying.as_ref(), open);
        };
        let mut plans = Vec::with_capacity(speaker.terms.len());
        for (term, aliases) in with_aliases(&speaker.terms, &condition.aliases) {
            let sets = speaker_sets(term, aliases, open)?;
            let spoken = speakers_plan(term, &sets, open)?;
            plans.push(self.saying(spoken, Speakers::Named(sets), condition.saying.as_ref(), open)?);
        }
        Ok(quantified(speaker.quantifier, plans, open))
    }

    /// Returns the articles of `spoken` in which one quotation of these speakers says what is asked.
    fn saying(
        &self,
        spoken: Plan,
        speakers: Speakers,
        saying: Option<&TextPattern>,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let Some(pattern) = saying else { return Ok(spoken) };
        let check = QuoteCheck {
            label: format!("one quotation saying {pattern}"),
            speakers,
            left: self.term_plans(&pattern.left, open)?,
            right: self.right_plans(pattern, open)?,
            test: shape_of(pattern),
        };
        let candidates = match check.test.negated {
            true => spoken,
            false => Plan::all(vec![spoken, self.candidates(&check.left, &check.right, pattern, open)?]),
        };
        Ok(candidates.checked(Check::Quote(check)))
    }
}

/// Pairs each term with its aliases.
fn with_aliases<'q>(
    terms: &'q [Term],
    aliases: &'q [Vec<Term>],
) -> impl Iterator<Item = (&'q Term, &'q [Term])> {
    let aliases = aliases.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
    terms.iter().zip(aliases)
}

/// The tests of a term's words, the kind asked for, and the place of a segment.
pub(super) type NameKey = (Vec<WordTest>, Option<EntityKind>, usize);

/// Names that a term fits in one segment.
pub(super) struct FoundNames {
    set: NameSet,
    /// Articles that have them, those with several counted several times.
    articles: u64,
}

fn find_names(
    term: &Term,
    kind: Option<EntityKind>,
    open: &OpenSegment<'_>,
) -> Result<Vec<FoundNames>, ExecError> {
    let fit = TermFit::new(term);
    let kinds = EntityKind::ALL.into_iter().filter(|own| kind.is_none_or(|kind| kind == *own));
    let mut found = Vec::new();
    for kind in kinds {
        let Some(names) = open.segment.names(kind)? else { continue };
        let candidates = names_with_words(term, names.words(), names.field().len())?;
        for (lang, group) in languages_for(&fit, open)? {
            let numbers: Arc<[u32]> = match term.words.as_slice() {
                // The dictionary of words has told already.
                [WordTest::Is(_) | WordTest::Prefix(_)] => candidates.as_slice().into(),
                _ => fitting(&candidates, names.field(), |name| fit.occurs(&name.seen(), lang.as_deref()))?,
            };
            if numbers.is_empty() {
                continue;
            }
            let mut articles = 0;
            for &number in numbers.iter() {
                articles += u64::from(names.field().postings(number)?.len());
            }
            found.push(FoundNames { set: NameSet { kind, lang: group, numbers }, articles });
        }
    }
    Ok(found)
}

/// A folded language with the number of its group; `None` for both where the language does not matter.
type NameLanguage = (Option<String>, Option<u32>);

/// Returns the languages to look at names in: each one of the segment where stems are asked for, else one for all.
fn languages_for(fit: &TermFit<'_>, open: &OpenSegment<'_>) -> Result<Vec<NameLanguage>, ExecError> {
    if !fit.has_stem() {
        return Ok(vec![(None, None)]);
    }
    let Some(field) = open.segment.keyword(&FieldName::Builtin(Builtin::Lang))? else {
        return Ok(Vec::new());
    };
    languages_of(open)?
        .into_iter()
        .map(|lang| {
            let group = field.group(field.find(&lang)?.start);
            Ok((Some(lang), Some(group)))
        })
        .collect()
}

/// Returns the rising numbers of the names that hold every plain word of the term; all names where the dictionary
/// cannot tell.
fn names_with_words(term: &Term, words: &NameWords<'_>, names: u32) -> Result<Vec<u32>, ExecError> {
    let mut candidates: Option<Vec<u32>> = None;
    for test in &term.words {
        let found = match test {
            WordTest::Is(folded) | WordTest::Exact { folded, .. } => words.names_with(folded)?,
            WordTest::Prefix(prefix) => {
                names_with_any(words, fst::Automaton::starts_with(fst::automaton::Str::new(prefix)))?
            }
            WordTest::Fuzzy { word, edits } => {
                names_with_any(words, crate::exec::fit::fuzzy_automaton(word, *edits))?
            }
            WordTest::Like(_) | WordTest::Stem(_) => continue,
        };
        candidates = Some(match candidates {
            Some(mut known) => {
                known.retain(|number| found.binary_search(number).is_ok());
                known
            }
            None => found,
        });
    }
    Ok(candidates.unwrap_or_else(|| (0..names).collect()))
}

/// Returns the rising numbers of the names that hold a word that the automaton accepts.
fn names_with_any(words: &NameWords<'_>, accepted: impl fst::Automaton) -> Result<Vec<u32>, ExecError> {
    let mut found = Vec::new();
    words.search(accepted, &mut |_, numbers| {
        found.extend_from_slice(numbers);
        true
    })?;
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// Returns those of the rising `candidates` whose spelling fits.
fn fitting(
    candidates: &[u32],
    field: &KeywordField<'_>,
    fits: impl Fn(&NameText<'_>) -> bool,
) -> Result<Arc<[u32]>, ExecError> {
    let mut numbers = Vec::new();
    for &number in candidates {
        let value = field.value(number)?;
        if fits(&NameText::new(&value.spelling)) {
            numbers.push(number);
        }
    }
    Ok(numbers.into())
}

fn names_plan(term: &Term, found: &FoundNames, open: &OpenSegment<'_>) -> Result<Plan, ExecError> {
    let NameSet { kind, lang, numbers } = &found.set;
    let label = format!("{kind} \"{}\"", term.source);
    let list = List { label, count: found.articles, source: Source::Names(*kind, numbers.clone()) };
    in_language(Plan::List(list), *lang, open)
}

/// Returns the articles of `plan` in the language of a group, or all where none is given.
fn in_language(plan: Plan, lang: Option<u32>, open: &OpenSegment<'_>) -> Result<Plan, ExecError> {
    match lang {
        None => Ok(plan),
        Some(group) => Ok(Plan::all(vec![language_group(group, open)?, plan])),
    }
}

fn language_group(group: u32, open: &OpenSegment<'_>) -> Result<Plan, ExecError> {
    let name = FieldName::Builtin(Builtin::Lang);
    let Some(field) = open.segment.keyword(&name)? else { return Ok(Plan::Nothing) };
    super::field::values_plan("lang".to_owned(), &name, &field, field.group_numbers(group).collect())
}

/// Returns the speakers that a name or its aliases mean, as numbers of the field `speaker`.
///
/// A speaker's name equals the term, or ends with it where the term is one word.
fn speaker_sets(term: &Term, aliases: &[Term], open: &OpenSegment<'_>) -> Result<Vec<SpeakerSet>, ExecError> {
    let Some(field) = open.segment.keyword(&FieldName::Builtin(Builtin::Speaker))? else {
        return Ok(Vec::new());
    };
    let Some(words) = open.segment.speaker_words()? else { return Ok(Vec::new()) };
    let mut sets = Vec::new();
    for term in std::iter::once(term).chain(aliases) {
        let fit = TermFit::new(term);
        let candidates = names_with_words(term, &words, field.len())?;
        for (lang, group) in languages_for(&fit, open)? {
            let fits = |name: &NameText<'_>| is_speaker(&fit, name, lang.as_deref());
            let numbers = fitting(&candidates, &field, fits)?;
            if !numbers.is_empty() {
                sets.push(SpeakerSet { lang: group, numbers });
            }
        }
    }
    Ok(sets)
}

fn is_speaker(fit: &TermFit<'_>, name: &NameText<'_>, lang: Option<&str>) -> bool {
    let seen = name.seen();
    let last = seen.len().checked_sub(1).and_then(|at| seen.get(at..)).unwrap_or_default();
    fit.equals(&seen, lang) || (fit.len() == 1 && fit.equals(last, lang))
}

fn speakers_plan(term: &Term, sets: &[SpeakerSet], open: &OpenSegment<'_>) -> Result<Plan, ExecError> {
    let name = FieldName::Builtin(Builtin::Speaker);
    let Some(field) = open.segment.keyword(&name)? else { return Ok(Plan::Nothing) };
    let mut plans = Vec::with_capacity(sets.len());
    for set in sets {
        let label = format!("speaker \"{}\"", term.source);
        let spoken = super::field::values_plan(label, &name, &field, set.numbers.to_vec())?;
        plans.push(in_language(spoken, set.lang, open)?);
    }
    Ok(Plan::any(plans))
}
