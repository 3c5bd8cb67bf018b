//! `mentions` and `quotes`: names of people, places and organisations, with their aliases.

use super::{Resolver, messages};
use crate::article::EntityKind;
use crate::extract::gazetteer;
use crate::query::ast::{self, At, FieldRef, Modifier};
use crate::query::{
    MentionsCondition, Operand, Predicate, Quantifier, QuotesCondition, Region, Term, WithinCondition,
    WordTest,
};
use crate::schema::{Builtin, FieldName};
use crate::text::{Span, fold_value, fold_word, tokens};

impl<'a> Resolver<'a> {
    pub(super) fn mentions(&mut self, mentions: &ast::Mentions) -> Option<Predicate> {
        let kind = match &mentions.kind {
            Some(name) => self.entity_kind(name).map(Some),
            None => Some(None),
        };
        let operand = self.operand(&mentions.operand);
        let at_least = self.at_least(mentions.at_least.as_ref());
        let (kind, operand, at_least) = (kind?, operand?, at_least?);
        if let Some(scope) = &mentions.scope {
            self.warn_of_idle_scope(&operand, at_least, scope);
        }
        let aliases = self.aliases_of(&operand);
        let scope = mentions.scope.as_ref().map(|scope| scope.node);
        Some(Predicate::Mentions(MentionsCondition { kind, operand, aliases, at_least, scope }))
    }

    fn entity_kind(&mut self, name: &At<FieldRef>) -> Option<EntityKind> {
        let field = self.field(name)?;
        match &field.name {
            FieldName::Builtin(Builtin::Person) => Some(EntityKind::Person),
            FieldName::Builtin(Builtin::Place) => Some(EntityKind::Place),
            FieldName::Builtin(Builtin::Org) => Some(EntityKind::Org),
            _ => self.fault(messages::no_kind_of_entity(name)),
        }
    }

    pub(super) fn mentions_within(&mut self, operand: &At<ast::Operand>) -> Option<Predicate> {
        let (quantifier, texts) = match &operand.node {
            ast::Operand::Term(term) => (Quantifier::Any, self.region_texts(std::slice::from_ref(term))?),
            ast::Operand::Several(quantifier, ast::TermList::Terms(terms)) => {
                (quantifier.node, self.region_texts(terms)?)
            }
            ast::Operand::Several(quantifier, ast::TermList::Parameter(parameter)) => {
                let texts = self.text_list(parameter)?;
                (quantifier.node, texts.into_iter().map(|text| (text, parameter.span)).collect())
            }
        };
        let regions: Vec<Option<Region>> =
            texts.into_iter().map(|(text, span)| self.region(text, span)).collect();
        let regions = regions.into_iter().collect::<Option<Vec<_>>>()?;
        Some(Predicate::MentionsWithin(WithinCondition { quantifier, regions }))
    }

    fn region_texts(&mut self, terms: &[At<ast::Term>]) -> Option<Vec<(String, Span)>> {
        let texts: Vec<_> = terms
            .iter()
            .map(|term| match term.modifier {
                Modifier::Plain => Some((self.text(&term.text)?, term.text.span)),
                _ => self.fault(messages::region_with_modifier(term.span)),
            })
            .collect();
        texts.into_iter().collect()
    }

    /// A name that the gazetteer does not know contains nothing; that is said and not answered with nothing.
    fn region(&mut self, source: String, span: Span) -> Option<Region> {
        let country = gazetteer::country_by_name(&source);
        if country.is_none() && gazetteer::region(&source).is_none() {
            return self.fault(messages::unknown_region(&source, span));
        }
        let known = gazetteer::region(&source).filter(|_| country.is_none());
        let folded = known.map_or_else(|| fold_value(&source), |region| region.name.to_owned());
        Some(Region { folded, country, source })
    }

    pub(super) fn quotes(&mut self, quotes: &ast::Quotes) -> Option<Predicate> {
        let speaker = match &quotes.speaker {
            Some(operand) => self.operand(operand).map(Some),
            None => Some(None),
        };
        let saying = match &quotes.saying {
            Some(pattern) => self.text_pattern(pattern).map(Some),
            None => Some(None),
        };
        let (speaker, saying) = (speaker?, saying?);
        let aliases = speaker.as_ref().map(|operand| self.aliases_of(operand)).unwrap_or_default();
        Some(Predicate::Quotes(QuotesCondition { speaker, aliases, saying }))
    }

    /// Returns, for each term, the further names that an alias gives it; modified terms have none.
    fn aliases_of(&self, operand: &Operand) -> Vec<Vec<Term>> {
        operand.terms.iter().map(|term| self.alias_terms(term)).collect()
    }

    fn alias_terms(&self, term: &Term) -> Vec<Term> {
        let Some(words) = plain_words(term) else { return Vec::new() };
        let others = self.catalog.aliases.names_of_words(&words);
        let others = others.into_iter().map(|name| Term { source: name.to_owned(), words: name_words(name) });
        let mut terms: Vec<Term> = Vec::new();
        for other in others {
            let is_new = other.words != term.words && terms.iter().all(|known| known.words != other.words);
            if is_new && !other.words.is_empty() {
                terms.push(other);
            }
        }
        terms
    }
}

/// Returns the folded words of a term without modifiers.
fn plain_words(term: &Term) -> Option<String> {
    let word = |test: &WordTest| match test {
        WordTest::Is(word) => Some(word.clone()),
        _ => None,
    };
    let words: Option<Vec<String>> = term.words.iter().map(word).collect();
    words.map(|words| words.join(" "))
}

/// Returns the plain word tests of a name.
fn name_words(name: &str) -> Vec<WordTest> {
    tokens(name).map(|token| WordTest::Is(fold_word(token.span.of(name)).into_owned())).collect()
}
