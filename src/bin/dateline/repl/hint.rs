//! What stands greyed behind the cursor: a correction, the rest of an earlier statement, or what may follow.

use std::collections::HashSet;

use dateline::query::{Expected, expected_at};
use rustyline::hint::Hint;
use rustyline::{Cmd, ConditionalEventHandler, Event, EventContext, RepeatCount};

use crate::script::is_dot_command;

/// Things named that may follow.
const SHAPES_MAX: usize = 6;

/// A greyed remainder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ghost {
    /// Text that the Right key takes over.
    Rest(String),
    /// What may follow, which is only shown.
    Shape(String),
}

impl Hint for Ghost {
    fn display(&self) -> &str {
        match self {
            Ghost::Rest(text) | Ghost::Shape(text) => text,
        }
    }

    fn completion(&self) -> Option<&str> {
        match self {
            Ghost::Rest(text) => Some(text),
            Ghost::Shape(_) => None,
        }
    }
}

/// What hints are made of.
#[derive(Debug, Default)]
pub struct Hints {
    /// Earlier statements, oldest first.
    pub history: Vec<String>,
    /// Statements of this session that were wrong.
    pub wrong: HashSet<String>,
    /// What the user may have meant by the last statement.
    pub suggestion: Option<String>,
}

impl Hints {
    /// Returns the hint for what is typed so far, with the cursor at its end.
    pub fn hint(&self, typed: &str) -> Option<Ghost> {
        if typed.is_empty() {
            return self.suggestion.clone().map(Ghost::Rest);
        }
        self.rest(typed).map(Ghost::Rest).or_else(|| shape(typed).map(Ghost::Shape))
    }

    /// Returns the rest of the latest statement that began so and was right.
    fn rest(&self, typed: &str) -> Option<String> {
        let fits = |statement: &&String| {
            // A statement of several lines would move the prompt while it is only offered.
            statement.starts_with(typed) && !statement.contains('\n') && !self.wrong.contains(*statement)
        };
        let statement = self.suggestion.iter().chain(self.history.iter().rev()).find(fits)?;
        statement.get(typed.len()..).filter(|rest| !rest.is_empty()).map(str::to_owned)
    }
}

/// Returns what may follow a finished word, named shortly.
fn shape(typed: &str) -> Option<String> {
    if !typed.ends_with([' ', '\n']) || is_dot_command(typed) {
        return None;
    }
    let names: Vec<String> = expected_at(typed, typed.len()).into_iter().filter_map(name).collect();
    let more = if names.len() > SHAPES_MAX { " ..." } else { "" };
    let shown = names.iter().take(SHAPES_MAX).cloned().collect::<Vec<_>>().join(" | ");
    (!shown.is_empty()).then(|| format!("{shown}{more}"))
}

fn name(expected: Expected) -> Option<String> {
    match expected {
        Expected::Word(word) => Some(word.to_owned()),
        Expected::Sign(_) | Expected::End | Expected::Parameter => None,
        Expected::Text => Some("\"text\"".to_owned()),
        other => Some(format!("<{}>", other.to_string().trim_start_matches("a ").trim_start_matches("an "))),
    }
}

/// Takes the next word of a hint, where there is one.
pub struct TakeWord;

impl ConditionalEventHandler for TakeWord {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let rest = context.hint_text().filter(|_| context.pos() == context.line().len())?;
        Some(Cmd::Insert(1, first_word(rest).to_owned()))
    }
}

/// Returns the first word with the spaces before it.
fn first_word(rest: &str) -> &str {
    let spaces = rest.len() - rest.trim_start().len();
    let end = rest.get(spaces..).and_then(|word| word.find(' ')).map_or(rest.len(), |end| spaces + end);
    rest.get(..end).unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints() -> Hints {
        Hints {
            history: ["count", "find where source = \"AFP\"", "find where sorce = \"AFP\"", "find\nlimit 1"]
                .map(str::to_owned)
                .to_vec(),
            wrong: HashSet::from(["find where sorce = \"AFP\"".to_owned()]),
            suggestion: None,
        }
    }

    #[test]
    fn the_latest_right_statement_is_offered() {
        assert_eq!(hints().hint("find wh"), Some(Ghost::Rest("ere source = \"AFP\"".to_owned())));
        assert_eq!(hints().hint("count"), None);
        assert_eq!(hints().hint(""), None);
    }

    #[test]
    fn a_correction_comes_first() {
        let hints = Hints { suggestion: Some("find where source = \"RT\"".to_owned()), ..hints() };
        assert_eq!(hints.hint(""), Some(Ghost::Rest("find where source = \"RT\"".to_owned())));
        assert_eq!(hints.hint("find where source = \""), Some(Ghost::Rest("RT\"".to_owned())));
    }

    #[test]
    fn what_may_follow_is_shown_and_not_taken() {
        let Some(Ghost::Shape(shape)) = Hints::default().hint("timeline by ") else { panic!("no shape") };
        assert!(shape.contains("month"), "{shape}");
        assert_eq!(Hints::default().hint("timeline by"), None);
        assert_eq!(Hints::default().hint(".open "), None);
    }

    #[test]
    fn words_are_taken_one_by_one() {
        assert_eq!(first_word("ere source = x"), "ere");
        assert_eq!(first_word(" source = x"), " source");
        assert_eq!(first_word("last"), "last");
    }
}
