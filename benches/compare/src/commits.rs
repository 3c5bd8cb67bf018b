//! Many small commits: one article each, safe on disk before the next, and questions in between.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use dateline::article::Draft;
use dateline::database::Database;
use dateline::import::{self, Row};
use rusqlite::Connection;

use crate::measure::at;

/// Parts that a run is told in, to show whether it slows down.
const PARTS: usize = 10;

/// Commits between two rounds of questions.
const ASKED_EVERY: usize = 20;

/// Statements that are asked between commits.
const ASKED: [(&str, &str); 3] = [
    ("count of a word", "count where text contains \"government\""),
    ("newest ten", "find key limit 10"),
    ("newest ten of a word", "find key where text contains \"government\" limit 10"),
];

/// SQLite as safe as dateline: each commit is synced (sqlite.org/pragma.html#pragma_synchronous).
const SQLITE: &str = "
    pragma journal_mode = wal; pragma synchronous = full;
    create table article(id integer primary key, key text unique, date text, title text, body text);
    create index article_by_date on article(date);
    create virtual table fts using fts5(title, body, content='article', content_rowid='id');
    create trigger added after insert on article begin
        insert into fts(rowid, title, body) values (new.id, new.title, new.body);
    end;
";

/// Microseconds of one part.
#[derive(Default)]
struct Part {
    dateline: Vec<f64>,
    sqlite: Vec<f64>,
    asked: [Vec<f64>; ASKED.len()],
}

/// Commits so many articles of the corpus one by one to dateline, which extracts too, and to SQLite in turn, and prints
/// what each took in microseconds.
pub fn run(corpus: &Path, commits: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let database = Database::create(folder.path().join("commits.dateline"))?;
    let sqlite = Connection::open(folder.path().join("commits.sqlite"))?;
    sqlite.execute_batch(SQLITE)?;
    let reader = database.reader();
    let drafts = drafts(corpus, commits)?;
    println!("| commits | dateline | p99 | SQLite | p99 | {} |", ASKED.map(|(name, _)| name).join(" | "));
    println!("|---|{}", "---:|".repeat(4 + ASKED.len()));
    let mut committed = 0;
    for drafts in drafts.chunks(drafts.len().div_ceil(PARTS)) {
        let mut part = Part::default();
        for draft in drafts {
            part.sqlite.push(timed(|| add(&sqlite, draft))?);
            let owned = draft.clone();
            part.dateline.push(timed(|| Ok(database.insert(owned).map(drop)?))?);
            committed += 1;
            if committed % ASKED_EVERY == 0 {
                reader.refresh()?;
                for ((_, statement), times) in ASKED.iter().zip(&mut part.asked) {
                    times.push(timed(|| Ok(reader.prepare(statement)?.run().map(drop)?))?);
                }
            }
        }
        part.print(committed);
    }
    if database.snapshot().articles() != drafts.len() as u64 {
        bail!("{} articles were added, {} are there", drafts.len(), database.snapshot().articles());
    }
    Ok(database.close()?)
}

impl Part {
    fn print(mut self, until: usize) {
        let commits = [&mut self.dateline, &mut self.sqlite];
        let commits = commits.map(|times| format!("{:.0} | {:.0}", at(times, 0.5), at(times, 0.99)));
        let asked = self.asked.each_mut().map(|times| format!("{:.0}", at(times, 0.5)));
        println!("| to {until} | {} | {} |", commits.join(" | "), asked.join(" | "));
    }
}

fn drafts(corpus: &Path, commits: usize) -> Result<Vec<Draft>> {
    let rows = import::open(&[corpus], &import::Options::default())?;
    let draft = |row| match row {
        Row::Draft(draft) => Some(*draft),
        Row::Rejected(_) => None,
    };
    let drafts: Vec<Draft> = rows.filter_map(draft).take(commits).collect();
    (!drafts.is_empty()).then_some(drafts).with_context(|| format!("{} holds no article", corpus.display()))
}

fn add(sqlite: &Connection, draft: &Draft) -> Result<()> {
    let article = &draft.article;
    let date = article.date.map(|date| date.to_string());
    let mut insert =
        sqlite.prepare_cached("insert into article(key, date, title, body) values (?, ?, ?, ?)")?;
    insert.execute((&article.key, date, &article.title, &article.body))?;
    Ok(())
}

/// Returns the microseconds that `act` takes.
fn timed(act: impl FnOnce() -> Result<()>) -> Result<f64> {
    let begin = Instant::now();
    act()?;
    Ok(begin.elapsed().as_secs_f64() * 1e6)
}
