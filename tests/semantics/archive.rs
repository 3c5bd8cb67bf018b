//! The tiny archives of the corpus, as segments in memory.
//!
//! An article is an object as import reads it. Its member `found` says what extraction found, so that a case does not
//! hang on how well names and copies are recognised; without it nothing was found but the first paragraph, which is the lede.

use std::sync::Arc;

use dateline::article::{
    Article, ArticleId, Bound, Category, Certainty, Country, Dateline, Entity, EntityKind, Extraction,
    Figure, Quote, Record, Speaker,
};
use dateline::catalog::Catalog;
use dateline::exec::{LiveSegment, View};
use dateline::import::{self, Format, Options, Row};
use dateline::segment::{SegmentBuilder, Versions};
use dateline::store::RecordCodec;
use dateline::text::{ANALYSIS_VERSION, Span};
use dateline::value::Number;
use serde_json::{Map, Value};

/// Reads the articles of a case file, numbered from 1; their declared fields go into the catalog.
pub fn records(articles: &[Value], catalog: &mut Catalog) -> Vec<Record> {
    articles.iter().zip(1..).map(|(article, id)| record(article, id, catalog)).collect()
}

fn record(article: &Value, id: u32, catalog: &mut Catalog) -> Record {
    let mut members = article.as_object().unwrap().clone();
    let found = members.remove("found");
    if let Some(numbered) = members.get("body").filter(|body| body.is_object()) {
        let text = numbered_words(numbered);
        members.insert("body".to_owned(), text.into());
    }
    let story = found.as_ref().and_then(|found| Some(found.get("story")?.as_str()?.to_owned()));
    let line = Value::Object(members).to_string();
    let options = Options { format: Some(Format::JsonLines), ..Options::default() };
    let rows: Vec<Row> = import::from_reader(std::io::Cursor::new(line), "archive.jsonl", &options).collect();
    let [Row::Draft(draft)] = &rows[..] else { panic!("{article} is no article: {rows:?}") };
    let article = draft.clone().settle(&mut catalog.schema).unwrap();
    let extraction = extraction(&article, found.as_ref().and_then(Value::as_object));
    Record { id: ArticleId(id), seq: u64::from(id), article, extraction, story }
}

/// `{"words": "w", "from": 8, "to": 10}` is `w8 w9 w10`.
fn numbered_words(numbered: &Value) -> String {
    let end = |name: &str| numbered[name].as_u64().unwrap();
    let word = |number: u64| format!("{}{number}", numbered["words"].as_str().unwrap());
    (end("from")..=end("to")).map(word).collect::<Vec<_>>().join(" ")
}

/// Lays the records out in one segment, or in one segment each.
pub fn view(records: &[Record], apart: bool, catalog: &Arc<Catalog>) -> View {
    let size = if apart { 1 } else { records.len().max(1) };
    let segments = records.chunks(size).map(segment).collect();
    View { segments, catalog: Arc::clone(catalog) }
}

fn segment(records: &[Record]) -> LiveSegment {
    let versions = Versions { analysis: ANALYSIS_VERSION, stemmer: 1, gazetteer: 1, extraction: 1 };
    let mut builder = SegmentBuilder::new(versions, None);
    for record in records {
        builder.add(record, &RecordCodec::new(None).encode(record).unwrap()).unwrap();
    }
    LiveSegment { segment: builder.finish_in_memory(uuid::Uuid::new_v4()).unwrap(), dead: None }
}

fn extraction(article: &Article, found: Option<&Map<String, Value>>) -> Extraction {
    let text = article.text();
    let mut extraction = Extraction { version: 1, ..Extraction::default() };
    let body = article.body_span().start as usize;
    let lede = found.and_then(|found| found.get("lede")).and_then(Value::as_str);
    let paragraph = lede.unwrap_or_else(|| article.body.split("\n\n").next().unwrap_or(""));
    let start = body + article.body.find(paragraph).expect("the lede stands in the body");
    extraction.lede = (!paragraph.is_empty()).then(|| Span::new(start, start + paragraph.len()));
    let list = |name: &str| {
        found.and_then(|found| found.get(name)).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    for (kind, member) in
        [(EntityKind::Person, "people"), (EntityKind::Place, "places"), (EntityKind::Org, "orgs")]
    {
        extraction.entities.extend(list(member).iter().map(|value| entity(kind, value, &text)));
    }
    let given = &article.given;
    for (kind, names) in EntityKind::ALL.into_iter().zip([&given.people, &given.places, &given.orgs]) {
        extraction
            .entities
            .extend(names.iter().map(|name| entity(kind, &Value::from(vec![name.as_str()]), &text)));
    }
    let texts = |name: &str| list(name).iter().map(|text| text.as_str().unwrap().to_owned()).collect();
    extraction.agencies = texts("agencies");
    extraction.keywords = texts("keywords");
    extraction.byline = texts("byline");
    let name = |name: &str| found.and_then(|found| found.get(name)).and_then(Value::as_str);
    extraction.dateline = name("dateline").map(|place| Dateline {
        place: place.to_owned(),
        span: Span::default(),
        country: None,
    });
    extraction.focus = name("focus").and_then(|focus| {
        let is_focus = |entity: &Entity| entity.kind == EntityKind::Place && entity.name == focus;
        extraction.entities.iter().position(is_focus).map(|index| index as u32)
    });
    extraction.quotes = list("quotes").iter().map(|value| quote(value, &text)).collect();
    extraction.figures = list("figures").iter().map(figure).collect();
    extraction
}

/// `["Bashar al-Assad", "Assad"]`, or an object with the places that it lies in.
fn entity(kind: EntityKind, value: &Value, text: &str) -> Entity {
    let names = value.get("names").unwrap_or(value).as_array().unwrap();
    let names: Vec<String> = names.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
    let within = value.get("within").and_then(Value::as_array).cloned().unwrap_or_default();
    Entity {
        kind,
        mentions: mentions(text, &names),
        name: names[0].clone(),
        variants: names[1..].to_vec(),
        titles: Vec::new(),
        country: value.get("country").and_then(Value::as_str).and_then(Country::new),
        within: within.iter().map(|region| region.as_str().unwrap().to_owned()).collect(),
        salience: 0.5,
        certainty: Certainty::High,
    }
}

/// Where the names stand as whole words, the longest first; no two overlap.
fn mentions(text: &str, names: &[String]) -> Vec<Span> {
    let mut longest_first: Vec<&String> = names.iter().collect();
    longest_first.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut spans: Vec<Span> = Vec::new();
    for name in longest_first {
        for (start, _) in text.match_indices(name.as_str()) {
            let span = Span::new(start, start + name.len());
            let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            let cuts_a_word = is_inside(text[..start].chars().next_back())
                || is_inside(text[start + name.len()..].chars().next());
            let overlaps = spans.iter().any(|other| span.start < other.end && other.start < span.end);
            if !cuts_a_word && !overlaps {
                spans.push(span);
            }
        }
    }
    spans.sort();
    spans
}

fn quote(value: &Value, text: &str) -> Quote {
    let words = value["words"].as_str().unwrap();
    let start = text.find(words).unwrap_or_else(|| panic!("{words} is not in the text"));
    let speaker = value["speaker"].as_str().map(|name| Speaker {
        name: name.to_owned(),
        entity: None,
        span: None,
        certainty: Certainty::High,
    });
    Quote { span: Span::new(start, start + words.len()), speaker }
}

fn figure(value: &Value) -> Figure {
    let categories =
        [("deaths", Category::Deaths), ("injured", Category::Injured), ("money", Category::Money)];
    let bounds = [
        ("=", Bound::Exactly),
        (">", Bound::Above),
        (">=", Bound::AtLeast),
        ("<", Bound::Below),
        ("~", Bound::About),
    ];
    let named = |member: &str| value[member].as_str().unwrap().to_owned();
    Figure {
        span: Span::default(),
        category: categories.iter().find(|(name, _)| *name == named("category")).unwrap().1,
        bound: bounds.iter().find(|(name, _)| *name == named("bound")).unwrap().1,
        value: Number::from_f64(value["value"].as_f64().unwrap()).unwrap(),
        unit: "people".to_owned(),
    }
}
