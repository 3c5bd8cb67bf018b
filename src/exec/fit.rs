//! Word tests against words at hand: names, and the text of an article that is shown.

use std::borrow::Cow;
use std::sync::OnceLock;

use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};

use crate::query::{Term, WordTest};
use crate::text::{fold_word, joiner, stem, tokens};

/// Most edits that `fuzzy` allows.
const EDITS_MAX: usize = 2;

/// Returns the automaton of the words at most `edits` insertions, deletions, replacements and swaps away from `word`.
pub(crate) fn fuzzy_automaton(word: &str, edits: u8) -> DFA {
    static BUILDERS: [OnceLock<LevenshteinAutomatonBuilder>; EDITS_MAX + 1] =
        [const { OnceLock::new() }; EDITS_MAX + 1];
    let edits = usize::from(edits).min(EDITS_MAX);
    match BUILDERS.get(edits) {
        Some(builder) => {
            builder.get_or_init(|| LevenshteinAutomatonBuilder::new(edits as u8, true)).build_dfa(word)
        }
        None => LevenshteinAutomatonBuilder::new(0, true).build_dfa(word),
    }
}

/// A word of a text or name, as word tests look at it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeenWord<'a> {
    /// As indexed.
    pub folded: &'a str,
    /// As written.
    pub spelling: &'a str,
    /// What joins it to the next word; empty where white space stands between.
    pub joiner: &'a str,
}

/// A term made ready to be held against many words.
pub(crate) struct TermFit<'q> {
    words: Vec<WordFit<'q>>,
}

struct WordFit<'q> {
    test: &'q WordTest,
    fuzzy: Option<DFA>,
}

impl<'q> TermFit<'q> {
    /// Returns the compiled form of `term`.
    pub(crate) fn new(term: &'q Term) -> TermFit<'q> {
        let fuzzy = |test: &WordTest| match test {
            WordTest::Fuzzy { word, edits } => Some(fuzzy_automaton(word, *edits)),
            _ => None,
        };
        TermFit { words: term.words.iter().map(|test| WordFit { test, fuzzy: fuzzy(test) }).collect() }
    }

    /// Returns how many consecutive words the term has.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// Tells whether `words` begin with the term, for an article in language `lang`.
    pub(crate) fn begins(&self, words: &[SeenWord<'_>], lang: Option<&str>) -> bool {
        let last = self.words.len().saturating_sub(1);
        words.len() >= self.words.len()
            && self
                .words
                .iter()
                .zip(words)
                .enumerate()
                .all(|(at, (fit, word))| fit.fits(word, at == last, lang))
    }

    /// Tells whether `words` are the term, none left over.
    pub(crate) fn equals(&self, words: &[SeenWord<'_>], lang: Option<&str>) -> bool {
        words.len() == self.words.len() && self.begins(words, lang)
    }

    /// Tells whether the term stands somewhere in `words`.
    pub(crate) fn occurs(&self, words: &[SeenWord<'_>], lang: Option<&str>) -> bool {
        words.windows(self.words.len().max(1)).any(|window| self.begins(window, lang))
    }

    /// Tells whether some test depends on the language.
    pub(crate) fn has_stem(&self) -> bool {
        self.words.iter().any(|fit| matches!(fit.test, WordTest::Stem(_)))
    }
}

impl WordFit<'_> {
    /// `last` says that no joiner is asked for: the term ends with this word.
    fn fits(&self, word: &SeenWord<'_>, last: bool, lang: Option<&str>) -> bool {
        match self.test {
            WordTest::Is(folded) => word.folded == folded,
            WordTest::Exact { spelling, joiner, .. } => {
                word.spelling == spelling && (last || word.joiner == joiner)
            }
            WordTest::Prefix(prefix) => word.folded.starts_with(prefix.as_str()),
            WordTest::Like(pattern) => pattern.fits(word.folded),
            WordTest::Fuzzy { word: asked, .. } => {
                let near = |dfa: &DFA| matches!(dfa.eval(word.folded), Distance::Exact(_));
                word.folded.chars().next() == asked.chars().next() && self.fuzzy.as_ref().is_some_and(near)
            }
            WordTest::Stem(asked) => lang.is_some_and(|lang| {
                let wanted = stem(asked, lang);
                wanted.is_some() && stem(word.folded, lang) == wanted
            }),
        }
    }
}

/// A name cut into words.
pub(crate) struct NameText<'n> {
    /// Each word as indexed, as written, and what joins it to the next.
    words: Vec<(Cow<'n, str>, &'n str, &'n str)>,
}

impl<'n> NameText<'n> {
    /// Cuts a name as the analyser cuts text.
    pub(crate) fn new(spelling: &'n str) -> NameText<'n> {
        let mut words: Vec<(Cow<'n, str>, &'n str, &'n str)> = Vec::with_capacity(4);
        let mut before = None;
        for token in tokens(spelling) {
            if let (Some(before), Some((.., join))) = (before, words.last_mut()) {
                *join = joiner(spelling, before, token);
            }
            let written = token.span.of(spelling);
            words.push((fold_word(written), written, ""));
            before = Some(token);
        }
        NameText { words }
    }

    /// Returns the words as word tests look at them.
    pub(crate) fn seen(&self) -> Vec<SeenWord<'_>> {
        let words = self.words.iter();
        words.map(|(folded, spelling, joiner)| SeenWord { folded, spelling, joiner }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(words: Vec<WordTest>) -> Term {
        Term { source: String::new(), words }
    }

    fn fuzzy(word: &str, edits: u8) -> Term {
        term(vec![WordTest::Fuzzy { word: word.into(), edits }])
    }

    #[test]
    fn fuzzy_counts_swaps_as_one_edit_and_keeps_the_first_letter() {
        for (asked, edits, word, expected) in [
            ("erdogan", 1, "erdoagn", true),
            ("erdogan", 1, "erdogn", true),
            ("erdogan", 1, "erdgn", false),
            ("erdogan", 2, "erdgn", true),
            ("erdogan", 2, "ardogan", false),
            ("ab", 0, "ab", true),
            ("ab", 0, "abc", false),
        ] {
            let term = fuzzy(asked, edits);
            let name = NameText::new(word);
            assert_eq!(TermFit::new(&term).occurs(&name.seen(), None), expected, "{asked} {word}");
        }
    }

    #[test]
    fn exact_asks_for_joiners_inside_only() {
        let word = |spelling: &str, joiner: &str| WordTest::Exact {
            folded: spelling.to_lowercase(),
            spelling: spelling.into(),
            joiner: joiner.into(),
        };
        let asked = term(vec![word("al", "-"), word("Qaeda", "")]);
        let fit = TermFit::new(&asked);
        assert!(fit.occurs(&NameText::new("the al-Qaeda-linked group").seen(), None));
        assert!(!fit.occurs(&NameText::new("al Qaeda").seen(), None));
        assert!(!fit.occurs(&NameText::new("al-QAEDA").seen(), None));
    }

    #[test]
    fn names_hold_whole_words() {
        let assad = term(vec![WordTest::Is("assad".into())]);
        let fit = TermFit::new(&assad);
        assert!(fit.occurs(&NameText::new("Bashar al-Assad").seen(), None));
        assert!(!fit.occurs(&NameText::new("Assadists").seen(), None));
        assert!(!fit.equals(&NameText::new("Bashar al-Assad").seen(), None));
    }
}
