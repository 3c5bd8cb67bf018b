//! Learning the weights: the averaged structured perceptron (Collins 2002).
//!
//! Weights are whole numbers and rounds are shuffled by a fixed seed, so that the same lessons give the same model, bit
//! for bit, on every machine.

use super::clusters::Clusters;
use super::features::{self, ROW_BITS};
use super::label::{Label, Labelled, encode};
use super::model::Model;
use super::path::{BORDER, LANES, Pathfinder, Scores, Transitions};
use super::view::View;
use crate::extract::page::Page;

/// Start of the generator that shuffles each round.
const SEED: u64 = 88_172_645_463_325_252;

/// Perceptrons that are averaged.
const TEACHERS: usize = 4;

/// Share of the weights, by size, that i8 keeps whole; the largest few are clipped.
const KEPT_SHARE: f64 = 0.9999;

/// A page with its names, ready to learn from.
#[derive(Debug, Clone, Default)]
pub struct Lesson {
    stretches: Vec<Stretch>,
}

/// A stretch of words that may be names.
#[derive(Debug, Clone, Default)]
struct Stretch {
    /// Rows of all words, one word after the other.
    rows: Vec<u32>,
    /// Where the rows of each word end.
    ends: Vec<usize>,
    labels: Vec<Label>,
}

impl Lesson {
    /// Returns the lesson of a page whose names are known; they do not overlap and come in order.
    pub fn of(page: &Page<'_>, names: &[Labelled], clusters: &Clusters) -> Lesson {
        let view = View::of(page, clusters);
        let mut stretches = Vec::new();
        for sentence in &view.sentences {
            for words in view.stretches(sentence) {
                let mut stretch = Stretch::default();
                let inside = |(name, _): &&Labelled| words.start <= name.start && name.end <= words.end;
                let cut: Vec<Labelled> = names
                    .iter()
                    .filter(inside)
                    .map(|(name, sort)| (name.start - words.start..name.end - words.start, *sort))
                    .collect();
                stretch.labels = encode(words.len(), &cut);
                for at in words {
                    features::all(&view, sentence, at, &mut stretch.rows);
                    stretch.ends.push(stretch.rows.len());
                }
                stretches.push(stretch);
            }
        }
        Lesson { stretches }
    }
}

impl Stretch {
    fn words(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| self.rows.get(start..end).unwrap_or_default())
    }
}

/// Weights while they are learned.
struct Weights {
    rows: Vec<Scores>,
    transitions: Transitions,
    /// Each change times the step at which it was made, from which the average follows.
    past_rows: Vec<[i64; LANES]>,
    past_transitions: [[i64; LANES]; LANES],
    step: i64,
}

/// Learns a model from lessons, each as often in a round as its number says.
///
/// Perceptrons hang on the order of their lessons; several that saw them in different orders are averaged.
pub fn train(lessons: &[(&Lesson, usize)], rounds: usize, clusters: &Clusters) -> Model {
    let mut order: Vec<&Stretch> = Vec::new();
    for (lesson, times) in lessons {
        (0..*times).for_each(|_| order.extend(&lesson.stretches));
    }
    let mut dice = SEED;
    let mut averages = Averages::default();
    for _ in 0..TEACHERS {
        let mut weights = Weights::default();
        let mut scratch = Scratch::default();
        for _ in 0..rounds {
            shuffle(&mut order, &mut dice);
            order.iter().for_each(|stretch| weights.learn(stretch, &mut scratch));
        }
        averages.add(&weights);
    }
    averages.model(clusters.checksum())
}

#[derive(Default)]
struct Scratch {
    scores: Vec<Scores>,
    path: Vec<Label>,
    finder: Pathfinder,
}

impl Weights {
    /// Labels a stretch with the weights so far, and moves them where that is wrong.
    fn learn(&mut self, stretch: &Stretch, scratch: &mut Scratch) {
        scratch.scores.clear();
        for rows in stretch.words() {
            let mut scores = [0; LANES];
            for row in rows.iter().filter_map(|&row| self.rows.get(row as usize)) {
                scores.iter_mut().zip(row).for_each(|(score, weight)| *score += weight);
            }
            scratch.scores.push(scores);
        }
        scratch.finder.best(&scratch.scores, &self.transitions, &mut scratch.path);
        if scratch.path != stretch.labels {
            self.correct(stretch, &scratch.path);
        }
        self.step += 1;
    }

    fn correct(&mut self, stretch: &Stretch, path: &[Label]) {
        let (mut before_right, mut before_wrong) = (BORDER, BORDER);
        for ((rows, right), wrong) in stretch.words().zip(&stretch.labels).zip(path) {
            let (right, wrong) = (usize::from(right.0), usize::from(wrong.0));
            if right != wrong {
                for &row in rows {
                    self.add(row as usize, right, 1);
                    self.add(row as usize, wrong, -1);
                }
            }
            self.follow((before_right, right), (before_wrong, wrong));
            (before_right, before_wrong) = (right, wrong);
        }
        self.follow((before_right, BORDER), (before_wrong, BORDER));
    }

    fn add(&mut self, row: usize, label: usize, by: i32) {
        if let Some(weight) = self.rows.get_mut(row).and_then(|row| row.get_mut(label)) {
            *weight += by;
        }
        if let Some(past) = self.past_rows.get_mut(row).and_then(|row| row.get_mut(label)) {
            *past += i64::from(by) * self.step;
        }
    }

    fn follow(&mut self, right: (usize, usize), wrong: (usize, usize)) {
        if right == wrong {
            return;
        }
        for ((before, after), by) in [(right, 1), (wrong, -1)] {
            if !self.transitions.is_allowed(before, after) {
                continue;
            }
            if let Some(worth) = self.transitions.0.get_mut(before).and_then(|row| row.get_mut(after)) {
                *worth += by;
            }
            if let Some(past) = self.past_transitions.get_mut(before).and_then(|row| row.get_mut(after)) {
                *past += i64::from(by) * self.step;
            }
        }
    }
}

impl Default for Weights {
    fn default() -> Weights {
        Weights {
            rows: vec![[0; LANES]; 1 << ROW_BITS],
            transitions: Transitions::default(),
            past_rows: vec![[0; LANES]; 1 << ROW_BITS],
            past_transitions: [[0; LANES]; LANES],
            step: 1,
        }
    }
}

/// Averages of weights over all steps, summed over perceptrons.
struct Averages {
    rows: Vec<[f64; LANES]>,
    transitions: [[f64; LANES]; LANES],
}

impl Default for Averages {
    fn default() -> Averages {
        Averages { rows: vec![[0.0; LANES]; 1 << ROW_BITS], transitions: [[0.0; LANES]; LANES] }
    }
}

impl Averages {
    fn add(&mut self, weights: &Weights) {
        let average = |weight: i32, past: i64| f64::from(weight) - past as f64 / weights.step as f64;
        let rows = self.rows.iter_mut().zip(weights.rows.iter().zip(&weights.past_rows));
        let transitions =
            self.transitions.iter_mut().zip(weights.transitions.0.iter().zip(&weights.past_transitions));
        for (sums, (row, past)) in rows.chain(transitions) {
            for (sum, (&weight, &past)) in sums.iter_mut().zip(row.iter().zip(past)) {
                *sum += average(weight, past);
            }
        }
    }

    /// Returns the weights in 8 bits, those of the few largest clipped.
    fn model(self, clusters: u64) -> Model {
        let scale = 127.0 / largest_kept(&self.rows);
        let whole = |weight: f64| (weight * scale).round().clamp(-127.0, 127.0) as i8;
        let mut transitions = Transitions::default();
        let free = Transitions::default();
        for (before, (row, sums)) in transitions.0.iter_mut().zip(&self.transitions).enumerate() {
            for (after, (worth, sum)) in row.iter_mut().zip(sums).enumerate() {
                if free.is_allowed(before, after) {
                    *worth = (sum * scale).round() as i32;
                }
            }
        }
        Model::of(self.rows.into_iter().map(|row| row.map(whole)), transitions, clusters)
    }
}

/// Returns the weight below which nearly all are.
fn largest_kept(averages: &[[f64; LANES]]) -> f64 {
    let mut sizes: Vec<f64> =
        averages.iter().flatten().map(|weight| weight.abs()).filter(|&size| size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let index = (sizes.len() as f64 * KEPT_SHARE) as usize;
    sizes.get(index).or(sizes.last()).copied().unwrap_or(1.0)
}

/// Shuffles by xorshift (Marsaglia 2003) and Fisher and Yates.
fn shuffle<T>(items: &mut [T], dice: &mut u64) {
    for last in (1..items.len()).rev() {
        *dice ^= *dice << 13;
        *dice ^= *dice >> 7;
        *dice ^= *dice << 17;
        items.swap(last, (*dice % (last as u64 + 1)) as usize);
    }
}
