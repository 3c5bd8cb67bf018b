//! Folding: the form in which two spellings of one word are the same.
//!
//! A text is decomposed for compatibility, case-folded in full, stripped of diacritics and characters that show
//! nothing, run through a short table of letters that no decomposition splits, and composed again. Diacritics are
//! the combining marks that Unicode reorders around a letter (accents, Hebrew points, Arabic vowels); marks that are
//! letters of their script (Indic vowel signs, the voicing of kana, Thai vowels) stay.

use std::borrow::Cow;
use std::sync::LazyLock;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// Longest folded word, in bytes; longer ones are cut at a character, in the index and in queries alike.
pub const TERM_BYTES_MAX: usize = 255;

/// Characters of U+0080..U+0530 (Latin, Greek, Cyrillic) each fold alone; their foldings are looked up.
const ALPHABETS: std::ops::Range<u32> = 0x80..0x530;

static ALPHABET_FOLDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let fold_one = |code: u32| {
        let mut folded = String::new();
        fold_fully(char::from_u32(code).into_iter(), &mut folded);
        folded
    };
    ALPHABETS.map(fold_one).collect()
});

/// Returns the folded form of a text.
///
/// Folding is idempotent: `fold(fold(t)) == fold(t)`.
///
/// # Examples
///
/// ```
/// use dateline::text::fold;
///
/// assert_eq!(fold("François Łódź STRASSE Straße"), "francois lodz strasse strasse");
/// ```
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

/// Appends the folded form of a text to `out`.
pub fn fold_into(text: &str, out: &mut String) {
    let mut rest = text;
    while !rest.is_empty() {
        let ascii = rest.bytes().position(|byte| !byte.is_ascii()).unwrap_or(rest.len());
        let (plain, other) = rest.split_at(ascii);
        let start = out.len();
        out.push_str(plain);
        out.get_mut(start..).unwrap_or_default().make_ascii_lowercase();
        let wide = other.bytes().position(|byte| byte.is_ascii()).unwrap_or(other.len());
        let (other, after) = other.split_at(wide);
        fold_non_ascii(other, out);
        rest = after;
    }
}

/// Returns the folded form of a whole keyword value: folded, trimmed, each run of white space one space.
pub fn fold_value(text: &str) -> String {
    let folded = fold(text);
    let mut value = String::with_capacity(folded.len());
    for part in folded.split_whitespace() {
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str(part);
    }
    value
}

/// Returns the term of one token: folded, and cut to [`TERM_BYTES_MAX`].
///
/// A short word of lower-case ASCII is its own term and is borrowed.
pub fn fold_word(word: &str) -> Cow<'_, str> {
    let is_folded = |byte: &u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if word.len() <= TERM_BYTES_MAX && word.as_bytes().iter().all(is_folded) {
        return Cow::Borrowed(word);
    }
    let mut folded = fold(word);
    folded.truncate(char_floor(&folded, TERM_BYTES_MAX));
    Cow::Owned(folded)
}

/// Returns the last character boundary at or before `at`.
pub(super) fn char_floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|&index| text.is_char_boundary(index)).unwrap_or(0)
}

/// Tells whether folding leaves nothing of the character wherever it stands.
pub(super) fn is_dropped(c: char) -> bool {
    is_diacritic(c) || is_invisible(c) || c == '\u{640}'
}

fn fold_non_ascii(text: &str, out: &mut String) {
    let alphabetic = text.chars().all(|c| ALPHABETS.contains(&u32::from(c)));
    if !alphabetic {
        return fold_fully(text.chars(), out);
    }
    for c in text.chars() {
        let index = (u32::from(c) - ALPHABETS.start) as usize;
        out.push_str(ALPHABET_FOLDS.get(index).map_or("", String::as_str));
    }
}

fn fold_fully(text: impl Iterator<Item = char>, out: &mut String) {
    let decomposed = text.nfkd().default_case_fold().nfkd();
    out.extend(decomposed.filter(|&c| !is_dropped(c)).flat_map(plain_letters).nfc());
}

/// Tells whether the character is an accent, point or vowel mark that a word may be written without.
fn is_diacritic(c: char) -> bool {
    let enclosing = matches!(c,
        '\u{488}' | '\u{489}' | '\u{1ABE}' | '\u{20DD}'..='\u{20E0}' | '\u{20E2}'..='\u{20E4}' | '\u{A670}'..='\u{A672}');
    match canonical_combining_class(c) {
        0 => enclosing,
        // Nukta, kana voicing, virama; then vowels and tones of Telugu, Thai, Lao and Tibetan.
        7..=9 | 84..=132 => false,
        _ => true,
    }
}

/// Tells whether the character shows nothing and joins what stands around it: soft hyphens, joiners, selectors.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200C}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Returns the plain letters of one that no decomposition splits.
fn plain_letters(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'ø' => ('o', None),
        'ł' => ('l', None),
        'đ' => ('d', None),
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ı' => ('i', None),
        // Alef wasla; the other forms of alef decompose.
        '\u{671}' => ('\u{627}', None),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_word_fold_alike() {
        for (written, folded) in [
            ("François", "francois"),
            ("Franc\u{327}ois", "francois"),
            ("ÆRØSKØBING", "aeroskobing"),
            ("Łódź", "lodz"),
            ("İstanbul", "istanbul"),
            ("ısı", "isi"),
            ("Ёлка", "елка"),
            ("Σίσυφος", "σισυφοσ"),
            ("أحمد", "احمد"),
            ("ٱلله", "الله"),
            ("مُحَمَّد", "محمد"),
            ("مـحـمـد", "محمد"),
            ("ﬁnance", "finance"),
            ("ＴＯＫＹＯ", "tokyo"),
            ("co\u{AD}operate", "cooperate"),
            ("한국", "한국"),
            ("ガ", "ガ"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(fold(written), folded, "{written}");
        }
    }

    #[test]
    fn every_character_folds_once_and_for_all() {
        for c in '\0'..=char::MAX {
            let once = fold(&c.to_string());
            assert_eq!(fold(&once), once, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn values_lose_outer_and_doubled_space() {
        assert_eq!(fold_value("  The\u{A0} New\tYork  Times\n"), "the new york times");
        assert_eq!(fold_value(" \n"), "");
    }

    #[test]
    fn terms_are_cut_at_a_character() {
        let long = "é".repeat(200) + &"ш".repeat(200);
        let term = fold_word(&long);
        assert_eq!(term.len(), 254);
        assert_eq!(fold_word(&term), term);
        assert!(matches!(fold_word("idlib"), Cow::Borrowed("idlib")));
    }

    proptest! {
        #[test]
        fn folding_is_idempotent(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn the_table_of_alphabets_agrees_with_the_full_rules(text in "[a-zA-Z\u{80}-\u{52F}]{0,20}") {
            let mut slow = String::new();
            fold_fully(text.chars(), &mut slow);
            prop_assert_eq!(fold(&text), slow);
        }
    }
}
