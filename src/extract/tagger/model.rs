//! The weights of a trained tagger.
//!
//! # Format
//!
//! `data/tagger.zst` is an envelope (see `packed.rs`) with the magic `DLTAGGR` and a zero byte around this payload, all
//! numbers little-endian:
//!
//! ```text
//! bytes 0..4       ROW_BITS, u32: there are 2^ROW_BITS rows
//! bytes 4..8       LABELS, u32
//! bytes 8..16      checksum of the word clusters it was trained with, u64
//! bytes 16..1040   what each label after each is worth, 16 x 16 i32, by the label before
//! bytes 1040..     for each label, one i8 for each row: what the row is worth for the label
//! ```
//!
//! A row is found by the hash of a feature (`features.rs`, `hash.rs`); features are in no file.

use std::sync::atomic::{AtomicU64, Ordering};

use prefetch_index::prefetch_index;

use super::features::ROW_BITS;
use super::label::LABELS;
use super::packed::{Kind, ModelError, u32_at};
use super::path::{LANES, Scores, Transitions};

const KIND: Kind = Kind { what: "tagger model", magic: *b"DLTAGGR\0", version: 1, bytes_max: PAYLOAD_BYTES };

const ROWS: usize = 1 << ROW_BITS;

const TRANSITIONS_AT: usize = 16;

const ROWS_AT: usize = TRANSITIONS_AT + LANES * LANES * 4;

const PAYLOAD_BYTES: usize = ROWS_AT + ROWS * LABELS;

/// What one feature is worth for each label.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(align(16))]
struct Row([i8; LANES]);

/// The weights of a trained tagger.
#[derive(Debug, Clone)]
pub struct Model {
    rows: Vec<Row>,
    pub(super) transitions: Transitions,
    /// Checksum of the clusters it was trained with.
    pub(super) clusters: u64,
    /// Tells models of one process apart; never 0.
    pub(super) mark: u64,
}

/// Marks given so far.
static MARKS: AtomicU64 = AtomicU64::new(0);

fn new_mark() -> u64 {
    MARKS.fetch_add(1, Ordering::Relaxed) + 1
}

impl PartialEq for Model {
    fn eq(&self, other: &Model) -> bool {
        self.rows == other.rows && self.transitions == other.transitions && self.clusters == other.clusters
    }
}

impl Model {
    /// Builds a model from weights, a row after another, in units of which 127 is the largest kept whole.
    pub(super) fn of(
        rows: impl Iterator<Item = [i8; LANES]>,
        transitions: Transitions,
        clusters: u64,
    ) -> Model {
        let mut rows: Vec<Row> = rows.map(Row).collect();
        rows.resize(ROWS, Row::default());
        Model { rows, transitions, clusters, mark: new_mark() }
    }

    /// Returns the model packed; [`Model::load`] reads it.
    ///
    /// # Errors
    ///
    /// An I/O error where compression fails.
    pub fn pack(&self) -> std::io::Result<Vec<u8>> {
        let mut payload = Vec::with_capacity(PAYLOAD_BYTES);
        payload.extend_from_slice(&ROW_BITS.to_le_bytes());
        payload.extend_from_slice(&(LABELS as u32).to_le_bytes());
        payload.extend_from_slice(&self.clusters.to_le_bytes());
        for worth in self.transitions.0.iter().flatten() {
            payload.extend_from_slice(&worth.to_le_bytes());
        }
        for label in 0..LABELS {
            payload.extend(self.rows.iter().map(|row| row.0.get(label).copied().unwrap_or(0) as u8));
        }
        KIND.pack(&payload)
    }

    /// Decodes a packed model.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] where the bytes are not what [`Model::pack`] wrote, or are of another version.
    pub fn load(bytes: &[u8]) -> Result<Model, ModelError> {
        let damaged = |problem| ModelError::Damaged { what: KIND.what, problem };
        let payload = KIND.unpack(bytes)?;
        let sizes = (u32_at(&payload, 0), u32_at(&payload, 4));
        if sizes != (Some(ROW_BITS), Some(LABELS as u32)) || payload.len() != PAYLOAD_BYTES {
            return Err(damaged("its sizes are not those of this version"));
        }
        let clusters =
            payload.get(8..16).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes);
        let mut transitions = Transitions::default();
        let cells = payload.get(TRANSITIONS_AT..ROWS_AT).unwrap_or_default().chunks_exact(4);
        for (worth, cell) in transitions.0.iter_mut().flatten().zip(cells) {
            *worth = i32::from_le_bytes(cell.try_into().unwrap_or_default());
        }
        // Sums along a path stay far from the ends of i32.
        if transitions.0.iter().flatten().any(|worth| worth.unsigned_abs() > 1 << 28) {
            return Err(damaged("a transition is out of bounds"));
        }
        let mut rows = vec![Row::default(); ROWS];
        let columns = payload.get(ROWS_AT..).unwrap_or_default().chunks_exact(ROWS);
        for (label, column) in columns.enumerate() {
            for (row, &weight) in rows.iter_mut().zip(column) {
                if let Some(cell) = row.0.get_mut(label) {
                    *cell = weight as i8;
                }
            }
        }
        Ok(Model { rows, transitions, clusters, mark: new_mark() })
    }

    /// Has the memory of features brought near, which [`Model::add`] reads all over the model.
    #[inline]
    pub(super) fn prefetch(&self, features: &[u32]) {
        for &feature in features {
            prefetch_index(&self.rows, feature as usize);
        }
    }

    /// Adds what features are worth to the scores of a word.
    #[inline]
    pub(super) fn add(&self, features: &[u32], scores: &mut Sums) {
        for &feature in features {
            let Some(row) = self.rows.get(feature as usize) else { continue };
            for (sum, &weight) in scores.0.iter_mut().zip(&row.0) {
                *sum += i16::from(weight);
            }
        }
    }
}

/// Sums of weights for each label; a word has fewer than 200 features, so that 16 bits hold them.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
pub(super) struct Sums([i16; LANES]);

impl Sums {
    #[inline]
    pub(super) fn add(&mut self, other: &Sums) {
        self.0.iter_mut().zip(other.0).for_each(|(sum, more)| *sum += more);
    }

    pub(super) fn scores(&self) -> Scores {
        self.0.map(i32::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Model {
        let mut transitions = Transitions::default();
        transitions.0[0][1] = -7;
        Model::of([[1; LANES], [-128; LANES], [127; LANES]].into_iter(), transitions, 99)
    }

    #[test]
    fn a_packed_model_loads_the_same_but_for_the_idle_lane() {
        let loaded = Model::load(&small().pack().expect("it packs")).expect("it loads");
        assert_eq!((loaded.clusters, &loaded.transitions), (99, &small().transitions));
        for (ours, theirs) in small().rows.iter().zip(&loaded.rows) {
            assert_eq!(ours.0[..LABELS], theirs.0[..LABELS]);
        }
    }

    #[test]
    fn other_sizes_are_damage() {
        let payload = KIND.pack(&[0; 40]).expect("it packs");
        assert!(matches!(Model::load(&payload), Err(ModelError::Damaged { .. })));
        assert!(matches!(Model::load(b"DLTA"), Err(ModelError::Foreign { .. })));
    }
}
