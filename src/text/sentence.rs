//! Paragraphs and sentences.

use super::Span;
use super::fold::char_floor;

/// Longest line of a hard-wrapped text, in bytes; in a text with a longer one each line is a paragraph.
const WRAPPED_LINE_BYTES_MAX: usize = 100;

/// Longest word that may be an abbreviation before a full stop, in bytes.
const ABBREVIATION_BYTES_MAX: usize = 6;

/// Returns the paragraphs of a text, trimmed, in order.
///
/// Blank lines and indented lines part paragraphs. Where some line is longer than wrapping makes them, every line is a
/// paragraph.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let wrapped = text.lines().all(|line| line.len() <= WRAPPED_LINE_BYTES_MAX);
    let mut found = Vec::new();
    let mut current: Option<Paragraph> = None;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let span = trimmed(text, Span::new(start, start + line.len()));
        start += line.len();
        let continues =
            wrapped && !span.is_empty() && current.is_some_and(|last| !last.ends_before(line, text));
        match &mut current {
            Some(last) if continues => last.extend(span, line),
            _ => {
                found.extend(current.take().map(|last| last.span));
                current = (!span.is_empty()).then(|| Paragraph { span, indented: is_indented(line) });
            }
        }
    }
    found.extend(current.map(|last| last.span));
    found
}

/// A paragraph being collected.
#[derive(Clone, Copy)]
struct Paragraph {
    span: Span,
    /// Whether its last line was indented.
    indented: bool,
}

impl Paragraph {
    fn extend(&mut self, line_span: Span, line: &str) {
        self.span.end = line_span.end;
        self.indented = is_indented(line);
    }

    /// Tells whether the indentation of the next line starts a paragraph.
    fn ends_before(self, line: &str, text: &str) -> bool {
        let closed = self.span.of(text).ends_with(['.', '!', '?', ':', '"', '”', '\'']);
        is_indented(line) && (!self.indented || closed)
    }
}

fn is_indented(line: &str) -> bool {
    line.starts_with("  ") || line.starts_with('\t')
}

/// Returns the span without white space at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let inside = span.of(text);
    let start = span.start as usize + (inside.len() - inside.trim_start().len());
    Span::new(start, start + inside.trim().len())
}

/// Returns the sentences of a text, trimmed, in order; none crosses a paragraph.
///
/// # Examples
///
/// ```
/// use dateline::text::sentences;
///
/// let text = "Gen. Smith met the U.S. envoy. \"Enough,\" he said.";
/// let found: Vec<&str> = sentences(text).iter().map(|span| span.of(text)).collect();
/// assert_eq!(found, ["Gen. Smith met the U.S. envoy.", "\"Enough,\" he said."]);
/// ```
pub fn sentences(text: &str) -> Vec<Span> {
    let mut found = Vec::new();
    for paragraph in paragraphs(text) {
        sentences_of(text, paragraph, &mut found);
    }
    found
}

/// Appends the sentences of one paragraph.
pub(crate) fn sentences_of(text: &str, paragraph: Span, found: &mut Vec<Span>) {
    let inside = paragraph.of(text);
    let mut start = 0;
    let mut chars = inside.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_terminator(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        let mut lone_stop = c == '.';
        while let Some((next, closing)) = chars.next_if(|&(_, c)| is_terminator(c) || is_closing(c)) {
            lone_stop = false;
            end = next + closing.len_utf8();
        }
        let (before, after) = (inside.get(start..at).unwrap_or(""), inside.get(end..).unwrap_or(""));
        if ends_sentence(c, lone_stop, before, after) {
            found.push(trimmed(text, Span::new(start, end).shifted(paragraph.start as usize)));
            start = end;
        }
    }
    let last = trimmed(text, Span::new(start, inside.len()).shifted(paragraph.start as usize));
    found.extend((!last.is_empty()).then_some(last));
}

fn is_terminator(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '｡' | '؟' | '۔' | '।' | '॥')
}

fn is_closing(c: char) -> bool {
    matches!(c, '"' | '”' | '\'' | '’' | ')' | ']' | '»' | '」' | '』' | '）')
}

/// Decides whether a terminator between `before` and `after` ends the sentence.
fn ends_sentence(terminator: char, lone_stop: bool, before: &str, after: &str) -> bool {
    if matches!(terminator, '。' | '！' | '？' | '｡') {
        return true;
    }
    let mut next = after.chars();
    match next.next() {
        None => return false,
        Some(c) if !c.is_whitespace() => return false,
        Some(_) => {}
    }
    // A sentence starts with anything but a lower-case letter; wide gaps are not searched to their end.
    let Some(first) = next.take(64).find(|c| !c.is_whitespace()) else { return true };
    if first.is_lowercase() {
        return false;
    }
    !lone_stop || !is_abbreviated(before, after)
}

/// Tells whether a full stop belongs to the word before it rather than to the sentence.
fn is_abbreviated(before: &str, after: &str) -> bool {
    let tail_start = char_floor(before, before.len().saturating_sub(ABBREVIATION_BYTES_MAX + 1));
    let tail = before.get(tail_start..).unwrap_or("");
    let word = tail.rsplit(|c: char| !c.is_alphanumeric() && c != '.').next().unwrap_or("");
    if word.len() > ABBREVIATION_BYTES_MAX {
        return false;
    }
    if word.len() == 1 || word.contains('.') {
        return word.starts_with(char::is_alphabetic) && !starts_plainly(after);
    }
    if let Some(digits) = after.trim_start().chars().next().filter(|_| word == "No") {
        return digits.is_ascii_digit();
    }
    ALWAYS_ABBREVIATED.contains(&word) || (OFTEN_ABBREVIATED.contains(&word) && !starts_plainly(after))
}

/// Words that are followed by a name or number when a full stop closes them.
const ALWAYS_ABBREVIATED: [&str; 33] = [
    "Mr", "Mrs", "Ms", "Dr", "Gen", "Sen", "Gov", "Col", "Lt", "Rep", "St", "Sgt", "Capt", "Cmdr", "Maj",
    "Prof", "Rev", "Hon", "Amb", "Adm", "Brig", "Cpl", "Pvt", "Supt", "Messrs", "Mt", "Ft", "vs", "Fr", "Sr",
    "Mme", "Pres", "Det",
];

/// Words that a full stop closes both inside sentences and at their ends.
const OFTEN_ABBREVIATED: [&str; 36] = [
    "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Sep", "Oct", "Nov", "Dec", "Inc", "Corp", "Co",
    "Ltd", "Bros", "Jr", "Calif", "Fla", "Mass", "Mich", "Minn", "Ill", "Pa", "Va", "Ga", "Tenn", "Conn",
    "Ariz", "Colo", "Wash", "etc", "approx", "dept", "Dept",
];

/// Tells whether the text starts with a word that opens sentences and no names.
fn starts_plainly(text: &str) -> bool {
    const OPENERS: [&str; 36] = [
        "The", "A", "An", "In", "On", "At", "It", "He", "She", "They", "We", "I", "You", "But", "And",
        "This", "That", "These", "Those", "There", "His", "Her", "Its", "Their", "If", "When", "While", "As",
        "For", "After", "Some", "Many", "Most", "What", "However", "Both",
    ];
    let start = text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '\'' | '‘'));
    let word = start.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or("");
    OPENERS.contains(&word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(spans: &[Span], text: &str) -> Vec<String> {
        spans.iter().map(|span| span.of(text).to_owned()).collect()
    }

    #[test]
    fn paragraphs_end_at_blank_and_indented_lines() {
        let wrapped = "    One is wrapped\nonto two lines.\n    Two follows.\n    Three.\n\n \nFour.\n";
        assert_eq!(
            texts(&paragraphs(wrapped), wrapped),
            ["One is wrapped\nonto two lines.", "Two follows.", "Three.", "Four."]
        );
    }

    #[test]
    fn long_lines_are_paragraphs() {
        let line = "word ".repeat(30);
        let text = format!("{line}\nShort one.\n{line}");
        assert_eq!(paragraphs(&text).len(), 3);
    }

    #[test]
    fn sentences_end_where_readers_pause() {
        for (text, count) in [
            ("He left. She stayed.", 2),
            ("He met Mr. Smith. Then J. R. Jones came.", 2),
            ("It rose 3.5 percent. Really?! Yes.", 3),
            ("\"We go.\" \"They stay,\" he said.", 2),
            ("The U.S. Senate met. He is from the U.S. The end.", 3),
            ("On Jan. 5 he left Acme Corp. The firm closed.", 2),
            ("Visit example.com now. No. 5 is alive.", 2),
            ("東京です。大阪です。", 2),
            ("no end", 1),
            ("", 0),
        ] {
            assert_eq!(sentences(text).len(), count, "{text}: {:?}", texts(&sentences(text), text));
        }
    }

    proptest! {
        #[test]
        fn spans_are_trimmed_ordered_and_lose_no_word(text in "[A-Za-z.!?\"' \n\t”é。]{0,60}") {
            for spans in [paragraphs(&text), sentences(&text)] {
                let mut end = 0;
                for span in &spans {
                    let inside = span.of(&text);
                    prop_assert!(span.start >= end && !inside.is_empty() && inside.trim() == inside);
                    end = span.end;
                }
                let kept: String = texts(&spans, &text).concat().split_whitespace().collect();
                let all: String = text.split_whitespace().collect();
                prop_assert_eq!(kept, all);
            }
        }

        #[test]
        fn any_text_has_sentences(text in any::<String>()) {
            prop_assert_eq!(sentences(&text).is_empty(), text.trim().is_empty());
        }
    }
}
