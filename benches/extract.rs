//! Speed of extraction, stage by stage: `cargo bench --bench extract`; of adversarial articles of ten megabytes beside
//! those of one: `cargo bench --bench extract -- hostile`.
//!
//! Reads every sixteenth article of `../shared/corpora/news-open.jsonl.zst`, or the sample articles where that is absent.
//! The time is that of the processor, where the system tells it, so that a busy machine changes little; of five runs the
//! median counts.

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::time::Instant;

use dateline::article::Article;
use dateline::extract::Extractor;
use dateline::extract::names::resolve;
use dateline::extract::page::Page;
use dateline::extract::tagger::{Perceptron, Tagger};
use dateline::text::{Span, paragraphs, sentences, tokens};
use serde_json::Value;

use adversary::PIECES;
use clock::on_processor;

#[path = "../tests/adversary/mod.rs"]
mod adversary;
#[path = "../tests/clock/mod.rs"]
mod clock;

/// One in so many articles is read.
const STEP: usize = 16;

/// Runs of a stage, after one that does not count.
const RUNS: usize = 5;

fn main() {
    if std::env::args().any(|argument| argument == "hostile") {
        return hostile();
    }
    let articles = articles();
    let bytes: usize = articles.iter().map(|article| article.text().len()).sum();
    println!("{} articles, {:.1} MB", articles.len(), bytes as f64 / 1e6);
    let laid: Vec<(String, Span, Vec<Span>)> = articles.iter().map(laid_out).collect();
    let page = |(text, title, paragraphs)| Page::new(text, title, paragraphs);
    let parts = || laid.iter().map(|(text, title, spans)| (text.as_str(), *title, spans.as_slice()));
    let tagger = Perceptron::shipped().expect("the shipped model loads");
    let pages: Vec<Page<'_>> = parts().map(page).collect();
    let tagged: Vec<_> = pages.iter().map(|page| tagger.tag(page)).collect();
    let extractor = Extractor::new();
    let stage = |name: &str, run: &dyn Fn() -> usize| report(name, bytes, run);
    stage("tokenise", &|| laid.iter().map(|(text, ..)| tokens(text).count()).sum());
    stage("sentences", &|| laid.iter().map(|(text, ..)| sentences(text).len()).sum());
    stage("lay out a page", &|| parts().map(page).map(|page| page.words.len()).sum());
    stage("tag", &|| pages.iter().map(|page| tagger.tag(page).len()).sum());
    stage("post-pass", &|| {
        pages.iter().zip(&tagged).map(|(page, names)| resolve(page, names.clone()).len()).sum()
    });
    stage("all fields", &|| articles.iter().map(|article| extractor.extract(article).entities.len()).sum());
}

/// Reads articles that are one piece over and over; linear time shows in a speed that holds.
fn hostile() {
    let extractor = Extractor::new();
    let speed = |piece: &str, bytes: usize| {
        let article = adversary::article(piece, bytes);
        let clock = Clock::start();
        black_box(extractor.extract(&article));
        article.body.len() as f64 / 1e6 / clock.seconds()
    };
    for piece in PIECES {
        println!("{:>7.2} {:>7.2} MB/s  {piece:?}", speed(piece, 1_000_000), speed(piece, 10_000_000));
    }
}

fn articles() -> Vec<Article> {
    let Ok(file) = File::open("../shared/corpora/news-open.jsonl.zst") else {
        println!("../shared is absent; the sample articles are read instead");
        return samples();
    };
    let lines = BufReader::new(zstd::Decoder::new(file).expect("it is compressed")).lines();
    let every = lines
        .step_by(STEP)
        .map(|line| serde_json::from_str(&line.expect("it is UTF-8")).expect("it is JSON"));
    let member = |article: &Value, name: &str| article.get(name).and_then(Value::as_str).map(str::to_owned);
    every
        .map(|article: Value| Article {
            title: member(&article, "title"),
            body: member(&article, "body").unwrap_or_default(),
            ..Article::default()
        })
        .collect()
}

fn samples() -> Vec<Article> {
    let files = fs::read_dir("examples/articles").expect("the samples lie there").flatten();
    let texts = files.filter_map(|file| fs::read_to_string(file.path()).ok());
    texts.map(|body| Article { body, ..Article::default() }).collect()
}

fn laid_out(article: &Article) -> (String, Span, Vec<Span>) {
    let start = article.body_span().start as usize;
    let spans = paragraphs(&article.body).iter().map(|span| span.shifted(start)).collect();
    (article.text().into_owned(), article.title_span(), spans)
}

fn report(name: &str, bytes: usize, run: &dyn Fn() -> usize) {
    black_box(run());
    let mut seconds: Vec<f64> = (0..RUNS)
        .map(|_| {
            let clock = Clock::start();
            black_box(run());
            clock.seconds()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    let median = seconds.get(RUNS / 2).copied().unwrap_or(f64::NAN);
    println!("{name:<16} {:>7.1} MB/s", bytes as f64 / 1e6 / median);
}

/// Time of this thread on a processor, or on the wall where that is not told.
struct Clock {
    wall: Instant,
    processor: Option<f64>,
}

impl Clock {
    fn start() -> Clock {
        Clock { wall: Instant::now(), processor: on_processor() }
    }

    fn seconds(&self) -> f64 {
        match (self.processor, on_processor()) {
            (Some(start), Some(end)) => end - start,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}
