//! The executor against a dumb twin: random articles, random queries, every answer computed twice.
//!
//! The twin walks over all articles with its own calendar, its own phrase search, its own sorting and grouping. It shares
//! with the database what is tested elsewhere: tokens and folding, the gazetteer, and what a record holds. Everything
//! follows from one seed, which a failure prints:
//!
//! ```text
//! DATELINE_MODEL_SEED=12345 DATELINE_MODEL_CASES=1 cargo test --test model
//! ```
//!
//! `DATELINE_MODEL_CASES=2500` asks 100,000 queries; `docs/LANGUAGE.md` says what such runs have shown.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // A test that cannot go on has failed.

mod archive;
mod bound;
mod calendar;
mod catalogue;
mod census;
mod check;
mod condition;
mod dates;
mod dice;
mod edits;
mod folding;
mod groups;
mod layout;
mod life;
mod matching;
mod pages;
mod pairs;
mod places;
mod rows;
mod shrink;
mod story;
mod throw;
mod timeline;

use std::sync::Arc;

use dateline::article::Record;
use dateline::catalog::Catalog;
use dateline::date::Offset;
use dateline::exec::{self, RunOptions, View};
use dateline::query::ast::{At, Statement};
use dateline::query::{Bindings, Session, resolve};

use condition::World;
use dice::Dice;
use story::Story;

/// Archives thrown where `DATELINE_MODEL_CASES` says nothing.
const CASES_DEFAULT: u64 = 150;

/// Queries asked of each archive.
const QUERIES: usize = 40;

/// Failures after which a run gives up.
const FAILURES_MAX: usize = 12;

/// A Monday, 3 September 2018, 12:34:56 UTC: in the middle of the thrown dates.
const NOW: i64 = 1_535_978_096;

fn knob(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("the knob is a number"))
}

fn seed() -> u64 {
    let clock = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    knob("DATELINE_MODEL_SEED").unwrap_or_else(|| clock().as_secs())
}

#[test]
fn the_executor_agrees_with_the_twin() {
    let (seed, cases) = (seed(), knob("DATELINE_MODEL_CASES").unwrap_or(CASES_DEFAULT));
    println!("seed {seed}, {cases} archives, {QUERIES} queries each");
    let mut failures = Vec::new();
    for case in 0..cases {
        failures.extend(agree_on_one_archive(seed + case));
        assert!(failures.len() < FAILURES_MAX, "{}", failures.join("\n\n"));
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Returns the failures of one archive.
fn agree_on_one_archive(seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed);
    let mut catalog = archive::catalog();
    let count = dice.below(30);
    let records = archive::records(&mut dice, count, &mut catalog.schema);
    let stale = stale_versions(&mut dice, &records, &mut catalog);
    let catalog = Arc::new(catalog);
    let zone = *dice.pick(&[0, 0, 180, -300]);
    let session = Session { now: NOW, zone: Offset::from_minutes(zone).unwrap(), ..Session::default() };
    let view = layout::throw(&mut dice, &records, &stale, &catalog);
    let mut failures = Vec::new();
    for _ in 0..QUERIES {
        let statement = throw::statement(&mut dice);
        if let Err(difference) = ask_both(&statement, &records, &view, &catalog, &session) {
            let small = smallest(statement, &records, &catalog, &session, &difference);
            failures.push(format!("seed {seed}, zone {}: {small}", session.zone));
        }
    }
    failures
}

/// Older versions of some articles, which no query may see.
fn stale_versions(dice: &mut Dice, records: &[Record], catalog: &mut Catalog) -> Vec<Record> {
    let count = dice.below(records.len() / 3 + 1);
    let mut stale = archive::records(dice, count, &mut catalog.schema);
    stale.iter_mut().for_each(|record| record.seq += 1_000);
    stale
}

/// Answers a statement twice; says where the answers differ.
fn ask_both(
    statement: &Statement,
    records: &[Record],
    view: &View,
    catalog: &Catalog,
    session: &Session,
) -> Result<(), String> {
    let text = statement.to_string();
    let parsed =
        Statement::parse(&text).map_err(|error| format!("does not parse: {}", error.render(&text)))?;
    if parsed != *statement {
        return Err(format!("reads back as {parsed}"));
    }
    let resolved = match resolve(&At::from(parsed), catalog, session, &Bindings::default()) {
        Ok(resolved) => resolved,
        Err(errors) => return Err(format!("does not resolve: {}", errors[0].render(&text))),
    };
    bound::means_the_same(statement, &resolved.request, catalog, session)?;
    if let Statement::Explain(explain) = statement {
        return catalogue::explains(explain, &resolved.request, records, view, &World::new(catalog, session));
    }
    let got = match exec::answer(&resolved.request, view, &RunOptions::default()) {
        Ok(answer) => answer,
        Err(error) => return expected_refusal(&error, statement, records),
    };
    let stories: Vec<Story> = records.iter().map(Story::new).collect();
    let world = World::new(catalog, session);
    check::compare(statement, &world.answer(statement, &stories), &got, session.zone)
}

/// Some statements cannot be answered on some archives: stems need a language that has them.
fn expected_refusal(
    error: &exec::ExecError,
    statement: &Statement,
    records: &[Record],
) -> Result<(), String> {
    match error {
        exec::ExecError::NoStemmer { .. } => {
            let has_stems = |record: &Record| {
                Story::new(record).lang().is_some_and(|lang| dateline::text::has_stemmer(&lang))
            };
            if records.iter().any(has_stems) { Err(format!("{error}")) } else { Ok(()) }
        }
        other => Err(format!("{statement}: {other}")),
    }
}

/// Makes a failing case small, and tells it.
fn smallest(
    statement: Statement,
    records: &[Record],
    catalog: &Arc<Catalog>,
    session: &Session,
    difference: &str,
) -> String {
    let fails = |statement: &Statement, records: &[Record]| {
        ask_both(statement, records, &layout::plain(records, catalog), catalog, session).err()
    };
    let Some((statement, records, smaller)) = shrink::minimise(statement.clone(), records, &fails) else {
        return format!("in this layout only: {difference}\n  {statement}");
    };
    let shown: Vec<String> = records.iter().map(told).collect();
    format!("{smaller}\n  {statement}\n{}", shown.join("\n"))
}

/// What a record holds, a line a part.
fn told(record: &Record) -> String {
    let (article, found) = (&record.article, &record.extraction);
    let names: Vec<_> =
        found.entities.iter().map(|e| (e.kind, &e.name, &e.variants, e.country, &e.within)).collect();
    format!(
        "  {} {:?} {:?}\n    date {:?} story {:?} source {:?} lang {:?} topics {:?} given {:?}\n    fields {:?}\n    names {names:?}\n    quotes {:?} figures {:?}",
        record.id,
        article.title,
        article.body,
        record.date().map(|date| date.to_string()),
        record.story,
        article.source,
        article.lang,
        article.topics,
        article.given,
        article.fields,
        found.quotes,
        found.figures,
    )
}
