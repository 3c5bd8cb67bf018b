//! Classification: what the words of a run name.

use std::ops::Range;

use super::{Reader, is_name, is_storm};
use crate::article::EntityKind::{self, Org, Person, Place};
use crate::extract::gazetteer::{Flag, Known};
use crate::extract::lexicon::Class;
use crate::extract::page::{Gap, PageWord, Shape};
use crate::extract::tagger::Name;

impl Reader<'_, '_> {
    pub(super) fn read_run(&mut self, run: Range<usize>) {
        let mut at = run.start;
        let mut after_title = self.class(at.wrapping_sub(1)).is(Class::TITLE) && self.gap(at) == Gap::Space;
        while at < run.end {
            if let Some(known) = self.lookup(at..run.end).filter(|known| is_name(known)) {
                return self.add_known(at..run.end, known, after_title);
            }
            let word_class = self.class(at);
            let rest = run.end - at;
            if let Some((len, known)) = self.leading_name(at..run.end) {
                self.add_known(at..at + len, known, false);
                after_title = false;
                at += len;
            } else if self.is_title(at, run.end) {
                after_title = true;
                at += 1;
            } else if self.is_loose_adjective(at..run.end) {
                at += 1;
            } else if let Some(len) = self.leading_country(at..run.end) {
                self.add(at..at + len, Place, 5);
                at += len;
            } else if word_class.is(Class::FUNCTION) && rest > 1 && !word_class.is(Class::STATE_BODY) {
                at += 1;
            } else {
                return self.add_name(at..run.end, after_title);
            }
        }
    }

    /// A known name before a title or a person: "White House Press Secretary", "Alaska Sarah Palin".
    fn leading_name(&mut self, rest: Range<usize>) -> Option<(usize, &'static Known)> {
        let longest = self.word(rest.start)?.known?.longest().max(1);
        let most = longest.min(rest.len().checked_sub(1)?);
        (1..=most).rev().find_map(|len| {
            let known = self.lookup(rest.start..rest.start + len).filter(|known| is_name(known))?;
            let after = rest.start + len..rest.end;
            let titled = self.is_title(after.start, after.end) && after.len() > 1;
            let person = after.len() > 1 && self.is_person(&after);
            let own = len > 1
                || !(known.is(Flag::FirstName) || known.is(Flag::Surname) || known.is(Flag::CommonWord));
            let headed = self.class(rest.end - 1).is(Class::ORG_LAST);
            (own && !headed && (titled || person)).then_some((len, known))
        })
    }

    fn is_title(&self, at: usize, end: usize) -> bool {
        let class = self.class(at);
        if at + 1 >= end {
            return class.is(Class::TITLE) && !self.word(at).is_some_and(PageWord::is_known_name);
        }
        let modifies = class.is(Class::TITLE_MODIFIER)
            && (at + 1..end.min(at + 4)).any(|later| self.class(later).is(Class::TITLE))
            && !self.class(end - 1).is(Class::ORG_LAST);
        class.is(Class::TITLE) && !self.class(end - 1).is(Class::ORG_LAST) || modifies
    }

    /// A demonym or the name of a faith before a name that stands without it.
    fn is_loose_adjective(&self, rest: Range<usize>) -> bool {
        let Some(word) = self.word(rest.start) else { return false };
        if !word.has(Flag::Demonym) && !word.class.is(Class::NO_NAME) {
            return false;
        }
        let headed = self.class(rest.end - 1).is(Class::ORG_LAST);
        let linked =
            self.has_connector(rest.start, rest.end) && !self.class(rest.start + 1).is(Class::STATE_BODY);
        let belongs = (headed || linked) && !self.is_state_body(rest.start + 1..rest.end);
        rest.len() == 1 || !belongs
    }

    /// "Foreign Ministry", "Supreme Court": every state has one.
    fn is_state_body(&self, words: Range<usize>) -> bool {
        words.len() <= 3 && self.page.slice(words).iter().all(|word| word.class.is(Class::STATE_BODY))
    }

    /// A country before a title, a person or a body of the state.
    fn leading_country(&mut self, rest: Range<usize>) -> Option<usize> {
        let longest = self.word(rest.start)?.known?.longest().max(1);
        let most = longest.min(rest.len().checked_sub(1)?);
        let len = (1..=most).rev().find(|len| {
            let known = self.lookup(rest.start..rest.start + len);
            known.is_some_and(|known| known.is(Flag::Country))
        })?;
        let after = rest.start + len..rest.end;
        let last = self.class(rest.end - 1);
        let heads = Class::ORG_LAST | Class::PLACE_LAST | Class::EVENT_LAST;
        let apart =
            self.is_state_body(after.clone()) || self.is_title(after.start, after.end) || !last.is(heads);
        let linked =
            self.has_connector(after.start, after.end) && !self.is_state_body(after.start..after.start + 1);
        (apart && !linked).then_some(len)
    }

    fn add(&mut self, words: Range<usize>, kind: EntityKind, weight: u8) {
        self.names.push(Name { words, kind, weight });
    }

    fn add_known(&mut self, words: Range<usize>, known: &'static Known, after_title: bool) {
        let single = words.len() == 1;
        if known.is(Flag::Country) {
            return self.add(words, Place, 5);
        }
        if known.is(Flag::Demonym) || self.class(words.start).is(Class::NO_NAME) && single {
            return;
        }
        if after_title && !known.is(Flag::Org) {
            return self.add(words, Person, 3);
        }
        if (known.is(Flag::Org) || known.is(Flag::Outlet)) && !self.is_plain_word(&words) {
            return self.add(words, Org, 4);
        }
        if known.is_firm_place() && !self.is_plain_word(&words) {
            return self.add(words, Place, 4);
        }
        if known.is_place() && (self.stands_like_place(&words) || !single) {
            return self.add(words, Place, 2);
        }
        self.add_single_or_name(words, after_title);
    }

    /// A common word that is a name only inside sentences.
    fn is_plain_word(&self, words: &Range<usize>) -> bool {
        let Some(word) = self.word(words.start) else { return true };
        let opens = matches!(word.gap, Gap::Start | Gap::Break) || self.is_heading;
        words.len() == 1 && opens && word.has(Flag::CommonWord) && word.shape != Shape::Upper
    }

    fn stands_like_place(&self, words: &Range<usize>) -> bool {
        let before = words.start.wrapping_sub(1);
        let after_preposition =
            self.class(before).is(Class::PLACE_PREPOSITION) && self.gap(words.start) == Gap::Space;
        let named_after = self.gap(words.end) == Gap::Comma
            && self.word(words.end).and_then(|word| word.known).is_some_and(|known| known.is_firm_place());
        after_preposition || named_after
    }

    /// Tells whether the word goes on a list of places: "Carrascal, Cantilan and Cortes".
    fn is_listed_place(&self, words: &Range<usize>) -> bool {
        let Some(before) =
            self.names.last().filter(|name| name.kind == Place && name.words.start >= self.sentence.start)
        else {
            return false;
        };
        let and = |index: usize| self.word(index).is_some_and(|word| self.page.term(word) == "and");
        let listed = before.words.end == words.start && self.gap(words.start) == Gap::Comma;
        let goes_on = self.gap(words.end) == Gap::Comma || and(words.end);
        (listed && goes_on) || (before.words.end + 1 == words.start && and(before.words.end))
    }

    fn add_single_or_name(&mut self, words: Range<usize>, after_title: bool) {
        if words.len() == 1 { self.add_single(words, after_title) } else { self.add_name(words, after_title) }
    }

    /// Classifies a name that the gazetteer does not hold as a whole.
    fn add_name(&mut self, words: Range<usize>, after_title: bool) {
        if words.len() == 1 {
            return self.add_single(words, after_title);
        }
        let (first, last) = (self.class(words.start), self.class(words.end - 1));
        if self.page.slice(words.clone()).iter().any(|word| is_storm(self.page.term(word))) {
            return;
        }
        if self.is_org(&words) {
            return self.add(words, Org, 4);
        }
        if last.is(Class::EVENT_LAST) && !after_title {
            return;
        }
        if first.is(Class::DIRECTION) && self.lookup(words.start + 1..words.end).is_some_and(Known::is_place)
        {
            return self.add(words, Place, 3);
        }
        if self.word(words.end - 1).is_some_and(|word| word.has(Flag::Demonym)) {
            return;
        }
        let surname = self.word(words.end - 1).is_some_and(|word| is_also_surname(self.page.term(word)));
        if last.is(Class::PLACE_LAST) && !after_title && !(surname && self.is_person(&words)) {
            return self.add(words, Place, 3);
        }
        if after_title || self.is_person(&words) {
            return self.add(words, Person, 3);
        }
        self.add_by_context(words);
    }

    fn is_org(&self, words: &Range<usize>) -> bool {
        let opener =
            self.class(words.start).is(Class::ORG_FIRST) || self.has_org_opener(words.start, words.end);
        let linked = opener && self.has_connector(words.start, words.end);
        let ampersand =
            self.page.slice(words.start + 1..words.end).iter().any(|word| word.gap == Gap::Ampersand);
        let person = self.is_person(words) && words.len() == 2;
        let headed = self.class(words.end - 1).is(Class::ORG_LAST) && !person;
        headed || linked || ampersand
    }

    fn is_person(&self, words: &Range<usize>) -> bool {
        let slice = self.page.slice(words.clone());
        let (Some(first), Some(last)) = (slice.first(), slice.last()) else { return false };
        if !(2..=6).contains(&slice.len()) {
            return false;
        }
        let initial = |word: &PageWord| word.span.len() == 1 && word.is_capital();
        let has_initial = slice.iter().any(initial) && !initial(last);
        let particles =
            slice.iter().skip(1).any(|word| word.shape == Shape::Lower && word.class.is(Class::PARTICLE));
        first.has(Flag::FirstName)
            || has_initial
            || (particles && !self.has_connector(words.start, words.end))
            || (last.has(Flag::Surname) && !first.has(Flag::CommonWord) && slice.len() <= 3)
    }

    /// Two words and more that nothing is known of.
    fn add_by_context(&mut self, words: Range<usize>) {
        let slice = self.page.slice(words.clone());
        let common = slice.iter().filter(|word| word.has(Flag::CommonWord)).count();
        let upper = slice.iter().any(|word| word.shape == Shape::Upper);
        let before = self.class(words.start.wrapping_sub(1));
        let place = Class::PLACE_FIRST;
        if before.is(Class::ORG_NOUN) {
            self.add(words, Org, 2);
        } else if self.class(words.start).is(place) && common < words.len() && words.len() <= 4 {
            self.add(words, Place, 2);
        } else if self.stands_like_place(&words) && common == 0 {
            self.add(words, Place, 1);
        } else if upper || common > 0 || self.is_heading {
            let after_article =
                self.word(words.start.wrapping_sub(1)).is_some_and(|word| self.page.term(word) == "the");
            if (after_article || upper) && common < words.len() && !self.is_heading {
                self.add(words, Org, 1);
            } else if words.len() == 2 && common == 1 && !self.is_heading {
                self.add(words, Person, 1);
            }
        } else if words.len() <= 4 {
            self.add(words, Person, 1);
        }
    }

    /// One capitalised word.
    fn add_single(&mut self, words: Range<usize>, after_title: bool) {
        let Some(word) = self.word(words.start).copied() else { return };
        if word.class.is(Class::NO_NAME | Class::MONTH | Class::FUNCTION) || word.has(Flag::Demonym) {
            return;
        }
        let surface = self.page.surface(&word);
        if surface.bytes().any(|byte| byte.is_ascii_digit()) || self.storms.contains(self.page.term(&word)) {
            return;
        }
        let single_letter = surface.chars().count() == 1;
        let common = word.has(Flag::CommonWord);
        if after_title && !common && !single_letter {
            return self.add(words, Person, 3);
        }
        if single_letter || (common && word.shape != Shape::Upper) {
            return;
        }
        let before = self.class(words.start.wrapping_sub(1));
        if word.shape == Shape::Upper && !self.is_heading && (2..=8).contains(&word.span.len()) {
            return self.add(words, Org, 2);
        }
        let (opens, speaks) =
            (matches!(word.gap, Gap::Start | Gap::Break), self.class(words.end).is(Class::SAY));
        if before.is(Class::ORG_NOUN) && word.gap == Gap::Space {
            self.add(words, Org, 2);
        } else if self.is_listed_place(&words) {
            self.add(words, Place, 2);
        } else if self.stands_like_place(&words) && !word.has(Flag::FirstName) && !word.has(Flag::Surname) {
            self.add(words, Place, 1);
        } else if (speaks && !opens) || word.has(Flag::FirstName) || word.has(Flag::Surname) {
            self.add(words, Person, 1);
        }
    }
}

/// Words that close names of places and of people.
fn is_also_surname(term: &str) -> bool {
    matches!(
        term,
        "hill"
            | "park"
            | "field"
            | "forest"
            | "church"
            | "castle"
            | "house"
            | "bay"
            | "garden"
            | "fort"
            | "bridge"
            | "point"
            | "lodge"
            | "square"
            | "town"
            | "street"
            | "lake"
            | "pass"
            | "cape"
            | "port"
            | "road"
            | "tower"
            | "hotel"
            | "temple"
            | "beach"
            | "base"
            | "camp"
            | "strait"
            | "parish"
            | "abbey"
            | "gates"
            | "banks"
            | "rivers"
            | "fields"
    )
}
