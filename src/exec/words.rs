//! Where the words of a term stand in an article.

use std::collections::HashMap;

use super::docset::{Ordinal, TERMINATED};
use super::lexicon::Slot;
use super::proximity::Occurrence;
use super::{ExecError, Guard, OpenSegment};
use crate::query::TextField;
use crate::schema::{Builtin, FieldName};
use crate::segment::{KeywordField, Lengths, TermInfo, TermPostings, Terms};
use crate::text::TITLE_POSITIONS_GAP;

/// Words of one expansion that are kept open side by side; past it their articles are sorted into one index first.
const CURSORS_MAX: usize = 16;

/// Finds the occurrences of one term; articles are asked about in ascending order.
pub(crate) struct TermCursor<'a> {
    /// The words with their places in the term, the rarest first.
    words: Vec<(u32, WordCursor<'a>)>,
    /// Where the term may start in the current article.
    starts: Vec<u32>,
    /// Positions of a word in the current article.
    positions: Vec<u32>,
}

impl<'a> TermCursor<'a> {
    /// Opens the words that `slots` came to.
    pub(crate) fn open(
        slots: &'a [Slot],
        open: &'a OpenSegment<'_>,
        guard: &'a Guard,
    ) -> Result<TermCursor<'a>, ExecError> {
        let mut slots: Vec<(u32, &Slot)> = (0..).zip(slots).collect();
        slots.sort_by_key(|(_, slot)| slot.documents());
        let word = |(place, slot)| Ok((place, WordCursor::open(slot, open, guard)?));
        let words = slots.into_iter().map(word).collect::<Result<Vec<_>, ExecError>>()?;
        Ok(TermCursor { words, starts: Vec::new(), positions: Vec::new() })
    }

    /// Returns what `bound` says of the word that bounds the term most closely, in the window that starts at `from`, and
    /// the last ordinal of that window; nothing where no word has bounds.
    ///
    /// `bound` gets the frontier of a block and by how much its frequencies count for the term.
    pub(crate) fn window(
        &mut self,
        from: Ordinal,
        mut bound: impl FnMut(&[(u32, u8)], u32) -> f64,
    ) -> Option<(f64, Ordinal)> {
        let mut window: Option<(f64, Ordinal)> = None;
        for (word, factor) in self.bounded_words() {
            let (most, last) = (bound(word.block_frontier(from), factor), word.block_last(from));
            window = Some(window.map_or((most, last), |known| (known.0.min(most), known.1.min(last))));
        }
        window
    }

    /// Returns a weighted frequency that the term does not exceed in an article, told by those of its words alone.
    pub(crate) fn most(&mut self, ordinal: Ordinal) -> u32 {
        let mut most = u32::MAX;
        for (word, factor) in self.bounded_words() {
            let frequency = if word.seek(ordinal) == ordinal { word.frequency() } else { 0 };
            most = most.min(frequency.saturating_mul(factor));
        }
        most
    }

    /// Returns the words that have bounds, with how often their occurrences count at most for one of the term: an
    /// occurrence has the weight of its first word, and the other words may lie behind the end of the first paragraph,
    /// where they count half.
    fn bounded_words(&mut self) -> impl Iterator<Item = (&mut TermPostings<'a>, u32)> {
        self.words.iter_mut().filter_map(|(place, word)| match word {
            WordCursor::One(postings) | WordCursor::Spelt { postings, .. } => {
                Some((postings, if *place == 0 { 1 } else { 2 }))
            }
            _ => None,
        })
    }

    /// Tells whether the term occurs in an article and begins inside `part`.
    pub(crate) fn occurs(&mut self, ordinal: Ordinal, part: TextPart) -> Result<bool, ExecError> {
        if let [(place, WordCursor::One(one)), (_, WordCursor::One(other))] = self.words.as_mut_slice() {
            if one.seek(ordinal) != ordinal || other.seek(ordinal) != ordinal {
                return Ok(false);
            }
            let (first, second) = if *place == 0 { (one, other) } else { (other, one) };
            return Ok(any_followed(first.positions()?, second.positions()?, part));
        }
        self.find_starts(ordinal)?;
        Ok(self.starts.iter().any(|&start| part.contains(start)))
    }

    /// Appends the occurrences in an article that begin inside `part`, ascending.
    pub(crate) fn occurrences(
        &mut self,
        ordinal: Ordinal,
        part: TextPart,
        out: &mut Vec<Occurrence>,
    ) -> Result<(), ExecError> {
        self.find_starts(ordinal)?;
        let count = self.words.len() as u32;
        let starts = self.starts.iter().copied().filter(|&start| part.contains(start));
        out.extend(starts.map(|start| Occurrence::new(start, count)));
        Ok(())
    }

    /// Fills `starts`.
    fn find_starts(&mut self, ordinal: Ordinal) -> Result<(), ExecError> {
        self.starts.clear();
        self.positions.clear();
        let mut words = self.words.iter_mut();
        let Some((place, rarest)) = words.next() else { return Ok(()) };
        rarest.positions_into(ordinal, &mut self.positions)?;
        self.starts.extend(self.positions.iter().filter_map(|position| position.checked_sub(*place)));
        for (place, word) in words {
            if self.starts.is_empty() {
                return Ok(());
            }
            self.positions.clear();
            word.positions_into(ordinal, &mut self.positions)?;
            keep_followed(&mut self.starts, *place, &self.positions);
        }
        Ok(())
    }
}

/// Tells whether one of the ascending positions lies in `part` and has one of the others directly behind it.
fn any_followed(
    positions: impl Iterator<Item = u32>,
    mut others: impl Iterator<Item = u32>,
    part: TextPart,
) -> bool {
    let mut other = others.next();
    positions.filter(|&position| part.contains(position)).any(|position| {
        while other.is_some_and(|other| other <= position) {
            other = others.next();
        }
        other == Some(position.wrapping_add(1))
    })
}

/// Keeps the ascending starts that have one of the ascending positions so many words behind them.
fn keep_followed(starts: &mut Vec<u32>, words: u32, positions: &[u32]) {
    let mut rest = positions.iter().copied().peekable();
    starts.retain(|start| {
        let wanted = start.saturating_add(words);
        while rest.next_if(|&position| position < wanted).is_some() {}
        rest.peek() == Some(&wanted)
    });
}

/// Positions from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextPart {
    pub start: u32,
    pub end: u32,
}

impl TextPart {
    /// All of an article.
    pub(crate) const WHOLE: TextPart = TextPart { start: 0, end: u32::MAX };

    /// Returns the positions of a text field in an article.
    pub(crate) fn of(field: TextField, lengths: &Lengths<'_>, ordinal: Ordinal) -> TextPart {
        match field {
            TextField::Text => TextPart::WHOLE,
            TextField::Title => TextPart { start: 0, end: lengths.title(ordinal) },
            TextField::Lede => TextPart { start: 0, end: lengths.lede_end(ordinal) },
            TextField::Body => {
                TextPart { start: lengths.title(ordinal) + TITLE_POSITIONS_GAP, end: u32::MAX }
            }
        }
    }

    /// Tells whether a position lies inside.
    pub(crate) fn contains(self, position: u32) -> bool {
        (self.start..self.end).contains(&position)
    }
}

/// Finds the positions of what one word test came to.
enum WordCursor<'a> {
    Absent,
    One(TermPostings<'a>),
    /// Only the occurrences whose form is one of these.
    Spelt {
        postings: TermPostings<'a>,
        forms: &'a [u32],
        seen: Vec<u32>,
    },
    Many(ManyCursor<'a>),
    /// The words of each language, for articles in it.
    Stems {
        lang: KeywordField<'a>,
        languages: Vec<(u32, ManyCursor<'a>)>,
    },
}

impl<'a> WordCursor<'a> {
    fn open(
        slot: &'a Slot,
        open: &'a OpenSegment<'_>,
        guard: &'a Guard,
    ) -> Result<WordCursor<'a>, ExecError> {
        let postings = |word: &TermInfo| open.terms.postings(*word);
        Ok(match slot {
            Slot::Absent => WordCursor::Absent,
            Slot::Word(word) | Slot::Spelt { word, partly: false, .. } => WordCursor::One(postings(word)?),
            Slot::Spelt { word, forms, .. } => {
                WordCursor::Spelt { postings: postings(word)?, forms, seen: Vec::new() }
            }
            Slot::Words(words) => WordCursor::Many(ManyCursor::open(words, &open.terms, guard)?),
            Slot::Stems(languages) => {
                let Some(lang) = open.segment.keyword(&FieldName::Builtin(Builtin::Lang))? else {
                    return Ok(WordCursor::Absent);
                };
                let mut cursors = Vec::with_capacity(languages.len());
                for (folded, words) in languages {
                    let group = lang.group(lang.find(folded)?.start);
                    cursors.push((group, ManyCursor::open(words, &open.terms, guard)?));
                }
                WordCursor::Stems { lang, languages: cursors }
            }
        })
    }

    /// Appends the ascending positions in an article.
    fn positions_into(&mut self, ordinal: Ordinal, out: &mut Vec<u32>) -> Result<(), ExecError> {
        match self {
            WordCursor::Absent => Ok(()),
            WordCursor::One(postings) => {
                if postings.seek(ordinal) == ordinal {
                    postings.positions_into(out)?;
                }
                Ok(())
            }
            WordCursor::Spelt { postings, forms, seen } => {
                if postings.seek(ordinal) == ordinal {
                    seen.clear();
                    postings.forms_into(seen)?;
                    postings.positions_into(out)?;
                    let mut form = seen.iter();
                    out.retain(|_| form.next().is_some_and(|form| forms.binary_search(form).is_ok()));
                }
                Ok(())
            }
            WordCursor::Many(many) => many.positions_into(ordinal, out),
            WordCursor::Stems { lang, languages } => {
                let Some(number) = lang.values(ordinal).next() else { return Ok(()) };
                let group = lang.group(number);
                match languages.iter_mut().find(|(own, _)| *own == group) {
                    Some((_, many)) => many.positions_into(ordinal, out),
                    None => Ok(()),
                }
            }
        }
    }
}

/// Finds the positions of any of several words.
struct ManyCursor<'a> {
    terms: &'a Terms<'a>,
    words: &'a [TermInfo],
    /// Cursors by word, opened when first needed.
    cursors: HashMap<u32, TermPostings<'a>>,
    /// Which words each article has, as sorted (article, word); only where there are too many to ask them all.
    index: Option<Vec<(Ordinal, u32)>>,
}

impl<'a> ManyCursor<'a> {
    fn open(words: &'a [TermInfo], terms: &'a Terms<'a>, guard: &Guard) -> Result<ManyCursor<'a>, ExecError> {
        let mut cursor = ManyCursor { terms, words, cursors: HashMap::new(), index: None };
        if words.len() > CURSORS_MAX {
            cursor.index = Some(article_index(words, terms, guard)?);
        }
        Ok(cursor)
    }

    fn positions_into(&mut self, ordinal: Ordinal, out: &mut Vec<u32>) -> Result<(), ExecError> {
        let before = out.len();
        match self.index.take() {
            Some(index) => {
                let from = index.partition_point(|&(article, _)| article < ordinal);
                let here = index.iter().skip(from).take_while(|&&(article, _)| article == ordinal);
                for &(_, word) in here {
                    self.add_word(word, ordinal, out)?;
                }
                self.index = Some(index);
            }
            None => {
                for word in 0..self.words.len() as u32 {
                    self.add_word(word, ordinal, out)?;
                }
            }
        }
        if let Some(added) = out.get_mut(before..) {
            added.sort_unstable();
        }
        Ok(())
    }

    fn add_word(&mut self, word: u32, ordinal: Ordinal, out: &mut Vec<u32>) -> Result<(), ExecError> {
        let cursor = match self.cursors.entry(word) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let Some(info) = self.words.get(word as usize) else { return Ok(()) };
                entry.insert(self.terms.postings(*info)?)
            }
        };
        if cursor.seek(ordinal) == ordinal {
            cursor.positions_into(out)?;
        }
        Ok(())
    }
}

fn article_index(
    words: &[TermInfo],
    terms: &Terms<'_>,
    guard: &Guard,
) -> Result<Vec<(Ordinal, u32)>, ExecError> {
    let size: usize = words.iter().map(|word| word.documents as usize).sum();
    guard.grow(size * size_of::<(Ordinal, u32)>())?;
    let mut index = Vec::with_capacity(size);
    for (info, word) in words.iter().zip(0u32..) {
        guard.tick(info.documents)?;
        let mut articles = terms.articles(*info)?;
        while articles.doc() != TERMINATED {
            index.push((articles.doc(), word));
            articles.advance();
        }
    }
    guard.sort_by(&mut index, &Ord::cmp)?;
    Ok(index)
}
