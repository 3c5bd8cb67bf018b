//! What the line editor asks while a statement is typed; all of it comes from the lexer and parser.

use std::borrow::Cow;

use dateline::query::lex::{Class, tokens};
use dateline::text::Span;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::Hinter;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Result};

use super::complete::{Candidate, Completion, complete};
use super::hint::{Ghost, Hints};
use super::is_whole;
use crate::script::is_dot_command;
use crate::shell::Shell;

/// Completes, hints and colours.
#[derive(Default)]
pub struct Helper {
    completion: Completion,
    hints: Hints,
}

impl Helper {
    /// Learns the state of the session before a statement is typed.
    pub fn look_at(&mut self, shell: &mut Shell) {
        self.completion.look_at(shell);
        self.hints.history.clone_from(&shell.history);
        self.hints.wrong.clone_from(&shell.wrong);
        self.hints.suggestion.clone_from(&shell.suggestion);
    }
}

impl rustyline::Helper for Helper {}

impl Validator for Helper {
    fn validate(&self, context: &mut ValidationContext<'_>) -> Result<ValidationResult> {
        Ok(match is_whole(context.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

impl Completer for Helper {
    type Candidate = Pair;

    fn complete(&self, line: &str, pos: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        let (start, candidates) = complete(&self.completion, line, pos);
        let pair = |Candidate { shown, text }| Pair { display: shown, replacement: text };
        Ok((start, candidates.into_iter().map(pair).collect()))
    }
}

impl Hinter for Helper {
    type Hint = Ghost;

    fn hint(&self, line: &str, pos: usize, _: &Context<'_>) -> Option<Ghost> {
        if pos < line.len() { None } else { self.hints.hint(line) }
    }
}

impl Highlighter for Helper {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if is_dot_command(line) {
            return Cow::Owned(format!("\u{1b}[36m{line}\u{1b}[0m"));
        }
        Cow::Owned(painted(line, &self.completion.unknown(line)))
    }

    fn highlight_prompt<'b, 's: 'b, 'p: 'b>(&'s self, prompt: &'p str, _: bool) -> Cow<'b, str> {
        Cow::Owned(format!("\u{1b}[1;32m{prompt}\u{1b}[0m"))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\u{1b}[2m{hint}\u{1b}[0m"))
    }

    fn highlight_char(&self, line: &str, _: usize, kind: CmdKind) -> bool {
        kind != CmdKind::MoveCursor && !line.is_empty()
    }
}

/// Returns the line with each token in the colour of its class, unknown names underlined; its text stays the same.
fn painted(line: &str, unknown: &[Span]) -> String {
    let mut painted = String::with_capacity(line.len() * 2);
    let mut at = 0;
    for token in tokens(line) {
        let range = token.span.range();
        painted.push_str(line.get(at..range.start).unwrap_or_default());
        at = range.end;
        let text = token.span.of(line);
        let codes = if unknown.contains(&token.span) { Some(UNKNOWN) } else { colour(token.class()) };
        match codes {
            Some(codes) => painted.push_str(&format!("\u{1b}[{codes}m{text}\u{1b}[0m")),
            None => painted.push_str(text),
        }
    }
    painted.push_str(line.get(at..).unwrap_or_default());
    painted
}

/// How a name looks that the archive does not know.
const UNKNOWN: &str = "4;31";

fn colour(class: Class) -> Option<&'static str> {
    match class {
        Class::Keyword => Some("1;34"),
        Class::Text | Class::Json => Some("32"),
        Class::Number | Class::Date => Some("35"),
        Class::Regex => Some("33"),
        Class::Parameter => Some("36"),
        Class::Comment => Some("2"),
        Class::Wrong => Some("33;4"),
        Class::Name | Class::Sign => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("\u{1b}[") {
            out.push_str(before);
            rest = after.split_once('m').map_or("", |(_, rest)| rest);
        }
        out + rest
    }

    #[test]
    fn tokens_have_their_colours() {
        let text = painted("find where title contains \"Idlib\" # so", &[]);
        assert!(text.contains("\u{1b}[1;34mfind\u{1b}[0m"), "{text:?}");
        assert!(text.contains("\u{1b}[32m\"Idlib\"\u{1b}[0m"), "{text:?}");
        assert!(text.contains("\u{1b}[2m# so\u{1b}[0m"), "{text:?}");
    }

    proptest! {
        #[test]
        fn painting_changes_no_text(line in "[a-z0-9 \"'(),.<>=/$:;#{}\\-]{0,60}") {
            prop_assert_eq!(plain(&painted(&line, &[])), line);
        }
    }
}
