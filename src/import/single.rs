//! One article as JSON, apart from any file.

use super::error::Fault;
use super::options::{Format, Options};
use super::rows::{Row, from_reader};
use crate::article::Draft;

/// Reads an article from the text of a JSON object, as a row of JSON Lines is read.
///
/// # Errors
///
/// [`Fault`] says what a row of such text would be rejected for.
///
/// # Examples
///
/// ```
/// let draft = dateline::import::from_json(r#"{"title": "Talks", "text": "They met.", "date": "2018-09-01"}"#)?;
/// assert_eq!(draft.article.title.as_deref(), Some("Talks"));
/// assert!(dateline::import::from_json("[1]").is_err());
/// # Ok::<(), dateline::import::Fault>(())
/// ```
pub fn from_json(text: &str) -> Result<Draft, Fault> {
    // Line breaks stand only between the parts of an object, where a space means the same.
    let line = text.replace(['\n', '\r'], " ");
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    match from_reader(std::io::Cursor::new(line), "insert", &options).next() {
        Some(Row::Draft(draft)) => Ok(*draft),
        Some(Row::Rejected(rejection)) => Err(rejection.reason),
        None => Err(Fault::NotAnObject { found: "nothing" }),
    }
}
