//! Errors by kind, for the analysis that `-v` prints.

use std::collections::BTreeMap;

/// Kinds shown, commonest first.
const KINDS_MAX: usize = 24;

/// Examples kept of each kind.
const EXAMPLES_MAX: usize = 4;

/// How often each kind of error was made, with examples.
#[derive(Default)]
pub struct Errors {
    pub kinds: BTreeMap<String, (usize, Vec<String>)>,
    pub examples_max: usize,
}

impl Errors {
    /// Counts an error; the example is made only where it is kept.
    pub fn add(&mut self, kind: &str, example: impl FnOnce() -> String) {
        let (count, examples) = self.kinds.entry(kind.to_owned()).or_default();
        *count += 1;
        if examples.len() < EXAMPLES_MAX.max(self.examples_max) {
            examples.push(example());
        }
    }

    /// Prints the commonest kinds.
    pub fn print(&self, title: &str) {
        let mut kinds: Vec<_> = self.kinds.iter().collect();
        kinds.sort_by_key(|(name, (count, _))| (std::cmp::Reverse(*count), (*name).clone()));
        println!("  errors of {title}, by kind:");
        for (name, (count, examples)) in kinds.into_iter().take(KINDS_MAX) {
            println!("  {count:>6}  {name}");
            examples.iter().for_each(|example| println!("            {}", one_line(example)));
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
