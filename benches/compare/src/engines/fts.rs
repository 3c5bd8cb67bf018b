//! SQLite with FTS5.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use rusqlite::types::Value;
use rusqlite::{Connection, Statement, params, params_from_iter};

use crate::articles::Story;
use crate::engine::{self, Ask, Build, Condition, Engine, PAGE, Question, Reply, Watch};

/// Memory that SQLite may keep pages in, in KiB: more than the database takes.
const CACHE_KIB: i64 = 2 << 20;

const TABLES: &str = "
    create table article(id integer primary key, day integer, month integer, title text, body text);
    create table name(id integer primary key, name text unique);
    create table person(name integer, article integer, primary key(name, article)) without rowid;
";

const INDEXES: &str = "
    create index person_by_article on person(article, name);
    create index article_by_day on article(day);
    create index article_by_month on article(month);
    insert into fts(fts) values('optimize');
    analyze;
";

pub struct Fts(Connection);

impl Fts {
    pub fn build(stories: &[Story], folder: &Path) -> Result<(Fts, Option<Build>)> {
        let path = folder.join("fts.sqlite");
        let is_new = !path.exists();
        let words = Words::of(stories);
        let watch = Watch::start();
        let mut connection = Connection::open(&path)?;
        connection.execute_batch(&format!(
            "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -{CACHE_KIB}; pragma mmap_size = 8000000000;"
        ))?;
        if is_new {
            fill(&mut connection, stories, &words)?;
        }
        connection.set_prepared_statement_cache_capacity(0);
        let build = watch.stop("sqlite", "text, entities given", engine::disk_bytes(&path)?);
        Ok((Fts(connection), is_new.then_some(build)))
    }
}

/// The characters other than letters and digits that words hold, for SQLite's tokeniser.
struct Words {
    joiners: String,
}

impl Words {
    fn of(stories: &[Story]) -> Words {
        let mut joiners = BTreeSet::new();
        for story in stories {
            for text in [&story.title, &story.body] {
                for_each_word(text, |word| {
                    joiners.extend(word.chars().filter(|c| !c.is_alphanumeric() && !c.is_whitespace()))
                });
            }
        }
        joiners.remove(&'\'');
        joiners.remove(&'"');
        Words { joiners: joiners.into_iter().collect() }
    }
}

fn for_each_word(text: &str, mut take: impl FnMut(&str)) {
    for token in dateline::text::tokens(text) {
        take(&dateline::text::fold_word(token.span.of(text)));
    }
}

/// The words of dateline's analysis with spaces between: SQLite then splits where dateline splits.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for_each_word(text, |word| {
        spaced.push_str(word);
        spaced.push(' ');
    });
    spaced
}

fn fill(connection: &mut Connection, stories: &[Story], words: &Words) -> Result<()> {
    connection.execute_batch(TABLES)?;
    connection.execute_batch(&format!(
        "create virtual table fts using fts5(title, body, content='article', content_rowid='id',
         tokenize=\"unicode61 remove_diacritics 0 tokenchars '{}'\")",
        words.joiners
    ))?;
    let transaction = connection.transaction()?;
    {
        let mut article = transaction.prepare("insert into article values(?, ?, ?, ?, ?)")?;
        let mut fts = transaction.prepare("insert into fts(rowid, title, body) values(?, ?, ?)")?;
        let mut name = transaction.prepare("insert or ignore into name(name) values(?)")?;
        let mut person = transaction.prepare("insert into person select id, ? from name where name = ?")?;
        for story in stories {
            article.execute(params![story.id, story.day, story.month, story.title, story.body])?;
            fts.execute(params![story.id, spaced(&story.title), spaced(&story.body)])?;
            for one in &story.people {
                name.execute([one])?;
                person.execute(params![story.id, one])?;
            }
        }
    }
    transaction.commit()?;
    connection.execute_batch(INDEXES)?;
    Ok(())
}

impl Engine for Fts {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn prepare<'e>(&'e self, question: &Question) -> Result<Option<Box<dyn engine::Prepared + 'e>>> {
        let Some((sql, parameters)) = sql(question) else { return Ok(None) };
        let statement = self.0.prepare(&sql)?;
        Ok(Some(Box::new(Asked { statement, parameters, ask: question.ask })))
    }
}

/// Writes a question in SQL; nothing where FTS5 has no such condition.
fn sql(question: &Question) -> Option<(String, Vec<Value>)> {
    let mut tables: Vec<&str> = Vec::new();
    let mut filters: Vec<&str> = Vec::new();
    let mut parameters: Vec<Value> = Vec::new();
    let needs_article = question.days.is_some() || matches!(question.ask, Ask::Newest | Ask::Timeline);
    let id = match &question.condition {
        Condition::All => "article.id",
        Condition::Person(name) => {
            tables.push("person");
            filters.push("person.name = (select id from name where name = ?)");
            parameters.push(Value::from(name.clone()));
            "person.article"
        }
        words => {
            tables.push("fts");
            filters.push("fts match ?");
            parameters.push(Value::from(match_of(words)?));
            "fts.rowid"
        }
    };
    if tables.is_empty() || needs_article {
        tables.push("article");
        if id != "article.id" {
            filters.push(if id == "fts.rowid" {
                "article.id = fts.rowid"
            } else {
                "article.id = person.article"
            });
        }
    }
    if let Some((from, to)) = question.days {
        filters.push("article.day between ? and ?");
        parameters.extend([Value::from(from), Value::from(to)]);
    }
    if question.ask == Ask::TopPeople {
        tables.push("person other");
        filters.push(match id {
            "fts.rowid" => "other.article = fts.rowid",
            "person.article" => "other.article = person.article",
            _ => "other.article = article.id",
        });
    }
    Some((select(question.ask, id, &tables, &filters), parameters))
}

fn select(ask: Ask, id: &str, tables: &[&str], filters: &[&str]) -> String {
    let filter = if filters.is_empty() { String::new() } else { format!(" where {}", filters.join(" and ")) };
    let from = format!("from {}{filter}", tables.join(", "));
    match ask {
        Ask::Count => format!("select count(*) {from}"),
        Ask::Best => format!("select {id} {from} order by rank limit {PAGE}"),
        Ask::Newest => format!("select {id} {from} order by article.day desc limit {PAGE}"),
        Ask::TopPeople => format!(
            "select (select name.name from name where name.id = value), n from
             (select other.name value, count(*) n {from} group by other.name order by n desc limit {PAGE})"
        ),
        Ask::Timeline => {
            let dated = if filters.is_empty() { "where" } else { "and" };
            format!(
                "select article.month, count(*) {from} {dated} article.month is not null group by article.month"
            )
        }
    }
}

/// Writes a condition on words in FTS5's language.
fn match_of(condition: &Condition) -> Option<String> {
    let quoted = |word: &String| format!("\"{word}\"");
    let joined = |words: &[String], by: &str| words.iter().map(quoted).collect::<Vec<_>>().join(by);
    Some(match condition {
        Condition::And(words) => joined(words, " AND "),
        Condition::Or(words) => joined(words, " OR "),
        Condition::Phrase(words) => format!("\"{}\"", words.join(" ")),
        Condition::Prefix(word) => format!("\"{word}\"*"),
        _ => return None,
    })
}

struct Asked<'c> {
    statement: Statement<'c>,
    parameters: Vec<Value>,
    ask: Ask,
}

impl engine::Prepared for Asked<'_> {
    fn ask(&mut self) -> Result<Reply> {
        let ask = self.ask;
        let mut rows = self.statement.query(params_from_iter(&self.parameters))?;
        let (mut count, mut page, mut table) = (0, Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            match ask {
                Ask::Count => count = row.get::<_, i64>(0)? as u64,
                Ask::Best | Ask::Newest => page.push(row.get(0)?),
                Ask::TopPeople => table.push((row.get(0)?, row.get::<_, i64>(1)? as u64)),
                Ask::Timeline => {
                    let month: i64 = row.get(0)?;
                    table.push((
                        format!("{:04}-{:02}", month / 100, month % 100),
                        row.get::<_, i64>(1)? as u64,
                    ));
                }
            }
        }
        Ok(match ask {
            Ask::Count => Reply::Count(count),
            Ask::Best | Ask::Newest => Reply::Page(page),
            Ask::TopPeople | Ask::Timeline => Reply::Table(table),
        })
    }
}
