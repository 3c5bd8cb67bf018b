//! The draft: an article as import read it, before the archive has agreed to the types of its declared fields.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use xxhash_rust::xxh3::Xxh3Default;

use super::{ARTICLE_BYTES_MAX, Article, KEY_BYTES_MAX, TITLE_GAP};
use crate::date::{Date, Precision};
use crate::schema::{Builtin, FieldType, Schema};
use crate::value::{Number, Value};

/// Most values of declared fields in one article.
pub const FIELD_VALUES_MAX: usize = 10_000;

/// Longest name of a declared field, in bytes.
pub const FIELD_NAME_BYTES_MAX: usize = 255;

/// Longest text in a declared field, in bytes (64 KiB).
pub const FIELD_TEXT_BYTES_MAX: usize = 64 << 10;

/// An article on its way into an archive: complete but for the types of its declared fields.
///
/// The archive [settles](Draft::settle) drafts in input order, since the first value of a field fixes its type.
///
/// # Examples
///
/// ```
/// use dateline::article::{Article, Draft};
/// use dateline::schema::Schema;
///
/// let article = Article { body: "Fighting stopped.".into(), ..Article::default() };
/// let article = Draft::from(article).settle(&mut Schema::default())?;
/// assert_eq!(article.key.len(), 32, "without a key or URL the key is a hash of the content");
/// # Ok::<(), dateline::article::SettleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// The story. Values in its `fields` count as the first values of `loose`.
    pub article: Article,
    /// Values of declared fields by dotted name.
    pub loose: BTreeMap<String, Vec<Loose>>,
    /// Where it was read.
    pub origin: Origin,
}

/// The place in a file where a draft was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file as the user named it or the walk found it; `-` is the standard input.
    pub file: Arc<Path>,
    /// The line on which the row starts, from 1; 0 for drafts that no file brought.
    pub line: u64,
}

impl Default for Origin {
    fn default() -> Origin {
        Origin { file: Path::new("").into(), line: 0 }
    }
}

/// A value of a declared field as the input gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Loose {
    /// Words.
    Text {
        /// As received.
        text: String,
        /// Whether the input knows that these are words. A JSON string is; a cell of CSV may as well be a number.
        typed: bool,
    },
    /// A number.
    Number(Number),
    /// True or false.
    Boolean(bool),
    /// A date of some precision.
    Date(Date),
}

impl From<Value> for Loose {
    fn from(value: Value) -> Loose {
        match value {
            Value::Text(text) => Loose::Text { text, typed: true },
            Value::Number(number) => Loose::Number(number),
            Value::Boolean(value) => Loose::Boolean(value),
            Value::Date(date) => Loose::Date(date),
        }
    }
}

impl From<Article> for Draft {
    fn from(article: Article) -> Draft {
        Draft { article, ..Draft::default() }
    }
}

impl Draft {
    /// Turns the draft into the article that the archive stores, and fixes the types of fields new to it.
    ///
    /// A key that is blank becomes the URL, else the hash of the content. A draft that does not fit leaves the
    /// schema as it was.
    ///
    /// # Errors
    ///
    /// [`SettleError`], which hands the draft back, where a limit is passed, nothing is left to read, or a value
    /// has another type than its field.
    pub fn settle(mut self, schema: &mut Schema) -> Result<Article, SettleError> {
        self.absorb_fields();
        self.fill_key();
        match self.check().and_then(|()| self.settle_fields(schema)) {
            Err(reason) => Err(SettleError { draft: Box::new(self), reason }),
            Ok(fields) => Ok(Article { fields, ..self.article }),
        }
    }

    /// Checks all that does not depend on the archive: the text, the key, the limits.
    ///
    /// # Errors
    ///
    /// [`Unfit`] names what keeps this draft out of every archive.
    pub fn check(&self) -> Result<(), Unfit> {
        let Article { key, title, body, .. } = &self.article;
        let title = title.as_deref().unwrap_or("");
        let bytes = title.len() + body.len();
        if title.trim().is_empty() && body.trim().is_empty() {
            return Err(Unfit::NoText);
        }
        if bytes > ARTICLE_BYTES_MAX {
            return Err(Unfit::TooLarge { bytes });
        }
        if key.len() > KEY_BYTES_MAX {
            return Err(Unfit::KeyTooLong { bytes: key.len() });
        }
        self.check_fields()
    }

    fn check_fields(&self) -> Result<(), Unfit> {
        let count = self.loose.values().map(Vec::len).sum::<usize>();
        if count > FIELD_VALUES_MAX {
            return Err(Unfit::TooManyValues { count });
        }
        for (name, values) in &self.loose {
            if name.is_empty() || name.len() > FIELD_NAME_BYTES_MAX || Builtin::from_name(name).is_some() {
                return Err(Unfit::FieldName { name: name.chars().take(40).collect() });
            }
            let longest = values.iter().map(Loose::text_bytes).max().unwrap_or(0);
            if longest > FIELD_TEXT_BYTES_MAX {
                return Err(Unfit::TextTooLong { name: name.clone(), bytes: longest });
            }
        }
        Ok(())
    }

    fn absorb_fields(&mut self) {
        for (name, values) in std::mem::take(&mut self.article.fields) {
            let given = self.loose.entry(name.to_lowercase()).or_default();
            given.splice(0..0, values.into_iter().map(Loose::from));
        }
    }

    /// Fills a blank key: with the URL, else the hash of the content.
    pub fn fill_key(&mut self) {
        let article = &mut self.article;
        if article.key.trim().is_empty() {
            let url = article.url.clone().filter(|url| !url.trim().is_empty());
            article.key = url.unwrap_or_else(|| format!("{:032x}", article.content_hash()));
        }
    }

    /// Types every field, then declares them: a row that fails must not fix the type of a field before it.
    fn settle_fields(&self, schema: &mut Schema) -> Result<BTreeMap<String, Vec<Value>>, Unfit> {
        let mut settled = BTreeMap::new();
        let mut news = Vec::new();
        for (name, values) in &self.loose {
            let name = name.to_lowercase();
            let known = schema.field(&name).map(|field| field.field_type);
            let Some(field_type) = known.or_else(|| values.first().map(Loose::field_type)) else {
                continue;
            };
            let values = values
                .iter()
                .map(|value| value.read_as(field_type).ok_or_else(|| value.misfit(&name, field_type)))
                .collect::<Result<Vec<Value>, Unfit>>()?;
            if values.is_empty() {
                continue;
            }
            if known.is_none() {
                news.push((name.clone(), field_type));
            }
            settled.entry(name).or_insert_with(Vec::new).extend(values);
        }
        for (name, field_type) in news {
            schema.declare(&name, field_type);
        }
        Ok(settled)
    }
}

impl Article {
    /// Returns the hash of title and body that recognises copies: XXH3 of 128 bits over both with
    /// [`TITLE_GAP`] between them.
    pub fn content_hash(&self) -> u128 {
        let mut hash = Xxh3Default::new();
        hash.update(self.title.as_deref().unwrap_or("").as_bytes());
        hash.update(TITLE_GAP.as_bytes());
        hash.update(self.body.as_bytes());
        hash.digest128()
    }
}

impl Loose {
    /// Returns the type that this value fixes where it is the first of its field.
    ///
    /// Words fix `date` only where they name a day or a moment: `2018` may be anything.
    pub fn field_type(&self) -> FieldType {
        match self {
            Loose::Number(_) => FieldType::Number,
            Loose::Boolean(_) => FieldType::Boolean,
            Loose::Date(_) => FieldType::Date,
            Loose::Text { text, typed } => {
                let first = |types: &[FieldType]| {
                    types.iter().copied().find(|&field_type| match (field_type, self.read_as(field_type)) {
                        (FieldType::Date, Some(Value::Date(date))) => date.precision() >= Precision::Day,
                        (_, value) => value.is_some(),
                    })
                };
                let candidates: &[FieldType] = match (text.trim().is_empty(), typed) {
                    (true, _) => &[],
                    (false, true) => &[FieldType::Date],
                    (false, false) => &[FieldType::Number, FieldType::Boolean, FieldType::Date],
                };
                first(candidates).unwrap_or(FieldType::Keyword)
            }
        }
    }

    /// Returns the value as one of `field_type`, or `None` where it is of another type.
    pub fn read_as(&self, field_type: FieldType) -> Option<Value> {
        match (self, field_type) {
            (Loose::Number(number), FieldType::Number) => Some(Value::Number(*number)),
            (Loose::Boolean(value), FieldType::Boolean) => Some(Value::Boolean(*value)),
            (Loose::Date(date), FieldType::Date) => Some(Value::Date(*date)),
            (Loose::Text { text, .. }, FieldType::Keyword) => Some(Value::from(text.as_str())),
            (Loose::Text { text, .. }, FieldType::Date) => text.trim().parse().ok().map(Value::Date),
            (Loose::Text { text, typed: false }, FieldType::Number) => read_number(text).map(Value::Number),
            (Loose::Text { text, typed: false }, FieldType::Boolean) => {
                read_boolean(text).map(Value::Boolean)
            }
            _ => None,
        }
    }

    fn misfit(&self, field: &str, expected: FieldType) -> Unfit {
        let shown: String = self.to_string().chars().take(40).collect();
        Unfit::Type { field: field.to_owned(), expected, found: self.field_type(), shown }
    }

    fn text_bytes(&self) -> usize {
        if let Loose::Text { text, .. } = self { text.len() } else { 0 }
    }
}

impl std::fmt::Display for Loose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Loose::Text { text, .. } => f.write_str(text),
            Loose::Number(number) => number.fmt(f),
            Loose::Boolean(value) => value.fmt(f),
            Loose::Date(date) => date.fmt(f),
        }
    }
}

/// Reads digits with an optional sign and fraction; the words of floats (`inf`, `NaN`) are no numbers.
fn read_number(text: &str) -> Option<Number> {
    let text = text.trim();
    let digit = |byte: u8| byte.is_ascii_digit();
    let starts_well = text.bytes().find(|byte| !matches!(byte, b'-' | b'+')).is_some_and(digit);
    if !starts_well {
        return None;
    }
    text.parse().map(Number::Whole).ok().or_else(|| Number::from_f64(text.parse().ok()?))
}

fn read_boolean(text: &str) -> Option<bool> {
    match text.trim() {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Says why a draft cannot enter an archive, and hands it back.
#[derive(Debug, Clone, PartialEq, Error)]
#[error("{reason}")]
pub struct SettleError {
    /// The draft as it was.
    pub draft: Box<Draft>,
    /// What does not fit.
    pub reason: Unfit,
}

/// What keeps a draft out of an archive; always the fault of the input.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Title and body are both blank.
    #[error("there is no text: neither title nor body; give it one of them")]
    NoText,
    /// Title and body together pass [`ARTICLE_BYTES_MAX`].
    #[error(
        "the article has {bytes} bytes of text; at most {ARTICLE_BYTES_MAX} fit; store it as several articles"
    )]
    TooLarge {
        /// Bytes of title and body.
        bytes: usize,
    },
    /// The key passes [`KEY_BYTES_MAX`].
    #[error("the key has {bytes} bytes; at most {KEY_BYTES_MAX} fit; give it a shorter `id`")]
    KeyTooLong {
        /// Bytes of the key.
        bytes: usize,
    },
    /// More declared values than [`FIELD_VALUES_MAX`].
    #[error(
        "the article has {count} values beside the known members; at most {FIELD_VALUES_MAX} fit; leave out those that nobody asks for"
    )]
    TooManyValues {
        /// Values counted.
        count: usize,
    },
    /// A declared field with a name that is empty, too long, or that of a built-in field.
    #[error(
        "`{name}` cannot name a declared field; a name has 1 to {FIELD_NAME_BYTES_MAX} bytes and is no built-in field; rename the member"
    )]
    FieldName {
        /// The front of the name.
        name: String,
    },
    /// A text in a declared field passes [`FIELD_TEXT_BYTES_MAX`].
    #[error(
        "`{name}` holds a text of {bytes} bytes; at most {FIELD_TEXT_BYTES_MAX} fit; leave the member out or make it the body"
    )]
    TextTooLong {
        /// The field.
        name: String,
        /// Bytes of the text.
        bytes: usize,
    },
    /// A value of another type than the field has.
    #[error(
        "`{field}` holds {expected} values in this archive, and `{shown}` is a {found}; write a {expected}, or rename the member"
    )]
    Type {
        /// The field.
        field: String,
        /// Its type in this archive.
        expected: FieldType,
        /// The type of the value.
        found: FieldType,
        /// The front of the value.
        shown: String,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn draft(name: &str, values: Vec<Loose>) -> Draft {
        let article = Article { key: "k".into(), body: "Text.".into(), ..Article::default() };
        Draft { article, loose: BTreeMap::from([(name.to_owned(), values)]), ..Draft::default() }
    }

    fn words(text: &str) -> Loose {
        Loose::Text { text: text.into(), typed: true }
    }

    fn cell(text: &str) -> Loose {
        Loose::Text { text: text.into(), typed: false }
    }

    #[test]
    fn the_first_value_fixes_the_type() {
        let cases = [
            (words("front page"), FieldType::Keyword),
            (words("2018-09-03"), FieldType::Date),
            (words("2018-09-03T10:00Z"), FieldType::Date),
            (words("2018-09"), FieldType::Keyword),
            (words("17"), FieldType::Keyword),
            (words("true"), FieldType::Keyword),
            (cell("17"), FieldType::Number),
            (cell("-1.5"), FieldType::Number),
            (cell("nan"), FieldType::Keyword),
            (cell("true"), FieldType::Boolean),
            (cell("2018-09-03"), FieldType::Date),
            (Loose::Number(Number::Whole(1)), FieldType::Number),
            (Loose::Boolean(true), FieldType::Boolean),
        ];
        for (value, expected) in cases {
            let mut schema = Schema::default();
            let shown = format!("{value:?}");
            draft("tone", vec![value]).settle(&mut schema).unwrap();
            assert_eq!(schema.field("tone").unwrap().field_type, expected, "{shown}");
        }
    }

    #[test]
    fn another_type_rejects_the_row_and_leaves_the_schema() {
        let mut schema = Schema::default();
        schema.declare("tone", FieldType::Number);
        let mut unfit = draft("tone", vec![words("calm")]);
        unfit.loose.insert("mood".into(), vec![words("calm")]);
        let error = unfit.clone().settle(&mut schema).unwrap_err();
        let message = "`tone` holds number values in this archive, and `calm` is a keyword; write a number, or rename the member";
        assert_eq!(error.to_string(), message);
        assert_eq!(*error.draft, unfit);
        assert!(schema.field("mood").is_none());
    }

    #[test]
    fn keyword_fields_take_any_words_and_empty_lists_fix_nothing() {
        let mut schema = Schema::default();
        schema.declare("code", FieldType::Keyword);
        let article = draft("code", vec![words("2018-09-03"), cell("17")]).settle(&mut schema).unwrap();
        assert_eq!(article.fields["code"], [Value::from("2018-09-03"), Value::from("17")]);
        let article = draft("empty", Vec::new()).settle(&mut schema).unwrap();
        assert!(article.fields.is_empty() && schema.field("empty").is_none());
    }

    #[test]
    fn one_article_cannot_mix_types() {
        let mixed = vec![Loose::Number(Number::Whole(1)), words("one")];
        assert!(draft("tone", mixed).settle(&mut Schema::default()).is_err());
        let whole_and_decimal = vec![Loose::Number(Number::Whole(1)), Loose::Number(Number::Decimal(1.5))];
        assert!(draft("tone", whole_and_decimal).settle(&mut Schema::default()).is_ok());
    }

    #[test]
    fn limits_and_blank_articles_are_refused() {
        let settle = |change: fn(&mut Draft)| {
            let mut draft = draft("tone", vec![words("calm")]);
            change(&mut draft);
            draft.settle(&mut Schema::default()).map_err(|error| error.reason)
        };
        assert_eq!(settle(|d| d.article.body = " \n".into()), Err(Unfit::NoText));
        assert!(matches!(
            settle(|d| d.article.body = "x".repeat(ARTICLE_BYTES_MAX + 1)),
            Err(Unfit::TooLarge { .. })
        ));
        assert!(matches!(settle(|d| d.article.key = "k".repeat(5_000)), Err(Unfit::KeyTooLong { .. })));
        let over = |d: &mut Draft| drop(d.loose.insert("people".into(), Vec::new()));
        assert!(matches!(settle(over), Err(Unfit::FieldName { .. })));
        let long = |d: &mut Draft| drop(d.loose.insert("html".into(), vec![words(&"x".repeat(70_000))]));
        assert!(matches!(settle(long), Err(Unfit::TextTooLong { .. })));
    }

    #[test]
    fn typed_fields_and_missing_keys_are_taken_over() {
        let article = Article {
            url: Some("https://example.org/1".into()),
            title: Some("Talks".into()),
            fields: BTreeMap::from([("Edition".into(), vec![Value::from(3)])]),
            ..Article::default()
        };
        let mut schema = Schema::default();
        let settled = Draft::from(article).settle(&mut schema).unwrap();
        assert_eq!(settled.key, "https://example.org/1");
        assert_eq!(settled.fields["edition"], [Value::from(3)]);
        assert_eq!(schema.field("edition").unwrap().field_type, FieldType::Number);
    }

    fn loose() -> impl Strategy<Value = Loose> {
        prop_oneof![
            ("calm|2018|2018-09-03|17|1\\.5|true| ", any::<bool>())
                .prop_map(|(text, typed)| Loose::Text { text, typed }),
            any::<i8>().prop_map(|number| Loose::Number(Number::Whole(number.into()))),
            any::<bool>().prop_map(Loose::Boolean),
        ]
    }

    fn type_of(value: &Value) -> FieldType {
        match value {
            Value::Text(_) => FieldType::Keyword,
            Value::Number(_) => FieldType::Number,
            Value::Boolean(_) => FieldType::Boolean,
            Value::Date(_) => FieldType::Date,
        }
    }

    proptest! {
        #[test]
        fn a_field_never_holds_two_types(
            rows in prop::collection::vec(prop::collection::btree_map("[ab]", prop::collection::vec(loose(), 0..3), 0..3), 1..12)
        ) {
            let mut schema = Schema::default();
            for loose in rows {
                let before = schema.clone();
                let article = Article { body: "Text.".into(), ..Article::default() };
                match (Draft { article, loose, ..Draft::default() }).settle(&mut schema) {
                    Err(_) => prop_assert_eq!(&schema, &before),
                    Ok(article) => for (name, values) in &article.fields {
                        let field_type = schema.field(name).map(|field| field.field_type);
                        prop_assert!(!values.is_empty());
                        prop_assert!(values.iter().all(|value| Some(type_of(value)) == field_type));
                    },
                }
            }
        }
    }
}
