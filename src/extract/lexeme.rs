//! What a word tells by its letters alone. Words come again and again, in an article and in the next, so each thread
//! remembers some.

use std::cell::RefCell;

use prefetch_index::prefetch_index;

use super::gazetteer::{self, Known};
use super::lexicon::{Class, class_of};
use super::page::Shape;
use super::tagger::hash::hash_bytes;

/// Words remembered by each thread, as a power of two; a word costs 48 bytes.
const CACHE_BITS: u32 = 14;

/// Longest word that is remembered, in bytes.
const SHORT_BYTES_MAX: usize = 23;

/// What a word tells by its letters alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lexeme {
    /// What the gazetteer knows of its term; only looked up for words that may be names.
    pub(super) known: Option<&'static Known>,
    pub(super) class: Class,
    pub(super) shape: Shape,
}

impl Lexeme {
    fn of(surface: &str, term: &str) -> Lexeme {
        let shape = shape_of(surface);
        let known = if shape == Shape::Number { None } else { gazetteer::lookup(term) };
        Lexeme { known, class: class_of(term), shape }
    }
}

/// The characters of a short word, kept so that what is remembered of it is told of no other.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Short {
    bytes: [u8; SHORT_BYTES_MAX],
    len: u8,
}

impl Short {
    /// Returns the characters of a word, unless there are too many or none.
    pub(super) fn of(word: &str) -> Option<Short> {
        let mut bytes = [0; SHORT_BYTES_MAX];
        bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
        (!word.is_empty()).then_some(Short { bytes, len: word.len() as u8 })
    }

    /// Tells whether these are the characters of a word; the default is no word's.
    #[inline]
    pub(super) fn is(&self, word: &str) -> bool {
        self.bytes.get(..usize::from(self.len)) == Some(word.as_bytes())
    }
}

/// The words that a thread remembers.
pub(super) struct Lexemes(Vec<Option<(Short, Lexeme)>>);

thread_local! {
    static CACHE: RefCell<Lexemes> = RefCell::new(Lexemes(vec![None; 1 << CACHE_BITS]));
}

impl Lexemes {
    /// Calls a function with what this thread remembers.
    pub(super) fn with<R>(read: impl FnOnce(&mut Lexemes) -> R) -> R {
        CACHE.with_borrow_mut(read)
    }

    /// Returns the hash of a word's characters; what is remembered of it is brought near.
    #[inline]
    pub(super) fn hash(&self, surface: &str) -> u64 {
        let hash = hash_bytes(surface.as_bytes());
        prefetch_index(&self.0, slot_of(hash));
        hash
    }

    /// Returns what a word tells, given the hash of its characters and its term.
    #[inline]
    pub(super) fn get(&mut self, surface: &str, hash: u64, term: &str) -> Lexeme {
        let slot = self.0.get_mut(slot_of(hash));
        match slot {
            Some(Some((known, lexeme))) if known.is(surface) => *lexeme,
            slot => {
                let lexeme = Lexeme::of(surface, term);
                if let (Some(slot), Some(short)) = (slot, Short::of(surface)) {
                    *slot = Some((short, lexeme));
                }
                lexeme
            }
        }
    }
}

/// Returns where the word of a hash is remembered.
fn slot_of(hash: u64) -> usize {
    (hash >> (64 - CACHE_BITS)) as usize
}

fn shape_of(surface: &str) -> Shape {
    let Some(first) = surface.chars().next() else { return Shape::Lower };
    if first.is_numeric() {
        return Shape::Number;
    }
    if first.is_uppercase() {
        let mut letters = surface.chars().filter(|c| c.is_alphabetic());
        let all = surface.len() > 1 && letters.clone().nth(1).is_some() && letters.all(char::is_uppercase);
        return if all { Shape::Upper } else { Shape::Capital };
    }
    let cased = first.is_lowercase() || first == '_';
    if cased { Shape::Lower } else { Shape::Uncased }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    #[test]
    fn what_is_remembered_is_told_of_no_other_word() {
        let long = "Donaudampfschifffahrtsgesellschaft";
        let words = ["Paris", "paris", "PARIS", "Iran", "1987", "東京", "Ägypten", long, "a\0", "a"];
        for _ in 0..2 {
            for word in words {
                let term = fold(word);
                let fresh = Lexeme::of(word, &term);
                let remembered = Lexemes::with(|lexemes| lexemes.get(word, lexemes.hash(word), &term));
                assert_eq!(remembered.shape, fresh.shape, "{word}");
                assert_eq!(remembered.class, fresh.class, "{word}");
                assert_eq!(remembered.known.is_some(), fresh.known.is_some(), "{word}");
            }
        }
        assert!(Short::of(long).is_none() && Short::of("").is_none());
        assert!(Short::of("a").is_some_and(|short| short.is("a") && !short.is("a\0") && !short.is("")));
    }

    #[test]
    fn every_slot_stands_for_the_word_it_holds() {
        // More words than slots: most are put where another was.
        let looks = [("W", Shape::Capital), ("w", Shape::Lower), ("", Shape::Number)];
        for (number, (start, shape)) in (0..3 << CACHE_BITS).zip(looks.into_iter().cycle()) {
            let surface = format!("{start}{number}");
            let term = surface.to_lowercase();
            let found = Lexemes::with(|lexemes| lexemes.get(&surface, lexemes.hash(&surface), &term));
            assert_eq!(found.shape, shape, "{surface}");
        }
    }
}
