//! Real corpora, all of them: what goes in, and what comes out again beside a count that shares no code.
//!
//! The corpora lie outside the repository; where they are absent each test says so and passes. Without optimisation,
//! extraction of all of them takes ten minutes, so that such a build takes every tenth article and `cargo test --release
//! --test corpora` takes all.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test that cannot go on has failed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use dateline::article::Unfit;
use dateline::database::{Database, ImportOptions, Reader};
use dateline::date::Date;
use dateline::exec::{Answer, Cell};
use dateline::import::{self, Fault, Options, Row};
use dateline::schema::Schema;
use dateline::value::{Number, Value};

const NEWS: &str = "news-open.jsonl.zst";
const REUTERS: &str = "measure-only/reuters21578.jsonl.zst";

/// One of so many articles is imported.
const SHARE: usize = if cfg!(debug_assertions) { 10 } else { 1 };

/// Returns the path of a corpus, or says that the test is skipped.
fn corpus(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return None;
    }
    Some(path)
}

/// Reuters-21578 has one row, on line 12,793, that holds neither title nor body.
#[test]
fn every_row_with_text_is_an_article() {
    let mut schema = Schema::default();
    for (name, articles, without_text) in [(NEWS, 52_308, vec![]), (REUTERS, 21_577, vec![12_793])] {
        let Some(path) = corpus(name) else { continue };
        let (mut count, mut rejected) = (0, Vec::new());
        for row in import::open(&[path], &Options::default()).unwrap() {
            match row {
                Row::Draft(draft) => drop(draft.settle(&mut schema).unwrap()),
                Row::Rejected(rejection) => {
                    assert_eq!(rejection.reason, Fault::Unfit(Unfit::NoText), "{rejection:?}");
                    rejected.push(rejection.line);
                    continue;
                }
            }
            count += 1;
        }
        assert_eq!((count, rejected), (articles, without_text), "{name}");
    }
}

/// An article of a corpus as its JSON has it.
struct Story(serde_json::Value);

impl Story {
    fn text(&self, member: &str) -> &str {
        self.0[member].as_str().unwrap_or("")
    }

    fn texts(&self, member: &str) -> impl Iterator<Item = &str> {
        self.0[member].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str)
    }

    /// Tells whether title or body holds the word.
    fn has_word(&self, word: &str) -> bool {
        has_word(self.text("title"), word) || has_word(self.text("body"), word)
    }

    /// Tells whether the article names the word, in its text or in the names given with it.
    fn names(&self, word: &str) -> bool {
        let given = ["people", "places", "orgs"].into_iter().flat_map(|member| self.texts(member));
        self.has_word(word) || given.into_iter().any(|name| has_word(name, word))
    }
}

/// Tells whether a text holds the lower-case word with no letter or digit beside it.
fn has_word(text: &str, word: &str) -> bool {
    let text = text.to_lowercase();
    text.match_indices(word).any(|(at, _)| {
        let is_inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !is_inside(text[..at].chars().next_back()) && !is_inside(text[at + word.len()..].chars().next())
    })
}

fn stories(path: &Path) -> impl Iterator<Item = Story> {
    let file = File::open(path).unwrap();
    let plain: Box<dyn Read> = match path.extension().is_some_and(|extension| extension == "zst") {
        true => Box::new(zstd::stream::read::Decoder::new(file).unwrap()),
        false => Box::new(file),
    };
    BufReader::new(plain).lines().map(|line| Story(serde_json::from_str(&line.unwrap()).unwrap()))
}

/// Writes one of [`SHARE`] articles of a corpus into the folder.
fn share(path: &Path, folder: &Path) -> PathBuf {
    let share = folder.join(path.file_name().unwrap()).with_extension("");
    let mut file = BufWriter::new(File::create(&share).unwrap());
    for story in stories(path).step_by(SHARE) {
        writeln!(file, "{}", story.0).unwrap();
    }
    file.flush().unwrap();
    share
}

/// What a count over the JSON comes to.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    articles: u64,
    without_text: u64,
    of_2006: u64,
    on_earnings: u64,
    /// Articles with the word "Iraq", by source.
    sources: BTreeMap<String, u64>,
    /// Articles that mention Iraq, by month.
    months: BTreeMap<String, u64>,
}

fn count(paths: &[PathBuf]) -> Counts {
    let mut counts = Counts::default();
    for story in paths.iter().flat_map(|path| stories(path)) {
        let has_text = !story.text("title").trim().is_empty() || !story.text("body").trim().is_empty();
        if !has_text {
            counts.without_text += 1;
            continue;
        }
        let date = story.text("date");
        counts.articles += 1;
        counts.of_2006 += u64::from(date.starts_with("2006"));
        counts.on_earnings += u64::from(story.texts("topics").any(|topic| topic == "earn"));
        if story.has_word("iraq") && !story.text("source").is_empty() {
            *counts.sources.entry(story.text("source").to_lowercase()).or_default() += 1;
        }
        if story.names("iraq") && !date.is_empty() {
            *counts.months.entry(date[..7].to_owned()).or_default() += 1;
        }
    }
    counts
}

fn number(cell: &Cell) -> u64 {
    match cell {
        Cell::One(Value::Number(Number::Whole(number))) => u64::try_from(*number).unwrap(),
        other => panic!("{other:?} is no count"),
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::One(value) => value.to_string(),
        other => panic!("{other:?} is no single value"),
    }
}

/// Asks a query and returns the columns of these names.
fn ask<const N: usize>(reader: &Reader, query: &str, names: [&str; N]) -> Vec<[Cell; N]> {
    let Answer { columns, rows, .. } = reader.query(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    let at = names.map(|name| columns.iter().position(|column| column.name == name).unwrap());
    rows.into_iter().map(|row| at.map(|at| row.cells[at].clone())).collect()
}

#[test]
fn answers_agree_with_a_count_over_the_json() {
    let (Some(news), Some(reuters)) = (corpus(NEWS), corpus(REUTERS)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let paths = match SHARE {
        1 => [news, reuters],
        _ => [news, reuters].map(|path| share(&path, folder.path())),
    };
    let expected = count(&paths);
    let database = Database::create(folder.path().join("news.dateline")).unwrap();
    let options = ImportOptions { write_rejects: false, ..ImportOptions::default() };
    let summary = database.import(&paths, &options, &mut |_| {}).unwrap();
    assert_eq!((summary.counts.added, summary.counts.rejected), (expected.articles, expected.without_text));

    let reader = database.reader();
    let single = |query: &str| number(&ask(&reader, query, ["count"])[0][0]);
    assert_eq!(single("count where date in 2006"), expected.of_2006);
    assert_eq!(single(r#"count where topic = "earn""#), expected.on_earnings);
    check_sources(&reader, &expected);
    check_months(&reader, &expected);
}

/// Sources with as many articles may come in any order, so counts are compared, and each source with its own.
fn check_sources(reader: &Reader, expected: &Counts) {
    let rows = ask(reader, r#"top 10 source where text contains "Iraq""#, ["value", "articles"]);
    let counts: Vec<u64> = rows.iter().map(|[_, articles]| number(articles)).collect();
    let mut most: Vec<u64> = expected.sources.values().copied().collect();
    most.sort_unstable_by(|a, b| b.cmp(a));
    most.truncate(10);
    assert_eq!(counts, most);
    for [source, articles] in &rows {
        assert_eq!(expected.sources.get(&text(source).to_lowercase()), Some(&number(articles)), "{source:?}");
    }
}

fn check_months(reader: &Reader, expected: &Counts) {
    let rows = ask(reader, r#"timeline by month where mentions "Iraq""#, ["bucket", "count"]);
    let filled =
        rows.iter().map(|[month, count]| (text(month), number(count))).filter(|(_, count)| *count > 0);
    assert_eq!(filled.collect::<BTreeMap<String, u64>>(), expected.months);
}

/// The article that the project started from: a wire story without a date, credited to AFP.
const SAMPLE: &str = "seed/idlib.txt";

/// Imports the sample and returns the answer to a query with the number of its rows.
fn ask_sample(date: Option<Date>, query: &str) -> Option<Answer> {
    let path = corpus(SAMPLE)?;
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(folder.path().join("news.dateline")).unwrap();
    let rows = Options { date, ..Options::default() };
    database.import(&[path], &rows.into(), &mut |_| {}).unwrap();
    Some(database.reader().query(query).unwrap())
}

#[test]
fn the_sample_is_found_by_place_person_agency_and_date() {
    let cases = [
        (r#"find where mentions "Idlib" and date > 2018-09-01"#, 1),
        (r#"find where mentions "Zarif" and agency = "AFP""#, 1),
        (r#"find where mentions "Zarif" and agency = "AFP" and date > 2018-09-03"#, 0),
        ("find where date is missing", 0),
    ];
    for (query, expected) in cases {
        let Some(answer) = ask_sample(Date::ymd(2018, 9, 3).ok(), query) else { return };
        assert_eq!(answer.rows.len(), expected, "{query}");
    }
}

#[test]
fn the_sample_without_a_date_is_missing_its_date() {
    let Some(answer) = ask_sample(None, "find where date is missing") else { return };
    assert_eq!(answer.rows.len(), 1);
    let query = r#"find where mentions "Idlib" and date > 2018-09-01"#;
    let help = ask_sample(None, query).and_then(|answer| answer.zero_hit).unwrap();
    let counts: Vec<u64> = help.conditions.iter().map(|(_, articles)| *articles).collect();
    assert_eq!(counts, [1, 0], "the condition on the date emptied it: {help:?}");
    assert!(help.conditions[1].0.starts_with("date > "), "{help:?}");
}
