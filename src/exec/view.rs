//! What a query runs on: one snapshot's segments and catalog.

use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::catalog::Catalog;
use crate::segment::Segment;

/// The state of an archive that one query sees from start to end.
///
/// Sealed segments and those that lie in memory are treated alike; no article is live in two of them.
#[derive(Clone)]
pub struct View {
    /// The segments, in any order: no answer depends on how articles lie in them.
    pub segments: Vec<LiveSegment>,
    /// Declared fields, aliases and saved queries.
    pub catalog: Arc<Catalog>,
}

/// A segment with what was deleted or replaced since it was written.
#[derive(Clone)]
pub struct LiveSegment {
    /// The image.
    pub segment: Segment,
    /// Ordinals that are no longer part of the archive.
    pub dead: Option<Arc<RoaringBitmap>>,
}

impl LiveSegment {
    /// Returns the number of articles that are part of the archive.
    pub fn articles(&self) -> u64 {
        let dead = self.dead.as_ref().map_or(0, |dead| dead.len());
        u64::from(self.segment.articles()).saturating_sub(dead)
    }

    /// Tells whether an article was deleted or replaced.
    pub fn is_dead(&self, ordinal: u32) -> bool {
        self.dead.as_ref().is_some_and(|dead| dead.contains(ordinal))
    }
}

impl View {
    /// Returns the number of articles of the archive.
    pub fn articles(&self) -> u64 {
        self.segments.iter().map(LiveSegment::articles).sum()
    }
}
