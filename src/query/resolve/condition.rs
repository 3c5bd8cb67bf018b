//! Conditions to predicates: one method a production, names and types checked.

use super::{Resolver, messages};
use crate::query::ast::{self, At, Condition, Expr};
use crate::query::{Predicate, TextCondition, TextField};
use crate::schema::{Builtin, Field, FieldName, FieldType};

impl Resolver<'_> {
    /// Returns the normalised predicate of a condition; no condition is every article.
    pub(super) fn filter(&mut self, filter: Option<&At<Expr>>) -> Option<Predicate> {
        let Some(filter) = filter else { return Some(Predicate::Everything) };
        let predicate = self.expr(filter)?.normal();
        self.warn_of_impossible_dates(&predicate, filter.span);
        Some(predicate)
    }

    /// Returns the predicate of a condition as written.
    pub(super) fn expr(&mut self, expr: &At<Expr>) -> Option<Predicate> {
        match &expr.node {
            Expr::Or(alternatives) => {
                if alternatives.mixed {
                    self.warn("W01", messages::mixed_and_or(&expr.node), expr.span);
                }
                self.exprs(&alternatives.operands).map(Predicate::Or)
            }
            Expr::And(operands) => self.exprs(operands).map(Predicate::And),
            Expr::Not(inner) => Some(Predicate::Not(Box::new(self.expr(inner)?))),
            Expr::Saved(name) => self.saved_filter(name),
            Expr::Condition(condition) => self.condition(condition),
        }
    }

    /// Resolves every operand, so that the mistakes of all are reported.
    fn exprs(&mut self, operands: &[At<Expr>]) -> Option<Vec<Predicate>> {
        let resolved: Vec<Option<Predicate>> = operands.iter().map(|operand| self.expr(operand)).collect();
        resolved.into_iter().collect()
    }

    fn condition(&mut self, condition: &Condition) -> Option<Predicate> {
        match condition {
            Condition::Mentions(mentions) => self.mentions(mentions),
            Condition::MentionsWithin(operand) => self.mentions_within(operand),
            Condition::Quotes(quotes) => self.quotes(quotes),
            Condition::Contains(contains) => self.contains(contains),
            Condition::Compares(compares) => self.compares(compares),
            Condition::Member(member) => self.member(member),
            Condition::Between(between) => self.between(between),
            Condition::DateTest(test) => self.date_words(test),
            Condition::Affix(affix) => self.affix(affix),
            Condition::Matches(matches) => self.matches(matches),
            Condition::Presence(presence) => self.presence(presence),
            Condition::NumberOf(number) => self.number_of(number),
        }
    }

    fn contains(&mut self, contains: &ast::Contains) -> Option<Predicate> {
        let field = self.text_field(&contains.field, &contains.pattern);
        let pattern = self.text_pattern(&contains.pattern);
        let condition = TextCondition { field: field?, pattern: pattern? };
        Some(negated(contains.negated, Predicate::Text(condition)))
    }

    fn text_field(&mut self, name: &At<ast::FieldRef>, pattern: &At<ast::TextPattern>) -> Option<TextField> {
        let field = self.field(name)?;
        match &field.name {
            FieldName::Builtin(Builtin::Title) => Some(TextField::Title),
            FieldName::Builtin(Builtin::Lede) => Some(TextField::Lede),
            FieldName::Builtin(Builtin::Body) => Some(TextField::Body),
            FieldName::Builtin(Builtin::Text) => Some(TextField::Text),
            _ => self.fault(messages::contains_needs_text(name, &field, pattern)),
        }
    }

    fn date_words(&mut self, test: &ast::DateTest) -> Option<Predicate> {
        let field = self.date_field(&test.field, test.relation.name());
        let span = self.time(&test.time);
        let (field, span) = (field?, span?);
        self.warn_of_backward_span(&field, span, test.time.span);
        Some(self.date_test(&field, super::dates::relation_of(test.relation.node), span))
    }

    fn presence(&mut self, presence: &ast::Presence) -> Option<Predicate> {
        let field = self.field(&presence.field)?;
        Some(negated(!presence.exists, Predicate::Exists(field)))
    }

    fn number_of(&mut self, number: &ast::NumberOf) -> Option<Predicate> {
        let field = self.field(&number.field);
        let count = self.any_whole(&number.count);
        Some(Predicate::NumberOf(field?, number.comparison.node, count?))
    }

    fn matches(&mut self, matches: &ast::Matches) -> Option<Predicate> {
        let field = self.field(&matches.field);
        let pattern = self.regex(&matches.pattern);
        let field = field?;
        if !matches!(field.field_type, FieldType::Text | FieldType::Keyword) {
            return self.fault(messages::no_pattern_here(&matches.field, &field));
        }
        Some(negated(matches.negated, Predicate::Matches(field.name, pattern?)))
    }
}

/// Returns the complement where `is_negated`.
pub(super) fn negated(is_negated: bool, predicate: Predicate) -> Predicate {
    if is_negated { Predicate::Not(Box::new(predicate)) } else { predicate }
}

/// Tells whether the field is one whose values are names of entities, so that aliases apply.
pub(super) fn has_aliases(field: &Field) -> bool {
    matches!(field.name, FieldName::Builtin(builtin) if builtin.is_entity())
}
