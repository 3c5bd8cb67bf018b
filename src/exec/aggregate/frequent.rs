//! The most frequent values of a keyword field, without looking every value up by name.
//!
//! Each segment counts by its own numbers. The first `n` of each of `m` segments are added up over all segments; the
//! `n`-th of these sums, say `t`, is one that the first `n` of all reach, and a value that reaches it has at least `t / m`
//! articles in some segment. Only values that do are looked up by name: in news nearly all values are rare, and few do
//! (three-phase uniform threshold; Cao and Wang, Efficient top-K query calculation in distributed networks, 2004).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

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

/// Articles by folded value, over all segments.
type Totals = BTreeMap<String, u64>;

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
    let mut totals = Totals::new();
    for segment in &counted {
        add_up(segment.largest(wanted), segment, &counted, &mut totals)?;
    }
    let least = least_count(&totals, wanted, counted.len());
    for segment in &counted {
        let reaching = (0..).zip(&segment.groups).filter(|(_, count)| u64::from(**count) >= least);
        add_up(reaching.map(|(group, _)| group), segment, &counted, &mut totals)?;
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

/// Adds up the articles of groups of a segment that are not among the totals yet.
fn add_up(
    groups: impl IntoIterator<Item = GroupId>,
    segment: &Counted<'_>,
    counted: &[Counted<'_>],
    totals: &mut Totals,
) -> Result<(), ExecError> {
    for group in groups {
        let folded = segment.field.value(segment.field.group_numbers(group).start)?.folded;
        if let Entry::Vacant(entry) = totals.entry(folded) {
            let total = counted.iter().map(|segment| segment.articles_with(entry.key()));
            let total = total.sum::<Result<u64, ExecError>>()?;
            entry.insert(total);
        }
    }
    Ok(())
}

/// Returns the count that a value must reach in one of `segments` to be among the first `wanted` of all.
fn least_count(totals: &Totals, wanted: usize, segments: usize) -> u64 {
    let mut totals: Vec<u64> = totals.values().copied().collect();
    let reached = match wanted.checked_sub(1) {
        Some(at) if at < totals.len() => *totals.select_nth_unstable_by(at, |a, b| b.cmp(a)).1,
        _ => 0,
    };
    reached.div_ceil(segments.max(1) as u64).max(1)
}

impl Counted<'_> {
    /// Returns the groups with most articles, in any order.
    fn largest(&self, wanted: usize) -> Vec<GroupId> {
        let mut met: Vec<(u32, GroupId)> =
            self.groups.iter().copied().zip(0..).filter(|(count, _)| *count > 0).collect();
        if wanted < met.len() {
            met.select_nth_unstable_by(wanted, |a, b| b.cmp(a));
            met.truncate(wanted);
        }
        met.into_iter().map(|(_, group)| group).collect()
    }

    fn articles_with(&self, folded: &str) -> Result<u64, ExecError> {
        let numbers = self.field.find(folded)?;
        if numbers.is_empty() {
            return Ok(0);
        }
        let group = self.field.group(numbers.start) as usize;
        Ok(self.groups.get(group).copied().map_or(0, u64::from))
    }
}
