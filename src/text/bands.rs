//! Bands: a few short hashes of a text, such that near-duplicate texts share one.
//!
//! The least hash of a text's shingles is the same in two texts with the probability of their resemblance (MinHash:
//! Broder, "On the resemblance and containment of documents", 1997). One pass gives all the least hashes: each shingle
//! falls into one bin, and each bin keeps its least (one-permutation hashing: Li, Owen and Zhang, "One permutation
//! hashing", 2012). An empty bin borrows from the next that is not, as Shrivastava and Li proposed ("Densifying one
//! permutation hashing via rotation", 2014). Bins are joined three by three: texts of a resemblance of J share a band with
//! the probability 1 - (1 - J³)⁴, 0.94 at 0.8 and 0.0005 at 0.05, and copies share all.

use xxhash_rust::xxh3::xxh3_64;

use super::shingle::{SHINGLES_MIN, each_shingle};

/// Version of everything that decides the bands of a text, with [`ANALYSIS_VERSION`](super::ANALYSIS_VERSION); an index
/// of others must be made anew.
pub const BANDS_VERSION: u32 = 1;

/// Bands of a text.
pub const BANDS: usize = 4;

/// Least hashes joined in a band: with fewer, unrelated texts would share bands; with more, edited copies would not.
const BAND_ROWS: usize = 3;

const BINS: usize = BANDS * BAND_ROWS;

/// Added to what an empty bin borrows, times the distance, so that borrowed hashes agree only from the same bin.
const BORROWED: u64 = 0xd6e8_feb8_6659_fd93;

/// Short hashes of a text; near-duplicate texts share at least one at the same place.
///
/// # Examples
///
/// ```
/// use dateline::text::Bands;
///
/// let text: String = (0..300).map(|n| format!("word{n} ")).collect();
/// let edited = text.replace("word299", "another end");
/// let (one, two) = (Bands::of(&text).unwrap(), Bands::of(&edited).unwrap());
/// assert!(one.shared(&two) >= 2);
/// assert_eq!(Bands::of("too short to compare"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bands(pub [u32; BANDS]);

impl Bands {
    /// Returns the bands of a text; `None` where it is too short to compare.
    pub fn of(text: &str) -> Option<Bands> {
        let mut bins = [None; BINS];
        let mut count = 0;
        each_shingle(text, |hash| {
            count += 1;
            // The upper half says which bin, as evenly as the hash is spread; all of it is compared.
            let bin = ((hash >> 32) * BINS as u64) >> 32;
            if let Some(least) = bins.get_mut(bin as usize) {
                *least = Some(least.map_or(hash, |least: u64| least.min(hash)));
            }
        });
        (count >= SHINGLES_MIN).then(|| Bands::of_bins(&densified(&bins)))
    }

    /// Returns how many bands two texts share.
    pub fn shared(&self, other: &Bands) -> usize {
        self.0.iter().zip(&other.0).filter(|(one, two)| one == two).count()
    }

    /// Returns the bands with their places, from 0.
    pub fn places(&self) -> impl Iterator<Item = (u8, u32)> + '_ {
        (0..).zip(self.0)
    }

    fn of_bins(bins: &[u64; BINS]) -> Bands {
        let mut bands = [0; BANDS];
        for (band, rows) in bands.iter_mut().zip(bins.chunks_exact(BAND_ROWS)) {
            let mut bytes = [0; BAND_ROWS * 8];
            for (slot, byte) in bytes.iter_mut().zip(rows.iter().flat_map(|row| row.to_le_bytes())) {
                *slot = byte;
            }
            // Half of it tells texts apart well enough, and candidates are compared in full.
            *band = xxh3_64(&bytes) as u32;
        }
        Bands(bands)
    }
}

/// Fills empty bins from the next ones, around the end.
fn densified(bins: &[Option<u64>; BINS]) -> [u64; BINS] {
    let mut dense = [0; BINS];
    for (slot, at) in dense.iter_mut().zip(0..) {
        let mut next = bins.iter().cycle().skip(at).take(BINS).zip(0_u64..);
        let filled = next
            .find_map(|(bin, distance)| Some(bin.as_ref()?.wrapping_add(distance.wrapping_mul(BORROWED))));
        *slot = filled.unwrap_or(0);
    }
    dense
}

#[cfg(test)]
mod tests {
    use super::super::{SHINGLE_WORDS, Shingles};
    use super::*;
    use proptest::prelude::*;

    /// A text of words drawn from a vocabulary by a fixed generator: the same at every run.
    fn text(seed: u64, words: usize) -> Vec<String> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % 5_000
        };
        (0..words).map(|_| format!("word{}", next())).collect()
    }

    /// Counts how many of 200 texts are found by a band as what `edit` makes of them, and taken for copies.
    fn found(edit: impl Fn(u64, &[String]) -> Vec<String>) -> usize {
        let is_found = |&seed: &u64| {
            let words = text(seed, 240);
            let (whole, edited) = (words.join(" "), edit(seed, &words).join(" "));
            let shared = Bands::of(&whole).unwrap().shared(&Bands::of(&edited).unwrap());
            shared > 0 && Shingles::of(&whole).likeness(&Shingles::of(&edited), Some(1)).is_some()
        };
        (1..=200).filter(is_found).count()
    }

    #[test]
    fn edited_copies_are_found() {
        let figures = [
            (
                "a word put right",
                found(|_, words| {
                    words
                        .iter()
                        .enumerate()
                        .map(|(at, word)| if at == 77 { "Aleppo".into() } else { word.clone() })
                        .collect()
                }),
                199,
            ),
            ("another headline", found(|seed, words| [&text(seed + 1_000, 9), words].concat()), 198),
            ("a tenth cut", found(|_, words| words[..216].to_vec()), 198),
            (
                "a paragraph of eight written anew",
                found(|seed, words| [&words[..90], &text(seed + 1_000, 30), &words[120..]].concat()),
                180,
            ),
            ("a quarter cut", found(|_, words| words[..180].to_vec()), 160),
        ];
        for (edit, count, least) in figures {
            assert!(count >= least, "{edit}: {count} of 200 are found, not {least}");
        }
    }

    #[test]
    fn unrelated_texts_share_no_band() {
        let bands: Vec<Bands> =
            (1..=300).map(|seed| Bands::of(&text(seed, 240).join(" ")).unwrap()).collect();
        for (index, one) in bands.iter().enumerate() {
            assert!(bands[index + 1..].iter().all(|two| one.shared(two) == 0));
        }
    }

    #[test]
    fn the_bands_of_a_version_stay_as_they_are() {
        let bands = Bands::of(&text(7, 100).join(" ")).unwrap();
        assert_eq!(
            bands.0,
            [378489836, 3712526619, 103391057, 70273081],
            "other bands need another BANDS_VERSION"
        );
    }

    #[test]
    fn few_shingles_leave_bins_empty_and_make_bands_nevertheless() {
        let phrase = "one two three four five ".repeat(20);
        let other = "six seven eight nine ten ".repeat(20);
        assert_eq!(Bands::of(&phrase), Bands::of(&phrase.to_uppercase()));
        assert_eq!(Bands::of(&phrase).unwrap().shared(&Bands::of(&other).unwrap()), 0);
    }

    #[test]
    fn a_long_line_takes_linear_time() {
        for piece in ["a", "a ", "\" .", "'s", "東", "é\u{301} "] {
            let body = piece.repeat(1_000_000 / piece.len());
            assert_eq!(Bands::of(&body), Bands::of(&body.clone()));
        }
    }

    proptest! {
        #[test]
        fn any_text_shares_all_bands_with_its_copy(body: String) {
            let (one, two) = (Bands::of(&body), Bands::of(&body.to_uppercase().to_lowercase()));
            prop_assert_eq!(one, Bands::of(&format!("  {body}\n")));
            prop_assert!(one.is_none() || two.is_some());
        }

        #[test]
        fn texts_of_enough_words_have_bands(body: String, words in 0..2 * SHINGLES_MIN) {
            let body = [body, " w".repeat(words)].concat();
            let is_long = super::super::tokens(&body).count() >= SHINGLES_MIN + SHINGLE_WORDS - 1;
            prop_assert_eq!(Bands::of(&body).is_some(), is_long);
        }
    }
}
