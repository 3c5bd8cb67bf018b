//! What the sieves ask of a page: whose name a word is part of, what lies in quotation marks, what verbs say.

use std::ops::Range;

use crate::article::{Entity, EntityKind};
use crate::extract::lexicon::Class;
use crate::extract::page::{Gap, Page, PageWord, Shape};
use crate::extract::quotes::Quoted;

/// The entity of a word that is part of none.
const NOBODY: u32 = u32::MAX;

/// A page with its entities and quotes by word.
pub(super) struct Scene<'s, 'a> {
    pub page: &'s Page<'a>,
    pub entities: &'s [Entity],
    of_word: Vec<u32>,
    is_quoted: Vec<bool>,
}

impl<'s, 'a> Scene<'s, 'a> {
    pub fn new(page: &'s Page<'a>, quoted: &[Quoted], entities: &'s [Entity]) -> Scene<'s, 'a> {
        // An article without quotes asks nothing.
        let words = if quoted.is_empty() { 0 } else { page.words.len() };
        let mut scene = Scene { page, entities, of_word: vec![NOBODY; words], is_quoted: vec![false; words] };
        for quote in quoted {
            let inside = page.word_at(quote.span.start)..page.word_at(quote.span.end);
            if let Some(words) = scene.is_quoted.get_mut(inside) {
                words.fill(true);
            }
        }
        let numbered = entities.iter().zip(0_u32..).filter(|_| words > 0);
        for (entity, number) in numbered {
            for mention in &entity.mentions {
                let inside = page.word_at(mention.start)..page.word_at(mention.end);
                if let Some(words) = scene.of_word.get_mut(inside) {
                    words.fill(number);
                }
            }
        }
        scene
    }

    pub fn word(&self, index: usize) -> Option<&PageWord> {
        self.page.words.get(index)
    }

    pub fn term(&self, index: usize) -> &str {
        self.word(index).map_or("", |word| self.page.term(word))
    }

    pub fn gap(&self, index: usize) -> Gap {
        self.word(index).map_or(Gap::Start, |word| word.gap)
    }

    pub fn is(&self, index: usize, class: Class) -> bool {
        self.word(index).is_some_and(|word| word.class.is(class))
    }

    pub fn is_quoted(&self, index: usize) -> bool {
        self.is_quoted.get(index) == Some(&true)
    }

    /// Returns the characters between a word and the one before it.
    pub fn between(&self, index: usize) -> &str {
        let start = index.checked_sub(1).and_then(|before| self.word(before)).map_or(0, |word| word.span.end);
        let end = self.word(index).map_or(start, |word| word.span.start);
        self.page.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Tells whether the word before this one bears a possessive `'s`.
    pub fn follows_possessive(&self, index: usize) -> bool {
        let between = self.between(index);
        between.len() < 8
            && (between.starts_with("'s") || between.starts_with("’s") || between == "’ " || between == "' ")
    }

    pub fn entity(&self, word: usize) -> Option<u32> {
        self.of_word.get(word).copied().filter(|&number| number != NOBODY)
    }

    pub fn kind(&self, word: usize) -> Option<EntityKind> {
        self.entities.get(self.entity(word)? as usize).map(|entity| entity.kind)
    }

    pub fn is_person(&self, word: usize) -> bool {
        self.kind(word) == Some(EntityKind::Person)
    }

    /// Tells whether a word is part of the name of somebody who can speak.
    pub fn can_speak(&self, word: usize) -> bool {
        matches!(self.kind(word), Some(EntityKind::Person | EntityKind::Org))
    }

    /// Returns the words of the mention that a word is part of.
    pub fn mention(&self, word: usize) -> Range<usize> {
        let entity = self.entity(word);
        let Some(span) = entity.and_then(|number| self.mention_span(number, word)) else {
            return word..word + 1;
        };
        self.page.word_at(span.start)..self.page.word_at(span.end)
    }

    fn mention_span(&self, number: u32, word: usize) -> Option<crate::text::Span> {
        let start = self.word(word)?.span.start;
        let mentions = &self.entities.get(number as usize)?.mentions;
        let after = mentions.partition_point(|span| span.start <= start);
        mentions.get(after.checked_sub(1)?).copied()
    }

    /// Tells whether a word outside quotes says that somebody spoke.
    pub fn is_say(&self, index: usize) -> bool {
        let is_verb =
            self.word(index).is_some_and(|word| word.class.is(Class::SAY) && word.shape == Shape::Lower);
        is_verb && !self.is_quoted(index) && self.entity(index).is_none()
    }

    pub fn is_pronoun(&self, index: usize) -> bool {
        matches!(self.term(index), "he" | "she" | "it" | "they" | "we" | "i") && !self.is_quoted(index)
    }

    /// Returns the first word of the sentence that a word stands in.
    pub fn sentence_of(&self, word: usize) -> usize {
        let after = self.page.sentences.partition_point(|sentence| sentence.start <= word);
        after.checked_sub(1).and_then(|index| self.page.sentences.get(index)).map_or(word, |s| s.start)
    }
}
