//! The words of an article with their positions.

use super::fold::{TERM_BYTES_MAX, char_floor, fold_into};
use super::sentence::sentences_of;
use super::token::{Token, joiner, tokens};
use super::{Span, paragraphs};

/// Positions left free between the last word of the title and the first of the body, so that no phrase crosses.
pub const TITLE_POSITIONS_GAP: u32 = 100;

/// One word of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// Its number: title words from 0, then [`TITLE_POSITIONS_GAP`], then body words.
    pub position: u32,
    /// Where it stands in `Article::text()`.
    pub span: Span,
    /// What joins it to the next word, in `Article::text()`; empty where white space stands between.
    pub joiner: Span,
    /// Where its term stands in [`Analysis::terms`].
    term: Span,
}

/// The words of an article, and where its sentences and paragraphs start.
///
/// Positions of a title's words come first; the title is a sentence and a paragraph of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Analysis {
    /// Words of title and body, by position.
    pub words: Vec<Word>,
    /// Number of words in the title.
    pub title_words: u32,
    /// Number of words in the body.
    pub body_words: u32,
    /// Position past the last word of the lede: the title and the first reporting paragraph.
    pub lede_words: u32,
    /// Position of the first word of each sentence that has one, rising.
    pub sentence_starts: Vec<u32>,
    /// Position of the first word of each paragraph that has one, rising.
    pub paragraph_starts: Vec<u32>,
    /// The terms of all words, one after the other: one allocation an article instead of one a word.
    terms: String,
}

impl Analysis {
    /// Returns the term of a word of this analysis: folded, and cut to `TERM_BYTES_MAX`.
    pub fn term(&self, word: &Word) -> &str {
        word.term.of(&self.terms)
    }

    /// Returns the position of the body's first word.
    pub fn body_start(&self) -> u32 {
        self.title_words + TITLE_POSITIONS_GAP
    }
}

/// Numbers the words of an article.
///
/// `body_offset` is where the body starts in `Article::text()`, and all spans count from there; `lede` is the first
/// reporting paragraph, where one was found.
///
/// # Examples
///
/// ```
/// use dateline::text::{TITLE_POSITIONS_GAP, analyse};
///
/// let analysis = analyse("Talks in Idlib", "They met. They left.", 16, None);
/// let last = analysis.words.last().expect("the body has words");
/// assert_eq!((last.position, analysis.term(last)), (3 + TITLE_POSITIONS_GAP + 3, "left"));
/// assert_eq!(analysis.sentence_starts, [0, 103, 105]);
/// ```
pub fn analyse(title: &str, body: &str, body_offset: u32, lede: Option<Span>) -> Analysis {
    let mut analysis =
        Analysis { terms: String::with_capacity(title.len() + body.len()), ..Analysis::default() };
    add_words(&mut analysis, title, 0, 0);
    analysis.title_words = count(analysis.words.len());
    if analysis.title_words > 0 {
        analysis.sentence_starts.push(0);
        analysis.paragraph_starts.push(0);
    }
    let body_start = analysis.body_start();
    add_words(&mut analysis, body, body_offset, body_start);
    analysis.body_words = count(analysis.words.len()) - analysis.title_words;
    add_starts(&mut analysis, body, body_offset);
    analysis.lede_words = lede_end(&analysis, lede);
    analysis
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn add_words(analysis: &mut Analysis, text: &str, offset: u32, first_position: u32) {
    let mut previous: Option<Token> = None;
    for (token, position) in tokens(text).zip(first_position..) {
        if let (Some(left), Some(word)) = (previous, analysis.words.last_mut()) {
            let between = joiner(text, left, token);
            word.joiner.end = word.joiner.start + count(between.len());
        }
        let term = add_term(&mut analysis.terms, token.span.of(text));
        let span = token.span.shifted(offset as usize);
        let joiner = Span { start: span.end, end: span.end };
        analysis.words.push(Word { position, span, joiner, term });
        previous = Some(token);
    }
}

/// Appends the term of a word, without allocating for each.
fn add_term(terms: &mut String, word: &str) -> Span {
    let start = terms.len();
    fold_into(word, terms);
    if terms.len() - start > TERM_BYTES_MAX {
        terms.truncate(char_floor(terms, start + TERM_BYTES_MAX));
    }
    Span::new(start, terms.len())
}

/// Finds the first word of each sentence and paragraph of the body.
fn add_starts(analysis: &mut Analysis, body: &str, offset: u32) {
    let body_words = analysis.words.get(analysis.title_words as usize..).unwrap_or_default();
    let mut starts = Starts { words: body_words, next: 0, offset };
    let mut sentences = Vec::new();
    for paragraph in paragraphs(body) {
        sentences.clear();
        sentences_of(body, paragraph, &mut sentences);
        let positions = sentences.iter().filter_map(|&sentence| starts.first_within(sentence));
        let before = analysis.sentence_starts.len();
        analysis.sentence_starts.extend(positions);
        analysis.paragraph_starts.extend(analysis.sentence_starts.get(before));
    }
}

/// Walks words and spans of the body side by side.
struct Starts<'a> {
    words: &'a [Word],
    next: usize,
    offset: u32,
}

impl Starts<'_> {
    fn first_within(&mut self, span: Span) -> Option<u32> {
        let span = span.shifted(self.offset as usize);
        let rest = self.words.get(self.next..)?;
        self.next += rest.iter().take_while(|word| word.span.start < span.start).count();
        self.words.get(self.next).filter(|word| word.span.start < span.end).map(|word| word.position)
    }
}

fn lede_end(analysis: &Analysis, lede: Option<Span>) -> u32 {
    let Some(lede) = lede else { return analysis.title_words };
    let inside = analysis.words.partition_point(|word| word.span.start < lede.end);
    let last = inside.checked_sub(1).and_then(|index| analysis.words.get(index));
    last.map_or(0, |word| word.position + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn positions_count_title_gap_and_body() {
        let (title, body) = ("Iran's Zarif", "Al-Qaeda left. He stayed.\n\nThey met.");
        let text = format!("{title}\n\n{body}");
        let lede = Span::new(14, 39);
        let analysis = analyse(title, body, 14, Some(lede));
        let terms: Vec<&str> = analysis.words.iter().map(|word| analysis.term(word)).collect();
        assert_eq!(terms, ["iran", "zarif", "al", "qaeda", "left", "he", "stayed", "they", "met"]);
        let positions: Vec<u32> = analysis.words.iter().map(|word| word.position).collect();
        assert_eq!(positions, [0, 1, 102, 103, 104, 105, 106, 107, 108]);
        assert_eq!((analysis.title_words, analysis.body_words, analysis.lede_words), (2, 7, 107));
        assert_eq!(analysis.sentence_starts, [0, 102, 105, 107]);
        assert_eq!(analysis.paragraph_starts, [0, 102, 107]);
        assert_eq!(analysis.words[2].joiner.of(&text), "-");
        assert!(analysis.words[3].joiner.is_empty());
        assert!(analysis.words.iter().all(|word| !word.span.of(&text).is_empty()));
    }

    #[test]
    fn texts_without_words_have_no_sentences() {
        let analysis = analyse("", "!!\n\n...", 0, None);
        assert_eq!(analysis.words, []);
        assert_eq!((analysis.sentence_starts.len(), analysis.lede_words), (0, 0));
    }

    #[test]
    fn a_long_line_is_analysed_in_linear_time() {
        for piece in ["\"", ".", "\" .", "a.", "'s", "東", "é\u{301}"] {
            let body = piece.repeat(1_000_000 / piece.len());
            let analysis = analyse("", &body, 0, None);
            assert!(analysis.sentence_starts.len() <= analysis.words.len());
        }
    }

    proptest! {
        #[test]
        fn starts_rise_and_name_words(title in "\\PC{0,10}", body in any::<String>()) {
            let analysis = analyse(&title, &body, 50, None);
            for starts in [&analysis.sentence_starts, &analysis.paragraph_starts] {
                prop_assert!(starts.windows(2).all(|pair| pair[0] < pair[1]));
                prop_assert!(starts.iter().all(|&start| analysis.words.iter().any(|word| word.position == start)));
            }
            prop_assert!(analysis.words.windows(2).all(|pair| pair[0].position < pair[1].position));
        }
    }
}
