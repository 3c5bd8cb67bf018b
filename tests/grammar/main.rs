//! `grammar/` and the parser tell the same story.
//!
//! The language is described by files that others can read: an EBNF, tables, corpora, a manual. Each test here holds
//! the parser against one of them. `UPDATE_GRAMMAR=1` rewrites the golden parts.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // Tests stop where something is amiss.

mod arbitrary;
mod assets;
mod corpus;
mod earley;
mod ebnf;
mod goldens;
mod laws;
mod limits;
mod scanner;
mod semantics;
mod tables;
