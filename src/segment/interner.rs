//! Gives each distinct string a number.

use xxhash_rust::xxh3::xxh3_64;

/// A free place of the table.
const FREE: u64 = u64::MAX;

/// Distinct strings, numbered from 0 in the order in which they came.
#[derive(Default)]
pub(super) struct Interner {
    /// High half of the hash and number of a string at the low half of its hash, with linear probing; its length is a
    /// power of two, or 0. One look tells nearly all other strings apart.
    table: Vec<u64>,
    /// Where each string ends in `bytes`.
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl Interner {
    /// Returns the number of a string; a new one gets the next.
    #[inline]
    pub(super) fn intern(&mut self, string: &[u8]) -> u32 {
        if self.ends.len() * 2 >= self.table.len() {
            self.grow();
        }
        let hash = xxh3_64(string);
        let (tag, mask) = (hash >> 32 << 32, self.table.len() - 1);
        let mut at = hash as usize & mask;
        while let Some(&slot) = self.table.get(at) {
            if slot == FREE {
                break;
            }
            if slot >> 32 << 32 == tag && self.get(slot as u32) == string {
                return slot as u32;
            }
            at = (at + 1) & mask;
        }
        self.insert(at, tag, string)
    }

    #[cold]
    fn insert(&mut self, at: usize, tag: u64, string: &[u8]) -> u32 {
        let number = self.ends.len() as u32;
        if let Some(slot) = self.table.get_mut(at) {
            *slot = tag | u64::from(number);
        }
        self.bytes.extend_from_slice(string);
        self.ends.push(self.bytes.len() as u32);
        number
    }

    #[cold]
    fn grow(&mut self) {
        let len = (self.table.len() * 2).max(16);
        self.table.clear();
        self.table.resize(len, FREE);
        for number in 0..self.ends.len() as u32 {
            let hash = xxh3_64(self.get(number));
            let mut at = hash as usize & (len - 1);
            while self.table.get(at).is_some_and(|&slot| slot != FREE) {
                at = (at + 1) & (len - 1);
            }
            if let Some(slot) = self.table.get_mut(at) {
                *slot = hash >> 32 << 32 | u64::from(number);
            }
        }
    }

    /// Returns the string of a number; empty where there is none.
    pub(super) fn get(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let place = start.zip(self.ends.get(number));
        place.and_then(|(start, &end)| self.bytes.get(start as usize..end as usize)).unwrap_or_default()
    }

    /// Returns the number of distinct strings.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the numbers in the order of their strings' bytes, and the place of each number in that order.
    pub(super) fn sorted(&self) -> (Vec<u32>, Vec<u32>) {
        let prefix = |string: &[u8]| {
            let mut bytes = [0; 8];
            bytes.iter_mut().zip(string).for_each(|(slot, &byte)| *slot = byte);
            u64::from_be_bytes(bytes)
        };
        // Most comparisons are decided by the first eight bytes, beside each other in memory.
        let mut keyed: Vec<(u64, u32)> =
            (0..self.len() as u32).map(|number| (prefix(self.get(number)), number)).collect();
        keyed.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.get(a.1).cmp(self.get(b.1))));
        let order: Vec<u32> = keyed.into_iter().map(|(_, number)| number).collect();
        let mut ranks = vec![0; order.len()];
        for (rank, &number) in (0..).zip(&order) {
            if let Some(slot) = ranks.get_mut(number as usize) {
                *slot = rank;
            }
        }
        (order, ranks)
    }

    /// Returns about how much memory it uses, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.table.capacity() * 8 + self.ends.capacity() * 4 + self.bytes.capacity()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn equal_strings_share_a_number(strings in proptest::collection::vec("[a-c]{0,12}", 0..200)) {
            let mut interner = Interner::default();
            let numbers: Vec<u32> = strings.iter().map(|string| interner.intern(string.as_bytes())).collect();
            for (string, &number) in strings.iter().zip(&numbers) {
                prop_assert_eq!(interner.get(number), string.as_bytes());
            }
            let distinct: std::collections::BTreeSet<&String> = strings.iter().collect();
            prop_assert_eq!(interner.len(), distinct.len());
            let (order, ranks) = interner.sorted();
            let sorted: Vec<&[u8]> = order.iter().map(|&number| interner.get(number)).collect();
            prop_assert!(sorted.iter().zip(&distinct).all(|(a, b)| *a == b.as_bytes()));
            prop_assert!(order.iter().enumerate().all(|(rank, &number)| ranks[number as usize] as usize == rank));
        }
    }
}
