//! Distinct values of a keyword field, or names, while articles are added.

use std::io;

use super::lists::Lists;
use super::order::Order;
use crate::segment::interner::Interner;
use crate::segment::values::KeywordValue;
use crate::text;

/// The values of one field.
#[derive(Default)]
pub(super) struct Keywords {
    spellings: Interner,
    lists: Lists<u32>,
}

/// Values in their final order.
pub(super) struct SortedKeywords {
    /// With the rising ordinals of each.
    pub(super) values: Vec<(KeywordValue, Vec<u32>)>,
    /// Final number of each value, by the number that it was interned with.
    pub(super) numbers: Vec<u32>,
}

impl Keywords {
    /// Returns the provisional number of a value.
    pub(super) fn intern(&mut self, spelling: &str) -> u32 {
        self.spellings.intern(spelling.as_bytes())
    }

    /// Sets the values of a slot, by their provisional numbers; slots rise.
    pub(super) fn push(&mut self, slot: u32, mut numbers: Vec<u32>) {
        if numbers.is_empty() {
            return;
        }
        numbers.sort_unstable();
        numbers.dedup();
        self.lists.push(slot, numbers);
    }

    /// Tells whether there is no value.
    pub(super) fn is_empty(&self) -> bool {
        self.spellings.len() == 0
    }

    /// Sorts the values by (folded, spelling).
    pub(super) fn sorted(&self, order: &Order) -> SortedKeywords {
        self.sorted_by(order, text::fold_value)
    }

    /// Sorts the values by (folded, spelling), folded by `fold`.
    pub(super) fn sorted_by(&self, order: &Order, fold: impl Fn(&str) -> String) -> SortedKeywords {
        let count = self.spellings.len() as u32;
        let value = |number: u32| {
            let spelling = String::from_utf8_lossy(self.spellings.get(number)).into_owned();
            (KeywordValue { folded: fold(&spelling), spelling }, number)
        };
        let mut values: Vec<(KeywordValue, u32)> = (0..count).map(value).collect();
        values.sort_unstable();
        let mut numbers = vec![0; values.len()];
        for (number, (_, provisional)) in (0..).zip(&values) {
            if let Some(slot) = numbers.get_mut(*provisional as usize) {
                *slot = number;
            }
        }
        let mut values: Vec<(KeywordValue, Vec<u32>)> =
            values.into_iter().map(|(value, _)| (value, Vec::new())).collect();
        for (ordinal, slot) in (0..).zip(order.slots()) {
            for number in self.lists.get(slot).iter().filter_map(|&number| numbers.get(number as usize)) {
                if let Some((_, ordinals)) = values.get_mut(*number as usize) {
                    ordinals.push(ordinal);
                }
            }
        }
        SortedKeywords { values, numbers }
    }

    /// Calls `article` with the rising final numbers of each article, in the order of the ordinals.
    pub(super) fn forward(
        &self,
        order: &Order,
        numbers: &[u32],
        mut article: impl FnMut(Vec<u32>) -> io::Result<()>,
    ) -> io::Result<()> {
        order.slots().try_for_each(|slot| {
            let list = self.lists.get(slot).iter();
            let mut list: Vec<u32> =
                list.filter_map(|&number| numbers.get(number as usize).copied()).collect();
            list.sort_unstable();
            article(list)
        })
    }

    /// Returns about how much memory it uses, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.spellings.memory_bytes() + self.lists.memory_bytes()
    }
}
