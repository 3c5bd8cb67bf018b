//! dateline beside tantivy and SQLite FTS5: the same articles, the same questions, one process.
//!
//! `cargo run --release --manifest-path benches/compare/Cargo.toml -- CORPUS.jsonl.zst` builds all engines from the
//! corpus, asks each class of question, checks that the answers agree, and prints medians and ratios.
//!
//! Each rival stands in the best configuration that its documentation offers for the task: tantivy with one combined
//! text field with positions, `day` and `month` as fast fields and entities as indexed fast strings, merged into one
//! segment, once in order of arrival and once with its index sorted by date; SQLite with external-content FTS5,
//! indexes on dates and entities, `optimize` and `ANALYZE`. All index the same words: those of dateline's analysis.
//! Statements are prepared and warm, and each engine answers on one thread.

mod articles;
mod draw;
mod engine;
mod engines;
mod measure;
mod report;

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

use crate::engines::{Archive, Fts, Tantivy};

/// Measures dateline beside tantivy and SQLite FTS5.
#[derive(Parser)]
struct Args {
    /// Articles in any form that dateline imports.
    corpus: PathBuf,
    /// Questions of each class.
    #[arg(long, default_value_t = 20)]
    queries: usize,
    /// Seed of the words, names and dates that are asked for.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only classes whose name holds this text.
    #[arg(long)]
    only: Option<String>,
    /// Builds and asks dateline alone, for profiles.
    #[arg(long)]
    alone: bool,
    /// Keeps the databases here and uses them again, without the figures of building; for one corpus, and to be emptied
    /// where building was cut off.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Also writes the report as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let scratch = tempfile::tempdir()?;
    let folder = args.keep.clone().unwrap_or_else(|| scratch.path().to_owned());
    std::fs::create_dir_all(&folder)?;

    let (archive, archive_build) = Archive::build(&args.corpus, &folder)?;
    let articles = articles::read(archive.snapshot())?;
    eprintln!("{} articles, {} MB of text", articles.len(), articles::text_bytes(&articles) / 1_000_000);
    let mut engines: Vec<Box<dyn engine::Engine>> = vec![Box::new(archive)];
    let mut builds = archive_build;
    if !args.alone {
        for sorted in [false, true] {
            let (tantivy, build) = Tantivy::build(&articles, &folder, sorted)?;
            engines.push(Box::new(tantivy));
            builds.extend(build);
        }
        let (fts, build) = Fts::build(&articles, &folder)?;
        engines.push(Box::new(fts));
        builds.extend(build);
    }
    let mut questions = draw::questions(&articles, args.queries, args.seed);
    if let Some(only) = &args.only {
        questions.retain(|question| question.class.contains(only.as_str()));
    }
    let measured = measure::ask_all(&mut engines, &questions, &articles)?;
    let report = report::Report::new(&articles, &engines, builds, measured);
    print!("{report}");
    if let Some(path) = &args.json {
        std::fs::write(path, serde_json::to_vec_pretty(&report)?)?;
    }
    report.verdict()
}
