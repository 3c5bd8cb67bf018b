//! Names: the shipped tagger on what it never saw, and taggers trained here on part of the corpora.

use std::path::Path;

use dateline::article::{Article, Entity, EntityKind};
use dateline::extract::Extractor;
use dateline::extract::tagger::Perceptron;
use dateline::extract::tagger::clusters::Clusters;
use dateline::extract::tagger::label::Sort;
use dateline::extract::tagger::model::Model;
use dateline::text::Span;
use serde_json::Value;

use super::annotated::{Outcome, Scheme, Story, mended, tagged};
use super::board::Board;
use super::course::{Course, Source};
use super::errors::Errors;

/// Parts into which the annotated articles are cut for cross-validation, each of neighbouring articles.
const FOLDS: usize = 4;

/// Prints the rows of names.
pub fn names(shared: &Path, is_verbose: bool) -> Outcome<()> {
    let train = shared.join("corpora/train");
    let unseen = train.join("gmb.test.conll.zst");
    if unseen.exists() {
        let stories = tagged(&unseen, Scheme::Gmb)?;
        let title = "gmb.test (silver annotation, never trained on)";
        report(title, &[(Extractor::new(), stories.iter().collect())], is_verbose);
        let stories = mended(stories);
        let title =
            "gmb.test, what its annotators took for organisations mended by the rules of the training side";
        report(title, &[(Extractor::new(), stories.iter().collect())], false);
    }
    let web = train.join("uner-ewt-dev.iob2.zst");
    if web.exists() {
        let stories = tagged(&web, Scheme::Universal)?;
        let title = "Universal NER, English web text, dev (never trained on)";
        report(title, &[(Extractor::new(), stories.iter().collect())], is_verbose);
    }
    let course = Course::read(shared, Path::new("data/hand/names.txt"))?;
    cross_validated("gold/dev.jsonl", Source::Gold, &course, is_verbose)?;
    let title = "gold/dev.jsonl, trained without any of it (unseen newswire)";
    without(title, &course, Source::Gold, Source::Gold)?;
    cross_validated(
        "data/hand/names.txt (the learner on clean labels of one kind of text)",
        Source::Own,
        &course,
        false,
    )?;
    if unseen.exists() {
        let stories = tagged(&unseen, Scheme::Gmb)?;
        let extractor = extractor_without(&course, Source::Gmb)?;
        report("gmb.test, trained without gmb.train", &[(extractor, stories.iter().collect())], false);
        without(
            "data/hand/names.txt, trained without gmb.train and without it",
            &course,
            Source::Own,
            Source::Gmb,
        )?;
    }
    Ok(())
}

/// Stories with the extractor that reads them, which never saw them.
type Part<'s> = (Extractor, Vec<&'s Story>);

/// Trains on all but one part of a corpus and measures on that part, for each part in turn.
fn cross_validated(name: &str, source: Source, course: &Course, is_verbose: bool) -> Outcome<()> {
    let stories = stories_of(course, source);
    let size = stories.len().div_ceil(FOLDS).max(1);
    let mut parts: Vec<Part<'_>> = Vec::new();
    for (fold, part) in stories.chunks(size).enumerate() {
        let model = course.model(|other, index| other != source || index / size != fold);
        parts.push((Extractor::with_tagger(Box::new(tagger(model)?)), part.to_vec()));
    }
    report(&format!("{name}, cross-validated in {FOLDS} parts"), &parts, is_verbose);
    Ok(())
}

/// Returns a tagger that lives as long as the program.
fn tagger(model: Model) -> Outcome<Perceptron<'static>> {
    Ok(Perceptron::new(Box::leak(Box::new(model)), Clusters::shipped()?)?)
}

fn extractor_without(course: &Course, source: Source) -> Outcome<Extractor> {
    let model = course.model(|other, _| other != source);
    Ok(Extractor::with_tagger(Box::new(tagger(model)?)))
}

/// Measures on a corpus after training without it and without another.
fn without(title: &str, course: &Course, measured: Source, left_out: Source) -> Outcome<()> {
    let model = course.model(|source, _| source != measured && source != left_out);
    let extractor = Extractor::with_tagger(Box::new(tagger(model)?));
    report(title, &[(extractor, stories_of(course, measured))], false);
    Ok(())
}

fn stories_of(course: &Course, source: Source) -> Vec<&Story> {
    let of_source = course.corpora.iter().filter(|(other, _)| *other == source);
    of_source.flat_map(|(_, stories)| stories.iter().map(|(story, _)| story)).collect()
}

fn report(title: &str, parts: &[Part<'_>], is_verbose: bool) {
    let mut board = Board::default();
    let mut errors = Errors::default();
    for (extractor, stories) in parts {
        stories.iter().for_each(|story| compare(extractor, story, &mut board, &mut errors));
    }
    println!("\n{title}");
    board.print();
    if is_verbose {
        errors.print(title);
    }
}

fn compare(extractor: &Extractor, story: &Story, board: &mut Board, errors: &mut Errors) {
    let found = extractor.extract(&article_of(story));
    let mentions = |entity: &Entity| -> Vec<(Span, EntityKind)> {
        entity.mentions.iter().map(|&span| (span, entity.kind)).collect()
    };
    let mine: Vec<(Span, EntityKind)> = found.entities.iter().flat_map(mentions).collect();
    let wanted: Vec<(Span, EntityKind)> = story
        .names
        .iter()
        .filter_map(|&(span, sort)| match sort {
            Sort::Entity(kind) => Some((span, kind)),
            Sort::Group => None,
        })
        .collect();
    for kind in EntityKind::ALL {
        let of_kind = |all: &[(Span, EntityKind)]| -> Vec<(Span, EntityKind)> {
            all.iter().filter(|(_, other)| *other == kind).copied().collect()
        };
        board.add(kind.name(), &of_kind(&mine), &of_kind(&wanted), &Value::Null);
    }
    board.add("all entities", &mine, &wanted, &Value::Null);
    count_errors(story, &mine, &wanted, errors);
}

fn article_of(story: &Story) -> Article {
    let title = story.title.of(&story.text);
    let body = story.text.get(title.len()..).unwrap_or("").trim_start_matches('\n').to_owned();
    Article { title: (!title.is_empty()).then(|| title.to_owned()), body, ..Article::default() }
}

/// Sorts every wrong answer by what is wrong with it.
fn count_errors(
    story: &Story,
    mine: &[(Span, EntityKind)],
    wanted: &[(Span, EntityKind)],
    errors: &mut Errors,
) {
    let text = |span: Span| span.of(&story.text).to_owned();
    let overlaps = |a: Span, b: Span| a.start < b.end && b.start < a.end;
    for &(span, kind) in mine.iter().filter(|answer| !wanted.contains(answer)) {
        match wanted.iter().find(|(other, _)| overlaps(span, *other)) {
            Some((other, right)) if *other == span => {
                errors.add(&format!("a {right} taken for a {kind}"), || text(span));
            }
            Some((other, right)) if *right == kind => {
                errors.add(&format!("a {kind} with other bounds"), || {
                    format!("{} | {}", text(span), text(*other))
                });
            }
            Some((other, right)) => {
                let example = || format!("{} | {}", text(span), text(*other));
                errors.add(&format!("a {right} taken for a {kind} with other bounds"), example);
            }
            None => errors.add(&format!("a {kind} invented"), || text(span)),
        }
    }
    for &(span, kind) in wanted {
        if !mine.iter().any(|(other, _)| overlaps(span, *other)) {
            errors.add(&format!("a {kind} missed"), || text(span));
        }
    }
}
