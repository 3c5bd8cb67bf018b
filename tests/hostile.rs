//! Any text has an extraction, in time linear in its length, with every span on characters of the text.
//!
//! The texts here are small, since the tests run unoptimised; `cargo bench --bench extract -- hostile` reads the same ones
//! at ten megabytes.

use dateline::article::{Article, Extraction, Given};
use dateline::extract::Extractor;
use dateline::extract::names::NAME_WORDS_MAX;
use dateline::text::tokens;
use proptest::prelude::*;

use adversary::{PIECES, article};
use clock::on_processor;

mod adversary;
mod clock;

/// Every span lies on characters of the text, every range of days begins before it ends, every index names an entity.
fn check(article: &Article, found: &Extraction) -> Result<(), TestCaseError> {
    let text = article.text();
    let mentions = found.entities.iter().flat_map(|entity| &entity.mentions);
    let quotes = found.quotes.iter().map(|quote| &quote.span);
    let others =
        found.dates.iter().map(|date| &date.span).chain(found.figures.iter().map(|figure| &figure.span));
    for span in mentions.chain(quotes).chain(others).chain(&found.lede) {
        prop_assert!(text.get(span.range()).is_some_and(|words| !words.is_empty()), "{span}");
    }
    for days in found.dates.iter().filter_map(|date| date.days) {
        prop_assert!(days.from <= days.to, "{days:?}");
    }
    let speakers = found.quotes.iter().filter_map(|quote| quote.speaker.as_ref()?.entity);
    for index in speakers.chain(found.focus) {
        prop_assert!(found.entities.get(index as usize).is_some());
    }
    prop_assert!(found.entities.iter().all(|entity| (0.0..=1.0).contains(&entity.salience)));
    Ok(())
}

proptest! {
    #[test]
    fn any_article_has_an_extraction(title in any::<Option<String>>(), body in any::<String>(), name in any::<String>()) {
        let given = Given { people: vec![name.clone()], dateline: Some(name), ..Given::default() };
        let article = Article { title, body, given, ..Article::default() };
        let found = Extractor::new().extract(&article);
        check(&article, &found)?;
        prop_assert_eq!(Extractor::new().extract(&article), found);
    }

    #[test]
    fn news_in_any_order_has_an_extraction(
        words in proptest::collection::vec(
            prop::sample::select(vec![
                "Bashar", "al-", "Assad", "U.S.", "of", "the", "Ministry", "PARIS", "(AFP)", " - ", "\"", "said", ",", ".",
                "\n\n", "350,000", "killed", "May", "2018", "By", "Idlib", "’s", "“", "”", "$", "%", "last year", "東京",
                "Hurricane", "and", "Securities", "Commission", "he", "three days ago", "twenty-", "one", "million",
                "early", "late", "summer", "winter", "of", "\u{0}", "\u{202E}", "🙂", "قال", "(", "[",
            ]),
            0..60,
        ),
    ) {
        let article = Article { title: None, body: words.join(" "), ..Article::default() };
        check(&article, &Extractor::new().extract(&article))?;
    }
}

#[test]
fn names_end() {
    for piece in ["Jean Dupont ", "Mohammed bin ", "House of ", "Al ", "St. "] {
        let article = article(piece, 6_000);
        let text = article.text();
        for mention in Extractor::new().extract(&article).entities.iter().flat_map(|entity| &entity.mentions)
        {
            let words = tokens(mention.of(&text)).count();
            assert!(words <= NAME_WORDS_MAX, "{piece:?}: a name of {words} words");
        }
    }
}

/// A long text is the same work as eight of an eighth of its length, give or take a factor of three. A reader that goes
/// back to the start for every word takes eight times as long for it.
fn is_linear(extractor: &Extractor, piece: &str) -> Result<(), String> {
    const SHORT_BYTES: usize = 6_000;
    const TIMES: usize = 8;
    /// Others who use the machine's caches may spoil a measurement, but not every one.
    const ATTEMPTS: usize = 4;
    let seconds = |article: &Article, times: usize| {
        let start = on_processor();
        let found: Vec<_> = (0..times).map(|_| extractor.extract(article)).collect();
        let seconds = on_processor().zip(start).map(|(end, start)| end - start);
        found.iter().for_each(|found| check(article, found).expect(piece));
        seconds
    };
    let (short, long) = (article(piece, SHORT_BYTES), article(piece, TIMES * SHORT_BYTES));
    let mut seen = String::new();
    for _ in 0..ATTEMPTS {
        let (Some(many), Some(one)) = (seconds(&short, TIMES), seconds(&long, 1)) else {
            println!("the system does not tell how long a thread computed; nothing was compared");
            return Ok(());
        };
        if one < 3.0 * many {
            return Ok(());
        }
        seen = format!("{piece:?}: {TIMES} texts took {many:.3} s, one as long as all of them {one:.3} s");
    }
    Err(seen)
}

#[test]
fn hostile_texts_take_linear_time() {
    let extractor = Extractor::new();
    // What is decoded when it is first asked for counts for nobody.
    check(&article("Talks ", 100), &extractor.extract(&article("Talks ", 100))).expect("a short text");
    for piece in PIECES {
        is_linear(&extractor, piece).unwrap_or_else(|problem| panic!("{problem}"));
    }
}
