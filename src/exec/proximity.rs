//! Occurrences against each other: lists, distances, scopes, repetitions.
//!
//! Everything here works on the occurrences of the terms of one pattern in one article, which the caller found.
//! The rules, beyond the letter of the language:
//!
//! - An occurrence covers the words from its first to its last. Two of them are *near* when they share no word and the
//!   first word of the later one is at most `distance` words behind the last word of the earlier one.
//! - Near a list with `all of`, every listed term takes part in some pair.
//! - A scope holds an occurrence when it holds all of it; with a scope, some one sentence or paragraph must satisfy all of
//!   the pattern, `at least` included.
//! - Pairs overlap when the stretches from the first word of the one item to the last word of the other do.

use crate::query::Quantifier;

/// Where a term occurs: the positions of its words, from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Occurrence {
    /// Position of the first word.
    pub start: u32,
    /// Position behind the last word.
    pub end: u32,
}

impl Occurrence {
    /// Returns the occurrence of `words` words from `start` on.
    pub(crate) fn new(start: u32, words: u32) -> Occurrence {
        Occurrence { start, end: start + words }
    }
}

/// What must hold between the occurrences of a pattern's terms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// How many of the terms on the left, or of all terms, must take part; never `None`.
    pub left: Quantifier,
    /// What lies right of `near` or `before`.
    pub pair: Option<PairShape>,
    /// The least number of disjoint occurrences, or pairs.
    pub at_least: u32,
}

/// What `near` or `before` asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PairShape {
    /// Whether the left item must end before the right one starts.
    pub ordered: bool,
    /// How many of the terms on the right must take part; never `None`.
    pub right: Quantifier,
    /// Largest distance in words.
    pub distance: u32,
}

/// The occurrences of each term of one side, each list ascending.
pub(crate) type Side = Vec<Vec<Occurrence>>;

/// Tells whether the occurrences satisfy `shape` within the whole text.
pub(crate) fn holds(shape: &Shape, left: &[Vec<Occurrence>], right: &[Vec<Occurrence>]) -> bool {
    let Some(pair) = shape.pair else {
        return quantified(shape.left, left, |list| !list.is_empty())
            && (shape.at_least <= 1 || disjoint_count(merge(left)) >= shape.at_least);
    };
    let (all_left, all_right) = (merge(left), merge(right));
    quantified(shape.left, left, |list| any_pair(&pair, list, &all_right))
        && quantified(pair.right, right, |list| any_pair(&pair, &all_left, list))
        && (shape.at_least <= 1 || disjoint_count(pairs(&pair, &all_left, &all_right)) >= shape.at_least)
}

/// Tells whether the occurrences inside one of the units that start at `unit_starts` satisfy `shape`.
pub(crate) fn holds_in_one(shape: &Shape, left: &Side, right: &Side, unit_starts: &[u32]) -> bool {
    let mut units: Vec<usize> =
        left.iter().flatten().filter_map(|occurrence| unit_of(unit_starts, *occurrence)).collect();
    units.sort_unstable();
    units.dedup();
    units.into_iter().any(|unit| {
        let inside =
            |side: &Side| -> Side { side.iter().map(|list| list_in_unit(list, unit_starts, unit)).collect() };
        holds(shape, &inside(left), &inside(right))
    })
}

/// Returns the number of the unit that holds all of `occurrence`.
pub(crate) fn unit_of(unit_starts: &[u32], occurrence: Occurrence) -> Option<usize> {
    let unit = |position: u32| unit_starts.partition_point(|&start| start <= position).checked_sub(1);
    let first = unit(occurrence.start)?;
    (unit(occurrence.end.saturating_sub(1).max(occurrence.start)) == Some(first)).then_some(first)
}

fn list_in_unit(list: &[Occurrence], unit_starts: &[u32], unit: usize) -> Vec<Occurrence> {
    list.iter().copied().filter(|&occurrence| unit_of(unit_starts, occurrence) == Some(unit)).collect()
}

fn quantified(
    quantifier: Quantifier,
    lists: &[Vec<Occurrence>],
    takes_part: impl Fn(&[Occurrence]) -> bool,
) -> bool {
    match quantifier {
        Quantifier::All => lists.iter().all(|list| takes_part(list)),
        Quantifier::Any | Quantifier::None => lists.iter().any(|list| takes_part(list)),
    }
}

/// Returns the distinct occurrences of all lists, by their start.
pub(crate) fn merge(lists: &[Vec<Occurrence>]) -> Vec<Occurrence> {
    if let [only] = lists {
        return only.clone();
    }
    let mut all: Vec<Occurrence> = lists.iter().flatten().copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Returns the occurrences in ascending `list` that follow `earlier` within the distance.
fn followers(list: &[Occurrence], earlier: Occurrence, distance: u32) -> &[Occurrence] {
    let from = list.partition_point(|later| later.start < earlier.end);
    let rest = list.get(from..).unwrap_or_default();
    let past = earlier.end.saturating_add(distance);
    rest.get(..rest.partition_point(|later| later.start < past)).unwrap_or_default()
}

fn any_pair(pair: &PairShape, left: &[Occurrence], right: &[Occurrence]) -> bool {
    let follows = |earlier: &[Occurrence], later: &[Occurrence]| {
        earlier.iter().any(|&item| !followers(later, item, pair.distance).is_empty())
    };
    follows(left, right) || (!pair.ordered && follows(right, left))
}

/// Returns the stretches of all pairs that no other pair with the same beginning undercuts.
fn pairs(pair: &PairShape, left: &[Occurrence], right: &[Occurrence]) -> Vec<Occurrence> {
    let mut stretches = Vec::new();
    let mut collect = |earlier: &[Occurrence], later: &[Occurrence]| {
        for &item in earlier {
            let end = followers(later, item, pair.distance).iter().map(|follower| follower.end).min();
            stretches.extend(end.map(|end| Occurrence { start: item.start, end }));
        }
    };
    collect(left, right);
    if !pair.ordered {
        collect(right, left);
    }
    stretches
}

/// Returns the largest number of occurrences that share no word.
///
/// Taking the one that ends first is optimal: it leaves most room to the rest.
pub(crate) fn disjoint_count(mut occurrences: Vec<Occurrence>) -> u32 {
    occurrences.sort_unstable_by_key(|occurrence| (occurrence.end, occurrence.start));
    let mut count = 0;
    let mut free_from = 0;
    for occurrence in occurrences {
        if occurrence.start >= free_from {
            count += 1;
            free_from = occurrence.end;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(starts: &[u32]) -> Vec<Occurrence> {
        starts.iter().map(|&start| Occurrence::new(start, 1)).collect()
    }

    fn near(distance: u32) -> Shape {
        let pair = PairShape { ordered: false, right: Quantifier::Any, distance };
        Shape { left: Quantifier::Any, pair: Some(pair), at_least: 1 }
    }

    #[test]
    fn neighbours_have_distance_one() {
        assert!(holds(&near(1), &[at(&[4])], &[at(&[5])]));
        assert!(holds(&near(1), &[at(&[5])], &[at(&[4])]));
        assert!(!holds(&near(1), &[at(&[4])], &[at(&[6])]));
        assert!(holds(&near(2), &[at(&[4])], &[at(&[6])]));
        assert!(!holds(&near(5), &[at(&[4])], &[at(&[4])]), "one word is not near itself");
    }

    #[test]
    fn before_is_ordered() {
        let mut before = near(3);
        before.pair.as_mut().unwrap().ordered = true;
        assert!(holds(&before, &[at(&[4])], &[at(&[6])]));
        assert!(!holds(&before, &[at(&[6])], &[at(&[4])]));
    }

    #[test]
    fn a_scope_holds_whole_occurrences() {
        let sentences = [0, 10];
        assert_eq!(unit_of(&sentences, Occurrence::new(8, 2)), Some(0));
        assert_eq!(unit_of(&sentences, Occurrence::new(9, 2)), None);
        let all = Shape { left: Quantifier::All, pair: None, at_least: 1 };
        assert!(!holds_in_one(&all, &vec![at(&[3]), at(&[12])], &vec![], &sentences));
        assert!(holds_in_one(&all, &vec![at(&[3, 14]), at(&[12])], &vec![], &sentences));
    }

    #[test]
    fn repetitions_share_no_word() {
        let list =
            vec![Occurrence::new(0, 3), Occurrence::new(2, 2), Occurrence::new(4, 1), Occurrence::new(3, 4)];
        assert_eq!(disjoint_count(list), 2);
    }

    fn occurrences() -> impl Strategy<Value = Vec<Occurrence>> {
        prop::collection::btree_set((0u32..24, 1u32..4), 0..6)
            .prop_map(|set| set.into_iter().map(|(start, words)| Occurrence::new(start, words)).collect())
    }

    /// The definition, pair by pair.
    fn naive_pairs(
        pair: &PairShape,
        left: &[Occurrence],
        right: &[Occurrence],
    ) -> Vec<(Occurrence, Occurrence)> {
        let mut found = Vec::new();
        for &a in left {
            for &b in right {
                let follows =
                    |x: Occurrence, y: Occurrence| y.start >= x.end && y.start - (x.end - 1) <= pair.distance;
                if follows(a, b) || (!pair.ordered && follows(b, a)) {
                    found.push((a, b));
                }
            }
        }
        found
    }

    /// The size of the largest subset without overlaps, by trying every subset.
    fn naive_disjoint(spans: &[Occurrence]) -> u32 {
        let disjoint = |chosen: &[Occurrence]| {
            chosen
                .iter()
                .enumerate()
                .all(|(i, a)| chosen.iter().skip(i + 1).all(|b| a.end <= b.start || b.end <= a.start))
        };
        (0u32..1 << spans.len())
            .filter(|mask| {
                let chosen: Vec<_> =
                    (0..spans.len()).filter(|i| mask >> i & 1 == 1).map(|i| spans[i]).collect();
                disjoint(&chosen)
            })
            .map(u32::count_ones)
            .max()
            .unwrap_or(0)
    }

    proptest! {
        #[test]
        fn disjoint_count_is_the_largest(list in prop::collection::vec((0u32..20, 1u32..5), 0..9)) {
            let spans: Vec<_> = list.into_iter().map(|(start, words)| Occurrence::new(start, words)).collect();
            prop_assert_eq!(disjoint_count(spans.clone()), naive_disjoint(&spans));
        }

        #[test]
        fn pairs_are_those_of_the_definition(
            left in prop::collection::vec(occurrences(), 1..3),
            right in prop::collection::vec(occurrences(), 1..3),
            ordered: bool, left_all: bool, right_all: bool, distance in 1u32..8, at_least in 1u32..4,
        ) {
            let quantifier = |all| if all { Quantifier::All } else { Quantifier::Any };
            let pair = PairShape { ordered, right: quantifier(right_all), distance };
            let shape = Shape { left: quantifier(left_all), pair: Some(pair), at_least };
            let (all_left, all_right) = (merge(&left), merge(&right));
            let found = naive_pairs(&pair, &all_left, &all_right);
            let part = |side: &[Vec<Occurrence>], all: bool, pick: fn(&(Occurrence, Occurrence)) -> Occurrence| {
                let takes = |list: &Vec<Occurrence>| found.iter().any(|p| list.contains(&pick(p)));
                if all { side.iter().all(takes) } else { side.iter().any(takes) }
            };
            let mut stretches: Vec<_> = found
                .iter()
                .map(|(a, b)| Occurrence { start: a.start.min(b.start), end: a.end.max(b.end) })
                .collect();
            stretches.sort_unstable();
            stretches.dedup();
            prop_assume!(stretches.len() <= 14);
            let expected = part(&left, left_all, |p| p.0)
                && part(&right, right_all, |p| p.1)
                && naive_disjoint(&stretches) >= at_least;
            prop_assert_eq!(holds(&shape, &left, &right), expected);
        }
    }
}
