//! Terms against words, by looking at every place.

use dateline::query::ast::{Modifier, Term, Text, Whole};
use dateline::text::{fold, fold_word, joiner, stem, tokens};

/// A term of the query, cut into words as the twin understands it.
pub struct TwinTerm {
    modifier: Modifier,
    source: String,
    words: Vec<(String, String, String)>,
}

/// A word of a text or of a name.
#[derive(Clone, Copy)]
pub struct Seen<'a> {
    pub folded: &'a str,
    pub spelling: &'a str,
    pub joiner: &'a str,
}

impl TwinTerm {
    pub fn new(term: &Term) -> TwinTerm {
        let Text::String(source) = &term.text.node else { panic!("the twin knows no parameters") };
        TwinTerm { modifier: term.modifier.clone(), source: source.clone(), words: cut(source) }
    }

    pub fn plain(text: &str) -> TwinTerm {
        TwinTerm { modifier: Modifier::Plain, source: text.to_owned(), words: cut(text) }
    }

    pub fn is_plain(&self) -> bool {
        self.modifier == Modifier::Plain
    }

    /// The folded words, for comparing names with aliases.
    pub fn folded_words(&self) -> Vec<&str> {
        self.words.iter().map(|(folded, ..)| folded.as_str()).collect()
    }

    /// How many consecutive words it takes; `like` looks at one word whatever its pattern holds.
    pub fn len(&self) -> usize {
        if self.modifier == Modifier::Like { 1 } else { self.words.len() }
    }

    /// Whether the term stands at the beginning of `text`.
    pub fn begins(&self, text: &[Seen], lang: Option<&str>) -> bool {
        text.len() >= self.len() && (0..self.len()).all(|index| self.fits(index, text[index], lang))
    }

    fn fits(&self, index: usize, word: Seen, lang: Option<&str>) -> bool {
        if self.modifier == Modifier::Like {
            let pattern: Vec<char> = wildcards(&self.source);
            return like(&pattern, &word.folded.chars().collect::<Vec<_>>());
        }
        let (folded, spelling, join) = &self.words[index];
        let is_last = index + 1 == self.words.len();
        match &self.modifier {
            Modifier::Plain | Modifier::Like => word.folded == folded,
            Modifier::Prefix if is_last => word.folded.starts_with(folded.as_str()),
            Modifier::Prefix => word.folded == folded,
            Modifier::Exact => word.spelling == spelling && (is_last || word.joiner == join),
            Modifier::Stem => lang.is_some_and(|lang| {
                stem(folded, lang).is_some() && stem(folded, lang) == stem(word.folded, lang)
            }),
            Modifier::Fuzzy { edits } => {
                let most = match edits.as_ref().map(|edits| &edits.node) {
                    Some(Whole::Number(edits)) => *edits as usize,
                    _ => match folded.chars().count() {
                        0..=3 => 0,
                        4..=7 => 1,
                        _ => 2,
                    },
                };
                folded.chars().next() == word.folded.chars().next()
                    && edit_distance(folded, word.folded) <= most
            }
        }
    }

    /// Whether the term stands somewhere in the words of a name.
    pub fn is_in_name(&self, name: &str, lang: Option<&str>) -> bool {
        let words = cut(name);
        let seen = see(&words);
        (0..seen.len()).any(|start| self.begins(&seen[start..], lang))
    }

    /// Whether the term is all of a name.
    pub fn is_name(&self, name: &str, lang: Option<&str>) -> bool {
        let words = cut(name);
        words.len() == self.len() && self.begins(&see(&words), lang)
    }

    /// Whether the term is the last word of a name.
    pub fn ends_name(&self, name: &str, lang: Option<&str>) -> bool {
        let words = cut(name);
        self.len() == 1 && words.last().is_some_and(|_| self.begins(&see(&words)[words.len() - 1..], lang))
    }
}

fn cut(text: &str) -> Vec<(String, String, String)> {
    let all: Vec<_> = tokens(text).collect();
    let joined = |index: usize| all.get(index + 1).map_or("", |next| joiner(text, all[index], *next));
    all.iter()
        .enumerate()
        .map(|(index, token)| {
            let spelling = token.span.of(text);
            (fold_word(spelling).into_owned(), spelling.to_owned(), joined(index).to_owned())
        })
        .collect()
}

fn see(words: &[(String, String, String)]) -> Vec<Seen<'_>> {
    words.iter().map(|(folded, spelling, joiner)| Seen { folded, spelling, joiner }).collect()
}

/// The pattern folded, with private characters in place of its wildcards.
fn wildcards(pattern: &str) -> Vec<char> {
    const ANY_RUN: char = '\u{E000}';
    const ANY_ONE: char = '\u{E001}';
    fold(&pattern.replace('*', "\u{E000}").replace('?', "\u{E001}"))
        .chars()
        .map(|c| match c {
            ANY_RUN => '*',
            ANY_ONE => '?',
            c => c,
        })
        .collect()
}

pub fn fits_like(pattern: &str, folded: &str) -> bool {
    like(&wildcards(pattern), &folded.chars().collect::<Vec<_>>())
}

fn like(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|skipped| like(rest, &text[skipped..])),
        Some(('?', rest)) => !text.is_empty() && like(rest, &text[1..]),
        Some((c, rest)) => text.first() == Some(c) && like(rest, &text[1..]),
    }
}

/// Insertions, deletions, replacements and swaps of neighbours; no letter is edited twice.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            table[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut best = replaced.min(table[i - 1][j] + 1).min(table[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(table[i - 2][j - 2] + 1);
                }
                best
            };
        }
    }
    table[a.len()][b.len()]
}

#[test]
fn the_twin_knows_patterns_and_edits() {
    assert!(fits_like("wom?n", "woman") && !fits_like("wom?n", "womn") && fits_like("*fire", "ceasefire"));
    assert_eq!(edit_distance("erdogan", "erdoagn"), 1);
    assert_eq!(edit_distance("idlib", "idlip"), 1);
    assert_eq!(edit_distance("", "abc"), 3);
}
