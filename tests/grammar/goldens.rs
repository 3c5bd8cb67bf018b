//! The corpora: what every accepted query means, and what every rejected one is told.

use dateline::query::{Script, parse};

use crate::corpus::{self, Case};

/// Every query of `corpus/accept` parses; its canonical form and its tree are golden.
#[test]
fn accepted_queries_mean_what_the_corpus_says() {
    for file in corpus::files("accept").into_iter().filter(|file| file != WARNED) {
        let mut cases = corpus::cases(&corpus::read(&file));
        for case in &mut cases {
            let script = accepted(case);
            let canonical = canonical(&script);
            assert_eq!(parse(&canonical).as_ref(), Ok(&script), "the canonical form of {}", case.query);
            let tree = script.statements.iter().map(|statement| serde_json::to_string(statement).unwrap());
            case.parts = vec![canonical, tree.collect::<Vec<_>>().join("\n")];
        }
        corpus::check(&file, &corpus::print(&cases));
    }
}

/// Queries whose golden part is what `resolve` warns of.
const WARNED: &str = "corpus/accept/warned.dql";

#[test]
fn canonical_forms_of_warned_queries_parse_to_themselves() {
    for case in corpus::cases(&corpus::read(WARNED)) {
        let script = accepted(&case);
        assert_eq!(parse(&canonical(&script)), Ok(script), "{}", case.query);
    }
}

fn accepted(case: &Case) -> Script {
    parse(&case.query).unwrap_or_else(|errors| panic!("{}", errors[0].render(&case.query)))
}

fn canonical(script: &Script) -> String {
    script.statements.iter().map(|statement| statement.to_string()).collect::<Vec<_>>().join(";\n")
}

/// The files of `corpus/reject` whose queries do not parse; those of the others are refused later.
const OF_FORM: [&str; 2] = ["corpus/reject/slips.dql", "corpus/reject/syntax.dql"];

/// Every query that does not parse is told exactly what the corpus says.
#[test]
fn rejected_queries_are_told_what_the_corpus_says() {
    OF_FORM.iter().for_each(|file| check_messages(file));
}

/// The queries of the other files parse; `resolve` says what is wrong with them.
#[test]
fn semantic_errors_are_none_of_form() {
    for file in corpus::files("reject").iter().filter(|file| !OF_FORM.contains(&file.as_str())) {
        for case in corpus::cases(&corpus::read(file)) {
            assert!(parse(&case.query).is_ok(), "{}", case.query);
        }
    }
}

fn check_messages(file: &str) {
    let mut cases = corpus::cases(&corpus::read(file));
    for case in &mut cases {
        let errors = parse(&case.query).expect_err(&case.query);
        let rendered: String = errors.iter().map(|error| error.render(&case.query)).collect();
        case.parts = vec![rendered.trim_end().to_owned()];
    }
    corpus::check(file, &corpus::print(&cases));
}
