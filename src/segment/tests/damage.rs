//! A segment whose bytes were changed answers as before or with an error, and never panics.

use proptest::prelude::*;
use uuid::Uuid;

use super::build_bytes;
use super::dump::dump;
use super::sample::records;
use crate::segment::format::{Entry, Footer, HEADER_BYTES, Kind, PAGE_BYTES, TAIL_BYTES, Tail};
use crate::segment::{Segment, SegmentError, merge};

fn answers(bytes: Vec<u8>) -> Result<std::collections::BTreeSet<String>, SegmentError> {
    dump(&Segment::from_bytes(bytes.into())?)
}

/// Makes the checksums of changed bytes right again, so that only the decoders stand in the way.
fn reseal(bytes: &mut Vec<u8>) {
    let tail_start = bytes.len() - TAIL_BYTES;
    let (tail, _) = Tail::read(&bytes[tail_start..], bytes.len() as u64).unwrap();
    let pages_end = tail.footer_offset as usize;
    let mut footer = Footer::read(&bytes[pages_end..tail_start], tail.footer_offset).unwrap();
    footer.pages = bytes[..pages_end].chunks(PAGE_BYTES).map(crc32fast::hash).collect();
    bytes.truncate(pages_end);
    let footer = footer.bytes();
    let tail = Tail { footer_checksum: crc32fast::hash(&footer), ..tail };
    bytes.extend_from_slice(&footer);
    bytes.extend_from_slice(&tail.bytes());
}

#[test]
fn a_flipped_byte_anywhere_is_found_or_changes_nothing() {
    let bytes = build_bytes(&records(11, 4));
    let expected = answers(bytes.clone()).unwrap();
    let stride = (bytes.len() / 400).max(1);
    for at in (0..bytes.len()).step_by(stride).chain(0..16).chain(bytes.len() - 64..bytes.len()) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        match answers(flipped) {
            Ok(found) => assert!(found == expected, "byte {at} changed the answers"),
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

/// Merges one segment of these bytes.
fn merged(bytes: Vec<u8>) -> Result<Vec<u8>, SegmentError> {
    let scratch = tempfile::tempdir().unwrap();
    let mut out = Vec::new();
    merge(&[(Segment::from_bytes(bytes.into())?, None)], Uuid::nil(), scratch.path(), &mut out)?;
    Ok(out)
}

#[test]
fn a_merge_carries_no_flipped_byte_on() {
    let bytes = build_bytes(&records(15, 4));
    let expected = merged(bytes.clone()).unwrap();
    let stride = (bytes.len() / 400).max(1);
    for at in (0..bytes.len()).step_by(stride) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        match merged(flipped) {
            Ok(out) => assert!(out == expected, "byte {at} was carried on"),
            Err(error) => assert!(error.is_damage(), "byte {at}: {error}"),
        }
    }
}

#[test]
fn a_merge_finds_flipped_bits_of_an_article_by_its_own_checksum_and_names_it() {
    let bytes = build_bytes(&records(16, 2));
    let segment = Segment::from_bytes(bytes.clone().into()).unwrap();
    let stored: usize = (0..2).map(|ordinal| segment.encoded(ordinal).unwrap().len()).sum();
    for bit in (0..stored * 8).step_by((stored / 50).max(1) | 1) {
        let mut flipped = bytes.clone();
        flipped[HEADER_BYTES + bit / 8] ^= 1 << (bit % 8);
        reseal(&mut flipped);
        let error = merged(flipped).unwrap_err();
        assert!(error.is_damage() && error.to_string().contains("articles, article "), "bit {bit}: {error}");
    }
}

#[test]
fn a_cut_file_is_refused() {
    let bytes = build_bytes(&records(12, 3));
    for len in (0..bytes.len()).step_by(97).chain([0, 1, bytes.len() - 1]) {
        assert!(answers(bytes[..len].to_vec()).is_err_and(|error| error.is_damage()), "{len} bytes");
    }
}

#[test]
fn damage_names_section_and_page() {
    let mut bytes = build_bytes(&records(13, 3));
    bytes[40] ^= 1;
    let error = answers(bytes).unwrap_err().to_string();
    assert!(error.contains("header, page 0"), "{error}");
}

#[test]
fn a_later_version_is_told_apart_from_damage() {
    let mut bytes = build_bytes(&records(14, 1));
    let at = bytes.len() - 16;
    bytes[at] = 9;
    assert!(matches!(answers(bytes), Err(SegmentError::Version { found: 9, .. })));
}

/// Tells whether a byte belongs to an `fst`: that crate trusts what our checksums cover.
fn is_in_fst(footer: &Footer, at: u64) -> bool {
    let has_fst = |kind| matches!(kind, Kind::Terms | Kind::Stems | Kind::NameWords);
    let holds = |entry: &Entry| (entry.offset..entry.offset + entry.length).contains(&at);
    footer.entries.iter().any(|entry| has_fst(entry.kind) && holds(entry))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn bytes_behind_right_checksums_are_decoded_without_panic(
        seed in 0..4_u64, changes in proptest::collection::vec((any::<u32>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = build_bytes(&records(seed, 6));
        let tail_start = bytes.len() - TAIL_BYTES;
        let (tail, _) = Tail::read(&bytes[tail_start..], bytes.len() as u64).unwrap();
        let pages_end = tail.footer_offset as usize;
        let footer = Footer::read(&bytes[pages_end..tail_start], tail.footer_offset).unwrap();
        for (at, byte) in changes {
            let at = 16 + at as usize % (pages_end - 16);
            if !is_in_fst(&footer, at as u64) {
                bytes[at] = byte;
            }
        }
        reseal(&mut bytes);
        if let Err(error) = answers(bytes) {
            prop_assert!(error.is_damage(), "{}", error);
        }
    }
}
