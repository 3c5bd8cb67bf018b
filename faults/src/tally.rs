//! What became of the runs.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What became of one run.
#[derive(Debug)]
pub enum Outcome {
    /// Nothing was lost and nothing was wrong; with what happened.
    Survived(String),
    /// Something acknowledged is gone, or could not be restored.
    Lost(String),
    /// An answer was wrong, or a check says so.
    Wrong(String),
    /// The library panicked.
    Panicked(String),
}

/// Runs `run`; a panic that escapes it is an outcome.
pub fn guarded(run: impl FnOnce() -> Outcome) -> Outcome {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| Outcome::Panicked(text_of(&*panic)))
}

/// Returns what a panic says.
pub fn text_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it says nothing".to_owned())
}

/// Counts the runs.
#[derive(Debug, Default)]
pub struct Tally {
    runs: u64,
    survived: u64,
    lost: u64,
    wrong: u64,
    panics: u64,
}

impl Tally {
    /// Counts a run and prints what became of it.
    pub fn count(&mut self, run: u64, seed: u64, outcome: Outcome) {
        self.runs += 1;
        let (counter, word, text) = match outcome {
            Outcome::Survived(text) => (&mut self.survived, "survived", text),
            Outcome::Lost(text) => (&mut self.lost, "LOST", text),
            Outcome::Wrong(text) => (&mut self.wrong, "WRONG", text),
            Outcome::Panicked(text) => (&mut self.panics, "PANIC", text),
        };
        *counter += 1;
        println!("run {} seed {seed}: {word}: {text}", run + 1);
    }

    /// Tells whether every run survived.
    pub fn is_clean(&self) -> bool {
        self.survived == self.runs
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { runs, survived, lost, wrong, panics } = self;
        write!(f, "runs {runs}, survived {survived}, lost {lost}, wrong {wrong}, panics {panics}")
    }
}
