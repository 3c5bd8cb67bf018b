//! The best path of labels through a stretch of words (Viterbi).

use super::label::{LABELS, Label};

/// Labels and the border of a stretch, which is also the width of a row of the model.
pub(super) const LANES: usize = 16;

/// The border of a stretch, before its first word and after its last.
pub(super) const BORDER: usize = LABELS;

/// A score that no path of allowed labels has.
const FORBIDDEN: i32 = -(1 << 28);

/// A score for each label.
pub(super) type Scores = [i32; LANES];

/// What it is worth for one label to follow another, by the one before; the border is the last of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Transitions(pub(super) [Scores; LANES]);

impl Default for Transitions {
    /// Nothing is worth anything, and what may not follow is forbidden.
    fn default() -> Transitions {
        let label = |index: usize| (index != BORDER).then_some(Label(index as u8));
        let worth = |before: usize, after: usize| {
            let allowed = Label::may_follow(label(before), label(after));
            if allowed { 0 } else { FORBIDDEN }
        };
        Transitions(std::array::from_fn(|before| std::array::from_fn(|after| worth(before, after))))
    }
}

impl Transitions {
    pub(super) fn is_allowed(&self, before: usize, after: usize) -> bool {
        self.worth(before, after) > FORBIDDEN / 2
    }

    fn worth(&self, before: usize, after: usize) -> i32 {
        self.0.get(before).and_then(|row| row.get(after)).copied().unwrap_or(FORBIDDEN)
    }
}

/// Finds best paths; keeps its memory from one stretch to the next.
#[derive(Debug, Default)]
pub(super) struct Pathfinder {
    /// For each word and label, the label before it on the best path.
    back: Vec<[u8; LANES]>,
}

impl Pathfinder {
    /// Writes the labels of the best path, given the score of each label at each word.
    pub(super) fn best(&mut self, scores: &[Scores], transitions: &Transitions, path: &mut Vec<Label>) {
        self.back.clear();
        path.clear();
        let mut reached = [FORBIDDEN; LANES];
        if let Some(border) = reached.get_mut(BORDER) {
            *border = 0;
        }
        for own in scores {
            let mut next = [FORBIDDEN * 2; LANES];
            let mut from = [0u8; LANES];
            for (before, (&score, row)) in reached.iter().zip(&transitions.0).enumerate() {
                for ((next, from), &worth) in next.iter_mut().zip(&mut from).zip(row) {
                    let sum = score + worth;
                    if sum > *next {
                        *next = sum;
                        *from = before as u8;
                    }
                }
            }
            next.iter_mut().zip(own).for_each(|(next, own)| *next += own);
            // Only differences count; kept below 0 they stay far from the ends of i32, however long the stretch.
            let best = next.iter().take(LABELS).copied().max().unwrap_or(0);
            for next in &mut next {
                *next = (*next - best).max(FORBIDDEN);
            }
            if let Some(border) = next.get_mut(BORDER) {
                *border = FORBIDDEN;
            }
            reached = next;
            self.back.push(from);
        }
        let ends = reached.iter().take(LABELS).enumerate();
        let worth = |(label, score): (usize, &i32)| score + transitions.worth(label, BORDER);
        let mut label = ends
            .max_by_key(|&(label, score)| (worth((label, score)), std::cmp::Reverse(label)))
            .map_or(0, |(label, _)| label);
        for from in self.back.iter().rev() {
            path.push(Label(label as u8));
            label = usize::from(from.get(label).copied().unwrap_or(0));
        }
        path.reverse();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn best(scores: &[Scores], transitions: &Transitions) -> Vec<Label> {
        let mut path = Vec::new();
        Pathfinder::default().best(scores, transitions, &mut path);
        path
    }

    fn worth(path: &[usize], scores: &[Scores], transitions: &Transitions) -> i64 {
        let mut before = BORDER;
        let mut sum = 0;
        for (&label, own) in path.iter().zip(scores) {
            sum += i64::from(transitions.worth(before, label)) + i64::from(own[label]);
            before = label;
        }
        sum + i64::from(transitions.worth(before, BORDER))
    }

    proptest! {
        #[test]
        fn no_path_is_better(scores in proptest::collection::vec(prop::array::uniform16(-50i32..50), 1..4)) {
            let transitions = Transitions::default();
            let found: Vec<usize> = best(&scores, &transitions).iter().map(|label| usize::from(label.0)).collect();
            prop_assert_eq!(found.len(), scores.len());
            let all = (0..LABELS.pow(scores.len() as u32)).map(|mut code| {
                let path: Vec<usize> = scores.iter().map(|_| { let label = code % LABELS; code /= LABELS; label }).collect();
                worth(&path, &scores, &transitions)
            });
            prop_assert_eq!(Some(worth(&found, &scores, &transitions)), all.max());
        }
    }

    #[test]
    fn a_long_stretch_does_not_add_up_to_an_overflow() {
        let mut scores = vec![[0; LANES]; 80_000];
        scores.iter_mut().for_each(|own| own[0] = i32::from(i16::MAX));
        let path = best(&scores, &Transitions::default());
        assert!(path.iter().all(|label| label.0 == 0) && path.len() == scores.len());
    }

    #[test]
    fn a_name_is_closed() {
        let mut scores = [[0; LANES]; 2];
        scores[0][1] = 10;
        scores[1][2] = 10;
        let path = best(&scores, &Transitions::default());
        assert!(Label::may_follow(path.last().copied(), None), "{path:?}");
        assert_eq!(best(&[], &Transitions::default()), []);
    }
}
