//! What bounds a run: cancellation, a deadline, memory; and where failing operators leave their error.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Instant;

use super::ExecError;

/// Articles between two looks at the clock and the cancel token.
const ARTICLES_PER_CHECK: u32 = 256;

/// What is sorted between two of them.
const SORTED_PER_CHECK: usize = 1 << 16;

/// Memory that a query's intermediate results may take unless told otherwise (256 MiB).
pub const MEMORY_BYTES_DEFAULT: u64 = 256 << 20;

/// Lets another thread, or a signal handler, stop a running query.
///
/// Clones share one flag.
#[derive(Debug, Clone, Default)]
pub struct CancelToken(Arc<AtomicBool>);

impl CancelToken {
    /// Asks the queries that hold this token to stop.
    pub fn cancel(&self) {
        self.0.store(true, Relaxed);
    }

    /// Takes the wish back, so that the token can serve the next query.
    pub fn reset(&self) {
        self.0.store(false, Relaxed);
    }

    /// Tells whether the queries that hold this token should stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Relaxed)
    }
}

/// How far a run may go.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Stops the run from outside.
    pub cancel: CancelToken,
    /// When the run has to give up.
    pub deadline: Option<Instant>,
    /// Largest size of intermediate results, in bytes.
    pub memory_bytes: u64,
}

impl Default for RunOptions {
    fn default() -> RunOptions {
        RunOptions { cancel: CancelToken::default(), deadline: None, memory_bytes: MEMORY_BYTES_DEFAULT }
    }
}

/// One run's bounds and tallies, shared by all its operators.
#[derive(Debug)]
pub(crate) struct Guard {
    options: RunOptions,
    /// Articles until the next look at clock and token.
    until_check: Cell<u32>,
    used_bytes: Cell<u64>,
    /// The first error that an operator could not return.
    fault: RefCell<Option<ExecError>>,
    /// Postings read from lists, blocks that were only counted left out.
    pub postings: Cell<u64>,
    /// Stored articles read.
    pub articles_read: Cell<u64>,
}

impl Guard {
    /// Starts the clock of one run.
    pub(crate) fn new(options: &RunOptions) -> Guard {
        Guard {
            options: options.clone(),
            until_check: Cell::new(ARTICLES_PER_CHECK),
            used_bytes: Cell::new(0),
            fault: RefCell::new(None),
            postings: Cell::new(0),
            articles_read: Cell::new(0),
        }
    }

    /// Counts `articles` looked at; every so often tells whether the run has to stop.
    pub(crate) fn tick(&self, articles: u32) -> Result<(), ExecError> {
        let left = self.until_check.get();
        if left > articles {
            self.until_check.set(left - articles);
            return Ok(());
        }
        self.until_check.set(ARTICLES_PER_CHECK);
        self.check()
    }

    /// Counts a stored article that is about to be read, and tells whether the run has to stop: looking takes a hundredth
    /// of the time that unpacking does.
    pub(crate) fn read_article(&self) -> Result<(), ExecError> {
        self.articles_read.set(self.articles_read.get() + 1);
        self.check()
    }

    /// Sorts as `sort_unstable_by` does, and stops on the way where the run has to: parts the items at their median until
    /// the parts are small.
    pub(crate) fn sort_by<T>(
        &self,
        items: &mut [T],
        compare: &impl Fn(&T, &T) -> Ordering,
    ) -> Result<(), ExecError> {
        if items.len() <= SORTED_PER_CHECK {
            items.sort_unstable_by(compare);
            return Ok(());
        }
        self.check()?;
        let (before, _, behind) = items.select_nth_unstable_by(items.len() / 2, compare);
        self.sort_by(before, compare)?;
        self.sort_by(behind, compare)
    }

    /// Tells whether the run has to stop.
    pub(crate) fn check(&self) -> Result<(), ExecError> {
        if self.options.cancel.is_cancelled() {
            return Err(ExecError::Cancelled);
        }
        match self.options.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(ExecError::Deadline),
            _ => Ok(()),
        }
    }

    /// Accounts for `bytes` of intermediate results that stay until the end of the run.
    pub(crate) fn grow(&self, bytes: usize) -> Result<(), ExecError> {
        let used = self.used_bytes.get().saturating_add(bytes as u64);
        self.used_bytes.set(used);
        let limit = self.options.memory_bytes;
        if used > limit { Err(ExecError::Memory { limit_bytes: limit }) } else { Ok(()) }
    }

    /// Keeps `error` for whoever drives the run; the first one wins.
    pub(crate) fn park(&self, error: ExecError) {
        self.fault.borrow_mut().get_or_insert(error);
    }

    /// Returns the parked error, if an operator ended early because of one.
    pub(crate) fn take_fault(&self) -> Result<(), ExecError> {
        self.fault.borrow_mut().take().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_run_stops_within_the_promised_articles() {
        let options = RunOptions::default();
        let guard = Guard::new(&options);
        options.cancel.cancel();
        let stopped_after = (1..).find(|_| guard.tick(1).is_err());
        assert_eq!(stopped_after, Some(ARTICLES_PER_CHECK));
        assert!(guard.read_article().is_err(), "articles that are unpacked take longer");
        let mut many: Vec<usize> = (0..=SORTED_PER_CHECK).collect();
        assert!(guard.sort_by(&mut many, &usize::cmp).is_err());
    }

    #[test]
    fn many_items_are_sorted_as_few_are() {
        let guard = Guard::new(&RunOptions::default());
        for len in [0, 1, SORTED_PER_CHECK, SORTED_PER_CHECK + 1, SORTED_PER_CHECK * 5 + 7] {
            let mixed = |n: usize| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7) % (len / 2 + 1);
            let mut items: Vec<usize> = (0..len).map(mixed).collect();
            let mut expected = items.clone();
            expected.sort_unstable_by(|a, b| b.cmp(a));
            guard.sort_by(&mut items, &|a: &usize, b: &usize| b.cmp(a)).unwrap();
            assert!(items == expected, "{len}");
        }
    }

    #[test]
    fn memory_and_time_have_ends() {
        let options =
            RunOptions { memory_bytes: 100, deadline: Some(Instant::now()), ..RunOptions::default() };
        let guard = Guard::new(&options);
        assert!(guard.grow(100).is_ok());
        assert!(matches!(guard.grow(1), Err(ExecError::Memory { limit_bytes: 100 })));
        assert!(matches!(guard.check(), Err(ExecError::Deadline)));
    }

    #[test]
    fn the_first_parked_error_is_returned_once() {
        let guard = Guard::new(&RunOptions::default());
        guard.park(ExecError::Deadline);
        guard.park(ExecError::Cancelled);
        assert!(matches!(guard.take_fault(), Err(ExecError::Deadline)));
        assert!(guard.take_fault().is_ok());
    }
}
