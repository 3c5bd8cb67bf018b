//! The parts of a story: date line, byline, dateline, lede, paragraphs, credit.

use super::calendar::whole_date;
use super::credit::{self, byline};
use super::dateline;
use crate::article::{Article, Dateline};
use crate::date::Date;
use crate::text::{Span, fold_value, paragraphs};

/// Paragraphs before the story that may be date line, byline or the title again.
const HEADER_PARAGRAPHS_MAX: usize = 4;

/// Longest paragraph that may repeat the title, in bytes.
const TITLE_BYTES_MAX: u32 = 400;

/// Paragraphs at the end that may be credits.
const CREDIT_PARAGRAPHS_MAX: usize = 3;

/// An article taken apart; all spans lie in `Article::text()`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    /// The paragraphs that report, without dateline and credit.
    pub paragraphs: Vec<Span>,
    /// The dateline that opens the story, or was given.
    pub dateline: Option<Dateline>,
    /// The dateline's place as printed.
    pub dateline_place: Option<Span>,
    /// Month and day that the dateline states.
    pub dateline_day: Option<(i8, i8)>,
    /// Writers named by a byline.
    pub byline: Vec<String>,
    /// Agencies credited, each once.
    pub agencies: Vec<String>,
    /// Publication date that a date line or the dateline states.
    pub date: Option<Date>,
}

impl Layout {
    /// Returns the first reporting paragraph.
    pub fn lede(&self) -> Option<Span> {
        self.paragraphs.first().copied()
    }
}

/// Takes an article apart; `text` is its `Article::text()`.
pub fn lay_out(article: &Article, text: &str) -> Layout {
    let body = article.body_span();
    let shift = |span: Span| span.shifted(body.start as usize);
    let mut layout = Layout {
        paragraphs: paragraphs(&article.body).into_iter().map(shift).collect(),
        ..Layout::default()
    };
    layout.read_header(text, article.title.as_deref());
    layout.read_dateline(text);
    layout.read_credits(text);
    if let Some(given) = article.given.dateline.as_deref().and_then(dateline::given) {
        let span = layout.dateline.as_ref().map(|found| found.span).unwrap_or_default();
        layout.dateline = Some(Dateline { span, ..given });
    }
    layout
}

impl Layout {
    fn read_header(&mut self, text: &str, title: Option<&str>) {
        let title = title.map(fold_value);
        for _ in 0..HEADER_PARAGRAPHS_MAX {
            let Some(&first) = self.paragraphs.first() else { return };
            let words = first.of(text);
            if let Some(date) = whole_date(words) {
                self.date = self.date.or(Some(date));
            } else if let Some(writers) = byline(words) {
                self.byline.extend(writers);
            } else {
                let repeats_title = || title.as_deref() == Some(fold_value(words).as_str());
                if self.read_first_line(first, words) || first.len() > TITLE_BYTES_MAX || !repeats_title() {
                    return;
                }
            }
            self.paragraphs.remove(0);
        }
    }

    /// Reads a byline on the first line of a hard-wrapped paragraph; tells whether there was one.
    fn read_first_line(&mut self, first: Span, words: &str) -> bool {
        let Some((line, rest)) = words.split_once('\n') else { return false };
        let Some(writers) = byline(line.trim()) else { return false };
        self.byline.extend(writers);
        let story = rest.trim_start();
        let start = first.end as usize - story.len();
        if let Some(paragraph) = self.paragraphs.first_mut() {
            *paragraph = Span::new(start, first.end as usize);
        }
        true
    }

    fn read_dateline(&mut self, text: &str) {
        let Some(&first) = self.paragraphs.first() else { return };
        let Some(found) = dateline::opening(first.of(text)) else { return };
        let start = first.start as usize;
        let span = found.dateline.span.shifted(start);
        self.dateline_place = Some(found.place_span.shifted(start));
        self.dateline = Some(Dateline { span, ..found.dateline });
        self.dateline_day = found.day;
        self.date = self.date.or(found.date);
        self.add_agencies(found.agency);
        let story = Span { start: span.end, ..first };
        self.paragraphs.splice(..1, (!story.is_empty()).then_some(story));
    }

    fn read_credits(&mut self, text: &str) {
        for _ in 0..CREDIT_PARAGRAPHS_MAX {
            let Some(&last) = self.paragraphs.last() else { return };
            let Some(found) = credit::closing(last.of(text)) else { return };
            self.paragraphs.pop();
            self.paragraphs.extend(credit::cut(last, &found));
            self.add_agencies(found.agencies);
            if found.start > 0 {
                return;
            }
        }
    }

    fn add_agencies(&mut self, agencies: impl IntoIterator<Item = String>) {
        for agency in agencies {
            if !self.agencies.contains(&agency) {
                self.agencies.push(agency);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(title: Option<&str>, body: &str) -> (Layout, String) {
        let article =
            Article { title: title.map(str::to_owned), body: body.to_owned(), ..Article::default() };
        let text = article.text().into_owned();
        (lay_out(&article, &text), text)
    }

    #[test]
    fn headers_and_credits_are_no_story() {
        let body = "Monday, June 1, 2020\n\nBy JANE DOE\n\nPARIS (AFP) - Talks failed.\n\nThey left.   (AFP)";
        let (layout, text) = laid_out(Some("Talks fail"), body);
        let paragraphs: Vec<&str> = layout.paragraphs.iter().map(|span| span.of(&text)).collect();
        assert_eq!(paragraphs, ["Talks failed.", "They left."]);
        assert_eq!(layout.byline, ["JANE DOE"]);
        assert_eq!(layout.agencies, ["AFP"]);
        assert_eq!(layout.date.map(|date| date.to_string()).as_deref(), Some("2020-06-01"));
        assert_eq!(layout.dateline.map(|line| line.place).as_deref(), Some("Paris"));
        assert_eq!(layout.dateline_place.map(|span| span.of(&text)), Some("PARIS"));
    }

    #[test]
    fn a_story_of_credits_alone_has_no_paragraphs() {
        let (layout, _) = laid_out(None, "(AFP)");
        assert_eq!((layout.lede(), layout.agencies), (None, vec!["AFP".to_owned()]));
    }
}
