//! Figures about a database.

use std::path::Path;

use super::snapshot::Snapshot;
use crate::article::Seq;
use crate::date::Date;
use crate::error::Result;
use crate::store::manifest;

/// Figures about a database as one snapshot sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stats {
    /// Articles.
    pub articles: u64,
    /// Articles that were deleted or replaced and still take room.
    pub dead: u64,
    /// Segments, those in memory included.
    pub segments: u64,
    /// Number of the last commit.
    pub seq: Seq,
    /// How often MANIFEST was replaced.
    pub generation: u64,
    /// The earliest and the latest publication date.
    pub dates: Option<(Date, Date)>,
    /// How many articles each version of the extractor read, oldest first; version 0 are those that none read.
    pub extractors: Vec<(u32, u64)>,
    /// Declared fields.
    pub declared_fields: u64,
    /// Bytes on disk: all of them, and of each part.
    pub disk: DiskStats,
    /// Bytes of each kind of section, over all segments, largest first.
    pub sections: Vec<(String, u64)>,
}

/// Bytes on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiskStats {
    /// Segments and tombstones.
    pub segments_bytes: u64,
    /// The record store.
    pub records_bytes: u64,
    /// The journal.
    pub journal_bytes: u64,
    /// All files.
    pub total_bytes: u64,
}

impl Stats {
    pub(super) fn of(folder: &Path, snapshot: &Snapshot) -> Result<Stats> {
        let segments = &snapshot.view().segments;
        let stored: u64 = segments.iter().map(|live| u64::from(live.segment.articles())).sum();
        Ok(Stats {
            articles: snapshot.articles(),
            dead: stored.saturating_sub(snapshot.articles()),
            segments: segments.len() as u64,
            seq: snapshot.seq(),
            generation: snapshot.generation(),
            dates: dates(snapshot)?,
            extractors: extractors(snapshot)?,
            declared_fields: snapshot.catalog().schema.declared().count() as u64,
            disk: DiskStats::of(folder),
            sections: sections(snapshot),
        })
    }
}

impl DiskStats {
    /// Adds up what can be read; files that go away meanwhile count as nothing.
    fn of(folder: &Path) -> DiskStats {
        DiskStats {
            segments_bytes: bytes_in(&manifest::segments_path(folder)),
            records_bytes: bytes_in(&manifest::records_path(folder)),
            journal_bytes: bytes_in(&manifest::journal_path(folder)),
            total_bytes: bytes_in(folder),
        }
    }
}

fn bytes_in(folder: &Path) -> u64 {
    let files =
        walkdir::WalkDir::new(folder).into_iter().flatten().filter(|entry| entry.file_type().is_file());
    files.filter_map(|entry| entry.metadata().ok()).map(|metadata| metadata.len()).sum()
}

/// Returns the first and the last date of living articles, skipping the dead ends of each segment.
fn dates(snapshot: &Snapshot) -> Result<Option<(Date, Date)>> {
    let mut bounds: Option<(Date, Date)> = None;
    for live in &snapshot.view().segments {
        let column = live.segment.dates()?;
        let is_alive = |ordinal: &u32| !live.is_dead(*ordinal);
        let newest = (0..column.dated()).find(is_alive).and_then(|ordinal| column.date(ordinal));
        let oldest = (0..column.dated()).rev().find(is_alive).and_then(|ordinal| column.date(ordinal));
        for date in newest.into_iter().chain(oldest) {
            let (first, last) = bounds.unwrap_or((date, date));
            bounds = Some((first.min(date), last.max(date)));
        }
    }
    Ok(bounds)
}

fn extractors(snapshot: &Snapshot) -> Result<Vec<(u32, u64)>> {
    let mut counts = std::collections::BTreeMap::<u32, u64>::new();
    for live in &snapshot.view().segments {
        for (ordinal, version) in (0..).zip(live.segment.extractors()?) {
            if !live.is_dead(ordinal) {
                *counts.entry(version).or_default() += 1;
            }
        }
    }
    Ok(counts.into_iter().collect())
}

fn sections(snapshot: &Snapshot) -> Vec<(String, u64)> {
    let mut sums = std::collections::BTreeMap::<String, u64>::new();
    for live in &snapshot.view().segments {
        for (name, bytes) in live.segment.sections() {
            *sums.entry(name).or_default() += bytes;
        }
    }
    let mut sections: Vec<_> = sums.into_iter().collect();
    sections.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    sections
}
