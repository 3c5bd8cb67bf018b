//! The corpora: what every accepted query means, and what every rejected one is told.

use dateline::query::{Script, parse};

use crate::corpus::{self, Case};

/// Every query of `corpus/accept` parses; its canonical form and its tree are golden.
#[test]
fn accepted_queries_mean_what_the_corpus_says() {
    for file in corpus::files("accept") {
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

fn accepted(case: &Case) -> Script {
    parse(&case.query).unwrap_or_else(|errors| panic!("{}", errors[0].render(&case.query)))
}

fn canonical(script: &Script) -> String {
    script.statements.iter().map(|statement| statement.to_string()).collect::<Vec<_>>().join(";\n")
}

/// Every query of `corpus/reject/syntax.dql` is told exactly what the file says.
#[test]
fn rejected_queries_are_told_what_the_corpus_says() {
    let file = "corpus/reject/syntax.dql";
    let mut cases = corpus::cases(&corpus::read(file));
    for case in &mut cases {
        let errors = parse(&case.query).expect_err(&case.query);
        let rendered: String = errors.iter().map(|error| error.render(&case.query)).collect();
        case.parts = vec![rendered.trim_end().to_owned()];
    }
    corpus::check(file, &corpus::print(&cases));
}
