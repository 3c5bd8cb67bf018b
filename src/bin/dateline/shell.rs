//! The state of a session: an archive, what it was told, where results go, and the last of them.

use std::collections::HashSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use dateline::exec::{self, RunOptions, View, ZeroHit};
use dateline::query::{Request, Resolved, Statement, ast};
use dateline::render::{Format, NewFile, Rendering, grouped, renderer};
use dateline::text::Span;

use crate::args::Cli;
use crate::console::Console;
use crate::failure::{Exit, Failure, Note};
use crate::interrupt;
use crate::output::Output;
use crate::pager;
use crate::partial::{PartialFile, cannot_write};
use crate::run::{Kept, Outcome, Prepared, Surroundings, close, prepare, run, show_change};
use crate::run_stats::{Entry, RunStats};
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
    /// What every statement cost, where that is to be written down.
    pub stats: Option<RunStats>,
    /// Where charts of results go, where they are to be drawn.
    pub charts: Option<Charts>,
    /// Statements that did not come through the line editor and belong into its history.
    pub remember: Vec<String>,
    /// Statements of this session that were wrong, which no hint offers again.
    pub wrong: HashSet<String>,
    /// What the user may have meant, offered where the next statement is typed.
    pub suggestion: Option<String>,
}

/// Files of charts: the first as it was named, the others with numbers.
pub struct Charts {
    path: PathBuf,
    written: u32,
}

impl Charts {
    /// Returns the files of charts that `path` names.
    pub fn new(path: &Path) -> Charts {
        Charts { path: path.to_owned(), written: 0 }
    }

    fn write(&mut self, chart: &[u8]) -> Result<(), Failure> {
        self.written += 1;
        let path = numbered(&self.path, self.written);
        let mut file = PartialFile::create(&path)?;
        file.write_all(chart).map_err(|error| cannot_write(&path, &error))?;
        file.keep()
    }
}

/// Returns `a.svg`, then `a-2.svg`, `a-3.svg`.
fn numbered(path: &Path, number: u32) -> PathBuf {
    if number < 2 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy()));
    path.with_file_name(format!("{stem}-{number}{}", ending.unwrap_or_default()))
}

/// The last result with the statement that it answers, of which it may be a later page.
pub struct Last {
    statement: Statement,
    script: String,
    span: Span,
    /// The rows.
    pub kept: Kept,
}

impl Last {
    /// Returns the text of the statement.
    pub fn text(&self) -> &str {
        self.span.of(&self.script)
    }

    /// Tells whether the statement is a `find`, written out.
    pub fn is_find(&self) -> bool {
        matches!(self.statement, Statement::Query(ast::Query::Find(_)))
    }

    /// Returns the condition of the statement, where it finds articles by one.
    pub fn filter(&self) -> Option<&ast::At<ast::Expr>> {
        match &self.statement {
            Statement::Query(ast::Query::Find(find)) => find.filter.as_ref(),
            _ => None,
        }
    }

    /// Writes the kept rows once more.
    ///
    /// # Errors
    ///
    /// Where the format cannot show them or the writer fails.
    pub fn write_again(
        &self,
        format: Format,
        rendering: Rendering,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        let kept = &self.kept;
        let mut renderer = renderer(format, rendering);
        let written = renderer.start(kept.kind, &kept.columns, out).and_then(|()| {
            kept.rows.iter().try_for_each(|row| renderer.row(row, out))?;
            renderer.finish(&kept.closing(), out)
        });
        written.map_err(|error| Failure::of_output(&error))
    }
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
            output: Output::new(cli.common.output.as_deref(), pager(cli, console))?,
            last: None,
            history: Vec::new(),
            reading: false,
            stats: None,
            charts: None,
            remember: Vec::new(),
            wrong: HashSet::new(),
            suggestion: None,
        })
    }

    /// Ends a run: writes down what it cost, and says so where nothing could be drawn.
    ///
    /// # Errors
    ///
    /// Where the file of `--stats-json` cannot be written, or `--plot` found nothing to draw.
    pub fn end(self, exit: Exit) -> Result<Exit, Failure> {
        if let Some(stats) = &self.stats {
            stats.write(self.archive.path(), exit)?;
        }
        match &self.charts {
            Some(charts) if charts.written == 0 && exit == Exit::Success => {
                let note = Note::error("--plot drew nothing");
                Err(Failure::usage(
                    note.help("it draws the results of `timeline`, `top`, `pairs` and `count by`"),
                ))
            }
            _ => Ok(exit),
        }
    }

    /// Ends a run that failed: writes its figures where these were asked for, and returns the failure.
    pub fn fail(self, failure: Failure) -> Failure {
        match &self.stats {
            Some(stats) => stats.write_failed(self.archive.path(), failure),
            None => failure,
        }
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
        let started = Instant::now();
        let view = self.view()?;
        let (plan, ran) = match prepare(written, script, &view, &self.settings) {
            Ok(prepared) => {
                let plan = self.plan(&prepared, &view);
                (plan, self.run_prepared(prepared, &view, written, script, how))
            }
            Err(failure) => (Vec::new(), Err(failure)),
        };
        if let Some(stats) = &mut self.stats {
            let (number, text) = (written.number, written.span.of(script));
            stats.add(Entry { number, text, started, plan }, ran.as_ref());
        }
        ran
    }

    /// Notes a statement that is wrong and therefore not run.
    pub fn note_wrong(&mut self, written: &Written, script: &str, failure: &Failure) {
        if let Some(stats) = &mut self.stats {
            let (number, text) = (written.number, written.span.of(script));
            stats.add(Entry { number, text, started: Instant::now(), plan: Vec::new() }, Err(failure));
        }
    }

    /// Returns the lines of a statement's plan, where someone wants them.
    fn plan(&self, prepared: &Prepared, view: &View) -> Vec<String> {
        if self.stats.is_none() && !self.settings.explain {
            return Vec::new();
        }
        // Where planning fails, so does the run, which says why.
        let plan = dateline::exec::explain(&prepared.resolved.request, view).unwrap_or_default();
        let lines = plan.lines();
        if self.settings.explain {
            lines.iter().for_each(|line| self.console.remark(line));
        }
        lines
    }

    fn run_prepared(
        &mut self,
        prepared: Prepared,
        view: &View,
        written: &Written,
        script: &str,
        how: How,
    ) -> Result<Outcome, Failure> {
        let Prepared { resolved, destination } = prepared;
        let query = written.span.of(script);
        if let Some((path, format)) = destination {
            return self.export(&resolved, view, how, query, &path, format);
        }
        if resolved.request.is_change() {
            return self.change(resolved, how, query);
        }
        let console = self.console_of_output();
        let format = self.settings.format;
        let around = Surroundings {
            settings: &self.settings,
            console: &console,
            deadline: how.deadline,
            number: how.number,
            keep: how.keep,
            draw: self.charts.is_some(),
            rendering: self.rendering(format, how.number, query),
        };
        let ran = run(&resolved, view, &around, self.output.writer(format));
        let shown = self.output.end_result();
        let mut outcome = ran?;
        shown?;
        close(&outcome, &around)?;
        if let (Some(charts), Some(chart)) = (&mut self.charts, &outcome.chart) {
            charts.write(chart)?;
        }
        if let Some(statement) = written.statement.clone().ok().filter(|_| how.keep) {
            let kept = std::mem::take(&mut outcome.kept);
            self.last = Some(Last { statement, script: script.to_owned(), span: written.span, kept });
        }
        Ok(outcome)
    }

    /// Changes the archive and writes what came of it.
    fn change(&mut self, resolved: Resolved, how: How, query: &str) -> Result<Outcome, Failure> {
        let database = self.archive.writer()?;
        let changed = interrupt::cancellable(|cancel| {
            let options =
                RunOptions { cancel: cancel.clone(), deadline: how.deadline, ..RunOptions::default() };
            database.apply(&resolved.request, &options)
        });
        let mut answer =
            changed.map_err(|error| crate::run::numbered(Failure::of_library(&error), how.number))?;
        answer.warnings.splice(0..0, resolved.warnings);
        answer.bounds = resolved.bounds;
        let console = self.console_of_output();
        let format = self.settings.format;
        let around = Surroundings {
            settings: &self.settings,
            console: &console,
            deadline: how.deadline,
            number: how.number,
            keep: how.keep,
            draw: false,
            rendering: self.rendering(format, how.number, query),
        };
        let outcome = show_change(answer, &around, self.output.writer(format))?;
        self.output.end_result()?;
        Ok(outcome)
    }

    /// Returns how many articles a statement would change or delete; `None` for all other statements.
    ///
    /// # Errors
    ///
    /// Those of [`Shell::run`].
    pub fn would_change(&mut self, written: &Written, script: &str) -> Result<Option<u64>, Failure> {
        if !matches!(written.statement, Ok(Statement::Write(_))) {
            return Ok(None);
        }
        let view = self.view()?;
        let Prepared { resolved, .. } = prepare(written, script, &view, &self.settings)?;
        let Request::Write(write) = resolved.request else { return Ok(None) };
        let Some(predicate) = write.predicate() else { return Ok(None) };
        let options = RunOptions { deadline: self.deadline(), ..RunOptions::default() };
        exec::count(predicate, &view, &options).map(Some).map_err(|error| Failure::of_exec(&error))
    }

    /// Writes the rows of a statement to a file of its own.
    fn export(
        &self,
        resolved: &Resolved,
        view: &View,
        how: How,
        query: &str,
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
            draw: false,
            rendering: settings.rendering(&console, None, query),
        };
        let refused = |error: std::io::Error| cannot_write(path, &error);
        let mut file = NewFile::create(path).map_err(refused)?;
        let outcome = run(resolved, view, &around, &mut file)?;
        file.keep().map_err(refused)?;
        close(&outcome, &around)?;
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

    /// Returns why the last result is empty, where that is known.
    pub fn last_help(&self) -> Option<ZeroHit> {
        self.last.as_ref().and_then(|last| last.kept.summary.zero_hit.clone())
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
        let (script, span, asked) = (last.script.clone(), last.span, last.statement.clone());
        let Statement::Query(ast::Query::Find(find)) = with_defaults(asked.clone(), &self.settings) else {
            return Err(none("only the articles of `find` come in pages"));
        };
        let statement = Statement::Query(ast::Query::Find(continued(find, cursor)));
        let written = Written { number: 1, statement: Ok(statement), span };
        let how = How { deadline: self.deadline(), keep: true, number: None };
        self.run(&written, &script, how)?;
        // What is exported or explained later is the whole result, not this page of it.
        if let Some(last) = &mut self.last {
            last.statement = asked;
        }
        Ok(())
    }

    /// Runs the last statement once more, without a screen's limit, into a file.
    ///
    /// # Errors
    ///
    /// Where there is none, and those of [`Shell::run`].
    pub fn export_last(&mut self, path: &Path, format: Format) -> Result<(), Failure> {
        let Some(last) = &self.last else { return Err(no_result("export")) };
        let (script, span) = (last.script.clone(), last.span);
        let written = Written { number: 1, statement: Ok(last.statement.clone()), span };
        let settings = Settings { limit: None, ..self.settings.clone() };
        let view = self.view()?;
        let prepared = prepare(&written, &script, &view, &settings)?;
        let how = How { deadline: self.deadline(), ..How::default() };
        self.export(&prepared.resolved, &view, how, span.of(&script), path, format).map(drop)
    }

    /// Draws the last result into a file.
    ///
    /// # Errors
    ///
    /// Where there is none, or it has no numbers to draw.
    pub fn draw_last(&mut self, path: &Path) -> Result<(), Failure> {
        let Some(last) = &self.last else { return Err(no_result("draw")) };
        let console = self.console.without_screen();
        let rendering = self.settings.rendering(&console, None, last.text());
        let mut file = PartialFile::create(path)?;
        last.write_again(Format::Svg, rendering, &mut file)?;
        file.keep()?;
        self.console.remark(&format!("drew {}", path.display()));
        Ok(())
    }

    /// Returns how the next result is written; each one on a screen stands for itself.
    pub fn rendering(&self, format: Format, number: Option<u32>, query: &str) -> Rendering {
        let console = self.console_of_output();
        let continues = self.output.continues(format) && !console.results_on_screen;
        Rendering { continues, ..self.settings.rendering(&console, number, query) }
    }

    /// Returns the terminal as the next result sees it: a file has no screen.
    pub fn console_of_output(&self) -> Console {
        match self.output.file() {
            Some(_) => self.console.without_screen(),
            None => self.console.clone(),
        }
    }
}

fn no_result(what: &str) -> Failure {
    Failure::usage(Note::error(format!("there is no result to {what}")).help("run a query first"))
}

/// Returns the command line that pages the results of a run; rows that are wanted one by one are never held back.
fn pager(cli: &Cli, console: &Console) -> Option<String> {
    if cli.common.line_buffered {
        return None;
    }
    pager::command(cli.common.pager.as_ref(), console, !cli.run.safe)
}

/// Returns the query of the page after `cursor`.
fn continued(mut find: ast::Find, cursor: String) -> ast::Find {
    find.clauses.retain(|clause| !matches!(clause.node, ast::Clause::After(_) | ast::Clause::Offset(_)));
    find.clauses.push(ast::Clause::After(ast::Text::String(cursor).into()).into());
    find
}
