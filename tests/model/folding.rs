//! `with duplicates folded`: the archive without the articles that another of their story stands for.

use std::collections::BTreeMap;

use dateline::article::ArticleId;
use dateline::query::ast::*;
use dateline::schema::{Builtin, FieldName};

use super::condition::World;
use super::rows::{Matches, oldest_first};
use super::story::Story;

/// Asks for one article a story, where a statement can.
pub fn fold_duplicates(query: &mut Query) {
    let item = At::from(WithItem::DuplicatesFolded);
    let clauses = match query {
        Query::Top(top) => return top.with.push(item),
        Query::Pairs(pairs) => return pairs.with.push(item),
        Query::Timeline(timeline) => return timeline.with.push(item),
        Query::Find(find) => &mut find.clauses,
        Query::Count(count) if !count.keys.is_empty() => &mut count.clauses,
        Query::Count(_) | Query::Measure(_) => return,
    };
    match clauses.iter_mut().find_map(|clause| match &mut clause.node {
        Clause::With(items) => Some(items),
        _ => None,
    }) {
        Some(items) => items.push(item),
        None => clauses.push(Clause::With(vec![item]).into()),
    }
}

/// The article that stands for each story.
type Kept = BTreeMap<String, ArticleId>;

impl World<'_> {
    /// The articles that are left; `None` where nothing is folded.
    pub fn folded_archive<'a>(&self, statement: &Statement, archive: &[Story<'a>]) -> Option<Vec<Story<'a>>> {
        let Statement::Query(query) = statement else { return None };
        let (items, filter, is_share) = match query {
            Query::Find(find) => (of_clauses(&find.clauses), &find.filter, false),
            Query::Count(count) => (of_clauses(&count.clauses), &count.filter, count.as_share.is_some()),
            Query::Top(top) => (top.with.iter().collect(), &top.filter, false),
            Query::Pairs(pairs) => (pairs.with.iter().collect(), &pairs.filter, false),
            Query::Timeline(timeline) => {
                (timeline.with.iter().collect(), &timeline.filter, timeline.as_share.is_some())
            }
            Query::Measure(_) => return None,
        };
        if !items.iter().any(|item| item.node == WithItem::DuplicatesFolded) {
            return None;
        }
        let mut kept = Kept::new();
        let matches = self.matches(filter.as_ref(), archive);
        keep_earliest(&mut kept, &matches);
        let mut asked: Vec<ArticleId> = ids(&matches);
        if is_share {
            let wholes = self.share_base(filter.as_ref(), archive);
            keep_earliest(&mut kept, &wholes);
            asked.extend(ids(&wholes));
        }
        let is_left = |story: &&Story| {
            let id = story.record.id;
            name(story).is_none_or(|name| !asked.contains(&id) || kept.get(&name) == Some(&id))
        };
        Some(archive.iter().filter(is_left).cloned().collect())
    }
}

/// The earliest article of each story that has none yet.
fn keep_earliest(kept: &mut Kept, articles: &Matches) {
    let mut oldest = articles.clone();
    oldest.sort_by(|a, b| oldest_first(a.record, b.record));
    for story in oldest {
        if let Some(name) = name(story) {
            kept.entry(name).or_insert(story.record.id);
        }
    }
}

fn name(story: &Story) -> Option<String> {
    story.folded(&FieldName::Builtin(Builtin::Story)).pop()
}

fn ids(articles: &Matches) -> Vec<ArticleId> {
    articles.iter().map(|story| story.record.id).collect()
}

fn of_clauses(clauses: &[At<Clause>]) -> Vec<&At<WithItem>> {
    clauses.iter().flat_map(|clause| of_clause(&clause.node)).collect()
}

fn of_clause(clause: &Clause) -> &[At<WithItem>] {
    match clause {
        Clause::With(items) => items,
        _ => &[],
    }
}
