//! The record: an article, its extraction, and the number and version that the database gave them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Article, Category, EntityKind, Extraction};
use crate::date::Date;
use crate::schema::{Builtin, FieldName};
use crate::value::{Number, Value};

/// The number of an article, given by the database and never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ArticleId(pub u32);

impl fmt::Display for ArticleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The number of a commit; the version of everything that the commit wrote. The first commit is 1.
pub type Seq = u64;

/// An article with its extraction, as one version of one database holds it.
///
/// Records are the truth: segments and indexes are pure functions of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The article's number; a replacement keeps it.
    pub id: ArticleId,
    /// The commit that wrote this version.
    pub seq: Seq,
    /// The story as received.
    pub article: Article,
    /// What was derived from it.
    pub extraction: Extraction,
    /// The story that it is a copy of a report of, by name; `None` where nothing was extracted.
    ///
    /// Near-duplicate articles share it. It is named by the number of the article that it began with.
    pub story: Option<String>,
}

impl Record {
    /// Returns the publication date: the one given with the article, else the one found in its text.
    pub fn date(&self) -> Option<Date> {
        self.article.date.or(self.extraction.date)
    }

    /// Returns the values of a keyword, number, boolean or date field, distinct, in the order of the article.
    ///
    /// This is the one place that says what a field holds. Text fields (`title`, `lede`, `body`, `text`) return
    /// their one text; `quote` returns the words of each quotation. Figures return the numbers they name; their
    /// intervals are in [`Extraction::figures`]. `words` is left to the caller, who has the tokens: it returns
    /// nothing here.
    pub fn values(&self, field: &FieldName) -> Vec<Value> {
        let values = match field {
            FieldName::Builtin(builtin) => self.builtin_values(*builtin),
            FieldName::Declared(name) => self.article.fields.get(name).cloned().unwrap_or_default(),
        };
        distinct(values)
    }

    fn builtin_values(&self, field: Builtin) -> Vec<Value> {
        let article = &self.article;
        let found = &self.extraction;
        match field {
            Builtin::Id => vec![Value::from(i64::from(self.id.0))],
            Builtin::Key => vec![Value::from(article.key.as_str())],
            Builtin::Title => one_text(&article.title),
            Builtin::Body => non_blank(&article.body),
            Builtin::Text => non_blank(&article.text()),
            Builtin::Lede => non_blank(&self.lede_text()),
            Builtin::Date => self.date().map(Value::Date).into_iter().collect(),
            Builtin::Added => article.added.map(Value::Date).into_iter().collect(),
            Builtin::Source => one_text(&article.source),
            Builtin::Section => one_text(&article.section),
            Builtin::Lang => one_text(if article.lang.is_some() { &article.lang } else { &found.lang }),
            Builtin::Url => one_text(&article.url),
            Builtin::Dateline => found.dateline.iter().map(|line| Value::from(line.place.as_str())).collect(),
            Builtin::Focus => self.focus_name().into_iter().map(Value::from).collect(),
            Builtin::Agency => texts(article.given.agencies.iter().chain(&found.agencies)),
            Builtin::Country => self.countries(),
            Builtin::Author => texts(article.given.authors.iter().chain(&found.byline)),
            Builtin::Topic => texts(&article.topics),
            Builtin::Keyword => texts(&found.keywords),
            Builtin::Person => self.entity_names(EntityKind::Person),
            Builtin::Place => self.entity_names(EntityKind::Place),
            Builtin::Org => self.entity_names(EntityKind::Org),
            Builtin::Speaker => {
                texts(found.quotes.iter().filter_map(|q| q.speaker.as_ref()).map(|s| &s.name))
            }
            Builtin::Quote => self.quote_words(),
            Builtin::Deaths => self.figures(Category::Deaths),
            Builtin::Injured => self.figures(Category::Injured),
            Builtin::Displaced => self.figures(Category::Displaced),
            Builtin::Arrested => self.figures(Category::Arrested),
            Builtin::Troops => self.figures(Category::Troops),
            Builtin::Percent => self.figures(Category::Percent),
            Builtin::Money => self.figures(Category::Money),
            Builtin::Story => one_text(&self.story),
            // The analyser counts them.
            Builtin::Words => Vec::new(),
        }
    }

    /// Returns title and first reporting paragraph; the field `lede`.
    pub fn lede_text(&self) -> String {
        let text = self.article.text();
        match self.extraction.lede {
            Some(lede) => text.get(..lede.end as usize).unwrap_or(&text).to_owned(),
            None => self.article.title.clone().unwrap_or_default(),
        }
    }

    fn focus_name(&self) -> Option<&str> {
        let index = usize::try_from(self.extraction.focus?).ok()?;
        self.extraction.entities.get(index).map(|entity| entity.name.as_str())
    }

    fn countries(&self) -> Vec<Value> {
        let found = self.extraction.countries();
        let codes = found
            .iter()
            .filter(|country| !self.article.given.excludes(Builtin::Country, country.as_str()))
            .map(|country| Value::from(country.as_str()));
        texts(&self.article.given.countries).into_iter().chain(codes).collect()
    }

    fn entity_names(&self, kind: EntityKind) -> Vec<Value> {
        texts(self.extraction.entities.iter().filter(|entity| entity.kind == kind).map(|entity| &entity.name))
    }

    fn quote_words(&self) -> Vec<Value> {
        let text = self.article.text();
        self.extraction.quotes.iter().map(|quote| Value::from(quote.span.of(&text))).collect()
    }

    fn figures(&self, category: Category) -> Vec<Value> {
        let value = |number: Number| Value::Number(number);
        self.extraction.figures.iter().filter(|f| f.category == category).map(|f| value(f.value)).collect()
    }
}

fn one_text(text: &Option<String>) -> Vec<Value> {
    text.as_deref().map(non_blank).unwrap_or_default()
}

fn non_blank(text: &str) -> Vec<Value> {
    if text.trim().is_empty() { Vec::new() } else { vec![Value::from(text)] }
}

fn texts<'a>(texts: impl IntoIterator<Item = &'a String>) -> Vec<Value> {
    texts.into_iter().filter(|text| !text.trim().is_empty()).map(|text| Value::from(text.as_str())).collect()
}

/// Keeps the first of equal values.
fn distinct(mut values: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::BTreeSet::new();
    values.retain(|value| seen.insert(value.clone()));
    values
}
