//! Questions of every class, each with the answer that a state must give.

use std::sync::Arc;
use std::time::{Duration, Instant};

use dateline::database::{Reader, Snapshot};
use dateline::exec::{Answer, Cell};

use super::model::{DESKS, Model, PLACES, State, TOPICS, Traits, key, month_name};
use crate::archive::Dice;

/// Classes of questions.
pub const CLASSES: u64 = 11;

/// A question and what it must answer.
pub struct Question {
    pub class: &'static str,
    text: String,
    expected: Vec<String>,
}

impl Question {
    /// Draws a question.
    pub fn draw(model: &Model, state: State, dice: &mut Dice) -> Question {
        let topic = dice.roll(TOPICS.len() as u64) as usize;
        let place = dice.roll(PLACES.len() as u64) as usize;
        let desk = dice.roll(DESKS.len() as u64) as usize;
        let (from, to) = (dice.roll(24), dice.roll(24) + 24);
        let (word, name) = (TOPICS[topic], PLACES[place]);
        let span = format!("date in {}..{}", month_name(from), month_name(to));
        let is_within = move |traits: Traits| (from..=to).contains(&traits.month());
        let count = |is_one: &dyn Fn(Traits) -> bool| vec![model.count(state, is_one).to_string()];
        let newest = |is_one: &dyn Fn(Traits) -> bool| {
            model.newest(state, 10, is_one).into_iter().map(key).collect::<Vec<_>>()
        };
        let (class, text, expected) = match dice.roll(CLASSES) {
            0 => ("count", "count".to_owned(), count(&|_| true)),
            1 => ("word", format!("count where text contains \"{word}\""), count(&|t| t.topic == topic)),
            2 => ("name", format!("count where mentions \"{name}\""), count(&|t| t.place == place)),
            3 => (
                "phrase",
                format!("count where text contains \"met in {name} and spoke about {word}\""),
                count(&|t| t.place == place && t.topic == topic),
            ),
            4 => ("range", format!("count where {span}"), count(&is_within)),
            5 => (
                "word in range",
                format!("count where text contains \"{word}\" and {span}"),
                count(&|t| t.topic == topic && is_within(t)),
            ),
            6 => ("newest ten", "find key newest first limit 10".to_owned(), newest(&|_| true)),
            7 => (
                "newest ten of a word",
                format!("find key where text contains \"{word}\" newest first limit 10"),
                newest(&|t| t.topic == topic),
            ),
            8 => (
                "revised, by desk",
                format!("count where text contains \"revised\" and section = \"{}\"", DESKS[desk]),
                count(&|t| t.is_revised && t.desk == desk),
            ),
            9 => (
                "facet",
                format!("count by section where mentions \"{name}\" order by section"),
                facet(model, state, place),
            ),
            _ => (
                "timeline",
                format!("timeline by month where text contains \"{word}\" and {span}"),
                timeline(model, state, topic, from..=to),
            ),
        };
        Question { class, text, expected }
    }

    /// Asks the question and returns how long the answer took, or how it was wrong.
    pub fn ask(&self, reader: &Reader) -> Result<Duration, String> {
        let begin = Instant::now();
        let answer = reader.query(&self.text).map_err(|error| format!("{}: {error}", self.text))?;
        let elapsed = begin.elapsed();
        let found = cells(&answer);
        match found == self.expected {
            true => Ok(elapsed),
            false => Err(format!("{}: found {found:?}, expected {:?}", self.text, self.expected)),
        }
    }
}

fn facet(model: &Model, state: State, place: usize) -> Vec<String> {
    let counts = model.counts(state, |t| (t.place == place).then_some(t.desk));
    counts.into_iter().flat_map(|(desk, count)| [DESKS[desk].to_owned(), count.to_string()]).collect()
}

fn timeline(model: &Model, state: State, topic: usize, months: std::ops::RangeInclusive<u64>) -> Vec<String> {
    let counts = model.counts(state, |t| (t.topic == topic).then_some(t.month()));
    // The condition covers each month wholly, so no bucket is partial.
    let row =
        |month| [month_name(month), counts.get(&month).copied().unwrap_or(0).to_string(), false.to_string()];
    months.flat_map(row).collect()
}

fn cells(answer: &Answer) -> Vec<String> {
    let cells = answer.rows.iter().flat_map(|row| &row.cells);
    cells
        .map(|cell| match cell {
            Cell::One(value) => value.to_string(),
            Cell::Many(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
            other => format!("{other:?}"),
        })
        .collect()
}

/// Looks an article up by its key and returns how long that took, or how it was wrong.
pub fn look_up(
    model: &Model,
    state: State,
    snapshot: &Arc<Snapshot>,
    dice: &mut Dice,
) -> Result<Duration, String> {
    // Every other time one that was changed, or is just about to be.
    let article = match dice.roll(2) {
        0 => dice.roll(state.imported),
        _ => model.changed(dice.roll(2), dice.roll(state.deleted + 1)),
    };
    let begin = Instant::now();
    let found = snapshot.get_by_key(&key(article)).map_err(|error| error.to_string())?;
    let elapsed = begin.elapsed();
    let expected = model.traits(state, article).map(|traits| model.body(article, traits));
    match found.map(|record| record.article.body) == expected {
        true => Ok(elapsed),
        false => Err(format!("article {article} of {state:?} is not what was stored")),
    }
}
