//! tantivy, with the words of dateline's analysis.

use std::ops::Bound;
use std::path::Path;

use anyhow::{Context, Result};
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::aggregation::agg_result::{AggregationResult, AggregationResults, BucketResult};
use tantivy::aggregation::{AggContextParams, AggregationCollector, Key};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, EnableScoring, FuzzyTermQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery,
    TermQuery,
};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{RAW_TOKENIZER_NAME, Token, TokenStream, Tokenizer};
use tantivy::{
    DocSet, Index, IndexReader, IndexSettings, IndexSortByField, IndexWriter, Order, Searcher, TERMINATED,
    TantivyDocument, Term,
};

use crate::articles::Story;
use crate::engine::{self, Ask, Build, Condition, Engine, PAGE, Question, Reply, Watch};

/// Memory of its one indexing thread, in bytes.
const WRITER_BYTES: usize = 200 << 20;

#[derive(Clone, Copy)]
struct Fields {
    id: Field,
    text: Field,
    day: Field,
    month: Field,
    person: Field,
}

pub struct Tantivy {
    reader: IndexReader,
    fields: Fields,
    is_sorted: bool,
}

fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let words = TextFieldIndexing::default()
        .set_tokenizer("words")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let names = TextFieldIndexing::default().set_tokenizer("raw").set_index_option(IndexRecordOption::Basic);
    let fields = Fields {
        id: schema.add_u64_field("id", FAST),
        text: schema.add_text_field("text", TextOptions::default().set_indexing_options(words).set_stored()),
        day: schema.add_i64_field("day", FAST | INDEXED | STORED),
        month: schema.add_i64_field("month", FAST),
        person: schema.add_text_field(
            "person",
            TextOptions::default().set_indexing_options(names).set_fast(RAW_TOKENIZER_NAME).set_stored(),
        ),
    };
    (schema.build(), fields)
}

impl Tantivy {
    pub fn build(stories: &[Story], folder: &Path, is_sorted: bool) -> Result<(Tantivy, Option<Build>)> {
        let name = engine_name(is_sorted);
        let path = folder.join(name.replace(' ', "-"));
        let is_new = !path.exists();
        std::fs::create_dir_all(&path)?;
        let watch = Watch::start();
        let index = if is_new { create(&path, is_sorted)? } else { Index::open_in_dir(&path)? };
        index.tokenizers().register("words", Words);
        let (_, fields) = schema();
        if is_new {
            fill(&index, fields, stories)?;
        }
        let build = watch.stop(name, "text, entities given", engine::disk_bytes(&path)?);
        Ok((Tantivy { reader: index.reader()?, fields, is_sorted }, is_new.then_some(build)))
    }
}

fn engine_name(is_sorted: bool) -> &'static str {
    if is_sorted { "tantivy sorted" } else { "tantivy" }
}

fn create(path: &Path, is_sorted: bool) -> Result<Index> {
    let sort_by_field = is_sorted.then(|| IndexSortByField { field: "day".to_owned(), order: Order::Desc });
    let settings = IndexSettings { sort_by_field, ..IndexSettings::default() };
    Ok(Index::builder().schema(schema().0).settings(settings).create_in_dir(path)?)
}

/// Adds all articles on one thread and merges them into one segment.
fn fill(index: &Index, fields: Fields, stories: &[Story]) -> Result<()> {
    let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
    for story in stories {
        let mut document = TantivyDocument::new();
        document.add_u64(fields.id, u64::from(story.id));
        document.add_text(fields.text, &story.title);
        document.add_text(fields.text, &story.body);
        story.day.iter().for_each(|day| document.add_i64(fields.day, *day));
        story.month.iter().for_each(|month| document.add_i64(fields.month, *month));
        story.people.iter().for_each(|name| document.add_text(fields.person, name));
        writer.add_document(document)?;
    }
    writer.commit()?;
    let segments = index.searchable_segment_ids()?;
    if segments.len() > 1 {
        writer.merge(&segments).wait()?;
    }
    writer.wait_merging_threads()?;
    Ok(())
}

/// The tokens of dateline, folded.
#[derive(Clone)]
struct Words;

struct WordStream<'t> {
    text: &'t str,
    tokens: dateline::text::Tokens<'t>,
    token: Token,
}

impl Tokenizer for Words {
    type TokenStream<'t> = WordStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> WordStream<'t> {
        WordStream { text, tokens: dateline::text::tokens(text), token: Token::default() }
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(token) = self.tokens.next() else { return false };
        self.token.text.clear();
        self.token.text.push_str(&dateline::text::fold_word(token.span.of(self.text)));
        self.token.offset_from = token.span.start as usize;
        self.token.offset_to = token.span.end as usize;
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

impl Engine for Tantivy {
    fn name(&self) -> &'static str {
        engine_name(self.is_sorted)
    }

    fn prepare<'e>(&'e self, question: &Question) -> Result<Option<Box<dyn engine::Prepared + 'e>>> {
        let searcher = self.reader.searcher();
        let query = self.query(question)?;
        Ok(Some(Box::new(Asked {
            engine: self,
            searcher,
            query,
            ask: question.ask,
            aggregation: aggregation(question.ask)?,
        })))
    }
}

impl Tantivy {
    fn query(&self, question: &Question) -> Result<Box<dyn Query>> {
        let condition = self.condition(&question.condition)?;
        let Some((from, to)) = question.days else { return Ok(condition) };
        let bound = |day| Bound::Included(Term::from_field_i64(self.fields.day, day));
        let range: Box<dyn Query> = Box::new(RangeQuery::new(bound(from), bound(to)));
        Ok(match question.condition {
            Condition::All => range,
            _ => Box::new(BooleanQuery::intersection(vec![condition, range])),
        })
    }

    fn condition(&self, condition: &Condition) -> Result<Box<dyn Query>> {
        let term = |word: &String| Term::from_field_text(self.fields.text, word);
        let word = |word: &String| -> Box<dyn Query> {
            Box::new(TermQuery::new(term(word), IndexRecordOption::WithFreqs))
        };
        Ok(match condition {
            Condition::All => Box::new(AllQuery),
            Condition::And(words) if words.len() == 1 => word(words.first().context("a word")?),
            Condition::And(words) => {
                Box::new(BooleanQuery::new(words.iter().map(|w| (Occur::Must, word(w))).collect()))
            }
            Condition::Or(words) => {
                Box::new(BooleanQuery::new(words.iter().map(|w| (Occur::Should, word(w))).collect()))
            }
            Condition::Phrase(words) => Box::new(PhraseQuery::new(words.iter().map(term).collect())),
            Condition::Prefix(word) => {
                Box::new(RegexQuery::from_pattern(&format!("{word}.*"), self.fields.text)?)
            }
            Condition::Like(pattern) => {
                Box::new(RegexQuery::from_pattern(&pattern.replace('*', ".*"), self.fields.text)?)
            }
            Condition::Fuzzy(word) => Box::new(FuzzyTermQuery::new(term(word), 1, true)),
            Condition::Person(name) => Box::new(TermQuery::new(
                Term::from_field_text(self.fields.person, name),
                IndexRecordOption::Basic,
            )),
        })
    }
}

/// The aggregation of a question that has one.
fn aggregation(ask: Ask) -> Result<Option<Aggregations>> {
    let terms = match ask {
        Ask::TopPeople => serde_json::json!({ "values": { "terms": { "field": "person", "size": PAGE } } }),
        Ask::Timeline => serde_json::json!({ "values": { "terms": { "field": "month", "size": 65_000 } } }),
        _ => return Ok(None),
    };
    Ok(Some(serde_json::from_value(terms)?))
}

struct Asked<'e> {
    engine: &'e Tantivy,
    searcher: Searcher,
    query: Box<dyn Query>,
    ask: Ask,
    aggregation: Option<Aggregations>,
}

impl engine::Prepared for Asked<'_> {
    fn ask(&mut self) -> Result<Reply> {
        Ok(match self.ask {
            Ask::Count => Reply::Count(self.searcher.search(&self.query, &Count)? as u64),
            Ask::Best => {
                let best = TopDocs::with_limit(PAGE).order_by_score();
                self.page(self.searcher.search(&self.query, &best)?.into_iter().map(|(_, address)| address))?
            }
            Ask::Newest if self.engine.is_sorted => self.first_of_each_segment()?,
            Ask::Newest => {
                let newest = TopDocs::with_limit(PAGE).order_by_fast_field::<i64>("day", Order::Desc);
                self.page(
                    self.searcher.search(&self.query, &newest)?.into_iter().map(|(_, address)| address),
                )?
            }
            Ask::TopPeople | Ask::Timeline => self.table()?,
        })
    }
}

impl Asked<'_> {
    fn page(&self, addresses: impl Iterator<Item = tantivy::DocAddress>) -> Result<Reply> {
        let ids = addresses.map(|address| {
            let reader = self.searcher.segment_reader(address.segment_ord);
            let id = reader.fast_fields().u64("id")?.first(address.doc_id);
            id.and_then(|id| u32::try_from(id).ok()).context("every article has an id")
        });
        Ok(Reply::Page(ids.collect::<Result<_>>()?))
    }

    /// Uses the order of a sorted index: the first matches of a segment are its newest.
    fn first_of_each_segment(&self) -> Result<Reply> {
        let weight = self.query.weight(EnableScoring::disabled_from_searcher(&self.searcher))?;
        let mut newest = Vec::new();
        for (number, reader) in self.searcher.segment_readers().iter().enumerate() {
            let days = reader.fast_fields().i64("day")?;
            let mut matches = weight.scorer(reader, 1.0)?;
            let mut document = matches.doc();
            for _ in 0..PAGE {
                if document == TERMINATED {
                    break;
                }
                newest.push((days.first(document), tantivy::DocAddress::new(number as u32, document)));
                document = matches.advance();
            }
        }
        newest.sort_by(|(one, _), (two, _)| two.cmp(one));
        newest.truncate(PAGE);
        self.page(newest.into_iter().map(|(_, address)| address))
    }

    fn table(&self) -> Result<Reply> {
        let request = self.aggregation.clone().context("a table has an aggregation")?;
        let collector = AggregationCollector::from_aggs(request, AggContextParams::default());
        let results = self.searcher.search(&self.query, &collector)?;
        Ok(Reply::Table(buckets(results)))
    }
}

fn buckets(results: AggregationResults) -> Vec<(String, u64)> {
    let mut rows = Vec::new();
    for result in results.0.into_values() {
        if let AggregationResult::BucketResult(BucketResult::Terms { buckets, .. }) = result {
            rows.extend(buckets.into_iter().map(|bucket| (name(bucket.key), bucket.doc_count)));
        }
    }
    rows
}

/// Writes months as dateline does.
fn name(key: Key) -> String {
    let month = |number: i64| format!("{:04}-{:02}", number / 100, number % 100);
    match key {
        Key::Str(text) => text,
        Key::I64(number) => month(number),
        Key::U64(number) => month(number as i64),
        Key::F64(number) => month(number as i64),
    }
}
