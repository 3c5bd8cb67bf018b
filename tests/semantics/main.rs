//! What queries mean, told by files that other implementations can read.
//!
//! - `grammar/corpus/semantics/*.json`: tiny archives with queries and their answers.
//! - `grammar/corpus/reject/*.dql`: statements that parse and mean nothing, each with the message that says why; and
//!   `errors.ndjson`, all refusals for programs.
//! - `grammar/corpus/accept/warned.dql`: statements that mean something, perhaps not what was meant, with their warnings.
//!
//! `UPDATE_GRAMMAR=1` rewrites messages and warnings.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // Tests stop where something is amiss.

mod answers;
mod archive;
mod changes;
mod messages;
mod refused;

use std::path::PathBuf;

fn corpus(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("grammar/corpus").join(path)
}
