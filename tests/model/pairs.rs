//! Pairs of values that stand together.

use std::collections::{BTreeMap, BTreeSet};

use dateline::query::Scope;
use dateline::query::ast::*;
use dateline::schema::Field;
use dateline::text::{Span, fold_value};

use super::condition::World;
use super::dates::whole;
use super::groups::Group;
use super::rows::{TwinAnswer, TwinCell, count_cell};
use super::story::Story;

impl World<'_> {
    pub fn pairs(&self, pairs: &Pairs, archive: &[Story]) -> TwinAnswer {
        let matches = self.matches(pairs.filter.as_ref(), archive);
        let (first, second) = (self.field(&pairs.first), self.field(&pairs.second));
        let is_same = first.name == second.name;
        let with_missing = pairs.with.iter().any(|item| item.node == WithItem::Missing);
        let groups = |field: &Field, story: &Story| {
            let groups = self.field_groups(field, story);
            if groups.is_empty() && with_missing { vec![Group::Missing] } else { groups }
        };
        let mut counts: BTreeMap<(Group, Group), usize> = BTreeMap::new();
        for story in &matches {
            let mut own = BTreeSet::new();
            for a in groups(&first, story) {
                for b in groups(&second, story) {
                    let is_ordered = !is_same || a < b;
                    if is_ordered
                        && self.share_a_unit(story, pairs.scope.as_deref(), (&first, &a), (&second, &b))
                    {
                        own.insert((a.clone(), b));
                    }
                }
            }
            for pair in own {
                *counts.entry(pair).or_default() += 1;
            }
        }
        let having = |field: &Field, group: &Group| {
            matches.iter().filter(|story| groups(field, story).contains(group)).count()
        };
        let mut rows: Vec<((Group, Group), usize, f64)> = counts
            .into_iter()
            .map(|(pair, count)| {
                let alone = having(&first, &pair.0) * having(&second, &pair.1);
                (pair, count, (count * matches.len()) as f64 / alone as f64)
            })
            .collect();
        let key = pairs.order.as_ref().and_then(|order| match &order.node {
            OrderBy::Keys(keys) => keys.first(),
            _ => None,
        });
        let by_lift = key.is_some_and(|key| key.field.name() == "lift");
        let ascending = key.is_some_and(|key| key.direction != Some(Direction::Descending));
        rows.sort_by(|a, b| {
            let order = if by_lift { a.2.total_cmp(&b.2) } else { a.1.cmp(&b.1) };
            let order = if ascending { order } else { order.reverse() };
            order.then_with(|| a.0.cmp(&b.0))
        });
        rows.truncate(pairs.limit.as_ref().map_or(10, |limit| whole(limit) as usize));
        let rows = rows.into_iter().map(|((a, b), count, lift)| {
            let (a, b) = (self.spelling(&first, &a, &matches), self.spelling(&second, &b, &matches));
            vec![a, b, count_cell(count), TwinCell::About(lift)]
        });
        let columns = ["first", "second", "articles", "lift"].map(str::to_owned).to_vec();
        TwinAnswer { columns, rows: rows.collect(), total: matches.len() as u64, undecided: 0 }
    }

    /// Whether both values are named in one sentence or paragraph.
    pub fn share_a_unit(
        &self,
        story: &Story,
        scope: Option<&Scope>,
        a: (&Field, &Group),
        b: (&Field, &Group),
    ) -> bool {
        let Some(scope) = scope else { return true };
        let units = |(field, group): (&Field, &Group)| -> BTreeSet<usize> {
            let is_meant = |name: &str| Group::Text(self.canonical(field, fold_value(name))) == *group;
            let entities = story
                .entities()
                .iter()
                .filter(|entity| entity.kind.name() == field.name.as_str() && is_meant(&entity.name));
            entities
                .flat_map(|entity| &entity.mentions)
                .filter_map(|span| unit_of(story, *span, scope))
                .collect()
        };
        units(a).intersection(&units(b)).next().is_some()
    }
}

fn unit_of(story: &Story, span: Span, scope: &Scope) -> Option<usize> {
    let words = story.words.get(story.words_in(span))?;
    let (first, last) = (words.first()?, words.last()?);
    match scope {
        Scope::Sentence => (first.sentence == last.sentence).then_some(first.sentence),
        Scope::Paragraph => (first.paragraph == last.paragraph).then_some(first.paragraph),
    }
}
