//! Runs: capitalised words that belong together, with the small words inside names.

use super::{Reader, is_joined, is_name};
use crate::extract::gazetteer::{self, Flag, Known};
use crate::extract::lexicon::Class;
use crate::extract::page::{Gap, PageWord, Shape};

impl Reader<'_, '_> {
    pub(super) fn starts_run(&self, at: usize) -> bool {
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
    pub(super) fn names_body(&self, at: usize) -> bool {
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
    pub(super) fn run_end(&mut self, start: usize) -> usize {
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

    pub(super) fn has_org_opener(&self, start: usize, end: usize) -> bool {
        self.page.slice(start..end).iter().any(|word| word.class.is(Class::ORG_FIRST))
    }

    pub(super) fn has_connector(&self, start: usize, end: usize) -> bool {
        self.page
            .slice(start..end)
            .iter()
            .any(|word| word.shape == Shape::Lower && word.class.is(Class::FUNCTION))
    }
}
