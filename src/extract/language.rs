//! The language of a text.

use whichlang::{Lang, detect_language};

/// Shortest text whose language is guessed, in bytes.
const TEXT_BYTES_MIN: usize = 120;

/// Bytes read to tell the language: the guess takes time by the byte.
const SAMPLE_BYTES_MAX: usize = 400;

/// Returns the ISO 639-1 code of a text's language, or `None` where it is too short to tell.
pub fn detect(text: &str) -> Option<&'static str> {
    if text.len() < TEXT_BYTES_MIN {
        return None;
    }
    let mut end = text.len().min(SAMPLE_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = text.get(..end)?;
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    (letters * 3 > TEXT_BYTES_MIN).then(|| code(detect_language(sample)))
}

fn code(lang: Lang) -> &'static str {
    match lang {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_from_long_texts_only() {
        let english = "The foreign minister met his counterpart in Damascus on Monday, ahead of talks about the future of \
                       the province, officials said.";
        let french = "Le ministre des affaires étrangères a rencontré son homologue à Damas lundi, avant des \
                      discussions sur l'avenir de la province.";
        assert_eq!((detect(english), detect(french)), (Some("en"), Some("fr")));
        assert_eq!(detect("Talks fail"), None);
        assert_eq!(detect(&"1 ".repeat(100)), None);
    }
}
