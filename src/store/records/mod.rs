//! The record store, and the only place that knows sled.
//!
//! sled keeps what it is good at: rows of at most 4 KiB in key order, in small batches. What it is not good at is
//! handled here: its `flush` does not sync the file, a leftover of a snapshot blocks its open, and damage makes it
//! panic. Every call is therefore guarded, and the caller rebuilds the store from segments and journal where it fails.
//!
//! Changes of one commit go in as batches that are each all or nothing, in an order that makes applying a commit
//! again harmless: records first, then secondary indexes, then heads, then the rows of ended versions, and
//! `applied_seq` in the last batch.

mod apply;
mod batch;
mod guard;
mod open;
mod read;
#[cfg(test)]
mod tests;

pub use open::{Meta, Records};
