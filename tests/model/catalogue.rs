//! What the archive says of itself, and of how it would answer.

use dateline::article::Record;
use dateline::catalog::Catalog;
use dateline::exec::{self, ExecError, RunOptions, View};
use dateline::query::ast::{At, Deleted, Explain, Expr, FieldRef, Query, Runnable, Write};
use dateline::query::{Catalogued, Request};
use dateline::schema::Field;
use dateline::value::Value as FieldValue;

use super::condition::World;
use super::rows::{TwinAnswer, TwinCell, count_cell};
use super::story::Story;

fn text(text: impl Into<String>) -> TwinCell {
    TwinCell::One(FieldValue::from(text.into()))
}

fn answer(columns: &[&str], rows: Vec<Vec<TwinCell>>) -> TwinAnswer {
    TwinAnswer {
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
        rows,
        ..TwinAnswer::default()
    }
}

impl World<'_> {
    pub fn describe(&self, name: Option<&FieldRef>, archive: &[Story]) -> TwinAnswer {
        let fields: Vec<Field> = match name {
            Some(name) => vec![self.field(name)],
            None => self.catalog.schema.fields().collect(),
        };
        let row = |field: &Field| {
            let articles = archive.iter().filter(|story| story.count(field) > 0).count();
            vec![
                text(field.name.as_str()),
                text(field.field_type.name()),
                TwinCell::One(FieldValue::from(field.many)),
                count_cell(articles),
                TwinCell::Any,
            ]
        };
        answer(&["field", "type", "many", "articles", "about"], fields.iter().map(row).collect())
    }

    pub fn list(&self, catalogued: Catalogued, archive: &[Story]) -> TwinAnswer {
        match catalogued {
            Catalogued::Fields => self.describe(None, archive),
            Catalogued::Saved => answer(&["name", "kind", "text"], saved_rows(self.catalog)),
            Catalogued::Aliases => answer(&["name", "aliases"], alias_rows(self.catalog)),
        }
    }
}

fn saved_rows(catalog: &Catalog) -> Vec<Vec<TwinCell>> {
    let row = |(name, saved): (&String, &dateline::catalog::Saved)| {
        let kind = if saved.is_condition { "filter" } else { "query" };
        vec![text(format!("@{name}")), text(kind), text(saved.text.as_str())]
    };
    catalog.saved.iter().map(row).collect()
}

fn alias_rows(catalog: &Catalog) -> Vec<Vec<TwinCell>> {
    let row = |(name, others): (&String, &Vec<String>)| {
        let others = others.iter().map(|other| FieldValue::from(other.as_str()));
        vec![text(name.as_str()), TwinCell::Many(others.collect())]
    };
    catalog.aliases.iter().map(row).collect()
}

fn filter_of(explain: &Explain) -> Option<&At<Expr>> {
    let query = match explain {
        Explain::Plan(Runnable::Query(query)) | Explain::Analyze(Runnable::Query(query)) => query,
        Explain::PlanOfWrite(Write::Delete(Deleted::Where(filter))) => return Some(filter),
        other => panic!("the twin does not explain {other:?}"),
    };
    match query {
        Query::Find(find) => find.filter.as_ref(),
        Query::Count(count) => count.filter.as_ref(),
        Query::Measure(measure) => measure.filter.as_ref(),
        Query::Top(top) => top.filter.as_ref(),
        Query::Pairs(pairs) => pairs.filter.as_ref(),
        Query::Timeline(timeline) => timeline.filter.as_ref(),
    }
}

/// A plan counts the articles that there are, promises no less than what is found, and measured it yields just that.
pub fn explains(
    explain: &Explain,
    request: &Request,
    records: &[Record],
    view: &View,
    world: &World<'_>,
) -> Result<(), String> {
    let Request::Explain { analyze, request: inner, .. } = request else {
        panic!("explained is {request:?}")
    };
    let plan = match exec::explain(inner, view) {
        Ok(plan) => plan,
        Err(ExecError::NoStemmer { .. }) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let stories: Vec<Story> = records.iter().map(Story::new).collect();
    let matches = world.matches(filter_of(explain), &stories).len() as u64;
    let articles: u64 = plan.segments.iter().map(|segment| segment.articles).sum();
    let estimate: u64 = plan.segments.iter().map(|segment| segment.estimate).sum();
    if articles != records.len() as u64 || estimate < matches {
        return Err(format!(
            "{articles} articles, at most {estimate} match; {} and {matches}",
            records.len()
        ));
    }
    let told = match exec::answer(request, view, &RunOptions::default()) {
        Ok(told) => told,
        // A plan is of the condition; series may ask for stems, too.
        Err(ExecError::NoStemmer { .. }) => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    let lines: Vec<String> = told.rows.iter().map(|row| format!("{:?}", row.cells)).collect();
    let is_timed = lines.last().is_some_and(|line| line.contains("took "));
    if is_timed == *analyze && lines.len() >= plan.lines().len() {
        return Ok(());
    }
    Err(format!("explained as {lines:?}"))
}
