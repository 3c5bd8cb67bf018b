//! dateline.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use dateline::database::{Database, ImportOptions, Reader, Snapshot};
use dateline::exec::{Answer, Cell};
use dateline::query::Session;
use dateline::value::{Number, Value};

use crate::engine::{self, Ask, Build, Condition, Engine, PAGE, Question, Reply, Watch};
use crate::process;

pub struct Archive(Reader);

/// Where the database stands in the folder of a run.
pub fn path(folder: &Path) -> PathBuf {
    folder.join("news.dateline")
}

/// Writes a question whole, names included.
pub fn whole_statement(question: &Question) -> String {
    match &question.condition {
        Condition::Person(name) => statement(question).replace(":name", &format!("\"{name}\"")),
        _ => statement(question),
    }
}

impl Archive {
    /// Imports the corpus twice: as text alone, for the comparison of building, and with extraction.
    pub fn build(corpus: &Path, folder: &Path) -> Result<(Archive, Vec<Build>)> {
        let path = path(folder);
        let mut builds = Vec::new();
        if !path.exists() {
            let text_only = folder.join("text.dateline");
            builds.push(import(corpus, &text_only, false)?);
            std::fs::remove_dir_all(&text_only)?;
            builds.push(import(corpus, &path, true)?);
        }
        Ok((Archive(Reader::open(&path)?), builds))
    }

    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot()
    }
}

fn import(corpus: &Path, path: &Path, extract: bool) -> Result<Build> {
    let watch = Watch::start();
    let database = Database::create(path)?;
    let options = ImportOptions { extract, write_rejects: false, ..ImportOptions::default() };
    database.import(&[corpus], &options, &mut |_| {})?;
    database.merge()?;
    database.close()?;
    let what = if extract { "text and extraction" } else { "text" };
    let build = watch.stop("dateline", what, engine::disk_bytes(path)?);
    Ok(Build { peak_bytes: Some(process::peak_bytes()?), ..build })
}

impl Engine for Archive {
    fn name(&self) -> &'static str {
        "dateline"
    }

    fn prepare<'e>(&'e self, question: &Question) -> Result<Option<Box<dyn engine::Prepared + 'e>>> {
        let prepared = self.0.prepare(&statement(question))?;
        let prepared = match &question.condition {
            Condition::Person(name) => prepared.bind("name", name.as_str()),
            _ => prepared,
        };
        Ok(Some(Box::new(Statement { prepared: prepared.session(Session::default()), ask: question.ask })))
    }

    fn page_of_all(&self, question: &Question) -> Result<Option<Vec<u32>>> {
        let text = statement(question).replace(&format!(" limit {PAGE}"), "");
        let answer = self.0.prepare(&text)?.run()?;
        Ok(Some(ids(&answer).into_iter().take(PAGE).collect()))
    }
}

/// Writes a question in dateline's language.
fn statement(question: &Question) -> String {
    let conditions: Vec<String> = condition(&question.condition)
        .into_iter()
        .chain(question.days.map(|(from, to)| format!("date >= {} and date <= {}", day(from), day(to))))
        .collect();
    let filter = match conditions.is_empty() {
        true => String::new(),
        false => format!(" where {}", conditions.join(" and ")),
    };
    match question.ask {
        Ask::Count => format!("count{filter}"),
        Ask::Best => format!("find id{filter} best first limit {PAGE}"),
        Ask::Newest => format!("find id{filter} limit {PAGE}"),
        Ask::TopPeople => format!("top {PAGE} person{filter}"),
        Ask::Timeline => format!("timeline by month{filter}"),
    }
}

fn condition(condition: &Condition) -> Option<String> {
    let quoted =
        |words: &[String]| words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
    Some(match condition {
        Condition::All => return None,
        Condition::And(words) if words.len() == 1 => format!("text contains {}", quoted(words)),
        Condition::And(words) => format!("text contains all of ({})", quoted(words)),
        Condition::Or(words) => format!("text contains any of ({})", quoted(words)),
        Condition::Phrase(words) => format!("text contains \"{}\"", words.join(" ")),
        Condition::Prefix(word) => format!("text contains prefix \"{word}\""),
        Condition::Like(pattern) => format!("text contains like \"{pattern}\""),
        Condition::Fuzzy(word) => format!("text contains fuzzy \"{word}\" within 1 edit"),
        Condition::Person(_) => "person = :name".to_owned(),
    })
}

/// Writes a day as the language does.
fn day(days: i64) -> String {
    let date = dateline::Date::from_parts(days * 86_400, dateline::date::Precision::Day, None);
    date.map(|date| date.to_string()).unwrap_or_default()
}

struct Statement {
    prepared: dateline::database::Prepared,
    ask: Ask,
}

impl engine::Prepared for Statement {
    fn ask(&mut self) -> Result<Reply> {
        let answer = self.prepared.run()?;
        match self.ask {
            Ask::Count => Ok(Reply::Count(total(&answer)?)),
            Ask::Best | Ask::Newest => Ok(Reply::Page(ids(&answer))),
            Ask::TopPeople => table(&answer, "value", "articles"),
            Ask::Timeline => table(&answer, "bucket", "count"),
        }
    }
}

fn total(answer: &Answer) -> Result<u64> {
    let cell = answer.rows.first().and_then(|row| row.cells.first());
    cell.and_then(number).context("a count has a number")
}

fn number(cell: &Cell) -> Option<u64> {
    match cell {
        Cell::One(Value::Number(Number::Whole(number))) => u64::try_from(*number).ok(),
        _ => None,
    }
}

fn ids(answer: &Answer) -> Vec<u32> {
    answer.rows.iter().filter_map(|row| row.id).map(|id| id.0).collect()
}

/// Reads the columns of a value and of its articles; buckets that were filled in with 0 are no answer of the others.
fn table(answer: &Answer, value: &str, count: &str) -> Result<Reply> {
    let column = |name: &str| answer.columns.iter().position(|column| column.name == name);
    let (Some(value), Some(count)) = (column(value), column(count)) else {
        bail!("no such column among {:?}", answer.columns);
    };
    let row = |row: &dateline::exec::Row| {
        let count = row.cells.get(count).and_then(number).filter(|count| *count > 0)?;
        match row.cells.get(value)? {
            Cell::One(value) => Some((value.to_string(), count)),
            _ => None,
        }
    };
    Ok(Reply::Table(answer.rows.iter().filter_map(row).collect()))
}
