//! Timelines: one row a bucket and series; and what shares are taken of.

use std::collections::BTreeSet;

use dateline::date::Unit;
use dateline::query::ast::*;
use dateline::schema::{Builtin, FieldName};
use dateline::value::Value as FieldValue;

use super::calendar::{self, Reading};
use super::condition::World;
use super::dates::whole;
use super::groups::{Group, bucket_of, calendar_date};
use super::rows::{Matches, TwinAnswer, TwinCell, count_cell, share_cell};
use super::story::Story;

impl World<'_> {
    pub fn timeline(&self, timeline: &Timeline, archive: &[Story]) -> TwinAnswer {
        let field =
            timeline.field.as_ref().map_or(FieldName::Builtin(Builtin::Date), |name| self.field(name).name);
        let unit = timeline.unit.node;
        let matches = self.matches(timeline.filter.as_ref(), archive);
        let buckets = |story: &Story| self.buckets(&field, unit, story);
        let bounds = timeline.filter.as_ref().map_or((None, None), |filter| self.bounds(filter, &field));
        let base = timeline.as_share.is_some().then(|| self.share_base(timeline.filter.as_ref(), archive));
        let mut rows = Vec::new();
        let series = self.timeline_series(timeline, &matches);
        let undecided = matches.iter().filter(|story| self.is_undecided(&field, unit, story)).count() as u64;
        let axis = self.axis(unit, bounds, matches.iter().flat_map(|story| buckets(story)).collect());
        let zone = self.zone_seconds();
        for bucket in &axis {
            let within = |story: &&&Story| buckets(story).contains(&bucket.start);
            for (label, members) in &series {
                let count = members.iter().filter(within).count();
                let base = base.as_ref().map(|base| base.iter().filter(within).count());
                let is_partial =
                    bounds.0.is_some_and(|from| from + zone > bucket.start && from + zone < bucket.end)
                        || bounds.1.is_some_and(|to| to + zone > bucket.start && to + zone < bucket.end);
                let label = label.iter().cloned();
                let share = base.map(|base| share_cell(count, base));
                let partial = TwinCell::One(FieldValue::from(is_partial));
                let name = TwinCell::One(FieldValue::Date(calendar_date(unit, bucket.start)));
                rows.push(
                    [name]
                        .into_iter()
                        .chain(label)
                        .chain([count_cell(count)])
                        .chain(share)
                        .chain([partial])
                        .collect(),
                );
            }
        }
        let has_series = timeline.split.is_some() || !timeline.compare.is_empty();
        let mut columns = vec!["bucket"];
        columns.extend(has_series.then_some("series"));
        columns.push("count");
        columns.extend(base.is_some().then_some("share"));
        columns.push("partial");
        let columns = columns.into_iter().map(str::to_owned).collect();
        TwinAnswer { columns, rows, total: matches.len() as u64, undecided }
    }

    /// The starts of the buckets that hold a date of the article wholly.
    pub fn buckets(&self, field: &FieldName, unit: Unit, story: &Story) -> BTreeSet<i64> {
        let dates = story.values(field).into_iter().filter_map(|value| value.as_date());
        dates.filter_map(|date| bucket_of(unit, Reading::of(date).wall_in(self.zone_seconds()))).collect()
    }

    /// Whether the article has dates and all of them are too coarse for the unit.
    pub fn is_undecided(&self, field: &FieldName, unit: Unit, story: &Story) -> bool {
        !story.values(field).is_empty() && self.buckets(field, unit, story).is_empty()
    }

    /// One bucket after the other, from the first of the date condition, or of the matches, to the last.
    pub fn axis(
        &self,
        unit: Unit,
        bounds: (Option<i64>, Option<i64>),
        hit: BTreeSet<i64>,
    ) -> Vec<calendar::Stretch> {
        let zone = self.zone_seconds();
        let first = bounds.0.map(|from| calendar::bucket(unit, from + zone).start).or(hit.first().copied());
        let last = bounds.1.map(|to| calendar::bucket(unit, to + zone - 1).start).or(hit.last().copied());
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        let mut axis = Vec::new();
        let mut next = calendar::bucket(unit, first);
        while next.start <= last {
            axis.push(next);
            next = calendar::bucket(unit, next.end);
        }
        axis
    }

    pub fn timeline_series<'a>(
        &self,
        timeline: &Timeline,
        matches: &Matches<'a>,
    ) -> Vec<(Option<TwinCell>, Matches<'a>)> {
        let Some(split) = &timeline.split else {
            let series = self.series(&timeline.compare, matches).into_iter();
            let named = |label: String| TwinCell::One(FieldValue::from(label));
            return series.map(|(label, members)| (label.map(named), members)).collect();
        };
        let field = self.field(&split.field);
        let key = At::from(GroupKey::Field(split.field.node.clone()));
        let mut groups: Vec<(Group, Matches)> = self
            .grouped(std::slice::from_ref(&key), false, matches)
            .into_iter()
            .map(|(mut groups, members)| (groups.remove(0), members))
            .collect();
        groups.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
        let kept = split.top.as_ref().map_or(10, |top| whole(top) as usize).min(groups.len());
        let rest = groups.split_off(kept);
        let mut series: Vec<(Option<TwinCell>, Matches)> = groups
            .into_iter()
            .map(|(group, members)| (Some(self.spelling(&field, &group, matches)), members))
            .collect();
        if !rest.is_empty() {
            let is_other = |story: &&Story| {
                rest.iter().any(|(_, members)| members.iter().any(|m| m.record.id == story.record.id))
            };
            let others = matches.iter().copied().filter(|story| is_other(story)).collect();
            series.push((Some(TwinCell::One(FieldValue::from("other"))), others));
        }
        series
    }

    /// The articles that satisfy the part of the condition without text and entities.
    pub fn share_base<'a>(&self, filter: Option<&At<Expr>>, archive: &'a [Story<'a>]) -> Matches<'a> {
        archive
            .iter()
            .filter(|story| filter.is_none_or(|expr| self.holds_without_content(expr, false, story)))
            .collect()
    }

    /// Takes each condition of the outermost `and` by itself, also of one that is a negated `or`.
    pub fn holds_without_content(&self, expr: &Expr, negated: bool, story: &Story) -> bool {
        let all = |operands: &[At<Expr>]| {
            operands.iter().all(|operand| self.holds_without_content(operand, negated, story))
        };
        match expr {
            Expr::Not(inner) => self.holds_without_content(inner, !negated, story),
            Expr::Saved(name) => self.holds_without_content(&self.saved(name), negated, story),
            Expr::And(operands) if !negated => all(operands),
            Expr::Or(alternatives) if negated => all(&alternatives.operands),
            other if self.asks_content(other) => true,
            other => self.holds(other, story) != negated,
        }
    }

    pub fn asks_content(&self, expr: &Expr) -> bool {
        let is_content = |name: &FieldRef| {
            let names = ["title", "lede", "body", "text", "quote", "person", "place", "org", "speaker"];
            names.contains(&self.field(name).name.as_str())
        };
        match expr {
            Expr::Or(alternatives) => alternatives.operands.iter().any(|operand| self.asks_content(operand)),
            Expr::And(operands) => operands.iter().any(|operand| self.asks_content(operand)),
            Expr::Not(inner) => self.asks_content(inner),
            Expr::Saved(name) => self.asks_content(&self.saved(name)),
            Expr::Condition(condition) => match condition.as_ref() {
                Condition::Mentions(_)
                | Condition::MentionsWithin(_)
                | Condition::Quotes(_)
                | Condition::Contains(_) => true,
                Condition::Compares(compares) => is_content(&compares.field),
                Condition::Member(member) => is_content(&member.field),
                Condition::Between(between) => is_content(&between.field),
                Condition::DateTest(_) => false,
                Condition::Affix(affix) => is_content(&affix.field),
                Condition::Matches(matches) => is_content(&matches.field),
                Condition::Presence(presence) => is_content(&presence.field),
                Condition::NumberOf(number) => is_content(&number.field),
            },
        }
    }
}
