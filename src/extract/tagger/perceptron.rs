//! The trained tagger.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::LazyLock;

use prefetch_index::prefetch_index;

use super::clusters::Clusters;
use super::hash::mix;
use super::label::{Labelled, Sort, decode};
use super::model::{Model, Sums};
use super::packed::ModelError;
use super::path::{Pathfinder, Scores};
use super::trim::trim;
use super::view::{Sentence, View};
use super::word::Facts;
use super::{Name, Tagger, features};
use crate::article::EntityKind;
use crate::extract::gazetteer::Flag;
use crate::extract::lexicon::Class;
use crate::extract::names::NAME_WORDS_MAX;
use crate::extract::page::{Gap, Page};

const SHIPPED: &[u8] = include_bytes!("../../../data/tagger.zst");

static SHIPPED_MODEL: LazyLock<Result<Model, ModelError>> = LazyLock::new(|| Model::load(SHIPPED));

/// Finds names with weights learned from annotated news.
///
/// # Examples
///
/// ```
/// use dateline::extract::page::Page;
/// use dateline::extract::tagger::{Perceptron, Tagger};
/// use dateline::text::Span;
///
/// let text = "President Bashar al-Assad met the Iranian foreign minister in Damascus.";
/// let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
/// let tagger = Perceptron::shipped().expect("the model that ships is whole");
/// let names: Vec<&str> = tagger.tag(&page).iter().map(|name| page.span(&name.words).of(text)).collect();
/// assert_eq!(names, ["Bashar al-Assad", "Damascus"]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Perceptron<'m> {
    model: &'m Model,
    clusters: &'m Clusters,
}

impl Perceptron<'static> {
    /// Returns the tagger with the weights that ship with the library.
    ///
    /// # Errors
    ///
    /// A [`ModelError`] where the library was built from damaged data, or from weights and word clusters that were not
    /// made for each other.
    pub fn shipped() -> Result<Perceptron<'static>, ModelError> {
        let model = SHIPPED_MODEL.as_ref().map_err(Clone::clone)?;
        Perceptron::new(model, Clusters::shipped()?)
    }
}

impl<'m> Perceptron<'m> {
    /// Returns a tagger with these weights.
    ///
    /// # Errors
    ///
    /// [`ModelError::Damaged`] where the weights were learned with other clusters.
    pub fn new(model: &'m Model, clusters: &'m Clusters) -> Result<Perceptron<'m>, ModelError> {
        if model.clusters != clusters.checksum() {
            let problem = "it was trained with other word clusters";
            return Err(ModelError::Damaged { what: "tagger model", problem });
        }
        Ok(Perceptron { model, clusters })
    }

    /// Returns the runs of words that are names, and those for the people of a country or the like, in order.
    pub fn label(&self, page: &Page<'_>) -> Vec<Labelled> {
        let view = View::of(page, self.clusters);
        let mut found = Vec::new();
        let mut scratch = Scratch::default();
        for sentence in &view.sentences {
            for stretch in view.stretches(sentence) {
                self.label_stretch(&view, sentence, stretch, &mut scratch, &mut found);
            }
        }
        found
    }

    fn label_stretch(
        &self,
        view: &View,
        sentence: &Sentence,
        stretch: Range<usize>,
        scratch: &mut Scratch,
        found: &mut Vec<Labelled>,
    ) {
        scratch.clear();
        // All that is summed below is on its way from memory before the first of it is waited for.
        for at in stretch.clone() {
            let start = scratch.rows.len();
            features::joint(view, sentence, at, &mut scratch.rows);
            self.model.prefetch(scratch.rows.get(start..).unwrap_or_default());
            scratch.ends.push(scratch.rows.len());
        }
        SINGLE.with_borrow_mut(|known| {
            let around = stretch.start.saturating_sub(2)..stretch.end + 2;
            let words = view.facts.get(around.start..around.end.min(view.facts.len()));
            words.into_iter().flatten().for_each(|word| prefetch_index(&known, single_slot(word)));
            let mut start = 0;
            for (at, &end) in stretch.clone().zip(&scratch.ends) {
                let mut sums = Sums::default();
                for offset in -2..=2 {
                    let word = view.facts_at(sentence, at, offset);
                    sums.add(&self.single(word, offset, known, &mut scratch.own));
                }
                self.model.add(scratch.rows.get(start..end).unwrap_or_default(), &mut sums);
                scratch.scores.push(sums.scores());
                start = end;
            }
        });
        scratch.finder.best(&scratch.scores, &self.model.transitions, &mut scratch.path);
        decode(&scratch.path, stretch.start, found);
    }
}

/// Words remembered by each thread with what they are worth, as a power of two; a word costs under 200 bytes.
const SINGLE_BITS: u32 = 13;

/// What the features of single words are worth, by distance.
#[derive(Debug, Clone, Copy, Default)]
struct Single {
    /// The word's hashes.
    surface: u64,
    twin: u64,
    /// The model's mark; 0 where nothing is remembered.
    model: u64,
    sums: [Sums; 5],
}

thread_local! {
    static SINGLE: RefCell<Vec<Single>> = RefCell::new(vec![Single::default(); 1 << SINGLE_BITS]);
}

/// Returns where a word is remembered.
fn single_slot(word: &Facts) -> usize {
    (mix(word.surface, 0) >> (64 - SINGLE_BITS)) as usize
}

impl Perceptron<'_> {
    /// Returns what a word by itself is worth for the word `offset` before or behind it; common words are remembered.
    #[inline]
    fn single(&self, word: &Facts, offset: isize, known: &mut [Single], rows: &mut Vec<u32>) -> Sums {
        let place = offset.wrapping_add(2) as usize;
        let slot = known.get_mut(single_slot(word));
        let Some(slot) = slot else { return self.sums_of(word, offset, rows) };
        if (slot.surface, slot.twin, slot.model) != (word.surface, word.twin, self.model.mark) {
            let sums = [-2, -1, 0, 1, 2].map(|offset| self.sums_of(word, offset, rows));
            *slot = Single { surface: word.surface, twin: word.twin, model: self.model.mark, sums };
        }
        slot.sums.get(place).copied().unwrap_or_default()
    }

    fn sums_of(&self, word: &Facts, offset: isize, rows: &mut Vec<u32>) -> Sums {
        rows.clear();
        features::single(word, offset, rows);
        let mut sums = Sums::default();
        self.model.add(rows, &mut sums);
        sums
    }
}

/// Memory reused from stretch to stretch.
#[derive(Default)]
struct Scratch {
    /// What the words of a stretch tell together with their neighbours, and where each word's rows end.
    rows: Vec<u32>,
    ends: Vec<usize>,
    /// What one word tells by itself.
    own: Vec<u32>,
    scores: Vec<Scores>,
    path: Vec<super::label::Label>,
    finder: Pathfinder,
}

impl Scratch {
    fn clear(&mut self) {
        self.rows.clear();
        self.ends.clear();
        self.scores.clear();
    }
}

impl Tagger for Perceptron<'_> {
    fn tag(&self, page: &Page<'_>) -> Vec<Name> {
        let named = |(words, sort): Labelled| match sort {
            Sort::Entity(_) if words.len() > NAME_WORDS_MAX => None,
            Sort::Entity(kind) => Some(Name { weight: weight(page, &words, kind), words, kind }),
            Sort::Group => None,
        };
        trim(page, self.label(page).into_iter().filter_map(named).collect())
    }
}

/// Says how strongly the looks of a name speak for its kind.
fn weight(page: &Page<'_>, words: &Range<usize>, kind: EntityKind) -> u8 {
    let slice = page.slice(words.clone());
    let before = words.start.checked_sub(1).and_then(|index| page.words.get(index));
    let (Some(first), Some(last)) = (slice.first(), slice.last()) else { return 1 };
    let titled = first.gap == Gap::Space && before.is_some_and(|before| before.class.is(Class::TITLE));
    match kind {
        EntityKind::Place if slice.len() == 1 && first.has(Flag::Country) => 5,
        EntityKind::Org if slice.len() > 1 && last.class.is(Class::ORG_LAST) => 4,
        EntityKind::Person if titled => 3,
        _ if slice.len() > 1 => 3,
        EntityKind::Place if first.known.is_some_and(|known| known.is_firm_place()) => 3,
        _ => 1,
    }
}

impl View {
    /// Returns the stretches of a sentence in which names may be; what lies between them is never looked at.
    pub(super) fn stretches<'v>(&'v self, sentence: &'v Sentence) -> impl Iterator<Item = Range<usize>> + 'v {
        let mut at = sentence.words.start;
        std::iter::from_fn(move || {
            while at < sentence.words.end && !self.may_be_named(sentence, at) {
                at += 1;
            }
            let start = at;
            while at < sentence.words.end && self.may_be_named(sentence, at) {
                at += 1;
            }
            (start < at).then_some(start..at)
        })
    }
}
