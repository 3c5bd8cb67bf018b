//! What a database promises: every acknowledged commit is there, once, whatever happened in between.
//!
//! A crash is simulated by copying the folder while the database is open: what a killed process leaves behind is
//! exactly what lies there.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test that cannot go on has failed.

mod care;
mod damage;
mod extraction;
mod import;
mod merging;
mod model;
mod readers;
mod repair;
mod stories;
mod support;
mod writer;
