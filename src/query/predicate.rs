//! The typed condition: names resolved, values folded and typed, dates absolute.
//!
//! `resolve` makes a [`Predicate`] from the condition of an `Ast`; the planner consumes it. It holds no parameter,
//! no saved name and no relative date, so that two equal predicates mean the same articles of a snapshot.

use serde::{Deserialize, Serialize};

use crate::article::EntityKind;
use crate::date::{InstantSpan, Offset};
use crate::schema::{Field, FieldName};
use crate::value::Number;

/// A typed condition that an article of a snapshot satisfies or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Predicate {
    /// Every article.
    Everything,
    /// No article.
    Nothing,
    /// All of two or more conditions.
    And(Vec<Predicate>),
    /// At least one of two or more conditions.
    Or(Vec<Predicate>),
    /// The exact complement.
    Not(Box<Predicate>),
    /// `text contains ...`
    Text(TextCondition),
    /// `mentions ...`
    Mentions(MentionsCondition),
    /// `mentions place within ...`
    MentionsWithin(WithinCondition),
    /// `quotes ...`
    Quotes(QuotesCondition),
    /// A test of whole folded values of a keyword field; true if any value passes.
    Keyword(FieldName, KeywordTest),
    /// A test of a number field; true if any value lies in one of the intervals.
    Number(FieldName, Vec<NumberRange>),
    /// A test of a boolean field; true if any value equals this one.
    Boolean(FieldName, bool),
    /// A test of a date field; true if any value passes.
    Date(FieldName, DateTest),
    /// `title matches /re/i`: a search over the original values.
    Matches(FieldName, RegexPattern),
    /// `source exists`; `is missing` is its complement.
    Exists(Field),
    /// `number of person >= 5`: the number of distinct values, 0 when missing.
    NumberOf(Field, Comparison, u64),
}

/// The text that a text condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum TextField {
    /// The headline.
    Title,
    /// Title plus the first reporting paragraph; phrases may run on past its end, but must begin inside.
    Lede,
    /// Everything after the title.
    Body,
    /// Title plus body.
    Text,
}

/// `text contains A near B within 10 words at least 2 times in same sentence`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextCondition {
    /// Where to look.
    pub field: TextField,
    /// What to look for.
    pub pattern: TextPattern,
}

/// What to look for in a text; also the part after `saying`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TextPattern {
    /// The only operand, or the one left of `near` or `before`.
    pub left: Operand,
    /// `near` or `before`, with what follows it.
    pub proximity: Option<Proximity>,
    /// `at least n times`; 1 where it is not written.
    pub at_least: u32,
    /// `in same sentence` or `in same paragraph`.
    pub scope: Option<Scope>,
}

/// `near B within n words` or `before B within n words`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proximity {
    /// Whether the left operand must end before the right one starts.
    pub ordered: bool,
    /// The operand right of the keyword.
    pub right: Operand,
    /// Largest distance in words; neighbours have distance 1.
    pub distance: u32,
}

/// One term, or a list of terms with a quantifier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Operand {
    /// How many of the terms must occur; `Any` where there is one term.
    pub quantifier: Quantifier,
    /// The terms; never empty.
    pub terms: Vec<Term>,
}

/// How many terms of a list must occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// Every one.
    All,
    /// Not a single one.
    None,
}

/// A word or phrase with its modifier; never without words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The text as written, for messages, warnings and `explain`.
    pub source: String,
    /// What each of the consecutive words must be.
    pub words: Vec<WordTest>,
}

/// What one word of a text must be.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WordTest {
    /// The folded word is this one.
    Is(String),
    /// The word with its joiners is spelt like this: `exact`.
    Exact {
        /// The folded word.
        folded: String,
        /// The original characters of the word.
        spelling: String,
        /// The original characters between this word and the next one of the phrase; empty for the last.
        joiner: String,
    },
    /// The folded word begins with this: `prefix`.
    Prefix(String),
    /// The folded word fits this pattern: `like`.
    Like(LikePattern),
    /// The folded word is at most so many edits away, first letter equal: `fuzzy`.
    Fuzzy {
        /// The folded word as asked.
        word: String,
        /// The most insertions, deletions, replacements and swaps of neighbours; 0 to 2.
        edits: u8,
    },
    /// The word has the stem of this folded word in the article's language: `stem`.
    Stem(String),
}

/// A folded pattern in which `*` stands for any run and `?` for one character.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LikePattern(pub Vec<LikePart>);

/// One part of a [`LikePattern`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum LikePart {
    /// These characters, folded.
    Literal(String),
    /// Any run of characters, also none: `*`.
    AnyRun,
    /// Exactly one character: `?`.
    AnyOne,
}

impl LikePattern {
    /// Tells whether the whole of `folded` fits.
    pub fn fits(&self, folded: &str) -> bool {
        fits(&self.0, folded)
    }
}

/// Matches with one point of return, the last `*`: linear in practice and never worse than quadratic.
fn fits(parts: &[LikePart], text: &str) -> bool {
    let (mut parts, mut text) = (parts, text);
    let mut retry: Option<(&[LikePart], &str)> = None;
    loop {
        let step = match parts.split_first() {
            Some((LikePart::AnyRun, rest)) => {
                retry = Some((rest, text));
                parts = rest;
                continue;
            }
            Some((LikePart::Literal(literal), rest)) => {
                text.strip_prefix(literal.as_str()).map(|t| (rest, t))
            }
            Some((LikePart::AnyOne, rest)) => {
                text.chars().next().and_then(|c| Some((rest, text.get(c.len_utf8()..)?)))
            }
            None if text.is_empty() => return true,
            None => None,
        };
        if let Some(next) = step {
            (parts, text) = next;
            continue;
        }
        let Some((after_run, from)) = retry else { return false };
        let Some(skipped) = from.chars().next() else { return false };
        let Some(rest) = from.get(skipped.len_utf8()..) else { return false };
        retry = Some((after_run, rest));
        (parts, text) = (after_run, rest);
    }
}

/// The part of a text in which all of a pattern must lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Scope {
    /// One sentence.
    Sentence,
    /// One paragraph.
    Paragraph,
}

/// `mentions [kind] operand [at least n times] [in same scope]`.
///
/// Without a kind an article also satisfies a term whose words occur as a phrase in its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MentionsCondition {
    /// The kind asked for; `None` for any, the text included.
    pub kind: Option<EntityKind>,
    /// The names; each term's aliases are joined to it in `names`.
    pub operand: Operand,
    /// For each term of the operand, the further names that aliases give it.
    pub aliases: Vec<Vec<Term>>,
    /// `at least n times`, counted over occurrences in the text; 1 where it is not written.
    pub at_least: u32,
    /// `in same sentence` or `in same paragraph`.
    pub scope: Option<Scope>,
}

/// `mentions place within "Syria"`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WithinCondition {
    /// How many of the regions must contain a place that the article names.
    pub quantifier: Quantifier,
    /// The regions; never empty.
    pub regions: Vec<Region>,
}

/// A country or region of the gazetteer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// The text as written.
    pub source: String,
    /// The folded name, looked up in [`Entity::within`](crate::article::Entity::within).
    pub folded: String,
    /// The country's code, where the region is a country.
    pub country: Option<crate::article::Country>,
}

/// `quotes [operand] [saying pattern]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QuotesCondition {
    /// Who must be speaking; `None` for anyone, also nobody known.
    pub speaker: Option<Operand>,
    /// For each term of the speaker, the further names that aliases give it.
    pub aliases: Vec<Vec<Term>>,
    /// What the same quotation must say.
    pub saying: Option<TextPattern>,
}

/// A test of a whole folded value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum KeywordTest {
    /// Equals one of these values.
    In(OneOf),
    /// Begins with this folded text.
    StartsWith(String),
    /// Ends with this folded text.
    EndsWith(String),
    /// Fits this pattern as a whole.
    Like(LikePattern),
}

/// Whole values to compare with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OneOf {
    /// The folded values, sorted and distinct, with those that aliases and codes make equal to them.
    pub values: Vec<String>,
    /// The values as the query writes them.
    pub written: Vec<String>,
}

impl From<Vec<String>> for OneOf {
    /// Returns folded values that nobody wrote otherwise.
    fn from(values: Vec<String>) -> OneOf {
        OneOf { written: values.clone(), values }
    }
}

/// An interval of numbers; an absent end is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct NumberRange {
    /// The lower end and whether it lies inside.
    pub low: Option<(Number, bool)>,
    /// The upper end and whether it lies inside.
    pub high: Option<(Number, bool)>,
}

impl NumberRange {
    /// Tells whether `number` lies inside.
    pub fn contains(&self, number: Number) -> bool {
        let above = self.low.is_none_or(|(low, inside)| if inside { number >= low } else { number > low });
        let below =
            self.high.is_none_or(|(high, inside)| if inside { number <= high } else { number < high });
        above && below
    }
}

/// A comparison sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Returns the sign.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "!=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// Tells whether `left` compares so with `right`.
    pub fn holds<T: Ord>(self, left: T, right: T) -> bool {
        match self {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::Less => left < right,
            Comparison::LessOrEqual => left <= right,
            Comparison::Greater => left > right,
            Comparison::GreaterOrEqual => left >= right,
        }
    }
}

/// A test of a date span `[a, b)` against a literal span `[s, e)`, both instants for the session's zone.
///
/// An article's civil date is shifted by `zone` before it is compared; instants are compared as they are.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DateTest {
    /// What must hold.
    pub relation: DateRelation,
    /// The literal's span, or for `between` the first literal's start and the last one's end.
    pub span: InstantSpan,
    /// The session's zone.
    pub zone: Offset,
}

/// How a date span lies to a literal's span; the table of the language's section 2.6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DateRelation {
    /// `s <= a and b <= e`: `=`, `in`, `on`, `between`.
    Within,
    /// `b <= s`: `<`, `before`.
    Before,
    /// `b <= e`: `<=`, `until`.
    Until,
    /// `a >= e`: `>`, `after`.
    After,
    /// `a >= s`: `>=`, `since`.
    Since,
    /// `a < e and s < b`: `overlaps`.
    Overlaps,
}

impl DateTest {
    /// Tells whether an article's date passes.
    pub fn passes(&self, date: crate::date::Date) -> bool {
        let InstantSpan { start: a, end: b } = date.instants(self.zone);
        let InstantSpan { start: s, end: e } = self.span;
        match self.relation {
            DateRelation::Within => s <= a && b <= e,
            DateRelation::Before => b <= s,
            DateRelation::Until => b <= e,
            DateRelation::After => a >= e,
            DateRelation::Since => a >= s,
            DateRelation::Overlaps => a < e && s < b,
        }
    }

    /// Tells whether some moment of an article's date would pass if the date were known exactly.
    ///
    /// An article that may pass and does not is undecided.
    pub fn may_pass(&self, date: crate::date::Date) -> bool {
        let InstantSpan { start: a, end: b } = date.instants(self.zone);
        let InstantSpan { start: s, end: e } = self.span;
        match self.relation {
            DateRelation::Within | DateRelation::Overlaps => a < e && s < b,
            DateRelation::Before => a < s,
            DateRelation::Until => a < e,
            DateRelation::After => b > e,
            DateRelation::Since => b > s,
        }
    }
}

/// A regular expression with its flags, checked when the query was resolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RegexPattern {
    /// The pattern between the slashes.
    pub pattern: String,
    /// Letter case is ignored: `i`.
    pub ignore_case: bool,
    /// `^` and `$` match at lines: `m`.
    pub multi_line: bool,
    /// `.` matches line breaks: `s`.
    pub dot_matches_newline: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(text: &str) -> LikePattern {
        let parts = text.chars().map(|c| match c {
            '*' => LikePart::AnyRun,
            '?' => LikePart::AnyOne,
            c => LikePart::Literal(c.to_string()),
        });
        LikePattern(parts.collect())
    }

    #[test]
    fn patterns_fit_whole_words() {
        for (pattern, word, expected) in [
            ("wom?n", "woman", true),
            ("wom?n", "womn", false),
            ("*fire", "ceasefire", true),
            ("*fire", "fireman", false),
            ("a*b*c", "aXbYbZc", true),
            ("*", "", true),
            ("?", "é", true),
            ("?", "", false),
        ] {
            assert_eq!(like(pattern).fits(word), expected, "{pattern} {word}");
        }
    }
}
