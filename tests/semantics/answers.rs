//! Tiny archives, queries, and what must come out: articles by key or rows, warnings, totals, or the code of an error.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::Arc;

use dateline::catalog::Catalog;
use dateline::date::{Date, Offset};
use dateline::exec::{self, Answer, Cell, RunOptions, View};
use dateline::query::ast::Statement;
use dateline::query::{Binding, Bindings, RegexPattern, Session, parse, resolve};
use dateline::value::{Number, Value as FieldValue};
use rayon::prelude::*;
use serde_json::{Value, json};

use super::{archive, changes, corpus};

/// Now, where neither file nor case says.
const NOW: &str = "2018-10-01T12:00Z";

#[test]
fn queries_answer_as_the_corpus_says() {
    let mut files: Vec<_> =
        fs::read_dir(corpus("semantics")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    // Cases with a database of their own mostly wait for its files.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let file: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let cases = file["cases"].as_array().unwrap();
        count += cases.len();
        let outcomes = pool.install(|| cases.par_iter().map(|case| run(&file, case)).collect::<Vec<_>>());
        for (case, outcome) in cases.iter().zip(outcomes) {
            if let Err(difference) = outcome {
                wrong.push(format!(
                    "{name}/{}\n  {}\n  {difference}",
                    case["name"].as_str().unwrap(),
                    case["query"]
                ));
            }
        }
    }
    println!("{count} cases");
    assert!(wrong.is_empty(), "{} of {count} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs a case on one segment and on a segment an article: the answer must be the same.
///
/// Where statements change articles, it runs on a database that extracted for itself what the articles hold.
fn run(file: &Value, case: &Value) -> Result<(), String> {
    let setup: Vec<&str> =
        case["setup"].as_array().into_iter().flatten().map(|text| text.as_str().unwrap()).collect();
    let query = case["query"].as_str().unwrap();
    if Statement::parse(query).is_ok_and(|query| query.is_change()) || setup.iter().any(|text| is_write(text))
    {
        return changes::run(file, case, &setup);
    }
    let mut catalog = Catalog::default();
    let records = archive::records(file["archive"].as_array().unwrap(), &mut catalog);
    for definition in setup {
        define(definition, &mut catalog);
    }
    let catalog = Arc::new(catalog);
    let keys: Keys = records.iter().map(|record| (record.id.0, record.article.key.clone())).collect();
    for apart in [false, true] {
        let view = archive::view(&records, apart, &catalog);
        compare(case, ask(file, case, &view), &keys)?;
    }
    Ok(())
}

fn is_write(text: &str) -> bool {
    matches!(Statement::parse(text), Ok(Statement::Write(_)))
}

/// Keys of articles by number.
pub type Keys = BTreeMap<u32, String>;

/// Enters a definition into a catalog, as a session that may write would.
fn define(text: &str, catalog: &mut Catalog) {
    let session = Session { write: true, ..Session::default() };
    let script = parse(text).unwrap();
    let resolved = resolve(&script.statements[0], catalog, &session, &Bindings::default());
    resolved.unwrap_or_else(|errors| panic!("{}", errors[0].render(text))).request.change_catalog(catalog);
}

/// Returns the session of a case.
pub fn session(file: &Value, case: &Value) -> Session {
    let zone: Offset = case["zone"].as_str().unwrap_or("Z").parse().unwrap();
    let now = case["now"].as_str().or(file["now"].as_str()).unwrap_or(NOW);
    let now: Date = now.parse().unwrap();
    Session { now: now.sort_start(), zone, ..Session::default() }
}

/// What came of a case's query.
pub struct Outcome {
    pub answer: Answer,
    pub warnings: BTreeSet<String>,
    pub zone: Offset,
}

/// Answers a case's query; the codes of its errors otherwise.
fn ask(file: &Value, case: &Value, view: &View) -> Result<Outcome, BTreeSet<String>> {
    let session = session(file, case);
    let text = case["query"].as_str().unwrap();
    let codes = |errors: Vec<dateline::query::QueryError>| -> BTreeSet<String> {
        errors.iter().map(|error| error.code.to_string()).collect()
    };
    let script = parse(text).map_err(codes)?;
    let resolved =
        resolve(&script.statements[0], &view.catalog, &session, &bindings(&case["params"])).map_err(codes)?;
    let answer = exec::answer(&resolved.request, view, &RunOptions::default())
        .map_err(|error| BTreeSet::from([error.code().to_owned()]))?;
    let all = resolved.warnings.iter().chain(&answer.warnings);
    let warnings = all.map(|warning| warning.code.to_owned()).collect();
    Ok(Outcome { answer, warnings, zone: session.zone })
}

/// `{"name": value}` or `[value, ...]`; `{"date": ...}` and `{"regex": ...}` where JSON has no such type.
pub fn bindings(params: &Value) -> Bindings {
    let mut bindings = Bindings::default();
    match params {
        Value::Object(named) => {
            named.iter().for_each(|(name, value)| bindings.set(name.as_str(), binding(value)))
        }
        Value::Array(numbered) => {
            numbered.iter().zip(1u32..).for_each(|(value, number)| bindings.set(number, binding(value)))
        }
        _ => {}
    }
    bindings
}

fn binding(value: &Value) -> Binding {
    match value {
        Value::Array(values) => Binding::List(values.iter().map(plain).collect()),
        Value::Object(typed) if typed.contains_key("regex") => Binding::Regex(RegexPattern {
            pattern: typed["regex"].as_str().unwrap().to_owned(),
            ignore_case: false,
            multi_line: false,
            dot_matches_newline: false,
        }),
        value => Binding::Value(plain(value)),
    }
}

fn plain(value: &Value) -> FieldValue {
    match value {
        Value::Bool(value) => FieldValue::from(*value),
        Value::Number(number) => FieldValue::Number(Number::from_f64(number.as_f64().unwrap()).unwrap()),
        Value::Object(typed) => FieldValue::Date(typed["date"].as_str().unwrap().parse().unwrap()),
        other => FieldValue::from(other.as_str().unwrap()),
    }
}

/// Holds what came out against what the case says.
pub fn compare(case: &Value, outcome: Result<Outcome, BTreeSet<String>>, keys: &Keys) -> Result<(), String> {
    let outcome = match (outcome, case["error"].as_str()) {
        (Err(codes), Some(code)) if codes.contains(code) => return Ok(()),
        (Err(codes), expected) => return Err(format!("errors {codes:?}, expected {expected:?}")),
        (Ok(_), Some(code)) => return Err(format!("is answered, expected {code}")),
        (Ok(outcome), None) => outcome,
    };
    let answer = &outcome.answer;
    let found: Vec<Value> =
        answer.rows.iter().map(|row| row.id.map_or(Value::Null, |id| keys[&id.0].as_str().into())).collect();
    same("articles", &case["keys"], Value::Array(found))?;
    let columns: Vec<Value> = answer.columns.iter().map(|column| column.name.as_str().into()).collect();
    same("columns", &case["columns"], Value::Array(columns))?;
    let rows = answer
        .rows
        .iter()
        .map(|row| Value::Array(row.cells.iter().map(|cell| shown(cell, outcome.zone)).collect()));
    same("rows", &case["rows"], Value::Array(rows.collect()))?;
    same("total", &case["total"], json!(answer.total))?;
    same("undecided", &case["undecided"], json!(answer.undecided))?;
    same("zero_hit", &case["zero_hit"], json!(answer.zero_hit.as_ref().map(|help| &help.conditions)))?;
    same("zero_pair", &case["zero_pair"], json!(answer.zero_hit.as_ref().and_then(|help| help.empty_pair)))?;
    let expected = case["warnings"].as_array().cloned().unwrap_or_default();
    // What is read and what is undecided is warned of beside all else; a case names it where it is about it.
    let is_aside = |code: &str| ["W05", "W08"].contains(&code) && !expected.contains(&code.into());
    let warnings: BTreeSet<String> = outcome.warnings.into_iter().filter(|code| !is_aside(code)).collect();
    same("warnings", &case["warnings"], json!(warnings))
}

fn same(what: &str, expected: &Value, found: Value) -> Result<(), String> {
    if expected.is_null() || is_near(expected, &found) {
        return Ok(());
    }
    Err(format!("{what} {found}, expected {expected}"))
}

/// Equality that forgives the last digits of a number.
fn is_near(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Number(a), Value::Number(b)) => (a.as_f64().unwrap() - b.as_f64().unwrap()).abs() < 1e-9,
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_near(a, b))
        }
        _ => expected == found,
    }
}

/// A cell as JSON output has it.
fn shown(cell: &Cell, zone: Offset) -> Value {
    match cell {
        Cell::Missing => Value::Null,
        Cell::One(value) => shown_value(value, zone),
        Cell::Many(values) => values.iter().map(|value| shown_value(value, zone)).collect(),
        Cell::Snippets(snippets) => serde_json::to_value(snippets).unwrap(),
        Cell::Json(value) => value.clone(),
    }
}

fn shown_value(value: &FieldValue, zone: Offset) -> Value {
    match value {
        FieldValue::Text(text) => text.as_str().into(),
        FieldValue::Number(Number::Whole(number)) => (*number).into(),
        FieldValue::Number(Number::Decimal(number)) => (*number).into(),
        FieldValue::Boolean(value) => (*value).into(),
        FieldValue::Date(date) => date.in_zone(zone).to_string().into(),
    }
}
