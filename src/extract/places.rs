//! Where places lie: country and regions of each name, from the gazetteer and the article around it.

use std::collections::HashMap;

use super::gazetteer::{self, Flag, Place, PlaceClass};
use super::names::Group;
use super::page::{Gap, Page};
use crate::article::{Country, Demonym, EntityKind};

/// Where one place lies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// The country, where it has one.
    pub country: Option<Country>,
    /// Keys of the regions around it, smallest first.
    pub within: Vec<String>,
}

/// Returns the words of the page that give it a country without naming a place.
pub fn demonyms(page: &Page<'_>, groups: &[Group]) -> Vec<Demonym> {
    let mut covered = vec![false; page.words.len()];
    for mention in groups.iter().flat_map(|group| &group.mentions) {
        if let Some(flags) = covered.get_mut(mention.clone()) {
            flags.fill(true);
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < page.words.len() {
        let len = if covered.get(at) == Some(&true) { None } else { demonym_at(page, at) };
        if let Some((len, country)) = len {
            found.push(Demonym { span: page.span(&(at..at + len)), country });
            at += len;
        } else {
            at += 1;
        }
    }
    found
}

/// Returns length and country of the demonym that starts at a word.
fn demonym_at(page: &Page<'_>, at: usize) -> Option<(usize, Country)> {
    let word = page.words.get(at).filter(|word| word.is_capital())?;
    let two = || {
        let next = page.words.get(at + 1).filter(|next| matches!(next.gap, Gap::Space | Gap::Hyphen));
        let known = gazetteer::lookup(&page.key(at..at + 2)).filter(|_| next.is_some());
        known
            .filter(|known| known.is(Flag::Demonym))
            .and_then(|known| known.country)
            .map(|country| (2, country))
    };
    let one = || word.known.filter(|_| word.has(Flag::Demonym)).and_then(|known| known.country);
    let longest = word.known?.longest();
    (longest >= 2).then(two).flatten().or_else(|| one().map(|country| (1, country)))
}

/// Finds where each place of the article lies; one location for each group, empty for people and organisations.
pub fn locate(page: &Page<'_>, groups: &[Group], demonyms: &[Demonym]) -> Vec<Location> {
    let countries = countries_named(page, groups, demonyms);
    let locate = |group: &Group| match group.kind {
        EntityKind::Place => locate_group(page, group, &countries),
        _ => Location::default(),
    };
    let mut locations: Vec<Location> = groups.iter().map(locate).collect();
    let scene = scene(groups, &locations, demonyms);
    for (group, location) in groups.iter().zip(&mut locations) {
        let unknown = || {
            group
                .mentions
                .iter()
                .all(|words| gazetteer::lookup(&page.key(words.clone())).is_none_or(|k| !k.is_place()))
        };
        if group.kind == EntityKind::Place && location.country.is_none() && unknown() {
            location.country = scene;
        }
    }
    locations
}

/// Returns the country that an article is set in: the one that more than half of its mentions of places point to.
fn scene(groups: &[Group], locations: &[Location], demonyms: &[Demonym]) -> Option<Country> {
    let mut counts: HashMap<Country, usize> = HashMap::new();
    for (group, location) in groups.iter().zip(locations) {
        if let Some(country) = location.country {
            *counts.entry(country).or_default() += group.mentions.len();
        }
    }
    for demonym in demonyms {
        *counts.entry(demonym.country).or_default() += 1;
    }
    let all: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| count * 2 > all).map(|(country, _)| country)
}

/// Counts the countries that the article names outright.
fn countries_named(page: &Page<'_>, groups: &[Group], demonyms: &[Demonym]) -> HashMap<Country, usize> {
    let mut countries = HashMap::new();
    for group in groups.iter().filter(|group| group.kind == EntityKind::Place) {
        let known = group.mentions.first().and_then(|words| gazetteer::lookup(&page.key(words.clone())));
        if let Some(country) = known.filter(|known| known.is(Flag::Country)).and_then(|known| known.country) {
            *countries.entry(country).or_default() += group.mentions.len();
        }
    }
    for demonym in demonyms {
        *countries.entry(demonym.country).or_default() += 1;
    }
    countries
}

fn locate_group(page: &Page<'_>, group: &Group, countries: &HashMap<Country, usize>) -> Location {
    let mut stated = group.mentions.iter().filter_map(|words| stated_after(page, words.end));
    let stated = stated.next();
    for words in &group.mentions {
        let key = page.key(words.clone());
        if let Some(location) = locate_key(&key, stated, countries) {
            return location;
        }
    }
    let (country, region) = stated.unwrap_or_default();
    let headed = || inner_place(page, group, countries);
    let country = country.or_else(|| region.and_then(gazetteer::region).map(|region| region.country));
    match country {
        Some(_) => Location { country, within: region.map(str::to_owned).into_iter().collect() },
        None => headed().unwrap_or_default(),
    }
}

/// A country or region, by its key, that the text states after a place.
type Stated = (Option<Country>, Option<&'static str>);

/// Reads ", Syria" or ", Texas" after a place.
fn stated_after(page: &Page<'_>, end: usize) -> Option<Stated> {
    let next = page.words.get(end).filter(|next| next.gap == Gap::Comma && next.is_capital())?;
    let longest = next.known?.longest().clamp(1, 4);
    (1..=longest).rev().find_map(|len| {
        let known = gazetteer::lookup(&page.key(end..end + len))?;
        if known.is(Flag::Country) && !known.places().iter().any(|place| place.class == PlaceClass::Region) {
            return Some((known.country, None));
        }
        let region = known.places().iter().find(|place| place.class == PlaceClass::Region)?;
        Some((region.country, Some(region.region)))
    })
}

/// Picks the place that a key means here: as stated, in a country of the article, a capital, the largest.
pub fn locate_key(
    key: &str,
    stated: Option<Stated>,
    countries: &HashMap<Country, usize>,
) -> Option<Location> {
    let known = gazetteer::lookup(key)?;
    if known.is(Flag::Country) && (stated.is_none() || known.places().is_empty()) {
        return Some(Location { country: known.country, within: Vec::new() });
    }
    let rank = |place: &&Place| {
        let as_stated = stated.is_some_and(|(country, region)| {
            place.country == country && region.is_none_or(|region| region == place.region)
        });
        let named = place.country.and_then(|country| countries.get(&country)).copied().unwrap_or(0);
        let by_hand = place.thousands == 0 && place.class != PlaceClass::City;
        (as_stated, named > 0, place.class == PlaceClass::Capital, by_hand, place.thousands)
    };
    let place = known.places().iter().max_by_key(rank)?;
    let own = matches!(place.class, PlaceClass::Area).then(|| key.to_owned());
    let region = (!place.region.is_empty()).then(|| place.region.to_owned());
    Some(Location { country: place.country, within: own.into_iter().chain(region).collect() })
}

/// Locates "Panamá Province" or "Madrid District Hospital" by the place inside the name.
fn inner_place(page: &Page<'_>, group: &Group, countries: &HashMap<Country, usize>) -> Option<Location> {
    let words = group.mentions.iter().find(|words| words.len() > 1)?;
    let head = words.start..words.end - 1;
    let tail = words.start + 1..words.end;
    [head, tail].into_iter().find_map(|part| locate_key(&page.key(part), None, countries))
}
