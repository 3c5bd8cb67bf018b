//! Random conditions.

use dateline::query::ast::*;
use dateline::query::{Comparison, Quantifier, RegexPattern, Scope};

use super::{Choices, PATTERNS, YEARS};

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

impl Choices<'_> {
    pub(super) fn expr(&mut self) -> Expr {
        let kind = if self.depth == 0 { 0 } else { self.below(6) };
        if kind < 2 {
            return Expr::from(self.condition());
        }
        self.depth -= 1;
        let expr = match kind {
            2 => Expr::Saved(At::from(self.name())),
            3 => Expr::Not(Box::new(self.expr_at())),
            4 => Expr::And(self.several(2, 3, |c| c.expr())),
            _ => Expr::Or(Alternatives::from(self.several(2, 3, |c| c.expr()))),
        };
        self.depth += 1;
        expr
    }

    pub(super) fn expr_at(&mut self) -> At<Expr> {
        At::from(self.expr())
    }

    pub(super) fn condition(&mut self) -> Condition {
        match self.below(12) {
            0 => Condition::Presence(Presence { field: self.field_at(), exists: self.flag() }),
            1 => Condition::Mentions(self.mentions()),
            2 => Condition::MentionsWithin(self.regions()),
            3 => Condition::Quotes(Quotes {
                speaker: self.maybe_at(|c| c.operand()),
                saying: self.maybe_at(|c| c.pattern()),
            }),
            4 => Condition::Contains(Contains {
                field: self.field_at(),
                negated: self.flag(),
                pattern: At::from(self.pattern()),
            }),
            5 => Condition::Compares(Compares {
                field: self.field_at(),
                comparison: At::from(self.of(&COMPARISONS)),
                value: self.value_at(),
            }),
            6 => Condition::Member(Member {
                field: self.field_at(),
                negated: self.flag(),
                set: At::from(self.set()),
            }),
            7 => Condition::Between(Between {
                field: self.field_at(),
                negated: self.flag(),
                low: self.value_at(),
                high: self.value_at(),
            }),
            8 => Condition::DateTest(DateTest {
                field: self.field_at(),
                relation: At::from(self.of(&DateWord::ALL)),
                time: At::from(self.time()),
            }),
            9 => Condition::Affix(Affix {
                field: self.field_at(),
                negated: self.flag(),
                kind: self.of(&[AffixKind::StartsWith, AffixKind::EndsWith, AffixKind::Like]),
                text: At::from(self.text()),
            }),
            10 => Condition::Matches(Matches {
                field: self.field_at(),
                negated: self.flag(),
                pattern: At::from(self.regex_or_parameter()),
            }),
            _ => Condition::NumberOf(NumberOf {
                field: self.field_at(),
                comparison: At::from(self.of(&COMPARISONS)),
                count: self.whole_at(),
            }),
        }
    }

    pub(super) fn mentions(&mut self) -> Mentions {
        Mentions {
            kind: self.maybe_at(|c| c.field()),
            operand: At::from(self.operand()),
            at_least: self.maybe_at(|c| c.whole()),
            scope: self.maybe_at(|c| c.scope()),
        }
    }

    /// One plain text, or several terms.
    pub(super) fn regions(&mut self) -> At<Operand> {
        let plain = Term { modifier: Modifier::Plain, text: At::from(self.text()) };
        At::from(if self.flag() { self.quantified() } else { Operand::Term(At::from(plain)) })
    }

    pub(super) fn scope(&mut self) -> Scope {
        self.of(&[Scope::Sentence, Scope::Paragraph])
    }

    pub(super) fn pattern(&mut self) -> TextPattern {
        TextPattern {
            left: At::from(self.operand()),
            proximity: self.maybe_at(|c| Proximity {
                ordered: c.flag(),
                right: At::from(c.operand()),
                distance: c.maybe_at(|c| c.whole()),
            }),
            at_least: self.maybe_at(|c| c.whole()),
            scope: self.maybe_at(|c| c.scope()),
        }
    }

    pub(super) fn operand(&mut self) -> Operand {
        if self.flag() { self.quantified() } else { Operand::Term(At::from(self.term())) }
    }

    pub(super) fn quantified(&mut self) -> Operand {
        let quantifier = At::from(self.of(&[Quantifier::Any, Quantifier::All, Quantifier::None]));
        let list = match self.below(4) {
            3 => TermList::Parameter(At::from(self.parameter())),
            _ => TermList::Terms(self.several(1, 3, |c| c.term())),
        };
        Operand::Several(quantifier, list)
    }

    pub(super) fn term(&mut self) -> Term {
        let modifier = match self.below(6) {
            0 => Modifier::Plain,
            1 => Modifier::Exact,
            2 => Modifier::Prefix,
            3 => Modifier::Like,
            4 => Modifier::Stem,
            _ => Modifier::Fuzzy { edits: self.maybe_at(|c| c.whole()) },
        };
        Term { modifier, text: At::from(self.text()) }
    }

    pub(super) fn set(&mut self) -> Set {
        match self.below(3) {
            0 => Set::List(self.several(1, 3, |c| c.value())),
            1 => Set::Period(self.period()),
            _ => Set::Parameter(self.parameter()),
        }
    }

    pub(super) fn time(&mut self) -> Time {
        match self.below(4) {
            0 => Time::Moment(self.moment()),
            1 => Time::Moment(Moment::Date(DateLiteral::from(self.of(YEARS).to_owned()))),
            2 => Time::Period(self.relative_period()),
            _ => Time::Parameter(self.parameter()),
        }
    }

    pub(super) fn regex_or_parameter(&mut self) -> Pattern {
        match self.below(4) {
            3 => Pattern::Parameter(self.parameter()),
            _ => Pattern::Regex(RegexPattern {
                pattern: self.of(PATTERNS).to_owned(),
                ignore_case: self.flag(),
                multi_line: self.flag(),
                dot_matches_newline: self.flag(),
            }),
        }
    }
}
