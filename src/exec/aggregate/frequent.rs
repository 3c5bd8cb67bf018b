//! The most frequent values of a keyword field, without looking every value up by name.
//!
//! Each segment counts by its own numbers. With `m` segments, a value that is among the first `n` of all has at least as
//! many articles as the `n`-th of any one segment, say `t`; so in some segment it has at least `t / m`. Only values
//! that reach this somewhere are looked up in the other segments. In news nearly all values are rare, and few do.

use std::collections::BTreeMap;

use super::group::{GroupId, Grouping};
use super::rows::keep_first;
use crate::exec::docset::{BLOCK, DocSet, TERMINATED};
use crate::exec::run::Plans;
use crate::exec::{Context, ExecError};
use crate::schema::FieldName;
use crate::segment::KeywordField;

/// The first values with their articles, and how many articles match at all.
pub(crate) struct Frequent {
    pub groups: Vec<(GroupId, u64)>,
    pub articles: u64,
}

/// What one segment counted.
struct Counted<'a> {
    segment: usize,
    field: KeywordField<'a>,
    /// Articles by group.
    groups: Vec<u32>,
    /// Articles by spelling.
    met: Vec<u32>,
}

/// Returns the values that most matches have, most frequent first, then by name.
///
/// `grouping` must be of a keyword field whose values no alias joins; the values returned become groups of it.
pub(crate) fn most_frequent(
    plans: &Plans,
    name: &FieldName,
    wanted: usize,
    grouping: &mut Grouping,
    context: &Context<'_>,
) -> Result<Frequent, ExecError> {
    let (counted, articles) = count(plans, name, context)?;
    let least = least_count(&counted, wanted);
    let mut totals: BTreeMap<String, u64> = BTreeMap::new();
    for segment in &counted {
        let reaching = (0..).zip(&segment.groups).filter(|(_, count)| **count >= least);
        for (group, _) in reaching {
            totals.insert(segment.field.value(segment.field.group_numbers(group).start)?.folded, 0);
        }
    }
    for (folded, total) in &mut totals {
        for segment in &counted {
            *total += segment.articles_with(folded)?;
        }
    }
    let mut ranked: Vec<(String, u64)> = totals.into_iter().collect();
    keep_first(&mut ranked, wanted, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let groups = ranked.into_iter().map(|(folded, count)| (grouping.id_of_name(folded), count)).collect();
    for segment in counted {
        grouping.count_spellings(segment.segment, segment.met);
    }
    Ok(Frequent { groups, articles })
}

fn count<'a>(
    plans: &'a Plans,
    name: &FieldName,
    context: &'a Context<'_>,
) -> Result<(Vec<Counted<'a>>, u64), ExecError> {
    let (mut counted, mut articles) = (Vec::new(), 0);
    plans.each(context, |open, mut set| {
        let Some(field) = open.segment.keyword(name)? else {
            articles += set.count_until(crate::exec::docset::TERMINATED);
            return Ok(());
        };
        let (mut groups, mut met) = (vec![0; field.groups() as usize], vec![0; field.len() as usize]);
        context.guard.grow((groups.len() + met.len()) * size_of::<u32>())?;
        let mut block = [0; BLOCK];
        loop {
            let filled = set.fill(TERMINATED, &mut block);
            if filled == 0 {
                break;
            }
            articles += filled as u64;
            context.guard.tick(filled as u32)?;
            for &ordinal in block.iter().take(filled) {
                let mut last = None;
                for number in field.values(ordinal) {
                    add_one(&mut met, number);
                    let group = field.group(number);
                    if last.replace(group) != Some(group) {
                        add_one(&mut groups, group);
                    }
                }
            }
        }
        counted.push(Counted { segment: open.index, field, groups, met });
        Ok(())
    })?;
    Ok((counted, articles))
}

fn add_one(counts: &mut [u32], at: u32) {
    if let Some(count) = counts.get_mut(at as usize) {
        *count += 1;
    }
}

/// Returns the count that a value must reach in some segment to be among the first `wanted` of all.
fn least_count(counted: &[Counted<'_>], wanted: usize) -> u32 {
    let nth_largest = |segment: &Counted<'_>| {
        let mut counts = segment.groups.clone();
        match wanted.checked_sub(1) {
            Some(at) if at < counts.len() => *counts.select_nth_unstable_by(at, |a, b| b.cmp(a)).1,
            _ => 0,
        }
    };
    let reached = counted.iter().map(nth_largest).max().unwrap_or(0);
    reached.div_ceil(counted.len().max(1) as u32).max(1)
}

impl Counted<'_> {
    fn articles_with(&self, folded: &str) -> Result<u64, ExecError> {
        let numbers = self.field.find(folded)?;
        if numbers.is_empty() {
            return Ok(0);
        }
        let group = self.field.group(numbers.start) as usize;
        Ok(self.groups.get(group).copied().map_or(0, u64::from))
    }
}
