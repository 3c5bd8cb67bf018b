//! Every option of the command, of each subcommand, and every exit code has a case in `tests/cli`.
//!
//! What there is comes from the command itself: the manual pages that it prints, and the exit codes in its help.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test whose command cannot even start has failed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

/// Options that no case can take, each with the test that does.
const ELSEWHERE: &[(&str, &str)] = &[
    // Runs until Ctrl-C; the cases only hold what it cannot be combined with.
    ("watch", "a_watched_folder_and_its_database_stay_in_step"),
    // A script that comes through a pipe, piece by piece.
    ("stream", "a_stream_is_answered_statement_by_statement"),
];

/// An exit that needs a signal, and the test that sends one.
const INTERRUPTED: (&str, &str) = ("130", "an_interrupt_has_its_own_exit");

fn printed(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_dateline")).args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Lists the long options that a manual page explains.
fn options(page: &str) -> BTreeSet<String> {
    let page = page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "");
    let words = page.split(|c: char| c.is_whitespace() || matches!(c, ',' | '=' | '[' | ']'));
    let long = words.filter_map(|word| word.strip_prefix("--"));
    let is_name = |name: &&str| name.starts_with(|c: char| c.is_ascii_lowercase());
    let trimmed = long.filter(is_name).map(|name| name.trim_end_matches(['.', ';', ':', ')']).to_owned());
    trimmed.collect()
}

/// Lists the subcommands, from the head of the list in the help text to its end.
fn subcommands() -> Vec<String> {
    let help = printed(&["--help"]);
    let list = help.split("\nCommands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    list.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

/// A command of `tests/cli`, as words, and how it ends.
struct Case {
    words: Vec<String>,
    exit: String,
}

fn cases() -> Vec<Case> {
    let files = fs::read_dir("tests/cli").unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "trycmd"));
    files.flat_map(|path| cases_in(&fs::read_to_string(path).unwrap())).collect()
}

fn cases_in(text: &str) -> Vec<Case> {
    let lines: Vec<&str> = text.lines().collect();
    let case = |(at, line): (usize, &&str)| {
        let words = line.strip_prefix("$ dateline")?.split_whitespace();
        let exit = lines.get(at + 1).and_then(|next| next.strip_prefix("? ")).unwrap_or("0");
        Some(Case { words: words.map(str::to_owned).collect(), exit: exit.to_owned() })
    };
    lines.iter().enumerate().filter_map(case).collect()
}

/// Lists the options that cases use, by their subcommand; those of the command itself stand under no name.
fn used(cases: &[Case], subcommands: &[String]) -> BTreeMap<String, BTreeSet<String>> {
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases {
        let subcommand = case.words.first().filter(|word| subcommands.contains(word));
        let options = used.entry(subcommand.cloned().unwrap_or_default()).or_default();
        let long = case.words.iter().filter_map(|word| word.strip_prefix("--"));
        options.extend(long.map(|word| word.split('=').next().unwrap_or_default().to_owned()));
    }
    used
}

#[test]
fn every_option_of_every_subcommand_has_a_case() {
    let (subcommands, cases) = (subcommands(), cases());
    let used = used(&cases, &subcommands);
    let shared = options(&printed(&["man"]));
    assert!(shared.len() > 25 && subcommands.len() > 15, "{shared:?} {subcommands:?}");
    let of_all: BTreeSet<&String> = used.values().flatten().collect();
    let short = [("command", "-c"), ("file", "-f")];
    let is_short = |name: &str| {
        let short = short.iter().find(|(long, _)| *long == name);
        short.is_some_and(|(_, short)| cases.iter().any(|case| case.words.iter().any(|word| word == short)))
    };
    let mut missing: Vec<String> = shared
        .iter()
        .filter(|name| !of_all.contains(name) && !is_short(name))
        .map(|name| format!("--{name}"))
        .collect();
    for name in &subcommands {
        let Some(used) = used.get(name) else {
            missing.push(format!("dateline {name}"));
            continue;
        };
        let own = options(&printed(&["man", name]));
        missing.extend(
            own.difference(&shared).filter(|own| !used.contains(*own)).map(|own| format!("{name} --{own}")),
        );
    }
    assert!(missing.is_empty(), "no case in tests/cli uses: {}", missing.join(", "));
}

#[test]
fn every_type_of_parameter_has_a_case() {
    let help = printed(&["--help"]);
    let list = help.split("--param:").nth(1).unwrap().split("give").next().unwrap();
    let types: Vec<&str> = list
        .split(|c: char| !c.is_ascii_lowercase())
        .filter(|word| !word.is_empty() && *word != "and")
        .collect();
    assert_eq!(types.len(), 6, "{types:?}");
    let cases = cases();
    for kind in types {
        let option = format!("--param:{kind}");
        assert!(cases.iter().any(|case| case.words.contains(&option)), "no case in tests/cli uses {option}");
    }
}

#[test]
fn every_exit_code_has_a_case() {
    let help = printed(&["--help"]);
    let list = help.split("Exit codes:").nth(1).unwrap();
    let codes: BTreeSet<&str> =
        list.split_whitespace().filter(|word| word.chars().all(|c| c.is_ascii_digit())).collect();
    assert_eq!(codes.len(), 9, "{codes:?}");
    let cases = cases();
    let by_test = fs::read_to_string("tests/cli.rs").unwrap();
    for code in codes {
        let is_shown = cases.iter().any(|case| case.exit == code);
        let is_tested = code == INTERRUPTED.0 && by_test.contains(&format!("fn {}()", INTERRUPTED.1));
        assert!(is_shown || is_tested, "no case in tests/cli ends with {code}");
    }
}

#[test]
fn what_no_case_can_take_is_tested_elsewhere() {
    let by_test = fs::read_to_string("tests/cli.rs").unwrap();
    for (option, test) in ELSEWHERE {
        let body = by_test.split(&format!("fn {test}()")).nth(1).unwrap_or_default();
        let body = body.split("\n}\n").next().unwrap_or_default();
        assert!(body.contains(&format!("\"--{option}\"")), "{test} does not use --{option}");
    }
}
