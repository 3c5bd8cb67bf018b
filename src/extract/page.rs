//! An article laid out for reading: its words with their shapes, gaps and classes, by sentence and paragraph.

use std::ops::Range;

use super::gazetteer::{Flag, Known};
use super::lexeme::{Lexeme, Lexemes};
use super::lexicon::Class;
use crate::text::{Span, fold_into, sentences_of, tokens};

/// How the letters of a word look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Starts in lower case.
    Lower,
    /// Starts with a capital.
    Capital,
    /// Two letters or more, all capitals.
    Upper,
    /// Starts with a digit.
    Number,
    /// Letters of a script without case.
    Uncased,
}

/// What stands between a word and the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gap {
    /// Nothing: the first word of a sentence.
    Start,
    /// White space, or nothing between two characters that are words of their own.
    Space,
    /// A hyphen or short dash without space.
    Hyphen,
    /// An apostrophe without space.
    Apostrophe,
    /// A full stop, with or without space.
    Stop,
    /// `&`, with or without space.
    Ampersand,
    /// A slash without space.
    Slash,
    /// A comma and space.
    Comma,
    /// An opening bracket.
    Bracket,
    /// Anything else: quotes, dashes, possessives, colons.
    Break,
}

/// A word of a page.
#[derive(Debug, Clone, Copy)]
pub struct PageWord {
    /// Where it stands.
    pub span: Span,
    /// How its letters look.
    pub shape: Shape,
    /// What stands before it.
    pub gap: Gap,
    /// Classes of its term.
    pub class: Class,
    /// What the gazetteer knows of its term; only looked up for words that may be names.
    pub(crate) known: Option<&'static Known>,
    /// Hash of its characters as they stand.
    pub(super) hash: u64,
    /// Where its term stands among the terms.
    term: Span,
}

impl PageWord {
    /// Tells whether the word may be part of a name by its looks.
    pub fn is_capital(&self) -> bool {
        matches!(self.shape, Shape::Capital | Shape::Upper)
    }

    /// Tells whether the gazetteer knows the word as a name of its own.
    pub(crate) fn is_known_name(&self) -> bool {
        self.known.is_some_and(|known| known.is_place() || known.is(Flag::Org) || known.is(Flag::Outlet))
    }

    pub(crate) fn has(&self, flag: Flag) -> bool {
        self.known.is_some_and(|known| known.is(flag))
    }
}

/// An article laid out for reading.
#[derive(Debug)]
pub struct Page<'a> {
    /// Title and body, as [`Article::text`](crate::article::Article::text) returns them.
    pub text: &'a str,
    /// Words of the title and of the reporting paragraphs.
    pub words: Vec<PageWord>,
    /// Each sentence, as a range of words; the title comes first.
    pub sentences: Vec<Range<usize>>,
    /// Each paragraph, as a range of words, beside its span; the title comes first where there is one.
    pub paragraphs: Vec<(Span, Range<usize>)>,
    /// Number of words in the title.
    pub title_words: usize,
    /// The terms of all words, one after the other.
    terms: String,
}

impl<'a> Page<'a> {
    /// Lays out a title and reporting paragraphs, all spans of `text`.
    pub fn new(text: &'a str, title: Span, paragraphs: &[Span]) -> Page<'a> {
        let mut page = Page {
            text,
            words: Vec::with_capacity(text.len() / 6),
            sentences: Vec::new(),
            paragraphs: Vec::new(),
            title_words: 0,
            terms: String::with_capacity(text.len()),
        };
        Lexemes::with(|lexemes| page.fill(title, paragraphs, lexemes));
        page
    }

    fn fill(&mut self, title: Span, paragraphs: &[Span], lexemes: &mut Lexemes) {
        if !title.is_empty() {
            self.add_sentence(title, lexemes);
            self.title_words = self.words.len();
            self.paragraphs.push((title, 0..self.title_words));
        }
        let mut sentences = Vec::new();
        for &paragraph in paragraphs {
            let start = self.words.len();
            sentences.clear();
            sentences_of(self.text, paragraph, &mut sentences);
            sentences.iter().for_each(|&sentence| self.add_sentence(sentence, lexemes));
            self.paragraphs.push((paragraph, start..self.words.len()));
        }
    }

    fn add_sentence(&mut self, sentence: Span, lexemes: &mut Lexemes) {
        let start = self.words.len();
        self.add_words(sentence, lexemes);
        // What is remembered of a word is far away in memory; it was sent for when the word was hashed.
        let words = self.words.get_mut(start..).unwrap_or_default();
        for word in &mut *words {
            let Lexeme { known, class, shape } =
                lexemes.get(word.span.of(self.text), word.hash, word.term.of(&self.terms));
            (word.known, word.class, word.shape) = (known, class, shape);
        }
        if !words.is_empty() {
            self.sentences.push(start..self.words.len());
        }
    }

    /// Adds the words of a sentence, without what their letters tell.
    fn add_words(&mut self, sentence: Span, lexemes: &Lexemes) {
        let inside = sentence.of(self.text);
        let mut end = None;
        for token in tokens(inside) {
            let surface = token.span.of(inside);
            let between = |end: usize| inside.get(end..token.span.start as usize).unwrap_or("");
            let gap = end.map_or(Gap::Start, |end| gap_of(between(end)));
            end = Some(token.span.end as usize);
            let term_start = self.terms.len();
            fold_into(surface, &mut self.terms);
            self.words.push(PageWord {
                span: token.span.shifted(sentence.start as usize),
                shape: Shape::Uncased,
                gap,
                class: Class::default(),
                known: None,
                hash: lexemes.hash(surface),
                term: Span::new(term_start, self.terms.len()),
            });
        }
    }

    /// Returns the term of a word of this page.
    pub fn term(&self, word: &PageWord) -> &str {
        word.term.of(&self.terms)
    }

    /// Returns the characters of a word of this page.
    pub fn surface(&self, word: &PageWord) -> &'a str {
        word.span.of(self.text)
    }

    /// Returns the words of a range; none where it lies outside.
    pub fn slice(&self, range: Range<usize>) -> &[PageWord] {
        self.words.get(range).unwrap_or_default()
    }

    /// Returns the span from the first to the last word of a range, with the full stop that closes an abbreviation.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let words = self.slice(range.clone());
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return Span::default() };
        let mut span = Span { start: first.span.start, end: last.span.end };
        let is_abbreviation = self.surface(last).contains('.') && last.is_capital();
        if is_abbreviation && self.text.get(span.end as usize..).is_some_and(|rest| rest.starts_with('.')) {
            span.end += 1;
        }
        span
    }

    /// Appends the key of a range of words: their terms, one space between.
    pub fn key_into(&self, range: Range<usize>, key: &mut String) {
        for (index, word) in self.slice(range).iter().enumerate() {
            if index > 0 {
                key.push(' ');
            }
            key.push_str(self.term(word));
        }
    }

    /// Returns the key of a range of words.
    pub fn key(&self, range: Range<usize>) -> String {
        let mut key = String::new();
        self.key_into(range, &mut key);
        key
    }

    /// Returns the index of the first word at or after a byte.
    pub fn word_at(&self, byte: u32) -> usize {
        self.words.partition_point(|word| word.span.start < byte)
    }
}

fn gap_of(between: &str) -> Gap {
    match between {
        "" | " " | "\n" | "\u{A0}" => Gap::Space,
        "-" | "–" | "\u{2010}" | "\u{2011}" => Gap::Hyphen,
        "'" | "’" | "‘" => Gap::Apostrophe,
        ". " | "." | ".\n" => Gap::Stop,
        " & " | "&" => Gap::Ampersand,
        "/" => Gap::Slash,
        ", " | ",\n" | "., " => Gap::Comma,
        " (" | " [" => Gap::Bracket,
        _ if between.trim().is_empty() => Gap::Space,
        _ => Gap::Break,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_carry_shape_gap_and_sentence() {
        let text = "Talks\n\nBashar al-Assad met the U.S. envoy (AFP). He left.";
        let page = Page::new(text, Span::new(0, 5), &[Span::new(7, text.len())]);
        let gaps: Vec<Gap> = page.words.iter().map(|word| word.gap).collect();
        assert_eq!(gaps[1..5], [Gap::Start, Gap::Space, Gap::Hyphen, Gap::Space]);
        assert_eq!(gaps[8], Gap::Bracket);
        assert_eq!(page.sentences, [0..1, 1..9, 9..11]);
        assert_eq!(page.title_words, 1);
        assert_eq!(page.words[6].shape, Shape::Upper);
        assert_eq!(page.span(&(6..7)).of(text), "U.S.");
        assert_eq!(page.key(1..4), "bashar al assad");
    }
}
