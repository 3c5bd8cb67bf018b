//! What reading a query costs, over sizes: linear, and 64 KiB in a few milliseconds.
//!
//! `cargo bench --bench parse`.
#![allow(missing_docs)] // Criterion's macros document nothing.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dateline::query::{QUERY_BYTES_MAX, Statement, lex};

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

criterion_group!(benches, parsing);
criterion_main!(benches);
