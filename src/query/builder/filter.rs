//! Conditions and how they are joined.

use super::from_each;
use super::term::Region;
use crate::query::Scope;
use crate::query::ast::*;

/// Returns `mentions operand`: articles that name it.
///
/// # Examples
///
/// ```
/// use dateline::query::{self as q, Scope};
///
/// let filter = q::mentions(q::all_of(["Assad", "Putin"])).kind("person").in_same(Scope::Sentence);
/// assert_eq!(filter.to_string(), "mentions person all of (\"Assad\", \"Putin\") in same sentence");
/// ```
pub fn mentions(operand: impl Into<Operand>) -> Mentions {
    Mentions { kind: None, operand: At::from(operand.into()), at_least: None, scope: None }
}

impl Mentions {
    /// Returns the condition for entities of one kind: `person`, `place` or `org`.
    #[must_use]
    pub fn kind(self, kind: impl Into<FieldRef>) -> Mentions {
        Mentions { kind: Some(At::from(kind.into())), ..self }
    }

    /// Returns the condition with `at least count times`.
    #[must_use]
    pub fn at_least(self, count: impl Into<Whole>) -> Mentions {
        Mentions { at_least: Some(At::from(count.into())), ..self }
    }

    /// Returns the condition with `in same sentence` or `in same paragraph`.
    #[must_use]
    pub fn in_same(self, scope: Scope) -> Mentions {
        Mentions { scope: Some(At::from(scope)), ..self }
    }
}

/// Returns `mentions place within region`: articles that name a place that lies there.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let filter = q::mentions_place_within(q::any_of(["Syria", "Iraq"]));
/// assert_eq!(filter.to_string(), "mentions place within any of (\"Syria\", \"Iraq\")");
/// ```
pub fn mentions_place_within(region: impl Into<Region>) -> Expr {
    let Region(operand) = region.into();
    Expr::from(Condition::MentionsWithin(At::from(operand)))
}

/// Returns `quotes speaker`: articles with a quotation of theirs.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let filter = q::quotes("Lavrov").saying(q::any_of(["terrorists", "militants"]));
/// assert_eq!(filter.to_string(), "quotes \"Lavrov\" saying any of (\"terrorists\", \"militants\")");
/// ```
pub fn quotes(speaker: impl Into<Operand>) -> Quotes {
    Quotes { speaker: Some(At::from(speaker.into())), saying: None }
}

/// Returns `quotes anyone`: articles with a quotation.
pub fn quotes_anyone() -> Quotes {
    Quotes { speaker: None, saying: None }
}

impl Quotes {
    /// Returns the condition with `saying pattern`, which the same quotation must satisfy.
    #[must_use]
    pub fn saying(self, pattern: impl Into<TextPattern>) -> Quotes {
        Quotes { saying: Some(At::from(pattern.into())), ..self }
    }
}

/// Returns `@name`: a saved filter.
pub fn saved(name: &str) -> Expr {
    Expr::Saved(At::from(name.to_lowercase()))
}

/// Returns the conditions joined by `and`, each in parentheses where it is a list itself.
///
/// # Examples
///
/// ```
/// use dateline::query as q;
///
/// let reported = |name: &str| q::mentions(name).and(q::field("author").exists());
/// let filter = q::any([reported("Idlib"), reported("Hama")]);
/// assert_eq!(
///     filter.to_string(),
///     "(mentions \"Idlib\" and author exists) or (mentions \"Hama\" and author exists)"
/// );
/// ```
pub fn all<T: Into<Expr>>(conditions: impl IntoIterator<Item = T>) -> Expr {
    Expr::And(conditions.into_iter().map(|condition| At::from(condition.into())).collect())
}

/// Returns the conditions joined by `or`, each in parentheses where it is a list itself.
pub fn any<T: Into<Expr>>(conditions: impl IntoIterator<Item = T>) -> Expr {
    let operands: Vec<At<Expr>> =
        conditions.into_iter().map(|condition| At::from(condition.into())).collect();
    Expr::Or(Alternatives::from(operands))
}

from_each!(Expr: Mentions => |mentions| Expr::from(Condition::Mentions(mentions)));
from_each!(Expr: Quotes => |quotes| Expr::from(Condition::Quotes(quotes)));

/// Gives a condition what joins it with others.
macro_rules! joined {
    ($($condition:ty)+) => {$(
        impl $condition {
            /// Returns the condition with another one that must hold too; a list of `and` grows by it.
            #[must_use]
            pub fn and(self, other: impl Into<Expr>) -> Expr {
                match Expr::from(self) {
                    Expr::And(mut operands) => {
                        operands.push(At::from(other.into()));
                        Expr::And(operands)
                    }
                    first => all([first, other.into()]),
                }
            }

            /// Returns the condition with another one that may hold instead; a list of `or` grows by it.
            #[must_use]
            pub fn or(self, other: impl Into<Expr>) -> Expr {
                match Expr::from(self) {
                    Expr::Or(mut alternatives) => {
                        alternatives.operands.push(At::from(other.into()));
                        Expr::Or(alternatives)
                    }
                    first => any([first, other.into()]),
                }
            }

            /// Returns the exact complement of the condition; `!condition` is the same.
            #[must_use]
            #[allow(clippy::should_implement_trait)] // The trait is there; the method saves its import.
            pub fn not(self) -> Expr {
                Expr::Not(Box::new(At::from(Expr::from(self))))
            }
        }

        impl std::ops::Not for $condition {
            type Output = Expr;

            fn not(self) -> Expr {
                <$condition>::not(self)
            }
        }
    )+};
}

joined!(Expr Mentions Quotes);
