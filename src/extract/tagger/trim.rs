//! Bounds of names, where rules know better than weights.

use std::ops::Range;

use super::Name;
use crate::article::EntityKind;
use crate::extract::gazetteer::{self, Flag, Known, Place, PlaceClass};
use crate::extract::known::KNOWN_WORDS_MAX;
use crate::extract::lexicon::Class;
use crate::extract::page::{Gap, Page, PageWord, Shape};

/// Corrects the bounds of names; they come in order and stay so.
pub(super) fn trim(page: &Page<'_>, names: Vec<Name>) -> Vec<Name> {
    let mut trimmed: Vec<Name> = Vec::with_capacity(names.len());
    for name in names {
        if joins_place(page, trimmed.last(), &name) {
            if let Some(city) = trimmed.last_mut() {
                city.words.end = name.words.end;
            }
            continue;
        }
        let name = without_front(page, before_bracket(page, name));
        match state_before_body(page, &name) {
            Some(len) => {
                let middle = name.words.start + len;
                trimmed.push(Name { words: name.words.start..middle, kind: EntityKind::Place, weight: 5 });
                trimmed.push(Name { words: middle..name.words.end, ..name });
            }
            None if !is_nothing(page, &name.words) && !names_agreement(page, &name) => trimmed.push(name),
            None => {}
        }
    }
    trimmed
}

/// Words for agreements, which are called by the city where they were made: such a name means the paper, and the
/// city has no part in what is reported of it.
const AGREEMENTS: [&str; 10] = [
    "process",
    "accord",
    "accords",
    "agreement",
    "agreements",
    "protocol",
    "convention",
    "treaty",
    "pact",
    "declaration",
];

/// "Washington, D.C.": two places that the gazetteer knows as one.
fn joins_place(page: &Page<'_>, before: Option<&Name>, name: &Name) -> bool {
    let Some(before) = before.filter(|before| before.kind == EntityKind::Place) else { return false };
    let follows = before.words.end == name.words.start
        && page.words.get(name.words.start).is_some_and(|word| word.gap == Gap::Comma);
    let joint = before.words.start..name.words.end;
    let known = || gazetteer::lookup(&page.key(joint.clone())).is_some_and(Known::is_place);
    follows && joint.len() <= KNOWN_WORDS_MAX && known()
}

/// "CIRE (Regional Centre": what stands in brackets is another name.
fn before_bracket(page: &Page<'_>, mut name: Name) -> Name {
    let words = page.slice(name.words.clone());
    if let Some(at) = words.iter().skip(1).position(|word| word.gap == Gap::Bracket) {
        name.words.end = name.words.start + 1 + at;
    }
    name
}

/// "western Montana" is Montana, "The New York Times" the New York Times.
fn without_front(page: &Page<'_>, mut name: Name) -> Name {
    let stays_outside = |word: &PageWord| {
        let points = word.shape == Shape::Lower && word.class.is(Class::DIRECTION);
        points || (name.kind == EntityKind::Org && page.term(word) == "the")
    };
    if name.words.len() > 1 && page.words.get(name.words.start).is_some_and(stays_outside) {
        name.words.start += 1;
    }
    name
}

/// Returns the number of words of the country before a body that every state has: "U.S. | House of Representatives".
fn state_before_body(page: &Page<'_>, name: &Name) -> Option<usize> {
    if name.kind != EntityKind::Org {
        return None;
    }
    let len = (1..=2.min(name.words.len().checked_sub(1)?)).find(|len| {
        let key = page.key(name.words.start..name.words.start + len);
        gazetteer::lookup(&key).is_some_and(|known| known.is(Flag::Country))
    })?;
    let rest = page.slice(name.words.start + len..name.words.end);
    let (first, last) = (rest.first()?, rest.last()?);
    // "U.S." ends with a full stop that is no part of the word.
    let spaced = matches!(first.gap, Gap::Space | Gap::Stop);
    let is_body = |word: &PageWord| word.class.is(Class::STATE_BODY) || page.term(word) == "house";
    let body = rest.len() <= 3 && rest.iter().all(is_body);
    let of = is_body(first) && rest.get(1).is_some_and(|word| page.term(word) == "of");
    // The United States put themselves before every agency of theirs.
    let states =
        matches!(page.key(name.words.start..name.words.start + len).as_str(), "u.s" | "us" | "united states");
    let agency = states
        && matches!(page.term(last), "agency" | "commission" | "administration" | "department" | "office");
    (spaced && (body || of || agency)).then_some(len)
}

/// "HIV", "Islamic", "Muslims": words with a capital that name nobody.
fn is_nothing(page: &Page<'_>, words: &Range<usize>) -> bool {
    let [word] = page.slice(words.clone()) else { return false };
    word.class.is(Class::NO_NAME)
}

/// "the Astana process", "the Minsk accords"; not "the Iran agreement", which is one with Iran, nor "the Europe pact".
fn names_agreement(page: &Page<'_>, name: &Name) -> bool {
    let [city] = page.slice(name.words.clone()) else { return false };
    let next = page.words.get(name.words.end).filter(|next| next.gap == Gap::Space);
    let agreed = next.is_some_and(|next| AGREEMENTS.contains(&page.term(next)));
    let is_city = |place: &Place| matches!(place.class, PlaceClass::City | PlaceClass::Capital);
    let may_be_city = city.known.is_none_or(|known| known.code() == 0 || known.places().iter().any(is_city));
    name.kind == EntityKind::Place && agreed && may_be_city && !city.has(Flag::Country)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn trimmed(text: &str, words: Range<usize>, kind: EntityKind) -> Vec<String> {
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let names = trim(&page, vec![Name { words, kind, weight: 3 }]);
        names.iter().map(|name| page.span(&name.words).of(text).to_owned()).collect()
    }

    #[test]
    fn bounds_follow_the_rules() {
        use EntityKind::{Org, Place};
        for (text, kind, expected) in [
            ("U.S. House of Representatives", Org, vec!["U.S.", "House of Representatives"]),
            ("United States Department of Justice", Org, vec!["United States", "Department of Justice"]),
            ("US Environmental Protection Agency", Org, vec!["US", "Environmental Protection Agency"]),
            ("Kenya Airways", Org, vec!["Kenya Airways"]),
            ("western Montana", Place, vec!["Montana"]),
            ("The New York Times", Org, vec!["New York Times"]),
            ("The Hague", Place, vec!["The Hague"]),
            ("West Bank", Place, vec!["West Bank"]),
            ("CIRE (Regional Centre", Org, vec!["CIRE"]),
            ("HIV", Org, vec![]),
        ] {
            let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
            assert_eq!(trimmed(text, 0..page.words.len(), kind), expected, "{text}");
        }
    }

    #[test]
    fn agreements_are_no_cities() {
        let names = |text: &str, word: usize| trimmed(text, word..word + 1, EntityKind::Place).len();
        assert_eq!(names("the Astana process", 1), 0);
        assert_eq!(names("the Kyoto protocol", 1), 0);
        assert_eq!(names("the Iran agreement", 1), 1);
        assert_eq!(names("the Europe pact", 1), 1);
        assert_eq!(names("in Astana, process servers", 1), 1);
    }

    #[test]
    fn places_known_together_are_one() {
        let text = "in Paris, Texas";
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let place = |word: usize| Name { words: word..word + 1, kind: EntityKind::Place, weight: 3 };
        assert_eq!(trim(&page, vec![place(1), place(2)]).len(), 2);
    }

    #[test]
    fn the_capital_keeps_its_district() {
        let text = "in Washington, D.C. on";
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let place = |word: usize| Name { words: word..word + 1, kind: EntityKind::Place, weight: 3 };
        let names = trim(&page, vec![place(1), place(2)]);
        let bounds: Vec<(usize, usize)> =
            names.iter().map(|name| (name.words.start, name.words.end)).collect();
        assert_eq!(bounds, [(1, 3)]);
    }
}
