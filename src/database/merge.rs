//! Which segments are merged into one.
//!
//! Segments are put in tiers by size, each tier holding segments up to [`TIER_GROWTH`] times as large as the one
//! below. A tier with [`TIER_SEGMENTS_MAX`] segments is merged into one of the next tier, so an article is copied once
//! a tier and a database of any size has a few dozen segments. A segment that is mostly dead is written anew alone.

use super::piece::Piece;
use super::state::versions;

/// Segments of one tier that are merged.
const TIER_SEGMENTS_MAX: usize = 8;

/// How much larger the segments of the next tier may be.
const TIER_GROWTH: u64 = 8;

/// Size of the largest segments of the lowest tier, in bytes (4 MiB).
const TIER_BYTES_MIN: u64 = 4 << 20;

/// What the choice of segments depends on.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    number: u64,
    bytes: u64,
    articles: u32,
    living: u32,
    /// Whether it was written by the versions of today. What others hold cannot be copied beside it: such segments
    /// wait to be indexed anew.
    is_current: bool,
}

impl From<&Piece> for Candidate {
    fn from(piece: &Piece) -> Candidate {
        Candidate {
            number: number(piece),
            bytes: size(piece),
            articles: piece.segment.articles(),
            living: piece.articles(),
            is_current: piece.segment.versions().indexes_alike(versions()),
        }
    }
}

/// Returns the numbers of segments that should become one.
pub(super) fn due(sealed: &[Piece]) -> Option<Vec<u64>> {
    choose(&sealed.iter().map(Candidate::from).collect::<Vec<_>>())
}

fn choose(sealed: &[Candidate]) -> Option<Vec<u64>> {
    let mostly_dead = sealed.iter().find(|segment| segment.living < segment.articles / 2);
    if let Some(segment) = mostly_dead {
        return Some(vec![segment.number]);
    }
    (0..).map_while(|tier| members(sealed, tier)).find(|members| members.len() >= TIER_SEGMENTS_MAX)
}

/// Returns the segments of a tier; `None` past the largest segment.
fn members(sealed: &[Candidate], tier: u32) -> Option<Vec<u64>> {
    let largest = sealed.iter().map(|segment| segment.bytes).max()?;
    let below = if tier == 0 { 0 } else { ceiling(tier - 1) };
    let in_tier =
        |segment: &&Candidate| (below..ceiling(tier)).contains(&segment.bytes) && segment.is_current;
    (below <= largest).then(|| sealed.iter().filter(in_tier).map(|segment| segment.number).collect())
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

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    fn segment(number: u64, bytes: u64) -> Candidate {
        Candidate { number, bytes, articles: 100, living: 100, is_current: true }
    }

    #[test]
    fn a_full_tier_is_merged_and_others_stay() {
        let mut segments: Vec<Candidate> = (1..=7).map(|number| segment(number, MIB)).collect();
        segments.push(segment(8, 100 * MIB));
        assert_eq!(choose(&segments), None);
        segments.push(segment(9, 2 * MIB));
        assert_eq!(choose(&segments), Some(vec![1, 2, 3, 4, 5, 6, 7, 9]));
        assert_eq!(choose(&[]), None);
    }

    #[test]
    fn every_size_has_a_tier() {
        for bytes in [0, TIER_BYTES_MIN - 1, TIER_BYTES_MIN, 40 * MIB, 1 << 40, u64::MAX / 2] {
            let segments: Vec<Candidate> = (0..8).map(|number| segment(number, bytes)).collect();
            assert_eq!(choose(&segments).map(|numbers| numbers.len()), Some(8), "{bytes}");
        }
    }

    #[test]
    fn what_is_mostly_dead_is_written_anew() {
        let dead = Candidate { living: 49, ..segment(2, MIB) };
        assert_eq!(choose(&[segment(1, MIB), dead]), Some(vec![2]));
    }

    #[test]
    fn segments_of_other_versions_wait() {
        let old = |number| Candidate { is_current: false, ..segment(number, MIB) };
        let segments: Vec<Candidate> = (1..=8).map(old).collect();
        assert_eq!(choose(&segments), None);
    }
}
