//! What is certain about fields that extraction fills too: given with the article, or put right by hand.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::schema::Builtin;
use crate::text::fold_value;

/// Certain values of fields that extraction fills too.
///
/// It belongs to the article and not to its extraction, so it outlives every version of the extractor.
///
/// # Examples
///
/// ```
/// use dateline::article::Given;
/// use dateline::schema::Builtin;
///
/// let mut given = Given::default();
/// assert!(given.add(Builtin::Person, "Ann Other"));
/// assert!(given.remove(Builtin::Person, "May"));
/// assert!(given.excludes(Builtin::Person, "MAY"), "whatever an extractor finds");
/// assert!(given.add(Builtin::Person, "May"), "the last word counts");
/// assert!(!given.excludes(Builtin::Person, "May"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Given {
    /// Writers, as printed.
    pub authors: Vec<String>,
    /// People named.
    pub people: Vec<String>,
    /// Places named.
    pub places: Vec<String>,
    /// Organisations named.
    pub orgs: Vec<String>,
    /// Countries, as codes or names.
    pub countries: Vec<String>,
    /// Agencies credited.
    pub agencies: Vec<String>,
    /// The dateline as the source prints it, where it stands apart from the body.
    pub dateline: Option<String>,
    /// Fields whose values were set by hand: they hold what is given here, and nothing that is extracted.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub fixed: BTreeSet<Builtin>,
    /// Values taken away by hand: they do not count although they are extracted. The lists hold no two that fold alike.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub removed: BTreeMap<Builtin, Vec<String>>,
}

impl Given {
    /// Lists the many-valued fields that values can be added to and taken from.
    pub const FIELDS: [Builtin; 6] =
        [Builtin::Author, Builtin::Person, Builtin::Place, Builtin::Org, Builtin::Country, Builtin::Agency];

    /// Returns the given values of one of [`Given::FIELDS`]; none for other fields.
    pub fn values(&self, field: Builtin) -> &[String] {
        match field {
            Builtin::Author => &self.authors,
            Builtin::Person => &self.people,
            Builtin::Place => &self.places,
            Builtin::Org => &self.orgs,
            Builtin::Country => &self.countries,
            Builtin::Agency => &self.agencies,
            _ => &[],
        }
    }

    fn list(&mut self, field: Builtin) -> Option<&mut Vec<String>> {
        match field {
            Builtin::Author => Some(&mut self.authors),
            Builtin::Person => Some(&mut self.people),
            Builtin::Place => Some(&mut self.places),
            Builtin::Org => Some(&mut self.orgs),
            Builtin::Country => Some(&mut self.countries),
            Builtin::Agency => Some(&mut self.agencies),
            _ => None,
        }
    }

    /// Adds a value to one of [`Given::FIELDS`] and tells whether that changed anything. A value that was taken away
    /// counts again.
    pub fn add(&mut self, field: Builtin, value: &str) -> bool {
        let was_removed = self.restore(field, value);
        let Some(list) = self.list(field) else { return was_removed };
        if list.iter().any(|known| is_same(known, value)) {
            return was_removed;
        }
        list.push(value.to_owned());
        true
    }

    /// Takes a value away from one of [`Given::FIELDS`], whether it was given or is extracted, and tells whether that
    /// changed anything.
    pub fn remove(&mut self, field: Builtin, value: &str) -> bool {
        let Some(list) = self.list(field) else { return false };
        let before = list.len();
        list.retain(|known| !is_same(known, value));
        let was_given = list.len() != before;
        let removed = self.removed.entry(field).or_default();
        if removed.iter().any(|known| is_same(known, value)) {
            return was_given;
        }
        removed.push(value.to_owned());
        true
    }

    /// Makes these the only values of one of [`Given::FIELDS`], whatever is extracted, and tells whether that changed
    /// anything.
    pub fn set(&mut self, field: Builtin, values: Vec<String>) -> bool {
        let Some(list) = self.list(field) else { return false };
        let is_new = *list != values;
        *list = values;
        let had_removed = self.removed.remove(&field).is_some();
        self.fixed.insert(field) || is_new || had_removed
    }

    /// Tells whether a value that was extracted does not count.
    pub fn excludes(&self, field: Builtin, value: &str) -> bool {
        let is_given = || self.values(field).iter().any(|known| is_same(known, value));
        let is_removed = || {
            let removed = self.removed.get(&field);
            removed.is_some_and(|removed| removed.iter().any(|known| is_same(known, value)))
        };
        if self.fixed.contains(&field) { !is_given() } else { is_removed() }
    }

    /// Tells whether anything was set or taken away by hand.
    pub fn is_curated(&self) -> bool {
        !self.fixed.is_empty() || !self.removed.is_empty()
    }

    fn restore(&mut self, field: Builtin, value: &str) -> bool {
        let Some(removed) = self.removed.get_mut(&field) else { return false };
        let before = removed.len();
        removed.retain(|known| !is_same(known, value));
        let was_removed = removed.len() != before;
        if removed.is_empty() {
            self.removed.remove(&field);
        }
        was_removed
    }
}

fn is_same(a: &str, b: &str) -> bool {
    a == b || fold_value(a) == fold_value(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_is_all_there_is() {
        let mut given = Given::default();
        assert!(given.remove(Builtin::Org, "UN"));
        assert!(given.set(Builtin::Org, vec!["NATO".into()]));
        assert!(!given.set(Builtin::Org, vec!["NATO".into()]));
        assert!(given.excludes(Builtin::Org, "EU") && !given.excludes(Builtin::Org, "nato"));
        assert!(given.removed.is_empty() && given.is_curated());
        assert!(given.add(Builtin::Org, "EU") && !given.excludes(Builtin::Org, "EU"));
    }

    #[test]
    fn the_same_again_changes_nothing() {
        let mut given = Given::default();
        assert!(given.add(Builtin::Place, "Čáslav") && !given.add(Builtin::Place, "caslav"));
        assert!(given.remove(Builtin::Place, "CASLAV") && given.places.is_empty());
        assert!(!given.remove(Builtin::Place, "Čáslav"));
        assert!(!given.is_curated() || given.excludes(Builtin::Place, "Čáslav"));
    }

    #[test]
    fn other_fields_are_left_alone() {
        let mut given = Given::default();
        for field in [Builtin::Topic, Builtin::Title, Builtin::Lang] {
            assert!(!given.add(field, "x") && !given.remove(field, "x") && !given.set(field, vec![]));
        }
        assert_eq!(given, Given::default());
        assert!(Given::FIELDS.iter().all(|&field| given.clone().add(field, "x")));
    }
}
