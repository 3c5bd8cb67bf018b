//! Subcommands that look after a database.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What keeps a database whole over its life.
#[derive(Debug, Subcommand)]
pub enum Care {
    /// Read names, dates and figures again where an older version did, or none
    Reextract(FolderArgs),
    /// Rebuild the indexes from the stored articles
    Reindex(FolderArgs),
    /// Rewrite a database without what was deleted or replaced
    Compact(CompactArgs),
    /// Restore what is damaged from the other copy
    Repair(FolderArgs),
    /// Copy a database into a folder while it is used
    Backup(BackupArgs),
    /// Make a database of a backup
    Restore(RestoreArgs),
    /// Write all articles as compressed lines of JSON
    Dump(DumpArgs),
    /// Make a database of a dump
    Load(LoadArgs),
}

impl Care {
    /// Returns the name of the subcommand.
    pub fn name(&self) -> &'static str {
        match self {
            Care::Reextract(_) => "reextract",
            Care::Reindex(_) => "reindex",
            Care::Compact(_) => "compact",
            Care::Repair(_) => "repair",
            Care::Backup(_) => "backup",
            Care::Restore(_) => "restore",
            Care::Dump(_) => "dump",
            Care::Load(_) => "load",
        }
    }
}

/// A subcommand that takes a database, which articles alone are not, and nothing else.
#[derive(Debug, Args)]
pub struct FolderArgs {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,
}

/// `dateline compact`
#[derive(Debug, Args)]
pub struct CompactArgs {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// Leave nothing of deleted articles in any file of the database
    #[arg(long)]
    pub purge: bool,
}

/// `dateline backup`
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// Folder of the backup: new, or with an earlier backup of this database, which is brought up to date
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// Link the files rather than copy them, where the file system can; damage to one is then damage to both
    #[arg(long)]
    pub link: bool,

    /// Trust what an earlier backup copied, and verify what is new
    #[arg(long)]
    pub trust_earlier: bool,
}

/// `dateline restore`
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// Folder of the backup
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// Database folder; must not exist, or be empty
    #[arg(value_name = "DB")]
    pub database: PathBuf,
}

/// `dateline dump`
#[derive(Debug, Args)]
pub struct DumpArgs {
    /// Database folder
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// File to write, as news.jsonl.zst; `-` is standard output
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `dateline load`
#[derive(Debug, Args)]
pub struct LoadArgs {
    /// Database folder; made where it does not exist
    #[arg(value_name = "DB")]
    pub database: PathBuf,

    /// File that `dateline dump` wrote; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
