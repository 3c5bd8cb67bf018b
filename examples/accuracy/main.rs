//! Prints how well extraction does against the annotated articles.
//!
//! `cargo run --release --example accuracy -- ../shared` reads `gold/dev.jsonl` there, on which the rules were
//! mended, and names in `corpora/train/gmb.test.conll.zst`, which they never saw. With `-v` it lists what was missed
//! and what was invented in the former. It says so and stops where the corpora are absent.

#![allow(clippy::indexing_slicing)] // A JSON value indexed by a member it lacks is null, not a panic.

use std::error::Error;
use std::fs;
use std::path::Path;

use dateline::extract::Extractor;
use serde_json::Value;

use board::Board;
use gold::article_of;

mod board;
mod gold;
mod names;
mod speed;

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_verbose = arguments.iter().any(|argument| argument == "-v");
    arguments.retain(|argument| argument != "-v");
    let shared = arguments.first().cloned().unwrap_or_else(|| "../shared".into());
    let path = Path::new(&shared).join("gold/dev.jsonl");
    let Ok(gold) = fs::read_to_string(&path) else {
        println!("{} is absent; nothing was measured", path.display());
        return Ok(());
    };
    let mut board = Board { is_verbose, ..Board::default() };
    let extractor = Extractor::new();
    for line in gold.lines() {
        let gold: Value = serde_json::from_str(line)?;
        let article = article_of(&gold);
        let found = extractor.extract(&article);
        board.compare(&gold, &article, &found);
    }
    println!("gold/dev.jsonl");
    board.print();
    let unseen = Path::new(&shared).join("corpora/train/gmb.test.conll.zst");
    if unseen.exists() {
        println!("\ngmb.test (tokenised text, silver annotation)");
        names::unseen_names(&extractor, &unseen)?.print();
    }
    speed::speed(&extractor, &gold)
}
