//! Statements that change articles, done twice: by the database, and here by hand on what the condition picks.

use dateline::Error;
use dateline::article::Record;
use dateline::database::Database;
use dateline::date::Offset;
use dateline::exec::ExecError;
use dateline::query::ast::{At, Expr, Statement};
use dateline::query::{self as q, Bindings, Session, resolve};
use dateline::text::fold_value;

use super::condition::World;
use super::dice::Dice;
use super::story::Story;
use super::{NOW, archive, bound, throw};

/// What one statement does to the articles of its condition.
#[derive(Debug, Clone)]
enum Edit {
    AddTopics(Vec<String>),
    RemoveTopics(Vec<String>),
    SetSection(String),
    /// Section and source at once.
    SetTwo(String, String),
    Delete,
}

/// A random statement that changes articles.
pub fn statement(dice: &mut Dice) -> Statement {
    let edit = Edit::throw(dice);
    edit.statement(throw::expr(dice, 2))
}

/// What an edit may change of an article: its topics, section and source.
type Edited = (Vec<String>, Option<String>, Option<String>);

impl Edit {
    fn throw(dice: &mut Dice) -> Edit {
        match dice.below(9) {
            0..=2 => Edit::AddTopics(dice.some(archive::TOPICS, 1, 2)),
            3..=4 => Edit::RemoveTopics(dice.some(archive::TOPICS, 1, 2)),
            5..=6 => Edit::SetSection(dice.pick_text(archive::SECTIONS)),
            7 => Edit::SetTwo(dice.pick_text(archive::SECTIONS), dice.pick_text(archive::SOURCES)),
            _ => Edit::Delete,
        }
    }

    fn statement(&self, filter: Expr) -> Statement {
        match self {
            Edit::AddTopics(topics) => q::add("topic", topics, filter),
            Edit::RemoveTopics(topics) => q::remove("topic", topics, filter),
            Edit::SetSection(section) => q::set([("section", section)], filter),
            Edit::SetTwo(section, source) => q::set([("section", section), ("source", source)], filter),
            Edit::Delete => q::delete_where(filter),
        }
    }

    /// Returns the article's values from now on; `None` where it is gone.
    fn applied(&self, (mut topics, section, source): Edited) -> Option<Edited> {
        let same = |a: &String, b: &String| fold_value(a) == fold_value(b);
        match self {
            Edit::AddTopics(added) => {
                for topic in added {
                    if !topics.iter().any(|known| same(known, topic)) {
                        topics.push(stored(topic));
                    }
                }
                Some((topics, section, source))
            }
            Edit::RemoveTopics(removed) => {
                topics.retain(|known| !removed.iter().any(|topic| same(known, topic)));
                Some((topics, section, source))
            }
            Edit::SetSection(section) => Some((topics, Some(stored(section)), source)),
            Edit::SetTwo(section, source) => Some((topics, Some(stored(section)), Some(stored(source)))),
            Edit::Delete => None,
        }
    }
}

/// Text of one line is stored without the spaces around it.
fn stored(text: &str) -> String {
    text.trim().to_owned()
}

fn values(record: &Record) -> Edited {
    let article = &record.article;
    (article.topics.clone(), article.section.clone(), article.source.clone())
}

/// Throws one statement at the database, whose articles are `records`; returns the articles that are gone.
pub fn change(dice: &mut Dice, database: &Database, records: &[Record]) -> Result<Vec<String>, String> {
    let edit = Edit::throw(dice);
    let filter = throw::expr(dice, 2);
    let statement = edit.statement(filter.clone());
    let text = statement.to_string();
    let before = database.snapshot();
    let world = World { catalog: before.catalog(), now: NOW, zone: Offset::UTC };
    let wanted: Vec<Option<Edited>> = records
        .iter()
        .map(|record| match world.holds(&filter, &Story::new(record)) {
            true => edit.applied(values(record)),
            false => Some(values(record)),
        })
        .collect();
    let changed =
        records.iter().zip(&wanted).filter(|(record, wanted)| wanted.as_ref() != Some(&values(record)));
    let changed = changed.count() as u64;
    let session = Session { now: NOW, write: true, ..Session::default() };
    let resolved = resolve(&At::from(statement.clone()), before.catalog(), &session, &Bindings::default());
    let meant = resolved.map_err(|errors| errors[0].render(&text))?.request;
    bound::means_the_same(&statement, &meant, before.catalog(), &session)?;
    let prepared = database.prepare(&text).map_err(|error| format!("{text}: {error}"))?.session(session);
    match database.execute(&prepared) {
        Ok(answer) if answer.changed() == Some(changed) => {}
        // Stems need a language that has them; nothing has changed then.
        Err(Error::Exec(ExecError::NoStemmer { .. })) => return Ok(Vec::new()),
        other => return Err(format!("{text}: {other:?}, expected {changed} changed")),
    }
    check(&text, database, records, &wanted)
}

fn check(
    text: &str,
    database: &Database,
    records: &[Record],
    wanted: &[Option<Edited>],
) -> Result<Vec<String>, String> {
    let mut gone = Vec::new();
    for (record, wanted) in records.iter().zip(wanted) {
        let stored = database.get(record.id).map_err(|error| error.to_string())?;
        let found = stored.as_ref().map(values);
        if found != *wanted {
            return Err(format!("{text}: {} has {found:?}, expected {wanted:?}", record.article.key));
        }
        if stored.is_none() {
            gone.push(record.article.key.clone());
        }
    }
    Ok(gone)
}
