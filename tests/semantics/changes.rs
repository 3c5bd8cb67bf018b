//! Cases with statements that change articles: each on a database of its own.

use std::collections::BTreeSet;

use dateline::Database;
use dateline::database::Options;
use serde_json::Value;

use super::answers::{Keys, Outcome, bindings, compare, session};

/// Runs a case with every second commit sealed into a file, so that what changes lies in files and in memory.
pub fn run(file: &Value, case: &Value, setup: &[&str]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { create: true, sync_commits: false, seal_changes: 2, ..Options::default() };
    let database = Database::open_with(folder.path().join("db"), options).unwrap();
    for article in file["archive"].as_array().unwrap() {
        database.query(&format!("insert {article}")).map_err(|error| error.to_string())?;
    }
    for statement in setup {
        database.query(statement).map_err(|error| format!("{statement}: {error}"))?;
    }
    let outcome = ask(&database, file, case);
    compare(case, outcome, &keys(&database))
}

fn ask(database: &Database, file: &Value, case: &Value) -> Result<Outcome, BTreeSet<String>> {
    let session = dateline::query::Session { write: case["read_only"].is_null(), ..session(file, case) };
    let prepared = database.prepare(case["query"].as_str().unwrap()).map_err(codes)?;
    let prepared = prepared.session(session).bind_all(bindings(&case["params"]));
    let answer = database.execute(&prepared).map_err(codes)?;
    let warnings = answer.warnings.iter().map(|warning| warning.code.to_owned()).collect();
    Ok(Outcome { answer, warnings, zone: session.zone })
}

fn codes(error: dateline::Error) -> BTreeSet<String> {
    match &error {
        dateline::Error::Query(errors) => errors.iter().map(|error| error.code.to_string()).collect(),
        dateline::Error::Exec(error) => BTreeSet::from([error.code().to_owned()]),
        other => BTreeSet::from([other.to_string()]),
    }
}

fn keys(database: &Database) -> Keys {
    let answer = database.query("find id, key").unwrap();
    let key = |row: &dateline::exec::Row| match &row.cells[1] {
        dateline::exec::Cell::One(value) => (row.id.unwrap().0, value.to_string()),
        other => panic!("{other:?} is no key"),
    };
    answer.rows.iter().map(key).collect()
}
