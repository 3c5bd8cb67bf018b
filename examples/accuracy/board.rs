//! Counting of right, found and wanted answers, and the printing of the counts.

use std::collections::BTreeMap;

use serde_json::Value;

/// Right, found and wanted answers of one field.
#[derive(Default)]
pub struct Score {
    pub right: usize,
    pub found: usize,
    pub wanted: usize,
}

#[derive(Default)]
pub struct Board {
    pub scores: BTreeMap<&'static str, Score>,
    pub is_verbose: bool,
}

impl Board {
    /// Counts found answers against the wanted ones; each wanted answer makes one found answer right.
    pub fn add<T: PartialEq + std::fmt::Debug>(
        &mut self,
        field: &'static str,
        found: &[T],
        wanted: &[T],
        id: &Value,
    ) {
        let score = self.scores.entry(field).or_default();
        score.found += found.len();
        score.wanted += wanted.len();
        let mut open: Vec<&T> = wanted.iter().collect();
        for answer in found {
            match open.iter().position(|other| *other == answer) {
                Some(index) => {
                    open.remove(index);
                    score.right += 1;
                }
                None if self.is_verbose => println!("{id} {field} + {answer:?}"),
                None => {}
            }
        }
        if self.is_verbose {
            open.iter().for_each(|answer| println!("{id} {field} - {answer:?}"));
        }
    }

    /// Prints precision, recall and F1 of every field.
    pub fn print(&self) {
        println!("{:<20} {:>6} {:>6} {:>6} {:>8}", "field", "P", "R", "F1", "wanted");
        for (field, score) in &self.scores {
            let part = |whole: usize| if whole == 0 { 1.0 } else { score.right as f64 / whole as f64 };
            let (p, r) = (part(score.found), part(score.wanted));
            let f1 = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
            println!(
                "{field:<20} {:>6.1} {:>6.1} {:>6.1} {:>8}",
                p * 100.0,
                r * 100.0,
                f1 * 100.0,
                score.wanted
            );
        }
    }
}
