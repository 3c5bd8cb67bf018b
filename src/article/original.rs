//! An article beside the text that it was read from.

use super::Article;
use crate::text::Span;

/// Longest first line, in bytes, that still is a title; a longer one is a paragraph.
const TITLE_BYTES_MAX: usize = 500;

/// Longest first line that may be a title although a full stop ends it, in bytes.
const SENTENCE_BYTES_MAX: usize = 150;

/// An article with the places of its title and body in the text that it was read from.
///
/// Spans of an extraction are offsets into [`Article::text`]; [`Original::span`] moves them into the original text.
///
/// # Examples
///
/// ```
/// use dateline::article::Original;
/// use dateline::text::Span;
///
/// let text = "\nTalks fail\n\n\nThey left.\n";
/// let original = Original::of_text(text);
/// assert_eq!(original.article.title.as_deref(), Some("Talks fail"));
/// let body = original.article.body_span();
/// assert_eq!(original.span(body).of(text), "They left.\n");
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Original {
    /// The article, ready for extraction.
    pub article: Article,
    /// The headline, which may stand apart from the text; the article then has none.
    pub title: Option<String>,
    /// Where the title starts in the original text.
    title_start: usize,
    /// Where the body starts in the original text.
    body_start: usize,
}

impl Original {
    /// Takes a whole text for an article: its first line is the title, unless it reads like a paragraph or a dateline.
    pub fn of_text(text: &str) -> Original {
        let title = first_line(text).filter(|(title, rest)| is_title(title) && !rest.trim().is_empty());
        let Some((title, rest)) = title else { return Original::untitled(text) };
        let body = rest.trim_start_matches(['\r', '\n']);
        Original {
            title: Some(title.to_owned()),
            title_start: text.len() - text.trim_start().len(),
            body_start: text.len() - body.len(),
            article: Article { title: Some(title.to_owned()), body: body.to_owned(), ..Article::default() },
        }
    }

    /// Takes a text with its title told apart; a title that does not open the text is kept beside it.
    pub fn of_titled_text(title: &str, text: &str) -> Original {
        let opens = first_line(text).is_some_and(|(line, _)| line == title.trim());
        let original = if opens { Original::of_text(text) } else { Original::untitled(text) };
        if original.article.title.is_some() {
            return original;
        }
        Original { title: Some(title.trim().to_owned()), ..original }
    }

    /// Takes title and body as they are, where no one text holds both.
    pub fn of_article(article: Article) -> Original {
        let body_start = article.body_span().start as usize;
        Original { title: article.title.clone(), title_start: 0, body_start, article }
    }

    /// Takes an article for a part of `text`, in which title and body stand word for word; elsewhere as
    /// [`Original::of_article`] does.
    pub fn within(text: &str, article: Article) -> Original {
        let title = article.title.as_deref().unwrap_or("");
        let title_start = text.find(title);
        let after = title_start.map_or(0, |start| start + title.len());
        let body_start =
            text.get(after..).and_then(|rest| rest.find(&article.body)).map(|start| after + start);
        match title_start.zip(body_start) {
            Some((title_start, body_start)) => {
                Original { title: article.title.clone(), title_start, body_start, article }
            }
            None => Original::of_article(article),
        }
    }

    fn untitled(text: &str) -> Original {
        Original { article: Article { body: text.to_owned(), ..Article::default() }, ..Original::default() }
    }

    /// Returns the place in the original text of a span of [`Article::text`].
    pub fn span(&self, span: Span) -> Span {
        let body = self.article.body_span().start;
        if span.start < body {
            return span.shifted(self.title_start);
        }
        let into_body = Span { start: span.start - body, end: span.end.saturating_sub(body) };
        into_body.shifted(self.body_start)
    }
}

/// Returns the first line that is not blank, trimmed, and what follows it.
fn first_line(text: &str) -> Option<(&str, &str)> {
    let (line, rest) = text.trim_start().split_once('\n')?;
    Some((line.trim_end(), rest))
}

/// Tells whether a first line reads like a title rather than a paragraph or a dateline.
fn is_title(line: &str) -> bool {
    let is_sentence = line.len() > SENTENCE_BYTES_MAX && line.ends_with(['.', '"', '”']);
    let is_dateline = line.ends_with(['-', '–', '—', '_']);
    line.len() <= TITLE_BYTES_MAX && !is_sentence && !is_dateline
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_line_is_the_title_unless_it_reads_otherwise() {
        let long = format!("{} end.\nMore.", "word ".repeat(40));
        for (text, title) in [
            ("Talks\n\nThey met.", Some("Talks")),
            ("  Talks \r\n\r\nThey met.", Some("Talks")),
            ("They met in Paris.", None),
            ("Talks\n\n", None),
            ("\n\nNAIROBI, Kenya (AP) _\n\nBombs exploded.", None),
            (&long, None),
            ("", None),
        ] {
            let original = Original::of_text(text);
            assert_eq!(original.article.title.as_deref(), title, "{text:?}");
            assert_eq!(original.title, original.article.title);
        }
    }

    #[test]
    fn a_title_apart_from_the_text_is_kept_and_not_laid_out() {
        let text = "They met in Paris.\n\nThey left.";
        let original = Original::of_titled_text("Talks", text);
        assert_eq!((original.title.as_deref(), original.article.title), (Some("Talks"), None));
        let original = Original::of_titled_text("Talks", "Talks\n\nThey met.");
        assert_eq!(original.article.title.as_deref(), Some("Talks"));
    }

    #[test]
    fn parts_are_found_in_the_text_around_them() {
        let text = "Title: Talks\nDate: 3 Sept 2018\n\nThey met.\n";
        let article = Article { title: Some("Talks".into()), body: "They met.".into(), ..Article::default() };
        let original = Original::within(text, article.clone());
        assert_eq!(original.span(Span::new(0, 5)).of(text), "Talks");
        assert_eq!(original.span(article.body_span()).of(text), "They met.");
        let apart = Original::within("elsewhere", article.clone());
        assert_eq!(apart.span(article.body_span()), article.body_span());
    }

    proptest! {
        #[test]
        fn spans_name_the_same_words_in_both_texts(text in "[ \r\nA-Cé.-]{0,40}") {
            let original = Original::of_text(&text);
            let laid_out = original.article.text().into_owned();
            for span in [original.article.title_span(), original.article.body_span()] {
                prop_assert_eq!(original.span(span).of(&text), span.of(&laid_out));
            }
        }
    }
}
