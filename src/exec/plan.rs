//! The plan of a condition in one segment.
//!
//! The planner makes it from what the segment's dictionaries say; `explain` prints it; `open` makes a doc set of it.

use std::fmt;
use std::sync::Arc;

use super::check::Check;
use super::docset::Ranges;
use crate::article::{Category, Country, EntityKind};
use crate::schema::FieldName;
use crate::segment::TermInfo;

/// What a condition comes to in one segment.
#[derive(Debug, Clone)]
pub(crate) enum Plan {
    /// No article.
    Nothing,
    /// Every article.
    Everything,
    /// The articles inside some intervals of ordinals.
    Between(Ranges),
    /// The articles of some lists.
    List(List),
    /// The articles of every part; the smallest leads.
    All(Vec<Plan>),
    /// The articles of any part.
    Any(Vec<Plan>),
    /// The articles of the first that are not in the second.
    Except(Box<Plan>, Box<Plan>),
    /// The articles of a part inside some intervals of ordinals.
    Bound(Ranges, Box<Plan>),
    /// The articles of a part that pass checks which must look at each of them, cheapest first.
    Checked(Box<Plan>, Vec<Check>),
}

/// One list of articles, or the union of several alike.
#[derive(Debug, Clone)]
pub(crate) struct List {
    /// How `explain` names it.
    pub label: String,
    /// Articles in the list; an upper bound where several are united.
    pub count: u64,
    /// Where it lies.
    pub source: Source,
}

/// Where a list of articles lies in a segment.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// Articles that have one of these words.
    Words(Vec<TermInfo>),
    /// Articles that have one of these values of a keyword field.
    Values(FieldName, Arc<[u32]>),
    /// Articles that use one of these names for an entity of a kind.
    Names(EntityKind, Arc<[u32]>),
    /// Articles with a place in a country.
    InCountry(Country),
    /// Articles with a place in a region.
    InRegion(String),
    /// Articles that have some value of a field.
    Presence(FieldName),
    /// Articles that report figures of a category.
    Figures(Category),
}

impl Plan {
    /// Returns the list, or nothing where it is known to be empty.
    pub(crate) fn list(label: String, count: u64, source: Source) -> Plan {
        if count == 0 { Plan::Nothing } else { Plan::List(List { label, count, source }) }
    }

    /// Returns about how many of a segment's `articles` satisfy the plan; never fewer than do.
    pub(crate) fn estimate(&self, articles: u32) -> u64 {
        let all = u64::from(articles);
        match self {
            Plan::Nothing => 0,
            Plan::Everything => all,
            Plan::Between(ranges) => ranges.count(),
            Plan::List(list) => list.count.min(all),
            Plan::All(parts) => parts.iter().map(|part| part.estimate(articles)).min().unwrap_or(all),
            Plan::Any(parts) => parts.iter().map(|part| part.estimate(articles)).sum::<u64>().min(all),
            Plan::Except(kept, _) | Plan::Checked(kept, _) => kept.estimate(articles),
            Plan::Bound(ranges, part) => part.estimate(articles).min(ranges.count()),
        }
    }

    /// Returns the articles of both or all parts.
    ///
    /// Dates become bounds around everything else, negations one difference, and checks look only at what every list
    /// agrees on.
    pub(crate) fn all(parts: Vec<Plan>) -> Plan {
        let mut gathered = Gathered::default();
        for part in parts {
            gathered.add(part);
        }
        gathered.finish()
    }

    /// Returns the articles of any part.
    pub(crate) fn any(parts: Vec<Plan>) -> Plan {
        let mut flat = Vec::with_capacity(parts.len());
        let mut ranges: Vec<Ranges> = Vec::new();
        for part in parts {
            match part {
                Plan::Nothing => {}
                Plan::Everything => return Plan::Everything,
                Plan::Between(own) => ranges.push(own),
                Plan::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if !ranges.is_empty() {
            flat.push(Plan::Between(ranges.iter().flat_map(Ranges::iter).collect()));
        }
        match flat.len() {
            0 => Plan::Nothing,
            1 => flat.swap_remove(0),
            _ => Plan::Any(flat),
        }
    }

    /// Returns the exact complement; `articles` is the length of the segment.
    pub(crate) fn not(self, articles: u32) -> Plan {
        match self {
            Plan::Nothing => Plan::Everything,
            Plan::Everything => Plan::Nothing,
            Plan::Between(ranges) => Plan::between(ranges.complement(articles)),
            Plan::Except(kept, removed) if matches!(*kept, Plan::Everything) => *removed,
            other => Plan::Except(Box::new(Plan::Everything), Box::new(other)),
        }
    }

    /// Returns the articles inside `ranges`.
    pub(crate) fn between(ranges: Ranges) -> Plan {
        if ranges.is_empty() { Plan::Nothing } else { Plan::Between(ranges) }
    }

    /// Returns the articles of this plan that pass `check`.
    pub(crate) fn checked(self, check: Check) -> Plan {
        match self {
            Plan::Nothing => Plan::Nothing,
            Plan::Checked(inner, mut checks) => {
                checks.push(check);
                Plan::Checked(inner, checks)
            }
            other => Plan::Checked(Box::new(other), vec![check]),
        }
    }
}

/// The parts of a conjunction, sorted by what they do.
#[derive(Default)]
struct Gathered {
    lists: Vec<Plan>,
    bounds: Option<Ranges>,
    removed: Vec<Plan>,
    checks: Vec<Check>,
    empty: bool,
}

impl Gathered {
    fn add(&mut self, part: Plan) {
        match part {
            Plan::Nothing => self.empty = true,
            Plan::Everything => {}
            Plan::Between(ranges) => self.bound(ranges),
            Plan::All(parts) => parts.into_iter().for_each(|part| self.add(part)),
            Plan::Bound(ranges, part) => {
                self.bound(ranges);
                self.add(*part);
            }
            Plan::Except(kept, removed) => {
                self.add(*kept);
                self.removed.push(*removed);
            }
            Plan::Checked(part, checks) => {
                self.add(*part);
                self.checks.extend(checks);
            }
            list @ (Plan::List(_) | Plan::Any(_)) => self.lists.push(list),
        }
    }

    fn bound(&mut self, ranges: Ranges) {
        self.bounds = Some(match self.bounds.take() {
            Some(known) => known.intersect(&ranges),
            None => ranges,
        });
    }

    fn finish(mut self) -> Plan {
        if self.empty || self.bounds.as_ref().is_some_and(Ranges::is_empty) {
            return Plan::Nothing;
        }
        self.lists.sort_by_key(|list| list.estimate(u32::MAX));
        let lists = match self.lists.len() {
            0 => None,
            1 => self.lists.pop(),
            _ => Some(Plan::All(self.lists)),
        };
        let mut plan = match (lists, self.bounds) {
            (None, None) => Plan::Everything,
            (None, Some(ranges)) => Plan::Between(ranges),
            (Some(lists), None) => lists,
            (Some(lists), Some(ranges)) => Plan::Bound(ranges, Box::new(lists)),
        };
        match Plan::any(self.removed) {
            Plan::Nothing => {}
            Plan::Everything => return Plan::Nothing,
            removed => plan = Plan::Except(Box::new(plan), Box::new(removed)),
        }
        if !self.checks.is_empty() {
            self.checks.sort_by_key(Check::expense);
            plan = Plan::Checked(Box::new(plan), self.checks);
        }
        plan
    }
}

impl fmt::Display for Plan {
    /// Prints one operator a line, its parts indented below it, each with about how many articles it yields.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.print(f, 0)
    }
}

impl Plan {
    /// Returns the operator without its parts.
    pub(crate) fn headline(&self) -> String {
        match self {
            Plan::Nothing => "nothing".to_owned(),
            Plan::Everything => "every article".to_owned(),
            Plan::Between(ranges) => format!("ordinals {}", Listed(ranges)),
            Plan::List(list) => format!("{} ~{}", list.label, list.count),
            Plan::All(_) => "all of".to_owned(),
            Plan::Any(_) => "any of".to_owned(),
            Plan::Except(..) => "except".to_owned(),
            Plan::Bound(ranges, _) => format!("bound to ordinals {}", Listed(ranges)),
            Plan::Checked(_, checks) => {
                let checks: Vec<String> = checks.iter().map(Check::to_string).collect();
                format!("check {}", checks.join("; "))
            }
        }
    }

    /// Returns the parts in the order that `explain` prints them.
    pub(crate) fn parts(&self) -> Vec<&Plan> {
        match self {
            Plan::Nothing | Plan::Everything | Plan::Between(_) | Plan::List(_) => Vec::new(),
            Plan::All(parts) | Plan::Any(parts) => parts.iter().collect(),
            Plan::Except(kept, removed) => vec![kept, removed],
            Plan::Bound(_, part) | Plan::Checked(part, _) => vec![part],
        }
    }

    fn print(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        if depth > 0 {
            writeln!(f)?;
        }
        write!(f, "{:1$}{2}", "", depth * 2, self.headline())?;
        self.parts().into_iter().try_for_each(|part| part.print(f, depth + 1))
    }
}

/// Prints ranges, a few of them.
struct Listed<'a>(&'a Ranges);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        for (at, range) in self.0.iter().take(SHOWN).enumerate() {
            write!(f, "{}{}..{}", if at > 0 { ", " } else { "" }, range.start, range.end)?;
        }
        let more = self.0.iter().count().saturating_sub(SHOWN);
        if more > 0 { write!(f, " and {more} more") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(label: &str, count: u64) -> Plan {
        Plan::list(label.to_owned(), count, Source::Words(Vec::new()))
    }

    #[test]
    fn the_smallest_list_leads_inside_the_bounds_of_dates() {
        let date = Plan::between(Ranges::one(10, 50));
        let not_spoilt = list("\"spoilt\"", 3).not(100);
        let plan = Plan::all(vec![list("\"the\"", 90), date, not_spoilt, list("\"idlib\"", 4)]);
        assert_eq!(
            plan.to_string(),
            "except\n  bound to ordinals 10..50\n    all of\n      \"idlib\" ~4\n      \"the\" ~90\n  \"spoilt\" ~3"
        );
        assert_eq!(plan.estimate(100), 4);
    }

    #[test]
    fn constants_fold_away() {
        assert!(matches!(Plan::all(vec![list("a", 3), Plan::Nothing]), Plan::Nothing));
        assert!(matches!(Plan::all(vec![Plan::Everything, Plan::Everything]), Plan::Everything));
        assert!(matches!(Plan::any(vec![list("a", 3), Plan::Everything]), Plan::Everything));
        assert!(matches!(list("a", 3).not(9).not(9), Plan::List(_)));
        let disjoint = vec![Plan::between(Ranges::one(0, 3)), Plan::between(Ranges::one(5, 8))];
        assert!(matches!(Plan::all(disjoint), Plan::Nothing));
    }
}
