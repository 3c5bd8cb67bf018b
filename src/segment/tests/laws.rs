//! Round trips and merges.

use std::cell::Cell;
use std::sync::Arc;

use proptest::prelude::*;
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::dump::dump;
use super::naive::{assert_same, expected};
use super::sample::{Dice, records};
use super::{build, build_bytes, sorted};
use crate::article::{Article, ArticleId, Extraction, Record};
use crate::segment::{MergeInput, Segment, SegmentError, merge, merge_unless};

fn merged(inputs: &[MergeInput]) -> Vec<u8> {
    let scratch = tempfile::tempdir().unwrap();
    let mut bytes = Vec::new();
    let written = merge(inputs, Uuid::from_u128(7), scratch.path(), &mut bytes).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    bytes
}

/// Splits records over segments, kills some, and returns the segments with the survivors.
fn scattered(dice: &mut Dice, records: &[Record], segments: usize) -> (Vec<MergeInput>, Vec<Record>) {
    let mut parts: Vec<Vec<Record>> = vec![Vec::new(); segments];
    for record in records {
        parts[dice.below(segments)].push(record.clone());
    }
    let mut survivors = Vec::new();
    let inputs = parts.iter().map(|part| {
        let dead: RoaringBitmap = (0..part.len() as u32).filter(|_| dice.below(4) == 0).collect();
        let live = sorted(part).into_iter().zip(0..).filter(|(_, ordinal)| !dead.contains(*ordinal));
        survivors.extend(live.map(|(record, _)| record));
        (build(part), (!dead.is_empty()).then(|| Arc::new(dead)))
    });
    let inputs = inputs.collect();
    (inputs, survivors)
}

#[test]
fn an_empty_segment_answers_nothing() {
    let segment = build(&[]);
    assert_same(&dump(&segment).unwrap(), &expected(&[]));
    assert!(segment.terms().unwrap().is_empty());
    assert_eq!(merged(&[]).len(), merged(&[(segment, None)]).len());
}

#[test]
fn a_large_segment_answers_as_its_records() {
    let records = records(99, 900);
    let segment = build(&records);
    assert_same(&dump(&segment).unwrap(), &expected(&sorted(&records)));
}

#[test]
fn a_merge_ends_as_soon_as_it_is_given_up() {
    let (inputs, _) = scattered(&mut Dice::new(3), &records(23, 60), 3);
    let postings: u64 = inputs.iter().map(|(segment, _)| segment.terms().unwrap().len() as u64).sum();
    let scratch = tempfile::tempdir().unwrap();
    let asked = Cell::new(0);
    let merge_until = |end: u64| {
        asked.set(0);
        let is_given_up = || asked.replace(asked.get() + 1) >= end;
        merge_unless(&is_given_up, &inputs, Uuid::nil(), scratch.path(), &mut Vec::new())
    };
    assert!(merge_until(u64::MAX).is_ok());
    let all = asked.get();
    assert!(all > postings, "every word asks, though its postings wait in a spool: {all} times");
    for end in (0..all).step_by(37) {
        assert!(matches!(merge_until(end), Err(SegmentError::GivenUp)), "after {end} of {all}");
        assert!(asked.get() <= end + 2, "it went on after {end} of {all}");
        assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0);
    }
}

#[test]
fn a_large_merge_is_what_a_builder_makes() {
    let mut dice = Dice::new(5);
    let (inputs, survivors) = scattered(&mut dice, &records(17, 900), 3);
    assert!(merged(&inputs) == build_bytes(&survivors));
}

#[test]
fn a_merge_without_survivors_is_what_a_builder_makes_of_nothing() {
    let mut record = records(1, 1).remove(0);
    record.extraction.version = 2;
    let dead = Some(Arc::new(RoaringBitmap::from([0])));
    assert!(merged(&[(build(&[record]), dead)]) == build_bytes(&[]));
}

#[test]
fn articles_of_one_endless_word_or_one_word_without_end_are_kept() {
    let record = |id: u32, body: String| {
        let article = Article { key: id.to_string(), body, lang: Some("en".into()), ..Article::default() };
        Record { id: ArticleId(id), seq: 1, article, extraction: Extraction::default(), story: None }
    };
    let mut records = vec![
        record(1, "Endless".repeat(1 << 15)),
        record(2, "again Again ".repeat(1 << 15)),
        record(3, "again-".repeat(1 << 12)),
    ];
    records.extend((4..300).map(|id| record(id, "Again and again.".into())));
    let bytes = build_bytes(&records);
    let segment = Segment::from_bytes(bytes.clone().into()).unwrap();
    assert_same(&dump(&segment).unwrap(), &expected(&sorted(&records)));
    assert!(merged(&[(segment, None)]) == bytes);
}

#[test]
fn opening_a_file_answers_as_opening_memory() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("000001.seg");
    let records = records(3, 20);
    std::fs::write(&path, build_bytes(&records)).unwrap();
    let segment = Segment::open_file(&path).unwrap();
    segment.verify().unwrap();
    assert_eq!(segment.identity(), build(&records).identity());
    assert_same(&dump(&segment).unwrap(), &expected(&sorted(&records)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_segment_answers_as_its_records(seed: u64, count in 0..30_usize) {
        let records = records(seed, count);
        assert_same(&dump(&build(&records)).unwrap(), &expected(&sorted(&records)));
    }

    #[test]
    fn a_merge_is_what_a_builder_makes(seed: u64, count in 0..40_usize, segments in 1..5_usize) {
        let mut dice = Dice::new(seed);
        let (inputs, survivors) = scattered(&mut dice, &records(seed, count), segments);
        prop_assert!(merged(&inputs) == build_bytes(&survivors));
    }

    #[test]
    fn the_order_of_adding_does_not_matter(seed: u64, count in 0..20_usize) {
        let mut records = records(seed, count);
        let bytes = build_bytes(&records);
        records.reverse();
        prop_assert!(bytes == build_bytes(&records));
    }
}
