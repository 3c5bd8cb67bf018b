//! Names that the gazetteer knows, as they stand on a page.

use std::ops::Range;

use super::gazetteer::{self, Flag, Known};
use super::page::{Gap, Page, Shape};
use super::tagger::Name;
use crate::article::EntityKind;

/// Longest known name looked up, in words.
pub(super) const KNOWN_WORDS_MAX: usize = 6;

/// Returns the number of words of the longest known name that starts at a word and ends before `end`, and what is
/// known of it; `key` is scratch.
pub(super) fn longest(
    page: &Page<'_>,
    at: usize,
    end: usize,
    key: &mut String,
) -> Option<(usize, &'static Known)> {
    let word = page.words.get(at).filter(|word| word.is_capital() || word.shape == Shape::Uncased)?;
    let known = word.known?;
    let most = known.longest().min(end - at).min(KNOWN_WORDS_MAX);
    for len in (2..=most).rev() {
        let last = page.words.get(at + len - 1);
        let looks = last.is_some_and(|last| last.is_capital() || last.shape == Shape::Uncased);
        if !looks || !is_joined(page, at + 1..at + len) {
            continue;
        }
        key.clear();
        page.key_into(at..at + len, key);
        if let Some(known) = gazetteer::lookup(key).filter(|known| known.code() != 0) {
            return Some((len, known));
        }
    }
    (known.code() != 0).then_some((1, known))
}

fn is_joined(page: &Page<'_>, words: Range<usize>) -> bool {
    page.slice(words).iter().all(|word| joins(word.gap))
}

/// Tells whether words with such a gap between may be one name.
pub(super) fn joins(gap: Gap) -> bool {
    matches!(gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Stop | Gap::Ampersand)
}

/// Returns the places and organisations of a page that the gazetteer knows as nothing else, in any language.
pub fn known_names(page: &Page<'_>) -> Vec<Name> {
    let mut names = Vec::new();
    let mut key = String::new();
    for sentence in &page.sentences {
        let mut at = sentence.start;
        while at < sentence.end {
            let found = longest(page, at, sentence.end, &mut key);
            let kind = found.and_then(|(_, known)| kind_of(known));
            let len = found.map_or(1, |(len, _)| len);
            names.extend(kind.map(|(kind, weight)| Name { words: at..at + len, kind, weight }));
            at += len;
        }
    }
    names
}

fn kind_of(known: &Known) -> Option<(EntityKind, u8)> {
    if known.is(Flag::Country) {
        Some((EntityKind::Place, 5))
    } else if known.is(Flag::Demonym) || known.is(Flag::CommonWord) {
        None
    } else if known.is(Flag::Org) {
        Some((EntityKind::Org, 4))
    } else {
        known.is_firm_place().then_some((EntityKind::Place, 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn known_names_are_found_in_any_language() {
        let text = "La OTAN y las Naciones Unidas se reunieron en Nueva York y en París con Siria. 東京.";
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let names = known_names(&page);
        let found: Vec<&str> = names.iter().map(|name| page.span(&name.words).of(text)).collect();
        assert!(["París", "Siria"].iter().all(|place| found.contains(place)), "{found:?}");
    }
}
