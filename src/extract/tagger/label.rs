//! Labels of words: where in a name a word stands, and what the name is of.

use std::ops::Range;

use crate::article::EntityKind;

/// Number of labels.
pub const LABELS: usize = 15;

/// What a run of words is; the three kinds of entities, and words such as "Iranian" that tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// An entity of the kind.
    Entity(EntityKind),
    /// A word for the people of a country, a faith, a party.
    Group,
}

impl Sort {
    fn index(self) -> u8 {
        match self {
            Sort::Entity(kind) => kind as u8,
            Sort::Group => 3,
        }
    }

    fn from_index(index: u8) -> Sort {
        EntityKind::ALL.get(usize::from(index)).map_or(Sort::Group, |&kind| Sort::Entity(kind))
    }
}

/// A run of words with its sort.
pub type Labelled = (Range<usize>, Sort);

/// The label of a word: outside any name (0), or the first, inner, last or only word of a name of a kind (four labels
/// each from 1), or the first or a later word of a group (13, 14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Label(pub(super) u8);

const GROUP_FIRST: u8 = 13;
const GROUP_LATER: u8 = 14;

/// Place of a word in its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    First,
    Inner,
    Last,
    Only,
}

impl Label {
    pub(super) const OUTSIDE: Label = Label(0);

    fn part(self) -> Option<(Part, Sort)> {
        let parts = [Part::First, Part::Inner, Part::Last, Part::Only];
        match self.0 {
            0 => None,
            GROUP_FIRST => Some((Part::First, Sort::Group)),
            GROUP_LATER => Some((Part::Inner, Sort::Group)),
            label => {
                let part = *parts.get(usize::from((label - 1) % 4))?;
                Some((part, Sort::from_index((label - 1) / 4)))
            }
        }
    }

    /// Tells whether a label may follow another; `None` is the border of a stretch.
    pub(super) fn may_follow(before: Option<Label>, after: Option<Label>) -> bool {
        let before = before.and_then(Label::part);
        let after = after.and_then(Label::part);
        // A group may end anywhere, so nothing tells from its first word whether it goes on.
        let open =
            before.filter(|(part, sort)| *sort != Sort::Group && matches!(part, Part::First | Part::Inner));
        let goes_on = after.filter(|(part, _)| matches!(part, Part::Inner | Part::Last));
        match (open, goes_on) {
            (Some((_, open)), Some((_, sort))) => open == sort,
            (Some(_), None) => false,
            (None, Some((_, Sort::Group))) => before.is_some_and(|(_, sort)| sort == Sort::Group),
            (None, Some(_)) => false,
            (None, None) => true,
        }
    }
}

/// Returns the labels of words from the runs among them; runs do not overlap and come in order.
pub(super) fn encode(len: usize, runs: &[Labelled]) -> Vec<Label> {
    let mut labels = vec![Label::OUTSIDE; len];
    for (words, sort) in runs {
        let count = words.len();
        for (at, label) in labels.get_mut(words.clone()).into_iter().flatten().enumerate() {
            *label = match (*sort, at) {
                (Sort::Group, 0) => Label(GROUP_FIRST),
                (Sort::Group, _) => Label(GROUP_LATER),
                (sort, _) => {
                    let part = if count == 1 {
                        Part::Only
                    } else if at == 0 {
                        Part::First
                    } else if at + 1 == count {
                        Part::Last
                    } else {
                        Part::Inner
                    };
                    Label(1 + sort.index() * 4 + part as u8)
                }
            };
        }
    }
    labels
}

/// Appends the runs that labels describe, `start` added to their places.
pub(super) fn decode(labels: &[Label], start: usize, runs: &mut Vec<Labelled>) {
    for (at, label) in (start..).zip(labels) {
        let Some((part, sort)) = label.part() else { continue };
        match (part, runs.last_mut()) {
            (Part::Inner | Part::Last, Some((words, last))) if words.end == at && *last == sort => {
                words.end = at + 1
            }
            _ => runs.push((at..at + 1, sort)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::article::EntityKind::{Org, Person, Place};

    fn all() -> impl Iterator<Item = Label> {
        (0..LABELS as u8).map(Label)
    }

    #[test]
    fn labels_encode_what_they_decode() {
        let runs = vec![
            (0..1, Sort::Entity(Place)),
            (1..3, Sort::Group),
            (3..6, Sort::Entity(Org)),
            (6..8, Sort::Entity(Person)),
        ];
        let labels = encode(9, &runs);
        let mut decoded = Vec::new();
        decode(&labels, 0, &mut decoded);
        assert_eq!(decoded, runs);
        assert!(labels.windows(2).all(|pair| Label::may_follow(Some(pair[0]), Some(pair[1]))));
    }

    #[test]
    fn every_label_can_be_reached_and_left() {
        for label in all() {
            assert!(all().any(|before| Label::may_follow(Some(before), Some(label))), "{label:?}");
            assert!(all().any(|after| Label::may_follow(Some(label), Some(after))), "{label:?}");
        }
        assert!(
            Label::may_follow(None, Some(Label::OUTSIDE)) && Label::may_follow(Some(Label::OUTSIDE), None)
        );
    }

    proptest! {
        #[test]
        fn any_labels_decode_to_runs_in_order(labels in proptest::collection::vec(0..LABELS as u8, 0..30)) {
            let labels: Vec<Label> = labels.into_iter().map(Label).collect();
            let mut runs = Vec::new();
            decode(&labels, 0, &mut runs);
            let mut end = 0;
            for (words, _) in runs {
                prop_assert!(words.start >= end && words.end > words.start && words.end <= labels.len());
                end = words.end;
            }
        }
    }
}
