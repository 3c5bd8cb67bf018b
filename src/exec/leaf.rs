//! The positive text and entity conditions of a predicate: what scores an article and what its extracts show.

use crate::article::EntityKind;
use crate::query::{Operand, Predicate, Quantifier, Term, TextField, TextPattern};

/// One thing that a predicate looks for in articles.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Leaf<'q> {
    /// A term in a part of the text.
    Words { term: &'q Term, field: TextField },
    /// An entity of this name.
    Name { term: &'q Term, aliases: &'q [Term], kind: Option<EntityKind> },
}

/// Lists what `predicate` looks for, in the order it was written; nothing that stands under `not` or `none of`.
pub(crate) fn leaves(predicate: &Predicate) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    collect(predicate, &mut found);
    found
}

fn collect<'q>(predicate: &'q Predicate, found: &mut Vec<Leaf<'q>>) {
    match predicate {
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().for_each(|part| collect(part, found)),
        Predicate::Text(condition) => pattern(&condition.pattern, condition.field, found),
        Predicate::Mentions(condition) => {
            let aliases = condition.aliases.iter().map(Vec::as_slice).chain(std::iter::repeat(&[][..]));
            for (term, aliases) in positive(&condition.operand).zip(aliases) {
                found.push(Leaf::Name { term, aliases, kind: condition.kind });
                if condition.kind.is_none() {
                    let phrases = std::iter::once(term).chain(aliases);
                    found.extend(phrases.map(|term| Leaf::Words { term, field: TextField::Text }));
                }
            }
        }
        Predicate::Quotes(condition) => {
            if let Some(saying) = &condition.saying {
                pattern(saying, TextField::Text, found);
            }
        }
        _ => {}
    }
}

fn pattern<'q>(pattern: &'q TextPattern, field: TextField, found: &mut Vec<Leaf<'q>>) {
    let right = pattern.proximity.iter().flat_map(|near| positive(&near.right));
    found.extend(positive(&pattern.left).chain(right).map(|term| Leaf::Words { term, field }));
}

fn positive(operand: &Operand) -> std::slice::Iter<'_, Term> {
    match operand.quantifier {
        Quantifier::None => [].iter(),
        Quantifier::Any | Quantifier::All => operand.terms.iter(),
    }
}
