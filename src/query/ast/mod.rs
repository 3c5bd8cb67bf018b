//! The faithful tree of a query, as `grammar/dateline.ebnf` describes it.
//!
//! Names are as written (fields and saved names in lower case), parameters unbound, dates relative. Every node that
//! a message may point at stands in an [`At`], which keeps its place in the text and lets equality ignore it, so
//! that `parse(print(ast)) == ast`. The tree says nothing about fields or types: `resolve` does.

// Trees are few and soon gone: boxes inside them would save no memory that matters and stand in every reader's way.
#![allow(clippy::large_enum_variant)]

mod condition;
mod span;
mod statement;
mod value;

pub use condition::*;
pub use span::At;
pub use statement::*;
pub use value::*;

/// Version of the language that these trees and their text belong to; saved queries carry it.
pub const LANGUAGE_VERSION: u32 = 1;
