//! Tokens: the words of a text.
//!
//! Unicode words (UAX 29), split at apostrophes and full stops except between digits and in single-letter
//! abbreviations; a trailing possessive `'s` is dropped. `al-Qaeda` is two tokens, `U.S.` is one, `3.14` and `350,000`
//! are one.
//!
//! Text is read in *chunks*: runs without a character that always ends a word, such as a space or a dash. A chunk of
//! Latin and Cyrillic letters, digits and common marks is split by a small byte machine; any other chunk goes through
//! the full rules. Both give the same words.
#![allow(clippy::indexing_slicing)] // Byte by byte over the whole archive; every index is bounded by the loop above it.

use unicode_segmentation::{UnicodeSegmentation, UnicodeWordIndices};

use super::Span;
use super::fold::{fold, is_dropped};

/// Longest joiner worth telling apart, in bytes; longer runs of punctuation count as no joiner.
const JOINER_BYTES_MAX: usize = 16;

/// A word of a text, as found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Token {
    /// Where it stands, without a trailing possessive `'s`.
    pub span: Span,
}

/// Returns the tokens of a text, in order.
///
/// # Examples
///
/// ```
/// use dateline::text::tokens;
///
/// let text = "Iran's U.S.-led al-Qaeda 350,000";
/// let words: Vec<&str> = tokens(text).map(|token| token.span.of(text)).collect();
/// assert_eq!(words, ["Iran", "U.S", "led", "al", "Qaeda", "350,000"]);
/// ```
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, next: 0, chunk_end: 0, complex: None, pieces: Pieces::default() }
}

/// Returns the characters between two neighbouring tokens where no white space is among them, else nothing.
///
/// Runs longer than 16 bytes count as nothing.
pub fn joiner(text: &str, left: Token, right: Token) -> &str {
    let between = text.get(left.span.end as usize..right.span.start as usize).unwrap_or("");
    let joins = between.len() <= JOINER_BYTES_MAX && !between.contains(char::is_whitespace);
    if joins { between } else { "" }
}

/// An iterator over the tokens of a text.
#[derive(Debug)]
pub struct Tokens<'a> {
    text: &'a str,
    /// First byte not yet read.
    next: usize,
    /// End of the simple chunk being read; at or before `next` between chunks.
    chunk_end: usize,
    /// Words of a chunk that needs the full rules, with the chunk's start.
    complex: Option<(usize, UnicodeWordIndices<'a>)>,
    /// What is left of a word with apostrophes or full stops inside.
    pieces: Pieces,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        loop {
            if let Some(piece) = self.pieces.next(self.text) {
                return Some(Token { span: piece });
            }
            let word = self.next_word()?;
            if !word.has_marks {
                if is_detached_possessive(self.text, word.span) {
                    continue;
                }
                return Some(Token { span: word.span });
            }
            self.pieces = Pieces::of(self.text, word.span);
        }
    }
}

/// A Unicode word.
struct UnicodeWord {
    span: Span,
    /// Whether it may hold apostrophes, full stops or characters that fold to nothing.
    has_marks: bool,
}

impl Tokens<'_> {
    fn next_word(&mut self) -> Option<UnicodeWord> {
        loop {
            if let Some((start, words)) = &mut self.complex {
                if let Some((offset, word)) = words.next() {
                    let from = *start + offset;
                    return Some(UnicodeWord { span: Span::new(from, from + word.len()), has_marks: true });
                }
                self.complex = None;
            }
            if self.next < self.chunk_end {
                if let Some(word) = self.next_simple_word() {
                    return Some(word);
                }
                self.next = self.chunk_end;
            }
            self.next_chunk()?;
        }
    }

    /// Finds the next chunk and decides which rules it needs; `None` at the end of the text.
    fn next_chunk(&mut self) -> Option<()> {
        let bytes = self.text.as_bytes();
        let mut at = self.next;
        while at < bytes.len() {
            match ending_bytes(bytes, at) {
                0 => break,
                len => at += len,
            }
        }
        if at >= bytes.len() {
            return None;
        }
        let start = at;
        let mut simple = true;
        while at < bytes.len() && ending_bytes(bytes, at) == 0 {
            let len = simple_bytes(bytes, at);
            simple &= len > 0;
            at += len.max(1);
        }
        (self.next, self.chunk_end) = (start, at);
        if !simple {
            let words = self.text.get(start..at).unwrap_or("").unicode_word_indices();
            self.complex = Some((start, words));
            self.next = at;
        }
        Some(())
    }

    /// Reads one word of a simple chunk, as UAX 29 delimits it.
    fn next_simple_word(&mut self) -> Option<UnicodeWord> {
        let bytes = &self.text.as_bytes()[..self.chunk_end];
        let mut at = self.next;
        loop {
            while at < bytes.len() && !is_word_byte(bytes, at) {
                at += mark_bytes(bytes, at);
            }
            if at >= bytes.len() {
                return None;
            }
            let start = at;
            let mut has_marks = false;
            let mut only_underscores = true;
            loop {
                while at < bytes.len() && is_word_byte(bytes, at) {
                    only_underscores &= bytes[at] == b'_';
                    at += 1;
                }
                match inner_mark(bytes, at) {
                    0 => break,
                    len => at += len,
                }
                has_marks = true;
            }
            if !only_underscores {
                self.next = at;
                return Some(UnicodeWord { span: Span::new(start, at), has_marks });
            }
        }
    }
}

/// Kinds of bytes at the start of a character.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    /// Always ends a word.
    Ending,
    /// Letter, digit or underscore.
    Word,
    /// May stand inside a word, depending on its neighbours.
    Mark,
    /// First or later byte of a longer character.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Ending; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => Class::Word,
            b'.' | b'\'' | b':' | b',' | b';' | b'"' => Class::Mark,
            0x80.. => Class::Wide,
            _ => Class::Ending,
        };
        byte += 1;
    }
    classes
};

/// Returns the length of a character that ends every word before it, or 0 where the character is no such one.
fn ending_bytes(bytes: &[u8], at: usize) -> usize {
    match CLASSES[bytes[at] as usize] {
        Class::Ending => 1,
        // Dashes, double quotation marks, daggers, bullets, ellipsis; no-break space.
        Class::Wide => match &bytes[at..] {
            [0xE2, 0x80, 0x90..=0x97 | 0x9C..=0xA3 | 0xA5 | 0xA6, ..] => 3,
            [0xC2, 0xA0, ..] => 2,
            _ => 0,
        },
        _ => 0,
    }
}

/// Returns the length of a character that the byte machine knows, or 0 where the chunk needs the full rules.
fn simple_bytes(bytes: &[u8], at: usize) -> usize {
    match CLASSES[bytes[at] as usize] {
        Class::Wide if is_letter(bytes, at) => 2,
        Class::Wide => apostrophe_bytes(bytes, at),
        _ => 1,
    }
}

/// Tells whether a two-byte letter starts here: Latin beyond ASCII, or Cyrillic.
fn is_letter(bytes: &[u8], at: usize) -> bool {
    match bytes[at] {
        0xC3 => !matches!(bytes.get(at + 1), Some(0x97 | 0xB7)),
        0xC4..=0xC9 | 0xD0 | 0xD1 => true,
        _ => false,
    }
}

/// Tells whether the byte belongs to a letter, digit or underscore of a simple chunk.
fn is_word_byte(bytes: &[u8], at: usize) -> bool {
    match CLASSES[bytes[at] as usize] {
        Class::Word => true,
        Class::Wide => apostrophe_bytes(bytes, at) == 0,
        _ => false,
    }
}

/// Returns the length of the mark that a simple chunk has here.
fn mark_bytes(bytes: &[u8], at: usize) -> usize {
    apostrophe_bytes(bytes, at).max(1)
}

/// Returns the length of a curly apostrophe, or 0.
fn apostrophe_bytes(bytes: &[u8], at: usize) -> usize {
    if matches!(bytes[at..], [0xE2, 0x80, 0x98 | 0x99, ..]) { 3 } else { 0 }
}

/// Returns the length of a mark that joins the characters on both sides to one word (rules WB6, 7, 11, 12), or 0.
fn inner_mark(bytes: &[u8], at: usize) -> usize {
    if at >= bytes.len() || at == 0 {
        return 0;
    }
    let len = mark_bytes(bytes, at);
    let Some(&after) = bytes.get(at + len) else { return 0 };
    if !is_word_byte(bytes, at + len) {
        return 0;
    }
    let letter = |byte: u8| byte.is_ascii_alphabetic() || !byte.is_ascii();
    let before = bytes[at - 1];
    let joins = if letter(before) && letter(after) {
        matches!(bytes[at], b'.' | b'\'' | b':' | 0xE2)
    } else {
        let digits = before.is_ascii_digit() && after.is_ascii_digit();
        digits && matches!(bytes[at], b'.' | b'\'' | b',' | b';' | 0xE2)
    };
    if joins { len } else { 0 }
}

/// What is left of a Unicode word that is split at apostrophes and full stops.
#[derive(Debug, Clone, Copy, Default)]
struct Pieces {
    rest: Span,
    /// `U.S` stays whole.
    is_abbreviation: bool,
    /// Whether an apostrophe stands before `rest`.
    after_apostrophe: bool,
}

impl Pieces {
    fn of(text: &str, word: Span) -> Pieces {
        let is_abbreviation = is_abbreviation(word.of(text));
        Pieces { rest: word, is_abbreviation, after_apostrophe: false }
    }

    fn next(&mut self, text: &str) -> Option<Span> {
        while !self.rest.is_empty() {
            let rest = self.rest.of(text);
            let cut = if self.is_abbreviation { None } else { find_cut(rest) };
            let (piece_len, mark) = cut.unwrap_or((rest.len(), '\0'));
            let start = self.rest.start as usize;
            let piece = Span::new(start, start + piece_len);
            let was_after_apostrophe = self.after_apostrophe;
            self.rest.start = piece.end + mark.len_utf8().min(rest.len() - piece_len) as u32;
            self.after_apostrophe = is_apostrophe(mark);
            let possessive = self.rest.is_empty() && was_after_apostrophe && is_s(piece.of(text));
            if !possessive && piece.of(text).contains(is_wordly) && !is_detached_possessive(text, piece) {
                return Some(piece);
            }
        }
        None
    }
}

/// Finds the first apostrophe or full stop that is not between digits.
fn find_cut(word: &str) -> Option<(usize, char)> {
    word.char_indices().find(|&(at, c)| {
        let between_digits = || {
            let before = word[..at].chars().next_back().is_some_and(char::is_numeric);
            before && word[at + c.len_utf8()..].chars().next().is_some_and(char::is_numeric)
        };
        (is_apostrophe(c) || is_full_stop(c)) && !between_digits()
    })
}

/// Tells whether the word is single letters with full stops between, as `U.S`.
fn is_abbreviation(word: &str) -> bool {
    let is_single = |part: &str| {
        let folded = fold(part);
        let mut letters = folded.chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    };
    word.contains(is_full_stop) && word.split(is_full_stop).all(is_single)
}

/// Tells whether the word is the `s` of `1990's` or `U.S.'s`, which UAX 29 sets apart.
fn is_detached_possessive(text: &str, word: Span) -> bool {
    if word.len() != 1 || !is_s(word.of(text)) {
        return false;
    }
    let mut before = text[..word.start as usize].chars().rev();
    before.next().is_some_and(is_apostrophe)
        && before.next().is_some_and(|c| c.is_alphanumeric() || is_full_stop(c))
}

fn is_s(word: &str) -> bool {
    word.eq_ignore_ascii_case("s")
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{2BC}' | '\u{FF07}')
}

fn is_full_stop(c: char) -> bool {
    matches!(c, '.' | '\u{2024}' | '\u{FE52}' | '\u{FF0E}')
}

/// Tells whether a character makes a word: a letter or digit that folding keeps.
fn is_wordly(c: char) -> bool {
    // Arabic vowels on their own or on a tatweel are letters to Unicode and nothing to folding.
    let lone_vowel = matches!(c, '\u{FC5E}'..='\u{FC63}' | '\u{FCF2}'..='\u{FCF4}' | '\u{FE70}'..='\u{FE7F}');
    c.is_alphanumeric() && !unicode_normalization::char::is_combining_mark(c) && !is_dropped(c) && !lone_vowel
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold::fold_word;
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|token| token.span.of(text)).collect()
    }

    #[test]
    fn words_are_split_as_the_language_says() {
        for (text, expected) in [
            ("al-Qaeda", vec!["al", "Qaeda"]),
            ("the U.S. said", vec!["the", "U.S", "said"]),
            ("U.S.-led", vec!["U.S", "led"]),
            ("the U.S.'s role", vec!["the", "U.S", "role"]),
            ("J.K.Rowling", vec!["J", "K", "Rowling"]),
            ("3.14 and 350,000", vec!["3.14", "and", "350,000"]),
            ("end.Start", vec!["end", "Start"]),
            ("Iran's and Iran’s", vec!["Iran", "and", "Iran"]),
            ("the 1990's", vec!["the", "1990"]),
            ("o'clock don’t d'Ivoire", vec!["o", "clock", "don", "t", "d", "Ivoire"]),
            ("'s-Hertogenbosch", vec!["s", "Hertogenbosch"]),
            ("rebels' own", vec!["rebels", "own"]),
            ("“Słońce”—już… świeci", vec!["Słońce", "już", "świeci"]),
            ("Cafe\u{301}s", vec!["Cafe\u{301}s"]),
            ("مُحَمَّد قال", vec!["مُحَمَّد", "قال"]),
            ("東京", vec!["東", "京"]),
            ("__ _a_ !!", vec!["_a_"]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn joiners_hold_no_white_space() {
        let text = "al-Qaeda, U.S.-led Iran's war";
        let all: Vec<Token> = tokens(text).collect();
        let joiners: Vec<&str> = all.windows(2).map(|pair| joiner(text, pair[0], pair[1])).collect();
        assert_eq!(joiners, ["-", "", ".-", "", ""]);
    }

    #[test]
    fn every_token_of_one_character_has_a_term() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert!(tokens(&text).all(|token| !fold_word(token.span.of(&text)).is_empty()), "{c:?}");
        }
    }

    /// The rules of the module, told by the library alone and chunk by chunk.
    fn reference(text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        for (start, word) in text.unicode_word_indices() {
            let mut pieces = Pieces::of(text, Span::new(start, start + word.len()));
            found.extend(std::iter::from_fn(|| pieces.next(text)));
        }
        found
    }

    proptest! {
        #[test]
        fn the_byte_machine_agrees_with_the_library(text in "[ab1_.,;:'’‘“”—\" éłЖ×\\-]{0,24}") {
            let fast: Vec<Span> = tokens(&text).map(|token| token.span).collect();
            prop_assert_eq!(fast, reference(&text));
        }

        #[test]
        fn chunks_do_not_change_words(text in "[a1 '.\u{200D}\u{301}\u{5D0}\"ァカ東\u{1F1E6}]{0,16}") {
            let fast: Vec<Span> = tokens(&text).map(|token| token.span).collect();
            prop_assert_eq!(fast, reference(&text));
        }

        #[test]
        fn tokens_lie_in_order_on_characters(text in any::<String>()) {
            let mut end = 0;
            for token in tokens(&text) {
                prop_assert!(token.span.start >= end && !token.span.of(&text).is_empty());
                end = token.span.end;
            }
        }

        #[test]
        fn folding_commutes_with_tokens_of_plain_text(text in "[A-Za-z0-9 .,'’ÀÉøŁÄß-]{0,40}") {
            let folded = fold(&text);
            let before: Vec<String> = tokens(&text).map(|token| fold_word(token.span.of(&text)).into_owned()).collect();
            let after: Vec<&str> = tokens(&folded).map(|token| token.span.of(&folded)).collect();
            prop_assert_eq!(before, after);
        }
    }
}
