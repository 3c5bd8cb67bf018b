//! Articles whose counts are known without looking: what any commit of the load must answer.
//!
//! The archive grows by chunks. Behind each chunk, [`CHANGES`] articles are deleted and then [`CHANGES`] replaced, one
//! commit each. What an article is about follows from its number modulo [`PERIOD`], which articles are changed from the
//! chunk. So a [`State`], three numbers, says what every question must answer.

use std::collections::BTreeMap;
use std::io::{self, Read};

use dateline::article::Article;
use dateline::database::Snapshot;

use crate::archive::Dice;

/// Articles until the traits repeat.
pub const PERIOD: u64 = 1_000;

/// Articles deleted behind each chunk, and as many replaced.
pub const CHANGES: u64 = 5;

/// Fewest articles of a chunk: two chunks change each, at places of their own.
pub const CHUNK_MIN: u64 = 4 * CHANGES;

/// Days and months of the calendar that articles come from: 28 days a month, so that every date exists.
const MONTH_DAYS: u64 = 28;
const MONTHS: u64 = 48;
const YEAR_FIRST: u64 = 2015;

pub const TOPICS: [&str; 6] = ["wheat", "copper", "timber", "cotton", "fishing", "shipping"];
pub const PLACES: [&str; 5] = ["Idlib", "Paris", "Tehran", "Geneva", "Nairobi"];
pub const DESKS: [&str; 4] = ["Business", "Culture", "Politics", "World"];

/// Words that tell nothing.
const FILLER: [&str; 24] = [
    "the",
    "delegates",
    "said",
    "that",
    "talks",
    "would",
    "resume",
    "after",
    "a",
    "long",
    "week",
    "of",
    "public",
    "meetings",
    "and",
    "quiet",
    "visits",
    "by",
    "officials",
    "from",
    "several",
    "old",
    "neighbouring",
    "districts",
];

/// What an article is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traits {
    pub topic: usize,
    pub place: usize,
    pub desk: usize,
    /// Day since the first.
    pub day: u64,
    pub is_revised: bool,
}

impl Traits {
    /// Returns the number of its month.
    pub fn month(self) -> u64 {
        self.day / MONTH_DAYS
    }
}

/// Returns a month as the language writes it.
pub fn month_name(month: u64) -> String {
    format!("{}-{:02}", YEAR_FIRST + month / 12, month % 12 + 1)
}

/// What a commit holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct State {
    /// Articles imported.
    pub imported: u64,
    /// How many of them were deleted.
    pub deleted: u64,
    /// How many of them were replaced.
    pub revised: u64,
}

impl State {
    /// Returns the number of articles alive.
    pub fn articles(self) -> u64 {
        self.imported - self.deleted
    }
}

/// Knows every article.
#[derive(Debug)]
pub struct Model {
    traits: Vec<Traits>,
    /// Articles of a chunk.
    pub chunk: u64,
    seed: u64,
}

impl Model {
    /// Draws what the articles are about.
    pub fn new(seed: u64, chunk: u64) -> Model {
        let mut dice = Dice(seed);
        let draw = |_| Traits {
            topic: dice.roll(TOPICS.len() as u64) as usize,
            place: dice.roll(PLACES.len() as u64) as usize,
            desk: dice.roll(DESKS.len() as u64) as usize,
            day: dice.roll(MONTHS * MONTH_DAYS),
            is_revised: false,
        };
        Model { traits: (0..PERIOD).map(draw).collect(), chunk: chunk.max(CHUNK_MIN), seed }
    }

    /// Works out what a snapshot holds; `boundaries` are the commits that ended chunks. Fails where it is no state that
    /// the load ever came to.
    pub fn state(&self, snapshot: &Snapshot, boundaries: &[u64]) -> Result<State, String> {
        let imported = u64::from(snapshot.next_id().0) - 1;
        let chunks = imported / self.chunk;
        let is_between = chunks > 0 && imported.is_multiple_of(self.chunk);
        let changes = match boundaries.get(chunks as usize - usize::from(chunks > 0)) {
            Some(boundary) if is_between => snapshot.seq().checked_sub(*boundary),
            _ => Some(0),
        };
        let changes = changes.filter(|changes| *changes <= 2 * CHANGES);
        let changes = changes
            .ok_or_else(|| format!("commit {} holds {imported} articles, which it cannot", snapshot.seq()))?;
        let earlier = (chunks - u64::from(is_between)) * CHANGES;
        let state = State {
            imported,
            deleted: earlier + changes.min(CHANGES),
            revised: earlier + changes.saturating_sub(CHANGES),
        };
        match snapshot.articles() == state.articles() {
            true => Ok(state),
            false => Err(format!("{} articles are alive, expected {state:?}", snapshot.articles())),
        }
    }

    /// Returns what an article is about in a state; `None` where it is not there.
    pub fn traits(&self, state: State, article: u64) -> Option<Traits> {
        if article >= state.imported {
            return None;
        }
        match self.change_of(article) {
            Some((0, number)) if number < state.deleted => None,
            Some((1, number)) if number < state.revised => Some(self.revised_traits(article)),
            _ => Some(self.first_traits(article)),
        }
    }

    fn first_traits(&self, article: u64) -> Traits {
        self.traits[(article % PERIOD) as usize]
    }

    fn revised_traits(&self, article: u64) -> Traits {
        let first = self.first_traits(article);
        Traits { topic: (first.topic + 1) % TOPICS.len(), is_revised: true, ..first }
    }

    /// Returns the article that a deletion (kind 0) or a replacement (kind 1) changes: one of the chunk in the middle of
    /// those that were there, so that merged segments are hit.
    pub fn changed(&self, kind: u64, number: u64) -> u64 {
        let (from, place) = (number / CHANGES, number % CHANGES);
        let slot = (from % 2) * CHANGES + place;
        (from / 2) * self.chunk + (2 * slot + kind) * self.step()
    }

    /// Undoes [`Model::changed`].
    fn change_of(&self, article: u64) -> Option<(u64, u64)> {
        let (chunk, offset) = (article / self.chunk, article % self.chunk);
        let (slot, kind) = (offset / self.step() / 2, offset / self.step() % 2);
        let is_slot = offset.is_multiple_of(self.step()) && slot < 2 * CHANGES;
        is_slot.then(|| (kind, (2 * chunk + slot / CHANGES) * CHANGES + slot % CHANGES))
    }

    fn step(&self) -> u64 {
        self.chunk / CHUNK_MIN
    }

    /// Counts the articles by what `group` makes of them; those of `None` are not counted.
    pub fn counts<G: Ord>(&self, state: State, group: impl Fn(Traits) -> Option<G>) -> BTreeMap<G, u64> {
        let mut counts: BTreeMap<G, i64> = BTreeMap::new();
        let mut add = |traits: Traits, times: i64| {
            if let Some(group) = group(traits) {
                *counts.entry(group).or_default() += times;
            }
        };
        let (periods, rest) = (state.imported / PERIOD, state.imported % PERIOD);
        for (place, traits) in (0..).zip(&self.traits) {
            add(*traits, (periods + u64::from(place < rest)) as i64);
        }
        for number in 0..state.deleted {
            add(self.first_traits(self.changed(0, number)), -1);
        }
        for number in 0..state.revised {
            let article = self.changed(1, number);
            add(self.first_traits(article), -1);
            add(self.revised_traits(article), 1);
        }
        let positive = counts.into_iter().filter(|(_, count)| *count > 0);
        positive.map(|(group, count)| (group, count as u64)).collect()
    }

    /// Counts the articles that satisfy a condition.
    pub fn count(&self, state: State, is_one: impl Fn(Traits) -> bool) -> u64 {
        self.counts(state, |traits| is_one(traits).then_some(())).get(&()).copied().unwrap_or(0)
    }

    /// Returns the newest articles that satisfy a condition: latest day first, then lowest number.
    pub fn newest(&self, state: State, count: usize, is_one: impl Fn(Traits) -> bool) -> Vec<u64> {
        let mut newest = Vec::new();
        for day in (0..MONTHS * MONTH_DAYS).rev() {
            let places: Vec<u64> = (0..PERIOD).filter(|&place| self.first_traits(place).day == day).collect();
            for start in (0..state.imported).step_by(PERIOD as usize) {
                if places.is_empty() || newest.len() >= count {
                    break;
                }
                let found = places.iter().map(|place| start + place);
                newest.extend(found.filter(|&article| self.traits(state, article).is_some_and(&is_one)));
            }
            if newest.len() >= count {
                newest.truncate(count);
                return newest;
            }
        }
        newest
    }

    /// Returns the text of an article.
    pub fn body(&self, article: u64, traits: Traits) -> String {
        let mut dice = Dice(self.seed ^ article);
        let mut body = if traits.is_revised { "Revised edition. ".to_owned() } else { String::new() };
        body.push_str(&format!(
            "They met in {}, and spoke about {} for hours.\n\n",
            PLACES[traits.place], TOPICS[traits.topic]
        ));
        for _ in 0..dice.roll(8) + 3 {
            body.push_str("There");
            for _ in 0..dice.roll(10) + 5 {
                body.push(' ');
                body.push_str(FILLER[dice.roll(FILLER.len() as u64) as usize]);
            }
            body.push_str(".\n\n");
        }
        body.trim_end().to_owned()
    }

    /// Returns an article as it is put into a database.
    pub fn article(&self, article: u64, traits: Traits) -> Article {
        Article {
            key: key(article),
            title: Some(format!("Meeting {article}")),
            body: self.body(article, traits),
            section: Some(DESKS[traits.desk].to_owned()),
            date: date(traits.day).parse().ok(),
            ..Article::default()
        }
    }

    /// Returns the replacement of an article.
    pub fn revision(&self, article: u64) -> Article {
        self.article(article, self.revised_traits(article))
    }

    /// Returns an article as a row to import.
    fn row(&self, article: u64) -> String {
        let traits = self.first_traits(article);
        let row = serde_json::json!({
            "id": key(article),
            "title": format!("Meeting {article}"),
            "body": self.body(article, traits),
            "section": DESKS[traits.desk],
            "date": date(traits.day),
        });
        format!("{row}\n")
    }
}

/// Returns the key of an article.
pub fn key(article: u64) -> String {
    format!("load-{article}")
}

/// Returns the number in a key.
pub fn number(key: &str) -> Option<u64> {
    key.strip_prefix("load-")?.parse().ok()
}

fn date(day: u64) -> String {
    format!("{}-{:02}", month_name(day / MONTH_DAYS), day % MONTH_DAYS + 1)
}

/// Articles as lines of JSON, made while they are read.
pub struct Rows {
    model: std::sync::Arc<Model>,
    articles: std::ops::Range<u64>,
    line: Vec<u8>,
    read: usize,
}

impl Rows {
    /// Returns the rows of some articles.
    pub fn new(model: std::sync::Arc<Model>, articles: std::ops::Range<u64>) -> Rows {
        Rows { model, articles, line: Vec::new(), read: 0 }
    }
}

impl Read for Rows {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read == self.line.len() {
            let Some(article) = self.articles.next() else { return Ok(0) };
            self.line = self.model.row(article).into_bytes();
            self.read = 0;
        }
        let rest = &self.line[self.read..];
        let length = rest.len().min(out.len());
        out[..length].copy_from_slice(&rest[..length]);
        self.read += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: State = State { imported: 2_345, deleted: 37, revised: 33 };

    #[test]
    fn closed_forms_agree_with_counting() {
        let model = Model::new(7, 200);
        let all: Vec<(u64, Traits)> = (0..STATE.imported)
            .filter_map(|article| Some((article, model.traits(STATE, article)?)))
            .collect();
        assert_eq!(all.len() as u64, STATE.articles());
        for topic in 0..TOPICS.len() {
            let slow = all.iter().filter(|(_, traits)| traits.topic == topic).count() as u64;
            assert_eq!(model.count(STATE, |traits| traits.topic == topic), slow);
        }
        assert_eq!(model.count(STATE, |traits| traits.is_revised), STATE.revised);
        let mut of_place: Vec<_> = all.iter().filter(|(_, traits)| traits.place == 2).collect();
        of_place.sort_by_key(|(article, traits)| (u64::MAX - traits.day, *article));
        let slow: Vec<u64> = of_place.iter().take(10).map(|(article, _)| *article).collect();
        assert_eq!(model.newest(STATE, 10, |traits| traits.place == 2), slow);
    }

    #[test]
    fn every_change_hits_another_article_that_is_there() {
        let model = Model::new(7, 200);
        let mut seen = std::collections::BTreeSet::new();
        for (kind, number) in (0..2).flat_map(|kind| (0..100).map(move |number| (kind, number))) {
            let article = model.changed(kind, number);
            assert!(article < (number / CHANGES + 1) * model.chunk, "it was imported before");
            assert!(seen.insert(article), "it was changed before");
            assert_eq!(model.change_of(article), Some((kind, number)));
        }
    }

    #[test]
    fn rows_are_read_whole() {
        let model = std::sync::Arc::new(Model::new(1, 200));
        let mut text = String::new();
        Rows::new(model.clone(), 5..8).read_to_string(&mut text).unwrap();
        assert_eq!(text, (5..8).map(|article| model.row(article)).collect::<String>());
    }
}
