//! Aliases: several names for one person, place or organisation.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::text::{fold_value, fold_word, tokens};

/// The aliases of an archive: canonical names as written, each with the other names that mean the same.
///
/// A look-up takes the same time however many there are: names are found by their folded form.
///
/// # Examples
///
/// ```
/// use dateline::catalog::Aliases;
///
/// let mut aliases = Aliases::default();
/// aliases.insert("Islamic State".to_owned(), vec!["ISIS".to_owned(), "Daesh".to_owned()]);
/// assert_eq!(aliases.canonical("daesh"), Some("Islamic State"));
/// assert_eq!(aliases.names_of_value("isis"), ["Islamic State", "ISIS", "Daesh"]);
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Vec<String>>", into = "BTreeMap<String, Vec<String>>")]
pub struct Aliases {
    names: Arc<BTreeMap<String, Vec<String>>>,
    /// Made when a name is first looked up; a change makes it anew.
    index: Arc<OnceLock<Index>>,
}

/// Canonical names by every name of theirs.
#[derive(Debug)]
struct Index {
    by_value: HashMap<String, Vec<String>>,
    by_words: HashMap<String, Vec<String>>,
}

impl PartialEq for Aliases {
    fn eq(&self, other: &Aliases) -> bool {
        self.names == other.names
    }
}

impl Eq for Aliases {}

impl From<BTreeMap<String, Vec<String>>> for Aliases {
    fn from(names: BTreeMap<String, Vec<String>>) -> Aliases {
        Aliases { names: Arc::new(names), index: Arc::default() }
    }
}

impl From<Aliases> for BTreeMap<String, Vec<String>> {
    fn from(aliases: Aliases) -> BTreeMap<String, Vec<String>> {
        Arc::unwrap_or_clone(aliases.names)
    }
}

impl Aliases {
    /// Lists canonical names with their other names, by canonical name.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Vec<String>)> {
        self.names.iter()
    }

    /// Lists the canonical names.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.names.keys()
    }

    /// Returns the other names of a canonical name as written.
    pub fn get(&self, canonical: &str) -> Option<&Vec<String>> {
        self.names.get(canonical)
    }

    /// Returns how many canonical names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Adds an alias, in place of one whose canonical name folds alike.
    pub fn insert(&mut self, canonical: String, others: Vec<String>) {
        self.remove(&canonical);
        Arc::make_mut(&mut self.names).insert(canonical, others);
        self.index = Arc::default();
    }

    /// Removes the alias of a canonical name, however it is spelled, and tells whether there was one.
    pub fn remove(&mut self, canonical: &str) -> bool {
        let Some(known) = self.spelling(canonical).map(str::to_owned) else { return false };
        Arc::make_mut(&mut self.names).remove(&known);
        self.index = Arc::default();
        true
    }

    /// Returns a canonical name as it is stored, asked for in any spelling.
    pub fn spelling(&self, canonical: &str) -> Option<&str> {
        let folded = fold_value(canonical);
        let found = self.index().by_value.get(&folded)?;
        found.iter().map(String::as_str).find(|known| fold_value(known) == folded)
    }

    /// Returns the canonical name of a folded name.
    pub fn canonical(&self, folded: &str) -> Option<&str> {
        self.index().by_value.get(folded)?.first().map(String::as_str)
    }

    /// Returns every name that means the same as a folded name, that one included; nothing where it has no alias.
    pub fn names_of_value(&self, folded: &str) -> Vec<&str> {
        self.names_of(self.index().by_value.get(folded))
    }

    /// Returns every name that means the same as a name of these folded words, with one space between two.
    pub fn names_of_words(&self, words: &str) -> Vec<&str> {
        self.names_of(self.index().by_words.get(words))
    }

    fn names_of(&self, canonical: Option<&Vec<String>>) -> Vec<&str> {
        let known = canonical.into_iter().flatten().filter_map(|name| self.names.get_key_value(name));
        let names = known.flat_map(|(name, others)| std::iter::once(name).chain(others));
        names.map(String::as_str).collect()
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index { by_value: HashMap::new(), by_words: HashMap::new() };
            for (canonical, others) in self.names.iter() {
                for name in std::iter::once(canonical).chain(others) {
                    enter(&mut index.by_value, fold_value(name), canonical);
                    enter(&mut index.by_words, words(name), canonical);
                }
            }
            index
        })
    }
}

fn enter(map: &mut HashMap<String, Vec<String>>, name: String, canonical: &str) {
    let known = map.entry(name).or_default();
    if !known.iter().any(|known| known == canonical) {
        known.push(canonical.to_owned());
    }
}

/// Returns the folded words of a name with one space between two.
fn words(name: &str) -> String {
    let words: Vec<_> = tokens(name).map(|token| fold_word(token.span.of(name))).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_spelling_and_go_with_their_alias() {
        let mut aliases = Aliases::default();
        aliases.insert("al-Qaeda".to_owned(), vec!["AQ".to_owned(), "Al Qaida".to_owned()]);
        aliases.insert("Kyiv".to_owned(), vec!["Kiev".to_owned()]);
        assert_eq!(aliases.names_of_words("al qaeda"), ["al-Qaeda", "AQ", "Al Qaida"]);
        assert_eq!(aliases.canonical("kiev"), Some("Kyiv"));
        assert_eq!(aliases.canonical("minsk"), None);
        aliases.insert("KYIV".to_owned(), vec!["Kyjev".to_owned()]);
        assert_eq!((aliases.canonical("kiev"), aliases.canonical("kyjev")), (None, Some("KYIV")));
        assert!(aliases.remove("Al-QAEDA") && !aliases.remove("AQ"));
        assert_eq!(aliases.len(), 1);
    }

    #[test]
    fn they_are_stored_as_a_plain_map() {
        let aliases = Aliases::from(BTreeMap::from([("A".to_owned(), vec!["B".to_owned()])]));
        let json = serde_json::to_string(&aliases).unwrap();
        assert_eq!(json, r#"{"A":["B"]}"#);
        assert_eq!(serde_json::from_str::<Aliases>(&json).unwrap(), aliases);
    }
}
