//! Everything that a segment answers, as lines of text.

use std::collections::BTreeSet;

use crate::article::{Category, Country, EntityKind};
use crate::date::Precision;
use crate::schema::{Builtin, FieldName};
use crate::segment::figures::CATEGORIES;
use crate::segment::{KeywordField, NameWords, Segment, SegmentError, TERMINATED, name_words};
use crate::text;

type Lines = BTreeSet<String>;

/// Fields asked for: every built-in one and those that samples declare.
pub(super) fn fields() -> Vec<FieldName> {
    let declared = ["tone", "page", "desk.name", "urgent", "event", "source", "nowhere"];
    let builtins = Builtin::ALL.iter().map(|&field| FieldName::Builtin(field));
    builtins.chain(declared.map(|name| FieldName::Declared(name.into()))).collect()
}

/// Returns a name of a field that tells declared ones apart.
pub(super) fn label(field: &FieldName) -> String {
    format!("{field:?}")
}

/// Reads all of a segment.
pub(super) fn dump(segment: &Segment) -> Result<Lines, SegmentError> {
    let mut lines = Lines::new();
    articles(segment, &mut lines)?;
    words(segment, &mut lines)?;
    columns(segment, &mut lines)?;
    keywords(segment, &mut lines)?;
    mentions(segment, &mut lines)?;
    segment.intact()?;
    Ok(lines)
}

fn articles(segment: &Segment, lines: &mut Lines) -> Result<(), SegmentError> {
    let (identities, lengths, structure) = (segment.identities()?, segment.lengths()?, segment.structure()?);
    for ordinal in 0..segment.articles() {
        let record = segment.record(ordinal)?;
        lines.insert(format!("record {ordinal}: {record:?}"));
        let (id, seq) = (identities.id(ordinal), identities.seq(ordinal));
        lines.insert(format!("identity {ordinal}: {id} {seq}"));
        lines.insert(format!("id {id}: {:?}", identities.ordinals(id)));
        lines.insert(format!("extractor {ordinal}: {:?}", identities.extractor(ordinal)));
        lines.insert(format!(
            "key {}: {:?}",
            record.article.key,
            segment.ordinals_of_key(&record.article.key)?
        ));
        let (title, lede_part) = (lengths.title(ordinal), lengths.lede_part(ordinal));
        let (body, lede_end, byte) =
            (lengths.body(ordinal), lengths.lede_end(ordinal), lengths.byte(ordinal));
        lines.insert(format!("lengths {ordinal}: {title} {lede_part} {body} {lede_end} {byte}"));
        let (mut sentences, mut paragraphs) = (Vec::new(), Vec::new());
        structure.sentence_starts_into(ordinal, &mut sentences)?;
        structure.paragraph_starts_into(ordinal, &mut paragraphs)?;
        lines.insert(format!("structure {ordinal}: {sentences:?} {paragraphs:?}"));
    }
    lines.insert(format!("no such key: {:?}", segment.ordinals_of_key("no such key")?));
    Ok(())
}

fn words(segment: &Segment, lines: &mut Lines) -> Result<(), SegmentError> {
    let terms = segment.terms()?;
    let mut all = Vec::new();
    terms.search(fst::automaton::AlwaysMatch, &mut |word, info| {
        all.push((word.to_owned(), info));
        true
    })?;
    for (word, info) in all {
        lines.insert(format!("word {word}: {}", info.documents));
        if (terms.get(&word)? != Some(info)) | (terms.word(info)? != word) {
            lines.insert(format!("word {word} is not found"));
        }
        let forms = terms.forms(info)?;
        let mut list = terms.postings(info)?;
        while list.doc() != TERMINATED {
            let (mut positions, mut numbers) = (Vec::new(), Vec::new());
            list.positions_into(&mut positions)?;
            list.forms_into(&mut numbers)?;
            let spelt: Vec<_> = numbers.iter().map(|&number| forms.get(number as usize)).collect();
            let spelt: Vec<_> = spelt.iter().flatten().map(|form| (&form.spelling, &form.joiner)).collect();
            let (ordinal, counts) = (list.doc(), list.counts());
            lines.insert(format!("word {word} in {ordinal}: {positions:?} {spelt:?} {counts:?}"));
            list.advance();
        }
        for lang in ["en", "de"] {
            if let Some(stem) = text::stem(&word, lang) {
                let found: Vec<String> = terms
                    .stemmed(&stem, lang)?
                    .into_iter()
                    .map(|info| terms.word(info))
                    .collect::<Result<_, _>>()?;
                lines.insert(format!("stem {lang} {stem}: {found:?}"));
            }
        }
    }
    Ok(())
}

fn columns(segment: &Segment, lines: &mut Lines) -> Result<(), SegmentError> {
    let dates = segment.dates()?;
    lines.insert(format!("dated: {}", dates.dated()));
    for precision in Precision::ALL {
        lines.insert(format!("{precision:?}: {} {:?}", dates.count(precision), dates.runs(precision)));
    }
    for field in fields() {
        let name = label(&field);
        let (numbers, booleans) = (segment.number_column(&field)?, segment.boolean_column(&field)?);
        let column = segment.date_column(&field)?;
        if let Some(numbers) = &numbers {
            lines.insert(format!("bounds of {name}: {:?}", numbers.bounds()));
        }
        for ordinal in 0..segment.articles() {
            let numbers =
                numbers.iter().flat_map(|column| column.values(ordinal)).map(|number| number.to_string());
            lines.insert(format!("numbers {name} {ordinal}: {:?}", numbers.collect::<Vec<_>>()));
            let has = |value: &bool| booleans.as_ref().is_some_and(|column| column.has(ordinal, *value));
            let booleans: Vec<bool> = [false, true].into_iter().filter(has).collect();
            lines.insert(format!("booleans {name} {ordinal}: {booleans:?}"));
            let dates: Vec<_> = column.iter().flat_map(|column| column.values(ordinal)).collect();
            lines.insert(format!("dates {name} {ordinal}: {dates:?}"));
        }
        let present: Vec<u32> = segment.presence(&field)?.collect();
        lines.insert(format!("presence {name}: {present:?}"));
    }
    let mut present: Vec<String> = segment.fields()?.iter().map(label).collect();
    present.sort();
    lines.insert(format!("fields: {present:?}"));
    Ok(())
}

fn keywords(segment: &Segment, lines: &mut Lines) -> Result<(), SegmentError> {
    for field in fields() {
        let Some(values) = segment.keyword(&field)? else { continue };
        value_lines(&values, &label(&field), lines)?;
        for ordinal in 0..segment.articles() {
            let numbers = values.values(ordinal).map(|number| values.value(number));
            let spellings: Vec<String> =
                numbers.map(|value| value.map(|value| value.spelling)).collect::<Result<_, _>>()?;
            lines.insert(format!("values {} {ordinal}: {spellings:?}", label(&field)));
            if values.count(ordinal) as usize != spellings.len() {
                lines.insert(format!("values {} {ordinal} are counted wrongly", label(&field)));
            }
        }
    }
    Ok(())
}

fn value_lines(values: &KeywordField<'_>, name: &str, lines: &mut Lines) -> Result<(), SegmentError> {
    for number in 0..values.len() {
        let value = values.value(number)?;
        let ordinals: Vec<u32> = values.postings(number)?.collect();
        lines.insert(format!("value {name} {} {}: {ordinals:?}", value.folded, value.spelling));
        let group = values.group_numbers(values.group(number));
        if values.find(&value.folded)? != group {
            lines.insert(format!("value {name} {} is found elsewhere", value.folded));
        }
    }
    lines.insert(format!("groups {name}: {}", values.groups()));
    Ok(())
}

fn name_lines(
    words: &NameWords<'_>,
    values: &KeywordField<'_>,
    name: &str,
    lines: &mut Lines,
) -> Result<(), SegmentError> {
    for number in 0..values.len() {
        for word in name_words(&values.value(number)?.spelling) {
            let names = words.names_with(&word)?.into_iter().map(|number| values.value(number));
            let names: Vec<String> =
                names.map(|name| name.map(|name| name.spelling)).collect::<Result<_, _>>()?;
            lines.insert(format!("name word {name} {word}: {names:?}"));
        }
    }
    Ok(())
}

fn mentions(segment: &Segment, lines: &mut Lines) -> Result<(), SegmentError> {
    let fields = [Builtin::Person, Builtin::Place, Builtin::Org]
        .map(|field| segment.keyword(&FieldName::Builtin(field)));
    let [person, place, org] = fields;
    let canonical = [person?, place?, org?];
    let mut names = Vec::new();
    for kind in EntityKind::ALL {
        let of_kind = segment.names(kind)?;
        if let Some(of_kind) = &of_kind {
            value_lines(of_kind.field(), &format!("name {kind}"), lines)?;
            name_lines(of_kind.words(), of_kind.field(), kind.name(), lines)?;
        }
        names.push(of_kind);
    }
    let speakers = segment.keyword(&FieldName::Builtin(Builtin::Speaker))?;
    if let (Some(words), Some(speakers)) = (segment.speaker_words()?, &speakers) {
        name_lines(&words, speakers, "speaker", lines)?;
    }
    let (entities, quotes) = (segment.entities()?, segment.quotes()?);
    for ordinal in 0..segment.articles() {
        for (at, entity) in entities.read(ordinal)?.into_iter().enumerate() {
            let kind = entity.kind as usize;
            let value = |field: Option<&KeywordField<'_>>, number| {
                field.map_or(Ok(String::new()), |field| field.value(number).map(|value| value.spelling))
            };
            let canonical = value(canonical[kind].as_ref(), entity.canonical)?;
            let field = names[kind].as_ref().map(|names| names.field());
            let used: Vec<String> =
                entity.names.iter().map(|&name| value(field, name)).collect::<Result<_, _>>()?;
            let occurrences: Vec<_> =
                entity.occurrences.iter().map(|o| (o.position, o.words, o.name)).collect();
            lines.insert(format!(
                "entity {ordinal} {at}: {} {canonical} {used:?} {occurrences:?}",
                entity.kind
            ));
        }
        for (at, quote) in quotes.read(ordinal)?.into_iter().enumerate() {
            let speaker = match (quote.speaker, &speakers) {
                (Some(number), Some(speakers)) => Some(speakers.value(number)?.spelling),
                _ => None,
            };
            let (span, entity, certainty) = ((quote.start, quote.end), quote.entity, quote.certainty);
            lines.insert(format!("quote {ordinal} {at}: {span:?} {speaker:?} {entity:?} {certainty:?}"));
        }
    }
    for category in CATEGORIES {
        figure_lines(segment, category, lines)?;
    }
    for code in ["SY", "IR", "FR"] {
        let ordinals: Vec<u32> = segment.within_country(Country::new(code).unwrap())?.collect();
        lines.insert(format!("within {code}: {ordinals:?}"));
    }
    for region in ["idlib province", "levant", "atlantis"] {
        let ordinals: Vec<u32> = segment.within_region(region)?.collect();
        lines.insert(format!("within {region}: {ordinals:?}"));
    }
    Ok(())
}

fn figure_lines(segment: &Segment, category: Category, lines: &mut Lines) -> Result<(), SegmentError> {
    let Some(figures) = segment.figures(category)? else { return Ok(()) };
    let with: Vec<u32> = figures.postings().collect();
    lines.insert(format!("figures {category:?}: {with:?}"));
    for ordinal in 0..segment.articles() {
        for (at, figure) in figures.read(ordinal)?.into_iter().enumerate() {
            lines.insert(format!("figure {ordinal} {at} {figure:?}"));
        }
    }
    Ok(())
}
