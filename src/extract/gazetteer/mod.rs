//! Countries, regions, cities, organisations and given names, by name, with what lies in what.
//!
//! A name is looked up by its *key*: its terms with one space between, so that `al-Bab` and `Al Bab` are one. The data
//! is packed into the library, and decoded when it is first asked.

mod load;

use std::sync::LazyLock;

use self::load::Table;
use crate::article::Country;
use crate::text::{fold_word, tokens};

/// Version of the tables, which segments are stamped with.
pub const VERSION: u32 = 1;

static TABLE: LazyLock<Table> = LazyLock::new(Table::load);

/// A region of a country: a state, province or governorate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Its folded name, as `Entity::within` holds it.
    pub name: &'static str,
    /// The country it lies in.
    pub country: Country,
}

/// Returns the country of a name in any spelling, or of an ISO 3166-1 code in capitals.
///
/// # Examples
///
/// ```
/// use dateline::extract::gazetteer::country_by_name;
///
/// for name in ["Syria", "syrian arab republic", "Сирия", "SY"] {
///     assert_eq!(country_by_name(name).map(|country| country.to_string()).as_deref(), Some("SY"));
/// }
/// ```
pub fn country_by_name(name: &str) -> Option<Country> {
    let named = lookup(&key_of(name)).filter(|known| known.is(Flag::Country)).and_then(|known| known.country);
    let code = || Country::new(name).filter(|&code| code.as_str() == name && country_name(code).is_some());
    named.or_else(code)
}

/// Tells whether the name is a word for the people of a country, such as "Iranian".
pub fn is_demonym(name: &str) -> bool {
    lookup(&key_of(name)).is_some_and(|known| known.is(Flag::Demonym))
}

/// Returns the English name of a country.
pub fn country_name(country: Country) -> Option<&'static str> {
    TABLE.country_names.get(&country).copied()
}

/// Returns the region of a name such as "Idlib", "Idlib province" or "Texas"; the first by country where several
/// countries have one.
///
/// # Examples
///
/// ```
/// use dateline::extract::gazetteer::region;
///
/// let found = region("Idlib Province").expect("a province of Syria");
/// assert_eq!((found.name, found.country.as_str()), ("idlib", "SY"));
/// ```
pub fn region(name: &str) -> Option<Region> {
    const WORDS: [&str; 7] =
        [" province", " governorate", " state", " region", " oblast", " district", " prefecture"];
    let key = key_of(name);
    let bare = WORDS.iter().find_map(|word| key.strip_suffix(word));
    [key.as_str()].into_iter().chain(bare).find_map(region_of_key)
}

fn region_of_key(key: &str) -> Option<Region> {
    let places = lookup(key)?.places();
    let region = places.iter().find(|place| matches!(place.class, PlaceClass::Region | PlaceClass::Area))?;
    let name = if region.region.is_empty() { stored_key(key)? } else { region.region };
    Some(Region { name, country: region.country? })
}

/// What a name is known to be; a name may be several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    Country = 1,
    Demonym = 2,
    Org = 4,
    Outlet = 8,
    FirstName = 16,
    Surname = 32,
    /// A word that news writes in lower case more often than not.
    CommonWord = 64,
    /// A city whose name is a common word or a name of people more often than the city.
    WeakPlace = 128,
}

/// What sort of place a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceClass {
    City,
    Capital,
    Region,
    /// A historic region, a sea, a mountain.
    Area,
    Site,
}

/// One of the places of a name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) country: Option<Country>,
    /// Key of the region it lies in, or empty.
    pub(crate) region: &'static str,
    /// Thousands of people.
    pub(crate) thousands: u32,
    pub(crate) class: PlaceClass,
}

/// What is known of one key.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Known {
    flags: u8,
    /// Everything that is known as one number, for features: flags, sorts of places, size of the largest.
    code: u32,
    /// Words of the longest key that starts with this word.
    longest: u8,
    /// The country that a country's name or a demonym means.
    pub(crate) country: Option<Country>,
    places: (u32, u32),
}

impl Known {
    pub(crate) fn is(&self, flag: Flag) -> bool {
        self.flags & flag as u8 != 0
    }

    pub(crate) fn places(&self) -> &'static [Place] {
        TABLE.places.get(self.places.0 as usize..self.places.1 as usize).unwrap_or_default()
    }

    /// Tells whether the name is a country, or a place that is seldom anything else.
    pub(crate) fn is_firm_place(&self) -> bool {
        self.is(Flag::Country) || (self.places.0 < self.places.1 && !self.is(Flag::WeakPlace))
    }

    /// Tells whether the name is that of cities below a million people and nothing larger, which people may share.
    pub(crate) fn is_small_place(&self) -> bool {
        let small = |place: &Place| place.class == PlaceClass::City && place.thousands < 1_000;
        !self.is(Flag::Country) && !self.is(Flag::Org) && self.places().iter().all(small)
    }

    /// Tells whether the name may be a place.
    pub(crate) fn is_place(&self) -> bool {
        self.is(Flag::Country) || self.places.0 < self.places.1
    }

    /// Returns everything that is known as one number, for features; 0 where nothing is.
    pub(crate) fn code(&self) -> u32 {
        self.code
    }

    pub(crate) fn longest(&self) -> usize {
        usize::from(self.longest)
    }
}

/// Returns flags, sorts of places and size of the largest as one number.
fn code_of(flags: u8, places: &[Place]) -> u32 {
    let classes = places.iter().fold(0, |classes, place| classes | 1 << (place.class as u32));
    let largest = places.iter().map(|place| place.thousands).max().unwrap_or(0);
    let size = u32::from(largest >= 100) + u32::from(largest >= 1_000);
    u32::from(flags) | classes << 8 | size << 13
}

/// Returns what is known of a key.
pub(crate) fn lookup(key: &str) -> Option<&'static Known> {
    TABLE.keys.get(key)
}

/// Returns the abbreviation of the news agency that the key names.
pub(crate) fn agency(key: &str) -> Option<&'static str> {
    TABLE.agencies.get(key).copied()
}

/// Returns the key of a name: its terms, one space between.
pub(crate) fn key_of(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    for token in tokens(name) {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(&fold_word(token.span.of(name)));
    }
    key
}

fn stored_key(key: &str) -> Option<&'static str> {
    TABLE.keys.get_key_value(key).map(|(&stored, _)| stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(name: &str) -> Option<String> {
        country_by_name(name).map(|country| country.to_string())
    }

    #[test]
    fn countries_answer_to_their_names() {
        for (name, country) in [
            ("the U.S.", None),
            ("U.S.", Some("US")),
            ("Burma", Some("MM")),
            ("Côte d’Ivoire", Some("CI")),
            ("Siria", Some("SY")),
            ("DE", Some("DE")),
            ("de", None),
            ("Texas", None),
            ("", None),
        ] {
            assert_eq!(code(name).as_deref(), country, "{name}");
        }
        assert_eq!(Country::new("SY").and_then(country_name), Some("Syria"));
    }

    #[test]
    fn regions_know_their_country() {
        for (name, region_name, country) in [
            ("Idlib", "idlib", "SY"),
            ("Texas", "texas", "US"),
            ("Anbar province", "anbar", "IQ"),
            ("Crimea", "crimea", "UA"),
            ("Gaza", "gaza", "PS"),
            ("N.Y.", "new york state", "US"),
        ] {
            let found = region(name).map(|region| (region.name, region.country.to_string()));
            assert_eq!(found, Some((region_name, country.to_owned())), "{name}");
        }
        assert_eq!(region("Atlantis"), None);
    }

    #[test]
    fn every_line_of_the_data_was_read() {
        assert!(TABLE.keys.len() > 60_000 && TABLE.places.len() > 40_000);
        assert_eq!(TABLE.skipped, 0);
        assert_eq!(agency("agence france presse"), Some("AFP"));
        let london = lookup("london").expect("London is known").places();
        assert!(london.iter().any(|place| place.class == PlaceClass::Capital && place.thousands > 7_000));
    }
}
