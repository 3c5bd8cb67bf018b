//! Files of `grammar/` that are printed from tables in the code, and the manual's examples.

use std::collections::BTreeSet;
use std::fmt::Write;

use dateline::query::lex::Keyword;
use dateline::query::{Code, parse};
use dateline::schema::Builtin;

use crate::corpus::{self, Case};
use crate::earley::literals;
use crate::ebnf;

/// `keywords.tsv` is the lexer's table.
#[test]
fn keywords_are_those_of_the_lexer() {
    let mut table = "word\tstatus\tcategory\tsince\n".to_owned();
    for keyword in Keyword::ALL {
        let status = if keyword.is_reserved() { "reserved" } else { "contextual" };
        writeln!(table, "{keyword}\t{status}\t{}\t1", keyword.category().name()).unwrap();
    }
    corpus::check("keywords.tsv", &table);
}

/// Every word of `dateline.ebnf` is a keyword, and every keyword stands in it.
#[test]
fn keywords_are_those_of_the_grammar() {
    let rules = ebnf::rules(&corpus::read("dateline.ebnf"));
    let is_word = |literal: &String| literal.chars().all(char::is_alphabetic);
    let words: BTreeSet<String> = literals(&rules).into_iter().filter(is_word).collect();
    let keywords: BTreeSet<String> = Keyword::ALL.iter().map(|keyword| keyword.word().to_owned()).collect();
    assert_eq!(words, keywords);
}

/// `fields.md` is the table of built-in fields.
#[test]
fn fields_are_those_of_the_schema() {
    let mut page = "# Built-in fields\n\n\
        Every archive has these; `describe` prints them with the declared ones. A field that takes many values is true\n\
        to a positive condition if any value is. Names and aliases are compared without letter case.\n\n\
        | field | type | many | also called | what it holds |\n|---|---|---|---|---|\n"
        .to_owned();
    for field in Builtin::ALL {
        let info = field.info();
        let many = if info.many { "yes" } else { "" };
        let aliases: Vec<String> = info.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        writeln!(
            page,
            "| `{}` | {} | {many} | {} | {} |",
            info.name,
            info.field_type,
            aliases.join(", "),
            info.about
        )
        .unwrap();
    }
    corpus::check("fields.md", &page);
}

/// `errors.md` lists every code with the messages of the corpus.
#[test]
fn errors_are_those_of_the_corpus() {
    let cases = corpus::all_cases("reject");
    let mut page = "# What queries are told\n\n\
        Every error has a code that never changes its meaning, a place, and where it can a line that says what to write\n\
        instead. The examples are the cases of `corpus/reject`.\n"
        .to_owned();
    for code in Code::ALL {
        writeln!(page, "\n## {code}\n\n{}", code.about()).unwrap();
        let marker = format!("error[{code}]");
        for case in cases.iter().filter(|case| message(case).starts_with(&marker)) {
            writeln!(page, "\n```text\n{}\n```", message(case)).unwrap();
        }
    }
    corpus::check("errors.md", &page);
}

fn message(case: &Case) -> &str {
    case.parts.first().map_or("", String::as_str)
}

/// Every code has an example.
#[test]
fn every_error_has_an_example() {
    let cases = corpus::all_cases("reject");
    let shown: BTreeSet<&str> = cases.iter().filter_map(|case| message(case).get(6..10)).collect();
    let missing: Vec<_> = Code::ALL.iter().filter(|code| !shown.contains(code.as_str())).collect();
    assert!(missing.is_empty(), "no example of {missing:?}");
}

/// Every example of the manual parses.
#[test]
fn examples_of_the_manual_parse() {
    let manual = corpus::read("README.md");
    let mut count = 0;
    for example in blocks(&manual) {
        match parse(example) {
            Ok(script) => count += script.statements.len(),
            Err(errors) => panic!("{}", errors[0].render(example)),
        }
    }
    assert!(count >= 60, "only {count} examples");
}

/// Returns the blocks of code in this language.
fn blocks(page: &str) -> Vec<&str> {
    let starts = page.split("```dateline\n").skip(1);
    starts.map(|block| block.split_once("```").expect("a block is closed").0).collect()
}
