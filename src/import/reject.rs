//! Rejected rows, and the files that keep them so that they can be mended and imported again.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::error::{Fault, ImportError};
use crate::article::{Draft, Loose, SettleError};

/// What rejected rows are called after their file's name; import skips such files.
pub(super) const REJECTED_SUFFIX: &str = ".rejected.ndjson";

/// Most bytes of a rejected row that are kept (1 MiB).
const TEXT_BYTES_MAX: usize = 1 << 20;

/// A row that did not go in, with the reason.
#[derive(Debug, Clone, PartialEq)]
pub struct Rejection {
    /// The file; `-` is the standard input.
    pub file: Arc<Path>,
    /// The line on which the row starts, from 1.
    pub line: u64,
    /// Why.
    pub reason: Fault,
    /// The row as it stood, wrong bytes replaced and cut at 1 MiB; `None` where nothing could be read.
    pub text: Option<String>,
}

impl Rejection {
    /// Returns the rejection of a row that stands in `file` with these bytes.
    pub(super) fn of_row(file: Arc<Path>, line: u64, reason: Fault, row: &[u8]) -> Rejection {
        let kept = row.get(..TEXT_BYTES_MAX).unwrap_or(row);
        let text = (!row.is_empty()).then(|| String::from_utf8_lossy(kept).into_owned());
        Rejection { file, line, reason, text }
    }

    /// Returns the rejection of a draft that was read but not taken; its text is the article as JSON.
    pub fn of_draft(draft: &Draft, reason: Fault) -> Rejection {
        let text = Some(draft_as_json(draft).to_string());
        Rejection { file: Arc::clone(&draft.origin.file), line: draft.origin.line, reason, text }
    }

    fn to_json(&self) -> serde_json::Value {
        json!({
            "file": self.file.to_string_lossy(),
            "line": self.line,
            "reason": self.reason.to_string(),
            "text": self.text,
        })
    }
}

impl From<SettleError> for Rejection {
    fn from(error: SettleError) -> Rejection {
        Rejection::of_draft(&error.draft, Fault::Unfit(error.reason))
    }
}

/// Writes the draft so that import would read the same draft again.
fn draft_as_json(draft: &Draft) -> serde_json::Value {
    let article = &draft.article;
    let given = &article.given;
    let mut object = json!({
        "key": article.key, "title": article.title, "body": article.body,
        "date": article.date.map(|date| date.to_string()), "source": article.source, "url": article.url,
        "section": article.section, "lang": article.lang, "topics": article.topics,
        "authors": given.authors, "people": given.people, "places": given.places, "orgs": given.orgs,
        "countries": given.countries, "agencies": given.agencies, "dateline": given.dateline,
    });
    if let Some(members) = object.as_object_mut() {
        members.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty()));
        for (name, values) in &draft.loose {
            members.insert(name.clone(), values.iter().map(loose_as_json).collect());
        }
    }
    object
}

fn loose_as_json(value: &Loose) -> serde_json::Value {
    use crate::value::Number;
    match value {
        Loose::Number(Number::Whole(number)) => json!(number),
        Loose::Number(Number::Decimal(number)) => json!(number),
        Loose::Boolean(value) => json!(value),
        Loose::Text { text, .. } => json!(text),
        Loose::Date(date) => json!(date.to_string()),
    }
}

/// Writes rejections to `FILE.rejected.ndjson` beside each file.
///
/// Each line is an object with `file`, `line`, `reason` and `text`, the row as it stood. The rows of the standard input
/// go to `stdin.rejected.ndjson` in the current folder, and so do those of files whose folder cannot be written, under
/// their own names; where the current folder cannot be written either, the system's folder for temporary files is
/// taken. Each run replaces what an earlier run rejected.
#[derive(Debug, Default)]
pub struct RejectFile {
    /// Rejections come file by file, so one open file is enough.
    current: Option<(Arc<Path>, BufWriter<File>)>,
    paths: BTreeSet<PathBuf>,
}

impl RejectFile {
    /// Writes one rejection.
    ///
    /// # Errors
    ///
    /// [`ImportError::Reject`] where no place can be written.
    pub fn write(&mut self, rejection: &Rejection) -> Result<(), ImportError> {
        let fail = |source| ImportError::Reject { path: rejection.file.to_path_buf(), source };
        let same = self.current.as_ref().is_some_and(|(file, _)| *file == rejection.file);
        if !same {
            self.flush()?;
            let writer = self.open(&rejection.file)?;
            self.current = Some((Arc::clone(&rejection.file), writer));
        }
        match &mut self.current {
            Some((_, writer)) => writeln!(writer, "{}", rejection.to_json()).map_err(fail),
            None => Ok(()),
        }
    }

    /// Writes out what is buffered; dropping does the same but cannot report an error.
    ///
    /// # Errors
    ///
    /// [`ImportError::Reject`] where the file cannot be written.
    pub fn flush(&mut self) -> Result<(), ImportError> {
        match &mut self.current {
            Some((file, writer)) => {
                writer.flush().map_err(|source| ImportError::Reject { path: file.to_path_buf(), source })
            }
            None => Ok(()),
        }
    }

    /// Lists the files written so far.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.paths.iter().map(PathBuf::as_path)
    }

    fn open(&mut self, file: &Path) -> Result<BufWriter<File>, ImportError> {
        let mut last = (file.to_path_buf(), io::Error::other("no place to write to"));
        for path in places_for(file) {
            match self.create_or_append(&path) {
                Ok(opened) => {
                    self.paths.insert(path);
                    return Ok(BufWriter::new(opened));
                }
                Err(error) => last = (path, error),
            }
        }
        Err(ImportError::Reject { path: last.0, source: last.1 })
    }

    fn create_or_append(&self, path: &Path) -> io::Result<File> {
        if self.paths.contains(path) {
            return OpenOptions::new().append(true).open(path);
        }
        File::create(path)
    }
}

/// Lists where the rejections of `file` may go, best first.
fn places_for(file: &Path) -> Vec<PathBuf> {
    let is_stdin = file == Path::new("-");
    let mut name =
        if is_stdin { OsString::from("stdin") } else { file.file_name().unwrap_or_default().to_owned() };
    name.push(REJECTED_SUFFIX);
    let beside = (!is_stdin).then(|| file.with_file_name(&name));
    beside.into_iter().chain([PathBuf::from(&name), std::env::temp_dir().join(&name)]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Options, Row, from_reader};
    use super::*;

    fn lines(path: &Path) -> Vec<serde_json::Value> {
        std::fs::read_to_string(path)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn rejections_lie_beside_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let [first, second] = ["a.json", "b.txt"].map(|name| Arc::<Path>::from(folder.path().join(name)));
        let rejected = folder.path().join("a.json.rejected.ndjson");
        std::fs::write(&rejected, "of an earlier run").unwrap();
        let mut rejects = RejectFile::default();
        for (file, line) in [(&first, 1), (&second, 2), (&first, 3)] {
            let row = Rejection::of_row(Arc::clone(file), line, Fault::OpenArray, b"ro\xffw");
            rejects.write(&row).unwrap();
        }
        rejects.flush().unwrap();
        let rows = lines(&rejected);
        assert_eq!(rows.iter().map(|row| row["line"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(rows[0]["text"], "ro\u{fffd}w");
        assert_eq!(rejects.paths().count(), 2);
    }

    #[test]
    fn drafts_are_kept_as_json_that_imports_again() {
        let row = r#"{"key": "k", "title": "T", "body": "B", "date": "2018-09", "source": "S", "url": "u", "section": "s",
            "lang": "en", "topics": ["a", "b"], "authors": ["Roe, Jane"], "people": ["P"], "places": ["Q"], "orgs": ["O"],
            "countries": ["SY"], "agencies": ["AFP"], "dateline": "PARIS -", "tone": [1, 1.5], "geo": {"lat": "x"},
            "words": 3, "live": true}"#;
        let read = |row: String| match import(row) {
            Row::Draft(draft) => *draft,
            Row::Rejected(rejection) => panic!("{rejection:?}"),
        };
        let draft = read(row.to_owned());
        let rejection = Rejection::of_draft(&draft, Fault::Duplicate { key: "k".into() });
        let again = read(rejection.text.unwrap());
        assert_eq!((again.article, again.loose), (draft.article, draft.loose));
    }

    fn import(row: String) -> Row {
        from_reader(std::io::Cursor::new(row), "row.json", &Options::default()).next().unwrap()
    }
}
