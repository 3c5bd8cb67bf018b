//! What reading a query costs, over sizes: linear, and 64 KiB in a few milliseconds.
//!
//! `cargo bench --bench parse`.
#![allow(missing_docs)] // Criterion's macros document nothing.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dateline::query::{LIST_ITEMS_MAX, NESTING_MAX, QUERY_BYTES_MAX, Statement, lex};

/// Returns a query of at most `bytes` bytes made of many small conditions.
fn conditions(bytes: usize) -> String {
    const PIECE: &str =
        " and text contains any of (\"Assad\", like \"wom?n\") near \"Putin\" within 8 words or words > 3";
    let (head, piece) = ("find where mentions \"Idlib\"", PIECE);
    format!("{head}{}", piece.repeat((bytes - head.len()) / piece.len()))
}

/// Returns a query of at most `bytes` bytes that ends in a slip, so that every rule is asked.
fn slip(bytes: usize) -> String {
    format!("{} §", conditions(bytes - 3))
}

/// Returns a whole query of at most `bytes` bytes: a head, a piece over and over, and a tail.
fn repeated(head: &str, piece: &str, tail: &str, bytes: usize) -> String {
    format!("{head}{}{tail}", piece.repeat((bytes - head.len() - tail.len()) / piece.len()))
}

/// Returns conditions, each as deep as the language allows.
fn nested(bytes: usize) -> String {
    let piece = format!("{}a = 1{} or ", "(".repeat(NESTING_MAX), ")".repeat(NESTING_MAX));
    repeated("find where ", &piece, "b = 1", bytes)
}

/// Returns a shape of accepted queries over sizes.
fn shape(name: &str, bytes: usize) -> String {
    match name {
        "chain" => repeated("find where a = 1", " or a = 1", "", bytes),
        "list" => repeated("find where a in (1", ", 123456", ")", bytes),
        "nested" => nested(bytes),
        "string" => repeated("find where title contains \"", "x", "\"", bytes),
        "comment" => repeated("find # ", "x", "\nwhere a = 1", bytes),
        "comments" => repeated("find where a = 1", " # x\n", "", bytes),
        "columns" => repeated("find a", ", a", " where a = 1", bytes.min(2 * LIST_ITEMS_MAX)),
        other => panic!("{other} is no shape"),
    }
}

/// Reads accepted queries of one shape each, over sizes.
fn shapes(c: &mut Criterion) {
    let mut group = c.benchmark_group("shapes");
    for name in ["chain", "list", "nested", "string", "comment", "comments", "columns"] {
        for bytes in [QUERY_BYTES_MAX / 16, QUERY_BYTES_MAX / 4, QUERY_BYTES_MAX] {
            let text = shape(name, bytes);
            assert!(Statement::parse(&text).is_ok(), "{name}");
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::new(name, bytes), &text, |b, text| {
                b.iter(|| Statement::parse(black_box(text)));
            });
        }
    }
    group.finish();
}

/// Shapes that make careless parsers deep, quadratic or worse.
const HOSTILE: [(&str, &str); 8] = [
    ("parentheses", "("),
    ("nots", "not "),
    ("dots", "a."),
    ("quotes", "\"a\\"),
    ("objects", "{\"a\":["),
    ("definitions", "define @x as "),
    ("word", "x"),
    ("fuzzy", "text contains fuzzy \"x\" within 2 words and "),
];

/// Reads texts of one hostile shape each, over sizes.
fn hostile(c: &mut Criterion) {
    let mut group = c.benchmark_group("hostile");
    for (name, piece) in HOSTILE {
        for bytes in [QUERY_BYTES_MAX / 4, QUERY_BYTES_MAX] {
            let head = "find where ";
            let text = format!("{head}{}", piece.repeat((bytes - head.len()) / piece.len()));
            assert!(Statement::parse(&text).is_err(), "{name}");
            group.throughput(Throughput::Bytes(bytes as u64));
            group.bench_with_input(BenchmarkId::new(name, bytes), &text, |b, text| {
                b.iter(|| Statement::parse(black_box(text)));
            });
        }
    }
    group.finish();
}

fn parsing(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    for bytes in [QUERY_BYTES_MAX / 16, QUERY_BYTES_MAX / 4, QUERY_BYTES_MAX] {
        let (good, bad) = (conditions(bytes), slip(bytes));
        assert!(Statement::parse(&good).is_ok() && Statement::parse(&bad).is_err());
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_with_input(BenchmarkId::new("tokens", bytes), &good, |b, text| {
            b.iter(|| lex::tokens(black_box(text)))
        });
        group.bench_with_input(BenchmarkId::new("query", bytes), &good, |b, text| {
            b.iter(|| Statement::parse(black_box(text)));
        });
        group.bench_with_input(BenchmarkId::new("slip", bytes), &bad, |b, text| {
            b.iter(|| Statement::parse(black_box(text)));
        });
    }
    group.finish();
}

criterion_group!(benches, parsing, shapes, hostile);
criterion_main!(benches);
