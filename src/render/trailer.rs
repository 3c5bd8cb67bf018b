//! What is said beside the rows: total, cursor, undecided dates, and the line under a table.

use std::time::Duration;

use crate::exec::{Answer, AnswerKind, Warning};
use crate::query::DateBound;

/// What closes an answer once its rows are out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Closing<'a> {
    /// Articles that satisfy the condition, where that is known.
    pub total: Option<u64>,
    /// Where the next page starts, where there is one.
    pub cursor: Option<&'a str>,
    /// Articles whose date is too coarse to be decided.
    pub undecided: u64,
    /// The absolute dates that the condition came to.
    pub bounds: &'a [DateBound],
    /// What the reader should know.
    pub warnings: &'a [Warning],
}

impl Closing<'_> {
    /// Returns what closes a collected answer.
    pub fn of(answer: &Answer) -> Closing<'_> {
        Closing {
            total: answer.total,
            cursor: answer.cursor.as_deref(),
            undecided: answer.undecided,
            bounds: &answer.bounds,
            warnings: &answer.warnings,
        }
    }
}

/// Returns the lines that go to standard error beside a format without room for them.
pub fn trailers(kind: AnswerKind, closing: &Closing<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(closing.total.map(|total| format!("total: {total}")));
    lines.extend(closing.cursor.map(|cursor| format!("cursor: {cursor}")));
    if closing.undecided > 0 {
        lines.push(undecided_line(kind, closing.undecided));
    }
    lines
}

fn undecided_line(kind: AnswerKind, undecided: u64) -> String {
    let dates = if undecided == 1 { "its date is" } else { "their dates are" };
    match kind {
        AnswerKind::Timeline => format!("undecided: {undecided} ({dates} coarser than the buckets)"),
        _ => format!("undecided: {undecided} ({dates} too coarse; `overlaps` finds them)"),
    }
}

/// Returns the line under a result for people: `20 of 412 articles, 6 ms`.
pub fn page_line(kind: AnswerKind, shown: u64, closing: &Closing<'_>, elapsed: Duration) -> String {
    let amount = match (closing.total, closing.cursor) {
        (Some(total), _) if kind == AnswerKind::Find && total > shown => {
            format!("{} of {}", grouped(shown), article_count(total))
        }
        (_, Some(_)) => format!("the first {}", counted(kind, shown)),
        _ => counted(kind, shown),
    };
    format!("{amount}, {}", duration(elapsed))
}

fn counted(kind: AnswerKind, shown: u64) -> String {
    let (one, several) = match kind {
        AnswerKind::Find | AnswerKind::Show => return article_count(shown),
        AnswerKind::Top => ("value", "values"),
        AnswerKind::Pairs => ("pair", "pairs"),
        AnswerKind::Timeline => ("bucket", "buckets"),
        _ => ("row", "rows"),
    };
    format!("{} {}", grouped(shown), if shown == 1 { one } else { several })
}

/// Returns a share as people say it: `12.5 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// Returns `1 article`, `18 344 articles`.
pub fn article_count(count: u64) -> String {
    format!("{} {}", grouped(count), if count == 1 { "article" } else { "articles" })
}

/// Returns a count with its thousands set apart: `18 344`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(' ');
        }
        grouped.push(digit);
    }
    grouped
}

/// Returns a duration as people read it: `6 ms`, `1.8 s`.
fn duration(elapsed: Duration) -> String {
    match elapsed.as_millis() {
        0 => "under 1 ms".to_owned(),
        millis @ 1..1_000 => format!("{millis} ms"),
        _ => format!("{:.1} s", elapsed.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_read_in_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(412), "412");
        assert_eq!(grouped(1_208), "1 208");
        assert_eq!(grouped(1_234_567), "1 234 567");
    }

    #[test]
    fn a_page_says_what_it_is_part_of() {
        let of = |kind, shown, closing| page_line(kind, shown, &closing, Duration::from_millis(6));
        let part = Closing { total: Some(412), cursor: Some("x"), ..Closing::default() };
        let more = Closing { cursor: Some("x"), ..Closing::default() };
        assert_eq!(of(AnswerKind::Find, 20, part), "20 of 412 articles, 6 ms");
        assert_eq!(of(AnswerKind::Find, 20, more), "the first 20 articles, 6 ms");
        assert_eq!(of(AnswerKind::Find, 1, Closing::default()), "1 article, 6 ms");
        assert_eq!(of(AnswerKind::Top, 10, Closing::default()), "10 values, 6 ms");
    }

    #[test]
    fn trailers_are_one_line_each() {
        let closing = Closing { total: Some(3), cursor: Some("abc"), undecided: 12, ..Closing::default() };
        assert_eq!(
            trailers(AnswerKind::Find, &closing),
            ["total: 3", "cursor: abc", "undecided: 12 (their dates are too coarse; `overlaps` finds them)"]
        );
        assert!(trailers(AnswerKind::Find, &Closing::default()).is_empty());
    }
}
