//! Errors as people read them: the line concerned, with carets.

use std::fmt::Write;

use serde_json::json;
use unicode_width::UnicodeWidthChar;

use super::QueryError;

/// Most columns of a source line that a message shows; longer lines are cut around the carets.
const LINE_COLUMNS_MAX: usize = 120;

/// Columns shown left of the carets where a line is cut.
const LEAD_COLUMNS: usize = 40;

impl QueryError {
    /// Returns the error with the line of `source` that it concerns and carets under the place.
    ///
    /// `source` is the text that was parsed. Where it has several lines the number of the line is given. Control
    /// characters of the source are made visible and never reach the terminal.
    pub fn render(&self, source: &str) -> String {
        let place = Place::find(source, self);
        let mut text = format!("error[{}]: {}\n", self.code, self.message);
        if source.trim_end().contains('\n') {
            let _ = writeln!(text, " --> line {}, column {}", place.line_number, place.column_number);
        }
        let carets = "^".repeat(place.width);
        let marked = format!("{}{carets} {}", " ".repeat(place.indent), self.label);
        let _ = writeln!(text, "  | {}\n  | {}", place.line, marked.trim_end());
        for help in &self.help {
            let _ = writeln!(text, "  = help: {help}");
        }
        text
    }

    /// Returns the error as the object that `--error-format json` prints, with the statement's number in the script.
    pub fn to_json(&self, statement: Option<usize>) -> serde_json::Value {
        let mut object = json!({
            "severity": "error",
            "code": self.code,
            "message": self.message,
            "span": [self.span.start, self.span.end],
            "label": self.label,
            "help": self.help,
            "expected": self.expected,
            "suggestions": self.suggestions.iter().map(|suggestion| json!({
                "span": [suggestion.span.start, suggestion.span.end],
                "text": suggestion.text,
            })).collect::<Vec<_>>(),
        });
        if let (Some(number), Some(members)) = (statement, object.as_object_mut()) {
            members.insert("statement".to_owned(), number.into());
        }
        object
    }
}

/// A line of the source as it is shown, and where its carets stand.
struct Place {
    line: String,
    /// Counted from 1.
    line_number: usize,
    /// Counted from 1, in characters.
    column_number: usize,
    /// Columns before the carets.
    indent: usize,
    /// Number of carets.
    width: usize,
}

impl Place {
    fn find(source: &str, error: &QueryError) -> Place {
        let start = floor_boundary(source, error.span.start as usize);
        let end = floor_boundary(source, error.span.end as usize).max(start);
        let (before, after) = source.split_at_checked(start).unwrap_or((source, ""));
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let lead = before.get(line_start..).unwrap_or_default();
        let tail = after.split('\n').next().unwrap_or_default();
        let marked = tail.get(..(end - start).min(tail.len())).unwrap_or(tail);
        let rest = tail.get(marked.len()..).unwrap_or_default();
        let missing = start == end;
        let (lead, marked, rest) = (visible(lead), visible(marked), visible(rest));
        let gap = missing && !lead.is_empty() && !lead.ends_with(' ') && rest.trim_end().is_empty();
        let (lead, rest) = cut(lead, &marked, rest.trim_end());
        Place {
            line_number: before.matches('\n').count() + 1,
            column_number: before.get(line_start..).map_or(0, |lead| lead.chars().count()) + 1,
            indent: columns(&lead) + usize::from(gap),
            width: columns(&marked).clamp(1, LINE_COLUMNS_MAX),
            line: format!("{lead}{marked}{rest}").trim_end().to_owned(),
        }
    }
}

/// Cuts what stands left and right of the carets where the line is too long to show.
fn cut(lead: String, marked: &str, rest: &str) -> (String, String) {
    if columns(&lead) + columns(marked) + columns(rest) <= LINE_COLUMNS_MAX {
        return (lead, rest.to_owned());
    }
    let lead = if columns(&lead) > LEAD_COLUMNS {
        let tail: Vec<char> = lead.chars().rev().take(LEAD_COLUMNS).collect();
        tail.iter().rev().fold("…".to_owned(), |mut text, c| {
            text.push(*c);
            text
        })
    } else {
        lead
    };
    let room = LINE_COLUMNS_MAX.saturating_sub(columns(&lead) + columns(marked));
    let rest =
        if columns(rest) > room { rest.chars().take(room).chain(['…']).collect() } else { rest.to_owned() };
    (lead, rest)
}

/// Returns the text with every control character as one visible character.
fn visible(text: &str) -> String {
    let show = |c: char| match c {
        '\t' => ' ',
        c if c.is_control() => '␛',
        c => c,
    };
    text.trim_end_matches('\r').chars().map(show).collect()
}

fn columns(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// Returns the last boundary of a character at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Code;
    use crate::text::Span;

    fn render(source: &str, start: usize, end: usize) -> String {
        QueryError::new(Code::Unexpected, "no", Span::new(start, end)).label("here").render(source)
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        assert_eq!(render("a 中文 b", 2, 8), "error[E028]: no\n  | a 中文 b\n  |   ^^^^ here\n");
    }

    #[test]
    fn what_is_missing_at_the_end_stands_one_column_on() {
        assert_eq!(render("find", 4, 4), "error[E028]: no\n  | find\n  |      ^ here\n");
        assert_eq!(render("find ", 5, 5), "error[E028]: no\n  | find\n  |      ^ here\n");
    }

    #[test]
    fn scripts_name_the_line() {
        assert_eq!(
            render("show 1;\r\nfind x y;\r\nshow 2", 16, 17),
            "error[E028]: no\n --> line 2, column 8\n  | find x y;\n  |        ^ here\n"
        );
    }

    #[test]
    fn long_lines_are_cut_and_control_characters_shown() {
        let source = format!("{}\u{1b}[2J\tBAD{}", "x".repeat(500), "y".repeat(500));
        let text = render(&source, 505, 508);
        assert!(!text.contains('\u{1b}'));
        assert!(text.lines().all(|line| columns(line) <= LINE_COLUMNS_MAX + 6), "{text}");
        let lines: Vec<&str> = text.lines().collect();
        let indent = lines[2].find('^').unwrap();
        assert_eq!(lines[1].chars().skip(indent).take(3).collect::<String>(), "BAD");
    }

    #[test]
    fn any_span_renders() {
        for (start, end) in [(0, 0), (1, 1), (0, 99), (50, 60), (2, 1)] {
            assert!(render("é中\n", start, end).contains('^'));
        }
    }

    #[test]
    fn json_has_the_members_of_the_contract() {
        let error =
            QueryError::new(Code::UnknownStatement, "no", Span::new(0, 3)).suggest(Span::new(0, 3), "find");
        let json = error.to_json(Some(2));
        assert_eq!(json["span"], json!([0, 3]));
        assert_eq!(json["code"], "E001");
        assert_eq!(json["suggestions"][0]["text"], "find");
        assert_eq!(json["statement"], 2);
    }
}
