//! One news story as received.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Given;
use crate::date::Date;
use crate::text::Span;
use crate::value::Value;

/// Longest article, in bytes of title and body together (16 MiB).
pub const ARTICLE_BYTES_MAX: usize = 16 << 20;

/// Longest key, in bytes.
pub const KEY_BYTES_MAX: usize = 4_096;

/// What stands between title and body in [`Article::text`]; offsets of extractions count it.
pub const TITLE_GAP: &str = "\n\n";

/// One news story as received; immutable once stored, replaced through its key.
///
/// Guarantees of an article inside a database: the key is not empty and at most [`KEY_BYTES_MAX`] bytes long, title
/// and body together are at most [`ARTICLE_BYTES_MAX`] bytes and not both blank, and each declared field holds values
/// of the one type that the archive's schema fixed for it.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Article {
    /// Unique name inside the database: the given id, else the URL, else the path, else a hash of the content.
    pub key: String,
    /// The headline, where there is one.
    pub title: Option<String>,
    /// Everything after headline and header lines, as received.
    pub body: String,
    /// Publication date from metadata, a header line or the file name.
    pub date: Option<Date>,
    /// Time of import; given by the database.
    pub added: Option<Date>,
    /// Outlet that published the article.
    pub source: Option<String>,
    /// Web address.
    pub url: Option<String>,
    /// Desk or rubric.
    pub section: Option<String>,
    /// ISO 639-1 code of the language, where it was given.
    pub lang: Option<String>,
    /// What was given with the article about fields that extraction fills too; it counts as certain.
    pub given: Given,
    /// Subjects.
    pub topics: Vec<String>,
    /// Declared fields by their dotted lower-case names; no list is empty.
    pub fields: BTreeMap<String, Vec<Value>>,
}

impl Article {
    /// Returns title and body as one text; spans of the article's extraction are offsets into it.
    pub fn text(&self) -> Cow<'_, str> {
        match &self.title {
            Some(title) => Cow::Owned([title, TITLE_GAP, &self.body].concat()),
            None => Cow::Borrowed(&self.body),
        }
    }

    /// Returns the title's span in [`Article::text`]; empty where there is none.
    pub fn title_span(&self) -> Span {
        Span::new(0, self.title.as_ref().map_or(0, String::len))
    }

    /// Returns the body's span in [`Article::text`].
    pub fn body_span(&self) -> Span {
        let start = self.title.as_ref().map_or(0, |title| title.len() + TITLE_GAP.len());
        Span::new(start, start + self.body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_find_title_and_body_in_the_text() {
        let article = Article { title: Some("Čas".into()), body: "Idlib.".into(), ..Article::default() };
        assert_eq!(article.title_span().of(&article.text()), "Čas");
        assert_eq!(article.body_span().of(&article.text()), "Idlib.");
        let untitled = Article { body: "Idlib.".into(), ..Article::default() };
        assert_eq!(untitled.title_span().of(&untitled.text()), "");
        assert_eq!(untitled.body_span().of(&untitled.text()), "Idlib.");
    }
}
