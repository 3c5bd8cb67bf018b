//! Pareto frontiers: the pairs (weighted frequency, length byte) of a block that no other pair beats in both.

use crate::segment::bytes::{Input, put_varint};

/// Most pairs of a frontier; where more are undominated, the last one stands for all of the rest.
pub(super) const FRONTIER_PAIRS_MAX: usize = 8;

/// Keeps the pairs that no other beats, by rising length and frequency.
///
/// Every pair given has one kept with at least its frequency and at most its length.
pub(super) fn reduce(pairs: &mut Vec<(u32, u8)>) {
    pairs.sort_unstable_by_key(|&(frequency, length)| (length, u32::MAX - frequency));
    let mut best = 0;
    pairs.retain(|&(frequency, _)| {
        let is_new = frequency > best;
        best = best.max(frequency);
        is_new
    });
    let most = pairs.last().map_or(0, |&(frequency, _)| frequency);
    pairs.truncate(FRONTIER_PAIRS_MAX);
    if let Some((frequency, _)) = pairs.last_mut() {
        *frequency = most;
    }
}

pub(super) fn put(out: &mut Vec<u8>, pairs: &[(u32, u8)]) {
    out.push(pairs.len() as u8);
    for &(frequency, length) in pairs {
        put_varint(out, u64::from(frequency));
        out.push(length);
    }
}

pub(super) fn read(input: &mut Input<'_>, pairs: &mut Vec<(u32, u8)>) -> Option<()> {
    pairs.clear();
    for _ in 0..input.byte()? {
        pairs.push((input.varint32()?, input.byte()?));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_pair_is_covered(pairs in proptest::collection::vec((1..50_u32, any::<u8>()), 1..200)) {
            let mut kept = pairs.clone();
            reduce(&mut kept);
            prop_assert!(kept.len() <= FRONTIER_PAIRS_MAX);
            prop_assert!(pairs.iter().all(|pair| kept.iter().any(|k| k.0 >= pair.0 && k.1 <= pair.1)));
            prop_assert!(kept.windows(2).all(|two| two[0].0 < two[1].0 && two[0].1 < two[1].1));
            let mut bytes = Vec::new();
            put(&mut bytes, &kept);
            let mut again = Vec::new();
            read(&mut Input::new(&bytes), &mut again);
            prop_assert_eq!(again, kept);
        }
    }
}
