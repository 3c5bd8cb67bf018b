//! An article laid open for the twin: its words one by one, and the values of its fields.

use dateline::article::{Category, Entity, Record};
use dateline::schema::{Builtin, Field, FieldName, FieldType};
use dateline::text::{self, Span, TITLE_POSITIONS_GAP, Token};
use dateline::value::{Number, Value};

/// One word of title or body.
#[derive(Debug, Clone)]
pub struct Word {
    pub position: u32,
    pub folded: String,
    pub spelling: String,
    /// What stands between it and the next word, unless white space does.
    pub joiner: String,
    /// Where it stands in `Article::text()`.
    pub span: Span,
    pub part: Part,
    pub sentence: usize,
    pub paragraph: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Part {
    Title,
    /// In the body, not past the end of the first reporting paragraph.
    Opening,
    Rest,
}

#[derive(Clone)]
pub struct Story<'a> {
    pub record: &'a Record,
    pub words: Vec<Word>,
}

impl<'a> Story<'a> {
    pub fn new(record: &'a Record) -> Story<'a> {
        let title = record.article.title.as_deref().unwrap_or("");
        let mut words = words_of(title, 0);
        let title_words = words.len() as u32;
        let body = &record.article.body;
        let offset = record.article.body_span().start;
        let (sentences, paragraphs) = (text::sentences(body), text::paragraphs(body));
        for mut word in words_of(body, offset) {
            word.position += title_words + TITLE_POSITIONS_GAP;
            word.sentence = 1 + number_of(&sentences, word.span.start - offset);
            word.paragraph = 1 + number_of(&paragraphs, word.span.start - offset);
            let in_opening = record.extraction.lede.is_some_and(|lede| word.span.start < lede.end);
            word.part = if in_opening { Part::Opening } else { Part::Rest };
            words.push(word);
        }
        Story { record, words }
    }

    pub fn lang(&self) -> Option<String> {
        let values = self.record.values(&FieldName::Builtin(Builtin::Lang));
        values.first().and_then(Value::as_text).map(text::fold_value)
    }

    pub fn body_words(&self) -> usize {
        self.words.iter().filter(|word| word.part != Part::Title).count()
    }

    pub fn entities(&self) -> &'a [Entity] {
        &self.record.extraction.entities
    }

    /// The words that a span of the text covers, as indexes.
    pub fn words_in(&self, span: Span) -> std::ops::Range<usize> {
        let start = self.words.iter().take_while(|word| word.span.end <= span.start).count();
        let len = self.words[start..].iter().take_while(|word| word.span.start < span.end).count();
        start..start + len
    }

    /// All values of a field; equal ones once, where texts that fold alike are equal.
    pub fn values(&self, field: &FieldName) -> Vec<Value> {
        if *field == FieldName::Builtin(Builtin::Words) {
            return vec![Value::from(self.body_words() as i64)];
        }
        self.record.values(field)
    }

    /// The whole folded values of a keyword field.
    pub fn folded(&self, field: &FieldName) -> Vec<String> {
        let mut folded: Vec<String> =
            self.values(field).iter().filter_map(Value::as_text).map(text::fold_value).collect();
        folded.sort();
        folded.dedup();
        folded
    }

    pub fn numbers(&self, field: &FieldName) -> Vec<Number> {
        self.values(field).iter().filter_map(Value::as_number).collect()
    }

    /// How many distinct values there are.
    pub fn count(&self, field: &Field) -> usize {
        match field.field_type {
            FieldType::Keyword => self.folded(&field.name).len(),
            FieldType::Quote => self.record.extraction.quotes.len(),
            _ => {
                let mut values = self.values(&field.name);
                values.sort();
                values.dedup();
                values.len()
            }
        }
    }

    /// The figures of a field, each as its lower and upper end with whether that lies inside.
    pub fn figures(&self, category: Category) -> Vec<Ends> {
        let figures = self.record.extraction.figures.iter().filter(|figure| figure.category == category);
        figures.map(|figure| (figure.interval().low, figure.interval().high)).collect()
    }
}

/// Lower and upper end of an interval of numbers, each with whether it lies inside.
pub type Ends = (Option<(Number, bool)>, Option<(Number, bool)>);

fn words_of(text: &str, offset: u32) -> Vec<Word> {
    let tokens: Vec<Token> = text::tokens(text).collect();
    let mut words = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let joiner = tokens.get(index + 1).map_or("", |next| text::joiner(text, *token, *next));
        words.push(Word {
            position: index as u32,
            folded: text::fold_word(token.span.of(text)).into_owned(),
            spelling: token.span.of(text).to_owned(),
            joiner: joiner.to_owned(),
            span: token.span.shifted(offset as usize),
            part: Part::Title,
            sentence: 0,
            paragraph: 0,
        });
    }
    words
}

/// The last of the spans that begins at or before `at`.
fn number_of(spans: &[Span], at: u32) -> usize {
    spans.iter().rposition(|span| span.start <= at).unwrap_or(0)
}
