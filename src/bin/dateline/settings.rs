//! What a session may be told, by options at its start and by dot commands later.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dateline::date::Offset;
use dateline::query::{Bindings, Session, ast};
use dateline::render::{Format, Rendering};

use crate::args::{Cli, RunArgs};
use crate::console::Console;
use crate::failure::{Failure, Note};
use crate::params;

/// Rows that a person is shown where the query sets no limit.
const SCREEN_ROWS: u64 = 20;

/// What a session may be told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How results are written.
    pub format: Format,
    /// Whether a header names the columns.
    pub header: bool,
    /// Whether tables draw bars.
    pub plot: bool,
    /// Whether each result says how long it took.
    pub timer: bool,
    /// Whether rows are flushed one by one.
    pub flush_rows: bool,
    /// The zone of days and timestamps.
    pub zone: Offset,
    /// The moment that relative dates count from, in seconds; `None` for the time of each statement.
    pub now: Option<i64>,
    /// Most rows where the query sets no limit, and whether the user said so.
    pub limit: Option<Limit>,
    /// Columns of `find` where the query names none.
    pub select: Option<ast::Projection>,
    /// Values of parameters.
    pub bindings: Bindings,
    /// Values of parameters that nothing else binds.
    pub default_bindings: Bindings,
    /// Whether each statement of a session shows its plan first.
    pub explain: bool,
    /// Whether statements may change the database.
    pub write: bool,
    /// Whether statements may touch files.
    pub files: bool,
    /// Whether warnings are errors.
    pub strict: bool,
    /// How long the run, or each statement of a session, may take.
    pub timeout: Option<Duration>,
}

/// Most rows of a result whose query sets no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// As the user said.
    Asked(u64),
    /// As many as a screen takes.
    Screen,
}

impl Limit {
    /// Returns the number of rows.
    pub fn rows(self) -> u64 {
        match self {
            Limit::Asked(rows) => rows,
            Limit::Screen => SCREEN_ROWS,
        }
    }
}

impl Settings {
    /// Reads the options that were given.
    ///
    /// # Errors
    ///
    /// A usage error for an option whose value cannot be read.
    pub fn new(cli: &Cli, console: &Console) -> Result<Settings, Failure> {
        let (run, common) = (&cli.run, &cli.common);
        let format = common.format.unwrap_or_else(|| default_format(console));
        let zone = common.timezone.unwrap_or(Offset::UTC);
        Ok(Settings {
            format,
            header: !common.no_header,
            plot: cli.defaults.plot.unwrap_or(true),
            timer: common.verbose || cli.defaults.timer,
            flush_rows: common.line_buffered || console.results_on_screen,
            zone,
            now: common.now.map(|now| now.seconds(zone)),
            limit: limit(run, format, console),
            select: run.select.as_deref().map(projection).transpose()?,
            bindings: params::bindings(run)?,
            default_bindings: cli.defaults.params.clone(),
            explain: false,
            write: run.write,
            files: !run.safe,
            strict: run.strict,
            timeout: common.timeout,
        })
    }

    /// Returns what the resolver must know of the session at this moment.
    pub fn session(&self) -> Session {
        let now = self.now.unwrap_or_else(seconds_now);
        Session { now, zone: self.zone, write: self.write, files: self.files, strict: self.strict }
    }

    /// Returns how rows of a statement are written, which some formats show as their title.
    pub fn rendering(&self, console: &Console, statement: Option<u32>, query: &str) -> Rendering {
        Rendering {
            zone: self.zone,
            header: self.header,
            statement,
            continues: false,
            on_screen: console.results_on_screen,
            width: console.width.columns(),
            paint: console.paint,
            plot: self.plot,
            unicode: console.unicode,
            query: Some(query.trim().to_owned()).filter(|query| !query.is_empty()),
        }
    }
}

/// Returns the format that holds unless one is asked for: people get tables, programs tsv.
fn default_format(console: &Console) -> Format {
    if console.results_on_screen { Format::Table } else { Format::Tsv }
}

/// Returns the limit that holds for queries without one: only a person's screen has one by itself.
fn limit(run: &RunArgs, format: Format, console: &Console) -> Option<Limit> {
    let screen = console.results_on_screen && format.is_for_people();
    run.limit.map(Limit::Asked).or(screen.then_some(Limit::Screen))
}

/// Reads `--select`.
pub fn projection(text: &str) -> Result<ast::Projection, Failure> {
    let wrong = || {
        let note = Note::error(format!("--select takes fields with commas between them, not `{text}`"));
        Failure::usage(note.help("write: --select \"date, title, source\""))
    };
    let statement = ast::Statement::parse(&format!("find {text}")).map_err(|_| wrong())?;
    match statement {
        ast::Statement::Query(ast::Query::Find(ast::Find {
            projection: Some(projection),
            filter: None,
            clauses,
        })) if clauses.is_empty() => Ok(projection),
        _ => Err(wrong()),
    }
}

/// Returns the time of the machine, in seconds since 1970-01-01T00:00:00Z.
pub fn seconds_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
