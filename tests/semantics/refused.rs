//! Refusals that need more than a statement: a session that takes warnings as errors, values for parameters, an archive.
//! And every refusal as the object that programs read.

use std::fs;
use std::sync::{Arc, LazyLock};

use dateline::catalog::Catalog;
use dateline::date::{Date, Unit};
use dateline::exec::{self, RunOptions, View};
use dateline::query::{
    Binding, Bindings, Parameter, Period, Query, QueryError, Session, lex, parse, regex, resolve,
};
use serde_json::json;

use super::messages::{catalog, hold, resolved};
use super::{archive, corpus};

/// The values that the statements of `bound.dql` may ask for, by the names of their parameters.
fn value(name: &str) -> Option<Binding> {
    Some(match name {
        "text" => Binding::from("AFP"),
        "number" => Binding::from(17),
        "negative" => Binding::from(-1),
        "flag" => Binding::from(true),
        "day" => Binding::from(Date::ymd(2018, 9, 1).unwrap()),
        "period" => Binding::from(Period::LastSeveral(7, Unit::Day)),
        "texts" => Binding::from(["AFP", "Reuters"]),
        "numbers" => Binding::from([1, 2]),
        "nothing" => Binding::List(Vec::new()),
        "pattern" => Binding::from(regex("a+")),
        _ => return None,
    })
}

/// Binds the named parameters of a statement; those without a value here stay unbound.
fn bindings(text: &str) -> Bindings {
    let names = lex::tokens(text).into_iter().filter_map(|token| token.span.of(text).strip_prefix(':'));
    names.fold(Bindings::default(), |bindings, name| match value(name) {
        Some(value) => bindings.with(Parameter::Named(name.to_owned()), value),
        None => bindings,
    })
}

fn bound_errors(text: &str) -> Vec<QueryError> {
    let script = parse(text).unwrap_or_else(|errors| panic!("{}", errors[0].render(text)));
    let result = resolve(&script.statements[0], &catalog(), &Session::default(), &bindings(text));
    result.err().unwrap_or_default()
}

fn query_errors(text: &str) -> Vec<QueryError> {
    Query::parse(text).err().into_iter().collect()
}

fn rendered(errors: Vec<QueryError>, text: &str) -> String {
    assert!(!errors.is_empty(), "{text} is accepted");
    errors.iter().map(|error| error.render(text)).collect()
}

#[test]
fn statements_of_other_kinds_are_no_queries() {
    hold("reject/query.dql", &Session::default(), |text, _| rendered(query_errors(text), text));
}

#[test]
fn values_that_do_not_fit_their_parameters_are_refused() {
    hold("reject/bound.dql", &Session::default(), |text, _| rendered(bound_errors(text), text));
}

fn strict() -> Session {
    Session { strict: true, ..Session::default() }
}

#[test]
fn strict_sessions_refuse_what_others_warn_of() {
    hold("reject/strict.dql", &strict(), |text, session| {
        rendered(resolved(text, session).err().unwrap_or_default(), text)
    });
}

/// An archive with more words than a pattern may stand for, in a language without stems.
static ARCHIVE: LazyLock<View> = LazyLock::new(|| {
    let words: Vec<String> = (0..=exec::EXPANSION_MAX).map(|number| format!("w{number:05}")).collect();
    let article =
        json!({"id": "a", "title": "Words", "text": words.join(" "), "date": "2018-09-01", "lang": "ja"});
    let mut catalog = Catalog::default();
    let records = archive::records(&[article], &mut catalog);
    archive::view(&records, false, &Arc::new(catalog))
});

/// Says why a statement cannot be answered, as the command does.
fn refusal(text: &str, session: &Session) -> String {
    let script = parse(text).unwrap();
    let resolved = resolve(&script.statements[0], &ARCHIVE.catalog, session, &Bindings::default());
    let request = resolved.unwrap_or_else(|errors| panic!("{}", errors[0].render(text))).request;
    let error = exec::answer(&request, &ARCHIVE, &RunOptions::default()).expect_err(text);
    let help: String = error.help().iter().map(|help| format!("  = help: {help}\n")).collect();
    format!("error[{}]: {error}\n{help}", error.code())
}

#[test]
fn statements_that_an_archive_cannot_answer_are_refused_with_reasons() {
    hold("reject/answer.dql", &Session::default(), refusal);
}

/// Returns what is wrong with a query of the corpus.
fn errors_of(file: &str, text: &str) -> Vec<QueryError> {
    let told = |session| resolved(text, &session).err().unwrap_or_default();
    match file {
        "slips" | "syntax" => parse(text).err().unwrap_or_default(),
        "semantic" => told(Session::default()),
        "write" => told(Session { write: true, files: true, ..Session::default() }),
        "strict" => told(strict()),
        "bound" => bound_errors(text),
        "query" => query_errors(text),
        other => panic!("nothing says how the queries of {other}.dql are refused"),
    }
}

/// `reject/errors.ndjson` holds every refusal as `--error-format json` prints it.
#[test]
fn refusals_have_a_form_for_programs() {
    let mut lines = String::new();
    for file in ["slips", "syntax", "semantic", "write", "strict", "bound", "query"] {
        let text = fs::read_to_string(corpus(&format!("reject/{file}.dql"))).unwrap();
        for case in text.trim_end().split("\n====\n") {
            let query = case.split("\n---").next().unwrap();
            let query: Vec<&str> = query.lines().skip_while(|line| line.starts_with("# ")).collect();
            let query = query.join("\n");
            let errors: Vec<_> = errors_of(file, &query).iter().map(|error| error.to_json(None)).collect();
            lines.push_str(&json!({"file": file, "query": query, "errors": errors}).to_string());
            lines.push('\n');
        }
    }
    let path = corpus("reject/errors.ndjson");
    let found = fs::read_to_string(&path).unwrap_or_default();
    if std::env::var_os("UPDATE_GRAMMAR").is_some() {
        fs::write(&path, lines).unwrap();
        return;
    }
    for (found, expected) in found.lines().zip(lines.lines()) {
        assert_eq!(found, expected, "run the tests with UPDATE_GRAMMAR=1 and read the difference");
    }
    assert_eq!(found.lines().count(), lines.lines().count(), "run the tests with UPDATE_GRAMMAR=1");
}
