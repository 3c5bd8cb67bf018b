//! Conditions: what stands after `where`.

use serde::{Deserialize, Serialize};

use super::{At, FieldRef, Moment, Parameter, Period, RelativePeriod, Text, Value, Whole};
use crate::query::{Comparison, Quantifier, RegexPattern, Scope};

/// Conditions joined by `and`, `or`, `not`.
///
/// Parentheses are gone: a list inside a list stood in some. The span of a parenthesised condition includes them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Expr {
    /// At least one of two or more.
    Or(Alternatives),
    /// All of two or more.
    And(Vec<At<Expr>>),
    /// The exact complement.
    Not(Box<At<Expr>>),
    /// `@name`, without the `@`.
    Saved(At<String>),
    /// A single condition, boxed: the parser hands expressions up through every level of nesting.
    Condition(Box<Condition>),
}

impl From<Condition> for Expr {
    fn from(condition: Condition) -> Expr {
        Expr::Condition(Box::new(condition))
    }
}

/// Conditions joined by `or`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Alternatives {
    /// Two or more conditions.
    pub operands: Vec<At<Expr>>,
    /// Whether one of them is an `and` without parentheses, which earns warning W01; equality ignores it.
    #[serde(skip)]
    pub mixed: bool,
}

impl PartialEq for Alternatives {
    fn eq(&self, other: &Alternatives) -> bool {
        self.operands == other.operands
    }
}

impl From<Vec<At<Expr>>> for Alternatives {
    fn from(operands: Vec<At<Expr>>) -> Alternatives {
        Alternatives { operands, mixed: false }
    }
}

/// A single condition; each variant is one production of the grammar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Condition {
    /// `mentions person "Assad" at least 2 times in same sentence`
    Mentions(Mentions),
    /// `mentions place within "Syria"`; only plain terms make sense.
    MentionsWithin(At<Operand>),
    /// `quotes "Lavrov" saying "terrorists"`
    Quotes(Quotes),
    /// `text contains "ceasefire"`
    Contains(Contains),
    /// `words > 300`
    Compares(Compares),
    /// `source in ("AFP", "Reuters")`, `date in 2018`
    Member(Member),
    /// `date between 2018-09 and 2018-10`
    Between(Between),
    /// `date since last month`
    DateTest(DateTest),
    /// `url starts with "https:"`
    Affix(Affix),
    /// `title matches /live (blog|updates)/i`
    Matches(Matches),
    /// `source exists`, `source is missing`
    Presence(Presence),
    /// `number of person >= 5`
    NumberOf(NumberOf),
}

/// `mentions [kind] operand [at least n times] [in same scope]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentions {
    /// The kind asked for, as written: `person`, `place`, `org` or one of their aliases.
    pub kind: Option<At<FieldRef>>,
    /// The names.
    pub operand: At<Operand>,
    /// `at least n times`
    pub at_least: Option<At<Whole>>,
    /// `in same sentence`
    pub scope: Option<At<Scope>>,
}

/// `quotes speaker [saying pattern]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quotes {
    /// Who speaks; `None` for `anyone`.
    pub speaker: Option<At<Operand>>,
    /// What the same quotation says.
    pub saying: Option<At<TextPattern>>,
}

/// `field [not] contains pattern`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contains {
    /// Where to look.
    pub field: At<FieldRef>,
    /// Whether `not` stands before `contains`.
    pub negated: bool,
    /// What to look for.
    pub pattern: At<TextPattern>,
}

/// `operand [near|before operand [within n words]] [at least n times] [in same scope]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextPattern {
    /// The only operand, or the left one.
    pub left: At<Operand>,
    /// `near` or `before` with what follows it.
    pub proximity: Option<At<Proximity>>,
    /// `at least n times`
    pub at_least: Option<At<Whole>>,
    /// `in same sentence`
    pub scope: Option<At<Scope>>,
}

/// `near operand within 10 words`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proximity {
    /// `before`: the left operand must end before the right one starts. Else `near`.
    pub ordered: bool,
    /// The right operand.
    pub right: At<Operand>,
    /// `within n words`
    pub distance: Option<At<Whole>>,
}

/// A term, or terms with a quantifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operand {
    /// `"Idlib"`
    Term(At<Term>),
    /// `any of ("Idlib", "Aleppo")`
    Several(At<Quantifier>, TermList),
}

/// The terms after `any of`, `all of`, `none of`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum TermList {
    /// At least one term, in parentheses.
    Terms(Vec<At<Term>>),
    /// A parameter bound to a list of texts.
    Parameter(At<Parameter>),
}

/// A word or phrase with its modifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// How the words are compared.
    pub modifier: Modifier,
    /// The words.
    pub text: At<Text>,
}

/// How the words of a term are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Modifier {
    /// Folded words are equal; nothing is written.
    Plain,
    /// `exact`
    Exact,
    /// `prefix`
    Prefix,
    /// `like`
    Like,
    /// `stem`
    Stem,
    /// `fuzzy "..." [within n edits]`
    Fuzzy {
        /// `within n edits`
        edits: Option<At<Whole>>,
    },
}

/// `field = value`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compares {
    /// The left side.
    pub field: At<FieldRef>,
    /// The sign.
    pub comparison: At<Comparison>,
    /// The right side.
    pub value: At<Value>,
}

/// `field [not] in set`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The field.
    pub field: At<FieldRef>,
    /// Whether `not` stands before `in`.
    pub negated: bool,
    /// What it must be one of or lie in.
    pub set: At<Set>,
}

/// What `in` takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Set {
    /// At least one value, in parentheses.
    List(Vec<At<Value>>),
    /// A stretch of the calendar.
    Period(Period),
    /// A parameter bound to a list, a period or a date.
    Parameter(Parameter),
}

/// `field [not] between low and high`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Between {
    /// The field.
    pub field: At<FieldRef>,
    /// Whether `not` stands before `between`.
    pub negated: bool,
    /// The lower end, included.
    pub low: At<Value>,
    /// The upper end, included.
    pub high: At<Value>,
}

/// `date since 2018-09`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateTest {
    /// The field.
    pub field: At<FieldRef>,
    /// The keyword.
    pub relation: At<DateWord>,
    /// The time it is compared with.
    pub time: At<Time>,
}

/// A keyword that compares dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs)] // The names are the language's keywords.
pub enum DateWord {
    Since,
    Until,
    Before,
    After,
    On,
    Overlaps,
}

impl DateWord {
    /// Lists every keyword that compares dates.
    pub const ALL: [DateWord; 6] = [
        DateWord::Since,
        DateWord::Until,
        DateWord::Before,
        DateWord::After,
        DateWord::On,
        DateWord::Overlaps,
    ];

    /// Returns the keyword.
    pub fn name(self) -> &'static str {
        match self {
            DateWord::Since => "since",
            DateWord::Until => "until",
            DateWord::Before => "before",
            DateWord::After => "after",
            DateWord::On => "on",
            DateWord::Overlaps => "overlaps",
        }
    }
}

/// What a date keyword takes; a bare year is a [`Moment::Date`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Time {
    /// `2018-09-01`, `2018`, `today`, `3 days ago`
    Moment(Moment),
    /// `last month`
    Period(RelativePeriod),
    /// A parameter bound to a date or period.
    Parameter(Parameter),
}

/// `field [not] starts with text`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Affix {
    /// The field.
    pub field: At<FieldRef>,
    /// Whether `not` stands before the keyword.
    pub negated: bool,
    /// The keyword.
    pub kind: AffixKind,
    /// The text.
    pub text: At<Text>,
}

/// A keyword that compares part of a whole value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AffixKind {
    /// `starts with`
    StartsWith,
    /// `ends with`
    EndsWith,
    /// `like`
    Like,
}

impl AffixKind {
    /// Returns the keyword.
    pub fn name(self) -> &'static str {
        match self {
            AffixKind::StartsWith => "starts with",
            AffixKind::EndsWith => "ends with",
            AffixKind::Like => "like",
        }
    }
}

/// `field [not] matches /pattern/`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matches {
    /// The field.
    pub field: At<FieldRef>,
    /// Whether `not` stands before `matches`.
    pub negated: bool,
    /// The pattern.
    pub pattern: At<Pattern>,
}

/// What `matches` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pattern {
    /// `/pattern/flags`, not compiled yet; `\/` is read as `/`, so the span of the pattern starts one byte
    /// after the literal's.
    Regex(RegexPattern),
    /// A parameter bound to a regex.
    Parameter(Parameter),
}

/// `field exists` or `field is missing`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// The field.
    pub field: At<FieldRef>,
    /// `exists`; else `is missing`.
    pub exists: bool,
}

/// `number of field >= 5`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberOf {
    /// The field whose distinct values are counted.
    pub field: At<FieldRef>,
    /// The sign.
    pub comparison: At<Comparison>,
    /// The right side.
    pub count: At<Whole>,
}
