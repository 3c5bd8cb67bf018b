//! `highlight/dateline.tmLanguage.json`: for Visual Studio Code, Sublime Text, GitHub and others.

use dateline::query::lex::Category;
use serde_json::{Value, json};

use super::{CATEGORIES, words};
use crate::corpus;

/// Returns the scope that themes colour words of a category by.
fn scope(category: Category) -> &'static str {
    match category {
        Category::Statement => "keyword.control.statement",
        Category::Clause => "keyword.control.clause",
        Category::Condition => "keyword.operator.word",
        Category::Modifier => "storage.modifier",
        Category::Value => "constant.language",
        Category::Unit => "support.type.unit",
        Category::Format => "support.constant.format",
    }
}

fn pattern(scope: &str, regex: &str) -> Value {
    json!({ "name": format!("{scope}.dateline"), "match": regex })
}

/// Text between quotes; in curly ones there are no escapes.
fn text(begin: &str, end: &str, escapes: bool) -> Value {
    let bad = json!({ "name": "invalid.illegal.escape.dateline", "match": "\\\\." });
    let good = pattern("constant.character.escape", "\\\\([\"'\\\\nrt]|u\\{[0-9A-Fa-f]{1,6}\\})");
    json!({
        "name": "string.quoted.dateline",
        "begin": begin,
        "end": format!("{end}|$"),
        "patterns": if escapes { vec![good, bad] } else { Vec::new() },
    })
}

#[test]
fn the_textmate_grammar_is_that_of_the_keywords() {
    let mut patterns = vec![
        pattern("comment.line", "(#|--).*$"),
        text("\"", "\"", true),
        text("'", "'", true),
        text("“", "”", false),
        pattern("variable.other.quoted", "`([^`]|``)+`"),
        pattern("string.regexp", "(?<=matches)\\s*/([^/\\\\]|\\\\.)+/[ims]*"),
        pattern("variable.parameter", "\\$[1-9][0-9]*|:[A-Za-z_][A-Za-z0-9_]*"),
        pattern("entity.name.function", "@[\\p{L}_][\\p{L}\\p{N}_]*"),
        pattern(
            "constant.numeric.date",
            "\\b[0-9]{4}-(Q[1-4]|W[0-9]{2}|[0-9]{2}(-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?)?)?)\\b",
        ),
        pattern("constant.numeric", "-?\\b[0-9]+(\\.[0-9]+)?\\b"),
        pattern("keyword.operator.comparison", "!=|<=|>=|<|>|=|\\.\\."),
    ];
    for category in CATEGORIES {
        let regex = format!("(?i)\\b({})\\b", words(&[category]).join("|"));
        patterns.push(pattern(scope(category), &regex));
    }
    let grammar = json!({
        "$schema": "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
        "name": "dateline",
        "scopeName": "source.dateline",
        "fileTypes": ["dql"],
        "firstLineMatch": "^#!.*\\bdateline\\b",
        "patterns": patterns,
    });
    let text = serde_json::to_string_pretty(&grammar).unwrap();
    corpus::check("highlight/dateline.tmLanguage.json", &(text + "\n"));
}
