//! Draws the questions: words, names and dates of the corpus by how frequent they are, with a fixed seed.

use std::collections::HashMap;

use crate::articles::Story;
use crate::engine::{Ask, Condition, Question};

/// Frequencies that a word of a band has, as shares of the articles.
const FREQUENT: (f64, f64) = (0.05, 0.4);
const MIDDLING: (f64, f64) = (0.003, 0.02);
const RARE: (f64, f64) = (0.0001, 0.001);

/// Articles that name a person who is asked for, as a share.
const NAMED: (f64, f64) = (0.001, 0.05);

/// Days of a date range.
const RANGE_DAYS: (i64, i64) = (30, 365);

/// Shortest word drawn, in letters.
const LETTERS_MIN: usize = 3;

/// A generator of numbers (SplitMix64; Steele, Lea and Flood 2014).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % sides.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }
}

/// What there is to draw from.
struct Urn {
    frequent: Vec<String>,
    middling: Vec<String>,
    rare: Vec<String>,
    people: Vec<String>,
    /// Runs of three words of the text.
    runs: Vec<Vec<String>>,
    first_day: i64,
    last_day: i64,
    dice: Dice,
}

/// Draws so many questions of each class.
pub fn questions(stories: &[Story], each: usize, seed: u64) -> Vec<Question> {
    let mut urn = Urn::fill(stories, seed);
    let mut questions = Vec::new();
    for (class, ask, draw) in CLASSES {
        for _ in 0..each {
            let (condition, days) = draw(&mut urn);
            questions.push(Question { class, ask: *ask, condition, days });
        }
    }
    questions
}

type Drawn = (Condition, Option<(i64, i64)>);
type Draw = fn(&mut Urn) -> Drawn;

const CLASSES: &[(&str, Ask, Draw)] = &[
    ("term count, frequent", Ask::Count, |urn| (Condition::And(urn.frequent(1)), None)),
    ("term count, middling", Ask::Count, |urn| (Condition::And(urn.middling(1)), None)),
    ("term count, rare", Ask::Count, |urn| (Condition::And(urn.rare(1)), None)),
    ("term top-10, frequent", Ask::Best, |urn| (Condition::And(urn.frequent(1)), None)),
    ("term top-10, middling", Ask::Best, |urn| (Condition::And(urn.middling(1)), None)),
    ("term top-10, rare", Ask::Best, |urn| (Condition::And(urn.rare(1)), None)),
    ("and of two frequent, count", Ask::Count, |urn| (Condition::And(urn.frequent(2)), None)),
    ("and of two frequent, top-10", Ask::Best, |urn| (Condition::And(urn.frequent(2)), None)),
    ("and of frequent and rare, count", Ask::Count, |urn| (Condition::And(urn.frequent_and_rare()), None)),
    ("and of frequent and rare, top-10", Ask::Best, |urn| (Condition::And(urn.frequent_and_rare()), None)),
    ("or of two, count", Ask::Count, |urn| (Condition::Or(urn.frequent(2)), None)),
    ("or of two, top-10", Ask::Best, |urn| (Condition::Or(urn.frequent(2)), None)),
    ("or of four, count", Ask::Count, |urn| (Condition::Or(urn.mixed()), None)),
    ("or of four, top-10", Ask::Best, |urn| (Condition::Or(urn.mixed()), None)),
    ("phrase of two, count", Ask::Count, |urn| (Condition::Phrase(urn.run(2)), None)),
    ("phrase of two, top-10", Ask::Best, |urn| (Condition::Phrase(urn.run(2)), None)),
    ("phrase of three, count", Ask::Count, |urn| (Condition::Phrase(urn.run(3)), None)),
    ("word in date range, count", Ask::Count, |urn| (Condition::And(urn.frequent(1)), urn.days())),
    ("word in date range, top-10", Ask::Best, |urn| (Condition::And(urn.frequent(1)), urn.days())),
    ("newest ten", Ask::Newest, |_| (Condition::All, None)),
    ("newest ten of a word", Ask::Newest, |urn| (Condition::And(urn.frequent(1)), None)),
    ("newest ten of two words", Ask::Newest, |urn| (Condition::And(urn.frequent(2)), None)),
    ("newest ten of an entity", Ask::Newest, |urn| (urn.person(), None)),
    ("range count", Ask::Count, |urn| (Condition::All, urn.days())),
    ("timeline of a word", Ask::Timeline, |urn| (Condition::And(urn.frequent(1)), None)),
    ("timeline of an entity", Ask::Timeline, |urn| (urn.person(), None)),
    ("facet over a word", Ask::TopPeople, |urn| (Condition::And(urn.frequent(1)), None)),
    ("facet over an entity", Ask::TopPeople, |urn| (urn.person(), None)),
    ("entity count", Ask::Count, |urn| (urn.person(), None)),
    ("entity and range count", Ask::Count, |urn| (urn.person(), urn.days())),
    ("prefix count", Ask::Count, |urn| (Condition::Prefix(urn.start()), None)),
    ("like count", Ask::Count, |urn| (Condition::Like(urn.ending()), None)),
    ("fuzzy count", Ask::Count, |urn| (Condition::Fuzzy(urn.middling(1).remove(0)), None)),
];

impl Urn {
    fn fill(stories: &[Story], seed: u64) -> Urn {
        let mut dice = Dice(seed);
        let words = word_counts(stories);
        let band = |band| in_band(&words, band, stories.len());
        let (frequent, middling, rare) = (band(FREQUENT), band(MIDDLING), band(RARE));
        let people = in_band(&people_counts(stories), NAMED, stories.len());
        let days = || stories.iter().filter_map(|story| story.day);
        let runs = runs(stories, &words, &mut dice);
        let (first_day, last_day) = (days().min().unwrap_or(0), days().max().unwrap_or(0));
        Urn { frequent, middling, rare, people, runs, first_day, last_day, dice }
    }

    fn frequent(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.dice.pick(&self.frequent).clone()).collect()
    }

    fn middling(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.dice.pick(&self.middling).clone()).collect()
    }

    fn rare(&mut self, count: usize) -> Vec<String> {
        (0..count).map(|_| self.dice.pick(&self.rare).clone()).collect()
    }

    fn frequent_and_rare(&mut self) -> Vec<String> {
        [self.frequent(1), self.rare(1)].concat()
    }

    fn mixed(&mut self) -> Vec<String> {
        [self.frequent(2), self.middling(2)].concat()
    }

    fn person(&mut self) -> Condition {
        Condition::Person(self.dice.pick(&self.people).clone())
    }

    fn run(&mut self, length: usize) -> Vec<String> {
        self.dice.pick(&self.runs)[..length].to_vec()
    }

    fn days(&mut self) -> Option<(i64, i64)> {
        let length = RANGE_DAYS.0 + self.dice.roll((RANGE_DAYS.1 - RANGE_DAYS.0) as usize) as i64;
        let span = (self.last_day - self.first_day - length).max(1);
        let from = self.first_day + self.dice.roll(span as usize) as i64;
        Some((from, from + length - 1))
    }

    /// The first four letters of a word.
    fn start(&mut self) -> String {
        self.middling(1).remove(0).chars().take(4).collect()
    }

    /// Any letters and the last four of a word.
    fn ending(&mut self) -> String {
        let word = self.middling(1).remove(0);
        format!("*{}", &word[word.len() - 4.min(word.len())..])
    }
}

fn words_of(story: &Story) -> impl Iterator<Item = String> {
    [&story.title, &story.body].into_iter().flat_map(|text| {
        dateline::text::tokens(text).map(|token| dateline::text::fold_word(token.span.of(text)).into_owned())
    })
}

/// Articles by word.
fn word_counts(stories: &[Story]) -> HashMap<String, u32> {
    let mut counts = HashMap::new();
    for story in stories {
        let mut words: Vec<String> = words_of(story).collect();
        words.sort_unstable();
        words.dedup();
        words.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
    }
    counts
}

fn people_counts(stories: &[Story]) -> HashMap<String, u32> {
    let mut counts = HashMap::new();
    for name in stories.iter().flat_map(|story| &story.people) {
        *counts.entry(name.clone()).or_default() += 1;
    }
    counts
}

/// Returns what is as frequent as the band says, in a fixed order. Words hold letters alone; names may hold spaces.
fn in_band(counts: &HashMap<String, u32>, (low, high): (f64, f64), articles: usize) -> Vec<String> {
    let is_plain =
        |text: &str| text.len() >= LETTERS_MIN && text.chars().all(|c| c.is_ascii_lowercase() || c == ' ');
    let bounds = (low * articles as f64).max(2.0)..=high * articles as f64;
    let mut found: Vec<String> = counts
        .iter()
        .filter(|(text, count)| bounds.contains(&f64::from(**count)) && is_plain(text))
        .map(|(text, _)| text.clone())
        .collect();
    found.sort_unstable();
    found
}

/// Draws runs of three plain words that are not rare.
fn runs(stories: &[Story], counts: &HashMap<String, u32>, dice: &mut Dice) -> Vec<Vec<String>> {
    let least = (MIDDLING.0 * stories.len() as f64) as u32;
    let is_good = |word: &String| {
        counts.get(word).is_some_and(|count| *count >= least) && word.chars().all(|c| c.is_ascii_lowercase())
    };
    let mut runs = Vec::new();
    for _ in 0..10_000 {
        let words: Vec<String> = words_of(dice.pick(stories)).collect();
        if words.len() < 20 {
            continue;
        }
        let at = 10 + dice.roll(words.len() - 13);
        if words[at..at + 3].iter().all(is_good) {
            runs.push(words[at..at + 3].to_vec());
        }
        if runs.len() >= 400 {
            break;
        }
    }
    runs
}
