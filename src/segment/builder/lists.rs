//! Values of articles in the order in which these were added.

/// A list of values for each slot; most slots of most fields have none.
pub(super) struct Lists<T> {
    values: Vec<T>,
    /// Where the values of each slot end, up to the last slot that has any.
    ends: Vec<u32>,
}

impl<T> Default for Lists<T> {
    fn default() -> Lists<T> {
        Lists { values: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Lists<T> {
    /// Adds the values of a slot; slots rise.
    pub(super) fn push(&mut self, slot: u32, values: impl IntoIterator<Item = T>) {
        let before = self.values.len() as u32;
        self.ends.resize(slot as usize, before);
        self.values.extend(values);
        self.ends.push(self.values.len() as u32);
    }

    /// Returns the values of a slot.
    pub(super) fn get(&self, slot: u32) -> &[T] {
        let slot = slot as usize;
        let start = slot.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        let place = start.zip(self.ends.get(slot).copied());
        place.and_then(|(start, end)| self.values.get(start as usize..end as usize)).unwrap_or_default()
    }

    /// Returns how much memory it uses, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.values.capacity() * size_of::<T>() + self.ends.capacity() * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_without_values_are_empty() {
        let mut lists = Lists::default();
        lists.push(1, [7, 8]);
        lists.push(4, [9]);
        let all: Vec<&[i32]> = (0..6).map(|slot| lists.get(slot)).collect();
        assert_eq!(all, [&[][..], &[7, 8], &[], &[], &[9], &[]]);
    }
}
