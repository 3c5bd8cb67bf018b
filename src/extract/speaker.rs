//! Who said it: the speaker of each quote, by sieves from the surest to the least sure.

use std::ops::Range;

use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use super::quotes::Quoted;
use crate::article::{Certainty, Entity, EntityKind, Quote, Speaker};

/// Words beside a quote that may attribute it.
const CONTEXT_WORDS_MAX: usize = 14;

/// Words before a pronoun that may name whom it means.
const PRONOUN_WORDS_MAX: usize = 80;

/// Attributes quotes to speakers.
pub fn attribute(page: &Page<'_>, quoted: &[Quoted], entities: &[Entity]) -> Vec<Quote> {
    let named = Named::of(page, entities);
    let mut quotes: Vec<Quote> = Vec::with_capacity(quoted.len());
    let mut previous: Option<(Quoted, Option<Speaker>)> = None;
    for quote in quoted {
        let sieves = Sieves { page, entities, named: &named, quote, previous: previous.as_ref() };
        let speaker = sieves.speaker();
        previous = Some((*quote, speaker.clone()));
        quotes.push(Quote { span: quote.span, speaker });
    }
    quotes
}

/// The entity of each word, where it is part of a mention.
struct Named {
    of_word: Vec<Option<u32>>,
}

impl Named {
    fn of(page: &Page<'_>, entities: &[Entity]) -> Named {
        let mut of_word = vec![None; page.words.len()];
        for (index, entity) in entities.iter().enumerate() {
            for mention in &entity.mentions {
                let (start, end) = (page.word_at(mention.start), page.word_at(mention.end));
                if let Some(words) = of_word.get_mut(start..end) {
                    words.fill(u32::try_from(index).ok());
                }
            }
        }
        Named { of_word }
    }

    fn entity(&self, word: usize) -> Option<u32> {
        self.of_word.get(word).copied().flatten()
    }
}

struct Sieves<'s, 'a> {
    page: &'s Page<'a>,
    entities: &'s [Entity],
    named: &'s Named,
    quote: &'s Quoted,
    previous: Option<&'s (Quoted, Option<Speaker>)>,
}

impl Sieves<'_, '_> {
    fn speaker(&self) -> Option<Speaker> {
        let continued =
            || self.previous.filter(|_| self.quote.continues).and_then(|(_, speaker)| lowered(speaker));
        self.after().or_else(|| self.before()).or_else(continued).or_else(|| self.said_before())
    }

    fn words(&self, words: Range<usize>) -> &[PageWord] {
        self.page.slice(words)
    }

    /// `"Q," X said` and `"Q," said X`.
    fn after(&self) -> Option<Speaker> {
        let start = self.page.word_at(self.quote.span.end);
        let inside = self.quote.span.of(self.page.text);
        let window = self.window_after(start);
        let opens = self.words(start..start + 1).first().is_some_and(|word| word.gap == Gap::Start);
        if opens && !inside.ends_with([',', '?', '!']) {
            return None;
        }
        let says = window.clone().find(|&index| self.is_say(index))?;
        if says == start {
            return self.subject(says + 1..window.end, false);
        }
        self.subject(start..says, true).or_else(|| self.subject(says + 1..window.end, false))
    }

    /// Returns the words after the quote, to the end of the sentence or the next quote.
    fn window_after(&self, start: usize) -> Range<usize> {
        let paragraph_end =
            self.page.paragraphs.get(self.quote.paragraph).map_or(start, |(_, words)| words.end);
        let most = paragraph_end.min(start + CONTEXT_WORDS_MAX);
        let mut end = start;
        while end < most {
            let Some(word) = self.page.words.get(end) else { break };
            let ends = end > start && (word.gap == Gap::Start || self.is_after_mark(word));
            if ends {
                break;
            }
            end += 1;
        }
        start..end
    }

    fn is_after_mark(&self, word: &PageWord) -> bool {
        let before = self.page.text.get(..word.span.start as usize).unwrap_or("");
        before.ends_with(['"', '“', '«', '„'])
    }

    /// `X said: "Q`, `according to X, "Q`, and a sentence before that tells who spoke.
    fn before(&self) -> Option<Speaker> {
        let end = self.page.word_at(self.quote.span.start);
        let paragraph_start = self.page.paragraphs.get(self.quote.paragraph)?.1.start;
        let first = end.saturating_sub(CONTEXT_WORDS_MAX * 2).max(paragraph_start);
        let says = (first..end).rev().find(|&index| self.is_say(index))?;
        let sentence = self.sentence_of(says, first);
        if self.page.words.get(says).is_some_and(|word| self.page.term(word) == "according") {
            return self.subject(says + 2..end.min(says + 2 + CONTEXT_WORDS_MAX), false);
        }
        let known = self.subject(sentence..says, true);
        known.or_else(|| {
            self.subject(says + 1..end.min(says + 6), false).filter(|found| found.entity.is_some())
        })
    }

    fn sentence_of(&self, word: usize, first: usize) -> usize {
        (first..=word)
            .rev()
            .find(|&index| self.words(index..index + 1).iter().any(|w| w.gap == Gap::Start))
            .unwrap_or(first)
    }

    fn is_say(&self, index: usize) -> bool {
        self.page.words.get(index).is_some_and(|word| word.class.is(Class::SAY) && word.shape == Shape::Lower)
    }

    /// Returns the speaker among some words: the person, else the organisation, nearest the verb, else the words.
    fn subject(&self, words: Range<usize>, verb_follows: bool) -> Option<Speaker> {
        let mut order: Vec<usize> = words.clone().collect();
        if verb_follows {
            order.reverse();
        }
        let kind = |index: &usize, kind: EntityKind| {
            self.named
                .entity(*index)
                .and_then(|entity| self.entities.get(entity as usize))
                .is_some_and(|e| e.kind == kind)
        };
        let of_kind = |wanted: EntityKind| order.iter().find(|index| kind(index, wanted)).copied();
        if let Some(index) = of_kind(EntityKind::Person) {
            return self.named_speaker(index, Certainty::High);
        }
        let pronoun = order.iter().find(|&&index| self.is_pronoun(index)).copied();
        if let Some(index) = pronoun {
            return self.last_person(index);
        }
        of_kind(EntityKind::Org)
            .and_then(|index| self.named_speaker(index, Certainty::High))
            .or_else(|| self.unnamed(words))
    }

    fn named_speaker(&self, word: usize, certainty: Certainty) -> Option<Speaker> {
        let entity = self.named.entity(word)?;
        let same = |index: &usize| self.named.entity(*index) == Some(entity);
        let start = (0..word).rev().take(16).take_while(same).last().unwrap_or(word);
        let end = (word..self.page.words.len()).take(16).take_while(same).last().unwrap_or(word) + 1;
        let span = Some(self.page.span(&(start..end)));
        let name = self.entities.get(entity as usize)?.name.clone();
        Some(Speaker { name, entity: Some(entity), span, certainty })
    }

    fn is_pronoun(&self, index: usize) -> bool {
        self.page.words.get(index).is_some_and(|word| matches!(self.page.term(word), "he" | "she"))
    }

    /// A pronoun means the speaker before, else the last person named.
    fn last_person(&self, pronoun: usize) -> Option<Speaker> {
        let first = pronoun.saturating_sub(PRONOUN_WORDS_MAX);
        let is_person = |index: &usize| {
            let entity = self.named.entity(*index).and_then(|entity| self.entities.get(entity as usize));
            entity.is_some_and(|entity| entity.kind == EntityKind::Person)
        };
        let outside = |index: &usize| {
            let start = self.page.words.get(*index).map_or(0, |word| word.span.start);
            !(self.quote.span.start..self.quote.span.end).contains(&start)
        };
        let nearest = (first..pronoun).rev().filter(outside).find(is_person)?;
        let found = self.named_speaker(nearest, Certainty::Low)?;
        Some(Speaker { span: Some(self.page.span(&(pronoun..pronoun + 1))), ..found })
    }

    /// "a spokesman": the noun phrase that ends or starts at the verb, in the words used.
    fn unnamed(&self, words: Range<usize>) -> Option<Speaker> {
        let article = |index: &usize| {
            let word = self.page.words.get(*index);
            word.is_some_and(|word| matches!(self.page.term(word), "a" | "an" | "the" | "one" | "another"))
        };
        let start = words.clone().find(article)?;
        let same_phrase =
            |index: &usize| self.words(*index..*index + 1).iter().all(|word| word.gap == Gap::Space);
        let phrase = (start + 1..words.end).take_while(same_phrase).take(5);
        let is_speaker =
            |index: &usize| self.words(*index..*index + 1).iter().all(|w| w.class.is(Class::SPEAKER_NOUN));
        let end = phrase.filter(is_speaker).last()? + 1;
        let span = self.page.span(&(start..end));
        let name = span.of(self.page.text).to_owned();
        Some(Speaker { name, entity: None, span: Some(span), certainty: Certainty::Low })
    }

    /// A second quote of a paragraph is the first one's speaker's.
    fn said_before(&self) -> Option<Speaker> {
        let (quote, speaker) = self.previous?;
        (quote.paragraph == self.quote.paragraph).then(|| lowered(speaker)).flatten()
    }
}

/// The speaker of another quote, less surely.
fn lowered(speaker: &Option<Speaker>) -> Option<Speaker> {
    speaker.clone().map(|speaker| Speaker { certainty: Certainty::Low, span: None, ..speaker })
}
