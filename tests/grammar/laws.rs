//! Laws that hold for every tree and every text.

use std::sync::LazyLock;

use dateline::query::{Code, Completeness, Statement, completeness, expected_at, parse};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::arbitrary;
use crate::corpus;
use crate::earley::{Recogniser, literals};
use crate::ebnf;
use crate::scanner::Scanner;

/// `dateline.ebnf` and `lexical.ebnf`, ready to be asked.
struct Grammar {
    scanner: Scanner,
    recogniser: Recogniser,
}

static GRAMMAR: LazyLock<Grammar> = LazyLock::new(|| {
    let rules = ebnf::rules(&corpus::read("dateline.ebnf"));
    let lexical = ebnf::rules(&corpus::read("lexical.ebnf"));
    let table = corpus::read("keywords.tsv");
    let reserved =
        table.lines().filter_map(|line| line.split_once("\treserved\t")).map(|(word, _)| word.to_owned());
    let scanner = Scanner::new(lexical, literals(&rules), reserved.collect());
    Grammar { scanner, recogniser: Recogniser::new(&rules, "Script") }
});

impl Grammar {
    fn accepts(&self, text: &str) -> bool {
        self.scanner.scan(text).is_some_and(|tokens| self.recogniser.accepts(&tokens))
    }
}

/// Asserts that the files and the parser say the same of a text; limits are the parser's alone.
fn assert_agreement(text: &str) {
    let parsed = parse(text);
    let limits = [Code::TooLarge, Code::NumberRange];
    if parsed.as_ref().err().is_some_and(|errors| errors.iter().any(|error| limits.contains(&error.code))) {
        return;
    }
    let because = parsed.as_ref().err().map(|errors| errors[0].render(text));
    assert_eq!(
        parsed.is_ok(),
        GRAMMAR.accepts(text),
        "the parser (left) and the EBNF (right) on:\n{text}\n{because:?}"
    );
}

/// Every query of the corpora, also those of the semantic cases.
fn corpus_texts() -> Vec<String> {
    let cases = ["accept", "reject"].into_iter().flat_map(corpus::all_cases);
    cases.map(|case| case.query).collect()
}

#[test]
fn ebnf_and_parser_agree_on_the_corpora() {
    corpus_texts().iter().for_each(|text| assert_agreement(text));
}

/// Tokens to put into queries: some of every kind, and some that are wrong.
const TOKENS: &[&str] = &[
    "and",
    "or",
    "not",
    "where",
    "in",
    "of",
    "by",
    "with",
    "as",
    "title",
    "`order`",
    "\"x\"",
    "'y'",
    "“z”",
    "7",
    "-4.5",
    "2018",
    "2018-09",
    "2018-13-40",
    "last",
    "month",
    "ago",
    "(",
    ")",
    ",",
    ";",
    "=",
    "..",
    ".",
    "@",
    "*",
    "/a.b/i",
    "$1",
    ":p",
    "{\"a\": 1}",
    "==",
    "2018-9-1",
    "10words",
    "is missing",
    "contains",
    "any of",
    "near",
    "count",
    "top",
    "find",
    "exists",
    "within",
    "# c\n",
    "\"open",
    "limit",
    "first",
    "before",
    "true",
];

/// Cuts a text at its tokens, as the scanner sees them; roughly is enough.
fn pieces(text: &str) -> Vec<String> {
    let tokens = dateline::query::lex::tokens(text);
    tokens.iter().map(|token| token.span.of(text).to_owned()).collect()
}

/// Changes a text by one small slip of the kind that `how` says.
fn mutated(text: &str, how: u8, place: usize, token: usize) -> String {
    let mut pieces = pieces(text);
    let count = pieces.len().max(1);
    let at = place % count;
    let token = TOKENS[token % TOKENS.len()].to_owned();
    match how % 6 {
        _ if pieces.is_empty() => pieces.push(token),
        0 => drop(pieces.remove(at)),
        1 => pieces.insert(at, token),
        2 => pieces[at] = token,
        3 => pieces.swap(at, (at + 1) % count),
        4 => pieces.truncate(at),
        _ => {
            let mut chars: Vec<char> = text.chars().collect();
            let at = place % chars.len();
            chars.remove(at);
            return chars.into_iter().collect();
        }
    }
    pieces.join(" ")
}

// `PROPTEST_CASES=100000` makes a campaign of it.
proptest! {
    #[test]
    fn printed_trees_parse_to_themselves(bytes in vec(any::<u8>(), 0..120)) {
        let script = arbitrary::script(&bytes);
        let text = script.to_string();
        let again = parse(&text).map_err(|errors| TestCaseError::fail(errors[0].render(&text)))?;
        prop_assert_eq!(&again, &script, "{}", text);
        prop_assert_eq!(again.to_string(), text);
    }

    #[test]
    fn trees_survive_json(bytes in vec(any::<u8>(), 0..120)) {
        let script = arbitrary::script(&bytes);
        let json = serde_json::to_string(&script).unwrap();
        prop_assert_eq!(serde_json::from_str::<dateline::query::Script>(&json).unwrap(), script, "{}", json);
    }

    #[test]
    fn ebnf_and_parser_agree_on_slips(
        index in any::<prop::sample::Index>(),
        slips in vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..3),
    ) {
        let texts = corpus_texts();
        let text = index.get(&texts).clone();
        let slipped = slips.iter().fold(text, |text, &(how, place, token)| mutated(&text, how, place, token));
        assert_agreement(&slipped);
    }

    #[test]
    fn ebnf_and_parser_agree_on_printed_trees(bytes in vec(any::<u8>(), 0..60), slip in any::<(u8, usize, usize)>()) {
        let text = arbitrary::script(&bytes).to_string();
        prop_assert!(GRAMMAR.accepts(&text), "the EBNF rejects {}", text);
        assert_agreement(&mutated(&text, slip.0, slip.1, slip.2));
    }

    #[test]
    fn any_text_is_answered_and_every_error_renders(
        pieces in vec(prop_oneof![prop::sample::select(TOKENS), Just("\n"), Just("\u{202e}é中")], 0..30),
        cursor in any::<prop::sample::Index>(),
    ) {
        let text = pieces.join(" ");
        for error in parse(&text).err().unwrap_or_default() {
            prop_assert!(error.render(&text).contains('^'));
            prop_assert!(text.get(error.span.range()).is_some(), "{:?}", error);
            prop_assert!(!error.message.is_empty() && !error.label.is_empty(), "{:?}", error);
        }
        let _ = completeness(&text);
        let _ = expected_at(&text, cursor.index(text.len() + 1));
    }

    /// What was cut off at a token can be completed, so the prompt waits for it, unless it is whole already.
    #[test]
    fn beginnings_of_queries_are_whole_or_wait(bytes in vec(any::<u8>(), 0..60), cut in any::<usize>()) {
        let text = arbitrary::script(&bytes).statements[0].to_string();
        let pieces = pieces(&text);
        let beginning = pieces[..cut % (pieces.len() + 1)].join(" ");
        let whole = beginning.is_empty() || Statement::parse(&beginning).is_ok();
        prop_assert_eq!(completeness(&beginning) == Completeness::Complete, whole, "{}", beginning);
    }
}

/// Applying the first suggestion to a rejected query either mends it or moves the error on.
#[test]
fn suggestions_mend_what_they_can() {
    for case in corpus::all_cases("reject") {
        let Err(errors) = parse(&case.query) else { continue };
        let error = &errors[0];
        let Some(suggestion) = error.suggestions.first() else { continue };
        let mut mended = case.query.clone();
        mended.replace_range(suggestion.span.range(), &suggestion.text);
        if let Err(next) = parse(&mended) {
            let (before, after) = (error.span.start, next[0].span.start);
            assert!(after > before, "{} became {mended}:\n{}", case.query, next[0].render(&mended));
        }
    }
}
