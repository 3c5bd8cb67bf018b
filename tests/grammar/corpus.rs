//! Reads and rewrites the files of `grammar/corpus/`.

use std::fs;
use std::path::{Path, PathBuf};

/// Set to anything, this variable makes the tests rewrite golden files instead of comparing with them.
const UPDATE: &str = "UPDATE_GRAMMAR";

/// One case of a `.dql` file: remarks, the query, and what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Lines before the query that start with `# `, without it.
    pub remarks: Vec<String>,
    /// The query, perhaps of several lines.
    pub query: String,
    /// The parts behind the query, each without its last line break.
    pub parts: Vec<String>,
}

/// Returns the root of `grammar/`.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grammar")
}

/// Reads a file below `grammar/`.
pub fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("grammar/{path}: {error}"))
}

/// Returns the `.dql` files of a folder below `grammar/corpus/`, as paths below `grammar/`, in order.
pub fn files(folder: &str) -> Vec<String> {
    let folder = format!("corpus/{folder}");
    let entries = fs::read_dir(root().join(&folder)).expect("the folder is part of the repository");
    let names = entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned());
    let mut files: Vec<String> =
        names.filter(|name| name.ends_with(".dql")).map(|name| format!("{folder}/{name}")).collect();
    files.sort();
    files
}

/// Returns every case of a folder below `grammar/corpus/`.
pub fn all_cases(folder: &str) -> Vec<Case> {
    files(folder).iter().flat_map(|file| cases(&read(file))).collect()
}

/// Cuts a `.dql` file into its cases.
pub fn cases(text: &str) -> Vec<Case> {
    text.split("\n====\n").map(|case| parse_case(case.trim_matches('\n'))).collect()
}

fn parse_case(text: &str) -> Case {
    let mut parts = text.split("\n---\n").map(|part| part.trim_end_matches('\n').to_owned());
    let head = parts.next().unwrap_or_default();
    let is_remark = |line: &&str| line.starts_with("# ");
    let remarks: Vec<String> = head.lines().take_while(is_remark).map(|line| line[2..].to_owned()).collect();
    let query = head.lines().skip(remarks.len()).collect::<Vec<_>>().join("\n");
    Case { remarks, query, parts: parts.collect() }
}

/// Puts cases together again.
pub fn print(cases: &[Case]) -> String {
    let print_case = |case: &Case| {
        let remarks: String = case.remarks.iter().map(|remark| format!("# {remark}\n")).collect();
        let parts: String = case.parts.iter().map(|part| format!("---\n{part}\n")).collect();
        format!("{remarks}{}\n{parts}", case.query)
    };
    cases.iter().map(print_case).collect::<Vec<_>>().join("====\n")
}

/// Compares a file below `grammar/` with what it should be, or rewrites it where that is asked for.
pub fn check(path: &str, expected: &str) {
    let file = root().join(path);
    let found = fs::read_to_string(&file).unwrap_or_default();
    if found == expected {
        return;
    }
    if std::env::var_os(UPDATE).is_some() {
        fs::write(&file, expected).expect("the folder is writable");
        return;
    }
    let line = found.lines().zip(expected.lines()).position(|(a, b)| a != b);
    let line = line.unwrap_or_else(|| found.lines().count().min(expected.lines().count()));
    panic!(
        "grammar/{path} is stale from line {} on:\n  found    {}\n  expected {}\nrun the tests with {UPDATE}=1 and read the difference",
        line + 1,
        found.lines().nth(line).unwrap_or("(end)"),
        expected.lines().nth(line).unwrap_or("(end)"),
    );
}
