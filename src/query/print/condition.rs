//! Conditions.

use std::fmt::{self, Display, Formatter};

use super::value::Counted;
use super::{clause, parenthesised};
use crate::query::ast::*;
use crate::query::{Quantifier, RegexPattern, Scope};

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Or(alternatives) => joined(f, &alternatives.operands, " or "),
            Expr::And(operands) => joined(f, operands, " and "),
            Expr::Not(inner) => write!(f, "not {}", Operand_(inner)),
            Expr::Saved(name) => write!(f, "@{}", super::identifier(name)),
            Expr::Condition(condition) => condition.fmt(f),
        }
    }
}

fn joined(f: &mut Formatter<'_>, operands: &[At<Expr>], connective: &str) -> fmt::Result {
    for (index, operand) in operands.iter().enumerate() {
        if index > 0 {
            f.write_str(connective)?;
        }
        Operand_(operand).fmt(f)?;
    }
    Ok(())
}

/// An operand of `and`, `or`, `not`: a list inside goes into parentheses, so that no reader need know what binds
/// tighter.
struct Operand_<'a>(&'a Expr);

impl Display for Operand_<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Or(_) | Expr::And(_) => write!(f, "({})", self.0),
            _ => self.0.fmt(f),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Mentions(mentions) => mentions.fmt(f),
            Condition::MentionsWithin(regions) => write!(f, "mentions place within {regions}"),
            Condition::Quotes(quotes) => quotes.fmt(f),
            Condition::Contains(it) => write!(f, "{}{} contains {}", it.field, not(it.negated), it.pattern),
            Condition::Compares(it) => write!(f, "{} {} {}", it.field, it.comparison.sign(), it.value),
            Condition::Member(it) => write!(f, "{}{} in {}", it.field, not(it.negated), it.set),
            Condition::Between(it) => {
                write!(f, "{}{} between {} and {}", it.field, not(it.negated), it.low, it.high)
            }
            Condition::DateTest(it) => write!(f, "{} {} {}", it.field, it.relation.name(), it.time),
            Condition::Affix(it) => {
                write!(f, "{}{} {} {}", it.field, not(it.negated), it.kind.name(), it.text)
            }
            Condition::Matches(it) => write!(f, "{}{} matches {}", it.field, not(it.negated), it.pattern),
            Condition::Presence(it) => {
                write!(f, "{} {}", it.field, if it.exists { "exists" } else { "is missing" })
            }
            Condition::NumberOf(it) => {
                write!(f, "number of {} {} {}", it.field, it.comparison.sign(), it.count)
            }
        }
    }
}

fn not(negated: bool) -> &'static str {
    if negated { " not" } else { "" }
}

impl Display for Mentions {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("mentions ")?;
        if let Some(kind) = &self.kind {
            write!(f, "{kind} ")?;
        }
        self.operand.fmt(f)?;
        tail(f, self.at_least.as_deref(), self.scope.as_deref())
    }
}

impl Display for Quotes {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.speaker {
            Some(speaker) => write!(f, "quotes {speaker}")?,
            None => f.write_str("quotes anyone")?,
        }
        clause(f, "saying", self.saying.as_ref())
    }
}

impl Display for TextPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.left.fmt(f)?;
        if let Some(proximity) = &self.proximity {
            write!(f, " {proximity}")?;
        }
        tail(f, self.at_least.as_deref(), self.scope.as_deref())
    }
}

/// ` at least n times in same sentence`
fn tail(f: &mut Formatter<'_>, at_least: Option<&Whole>, scope: Option<&Scope>) -> fmt::Result {
    if let Some(count) = at_least {
        write!(f, " at least {}", Counted(count, "time"))?;
    }
    scope.map_or(Ok(()), |scope| write!(f, " in same {}", scope_name(*scope)))
}

/// Returns the keyword of a scope.
pub(super) fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Sentence => "sentence",
        Scope::Paragraph => "paragraph",
    }
}

impl Display for Proximity {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.ordered { "before" } else { "near" }, self.right)?;
        let distance = self.distance.as_deref().map(|distance| Counted(distance, "word"));
        clause(f, "within", distance.as_ref())
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Operand::Term(term) => term.fmt(f),
            Operand::Several(quantifier, list) => write!(f, "{} of {list}", quantifier_name(quantifier.node)),
        }
    }
}

fn quantifier_name(quantifier: Quantifier) -> &'static str {
    match quantifier {
        Quantifier::Any => "any",
        Quantifier::All => "all",
        Quantifier::None => "none",
    }
}

impl Display for TermList {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            TermList::Terms(terms) => parenthesised(f, terms),
            TermList::Parameter(parameter) => parameter.fmt(f),
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = &self.text;
        match &self.modifier {
            Modifier::Plain => text.fmt(f),
            Modifier::Exact => write!(f, "exact {text}"),
            Modifier::Prefix => write!(f, "prefix {text}"),
            Modifier::Like => write!(f, "like {text}"),
            Modifier::Stem => write!(f, "stem {text}"),
            Modifier::Fuzzy { edits } => {
                write!(f, "fuzzy {text}")?;
                clause(f, "within", edits.as_deref().map(|edits| Counted(edits, "edit")).as_ref())
            }
        }
    }
}

impl Display for Set {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Set::List(values) => parenthesised(f, values),
            Set::Period(period) => period.fmt(f),
            Set::Parameter(parameter) => parameter.fmt(f),
        }
    }
}

impl Display for Time {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Time::Moment(moment) => moment.fmt(f),
            Time::Period(period) => period.fmt(f),
            Time::Parameter(parameter) => parameter.fmt(f),
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Regex(regex) => regex.fmt(f),
            Pattern::Parameter(parameter) => parameter.fmt(f),
        }
    }
}

impl Display for RegexPattern {
    /// Prints the literal: slashes around, slashes inside escaped.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/", slashed(&self.pattern))?;
        let flags = [(self.ignore_case, "i"), (self.multi_line, "m"), (self.dot_matches_newline, "s")];
        flags.iter().filter(|(set, _)| *set).try_for_each(|(_, flag)| f.write_str(flag))
    }
}

/// Escapes the slashes of a pattern; an empty one becomes a group that matches nothing more.
fn slashed(pattern: &str) -> String {
    if pattern.is_empty() {
        return "(?:)".to_owned();
    }
    let mut slashed = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                slashed.push('\\');
                slashed.push(chars.next().map_or('\\', |c| if c == '\n' { 'n' } else { c }));
            }
            '/' => slashed.push_str("\\/"),
            '\n' => slashed.push_str("\\n"),
            c => slashed.push(c),
        }
    }
    slashed
}
