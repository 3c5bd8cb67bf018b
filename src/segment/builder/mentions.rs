//! Entities, quotations and figures while articles are added: spans of bytes become spans of words.

use super::keywords::Keywords;
use super::lists::Lists;
use crate::article::{Entity, EntityKind, Extraction, Figure, Quote};
use crate::segment::entities::{self, EntityEntry, Occurrence};
use crate::segment::figures::{self, CATEGORIES};
use crate::segment::quotes::{self, QuoteEntry};
use crate::text::{self, Span, Word};

/// Everything that stands somewhere in the text; numbers of values are provisional.
#[derive(Default)]
pub(super) struct Mentions {
    /// Names by kind of entity.
    pub(super) names: [Keywords; 3],
    pub(super) entities: Lists<u8>,
    pub(super) quotes: Lists<u8>,
    /// By category.
    pub(super) figures: [Lists<u8>; CATEGORIES.len()],
    /// Codes of countries and names of regions that places lie in.
    pub(super) within: Keywords,
}

/// The article being added.
pub(super) struct Mentioned<'a> {
    pub(super) slot: u32,
    pub(super) text: &'a str,
    pub(super) words: &'a [Word],
    pub(super) extraction: &'a Extraction,
}

impl Mentions {
    /// Adds an article; `canonical` numbers canonical names by kind, `speaker` speakers.
    pub(super) fn add(
        &mut self,
        article: &Mentioned<'_>,
        mut canonical: impl FnMut(EntityKind, &str) -> u32,
        mut speaker: impl FnMut(&str) -> u32,
    ) {
        let mut entries = Vec::new();
        let mut names: [Vec<u32>; 3] = Default::default();
        // Quotations name entities by their place in the extraction, where blank names are not left out.
        let mut places = Vec::new();
        for entity in &article.extraction.entities {
            let is_blank = entity.name.trim().is_empty();
            places.push((!is_blank).then_some(entries.len() as u32));
            if !is_blank {
                let entry = self.entity(article, entity, canonical(entity.kind, &entity.name));
                names.get_mut(entity.kind as usize).into_iter().for_each(|names| names.extend(&entry.names));
                entries.push(entry);
            }
        }
        for (keywords, names) in self.names.iter_mut().zip(names) {
            keywords.push(article.slot, names);
        }
        let mut row = Vec::new();
        entities::put_row(&mut row, &entries);
        push_row(&mut self.entities, article.slot, row);
        let quotes = article.extraction.quotes.iter();
        let quotes: Vec<QuoteEntry> =
            quotes.map(|quote| quote_entry(article.words, quote, &places, &mut speaker)).collect();
        let mut row = Vec::new();
        quotes::put_row(&mut row, &quotes);
        push_row(&mut self.quotes, article.slot, row);
        self.add_figures(article);
        self.add_within(article);
    }

    fn entity(&mut self, article: &Mentioned<'_>, entity: &Entity, canonical: u32) -> EntityEntry {
        let mut spellings = vec![entity.name.as_str()];
        for variant in entity.variants.iter().filter(|variant| !variant.trim().is_empty()) {
            if !spellings.contains(&variant.as_str()) {
                spellings.push(variant);
            }
        }
        let folded: Vec<String> = spellings.iter().map(|spelling| text::fold_value(spelling)).collect();
        let mut occurrences: Vec<Occurrence> = Vec::new();
        for &span in &entity.mentions {
            if let Some((position, end)) = words_touching(article.words, span) {
                let name = name_used(&spellings, &folded, span.of(article.text));
                occurrences.push(Occurrence { position, words: end - position, name });
            }
        }
        occurrences.sort_unstable();
        let keywords = self.names.get_mut(entity.kind as usize);
        let names = keywords.map_or(Vec::new(), |keywords| {
            spellings.iter().map(|spelling| keywords.intern(spelling)).collect()
        });
        EntityEntry { kind: entity.kind, canonical, names, occurrences }
    }

    fn add_figures(&mut self, article: &Mentioned<'_>) {
        for (&category, lists) in CATEGORIES.iter().zip(&mut self.figures) {
            let mut row = Vec::new();
            for figure in article.extraction.figures.iter().filter(|figure| figure.category == category) {
                let (start, end) = words_touching(article.words, figure.span).unwrap_or((0, 0));
                figures::put_figure(&mut row, &Figure { span: Span { start, end }, ..figure.clone() });
            }
            push_row(lists, article.slot, row);
        }
    }

    fn add_within(&mut self, article: &Mentioned<'_>) {
        let mut numbers = Vec::new();
        for place in article.extraction.entities.iter().filter(|entity| entity.kind == EntityKind::Place) {
            numbers.extend(place.country.map(|country| self.within.intern(country.as_str())));
            numbers.extend(place.within.iter().map(|region| self.within.intern(region)));
        }
        self.within.push(article.slot, numbers);
    }

    /// Returns about how much memory it uses, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        let keywords: usize = self.names.iter().chain([&self.within]).map(Keywords::memory_bytes).sum();
        let rows = self.figures.iter().chain([&self.entities, &self.quotes]);
        keywords + rows.map(Lists::memory_bytes).sum::<usize>()
    }
}

fn push_row(lists: &mut Lists<u8>, slot: u32, row: Vec<u8>) {
    if !row.is_empty() {
        lists.push(slot, row);
    }
}

/// Returns which of an entity's names a mention uses: the first that it equals, else that folds alike, else the
/// canonical one.
fn name_used(spellings: &[&str], folded: &[String], mention: &str) -> u32 {
    if let Some(at) = spellings.iter().position(|&spelling| spelling == mention) {
        return at as u32;
    }
    let mention = text::fold_value(mention);
    folded.iter().position(|folded| *folded == mention).unwrap_or(0) as u32
}

fn quote_entry(
    words: &[Word],
    quote: &Quote,
    places: &[Option<u32>],
    speaker: &mut impl FnMut(&str) -> u32,
) -> QuoteEntry {
    let (start, end) = words_inside(words, quote.span);
    let Some(found) = quote.speaker.as_ref().filter(|speaker| !speaker.name.trim().is_empty()) else {
        return QuoteEntry { start, end, speaker: None, entity: None, certainty: None };
    };
    QuoteEntry {
        start,
        end,
        speaker: Some(speaker(&found.name)),
        entity: found.entity.and_then(|at| places.get(at as usize).copied().flatten()),
        certainty: Some(found.certainty),
    }
}

/// Returns first position and position past the last of the words that share a byte with a span.
fn words_touching(words: &[Word], span: Span) -> Option<(u32, u32)> {
    let first = words.partition_point(|word| word.span.end <= span.start);
    let last = words.partition_point(|word| word.span.start < span.end).checked_sub(1)?;
    let (first, last) = (words.get(first)?, words.get(last)?);
    (first.position <= last.position).then_some((first.position, last.position + 1))
}

/// Returns first position and position past the last of the words that lie in a span; equal where there is none.
fn words_inside(words: &[Word], span: Span) -> (u32, u32) {
    let first = words.partition_point(|word| word.span.start < span.start);
    let last = words.partition_point(|word| word.span.end <= span.end).checked_sub(1);
    let past = || words.last().map_or(0, |word| word.position + 1);
    let start = words.get(first).map_or_else(past, |word| word.position);
    let end = last.and_then(|last| words.get(last)).map_or(start, |word| word.position + 1);
    (start, end.max(start))
}
