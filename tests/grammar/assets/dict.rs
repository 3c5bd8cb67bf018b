//! `fuzz.dict`: tokens that a fuzzer puts into queries, in the form that libFuzzer and AFL read.

use std::fmt::Write;

use dateline::query::lex::{Keyword, Sign};

use crate::corpus;

/// Tokens that are no keywords, and what looks like tokens.
const TOKENS: &[&str] = &[
    "\"Idlib\"",
    "'a'",
    "“b”",
    "`order`",
    "\\\"",
    "\\u{e9}",
    "/re/i",
    "$1",
    ":who",
    "@syria",
    "@weekly",
    "title",
    "text",
    "date",
    "source",
    "person",
    "2018",
    "2018-09",
    "2018-09-01",
    "2018-Q3",
    "2018-W36",
    "2018-09-01T06:00+03:00",
    "2018-13-01",
    "300",
    "-4.5",
    "99999999999999999999",
    "{\"title\": \"x\"}",
    "# comment",
    "-- comment",
    " within 3 words",
    " at least 2 times",
    " in same sentence",
    " with duplicates folded",
    "order by relevance desc",
    "is missing",
    "starts with",
    "number of ",
    "any of (",
    "==",
    "<>",
    "&&",
    "01/09/2018",
];

#[test]
fn the_fuzzers_words_are_those_of_the_language() {
    let mut dict =
        "# Tokens of the dateline query language, for libFuzzer (-dict=) and AFL (-x).\n".to_owned();
    let keywords = Keyword::ALL.iter().map(|keyword| keyword.word());
    let signs = Sign::ALL.iter().map(|sign| sign.text());
    for token in keywords.chain(signs).chain(TOKENS.iter().copied()) {
        writeln!(dict, "\"{}\"", escaped(token)).unwrap();
    }
    corpus::check("fuzz.dict", &dict);
}

/// Writes what is no plain character in hexadecimal.
fn escaped(token: &str) -> String {
    let escape = |byte: u8| match byte {
        b'"' => "\\\"".to_owned(),
        b'\\' => "\\\\".to_owned(),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02X}"),
    };
    token.bytes().map(escape).collect()
}
