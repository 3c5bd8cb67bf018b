//! Random articles of a small world, so that words, names, dates and values meet again and again.

use std::collections::BTreeMap;

use dateline::article::{
    Article, ArticleId, Bound, Category, Certainty, Country, Draft, Entity, EntityKind, Extraction, Figure,
    Given, Quote, Record, Speaker,
};
use dateline::catalog::{Catalog, Saved};
use dateline::date::Date;
use dateline::query::ast::LANGUAGE_VERSION;
use dateline::schema::Schema;
use dateline::text::Span;
use dateline::value::{Number, Value};

use super::dice::Dice;

/// Words of titles and bodies: inflections, accents, hyphens, possessives, abbreviations, numbers.
pub const WORDS: &[&str] = &[
    "truce",
    "Truce",
    "talks",
    "attack",
    "attacks",
    "attacked",
    "ceasefire",
    "cease-fire",
    "François",
    "francois",
    "al-Qaeda",
    "Al-Qaeda",
    "al Qaeda",
    "U.S.",
    "U.S.-led",
    "IS",
    "is",
    "the",
    "of",
    "3.14",
    "350,000",
    "Straße",
    "strasse",
    "rebels'",
    "Iran's",
    "Москва",
    "città",
    "bombs",
    "bombard",
    "bombardment",
];

pub const PEOPLE: &[&str] =
    &["Bashar al-Assad", "Assad", "Sergey Lavrov", "Lavrov", "Recep Tayyip Erdoğan", "Erdogan"];
pub const PLACES: &[&str] = &["Idlib", "IDLIB", "Aleppo", "Syria", "Texas", "Paris"];
pub const ORGS: &[&str] = &["Islamic State", "ISIS", "Daesh", "United Nations", "UN"];
pub const SOURCES: &[&str] = &["Reuters", "REUTERS", "reuters", "AFP", "R.T.", "Agence France-Presse"];
pub const SECTIONS: &[&str] = &["World", "world ", "Économie", "economie"];
pub const TOPICS: &[&str] = &["war", "War", "Talks", "chemical weapons", "Chemical  Weapons", "grain"];
pub const LANGS: &[&str] = &["en", "EN", "fr", "de", "ja"];
pub const AUTHORS: &[&str] = &["Ann Lee", "ANN LEE", "José Díaz"];
pub const COUNTRIES: &[&str] = &["SY", "Syria", "TR", "Turkey", "fr"];
pub const AGENCIES: &[&str] = &["AFP", "Reuters", "AP"];
pub const STORIES: &[&str] = &["1", "2", "3", "9.4"];
pub const TAGS: &[&str] = &["Alpha", "alpha", "béta", "beta", "gamma ray"];

/// Publication dates of every precision around one autumn, with and without offsets.
pub const DATES: &[&str] = &[
    "2017",
    "2018",
    "2019",
    "2018-Q3",
    "2018-Q4",
    "2018-08",
    "2018-09",
    "2018-10",
    "2018-W35",
    "2018-W36",
    "2018-W40",
    "2018-08-31",
    "2018-09-01",
    "2018-09-02",
    "2018-09-03",
    "2018-09-30",
    "2018-10-01",
    "2017-12-31",
    "2019-01-01",
    "2018-09-01T00:00Z",
    "2018-08-31T23:30Z",
    "2018-09-01T14:30",
    "2018-09-01T14:30:05",
    "2018-09-01T02:00+03:00",
    "2018-08-31T22:00-05:00",
    "2018-09-03T23:59:59Z",
    "2018-10-01T00:00:00+03:00",
];

pub const NUMBERS: &[&str] = &["-4.5", "-1", "0", "0.5", "1", "2", "3", "100", "100.5"];

/// A random article; what it brings is settled by the archive that takes it.
pub fn draft(dice: &mut Dice, key: String) -> Draft {
    let title = dice.chance(85).then(|| words(dice, 1, 4));
    let body = body(dice);
    let mut article = Article { key, title, body, ..Article::default() };
    if article.body.is_empty() && article.title.is_none() {
        article.body = "truce".to_owned();
    }
    article.date = dice.chance(85).then(|| date(dice));
    article.source = optional(dice, SOURCES, 80);
    article.section = optional(dice, SECTIONS, 50);
    article.lang = optional(dice, LANGS, 80);
    article.url = dice.chance(40).then(|| format!("https://example.org/{}", dice.below(5)));
    article.topics = dice.some(TOPICS, 0, 3);
    article.given = Given {
        authors: dice.some(AUTHORS, 0, 2),
        people: dice.some(PEOPLE, 0, 2),
        places: dice.some(PLACES, 0, 2),
        orgs: dice.some(ORGS, 0, 1),
        countries: dice.some(COUNTRIES, 0, 1),
        agencies: dice.some(AGENCIES, 0, 1),
        dateline: optional(dice, PLACES, 20),
        ..Given::default()
    };
    article.fields = fields(dice);
    Draft::from(article)
}

fn optional(dice: &mut Dice, from: &[&str], percent: usize) -> Option<String> {
    dice.chance(percent).then(|| dice.pick_text(from))
}

pub fn date(dice: &mut Dice) -> Date {
    dice.word(DATES).parse().unwrap()
}

pub fn number(dice: &mut Dice) -> Number {
    Number::from_f64(dice.word(NUMBERS).parse().unwrap()).unwrap()
}

fn fields(dice: &mut Dice) -> BTreeMap<String, Vec<Value>> {
    let mut fields = BTreeMap::new();
    let tones: Vec<Value> = (0..dice.below(3)).map(|_| Value::Number(number(dice))).collect();
    let tags: Vec<Value> = dice.some(TAGS, 0, 2).into_iter().map(Value::from).collect();
    let events: Vec<Value> = (0..dice.below(2)).map(|_| Value::Date(date(dice))).collect();
    let flags: Vec<Value> = (0..dice.below(2)).map(|_| Value::from(dice.chance(50))).collect();
    for (name, values) in [("tone", tones), ("meta.tags", tags), ("event", events), ("checked", flags)] {
        if !values.is_empty() {
            fields.insert(name.to_owned(), values);
        }
    }
    fields
}

fn body(dice: &mut Dice) -> String {
    let paragraphs: Vec<String> = (0..dice.below(4)).map(|_| paragraph(dice)).collect();
    paragraphs.join("\n\n")
}

fn paragraph(dice: &mut Dice) -> String {
    let sentences: Vec<String> = (0..dice.between(1, 3)).map(|_| sentence(dice)).collect();
    sentences.join(" ")
}

fn sentence(dice: &mut Dice) -> String {
    let mut text = format!("They saw {}", words(dice, 1, 5));
    if dice.chance(30) {
        text.push_str(&format!(" near {}", dice.pick_text(PLACES)));
    }
    if dice.chance(25) {
        text.push_str(&format!(", \"{}\" {} said", words(dice, 4, 6), dice.pick_text(PEOPLE)));
    }
    text + dice.word(&[".", "!", "?"])
}

fn words(dice: &mut Dice, low: usize, high: usize) -> String {
    let words = dice.some(WORDS, low, high);
    let names = [PEOPLE, PLACES, ORGS];
    let mut all = words;
    if dice.chance(40) {
        let at = dice.below(all.len() + 1);
        let kind = dice.below(names.len());
        all.insert(at, dice.pick_text(names[kind]));
    }
    all.join(dice.word(&[" ", " ", " ", ", "]))
}

/// The schema and the names that every random archive has, so that queries can be thrown without looking at it.
pub fn catalog() -> Catalog {
    let mut schema = Schema::default();
    use dateline::schema::FieldType::{Boolean, Date, Keyword, Number};
    for (name, field_type) in
        [("tone", Number), ("meta.tags", Keyword), ("event", Date), ("checked", Boolean)]
    {
        schema.declare(name, field_type);
    }
    let aliases = BTreeMap::from([
        ("Islamic State".to_owned(), vec!["ISIS".to_owned(), "Daesh".to_owned()]),
        ("Recep Tayyip Erdoğan".to_owned(), vec!["Erdogan".to_owned()]),
    ]);
    Catalog { schema, aliases: aliases.into(), saved: saved() }
}

/// The filters that every random archive has saved; one stands on two others.
pub const SAVED: &[&str] = &["talks", "recent", "recent_talks"];

fn saved() -> BTreeMap<String, Saved> {
    let texts =
        ["text contains \"truce\" or topic = \"oil\"", "date since 2018-06", "@talks and not @recent"];
    let saved =
        |text: &str| Saved { text: text.to_owned(), is_condition: true, language_version: LANGUAGE_VERSION };
    SAVED.iter().zip(texts).map(|(name, text)| ((*name).to_owned(), saved(text))).collect()
}

/// An extraction thrown and not computed, so that every part of it meets the queries.
pub fn extraction(dice: &mut Dice, article: &Article) -> Extraction {
    let text = article.text();
    let body = article.body_span();
    let mut found = Extraction { version: 1, ..Extraction::default() };
    found.lede = (!body.is_empty() && dice.chance(80)).then(|| first_paragraph(article));
    for kind in EntityKind::ALL {
        let names = [PEOPLE, PLACES, ORGS][kind as usize];
        for name in names {
            let mentions = occurrences(&text, name);
            if !mentions.is_empty() && dice.chance(60) {
                found.entities.push(entity(dice, kind, name, mentions));
            }
        }
    }
    let given = [&article.given.people, &article.given.places, &article.given.orgs];
    for (kind, names) in EntityKind::ALL.into_iter().zip(given) {
        for name in names {
            if found.entities.iter().all(|known| known.kind != kind || known.name != *name) {
                found.entities.push(entity(dice, kind, name, Vec::new()));
            }
        }
    }
    found.focus =
        found.entities.iter().position(|entity| entity.kind == EntityKind::Place).map(|index| index as u32);
    found.quotes = quotes(dice, &text);
    found.figures = (0..dice.below(3)).map(|_| figure(dice)).collect();
    found.agencies = dice.some(AGENCIES, 0, 1);
    found.keywords = dice.some(TOPICS, 0, 2);
    if dice.chance(30) {
        found.date = Some(date(dice));
    }
    found
}

fn first_paragraph(article: &Article) -> Span {
    let body = article.body_span();
    let end = article.body.find("\n\n").unwrap_or(article.body.len());
    Span::new(body.start as usize, body.start as usize + end)
}

/// Places where a name stands as whole words.
fn occurrences(text: &str, name: &str) -> Vec<Span> {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    text.match_indices(name)
        .map(|(start, found)| Span::new(start, start + found.len()))
        .filter(|span| {
            let before = text[..span.start as usize].chars().next_back();
            !is_word(before) && !is_word(text[span.end as usize..].chars().next())
        })
        .collect()
}

fn entity(dice: &mut Dice, kind: EntityKind, name: &str, mentions: Vec<Span>) -> Entity {
    let names = [PEOPLE, PLACES, ORGS][kind as usize];
    let variant = dice.pick_text(names);
    let variants =
        if dice.chance(30) && variant.to_lowercase() != name.to_lowercase() { vec![variant] } else { vec![] };
    let is_place = kind == EntityKind::Place;
    Entity {
        name: name.to_owned(),
        kind,
        variants,
        titles: Vec::new(),
        country: if is_place && dice.chance(70) {
            Country::new(dice.word(&["SY", "US", "FR"]))
        } else {
            None
        },
        within: if is_place && dice.chance(40) {
            vec![dice.pick_text(&["texas", "idlib"])]
        } else {
            Vec::new()
        },
        mentions,
        salience: 0.5,
        certainty: Certainty::High,
    }
}

fn quotes(dice: &mut Dice, text: &str) -> Vec<Quote> {
    let marks: Vec<usize> = text.match_indices('"').map(|(at, _)| at).collect();
    let (pairs, _) = marks.as_chunks::<2>();
    pairs
        .iter()
        .map(|[open, close]| Quote {
            span: Span::new(open + 1, *close),
            speaker: dice.chance(70).then(|| Speaker {
                name: dice.pick_text(PEOPLE),
                entity: None,
                span: None,
                certainty: Certainty::High,
            }),
        })
        .collect()
}

fn figure(dice: &mut Dice) -> Figure {
    let categories = [Category::Deaths, Category::Injured, Category::Money, Category::Other];
    let bounds = [Bound::Exactly, Bound::Above, Bound::AtLeast, Bound::Below, Bound::About];
    Figure {
        span: Span::new(0, 0),
        category: *dice.pick(&categories),
        bound: *dice.pick(&bounds),
        value: number(dice),
        unit: "people".to_owned(),
    }
}

/// Records with thrown extractions, numbered from 1.
pub fn records(dice: &mut Dice, count: usize, schema: &mut Schema) -> Vec<Record> {
    (1..=count as u32)
        .map(|id| {
            let article = draft(dice, format!("key-{id}")).settle(schema).expect("thrown drafts settle");
            let added = Date::instant(
                1_535_800_000 + i64::from(id),
                Default::default(),
                dateline::date::Precision::Second,
            );
            let article = Article { added: added.ok(), ..article };
            let extraction = extraction(dice, &article);
            let story = optional(dice, STORIES, 70);
            Record { id: ArticleId(id), seq: u64::from(id), article, extraction, story }
        })
        .collect()
}
