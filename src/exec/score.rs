//! Relevance: BM25F over what a query looks for.
//!
//! Each term that a condition looks for, and each name that it mentions, is one *leaf*, in the order of the query. The
//! score of an article is the sum over the leaves, always added up in that order:
//!
//! ```text
//! weight(leaf) * f * (K1 + 1) / (f + K1 * (1 - B + B * length / average))
//! ```
//!
//! - `f` of a term is how often it stands in the title times 3, in the first reporting paragraph times 2, in the rest of
//!   the body once, inside the field asked for. `f` of a name is how often its entities are named, at least 1.
//! - `length` is the length of the article weighted alike, to the exactness of one byte; `average` is its mean.
//! - `weight` is `ln(1 + (n - d + 0.5) / (d + 0.5))` with `n` the articles of the archive and `d` those that have the
//!   word. The weights of a phrase's words add up; a pattern has the articles of all its words together, at most `n`;
//!   a name counts as a word of one article.
//!
//! All figures are of the articles alive in the snapshot, so a score does not depend on how they lie in segments.

use std::collections::HashMap;

use super::check::{Languages, NameTerm, TermPlan};
use super::disjunction::Disjunction;
use super::docset::{DocSet, Ordinal, TERMINATED};
use super::leaf::{Leaf, leaves};
use super::lexicon::Slot;
use super::open::Opener;
use super::plan::Plan;
use super::planner::Planner;
use super::proximity::Occurrence;
use super::words::{TermCursor, TextPart};
use super::{Context, ExecError, OpenSegment};
use crate::query::{Predicate, TextField};
use crate::segment::{Entities, Lengths, TermInfo, TermPostings, byte_length};

/// How soon more occurrences stop to count.
const K1: f64 = 1.2;

/// How much longer articles are held to be wordier.
const B: f64 = 0.75;

/// Weights of title, first reporting paragraph and the rest of the body.
const WEIGHTS: [u32; 3] = [3, 2, 1];

/// Returns what a leaf adds at most, however often it stands in an article.
fn limit(weight: f64) -> f64 {
    weight * (K1 + 1.0) * BOUND_SLACK
}

/// By how much a bound is raised, so that no rounding puts it below a score that it bounds.
pub(super) const BOUND_SLACK: f64 = 1.0 + 1e-9;

/// What scoring needs to know about a query, for all segments.
pub(crate) struct Scoring {
    leaves: Vec<LeafPlan>,
    norms: Norms,
}

/// What the length of an article adds to a frequency, by its length byte.
pub(crate) struct Norms(Vec<f64>);

impl Norms {
    fn new(average_length: f64) -> Norms {
        let norm = |byte: u8| K1 * (1.0 - B + B * f64::from(byte_length(byte)) / average_length);
        Norms((0..=u8::MAX).map(norm).collect())
    }

    #[inline]
    pub(super) fn of(&self, byte: u8) -> f64 {
        self.0.get(usize::from(byte)).copied().unwrap_or(f64::INFINITY)
    }

    /// Returns the largest score that a block with this frontier gives, its frequencies counted `factor` times.
    pub(super) fn bound(&self, weight: f64, frontier: &[(u32, u8)], factor: u32) -> f64 {
        let score = |&(frequency, byte): &(u32, u8)| {
            leaf_score(weight, frequency.saturating_mul(factor), self.of(byte))
        };
        frontier.iter().map(score).fold(0.0, f64::max) * BOUND_SLACK
    }
}

/// Returns what a leaf adds to the score of an article in which it stands so often.
#[inline]
pub(super) fn leaf_score(weight: f64, frequency: u32, norm: f64) -> f64 {
    let frequency = f64::from(frequency);
    weight * frequency * (K1 + 1.0) / (frequency + norm)
}

/// A leaf with its weight and what it comes to in each segment.
struct LeafPlan {
    weight: f64,
    segments: Vec<LeafSource>,
}

enum LeafSource {
    Words { term: TermPlan, field: TextField },
    Name { term: NameTerm, plan: Plan },
}

impl Scoring {
    /// Looks up what `predicate` looks for.
    ///
    /// # Errors
    ///
    /// [`ExecError::NothingToScore`] where it looks for nothing.
    pub(crate) fn new(predicate: &Predicate, planner: &Planner<'_, '_>) -> Result<Scoring, ExecError> {
        let leaves = leaves(predicate);
        if leaves.is_empty() {
            return Err(ExecError::NothingToScore);
        }
        let mut known = HashMap::new();
        let leaves = leaves
            .into_iter()
            .map(|leaf| LeafPlan::new(leaf, planner, &mut known))
            .collect::<Result<Vec<_>, ExecError>>()?;
        Ok(Scoring { leaves, norms: Norms::new(average_length(planner.context)?) })
    }

    /// Makes the leaves ready for one segment.
    pub(crate) fn open<'a>(
        &'a self,
        context: &'a Context<'_>,
        open: &'a OpenSegment<'_>,
    ) -> Result<Scorer<'a>, ExecError> {
        let mut leaves = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            if let Some(source) = leaf.segments.get(open.index) {
                leaves.push((leaf.weight, LeafCursor::open(source, context, open)?));
            }
        }
        let lengths = open.segment.lengths()?;
        Ok(Scorer { leaves, lengths, norms: &self.norms, found: Vec::new() })
    }
}

impl Scoring {
    /// Returns the articles of a segment that have any of the words at `offsets`, where they are all that the query
    /// looks for; nothing where it looks for more, or in a part of the text alone.
    pub(crate) fn any_of<'a>(
        &'a self,
        offsets: &[u64],
        open: &'a OpenSegment<'_>,
    ) -> Result<Option<Disjunction<'a>>, ExecError> {
        let mut words = Vec::with_capacity(self.leaves.len());
        for leaf in &self.leaves {
            match leaf.segments.get(open.index).and_then(LeafSource::whole_word) {
                Some(None) => {}
                Some(Some(word)) => words.push((leaf.weight, word)),
                None => return Ok(None),
            }
        }
        let is_scored = |offset: &u64| words.iter().any(|(_, word)| word.offset == *offset);
        if !offsets.iter().all(is_scored) || !words.iter().all(|(_, word)| offsets.contains(&word.offset)) {
            return Ok(None);
        }
        let postings = |(weight, word)| Ok((weight, open.terms.postings(word)?));
        let words = words.into_iter().map(postings).collect::<Result<Vec<_>, ExecError>>()?;
        Ok(Some(Disjunction::new(words, open.segment.lengths()?, &self.norms)))
    }
}

impl LeafSource {
    /// Returns the one word that the leaf looks for in the whole text, or that no article has it; nothing where it
    /// looks for anything else.
    fn whole_word(&self) -> Option<Option<TermInfo>> {
        match self {
            LeafSource::Words { term, .. } if term.slots.contains(&Slot::Absent) => Some(None),
            LeafSource::Words { term, field: TextField::Text } => match term.slots.as_slice() {
                [Slot::Word(word) | Slot::Spelt { word, partly: false, .. }] => Some(Some(*word)),
                _ => None,
            },
            LeafSource::Name { plan: Plan::Nothing, .. } => Some(None),
            _ => None,
        }
    }
}

impl LeafPlan {
    fn new(
        leaf: Leaf<'_>,
        planner: &Planner<'_, '_>,
        known: &mut HashMap<(usize, u64), u64>,
    ) -> Result<LeafPlan, ExecError> {
        let context = planner.context;
        let mut segments = Vec::with_capacity(context.segments.len());
        match leaf {
            Leaf::Words { term, field } => {
                let mut documents = vec![0u64; term.words.len()];
                for open in &context.segments {
                    let term = planner.term_plan(term, open)?;
                    for (slot, documents) in term.slots.iter().zip(&mut documents) {
                        *documents += live_documents(slot, open, known)?;
                    }
                    segments.push(LeafSource::Words { term, field });
                }
                let weight = documents.into_iter().map(|documents| weight(context.articles, documents)).sum();
                Ok(LeafPlan { weight, segments })
            }
            Leaf::Name { term, aliases, kind } => {
                for open in &context.segments {
                    let (term, plan) = planner.names_of(term, aliases, kind, open)?;
                    segments.push(LeafSource::Name { term, plan });
                }
                Ok(LeafPlan { weight: weight(context.articles, 1), segments })
            }
        }
    }
}

fn weight(articles: u64, documents: u64) -> f64 {
    let (articles, documents) = (articles as f64, documents.min(articles) as f64);
    (1.0 + (articles - documents + 0.5) / (documents + 0.5)).ln()
}

/// Returns how many live articles of a segment have the words of a slot, counted word by word.
fn live_documents(
    slot: &Slot,
    open: &OpenSegment<'_>,
    known: &mut HashMap<(usize, u64), u64>,
) -> Result<u64, ExecError> {
    let mut live = |word: &TermInfo| -> Result<u64, ExecError> {
        let all = u64::from(word.documents);
        let Some(dead) = &open.dead else { return Ok(all) };
        if let Some(&count) = known.get(&(open.index, word.offset)) {
            return Ok(count);
        }
        let mut postings = open.terms.articles(*word)?;
        let gone = dead.iter().filter(|&ordinal| postings.seek(ordinal) == ordinal).count() as u64;
        known.insert((open.index, word.offset), all - gone);
        Ok(all - gone)
    };
    match slot {
        Slot::Absent => Ok(0),
        Slot::Word(word) | Slot::Spelt { word, .. } => live(word),
        Slot::Words(words) => words.iter().map(live).sum(),
        Slot::Stems(languages) => languages.iter().flat_map(|(_, words)| words).map(live).sum(),
    }
}

fn average_length(context: &Context<'_>) -> Result<f64, ExecError> {
    let mut total = 0u64;
    for open in &context.segments {
        let lengths = open.segment.lengths()?;
        let dead = open.dead.iter().flat_map(|dead| dead.iter());
        let gone: u64 = dead.map(|ordinal| u64::from(byte_length(lengths.byte(ordinal)))).sum();
        total += lengths.total().saturating_sub(gone);
    }
    Ok((total as f64 / context.articles.max(1) as f64).max(1.0))
}

/// Ordinals from one that was asked about up to and including `last`, none of which scores higher than `bound`.
pub(crate) struct Window {
    pub bound: f64,
    pub last: Ordinal,
}

/// Scores the articles of one segment, asked about in ascending order.
pub(crate) struct Scorer<'a> {
    leaves: Vec<(f64, LeafCursor<'a>)>,
    lengths: Lengths<'a>,
    norms: &'a Norms,
    found: Vec<Occurrence>,
}

impl Scorer<'_> {
    /// Returns the score of an article.
    pub(crate) fn score(&mut self, ordinal: Ordinal) -> Result<f64, ExecError> {
        let norm = self.norms.of(self.lengths.byte(ordinal));
        let mut score = 0.0;
        for (weight, leaf) in &mut self.leaves {
            let frequency = leaf.frequency(ordinal, &self.lengths, &mut self.found)?;
            if frequency > 0 {
                score += leaf_score(*weight, frequency, norm);
            }
        }
        Ok(score)
    }

    /// Returns a score that an article does not exceed, without a look at where its words stand.
    pub(crate) fn bound(&mut self, ordinal: Ordinal) -> f64 {
        let norm = self.norms.of(self.lengths.byte(ordinal));
        let leaf = |(weight, leaf): &mut (f64, LeafCursor<'_>)| match leaf {
            LeafCursor::Absent => 0.0,
            LeafCursor::Word { postings, .. } => match postings.seek(ordinal) == ordinal {
                true => leaf_score(*weight, postings.frequency(), norm),
                false => 0.0,
            },
            LeafCursor::Term { cursor, .. } => leaf_score(*weight, cursor.most(ordinal), norm),
            LeafCursor::Name { .. } => limit(*weight),
        };
        self.leaves.iter_mut().map(leaf).sum::<f64>() * BOUND_SLACK
    }

    /// Returns the window that starts with an article, which must not lie before one that was scored.
    pub(crate) fn window(&mut self, from: Ordinal) -> Window {
        let mut window = Window { bound: 0.0, last: TERMINATED };
        for (weight, leaf) in &mut self.leaves {
            match leaf {
                LeafCursor::Absent => {}
                LeafCursor::Word { postings, .. } => {
                    window.bound += self.norms.bound(*weight, postings.block_frontier(from), 1);
                    window.last = window.last.min(postings.block_last(from));
                }
                LeafCursor::Term { cursor, .. } => {
                    let norms = self.norms;
                    let bound = |frontier: &[(u32, u8)], factor| norms.bound(*weight, frontier, factor);
                    let (most, last) = cursor.window(from, bound).unwrap_or((limit(*weight), TERMINATED));
                    window.bound += most;
                    window.last = window.last.min(last);
                }
                LeafCursor::Name { .. } => window.bound += limit(*weight),
            }
        }
        window
    }
}

enum LeafCursor<'a> {
    Absent,
    Word {
        postings: TermPostings<'a>,
        field: TextField,
    },
    Term {
        cursor: TermCursor<'a>,
        field: TextField,
    },
    Name {
        term: &'a NameTerm,
        articles: Box<dyn DocSet + 'a>,
        entities: Entities<'a>,
        languages: Languages<'a>,
    },
}

impl<'a> LeafCursor<'a> {
    fn open(
        source: &'a LeafSource,
        context: &'a Context<'_>,
        open: &'a OpenSegment<'_>,
    ) -> Result<LeafCursor<'a>, ExecError> {
        Ok(match source {
            LeafSource::Words { term, field } => match term.slots.as_slice() {
                [Slot::Word(word) | Slot::Spelt { word, partly: false, .. }] => {
                    LeafCursor::Word { postings: open.terms.postings(*word)?, field: *field }
                }
                slots if slots.contains(&Slot::Absent) => LeafCursor::Absent,
                slots => {
                    LeafCursor::Term { cursor: TermCursor::open(slots, open, context.guard)?, field: *field }
                }
            },
            LeafSource::Name { plan: Plan::Nothing, .. } => LeafCursor::Absent,
            LeafSource::Name { term, plan } => LeafCursor::Name {
                term,
                articles: Opener { context, open, tally: None }.plan(plan)?,
                entities: open.segment.entities()?,
                languages: Languages::open(open)?,
            },
        })
    }

    /// Returns the weighted frequency of the leaf in an article.
    fn frequency(
        &mut self,
        ordinal: Ordinal,
        lengths: &Lengths<'_>,
        found: &mut Vec<Occurrence>,
    ) -> Result<u32, ExecError> {
        found.clear();
        match self {
            LeafCursor::Absent => Ok(0),
            LeafCursor::Word { postings, field } => {
                if postings.seek(ordinal) != ordinal {
                    return Ok(0);
                }
                Ok(word_frequency(postings, *field))
            }
            LeafCursor::Term { cursor, field } => {
                cursor.occurrences(ordinal, TextPart::of(*field, lengths, ordinal), found)?;
                Ok(weighted(found, lengths, ordinal))
            }
            LeafCursor::Name { term, articles, entities, languages } => {
                if articles.seek(ordinal) != ordinal {
                    return Ok(0);
                }
                term.entity_occurrences(&entities.read(ordinal)?, languages.group(ordinal), found);
                Ok((found.len() as u32).max(1))
            }
        }
    }
}

fn word_frequency(postings: &mut TermPostings<'_>, field: TextField) -> u32 {
    if field == TextField::Text {
        return postings.frequency();
    }
    let counts = postings.counts();
    let [title, lede, rest] = WEIGHTS;
    let (title, lede, rest) = (counts.title * title, counts.lede_part * lede, counts.rest * rest);
    match field {
        TextField::Title => title,
        TextField::Lede => title + lede,
        TextField::Body => lede + rest,
        TextField::Text => title + lede + rest,
    }
}

fn weighted(occurrences: &[Occurrence], lengths: &Lengths<'_>, ordinal: Ordinal) -> u32 {
    let (title_end, lede_end) = (lengths.title(ordinal), lengths.lede_end(ordinal));
    let [title, lede, rest] = WEIGHTS;
    let weight = |occurrence: &Occurrence| match occurrence.start {
        start if start < title_end => title,
        start if start < lede_end => lede,
        _ => rest,
    };
    occurrences.iter().map(weight).sum()
}
