//! Decoding of `data/gazetteer.zst`; `data/README.md` describes the format.

use std::collections::HashMap;

use super::{Flag, Known, Place, PlaceClass, code_of};
use crate::article::Country;
use crate::extract::tagger::hash::Hashed;

const PACKED: &[u8] = include_bytes!("../../../data/gazetteer.zst");

/// Largest size of the decoded data, in bytes.
const TEXT_BYTES_MAX: usize = 8 << 20;

/// The decoded gazetteer.
#[derive(Default)]
pub(super) struct Table {
    pub(super) keys: HashMap<&'static str, Known, Hashed>,
    pub(super) places: Vec<Place>,
    pub(super) country_names: HashMap<Country, &'static str>,
    /// Abbreviation of each agency by the keys of its names.
    pub(super) agencies: HashMap<&'static str, &'static str>,
    /// Lines that could not be read; the tests hold it at 0.
    pub(super) skipped: usize,
}

impl Table {
    /// Decodes the data that ships with the library.
    pub(super) fn load() -> Table {
        let bytes = zstd::bulk::decompress(PACKED, TEXT_BYTES_MAX).unwrap_or_default();
        // Keys borrow from the text; both live as long as the program.
        let text: &'static str = Box::leak(String::from_utf8(bytes).unwrap_or_default().into_boxed_str());
        let mut table = Table::default();
        let mut firsts: HashMap<&'static str, u8> = HashMap::new();
        table.keys.reserve(text.len() / 24);
        for line in text.lines().skip(1) {
            if table.read(line, &mut firsts).is_none() {
                table.skipped += 1;
            }
        }
        for (first, longest) in firsts {
            table.keys.entry(first).or_default().longest = longest;
        }
        table
    }

    fn read(&mut self, line: &'static str, firsts: &mut HashMap<&'static str, u8>) -> Option<()> {
        let mut cells = line.split('\t');
        match (cells.next()?, cells.next()?, cells.next()?) {
            ("C", code, name) => drop(self.country_names.insert(Country::new(code)?, name)),
            ("A", abbreviation, keys) => self.agencies.extend(keys.split('|').map(|key| (key, abbreviation))),
            ("K", key, flags) => {
                let known = self.known(flags, cells.next()?, cells.next()?)?;
                self.keys.insert(key, known);
                if let Some((first, _)) = key.split_once(' ') {
                    let words = u8::try_from(key.split(' ').count()).unwrap_or(u8::MAX);
                    let longest = firsts.entry(first).or_default();
                    *longest = words.max(*longest);
                }
            }
            _ => return None,
        }
        Some(())
    }

    fn known(&mut self, flags: &str, country: &str, places: &'static str) -> Option<Known> {
        let flags = flags.chars().map(flag).try_fold(0, |all, flag| Some(all | flag? as u8))?;
        let start = u32::try_from(self.places.len()).ok()?;
        for text in places.split(';').filter(|text| !text.is_empty()) {
            self.places.push(place(text)?);
        }
        let end = u32::try_from(self.places.len()).ok()?;
        let code = code_of(flags, self.places.get(start as usize..).unwrap_or_default());
        Some(Known { flags, code, longest: 0, country: Country::new(country), places: (start, end) })
    }
}

fn flag(letter: char) -> Option<Flag> {
    Some(match letter {
        'c' => Flag::Country,
        'd' => Flag::Demonym,
        'o' => Flag::Org,
        'm' => Flag::Outlet,
        'n' => Flag::FirstName,
        's' => Flag::Surname,
        'w' => Flag::CommonWord,
        '~' => Flag::WeakPlace,
        _ => return None,
    })
}

fn place(text: &'static str) -> Option<Place> {
    let mut cells = text.split(',');
    let country = Country::new(cells.next()?);
    let region = cells.next()?;
    let thousands = cells.next()?.parse().ok()?;
    let class = match cells.next()? {
        "p" => PlaceClass::City,
        "k" => PlaceClass::Capital,
        "r" => PlaceClass::Region,
        "a" => PlaceClass::Area,
        "s" => PlaceClass::Site,
        _ => return None,
    };
    Some(Place { country, region, thousands, class })
}
