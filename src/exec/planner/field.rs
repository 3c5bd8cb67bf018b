//! Tests of whole values: keywords, numbers, booleans, dates, patterns, presence.

use std::sync::Arc;

use regex_automata::meta::Regex;
use regex_automata::util::syntax;

use super::{Dates, Planner};
use crate::article::Category;
use crate::exec::check::{Check, DateCheck, FieldCheck, StoredMatch};
use crate::exec::plan::{Plan, Source};
use crate::exec::{ExecError, OpenSegment};
use crate::query::{Comparison, DateTest, KeywordTest, LikePart, NumberRange, OneOf, RegexPattern};
use crate::schema::{Builtin, Field, FieldName};
use crate::segment::KeywordField;

/// Largest machine of a compiled regular expression, in bytes; the reverse one is much larger than the forward one,
/// which `resolve` bounds.
const REGEX_BYTES_MAX: usize = 1 << 20;

impl<'v> Planner<'_, 'v> {
    pub(super) fn keyword(
        &self,
        name: &FieldName,
        test: &KeywordTest,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let Some(field) = open.segment.keyword(name)? else { return Ok(Plan::Nothing) };
        let mut numbers = Vec::new();
        match test {
            KeywordTest::In(OneOf { values, .. }) => {
                for value in values {
                    numbers.extend(field.find(value)?);
                }
            }
            KeywordTest::StartsWith(beginning) => numbers.extend(field.starts_with(beginning)?),
            KeywordTest::EndsWith(end) => {
                scan(&field, 0..field.len(), &mut numbers, |folded, _| folded.ends_with(end.as_str()))?;
            }
            KeywordTest::Like(pattern) => {
                let range = match pattern.0.first() {
                    Some(LikePart::Literal(beginning)) => field.starts_with(beginning)?,
                    _ => 0..field.len(),
                };
                scan(&field, range, &mut numbers, |folded, _| pattern.fits(folded))?;
            }
        }
        values_plan(test.of(name).to_string(), name, &field, numbers)
    }

    pub(super) fn number(
        &self,
        name: &FieldName,
        ranges: &[NumberRange],
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        if let Some(category) = figure_category(name) {
            let Some(figures) = open.segment.figures(category)? else { return Ok(Plan::Nothing) };
            let count = u64::from(figures.postings().len());
            let list = Plan::list(format!("{name} exists"), count, Source::Figures(category));
            return Ok(list.checked(Check::Field(FieldCheck::Figure(category, ranges.to_vec()))));
        }
        let Some(column) = open.segment.number_column(name)? else { return Ok(Plan::Nothing) };
        let Some((smallest, largest)) = column.bounds() else { return Ok(Plan::Nothing) };
        let may_hold = |range: &&NumberRange| {
            range.low.is_none_or(|(low, inside)| largest > low || (inside && largest == low))
                && range.high.is_none_or(|(high, inside)| smallest < high || (inside && smallest == high))
        };
        let ranges: Vec<NumberRange> = ranges.iter().filter(may_hold).copied().collect();
        if ranges.is_empty() {
            return Ok(Plan::Nothing);
        }
        let check = Check::Field(FieldCheck::Number(name.clone(), ranges));
        Ok(self.exists(name, open)?.checked(check))
    }

    pub(super) fn boolean(
        &self,
        name: &FieldName,
        value: bool,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let check = Check::Field(FieldCheck::Boolean(name.clone(), value));
        Ok(self.exists(name, open)?.checked(check))
    }

    pub(super) fn date(
        &self,
        name: &FieldName,
        test: &DateTest,
        open: &OpenSegment<'v>,
        dates: Dates,
    ) -> Result<Plan, ExecError> {
        let check = DateCheck { field: name.clone(), test: *test, possibly: dates == Dates::Possible };
        Ok(self.exists(name, open)?.checked(Check::Field(FieldCheck::Date(check))))
    }

    pub(super) fn exists(&self, name: &FieldName, open: &OpenSegment<'v>) -> Result<Plan, ExecError> {
        let count = open.segment.presence(name)?.len();
        if count == open.len() {
            return Ok(Plan::Everything);
        }
        Ok(Plan::list(format!("{name} exists"), u64::from(count), Source::Presence(name.clone())))
    }

    pub(super) fn number_of(
        &self,
        field: &Field,
        comparison: Comparison,
        count: u64,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let counts_missing = comparison.holds(0, count);
        let candidates = if counts_missing { Plan::Everything } else { self.exists(&field.name, open)? };
        Ok(candidates.checked(Check::Field(FieldCheck::CountOf(field.clone(), comparison, count))))
    }

    pub(super) fn matches(
        &self,
        name: &FieldName,
        pattern: &RegexPattern,
        open: &OpenSegment<'v>,
    ) -> Result<Plan, ExecError> {
        let regex = compile(pattern)?;
        if is_text(name) {
            let check =
                StoredMatch { field: name.clone(), regex: Arc::new(regex), pattern: pattern.pattern.clone() };
            return Ok(self.exists(name, open)?.checked(Check::Stored(check)));
        }
        let Some(field) = open.segment.keyword(name)? else { return Ok(Plan::Nothing) };
        let mut numbers = Vec::new();
        scan(&field, 0..field.len(), &mut numbers, |_, spelling| regex.is_match(spelling))?;
        values_plan(format!("{name} matches /{}/", pattern.pattern), name, &field, numbers)
    }
}

/// Tells whether the field is stored text, which has no dictionary of whole values.
pub(crate) fn is_text(name: &FieldName) -> bool {
    use Builtin::{Body, Lede, Quote, Text, Title};
    matches!(name, FieldName::Builtin(Title | Lede | Body | Text | Quote))
}

/// Returns what the figures of a field count.
pub(crate) fn figure_category(name: &FieldName) -> Option<Category> {
    let FieldName::Builtin(builtin) = name else { return None };
    Some(match builtin {
        Builtin::Deaths => Category::Deaths,
        Builtin::Injured => Category::Injured,
        Builtin::Displaced => Category::Displaced,
        Builtin::Arrested => Category::Arrested,
        Builtin::Troops => Category::Troops,
        Builtin::Money => Category::Money,
        Builtin::Percent => Category::Percent,
        _ => return None,
    })
}

/// Adds the numbers of the values in `range` that fit.
fn scan(
    field: &KeywordField<'_>,
    range: std::ops::Range<u32>,
    numbers: &mut Vec<u32>,
    fits: impl Fn(&str, &str) -> bool,
) -> Result<(), ExecError> {
    field.scan(range, &mut |number, folded, spelling| {
        if fits(folded, spelling) {
            numbers.push(number);
        }
        true
    })?;
    Ok(())
}

/// Returns the articles that have one of the values.
pub(super) fn values_plan(
    label: String,
    name: &FieldName,
    field: &KeywordField<'_>,
    mut numbers: Vec<u32>,
) -> Result<Plan, ExecError> {
    numbers.sort_unstable();
    numbers.dedup();
    let mut count = 0;
    for &number in &numbers {
        count += u64::from(field.postings(number)?.len());
    }
    Ok(Plan::list(label, count, Source::Values(name.clone(), numbers.into())))
}

fn compile(pattern: &RegexPattern) -> Result<Regex, ExecError> {
    let syntax = syntax::Config::new()
        .case_insensitive(pattern.ignore_case)
        .multi_line(pattern.multi_line)
        .dot_matches_new_line(pattern.dot_matches_newline);
    Regex::builder()
        .syntax(syntax)
        .configure(Regex::config().nfa_size_limit(Some(REGEX_BYTES_MAX)))
        .build(&pattern.pattern)
        .map_err(|error| ExecError::Pattern { pattern: pattern.pattern.clone(), reason: error.to_string() })
}
