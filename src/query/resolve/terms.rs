//! Terms to word tests: texts folded and split into words, each with what the article's word must be.

use super::{Resolver, messages};
use crate::query::ast::{self, At, Modifier};
use crate::query::{
    LikePart, LikePattern, Operand, Proximity, Quantifier, QueryError, Scope, Term, TextPattern, WordTest,
};
use crate::text::{Span, Token, fold, fold_word, joiner, tokens};

/// Distance of `near` and `before` where none is written, in words.
pub const DISTANCE_DEFAULT: u32 = 10;

/// Most edits that `fuzzy` allows.
pub const EDITS_MAX: u8 = 2;

impl Resolver<'_> {
    /// Returns the pattern after `contains` or `saying`.
    pub(super) fn text_pattern(&mut self, pattern: &At<ast::TextPattern>) -> Option<TextPattern> {
        let left = self.operand(&pattern.left);
        let proximity = match &pattern.proximity {
            Some(proximity) => self.proximity(&pattern.left, proximity).map(Some),
            None => Some(None),
        };
        let at_least = self.at_least(pattern.at_least.as_ref());
        let (left, proximity, at_least) = (left?, proximity?, at_least?);
        let scope = pattern.scope.as_ref();
        if let Some(scope) = scope.filter(|_| proximity.is_none()) {
            self.warn_of_idle_scope(&left, at_least, scope);
        }
        Some(TextPattern { left, proximity, at_least, scope: scope.map(|scope| scope.node) })
    }

    fn proximity(&mut self, left: &At<ast::Operand>, near: &At<ast::Proximity>) -> Option<Proximity> {
        let word = if near.ordered { "before" } else { "near" };
        let left_is_fine = self.refuse_none(left, word);
        let right_is_fine = self.refuse_none(&near.right, word);
        let right = self.operand(&near.right);
        let distance = match &near.distance {
            Some(distance) => self.count(distance, "a distance"),
            None => Some(DISTANCE_DEFAULT),
        };
        left_is_fine.and(right_is_fine)?;
        Some(Proximity { ordered: near.ordered, right: right?, distance: distance? })
    }

    fn refuse_none(&mut self, operand: &At<ast::Operand>, word: &str) -> Option<()> {
        match &operand.node {
            ast::Operand::Several(quantifier, _) if quantifier.node == Quantifier::None => {
                self.fault(messages::near_none(word, operand.span))
            }
            _ => Some(()),
        }
    }

    /// Returns `at least n times`; 1 where it is not written.
    pub(super) fn at_least(&mut self, at_least: Option<&At<ast::Whole>>) -> Option<u32> {
        at_least.map_or(Some(1), |times| self.count(times, "the number of times"))
    }

    /// Warns of `in same sentence` where there is one thing to find (W07).
    pub(super) fn warn_of_idle_scope(&mut self, operand: &Operand, at_least: u32, scope: &At<Scope>) {
        let is_single = operand.terms.len() == 1 || operand.quantifier != Quantifier::All;
        if is_single && at_least == 1 {
            self.warn("W07", messages::idle_scope(scope.node), scope.span);
        }
    }

    /// Returns a term or a list of terms.
    pub(super) fn operand(&mut self, operand: &At<ast::Operand>) -> Option<Operand> {
        match &operand.node {
            ast::Operand::Term(term) => {
                Some(Operand { quantifier: Quantifier::Any, terms: vec![self.term(term)?] })
            }
            ast::Operand::Several(quantifier, list) => {
                Some(Operand { quantifier: quantifier.node, terms: self.term_list(list)? })
            }
        }
    }

    fn term_list(&mut self, list: &ast::TermList) -> Option<Vec<Term>> {
        let terms: Vec<Option<Term>> = match list {
            ast::TermList::Terms(terms) => terms.iter().map(|term| self.term(term)).collect(),
            ast::TermList::Parameter(parameter) => {
                let texts = self.text_list(parameter)?;
                texts.into_iter().map(|text| self.plain_term(text, parameter.span)).collect()
            }
        };
        terms.into_iter().collect()
    }

    fn plain_term(&mut self, text: String, span: Span) -> Option<Term> {
        let text = At::new(ast::Text::String(text), span);
        self.term(&At::new(ast::Term { modifier: Modifier::Plain, text }, span))
    }

    fn term(&mut self, term: &At<ast::Term>) -> Option<Term> {
        let source = self.text(&term.text);
        let edits = match &term.modifier {
            Modifier::Fuzzy { edits: Some(edits) } => Some(Some(self.edits(edits)?)),
            _ => Some(None),
        };
        let (source, edits) = (source?, edits?);
        if let Modifier::Like = term.modifier {
            return self.like_term(source, term.text.span);
        }
        let words = words_of(&source);
        if words.is_empty() {
            return self.fault(QueryError::no_words(&source, term.text.span));
        }
        if let Some(message) = messages::operator_in_text(&source) {
            self.warn("W02", message, term.text.span);
        }
        Some(Term { words: word_tests(words, &term.modifier, edits), source })
    }

    fn edits(&mut self, edits: &At<ast::Whole>) -> Option<u8> {
        match u8::try_from(self.any_whole(edits)?) {
            Ok(number) if number <= EDITS_MAX => Some(number),
            _ => self.fault(QueryError::too_many_edits(edits.span)),
        }
    }

    /// `like` looks at one word, so a pattern that no single word can fit is a mistake and not an empty result.
    fn like_term(&mut self, source: String, span: Span) -> Option<Term> {
        let pattern = like_pattern(source.trim());
        if pattern.0.is_empty() {
            return self.fault(QueryError::no_words(&source, span));
        }
        if !may_fit_a_word(&pattern) {
            return self.fault(messages::like_of_several_words(&source, span));
        }
        Some(Term { words: vec![WordTest::Like(pattern)], source })
    }
}

/// One word of a text: folded, as written, and what joins it to the next one.
struct QueryWord {
    folded: String,
    spelling: String,
    joiner: String,
}

fn words_of(text: &str) -> Vec<QueryWord> {
    let all: Vec<Token> = tokens(text).collect();
    let next = all.iter().skip(1).map(Some).chain([None]);
    all.iter()
        .zip(next)
        .map(|(&token, next)| QueryWord {
            folded: fold_word(token.span.of(text)).into_owned(),
            spelling: token.span.of(text).to_owned(),
            joiner: next.map_or("", |&next| joiner(text, token, next)).to_owned(),
        })
        .collect()
}

fn word_tests(words: Vec<QueryWord>, modifier: &Modifier, edits: Option<u8>) -> Vec<WordTest> {
    let last = words.len().saturating_sub(1);
    let test = |(index, word): (usize, QueryWord)| match modifier {
        Modifier::Plain | Modifier::Like => WordTest::Is(word.folded),
        Modifier::Prefix if index == last => WordTest::Prefix(word.folded),
        Modifier::Prefix => WordTest::Is(word.folded),
        Modifier::Exact => {
            WordTest::Exact { folded: word.folded, spelling: word.spelling, joiner: word.joiner }
        }
        Modifier::Stem => WordTest::Stem(word.folded),
        Modifier::Fuzzy { .. } => {
            let edits = edits.unwrap_or_else(|| edits_by_length(&word.folded));
            WordTest::Fuzzy { word: word.folded, edits }
        }
    };
    words.into_iter().enumerate().map(test).collect()
}

/// Returns the edits that `fuzzy` allows where none are written.
fn edits_by_length(word: &str) -> u8 {
    match word.chars().count() {
        0..=3 => 0,
        4..=7 => 1,
        _ => EDITS_MAX,
    }
}

/// Reads a pattern: `*` any run, `?` one character, `\` takes the next character as it is; the rest is folded.
pub(super) fn like_pattern(text: &str) -> LikePattern {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        let wildcard = match c {
            '*' => LikePart::AnyRun,
            '?' => LikePart::AnyOne,
            '\\' => {
                literal.push(chars.next().unwrap_or('\\'));
                continue;
            }
            c => {
                literal.push(c);
                continue;
            }
        };
        push_literal(&mut parts, &mut literal);
        if !(wildcard == LikePart::AnyRun && parts.last() == Some(&LikePart::AnyRun)) {
            parts.push(wildcard);
        }
    }
    push_literal(&mut parts, &mut literal);
    LikePattern(parts)
}

fn push_literal(parts: &mut Vec<LikePart>, literal: &mut String) {
    let folded = fold(literal);
    literal.clear();
    if !folded.is_empty() {
        parts.push(LikePart::Literal(folded));
    }
}

/// Tells whether some word fits: with letters or digits in place of the wildcards the pattern is one word.
fn may_fit_a_word(pattern: &LikePattern) -> bool {
    ["a", "1", ""].into_iter().any(|filling| {
        let part = |part: &LikePart| match part {
            LikePart::Literal(literal) => literal.clone(),
            LikePart::AnyOne if filling.is_empty() => "a".to_owned(),
            LikePart::AnyOne | LikePart::AnyRun => filling.to_owned(),
        };
        let text: String = pattern.0.iter().map(part).collect();
        let spans: Vec<Span> = tokens(&text).map(|token| token.span).collect();
        spans == [Span::new(0, text.len())]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_patterns_are_read_with_escapes() {
        for (text, word, fits) in [
            ("Wom?n", "women", true),
            ("a**b", "ab", true),
            (r"50\*", "50*", true),
            (r"50\*", "500", false),
            (r"what\?", "what?", true),
            ("ÉT*", "etat", true),
        ] {
            assert_eq!(like_pattern(text).fits(word), fits, "{text} {word}");
        }
    }

    #[test]
    fn like_patterns_of_several_words_are_known() {
        for (text, fits) in [
            ("*", true),
            ("wom?n", true),
            ("3.*", true),
            ("u.?", true),
            ("al-*", false),
            ("two words", false),
            ("*'s", false),
            ("!*", false),
        ] {
            assert_eq!(may_fit_a_word(&like_pattern(text)), fits, "{text}");
        }
    }

    #[test]
    fn short_words_are_not_fuzzy() {
        assert_eq!(["iraq", "isi", "erdogan", "damascus"].map(edits_by_length), [1, 0, 1, 2]);
    }
}
