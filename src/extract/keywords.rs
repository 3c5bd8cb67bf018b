//! Keywords: the few most telling terms of an article, without a corpus to compare with.
//!
//! The statistics are those of YAKE! (Campos, Mangaravite, Pasquali, Jorge, Nunes and Jatowt: "YAKE! Keyword extraction
//! from single documents using multiple local features", Information Sciences 509, 2020): a word tells the more, the
//! earlier and the more often it stands, the more sentences it spreads over, the more it is capitalised inside
//! sentences, and the fewer different words keep it company. A term is one to three neighbouring words that neither
//! begin nor end in a word of grammar; its score is the product of its words' scores, weighed by how often it stands.

use std::collections::HashMap;

use super::gazetteer::{Flag, Known};
use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use super::tagger::hash::Seeded;

/// Most keywords of an article.
pub const KEYWORDS_MAX: usize = 8;

/// Longest keyword, in words.
const TERM_WORDS_MAX: usize = 3;

/// Longest word of a keyword, in bytes.
const WORD_BYTES_MAX: usize = 40;

/// Words that are read; what an article is about stands in its first pages.
const WORDS_MAX: usize = 4_000;

/// Fewest words of an article that has keywords.
const WORDS_MIN: usize = 30;

/// Returns the most telling terms of a page, most telling first.
pub fn find(page: &Page<'_>) -> Vec<String> {
    if page.words.len() < WORDS_MIN {
        return Vec::new();
    }
    let vocabulary = Vocabulary::of(page);
    let scores = vocabulary.scores();
    let mut terms = vocabulary.terms(page, &scores);
    terms.sort_unstable_by(|a, b| {
        a.score.total_cmp(&b.score).then(a.first.cmp(&b.first)).then(a.len.cmp(&b.len))
    });
    let mut chosen: Vec<&Term> = Vec::new();
    for term in &terms {
        if chosen.len() == KEYWORDS_MAX {
            break;
        }
        if !chosen.iter().any(|other| other.shares_words(term)) {
            chosen.push(term);
        }
    }
    chosen.into_iter().map(|term| term.shown(page)).collect()
}

/// What the page shows of one word.
#[derive(Default, Clone)]
struct Word {
    count: u32,
    /// Times it stands capitalised inside a sentence.
    capitals: u32,
    /// Different sentences, and the last one counted.
    sentences: u32,
    last_sentence: u32,
    /// Sum of the positions of its sentences.
    positions: u64,
    /// Words beside it, and how many of them were new.
    neighbours: u32,
    new_neighbours: u32,
}

/// Two words that stand side by side.
#[derive(Default, Clone, Copy)]
struct Pair {
    count: u32,
    /// Whether their term is made.
    has_term: bool,
}

/// Words side by side, by their numbers.
type Pairs = HashMap<(u32, u32), Pair, Seeded>;

/// The words of a page by number, and the number of each word.
struct Vocabulary {
    words: Vec<Word>,
    /// Number of each word of the page; none for words of grammar.
    of_page: Vec<Option<u32>>,
    pairs: Pairs,
    sentences: usize,
}

/// A sequence of neighbouring words.
struct Term {
    words: [u32; TERM_WORDS_MAX],
    len: usize,
    /// Where it stands first.
    first: usize,
    count: u32,
    score: f64,
}

impl Vocabulary {
    fn of(page: &Page<'_>) -> Vocabulary {
        let most = page.words.len().min(WORDS_MAX);
        let mut numbers: HashMap<&str, u32, Seeded> =
            HashMap::with_capacity_and_hasher(most, Seeded::default());
        let mut all = Vocabulary {
            words: Vec::with_capacity(most / 2),
            of_page: Vec::with_capacity(most),
            pairs: HashMap::with_capacity_and_hasher(most / 2, Seeded::default()),
            sentences: 0,
        };
        for (words, sentence) in page.sentences.iter().zip(0_u32..) {
            if words.start >= WORDS_MAX {
                break;
            }
            all.sentences += 1;
            let mut before: Option<u32> = None;
            for word in page.slice(words.clone()) {
                let number = is_telling(word).then(|| {
                    let next = u32::try_from(all.words.len()).unwrap_or(u32::MAX);
                    let number = *numbers.entry(page.term(word)).or_insert(next);
                    if number == next {
                        all.words.push(Word { last_sentence: u32::MAX, ..Word::default() });
                    }
                    number
                });
                all.of_page.push(number);
                if let Some(number) = number {
                    all.count(number, word, sentence);
                    if let Some(before) = before.filter(|_| is_joined(word)) {
                        let pair = all.pairs.entry((before, number)).or_default();
                        pair.count += 1;
                        let is_new = pair.count == 1;
                        all.meet(before, is_new);
                        all.meet(number, is_new);
                    }
                }
                before = number;
            }
        }
        all
    }

    fn count(&mut self, number: u32, word: &PageWord, sentence: u32) {
        let Some(known) = self.words.get_mut(number as usize) else { return };
        known.count += 1;
        known.capitals += u32::from(word.is_capital() && word.gap != Gap::Start);
        if known.last_sentence != sentence {
            known.last_sentence = sentence;
            known.sentences += 1;
            known.positions += u64::from(sentence);
        }
    }

    fn meet(&mut self, number: u32, is_new: bool) {
        if let Some(known) = self.words.get_mut(number as usize) {
            known.neighbours += 1;
            known.new_neighbours += u32::from(is_new);
        }
    }

    /// Scores every word; the smaller, the more telling.
    fn scores(&self) -> Vec<f64> {
        let counts: Vec<f64> = self.words.iter().map(|word| f64::from(word.count)).collect();
        let all = counts.len().max(1) as f64;
        let mean = counts.iter().sum::<f64>() / all;
        let deviation = (counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / all).sqrt();
        let most = counts.iter().copied().fold(1.0, f64::max);
        self.words.iter().map(|word| self.score(word, mean + deviation, most)).collect()
    }

    fn score(&self, word: &Word, usual: f64, most: f64) -> f64 {
        let count = f64::from(word.count);
        let case = f64::from(word.capitals) / (1.0 + count.ln());
        let middle = word.positions as f64 / f64::from(word.sentences.max(1));
        let position = (3.0 + middle).ln().ln();
        let frequency = count / usual.max(1.0);
        let company = f64::from(word.new_neighbours) / f64::from(word.neighbours.max(1));
        let relatedness = 1.0 + company * count / most;
        let spread = f64::from(word.sentences) / self.sentences.max(1) as f64;
        relatedness * position / (case + frequency / relatedness + spread / relatedness)
    }

    /// Returns the words, and the sequences that stand more than once: words that stand together once do so by chance.
    fn terms(mut self, page: &Page<'_>, scores: &[f64]) -> Vec<Term> {
        let single = |word: &Word| Term {
            words: [0; TERM_WORDS_MAX],
            len: 0,
            first: 0,
            count: word.count,
            score: 0.0,
        };
        let mut terms: Vec<Term> = self.words.iter().map(single).collect();
        let mut triples: HashMap<[u32; TERM_WORDS_MAX], usize, Seeded> = HashMap::default();
        let number_at = |at: usize| self.of_page.get(at).copied().flatten();
        let joined_at = |at: usize| number_at(at).filter(|_| page.words.get(at).is_some_and(is_joined));
        for start in 0..self.of_page.len() {
            let Some(a) = number_at(start) else { continue };
            // The term of a word has no length before the word is met.
            if let Some(term) = terms.get_mut(a as usize).filter(|term| term.len == 0) {
                (term.words, term.len, term.first) = ([a, 0, 0], 1, start);
            }
            let Some(b) = joined_at(start + 1) else { continue };
            let Some(pair) = self.pairs.get_mut(&(a, b)).filter(|pair| pair.count > 1) else { continue };
            if !std::mem::replace(&mut pair.has_term, true) {
                terms.push(Term { words: [a, b, 0], len: 2, first: start, count: pair.count, score: 0.0 });
            }
            // A sequence stands no more often than its parts.
            let Some(c) = joined_at(start + 2) else { continue };
            if self.pairs.get(&(b, c)).is_some_and(|pair| pair.count > 1) {
                let words = [a, b, c];
                let index = *triples.entry(words).or_insert_with(|| {
                    terms.push(Term { words, len: 3, first: start, count: 0, score: 0.0 });
                    terms.len() - 1
                });
                if let Some(term) = terms.get_mut(index) {
                    term.count += 1;
                }
            }
        }
        terms.retain(|term| term.len == 1 || term.count > 1);
        for term in &mut terms {
            let parts = || term.numbers().iter().filter_map(|&number| scores.get(number as usize));
            let (product, sum) = (parts().product::<f64>(), parts().sum::<f64>());
            term.score = product / (f64::from(term.count) * (1.0 + sum));
        }
        terms
    }
}

impl Term {
    fn numbers(&self) -> &[u32] {
        self.words.get(..self.len).unwrap_or_default()
    }

    /// Tells whether the terms have a word in common; a keyword says it once.
    fn shares_words(&self, other: &Term) -> bool {
        self.numbers().iter().any(|word| other.numbers().contains(word))
    }

    /// Returns the words as they stand inside a sentence, in lower case where they are no name.
    fn shown(&self, page: &Page<'_>) -> String {
        let words = page.slice(self.first..self.first + self.len);
        let shown = words.iter().map(|word| {
            let is_name = word.is_capital() && (word.gap != Gap::Start || is_known_name(word));
            if is_name { page.surface(word).to_owned() } else { page.surface(word).to_lowercase() }
        });
        shown.collect::<Vec<_>>().join(" ")
    }
}

/// Tells whether a word is a name wherever it stands.
fn is_known_name(word: &PageWord) -> bool {
    let known = |known: &Known| known.is_place() || known.is(Flag::Surname) || known.is(Flag::FirstName);
    word.known.is_some_and(known) && !word.has(Flag::CommonWord)
}

fn is_joined(word: &PageWord) -> bool {
    matches!(word.gap, Gap::Space | Gap::Hyphen)
}

/// Tells whether a word may be part of a keyword: neither grammar nor number nor what every report says.
fn is_telling(word: &PageWord) -> bool {
    let grammar = Class::FUNCTION | Class::WEEKDAY | Class::MONTH | Class::SAY;
    let is_word = !matches!(word.shape, Shape::Number);
    let len = word.span.len() as usize;
    is_word && (len > 2 || word.shape == Shape::Upper) && len <= WORD_BYTES_MAX && !word.class.is(grammar)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    const STORY: &str = "Flood barrier fails\n\nThe flood barrier of Lisbon failed on Monday after a night of heavy rain, and the \
river Tejo rose to its highest level in a century. Engineers had warned the council that the flood barrier was \
rusting. The council said that repairs of the flood barrier would have cost 40 million euros. Residents of Lisbon spent \
the night on roofs while the rain went on.";

    fn keywords(text: &str) -> Vec<String> {
        let title = Span::new(0, text.find('\n').unwrap_or(0));
        find(&Page::new(text, title, &crate::text::paragraphs(text)[1..]))
    }

    #[test]
    fn the_most_telling_terms_come_first() {
        let found = keywords(STORY);
        assert_eq!(found.first().map(String::as_str), Some("flood barrier"), "{found:?}");
        assert!(found.contains(&"Lisbon".to_owned()) && found.contains(&"council".to_owned()), "{found:?}");
        assert!(found.len() <= KEYWORDS_MAX);
    }

    #[test]
    fn words_of_grammar_and_reporting_tell_nothing() {
        let found = keywords(STORY).join(" ").to_lowercase();
        for word in ["the", "said", "monday", "after", "40"] {
            assert!(!found.split(' ').any(|known| known == word), "{word} in {found}");
        }
    }

    #[test]
    fn no_word_is_said_twice() {
        let found = keywords(STORY).join(" ");
        let mut words: Vec<&str> = found.split(' ').collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count, "{found}");
    }

    #[test]
    fn a_short_text_has_none() {
        assert_eq!(keywords("Talks fail\n\nThey left Paris on Monday."), Vec::<String>::new());
    }
}
