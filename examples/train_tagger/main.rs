//! Trains the tagger and writes `data/tagger.zst`, to the same bytes each time.
//!
//! `cargo run --release --example train_tagger -- ../shared` reads the annotated corpora there and `data/hand/names.txt`
//! here. `--without-gmb` leaves the Groningen Meaning Bank out; so does its absence. Nothing of a test split is read.
//! The word clusters, `data/clusters.zst`, come from `induce_clusters`; a new table of them needs a new model.

use std::path::Path;

use dateline::extract::tagger::checksum;

use annotated::Outcome;
use course::{Course, Source};

mod annotated;
mod course;

fn main() -> Outcome<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let without_gmb = arguments.iter().any(|argument| argument == "--without-gmb");
    arguments.retain(|argument| argument != "--without-gmb");
    let shared = arguments.first().map_or("../shared", String::as_str);
    let course = Course::read(Path::new(shared), Path::new("data/hand/names.txt"))?;
    if course.corpora.is_empty() {
        return Err(format!("{shared} holds no annotated corpus; nothing was trained").into());
    }
    for (source, stories) in &course.corpora {
        let names: usize = stories.iter().map(|(story, _)| story.names.len()).sum();
        println!("{source:?}: {} stories, {names} names", stories.len());
    }
    let model = course.model(|source, _| !(without_gmb && source == Source::Gmb));
    let packed = model.pack()?;
    std::fs::write("data/tagger.zst", &packed)?;
    println!("data/tagger.zst: {} bytes, checksum {:016x}", packed.len(), checksum(&packed).unwrap_or(0));
    Ok(())
}
