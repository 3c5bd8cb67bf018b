//! The locks, flags and threads that decide who merges.
//!
//! They are named here alone, so that `interleave/` can put those of a scheduler in their place, which tries the orders
//! in which threads may meet.

pub(super) use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
pub(super) use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
pub(super) use std::thread::{Builder, JoinHandle};
