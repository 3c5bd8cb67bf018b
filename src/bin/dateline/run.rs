//! One statement: resolved, run, its rows written as they are found.

use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dateline::exec::{
    self, Answer, AnswerKind, Cell, Column, ExecError, Row, RowSink, RunOptions, Summary, View, ZeroHit,
};
use dateline::query::{DateBound, Export, QueryError, Request, Resolved, ast, resolve};
use dateline::render::{
    Closing, Format, Renderer, Rendering, UnknownFormat, page_line, renderer, trailers, zero_hit_block,
};
use dateline::text::Span;
use dateline::value::{Number, Value};

use crate::console::Console;
use crate::failure::{Exit, Failure, Note, Severity};
use crate::interrupt;
use crate::script::{Written, bindings_for, with_defaults};
use crate::settings::{Limit, Settings};

/// Rows of a result that a session keeps, to print them again.
const KEPT_ROWS_MAX: usize = 10_000;

/// A result that a session can go back to.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// What was answered.
    pub kind: AnswerKind,
    /// The columns of its rows.
    pub columns: Vec<Column>,
    /// Its first rows.
    pub rows: Vec<Row>,
    /// Whether there were more rows than are kept.
    pub is_cut: bool,
    /// What closed it.
    pub summary: Summary,
    /// The dates that its condition came to.
    pub bounds: Vec<DateBound>,
    /// Whether the query asked for the total.
    pub total_asked: bool,
}

impl Kept {
    /// Returns what closes the result.
    pub fn closing(&self) -> Closing<'_> {
        closing(&self.summary, &self.bounds)
    }
}

/// What became of a statement.
pub struct Outcome {
    /// Rows written.
    pub rows: u64,
    /// Whether nothing was found.
    pub is_empty: bool,
    /// The rows, where they were to be kept.
    pub kept: Kept,
    /// Their chart, where one was to be drawn.
    pub chart: Option<Vec<u8>>,
}

/// What surrounds the run of a statement.
pub struct Surroundings<'a> {
    /// What the session was told.
    pub settings: &'a Settings,
    /// The terminal.
    pub console: &'a Console,
    /// When the run has to give up.
    pub deadline: Option<Instant>,
    /// The statement's number, where results are to carry it.
    pub number: Option<u32>,
    /// Whether rows are kept for later.
    pub keep: bool,
    /// Whether a chart of the rows is drawn too, where they can be drawn.
    pub draw: bool,
    /// How its rows are written.
    pub rendering: Rendering,
}

/// A statement that can be run.
pub struct Prepared {
    /// What to answer.
    pub resolved: Resolved,
    /// The file that its rows go to, where it is an `export`.
    pub destination: Option<(PathBuf, Format)>,
}

/// Resolves a statement of `script` against the names of an archive.
///
/// # Errors
///
/// What is wrong with it, pointing into `script`; with `--strict` also its warnings.
pub fn prepare(
    written: &Written,
    script: &str,
    view: &View,
    settings: &Settings,
) -> Result<Prepared, Failure> {
    let number = Some(written.number);
    let wrong = |errors: Vec<QueryError>| {
        let start = written.span.start as usize;
        let errors: Vec<QueryError> = errors.into_iter().map(|error| error.shifted(start)).collect();
        numbered(Failure::of_queries(&errors, script), number)
    };
    let statement = written.statement.clone().map_err(|error| wrong(vec![error]))?;
    let statement = with_defaults(statement, settings);
    let own_place = Span::new(0, written.span.len() as usize);
    let bindings = bindings_for(script, written.span, &[&settings.bindings, &settings.default_bindings]);
    let statement = ast::At::new(statement, own_place);
    let resolved = resolve(&statement, &view.catalog, &settings.session(), &bindings).map_err(wrong)?;
    if settings.strict && !resolved.warnings.is_empty() {
        let notes = resolved.warnings.iter().map(|warning| Note::of_warning(warning, true)).collect();
        return Err(numbered(Failure { exit: Exit::Query, notes }, number));
    }
    prepared(resolved).map_err(|failure| numbered(failure, number))
}

/// Parts the query of an `export` from the file that its rows go to.
fn prepared(resolved: Resolved) -> Result<Prepared, Failure> {
    let Request::Export(Export { path, format, request }) = resolved.request else {
        return Ok(Prepared { resolved, destination: None });
    };
    let format: Format = format.name().parse().map_err(|error: UnknownFormat| {
        Failure::new(Exit::Query, Note::error(error.to_string()).code("E215"))
    })?;
    let resolved = Resolved { request: *request, ..resolved };
    Ok(Prepared { resolved, destination: Some((PathBuf::from(path), format)) })
}

/// Writes the answer of a statement that changed the archive; one without columns has nothing to show but in JSON.
///
/// # Errors
///
/// Where it cannot be written.
pub fn show_change(
    answer: Answer,
    around: &Surroundings<'_>,
    out: &mut dyn Write,
) -> Result<Outcome, Failure> {
    let renderer = renderer(around.settings.format, around.rendering.clone());
    let mut drain = Drain::new(renderer, None, out, around);
    if !answer.columns.is_empty() || around.settings.format.carries_closing() {
        drain.start(answer.kind, &answer.columns);
        for row in answer.rows {
            if drain.row(row).is_break() {
                break;
            }
        }
    }
    let summary = Summary { warnings: answer.warnings, stats: answer.stats, ..Summary::default() };
    drain.finish(&closing(&summary, &answer.bounds))?;
    let outcome = drain.outcome(summary, answer.bounds);
    let settings = around.settings;
    if !settings.strict && !settings.format.carries_closing() {
        for warning in &outcome.kept.summary.warnings {
            around.console.say(&Note::of_warning(warning, false).statement(around.number));
        }
    }
    Ok(Outcome { is_empty: false, ..outcome })
}

/// Runs a prepared statement and writes its rows to `out`.
///
/// # Errors
///
/// Why it stopped; rows written before stay.
pub fn run(
    resolved: &Resolved,
    view: &View,
    around: &Surroundings<'_>,
    out: &mut dyn Write,
) -> Result<Outcome, Failure> {
    let started = Instant::now();
    let alone = || Rendering { continues: false, ..around.rendering.clone() };
    let chart = around.draw.then(|| renderer(Format::Svg, alone()));
    let renderer = renderer(around.settings.format, around.rendering.clone());
    let mut drain = Drain::new(renderer, chart, out, around);
    let ran = interrupt::cancellable(|cancel| {
        let options =
            RunOptions { cancel: cancel.clone(), deadline: around.deadline, ..RunOptions::default() };
        exec::run(&resolved.request, view, &options, &mut drain)
    });
    let (mut summary, error) = match ran {
        Ok(summary) => (summary, None),
        Err(error) => (Summary::default(), Some(error)),
    };
    summary.warnings = resolved.warnings.iter().chain(&summary.warnings).cloned().collect();
    drain.finish(&closing(&summary, &resolved.bounds))?;
    let mut outcome = drain.outcome(summary, resolved.bounds.clone());
    outcome.kept.total_asked = resolved.request.with().is_some_and(|with| with.total);
    match error {
        Some(error) => Err(stopped(&error, started.elapsed(), around)),
        None => Ok(outcome),
    }
}

/// Says what stands beside the rows of a result, which are on the screen by then.
///
/// # Errors
///
/// With `--strict`, the warnings of the run.
pub fn close(outcome: &Outcome, around: &Surroundings<'_>) -> Result<(), Failure> {
    remarks(outcome, around);
    refuse_warnings(outcome, around)
}

fn closing<'a>(summary: &'a Summary, bounds: &'a [DateBound]) -> Closing<'a> {
    Closing {
        total: summary.total,
        cursor: summary.cursor.as_deref(),
        undecided: summary.undecided,
        bounds,
        warnings: &summary.warnings,
    }
}

/// Returns what to say about a run that did not reach its end.
fn stopped(error: &ExecError, after: Duration, around: &Surroundings<'_>) -> Failure {
    let mut failure = Failure::of_exec(error);
    let note = match error {
        ExecError::Cancelled => Note::error(format!("cancelled after {:.1} s", after.as_secs_f64())),
        ExecError::Deadline => Note::error(format!("stopped after {:.1} s", after.as_secs_f64()))
            .help("raise --timeout, or narrow the query, for example by a date"),
        _ => return numbered(failure, around.number),
    };
    failure.notes = vec![note.code(error.code())];
    numbered(failure, around.number)
}

/// Returns a failure whose notes name the statement.
pub fn numbered(mut failure: Failure, number: Option<u32>) -> Failure {
    failure.notes = failure.notes.into_iter().map(|note| note.statement(number)).collect();
    failure
}

/// Says what stands beside the rows: warnings, why nothing was found, how much there is.
fn remarks(outcome: &Outcome, around: &Surroundings<'_>) {
    let (settings, console) = (around.settings, around.console);
    let kept = &outcome.kept;
    let for_people = settings.format.is_for_people() && console.results_on_screen;
    if !settings.strict && !settings.format.carries_closing() {
        // The line `undecided:` says what W08 would say.
        let is_said =
            |code: &str| code == "W08" && !for_people && !console.quiet && kept.summary.undecided > 0;
        for warning in kept.summary.warnings.iter().filter(|warning| !is_said(warning.code)) {
            console.say(&Note::of_warning(warning, false).statement(around.number));
        }
    }
    if let Some(help) = kept.summary.zero_hit.as_ref().filter(|_| outcome.is_empty) {
        console.remark(&empty_block(help, kept.kind));
        return;
    }
    if for_people {
        let line = page_line(kept.kind, outcome.rows, &kept.closing(), kept.summary.stats.elapsed);
        console.remark(&format!("{line}{}", way_on(kept, around)));
        // W08 tells a person about undecided dates already.
    } else if !settings.format.carries_closing() {
        // A total that was not asked for is the number of rows, or that of the count in them.
        let total = kept.summary.total.filter(|_| kept.total_asked);
        let closing = Closing { total, ..kept.closing() };
        trailers(kept.kind, &closing).iter().for_each(|line| console.remark(line));
    }
    if settings.timer && !settings.format.is_for_people() {
        console.remark(&format!("time: {:.1} ms", kept.summary.stats.elapsed.as_secs_f64() * 1_000.0));
    }
}

/// Returns the help of an empty result; a `count` has its 0 in the result already.
fn empty_block(help: &ZeroHit, kind: AnswerKind) -> String {
    let block = zero_hit_block(help);
    let rest = block.split_once('\n').map(|(_, rest)| rest.to_owned());
    if kind == AnswerKind::Count { rest.unwrap_or_default() } else { block }
}

/// Returns how to see what a page leaves out.
fn way_on(kept: &Kept, around: &Surroundings<'_>) -> &'static str {
    match (&kept.summary.cursor, around.settings.limit) {
        (Some(_), _) if around.keep => "; `.next` shows more",
        (Some(_), Some(Limit::Screen)) => "; --limit N shows more",
        _ => "",
    }
}

/// With `--strict`, warnings of the run are errors too; the rows are out by then.
fn refuse_warnings(outcome: &Outcome, around: &Surroundings<'_>) -> Result<(), Failure> {
    let warnings = &outcome.kept.summary.warnings;
    if !around.settings.strict || warnings.is_empty() {
        return Ok(());
    }
    let note = |warning| Note { severity: Severity::Error, ..Note::of_warning(warning, true) };
    let notes = warnings.iter().map(|warning| note(warning).statement(around.number)).collect();
    Err(Failure { exit: Exit::Query, notes })
}

/// Hands rows to the renderer and remembers why it stopped.
struct Drain<'a> {
    renderer: Box<dyn Renderer>,
    /// Draws the same rows, into memory.
    chart: Option<Box<dyn Renderer>>,
    drawn: Vec<u8>,
    out: &'a mut dyn Write,
    flush_rows: bool,
    kept_max: usize,
    rows: u64,
    kept: Kept,
    started: bool,
    error: Option<io::Error>,
    /// Whether the only cell of the only row says 0.
    is_zero: bool,
}

impl<'a> Drain<'a> {
    fn new(
        renderer: Box<dyn Renderer>,
        chart: Option<Box<dyn Renderer>>,
        out: &'a mut dyn Write,
        around: &Surroundings<'_>,
    ) -> Drain<'a> {
        Drain {
            renderer,
            chart,
            drawn: Vec::new(),
            out,
            flush_rows: around.settings.flush_rows,
            kept_max: if around.keep { KEPT_ROWS_MAX } else { 0 },
            rows: 0,
            kept: Kept::default(),
            started: false,
            error: None,
            is_zero: false,
        }
    }

    fn write_row(&mut self, row: &Row) -> io::Result<()> {
        if let Some(chart) = &mut self.chart {
            chart.row(row, &mut self.drawn)?;
        }
        self.renderer.row(row, self.out)?;
        if self.flush_rows { self.out.flush() } else { Ok(()) }
    }

    /// Writes what stands after the rows.
    fn finish(&mut self, closing: &Closing<'_>) -> Result<(), Failure> {
        if let Some(error) = self.error.take() {
            return Err(Failure::of_output(&error));
        }
        if !self.started {
            return Ok(());
        }
        let drawn = self.chart.as_mut().map_or(Ok(()), |chart| chart.finish(closing, &mut self.drawn));
        let finished =
            drawn.and_then(|()| self.renderer.finish(closing, self.out)).and_then(|()| self.out.flush());
        finished.map_err(|error| Failure::of_output(&error))
    }

    fn outcome(mut self, summary: Summary, bounds: Vec<DateBound>) -> Outcome {
        self.kept.summary = summary;
        self.kept.bounds = bounds;
        Outcome {
            rows: self.rows,
            is_empty: self.rows == 0 || self.is_zero,
            kept: self.kept,
            chart: self.chart.map(|_| self.drawn),
        }
    }
}

impl RowSink for Drain<'_> {
    fn start(&mut self, kind: AnswerKind, columns: &[Column]) {
        self.started = true;
        self.kept.kind = kind;
        self.kept.columns = columns.to_vec();
        // What has no numbers is not drawn.
        self.chart = self
            .chart
            .take()
            .and_then(|mut chart| chart.start(kind, columns, &mut self.drawn).ok().map(|()| chart));
        self.error = self.renderer.start(kind, columns, self.out).err();
    }

    fn row(&mut self, row: Row) -> ControlFlow<()> {
        if self.error.is_some() {
            return ControlFlow::Break(());
        }
        self.rows += 1;
        self.is_zero = self.rows == 1 && is_zero(self.kept.kind, &row);
        if let Err(error) = self.write_row(&row) {
            self.error = Some(error);
            return ControlFlow::Break(());
        }
        if self.kept.rows.len() < self.kept_max {
            self.kept.rows.push(row);
        } else {
            self.kept.is_cut = true;
        }
        ControlFlow::Continue(())
    }
}

/// Tells whether a row is the answer 0 of a plain `count`.
fn is_zero(kind: AnswerKind, row: &Row) -> bool {
    let zero = Cell::One(Value::Number(Number::Whole(0)));
    kind == AnswerKind::Count && row.cells.as_slice() == [zero]
}
