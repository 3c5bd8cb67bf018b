//! Subcommands that look after a database.

use clap::Subcommand;

use super::DatabaseArgs;

/// What keeps a database whole over its life.
#[derive(Debug, Subcommand)]
pub enum Care {
    /// Read names, dates and figures again where an older version did, or none
    Reextract(DatabaseArgs),
}

impl Care {
    /// Returns the name of the subcommand.
    pub fn name(&self) -> &'static str {
        match self {
            Care::Reextract(_) => "reextract",
        }
    }
}
