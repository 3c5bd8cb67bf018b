//! The tagger by rules: capitals, the gazetteer, and words that tell names apart.
//!
//! A sentence is read as *runs*: capitalised words that belong together, with the small words inside names. A run is
//! cut into titles, demonyms, countries and one remaining name, which its head, its words and its neighbours classify.

use std::collections::HashSet;
use std::ops::Range;

use super::gazetteer::{self, Flag, Known};
use super::lexicon::Class;
use super::page::{Gap, Page, PageWord, Shape};
use super::tagger::{Name, Tagger};
use crate::article::EntityKind::{self, Org, Person, Place};

/// Longest run read as a name, in words; longer ones are lists or headings.
const RUN_WORDS_MAX: usize = 14;

/// Finds names by rules alone.
#[derive(Debug, Default, Clone, Copy)]
pub struct RuleTagger;

impl Tagger for RuleTagger {
    fn tag(&self, page: &Page<'_>) -> Vec<Name> {
        let mut names = Vec::new();
        let mut key = String::new();
        let storms = storms(page);
        for sentence in &page.sentences {
            let is_heading = is_heading(page.slice(sentence.clone()));
            let sentence = sentence.clone();
            Reader { page, sentence, is_heading, storms: &storms, names: &mut names, key: &mut key }.read();
        }
        names
    }
}

/// Returns the names of storms, which look like names of people: the word after "Hurricane".
fn storms(page: &Page<'_>) -> HashSet<String> {
    let pairs = page.words.iter().zip(page.words.iter().skip(1));
    let named =
        pairs.filter(|(word, next)| is_storm(page.term(word)) && next.is_capital() && next.gap == Gap::Space);
    named.map(|(_, next)| page.term(next).to_owned()).collect()
}

fn is_storm(term: &str) -> bool {
    matches!(term, "hurricane" | "typhoon" | "cyclone" | "storm")
}

/// Tells whether most words of a sentence are capitalised, so that capitals say nothing.
pub(super) fn is_heading(words: &[PageWord]) -> bool {
    let lettered =
        words.iter().filter(|word| matches!(word.shape, Shape::Lower | Shape::Capital | Shape::Upper));
    let (mut all, mut capital) = (0, 0);
    for word in lettered {
        all += 1;
        capital += usize::from(word.is_capital());
    }
    all >= 4 && capital * 10 > all * 6
}

/// Reads one sentence.
struct Reader<'p, 'a> {
    page: &'p Page<'a>,
    sentence: Range<usize>,
    is_heading: bool,
    /// Names of storms, which are nobody's.
    storms: &'p HashSet<String>,
    names: &'p mut Vec<Name>,
    /// Reused for lookups.
    key: &'p mut String,
}

impl Reader<'_, '_> {
    fn read(mut self) {
        let mut at = self.sentence.start;
        while at < self.sentence.end {
            if !self.starts_run(at) {
                at += 1;
                continue;
            }
            let end = self.run_end(at);
            if end - at <= RUN_WORDS_MAX {
                self.read_run(at..end);
            }
            at = end;
        }
    }

    fn word(&self, index: usize) -> Option<&PageWord> {
        if self.sentence.contains(&index) { self.page.words.get(index) } else { None }
    }

    fn class(&self, index: usize) -> Class {
        self.word(index).map(|word| word.class).unwrap_or_default()
    }

    fn gap(&self, index: usize) -> Gap {
        self.word(index).map_or(Gap::Start, |word| word.gap)
    }

    fn lookup(&mut self, words: Range<usize>) -> Option<&'static Known> {
        if words.len() == 1 {
            return self.word(words.start)?.known;
        }
        self.key.clear();
        self.page.key_into(words, self.key);
        gazetteer::lookup(self.key)
    }

    // Runs

    fn starts_run(&self, at: usize) -> bool {
        let Some(word) = self.word(at) else { return false };
        if word.shape == Shape::Uncased {
            return word.known.is_some_and(|known| known.is_place() || known.longest() > 0);
        }
        let particle = word.class.is(Class::PARTICLE) && self.gap(at + 1) == Gap::Hyphen;
        if particle && self.word(at + 1).is_some_and(PageWord::is_capital) {
            return true;
        }
        self.may_be_name(at, word) && !self.opens_plainly(at, word)
    }

    /// Tells whether a capitalised word may stand in a name at all.
    fn may_be_name(&self, at: usize, word: &PageWord) -> bool {
        if word.class.is(Class::WEEKDAY) || !word.is_capital() {
            return false;
        }
        let plain = word.class.is(Class::FUNCTION) || word.has(Flag::CommonWord);
        !self.is_heading || !plain || word.has(Flag::Country) || self.starts_known_name(at)
    }

    /// Tells whether a word is capitalised only for where it stands.
    fn opens_plainly(&self, at: usize, word: &PageWord) -> bool {
        if word.class.is(Class::MONTH) && !self.class(at.wrapping_sub(1)).is(Class::TITLE) {
            return true;
        }
        let opens = matches!(word.gap, Gap::Start | Gap::Break);
        if word.class.is(Class::FUNCTION) && (opens || word.shape == Shape::Capital) {
            return !self.is_body_before_capital(at) && !self.is_initial(at) && !self.starts_known_name(at);
        }
        let leads =
            Class::TITLE | Class::TITLE_MODIFIER | Class::STATE_BODY | Class::ORG_FIRST | Class::PLACE_FIRST;
        let next_capital = self.word(at + 1).is_some_and(|next| next.is_capital() && next.gap == Gap::Space);
        let leads = next_capital && (word.class.is(leads) || self.names_body(at + 1));
        opens && word.has(Flag::CommonWord) && !leads && !self.starts_known_name(at)
    }

    /// `D.`, an initial inside a name.
    fn is_initial(&self, at: usize) -> bool {
        let single = self.word(at).is_some_and(|word| word.span.len() == 1 && word.is_capital());
        let next = self.word(at + 1);
        single && next.is_some_and(|next| next.gap == Gap::Stop && next.is_capital())
    }

    /// Tells whether capitals from a word on run to the head of an organisation: "[Health and] Safety Agency".
    fn names_body(&self, at: usize) -> bool {
        let in_run = |index: &usize| {
            let word = self.word(*index);
            word.is_some_and(|word| word.is_capital() && (*index == at || word.gap == Gap::Space))
        };
        let last = (at..at + 5).take_while(in_run).last();
        last.is_some_and(|last| self.class(last).is(Class::ORG_LAST) && !self.class(last).is(Class::TITLE))
    }

    /// "Police" opens sentences, and names such as "Police Federation".
    fn is_body_before_capital(&self, at: usize) -> bool {
        let next = self.word(at + 1);
        self.class(at).is(Class::STATE_BODY)
            && next.is_some_and(|next| {
                next.is_capital() && next.gap == Gap::Space && !next.class.is(Class::TITLE)
            })
    }

    fn starts_known_name(&self, at: usize) -> bool {
        let longest = self.word(at).and_then(|word| word.known).map_or(0, Known::longest);
        (2..=longest).any(|len| {
            let words = self.page.slice(at..at + len);
            let capital = words.iter().skip(1).all(|word| word.gap == Gap::Space && word.is_capital());
            capital && words.len() == len && gazetteer::lookup(&self.page.key(at..at + len)).is_some()
        })
    }

    /// Returns the end of the run that starts at a word.
    fn run_end(&mut self, start: usize) -> usize {
        if let Some(len) = self.known_words(start) {
            let uncased = self.word(start).is_some_and(|word| word.shape == Shape::Uncased);
            if uncased {
                return start + len;
            }
        }
        let mut end = start + self.known_words(start).unwrap_or(1);
        if end == start + 1
            && self.class(start).is(Class::PARTICLE)
            && !self.word(start).is_some_and(PageWord::is_capital)
        {
            end = start + 2;
        }
        while let Some(next) = self.extended(start, end) {
            end = next;
        }
        end
    }

    /// Returns the number of words of the longest known name that starts at a word.
    fn known_words(&mut self, start: usize) -> Option<usize> {
        let longest = self.word(start)?.known?.longest().max(1);
        (1..=longest).rev().find(|len| {
            let inside = start + len <= self.sentence.end;
            let joined = self.page.slice(start + 1..start + len).iter().all(|word| is_joined(word.gap));
            inside && joined && self.lookup(start..start + len).is_some_and(is_name)
        })
    }

    /// Returns a later end of the run `start..end`, where the words after it belong to it.
    fn extended(&self, start: usize, end: usize) -> Option<usize> {
        let next = self.word(end)?;
        let last = self.word(end - 1)?;
        let joined = match next.gap {
            Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Ampersand => true,
            Gap::Stop => self.keeps_stop(end - 1, last),
            // "Washington, D.C." is one name.
            Gap::Comma => {
                self.page.term(last) == "washington" && matches!(self.page.term(next), "dc" | "d.c")
            }
            _ => false,
        };
        if !joined {
            return None;
        }
        if next.is_capital() && !next.class.is(Class::WEEKDAY) {
            let plain = next.class.is(Class::FUNCTION | Class::MONTH) && !next.class.is(Class::STATE_BODY);
            return (self.may_be_name(end, next) && (!plain || self.is_initial(end))).then_some(end + 1);
        }
        self.past_particles(end).or_else(|| self.past_connector(start, end))
    }

    /// Tells whether a full stop after the word leaves the name open: an initial, an abbreviated title, `U.S.`.
    fn keeps_stop(&self, index: usize, word: &PageWord) -> bool {
        let surface = self.page.surface(word);
        let initial = surface.chars().count() == 1;
        let abbreviation =
            matches!(surface, "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "Mt" | "Ft" | "Lt" | "Col" | "Gen");
        let title = word.class.is(Class::TITLE) && surface.len() <= 5;
        initial || abbreviation || title || (surface.contains('.') && index >= self.sentence.start)
    }

    /// `al-`, `bin`, `van der` before a capital.
    fn past_particles(&self, end: usize) -> Option<usize> {
        let is_particle = |index: usize| {
            let lower = self.word(index).is_some_and(|word| word.shape == Shape::Lower);
            lower && self.class(index).is(Class::PARTICLE) && is_joined(self.gap(index))
        };
        let particles = (end..end + 3).take_while(|&index| is_particle(index)).count();
        let name = self.word(end + particles)?;
        (particles > 0 && name.is_capital() && is_joined(name.gap)).then_some(end + particles + 1)
    }

    /// "of the" and the like after a word that opens an organisation's name.
    fn past_connector(&self, start: usize, end: usize) -> Option<usize> {
        let connector = self.page.term(self.word(end)?);
        if self.gap(end) != Gap::Space {
            return None;
        }
        let article = usize::from(self.word(end + 1).is_some_and(|word| self.page.term(word) == "the"));
        let at = end + 1 + article;
        let name = self.word(at).filter(|name| name.gap == Gap::Space && name.is_capital())?;
        if name.class.is(Class::MONTH | Class::WEEKDAY) {
            return None;
        }
        let opened = self.has_org_opener(start, end);
        let fits = match connector {
            "of" | "for" => opened,
            "and" if article == 0 && !name.is_known_name() => {
                (opened && self.has_connector(start, end)) || self.is_half_of_body(start, end)
            }
            _ => false,
        };
        fits.then_some(at + 1)
    }

    /// "Securities" before "and Exchange Commission".
    fn is_half_of_body(&self, start: usize, end: usize) -> bool {
        let words = self.page.slice(start..end);
        let plain = words.iter().any(|word| word.has(Flag::CommonWord))
            && !words.iter().any(|w| w.has(Flag::FirstName));
        let whole = words
            .last()
            .is_some_and(|last| last.class.is(Class::ORG_LAST) && last.class.is(Class::STATE_BODY));
        plain && !whole && self.names_body(end + 1)
    }

    fn has_org_opener(&self, start: usize, end: usize) -> bool {
        self.page.slice(start..end).iter().any(|word| word.class.is(Class::ORG_FIRST))
    }

    fn has_connector(&self, start: usize, end: usize) -> bool {
        self.page
            .slice(start..end)
            .iter()
            .any(|word| word.shape == Shape::Lower && word.class.is(Class::FUNCTION))
    }

    // Names

    fn read_run(&mut self, run: Range<usize>) {
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

/// Tells whether the gazetteer knows the key as a name rather than as a word of names.
fn is_name(known: &Known) -> bool {
    known.is_place() || known.is(Flag::Org) || known.is(Flag::Outlet)
}

/// Tells whether words with such a gap between may be one name.
fn is_joined(gap: Gap) -> bool {
    matches!(gap, Gap::Space | Gap::Hyphen | Gap::Apostrophe | Gap::Stop | Gap::Ampersand)
}

impl PageWord {
    /// Tells whether the gazetteer knows the word as a name of its own.
    pub(super) fn is_known_name(&self) -> bool {
        self.known.is_some_and(is_name)
    }
}
