//! What a segment costs: building, opening, walking words, looking for a phrase, merging.
//!
//! `cargo bench --bench segment`. Articles come from `../shared/corpora/news-open.jsonl.zst` where that lies beside the
//! project, else from a generator; extraction is left out, so that the figures are the segment's own.
#![allow(missing_docs, clippy::indexing_slicing)] // Criterion's macros document nothing; a bench slices its own sample.

use std::hint::black_box;
use std::io::{BufRead, BufReader};
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dateline::article::{Article, ArticleId, Extraction, Record};
use dateline::segment::{Postings, Segment, SegmentBuilder, TERMINATED, TermPostings, Versions, merge};
use dateline::store::RecordCodec;
use uuid::Uuid;

const ARTICLES: usize = 4_000;

const VERSIONS: Versions = Versions { analysis: 1, stemmer: 1, gazetteer: 1, extraction: 1 };

fn records() -> Vec<Record> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/news-open.jsonl.zst");
    let articles: Vec<Article> = match std::fs::File::open(path) {
        Ok(file) => {
            let lines = BufReader::new(zstd::Decoder::new(file).expect("the corpus is a zstd file")).lines();
            // Every tenth article, so that all of the corpus's sources take part.
            lines.step_by(10).take(ARTICLES).map_while(Result::ok).map(|line| article(&line)).collect()
        }
        Err(_) => (0..ARTICLES).map(generated).collect(),
    };
    let record = |(id, article)| Record {
        id: ArticleId(id),
        seq: 1,
        article,
        extraction: Extraction::default(),
        story: None,
    };
    (1..).zip(articles).map(record).collect()
}

fn article(line: &str) -> Article {
    let json: serde_json::Value = serde_json::from_str(line).expect("the corpus is JSON Lines");
    let text = |name: &str| json.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    Article {
        key: text("id").unwrap_or_default(),
        title: text("title"),
        body: text("body").unwrap_or_default(),
        date: text("date").and_then(|date| date.parse().ok()),
        source: text("source"),
        url: text("url"),
        lang: Some("en".to_owned()),
        ..Article::default()
    }
}

/// Returns an article whose words are spread as words are: few stand everywhere, most nearly nowhere.
fn generated(number: usize) -> Article {
    let mut state = number as u64 + 1;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let uniform = (state >> 40) as f64 / (1 << 24) as f64;
        format!("w{}", (1.0 / (uniform + 1e-5)) as u32)
    };
    let body = (0..400).map(|_| word()).collect::<Vec<_>>().join(" ");
    Article { key: number.to_string(), title: Some(word()), body, ..Article::default() }
}

fn build(records: &[(Record, Vec<u8>)]) -> Vec<u8> {
    let mut builder = SegmentBuilder::new(VERSIONS, None);
    for (record, encoded) in records {
        builder.add(record, encoded).expect("the sample is small");
    }
    let mut bytes = Vec::new();
    builder.finish(Uuid::nil(), &mut bytes).expect("memory takes all bytes");
    bytes
}

fn postings<'s>(segment: &'s Segment, word: &str) -> TermPostings<'s> {
    let terms = segment.terms().expect("the segment is whole");
    let term = terms.get(word).expect("the segment is whole").expect("the sample has the word");
    terms.postings(term).expect("the segment is whole")
}

fn articles<'s>(segment: &'s Segment, word: &str) -> Postings<'s> {
    let terms = segment.terms().expect("the segment is whole");
    let term = terms.get(word).expect("the segment is whole").expect("the sample has the word");
    terms.articles(term).expect("the segment is whole")
}

/// Returns the two most frequent words.
fn frequent(segment: &Segment) -> [String; 2] {
    let mut words = Vec::new();
    let terms = segment.terms().expect("the segment is whole");
    let mut found = |word: &str, term: dateline::segment::TermInfo| {
        words.push((u32::MAX - term.documents, word.to_owned()));
        true
    };
    terms.search(fst::automaton::AlwaysMatch, &mut found).expect("the segment is whole");
    words.sort();
    let mut words = words.into_iter().map(|(_, word)| word);
    std::array::from_fn(|_| words.next().expect("the sample has words"))
}

fn phrase(segment: &Segment, [first, second]: &[String; 2]) -> usize {
    let (mut left, mut right) = (postings(segment, first), postings(segment, second));
    let (mut starts, mut nexts, mut found) = (Vec::new(), Vec::new(), 0);
    while left.doc() != TERMINATED {
        if right.seek(left.doc()) == left.doc() {
            starts.clear();
            nexts.clear();
            left.positions_into(&mut starts).expect("the segment is whole");
            right.positions_into(&mut nexts).expect("the segment is whole");
            found += usize::from(starts.iter().any(|start| nexts.binary_search(&(start + 1)).is_ok()));
        }
        left.advance();
    }
    found
}

fn segment(c: &mut Criterion) {
    let codec = RecordCodec::default();
    let encode = |record: Record| {
        let encoded = codec.encode(&record).expect("the sample's articles are small");
        (record, encoded)
    };
    let records: Vec<(Record, Vec<u8>)> = records().into_iter().map(encode).collect();
    let text: usize = records.iter().map(|(record, _)| record.article.text().len()).sum();
    let bytes = build(&records);
    let segment = Segment::from_bytes(bytes.clone().into()).expect("the segment is whole");
    let words = frequent(&segment);

    let mut group = c.benchmark_group("segment");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(text as u64));
    group.bench_function("build", |b| b.iter(|| black_box(build(&records)).len()));
    let halves: Vec<_> = records
        .chunks(records.len().div_ceil(4))
        .map(|part| (Segment::from_bytes(build(part).into()).expect("the segment is whole"), None))
        .collect();
    let scratch = std::env::temp_dir();
    group.bench_function("merge", |b| {
        b.iter(|| {
            let mut out = Vec::new();
            merge(&halves, Uuid::nil(), &scratch, &mut out).expect("the segments are whole")
        })
    });
    group.finish();

    let mut group = c.benchmark_group("read");
    let one = build(&records[..1]);
    group.bench_function("build one article", |b| b.iter(|| black_box(build(&records[..1])).len()));
    group
        .bench_function("open", |b| b.iter(|| Segment::from_bytes(one.clone().into()).expect("it is whole")));
    group.bench_function("walk a frequent word", |b| {
        b.iter(|| {
            let (mut list, mut sum) = (articles(&segment, &words[0]), 0_u64);
            while list.doc() != TERMINATED {
                sum += u64::from(list.doc());
                list.advance();
            }
            sum
        })
    });
    group.bench_function("weigh a frequent word", |b| {
        b.iter(|| {
            let (mut list, mut sum) = (postings(&segment, &words[0]), 0_u64);
            while list.doc() != TERMINATED {
                sum += u64::from(list.frequency());
                list.advance();
            }
            sum
        })
    });
    group.bench_function("phrase of two frequent words", |b| b.iter(|| phrase(&segment, &words)));
    group.finish();
}

criterion_group!(benches, segment);
criterion_main!(benches);
