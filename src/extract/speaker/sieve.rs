//! The sieves, in their order.

use std::ops::Range;

use super::scene::Scene;
use super::subject::Subject;
use crate::article::{Certainty, Speaker};
use crate::extract::page::{Gap, Shape};
use crate::extract::quotes::Quoted;

/// Words after a quote that may attribute it.
const AFTER_WORDS_MAX: usize = 16;

/// Words before a quote that may attribute it.
const BEFORE_WORDS_MAX: usize = 40;

/// Words between a quote and a verb that follows it closely.
const CLOSE_WORDS_MAX: usize = 6;

/// Bytes between two quotes of one speaker in neighbouring paragraphs.
const NEIGHBOUR_BYTES_MAX: u32 = 400;

pub(super) struct Sieves<'s, 'p, 'a> {
    pub scene: &'s Scene<'p, 'a>,
    pub quote: &'s Quoted,
    /// The last quote that was attributed.
    pub previous: Option<&'s (Quoted, Speaker)>,
}

impl Sieves<'_, '_, '_> {
    pub fn speaker(&self) -> Option<Speaker> {
        let is_answered = |certainty: Certainty| {
            move |subject: Subject| self.scene.speaker(&subject, certainty, self.previous.map(|(_, s)| s))
        };
        self.right_after()
            .and_then(is_answered(Certainty::High))
            .or_else(|| self.before().and_then(is_answered(Certainty::High)))
            .or_else(|| self.later().and_then(is_answered(Certainty::High)))
            .or_else(|| self.continued())
            .or_else(|| self.of_sentence().and_then(is_answered(Certainty::Low)))
            .or_else(|| self.of_paragraph())
            .or_else(|| self.announced().and_then(is_answered(Certainty::Low)))
            .or_else(|| self.of_sentence_before().and_then(is_answered(Certainty::Low)))
            .or_else(|| self.of_neighbour())
            .or_else(|| self.of_paragraph_before().and_then(is_answered(Certainty::Low)))
    }

    fn start(&self) -> usize {
        self.scene.page.word_at(self.quote.span.start)
    }

    fn end(&self) -> usize {
        self.scene.page.word_at(self.quote.span.end)
    }

    fn inside(&self) -> &str {
        self.quote.span.of(self.scene.page.text)
    }

    /// Returns the words after the quote, to the end of the sentence or the next quote.
    fn rest(&self) -> Range<usize> {
        let scene = self.scene;
        let start = self.end();
        let paragraph_end =
            scene.page.paragraphs.get(self.quote.paragraph).map_or(start, |(_, words)| words.end);
        let most = paragraph_end.min(start + AFTER_WORDS_MAX);
        let stops =
            |&index: &usize| scene.is_quoted(index) || (index > start && scene.gap(index) == Gap::Start);
        start..(start..most).find(stops).unwrap_or(most)
    }

    /// Tells whether the words after the quote belong to its sentence.
    fn goes_on(&self, rest: &Range<usize>) -> bool {
        self.scene.gap(rest.start) != Gap::Start
    }

    /// `"Q," X said` and `"Q," said X`.
    fn right_after(&self) -> Option<Subject> {
        let rest = self.rest();
        let leads_on = self.inside().trim_end().ends_with([',', '?', '!'])
            || self.scene.between(rest.start).contains(',');
        if !self.goes_on(&rest) && !leads_on && !self.is_short_attribution(&rest) {
            return None;
        }
        let close = if leads_on { rest.end } else { rest.end.min(rest.start + CLOSE_WORDS_MAX) };
        self.attribution(rest.start..close, rest.end).or_else(|| self.bare_subject(&rest))
    }

    /// `"Q," X pressed on.`: after a comma inside the marks even an unknown verb attributes.
    fn bare_subject(&self, rest: &Range<usize>) -> Option<Subject> {
        let scene = self.scene;
        let words = scene.mention(rest.start);
        let verb = words.end;
        let is_verb =
            scene.word(verb).is_some_and(|word| word.gap == Gap::Space && word.shape == Shape::Lower)
                && scene.term(verb).ends_with("ed");
        if rest.is_empty() || !is_verb || !self.inside().trim_end().ends_with([',', '?', '!']) {
            return None;
        }
        if scene.is_person(rest.start) {
            return Some(Subject::Named(words));
        }
        scene.is_pronoun(rest.start).then_some(Subject::Pronoun(rest.start))
    }

    /// `"Q." X said.`: a sentence of a few words that does nothing but attribute.
    fn is_short_attribution(&self, rest: &Range<usize>) -> bool {
        let ends = self.scene.page.words.get(rest.end).is_none_or(|word| word.gap == Gap::Start);
        ends && rest.len() <= CLOSE_WORDS_MAX
            && rest.clone().any(|index| self.scene.is_say(index))
            && !self.scene.is_quoted(rest.end)
    }

    fn later(&self) -> Option<Subject> {
        let rest = self.rest();
        let says = if self.goes_on(&rest) { self.attribution(rest.clone(), rest.end) } else { None };
        says.filter(|subject| matches!(subject, Subject::Named(_) | Subject::Pronoun(_)))
    }

    fn attribution(&self, words: Range<usize>, end: usize) -> Option<Subject> {
        let scene = self.scene;
        let says = words.clone().find(|&index| scene.is_say(index))?;
        if scene.term(says) == "according" {
            return scene.subject_after(says + 2, end);
        }
        let adverb = says == words.start + 1 && scene.term(words.start).ends_with("ly");
        if says == words.start || adverb {
            return scene.subject_after(says + 1, end);
        }
        // "the paper quoted X as saying": whoever stands right before the verb.
        let before = scene.subject_before(says, words.start);
        let inverted = || {
            let follows = scene.is_person(says + 1) && scene.gap(says + 1) == Gap::Space;
            follows.then(|| scene.subject_after(says + 1, end)).flatten()
        };
        before.or_else(inverted)
    }

    /// `X said: "Q"`, `X said that "Q"`, `according to X, "Q"`.
    fn before(&self) -> Option<Subject> {
        let end = self.start();
        let first = self.sentence_start(end);
        self.said_in(first..end)
    }

    /// Returns the first word of the quote's own sentence.
    fn sentence_start(&self, end: usize) -> usize {
        let scene = self.scene;
        let paragraph = scene.page.paragraphs.get(self.quote.paragraph).map_or(end, |(_, words)| words.start);
        let opens = scene.gap(end) == Gap::Start;
        let sentence = if opens { end } else { scene.sentence_of(end.saturating_sub(1)) };
        sentence.max(paragraph).max(end.saturating_sub(BEFORE_WORDS_MAX)).min(end)
    }

    /// Returns the subject of the last verb of speech among some words.
    fn said_in(&self, words: Range<usize>) -> Option<Subject> {
        let scene = self.scene;
        for says in words.clone().rev().filter(|&index| scene.is_say(index)) {
            let found = if scene.term(says) == "according" {
                scene.subject_after(says + 2, words.end)
            } else {
                scene.subject_before(says, words.start)
            };
            if found.is_some() {
                return found;
            }
            // `"P," said X, adding: "Q"`
            let follows = says > words.start && scene.is_quoted(says - 1);
            let inverted = if follows { scene.subject_after(says + 1, words.end) } else { None };
            if inverted.is_some() {
                return inverted;
            }
        }
        None
    }

    /// A quote opened again in the next paragraph goes on.
    fn continued(&self) -> Option<Speaker> {
        self.previous.filter(|_| self.quote.continues).map(|(_, speaker)| lowered(speaker))
    }

    /// `X has a "Q"`: the subject of the sentence around a part of it.
    fn of_sentence(&self) -> Option<Subject> {
        let end = self.start();
        let first = self.sentence_start(end);
        if first == end {
            return None;
        }
        self.scene.subject_of_clause(first..end)
    }

    /// A second quote of a paragraph is the first one's speaker's.
    fn of_paragraph(&self) -> Option<Speaker> {
        let (quote, speaker) = self.previous?;
        (quote.paragraph == self.quote.paragraph).then(|| lowered(speaker))
    }

    /// `X went on: ¶ "Q"`
    fn announced(&self) -> Option<Subject> {
        let (words, text) = self.paragraph_before()?;
        if !text.trim_end().ends_with([':', ',']) || !self.opens_paragraph() {
            return None;
        }
        let last = self.scene.sentence_of(words.end.saturating_sub(1)).max(words.start);
        let last = last.max(words.end.saturating_sub(BEFORE_WORDS_MAX));
        self.said_in(last..words.end).or_else(|| self.scene.subject_of_clause(last..words.end))
    }

    fn opens_paragraph(&self) -> bool {
        let paragraph = self.scene.page.paragraphs.get(self.quote.paragraph);
        paragraph.is_some_and(|(_, words)| words.start == self.start())
    }

    fn paragraph_before(&self) -> Option<(Range<usize>, &str)> {
        let (span, words) = self.scene.page.paragraphs.get(self.quote.paragraph.checked_sub(1)?)?;
        (words.start >= self.scene.page.title_words).then(|| (words.clone(), span.of(self.scene.page.text)))
    }

    /// `X was angry. "Q."`: who spoke, or whom the sentence before is about.
    fn of_sentence_before(&self) -> Option<Subject> {
        let end = self.start();
        let paragraph = self.scene.page.paragraphs.get(self.quote.paragraph)?.1.start;
        let last = end.checked_sub(1).filter(|&last| last >= paragraph)?;
        let first = self.scene.sentence_of(last).max(paragraph).max(end.saturating_sub(BEFORE_WORDS_MAX));
        self.said_in(first..end).or_else(|| self.scene.subject_of_clause(first..end))
    }

    /// A paragraph that is a quote and nothing else goes on where a quote stands close before.
    fn of_neighbour(&self) -> Option<Speaker> {
        let (quote, speaker) = self.previous?;
        let near = self.quote.span.start.saturating_sub(quote.span.end) < NEIGHBOUR_BYTES_MAX;
        (near && quote.paragraph + 1 == self.quote.paragraph).then(|| lowered(speaker))
    }

    /// The last that the paragraph before says who spoke, else whom its last sentence is about.
    fn of_paragraph_before(&self) -> Option<Subject> {
        let (words, _) = self.paragraph_before()?;
        if !self.opens_paragraph() {
            return None;
        }
        let first = words.start.max(words.end.saturating_sub(BEFORE_WORDS_MAX));
        let last = self.scene.sentence_of(words.end.saturating_sub(1)).max(first);
        let said = self.said_in(last..words.end);
        said.or_else(|| self.scene.subject_of_clause(last..words.end))
    }
}

/// The speaker of another quote, less surely.
fn lowered(speaker: &Speaker) -> Speaker {
    Speaker { certainty: Certainty::Low, ..speaker.clone() }
}
