//! The typed builder says what the text says: for every accepted example, whatever the values hold, and when it runs.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // A test that cannot go on has failed.

mod corpus;
mod hostile;
mod run;
