//! Questions asked of small archives, from text to rows.
//!
//! Every question is asked of the same articles in several layouts: all in one segment, one segment an article, and
//! among older versions that were replaced. The answers must be the same.

mod find;
mod help;
mod relevance;
mod tables;

use std::sync::Arc;

use roaring::RoaringBitmap;
use uuid::Uuid;

use super::{Answer, Cell, ExecError, LiveSegment, RunOptions, View, answer};
use crate::article::{
    Article, ArticleId, Certainty, Country, Entity, EntityKind, Extraction, Quote, Record, Speaker,
};
use crate::catalog::Catalog;
use crate::query::ast::{At, Statement};
use crate::query::{Bindings, Resolved, Session, resolve};
use crate::segment::{Segment, SegmentBuilder, Versions};
use crate::store::RecordCodec;
use crate::text::{ANALYSIS_VERSION, Span};

/// Articles of a test, with their catalog.
pub(crate) struct Archive {
    pub records: Vec<Record>,
    pub catalog: Catalog,
}

/// An article of a test, built up by what it has.
pub(crate) struct Story(Article, Extraction);

/// Returns an article of this title and body; its key is its title.
pub(crate) fn story(title: &str, body: &str) -> Story {
    let article =
        Article { key: title.into(), title: Some(title.into()), body: body.into(), ..Article::default() };
    Story(article, Extraction { version: 1, lang: Some("en".into()), ..Extraction::default() })
}

impl Story {
    pub(crate) fn date(mut self, date: &str) -> Story {
        self.0.date = Some(date.parse().unwrap());
        self
    }

    pub(crate) fn source(mut self, source: &str) -> Story {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn topics(mut self, topics: &[&str]) -> Story {
        self.0.topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
        self
    }

    /// Adds an entity that is named wherever the text has one of its forms, the canonical one first.
    pub(crate) fn names(mut self, kind: EntityKind, forms: &[&str]) -> Story {
        let text = self.0.text().into_owned();
        let found = forms
            .iter()
            .flat_map(|form| text.match_indices(form).map(|(at, _)| Span::new(at, at + form.len())));
        let mut mentions: Vec<Span> = found.collect();
        mentions.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        mentions.dedup_by(|later, earlier| earlier.contains(*later));
        self.1.entities.push(Entity {
            name: forms[0].into(),
            kind,
            variants: forms[1..].iter().map(|form| (*form).to_owned()).collect(),
            titles: Vec::new(),
            country: (kind == EntityKind::Place).then(|| Country::new("SY").unwrap()),
            within: Vec::new(),
            mentions,
            salience: 0.5,
            certainty: Certainty::High,
        });
        self
    }

    /// Adds a quotation of words that stand in the text.
    pub(crate) fn quote(mut self, speaker: &str, words: &str) -> Story {
        let start = self.0.text().find(words).unwrap();
        let speaker = Speaker { name: speaker.into(), entity: None, span: None, certainty: Certainty::High };
        self.1.quotes.push(Quote { span: Span::new(start, start + words.len()), speaker: Some(speaker) });
        self
    }
}

impl Archive {
    /// Returns the archive of these articles, numbered from 1.
    pub(crate) fn of(stories: Vec<Story>) -> Archive {
        let records = stories.into_iter().zip(1..).map(|(Story(article, extraction), id)| Record {
            id: ArticleId(id),
            seq: u64::from(id),
            article,
            extraction,
            story: None,
        });
        Archive { records: records.collect(), catalog: Catalog::default() }
    }

    pub(crate) fn alias(mut self, name: &str, others: &[&str]) -> Archive {
        let others = others.iter().map(|other| (*other).to_owned()).collect();
        self.catalog.aliases.insert(name.to_owned(), others);
        self
    }

    /// Returns the articles in one segment.
    pub(crate) fn view(&self) -> View {
        self.view_of(vec![live(&self.records.iter().collect::<Vec<_>>(), &[])])
    }

    /// Returns the articles one a segment, the last ones first.
    fn scattered(&self) -> View {
        self.view_of(self.records.iter().rev().map(|record| live(&[record], &[])).collect())
    }

    /// Returns the articles in two segments, each with replaced versions of articles of the other.
    fn replaced(&self) -> View {
        let old: Vec<Record> = self.records.iter().map(stale).collect();
        let half = self.records.len() / 2;
        let (first, second) = self.records.split_at(half);
        let (old_first, old_second) = old.split_at(half);
        let segment = |records: &[Record], old: &[Record]| {
            live(&records.iter().collect::<Vec<_>>(), &old.iter().collect::<Vec<_>>())
        };
        self.view_of(vec![segment(first, old_second), segment(second, old_first)])
    }

    /// Returns the articles in every layout.
    pub(crate) fn layouts(&self) -> [View; 3] {
        [self.view(), self.scattered(), self.replaced()]
    }

    fn view_of(&self, segments: Vec<LiveSegment>) -> View {
        View { segments, catalog: Arc::new(self.catalog.clone()) }
    }

    /// Returns the typed form of a query.
    pub(crate) fn resolve(&self, text: &str) -> Resolved {
        let statement = Statement::parse(text).unwrap_or_else(|error| panic!("{}", error.render(text)));
        resolve(&At::from(statement), &self.catalog, &Session::default(), &Bindings::default())
            .unwrap_or_else(|errors| panic!("{}", errors[0].render(text)))
    }

    /// Asks every layout and returns the one answer.
    pub(crate) fn ask(&self, text: &str) -> Answer {
        self.try_ask(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    pub(crate) fn try_ask(&self, text: &str) -> Result<Answer, ExecError> {
        let request = self.resolve(text).request;
        let timeless = |mut answer: Answer| {
            answer.stats = super::RunStats::default();
            answer
        };
        let [one, many, among] =
            self.layouts().map(|view| answer(&request, &view, &RunOptions::default()).map(timeless));
        match (&one, &many, &among) {
            (Ok(one), Ok(many), Ok(among)) => {
                assert_eq!(one, many, "{text}: one segment and many");
                assert_eq!(one, among, "{text}: with and without replaced articles");
            }
            (Err(_), Err(_), Err(_)) => {}
            other => panic!("{text}: {other:?}"),
        }
        one
    }

    /// Returns the keys of the articles found.
    pub(crate) fn keys(&self, text: &str) -> Vec<String> {
        let id_to_key = |id: ArticleId| {
            let record = self.records.iter().find(|record| record.id == id).unwrap();
            record.article.key.clone()
        };
        self.ask(text).rows.iter().map(|row| id_to_key(row.id.unwrap())).collect()
    }

    /// Returns the cells of every row, joined by blanks; missing ones as `-`.
    pub(crate) fn table(&self, text: &str) -> Vec<String> {
        let cell = |cell: &Cell| match cell {
            Cell::Missing => "-".to_owned(),
            Cell::One(value) => value.to_string(),
            Cell::Many(values) => values.iter().map(ToString::to_string).collect::<Vec<_>>().join("+"),
            other => format!("{other:?}"),
        };
        let rows = self.ask(text).rows;
        rows.iter().map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" ")).collect()
    }
}

/// Returns an older version of an article, which must never be seen.
fn stale(record: &Record) -> Record {
    let mut old = record.clone();
    old.seq += 1_000;
    old.article.body.push_str(" Stale words never count.");
    old.article.source = Some("Stale".into());
    old
}

fn live(records: &[&Record], dead: &[&Record]) -> LiveSegment {
    let versions = Versions { analysis: ANALYSIS_VERSION, stemmer: 1, gazetteer: 1, extraction: 1 };
    let mut builder = SegmentBuilder::new(versions, None);
    let codec = RecordCodec::new(None);
    for record in records.iter().chain(dead) {
        builder.add(record, &codec.encode(record).unwrap()).unwrap();
    }
    let segment = builder.finish_in_memory(Uuid::from_u128(1)).unwrap();
    let ordinals = dead_ordinals(&segment, dead);
    LiveSegment { segment, dead: (!ordinals.is_empty()).then(|| Arc::new(ordinals)) }
}

fn dead_ordinals(segment: &Segment, dead: &[&Record]) -> RoaringBitmap {
    let identities = segment.identities().unwrap();
    let is_dead = |&ordinal: &u32| dead.iter().any(|record| record.seq == identities.seq(ordinal));
    (0..segment.articles()).filter(is_dead).collect()
}
