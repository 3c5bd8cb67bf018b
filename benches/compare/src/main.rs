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
//!
//! `--grow 10000,50000,200000,1000000 --plot growth.svg` measures archives of these sizes, each in a process of its own;
//! `--commits 10000` adds articles in commits of one.

mod articles;
mod commits;
mod draw;
mod engine;
mod engines;
mod grown;
mod growth;
mod measure;
mod process;
mod report;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Parser;
use serde::Serialize;

use crate::articles::Story;
use crate::engine::{Build, Engine};
use crate::engines::{Archive, Fts, Tantivy, archive};
use crate::report::Report;

/// Measures dateline beside tantivy and SQLite FTS5.
#[derive(Parser)]
struct Args {
    /// Articles in any form that dateline imports; JSON Lines for `--grow`.
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
    /// Also writes the report as JSON; with `--grow` a list of them.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Measures archives of so many articles one after the other: the first ones of the corpus, or all of them again and
    /// again with other keys and earlier dates.
    #[arg(long, value_delimiter = ',', conflicts_with_all = ["keep", "only"])]
    grow: Vec<usize>,
    /// Draws how the times grow into this SVG file.
    #[arg(long, requires = "grow")]
    plot: Option<PathBuf>,
    /// Commits so many articles one by one instead, to dateline and to SQLite.
    #[arg(long, conflicts_with_all = ["grow", "keep", "only", "json"])]
    commits: Option<usize>,
    /// Opens the corpus as a database and asks the statements of the standard input: what this command runs apart.
    #[arg(long, hide = true)]
    reader: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    if args.reader {
        return process::reader(&args.corpus);
    }
    if let Some(commits) = args.commits {
        return commits::run(&args.corpus, commits);
    }
    if args.grow.is_empty() {
        let report = measure(&args)?;
        print!("{report}");
        write_json(&args, &report)?;
        return report.verdict();
    }
    let reports = growth::run(&args)?;
    growth::print(&reports);
    write_json(&args, &reports)?;
    args.plot.iter().try_for_each(|file| growth::plot(&reports, file))
}

/// Builds the engines and asks them everything.
fn measure(args: &Args) -> Result<Report> {
    let scratch = tempfile::tempdir()?;
    let folder = args.keep.clone().unwrap_or_else(|| scratch.path().to_owned());
    std::fs::create_dir_all(&folder)?;

    let (archive, mut builds) = Archive::build(&args.corpus, &folder)?;
    let articles = articles::read(archive.snapshot())?;
    eprintln!("{} articles, {} MB of text", articles.len(), articles::text_bytes(&articles) / 1_000_000);
    let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(archive)];
    if !args.alone {
        builds.extend(rivals(&articles, &folder, &mut engines)?);
    }
    let mut questions = draw::questions(&articles, args.queries, args.seed);
    if let Some(only) = &args.only {
        questions.retain(|question| question.class.contains(only.as_str()));
    }
    let measured = measure::ask_all(&mut engines, &questions, &articles)?;
    let statements: Vec<String> = questions.iter().map(archive::whole_statement).collect();
    let reading = process::read_apart(&archive::path(&folder), &statements)?;
    Ok(Report::new(&articles, &engines, builds, measured, reading))
}

/// Builds the other engines.
fn rivals(articles: &[Story], folder: &Path, engines: &mut Vec<Box<dyn Engine>>) -> Result<Vec<Build>> {
    let mut builds = Vec::new();
    for sorted in [false, true] {
        let (tantivy, build) = Tantivy::build(articles, folder, sorted)?;
        engines.push(Box::new(tantivy));
        builds.extend(build);
    }
    let (fts, build) = Fts::build(articles, folder)?;
    engines.push(Box::new(fts));
    builds.extend(build);
    Ok(builds)
}

fn write_json(args: &Args, report: &impl Serialize) -> Result<()> {
    let Some(path) = &args.json else { return Ok(()) };
    Ok(std::fs::write(path, serde_json::to_vec_pretty(report)?)?)
}
