//! The subject of a verb that attributes speech: a name, a pronoun, or a noun phrase such as "a spokesman".

use std::ops::Range;

use super::scene::Scene;
use crate::extract::lexicon::Class;
use crate::extract::page::{Gap, Shape};

/// Words on one side of a verb that its subject may lie in.
const SUBJECT_WORDS_MAX: usize = 30;

/// Longest noun phrase, in words.
const PHRASE_WORDS_MAX: usize = 7;

/// Commas before a verb that may part an apposition from the subject.
const COMMAS_MAX: usize = 4;

/// Who or what a verb's subject is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Subject {
    /// A named person, organisation or place.
    Named(Range<usize>),
    Pronoun(usize),
    /// A noun phrase.
    Words(Range<usize>),
}

impl Scene<'_, '_> {
    /// Returns the subject that ends before a verb; no word before `first` belongs to it.
    pub fn subject_before(&self, verb: usize, first: usize) -> Option<Subject> {
        let first = first.max(verb.saturating_sub(SUBJECT_WORDS_MAX));
        if self.term(verb).ends_with("ing") {
            return self.subject_of_clause(first..verb);
        }
        let mut end = verb;
        let mut has_comma = self.gap(verb) == Gap::Comma;
        while end > first && self.is_between_subject_and_verb(end - 1) {
            end -= 1;
            // A second verb shares the subject of the first.
            if matches!(self.term(end), "and" | "but") {
                return self.subject_of_clause(first..end);
            }
            has_comma |= self.gap(end) == Gap::Comma;
        }
        if end == first {
            return None;
        }
        if has_comma { self.before_apposition(end, first) } else { self.phrase_ending(end, first) }
    }

    /// Adverbs, auxiliaries, "on Monday": what may stand between a subject and its verb.
    fn is_between_subject_and_verb(&self, index: usize) -> bool {
        let term = self.term(index);
        let plain = self.word(index).is_some_and(|word| word.shape == Shape::Lower);
        let helper = matches!(
            term,
            "has"
                | "had"
                | "have"
                | "also"
                | "later"
                | "then"
                | "once"
                | "recently"
                | "just"
                | "is"
                | "was"
                | "been"
                | "often"
                | "who"
                | "would"
                | "could"
                | "did"
                | "not"
                | "never"
                | "went"
                | "goes"
                | "on"
                | "to"
                | "as"
                | "being"
                | "himself"
                | "herself"
                | "itself"
                | "even"
                | "still"
                | "now"
                | "again"
                | "continued"
                | "began"
                | "only"
                | "are"
                | "were"
                | "will"
                | "when"
                | "first"
                | "yesterday"
                | "today"
                | "that"
                | "having"
                | "soon"
                | "twice"
                | "since"
                | "and"
                | "quoted"
                | "instead"
                | "too"
        );
        let adverb =
            term.len() > 4 && term.ends_with("ly") && !matches!(term, "family" | "assembly" | "daily");
        (plain && (helper || adverb) && self.entity(index).is_none()) || self.is(index, Class::WEEKDAY)
    }

    /// Reads "X, the chief of Y, said": the subject lies before one of the commas.
    fn before_apposition(&self, end: usize, first: usize) -> Option<Subject> {
        let mut nearest = None;
        let mut commas = 0;
        let mut at = end;
        while at > first && commas < COMMAS_MAX {
            at -= 1;
            if self.gap(at) != Gap::Comma || at == first {
                continue;
            }
            commas += 1;
            let found = self.phrase_ending(at, first);
            match found {
                Some(Subject::Named(ref words)) if self.is_person(words.start) => return found,
                Some(Subject::Pronoun(_)) => return found,
                other => nearest = nearest.or(other),
            }
        }
        // "In a statement Monday, X said": the comma closed no apposition.
        let opening = self.phrase_ending(end, first);
        match opening {
            Some(Subject::Named(ref words)) if self.is_person(words.start) && nearest.is_none() => opening,
            _ => nearest.or(opening),
        }
    }

    /// Returns the noun phrase that ends right before a word, without what a preposition hangs on it.
    fn phrase_ending(&self, end: usize, first: usize) -> Option<Subject> {
        let mut end = end;
        let mut whole = None;
        for _ in 0..3 {
            let found = self.plain_phrase_ending(end, first)?;
            let start = found.start();
            if matches!(found, Subject::Named(ref words) if self.is_person(words.start)) {
                return Some(found);
            }
            if matches!(found, Subject::Pronoun(_)) {
                return Some(found);
            }
            let hangs = start > first
                && matches!(
                    self.term(start - 1),
                    "of" | "for" | "at" | "from" | "in" | "with" | "on" | "by" | "to" | "about"
                )
                && !matches!(self.gap(start), Gap::Comma | Gap::Break);
            if !hangs {
                return Some(found);
            }
            whole = whole.or(Some(found));
            end = start - 1;
            if end <= first || matches!(self.gap(end), Gap::Comma | Gap::Break) {
                break;
            }
        }
        whole
    }

    fn plain_phrase_ending(&self, end: usize, first: usize) -> Option<Subject> {
        let last = end.checked_sub(1).filter(|&last| last >= first && !self.is_quoted(last))?;
        if self.entity(last).is_some() {
            let words = self.mention(last);
            return (words.start >= first).then_some(Subject::Named(words));
        }
        if self.is_pronoun(last) {
            return Some(Subject::Pronoun(last));
        }
        let mut start = last;
        if !self.is_noun_like(start) {
            return None;
        }
        while start > first && end - start < PHRASE_WORDS_MAX && !self.is_determiner(start) {
            let joined = matches!(self.gap(start), Gap::Space | Gap::Hyphen | Gap::Stop | Gap::Ampersand)
                || self.follows_possessive(start);
            let before = start - 1;
            if !joined || !(self.is_noun_like(before) || self.is_determiner(before)) || self.is_say(before) {
                break;
            }
            start -= 1;
        }
        self.may_speak(&(start..end), first).then_some(Subject::Words(start..end))
    }

    fn is_noun_like(&self, index: usize) -> bool {
        let Some(word) = self.word(index) else { return false };
        let plain = !word.class.is(Class::FUNCTION) || word.class.is(Class::SPEAKER_NOUN);
        (plain || word.class.is(Class::STATE_BODY))
            && !word.class.is(Class::WEEKDAY)
            && !self.is_quoted(index)
    }

    fn is_determiner(&self, index: usize) -> bool {
        matches!(
            self.term(index),
            "the"
                | "a"
                | "an"
                | "one"
                | "another"
                | "his"
                | "her"
                | "its"
                | "their"
                | "some"
                | "many"
                | "most"
                | "other"
                | "two"
                | "three"
                | "several"
                | "both"
                | "this"
                | "that"
                | "our"
                | "my"
        )
    }

    /// Returns the subject that starts after a verb: "said X", "according to X".
    pub fn subject_after(&self, start: usize, end: usize) -> Option<Subject> {
        let end = end.min(start + SUBJECT_WORDS_MAX);
        if start >= end || self.is_quoted(start) {
            return None;
        }
        if self.is_pronoun(start) {
            return Some(Subject::Pronoun(start));
        }
        let stops = |index: usize| {
            index > start
                && (matches!(self.gap(index), Gap::Start | Gap::Comma | Gap::Bracket)
                    || (self.gap(index) == Gap::Break && !self.follows_possessive(index))
                    || matches!(
                        self.term(index),
                        "who" | "when" | "after" | "as" | "while" | "that" | "during" | "told" | "to"
                    ))
        };
        let phrase_end = (start..end).find(|&index| stops(index)).unwrap_or(end);
        // "said X campaign spokesman Y": the last name of the phrase, unless a preposition hangs it on another.
        let hung = (start + 1..phrase_end).find(|&index| self.is_preposition(index)).unwrap_or(phrase_end);
        let is_head = |index: usize| index < hung || !self.is_person_before(start, hung);
        let mut people = (start..phrase_end).rev().filter(|&index| self.is_person(index));
        if let Some(last) = people.find(|&index| is_head(index)) {
            let is_owner = self.follows_possessive(self.mention(last).end);
            if !is_owner {
                return Some(Subject::Named(self.mention(last)));
            }
        }
        if let Some(name) = self.named_in_apposition(phrase_end, end) {
            return Some(name);
        }
        let head_end = hung.max(start + 1);
        let org = (start..head_end).rev().find(|&index| self.can_speak(index));
        match org {
            Some(index) if index + 1 == head_end => Some(Subject::Named(self.mention(index))),
            _ => self.noun_phrase(start..head_end),
        }
    }

    /// "said the ministry's inspector, X."
    fn named_in_apposition(&self, comma: usize, end: usize) -> Option<Subject> {
        let is_title = |index: usize| self.is(index, Class::TITLE | Class::TITLE_MODIFIER);
        let name = (comma..end.min(comma + 3)).find(|&index| !is_title(index) || self.is_person(index))?;
        let fits = self.gap(comma) == Gap::Comma && self.is_person(name);
        let words = self.mention(name);
        let closes = matches!(self.gap(words.end), Gap::Start | Gap::Comma | Gap::Break | Gap::Bracket);
        (fits && closes && !self.follows_possessive(words.end)).then_some(Subject::Named(words))
    }

    fn is_person_before(&self, start: usize, end: usize) -> bool {
        (start..end).any(|index| self.is_person(index))
    }

    fn is_preposition(&self, index: usize) -> bool {
        matches!(
            self.term(index),
            "of" | "for" | "at" | "from" | "in" | "on" | "with" | "by" | "about" | "near"
        ) && self.entity(index).is_none()
    }

    fn noun_phrase(&self, words: Range<usize>) -> Option<Subject> {
        let is_noun = |index: usize| self.is_noun_like(index) || self.is_determiner(index);
        let end = words.clone().take_while(|&index| is_noun(index)).take(PHRASE_WORDS_MAX).last()? + 1;
        let named = (words.start..end).any(|index| !self.is_determiner(index));
        if self.entity(words.start).is_some() && end == words.start + 1 {
            return Some(Subject::Named(self.mention(words.start)));
        }
        named.then_some(Subject::Words(words.start..end))
    }

    /// Returns the subject of a clause: its first name of somebody, or pronoun, that is no object of a preposition.
    pub fn subject_of_clause(&self, words: Range<usize>) -> Option<Subject> {
        let mut fallback = None;
        let mut at = words.start;
        if let Some(phrase) = self.speaker_phrase(words.clone()) {
            return Some(phrase);
        }
        while at < words.end {
            if self.is_quoted(at) {
                at += 1;
                continue;
            }
            if self.is_pronoun(at) {
                return Some(Subject::Pronoun(at));
            }
            if self.can_speak(at) {
                let mention = self.mention(at);
                let owner = self.follows_possessive(mention.end);
                let hangs = at > words.start && self.is_preposition(at - 1);
                let found = Subject::Named(mention.clone());
                at = mention.end.max(at + 1);
                if !owner && !hangs {
                    return Some(found);
                }
                fallback = fallback.or(Some(found));
                continue;
            }
            at += 1;
        }
        fallback
    }
}

impl Scene<'_, '_> {
    /// Reads "The Florida senator" at the start of a clause.
    fn speaker_phrase(&self, words: Range<usize>) -> Option<Subject> {
        const DETERMINED_WORDS_MAX: usize = 5;
        let start = words.start;
        if !self.is_determiner(start) || self.is_quoted(start) {
            return None;
        }
        let most = words.end.min(start + DETERMINED_WORDS_MAX);
        let joined = |index: &usize| {
            let gap = self.gap(*index);
            matches!(gap, Gap::Space | Gap::Hyphen) && !self.is_preposition(*index) && !self.is_quoted(*index)
        };
        let end = (start + 1..most).take_while(joined).filter(|&index| self.names_speaker(index)).last()? + 1;
        if self.can_speak(end - 1) {
            return Some(Subject::Named(self.mention(end - 1)));
        }
        let named = (end..words.end.min(end + 4)).take_while(joined).find(|&index| self.is_person(index));
        Some(named.map_or(Subject::Words(start..end), |index| Subject::Named(self.mention(index))))
    }

    /// Tells whether a noun stands for somebody, or something written, that can say a thing.
    fn names_speaker(&self, index: usize) -> bool {
        let written = matches!(
            self.term(index),
            "ad" | "lawsuit"
                | "letter"
                | "newspaper"
                | "paper"
                | "article"
                | "editorial"
                | "email"
                | "memo"
                | "tweet"
                | "document"
                | "candidate"
                | "businessman"
                | "billionaire"
                | "mogul"
                | "campaign"
                | "others"
                | "aide"
                | "aides"
                | "complaint"
                | "column"
                | "headline"
                | "tabloid"
                | "resolution"
                | "critics"
                | "voters"
                | "members"
                | "designer"
                | "guest"
                | "caller"
                | "questioner"
                | "native"
                | "congressman"
                | "attorney"
        );
        written || self.is(index, Class::SPEAKER_NOUN | Class::TITLE | Class::ORG_LAST | Class::ORG_NOUN)
    }

    /// Tells whether a noun phrase may speak: it names a speaker, or opens its clause.
    fn may_speak(&self, words: &Range<usize>, first: usize) -> bool {
        let is_name = |index: usize| {
            self.word(index)
                .is_some_and(|word| word.is_capital() && word.gap != Gap::Start && word.known.is_none())
        };
        let names =
            words.clone().any(|index| self.names_speaker(index) || self.can_speak(index) || is_name(index));
        let opens = words.start == first
            || matches!(self.gap(words.start), Gap::Start | Gap::Comma)
            || matches!(self.term(words.start - 1), "that" | "when" | "as" | "but" | "and" | "while");
        names || (opens && self.is_determiner(words.start) && !self.term(words.end - 1).ends_with("ed"))
    }
}

impl Subject {
    pub fn start(&self) -> usize {
        match self {
            Subject::Named(words) | Subject::Words(words) => words.start,
            Subject::Pronoun(index) => *index,
        }
    }
}
