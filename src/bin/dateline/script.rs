//! A script: statements, and between them lines that begin with a dot and steer the session.

use dateline::query::lex::{Sign, TokenKind, tokens};
use dateline::query::{Bindings, Parameter, QueryError, Statement, ast};
use dateline::text::Span;

use crate::settings::Settings;

/// One step of a script.
#[derive(Debug, Clone)]
pub enum Step {
    /// A statement.
    Statement(Box<Written>),
    /// A dot command, without line break.
    Dot(String),
}

impl Step {
    /// Returns the step as it is counted where so many statements stand before its script.
    #[must_use]
    pub fn counted_after(mut self, statements: u32) -> Step {
        if let Step::Statement(written) = &mut self {
            written.number = written.number.saturating_add(statements);
        }
        self
    }
}

/// A statement with its place in the script.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its number among the statements, from 1.
    pub number: u32,
    /// What it says, or what is wrong with it; places are bytes of its own text.
    pub statement: Result<Statement, QueryError>,
    /// Where it stands, in bytes of the script.
    pub span: Span,
}

/// Splits a script into its steps, in order; each statement parses for itself.
pub fn steps(script: &str) -> Vec<Step> {
    let (blanked, dots) = blank_dot_lines(script);
    let mut steps: Vec<(u32, Step)> =
        dots.into_iter().map(|(start, line)| (start, Step::Dot(line))).collect();
    for (number, span) in (1..).zip(statement_spans(&blanked)) {
        let statement = Statement::parse(span.of(&blanked));
        steps.push((span.start, Step::Statement(Box::new(Written { number, statement, span }))));
    }
    steps.sort_by_key(|(start, _)| *start);
    steps.into_iter().map(|(_, step)| step).collect()
}

/// Returns the stretches between semicolons that hold more than comments.
fn statement_spans(script: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut open: Option<Span> = None;
    for token in tokens(script) {
        match token.kind {
            TokenKind::Sign(Sign::Semicolon) => spans.extend(open.take()),
            TokenKind::Comment => {}
            _ => {
                let start = open.map_or(token.span.start, |span| span.start);
                open = Some(Span { start, end: token.span.end });
            }
        }
    }
    spans.extend(open);
    spans
}

/// Puts a separator and spaces in place of every dot command, so that all other text keeps its place.
///
/// No line of the language begins with a dot: names join at dots within a line, and strings have no line breaks.
fn blank_dot_lines(script: &str) -> (String, Vec<(u32, String)>) {
    let mut blanked = String::with_capacity(script.len());
    let mut dots = Vec::new();
    for line in script.split_inclusive('\n') {
        if is_dot_command(line) {
            dots.push((Span::new(blanked.len(), blanked.len()).start, line.trim().to_owned()));
            let kept = line.trim_end_matches(['\n', '\r']);
            blanked.push(';');
            blanked.push_str(&" ".repeat(kept.len().saturating_sub(1)));
            blanked.push_str(line.get(kept.len()..).unwrap_or_default());
        } else {
            blanked.push_str(line);
        }
    }
    (blanked, dots)
}

/// Tells whether a line is a dot command.
pub fn is_dot_command(line: &str) -> bool {
    line.strip_prefix('.').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Returns the parameters that a statement asks for, by the text it was read from.
pub fn parameters(script: &str, span: Span) -> Vec<Parameter> {
    let text = span.of(script);
    let asked = tokens(text).into_iter().filter(|token| token.kind == TokenKind::Parameter);
    asked.map(|token| Parameter::from(token.span.of(text))).collect()
}

/// Returns the bindings that a statement asks for, the first of `sources` that has one each.
///
/// A script's parameters serve all its statements.
pub fn bindings_for(script: &str, span: Span, sources: &[&Bindings]) -> Bindings {
    let mut bindings = Bindings::default();
    for name in parameters(script, span) {
        if let Some(value) = sources.iter().find_map(|source| source.get(&name)) {
            bindings.set(name, value.clone());
        }
    }
    bindings
}

/// Puts `--select` and the default limit into a statement that has none of its own.
pub fn with_defaults(mut statement: Statement, settings: &Settings) -> Statement {
    if let Some(query) = query_of(&mut statement) {
        default_projection(query, settings);
        default_limit(query, settings);
    }
    statement
}

/// Returns the query that a statement runs and shows; one that is exported to a file is left whole.
fn query_of(statement: &mut Statement) -> Option<&mut ast::Query> {
    match statement {
        Statement::Query(query) => Some(query),
        Statement::Explain(ast::Explain::Plan(ast::Runnable::Query(query)))
        | Statement::Explain(ast::Explain::Analyze(ast::Runnable::Query(query))) => Some(query),
        _ => None,
    }
}

fn default_projection(query: &mut ast::Query, settings: &Settings) {
    if let ast::Query::Find(find) = query
        && find.projection.is_none()
    {
        find.projection.clone_from(&settings.select);
    }
}

fn default_limit(query: &mut ast::Query, settings: &Settings) {
    use crate::settings::Limit;
    let Some(limit) = settings.limit else { return };
    let rows = || ast::Whole::Number(limit.rows()).into();
    let asked = matches!(limit, Limit::Asked(_));
    match query {
        ast::Query::Find(find) => limit_clause(&mut find.clauses, rows()),
        ast::Query::Count(count) if asked && !count.keys.is_empty() => {
            limit_clause(&mut count.clauses, rows())
        }
        ast::Query::Measure(measure) if asked && !measure.keys.is_empty() => {
            limit_clause(&mut measure.clauses, rows());
        }
        ast::Query::Top(top) if asked => {
            top.limit.get_or_insert_with(rows);
        }
        ast::Query::Pairs(pairs) if asked => {
            pairs.limit.get_or_insert_with(rows);
        }
        _ => {}
    }
}

fn limit_clause(clauses: &mut Vec<ast::At<ast::Clause>>, rows: ast::At<ast::Whole>) {
    if !clauses.iter().any(|clause| matches!(clause.node, ast::Clause::Limit(_))) {
        clauses.push(ast::Clause::Limit(rows).into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_commands_stand_between_statements() {
        let script = "find limit 1\n.mode csv\ncount;;\n.quit\n";
        let shown: Vec<String> = steps(script)
            .iter()
            .map(|step| match step {
                Step::Dot(line) => line.clone(),
                Step::Statement(written) => format!("{}: {}", written.number, written.span.of(script)),
            })
            .collect();
        assert_eq!(shown, ["1: find limit 1", ".mode csv", "2: count", ".quit"]);
    }

    #[test]
    fn comments_and_semicolons_alone_are_no_statements() {
        assert!(steps("# nothing; here\n;; -- or here\n").is_empty());
        let script = "count -- a; comment\nwhere title contains \"a;b\"; find";
        let spans = statement_spans(script);
        assert_eq!(spans.len(), 2);
        assert_eq!(spans[1].of(script), "find");
    }

    #[test]
    fn a_wrong_statement_leaves_the_others_alone() {
        let steps = steps("fnd; count");
        let parsed: Vec<bool> = steps
            .iter()
            .map(|step| matches!(step, Step::Statement(written) if written.statement.is_ok()))
            .collect();
        assert_eq!(parsed, [false, true]);
    }

    #[test]
    fn each_statement_gets_its_own_parameters() {
        let script = "find where source = :s; find where title contains $1 -- :no";
        assert_eq!(parameters(script, Span::new(0, 22)), [Parameter::Named("s".into())]);
        let all = Bindings::default().with("s", "AFP").with("x", 1);
        assert_eq!(bindings_for(script, Span::new(0, 22), &[&all]).len(), 1);
    }
}
