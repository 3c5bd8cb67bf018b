//! No text makes the parser slow, deep or large.

use dateline::query::{Code, LIST_ITEMS_MAX, NESTING_MAX, QUERY_BYTES_MAX, Query, Statement, parse};

fn code(text: &str) -> Option<Code> {
    Statement::parse(text).err().map(|error| error.code)
}

#[test]
fn nesting_stops_at_its_limit() {
    let nested = |depth: usize| format!("find where {}a = 1{}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(code(&nested(NESTING_MAX)), None);
    assert_eq!(code(&nested(NESTING_MAX + 1)), Some(Code::TooLarge));
    let negated = |depth: usize| format!("find where {}a = 1", "not ".repeat(depth));
    assert_eq!(code(&negated(NESTING_MAX)), None);
    assert_eq!(code(&negated(NESTING_MAX + 1)), Some(Code::TooLarge));
    assert_eq!(code(&format!("find where {}", "(".repeat(30_000))), Some(Code::TooLarge));
}

#[test]
fn lists_stop_at_their_limit() {
    let list = |items: usize| format!("find where a in (1{})", ",1".repeat(items - 1));
    assert_eq!(code(&list(LIST_ITEMS_MAX)), None);
    assert_eq!(code(&list(LIST_ITEMS_MAX + 1)), Some(Code::TooLarge));
}

#[test]
fn a_query_stops_at_its_bytes_and_a_script_may_have_many() {
    let padded = |bytes: usize| format!("find where title contains \"{}\"", "x".repeat(bytes - 28));
    assert_eq!(padded(100).len(), 100);
    assert_eq!(code(&padded(QUERY_BYTES_MAX)), None);
    assert_eq!(code(&padded(QUERY_BYTES_MAX + 1)), Some(Code::TooLarge));
    let script = format!("{};", padded(1_000)).repeat(100);
    assert_eq!(parse(&script).unwrap().statements.len(), 100);
}

#[test]
fn numbers_that_fit_nothing_are_errors() {
    assert_eq!(code("find limit 99999999999999999999"), Some(Code::NumberRange));
    assert_eq!(code("find where a = $99999999999"), Some(Code::NumberRange));
    assert_eq!(code(&format!("find where a = {}", "9".repeat(400))), Some(Code::NumberRange));
}

/// Long texts of every awkward shape are read or refused; a parser that goes back too far would not end here.
#[test]
fn awkward_shapes_end() {
    let fill = |piece: &str| piece.repeat(QUERY_BYTES_MAX / piece.len() - 1);
    for shape in [
        "a = 1 and ",
        "a = 1 or not ",
        "text contains any of (\"x\") near ",
        "fuzzy \"x\" within 1 ",
        "a.",
        "\"",
        "`",
        "/",
        "'\\",
        "{\"a\":",
        "$",
        "-",
        "2018-",
        "a in (",
        "define @x as ",
        "=",
        "é",
        "1,",
    ] {
        let text = format!("find where {}", fill(shape));
        assert!(Query::parse(&text).is_err(), "{shape}");
        // What may be a query or a condition is read twice, and no oftener.
        let text = format!("define @x as count {}", fill(shape));
        assert!(Query::parse(&text).is_err(), "{shape}");
    }
}
