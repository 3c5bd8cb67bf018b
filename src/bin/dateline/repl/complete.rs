//! Completion: what the parser expects, with names and values of the archive.

use std::path::Path;

use dateline::exec::View;
use dateline::query::lex::{TokenKind, tokens};
use dateline::query::{Bindings, Code, Expected, Session, Statement, ast, expected_at, quote_str, resolve};
use dateline::text::Span;

use super::values::{open_quote, values};
use crate::dot::COMMANDS;
use crate::script::is_dot_command;
use crate::shell::Shell;

/// Candidates shown at most.
const CANDIDATES_MAX: usize = 50;

/// One way to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the list shows.
    pub shown: String,
    /// What is put into the line.
    pub text: String,
}

impl Candidate {
    fn word(text: &str) -> Candidate {
        Candidate { shown: text.to_owned(), text: text.to_owned() }
    }
}

/// What completion knows about the archive, taken before a line is typed so that no key waits for a disk.
#[derive(Default)]
pub struct Completion {
    view: Option<View>,
    fields: Vec<String>,
    saved: Vec<String>,
}

impl Completion {
    /// Learns the names of the archive.
    pub fn look_at(&mut self, shell: &mut Shell) {
        let Ok(view) = shell.view() else { return };
        self.fields = view.catalog.schema.fields().map(|field| field.name.to_string()).collect();
        self.saved = view.catalog.saved.keys().cloned().collect();
        self.view = Some(view);
    }
}

impl Completion {
    /// Returns the places of names that the archive does not know, in a statement that is whole.
    pub fn unknown(&self, text: &str) -> Vec<Span> {
        let (Some(view), Ok(statement)) = (&self.view, Statement::parse(text)) else { return Vec::new() };
        let statement = ast::At::new(statement, Span::new(0, text.len()));
        let session = Session { write: true, files: true, ..Session::default() };
        let errors = resolve(&statement, &view.catalog, &session, &Bindings::default()).err();
        let named = errors.into_iter().flatten().filter(|error| is_about_a_name(error.code));
        named.map(|error| error.span).collect()
    }
}

/// Tells whether an error says that a name is unknown.
fn is_about_a_name(code: Code) -> bool {
    matches!(code, Code::UnknownField | Code::UnknownSaved)
}

/// Returns where the completed word begins, and what may stand there.
pub fn complete(known: &Completion, text: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let typed = text.get(..cursor).unwrap_or(text);
    if is_dot_command(typed) || typed == "." {
        return complete_dot(typed);
    }
    if is_comment(typed) {
        return (cursor, Vec::new());
    }
    if let Some(quote) = open_quote(typed) {
        let found = known.view.as_ref().map(|view| values(view, &quote));
        return (quote.start, found.unwrap_or_default());
    }
    let start = word_start(typed);
    let word = typed.get(start..).unwrap_or_default().to_lowercase();
    let mut candidates: Vec<Candidate> = expected_at(text, cursor)
        .into_iter()
        .flat_map(|expected| candidates_of(expected, known))
        .filter(|candidate| candidate.text.to_lowercase().starts_with(&word))
        .collect();
    candidates.sort_by(|a, b| a.text.cmp(&b.text));
    candidates.dedup();
    candidates.truncate(CANDIDATES_MAX);
    (start, candidates)
}

/// Tells whether the cursor stands in a comment, where nothing is completed.
fn is_comment(typed: &str) -> bool {
    let last = tokens(typed).pop();
    last.is_some_and(|token| token.kind == TokenKind::Comment && token.span.end as usize == typed.len())
}

fn word_start(typed: &str) -> usize {
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '@');
    typed.trim_end_matches(word).len()
}

fn candidates_of(expected: Expected, known: &Completion) -> Vec<Candidate> {
    match expected {
        Expected::Word(word) => vec![Candidate::word(word)],
        Expected::Field => known.fields.iter().map(|name| Candidate::word(name)).collect(),
        Expected::SavedName => known.saved.iter().map(|name| Candidate::word(&format!("@{name}"))).collect(),
        // A pair of quotes invites to type; signs and numbers are quicker typed than chosen.
        Expected::Text => vec![Candidate { shown: "\"text\"".to_owned(), text: quote_str("") }],
        _ => Vec::new(),
    }
}

/// Completes the name of a dot command, then the paths that some of them take.
fn complete_dot(typed: &str) -> (usize, Vec<Candidate>) {
    match typed.split_once(' ') {
        None => {
            let name = typed.trim_start_matches('.');
            let matching = COMMANDS.iter().filter(|command| command.name.starts_with(name));
            (0, matching.map(|command| Candidate::word(&format!(".{}", command.name))).collect())
        }
        Some((".open" | ".read" | ".import" | ".once" | ".output" | ".backup" | ".restore", path)) => {
            let start = typed.len() - path.len();
            (start, paths(path.trim_start()))
        }
        Some((".mode" | ".again", format)) => {
            let names = dateline::render::Format::ALL.iter().map(|known| known.name());
            let matching = names.filter(|name| name.starts_with(format));
            (typed.len() - format.len(), matching.map(Candidate::word).collect())
        }
        Some(_) => (typed.len(), Vec::new()),
    }
}

/// Lists the files and folders that begin as typed.
fn paths(typed: &str) -> Vec<Candidate> {
    let (folder, name) = typed.rsplit_once('/').map_or(("", typed), |(folder, name)| (folder, name));
    let shown_folder = if typed.contains('/') { format!("{folder}/") } else { String::new() };
    let searched = if shown_folder.is_empty() { "." } else { &shown_folder };
    let Ok(entries) = std::fs::read_dir(Path::new(searched)) else { return Vec::new() };
    let mut found: Vec<Candidate> = entries
        .flatten()
        .filter_map(|entry| {
            let entry_name = entry.file_name().into_string().ok()?;
            let hidden = entry_name.starts_with('.') && !name.starts_with('.');
            let slash = if entry.path().is_dir() { "/" } else { "" };
            (entry_name.starts_with(name) && !hidden)
                .then(|| Candidate::word(&format!("{shown_folder}{entry_name}{slash}")))
        })
        .collect();
    found.sort_by(|a, b| a.text.cmp(&b.text));
    found.truncate(CANDIDATES_MAX);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(typed: &str) -> Vec<String> {
        let known = Completion {
            fields: ["title", "text", "source"].map(str::to_owned).to_vec(),
            saved: vec!["syria".to_owned()],
            view: None,
        };
        complete(&known, typed, typed.len()).1.into_iter().map(|candidate| candidate.text).collect()
    }

    #[test]
    fn statements_clauses_and_fields_are_offered() {
        assert_eq!(texts("fi"), ["find"]);
        assert_eq!(texts("find wh"), ["where"]);
        assert_eq!(texts("find where ti"), ["title"]);
        assert!(texts("find where title cont").contains(&"contains".to_owned()));
        assert!(texts("find # fi").is_empty());
    }

    #[test]
    fn dot_commands_and_formats_are_offered() {
        assert_eq!(texts(".mo"), [".mode"]);
        assert_eq!(texts(".mode nd"), ["ndjson"]);
        assert_eq!(complete(&Completion::default(), ".mode nd", 8).0, 6);
    }
}
