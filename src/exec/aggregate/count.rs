//! `count`: a number, or a table of counts.

use std::collections::HashMap;

use super::group::{GroupId, GroupReader, Grouping};
use super::refuse_folding;
use super::rows::{Figure, GroupRow, Layout};
use crate::date::Offset;
use crate::exec::docset::{BLOCK, DocSet, Ordinal};
use crate::exec::planner::Planner;
use crate::exec::run::{Outcome, Plans};
use crate::exec::{AnswerKind, Context, ExecError, RowSink, Summary};
use crate::query::{Count, GroupKey, Predicate};
use crate::schema::FieldType;

/// Answers `count`.
pub(crate) fn count(
    count: &Count,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    refuse_folding(&count.with)?;
    let plans = Plans::new(&count.predicate, planner)?;
    let total = plans.count(context)?;
    let mut groupings = groupings_of(&count.keys, count.zone, context)?;
    let series = series_of(count, planner)?;
    let wholes = match count.as_share {
        true => {
            let whole = Plans::new(&count.share_of, planner)?;
            Some(tally(&whole, &mut groupings, count.with.missing, context, Spellings::Ignore)?)
        }
        false => None,
    };
    // Groups are called what most matches call them, whatever series those are in.
    let of_series = if series.is_some() { Spellings::Ignore } else { Spellings::Count };
    if series.is_some() && !count.keys.is_empty() {
        tally(&plans, &mut groupings, count.with.missing, context, Spellings::Count)?;
    }
    let mut rows = Vec::new();
    for (number, plans) in
        series.as_ref().map_or_else(|| vec![(0, &plans)], |all| all.iter().enumerate().collect())
    {
        let row = |ids: Vec<GroupId>, count| {
            let share = wholes.as_ref().map(|wholes| Figure::share(count, wholes.get(&ids)));
            let figures = std::iter::once(Figure::count(count)).chain(share).collect();
            GroupRow { series: number, ids, figures }
        };
        if count.keys.is_empty() {
            rows.push(row(Vec::new(), plans.count(context)?));
            continue;
        }
        let counts = tally(plans, &mut groupings, count.with.missing, context, of_series)?;
        rows.extend(counts.into_rows().map(|(ids, count)| row(ids, count)));
    }
    let mut figures = vec![("count", FieldType::Number)];
    figures.extend(count.as_share.then_some(("share", FieldType::Number)));
    let layout = Layout {
        series: count.compare.iter().map(|series| series.label.clone()).collect(),
        groupings: &groupings,
        figures,
        order: &count.order,
        limit: count.limit,
        offset: count.offset,
    };
    sink.start(AnswerKind::Count, &layout.columns());
    layout.emit(rows, context, sink)?;
    let summary = Summary { total: Some(total), ..Summary::default() };
    Ok(Outcome { summary, is_empty: total == 0, plans: Some(plans) })
}

/// Returns an empty grouping for each key.
pub(crate) fn groupings_of(
    keys: &[GroupKey],
    zone: Offset,
    context: &Context<'_>,
) -> Result<Vec<Grouping>, ExecError> {
    keys.iter().map(|key| Grouping::new(key, zone, context)).collect()
}

/// Returns the plans of each compared series, each under the common condition.
fn series_of(count: &Count, planner: &Planner<'_, '_>) -> Result<Option<Vec<Plans>>, ExecError> {
    if count.compare.is_empty() {
        return Ok(None);
    }
    let plans =
        count.compare.iter().map(|series| Plans::new(&both(&count.predicate, &series.predicate), planner));
    plans.collect::<Result<_, _>>().map(Some)
}

/// Returns the condition that both hold.
pub(crate) fn both(common: &Predicate, own: &Predicate) -> Predicate {
    match common {
        Predicate::Everything => own.clone(),
        common => Predicate::And(vec![common.clone(), own.clone()]),
    }
}

/// Whether the spellings met decide what groups are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spellings {
    Count,
    Ignore,
}

/// How many articles each combination of groups has.
#[derive(Debug, Default)]
pub(crate) struct GroupCounts {
    /// Counts by the number of the group, where there is one key.
    single: Vec<u64>,
    /// Counts by the numbers of the groups, where there are several keys or none.
    combined: HashMap<Vec<GroupId>, u64>,
}

impl GroupCounts {
    fn add(&mut self, ids: &[GroupId], context: &Context<'_>) -> Result<(), ExecError> {
        if let [id] = ids {
            let at = *id as usize;
            if at >= self.single.len() {
                let grown = (at + 1).next_power_of_two();
                context.guard.grow((grown - self.single.len()) * size_of::<u64>())?;
                self.single.resize(grown, 0);
            }
            if let Some(count) = self.single.get_mut(at) {
                *count += 1;
            }
            return Ok(());
        }
        match self.combined.get_mut(ids) {
            Some(count) => *count += 1,
            None => {
                context.guard.grow(size_of::<(Vec<GroupId>, u64)>() + size_of_val(ids))?;
                self.combined.insert(ids.to_vec(), 1);
            }
        }
        Ok(())
    }

    /// Returns the articles of a combination.
    fn get(&self, ids: &[GroupId]) -> u64 {
        let count = match ids {
            [id] => self.single.get(*id as usize),
            ids => self.combined.get(ids),
        };
        count.copied().unwrap_or(0)
    }

    /// Lists the groups of a single key that have articles.
    pub(crate) fn singles(&self) -> impl Iterator<Item = (GroupId, u64)> + '_ {
        (0..).zip(self.single.iter().copied()).filter(|(_, count)| *count > 0)
    }

    /// Lists the combinations that have articles.
    fn into_rows(self) -> impl Iterator<Item = (Vec<GroupId>, u64)> {
        let singles: Vec<(Vec<GroupId>, u64)> = self.singles().map(|(id, count)| (vec![id], count)).collect();
        singles.into_iter().chain(self.combined)
    }
}

/// Counts the matching articles of every combination of groups.
pub(crate) fn tally(
    plans: &Plans,
    groupings: &mut [Grouping],
    with_missing: bool,
    context: &Context<'_>,
    spellings: Spellings,
) -> Result<GroupCounts, ExecError> {
    let mut counts = GroupCounts::default();
    each_group(plans, groupings, with_missing, context, spellings, &mut |_, ids| counts.add(ids, context))?;
    Ok(counts)
}

/// Takes an article, as its segment and ordinal, under one combination of its groups.
type EachGroup<'f> = dyn FnMut((usize, Ordinal), &[GroupId]) -> Result<(), ExecError> + 'f;

/// Calls `each` with every matching article of a segment under every combination of its groups.
pub(crate) fn each_group(
    plans: &Plans,
    groupings: &mut [Grouping],
    with_missing: bool,
    context: &Context<'_>,
    spellings: Spellings,
    each: &mut EachGroup<'_>,
) -> Result<(), ExecError> {
    plans.each(context, |open, mut set| {
        let mut readers: Vec<GroupReader<'_>> =
            groupings.iter().map(|grouping| grouping.open(open)).collect::<Result<_, _>>()?;
        let mut keys: Vec<Vec<GroupId>> = vec![Vec::new(); groupings.len()];
        let mut block = [0; BLOCK];
        loop {
            let filled = set.fill(&mut block);
            if filled == 0 {
                break;
            }
            context.guard.tick(filled as u32)?;
            for &ordinal in block.iter().take(filled) {
                for ((grouping, reader), ids) in groupings.iter_mut().zip(&mut readers).zip(&mut keys) {
                    ids.clear();
                    grouping.read(reader, ordinal, ids)?;
                    if ids.is_empty() && with_missing {
                        ids.push(grouping.missing());
                    }
                }
                combinations(&keys, &mut Vec::with_capacity(keys.len()), &mut |ids| {
                    each((open.index, ordinal), ids)
                })?;
            }
        }
        if spellings == Spellings::Count {
            for (grouping, reader) in groupings.iter_mut().zip(readers) {
                grouping.close(reader);
            }
        }
        Ok(())
    })
}

/// Calls `each` with every way to take one of each list.
fn combinations(
    keys: &[Vec<GroupId>],
    chosen: &mut Vec<GroupId>,
    each: &mut dyn FnMut(&[GroupId]) -> Result<(), ExecError>,
) -> Result<(), ExecError> {
    let Some((first, rest)) = keys.split_first() else { return each(chosen) };
    for &id in first {
        chosen.push(id);
        combinations(rest, chosen, each)?;
        chosen.pop();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_take_one_of_each_list() {
        let mut found = Vec::new();
        let mut collect = |ids: &[GroupId]| {
            found.push(ids.to_vec());
            Ok(())
        };
        combinations(&[vec![1, 2], vec![7], vec![8, 9]], &mut Vec::new(), &mut collect).unwrap();
        combinations(&[vec![1, 2], vec![]], &mut Vec::new(), &mut collect).unwrap();
        assert_eq!(found, [[1, 7, 8], [1, 7, 9], [2, 7, 8], [2, 7, 9]]);
    }
}
