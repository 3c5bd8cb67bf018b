//! Version 1 of a stored record: frozen structs, apart from the live ones.
//!
//! The live types of [`article`](crate::article) may grow; these may not, or stored records could no longer be read.
//! A change of what is stored is a further version in a file beside this one. The bytes are bincode 2 in serde mode,
//! standard configuration (little-endian, variable-length integers), of [`RecordV1`]; enums of the live types are stored
//! as the numbers written here. Decoding checks every value that a live type restricts.
//!
//! **Spans** are stored as the first byte and the number of bytes; in the mentions of an entity, which rise, the first
//! byte counts from the first byte of the mention before: `10..15, 12..20` is `10 5 2 8`.
//!
//! **Frozen** begins with the first release of this library: no record that an unreleased program wrote has to be read.
//! `fixtures/record-v1.bin` holds a record with every field set, and a test compares it byte by byte with what is
//! written: whoever changes the form changes the fixture too, and sees that it is a decision.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::{
    Article, ArticleId, Bound, Category, Certainty, Country, DateExpression, Dateline, DayRange, Demonym,
    Entity, EntityKind, Extraction, Figure, Given, Quote, Record, Speaker,
};
use crate::date::{Date, Offset, Precision};
use crate::text::Span;
use crate::value::{Number, Value};

/// What is wrong with a decoded record.
type Wrong = &'static str;

#[derive(Serialize, Deserialize)]
pub(super) struct RecordV1<'a> {
    id: u32,
    seq: u64,
    #[serde(borrow)]
    article: ArticleV1<'a>,
    #[serde(borrow)]
    extraction: ExtractionV1<'a>,
}

#[derive(Serialize, Deserialize)]
struct ArticleV1<'a> {
    key: &'a str,
    title: Option<&'a str>,
    body: &'a str,
    date: Option<DateV1>,
    added: Option<DateV1>,
    source: Option<&'a str>,
    url: Option<&'a str>,
    section: Option<&'a str>,
    lang: Option<&'a str>,
    #[serde(borrow)]
    given: GivenV1<'a>,
    topics: Vec<&'a str>,
    fields: Vec<(&'a str, Vec<ValueV1<'a>>)>,
}

#[derive(Serialize, Deserialize)]
struct GivenV1<'a> {
    authors: Vec<&'a str>,
    people: Vec<&'a str>,
    places: Vec<&'a str>,
    orgs: Vec<&'a str>,
    countries: Vec<&'a str>,
    agencies: Vec<&'a str>,
    dateline: Option<&'a str>,
}

#[derive(Serialize, Deserialize)]
struct ExtractionV1<'a> {
    version: u32,
    lede: Option<SpanV1>,
    dateline: Option<DatelineV1<'a>>,
    byline: Vec<&'a str>,
    agencies: Vec<&'a str>,
    date: Option<DateV1>,
    lang: Option<&'a str>,
    entities: Vec<EntityV1<'a>>,
    demonyms: Vec<(SpanV1, [u8; 2])>,
    quotes: Vec<QuoteV1<'a>>,
    dates: Vec<(SpanV1, Option<(i32, i32)>)>,
    figures: Vec<FigureV1<'a>>,
    keywords: Vec<&'a str>,
    focus: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct DatelineV1<'a> {
    place: &'a str,
    span: SpanV1,
    country: Option<[u8; 2]>,
}

#[derive(Serialize, Deserialize)]
struct EntityV1<'a> {
    name: &'a str,
    kind: u8,
    variants: Vec<&'a str>,
    titles: Vec<&'a str>,
    country: Option<[u8; 2]>,
    within: Vec<&'a str>,
    /// Each start counts from the one before.
    mentions: Vec<SpanV1>,
    salience: f32,
    certainty: u8,
}

#[derive(Serialize, Deserialize)]
struct QuoteV1<'a> {
    span: SpanV1,
    #[serde(borrow)]
    speaker: Option<SpeakerV1<'a>>,
}

#[derive(Serialize, Deserialize)]
struct SpeakerV1<'a> {
    name: &'a str,
    entity: Option<u32>,
    span: Option<SpanV1>,
    certainty: u8,
}

#[derive(Serialize, Deserialize)]
struct FigureV1<'a> {
    span: SpanV1,
    category: u8,
    bound: u8,
    value: NumberV1,
    unit: &'a str,
}

/// Start of the wall-clock span in seconds, number of the precision, offset from UTC in minutes.
#[derive(Serialize, Deserialize)]
struct DateV1(i64, u8, Option<i16>);

/// First byte inside, and how many; both wrap around, so that any span comes back.
#[derive(Serialize, Deserialize)]
struct SpanV1(u32, u32);

#[derive(Serialize, Deserialize)]
enum NumberV1 {
    Whole(i64),
    Decimal(f64),
}

#[derive(Serialize, Deserialize)]
enum ValueV1<'a> {
    Text(&'a str),
    Number(NumberV1),
    Boolean(bool),
    Date(DateV1),
}

/// Numbers of the enums, in the order of their first version.
const KINDS: [EntityKind; 3] = [EntityKind::Person, EntityKind::Place, EntityKind::Org];
const CERTAINTIES: [Certainty; 3] = [Certainty::Low, Certainty::High, Certainty::Given];
const CATEGORIES: [Category; 8] = [
    Category::Deaths,
    Category::Injured,
    Category::Displaced,
    Category::Arrested,
    Category::Troops,
    Category::Money,
    Category::Percent,
    Category::Other,
];
const BOUNDS: [Bound; 5] = [Bound::Exactly, Bound::Above, Bound::AtLeast, Bound::Below, Bound::About];
const PRECISIONS: [Precision; 7] = [
    Precision::Year,
    Precision::Quarter,
    Precision::Month,
    Precision::Week,
    Precision::Day,
    Precision::Minute,
    Precision::Second,
];

/// Returns the stored number of `value`; every value is in its table, which a test proves.
fn number_of<T: PartialEq>(table: &[T], value: &T) -> u8 {
    let index = table.iter().position(|entry| entry == value);
    index.and_then(|index| u8::try_from(index).ok()).unwrap_or(u8::MAX)
}

fn numbered<T: Copy>(table: &[T], number: u8, wrong: Wrong) -> Result<T, Wrong> {
    table.get(usize::from(number)).copied().ok_or(wrong)
}

impl<'a> From<&'a Record> for RecordV1<'a> {
    fn from(record: &'a Record) -> RecordV1<'a> {
        // The story is in version 3.
        let Record { id, seq, article, extraction, story: _ } = record;
        RecordV1 { id: id.0, seq: *seq, article: article.into(), extraction: extraction.into() }
    }
}

impl TryFrom<RecordV1<'_>> for Record {
    type Error = Wrong;

    fn try_from(stored: RecordV1<'_>) -> Result<Record, Wrong> {
        let (article, extraction) = (stored.article.try_into()?, stored.extraction.try_into()?);
        Ok(Record { id: ArticleId(stored.id), seq: stored.seq, article, extraction, story: None })
    }
}

impl<'a> From<&'a Article> for ArticleV1<'a> {
    fn from(article: &'a Article) -> ArticleV1<'a> {
        let Article { key, title, body, date, added, source, url, section, lang, given, topics, fields } =
            article;
        ArticleV1 {
            key,
            title: title.as_deref(),
            body,
            date: date.map(DateV1::from),
            added: added.map(DateV1::from),
            source: source.as_deref(),
            url: url.as_deref(),
            section: section.as_deref(),
            lang: lang.as_deref(),
            given: given.into(),
            topics: borrowed(topics),
            fields: fields.iter().map(|(name, values)| (name.as_str(), stored_values(values))).collect(),
        }
    }
}

impl TryFrom<ArticleV1<'_>> for Article {
    type Error = Wrong;

    fn try_from(stored: ArticleV1<'_>) -> Result<Article, Wrong> {
        let fields =
            stored.fields.into_iter().map(|(name, values)| Ok((name.to_owned(), live_values(values)?)));
        Ok(Article {
            key: stored.key.to_owned(),
            title: stored.title.map(str::to_owned),
            body: stored.body.to_owned(),
            date: stored.date.map(Date::try_from).transpose()?,
            added: stored.added.map(Date::try_from).transpose()?,
            source: stored.source.map(str::to_owned),
            url: stored.url.map(str::to_owned),
            section: stored.section.map(str::to_owned),
            lang: stored.lang.map(str::to_owned),
            given: stored.given.into(),
            topics: owned(stored.topics),
            fields: fields.collect::<Result<BTreeMap<_, _>, Wrong>>()?,
        })
    }
}

impl<'a> From<&'a Given> for GivenV1<'a> {
    fn from(given: &'a Given) -> GivenV1<'a> {
        // What was put right by hand is in version 2.
        let Given { authors, people, places, orgs, countries, agencies, dateline, fixed: _, removed: _ } =
            given;
        GivenV1 {
            authors: borrowed(authors),
            people: borrowed(people),
            places: borrowed(places),
            orgs: borrowed(orgs),
            countries: borrowed(countries),
            agencies: borrowed(agencies),
            dateline: dateline.as_deref(),
        }
    }
}

impl From<GivenV1<'_>> for Given {
    fn from(stored: GivenV1<'_>) -> Given {
        Given {
            authors: owned(stored.authors),
            people: owned(stored.people),
            places: owned(stored.places),
            orgs: owned(stored.orgs),
            countries: owned(stored.countries),
            agencies: owned(stored.agencies),
            dateline: stored.dateline.map(str::to_owned),
            ..Given::default()
        }
    }
}

impl<'a> From<&'a Extraction> for ExtractionV1<'a> {
    fn from(found: &'a Extraction) -> ExtractionV1<'a> {
        ExtractionV1 {
            version: found.version,
            lede: found.lede.map(SpanV1::from),
            dateline: found.dateline.as_ref().map(DatelineV1::from),
            byline: borrowed(&found.byline),
            agencies: borrowed(&found.agencies),
            date: found.date.map(DateV1::from),
            lang: found.lang.as_deref(),
            entities: found.entities.iter().map(EntityV1::from).collect(),
            demonyms: found.demonyms.iter().map(|d| (d.span.into(), country_code(d.country))).collect(),
            quotes: found.quotes.iter().map(QuoteV1::from).collect(),
            dates: found
                .dates
                .iter()
                .map(|d| (d.span.into(), d.days.map(|days| (days.from, days.to))))
                .collect(),
            figures: found.figures.iter().map(FigureV1::from).collect(),
            keywords: borrowed(&found.keywords),
            focus: found.focus,
        }
    }
}

impl TryFrom<ExtractionV1<'_>> for Extraction {
    type Error = Wrong;

    fn try_from(stored: ExtractionV1<'_>) -> Result<Extraction, Wrong> {
        let days = |days: Option<(i32, i32)>| days.map(|(from, to)| DayRange { from, to });
        let demonym =
            |(span, code): (SpanV1, [u8; 2])| Ok(Demonym { span: span.into(), country: country(code)? });
        Ok(Extraction {
            version: stored.version,
            lede: stored.lede.map(Span::from),
            dateline: stored.dateline.map(Dateline::try_from).transpose()?,
            byline: owned(stored.byline),
            agencies: owned(stored.agencies),
            date: stored.date.map(Date::try_from).transpose()?,
            lang: stored.lang.map(str::to_owned),
            entities: stored.entities.into_iter().map(Entity::try_from).collect::<Result<_, _>>()?,
            demonyms: stored.demonyms.into_iter().map(demonym).collect::<Result<_, Wrong>>()?,
            quotes: stored.quotes.into_iter().map(Quote::try_from).collect::<Result<_, _>>()?,
            dates: stored
                .dates
                .into_iter()
                .map(|(span, range)| DateExpression { span: span.into(), days: days(range) })
                .collect(),
            figures: stored.figures.into_iter().map(Figure::try_from).collect::<Result<_, _>>()?,
            keywords: owned(stored.keywords),
            focus: stored.focus,
        })
    }
}

impl<'a> From<&'a Dateline> for DatelineV1<'a> {
    fn from(dateline: &'a Dateline) -> DatelineV1<'a> {
        let Dateline { place, span, country } = dateline;
        DatelineV1 { place, span: (*span).into(), country: country.map(country_code) }
    }
}

impl TryFrom<DatelineV1<'_>> for Dateline {
    type Error = Wrong;

    fn try_from(stored: DatelineV1<'_>) -> Result<Dateline, Wrong> {
        let country = stored.country.map(country).transpose()?;
        Ok(Dateline { place: stored.place.to_owned(), span: stored.span.into(), country })
    }
}

impl<'a> From<&'a Entity> for EntityV1<'a> {
    fn from(entity: &'a Entity) -> EntityV1<'a> {
        EntityV1 {
            name: &entity.name,
            kind: number_of(&KINDS, &entity.kind),
            variants: borrowed(&entity.variants),
            titles: borrowed(&entity.titles),
            country: entity.country.map(country_code),
            within: borrowed(&entity.within),
            mentions: stored_mentions(&entity.mentions),
            salience: entity.salience,
            certainty: number_of(&CERTAINTIES, &entity.certainty),
        }
    }
}

impl TryFrom<EntityV1<'_>> for Entity {
    type Error = Wrong;

    fn try_from(stored: EntityV1<'_>) -> Result<Entity, Wrong> {
        if !stored.salience.is_finite() {
            return Err("a salience is no number");
        }
        Ok(Entity {
            name: stored.name.to_owned(),
            kind: numbered(&KINDS, stored.kind, "it names an unknown kind of entity")?,
            variants: owned(stored.variants),
            titles: owned(stored.titles),
            country: stored.country.map(country).transpose()?,
            within: owned(stored.within),
            mentions: live_mentions(stored.mentions),
            salience: stored.salience,
            certainty: certainty(stored.certainty)?,
        })
    }
}

impl<'a> From<&'a Quote> for QuoteV1<'a> {
    fn from(quote: &'a Quote) -> QuoteV1<'a> {
        let speaker = quote.speaker.as_ref().map(|speaker| SpeakerV1 {
            name: &speaker.name,
            entity: speaker.entity,
            span: speaker.span.map(SpanV1::from),
            certainty: number_of(&CERTAINTIES, &speaker.certainty),
        });
        QuoteV1 { span: quote.span.into(), speaker }
    }
}

impl TryFrom<QuoteV1<'_>> for Quote {
    type Error = Wrong;

    fn try_from(stored: QuoteV1<'_>) -> Result<Quote, Wrong> {
        let speaker = |speaker: SpeakerV1<'_>| -> Result<Speaker, Wrong> {
            Ok(Speaker {
                name: speaker.name.to_owned(),
                entity: speaker.entity,
                span: speaker.span.map(Span::from),
                certainty: certainty(speaker.certainty)?,
            })
        };
        Ok(Quote { span: stored.span.into(), speaker: stored.speaker.map(speaker).transpose()? })
    }
}

impl<'a> From<&'a Figure> for FigureV1<'a> {
    fn from(figure: &'a Figure) -> FigureV1<'a> {
        FigureV1 {
            span: figure.span.into(),
            category: number_of(&CATEGORIES, &figure.category),
            bound: number_of(&BOUNDS, &figure.bound),
            value: figure.value.into(),
            unit: &figure.unit,
        }
    }
}

impl TryFrom<FigureV1<'_>> for Figure {
    type Error = Wrong;

    fn try_from(stored: FigureV1<'_>) -> Result<Figure, Wrong> {
        Ok(Figure {
            span: stored.span.into(),
            category: numbered(&CATEGORIES, stored.category, "it names an unknown category of figures")?,
            bound: numbered(&BOUNDS, stored.bound, "it names an unknown bound of a figure")?,
            value: stored.value.try_into()?,
            unit: stored.unit.to_owned(),
        })
    }
}

impl From<Date> for DateV1 {
    fn from(date: Date) -> DateV1 {
        DateV1(date.wall(), number_of(&PRECISIONS, &date.precision()), date.offset().map(Offset::minutes))
    }
}

impl TryFrom<DateV1> for Date {
    type Error = Wrong;

    fn try_from(DateV1(wall, precision, minutes): DateV1) -> Result<Date, Wrong> {
        const WRONG: Wrong = "a date is none";
        let offset = minutes.map(|minutes| Offset::from_minutes(minutes).ok_or(WRONG)).transpose()?;
        Date::from_parts(wall, numbered(&PRECISIONS, precision, WRONG)?, offset).ok_or(WRONG)
    }
}

impl From<Span> for SpanV1 {
    fn from(span: Span) -> SpanV1 {
        SpanV1(span.start, span.end.wrapping_sub(span.start))
    }
}

impl From<SpanV1> for Span {
    fn from(SpanV1(start, bytes): SpanV1) -> Span {
        Span { start, end: start.wrapping_add(bytes) }
    }
}

/// Stores each start as its distance from the one before: small numbers take one byte.
fn stored_mentions(mentions: &[Span]) -> Vec<SpanV1> {
    let mut before = 0u32;
    let distance = |span: &Span| {
        let SpanV1(start, bytes) = SpanV1::from(*span);
        SpanV1(start.wrapping_sub(std::mem::replace(&mut before, start)), bytes)
    };
    mentions.iter().map(distance).collect()
}

fn live_mentions(stored: Vec<SpanV1>) -> Vec<Span> {
    let mut start = 0u32;
    let span = |SpanV1(distance, bytes)| {
        start = start.wrapping_add(distance);
        Span::from(SpanV1(start, bytes))
    };
    stored.into_iter().map(span).collect()
}

impl From<Number> for NumberV1 {
    fn from(number: Number) -> NumberV1 {
        match number {
            Number::Whole(value) => NumberV1::Whole(value),
            Number::Decimal(value) => NumberV1::Decimal(value),
        }
    }
}

impl TryFrom<NumberV1> for Number {
    type Error = Wrong;

    fn try_from(stored: NumberV1) -> Result<Number, Wrong> {
        match stored {
            NumberV1::Whole(value) => Ok(Number::Whole(value)),
            NumberV1::Decimal(value) if value.is_finite() => Ok(Number::Decimal(value)),
            NumberV1::Decimal(_) => Err("a number is not finite"),
        }
    }
}

fn stored_values(values: &[Value]) -> Vec<ValueV1<'_>> {
    let stored = |value| match value {
        &Value::Number(number) => ValueV1::Number(number.into()),
        &Value::Boolean(value) => ValueV1::Boolean(value),
        &Value::Date(date) => ValueV1::Date(date.into()),
        Value::Text(text) => ValueV1::Text(text),
    };
    values.iter().map(stored).collect()
}

fn live_values(values: Vec<ValueV1<'_>>) -> Result<Vec<Value>, Wrong> {
    let live = |value| {
        Ok(match value {
            ValueV1::Text(text) => Value::from(text),
            ValueV1::Number(number) => Value::Number(number.try_into()?),
            ValueV1::Boolean(value) => Value::Boolean(value),
            ValueV1::Date(date) => Value::Date(date.try_into()?),
        })
    };
    values.into_iter().map(live).collect()
}

fn country_code(country: Country) -> [u8; 2] {
    country.as_str().as_bytes().try_into().unwrap_or_default()
}

fn country(code: [u8; 2]) -> Result<Country, Wrong> {
    let country = std::str::from_utf8(&code).ok().and_then(Country::new);
    country.ok_or("a country code is not two letters")
}

fn certainty(number: u8) -> Result<Certainty, Wrong> {
    numbered(&CERTAINTIES, number, "it names an unknown certainty")
}

fn borrowed(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

fn owned(texts: Vec<&str>) -> Vec<String> {
    texts.into_iter().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_spans_come_back(pairs: Vec<(u32, u32)>) {
            let spans: Vec<Span> = pairs.into_iter().map(|(start, end)| Span { start, end }).collect();
            prop_assert_eq!(live_mentions(stored_mentions(&spans)), spans);
        }
    }

    #[test]
    fn spans_are_stored_as_the_format_says() {
        let spans = [Span { start: 10, end: 15 }, Span { start: 12, end: 20 }];
        let bytes =
            |spans: Vec<SpanV1>| bincode::serde::encode_to_vec(spans, bincode::config::standard()).unwrap();
        assert_eq!(bytes(stored_mentions(&spans)), [2, 10, 5, 2, 8]);
        assert_eq!(bytes(spans.map(SpanV1::from).into()), [2, 10, 5, 12, 8]);
    }

    #[test]
    fn every_enum_value_has_its_frozen_number() {
        assert!(EntityKind::ALL.iter().all(|kind| number_of(&KINDS, kind) == *kind as u8));
        assert!(Precision::ALL.iter().all(|precision| number_of(&PRECISIONS, precision) == *precision as u8));
        assert_eq!(number_of(&CERTAINTIES, &Certainty::Given), Certainty::Given as u8);
        assert_eq!(number_of(&CATEGORIES, &Category::Other), Category::Other as u8);
        assert_eq!(number_of(&BOUNDS, &Bound::About), Bound::About as u8);
    }
}
