//! What is said of statements without meaning, and of those that look unintended.

use std::collections::BTreeMap;
use std::fs;

use dateline::catalog::{Catalog, Saved};
use dateline::query::ast::LANGUAGE_VERSION;
use dateline::query::{Bindings, Code, QueryError, Resolved, Session, Warning, parse, resolve};
use dateline::schema::{FieldType, Schema};

use super::corpus;

/// The archive that the rejected statements are asked of.
pub(super) fn catalog() -> Catalog {
    let mut schema = Schema::default();
    schema.declare("tone", FieldType::Number);
    schema.declare("checked", FieldType::Boolean);
    let saved = |text: &str, is_condition| Saved {
        text: text.to_owned(),
        is_condition,
        language_version: LANGUAGE_VERSION,
    };
    Catalog {
        schema,
        aliases: BTreeMap::from([("Islamic State".to_owned(), vec!["ISIS".to_owned(), "Daesh".to_owned()])])
            .into(),
        saved: BTreeMap::from([
            ("syria".to_owned(), saved("mentions \"Syria\"", true)),
            ("round".to_owned(), saved("@about or source = \"AFP\"", true)),
            ("about".to_owned(), saved("@round and title exists", true)),
            ("weekly".to_owned(), saved("timeline by week where source = :source and date in 2018", false)),
        ]),
    }
}

pub(super) fn resolved(text: &str, session: &Session) -> Result<Resolved, Vec<QueryError>> {
    let script = match parse(text) {
        Ok(script) => script,
        Err(errors) => panic!("{text} does not parse: {}", errors[0].message),
    };
    resolve(&script.statements[0], &catalog(), session, &Bindings::default())
}

/// Renders every mistake of a statement.
fn messages(text: &str, session: &Session) -> String {
    match resolved(text, session) {
        Ok(_) => format!("{text} is accepted\n"),
        Err(errors) => errors.iter().map(|error| error.render(text)).collect(),
    }
}

/// Lists the warnings of a statement.
fn warnings(text: &str, session: &Session) -> String {
    let resolved = resolved(text, session).unwrap_or_else(|errors| panic!("{}", errors[0].render(text)));
    let line = |warning: &Warning| format!("{}: {}\n", warning.code, warning.message);
    resolved.warnings.iter().map(line).collect()
}

/// Holds each query of a file against what follows it there.
pub(super) fn hold(file: &str, session: &Session, tell: fn(&str, &Session) -> String) {
    let path = corpus(file);
    let text = fs::read_to_string(&path).unwrap();
    let cases: Vec<(&str, &str)> = text
        .trim_end()
        .split("\n====\n")
        .map(|case| case.split_once("\n---").unwrap_or((case, "")))
        .collect();
    println!("{file}: {} statements", cases.len());
    let mut found = Vec::new();
    for (query, expected) in &cases {
        let told = tell(query, session);
        let is_update = std::env::var_os("UPDATE_GRAMMAR").is_some();
        assert!(
            is_update || told.trim() == expected.trim(),
            "{file}: {query}\nsays\n{told}\nnot\n{expected}"
        );
        found.push(format!("{query}\n---\n{told}"));
    }
    if std::env::var_os("UPDATE_GRAMMAR").is_some() {
        fs::write(&path, found.join("====\n")).unwrap();
    }
}

#[test]
fn statements_without_meaning_are_refused_with_reasons() {
    hold("reject/semantic.dql", &Session::default(), messages);
}

#[test]
fn statements_that_write_are_checked_before_they_run() {
    hold("reject/write.dql", &Session { write: true, files: true, ..Session::default() }, messages);
}

#[test]
fn statements_that_look_unintended_are_warned_of() {
    hold("accept/warned.dql", &Session::default(), warnings);
}

#[test]
fn strict_sessions_take_warnings_as_errors() {
    let session = Session { strict: true, ..Session::default() };
    let text = "find where mentions \"a\" and mentions \"b\" or mentions \"c\"";
    let errors = resolved(text, &session).unwrap_err();
    assert_eq!(errors[0].code, Code::Warned);
    assert_eq!(resolved(text, &Session::default()).unwrap().warnings.len(), 1);
}

#[test]
fn a_long_list_of_mistakes_is_cut() {
    let values: Vec<String> = (0..9_000).map(|number| number.to_string()).collect();
    let text = format!("find where source in ({})", values.join(", "));
    assert_eq!(resolved(&text, &Session::default()).unwrap_err().len(), 100);
}

/// Accepted examples mean something: what is missing is what a session brings, values and permissions.
#[test]
fn accepted_statements_want_only_what_a_session_brings() {
    let mut catalog = catalog();
    for (name, field_type) in [("order", FieldType::Keyword), ("casualties (min)", FieldType::Number)] {
        catalog.schema.declare(name, field_type);
    }
    let text = fs::read_to_string(corpus("accept/study.dql")).unwrap();
    let mut count = 0;
    for case in text.split("\n====\n") {
        let query: Vec<&str> = case.lines().skip_while(|line| line.starts_with("# ")).collect();
        let query = query.join("\n");
        let query = query.split("\n---").next().unwrap();
        for statement in parse(query).unwrap().statements {
            count += 1;
            let errors = resolve(&statement, &catalog, &Session::default(), &Bindings::default()).err();
            let brought =
                [Code::Unbound, Code::WriteRefused, Code::FilesRefused, Code::AlreadyDefined, Code::Cursor];
            for error in errors.into_iter().flatten() {
                assert!(brought.contains(&error.code), "{}", error.render(query));
            }
        }
    }
    println!("{count} accepted statements");
}
