//! The words of articles while these are added: for each word a list of bytes.
//!
//! ```text
//! article      0, slot less the slot before (from 0) varint
//! occurrence   gap since the position before (from -1) << 1 | whether a spelling follows, varint: never 0 or 1;
//!              number of the spelling varint; without one the word stands as folded
//! ```

use std::io;

use super::arena::{Arena, List};
use super::order::Order;
use crate::segment::bytes::Input;
use crate::segment::interner::Interner;
use crate::segment::terms::{FORM_CODES, StemsWriter, TermsWriter, form_bytes, form_code};
use crate::text::Analysis;

/// No slot: a list's first article differs from it.
const NO_SLOT: u32 = u32::MAX;

/// The words of all articles added.
#[derive(Default)]
pub(super) struct Words {
    words: Interner,
    states: Vec<State>,
    arena: Arena,
    /// Spellings with explicit parts; their numbers follow the codes of all others.
    forms: Interner,
    room: Vec<u8>,
}

/// What is known of a word's list at its end.
#[derive(Clone, Copy)]
struct State {
    list: List,
    slot: u32,
    /// One past the last position.
    next: u32,
    /// Languages of its articles, as bits.
    languages: u32,
}

impl Words {
    /// Adds the words of an article; `text` is what their spans lie in, `language` the bit of its language.
    pub(super) fn add(&mut self, slot: u32, text: &str, analysis: &Analysis, language: u32) {
        for word in &analysis.words {
            let term = analysis.term(word);
            let form = self.form(term, word.span.of(text), word.joiner.of(text));
            let number = self.words.intern(term.as_bytes()) as usize;
            if number == self.states.len() {
                self.states.push(State { list: List::EMPTY, slot: NO_SLOT, next: 0, languages: 0 });
            }
            let Some(state) = self.states.get_mut(number) else { continue };
            if state.slot != slot {
                let before = if state.slot == NO_SLOT { 0 } else { state.slot };
                self.arena.push_varint(&mut state.list, 0);
                self.arena.push_varint(&mut state.list, u64::from(slot - before));
                (state.slot, state.next) = (slot, 0);
                state.languages |= language;
            }
            let gap = u64::from(word.position - state.next) + 1;
            state.next = word.position + 1;
            self.arena.push_varint(&mut state.list, gap << 1 | u64::from(form != 0));
            if form != 0 {
                self.arena.push_varint(&mut state.list, u64::from(form));
            }
        }
    }

    /// Returns the number of a spelling.
    fn form(&mut self, term: &str, spelling: &str, joiner: &str) -> u32 {
        let (code, is_explicit) = form_code(term, spelling, joiner);
        if !is_explicit {
            return u32::from(code);
        }
        self.room.clear();
        form_bytes(&mut self.room, term, spelling, joiner);
        u32::from(FORM_CODES) + self.forms.intern(&self.room)
    }

    fn form_bytes(&self, form: u32) -> Vec<u8> {
        match form.checked_sub(u32::from(FORM_CODES)) {
            None => vec![form as u8],
            Some(explicit) => self.forms.get(explicit).to_vec(),
        }
    }

    /// Writes all words in order.
    pub(super) fn finish(
        self,
        order: &Order,
        terms: &mut TermsWriter,
        stems: &mut StemsWriter,
    ) -> io::Result<()> {
        let (words, _) = self.words.sorted();
        let mut list = WordList::new(usize::from(FORM_CODES) + self.forms.len());
        for number in words {
            let Some(state) = self.states.get(number as usize) else { continue };
            self.arena.read(state.list, &mut list.bytes);
            list.decode(order);
            let forms: Vec<Vec<u8>> = list.local_forms(|form| self.form_bytes(form));
            let word = String::from_utf8_lossy(self.words.get(number));
            terms.begin(&word, &forms);
            list.write(terms)?;
            if let Some(offset) = terms.end()? {
                stems.add(&word, state.languages, offset);
            }
        }
        Ok(())
    }

    /// Returns about how much memory it uses, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        self.words.memory_bytes()
            + self.states.capacity() * size_of::<State>()
            + self.arena.memory_bytes()
            + self.forms.memory_bytes()
    }
}

/// The decoded list of one word.
struct WordList {
    bytes: Vec<u8>,
    /// Ordinal, and where its occurrences start and end.
    articles: Vec<(u32, u32, u32)>,
    positions: Vec<u32>,
    forms: Vec<u32>,
    /// How often each spelling occurs, then its number within the word; zeros between words.
    tally: Vec<u32>,
}

impl WordList {
    fn new(forms: usize) -> WordList {
        WordList {
            bytes: Vec::new(),
            articles: Vec::new(),
            positions: Vec::new(),
            forms: Vec::new(),
            tally: vec![0; forms],
        }
    }

    /// Reads `bytes`, and sorts the articles by ordinal.
    fn decode(&mut self, order: &Order) {
        self.articles.clear();
        self.positions.clear();
        self.forms.clear();
        let mut input = Input::new(&self.bytes);
        let (mut slot, mut next) = (0, 0);
        while let Some(code) = input.varint() {
            if code == 0 {
                slot += input.varint().unwrap_or(0) as u32;
                next = 0;
                let start = self.positions.len() as u32;
                self.articles.push((order.ordinal(slot), start, start));
                continue;
            }
            let position = next + (code >> 1) as u32 - 1;
            next = position + 1;
            let form = if code & 1 == 0 { 0 } else { input.varint().unwrap_or(0) as u32 };
            self.positions.push(position);
            self.forms.push(form);
            if let Some((_, _, end)) = self.articles.last_mut() {
                *end += 1;
            }
        }
        if !self.articles.is_sorted() {
            self.articles.sort_unstable();
        }
    }

    /// Numbers the spellings within the word, and returns their bytes: most frequent first, then by their bytes.
    fn local_forms(&mut self, bytes: impl Fn(u32) -> Vec<u8>) -> Vec<Vec<u8>> {
        let mut seen = Vec::new();
        for &form in &self.forms {
            if let Some(count) = self.tally.get_mut(form as usize) {
                if *count == 0 {
                    seen.push(form);
                }
                *count += 1;
            }
        }
        let count = |form: u32| self.tally.get(form as usize).copied().unwrap_or(0);
        let mut sorted: Vec<(u32, Vec<u8>, u32)> =
            seen.iter().map(|&form| (u32::MAX - count(form), bytes(form), form)).collect();
        sorted.sort_unstable();
        for (local, &(_, _, form)) in (0..).zip(&sorted) {
            if let Some(slot) = self.tally.get_mut(form as usize) {
                *slot = local;
            }
        }
        for form in &mut self.forms {
            *form = self.tally.get(*form as usize).copied().unwrap_or(0);
        }
        for form in seen {
            if let Some(slot) = self.tally.get_mut(form as usize) {
                *slot = 0;
            }
        }
        sorted.into_iter().map(|(_, bytes, _)| bytes).collect()
    }

    fn write(&self, terms: &mut TermsWriter) -> io::Result<()> {
        for &(ordinal, start, end) in &self.articles {
            let place = start as usize..end as usize;
            let positions = self.positions.get(place.clone()).unwrap_or_default();
            terms.article(ordinal, positions, self.forms.get(place).unwrap_or_default())?;
        }
        Ok(())
    }
}
