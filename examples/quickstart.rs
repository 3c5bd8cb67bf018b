//! Imports a folder of articles and asks it a question with parameters: `cargo run --example quickstart`.

use std::io;

use dateline::database::{Database, ImportOptions};
use dateline::date::Date;
use dateline::render::{Format, Rendering, write_answer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let database = Database::create(folder.path().join("news.dateline"))?;

    let articles = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/articles");
    let summary = database.import(&[articles], &ImportOptions::default(), &mut |_| {})?;
    println!("{} articles imported, {} rows rejected\n", summary.counts.added, summary.counts.rejected);

    let answer = database
        .reader()
        .prepare("find date, source, title where mentions :name and date > :day oldest first")?
        .bind("name", "Idlib")
        .bind("day", Date::ymd(2018, 9, 1)?)
        .run()?;
    write_answer(&answer, Format::Tsv, Rendering::default(), &mut io::stdout())?;

    database.close()?;
    Ok(())
}
