//! Who said it: the speaker of each quote, by sieves from the surest to the least sure.
//!
//! | sieve | example |
//! |---|---|
//! | right after the quote | `"Q," X said` · `"Q," said X` |
//! | before it in its sentence | `X said: "Q"` · `according to X, "Q"` |
//! | later in its sentence | `"Q" of the plan, X said` |
//! | continuation | a quote left open, opened again in the next paragraph |
//! | the sentence's subject | `X has a "Q"` |
//! | the paragraph's speaker | `"P," X said. "Q."` |
//! | announced before it | `X went on: ¶ "Q"` |
//! | the sentence before, the speaker before | |
//!
//! A pronoun means whom the text last made its subject. Every sieve looks at a bounded number of words.

mod resolve;
mod scene;
mod sieve;
mod subject;

use self::scene::Scene;
use self::sieve::Sieves;
use super::page::Page;
use super::quotes::Quoted;
use crate::article::{Entity, Quote, Speaker};

/// Attributes quotes to speakers.
pub fn attribute(page: &Page<'_>, quoted: &[Quoted], entities: &[Entity]) -> Vec<Quote> {
    let scene = Scene::new(page, quoted, entities);
    let mut quotes: Vec<Quote> = Vec::with_capacity(quoted.len());
    let mut previous: Option<(Quoted, Speaker)> = None;
    for quote in quoted {
        let speaker = Sieves { scene: &scene, quote, previous: previous.as_ref() }.speaker();
        if let Some(speaker) = &speaker {
            previous = Some((*quote, speaker.clone()));
        }
        quotes.push(Quote { span: quote.span, speaker });
    }
    quotes
}

#[cfg(test)]
mod tests {
    use crate::article::{Article, Certainty};
    use crate::extract::Extractor;

    fn speakers(body: &str) -> Vec<Option<String>> {
        let found = Extractor::new().extract(&Article { body: body.to_owned(), ..Article::default() });
        found.quotes.into_iter().map(|quote| quote.speaker.map(|speaker| speaker.name)).collect()
    }

    fn one(body: &str) -> Option<String> {
        let all = speakers(body);
        assert_eq!(all.len(), 1, "{body}");
        all.into_iter().next().flatten()
    }

    #[test]
    fn every_form_of_attribution_names_its_speaker() {
        for (body, speaker) in [
            ("\"We will not go there,\" Jean Dupont said.", "Jean Dupont"),
            ("\"We will not go there,\" said Jean Dupont, the minister.", "Jean Dupont"),
            ("\"We will not go there,\" Jean Dupont, the health minister, said.", "Jean Dupont"),
            ("\"We will not go there,\" said foreign ministry spokesman Jean Dupont.", "Jean Dupont"),
            ("\"We will not go there,\" said a spokesman for the ministry.", "a spokesman"),
            ("Jean Dupont said: \"We will not go there.\"", "Jean Dupont"),
            ("Jean Dupont told reporters that \"we will not go there\" again.", "Jean Dupont"),
            ("According to Jean Dupont, \"we will not go there\" again.", "Jean Dupont"),
            (
                "Jean Dupont met Marie Martin on Monday, adding that \"we will not go there\" again.",
                "Jean Dupont",
            ),
            ("Jean Dupont thanked the council for \"all that it has done\" in the war.", "Jean Dupont"),
            ("\"We will not go there,\" the group said in a statement.", "the group"),
            ("Jean Dupont went on:\n\n\"We will not go there.\"", "Jean Dupont"),
        ] {
            assert_eq!(one(body).as_deref(), Some(speaker), "{body}");
        }
    }

    #[test]
    fn pronouns_mean_the_last_subject() {
        let body = "Jean Dupont met Marie Martin. \"We will not go there,\" he said.";
        assert_eq!(one(body).as_deref(), Some("Jean Dupont"));
        let body = "According to a statement of the ministry they met. \"We will not go there,\" it said.";
        assert_eq!(one(body).as_deref(), Some("a statement"));
    }

    #[test]
    fn a_speaker_goes_on_speaking() {
        let body = "\"We will not go there,\" Jean Dupont said. \"They will go there instead.\"\n\n\"That is all there is.";
        let names = speakers(body);
        assert_eq!(names, vec![Some("Jean Dupont".to_owned()); 3]);
    }

    #[test]
    fn a_quote_alone_has_no_speaker() {
        assert_eq!(one("\"We will not go there.\""), None);
    }

    #[test]
    fn guesses_are_less_certain() {
        let body = "\"We will not go there,\" Jean Dupont said. \"They will go there instead.\"".to_owned();
        let found = Extractor::new().extract(&Article { body, ..Article::default() });
        let sure: Vec<_> = found
            .quotes
            .iter()
            .map(|quote| quote.speaker.as_ref().map(|speaker| speaker.certainty))
            .collect();
        assert_eq!(sure, [Some(Certainty::High), Some(Certainty::Low)]);
    }
}
