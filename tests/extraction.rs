//! Extraction on whole articles: an own story of a wire's shape, and the sample article where the corpora are present.

use std::fs;

use dateline::article::{Article, Bound, Category, EntityKind, Extraction, Original};
use dateline::extract::Extractor;

const STORY: &str = "LISBON, March 4, 2019 (Reuters) - Portugal's Interior Minister Ana Marques met her Spanish counterpart \
in Porto on Monday after floods left at least 23 people dead and more than 1,500 homeless.

\"We will rebuild every single house that was lost,\" Marques told reporters. The Civil Protection Authority (CPA) said that \
the damage may reach 40 million euros.

The CPA had warned of the storm last week, according to Prime Minister Rui de Sousa. De Sousa is due to visit Braga on \
Friday. Marques will travel to Madrid.

(Reporting by A. Writer; Editing by B. Reader)";

fn article(title: &str, body: &str) -> Article {
    Article { title: Some(title.into()), body: body.into(), ..Article::default() }
}

fn names(found: &Extraction, kind: EntityKind) -> Vec<(&str, usize)> {
    let of_kind = found.entities.iter().filter(|entity| entity.kind == kind);
    of_kind.map(|entity| (entity.name.as_str(), entity.mentions.len())).collect()
}

fn country<'a>(found: &'a Extraction, name: &str) -> Option<&'a str> {
    let entity = found.entities.iter().find(|entity| entity.name == name)?;
    entity.country.as_ref().map(|country| country.as_str())
}

#[test]
fn a_wire_story_gives_its_fields() {
    let article = article("Marques visits flooded north", STORY);
    let found = Extractor::new().extract(&article);
    let text = article.text();
    let dateline = found.dateline.as_ref().expect("the story has a dateline");
    assert_eq!(dateline.place, "Lisbon");
    assert_eq!(found.agencies, ["Reuters"]);
    assert_eq!(found.date.map(|date| date.to_string()).as_deref(), Some("2019-03-04"));
    assert!(found.lede.expect("the story has a lede").of(&text).starts_with("Portugal's Interior Minister"));
    assert_eq!(names(&found, EntityKind::Person), [("Ana Marques", 4), ("Rui de Sousa", 2)]);
    assert_eq!(names(&found, EntityKind::Org), [("Civil Protection Authority", 3)]);
    let places: Vec<&str> = names(&found, EntityKind::Place).into_iter().map(|(name, _)| name).collect();
    assert_eq!(places, ["Lisbon", "Portugal", "Porto", "Braga", "Madrid"]);
    assert_eq!((country(&found, "Porto"), country(&found, "Madrid")), (Some("PT"), Some("ES")));
    let quote =
        found.quotes.first().and_then(|quote| quote.speaker.as_ref()).expect("the quote has a speaker");
    assert_eq!(quote.name, "Ana Marques");
    let figures: Vec<(Category, f64)> =
        found.figures.iter().map(|f| (f.category, f.value.as_f64())).collect();
    assert_eq!(figures, [(Category::Deaths, 23.0), (Category::Displaced, 1_500.0), (Category::Money, 4e7)]);
}

/// Reads the sample article as import would; `None`, said aloud, where the corpora are absent.
fn sample() -> Option<Article> {
    let Ok(text) = fs::read_to_string("../shared/corpora/seed/idlib.txt") else {
        println!("../shared is absent; the sample article was not read");
        return None;
    };
    let date = "2018-09-03".parse().ok();
    Some(Article { date, ..Original::of_text(&text).article })
}

#[test]
fn the_sample_article_gives_its_names() {
    let Some(article) = sample() else { return };
    let found = Extractor::new().extract(&article);
    let people: Vec<&str> = names(&found, EntityKind::Person).into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        people,
        ["Mohammad Javad Zarif", "Walid Muallem", "Bahram Ghasemi", "Bashar al-Assad", "Amir Hatami"]
    );
    let zarif =
        found.entities.iter().find(|entity| entity.name == "Mohammad Javad Zarif").expect("he is named");
    assert_eq!(zarif.variants, ["Zarif"]);
    for (place, code) in
        [("Idlib", "SY"), ("Damascus", "SY"), ("Tehran", "IR"), ("Iran", "IR"), ("Syria", "SY")]
    {
        assert_eq!(country(&found, place), Some(code), "{place}");
    }
    let idlib = found.entities.iter().find(|entity| entity.name == "Idlib").expect("it is named");
    assert_eq!(idlib.within, ["idlib"]);
    assert!(names(&found, EntityKind::Org).contains(&("ISNA", 1)));
    // "The Astana process" names what was agreed there, not the city.
    assert!(names(&found, EntityKind::Place).iter().all(|(name, _)| *name != "Astana"));
    assert_eq!((found.dateline.as_ref(), found.agencies.as_slice()), (None, ["AFP".to_owned()].as_slice()));
    assert_eq!(found.lang.as_deref(), Some("en"));
}

#[test]
fn the_sample_article_gives_its_quotes() {
    let Some(article) = sample() else { return };
    let found = Extractor::new().extract(&article);
    let text = article.text();
    let said: Vec<(&str, Option<&str>)> = found
        .quotes
        .iter()
        .map(|quote| {
            (quote.span.of(&text).get(..20).unwrap_or(""), quote.speaker.as_ref().map(|s| s.name.as_str()))
        })
        .collect();
    assert_eq!(
        said[..3],
        [
            ("They shared identica", Some("a statement")),
            ("in preparation for t", Some("a statement")),
            ("Iran will remain a s", Some("Bahram Ghasemi")),
        ]
    );
}

#[test]
fn the_sample_article_gives_its_dates_and_figures() {
    let Some(article) = sample() else { return };
    let found = Extractor::new().extract(&article);
    let text = article.text();
    let day = |epoch: i32| {
        let epoch = jiff::Span::new().days(epoch);
        jiff::civil::Date::constant(1970, 1, 1).saturating_add(epoch).to_string()
    };
    let dates: Vec<(&str, String, String)> = found
        .dates
        .iter()
        .filter_map(|date| Some((date.span.of(&text), day(date.days?.from), day(date.days?.to))))
        .collect();
    let expected = [
        ("Monday", "2018-09-03", "2018-09-03"),
        ("Monday", "2018-09-03", "2018-09-03"),
        ("early 2017", "2017-01-01", "2017-04-30"),
        ("Friday", "2018-09-07", "2018-09-07"),
        ("Last year", "2017-01-01", "2017-12-31"),
        ("2011", "2011-01-01", "2011-12-31"),
        ("last week", "2018-08-27", "2018-09-02"),
    ];
    assert_eq!(dates, expected.map(|(words, from, to)| (words, from.to_owned(), to.to_owned())));
    let [figure] = found.figures.as_slice() else { panic!("{:?}", found.figures) };
    assert_eq!(
        (figure.category, figure.bound, figure.value.as_f64()),
        (Category::Deaths, Bound::Above, 350_000.0)
    );
}
