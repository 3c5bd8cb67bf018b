//! Sorts the words of open news into clusters of words that stand between the same neighbours.
//!
//! `cargo run --release --example induce_clusters -- ../shared` reads `corpora/news-open.jsonl.zst` there and writes
//! `data/clusters.zst`, to the same bytes each time: one thread, no random numbers, every sum in a fixed order.
//!
//! The method is the exchange algorithm for class bigrams (Kneser and Ney 1993; Martin, Liermann and Ney 1998), with the
//! class counts of both neighbours: each word in turn moves to the cluster where the text becomes likeliest.

#![allow(clippy::indexing_slicing)] // Indices are of the vocabulary and the clusters made here.

use std::collections::HashMap;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;

use dateline::extract::tagger::clusters::{self, CLUSTERS};
use dateline::text::{Span, sentences, tokens};
use serde_json::Value;

/// Words kept, most frequent first.
const WORDS_MAX: usize = 40_000;

/// A word seen less often has no cluster.
const COUNT_MIN: u32 = 12;

/// Rounds over the vocabulary; later ones move few words.
const ROUNDS: usize = 8;

/// Stands for the border of a sentence and for words outside the vocabulary.
const OUTSIDE: u32 = 0;

fn main() -> Result<(), Box<dyn Error>> {
    let shared = std::env::args().nth(1).unwrap_or_else(|| "../shared".into());
    let path = Path::new(&shared).join("corpora/news-open.jsonl.zst");
    let text = Text::read(&path)?;
    println!("{} words, {} of them sorted", text.words.len(), text.vocabulary.len());
    let clusters = Exchange::new(&text).run();
    let mut sorted: Vec<Vec<String>> = vec![Vec::new(); CLUSTERS];
    for (word, &cluster) in text.vocabulary.iter().zip(clusters.iter().skip(1)) {
        sorted[cluster as usize].push(word.clone());
    }
    let packed = clusters::pack(&sorted)?;
    println!("data/clusters.zst: {} bytes", packed.len());
    Ok(std::fs::write("data/clusters.zst", packed)?)
}

/// The text as numbers of words.
struct Text {
    /// Numbers of the words in order, sentences parted by [`OUTSIDE`]; a word's number is its place in the vocabulary + 1.
    words: Vec<u32>,
    vocabulary: Vec<String>,
}

impl Text {
    fn read(path: &Path) -> Result<Text, Box<dyn Error>> {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let mut words = Vec::new();
        for line in BufReader::new(zstd::Decoder::new(std::fs::File::open(path)?)?).lines() {
            let article: Value = serde_json::from_str(&line?)?;
            for member in ["title", "body"] {
                read_sentences(article[member].as_str().unwrap_or(""), &mut ids, &mut words);
            }
        }
        Ok(Text::numbered(ids, words))
    }

    /// Numbers the frequent words by frequency, then alphabet.
    fn numbered(ids: HashMap<String, u32>, mut words: Vec<u32>) -> Text {
        let mut counts = vec![0u32; ids.len() + 1];
        words.iter().for_each(|&word| counts[word as usize] += 1);
        let frequent = |(_, id): &(String, u32)| counts[*id as usize] >= COUNT_MIN;
        let mut kept: Vec<(String, u32)> = ids.into_iter().filter(frequent).collect();
        kept.sort_by(|a, b| counts[b.1 as usize].cmp(&counts[a.1 as usize]).then_with(|| a.0.cmp(&b.0)));
        kept.truncate(WORDS_MAX);
        let mut renumbered = vec![OUTSIDE; counts.len()];
        for (index, (_, id)) in kept.iter().enumerate() {
            renumbered[*id as usize] = index as u32 + 1;
        }
        words.iter_mut().for_each(|word| *word = renumbered[*word as usize]);
        Text { words, vocabulary: kept.into_iter().map(|(word, _)| word).collect() }
    }
}

/// Appends the words of a text, and what stands between them, as first-come numbers from 1.
fn read_sentences(text: &str, ids: &mut HashMap<String, u32>, words: &mut Vec<u32>) {
    let mut number = |word: &str| match ids.get(word) {
        Some(&id) => id,
        None => {
            let id = ids.len() as u32 + 1;
            ids.insert(word.to_owned(), id);
            id
        }
    };
    for sentence in sentences(text) {
        let inside = sentence.of(text);
        let mut end = 0;
        for token in tokens(inside) {
            let between = Span { start: end, end: token.span.start }.of(inside).trim();
            if !between.is_empty() && end > 0 {
                words.push(number(between));
            }
            words.push(number(token.span.of(inside)));
            end = token.span.end;
        }
        words.push(OUTSIDE);
    }
}

/// The state of the exchange.
struct Exchange {
    /// Neighbours of each word with their counts: before it, and after it.
    left: Vec<Vec<(u32, f32)>>,
    right: Vec<Vec<(u32, f32)>>,
    counts: Vec<f32>,
    cluster: Vec<u32>,
    /// How often a word stands before, and after, the words of each cluster: word times cluster.
    before: Vec<f32>,
    after: Vec<f32>,
    /// Words of each cluster, each as often as it was seen.
    sizes: Vec<f32>,
    /// `n * ln(n)` for small n.
    table: Vec<f32>,
}

impl Exchange {
    fn new(text: &Text) -> Exchange {
        let words = text.vocabulary.len() + 1;
        let mut pairs: Vec<u64> =
            text.words.windows(2).map(|pair| u64::from(pair[0]) << 32 | u64::from(pair[1])).collect();
        pairs.sort_unstable();
        let mut counts = vec![0f32; words];
        text.words.iter().for_each(|&word| counts[word as usize] += 1.0);
        let (mut left, mut right) = (vec![Vec::new(); words], vec![Vec::new(); words]);
        for run in pairs.chunk_by(|a, b| a == b) {
            let (first, second) = ((run[0] >> 32) as u32, run[0] as u32);
            left[second as usize].push((first, run.len() as f32));
            right[first as usize].push((second, run.len() as f32));
        }
        let cluster = (0..words).map(|word| (word % CLUSTERS) as u32).collect();
        let table = (0..1 << 16).map(|n| if n == 0 { 0.0 } else { n as f32 * (n as f32).ln() }).collect();
        let cells = words * CLUSTERS;
        Exchange {
            left,
            right,
            counts,
            cluster,
            before: vec![0.0; cells],
            after: vec![0.0; cells],
            sizes: vec![0.0; CLUSTERS],
            table,
        }
    }

    /// Returns the cluster of each word.
    fn run(mut self) -> Vec<u32> {
        (1..self.counts.len()).for_each(|word| self.put(word, self.cluster[word], 1.0));
        let mut gains = vec![0f32; CLUSTERS];
        for round in 1..=ROUNDS {
            let mut moved = 0;
            for word in 1..self.counts.len() {
                let old = self.cluster[word];
                self.put(word, old, -1.0);
                let new = self.best(word, old, &mut gains);
                moved += usize::from(new != old);
                self.cluster[word] = new;
                self.put(word, new, 1.0);
            }
            println!("round {round}: {moved} words moved");
        }
        self.cluster
    }

    /// Adds a word to a cluster, or takes it away with `sign` -1.
    fn put(&mut self, word: usize, cluster: u32, sign: f32) {
        for &(neighbour, count) in &self.left[word] {
            self.before[neighbour as usize * CLUSTERS + cluster as usize] += sign * count;
        }
        for &(neighbour, count) in &self.right[word] {
            self.after[neighbour as usize * CLUSTERS + cluster as usize] += sign * count;
        }
        self.sizes[cluster as usize] += sign * self.counts[word];
    }

    /// Returns the cluster that makes the text likeliest; the old one where none is better.
    fn best(&self, word: usize, old: u32, gains: &mut [f32]) -> u32 {
        let n_log_n = |n: f32| {
            let exact = || if n > 0.5 { n * n.ln() } else { 0.0 };
            self.table.get(n as usize).copied().unwrap_or_else(exact)
        };
        let count = self.counts[word];
        for (gain, &size) in gains.iter_mut().zip(&self.sizes) {
            *gain = -2.0 * (n_log_n(size + count) - n_log_n(size));
        }
        for (neighbours, table) in [(&self.left[word], &self.before), (&self.right[word], &self.after)] {
            for &(neighbour, count) in neighbours {
                let alone = n_log_n(count);
                let row = &table[neighbour as usize * CLUSTERS..][..CLUSTERS];
                for (gain, &cell) in gains.iter_mut().zip(row) {
                    *gain += if cell == 0.0 { alone } else { n_log_n(cell + count) - n_log_n(cell) };
                }
            }
        }
        let better = |best: usize, next: usize| if gains[next] > gains[best] { next } else { best };
        (0..CLUSTERS).fold(old as usize, better) as u32
    }
}
