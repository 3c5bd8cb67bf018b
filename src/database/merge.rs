//! Merging: several segments become one.
//!
//! Segments are put in tiers by size, each tier holding segments up to [`TIER_GROWTH`] times as large as the one
//! below. A tier with [`TIER_SEGMENTS_MAX`] segments is merged into one of the next tier, so an article is copied once
//! a tier and a database of any size has a few dozen segments. A segment that is mostly dead is written anew alone.

use uuid::Uuid;

use super::open::Writer;
use super::piece::Piece;
use super::state::versions;
use crate::error::{Error, Result};
use crate::segment;

/// Segments of one tier that are merged.
const TIER_SEGMENTS_MAX: usize = 8;

/// How much larger the segments of the next tier may be.
const TIER_GROWTH: u64 = 8;

/// Size of the largest segments of the lowest tier, in bytes (4 MiB).
const TIER_BYTES_MIN: u64 = 4 << 20;

/// Merging may need as much room as its inputs take, and this many hundredths more for its own files.
const SPARE_PERCENT: u64 = 25;

impl Writer {
    /// Merges until no tier is full and no segment is mostly dead. Everything is sealed first.
    pub fn merge_due(&mut self) -> Result<()> {
        self.seal()?;
        while let Some(numbers) = due(&self.state.sealed) {
            self.merge_numbers(&numbers)?;
        }
        Ok(())
    }

    fn merge_numbers(&mut self, numbers: &[u64]) -> Result<()> {
        let is_input = |piece: &Piece| numbers.contains(&number(piece));
        let inputs: Vec<&Piece> = self.state.sealed.iter().filter(|piece| is_input(piece)).collect();
        self.check_room(&inputs)?;
        let merged = match inputs.iter().map(|piece| piece.articles()).sum::<u32>() {
            0 => None,
            _ => {
                let inputs: Vec<_> =
                    inputs.iter().map(|piece| piece.live()).map(|live| (live.segment, live.dead)).collect();
                let scratch = &self.folder;
                let entry =
                    self.write_segment(|out| segment::merge(&inputs, Uuid::new_v4(), scratch, out))?;
                Some(Piece::open(&self.folder, &entry)?)
            }
        };
        let rest = self.state.sealed.iter().filter(|piece| !is_input(piece)).cloned();
        let sealed = merged.into_iter().chain(rest).collect();
        self.replace_manifest(sealed)
    }

    fn check_room(&self, inputs: &[&Piece]) -> Result<()> {
        let bytes: u64 = inputs.iter().map(|piece| size(piece)).sum();
        let needed_bytes = bytes + bytes / 100 * SPARE_PERCENT;
        // Where the system does not tell, the write itself will.
        let free_bytes = fs2::available_space(&self.folder).unwrap_or(u64::MAX);
        if free_bytes < needed_bytes {
            return Err(Error::DiskFull { action: "merging segments", needed_bytes, free_bytes });
        }
        Ok(())
    }
}

/// Returns the numbers of segments that should become one.
fn due(sealed: &[Piece]) -> Option<Vec<u64>> {
    let mostly_dead = sealed.iter().find(|piece| piece.articles() < piece.segment.articles() / 2);
    if let Some(piece) = mostly_dead {
        return Some(vec![number(piece)]);
    }
    (0..).map_while(|tier| members(sealed, tier)).find(|members| members.len() >= TIER_SEGMENTS_MAX)
}

/// Returns the segments of a tier; `None` past the largest segment.
fn members(sealed: &[Piece], tier: u32) -> Option<Vec<u64>> {
    let largest = sealed.iter().map(size).max()?;
    let below = if tier == 0 { 0 } else { ceiling(tier - 1) };
    // Segments of other versions wait for `reindex`: what they hold cannot be copied beside what is written today.
    let is_current = |piece: &Piece| piece.segment.versions() == versions();
    let in_tier = |piece: &&Piece| (below..ceiling(tier)).contains(&size(piece)) && is_current(piece);
    (below <= largest).then(|| sealed.iter().filter(in_tier).map(number).collect())
}

fn ceiling(tier: u32) -> u64 {
    TIER_BYTES_MIN.saturating_mul(TIER_GROWTH.saturating_pow(tier))
}

fn size(piece: &Piece) -> u64 {
    piece.entry.as_ref().map_or(0, |entry| entry.bytes)
}

fn number(piece: &Piece) -> u64 {
    piece.entry.as_ref().map_or(0, |entry| entry.number)
}
