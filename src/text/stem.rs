//! Stems: the part of a word that its inflections share, for `stem "attack"`.

use frostem::{Algorithm, Stemmer};

/// Returns the stem of a folded word in the language of an ISO 639-1 code; `None` where it has no stemmer.
///
/// # Examples
///
/// ```
/// use dateline::text::stem;
///
/// assert_eq!(stem("attacked", "en").as_deref(), Some("attack"));
/// assert_eq!(stem("attacked", "zh"), None);
/// ```
pub fn stem(folded: &str, lang: &str) -> Option<String> {
    algorithm(lang).map(|algorithm| Stemmer::new(algorithm).stem(folded).into_owned())
}

/// Tells whether the language of an ISO 639-1 code has a stemmer.
pub fn has_stemmer(lang: &str) -> bool {
    algorithm(lang).is_some()
}

fn algorithm(lang: &str) -> Option<Algorithm> {
    const LANGUAGES: [(&str, Algorithm); 19] = [
        ("ar", Algorithm::Arabic),
        ("ca", Algorithm::Catalan),
        ("da", Algorithm::Danish),
        ("de", Algorithm::German),
        ("el", Algorithm::Greek),
        ("en", Algorithm::English),
        ("es", Algorithm::Spanish),
        ("fi", Algorithm::Finnish),
        ("fr", Algorithm::French),
        ("hu", Algorithm::Hungarian),
        ("id", Algorithm::Indonesian),
        ("it", Algorithm::Italian),
        ("nl", Algorithm::Dutch),
        ("no", Algorithm::Norwegian),
        ("pt", Algorithm::Portuguese),
        ("ro", Algorithm::Romanian),
        ("ru", Algorithm::Russian),
        ("sv", Algorithm::Swedish),
        ("tr", Algorithm::Turkish),
    ];
    LANGUAGES.iter().find(|(code, _)| code.eq_ignore_ascii_case(lang)).map(|&(_, algorithm)| algorithm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflections_share_a_stem() {
        for (lang, a, b) in
            [("en", "attacks", "attacking"), ("de", "hauser", "hause"), ("ru", "города", "городу")]
        {
            assert_eq!(stem(a, lang), stem(b, lang), "{lang}");
            assert!(stem(a, lang).is_some());
        }
        assert!(!has_stemmer("ja"));
    }

    proptest::proptest! {
        #[test]
        fn any_word_has_a_stem_in_every_language(word in "\\PC{0,40}") {
            for lang in ["ar", "de", "en", "fr", "ru", "tr"] {
                proptest::prop_assert!(stem(&word, lang).is_some());
            }
        }
    }
}
