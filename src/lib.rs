//! dateline is an embedded database for news archives with a query language.

pub mod article;
pub mod catalog;
pub mod database;
pub mod date;
mod error;
pub mod exec;
pub mod extract;
pub mod import;
pub mod query;
pub mod render;
pub mod schema;
pub mod segment;
pub mod store;
pub mod text;
pub mod value;

pub use error::{Error, Result};
