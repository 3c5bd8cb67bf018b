//! What `with` asks for.

use std::mem::discriminant;

use crate::query::ast::*;

/// Adds an item; one of the same kind is replaced.
fn put(items: &mut Vec<At<WithItem>>, item: WithItem) {
    let kind = discriminant(&item);
    match items.iter_mut().find(|other| discriminant(&other.node) == kind) {
        Some(place) => *place = At::from(item),
        None => items.push(At::from(item)),
    }
}

/// Adds an item to the clause that there is, or in a clause of its own.
fn put_in_clause(clauses: &mut Vec<At<Clause>>, item: WithItem) {
    for clause in clauses.iter_mut() {
        if let Clause::With(items) = &mut clause.node {
            return put(items, item);
        }
    }
    clauses.push(At::from(Clause::With(vec![At::from(item)])));
}

/// Gives a statement the items that its `with` takes.
macro_rules! with_items {
    ($($statement:ty: $put:ident in $place:ident;)+) => {$(
        impl $statement {
            /// Returns the statement with one more item after `with`; one of the same kind is replaced.
            #[must_use]
            pub fn with(mut self, item: WithItem) -> $statement {
                $put(&mut self.$place, item);
                self
            }

            /// Returns the statement with extracts of so many words.
            #[must_use]
            pub fn with_snippets(self, words: impl Into<Whole>) -> $statement {
                self.with(WithItem::Snippets(Some(At::from(words.into()))))
            }

            /// Returns the statement with the score of each article.
            #[must_use]
            pub fn with_score(self) -> $statement {
                self.with(WithItem::Score)
            }

            /// Returns the statement with the exact total.
            #[must_use]
            pub fn with_total(self) -> $statement {
                self.with(WithItem::Total)
            }

            /// Returns the statement with a row for articles that lack the grouping field.
            #[must_use]
            pub fn with_missing(self) -> $statement {
                self.with(WithItem::Missing)
            }

            /// Returns the statement with what was extracted, marked.
            #[must_use]
            pub fn with_extraction(self) -> $statement {
                self.with(WithItem::Extraction)
            }

            /// Returns the statement with one article a story.
            #[must_use]
            pub fn with_duplicates_folded(self) -> $statement {
                self.with(WithItem::DuplicatesFolded)
            }
        }
    )+};
}

with_items! {
    Find: put_in_clause in clauses;
    Count: put_in_clause in clauses;
    Measure: put_in_clause in clauses;
    Top: put in with;
    Pairs: put in with;
    Timeline: put in with;
    Show: put in with;
}
