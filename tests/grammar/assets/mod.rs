//! What other programs are given of the language: diagrams, highlighters, words for a fuzzer.
//!
//! Everything is printed from `dateline.ebnf`, the keyword table and the corpus; a stale file fails.

mod dict;
mod railroad;
mod textmate;
mod tree_sitter;
mod vim;

use dateline::query::lex::{Category, Keyword};

/// Lists the keywords of these categories.
fn words(categories: &[Category]) -> Vec<&'static str> {
    let of = |keyword: &&Keyword| categories.contains(&keyword.category());
    Keyword::ALL.iter().filter(of).map(|keyword| keyword.word()).collect()
}

/// Every category, in the order that the files name them.
const CATEGORIES: [Category; 7] = [
    Category::Statement,
    Category::Clause,
    Category::Condition,
    Category::Modifier,
    Category::Value,
    Category::Unit,
    Category::Format,
];

/// Every keyword stands in every highlighter: whoever adds one and forgets a file learns it here.
#[test]
fn highlighters_know_every_keyword() {
    for file in [
        "highlight/dateline.tmLanguage.json",
        "highlight/dateline.vim",
        "tree-sitter/grammar.js",
        "fuzz.dict",
    ] {
        let text = crate::corpus::read(file);
        let found: std::collections::BTreeSet<&str> =
            text.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let missing: Vec<&str> =
            Keyword::ALL.iter().map(|keyword| keyword.word()).filter(|word| !found.contains(word)).collect();
        assert!(missing.is_empty(), "grammar/{file} lacks {missing:?}");
    }
}
