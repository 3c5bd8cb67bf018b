//! The same articles laid out in different ways: no answer may depend on it.

use std::sync::Arc;

use dateline::article::Record;
use dateline::catalog::Catalog;
use dateline::exec::{LiveSegment, View};
use dateline::extract;
use dateline::segment::{Segment, SegmentBuilder, Versions};
use dateline::store::RecordCodec;
use dateline::text::ANALYSIS_VERSION;
use roaring::RoaringBitmap;
use uuid::Uuid;

use super::dice::Dice;

/// Returns the articles in one to four segments, some with older or deleted versions of articles among them.
pub fn throw(dice: &mut Dice, records: &[Record], stale: &[Record], catalog: &Arc<Catalog>) -> View {
    let count = dice.between(1, 4);
    let mut parts: Vec<(Vec<&Record>, Vec<&Record>)> = vec![Default::default(); count];
    for record in records {
        parts[dice.below(count)].0.push(record);
    }
    for record in stale {
        parts[dice.below(count)].1.push(record);
    }
    let parts = parts.into_iter().filter(|(live, dead)| !live.is_empty() || !dead.is_empty());
    View { segments: parts.map(|(live, dead)| segment(&live, &dead)).collect(), catalog: Arc::clone(catalog) }
}

/// Returns the articles in a single segment.
pub fn plain(records: &[Record], catalog: &Arc<Catalog>) -> View {
    let records: Vec<&Record> = records.iter().collect();
    let segments = if records.is_empty() { Vec::new() } else { vec![segment(&records, &[])] };
    View { segments, catalog: Arc::clone(catalog) }
}

fn segment(live: &[&Record], dead: &[&Record]) -> LiveSegment {
    let versions =
        Versions { analysis: ANALYSIS_VERSION, stemmer: 1, gazetteer: 1, extraction: extract::VERSION };
    let mut builder = SegmentBuilder::new(versions, None);
    let codec = RecordCodec::new(None);
    for record in live.iter().chain(dead) {
        let encoded = codec.encode(record).expect("thrown records can be encoded");
        builder.add(record, &encoded).expect("thrown records can be added");
    }
    let segment = builder.finish_in_memory(Uuid::new_v4()).expect("segments can be written to memory");
    let dead = dead_ordinals(&segment, dead);
    LiveSegment { segment, dead }
}

fn dead_ordinals(segment: &Segment, dead: &[&Record]) -> Option<Arc<RoaringBitmap>> {
    let identities = segment.identities().expect("a new segment is whole");
    let is_dead = |ordinal: &u32| {
        let version = (identities.id(*ordinal), identities.seq(*ordinal));
        dead.iter().any(|record| (record.id, record.seq) == version)
    };
    let ordinals: RoaringBitmap = (0..segment.articles()).filter(is_dead).collect();
    (!ordinals.is_empty()).then(|| Arc::new(ordinals))
}
