//! Reads the source tree and fails, with file and line, where it leaves the house rules.
//!
//! The rules are data: the table of layers, the doors of foreign engines, the sizes. A rule that no test enforces is
//! a rumour.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test that cannot go on has failed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Rooms of `src/` by layer, lowest first. A room imports from its own layer and those above it in this list.
const LAYERS: &[&[&str]] = &[
    &["text", "value", "date", "schema"],
    &["catalog", "article"],
    &["import", "extract", "store"],
    &["segment", "query"],
    &["exec"],
    &["error"],
    &["database", "render"],
];

/// Foreign engines, and the only places that may name them.
const DOORS: &[(&str, &[&str])] = &[
    ("sled", &["src/store/records"]),
    ("nom", &["src/query/lex", "src/query/parse"]),
    ("memmap2", &["src/segment/map.rs"]),
    ("unsafe", &["src/segment/map.rs"]),
    // The comparison and the writer of Parquet are programs of their own, with options of their own.
    ("clap", &["src/bin/dateline/args", "benches/compare/src/main.rs", "parquet/src/args.rs"]),
    ("rustyline", &["src/bin/dateline/repl"]),
];

/// Macros that print; only the executable does.
const PRINTING: &[&str] = &["print", "println", "eprint", "eprintln", "dbg"];

/// Longest file, in lines before its tests.
const FILE_LINES_MAX: usize = 700;

/// Longest function, in lines from its name to its closing brace.
const FUNCTION_LINES_MAX: usize = 70;

/// A source file with its tokens; comments are not among them, documentation is only as literals.
struct Source {
    path: String,
    text: String,
    tokens: TokenStream,
}

impl Source {
    /// Returns the room of the library that the file belongs to; `None` for the crate's root and the executable.
    fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let room = inside.split('/').next()?.trim_end_matches(".rs");
        (room != "lib" && room != "bin").then_some(room)
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the Rust files under these folders, by path; what is built into folders named `target` is not ours.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut paths: Vec<PathBuf> =
        folders.iter().flat_map(|folder| rust_files(&root().join(folder))).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no sources under {folders:?}");
    paths.into_iter().map(|path| read(&path)).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| !path.ends_with("target"))
        .flat_map(|path| match path.is_dir() {
            true => rust_files(&path),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .collect()
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let relative = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
    let tokens = text.parse().unwrap_or_else(|error| panic!("{relative}: {error}"));
    Source { path: relative, text, tokens }
}

/// Calls `visit` with every run of sibling tokens: the file's own, and those inside each pair of brackets.
fn walk(tokens: &TokenStream, visit: &mut dyn FnMut(&[TokenTree])) {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    visit(&tokens);
    for token in &tokens {
        if let TokenTree::Group(group) = token {
            walk(&group.stream(), visit);
        }
    }
}

fn is_ident(token: Option<&TokenTree>, name: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == name)
}

fn is_punct(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

fn line_of(token: &TokenTree) -> usize {
    token.span().start().line
}

/// Lists the rooms that a file names behind `crate::`, each with its line.
fn imports(source: &Source) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    walk(&source.tokens, &mut |tokens| {
        for (at, token) in tokens.iter().enumerate() {
            let is_path = is_ident(Some(token), "crate") && is_punct(tokens.get(at + 1), ':');
            match tokens.get(at + 3).filter(|_| is_path) {
                Some(TokenTree::Ident(room)) => found.push((room.to_string(), line_of(token))),
                Some(TokenTree::Group(group)) => found.extend(heads(group)),
                _ => {}
            }
        }
    });
    found
}

/// Lists the first names of `{text::Span, value::{Number, Value}}`.
fn heads(group: &Group) -> Vec<(String, usize)> {
    let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
    let items = tokens.split(|token| is_punct(Some(token), ','));
    items.filter_map(|item| item.first()).map(|first| (first.to_string(), line_of(first))).collect()
}

fn layer_of(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// Fails with all that was found, a line each.
fn assert_none(rule: &str, faults: &[impl Display]) {
    let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{rule}:\n{}", list.join("\n"));
}

#[test]
fn imports_run_downwards() {
    let mut faults = Vec::new();
    for source in sources(&["src"]) {
        let Some(room) = source.room() else { continue };
        let Some(own) = layer_of(room) else {
            faults.push(format!("{}: the room `{room}` is in no layer", source.path));
            continue;
        };
        for (target, line) in imports(&source) {
            match layer_of(&target) {
                Some(layer) if layer <= own => {}
                Some(layer) => {
                    faults.push(format!("{}:{line}: L{own} {room} imports L{layer} {target}", source.path));
                }
                None => faults.push(format!("{}:{line}: `crate::{target}` is no room", source.path)),
            }
        }
    }
    assert_none("imports run downwards only", &faults);
}

#[test]
fn rooms_of_one_layer_form_no_circle() {
    let mut below: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources(&["src"]) {
        let Some(room) = source.room() else { continue };
        let targets = imports(&source).into_iter().map(|(target, _)| target).filter(|target| target != room);
        below.entry(room.to_owned()).or_default().extend(targets);
    }
    // Rooms that import nothing that is left are taken away until none is left, or only circles are.
    while let Some(free) = below.iter().find(|(_, targets)| targets.is_empty()).map(|(room, _)| room.clone())
    {
        below.remove(&free);
        for targets in below.values_mut() {
            targets.remove(&free);
        }
    }
    let circles: Vec<String> = below.iter().map(|(room, targets)| format!("{room} -> {targets:?}")).collect();
    assert_none("rooms import each other in a circle", &circles);
}

#[test]
fn each_engine_has_one_door() {
    let mut faults = Vec::new();
    for source in sources(&["src", "examples", "benches", "parquet"]) {
        walk(&source.tokens, &mut |tokens| {
            for (at, token) in tokens.iter().enumerate() {
                let door = DOORS.iter().find(|(engine, _)| is_ident(Some(token), engine));
                let Some((engine, places)) = door else { continue };
                let names_it = *engine == "unsafe" || is_punct(tokens.get(at + 1), ':');
                let is_door = places.iter().any(|place| source.path.starts_with(place));
                if names_it && !is_door {
                    faults.push(format!("{}:{}: {engine} outside {places:?}", source.path, line_of(token)));
                }
            }
        });
    }
    assert_none("each engine has one door", &faults);
}

#[test]
fn the_library_prints_nothing() {
    let mut faults = Vec::new();
    for source in sources(&["src"]).iter().filter(|source| source.room().is_some()) {
        walk(&source.tokens, &mut |tokens| {
            for (at, token) in tokens.iter().enumerate() {
                let prints = PRINTING.iter().any(|name| is_ident(Some(token), name));
                if prints && is_punct(tokens.get(at + 1), '!') {
                    faults.push(format!("{}:{}: {token}!", source.path, line_of(token)));
                }
            }
        });
    }
    assert_none("the library prints nothing", &faults);
}

#[test]
fn files_are_about_one_thing() {
    let faults: Vec<String> = sources(&["src", "examples", "tests", "benches", "parquet"])
        .iter()
        .map(|source| (&source.path, lines_before_tests(&source.text)))
        .filter(|(_, lines)| *lines > FILE_LINES_MAX)
        .map(|(path, lines)| format!("{path}: {lines} lines, at most {FILE_LINES_MAX} before the tests"))
        .collect();
    assert_none("files are about one thing", &faults);
}

fn lines_before_tests(text: &str) -> usize {
    text.lines().take_while(|line| *line != "#[cfg(test)]").count()
}

#[test]
fn functions_are_short() {
    let mut faults = Vec::new();
    for source in sources(&["src", "examples", "tests", "benches", "parquet"]) {
        walk(&source.tokens, &mut |tokens| {
            for (at, token) in tokens.iter().enumerate() {
                let Some(TokenTree::Ident(name)) = tokens.get(at + 1) else { continue };
                let Some(body) = body_of(tokens.get(at..).unwrap_or_default()) else { continue };
                let lines = body.span_close().end().line + 1 - line_of(token);
                if is_ident(Some(token), "fn") && lines > FUNCTION_LINES_MAX {
                    faults.push(format!("{}:{}: {name} has {lines} lines", source.path, line_of(token)));
                }
            }
        });
    }
    assert_none("functions are short", &faults);
}

/// Returns the braces of the function that `tokens` begin with; a declaration without a body has none.
fn body_of(tokens: &[TokenTree]) -> Option<&Group> {
    let until_end = tokens.iter().take_while(|token| !is_punct(Some(token), ';'));
    until_end
        .filter_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
            _ => None,
        })
        .next()
}

#[test]
fn nothing_is_left_for_later() {
    // Put together here, so that this file does not hold what it looks for.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["#[ign", "ore"], ["should_", "panic"]]
        .map(|m| m.concat());
    let mut faults = Vec::new();
    for source in sources(&["src", "examples", "tests", "benches", "parquet"]) {
        for (index, line) in source.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                faults.push(format!("{}:{}: {mark}", source.path, index + 1));
            }
        }
    }
    assert_none("nothing is left for later", &faults);
}
