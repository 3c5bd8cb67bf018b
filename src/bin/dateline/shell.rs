//! The state of a session: an archive, what it was told, where results go, and the last of them.

use std::path::Path;
use std::time::Instant;

use dateline::exec::View;
use dateline::query::{Resolved, Statement, ast};
use dateline::render::{Format, grouped};

use crate::args::Cli;
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};
use crate::output::Output;
use crate::partial::PartialFile;
use crate::run::{Kept, Outcome, Prepared, Surroundings, prepare, run};
use crate::script::{Written, with_defaults};
use crate::session::{Archive, Opening};
use crate::settings::Settings;

/// The state of a session.
pub struct Shell {
    /// What is asked.
    pub archive: Archive,
    /// What the session was told.
    pub settings: Settings,
    /// The terminal.
    pub console: Console,
    /// Where results go.
    pub output: Output,
    /// The last result, where a person may go back to it.
    pub last: Option<Last>,
    /// Statements of this session and earlier ones, oldest first.
    pub history: Vec<String>,
    /// Whether a script is being read, which cannot read another one.
    pub reading: bool,
}

/// The last result with the statement that it answers.
pub struct Last {
    statement: Statement,
    script: String,
    /// The rows.
    pub kept: Kept,
}

/// How one statement of several is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct How {
    /// The number that its rows carry.
    pub number: Option<u32>,
    /// When it has to give up.
    pub deadline: Option<Instant>,
    /// Whether its rows are kept.
    pub keep: bool,
}

impl Shell {
    /// Opens an archive for one subcommand.
    ///
    /// # Errors
    ///
    /// Where the archive or the output cannot be opened.
    pub fn open(cli: &Cli, database: &Path, console: &Console) -> Result<Shell, Failure> {
        let settings = Settings::new(cli, console)?;
        let opening = Opening { write: settings.write, create: cli.run.create, strict: settings.strict };
        Ok(Shell {
            archive: Archive::open(database, opening, console)?,
            settings,
            console: console.clone(),
            output: Output::new(cli.common.output.as_deref())?,
            last: None,
            history: Vec::new(),
            reading: false,
        })
    }

    /// Returns the archive's state at this moment.
    ///
    /// # Errors
    ///
    /// Where the database cannot be read.
    pub fn view(&mut self) -> Result<View, Failure> {
        self.archive.view()
    }

    /// Runs a statement of `script` and writes its rows.
    ///
    /// # Errors
    ///
    /// What is wrong with it, or why it stopped.
    pub fn run(&mut self, written: &Written, script: &str, how: How) -> Result<Outcome, Failure> {
        let view = self.view()?;
        let Prepared { resolved, destination } = prepare(written, script, &view, &self.settings)?;
        if let Some((path, format)) = destination {
            return self.export(&resolved, &view, how, &path, format);
        }
        let console = self.console_of_output();
        let around = Surroundings {
            settings: &self.settings,
            console: &console,
            deadline: how.deadline,
            number: how.number,
            keep: how.keep,
        };
        let mut outcome = run(&resolved, &view, &around, self.output.writer())?;
        self.output.end_result()?;
        if let Some(statement) = written.statement.clone().ok().filter(|_| how.keep) {
            let kept = std::mem::take(&mut outcome.kept);
            self.last = Some(Last { statement, script: script.to_owned(), kept });
        }
        Ok(outcome)
    }

    /// Writes the rows of a statement to a file of its own.
    fn export(
        &self,
        resolved: &Resolved,
        view: &View,
        how: How,
        path: &Path,
        format: Format,
    ) -> Result<Outcome, Failure> {
        let settings = Settings { format, ..self.settings.clone() };
        let console = self.console.without_screen();
        let around = Surroundings {
            settings: &settings,
            console: &console,
            deadline: how.deadline,
            number: None,
            keep: false,
        };
        let mut file = PartialFile::create(path)?;
        let outcome = run(resolved, view, &around, &mut file)?;
        file.keep()?;
        self.console.remark(&format!("wrote {} rows to {}", grouped(outcome.rows), path.display()));
        Ok(outcome)
    }

    /// Runs a statement that the command wrote itself.
    ///
    /// # Errors
    ///
    /// Those of [`Shell::run`].
    pub fn run_text(&mut self, text: &str) -> Result<(), Failure> {
        let deadline = self.deadline();
        for step in crate::script::steps(text) {
            if let crate::script::Step::Statement(written) = step {
                self.run(&written, text, How { deadline, ..How::default() })?;
            }
        }
        Ok(())
    }

    /// Returns when a statement that starts at this moment has to give up.
    pub fn deadline(&self) -> Option<Instant> {
        self.settings.timeout.map(|timeout| Instant::now() + timeout)
    }

    /// Runs the next page of the last result.
    ///
    /// # Errors
    ///
    /// Where there is none, and those of [`Shell::run`].
    pub fn next_page(&mut self) -> Result<(), Failure> {
        let none = |text: &str| Failure::new(Exit::Usage, Note::error(text));
        let Some(last) = &self.last else {
            return Err(none("there is no result to continue").help("run a `find` first"));
        };
        let Some(cursor) = last.kept.summary.cursor.clone() else {
            return Err(none("the last result has no further page"));
        };
        let script = last.script.clone();
        let Statement::Query(ast::Query::Find(find)) = with_defaults(last.statement.clone(), &self.settings)
        else {
            return Err(none("only the articles of `find` come in pages"));
        };
        let statement = Statement::Query(ast::Query::Find(continued(find, cursor)));
        let span = dateline::text::Span::new(0, script.len());
        let written = Written { number: 1, statement: Ok(statement), span };
        let how = How { deadline: self.deadline(), keep: true, number: None };
        self.run(&written, &script, how).map(|_| ())
    }

    /// Returns the terminal as the next result sees it: a file has no screen.
    pub fn console_of_output(&self) -> Console {
        match self.output.file() {
            Some(_) => self.console.without_screen(),
            None => self.console.clone(),
        }
    }
}

/// Returns the query of the page after `cursor`.
fn continued(mut find: ast::Find, cursor: String) -> ast::Find {
    find.clauses.retain(|clause| !matches!(clause.node, ast::Clause::After(_) | ast::Clause::Offset(_)));
    find.clauses.push(ast::Clause::After(ast::Text::String(cursor).into()).into());
    find
}
