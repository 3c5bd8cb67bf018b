//! From subjects to speakers: names are entities, pronouns mean somebody named before, other words stand for themselves.

use super::scene::Scene;
use super::subject::Subject;
use crate::article::{Certainty, Speaker};
use crate::extract::lexicon::Class;

/// Sentences before a pronoun that may name whom it means.
const PRONOUN_SENTENCES_MAX: usize = 5;

/// Words of one sentence that are looked at.
const SENTENCE_WORDS_MAX: usize = 60;

impl Scene<'_, '_> {
    /// Returns the speaker that a subject names; `previous` spoke before.
    pub fn speaker(
        &self,
        subject: &Subject,
        certainty: Certainty,
        previous: Option<&Speaker>,
    ) -> Option<Speaker> {
        match subject {
            Subject::Named(words) => {
                let entity = self.entity(words.start)?;
                let name = self.entities.get(entity as usize)?.name.clone();
                Some(Speaker { name, entity: Some(entity), span: Some(self.page.span(words)), certainty })
            }
            Subject::Words(words) => {
                let span = self.page.span(words);
                let known = words.clone().all(|index| !self.is(index, Class::SPEAKER_NOUN));
                let certainty = if known { Certainty::Low } else { certainty };
                let name = span.of(self.page.text).split_whitespace().collect::<Vec<_>>().join(" ");
                Some(Speaker { name, entity: None, span: Some(span), certainty })
            }
            Subject::Pronoun(index) => self.speaker_of_pronoun(*index, previous),
        }
    }

    fn speaker_of_pronoun(&self, index: usize, previous: Option<&Speaker>) -> Option<Speaker> {
        let words = self.page.span(&(index..index + 1));
        let span = Some(words);
        let meant = match self.term(index) {
            "he" | "she" => self.last_person(index, previous),
            "it" | "they" => self.last_body(index, previous),
            _ => None,
        };
        let own_words = || {
            let name = words.of(self.page.text).to_owned();
            Some(Speaker { name, entity: None, span, certainty: Certainty::Low })
        };
        meant.map(|speaker| Speaker { span, certainty: Certainty::Low, ..speaker }).or_else(own_words)
    }

    /// Whom "he" means: the speaker before, unless somebody else was named since; else the last person made a subject.
    fn last_person(&self, pronoun: usize, previous: Option<&Speaker>) -> Option<Speaker> {
        let person = previous.filter(|speaker| self.is_person_entity(speaker));
        let since = person.and_then(|speaker| speaker.span).map(|span| self.page.word_at(span.end));
        if let (Some(person), Some(since)) = (person, since) {
            let near = pronoun.saturating_sub(since) <= SENTENCE_WORDS_MAX * PRONOUN_SENTENCES_MAX;
            let mut others = (since.min(pronoun)..pronoun).filter(|&index| self.is_person(index));
            let is_other = |index: usize| self.entity(index) != person.entity && !self.is_quoted(index);
            if near && !others.any(is_other) {
                return Some(person.clone());
            }
        }
        let mut sentence = self.page.sentences.partition_point(|sentence| sentence.start <= pronoun);
        let mut end = pronoun;
        for _ in 0..PRONOUN_SENTENCES_MAX {
            sentence = sentence.checked_sub(1)?;
            let start = self.page.sentences.get(sentence)?.start.max(end.saturating_sub(SENTENCE_WORDS_MAX));
            if let Some(index) = self.person_of(start, end) {
                return self.speaker(&Subject::Named(self.mention(index)), Certainty::Low, None);
            }
            end = start;
        }
        None
    }

    /// Returns the first person of some words who owns nothing, else the first.
    fn person_of(&self, start: usize, end: usize) -> Option<usize> {
        let people = || (start..end).filter(|&index| self.is_person(index) && !self.is_quoted(index));
        let is_plain = |&index: &usize| !self.follows_possessive(self.mention(index).end);
        people().find(is_plain).or_else(|| people().next())
    }

    fn is_person_entity(&self, speaker: &Speaker) -> bool {
        let entity = speaker.entity.and_then(|index| self.entities.get(index as usize));
        entity.is_some_and(|entity| entity.kind == crate::article::EntityKind::Person)
    }

    /// What "it" means: the speaker before who is no person, else the statement or body that the text last names.
    fn last_body(&self, pronoun: usize, previous: Option<&Speaker>) -> Option<Speaker> {
        if let Some(body) = previous.filter(|speaker| !self.is_person_entity(speaker)) {
            return Some(body.clone());
        }
        let first = pronoun.saturating_sub(SENTENCE_WORDS_MAX);
        (first..pronoun).rev().filter(|&index| !self.is_quoted(index)).find_map(|index| {
            let stated = matches!(self.term(index), "statement" | "report" | "letter" | "email" | "document");
            if stated {
                let start = if index > first && matches!(self.term(index - 1), "a" | "the") {
                    index - 1
                } else {
                    index
                };
                return self.speaker(&Subject::Words(start..index + 1), Certainty::Low, None);
            }
            let is_org = self.kind(index) == Some(crate::article::EntityKind::Org);
            is_org.then(|| self.speaker(&Subject::Named(self.mention(index)), Certainty::Low, None)).flatten()
        })
    }
}
