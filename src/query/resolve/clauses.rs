//! What follows a condition: orders, limits, pages, and what `with` adds; each once, each where it belongs.

use super::{Resolver, messages, summary};
use crate::query::ast::{self, At, Clause, FieldRef, WithItem};
use crate::query::{Order, OrderBy, OrderKey, Predicate, QueryError, With};
use crate::schema::{Builtin, FieldName, FieldType};
use crate::text::Span;

/// Words of an extract where `with snippets` names no number.
pub const SNIPPET_WORDS_DEFAULT: u32 = 24;

/// Most words of an extract.
pub const SNIPPET_WORDS_MAX: u64 = 1_000;

/// Name of the pseudo-field that scores are ordered by.
const RELEVANCE: &str = "relevance";

/// What `with` may add to a kind of statement.
#[derive(Clone, Copy)]
pub(super) struct Takes {
    /// The statement's name in messages.
    pub statement: &'static str,
    /// The items, as they are written.
    pub items: &'static [&'static str],
}

const ARTICLES: &[&str] = &["snippets", "score", "total", "extraction", "duplicates folded"];
const GROUPS: &[&str] = &["missing", "total", "duplicates folded"];
const STORIES: &[&str] = &["duplicates folded"];

impl Takes {
    pub(super) const FIND: Takes = Takes { statement: "find", items: ARTICLES };
    pub(super) const SHOW: Takes = Takes { statement: "show", items: ARTICLES };
    pub(super) const COUNT: Takes = Takes { statement: "count", items: STORIES };
    pub(super) const COUNT_BY: Takes = Takes { statement: "count by", items: GROUPS };
    pub(super) const TOP: Takes = Takes { statement: "top", items: GROUPS };
    pub(super) const PAIRS: Takes = Takes { statement: "top pairs", items: GROUPS };
    pub(super) const TIMELINE: Takes = Takes { statement: "timeline", items: STORIES };

    /// A measure takes what `count` takes.
    pub(super) fn measure(function: &'static str, is_grouped: bool) -> Takes {
        Takes { statement: function, items: if is_grouped { GROUPS } else { STORIES } }
    }
}

/// The clauses of a statement, each at most once.
#[derive(Default)]
pub(super) struct Clauses<'q> {
    pub order: Option<(&'q ast::OrderBy, Span)>,
    pub limit: Option<&'q At<ast::Whole>>,
    pub offset: Option<&'q At<ast::Whole>>,
    pub after: Option<&'q At<ast::Text>>,
    pub with: &'q [At<WithItem>],
}

fn keyword(clause: &Clause) -> &'static str {
    match clause {
        Clause::Order(ast::OrderBy::Keys(_)) => "order by",
        Clause::Order(_) => "order",
        Clause::Limit(_) => "limit",
        Clause::Offset(_) => "offset",
        Clause::After(_) => "after",
        Clause::With(_) => "with",
    }
}

impl Resolver<'_> {
    /// Sorts the clauses by kind and refuses a second one of a kind (E204).
    pub(super) fn clauses<'q>(&mut self, clauses: &'q [At<Clause>]) -> Clauses<'q> {
        let mut sorted = Clauses::default();
        for (index, clause) in clauses.iter().enumerate() {
            let same = |other: &&At<Clause>| {
                std::mem::discriminant(&other.node) == std::mem::discriminant(&clause.node)
            };
            let earlier = clauses.iter().take(index).find(same);
            if let Some(first) = earlier {
                let error = QueryError::repeated(keyword(clause), first.node.to_string().trim(), clause.span);
                let _: Option<()> = self.fault(error);
                continue;
            }
            match &clause.node {
                Clause::Order(order) => sorted.order = Some((order, clause.span)),
                Clause::Limit(limit) => sorted.limit = Some(limit),
                Clause::Offset(offset) => sorted.offset = Some(offset),
                Clause::After(after) => sorted.after = Some(after),
                Clause::With(items) => sorted.with = items,
            }
        }
        sorted
    }

    /// Returns `limit n`, at least 1.
    pub(super) fn limit(&mut self, clauses: &Clauses<'_>) -> Option<Option<u64>> {
        match clauses.limit {
            Some(limit) => self.whole(limit, "`limit`", 1..=u64::MAX).map(Some),
            None => Some(None),
        }
    }

    /// Returns `offset n`; 0 where it is not written.
    pub(super) fn offset(&mut self, clauses: &Clauses<'_>) -> Option<u64> {
        clauses.offset.map_or(Some(0), |offset| self.any_whole(offset))
    }

    /// Returns what `with` adds; items that the statement does not take are E214.
    pub(super) fn with(&mut self, items: &[At<WithItem>], takes: Takes) -> Option<With> {
        let mut with = With::default();
        let mut is_fine = true;
        for (index, item) in items.iter().enumerate() {
            let name = item_name(item);
            let is_repeated = items.iter().take(index).any(|earlier| item_name(earlier) == name);
            if !takes.items.contains(&name) {
                is_fine = self
                    .fault::<()>(messages::with_item(takes.statement, name, takes.items, item.span))
                    .is_some();
            } else if is_repeated {
                is_fine = self.fault::<()>(QueryError::repeated(name, name, item.span)).is_some();
            }
            is_fine &= self.with_item(item, &mut with).is_some();
        }
        is_fine.then_some(with)
    }

    fn with_item(&mut self, item: &WithItem, with: &mut With) -> Option<()> {
        match item {
            WithItem::Snippets(words) => with.snippet_words = Some(self.snippet_words(words.as_ref())?),
            WithItem::Score => with.score = true,
            WithItem::Total => with.total = true,
            WithItem::Missing => with.missing = true,
            WithItem::Extraction => with.extraction = true,
            WithItem::DuplicatesFolded => with.duplicates_folded = true,
        }
        Some(())
    }

    fn snippet_words(&mut self, words: Option<&At<ast::Whole>>) -> Option<u32> {
        let Some(words) = words else { return Some(SNIPPET_WORDS_DEFAULT) };
        let number = self.whole(words, "a snippet's length in words", 1..=SNIPPET_WORDS_MAX)?;
        u32::try_from(number).ok()
    }

    /// Returns the order of articles; by relevance only where something scores (E208).
    pub(super) fn article_order(
        &mut self,
        order: Option<(&ast::OrderBy, Span)>,
        predicate: Option<&Predicate>,
    ) -> Option<Order> {
        let Some((order, span)) = order else { return Some(Order::Newest) };
        match order {
            ast::OrderBy::Newest => Some(Order::Newest),
            ast::OrderBy::Oldest => Some(Order::Oldest),
            ast::OrderBy::Best => {
                self.require_score(predicate, span)?;
                Some(Order::Keys(vec![OrderKey { by: OrderBy::Relevance, descending: true }]))
            }
            ast::OrderBy::Keys(keys) => {
                let keys: Vec<_> = keys.iter().map(|key| self.article_key(key, predicate)).collect();
                keys.into_iter().collect::<Option<_>>().map(Order::Keys)
            }
        }
    }

    fn article_key(&mut self, key: &At<ast::OrderKey>, predicate: Option<&Predicate>) -> Option<OrderKey> {
        let descending = key.direction == Some(ast::Direction::Descending);
        let is_relevance = key.field.name() == RELEVANCE && self.catalog.schema.field(RELEVANCE).is_none();
        if is_relevance {
            self.require_score(predicate, key.span)?;
            return Some(OrderKey { by: OrderBy::Relevance, descending });
        }
        let field = self.field(&key.field)?;
        let is_title = field.name == FieldName::Builtin(Builtin::Title);
        if matches!(field.field_type, FieldType::Text | FieldType::Quote) && !is_title {
            return self.fault(messages::no_text_order(&key.field, &field));
        }
        Some(OrderKey { by: OrderBy::Field(field), descending })
    }

    fn require_score(&mut self, predicate: Option<&Predicate>, span: Span) -> Option<()> {
        match predicate {
            Some(predicate) if !summary::scores(predicate) => self.fault(messages::no_relevance(span)),
            _ => Some(()),
        }
    }

    /// Returns the order of groups by the columns of the result; none where none is stated.
    pub(super) fn group_order(
        &mut self,
        order: Option<(&ast::OrderBy, Span)>,
        columns: &[String],
    ) -> Option<Vec<OrderKey>> {
        let Some((order, span)) = order else { return Some(Vec::new()) };
        let ast::OrderBy::Keys(keys) = order else {
            let column = columns.last().map_or("count", String::as_str);
            return self.fault(messages::articles_order_for_groups(&order.to_string(), column, span));
        };
        let keys: Vec<_> = keys.iter().map(|key| self.group_key(key, columns)).collect();
        keys.into_iter().collect()
    }

    fn group_key(&mut self, key: &At<ast::OrderKey>, columns: &[String]) -> Option<OrderKey> {
        let descending = key.direction == Some(ast::Direction::Descending);
        match self.column(&key.field, columns) {
            Some(column) => Some(OrderKey { by: OrderBy::Column(column), descending }),
            None => self.fault(messages::not_a_column(&key.field, columns)),
        }
    }

    /// Returns the column that a name or an alias of a field means.
    fn column(&self, name: &At<FieldRef>, columns: &[String]) -> Option<String> {
        let written = name.name();
        let canonical = self.catalog.schema.field(&written).map(|field| field.name.as_str().to_owned());
        let wanted = |column: &&String| **column == written || Some(*column) == canonical.as_ref();
        columns.iter().find(wanted).cloned()
    }
}

fn item_name(item: &WithItem) -> &'static str {
    match item {
        WithItem::Snippets(_) => "snippets",
        WithItem::Score => "score",
        WithItem::Total => "total",
        WithItem::Missing => "missing",
        WithItem::Extraction => "extraction",
        WithItem::DuplicatesFolded => "duplicates folded",
    }
}
