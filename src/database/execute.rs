//! Statements that may change the archive, each one commit.

use std::time::Instant;

use super::export;
use super::open::{Database, Writer};
use super::prepared::Prepared;
use crate::catalog::Catalog;
use crate::error::{Error, Result};
use crate::exec::{Answer, AnswerKind, Cell, CellType, Column, ExecError, Row, RunOptions, RunStats};
use crate::query::{Request, Session, Write};
use crate::schema::FieldType;
use crate::store::entry::Entry;
use crate::value::Value;

impl Database {
    /// Parses one statement of any kind, to bind its parameters and [execute](Database::execute) it.
    ///
    /// Its session may write and may touch files; [`Prepared::session`] takes rights away. Text from outside that may
    /// only read goes to [`Reader::prepare`](super::Reader::prepare).
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where the text is no statement.
    ///
    /// # Examples
    ///
    /// ```
    /// use dateline::database::Database;
    ///
    /// # let folder = std::env::temp_dir().join(format!("dateline-execute-{}", std::process::id()));
    /// # std::fs::create_dir_all(&folder)?;
    /// let database = Database::create(folder.join("news.dateline"))?;
    /// database.query(r#"insert {"id": "a", "title": "Talks", "text": "A cease-fire holds.", "source": "AFP"}"#)?;
    /// let add = database.prepare(r#"add topic :topic where text contains "cease-fire""#)?;
    /// let answer = database.execute(&add.bind("topic", "ceasefire"))?;
    /// assert_eq!(answer.changed(), Some(1));
    /// assert_eq!(database.query(r#"find where topic = "ceasefire""#)?.rows.len(), 1);
    /// # drop(database);
    /// # std::fs::remove_dir_all(&folder)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare(&self, text: &str) -> Result<Prepared> {
        let session = Session { write: true, files: true, ..Session::default() };
        Prepared::new(self.snapshot(), text, session)
    }

    /// Parses and executes one statement of any kind.
    ///
    /// # Errors
    ///
    /// Those of [`Database::prepare`] and [`Database::execute`].
    pub fn query(&self, text: &str) -> Result<Answer> {
        self.execute(&self.prepare(text)?)
    }

    /// Executes a statement on the last commit: answers a question, or makes one commit.
    ///
    /// # Errors
    ///
    /// [`Error::Query`] where it is wrong or its session may not do this, [`Error::Exec`] where its condition cannot be
    /// answered, [`Error::Unfit`] and [`Error::Duplicate`] where an article cannot be stored. Nothing has changed then.
    pub fn execute(&self, prepared: &Prepared) -> Result<Answer> {
        if !prepared.statement().is_change() {
            let prepared = prepared.clone().on(self.snapshot());
            let resolved = prepared.resolve()?;
            return match &resolved.request {
                Request::Export(export) => {
                    export::export(export, &prepared, resolved.bounds, resolved.warnings)
                }
                _ => prepared.answer(&resolved.request, &resolved),
            };
        }
        // What is resolved is what is changed: no other commit comes between.
        let (resolved, mut answer) = self.change(|writer| {
            let resolved = prepared.clone().on(writer.current.load_full()).resolve()?;
            let answer = writer.change(&resolved.request, prepared.run_options())?;
            Ok((resolved, answer))
        })?;
        answer.warnings.splice(0..0, resolved.warnings);
        answer.bounds = resolved.bounds;
        Ok(answer)
    }

    /// Does what a resolved statement that changes the archive says, as one commit.
    ///
    /// # Errors
    ///
    /// Those of [`Database::execute`]; [`ExecError::OnlyRead`] never: a request that only reads is answered.
    pub fn apply(&self, request: &Request, options: &RunOptions) -> Result<Answer> {
        match request.is_change() {
            true => self.change(|writer| writer.change(request, options)),
            false => Ok(crate::exec::answer(request, self.snapshot().view(), options)?),
        }
    }
}

impl Writer {
    fn change(&mut self, request: &Request, options: &RunOptions) -> Result<Answer> {
        let started = Instant::now();
        let mut answer = match request {
            Request::Write(write) => changed(self.write(write, options)?),
            Request::Define(define) => {
                self.change_catalog(|catalog| define.apply(catalog))?;
                Answer { kind: AnswerKind::Define, ..Answer::default() }
            }
            Request::Drop(drop) => {
                self.change_catalog(|catalog| drop.apply(catalog))?;
                Answer { kind: AnswerKind::Drop, ..Answer::default() }
            }
            // What only reads never comes here.
            _ => return Err(Error::from(ExecError::OnlyRead)),
        };
        answer.stats = RunStats { elapsed: started.elapsed(), ..RunStats::default() };
        Ok(answer)
    }

    fn write(&mut self, write: &Write, options: &RunOptions) -> Result<u64> {
        match write {
            Write::Insert(json) => {
                let draft = crate::import::from_json(json)?;
                self.insert(draft).map(|_| 1)
            }
            Write::Delete(predicate) => {
                let ids = self.matching(predicate, options)?;
                self.delete(&ids)
            }
            Write::Edit { edits, predicate } => {
                let ids = self.matching(predicate, options)?;
                self.edit(edits, &ids, options)
            }
        }
    }

    /// Changes the catalog; the same catalog again makes no commit.
    pub(super) fn change_catalog(&mut self, change: impl FnOnce(&mut Catalog)) -> Result<()> {
        let mut catalog = Catalog::clone(&self.state.catalog);
        change(&mut catalog);
        if catalog == *self.state.catalog {
            return Ok(());
        }
        self.commit(Entry { changes: Vec::new(), attached: None, catalog: Some(catalog) })
    }
}

/// Returns the answer of a statement that changed so many articles.
fn changed(count: u64) -> Answer {
    let cell_type = CellType::Field(FieldType::Number);
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    Answer {
        kind: AnswerKind::Write,
        columns: vec![Column { name: "changed".to_owned(), cell_type, many: false }],
        rows: vec![Row { id: None, cells: vec![Cell::One(Value::from(count))] }],
        ..Answer::default()
    }
}
