//! From a predicate to the plan of one segment.
//!
//! Each condition becomes lists of the segment's dictionaries, with their real lengths; what lists cannot tell becomes
//! a check over candidates that are as few as the lists can make them.

mod entity;
mod field;
mod text;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use self::entity::{FoundNames, NameKey};
use super::docset::Ranges;
use super::lexicon::Lexicon;
use super::plan::Plan;
use super::{Context, ExecError, OpenSegment};
use crate::query::{DateTest, Predicate, Quantifier};
use crate::schema::{Builtin, FieldName};

/// How dates that are not known exactly are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dates {
    /// A date passes when all of it does.
    Certain,
    /// A date passes when some moment of it does; under a negation, when all of it does.
    Possible,
}

/// Plans conditions for the segments of a context.
pub(crate) struct Planner<'c, 'v> {
    pub context: &'c Context<'v>,
    pub lexicon: Lexicon<'c, 'v>,
    /// What names of entities came to; scores, inexact dates and help plan a condition again.
    names: RefCell<HashMap<NameKey, Rc<[FoundNames]>>>,
}

impl<'c, 'v> Planner<'c, 'v> {
    /// Returns a planner that has looked up nothing.
    pub(crate) fn new(context: &'c Context<'v>) -> Planner<'c, 'v> {
        Planner { context, lexicon: Lexicon::new(context), names: RefCell::default() }
    }

    /// Returns the plan of `predicate` for each segment.
    pub(crate) fn plan(&self, predicate: &Predicate) -> Result<Vec<Plan>, ExecError> {
        self.plan_with(predicate, Dates::Certain)
    }

    /// Returns the plan of `predicate` for each segment, with inexact dates taken as told.
    pub(crate) fn plan_with(&self, predicate: &Predicate, dates: Dates) -> Result<Vec<Plan>, ExecError> {
        self.context.segments.iter().map(|open| self.condition(predicate, open, dates)).collect()
    }

    fn condition(
        &self,
        predicate: &Predicate,
        open: &OpenSegment<'v>,
        dates: Dates,
    ) -> Result<Plan, ExecError> {
        match predicate {
            Predicate::Everything => Ok(Plan::Everything),
            Predicate::Nothing => Ok(Plan::Nothing),
            Predicate::And(parts) => Ok(Plan::all(self.conditions(parts, open, dates)?)),
            Predicate::Or(parts) => Ok(Plan::any(self.conditions(parts, open, dates)?)),
            Predicate::Not(part) => Ok(self.condition(part, open, Dates::Certain)?.not(open.len())),
            Predicate::Text(condition) => self.text(condition, open),
            Predicate::Mentions(condition) => self.mentions(condition, open),
            Predicate::MentionsWithin(condition) => self.within(condition, open),
            Predicate::Quotes(condition) => self.quotes(condition, open),
            Predicate::Keyword(field, test) => self.keyword(field, test, open),
            Predicate::Number(field, ranges) => self.number(field, ranges, open),
            Predicate::Boolean(field, value) => self.boolean(field, *value, open),
            Predicate::Date(FieldName::Builtin(Builtin::Date), test) => publication_date(test, open, dates),
            Predicate::Date(field, test) => self.date(field, test, open, dates),
            Predicate::Matches(field, pattern) => self.matches(field, pattern, open),
            Predicate::Exists(field) => self.exists(&field.name, open),
            Predicate::NumberOf(field, comparison, count) => self.number_of(field, *comparison, *count, open),
        }
    }

    fn conditions(
        &self,
        parts: &[Predicate],
        open: &OpenSegment<'v>,
        dates: Dates,
    ) -> Result<Vec<Plan>, ExecError> {
        parts.iter().map(|part| self.condition(part, open, dates)).collect()
    }
}

/// Joins the plans of a list's members as its quantifier says.
fn quantified(quantifier: Quantifier, plans: Vec<Plan>, open: &OpenSegment<'_>) -> Plan {
    match quantifier {
        Quantifier::Any => Plan::any(plans),
        Quantifier::All => Plan::all(plans),
        Quantifier::None => Plan::any(plans).not(open.len()),
    }
}

/// Returns the intervals of ordinals whose publication date passes.
fn publication_date(test: &DateTest, open: &OpenSegment<'_>, dates: Dates) -> Result<Plan, ExecError> {
    let ranges = match dates {
        Dates::Certain => open.certain(test)?,
        Dates::Possible => possible(test, open)?,
    };
    Ok(Plan::between(ranges))
}

/// Returns the ordinals of which some moment passes: those whose opposite is not certain.
pub(crate) fn possible(test: &DateTest, open: &OpenSegment<'_>) -> Result<Ranges, ExecError> {
    use crate::query::DateRelation::{After, Before, Overlaps, Since, Until, Within};
    let certain = |relation| open.certain(&DateTest { relation, ..*test });
    let dated = open.dates.dated();
    Ok(match test.relation {
        Within | Overlaps => certain(Overlaps)?,
        Before => certain(Since)?.complement(dated),
        Since => certain(Before)?.complement(dated),
        After => certain(Until)?.complement(dated),
        Until => certain(After)?.complement(dated),
    })
}
