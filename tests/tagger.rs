//! The model that ships: whole, and the one that its card describes; and a tagger that reads any text.

use std::fs;

use dateline::extract::known::known_names;
use dateline::extract::lexicon::fingerprint;
use dateline::extract::page::Page;
use dateline::extract::tagger::clusters::Clusters;
use dateline::extract::tagger::label::Sort;
use dateline::extract::tagger::model::Model;
use dateline::extract::tagger::train::{Lesson, train};
use dateline::extract::tagger::{Name, Perceptron, Tagger, checksum};
use dateline::text::{Span, paragraphs};
use proptest::prelude::*;

fn tagged(text: &str) -> Vec<(String, &'static str)> {
    let page = Page::new(text, Span::default(), &paragraphs(text));
    let names = Perceptron::shipped().expect("the shipped model loads").tag(&page);
    names.iter().map(|name| (page.span(&name.words).of(text).to_owned(), name.kind.name())).collect()
}

#[test]
fn the_card_describes_the_data_that_ships() {
    let card = fs::read_to_string("data/MODEL_CARD.md").expect("the card lies beside the model");
    for file in ["data/tagger.zst", "data/clusters.zst"] {
        let bytes = fs::read(file).expect("it ships");
        let line =
            format!("| `{file}` | {} | `{:016x}` |", bytes.len(), checksum(&bytes).expect("it has a header"));
        assert!(card.contains(&line), "data/MODEL_CARD.md has no line {line}");
    }
    // Features read the gazetteer and the lexicon; a change of either asks for a new model.
    let gazetteer = xxhash_rust::xxh3::xxh3_64(&fs::read("data/gazetteer.zst").expect("it ships"));
    for (what, sum) in [("data/gazetteer.zst", gazetteer), ("src/extract/lexicon.rs, words", fingerprint())] {
        let line = format!("| `{what}` | `{sum:016x}` |");
        assert!(card.contains(&line), "train again, and write into data/MODEL_CARD.md: {line}");
    }
    let shipped: u64 = ["tagger", "clusters", "gazetteer"]
        .map(|name| fs::metadata(format!("data/{name}.zst")).expect("it ships").len())
        .iter()
        .sum();
    assert!(shipped < 3_000_000, "{shipped} bytes of data ship");
}

#[test]
fn damage_anywhere_in_the_model_is_an_error() {
    let whole = fs::read("data/tagger.zst").expect("it ships");
    assert!(Model::load(&whole).is_ok());
    for at in [0, 9, 14, 20, 21, whole.len() / 2, whole.len() - 1] {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x40;
        assert!(Model::load(&damaged).is_err(), "a flipped bit at byte {at} went unseen");
        assert!(Model::load(&whole[..at]).is_err(), "a model cut at byte {at} went unseen");
    }
}

#[test]
fn names_of_a_sentence_are_told_apart() {
    let text = "Russian President Vladimir Putin met Angela Merkel in Moscow on Friday, the Interfax news agency reported.";
    assert_eq!(
        tagged(text),
        [
            ("Vladimir Putin".to_owned(), "person"),
            ("Angela Merkel".to_owned(), "person"),
            ("Moscow".to_owned(), "place"),
            ("Interfax".to_owned(), "org"),
        ]
    );
}

#[test]
fn a_few_lessons_are_learned_the_same_each_time() {
    let clusters = Clusters::shipped().expect("the shipped clusters load");
    let text = "Mr. Zorblatt went to Quuxville. Nobody in Quuxville saw Mr. Zorblatt.";
    let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
    let person = |word: usize| (word..word + 1, Sort::Entity(dateline::article::EntityKind::Person));
    let place = |word: usize| (word..word + 1, Sort::Entity(dateline::article::EntityKind::Place));
    let names = [person(1), place(4), place(7), person(10)];
    let lesson = Lesson::of(&page, &names, clusters);
    let model = train(&[(&lesson, 2)], 3, clusters);
    let found = Perceptron::new(&model, clusters).expect("they fit").label(&page);
    assert_eq!(found, names);
    assert_eq!(model, train(&[(&lesson, 2)], 3, clusters));
    let packed = model.pack().expect("it packs");
    assert_eq!(Model::load(&packed).expect("it loads").pack().expect("it packs"), packed);
}

/// Names lie in order, inside one sentence each.
fn check(page: &Page<'_>, names: &[Name]) -> Result<(), TestCaseError> {
    let mut end = 0;
    for name in names {
        prop_assert!(end <= name.words.start && name.words.start < name.words.end);
        prop_assert!(
            page.sentences.iter().any(|words| words.start <= name.words.start && name.words.end <= words.end)
        );
        prop_assert!((1..=5).contains(&name.weight));
        end = name.words.end;
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_tagged(title in any::<String>(), body in any::<String>(), capitals in "([A-ZÀ-Þ][a-z'’.-]{0,8} ?){0,20}") {
        let text = format!("{title}\n\n{body}\n\n{capitals}");
        let rest: Vec<Span> = paragraphs(&text[title.len()..]).iter().map(|span| span.shifted(title.len())).collect();
        let page = Page::new(&text, Span::new(0, title.len()), &rest);
        check(&page, &Perceptron::shipped().expect("the shipped model loads").tag(&page))?;
        check(&page, &known_names(&page))?;
    }
}
