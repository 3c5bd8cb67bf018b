//! Shingles: the runs of neighbouring words that a text is made of, by which two texts are compared.
//!
//! The *resemblance* of two texts is the share of their shingles, taken together, that both have; the *containment* of the
//! shorter is the share of its shingles that the longer has too. Both are Broder's ("On the resemblance and containment
//! of documents", 1997). Copies of a report resemble each other; a report cut for space is contained in the whole one.

use std::cmp::Ordering;

use xxhash_rust::xxh3::xxh3_64;

use super::fold::fold_word;
use super::token::tokens;

/// Words of a shingle. Runs of three are often idiom, and one changed word costs a run of five as many shingles more.
pub const SHINGLE_WORDS: usize = 4;

/// Fewest shingles of a text that can be compared. What is shorter is mostly formula: "This page will be updated", a
/// result, a rate.
pub const SHINGLES_MIN: usize = 40;

/// Least resemblance of two copies of a report.
///
/// A report of eight paragraphs with one written anew keeps three quarters. Below, form letters prevail: the same words
/// for each county, name or grant.
pub const RESEMBLANCE_MIN: f64 = 0.75;

/// Least containment of a report cut short in the whole one.
pub const CONTAINMENT_MIN: f64 = 0.9;

/// Least length of a report cut short, as a share of the whole one: below it the longer text is rather a digest of several.
pub const CUT_LENGTH_MIN: f64 = 0.4;

/// Most days between two copies of a report; what is printed later in like words is about another day.
pub const COPY_DAYS_MAX: u64 = 7;

/// Resemblance from which two texts are one report whenever they were printed.
pub const REPRINT_RESEMBLANCE_MIN: f64 = 0.95;

/// Fewest digits of an exact amount, "49,500" or "12,345.67".
const AMOUNT_DIGITS_MIN: usize = 4;

/// Odd constant of 64 bits without pattern, from the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

/// Hands the hash of each shingle of a text to `each`, in order; words are folded as the index folds them.
pub(super) fn each_shingle(text: &str, mut each: impl FnMut(u64)) {
    let mut window = [0_u64; SHINGLE_WORDS];
    for (token, count) in tokens(text).zip(1_usize..) {
        window.rotate_left(1);
        if let Some(last) = window.last_mut() {
            *last = xxh3_64(fold_word(token.span.of(text)).as_bytes());
        }
        if count >= SHINGLE_WORDS {
            each(joined(&window));
        }
    }
}

/// Returns one hash of the hashes of words, which depends on their order.
fn joined(window: &[u64; SHINGLE_WORDS]) -> u64 {
    window.iter().fold(0, |joined: u64, word| {
        let mixed = (joined ^ word).wrapping_mul(MIX);
        mixed ^ (mixed >> 32)
    })
}

/// The distinct shingles of a text, and the exact amounts that it gives.
///
/// # Examples
///
/// ```
/// use dateline::text::Shingles;
///
/// let text: String = (0..100).map(|n| format!("word{n} ")).collect();
/// let (whole, cut) = (Shingles::of(&text), Shingles::of(&text[..text.len() / 2]));
/// assert!(whole.likeness(&cut, None).is_some_and(|resemblance| resemblance < 0.5));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shingles {
    /// Their hashes, rising.
    hashes: Vec<u64>,
    /// The hashes of its amounts, rising.
    amounts: Vec<u64>,
}

impl Shingles {
    /// Returns the shingles of a text.
    pub fn of(text: &str) -> Shingles {
        let mut hashes = Vec::with_capacity(text.len() / 6);
        each_shingle(text, |hash| hashes.push(hash));
        hashes.sort_unstable();
        hashes.dedup();
        Shingles { hashes, amounts: amounts(text) }
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Tells whether there is none, as in a text of three words.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Returns the share of the shingles of both texts that both have, from 0 to 1.
    pub fn resemblance(&self, other: &Shingles) -> f64 {
        let shared = self.shared(other);
        share(shared, self.len() + other.len() - shared)
    }

    /// Returns the share of the shorter text's shingles that the longer has too, from 0 to 1.
    pub fn containment(&self, other: &Shingles) -> f64 {
        share(self.shared(other), self.len().min(other.len()))
    }

    /// Returns the resemblance of two texts that are one report; `None` where they are not.
    ///
    /// They are where they are alike, or one is a cut of the other, and nothing speaks against it: that they are too short
    /// to tell, that they were printed many days apart, or that each gives exact amounts which the other lacks. Results,
    /// rates and grants are announced in forms that differ in little else.
    pub fn likeness(&self, other: &Shingles, days_apart: Option<u64>) -> Option<f64> {
        let (short, long) = (self.len().min(other.len()), self.len().max(other.len()));
        if short < SHINGLES_MIN || share(short, long) < CUT_LENGTH_MIN {
            return None;
        }
        let shared = self.shared(other);
        let resemblance = share(shared, short + long - shared);
        let is_near = days_apart.is_none_or(|days| days <= COPY_DAYS_MAX);
        let is_alike = resemblance >= RESEMBLANCE_MIN || share(shared, short) >= CONTAINMENT_MIN;
        let is_copy = is_alike && (is_near || resemblance >= REPRINT_RESEMBLANCE_MIN);
        (is_copy && !self.is_of_other_amounts(other)).then_some(resemblance)
    }

    fn is_of_other_amounts(&self, other: &Shingles) -> bool {
        let lacks = |texts: (&Shingles, &Shingles)| {
            texts.0.amounts.iter().any(|amount| texts.1.amounts.binary_search(amount).is_err())
        };
        lacks((self, other)) && lacks((other, self))
    }

    /// Counts the shingles that both have.
    fn shared(&self, other: &Shingles) -> usize {
        let (mut left, mut right) = (self.hashes.as_slice(), other.hashes.as_slice());
        let mut shared = 0;
        while let (Some((a, after_a)), Some((b, after_b))) = (left.split_first(), right.split_first()) {
            let order = a.cmp(b);
            shared += usize::from(order == Ordering::Equal);
            if order != Ordering::Greater {
                left = after_a;
            }
            if order != Ordering::Less {
                right = after_b;
            }
        }
        shared
    }
}

/// Returns the hashes of the exact amounts of a text, rising.
fn amounts(text: &str) -> Vec<u64> {
    let words = tokens(text).map(|token| token.span.of(text));
    let mut amounts: Vec<u64> =
        words.filter(|word| is_amount(word)).map(|word| xxh3_64(fold_word(word).as_bytes())).collect();
    amounts.sort_unstable();
    amounts.dedup();
    amounts
}

fn is_amount(word: &str) -> bool {
    word.contains(['.', ','])
        && word.chars().all(|c| c.is_numeric() || c == '.' || c == ',')
        && word.chars().filter(|c| c.is_numeric()).count() >= AMOUNT_DIGITS_MIN
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folding_and_punctuation_make_no_difference() {
        let (one, two) = ("Rebels left Idlib, he said.", "REBELS LEFT \"Idlib\" he said");
        assert_eq!(Shingles::of(one), Shingles::of(two));
        assert_eq!(Shingles::of(one).len(), 2);
        assert_ne!(Shingles::of("he said rebels left"), Shingles::of("rebels left he said"));
    }

    fn numbered(words: std::ops::Range<usize>) -> String {
        words.map(|n| format!("w{n} ")).collect()
    }

    #[test]
    fn short_texts_are_no_copies_of_themselves() {
        let of = |words: usize| Shingles::of(&numbered(0..words));
        let (short, enough) = (of(SHINGLES_MIN + 2), of(SHINGLES_MIN + 3));
        assert_eq!((short.likeness(&short, None), enough.likeness(&enough, None)), (None, Some(1.0)));
        assert!(Shingles::of("one two three").is_empty());
    }

    #[test]
    fn like_words_on_another_day_are_another_report() {
        let (one, reprint) = (Shingles::of(&numbered(0..200)), Shingles::of(&numbered(2..200)));
        let edited = Shingles::of(&numbered(20..200));
        assert!(
            one.likeness(&edited, Some(COPY_DAYS_MAX)).is_some() && one.likeness(&edited, None).is_some()
        );
        assert_eq!(one.likeness(&edited, Some(COPY_DAYS_MAX + 1)), None);
        assert!(one.likeness(&reprint, Some(400)).is_some());
    }

    #[test]
    fn forms_filled_with_other_amounts_are_other_reports() {
        let with = |amount: &str| {
            Shingles::of(&format!("{} the grant is {amount} {}", numbered(0..90), numbered(90..200)))
        };
        let (one, other, none) = (with("$49,500"), with("$165,433"), with("large"));
        assert_eq!(one.likeness(&other, None), None);
        assert!(one.likeness(&one, None).is_some() && one.likeness(&none, None).is_some());
        assert!(
            with("12 in 2018").likeness(&with("15 in 2019"), None).is_some(),
            "tolls rise, years are no amounts"
        );
    }

    #[test]
    fn a_short_passage_is_no_cut() {
        let whole = Shingles::of(&numbered(0..200));
        assert!(whole.likeness(&Shingles::of(&numbered(0..100)), None).is_some());
        assert_eq!(whole.likeness(&Shingles::of(&numbered(0..60)), None), None);
    }

    proptest! {
        #[test]
        fn any_text_resembles_itself_and_order_does_not_matter(a: String, b: String) {
            let (one, two) = (Shingles::of(&a), Shingles::of(&b));
            prop_assert_eq!(one.resemblance(&two), two.resemblance(&one));
            prop_assert_eq!(one.likeness(&two, None), two.likeness(&one, None));
            prop_assert!((0.0..=1.0).contains(&one.resemblance(&two)));
            prop_assert!(one.resemblance(&two) <= one.containment(&two));
            prop_assert!(one.is_empty() || (one.resemblance(&one) == 1.0 && one.containment(&one) == 1.0));
        }
    }
}
