//! The order of a segment's articles.

use crate::segment::columns::SortKey;

/// Which slot lies at which ordinal.
pub(super) struct Order {
    slots: Vec<u32>,
    ordinals: Vec<u32>,
}

impl Order {
    /// Sorts slots by their keys.
    pub(super) fn new(keys: &[SortKey]) -> Order {
        let mut keyed: Vec<(SortKey, u32)> = keys.iter().copied().zip(0..).collect();
        keyed.sort_unstable();
        let slots: Vec<u32> = keyed.into_iter().map(|(_, slot)| slot).collect();
        let mut ordinals = vec![0; slots.len()];
        for (ordinal, &slot) in (0..).zip(&slots) {
            if let Some(place) = ordinals.get_mut(slot as usize) {
                *place = ordinal;
            }
        }
        Order { slots, ordinals }
    }

    /// Returns the slots by ordinal.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> + '_ {
        self.slots.iter().copied()
    }

    /// Returns the number of articles.
    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns the ordinal of a slot.
    #[inline]
    pub(super) fn ordinal(&self, slot: u32) -> u32 {
        self.ordinals.get(slot as usize).copied().unwrap_or(0)
    }

    /// Returns the rising ordinals of slots.
    pub(super) fn ordinals(&self, slots: &[u32]) -> Vec<u32> {
        let mut ordinals: Vec<u32> = slots.iter().map(|&slot| self.ordinal(slot)).collect();
        ordinals.sort_unstable();
        ordinals
    }
}
