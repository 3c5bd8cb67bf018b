//! Rows as articles beside their original texts, for a caller that annotates texts rather than storing them.

use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::error::{Fault, ImportError};
use super::fields::{self, FileFacts};
use super::members::Members;
use super::options::Options;
use super::reject::Rejection;
use super::rows::{self, Parsed, Rows};
use crate::article::Original;

/// The members of JSON and tables that are read; annotations beside the text are not.
const MEMBERS: [&str; 5] = ["id", "text", "date", "title", "body"];

/// The articles of an import, each beside its original text, in input order.
pub struct Originals {
    rows: Rows,
}

/// A row that holds no article.
#[derive(Debug, Clone, PartialEq)]
pub struct Unread {
    /// What the row calls itself, where that could be read.
    pub id: Option<String>,
    /// What is wrong with it.
    pub rejection: Rejection,
}

impl Originals {
    /// Opens files, folders and, as `-`, the standard input, as [`open`](super::open) does.
    ///
    /// Of a JSON object or a row of a table only `id`, `text`, `date`, `title` and `body` are read; a `text` is the
    /// original text, and without it the title, a blank line and the body are. A file of plain text is its own.
    ///
    /// # Errors
    ///
    /// [`ImportError::Missing`] and [`ImportError::Read`] for a named path that is not there or cannot be looked at.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::import::{Options, Originals};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let file = folder.path().join("feed.jsonl");
    /// std::fs::write(&file, "{\"id\": \"a\", \"text\": \"Talks fail\\n\\nThey left.\", \"agency\": \"AFP\"}")?;
    /// let originals: Vec<_> = Originals::open(&[file], &Options::default())?.collect();
    /// let [Ok(original)] = &originals[..] else { panic!("{originals:?}") };
    /// assert_eq!(original.article.key, "a");
    /// assert_eq!(original.article.given.agencies, Vec::<String>::new());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open<P: AsRef<Path>>(paths: &[P], options: &Options) -> Result<Originals, ImportError> {
        Ok(Originals { rows: rows::open(paths, options)? })
    }
}

impl Iterator for Originals {
    type Item = Result<Box<Original>, Box<Unread>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next_with(read, |rejection| Err(Box::new(Unread { id: None, rejection: *rejection })))
    }
}

fn read(parsed: Parsed, facts: &FileFacts, options: &Options) -> Result<Box<Original>, Box<Unread>> {
    let Parsed { line, row, members } = parsed;
    let mut id = None;
    let original = members.and_then(|mut members| {
        let is_file = members.alone && !members.typed;
        if is_file {
            let text = rows::check_utf8(&row, 0)?;
            let article = fields::draft(members, line, facts, options)?.article;
            return Ok(Original::within(text, article));
        }
        members.pairs.retain(|(name, _)| MEMBERS.contains(&name.as_str()));
        id = member(&members, "id").map(shown);
        of_members(members, line, facts, options)
    });
    original.map(Box::new).map_err(|fault| {
        let rejection = Rejection::of_row(Arc::clone(&facts.file), line, fault, &row);
        Box::new(Unread { id, rejection })
    })
}

/// Reads title, text and body as they stand; key and date are import's to find.
fn of_members(members: Members, line: u64, facts: &FileFacts, options: &Options) -> Result<Original, Fault> {
    let words = |name: &str| member(&members, name).and_then(Json::as_str).map(str::to_owned);
    let (title, text, body) = (words("title"), words("text"), words("body"));
    let draft = fields::draft(members, line, facts, options)?;
    let mut original = match (title, text) {
        (Some(title), Some(text)) => Original::of_titled_text(&title, &text),
        (None, Some(text)) => Original::of_text(&text),
        (title, None) => {
            let mut article = draft.article.clone();
            (article.title, article.body) = (title, body.unwrap_or_default());
            Original::of_article(article)
        }
    };
    original.article.key = draft.article.key;
    original.article.date = draft.article.date;
    Ok(original)
}

fn member<'m>(members: &'m Members, name: &str) -> Option<&'m Json> {
    members.pairs.iter().find(|(member, _)| member == name).map(|(_, value)| value)
}

fn shown(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn originals(name: &str, bytes: &str) -> Vec<Result<Box<Original>, Box<Unread>>> {
        let rows = rows::from_reader(std::io::Cursor::new(bytes.to_owned()), name, &Options::default());
        Originals { rows }.collect()
    }

    #[test]
    fn annotations_beside_the_text_are_not_read() {
        let row = r#"{"id": 7, "text": "Talks\n\nThey met.", "agency": ["AFP"], "dateline": "PARIS -", "people": ["Zarif"], "date": "2018-09-03"}"#;
        let found = originals("x.jsonl", row);
        let [Ok(original)] = &found[..] else { panic!("{found:?}") };
        let article = &original.article;
        assert_eq!((article.key.as_str(), article.date), ("7", "2018-09-03".parse().ok()));
        assert_eq!(article.given, crate::article::Given::default());
    }

    #[test]
    fn offsets_are_into_the_text_the_parts_or_the_file() {
        let span_of_body = |name: &str, bytes: &str| {
            let found = originals(name, bytes);
            let [Ok(original)] = &found[..] else { panic!("{found:?}") };
            original.span(original.article.body_span())
        };
        assert_eq!(span_of_body("x.jsonl", r#"{"text": "\nTalks\n\n\nThey met."}"#), Span::new(9, 18));
        assert_eq!(span_of_body("x.jsonl", r#"{"title": "Talks", "body": "They met."}"#), Span::new(7, 16));
        assert_eq!(span_of_body("x.txt", "Talks\nSource: Herald\n\nThey met.\n"), Span::new(22, 31));
    }

    #[test]
    fn a_bad_row_keeps_its_name_and_stops_nothing() {
        let rows = "{\"id\": \"a\", \"date\": \"soon\", \"text\": \"T\"}\n{\"id\": \"b\"}\n{\"id\": \"c\", \"text\": \"T\"}\n{";
        let found = originals("x.jsonl", rows);
        let ids: Vec<_> =
            found.iter().map(|row| row.as_ref().err().map(|unread| unread.id.clone())).collect();
        let some = |id: &str| Some(Some(id.to_owned()));
        assert_eq!(ids, [some("a"), some("b"), None, Some(None)]);
    }
}
