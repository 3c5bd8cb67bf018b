//! Whether the dice throw everything that the language has.
//!
//! What the language has is read off the trees of the accepted corpus, of the cases of meaning and of the manual: the
//! variants that stand in them, and the optional parts that are filled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use dateline::query::ast::{Statement, Write};
use dateline::query::parse;
use serde_json::Value as Json;

use super::dice::Dice;
use super::{bound, edits, throw};

/// Statements thrown.
const THROWS: usize = 6_000;

/// Members whose content is what a user wrote and no part of the language.
const DATA: [&str; 12] = [
    "String",
    "Key",
    "Named",
    "Numbered",
    "parts",
    "label",
    "path",
    "pattern",
    "Json",
    "Impossible",
    "name",
    "Alias",
];

/// What is not thrown, and what else covers it.
const ELSEWHERE: [(&str, &str); 6] = [
    ("Find/After", "pages.rs: the pages of thrown queries are the whole answer"),
    ("After/String", "pages.rs"),
    ("Order/Best", "pages.rs: ranks are in order, and the best few are the first of all"),
    ("With/Score", "pages.rs"),
    ("Set/Number", "fields of an archive's own are set in the cases of meaning"),
    ("Delete/All", "`delete all`: the cases of meaning"),
];

/// Statements that are not thrown: the cases of meaning and `tests/cli` cover what they do, and `insert` is what the lives
/// of databases begin with, through the library.
fn is_elsewhere(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::Define(_) | Statement::Drop(_) | Statement::Export(_) | Statement::Write(Write::Insert(_))
    )
}

fn is_tag(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

fn is_filled(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => false,
        Json::Array(parts) => !parts.is_empty(),
        _ => true,
    }
}

/// Collects variants as `Around/Variant`, and filled members as `Variant.member`.
fn collect(json: &Json, inside: &str, found: &mut BTreeSet<String>) {
    match json {
        Json::String(tag) if is_tag(tag) => drop(found.insert(format!("{inside}/{tag}"))),
        Json::Array(parts) => parts.iter().for_each(|part| collect(part, inside, found)),
        Json::Object(members) => {
            for (name, value) in members.iter().filter(|(_, value)| is_filled(value)) {
                let is_variant = is_tag(name);
                found.insert(if is_variant {
                    format!("{inside}/{name}")
                } else {
                    format!("{inside}.{name}")
                });
                if !DATA.contains(&name.as_str()) {
                    collect(value, if is_variant { name } else { inside }, found);
                }
            }
        }
        _ => {}
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar")
}

/// Every query of the accepted corpus, of the cases of meaning and of the manual.
fn texts() -> Vec<String> {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let accepted = read(root().join("corpus/accept/study.dql"));
    let mut texts: Vec<String> = accepted
        .split("\n====\n")
        .map(|case| case.lines().skip_while(|line| line.starts_with("# ")).collect::<Vec<_>>().join("\n"))
        .map(|case| case.split("\n---").next().unwrap().to_owned())
        .collect();
    let manual = read(root().join("README.md"));
    let blocks = manual.split("```dateline\n").skip(1);
    texts.extend(blocks.map(|block| block.split("```").next().unwrap().to_owned()));
    for entry in fs::read_dir(root().join("corpus/semantics")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let file: Json = serde_json::from_str(&read(path)).unwrap();
            let cases = file["cases"].as_array().unwrap();
            let answered = cases.iter().filter(|case| case["error"].is_null());
            texts.extend(answered.map(|case| case["query"].as_str().unwrap().to_owned()));
        }
    }
    texts
}

#[test]
fn whatever_the_language_has_is_thrown() {
    let mut wanted = BTreeSet::new();
    for script in texts().iter().filter_map(|text| parse(text).ok()) {
        let statements = script.statements.iter().filter(|statement| !is_elsewhere(statement));
        let trees = statements.map(|statement| serde_json::to_value(statement).unwrap());
        trees.for_each(|tree| collect(&tree, "", &mut wanted));
    }
    let mut dice = Dice::new(20_180_901);
    let mut thrown = BTreeSet::new();
    for _ in 0..THROWS {
        let statement = throw::statement(&mut dice);
        collect(&serde_json::to_value(&statement).unwrap(), "", &mut thrown);
        bound::lifted(&statement).iter().for_each(|tree| collect(tree, "", &mut thrown));
        let edit = edits::statement(&mut dice);
        collect(&serde_json::to_value(&edit).unwrap(), "", &mut thrown);
        bound::lifted(&edit).iter().for_each(|tree| collect(tree, "", &mut thrown));
    }
    let elsewhere: BTreeSet<String> = ELSEWHERE.iter().map(|(name, _)| (*name).to_owned()).collect();
    let missing: Vec<&String> =
        wanted.difference(&thrown).filter(|name| !elsewhere.contains(*name)).collect();
    assert!(missing.is_empty(), "never thrown: {missing:?}");
    let idle: Vec<&String> = elsewhere.intersection(&thrown).collect();
    assert!(idle.is_empty(), "thrown after all: {idle:?}");
    println!("{} of {} constructs are thrown", wanted.intersection(&thrown).count(), wanted.len());
}
