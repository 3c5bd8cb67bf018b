//! How far long work is, and whether it is to stop.

use crate::database::progress::Steps;
use crate::error::{Error, Result};
use crate::exec::{CancelToken, ExecError};
use crate::segment::SegmentError;

/// Tells how far work is, and ends it where it was cancelled.
pub(super) struct Work<'w> {
    cancel: &'w CancelToken,
    progress: &'w mut dyn FnMut(&Steps),
    steps: Steps,
}

impl<'w> Work<'w> {
    pub fn new(cancel: &'w CancelToken, progress: &'w mut dyn FnMut(&Steps)) -> Work<'w> {
        Work { cancel, progress, steps: Steps { doing: "opening", done: 0, total: 0, unit: "articles" } }
    }

    /// Begins a part of the work.
    pub fn begin(&mut self, doing: &'static str, total: u64, unit: &'static str) -> Result<()> {
        self.steps = Steps { doing, done: 0, total, unit };
        self.advance(0)
    }

    /// Returns what the work is cancelled by.
    pub fn cancel(&self) -> &'w CancelToken {
        self.cancel
    }

    /// Begins a part that cannot be cancelled: what was decided is finished.
    pub fn begin_last(&mut self, doing: &'static str, total: u64, unit: &'static str) {
        self.steps = Steps { doing, done: 0, total, unit };
        (self.progress)(&self.steps);
    }

    /// Counts what was done.
    ///
    /// # Errors
    ///
    /// [`ExecError::Cancelled`].
    pub fn advance(&mut self, count: u64) -> Result<()> {
        self.steps.done += count;
        (self.progress)(&self.steps);
        if self.cancel.is_cancelled() { Err(ExecError::Cancelled.into()) } else { Ok(()) }
    }
}

/// Names the cancellation that a merge was given up for.
pub(super) fn cancelled(error: Error) -> Error {
    match error {
        Error::Segment(SegmentError::GivenUp) => ExecError::Cancelled.into(),
        other => other,
    }
}
