//! Extractions as JSON: one object an article, for programs that score or use them without a database.
//!
//! ```text
//! {"id": "…", "title": "…", "lede": [start, end], "dateline": {"place": "…", "span": [start, end]} | null,
//!  "byline": ["…"], "agency": ["AFP"], "source": "…", "date": "2018-09-03",
//!  "entities": [{"name": "Idlib", "kind": "place", "mentions": [[start, end], …], "country": "SY"}],
//!  "demonyms": [[start, end, "SY"]],
//!  "quotes": [{"span": [start, end], "speaker": "…" | null, "speaker_span": [start, end] | null}],
//!  "dates": [{"span": [start, end], "from": "2018-09-03", "to": "2018-09-03"}],
//!  "figures": [{"span": [start, end], "category": "deaths", "bound": ">", "value": 350000, "unit": "people"}],
//!  "focus": "Idlib" | null, "keywords": ["…"]}
//! ```
//!
//! Every member is always there, in this order. Spans are half-open ranges of bytes in the original text; dates are
//! closed ranges of days. Time expressions that could not be put on the calendar are left out.

use jiff::civil;
use serde::Serialize;

use crate::article::{DateExpression, Demonym, Entity, Extraction, Figure, Original, Quote};
use crate::text::Span;
use crate::value::Number;

/// Returns the object of one article, on one line without its end.
///
/// # Examples
///
/// ```
/// use dateline::article::Original;
/// use dateline::extract::{Extractor, json};
///
/// let original = Original::of_text("Talks fail\n\nPARIS (AFP) - Talks failed, Jean Dupont said.");
/// let found = Extractor::new().extract(&original.article);
/// let object = json::object(&original, &found);
/// assert!(object.contains(r#""dateline":{"place":"Paris","span":[12,26]}"#), "{object}");
/// ```
pub fn object(original: &Original, found: &Extraction) -> String {
    // Texts, numbers and lists of them always have a JSON form.
    serde_json::to_string(&Annotated::of(original, found)).unwrap_or_default()
}

type Pair = [u32; 2];

#[derive(Serialize)]
struct Annotated<'a> {
    id: &'a str,
    title: Option<&'a str>,
    lede: Option<Pair>,
    dateline: Option<Place<'a>>,
    byline: Vec<&'a str>,
    agency: Vec<&'a str>,
    source: Option<&'a str>,
    date: Option<String>,
    entities: Vec<Named<'a>>,
    demonyms: Vec<(u32, u32, &'a str)>,
    quotes: Vec<Said<'a>>,
    dates: Vec<Dated>,
    figures: Vec<Counted<'a>>,
    focus: Option<&'a str>,
    keywords: &'a [String],
}

#[derive(Serialize)]
struct Place<'a> {
    place: &'a str,
    span: Pair,
}

#[derive(Serialize)]
struct Named<'a> {
    name: &'a str,
    kind: &'static str,
    mentions: Vec<Pair>,
    country: Option<&'a str>,
}

#[derive(Serialize)]
struct Said<'a> {
    span: Pair,
    speaker: Option<&'a str>,
    speaker_span: Option<Pair>,
}

#[derive(Serialize)]
struct Dated {
    span: Pair,
    from: String,
    to: String,
}

#[derive(Serialize)]
struct Counted<'a> {
    span: Pair,
    category: &'static str,
    bound: &'static str,
    value: serde_json::Number,
    unit: &'a str,
}

impl<'a> Annotated<'a> {
    fn of(original: &'a Original, found: &'a Extraction) -> Annotated<'a> {
        let article = &original.article;
        let pair = |span: Span| pair(original.span(span));
        let date = article.date.or(found.date).map(|date| date.to_string());
        let name_of =
            |index: u32| found.entities.get(index as usize).map(|entity: &Entity| entity.name.as_str());
        let given = &article.given;
        Annotated {
            id: &article.key,
            title: original.title.as_deref(),
            lede: found.lede.map(pair),
            dateline: found
                .dateline
                .as_ref()
                .map(|line| Place { place: line.place.as_str(), span: pair(line.span) }),
            byline: joined(&given.authors, &found.byline),
            agency: joined(&given.agencies, &found.agencies),
            source: article.source.as_deref(),
            date,
            entities: found.entities.iter().map(|entity| named(entity, pair)).collect(),
            demonyms: found.demonyms.iter().map(|demonym| placed(demonym, pair)).collect(),
            quotes: found.quotes.iter().map(|quote| said(quote, pair)).collect(),
            dates: found.dates.iter().filter_map(|date| dated(date, pair)).collect(),
            figures: found.figures.iter().map(|figure| counted(figure, pair)).collect(),
            focus: found.focus.and_then(name_of),
            keywords: &found.keywords,
        }
    }
}

fn pair(span: Span) -> Pair {
    [span.start, span.end]
}

/// Returns what was given and what was found, each once.
fn joined<'a>(given: &'a [String], found: &'a [String]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::with_capacity(given.len() + found.len());
    for name in given.iter().chain(found) {
        if !all.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            all.push(name);
        }
    }
    all
}

fn named(entity: &Entity, pair: impl Fn(Span) -> Pair) -> Named<'_> {
    Named {
        name: &entity.name,
        kind: entity.kind.name(),
        mentions: entity.mentions.iter().map(|&span| pair(span)).collect(),
        country: entity.country.as_ref().map(|country| country.as_str()),
    }
}

fn placed(demonym: &Demonym, pair: impl Fn(Span) -> Pair) -> (u32, u32, &str) {
    let [start, end] = pair(demonym.span);
    (start, end, demonym.country.as_str())
}

fn said(quote: &Quote, pair: impl Fn(Span) -> Pair) -> Said<'_> {
    Said {
        span: pair(quote.span),
        speaker: quote.speaker.as_ref().map(|speaker| speaker.name.as_str()),
        speaker_span: quote.speaker.as_ref().and_then(|speaker| speaker.span).map(pair),
    }
}

fn dated(date: &DateExpression, pair: impl Fn(Span) -> Pair) -> Option<Dated> {
    let days = date.days?;
    Some(Dated { span: pair(date.span), from: day(days.from)?, to: day(days.to)? })
}

/// Returns a day, counted from 1970-01-01, as `2018-09-03`.
fn day(epoch_day: i32) -> Option<String> {
    let days = jiff::Span::new().try_days(epoch_day).ok()?;
    Some(civil::Date::constant(1970, 1, 1).checked_add(days).ok()?.to_string())
}

fn counted(figure: &Figure, pair: impl Fn(Span) -> Pair) -> Counted<'_> {
    let value = match figure.value {
        Number::Whole(value) => value.into(),
        Number::Decimal(value) => serde_json::Number::from_f64(value).unwrap_or(0.into()),
    };
    Counted {
        span: pair(figure.span),
        category: figure.category.name(),
        bound: figure.bound.sign(),
        value,
        unit: &figure.unit,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::article::{Article, Given};
    use crate::extract::Extractor;

    fn annotated(original: &Original) -> Value {
        let found = Extractor::new().extract(&original.article);
        serde_json::from_str(&object(original, &found)).expect("an object")
    }

    #[test]
    fn every_member_is_there_in_order() {
        let original = Original::of_text("Talks fail");
        let line = object(&original, &Extractor::new().extract(&original.article));
        let order = [
            "id", "title", "lede", "dateline", "byline", "agency", "source", "date", "entities", "demonyms",
            "quotes", "dates", "figures", "focus", "keywords",
        ];
        let places: Vec<_> = order.iter().map(|name| line.find(&format!("\"{name}\":"))).collect();
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{line}");
    }

    #[test]
    fn offsets_are_into_the_original_text() {
        let text = "\n Talks fail \r\n\r\nTalks on Syria failed after over 100 people died.";
        let object = annotated(&Original::of_text(text));
        let words = |pair: &Value| {
            let at = |index: usize| pair[index].as_u64().expect("an offset") as usize;
            text[at(0)..at(1)].to_owned()
        };
        assert_eq!(words(&object["entities"][0]["mentions"][0]), "Syria");
        let figure = &object["figures"][0];
        assert_eq!((words(&figure["span"]).contains("100"), &figure["bound"]), (true, &json!(">")));
        assert_eq!((&figure["category"], &figure["value"]), (&json!("deaths"), &json!(100)));
    }

    #[test]
    fn unresolved_dates_are_left_out_and_resolved_ones_are_closed() {
        let mut original = Original::of_text("Talks fail\n\nThey met on Friday.");
        assert_eq!(annotated(&original)["dates"], json!([]));
        original.article.date = "2018-09-03".parse().ok();
        assert_eq!(
            annotated(&original)["dates"],
            json!([{"span": [24, 30], "from": "2018-08-31", "to": "2018-08-31"}])
        );
    }

    #[test]
    fn what_was_given_goes_first() {
        let given =
            Given { agencies: vec!["DPA".into()], authors: vec!["Jane Roe".into()], ..Given::default() };
        let article = Article { body: "Talks failed. (AFP)".into(), given, ..Article::default() };
        let object = annotated(&Original::of_article(article));
        assert_eq!((&object["agency"], &object["byline"]), (&json!(["DPA", "AFP"]), &json!(["Jane Roe"])));
    }
}
