//! Where words stand, and what must hold between the places.

use std::ops::Range;

use dateline::query::ast::{Operand, Term, TermList, TextPattern};
use dateline::query::{Quantifier, Scope};

use super::dates::whole;
use super::matching::{Seen, TwinTerm};
use super::story::{Story, Word};

/// Where something stands: positions of its first and its last word, with the units that hold all of it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Place {
    first: u32,
    last: u32,
    sentence: Option<usize>,
    paragraph: Option<usize>,
}

pub fn parts_of(operand: &Operand) -> (Quantifier, Vec<&Term>) {
    match operand {
        Operand::Term(term) => (Quantifier::Any, vec![&term.node]),
        Operand::Several(quantifier, TermList::Terms(terms)) => {
            (quantifier.node, terms.iter().map(|term| &term.node).collect())
        }
        Operand::Several(_, TermList::Parameter(_)) => panic!("the twin knows no parameters"),
    }
}

pub fn quantified(quantifier: Quantifier, hits: &[bool]) -> bool {
    match quantifier {
        Quantifier::Any => hits.contains(&true),
        Quantifier::All => !hits.contains(&false),
        Quantifier::None => !hits.contains(&true),
    }
}

pub fn anywhere(term: &TwinTerm, story: &Story) -> Vec<Place> {
    phrase_places(term, story, 0..story.words.len(), &|_| true)
}

/// Every place inside `range` where the term's words follow one another.
pub fn phrase_places(
    term: &TwinTerm,
    story: &Story,
    range: Range<usize>,
    begins_inside: &dyn Fn(&Word) -> bool,
) -> Vec<Place> {
    let lang = story.lang();
    let words = &story.words[range.clone()];
    let seen: Vec<Seen> = words
        .iter()
        .map(|word| Seen { folded: &word.folded, spelling: &word.spelling, joiner: &word.joiner })
        .collect();
    let mut places = Vec::new();
    for start in 0..words.len() {
        let end = start + term.len();
        let follows =
            end <= words.len() && words[end - 1].position - words[start].position + 1 == term.len() as u32;
        if follows && begins_inside(&words[start]) && term.begins(&seen[start..], lang.as_deref()) {
            places.extend(place(story, range.start + start..range.start + end));
        }
    }
    places
}

/// The place of some words; none where there are no words.
pub fn place(story: &Story, words: Range<usize>) -> Option<Place> {
    let words = story.words.get(words)?;
    let (first, last) = (words.first()?, words.last()?);
    Some(Place {
        first: first.position,
        last: last.position,
        sentence: (first.sentence == last.sentence).then_some(first.sentence),
        paragraph: (first.paragraph == last.paragraph).then_some(first.paragraph),
    })
}

pub fn distinct(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_by(|a, b| a.partial_cmp(b).unwrap());
    places.dedup();
    places
}

pub fn pattern_holds(pattern: &TextPattern, find: &dyn Fn(&TwinTerm) -> Vec<Place>) -> bool {
    let places = |operand: &Operand| -> (Quantifier, Vec<Vec<Place>>) {
        let (quantifier, terms) = parts_of(operand);
        (quantifier, terms.into_iter().map(|term| find(&TwinTerm::new(term))).collect())
    };
    let (quantifier, left) = places(&pattern.left);
    let at_least = pattern.at_least.as_ref().map_or(1, |times| whole(times));
    let scope = pattern.scope.as_ref().map(|scope| scope.node);
    let Some(near) = &pattern.proximity else { return enough(quantifier, &left, at_least, scope) };
    let (right_quantifier, right) = places(&near.right);
    let distance = near.distance.as_ref().map_or(10, |distance| whole(distance));
    let near = Near { ordered: near.ordered, distance, quantifiers: (quantifier, right_quantifier) };
    in_some_unit(scope, &[&left, &right], |sides| near.holds(&sides[0], &sides[1], at_least))
}

/// So many places of the listed terms, all in one unit where there is a scope; `none of` is the opposite of `any of`.
pub fn enough(quantifier: Quantifier, places: &[Vec<Place>], at_least: u64, scope: Option<Scope>) -> bool {
    let positive = if quantifier == Quantifier::All { Quantifier::All } else { Quantifier::Any };
    let is_found = in_some_unit(scope, &[places], |sides| {
        let hits: Vec<bool> = sides[0].iter().map(|places| !places.is_empty()).collect();
        quantified(positive, &hits) && most_apart(&sides[0].concat()) >= at_least
    });
    is_found != (quantifier == Quantifier::None)
}

/// Asks `holds` about the whole text, or about each unit by itself.
pub fn in_some_unit(
    scope: Option<Scope>,
    sides: &[&[Vec<Place>]],
    holds: impl Fn(&[Vec<Vec<Place>>]) -> bool,
) -> bool {
    let Some(scope) = scope else {
        return holds(&sides.iter().map(|side| side.to_vec()).collect::<Vec<_>>());
    };
    let unit = |place: &Place| match scope {
        Scope::Sentence => place.sentence,
        Scope::Paragraph => place.paragraph,
    };
    let all: Vec<usize> = sides.iter().flat_map(|side| side.iter().flatten()).filter_map(unit).collect();
    all.into_iter().any(|number| {
        let inside =
            |places: &Vec<Place>| places.iter().copied().filter(|p| unit(p) == Some(number)).collect();
        holds(&sides.iter().map(|side| side.iter().map(inside).collect()).collect::<Vec<_>>())
    })
}

pub struct Near {
    ordered: bool,
    distance: u64,
    quantifiers: (Quantifier, Quantifier),
}

impl Near {
    pub fn holds(&self, left: &[Vec<Place>], right: &[Vec<Place>], at_least: u64) -> bool {
        let (all_left, all_right) = (left.concat(), right.concat());
        let left_hits: Vec<bool> =
            left.iter().map(|places| !self.pairs(places, &all_right).is_empty()).collect();
        let right_hits: Vec<bool> =
            right.iter().map(|places| !self.pairs(&all_left, places).is_empty()).collect();
        quantified(self.quantifiers.0, &left_hits)
            && quantified(self.quantifiers.1, &right_hits)
            && most_apart(&self.pairs(&all_left, &all_right)) >= at_least
    }

    /// Every stretch from a place on one side to a near one on the other.
    pub fn pairs(&self, left: &[Place], right: &[Place]) -> Vec<Place> {
        let mut pairs = Vec::new();
        for a in left {
            for b in right {
                let follows =
                    |x: &Place, y: &Place| y.first > x.last && u64::from(y.first - x.last) <= self.distance;
                if follows(a, b) {
                    pairs.push(Place { last: b.last, ..*a });
                } else if !self.ordered && follows(b, a) {
                    pairs.push(Place { last: a.last, ..*b });
                }
            }
        }
        pairs
    }
}

/// The most places of which no two share a word, always taking the one that ends first.
pub fn most_apart(places: &[Place]) -> u64 {
    let mut rest = places.to_vec();
    let mut count = 0;
    while let Some(next) = rest.iter().min_by_key(|place| place.last).copied() {
        count += 1;
        rest.retain(|place| place.first > next.last);
    }
    count
}
