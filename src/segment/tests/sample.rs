//! Random records, small and full of coincidences.

use crate::article::{
    Article, ArticleId, Bound, Category, Certainty, Country, Dateline, Demonym, Entity, EntityKind,
    Extraction, Figure, Given, Quote, Record, Speaker,
};
use crate::date::{Date, Offset, Precision};
use crate::text::{Span, tokens};
use crate::value::{Number, Value};

/// A small generator, so that one seed makes one archive.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit.max(1)
    }

    pub(super) fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn maybe<T>(&mut self, percent: usize, make: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        if self.chance(percent) { Some(make(self)) } else { None }
    }
}

const WORDS: &[&str] = &[
    "the",
    "The",
    "THE",
    "attack",
    "attacks",
    "Attacking",
    "Idlib",
    "IDLIB",
    "idlib",
    "al-Qaeda",
    "François",
    "U.S.",
    "3.14",
    "Zarif's",
    "Minister",
    "talks",
    "talk",
    "on",
    "of",
    "no",
    "Straße",
    "東京",
    "don't",
    "\u{0130}stanbul",
    "x",
];

const NAMES: &[&str] = &[
    "Bashar al-Assad",
    "Assad",
    "ASSAD",
    "Javad Zarif",
    "Idlib",
    "Syria",
    "Reuters",
    "the Syrian Army",
    "!!",
    " ",
];

const LITERALS: &[&str] = &[
    "2018",
    "2018-Q3",
    "2018-09",
    "2018-W36",
    "2018-09-01",
    "2018-09-02",
    "2018-09-01T00:00Z",
    "2018-09-01T01:30",
    "2018-09-01T23:59:30+03:00",
    "2018-08-31T22:00:00-05:00",
    "2019",
    "2018-12-31",
    "0001",
    "9999-12-31",
    "2018-09-03T00:00:01",
    "2018-09-01T00:00:59Z",
    "2018-07",
    "2018-08-31",
];

pub(super) fn date(dice: &mut Dice) -> Date {
    dice.one(LITERALS).parse().unwrap()
}

/// Returns so many records of one seed, with ids from 1.
pub(super) fn records(seed: u64, count: usize) -> Vec<Record> {
    let mut dice = Dice::new(seed);
    (0..count).map(|at| record(&mut dice, at as u32 + 1)).collect()
}

fn record(dice: &mut Dice, id: u32) -> Record {
    let title = dice.maybe(80, |dice| sentence(dice, 6));
    let paragraphs: Vec<String> = (0..dice.below(4)).map(|_| sentence(dice, 25)).collect();
    let mut article = Article {
        key: format!("Key/{id}"),
        title,
        body: paragraphs.join("\n\n"),
        date: dice.maybe(80, date),
        added: dice.maybe(90, |dice| {
            Date::instant(dice.below(1 << 31) as i64, Offset::UTC, Precision::Second).unwrap()
        }),
        source: dice.maybe(70, |dice| dice.one(&["Reuters", "reuters", "AFP", "", "  "]).to_owned()),
        lang: dice.maybe(70, |dice| dice.one(&["en", "EN", "de", "xx"]).to_owned()),
        given: Given { authors: names(dice, 3), ..Given::default() },
        topics: names(dice, 3),
        ..Article::default()
    };
    if dice.chance(60) {
        declare(dice, &mut article);
    }
    let extraction = extraction(dice, &article);
    Record { id: ArticleId(id), seq: dice.below(9) as u64 + 1, article, extraction, story: None }
}

fn declare(dice: &mut Dice, article: &mut Article) {
    let number = |dice: &mut Dice| match dice.below(3) {
        0 => Value::Number(Number::Whole(dice.below(1 << 40) as i64 - (1 << 39))),
        1 => Value::Number(Number::Whole(7)),
        _ => Value::Number(Number::Decimal(dice.below(100) as f64 / 4.0)),
    };
    let whole = |dice: &mut Dice| Value::from(dice.below(5) as i64);
    let text = |dice: &mut Dice| Value::from(dice.one(NAMES));
    let mut put = |name: &str, dice: &mut Dice, make: &dyn Fn(&mut Dice) -> Value| {
        if dice.chance(70) {
            let values = (0..=dice.below(3)).map(|_| make(dice)).collect();
            article.fields.insert(name.to_owned(), values);
        }
    };
    put("tone", dice, &number);
    put("page", dice, &whole);
    put("desk.name", dice, &text);
    put("urgent", dice, &|dice| Value::Boolean(dice.below(2) == 0));
    put("event", dice, &|dice| Value::Date(date(dice)));
    put("source", dice, &text);
}

fn sentence(dice: &mut Dice, words: usize) -> String {
    let mut text = String::new();
    for _ in 0..dice.below(words) {
        text.push_str(dice.one(WORDS));
        text.push_str(dice.one(&[" ", " ", " ", "-", ". ", ", ", "/", "://"]));
    }
    text
}

fn names(dice: &mut Dice, limit: usize) -> Vec<String> {
    (0..dice.below(limit + 1)).map(|_| dice.one(NAMES).to_owned()).collect()
}

/// Returns the span of up to four tokens in a row; the empty one where there are no tokens.
fn run_of(dice: &mut Dice, tokens: &[Span]) -> Span {
    if tokens.is_empty() {
        return Span::default();
    }
    let from = dice.below(tokens.len());
    let to = (from + dice.below(4)).min(tokens.len() - 1);
    Span { start: tokens[from].start, end: tokens[to].end }
}

fn extraction(dice: &mut Dice, article: &Article) -> Extraction {
    let text = article.text();
    let spans: Vec<Span> = tokens(&text).map(|token| token.span).collect();
    let span = |dice: &mut Dice| run_of(dice, &spans);
    let body = article.body_span();
    let entities: Vec<Entity> = (0..dice.below(5))
        .map(|_| Entity {
            name: dice.one(NAMES).to_owned(),
            kind: EntityKind::ALL[dice.below(3)],
            variants: names(dice, 2),
            titles: Vec::new(),
            country: dice.maybe(50, |dice| Country::new(dice.one(&["SY", "IR"])).unwrap()),
            within: (0..dice.below(3)).map(|_| dice.one(&["idlib province", "levant"]).to_owned()).collect(),
            mentions: (0..dice.below(4)).map(|_| span(dice)).collect(),
            salience: 0.5,
            certainty: Certainty::High,
        })
        .collect();
    let quotes = (0..dice.below(3))
        .map(|_| Quote {
            span: span(dice),
            speaker: dice.maybe(70, |dice| Speaker {
                name: dice.one(NAMES).to_owned(),
                entity: dice.maybe(60, |dice| dice.below(entities.len() + 1) as u32),
                span: None,
                certainty: [Certainty::Low, Certainty::High, Certainty::Given][dice.below(3)],
            }),
        })
        .collect();
    let figures = (0..dice.below(4))
        .map(|_| Figure {
            span: span(dice),
            category: [Category::Deaths, Category::Money, Category::Other][dice.below(3)],
            bound: [Bound::Exactly, Bound::Above, Bound::About][dice.below(3)],
            value: if dice.chance(50) { Number::Whole(dice.below(200) as i64) } else { Number::Decimal(2.5) },
            unit: dice.one(&["people", "USD"]).to_owned(),
        })
        .collect();
    Extraction {
        version: dice.below(3) as u32,
        lede: dice.maybe(70, |dice| {
            let end = body.start as usize + dice.below(body.len() as usize + 1);
            let end = text.floor_char_boundary(end);
            Span::new(body.start as usize, end)
        }),
        dateline: dice.maybe(30, |_| Dateline {
            place: "Paris".into(),
            span: Span::default(),
            country: Country::new("FR"),
        }),
        lang: dice.maybe(50, |_| "en".into()),
        demonyms: dice
            .maybe(20, |_| Demonym { span: Span::default(), country: Country::new("IR").unwrap() })
            .into_iter()
            .collect(),
        focus: dice.maybe(30, |_| 0),
        keywords: names(dice, 2),
        date: dice.maybe(20, date),
        entities,
        quotes,
        figures,
        ..Extraction::default()
    }
}
