//! Arrays of whole numbers, packed to the bits that they need, read at random.
//!
//! ```text
//! count   varint   number of values, below 2^32
//! base    8 bytes  the smallest value
//! step    varint   greatest common divisor of all distances from base; at least 1
//! width   1 byte   bits of a packed value: 0 to 56, or 64
//! packed  (count * width + 7) / 8 bytes, and 8 zero bytes so that one load of 8 bytes reads any value
//! ```
//!
//! A value is `base + step * packed`. A column that is the same everywhere takes no bits; days cost their number, not
//! their seconds.

use super::bytes::{Input, put_varint};

/// Widths above this do not fit one unaligned load of 8 bytes.
const WIDTH_MAX: u32 = 56;

/// A packed array of whole numbers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ints<'s> {
    count: usize,
    base: u64,
    step: u64,
    width: u32,
    mask: u64,
    packed: &'s [u8],
}

impl<'s> Ints<'s> {
    /// Appends the packed form of `values`.
    pub(super) fn write(out: &mut Vec<u8>, values: impl Iterator<Item = u64> + Clone) {
        let base = values.clone().min().unwrap_or(0);
        let (count, max, step) = values.clone().fold((0_u64, 0, 0), |(count, max, step), value| {
            let distance = value - base;
            (count + 1, distance.max(max), if step == 1 { 1 } else { gcd(step, distance) })
        });
        let step = step.max(1);
        let width = width_of(max / step);
        put_varint(out, count);
        out.extend_from_slice(&base.to_le_bytes());
        put_varint(out, step);
        out.push(width as u8);
        pack(out, values.map(|value| (value - base) / step), width);
        out.extend_from_slice(&[0; 8]);
    }

    /// Reads an array from the front of `input`; `None` where the bytes are none.
    pub(super) fn read(input: &mut Input<'s>) -> Option<Ints<'s>> {
        let count = input.varint32()? as usize;
        let base = input.u64()?;
        let step = input.varint()?;
        let width = u32::from(input.byte()?);
        if width > WIDTH_MAX && width != 64 {
            return None;
        }
        let bits = count.checked_mul(width as usize)?;
        let packed = input.take(bits.div_ceil(8).checked_add(8)?)?;
        let mask = if width == 64 { u64::MAX } else { (1 << width) - 1 };
        Some(Ints { count, base, step, width, mask, packed })
    }

    /// Returns the number of values.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Returns a value; `None` past the last.
    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<u64> {
        if index >= self.count {
            return None;
        }
        let bit = index * self.width as usize;
        let word = self.packed.get(bit / 8..)?.first_chunk::<8>()?;
        let packed = (u64::from_le_bytes(*word) >> (bit % 8)) & self.mask;
        Some(self.base.wrapping_add(self.step.wrapping_mul(packed)))
    }

    /// Returns a value that must fit 32 bits; `None` past the last or where it does not fit.
    #[inline]
    pub(super) fn get32(&self, index: usize) -> Option<u32> {
        self.get(index).and_then(|value| u32::try_from(value).ok())
    }

    /// Returns all values in order.
    pub(super) fn iter(self) -> impl Iterator<Item = u64> + Clone + 's {
        (0..self.count).filter_map(move |index| self.get(index))
    }

    /// Returns how many leading values satisfy `is_before`, where all that do come first.
    pub(super) fn partition_point(&self, mut is_before: impl FnMut(u64) -> bool) -> usize {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.get(middle) {
                Some(value) if is_before(value) => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }
}

/// Maps signed numbers to unsigned ones of the same order.
pub(super) fn to_ordered(value: i64) -> u64 {
    (value as u64) ^ (1 << 63)
}

/// Undoes [`to_ordered`].
pub(super) fn from_ordered(value: u64) -> i64 {
    (value ^ (1 << 63)) as i64
}

fn width_of(max: u64) -> u32 {
    match 64 - max.leading_zeros() {
        width @ 0..=WIDTH_MAX => width,
        _ => 64,
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn pack(out: &mut Vec<u8>, values: impl Iterator<Item = u64>, width: u32) {
    if width == 0 {
        return;
    }
    let (mut waiting, mut bits) = (0_u128, 0_u32);
    for value in values {
        waiting |= u128::from(value) << bits;
        bits += width;
        while bits >= 8 {
            out.push(waiting as u8);
            waiting >>= 8;
            bits -= 8;
        }
    }
    if bits > 0 {
        out.push(waiting as u8);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round_trip(values: &[u64]) {
        let mut bytes = Vec::new();
        Ints::write(&mut bytes, values.iter().copied());
        let mut input = Input::new(&bytes);
        let ints = Ints::read(&mut input).unwrap();
        assert!(input.is_empty());
        assert_eq!(ints.iter().collect::<Vec<_>>(), values);
        assert_eq!(ints.get(values.len()), None);
    }

    #[test]
    fn constant_columns_take_no_bits() {
        let mut bytes = Vec::new();
        Ints::write(&mut bytes, std::iter::repeat_n(7, 1_000));
        assert!(bytes.len() < 25);
        round_trip(&[7; 1_000]);
        round_trip(&[]);
    }

    proptest! {
        #[test]
        fn values_round_trip(values in proptest::collection::vec(any::<u64>(), 0..50), shift in 0..64_u32) {
            round_trip(&values.iter().map(|value| value >> shift).collect::<Vec<_>>());
            round_trip(&values.iter().map(|value| (value >> shift) / 3_600 * 3_600).collect::<Vec<_>>());
        }

        #[test]
        fn order_of_signed_numbers_is_kept(a in any::<i64>(), b in any::<i64>()) {
            prop_assert_eq!(to_ordered(a).cmp(&to_ordered(b)), a.cmp(&b));
            prop_assert_eq!(from_ordered(to_ordered(a)), a);
        }

        #[test]
        fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            if let Some(ints) = Ints::read(&mut Input::new(&bytes)) {
                prop_assert!(ints.get(0).is_some() == (ints.len() > 0));
                prop_assert!(ints.get(ints.len()).is_none());
            }
        }
    }
}
