//! What a reader should know beside the rows: why nothing was found, what was scanned, what was not decided.

use std::collections::BTreeMap;

use super::check::Check;
use super::docset::Ranges;
use super::explain::counted;
use super::open::count_live;
use super::plan::Plan;
use super::planner::{Dates, Planner};
use super::run::Plans;
use super::{Context, ExecError, OpenSegment, Warning, ZeroHit};
use crate::article::EntityKind;
use crate::query::{
    DateTest, KeywordTest, LikePart, MentionsCondition, Predicate, Quantifier, Request, Term, WordTest,
};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::text::{fold_value, fold_word, tokens};

/// Names that are equally near and are compared by their articles.
const NEAREST_COMPARED: usize = 16;

/// Returns the condition of a statement, where it has one.
pub(crate) fn predicate_of(request: &Request) -> Option<&Predicate> {
    match request {
        Request::Find(find) => Some(&find.predicate),
        Request::Count(count) => Some(&count.predicate),
        Request::Measure(measure) => Some(&measure.predicate),
        Request::Top(top) => Some(&top.predicate),
        Request::Pairs(pairs) => Some(&pairs.predicate),
        Request::Timeline(timeline) => Some(&timeline.predicate),
        Request::Write(write) => write.predicate(),
        // What is exported warns for itself.
        Request::Export(_) | Request::Explain { .. } | Request::Show(_) => None,
        Request::Describe(_) | Request::List(_) | Request::Define(_) | Request::Drop(_) => None,
    }
}

// --- scans ---

/// Warns of every condition for which stored articles are read (W05).
pub(crate) fn scan_warnings(plans: &Plans, context: &Context<'_>) -> Result<Vec<Warning>, ExecError> {
    let mut reads: BTreeMap<String, u64> = BTreeMap::new();
    for (plan, open) in plans.segments.iter().zip(&context.segments) {
        count_reads(plan, open, context, &mut reads)?;
    }
    let message = |(what, articles)| match articles {
        1 => format!("{what}: 1 stored article is read for it"),
        articles => format!("{what}: {articles} stored articles are read for it"),
    };
    Ok(reads.into_iter().map(|read| Warning { code: "W05", message: message(read) }).collect())
}

fn count_reads(
    plan: &Plan,
    open: &OpenSegment<'_>,
    context: &Context<'_>,
    reads: &mut BTreeMap<String, u64>,
) -> Result<(), ExecError> {
    if let Plan::Checked(candidates, checks) = plan {
        for check in checks {
            if let Check::Stored(stored) = check {
                let what = format!("{} matches /{}/", stored.field, stored.pattern);
                *reads.entry(what).or_default() += count_live(context, open, candidates)?;
            }
        }
    }
    plan.parts().into_iter().try_for_each(|part| count_reads(part, open, context, reads))
}

/// Warns of every condition for which all values of a field are looked at (W05).
pub(crate) fn value_scan_warnings(predicate: &Predicate) -> Vec<Warning> {
    let mut tests = Vec::new();
    keyword_tests(predicate, &mut tests);
    let scans = tests.into_iter().filter(|(_, test)| looks_at_all(test));
    let message = |(field, test): (&FieldName, &KeywordTest)| {
        format!("{}: every value of the field is looked at for it", test.of(field))
    };
    scans.map(|scan| Warning { code: "W05", message: message(scan) }).collect()
}

fn keyword_tests<'q>(predicate: &'q Predicate, tests: &mut Vec<(&'q FieldName, &'q KeywordTest)>) {
    match predicate {
        Predicate::And(parts) | Predicate::Or(parts) => {
            parts.iter().for_each(|part| keyword_tests(part, tests))
        }
        Predicate::Not(part) => keyword_tests(part, tests),
        Predicate::Keyword(field, test) => tests.push((field, test)),
        _ => {}
    }
}

fn looks_at_all(test: &KeywordTest) -> bool {
    match test {
        KeywordTest::EndsWith(_) => true,
        KeywordTest::Like(pattern) => !matches!(pattern.0.first(), Some(LikePart::Literal(_))),
        KeywordTest::In(_) | KeywordTest::StartsWith(_) => false,
    }
}

// --- undecided dates ---

/// Returns how many articles would satisfy the condition if their dates were known more exactly, and do not.
pub(crate) fn undecided(
    predicate: &Predicate,
    plans: &Plans,
    planner: &Planner<'_, '_>,
) -> Result<u64, ExecError> {
    let mut tests = Vec::new();
    date_tests(predicate, &mut tests);
    if tests.is_empty() {
        return Ok(0);
    }
    let mut count = 0;
    let mut possible: Option<Vec<Plan>> = None;
    for (open, certain) in planner.context.segments.iter().zip(&plans.segments) {
        let Some(open_to_doubt) = in_doubt(&tests, open)? else { continue };
        if possible.is_none() {
            possible = Some(planner.plan_with(predicate, Dates::Possible)?);
        }
        let Some(plan) = possible.as_ref().and_then(|plans| plans.get(open.index)) else { continue };
        let undecided =
            Plan::all(vec![Plan::between(open_to_doubt), plan.clone(), certain.clone().not(open.len())]);
        count += count_live(planner.context, open, &undecided)?;
    }
    Ok(count)
}

/// Returns the warning about undecided articles (W08).
pub(crate) fn undecided_warning(undecided: u64) -> Option<Warning> {
    let articles =
        if undecided == 1 { "article with an inexact date is" } else { "articles with inexact dates are" };
    let message = format!("{undecided} {articles} not decided; use `overlaps`");
    (undecided > 0).then_some(Warning { code: "W08", message })
}

/// Lists the date conditions that stand under no negation.
fn date_tests<'q>(predicate: &'q Predicate, tests: &mut Vec<(&'q FieldName, &'q DateTest)>) {
    match predicate {
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().for_each(|part| date_tests(part, tests)),
        Predicate::Date(field, test) => tests.push((field, test)),
        _ => {}
    }
}

/// Returns the ordinals of which some test is in doubt; `None` where none is.
fn in_doubt(tests: &[(&FieldName, &DateTest)], open: &OpenSegment<'_>) -> Result<Option<Ranges>, ExecError> {
    let mut doubtful = Vec::new();
    for (field, test) in tests {
        if **field != FieldName::Builtin(Builtin::Date) {
            let has_field = open.segment.date_column(field)?.is_some();
            doubtful.extend(has_field.then(|| super::open::whole(open)));
            continue;
        }
        let certain = open.certain(test)?;
        let possible = super::planner::possible(test, open)?;
        doubtful.extend(possible.intersect(&certain.complement(open.len())).iter());
    }
    let doubtful: Ranges = doubtful.into_iter().collect();
    Ok((!doubtful.is_empty()).then_some(doubtful))
}

// --- nothing found ---

/// Counts each top-level condition alone, and names what emptied the result.
pub(crate) fn zero_hit(predicate: &Predicate, planner: &Planner<'_, '_>) -> Result<ZeroHit, ExecError> {
    let parts: Vec<&Predicate> = match predicate {
        Predicate::And(parts) => parts.iter().collect(),
        single => vec![single],
    };
    let mut conditions = Vec::with_capacity(parts.len());
    for part in &parts {
        conditions.push((part.to_string(), Plans::new(part, planner)?.count(planner.context)?));
    }
    let empty = conditions.iter().position(|(_, count)| *count == 0);
    let nearest = match empty.and_then(|at| Some((at, *parts.get(at)?))) {
        Some((at, part)) => nearest_value(part, planner)?.map(|(value, articles)| (at, value, articles)),
        None => None,
    };
    let empty_pair = if empty.is_none() { first_empty_pair(&parts, planner)? } else { None };
    let undated = match empty.and_then(|at| Some((at, *parts.get(at)?))) {
        Some((at, Predicate::Date(field, _))) => Some((at, articles_without(field, planner)?)),
        _ => None,
    };
    Ok(ZeroHit { conditions, empty_pair, nearest, undated: undated.filter(|(_, articles)| *articles > 0) })
}

/// Returns how many articles have no date in a field.
fn articles_without(field: &FieldName, planner: &Planner<'_, '_>) -> Result<u64, ExecError> {
    let field = Field { name: field.clone(), field_type: FieldType::Date, many: false };
    let missing = Predicate::Not(Box::new(Predicate::Exists(field)));
    Plans::new(&missing, planner)?.count(planner.context)
}

fn first_empty_pair(
    parts: &[&Predicate],
    planner: &Planner<'_, '_>,
) -> Result<Option<(usize, usize)>, ExecError> {
    for (first, a) in parts.iter().enumerate() {
        for (second, b) in parts.iter().enumerate().skip(first + 1) {
            let both = Predicate::And(vec![(*a).clone(), (*b).clone()]);
            if Plans::new(&both, planner)?.count(planner.context)? == 0 {
                return Ok(Some((first, second)));
            }
        }
    }
    Ok(None)
}

/// Returns the value nearest to one that nothing has, with its articles.
fn nearest_value(
    predicate: &Predicate,
    planner: &Planner<'_, '_>,
) -> Result<Option<(String, u64)>, ExecError> {
    match predicate {
        Predicate::Keyword(field, KeywordTest::In(one_of)) => match one_of.written.as_slice() {
            [asked] => nearest_keyword(field, &fold_value(asked), planner),
            _ => Ok(None),
        },
        Predicate::Mentions(condition) => match condition.operand.terms.as_slice() {
            [term] => Ok(nearest_name(term, condition.kind, planner)?.map(|near| (near.name, near.articles))),
            _ => Ok(None),
        },
        _ => Ok(None),
    }
}

fn nearest_keyword(
    field: &FieldName,
    asked: &str,
    planner: &Planner<'_, '_>,
) -> Result<Option<(String, u64)>, ExecError> {
    let mut near = Nearest::new(asked);
    for open in &planner.context.segments {
        let Some(keyword) = open.segment.keyword(field)? else { continue };
        keyword.scan(0..keyword.len(), &mut |_, folded, spelling| {
            near.consider(folded, spelling);
            true
        })?;
    }
    let count = |folded: &str| {
        let test = KeywordTest::In(vec![folded.to_owned()].into());
        Plans::new(&Predicate::Keyword(field.clone(), test), planner)?.count(planner.context)
    };
    near.best(count)
}

/// A name near to one that nothing has.
struct NearName {
    name: String,
    kind: EntityKind,
    articles: u64,
}

fn nearest_name(
    term: &Term,
    kind: Option<EntityKind>,
    planner: &Planner<'_, '_>,
) -> Result<Option<NearName>, ExecError> {
    let mut best: Option<NearName> = None;
    let asked = fold_value(&term.source);
    let is_one_word = term.words.len() == 1;
    for kind in EntityKind::ALL.into_iter().filter(|own| kind.is_none_or(|kind| kind == *own)) {
        let mut near = Nearest::new(&asked);
        for open in &planner.context.segments {
            let Some(names) = open.segment.names(kind)? else { continue };
            names.field().scan(0..names.field().len(), &mut |_, folded, spelling| {
                near.consider(folded, spelling);
                if is_one_word {
                    near.consider_words(folded, spelling);
                }
                true
            })?;
        }
        let count = |name: &str| Plans::new(&named(name, kind), planner)?.count(planner.context);
        if let Some((name, articles)) = near.best(count)?
            && best.as_ref().is_none_or(|known| articles > known.articles)
        {
            best = Some(NearName { name, kind, articles });
        }
    }
    Ok(best)
}

/// Returns the condition that an entity of a kind is called so, wholly or by whole words.
fn named(name: &str, kind: EntityKind) -> Predicate {
    let words = tokens(name).map(|token| WordTest::Is(fold_word(token.span.of(name)).into_owned())).collect();
    let term = Term { source: name.to_owned(), words };
    Predicate::Mentions(MentionsCondition {
        kind: Some(kind),
        operand: crate::query::Operand { quantifier: Quantifier::Any, terms: vec![term] },
        aliases: Vec::new(),
        at_least: 1,
        scope: None,
    })
}

/// Keeps the values nearest to one.
struct Nearest<'a> {
    asked: &'a str,
    distance: usize,
    found: BTreeMap<String, String>,
}

impl<'a> Nearest<'a> {
    fn new(asked: &'a str) -> Nearest<'a> {
        let longest = (asked.chars().count() / 3).clamp(1, 3);
        Nearest { asked, distance: longest, found: BTreeMap::new() }
    }

    fn consider(&mut self, folded: &str, spelling: &str) {
        if folded == self.asked || folded.len().abs_diff(self.asked.len()) > 4 * self.distance {
            return;
        }
        let distance = strsim::osa_distance(folded, self.asked);
        if distance > self.distance {
            return;
        }
        if distance < self.distance {
            self.distance = distance;
            self.found.clear();
        }
        let spelling = spelling.to_owned();
        let known = self.found.entry(folded.to_owned()).or_insert_with(|| spelling.clone());
        if spelling < *known {
            *known = spelling;
        }
    }

    /// Considers each word of a name of several: people are asked for by their last name.
    fn consider_words(&mut self, folded: &str, spelling: &str) {
        let near = |word: &str| {
            !word.is_empty()
                && word.len().abs_diff(self.asked.len()) <= 4 * self.distance
                && strsim::osa_distance(word, self.asked) <= self.distance
        };
        if !folded.split(|c: char| !c.is_alphanumeric()).any(near) {
            return;
        }
        for token in tokens(spelling) {
            let word = token.span.of(spelling);
            self.consider(&fold_value(word), word);
        }
    }

    /// Returns the one of the nearest that most articles have.
    fn best(
        self,
        count: impl Fn(&str) -> Result<u64, ExecError>,
    ) -> Result<Option<(String, u64)>, ExecError> {
        let mut best: Option<(String, u64)> = None;
        for (folded, spelling) in self.found.into_iter().take(NEAREST_COMPARED) {
            let articles = count(&folded)?;
            if articles > 0 && best.as_ref().is_none_or(|(_, known)| articles > *known) {
                best = Some((spelling, articles));
            }
        }
        Ok(best)
    }
}

// --- unknown names ---

/// Warns of names that no article has, with the nearest one that some have (W03).
pub(crate) fn unknown_names(
    predicate: &Predicate,
    planner: &Planner<'_, '_>,
) -> Result<Vec<Warning>, ExecError> {
    let mut conditions = Vec::new();
    mentions(predicate, &mut conditions);
    let mut warnings = Vec::new();
    for condition in conditions {
        for (at, term) in condition.operand.terms.iter().enumerate() {
            if !is_plain(term) || is_known(condition, at, planner)? {
                continue;
            }
            let source = &term.source;
            let hint = match nearest_name(term, condition.kind, planner)? {
                Some(NearName { name, kind, articles }) => {
                    let articles = counted(articles, "article");
                    format!("; did you mean \"{name}\" ({kind}, {articles})?")
                }
                None => String::new(),
            };
            warnings.push(Warning { code: "W03", message: format!("nothing named \"{source}\"{hint}") });
        }
    }
    Ok(warnings)
}

fn mentions<'q>(predicate: &'q Predicate, found: &mut Vec<&'q MentionsCondition>) {
    match predicate {
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().for_each(|part| mentions(part, found)),
        Predicate::Not(part) => mentions(part, found),
        Predicate::Mentions(condition) => found.push(condition),
        _ => {}
    }
}

fn is_plain(term: &Term) -> bool {
    term.words.iter().all(|word| matches!(word, WordTest::Is(_)))
}

fn is_known(condition: &MentionsCondition, at: usize, planner: &Planner<'_, '_>) -> Result<bool, ExecError> {
    let Some(term) = condition.operand.terms.get(at) else { return Ok(true) };
    let alone = MentionsCondition {
        kind: condition.kind,
        operand: crate::query::Operand { quantifier: Quantifier::Any, terms: vec![term.clone()] },
        aliases: condition.aliases.get(at).cloned().into_iter().collect(),
        at_least: 1,
        scope: None,
    };
    Ok(Plans::new(&Predicate::Mentions(alone), planner)?.count(planner.context)? > 0)
}
