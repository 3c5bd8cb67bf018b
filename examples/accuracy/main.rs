//! Prints how well extraction does against the annotated articles.
//!
//! `cargo run --release --example accuracy -- ../shared` reads `gold/dev.jsonl` there, on which the rules were
//! mended; names in corpora that the tagger never saw, and in those it learns from, by taggers trained here without them;
//! then the corpora that are only measured with. With `-v` it lists what was missed and what was invented, and errors by kind. Names of parts (`names`,
//! `newswire`, `dates`, `quotes`, `figures`) leave the others out, `polnear-train` measures quotes on the split
//! that the rules were made with. It says so and stops where the corpora are absent.
//! Speed is the matter of `cargo bench --bench extract`.

#![allow(clippy::indexing_slicing)] // A JSON value indexed by a member it lacks is null, not a panic.

use std::error::Error;
use std::fs;
use std::path::Path;

use dateline::extract::Extractor;
use serde_json::Value;

use board::Board;
use gold::article_of;

#[path = "../train_tagger/annotated.rs"]
mod annotated;
mod board;
mod corpus;
#[path = "../train_tagger/course.rs"]
mod course;
mod errors;
mod figures;
mod gold;
mod names;
mod newswire;
mod speakers;
mod timex;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_verbose = arguments.iter().any(|argument| argument == "-v");
    arguments.retain(|argument| argument != "-v");
    let shared = arguments.first().cloned().unwrap_or_else(|| "../shared".into());
    let parts: Vec<&str> = arguments.iter().skip(1).map(String::as_str).collect();
    let wants = |part: &str| parts.is_empty() || parts.contains(&part);
    let path = Path::new(&shared).join("gold/dev.jsonl");
    let Ok(gold) = fs::read_to_string(&path) else {
        println!("{} is absent; nothing was measured", path.display());
        return Ok(());
    };
    let extractor = Extractor::new();
    let articles = gold.lines().map(serde_json::from_str).collect::<Result<Vec<Value>, _>>()?;
    if wants("names") {
        names(&extractor, &shared, &articles, is_verbose)?;
    }
    if wants("newswire") {
        newswire::newswire(&extractor, &shared, is_verbose)?;
    }
    if wants("dates") {
        timex::dates(&extractor, &shared, &articles, is_verbose)?;
    }
    if wants("quotes") {
        speakers::speakers(&extractor, &shared, "dev", is_verbose)?;
    }
    if parts.contains(&"polnear-train") {
        speakers::speakers(&extractor, &shared, "train", is_verbose)?;
    }
    if wants("figures") {
        figures::figures(&extractor, &articles, is_verbose);
    }
    Ok(())
}

/// Every field of the annotated articles, and names that the rules never saw.
fn names(extractor: &Extractor, shared: &str, articles: &[Value], is_verbose: bool) -> Outcome {
    let mut board = Board { is_verbose, ..Board::default() };
    for gold in articles {
        let article = article_of(gold);
        let found = extractor.extract(&article);
        board.compare(gold, &article, &found);
    }
    println!(
        "gold/dev.jsonl, every field; names as the shipped tagger finds them, which was trained on these articles"
    );
    board.print();
    names::names(Path::new(shared), is_verbose)?;
    Ok(())
}
