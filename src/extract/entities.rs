//! From groups of names to the entities of an extraction: forms, titles, salience, focus, and what was given.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use super::gazetteer::key_of;
use super::lexicon::Class;
use super::names::Group;
use super::page::{Gap, Page};
use super::places::{Location, locate_key};
use super::tagger::hash::Seeded;
use crate::article::{Certainty, Country, Entity, EntityKind, Given};
use crate::text::{Span, fold};

/// Longest title kept, in words.
const TITLE_WORDS_MAX: usize = 6;

/// Longest given name looked for in the text, in words.
const GIVEN_WORDS_MAX: usize = 14;

/// Returns the entity of a group of names.
pub fn entity(page: &Page<'_>, group: &Group, location: Location) -> Entity {
    let mentions: Vec<Span> = group.mentions.iter().map(|words| page.span(words)).collect();
    let (name, variants) = forms(page, &mentions);
    let titles = if group.kind == EntityKind::Person { titles(page, &group.mentions) } else { Vec::new() };
    let certainty = if group.weight >= 3 { Certainty::High } else { Certainty::Low };
    let Location { country, within } = location;
    Entity { name, kind: group.kind, variants, titles, country, within, mentions, salience: 0.0, certainty }
}

/// Returns the longest form, and the others; no two fold alike.
fn forms(page: &Page<'_>, mentions: &[Span]) -> (String, Vec<String>) {
    let mut forms: Vec<(String, &str)> = Vec::new();
    let mut seen: HashMap<String, usize, Seeded> = HashMap::default();
    for span in mentions {
        let surface = span.of(page.text);
        let folded = fold(surface);
        match seen.get(&folded).and_then(|&index| forms.get_mut(index)) {
            // Capitals of a heading give way to the usual spelling.
            Some(form) if is_shouted(form.1) && !is_shouted(surface) => form.1 = surface,
            Some(_) => {}
            None => {
                seen.insert(folded.clone(), forms.len());
                forms.push((folded, surface));
            }
        }
    }
    let longest = forms.iter().enumerate().max_by_key(|(index, (_, surface))| {
        (surface.split_whitespace().count(), surface.len(), std::cmp::Reverse(*index))
    });
    let longest = longest.map_or(0, |(index, _)| index);
    let mut surfaces: Vec<String> = forms.into_iter().map(|(_, surface)| one_line(surface)).collect();
    if surfaces.is_empty() {
        return (String::new(), surfaces);
    }
    let name = surfaces.remove(longest);
    (name, surfaces)
}

fn is_shouted(surface: &str) -> bool {
    surface.len() > 5 && !surface.contains(char::is_lowercase)
}

/// Names that hard wrapping broke are mended.
fn one_line(surface: &str) -> String {
    surface.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Collects the titles beside the mentions of a person, each once.
fn titles(page: &Page<'_>, mentions: &[Range<usize>]) -> Vec<String> {
    let mut titles: Vec<String> = Vec::new();
    let mut seen: HashSet<String, Seeded> = HashSet::default();
    for words in mentions {
        for range in [title_before(page, words.start), title_after(page, words.end)].into_iter().flatten() {
            let title = one_line(page.span(&range).of(page.text));
            if seen.insert(fold(&title)) {
                titles.push(title);
            }
        }
    }
    titles
}

fn title_before(page: &Page<'_>, start: usize) -> Option<Range<usize>> {
    let mut first = start;
    while first > 0 && start - first < TITLE_WORDS_MAX {
        let after = page.words.get(first)?;
        let before = page.words.get(first - 1)?;
        let joined = matches!(after.gap, Gap::Space | Gap::Hyphen)
            || (after.gap == Gap::Stop && before.span.len() <= 4);
        if !joined || !before.class.is(Class::TITLE | Class::TITLE_MODIFIER) {
            break;
        }
        first -= 1;
    }
    let has_title = page.slice(first..start).iter().any(|word| word.class.is(Class::TITLE));
    has_title.then_some(first..start)
}

/// Reads ", the health minister" after a name.
fn title_after(page: &Page<'_>, end: usize) -> Option<Range<usize>> {
    let next = page.words.get(end).filter(|next| next.gap == Gap::Comma)?;
    let start = if matches!(page.term(next), "the" | "a" | "an") { end + 1 } else { end };
    let is_title = |index: &usize| {
        let word = page.words.get(*index);
        let joined = *index == end || word.is_some_and(|word| matches!(word.gap, Gap::Space | Gap::Hyphen));
        joined && word.is_some_and(|word| word.class.is(Class::TITLE | Class::TITLE_MODIFIER))
    };
    let len = (start..start + TITLE_WORDS_MAX).take_while(is_title).count();
    let has_title = page.slice(start..start + len).iter().any(|word| word.class.is(Class::TITLE));
    has_title.then_some(start..start + len)
}

/// Weighs each entity by how often it is named, in the title and in the lede above all; from 0 to 1.
pub fn weigh(entities: &mut [Entity], title: Span, lede: Option<Span>) {
    let raw = |entity: &Entity| -> f32 {
        let once = |part: Span, bonus: f32| {
            if entity.mentions.iter().any(|&span| part.contains(span)) { bonus } else { 0.0 }
        };
        entity.mentions.len() as f32 + once(title, 3.0) + lede.map_or(0.0, |lede| once(lede, 2.0))
    };
    let most = entities.iter().map(raw).fold(1.0, f32::max);
    for entity in entities {
        entity.salience = raw(entity) / most;
    }
}

/// Returns the most salient place; the first where several are.
pub fn focus(entities: &[Entity]) -> Option<u32> {
    let places = entities.iter().enumerate().filter(|(_, entity)| entity.kind == EntityKind::Place);
    let best = places.reduce(|best, next| if next.1.salience > best.1.salience { next } else { best })?;
    u32::try_from(best.0).ok()
}

/// Adds the people, places and organisations given with the article; what was found already becomes certain.
pub fn add_given(page: &Page<'_>, given: &Given, entities: &mut Vec<Entity>) {
    let kinds = [
        (EntityKind::Person, &given.people),
        (EntityKind::Place, &given.places),
        (EntityKind::Org, &given.orgs),
    ];
    let mut by_key: HashMap<(EntityKind, String), usize> = HashMap::new();
    for (index, entity) in entities.iter().enumerate() {
        for form in entity.variants.iter().chain([&entity.name]) {
            by_key.entry((entity.kind, key_of(form))).or_insert(index);
        }
    }
    let mut missing: Vec<(String, usize)> = Vec::new();
    for (kind, name) in kinds.iter().flat_map(|(kind, names)| names.iter().map(move |name| (*kind, name))) {
        let key = key_of(name);
        if key.is_empty() {
            continue;
        }
        if let Some(entity) = by_key.get(&(kind, key.clone())).and_then(|&index| entities.get_mut(index)) {
            entity.certainty = Certainty::Given;
            continue;
        }
        by_key.insert((kind, key.clone()), entities.len());
        missing.push((key.clone(), entities.len()));
        entities.push(given_entity(kind, name, &key));
    }
    locate_mentions(page, &missing, entities);
}

fn given_entity(kind: EntityKind, name: &str, key: &str) -> Entity {
    let location = (kind == EntityKind::Place).then(|| locate_key(key, None, &HashMap::new())).flatten();
    let Location { country, within } = location.unwrap_or_default();
    Entity {
        name: one_line(name),
        kind,
        variants: Vec::new(),
        titles: Vec::new(),
        country,
        within,
        mentions: Vec::new(),
        salience: 0.0,
        certainty: Certainty::Given,
    }
}

/// Finds given names in the text, whatever their case.
fn locate_mentions(page: &Page<'_>, missing: &[(String, usize)], entities: &mut [Entity]) {
    let by_key: HashMap<&str, usize> = missing.iter().map(|(key, index)| (key.as_str(), *index)).collect();
    let mut lengths: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    for (key, _) in missing {
        let words = key.split(' ').count();
        if words <= GIVEN_WORDS_MAX {
            lengths.entry(key.split(' ').next().unwrap_or("")).or_default().insert(words);
        }
    }
    if lengths.is_empty() {
        return;
    }
    for (at, word) in page.words.iter().enumerate() {
        for &len in lengths.get(page.term(word)).into_iter().flatten() {
            let words = at..at + len;
            let index = by_key.get(page.key(words.clone()).as_str());
            if let Some(entity) = index.and_then(|&index| entities.get_mut(index)) {
                entity.mentions.push(page.span(&words));
            }
        }
    }
}

/// Returns the spelling of a place in reading case: "PARIS" is "Paris".
pub fn reading_case(place: &str) -> String {
    let shouted = !place.contains(char::is_lowercase);
    let mut text = String::with_capacity(place.len());
    let mut inside = false;
    for c in place.chars() {
        if shouted && inside {
            text.extend(c.to_lowercase())
        } else {
            text.push(c)
        }
        inside = c.is_alphabetic() || c == '\'' || c == '’';
    }
    text
}

/// Returns the country that a place lies in, nothing else known.
pub fn country_of_place(name: &str) -> Option<Country> {
    locate_key(&key_of(name), None, &HashMap::new()).and_then(|location| location.country)
}
