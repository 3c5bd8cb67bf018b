//! Laws of whole segments, over random records.

mod cursors;
mod damage;
mod dump;
mod laws;
mod naive;
mod sample;

use uuid::Uuid;

use super::{Segment, SegmentBuilder, Versions};
use crate::article::Record;
use crate::store::RecordCodec;

const VERSIONS: Versions = Versions { analysis: 1, stemmer: 1, gazetteer: 1, extraction: 1 };

/// Builds a segment of records in memory.
fn build(records: &[Record]) -> Segment {
    Segment::from_bytes(build_bytes(records).into()).unwrap()
}

/// Returns the bytes of a segment of records.
fn build_bytes(records: &[Record]) -> Vec<u8> {
    let codec = RecordCodec::default();
    let mut builder = SegmentBuilder::new(VERSIONS, None);
    for record in records {
        builder.add(record, &codec.encode(record).unwrap()).unwrap();
    }
    let mut bytes = Vec::new();
    let written = builder.finish(Uuid::from_u128(7), &mut bytes).unwrap();
    assert_eq!(written.bytes, bytes.len() as u64);
    assert_eq!(written.articles as usize, records.len());
    bytes
}

/// Returns records as a segment must order them.
fn sorted(records: &[Record]) -> Vec<Record> {
    let mut sorted = records.to_vec();
    sorted.sort_by_key(|record| {
        let date = record.date().map(|date| (std::cmp::Reverse(date.sort_start()), date.sort_end()));
        (date.is_none(), date, record.id, record.seq)
    });
    sorted
}
