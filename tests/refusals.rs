//! Refusals that want large inputs: queries that ten thousand words cannot answer, and articles past each limit. The
//! inputs are made here; what the command says of them is golden.

#![allow(clippy::unwrap_used)] // A test whose command cannot even start has failed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use dateline::article::{
    ARTICLE_BYTES_MAX, FIELD_NAME_BYTES_MAX, FIELD_TEXT_BYTES_MAX, FIELD_VALUES_MAX, KEY_BYTES_MAX,
};
use dateline::exec::EXPANSION_MAX;
use serde_json::{Value, json};

/// A folder that does not exist: the configuration of whoever runs the tests is not theirs.
const NOWHERE: &str = "tests/cli/nowhere";

fn dateline(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.args(args).env_remove("DATELINE_DB").env_remove("DATELINE_CONFIG");
    command.env("XDG_CONFIG_HOME", NOWHERE).env("HOME", NOWHERE).output().unwrap()
}

fn corpus(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar/corpus").join(path)
}

/// Writes articles to a file, one a line.
fn write(path: &Path, articles: &[Value]) {
    let lines: String = articles.iter().map(|article| format!("{article}\n")).collect();
    fs::write(path, lines).unwrap();
}

/// `reject/answers.ndjson` holds what `--error-format json` prints where the archive of `reject/answer.dql` cannot answer.
#[test]
fn what_an_archive_cannot_answer_has_a_form_for_programs() {
    let folder = tempfile::tempdir().unwrap();
    let archive = folder.path().join("words.jsonl");
    let words: Vec<String> = (0..=EXPANSION_MAX).map(|number| format!("w{number:05}")).collect();
    let text = words.join(" ");
    write(
        &archive,
        &[json!({"id": "a", "title": "Words", "text": text, "date": "2018-09-01", "lang": "ja"})],
    );
    let queries = fs::read_to_string(corpus("reject/answer.dql")).unwrap();
    let mut lines = String::new();
    for case in queries.trim_end().split("\n====\n") {
        let query = case.split("\n---").next().unwrap();
        let output = dateline(&["--quiet", "--error-format", "json", archive.to_str().unwrap(), query]);
        assert_eq!((output.stdout.as_slice(), output.status.code()), (b"".as_slice(), Some(3)), "{query}");
        let told = String::from_utf8(output.stderr).unwrap();
        let errors: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        lines.push_str(&format!("{}\n", json!({"file": "answer", "query": query, "errors": errors})));
    }
    let golden = corpus("reject/answers.ndjson");
    if std::env::var_os("UPDATE_GRAMMAR").is_some() {
        fs::write(golden, lines).unwrap();
        return;
    }
    assert_eq!(fs::read_to_string(golden).unwrap(), lines, "UPDATE_GRAMMAR=1 rewrites the file");
}

/// Articles that pass one limit each, with what their authors are told.
fn oversized() -> Vec<(Value, &'static str)> {
    let article = |name: &str, value: Value| json!({"id": "a", "title": "Talks", name: value});
    let long = |bytes: usize| Value::from("x".repeat(bytes));
    let numbers: Vec<usize> = (0..=FIELD_VALUES_MAX).collect();
    vec![
        (
            article("text", long(ARTICLE_BYTES_MAX)),
            "the article has 16777221 bytes of text; at most 16777216 fit; store it as several articles",
        ),
        (
            article("id", long(KEY_BYTES_MAX + 1)),
            "the key has 4097 bytes; at most 4096 fit; give it a shorter `id`",
        ),
        (
            article("votes", json!(numbers)),
            "the article has 10001 values beside the known members; at most 10000 fit; \
             leave out those that nobody asks for",
        ),
        (
            article(&"n".repeat(FIELD_NAME_BYTES_MAX + 1), json!(1)),
            "`nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn` cannot name a declared field; \
             a name has 1 to 255 bytes and is no built-in field; rename the member",
        ),
        (
            article("remark", long(FIELD_TEXT_BYTES_MAX + 1)),
            "`remark` holds a text of 65537 bytes; at most 65536 fit; leave the member out or make it the body",
        ),
    ]
}

#[test]
fn articles_past_a_limit_are_refused_with_reasons() {
    for (article, reason) in oversized() {
        let folder = tempfile::tempdir().unwrap();
        let [input, database] = ["input.jsonl", "news.db"].map(|name| folder.path().join(name));
        write(&input, &[json!({"id": "fits", "title": "Truce"}), article]);
        let output = dateline(&["import", database.to_str().unwrap(), input.to_str().unwrap()]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with("1 article added, 1 rejected; "), "{told}");
        let rejected = fs::read_to_string(folder.path().join("input.jsonl.rejected.ndjson")).unwrap();
        let rejected: Value = serde_json::from_str(&rejected).unwrap();
        assert_eq!((&rejected["line"], &rejected["reason"]), (&json!(2), &json!(reason)));
    }
}
