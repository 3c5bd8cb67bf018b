//! What one word tells by itself.

use std::cell::RefCell;

use prefetch_index::prefetch_index;

use super::clusters::{Clusters, NO_CLUSTER};
use super::hash::{hash_bytes, mix};
use crate::extract::lexeme::Short;
use crate::extract::page::{Page, PageWord};

/// Words remembered by each thread, as a power of two; a word costs under 200 bytes.
const CACHE_BITS: u32 = 14;

/// How many words ahead of its reading the slot of a word is brought near.
const WORDS_AHEAD: usize = 8;

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(super) enum Caps {
    /// No capital letter.
    #[default]
    None = 0,
    /// One capital, in front.
    First = 1,
    /// Capitals only, two or more.
    All = 2,
    /// Capitals elsewhere.
    Mixed = 3,
}

/// What one word tells by itself.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    pub(super) term: u64,
    pub(super) surface: u64,
    /// Another hash; words of one surface hash that differ have different ones.
    pub(super) twin: u64,
    /// Kinds of its characters; runs longer than three count as three.
    pub(super) shape: u64,
    /// Kinds of its characters, each run once.
    pub(super) form: u64,
    pub(super) prefixes: [u64; 3],
    pub(super) suffixes: [u64; 4],
    /// What the gazetteer knows of the single word.
    pub(super) known: u32,
    /// Classes of the lexicon.
    pub(super) class: u32,
    pub(super) cluster: u16,
    pub(super) caps: Caps,
    pub(super) has_letters: bool,
}

impl Facts {
    /// Stands before the first word of a sentence.
    pub(super) const START: Facts = Facts::border(1);
    /// Stands after the last word of a sentence.
    pub(super) const END: Facts = Facts::border(2);

    const fn border(id: u64) -> Facts {
        Facts {
            term: id,
            surface: id,
            twin: id,
            shape: id,
            form: id,
            prefixes: [0; 3],
            suffixes: [id; 4],
            known: 0,
            class: 0,
            cluster: NO_CLUSTER + id as u16,
            caps: Caps::None,
            has_letters: false,
        }
    }

    pub(super) fn is_capital(&self) -> bool {
        self.caps != Caps::None
    }

    fn of(surface: &str, term: &str, word: &PageWord, clusters: &Clusters) -> Facts {
        let looks = Looks::of(surface);
        let prefix = |len: usize| term.as_bytes().get(..len).map_or(0, hash_bytes);
        let suffix = |len: usize| {
            let bytes = term.as_bytes();
            bytes.len().checked_sub(len).and_then(|start| bytes.get(start..)).map_or(0, hash_bytes)
        };
        let mut facts = Facts {
            term: hash_bytes(term.as_bytes()),
            surface: word.hash,
            twin: 0,
            shape: looks.shape,
            form: looks.form,
            prefixes: [prefix(2), prefix(3), prefix(4)],
            suffixes: [suffix(1), suffix(2), suffix(3), suffix(4)],
            known: word.known.map_or(0, |known| known.code()),
            class: word.class.bits(),
            cluster: clusters.of(word.hash),
            caps: looks.caps,
            has_letters: looks.has_letters,
        };
        facts.twin = facts.second_hash();
        facts
    }

    /// Hashes what features read beside the surface.
    fn second_hash(&self) -> u64 {
        let looks = [self.term, self.shape, self.form, self.suffixes[3], self.prefixes[2]];
        let others = [self.known, self.class, u32::from(self.cluster), self.caps as u32].map(u64::from);
        looks.into_iter().chain(others).fold(0, mix)
    }
}

/// The looks of a word's letters.
struct Looks {
    shape: u64,
    form: u64,
    caps: Caps,
    has_letters: bool,
}

impl Looks {
    fn of(surface: &str) -> Looks {
        let (mut shape, mut form) = (0x51, 0x52);
        let (mut last, mut run) = (0, 0);
        let (mut upper, mut lower, mut count) = (0usize, 0usize, 0usize);
        let mut starts_upper = false;
        for c in surface.chars() {
            let kind = kind_of(c);
            upper += usize::from(kind == UPPER);
            lower += usize::from(kind == LOWER);
            starts_upper |= count == 0 && kind == UPPER;
            if kind != last {
                form = mix(form, kind);
                run = 0;
            }
            run += 1;
            if run <= 3 {
                shape = mix(shape, kind);
            }
            last = kind;
            count += 1;
        }
        let caps = match (upper, lower) {
            (0, _) => Caps::None,
            (1, 0) if count == 1 => Caps::First,
            (_, 0) => Caps::All,
            (1, _) if starts_upper => Caps::First,
            _ => Caps::Mixed,
        };
        Looks { shape, form, caps, has_letters: upper + lower > 0 }
    }
}

const UPPER: u64 = 1;
const LOWER: u64 = 2;

fn kind_of(c: char) -> u64 {
    match c {
        'A'..='Z' => UPPER,
        'a'..='z' => LOWER,
        '0'..='9' => 3,
        '.' => 4,
        _ if c.is_ascii() => 8 + u64::from(c),
        _ if c.is_uppercase() => UPPER,
        _ if c.is_lowercase() => LOWER,
        _ if c.is_alphabetic() => 5,
        _ => 6,
    }
}

/// The facts of a word, as far as a table of clusters goes.
#[derive(Clone, Copy)]
struct Remembered {
    word: Short,
    /// Checksum of the clusters that the facts name one of.
    clusters: u64,
    facts: Facts,
}

thread_local! {
    static CACHE: RefCell<Vec<Option<Remembered>>> = RefCell::new(vec![None; 1 << CACHE_BITS]);
}

/// Returns where a word is remembered.
fn slot_of(word: &PageWord) -> usize {
    (word.hash >> (64 - CACHE_BITS)) as usize
}

/// Appends the facts of every word of a page.
///
/// Words come again and again, in an article and in the next, so each thread remembers some.
pub(super) fn read_all(page: &Page<'_>, clusters: &Clusters, facts: &mut Vec<Facts>) {
    let sum = clusters.checksum();
    CACHE.with_borrow_mut(|cache| {
        for (at, word) in page.words.iter().enumerate() {
            if let Some(ahead) = page.words.get(at + WORDS_AHEAD) {
                prefetch_index(&cache, slot_of(ahead));
            }
            let surface = page.surface(word);
            let slot = cache.get_mut(slot_of(word));
            match slot {
                Some(Some(known)) if known.clusters == sum && known.word.is(surface) => {
                    facts.push(known.facts)
                }
                slot => {
                    let new = Facts::of(surface, page.term(word), word, clusters);
                    if let (Some(slot), Some(word)) = (slot, Short::of(surface)) {
                        *slot = Some(Remembered { word, clusters: sum, facts: new });
                    }
                    facts.push(new);
                }
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::super::clusters::pack;
    use super::*;
    use crate::text::Span;

    #[test]
    fn other_clusters_are_not_mixed_up() {
        let text = "said added";
        let page = Page::new(text, Span::default(), &[Span::new(0, text.len())]);
        let table = |words: &[&str]| {
            let lists = words.iter().map(|word| vec![(*word).to_owned()]).collect::<Vec<_>>();
            Clusters::load(&pack(&lists).expect("it packs")).expect("it loads")
        };
        let read = |clusters: &Clusters| {
            let mut facts = Vec::new();
            read_all(&page, clusters, &mut facts);
            facts.iter().map(|facts| facts.cluster).collect::<Vec<_>>()
        };
        assert_eq!(read(&table(&["said", "added"])), [0, 1]);
        assert_eq!(read(&table(&["added", "said"])), [1, 0]);
        assert_eq!(read(&table(&["added"])), [NO_CLUSTER, 0]);
    }

    #[test]
    fn capitals_are_told_apart() {
        for (word, caps) in [
            ("war", Caps::None),
            ("War", Caps::First),
            ("I", Caps::First),
            ("WAR", Caps::All),
            ("U.S", Caps::All),
            ("McCain", Caps::Mixed),
            ("iPhone", Caps::Mixed),
            ("Émile", Caps::First),
            ("1987", Caps::None),
            ("東京", Caps::None),
            ("", Caps::None),
        ] {
            assert_eq!(Looks::of(word).caps, caps, "{word}");
        }
    }

    #[test]
    fn shapes_cut_long_runs() {
        assert_eq!(Looks::of("Assad").shape, Looks::of("Damascus").shape);
        assert_ne!(Looks::of("Al").shape, Looks::of("Damascus").shape);
        assert_eq!(Looks::of("Al").form, Looks::of("Damascus").form);
    }
}
