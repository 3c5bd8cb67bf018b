//! What a segment must answer, worked out from its records in the plainest way.

use std::collections::{BTreeMap, BTreeSet};

use super::dump::{fields, label};
use crate::article::{EntityKind, Figure, Record};
use crate::date::{Date, Precision};
use crate::schema::{Builtin, FieldName, FieldType};
use crate::segment::figures::CATEGORIES;
use crate::segment::{Counts, length_byte, name_words};
use crate::text::{self, Analysis, Span};
use crate::value::{Number, Value};

type Lines = BTreeSet<String>;

/// Returns the lines that `dump` must give for records in the order of their ordinals.
pub(super) fn expected(records: &[Record]) -> Lines {
    let mut lines = Lines::new();
    let analyses: Vec<Analysis> = records.iter().map(analyse).collect();
    articles(records, &analyses, &mut lines);
    words(records, &analyses, &mut lines);
    columns(records, &analyses, &mut lines);
    keywords(records, &mut lines);
    mentions(records, &analyses, &mut lines);
    lines
}

fn analyse(record: &Record) -> Analysis {
    let title = record.article.title.as_deref().unwrap_or("");
    let body_start = record.article.body_span().start;
    text::analyse(title, &record.article.body, body_start, record.extraction.lede)
}

/// Returns the ordinals that pass.
fn which(records: &[Record], mut passes: impl FnMut(&Record) -> bool) -> Vec<u32> {
    (0..).zip(records).filter(|(_, record)| passes(record)).map(|(ordinal, _)| ordinal).collect()
}

fn articles(records: &[Record], analyses: &[Analysis], lines: &mut Lines) {
    for (ordinal, (record, analysis)) in records.iter().zip(analyses).enumerate() {
        let (id, seq, key) = (record.id, record.seq, &record.article.key);
        lines.insert(format!("record {ordinal}: {record:?}"));
        lines.insert(format!("identity {ordinal}: {id} {seq}"));
        lines.insert(format!("extractor {ordinal}: {:?}", Some(record.extraction.version)));
        lines.insert(format!("id {id}: {:?}", which(records, |other| other.id == id)));
        lines.insert(format!("key {key}: {:?}", which(records, |other| other.article.key == *key)));
        let (title, body, lede_end) = (analysis.title_words, analysis.body_words, lede_end(analysis));
        let in_lede = |word: &&text::Word| word.position >= title && word.position < lede_end;
        let lede_part = analysis.words.iter().filter(in_lede).count() as u32;
        let byte = length_byte(3 * title + lede_part + body);
        lines.insert(format!("lengths {ordinal}: {title} {lede_part} {body} {lede_end} {byte}"));
        let (sentences, paragraphs) = (&analysis.sentence_starts, &analysis.paragraph_starts);
        lines.insert(format!("structure {ordinal}: {sentences:?} {paragraphs:?}"));
    }
    lines.insert("no such key: []".into());
}

fn lede_end(analysis: &Analysis) -> u32 {
    analysis.lede_words.max(analysis.title_words)
}

fn words(records: &[Record], analyses: &[Analysis], lines: &mut Lines) {
    let mut all: BTreeMap<String, BTreeMap<usize, Vec<text::Word>>> = BTreeMap::new();
    let mut of_language: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (ordinal, (record, analysis)) in records.iter().zip(analyses).enumerate() {
        let langs = record.values(&FieldName::Builtin(Builtin::Lang));
        let lang = langs.first().and_then(Value::as_text).map(text::fold_value);
        for word in &analysis.words {
            let term = analysis.term(word).to_owned();
            for code in ["en", "de"].iter().filter(|code| lang.as_deref() == Some(code)) {
                of_language.entry(code).or_default().insert(term.clone());
            }
            all.entry(term).or_default().entry(ordinal).or_default().push(*word);
        }
    }
    for (term, articles) in &all {
        lines.insert(format!("word {term}: {}", articles.len()));
        for (&ordinal, words) in articles {
            let (text, analysis) = (records[ordinal].article.text(), &analyses[ordinal]);
            let positions: Vec<u32> = words.iter().map(|word| word.position).collect();
            let spelt: Vec<_> =
                words.iter().map(|word| (word.span.of(&text), word.joiner.of(&text))).collect();
            let count = |from, to| positions.iter().filter(|&&at| at >= from && at < to).count() as u32;
            let (title, lede) = (analysis.title_words, lede_end(analysis));
            let counts =
                Counts { title: count(0, title), lede_part: count(title, lede), rest: count(lede, u32::MAX) };
            lines.insert(format!("word {term} in {ordinal}: {positions:?} {spelt:?} {counts:?}"));
        }
        for lang in ["en", "de"] {
            let stem = text::stem(term, lang).unwrap();
            let in_language = of_language.get(lang).into_iter().flatten();
            let mut found: BTreeSet<&String> =
                in_language.filter(|word| text::stem(word, lang).as_ref() == Some(&stem)).collect();
            // The stem itself is found in whatever language it stands.
            let is_own = text::stem(&stem, lang).as_ref() == Some(&stem);
            found.extend(all.get_key_value(&stem).map(|(word, _)| word).filter(|_| is_own));
            lines.insert(format!("stem {lang} {stem}: {found:?}"));
        }
    }
}

fn columns(records: &[Record], analyses: &[Analysis], lines: &mut Lines) {
    lines.insert(format!("dated: {}", which(records, |record| record.date().is_some()).len()));
    for precision in Precision::ALL {
        let dated = which(records, |record| record.date().map(Date::precision) == Some(precision));
        let runs: Vec<_> =
            dated.chunk_by(|a, b| a + 1 == *b).map(|run| run[0]..run[run.len() - 1] + 1).collect();
        lines.insert(format!("{precision:?}: {} {runs:?}", dated.len()));
    }
    let mut present_fields = Vec::new();
    for field in fields() {
        let name = label(&field);
        let mut all_numbers = Vec::new();
        for (ordinal, (record, analysis)) in records.iter().zip(analyses).enumerate() {
            let values = values(record, analysis, &field);
            let mut numbers: Vec<Number> = values.iter().filter_map(Value::as_number).collect();
            numbers.sort();
            numbers.dedup();
            all_numbers.extend(numbers.iter().copied());
            lines.insert(format!("numbers {name} {ordinal}: {:?}", strings(&numbers)));
            let booleans: BTreeSet<bool> = values
                .iter()
                .filter_map(|value| if let Value::Boolean(value) = value { Some(*value) } else { None })
                .collect();
            lines.insert(format!("booleans {name} {ordinal}: {:?}", booleans.iter().collect::<Vec<_>>()));
            let mut dates: Vec<Date> = values.iter().filter_map(Value::as_date).collect();
            dates.sort();
            lines.insert(format!("dates {name} {ordinal}: {dates:?}"));
        }
        let has_column = matches!(field, FieldName::Builtin(Builtin::Id | Builtin::Words));
        if !all_numbers.is_empty() || has_column {
            let bounds = all_numbers.iter().min().zip(all_numbers.iter().max());
            lines.insert(format!("bounds of {name}: {bounds:?}"));
        }
        let mut pairs = records.iter().zip(analyses);
        let present = which(records, |_| {
            let (record, analysis) = pairs.next().unwrap();
            !values(record, analysis, &field).is_empty()
        });
        lines.insert(format!("presence {name}: {present:?}"));
        if !present.is_empty() {
            present_fields.push(name);
        }
    }
    present_fields.sort();
    lines.insert(format!("fields: {present_fields:?}"));
}

fn strings<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(T::to_string).collect()
}

fn values(record: &Record, analysis: &Analysis, field: &FieldName) -> Vec<Value> {
    match field {
        FieldName::Builtin(Builtin::Words) => vec![Value::from(i64::from(analysis.body_words))],
        field => record.values(field),
    }
}

/// Values with their ordinals, in the order of (folded, spelling).
type Sorted = BTreeMap<(String, String), Vec<u32>>;

fn keywords(records: &[Record], lines: &mut Lines) {
    let is_text = |field: &FieldName| match field {
        FieldName::Builtin(field) => matches!(field.info().field_type, FieldType::Text | FieldType::Quote),
        FieldName::Declared(_) => false,
    };
    for field in fields().into_iter().filter(|field| !is_text(field)) {
        let name = label(&field);
        let texts: Vec<Vec<String>> = records
            .iter()
            .map(|record| {
                record.values(&field).iter().filter_map(Value::as_text).map(str::to_owned).collect()
            })
            .collect();
        let sorted = sort_values(&texts);
        if sorted.is_empty() {
            continue;
        }
        value_lines(&sorted, &name, lines);
        for (ordinal, texts) in texts.iter().enumerate() {
            let mut texts: Vec<(String, &String)> =
                texts.iter().map(|text| (text::fold_value(text), text)).collect();
            texts.sort();
            let texts: Vec<&String> = texts.into_iter().map(|(_, text)| text).collect();
            lines.insert(format!("values {name} {ordinal}: {texts:?}"));
        }
        if field == FieldName::Builtin(Builtin::Speaker) {
            name_lines(&sorted, "speaker", lines);
        }
    }
}

fn sort_values(texts: &[Vec<String>]) -> Sorted {
    let mut sorted = Sorted::new();
    for (ordinal, texts) in (0..).zip(texts) {
        for text in texts {
            let ordinals = sorted.entry((text::fold_value(text), text.clone())).or_default();
            if ordinals.last() != Some(&ordinal) {
                ordinals.push(ordinal);
            }
        }
    }
    sorted
}

fn value_lines(sorted: &Sorted, name: &str, lines: &mut Lines) {
    for ((folded, spelling), ordinals) in sorted {
        lines.insert(format!("value {name} {folded} {spelling}: {ordinals:?}"));
    }
    let groups: BTreeSet<&String> = sorted.keys().map(|(folded, _)| folded).collect();
    lines.insert(format!("groups {name}: {}", groups.len()));
}

fn name_lines(sorted: &Sorted, name: &str, lines: &mut Lines) {
    for word in sorted.keys().flat_map(|(_, spelling)| name_words(spelling)) {
        let with: Vec<&String> = sorted
            .keys()
            .map(|(_, spelling)| spelling)
            .filter(|name| name_words(name).contains(&word))
            .collect();
        lines.insert(format!("name word {name} {word}: {with:?}"));
    }
}

fn mentions(records: &[Record], analyses: &[Analysis], lines: &mut Lines) {
    for kind in EntityKind::ALL {
        let texts: Vec<Vec<String>> = records
            .iter()
            .map(|record| named(record).filter(|entity| entity.kind == kind).flat_map(names_of).collect())
            .collect();
        let sorted = sort_values(&texts);
        if !sorted.is_empty() {
            value_lines(&sorted, &format!("name {kind}"), lines);
            name_lines(&sorted, kind.name(), lines);
        }
    }
    for (ordinal, (record, analysis)) in records.iter().zip(analyses).enumerate() {
        entity_lines(ordinal, record, analysis, lines);
        quote_lines(ordinal, record, analysis, lines);
    }
    for category in CATEGORIES {
        let is_one = |figure: &&Figure| figure.category == category;
        let with = which(records, |record| record.extraction.figures.iter().any(|figure| is_one(&figure)));
        if with.is_empty() {
            continue;
        }
        lines.insert(format!("figures {category:?}: {with:?}"));
        for (ordinal, (record, analysis)) in records.iter().zip(analyses).enumerate() {
            for (at, figure) in record.extraction.figures.iter().filter(is_one).enumerate() {
                let (start, end) =
                    touching(analysis, figure.span).map_or((0, 0), |(start, end)| (start, end));
                let figure = Figure { span: Span { start, end }, ..figure.clone() };
                lines.insert(format!("figure {ordinal} {at} {figure:?}"));
            }
        }
    }
    for code in ["SY", "IR", "FR"] {
        let with = which(records, |record| {
            places(record).any(|place| place.country.is_some_and(|country| country.as_str() == code))
        });
        lines.insert(format!("within {code}: {with:?}"));
    }
    for region in ["idlib province", "levant", "atlantis"] {
        let with =
            which(records, |record| places(record).any(|place| place.within.iter().any(|r| r == region)));
        lines.insert(format!("within {region}: {with:?}"));
    }
}

fn places(record: &Record) -> impl Iterator<Item = &crate::article::Entity> {
    record.extraction.entities.iter().filter(|entity| entity.kind == EntityKind::Place)
}

fn named(record: &Record) -> impl Iterator<Item = &crate::article::Entity> {
    record.extraction.entities.iter().filter(|entity| !entity.name.trim().is_empty())
}

fn names_of(entity: &crate::article::Entity) -> Vec<String> {
    let mut names = vec![entity.name.clone()];
    for variant in entity.variants.iter().filter(|variant| !variant.trim().is_empty()) {
        if !names.contains(variant) {
            names.push(variant.clone());
        }
    }
    names
}

fn entity_lines(ordinal: usize, record: &Record, analysis: &Analysis, lines: &mut Lines) {
    let text = record.article.text();
    for (at, entity) in named(record).enumerate() {
        let names = names_of(entity);
        let used = |mention: &str| {
            let equal = names.iter().position(|name| name == mention);
            let alike = || names.iter().position(|name| text::fold_value(name) == text::fold_value(mention));
            equal.or_else(alike).unwrap_or(0)
        };
        let mut occurrences: Vec<(u32, u32, usize)> = entity
            .mentions
            .iter()
            .filter_map(|&span| {
                touching(analysis, span).map(|(from, to)| (from, to - from, used(span.of(&text))))
            })
            .collect();
        occurrences.sort();
        lines.insert(format!(
            "entity {ordinal} {at}: {} {} {names:?} {occurrences:?}",
            entity.kind, entity.name
        ));
    }
}

fn quote_lines(ordinal: usize, record: &Record, analysis: &Analysis, lines: &mut Lines) {
    for (at, quote) in record.extraction.quotes.iter().enumerate() {
        let inside: Vec<u32> = analysis
            .words
            .iter()
            .filter(|word| quote.span.contains(word.span))
            .map(|word| word.position)
            .collect();
        let behind = analysis.words.iter().find(|word| word.span.start >= quote.span.start);
        let past = analysis.words.last().map_or(0, |word| word.position + 1);
        let start = behind.map_or(past, |word| word.position);
        let span = (start, inside.last().map_or(start, |last| last + 1));
        let speaker = quote.speaker.as_ref().filter(|speaker| !speaker.name.trim().is_empty());
        let entity = speaker.and_then(|speaker| speaker.entity).and_then(|index| {
            let entities = &record.extraction.entities;
            let is_named = |at: usize| entities.get(at).is_some_and(|entity| !entity.name.trim().is_empty());
            is_named(index as usize).then(|| (0..index as usize).filter(|&at| is_named(at)).count() as u32)
        });
        let (name, certainty) = (speaker.map(|speaker| speaker.name.clone()), speaker.map(|s| s.certainty));
        lines.insert(format!("quote {ordinal} {at}: {span:?} {name:?} {entity:?} {certainty:?}"));
    }
}

/// Returns the positions of the words that share a byte with a span, as first and past the last.
fn touching(analysis: &Analysis, span: Span) -> Option<(u32, u32)> {
    let words =
        || analysis.words.iter().filter(|word| word.span.start < span.end && word.span.end > span.start);
    Some((words().next()?.position, words().next_back()?.position + 1))
}

/// Fails with the first lines that differ.
pub(super) fn assert_same(found: &Lines, expected: &Lines) {
    let normal = |lines: &Lines| lines.iter().map(|line| normalised(line)).collect::<Lines>();
    let (found, expected) = (normal(found), normal(expected));
    let missing: Vec<&String> = expected.difference(&found).take(3).collect();
    let extra: Vec<&String> = found.difference(&expected).take(3).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing: {missing:#?}\nextra: {extra:#?}");
}

/// Sets print in braces, lists in brackets; both mean the same here.
fn normalised(line: &str) -> String {
    match line.starts_with("stem ") {
        true => line.replace(['[', ']', '{', '}'], "|"),
        false => line.to_owned(),
    }
}
