//! The articles as every engine gets them: read back from dateline, so that entities and dates are the same.

use std::sync::Arc;

use anyhow::Result;
use dateline::ArticleId;
use dateline::database::Snapshot;
use dateline::schema::{Builtin, FieldName};
use dateline::text::fold_value;
use dateline::value::Value;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// One article, with what the questions ask for.
pub struct Story {
    pub id: u32,
    pub title: String,
    pub body: String,
    /// Days since 1970 of the start of its date; `None` without a date.
    pub day: Option<i64>,
    /// `year * 100 + month` of the same.
    pub month: Option<i64>,
    /// Folded names of the people in it.
    pub people: Vec<String>,
}

impl Story {
    /// Bytes of its title and body.
    pub fn bytes(&self) -> u64 {
        (self.title.len() + self.body.len()) as u64
    }
}

/// Reads all articles of a snapshot, by id.
pub fn read(snapshot: Arc<Snapshot>) -> Result<Vec<Story>> {
    let mut stories = Vec::new();
    let mut id = 1;
    while (stories.len() as u64) < snapshot.articles() {
        if let Some(record) = snapshot.get(ArticleId(id))? {
            let start = record.date().map(|date| date.wall());
            let month = record.date().map(|date| month_of(&date.to_string()));
            stories.push(Story {
                id,
                day: start.map(|start| start.div_euclid(DAY)),
                month,
                people: people(&record),
                title: record.article.title.unwrap_or_default(),
                body: record.article.body,
            });
        }
        id += 1;
    }
    Ok(stories)
}

fn people(record: &dateline::article::Record) -> Vec<String> {
    let values = record.values(&FieldName::Builtin(Builtin::Person));
    let mut names: Vec<String> = values.iter().filter_map(Value::as_text).map(fold_value).collect();
    names.sort();
    names.dedup();
    names
}

/// Reads `2018-09` and finer.
fn month_of(date: &str) -> i64 {
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<i64>().ok()).unwrap_or(0);
    number(date.get(..4)) * 100 + number(date.get(5..7))
}

/// Bytes of all titles and bodies.
pub fn text_bytes(stories: &[Story]) -> u64 {
    stories.iter().map(Story::bytes).sum()
}
