//! Countries, regions and cities by name, with what lies in what.

use crate::article::Country;

/// A region of a country: a state, province or governorate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Its folded name, as `Entity::within` holds it.
    pub name: &'static str,
    /// The country it lies in.
    pub country: Country,
}

/// Returns the country of a name in any spelling, an English demonym aside; also of an ISO 3166-1 code.
pub fn country_by_name(_name: &str) -> Option<Country> {
    None
}

/// Returns the English name of a country.
pub fn country_name(_country: Country) -> Option<&'static str> {
    None
}

/// Returns the region of a name such as "Idlib", "Idlib province" or "Texas".
pub fn region(_name: &str) -> Option<Region> {
    None
}
