//! `.why N`: how an article satisfies each condition of the query that found it.

use std::io::{self, Write};

use dateline::exec::{self, Answer, Cell, RunOptions, Snippet, View};
use dateline::query::lex::tokens;
use dateline::query::{Statement, ast, resolve};
use dateline::render::{Format, Paint, safe_text};
use dateline::text::Span;

use super::{After, usage};
use crate::failure::{Exit, Failure, Note};
use crate::script::bindings_for;
use crate::shell::{Last, Shell};

/// Words around a match.
const WORDS: u32 = 12;

/// How one condition is satisfied.
struct Reason {
    condition: String,
    /// Where: `body` and its extract, or a field and its value.
    places: Vec<(String, String)>,
    holds: bool,
}

/// Explains a row of the last result.
pub(super) fn why(shell: &mut Shell, argument: &str) -> Result<After, Failure> {
    let number: usize = argument.parse().map_err(|_| usage("why"))?;
    let id = shell.article_of_row(number)?;
    if !shell.last.as_ref().is_some_and(Last::is_find) {
        let note = Note::error("the last result is not that of a `find` with its condition");
        return Err(Failure::usage(note.help("run a `find`; `.why N` explains its row N")));
    }
    let view = shell.view()?;
    let conditions: Vec<String> = shell.last.as_ref().map(conditions).unwrap_or_default();
    if conditions.is_empty() {
        shell.console.remark("the query has no condition; every article is among its results");
        return Ok(After::GoOn);
    }
    let reasons: Vec<Reason> = conditions
        .into_iter()
        .map(|condition| reason(shell, &view, id, condition))
        .collect::<Result<_, Failure>>()?;
    let paint = shell.console_of_output().paint;
    write(&reasons, paint, shell.output.writer(Format::Line)).map_err(|error| Failure::of_output(&error))?;
    shell.output.end_result()?;
    Ok(After::GoOn)
}

/// Lists the conditions that `and` joins, as they would be written.
fn conditions(last: &Last) -> Vec<String> {
    let Some(filter) = last.filter() else { return Vec::new() };
    match &filter.node {
        ast::Expr::And(parts) => parts.iter().map(|part| part.node.to_string()).collect(),
        whole => vec![whole.to_string()],
    }
}

fn reason(shell: &Shell, view: &View, id: u32, condition: String) -> Result<Reason, Failure> {
    let ask = |projection: &str, condition: &str, clause: &str| {
        answer(shell, view, &format!("find {projection} where id = {id}{condition}{clause}"))
    };
    let found = ask("id", &format!(" and ({condition})"), &format!(" with snippets of {WORDS} words"))?;
    let holds = !found.rows.is_empty();
    let paint = shell.console_of_output().paint;
    let mut places = extracts(&found, paint);
    if let Some(field) = field(&condition, view).filter(|_| places.is_empty()) {
        let value = ask(&field, "", "")?;
        let cell = value.rows.first().and_then(|row| row.cells.first());
        places.extend(cell.map(|cell| (field, shown(cell))));
    }
    Ok(Reason { condition, places, holds })
}

fn answer(shell: &Shell, view: &View, text: &str) -> Result<Answer, Failure> {
    let wrong = |error| Failure::of_queries(&[error], text);
    let statement = Statement::parse(text).map_err(wrong)?;
    let span = Span::new(0, text.len());
    let settings = &shell.settings;
    let bindings = bindings_for(text, span, &[&settings.bindings, &settings.default_bindings]);
    let statement = ast::At::new(statement, span);
    let resolved = resolve(&statement, &view.catalog, &settings.session(), &bindings)
        .map_err(|errors| Failure::of_queries(&errors, text))?;
    exec::answer(&resolved.request, view, &RunOptions::default()).map_err(|error| Failure::of_exec(&error))
}

/// Returns the field that a condition speaks of first.
fn field(condition: &str, view: &View) -> Option<String> {
    let names = tokens(condition).into_iter().filter(|token| token.is_name());
    let mut names = names.map(|token| token.span.of(condition).trim_matches('`').to_lowercase());
    names.find(|name| view.catalog.schema.field(name).is_some() && !matches!(name.as_str(), "text" | "body"))
}

fn shown(cell: &Cell) -> String {
    let text = match cell {
        Cell::One(value) => value.to_string(),
        Cell::Many(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        _ => String::new(),
    };
    if text.is_empty() { "-".to_owned() } else { safe_text(&text) }
}

/// Returns the extracts in which something matched, with their fields.
fn extracts(answer: &Answer, paint: Paint) -> Vec<(String, String)> {
    let cells = answer.rows.iter().flat_map(|row| &row.cells);
    let snippets = cells.filter_map(|cell| match cell {
        Cell::Snippets(snippets) => Some(snippets),
        _ => None,
    });
    let matched = snippets.flatten().filter(|snippet| !snippet.matches.is_empty());
    matched.map(|snippet| (snippet.field.clone(), marked(snippet, paint))).collect()
}

/// Returns an extract with its matches marked, by brackets where there are no colours.
fn marked(snippet: &Snippet, paint: Paint) -> String {
    let mut out = String::new();
    let mut at = 0;
    for &(start, end) in &snippet.matches {
        let (start, end) = (start as usize, end as usize);
        let (Some(before), Some(word)) = (snippet.text.get(at..start), snippet.text.get(start..end)) else {
            continue;
        };
        out.push_str(&safe_text(before));
        out.push_str(&match paint {
            Paint::Plain => format!("[{}]", safe_text(word)),
            Paint::Colour => paint.highlight(&safe_text(word)),
        });
        at = end;
    }
    out + &safe_text(snippet.text.get(at..).unwrap_or_default())
}

fn write(reasons: &[Reason], paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for reason in reasons {
        let remark = if reason.holds { "" } else { "  (does not hold)" };
        writeln!(out, "{}{remark}", paint.bold(&safe_text(&reason.condition)))?;
        for (place, text) in &reason.places {
            writeln!(out, "    {}  {text}", paint.dim(place))?;
        }
    }
    Ok(())
}

impl Shell {
    /// Returns the number of the article that a row of the last result shows.
    ///
    /// # Errors
    ///
    /// Where there is no such row, or it shows no article.
    pub fn article_of_row(&self, number: usize) -> Result<u32, Failure> {
        let rows = self.last.as_ref().map_or(0, |last| last.kept.rows.len());
        let row = number.checked_sub(1).and_then(|at| self.last.as_ref()?.kept.rows.get(at));
        let Some(row) = row else {
            let has = match rows {
                0 => "there is no result yet".to_owned(),
                1 => format!("the last result has 1 row, and no row {number}"),
                rows => format!("the last result has {rows} rows, and no row {number}"),
            };
            let note = Note::error(has).help("run a `find`; its first article is row 1");
            return Err(Failure::new(Exit::Usage, note));
        };
        let Some(id) = row.id else {
            let note = Note::error(format!("row {number} shows no article"));
            return Err(Failure::usage(note.help("rows of `find` show articles")));
        };
        Ok(id.0)
    }
}
