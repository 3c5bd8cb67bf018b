//! Direct speech: what stands in quotation marks, at least four words long.

use super::page::Page;
use crate::text::{Span, tokens};

/// Fewest words of a quote; fewer are a phrase.
const QUOTE_WORDS_MIN: usize = 4;

/// Words in quotation marks, inside one paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quoted {
    /// The words inside the marks.
    pub span: Span,
    /// The paragraph they stand in.
    pub paragraph: usize,
    /// Whether the paragraph ends before the closing mark.
    pub is_open: bool,
    /// Whether the quote before it was left open and this one, at the start of its paragraph, goes on.
    pub continues: bool,
}

/// Returns the quotes of a page, in order.
pub fn find(page: &Page<'_>) -> Vec<Quoted> {
    let mut found = Vec::new();
    let mut was_open = false;
    for (index, (paragraph, _)) in page.paragraphs.iter().enumerate() {
        let mut last_open = false;
        for (span, is_open) in marked(paragraph.of(page.text)) {
            let starts = span.start as usize <= MARK_BYTES_MAX;
            let span = span.shifted(paragraph.start as usize);
            last_open = is_open;
            if tokens(span.of(page.text)).take(QUOTE_WORDS_MIN).count() == QUOTE_WORDS_MIN {
                found.push(Quoted { span, paragraph: index, is_open, continues: was_open && starts });
            }
        }
        was_open = last_open;
    }
    found
}

/// Longest quotation mark, in bytes.
const MARK_BYTES_MAX: usize = 3;

/// Returns what stands between marks in one paragraph, and whether the closing mark is missing.
fn marked(text: &str) -> Vec<(Span, bool)> {
    let mut found = Vec::new();
    let mut open: Option<(char, usize)> = None;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        match open {
            None if is_opening(c) => open = Some((c, end)),
            Some((mark, start)) if closes(mark, c) => {
                found.push((Span::new(start, at), false));
                open = None;
            }
            // A new opening mark: the one before was never closed.
            Some((mark, start)) if c == mark && c != '"' => {
                found.push((Span::new(start, at), true));
                open = Some((c, end));
            }
            _ => {}
        }
    }
    if let Some((_, start)) = open {
        found.push((Span::new(start, text.len()), true));
    }
    found
}

fn is_opening(c: char) -> bool {
    matches!(c, '"' | '“' | '„' | '«' | '「')
}

fn closes(open: char, c: char) -> bool {
    match open {
        '"' => matches!(c, '"' | '”'),
        '“' => matches!(c, '”' | '"'),
        '„' => matches!(c, '“' | '”' | '"'),
        '«' => c == '»',
        _ => c == '」',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotes(text: &str) -> Vec<(String, bool)> {
        let paragraphs = crate::text::paragraphs(text);
        let page = Page::new(text, Span::default(), &paragraphs);
        find(&page).iter().map(|quote| (quote.span.of(text).to_owned(), quote.continues)).collect()
    }

    #[test]
    fn four_words_in_marks_are_a_quote() {
        let text = "\"We will not go,\" he said of the \"deep state\". “They never will, ever.”";
        assert_eq!(
            quotes(text),
            [("We will not go,".into(), false), ("They never will, ever.".into(), false)]
        );
    }

    #[test]
    fn an_open_quote_goes_on_in_the_next_paragraph() {
        let text = "He said: \"We will not go.\n\n\"We will stay right here,\" he said.\n\n\"That was all he said,\" she said.";
        let all: Vec<bool> = quotes(text).into_iter().map(|(_, continues)| continues).collect();
        assert_eq!(all, [false, true, false]);
    }

    #[test]
    fn a_million_marks_are_read_in_linear_time() {
        let marks = "\"".repeat(1_000_000);
        assert_eq!(quotes(&marks), []);
        assert!(marked(&"“".repeat(100_000)).len() == 100_000);
    }
}
