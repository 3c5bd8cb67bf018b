//! Words, phrases, lists of them, and what may stand between them.

use super::from_each;
use crate::query::ast::*;
use crate::query::{Quantifier, Scope};

/// Returns a word or phrase; plain text is taken for one wherever a term may stand.
pub fn phrase(text: impl Into<Text>) -> Term {
    term(Modifier::Plain, text)
}

/// Returns `exact text`: these very characters.
pub fn exact(text: impl Into<Text>) -> Term {
    term(Modifier::Exact, text)
}

/// Returns `prefix text`: words that begin so.
pub fn prefix(text: impl Into<Text>) -> Term {
    term(Modifier::Prefix, text)
}

/// Returns `like text`: `*` is any run and `?` one character; [`escape_like`](crate::query::escape_like) takes their
/// meaning from text that comes from outside.
pub fn like(text: impl Into<Text>) -> Term {
    term(Modifier::Like, text)
}

/// Returns `stem text`: words with the same stem.
pub fn stem(text: impl Into<Text>) -> Term {
    term(Modifier::Stem, text)
}

/// Returns `fuzzy text`: words a few edits away, more for longer words.
pub fn fuzzy(text: impl Into<Text>) -> Term {
    term(Modifier::Fuzzy { edits: None }, text)
}

/// Returns `fuzzy text within edits`.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let filter = q::text().contains(q::fuzzy_within("Erdogan", 1));
/// assert_eq!(filter.to_string(), "text contains fuzzy \"Erdogan\" within 1 edit");
/// ```
pub fn fuzzy_within(text: impl Into<Text>, edits: impl Into<Whole>) -> Term {
    term(Modifier::Fuzzy { edits: Some(At::from(edits.into())) }, text)
}

fn term(modifier: Modifier, text: impl Into<Text>) -> Term {
    Term { modifier, text: At::from(text.into()) }
}

/// Terms of which any, all or none must occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    quantifier: Quantifier,
    list: TermList,
}

/// Returns `any of (...)`; a parameter may stand for the list.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let filter = q::text().contains(q::any_of(["Assad", "Damascus"]).near(q::any_of(["Putin"])).within_words(8));
/// assert_eq!(filter.to_string(), "text contains any of (\"Assad\", \"Damascus\") near any of (\"Putin\") within 8 words");
/// ```
pub fn any_of(terms: impl Into<TermList>) -> Terms {
    Terms { quantifier: Quantifier::Any, list: terms.into() }
}

/// Returns `all of (...)`; a parameter may stand for the list.
pub fn all_of(terms: impl Into<TermList>) -> Terms {
    Terms { quantifier: Quantifier::All, list: terms.into() }
}

/// Returns `none of (...)`; a parameter may stand for the list.
pub fn none_of(terms: impl Into<TermList>) -> Terms {
    Terms { quantifier: Quantifier::None, list: terms.into() }
}

impl<T: Into<Term>, const N: usize> From<[T; N]> for TermList {
    fn from(terms: [T; N]) -> TermList {
        TermList::Terms(terms.into_iter().map(|term| At::from(term.into())).collect())
    }
}

impl<T: Into<Term>> From<Vec<T>> for TermList {
    fn from(terms: Vec<T>) -> TermList {
        TermList::Terms(terms.into_iter().map(|term| At::from(term.into())).collect())
    }
}

from_each!(TermList: Parameter => |parameter| TermList::Parameter(At::from(parameter)));
from_each!(Term: &str, String, &String, Parameter, Text => phrase);
from_each!(Operand: Term => |term| Operand::Term(At::from(term)));
from_each!(Operand: &str, String, &String, Parameter, Text => |text| Operand::from(phrase(text)));
from_each!(Operand: Terms => |terms: Terms| Operand::Several(At::from(terms.quantifier), terms.list));

/// Where a place lies: what `mentions place within` takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(pub(super) Operand);

from_each!(Region: &str, String, &String, Parameter => |text| Region(Operand::from(text)));
from_each!(Region: Terms => |terms| Region(Operand::from(terms)));

from_each!(TextPattern: Operand => |left| TextPattern {
    left: At::from(left),
    proximity: None,
    at_least: None,
    scope: None,
});
from_each!(TextPattern: &str, String, &String, Parameter, Text, Term, Terms => |left| {
    TextPattern::from(Operand::from(left))
});
from_each!(TextPattern: Near => |near: Near| near.0);

/// Two operands near each other, whose distance may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Near(TextPattern);

impl Near {
    fn new(left: Operand, ordered: bool, right: Operand) -> Near {
        let proximity = Proximity { ordered, right: At::from(right), distance: None };
        Near(TextPattern { proximity: Some(At::from(proximity)), ..TextPattern::from(left) })
    }

    /// Returns the pattern with `within words`; without it ten words are meant.
    pub fn within_words(self, words: impl Into<Whole>) -> TextPattern {
        let Near(mut pattern) = self;
        if let Some(proximity) = &mut pattern.proximity {
            proximity.node.distance = Some(At::from(words.into()));
        }
        pattern
    }
}

/// Gives a type what may follow any text pattern.
macro_rules! may_be_counted_and_scoped {
    ($($pattern:ty)+) => {$(
        impl $pattern {
            /// Returns the pattern with `at least count times`.
            #[must_use]
            pub fn at_least(self, count: impl Into<Whole>) -> TextPattern {
                TextPattern { at_least: Some(At::from(count.into())), ..TextPattern::from(self) }
            }

            /// Returns the pattern with `in same sentence` or `in same paragraph`.
            #[must_use]
            pub fn in_same(self, scope: Scope) -> TextPattern {
                TextPattern { scope: Some(At::from(scope)), ..TextPattern::from(self) }
            }
        }
    )+};
}

may_be_counted_and_scoped!(Term Terms Near TextPattern);

/// Gives a type what may follow any operand.
macro_rules! may_be_near {
    ($($operand:ty)+) => {$(
        impl $operand {
            /// Returns `self near other`, on either side of it.
            pub fn near(self, other: impl Into<Operand>) -> Near {
                Near::new(self.into(), false, other.into())
            }

            /// Returns `self before other`.
            pub fn before(self, other: impl Into<Operand>) -> Near {
                Near::new(self.into(), true, other.into())
            }
        }
    )+};
}

may_be_near!(Term Terms);
