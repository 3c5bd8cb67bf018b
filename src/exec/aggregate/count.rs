//! `count`: a number, or a table of counts.

use std::collections::HashMap;

use super::group::{GroupId, GroupReader, Grouping};
use super::rows::{Figure, GroupRow, Layout};
use crate::date::Offset;
use crate::exec::docset::{BLOCK, DocSet, Ordinal, TERMINATED};
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
    let plans = Plans::new(&count.predicate, planner)?;
    let mut groupings = groupings_of(&count.keys, count.zone, context)?;
    let (rows, total) = rows(count, &plans, &mut groupings, context, planner)?;
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

/// Counts each group of each series, and all matches.
fn rows(
    count: &Count,
    plans: &Plans,
    groupings: &mut [Grouping],
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
) -> Result<(Vec<GroupRow>, u64), ExecError> {
    let missing = count.with.missing;
    let wholes = match count.as_share {
        true => {
            let whole = Plans::new(&count.share_of, planner)?;
            Some(tally(&whole, groupings, missing, context, Spellings::Ignore)?)
        }
        false => None,
    };
    let figures = |ids: &[GroupId], articles| {
        let share = wholes.as_ref().map(|wholes| Figure::share(articles, wholes.get(ids)));
        std::iter::once(Figure::count(articles)).chain(share).collect()
    };
    // Groups are called what most matches call them, whatever series those are in.
    let of_all = tally(plans, groupings, missing, context, Spellings::Count)?;
    let total = of_all.articles;
    if count.compare.is_empty() {
        let rows = of_all.into_rows().map(|(ids, n)| GroupRow { series: 0, figures: figures(&ids, n), ids });
        return Ok((rows.collect(), total));
    }
    let mut rows = Vec::new();
    for (series, compared) in count.compare.iter().enumerate() {
        let plans = Plans::new(&both(&count.predicate, &compared.predicate), planner)?;
        let counts = tally(&plans, groupings, missing, context, Spellings::Ignore)?;
        rows.extend(counts.into_rows().map(|(ids, n)| GroupRow { series, figures: figures(&ids, n), ids }));
    }
    Ok((rows, total))
}

/// Returns an empty grouping for each key.
pub(crate) fn groupings_of(
    keys: &[GroupKey],
    zone: Offset,
    context: &Context<'_>,
) -> Result<Vec<Grouping>, ExecError> {
    keys.iter().map(|key| Grouping::new(key, zone, context)).collect()
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
    /// All matching articles, those without the keys too.
    pub articles: u64,
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

/// Counts the matching articles of every combination of groups; without keys, all of them.
pub(crate) fn tally(
    plans: &Plans,
    groupings: &mut [Grouping],
    with_missing: bool,
    context: &Context<'_>,
    spellings: Spellings,
) -> Result<GroupCounts, ExecError> {
    let mut counts = GroupCounts::default();
    if groupings.is_empty() {
        counts.articles = plans.count(context)?;
        counts.combined.insert(Vec::new(), counts.articles);
        return Ok(counts);
    }
    counts.articles = each_group(plans, groupings, with_missing, context, spellings, &mut |_, ids| {
        counts.add(ids, context)
    })?;
    Ok(counts)
}

/// Takes an article, as its segment and ordinal, under one combination of its groups.
type EachGroup<'f> = dyn FnMut((usize, Ordinal), &[GroupId]) -> Result<(), ExecError> + 'f;

/// Calls `each` with every matching article under every combination of its groups; returns how many articles match.
pub(crate) fn each_group(
    plans: &Plans,
    groupings: &mut [Grouping],
    with_missing: bool,
    context: &Context<'_>,
    spellings: Spellings,
    each: &mut EachGroup<'_>,
) -> Result<u64, ExecError> {
    let mut articles = 0;
    plans.each(context, |open, mut set| {
        let mut readers: Vec<GroupReader<'_>> =
            groupings.iter().map(|grouping| grouping.open(open)).collect::<Result<_, _>>()?;
        let mut keys: Vec<Vec<GroupId>> = vec![Vec::new(); groupings.len()];
        let mut block = [0; BLOCK];
        loop {
            let filled = set.fill(TERMINATED, &mut block);
            if filled == 0 {
                break;
            }
            context.guard.tick(filled as u32)?;
            articles += filled as u64;
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
    })?;
    Ok(articles)
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
