//! What goes wrong on import: faults of single rows, and errors that stop it all.

use std::path::PathBuf;

use thiserror::Error;

use crate::article::Unfit;

/// Why one row was rejected; the rest goes in.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Fault {
    /// Bytes that are not UTF-8.
    #[error("not UTF-8 at byte {offset} of the file{hint}")]
    Utf8 {
        /// Offset of the first wrong byte, from 0, after unpacking.
        offset: u64,
        /// What the bytes may be instead, as the end of the sentence; empty where nothing is likely.
        hint: &'static str,
    },
    /// Text that is no JSON.
    #[error("broken JSON: {message}; mend the row and import it again")]
    Json {
        /// What the JSON reader says, with the column.
        message: String,
    },
    /// JSON that is no object.
    #[error(
        "an article is a JSON object, and this is {found}; write {{\"title\": \"...\", \"body\": \"...\"}}"
    )]
    NotAnObject {
        /// What stands there, with its article ("a number").
        found: &'static str,
    },
    /// A file that ends in the middle of an array.
    #[error("the array is never closed; the file may be cut short: get it whole, or end it with `]`")]
    OpenArray,
    /// A row of CSV with a cell too many or too few.
    #[error(
        "{found} cells stand under {expected} columns; put cells that hold the delimiter in quotation marks"
    )]
    Cells {
        /// Cells in the row.
        found: usize,
        /// Columns of the header.
        expected: usize,
    },
    /// A quotation mark in CSV that is never closed.
    #[error(
        "a quotation mark opens a cell and is never closed; close it, or write two for one inside a cell"
    )]
    OpenQuote,
    /// A CSV header without any column that holds text.
    #[error("no column is a title, body or text (columns: {columns}); name one with --map body=COLUMN")]
    Header {
        /// The columns, joined.
        columns: String,
    },
    /// A date that cannot be read.
    #[error("`{member}`: {problem}")]
    Date {
        /// The member that holds it.
        member: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A member that holds something of another shape than its field takes.
    #[error("`{member}` must be {expected}; mend the row, or map another member to the field")]
    Member {
        /// The member.
        member: String,
        /// What was expected, with its article.
        expected: &'static str,
    },
    /// A row longer than [`super::ROW_BYTES_MAX`].
    #[error("the row is longer than {} bytes; cut it into articles", super::ROW_BYTES_MAX)]
    RowTooLong,
    /// A row that does not end.
    #[error(
        "no row ends within a gigabyte; the rest of the file was not read: name its format if it is another one"
    )]
    Endless,
    /// A path whose name is not UTF-8 and so cannot be a key.
    #[error("the file's name is not UTF-8; rename it")]
    FileName,
    /// A page, feed, letter or record that is not what its format says.
    #[error("{format}: {problem}")]
    Content {
        /// The format.
        format: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// A file that cannot be read, or not to its end.
    #[error("cannot read on: {message}; get the file whole and import it again")]
    Read {
        /// What the system says.
        message: String,
    },
    /// An article that no archive, or not this one, takes.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// A key that the archive has already, where that was declared an error.
    #[error(
        "the archive has an article with the key `{key}` already; give it another key, or let it replace or skip"
    )]
    Duplicate {
        /// The key.
        key: String,
    },
}

/// Why an import cannot start or go on.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A named path that is not there.
    #[error("there is no file or folder `{}`; check how it is spelled, and from where it is named", path.display())]
    Missing {
        /// The path as given.
        path: PathBuf,
    },
    /// A named path that cannot be looked at.
    #[error("cannot read `{}`: {source}; check that you may", path.display())]
    Read {
        /// The path as given.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A mapping that is not `field=member`.
    #[error("`{text}` is no mapping; write field=member, such as body=article_text")]
    Mapping {
        /// The mapping as given.
        text: String,
    },
    /// A mapping to a field that import does not fill.
    #[error(
        "`{field}` is derived from articles and cannot be mapped to; map the member to another name to keep it"
    )]
    DerivedField {
        /// The field as given.
        field: String,
    },
    /// Rejected rows that cannot be written anywhere.
    #[error("cannot write rejected rows to `{}`: {source}; make room there, or name another file for them", path.display())]
    Reject {
        /// The last place that was tried.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_say_what_to_do() {
        // Those of bytes, dates, contents and unfit articles say it where they are made.
        let key = || "17".to_owned();
        let faults = [
            Fault::Json { message: key() },
            Fault::NotAnObject { found: "a number" },
            Fault::OpenArray,
            Fault::Cells { found: 1, expected: 2 },
            Fault::OpenQuote,
            Fault::Header { columns: key() },
            Fault::Member { member: key(), expected: "a text" },
            Fault::RowTooLong,
            Fault::Endless,
            Fault::FileName,
            Fault::Read { message: key() },
            Fault::Duplicate { key: key() },
        ];
        let source = || std::io::Error::other("full");
        let errors = [
            ImportError::Missing { path: "a".into() },
            ImportError::Read { path: "a".into(), source: source() },
            ImportError::Mapping { text: key() },
            ImportError::DerivedField { field: key() },
            ImportError::Reject { path: "a".into(), source: source() },
        ];
        let messages = faults.iter().map(ToString::to_string).chain(errors.iter().map(ToString::to_string));
        for message in messages {
            let (what, remedy) = message.split_once(';').unwrap_or((&message, ""));
            assert!(!what.is_empty() && remedy.trim().len() >= "rename it".len(), "no remedy: {message}");
        }
    }
}
