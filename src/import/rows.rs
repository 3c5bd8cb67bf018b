//! The rows of an import, one after the other, from files that are opened as they are reached.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::csv::{CsvRows, delimiter_of};
use super::error::{Fault, ImportError};
use super::fields::{self, FileFacts};
use super::json::JsonRows;
use super::members::Members;
use super::options::{Format, Options};
use super::reject::Rejection;
use super::source::{self, Opened, Source, Sources};
use super::text;
use crate::article::Draft;
use crate::date::{Date, Offset, Precision};

/// One row of the input.
#[derive(Debug, Clone, PartialEq)]
pub enum Row {
    /// An article.
    Draft(Box<Draft>),
    /// A row that cannot be used, with the reason.
    Rejected(Box<Rejection>),
}

/// A row as its format read it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Parsed {
    pub line: u64,
    /// Its bytes as they stood.
    pub row: Vec<u8>,
    pub members: Result<Members, Fault>,
}

/// The rows of an import in a fixed order, read as they are asked for.
///
/// At most one row is in memory, and one more where a file may hold a single article.
pub struct Rows {
    options: Options,
    sources: Sources,
    /// The file being read.
    current: Option<FileRows>,
    read_bytes: Arc<AtomicU64>,
    total_bytes: Option<u64>,
}

struct FileRows {
    facts: FileFacts,
    rows: Box<dyn Iterator<Item = Parsed> + Send>,
}

impl Rows {
    /// Returns the bytes read so far, as they lie on the disk.
    pub fn read_bytes(&self) -> u64 {
        self.read_bytes.load(Ordering::Relaxed)
    }

    /// Returns the bytes of all files; `None` where the standard input is among them.
    pub fn total_bytes(&self) -> Option<u64> {
        self.total_bytes
    }

    fn open_file(&self, source: Source) -> Result<FileRows, Box<Rejection>> {
        let Source { path, key } = source;
        let reject = |fault| reject_file(&path, fault);
        if key.is_none() && !source::is_stdin(&path) {
            return Err(reject(Fault::FileName));
        }
        let opened = source::open(&path, &self.read_bytes).map_err(|error| reject(unreadable(&error)))?;
        let changed = if self.options.date_from_mtime { last_change(&path) } else { None };
        let facts = FileFacts { path_key: key, changed, ..FileFacts::of(&path) };
        Ok(FileRows { rows: rows_of(opened, &path, &self.options), facts })
    }
}

/// Returns the rejection of a whole file, of which nothing was read.
fn reject_file(path: &Path, fault: Fault) -> Box<Rejection> {
    Box::new(Rejection::of_row(path.into(), 1, fault, b""))
}

impl Rows {
    /// Reads the next row with one function, or hands over what cannot be read to the other.
    pub(super) fn next_with<T>(
        &mut self,
        read: impl FnOnce(Parsed, &FileFacts, &Options) -> T,
        refuse: impl FnOnce(Box<Rejection>) -> T,
    ) -> Option<T> {
        loop {
            if let Some(current) = &mut self.current {
                if let Some(parsed) = current.rows.next() {
                    return Some(read(parsed, &current.facts, &self.options));
                }
                self.current = None;
            }
            let opened = match self.sources.next()? {
                Ok(source) => self.open_file(source),
                Err((path, fault)) => Err(reject_file(&path, fault)),
            };
            match opened {
                Ok(file) => self.current = Some(file),
                Err(rejection) => return Some(refuse(rejection)),
            }
        }
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.next_with(row_of, Row::Rejected)
    }
}

fn row_of(parsed: Parsed, facts: &FileFacts, options: &Options) -> Row {
    let Parsed { line, row, members } = parsed;
    match members.and_then(|members| fields::draft(members, line, facts, options)) {
        Ok(draft) => Row::Draft(Box::new(draft)),
        Err(fault) => Row::Rejected(Box::new(Rejection::of_row(Arc::clone(&facts.file), line, fault, &row))),
    }
}

/// Opens files, folders and, as `-`, the standard input.
///
/// Folders are walked in the order of names; files of unknown extensions, hidden ones, `LICENSE*`, `README*` and
/// `*.rejected.ndjson` are passed over, and links to folders are not followed. A file named on its own is always read.
///
/// # Errors
///
/// [`ImportError::Missing`] and [`ImportError::Read`] for a named path that is not there or cannot be looked at.
/// Whatever goes wrong later is a [`Row::Rejected`], and the rest goes on.
///
/// # Examples
///
/// ```
/// use dateline::import::{self, Options, Row};
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("2018-09-03-talks.txt"), "Talks begin\n\nThey met.")?;
/// std::fs::write(folder.path().join("broken.json"), "{")?;
/// let rows: Vec<Row> = import::open(&[folder.path()], &Options::default())?.collect();
/// let [Row::Draft(draft), Row::Rejected(rejection)] = &rows[..] else { panic!("{rows:?}") };
/// assert_eq!(draft.article.title.as_deref(), Some("Talks begin"));
/// assert_eq!(draft.article.date, Some("2018-09-03".parse()?));
/// assert!(rejection.reason.to_string().starts_with("broken JSON"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn open<P: AsRef<Path>>(paths: &[P], options: &Options) -> Result<Rows, ImportError> {
    let paths: Vec<PathBuf> = paths.iter().map(|path| path.as_ref().to_path_buf()).collect();
    let total_bytes = source::total_bytes(&paths)?;
    Ok(Rows {
        options: options.clone(),
        sources: Sources::new(paths, options.only.clone()),
        current: None,
        read_bytes: Arc::default(),
        total_bytes,
    })
}

/// Reads rows from any bytes; `name` stands for the file in rejections, and its ending may tell the format.
///
/// A single article is keyed by its content, not by `name`, unless it brings an id or URL.
///
/// # Examples
///
/// ```
/// use dateline::import::{self, Options, Row};
///
/// let lines = r#"{"id": "a", "title": "Talks", "body": "They met.", "date": "3 Sept 2018"}"#;
/// let rows: Vec<Row> = import::from_reader(lines.as_bytes(), "feed.jsonl", &Options::default()).collect();
/// let [Row::Draft(draft)] = &rows[..] else { panic!("{rows:?}") };
/// assert_eq!(draft.article.key, "a");
/// ```
pub fn from_reader(reader: impl Read + Send + 'static, name: &str, options: &Options) -> Rows {
    let file = Path::new(name);
    let rows: Box<dyn Iterator<Item = Parsed> + Send> = match source::unpack(reader) {
        Ok(opened) => rows_of(opened, file, options),
        Err(error) => {
            let members = Err(unreadable(&error));
            Box::new(std::iter::once(Parsed { line: 1, row: Vec::new(), members }))
        }
    };
    Rows {
        options: options.clone(),
        sources: Sources::new(Vec::new(), None),
        current: Some(FileRows { facts: FileFacts::of(file), rows }),
        read_bytes: Arc::default(),
        total_bytes: None,
    }
}

fn rows_of(opened: Opened, file: &Path, options: &Options) -> Box<dyn Iterator<Item = Parsed> + Send> {
    let Opened { input, head } = opened;
    let named = options.format.or_else(|| source::format_by_name(file));
    match named.unwrap_or_else(|| format_by_head(&head)) {
        Format::Text => Box::new(std::iter::once(text::read(input, &options.map))),
        Format::Json => Box::new(JsonRows::any(input, &head)),
        Format::JsonLines => Box::new(JsonRows::lines(input)),
        Format::Csv => Box::new(CsvRows::new(input, delimiter_of(&head), &options.map)),
        Format::Tsv => Box::new(CsvRows::new(input, b'\t', &options.map)),
        #[cfg(feature = "html")]
        Format::Html => Box::new(std::iter::once(super::html::read(input))),
        #[cfg(feature = "html")]
        Format::Warc => Box::new(super::warc::Warc::new(input)),
        #[cfg(feature = "feeds")]
        Format::Feed => super::feed::read(input),
        #[cfg(feature = "mail")]
        Format::Mail => Box::new(std::iter::once(super::mail::read(input))),
        #[cfg(feature = "mail")]
        Format::Mbox => Box::new(super::mail::Mbox::new(input)),
    }
}

fn format_by_head(head: &[u8]) -> Format {
    /// How formats begin, in lower case.
    const BEGINNINGS: &[(&[u8], &str)] = &[
        (b"{", "json"),
        (b"[", "json"),
        (b"warc/", "warc"),
        (b"<!doctype html", "html"),
        (b"<html", "html"),
        (b"<rss", "feed"),
        (b"<feed", "feed"),
        (b"<?xml", "feed"),
    ];
    let start = head.trim_ascii_start();
    let begins = |front: &[u8]| start.get(..front.len()).is_some_and(|text| text.eq_ignore_ascii_case(front));
    let named =
        BEGINNINGS.iter().find(|(front, _)| begins(front)).and_then(|(_, name)| Format::from_name(name));
    named.unwrap_or(Format::Text)
}

fn last_change(path: &Path) -> Option<Date> {
    let modified = fs::metadata(path).ok()?.modified().ok()?;
    let seconds = modified.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs();
    Date::instant(i64::try_from(seconds).ok()?, Offset::UTC, Precision::Second).ok()
}

fn unreadable(error: &io::Error) -> Fault {
    Fault::Read { message: error.to_string() }
}

/// Returns the bytes of a row as text; `offset` is where the row starts in its file.
pub(super) fn check_utf8(bytes: &[u8], offset: u64) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let is_utf16 = offset == 0 && (bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff"));
        let hint = if is_utf16 { "; it looks like UTF-16" } else { "" };
        Fault::Utf8 { offset: offset + error.valid_up_to() as u64, hint }
    })
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn rows(name: &str, bytes: &[u8]) -> Vec<Row> {
        from_reader(Cursor::new(bytes.to_vec()), name, &Options::default()).collect()
    }

    fn drafts(rows: Vec<Row>) -> Vec<Draft> {
        let draft = |row| match row {
            Row::Draft(draft) => *draft,
            Row::Rejected(rejection) => panic!("{rejection:?}"),
        };
        rows.into_iter().map(draft).collect()
    }

    fn write(folder: &Path, name: &str, text: &str) {
        fs::write(folder.join(name), text).unwrap();
    }

    #[test]
    fn keys_and_dates_come_from_files_of_one_article_only() {
        let folder = tempfile::tempdir().unwrap();
        let news = folder.path().join("news");
        fs::create_dir(&news).unwrap();
        write(&news, "2018-09-01-a.txt", "A\nDate: 3 September 2018\n\nText.");
        write(&news, "2018-09-02-b.json", "{\"body\": \"B\"}");
        write(&news, "2018-09-03-c.jsonl", "{\"body\": \"C\"}\n{\"body\": \"D\", \"url\": \"u\"}\n");
        write(&news, "2018-09-04-d.json", "{\"body\": \"E\", \"id\": 5}");
        let found = drafts(open(&[&news], &Options::default()).unwrap().collect());
        let keys: Vec<&str> = found.iter().map(|draft| draft.article.key.as_str()).collect();
        assert_eq!(keys[..2], ["news/2018-09-01-a.txt", "news/2018-09-02-b.json"]);
        assert!(keys[2].len() == 32 && keys[3..] == ["u", "5"]);
        let dates: Vec<String> = found
            .iter()
            .map(|draft| draft.article.date.map_or("-".into(), |date| date.to_string()))
            .collect();
        assert_eq!(dates, ["2018-09-03", "2018-09-02", "-", "-", "2018-09-04"]);
        assert_eq!(found[3].origin.line, 2);
    }

    #[test]
    fn the_time_of_the_file_dates_only_when_asked() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.txt", "Title\n\nText.");
        let date =
            |options: Options| drafts(open(&[folder.path()], &options).unwrap().collect())[0].article.date;
        assert_eq!(date(Options::default()), None);
        let given = Options { date: "2018".parse().ok(), ..Options::default() };
        assert_eq!(date(given.clone()).map(Date::precision), Some(Precision::Year));
        let asked = Options { date_from_mtime: true, ..given };
        assert_eq!(date(asked).map(Date::precision), Some(Precision::Second));
    }

    #[test]
    fn a_bad_file_never_stops_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "a.txt", "");
        write(folder.path(), "b.txt", "Good");
        fs::write(folder.path().join("c.txt.gz"), b"\x1f\x8bnot gzip").unwrap();
        fs::write(folder.path().join("d.txt"), b"T\n\n\xff").unwrap();
        write(folder.path(), "e.csv", "title,date\nGood,2018\nBad,soon\n");
        let mut rows = open(&[folder.path()], &Options::default()).unwrap();
        let outcome: Vec<String> = rows
            .by_ref()
            .map(|row| match row {
                Row::Draft(draft) => draft.article.title.unwrap(),
                Row::Rejected(rejection) => rejection.reason.to_string().chars().take(12).collect(),
            })
            .collect();
        assert_eq!(outcome, ["there is no ", "Good", "cannot read ", "not UTF-8 at", "Good", "`date`: `soo"]);
        assert_eq!(Some(rows.read_bytes()), rows.total_bytes());
    }

    #[test]
    fn formats_are_told_by_name_by_wish_or_by_the_first_bytes() {
        let titles = |name: &str, text: &str| -> Vec<Option<String>> {
            drafts(rows(name, text.as_bytes())).into_iter().map(|draft| draft.article.title).collect()
        };
        let some = |title: &str| Some(title.to_owned());
        assert_eq!(titles("x.csv", "title;body\nA;B\n"), [some("A")]);
        assert_eq!(titles("x.tsv", "title\tbody\nA, B\tC\n"), [some("A, B")]);
        assert_eq!(titles("-", " [{\"title\": \"A\"}, {\"title\": \"B\"}]"), [some("A"), some("B")]);
        assert_eq!(titles("-", "A\n\nB"), [some("A")]);
        let forced = Options { format: Some(Format::Csv), ..Options::default() };
        let table = from_reader(Cursor::new(b"headline\nA\n".to_vec()), "x.dat", &forced).collect();
        assert_eq!(drafts(table)[0].article.title, some("A"));
    }

    /// A feed that never ends.
    fn endless() -> impl Read {
        struct Feed(std::iter::Cycle<std::slice::Iter<'static, u8>>);
        impl Read for Feed {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                buffer.iter_mut().zip(&mut self.0).for_each(|(to, from)| *to = *from);
                Ok(buffer.len())
            }
        }
        Feed(b"{\"body\": \"x\"}\n".iter().cycle())
    }

    #[test]
    fn rows_are_read_as_they_are_asked_for() {
        let rows = from_reader(endless(), "feed.ndjson", &Options::default());
        assert_eq!(drafts(rows.take(10_000).collect()).len(), 10_000);
    }

    #[test]
    fn cells_are_lists_and_loose_values() {
        let found =
            drafts(rows("x.csv", b"title,topics,people,tone\nA,\"Syria, Iran\",\"Roe, Jane; Li\",1.5\n"));
        assert_eq!(found[0].article.topics, ["Syria", "Iran"]);
        assert_eq!(found[0].article.given.people, ["Roe, Jane", "Li"]);
        assert_eq!(found[0].loose["tone"].len(), 1);
    }

    proptest! {
        #[test]
        fn any_bytes_are_drafts_or_rejections(bytes in prop::collection::vec(any::<u8>(), 0..400), format in 0..Format::ALL.len()) {
            let options = Options { format: Format::ALL.get(format).copied(), ..Options::default() };
            check(from_reader(Cursor::new(bytes), "x", &options))?;
        }

        #[test]
        fn almost_good_rows_are_drafts_or_rejections(
            parts in prop::collection::vec(
                "\\{|\\}|\\[|\\]|,|:|\n|\r|\"|\"title\"|\"body\"|\"date\"|\"id\"|\"2018-09-03\"|null|17|1e999|title,body|Date: |\\\\|x",
                0..40,
            ),
            format in 0..Format::ALL.len(),
        ) {
            let options = Options { format: Format::ALL.get(format).copied(), ..Options::default() };
            check(from_reader(Cursor::new(parts.concat().into_bytes()), "x", &options))?;
        }
    }

    fn check(rows: Rows) -> Result<(), TestCaseError> {
        for row in rows {
            match row {
                Row::Draft(draft) => prop_assert!(draft.check().is_ok() && !draft.article.key.is_empty()),
                Row::Rejected(rejection) => prop_assert!(!rejection.reason.to_string().is_empty()),
            }
        }
        Ok(())
    }
}
