//! Lines of a dump: version 1, frozen.
//!
//! A dump is one zstd frame with a checksum, of lines of JSON:
//!
//! ```text
//! {"dateline dump":1,"articles":2,"next_id":9,"catalog":{"declared":{"tone":"number"},"aliases":{..},"saved":{..}}}
//! {"id":7,"extracted":true,"key":"a","title":"..","body":"..","date":"2018-09-03","fields":{"tone":[3]}}
//! {"id":8,"extracted":true,"story":"7","key":"b","body":"..","given":{"people":[".."],"removed":{"place":[".."]}}}
//! {"end":2}
//! ```
//!
//! Ids rise. Members that say nothing are left out. Dates are written at their precision, as the query language writes
//! them; values of declared fields are strings, numbers, `true`, `false`, and dates as `{"date":".."}`. What was
//! extracted is not there: loading extracts it again, unless `extracted` is false. Stories are, since they tell what was
//! stored when; loading finds that of an article without `story`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::{Article, Given, Record};
use crate::catalog::{Catalog, Saved};
use crate::date::Date;
use crate::schema::{Builtin, FieldType, Schema};
use crate::value::{Number, Value};

/// Version of the dump format.
pub(super) const DUMP_VERSION: u32 = 1;

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct HeadLine {
    #[serde(rename = "dateline dump")]
    pub version: u32,
    pub articles: u64,
    pub next_id: u32,
    pub catalog: CatalogLine,
}

/// The last line.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct EndLine {
    pub end: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CatalogLine {
    /// Declared fields with the names of their types.
    declared: BTreeMap<String, String>,
    aliases: BTreeMap<String, Vec<String>>,
    saved: BTreeMap<String, SavedLine>,
}

#[derive(Debug, Serialize, Deserialize)]
struct SavedLine {
    text: String,
    condition: bool,
    language: u32,
}

/// An article.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ArticleLine {
    pub id: u32,
    pub extracted: bool,
    /// The story that it belongs to; dumps of older programs name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub story: Option<String>,
    key: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    added: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    section: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    lang: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    topics: Vec<String>,
    #[serde(default, skip_serializing_if = "GivenLine::is_empty")]
    given: GivenLine,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    fields: BTreeMap<String, Vec<ValueLine>>,
}

/// Values given or put right by hand, by the names of the fields.
#[derive(Debug, Default, Serialize, Deserialize)]
struct GivenLine {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    dateline: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    fixed: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    removed: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum ValueLine {
    Boolean(bool),
    Whole(i64),
    Decimal(f64),
    Text(String),
    Date { date: String },
}

impl GivenLine {
    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.dateline.is_none() && self.fixed.is_empty() && self.removed.is_empty()
    }

    fn of(given: Given) -> GivenLine {
        let lists =
            Given::FIELDS.iter().map(|&field| (field.name().to_owned(), given.values(field).to_vec()));
        let named = |(field, values): (Builtin, Vec<String>)| (field.name().to_owned(), values);
        GivenLine {
            values: lists.filter(|(_, values)| !values.is_empty()).collect(),
            dateline: given.dateline,
            fixed: given.fixed.iter().map(|field| field.name().to_owned()).collect(),
            removed: given.removed.into_iter().map(named).collect(),
        }
    }

    fn into_given(mut self) -> Result<Given, String> {
        let mut take = |field: Builtin| self.values.remove(field.name()).unwrap_or_default();
        let mut given = Given {
            authors: take(Builtin::Author),
            people: take(Builtin::Person),
            places: take(Builtin::Place),
            orgs: take(Builtin::Org),
            countries: take(Builtin::Country),
            agencies: take(Builtin::Agency),
            dateline: self.dateline,
            ..Given::default()
        };
        if let Some(name) = self.values.keys().next() {
            return Err(format!("`{name}` is no field that values are given of"));
        }
        for name in &self.fixed {
            given.fixed.insert(given_field(name)?);
        }
        for (name, values) in self.removed {
            given.removed.insert(given_field(&name)?, values);
        }
        Ok(given)
    }
}

fn given_field(name: &str) -> Result<Builtin, String> {
    let field = Given::FIELDS.into_iter().find(|field| field.name() == name);
    field.ok_or_else(|| format!("`{name}` is no field that values are given of"))
}

impl From<Value> for ValueLine {
    fn from(value: Value) -> ValueLine {
        match value {
            Value::Text(text) => ValueLine::Text(text),
            Value::Number(Number::Whole(number)) => ValueLine::Whole(number),
            Value::Number(Number::Decimal(number)) => ValueLine::Decimal(number),
            Value::Boolean(value) => ValueLine::Boolean(value),
            Value::Date(date) => ValueLine::Date { date: date.to_string() },
        }
    }
}

impl ValueLine {
    fn into_value(self) -> Result<Value, String> {
        Ok(match self {
            ValueLine::Text(text) => Value::Text(text),
            ValueLine::Whole(number) => Value::Number(Number::Whole(number)),
            ValueLine::Decimal(number) if number.is_finite() => Value::Number(Number::Decimal(number)),
            ValueLine::Decimal(_) => return Err("a number is not finite".to_owned()),
            ValueLine::Boolean(value) => Value::Boolean(value),
            ValueLine::Date { date } => Value::Date(read_date(&date)?),
        })
    }
}

fn read_date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("`{text}` is no date"))
}

impl ArticleLine {
    pub fn of(record: Record) -> ArticleLine {
        let Record { id, article, extraction, story, .. } = record;
        let written = |date: Option<Date>| date.map(|date| date.to_string());
        let values = |values: Vec<Value>| values.into_iter().map(ValueLine::from).collect();
        ArticleLine {
            id: id.0,
            extracted: extraction.version > 0,
            story,
            key: article.key,
            title: article.title,
            body: article.body,
            date: written(article.date),
            added: written(article.added),
            source: article.source,
            url: article.url,
            section: article.section,
            lang: article.lang,
            topics: article.topics,
            given: GivenLine::of(article.given),
            fields: article.fields.into_iter().map(|(name, list)| (name, values(list))).collect(),
        }
    }

    /// Returns the article, or what is wrong with the line.
    pub fn into_article(self) -> Result<Article, String> {
        let date = |text: Option<String>| text.as_deref().map(read_date).transpose();
        let mut fields = BTreeMap::new();
        for (name, values) in self.fields {
            let values = values.into_iter().map(ValueLine::into_value).collect::<Result<_, _>>()?;
            fields.insert(name, values);
        }
        Ok(Article {
            key: self.key,
            title: self.title,
            body: self.body,
            date: date(self.date)?,
            added: date(self.added)?,
            source: self.source,
            url: self.url,
            section: self.section,
            lang: self.lang,
            given: self.given.into_given()?,
            topics: self.topics,
            fields,
        })
    }
}

impl CatalogLine {
    pub fn of(catalog: &Catalog) -> CatalogLine {
        let saved = |saved: &Saved| SavedLine {
            text: saved.text.clone(),
            condition: saved.is_condition,
            language: saved.language_version,
        };
        let declared = catalog.schema.declared();
        CatalogLine {
            declared: declared.map(|(name, kind)| (name.to_owned(), kind.name().to_owned())).collect(),
            aliases: catalog.aliases.clone().into(),
            saved: catalog.saved.iter().map(|(name, one)| (name.clone(), saved(one))).collect(),
        }
    }

    /// Returns the catalog, or what is wrong with the line.
    pub fn into_catalog(self) -> Result<Catalog, String> {
        const TYPES: [FieldType; 4] =
            [FieldType::Keyword, FieldType::Number, FieldType::Boolean, FieldType::Date];
        let mut schema = Schema::default();
        for (name, kind) in &self.declared {
            let kind = TYPES.into_iter().find(|known| known.name() == kind);
            schema.declare(name, kind.ok_or_else(|| format!("field `{name}` has an unknown type"))?);
        }
        let saved = |one: SavedLine| Saved {
            text: one.text,
            is_condition: one.condition,
            language_version: one.language,
        };
        let saved = self.saved.into_iter().map(|(name, one)| (name, saved(one))).collect();
        Ok(Catalog { schema, aliases: self.aliases.into(), saved })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{ArticleId, Extraction};
    use crate::date::{Offset, Precision};
    use proptest::prelude::*;

    fn date() -> impl Strategy<Value = Date> {
        let zone = prop_oneof![Just(None), (-720_i16..=840).prop_map(Some)];
        (-62_000_000_000_i64..250_000_000_000, zone, any::<bool>(), 0_usize..3).prop_map(
            |(at, zone, exact, kind)| {
                let precision = if exact { Precision::Second } else { Precision::Minute };
                let zone = zone.and_then(Offset::from_minutes);
                let instant = Date::instant(at, zone.unwrap_or(Offset::UTC), precision);
                match kind {
                    0 => Date::year((at.unsigned_abs() % 9_000 + 1) as i16),
                    1 => Date::ymd((at.unsigned_abs() % 9_000 + 1) as i16, 2, 28),
                    _ => instant,
                }
                .unwrap_or_else(|_| Date::year(2018).expect("2018 is a year"))
            },
        )
    }

    proptest! {
        #[test]
        fn articles_come_back(
            id: u32, extracted: bool, key: String, title: Option<String>, body: String, numbers: Vec<i64>,
            decimal in any::<f64>().prop_filter("finite", |number| number.is_finite()), date in date(), people: Vec<String>,
            removed: Vec<String>, story: Option<String>,
        ) {
            let mut given = Given { people, dateline: title.clone(), ..Given::default() };
            for name in &removed {
                given.remove(Builtin::Org, name);
            }
            given.set(Builtin::Country, vec![body.clone()]);
            let mut values: Vec<Value> = numbers.into_iter().map(Value::from).collect();
            values.extend([Value::Date(date), Value::from(true), Value::from(key.as_str())]);
            values.push(Value::Number(Number::Decimal(decimal)));
            let fields = [(key.clone(), values)].into();
            let article = Article { key, title, body, date: Some(date), given, fields, ..Article::default() };
            let extraction = Extraction { version: u32::from(extracted), ..Extraction::default() };
            let record = Record { id: ArticleId(id), seq: 1, article: article.clone(), extraction, story: story.clone() };
            let line = serde_json::to_string(&ArticleLine::of(record)).unwrap();
            let read: ArticleLine = serde_json::from_str(&line).unwrap();
            prop_assert_eq!((read.id, read.extracted, &read.story), (id, extracted, &story));
            prop_assert_eq!(read.into_article().unwrap(), article);
        }
    }

    #[test]
    fn the_first_version_stays_readable() {
        let line = r#"{"id":7,"extracted":true,"key":"a","title":"T","body":"B","date":"2018-09-03","fields":{"tone":[3,2.5,"x",true,{"date":"2018-Q3"}]},"given":{"values":{"person":["P"]},"fixed":["org"],"removed":{"place":["L"]}}}"#;
        let read: ArticleLine = serde_json::from_str(line).unwrap();
        let article = read.into_article().unwrap();
        assert_eq!(article.fields["tone"].len(), 5);
        assert_eq!(article.given.people, ["P"]);
        assert!(article.given.excludes(Builtin::Org, "any") && article.given.excludes(Builtin::Place, "L"));
        let wrong = r#"{"id":7,"extracted":true,"key":"a","body":"B","given":{"values":{"topic":["P"]}}}"#;
        let read: ArticleLine = serde_json::from_str(wrong).unwrap();
        assert!(read.into_article().unwrap_err().contains("topic"));
    }
}
