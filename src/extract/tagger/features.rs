//! The features of a word in its place, as rows of the model.
//!
//! Three groups: what a word tells by itself, what each neighbour tells by itself, and what they tell together. The
//! first two depend on one word and its distance only, so that a tagger may remember their sums.

use super::hash::mix;
use super::view::{Sentence, View};
use super::word::Facts;

/// Rows of a model, as a power of two.
pub(super) const ROW_BITS: u32 = 18;

/// Collects rows; each feature has a template's number first.
struct Rows<'o> {
    template: u64,
    out: &'o mut Vec<u32>,
}

impl Rows<'_> {
    fn starting(template: u64, out: &mut Vec<u32>) -> Rows<'_> {
        Rows { template, out }
    }

    /// Adds the feature that holds these values together.
    #[inline]
    fn add<const N: usize>(&mut self, values: [u64; N]) {
        self.template += 1;
        let start = self.template.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        let hash = mix(values.into_iter().fold(start, mix), 0x5BD1);
        self.out.push((hash >> (64 - ROW_BITS)) as u32);
    }

    /// Adds a feature, unless it holds nothing.
    #[inline]
    fn add_some<const N: usize>(&mut self, some: bool, values: [u64; N]) {
        if some { self.add(values) } else { self.template += 1 }
    }
}

/// Adds what a word tells by itself.
fn own(word: &Facts, out: &mut Vec<u32>) {
    let caps = word.caps as u64;
    let mut rows = Rows::starting(0, out);
    rows.add([]);
    rows.add([word.term]);
    rows.add([word.surface]);
    rows.add([word.shape]);
    rows.add([word.form]);
    for affix in word.prefixes.into_iter().chain(word.suffixes) {
        rows.add_some(affix != 0, [affix]);
    }
    rows.add([u64::from(word.cluster), caps]);
    rows.add([u64::from(word.known), caps]);
    rows.add([u64::from(word.class), caps]);
}

/// Adds what a neighbour tells by itself; `offset` is from -2 to 2.
fn beside(word: &Facts, offset: isize, out: &mut Vec<u32>) {
    let mut rows = Rows::starting(40 + 10 * offset.wrapping_add(2) as u64, out);
    rows.add([word.term]);
    rows.add([u64::from(word.cluster)]);
    if offset.abs() == 1 {
        let [.., suffix, _] = word.suffixes;
        rows.add([suffix]);
        rows.add([u64::from(word.class), word.caps as u64]);
        rows.add([u64::from(word.known), word.caps as u64]);
    }
}

/// Adds what words tell together.
pub(super) fn joint(view: &View, sentence: &Sentence, at: usize, out: &mut Vec<u32>) {
    let word = view.facts_at(sentence, at, 0);
    let (p1, p2) = (view.facts_at(sentence, at, -1), view.facts_at(sentence, at, -2));
    let (n1, n2) = (view.facts_at(sentence, at, 1), view.facts_at(sentence, at, 2));
    let opens = u64::from(at == sentence.words.start);
    let before = gap_at(view, sentence, at);
    let after = gap_at(view, sentence, at + 1);
    let caps = word.caps as u64;
    let heading = u64::from(sentence.is_heading);
    let mut rows = Rows::starting(100, out);
    rows.add([p1.term, before, word.term]);
    rows.add([word.term, after, n1.term]);
    rows.add([p1.form, before, word.form]);
    rows.add([word.form, after, n1.form]);
    rows.add([p1.form, word.form, n1.form, before, after]);
    rows.add([before, word.form]);
    rows.add([after, word.form]);
    rows.add([before, p1.term]);
    rows.add([after, n1.term]);
    rows.add([p1.term, word.form]);
    rows.add([n1.term, word.form]);
    rows.add([p1.term, n1.term, caps]);
    rows.add([p2.term, p1.term, caps]);
    rows.add([n1.term, n2.term, caps]);
    rows.add([p2.form, p1.form, word.form]);
    rows.add([word.form, n1.form, n2.form]);
    rows.add([p1.suffixes[2], word.form]);
    rows.add([n1.suffixes[2], word.form]);
    rows.add([opens, heading, word.form]);
    rows.add([opens, heading, u64::from(word.cluster)]);
    add_known(view, sentence, at, &mut rows);
    let (cluster, pc, nc) = (u64::from(word.cluster), u64::from(p1.cluster), u64::from(n1.cluster));
    rows.add([pc, cluster]);
    rows.add([cluster, nc]);
    rows.add([pc, nc, caps]);
    rows.add([u64::from(p1.class), u64::from(word.class), caps]);
    rows.add([u64::from(n1.class), u64::from(word.class), caps]);
    rows.add([u64::from(p1.class), u64::from(n1.class), u64::from(word.known), caps]);
    add_evidence(view, sentence, at, &mut rows);
    add_run(view, sentence, at, &mut rows);
}

fn add_known(view: &View, sentence: &Sentence, at: usize, rows: &mut Rows<'_>) {
    let known = |offset: isize| known_at(view, sentence, at, offset);
    let word = view.facts_at(sentence, at, 0);
    let (p1, n1) = (view.facts_at(sentence, at, -1), view.facts_at(sentence, at, 1));
    let caps = word.caps as u64;
    let (own, before, after) = (known(0), known(-1), known(1));
    rows.add([own, caps]);
    rows.add_some(after != 0, [after]);
    rows.add_some(before != 0, [before]);
    rows.add([own, before]);
    rows.add([own, after]);
    rows.add([u64::from(word.known), u64::from(p1.known), caps]);
    rows.add([u64::from(word.known), u64::from(n1.known), n1.caps as u64]);
}

fn add_evidence(view: &View, sentence: &Sentence, at: usize, rows: &mut Rows<'_>) {
    let of = |offset: isize| {
        let index = at.wrapping_add_signed(offset);
        let inside = sentence.words.contains(&index);
        if inside { view.evidence.get(index).copied().unwrap_or_default() } else { Default::default() }
    };
    let (own, before, after) = (of(0), of(-1), of(1));
    let caps = view.facts_at(sentence, at, 0).caps as u64;
    let opens = u64::from(at == sentence.words.start);
    let heading = u64::from(sentence.is_heading);
    rows.add([u64::from(own.case), caps, opens, heading]);
    rows.add([u64::from(own.company), caps]);
    rows.add_some(before.company != 0, [u64::from(before.company), caps]);
    rows.add_some(after.company != 0, [u64::from(after.company), caps]);
}

/// Adds what the whole run of capitals around a word tells: its first and last words, its length, what surrounds it.
fn add_run(view: &View, sentence: &Sentence, at: usize, rows: &mut Rows<'_>) {
    let Some(run) = view.runs.get(at).filter(|run| !run.is_empty()) else {
        rows.template += 9;
        return;
    };
    let facts = |index: usize| view.facts.get(index).unwrap_or(&Facts::END);
    let (first, last) = (facts(run.start), facts(run.end - 1));
    let place = ((at - run.start).min(3) * 4 + (run.end - 1 - at).min(3)) as u64;
    let len = run.len().min(6) as u64;
    let outer = |index: Option<usize>, border: &Facts| {
        let inside = index.filter(|index| sentence.words.contains(index));
        inside.and_then(|index| view.facts.get(index)).map_or(border.term, |word| word.term)
    };
    let before = outer(run.start.checked_sub(1), &Facts::START);
    let after = outer(Some(run.end), &Facts::END);
    rows.add([last.term, place]);
    rows.add([u64::from(last.class), u64::from(last.known), place]);
    rows.add([u64::from(last.cluster), place]);
    rows.add([first.term, place]);
    rows.add([u64::from(first.class), u64::from(first.known), place]);
    rows.add([before, gap_at(view, sentence, run.start), place]);
    rows.add([after, gap_at(view, sentence, run.end), place]);
    rows.add([u64::from(first.known), u64::from(last.known), len, place]);
    rows.add([len, place, u64::from(sentence.is_heading)]);
}

fn known_at(view: &View, sentence: &Sentence, at: usize, offset: isize) -> u64 {
    let index = at.wrapping_add_signed(offset);
    let inside = sentence.words.contains(&index);
    if inside { view.known.get(index).copied().unwrap_or(0) } else { 0 }
}

/// What stands before a word, and after the last of a sentence.
fn gap_at(view: &View, sentence: &Sentence, at: usize) -> u64 {
    const END: u64 = 5;
    if at < sentence.words.end { view.gaps.get(at).copied().unwrap_or(END) } else { END }
}

/// Adds what a word tells by itself about the word `offset` before or behind it, or about itself.
pub(super) fn single(word: &Facts, offset: isize, out: &mut Vec<u32>) {
    if offset == 0 { own(word, out) } else { beside(word, offset, out) }
}

/// Adds every feature of a word in its place.
pub(super) fn all(view: &View, sentence: &Sentence, at: usize, out: &mut Vec<u32>) {
    (-2..=2).for_each(|offset| single(view.facts_at(sentence, at, offset), offset, out));
    joint(view, sentence, at, out);
}
