//! Archives to hurt: articles, changes drawn from a seed, and the map that says what must be there.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use dateline::article::Article;
use dateline::database::{CompactOptions, Database, ImportOptions, OnDuplicate, Options, Reader, Snapshot};
use dateline::exec::CancelToken;

/// Bodies by key.
pub type Contents = BTreeMap<String, String>;

/// Questions whose answers are compared.
const QUERIES: [&str; 5] = [
    "count",
    "count where text contains \"idlib\"",
    "count where mentions \"Paris\" and date > 2018-01-15",
    "top 5 place",
    "find key where text contains \"version of\" newest first limit 10",
];

/// A small generator, so that a run is repeated by its seed.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// Returns a number below `sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }
}

/// Options that seal and merge all the time, so that little text meets every path; without a thread of their own, so
/// that a seed repeats a run.
pub fn restless() -> Options {
    Options {
        create: true,
        seal_changes: 20,
        import_memory_bytes: 1 << 20,
        merge_beside: false,
        ..Options::default()
    }
}

/// One change; each is acknowledged as a whole.
#[derive(Debug, Clone)]
pub enum Change {
    Replace(String, String),
    Delete(String),
    Import(Vec<(String, String)>, bool),
    Flush,
    Merge,
    Reindex,
    Compact(bool),
    Reextract,
}

impl Change {
    /// Draws a change.
    pub fn draw(dice: &mut Dice) -> Change {
        match dice.roll(26) {
            0..=9 => Change::Replace(key(dice), body(dice)),
            10..=12 => Change::Delete(key(dice)),
            13..=17 => {
                let rows: BTreeMap<String, String> =
                    (0..dice.roll(100)).map(|_| (key(dice), body(dice))).collect();
                Change::Import(rows.into_iter().collect(), dice.roll(2) == 0)
            }
            18..=20 => Change::Flush,
            21 => Change::Merge,
            22 => Change::Reindex,
            23 => Change::Compact(false),
            24 => Change::Compact(true),
            _ => Change::Reextract,
        }
    }

    /// Makes the change in a map.
    pub fn apply(&self, contents: &mut Contents) {
        match self {
            Change::Replace(key, body) => drop(contents.insert(key.clone(), body.clone())),
            Change::Delete(key) => drop(contents.remove(key)),
            Change::Import(rows, _) => contents.extend(rows.iter().cloned()),
            _ => {}
        }
    }

    /// Makes the change in a database; `scratch` is a folder for files to import.
    pub fn make(&self, database: &Database, scratch: &Path) -> dateline::Result<()> {
        self.prepare(scratch);
        self.make_prepared(database, scratch)
    }

    /// Writes the file that the change imports, if it imports one.
    pub fn prepare(&self, scratch: &Path) {
        if let Change::Import(rows, _) = self {
            write_rows(rows, scratch);
        }
    }

    /// Makes the change in a database after what it needs was prepared.
    pub fn make_prepared(&self, database: &Database, scratch: &Path) -> dateline::Result<()> {
        let never = CancelToken::default();
        match self {
            Change::Replace(key, body) => database.replace(article(key, body)).map(drop),
            Change::Delete(key) => {
                let ids: Vec<_> = database.get_by_key(key)?.iter().map(|record| record.id).collect();
                database.delete(&ids).map(drop)
            }
            Change::Import(_, extract) => import(database, *extract, scratch),
            Change::Flush => database.flush(),
            Change::Merge => database.merge(),
            Change::Reindex => database.reindex(&never, &mut |_| {}).map(drop),
            Change::Compact(purge) => {
                database.compact(&CompactOptions { purge: *purge }, &never, &mut |_| {})
            }
            Change::Reextract => database.reextract(&never, &mut |_| {}).map(drop),
        }
    }

    /// Returns the keys that the change touches.
    pub fn keys(&self) -> Vec<&str> {
        match self {
            Change::Replace(key, _) | Change::Delete(key) => vec![key],
            Change::Import(rows, _) => rows.iter().map(|(key, _)| key.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

fn key(dice: &mut Dice) -> String {
    format!("key-{}", dice.roll(300))
}

fn body(dice: &mut Dice) -> String {
    let place = ["Idlib", "Paris", "Tehran"][dice.roll(3) as usize];
    format!("They met in {place}. Version {} of it. ", dice.roll(1_000)).repeat(dice.roll(30) as usize + 1)
}

/// An article of a key, dated by it.
fn article(key: &str, body: &str) -> Article {
    let day = key.bytes().map(u32::from).sum::<u32>() % 28 + 1;
    Article {
        key: key.into(),
        title: Some("Title".into()),
        body: body.into(),
        date: format!("2018-01-{day:02}").parse().ok(),
        ..Article::default()
    }
}

/// The file in which rows to import are written.
const ROWS: &str = "rows.jsonl";

fn write_rows(rows: &[(String, String)], scratch: &Path) {
    let mut file = fs::File::create(scratch.join(ROWS)).unwrap();
    for (key, body) in rows {
        let date = article(key, body).date.unwrap().to_string();
        let row = serde_json::json!({ "id": key, "title": "Title", "body": body, "date": date });
        writeln!(file, "{row}").unwrap();
    }
}

fn import(database: &Database, extract: bool, scratch: &Path) -> dateline::Result<()> {
    let path = scratch.join(ROWS);
    let options = ImportOptions { on_duplicate: OnDuplicate::Replace, extract, ..ImportOptions::default() };
    database.import(&[path], &options, &mut |_| {}).map(|summary| assert_eq!(summary.counts.rejected, 0))
}

/// Returns what a snapshot holds, or that an article is there twice.
pub fn contents(snapshot: &Snapshot) -> dateline::Result<Contents> {
    let mut contents = Contents::new();
    for live in &snapshot.view().segments {
        for ordinal in (0..live.segment.articles()).filter(|&ordinal| !live.is_dead(ordinal)) {
            let article = live.segment.record(ordinal)?.article;
            let key = article.key.clone();
            let earlier = contents.insert(article.key, article.body);
            assert!(earlier.is_none(), "{key} is there twice");
        }
    }
    Ok(contents)
}

/// Returns the answers of a reader to every question, as text.
pub fn answers(reader: &Reader) -> dateline::Result<Vec<String>> {
    QUERIES
        .iter()
        .map(|query| {
            let answer = reader.query(query)?;
            let cells: Vec<_> = answer.rows.iter().map(|row| format!("{:?}", row.cells)).collect();
            Ok(format!("{query}: {}", cells.join(" ")))
        })
        .collect()
}

/// Says where `found` is neither what was acknowledged nor what the change under way may have come to.
pub fn difference(found: &Contents, before: &Contents, under_way: Option<&Change>) -> Option<String> {
    let mut after = before.clone();
    under_way.inspect(|change| change.apply(&mut after));
    let touched = under_way.map(Change::keys).unwrap_or_default();
    found.keys().chain(before.keys()).chain(after.keys()).find_map(|key| {
        let (found, before, after) = (found.get(key), before.get(key), after.get(key));
        let may_be_after = touched.contains(&key.as_str()) && found == after;
        let is_kept = found == before || may_be_after;
        (!is_kept).then(|| format!("{key}: acknowledged {before:?}, found {found:?}"))
    })
}

/// Copies a folder with everything in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Lists every file under a folder but the lock, sorted.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if !path.ends_with("LOCK") {
            files.push(path);
        }
    }
    files.sort();
    files
}
