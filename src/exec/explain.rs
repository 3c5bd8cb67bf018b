//! `explain`: what a condition came to, segment by segment.

use std::fmt;
use std::time::Duration;

use super::docset::{DocSet, TERMINATED};
use super::open::{Opener, Tally};
use super::plan::Plan;
use super::planner::Planner;
use super::run::{Outcome, Plans};
use super::sink::Collect;
use super::{
    AnswerKind, Cell, CellType, Column, Context, ExecError, Guard, OpenSegment, Row, RowSink, RunOptions,
    Summary, View, help,
};
use crate::date::Date;
use crate::query::Request;
use crate::schema::FieldType;
use crate::value::Value;

/// What a statement would do, or with `analyze` did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explanation {
    /// The statement as it was read, in its canonical form; `None` where only its meaning is known.
    pub statement: Option<String>,
    /// The condition, names resolved and dates absolute; `None` for statements without one.
    pub predicate: Option<String>,
    /// The plan of each segment.
    pub segments: Vec<SegmentPlan>,
    /// Wall-clock time of the whole statement, where it was run.
    pub elapsed: Option<Duration>,
}

/// The plan of one segment.
#[derive(Debug, Clone, PartialEq)]
pub struct SegmentPlan {
    /// Live articles of the segment.
    pub articles: u64,
    /// Its newest and its oldest date; `None` where nothing is dated.
    pub dates: Option<(Date, Date)>,
    /// At most so many articles satisfy the condition.
    pub estimate: u64,
    /// The operators, each followed by its parts.
    pub operators: Vec<Operator>,
}

/// One operator of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// How deep it lies below the root.
    pub depth: usize,
    /// What it is.
    pub text: String,
    /// Articles that it yielded and moves that it was asked for, where it was run.
    pub did: Option<(u64, u64)>,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines().iter().enumerate().try_for_each(|(at, line)| {
            let before = if at > 0 { "\n" } else { "" };
            write!(f, "{before}{line}")
        })
    }
}

impl Explanation {
    /// Returns the explanation line by line.
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.statement.iter().map(|text| format!("read as {text}")).collect();
        if let Some(predicate) = &self.predicate {
            lines.push(format!("where {predicate}"));
        }
        for (number, segment) in self.segments.iter().enumerate() {
            lines.push(segment.headline(number + 1));
            lines.extend(segment.operators.iter().map(Operator::line));
        }
        if let Some(elapsed) = self.elapsed {
            lines.push(format!("took {:.3} ms", elapsed.as_secs_f64() * 1_000.0));
        }
        lines
    }
}

impl SegmentPlan {
    fn headline(&self, number: usize) -> String {
        let dates = match &self.dates {
            Some((newest, oldest)) => format!(", {oldest} to {newest}"),
            None => String::new(),
        };
        let articles = counted(self.articles, "article");
        format!("segment {number}: {articles}{dates}, at most {} match", self.estimate)
    }
}

impl Operator {
    fn line(&self) -> String {
        let did = match self.did {
            Some((yielded, moves)) => {
                format!("  [{} in {}]", counted(yielded, "article"), counted(moves, "move"))
            }
            None => String::new(),
        };
        format!("{:1$}{2}{did}", "", (self.depth + 1) * 2, self.text)
    }
}

/// Returns a number with its noun.
pub(super) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Explains how `request` would be answered on `view`, without running it.
///
/// # Errors
///
/// [`ExecError`] where planning fails: too large an expansion, or a damaged segment.
pub fn explain(request: &Request, view: &View) -> Result<Explanation, ExecError> {
    let guard = Guard::new(&RunOptions::default());
    let context = Context::open(view, &guard)?;
    let planner = Planner::new(&context);
    let explanation = explain_in(request, None, &context, &planner)?;
    context.settle()?;
    Ok(explanation)
}

/// Answers `explain`: one row a line.
pub(crate) fn rows(
    statement: &str,
    request: &Request,
    analyze: bool,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let elapsed = match analyze {
        true => Some(run_for_time(request, context, planner)?),
        false => None,
    };
    let mut explanation = explain_in(request, elapsed, context, planner)?;
    explanation.statement = Some(statement.to_owned());
    let cell_type = CellType::Field(FieldType::Keyword);
    sink.start(AnswerKind::Explain, &[Column { name: "plan".to_owned(), cell_type, many: false }]);
    for line in explanation.lines() {
        if sink.row(Row { id: None, cells: vec![Cell::One(Value::Text(line))] }).is_break() {
            break;
        }
    }
    Ok(Outcome { summary: Summary::default(), ..Outcome::default() })
}

fn run_for_time(
    request: &Request,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
) -> Result<Duration, ExecError> {
    let started = std::time::Instant::now();
    super::run::statement(request, context, planner, &mut Collect::default())?;
    Ok(started.elapsed())
}

fn explain_in(
    request: &Request,
    elapsed: Option<Duration>,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
) -> Result<Explanation, ExecError> {
    let Some(predicate) = help::predicate_of(request) else {
        return Ok(Explanation { elapsed, ..Explanation::default() });
    };
    let plans = Plans::new(predicate, planner)?;
    let mut segments = Vec::with_capacity(plans.segments.len());
    for (open, plan) in context.segments.iter().zip(&plans.segments) {
        let tally = match elapsed {
            Some(_) => Some(measure(open, plan, context)?),
            None => None,
        };
        segments.push(SegmentPlan {
            articles: u64::from(open.len()) - open.dead.as_ref().map_or(0, |dead| dead.len()),
            dates: dates_of(open),
            estimate: plan.estimate(open.len()),
            operators: operators(plan, tally.as_ref()),
        });
    }
    Ok(Explanation { statement: None, predicate: Some(predicate.to_string()), segments, elapsed })
}

/// Runs a plan to its end and returns what its operators did.
fn measure(open: &OpenSegment<'_>, plan: &Plan, context: &Context<'_>) -> Result<Tally, ExecError> {
    let tally = Tally::of(plan);
    let opener = Opener { context, open, tally: Some(&tally) };
    let mut set = opener.live(plan)?;
    while set.doc() != TERMINATED {
        set.advance();
    }
    drop(set);
    context.guard.take_fault()?;
    Ok(tally)
}

fn dates_of(open: &OpenSegment<'_>) -> Option<(Date, Date)> {
    let last = open.dates.dated().checked_sub(1)?;
    Some((open.dates.date(0)?, open.dates.date(last)?))
}

fn operators(plan: &Plan, tally: Option<&Tally>) -> Vec<Operator> {
    let mut listed = Vec::new();
    list(plan, 0, &mut listed);
    if let Some(tally) = tally {
        for (operator, (yielded, moves)) in listed.iter_mut().zip(&tally.operators) {
            operator.did = Some((yielded.get(), moves.get()));
        }
    }
    listed
}

fn list(plan: &Plan, depth: usize, listed: &mut Vec<Operator>) {
    listed.push(Operator { depth, text: plan.headline(), did: None });
    plan.parts().into_iter().for_each(|part| list(part, depth + 1, listed));
}
