//! The cases of `corpus/semantics` are well formed: whoever runs them can rely on it.

use std::collections::BTreeSet;

use dateline::query::parse;
use serde_json::Value;

use crate::corpus;

/// Every query and every setup parses, unless the case is about an error of form.
#[test]
fn queries_of_the_semantic_cases_parse() {
    for_each_case(|_, case| {
        let setup = case["setup"].as_array().cloned().unwrap_or_default();
        for text in setup.iter().chain([&case["query"]]).map(|text| text.as_str().unwrap()) {
            let error = parse(text).err().map(|errors| errors[0].code.to_string());
            assert!(
                error.is_none() || case["error"].as_str() == error.as_deref(),
                "{}: {error:?}",
                case["name"]
            );
        }
    });
}

/// A case says what must come out, and names only features that the README lists.
#[test]
fn semantic_cases_are_complete() {
    let readme = corpus::read("corpus/README.md");
    let names = readme.split_once("The names: ").unwrap().1;
    let known: BTreeSet<&str> = names.split('`').skip(1).step_by(2).collect();
    let mut seen = BTreeSet::new();
    for_each_case(|file, case| {
        let name = case["name"].as_str().unwrap();
        assert!(seen.insert(format!("{file}: {name}")), "{file}: two cases are called {name}");
        let outcomes = ["keys", "rows", "columns", "error", "total", "undecided", "warnings"];
        assert!(outcomes.iter().any(|outcome| !case[*outcome].is_null()), "{name} expects nothing");
        for feature in case["features"].as_array().unwrap() {
            assert!(known.contains(feature.as_str().unwrap()), "{name}: unknown feature {feature}");
        }
    });
    assert!(seen.len() >= 300, "only {} cases", seen.len());
}

/// `rules.tsv` lists what the language promises; every case stands for one of the rules, and every rule has a case.
#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let table = corpus::read("corpus/rules.tsv");
    let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    let mut unseen = BTreeSet::new();
    for row in rows {
        let [rule, section, meaning] = row[..] else { panic!("{row:?} has not three columns") };
        assert!(!section.is_empty() && meaning.ends_with('.'), "{rule} says nothing");
        assert!(unseen.insert(rule.to_owned()), "{rule} is listed twice");
    }
    let rules = unseen.clone();
    for_each_case(|file, case| {
        let rule = case["rule"].as_str().unwrap_or_else(|| panic!("{file}: {} names no rule", case["name"]));
        assert!(rules.contains(rule), "{file}: {} stands for {rule}, which is not listed", case["name"]);
        unseen.remove(rule);
    });
    assert!(unseen.is_empty(), "no case stands for {unseen:?}");
}

/// Every error of meaning, that is of names, values, parameters and rights, has a case.
#[test]
fn every_error_of_meaning_has_a_case() {
    let mut seen = BTreeSet::new();
    for_each_case(|_, case| seen.extend(case["error"].as_str().map(str::to_owned)));
    for code in
        dateline::query::Code::ALL.iter().map(ToString::to_string).filter(|code| code.as_str() >= "E1")
    {
        // Warnings are errors in strict sessions only, and a case has no such session.
        assert!(seen.contains(&code) || code == "E216", "no case ends in {code}");
    }
}

fn for_each_case(mut check: impl FnMut(&str, &Value)) {
    let folder = corpus::root().join("corpus/semantics");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let object: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"));
        object["cases"].as_array().unwrap().iter().for_each(|case| check(&file, case));
    }
}
