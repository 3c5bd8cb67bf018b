//! Random statements.

use dateline::query::ast::*;
use dateline::query::{Catalogued, MeasureFunction};

use super::Choices;

impl Choices<'_> {
    pub(super) fn statement(&mut self) -> Statement {
        match self.below(12) {
            0..=3 => Statement::Query(self.query()),
            4 => Statement::Explain(self.explain()),
            5 => Statement::Export(Export {
                path: At::from(self.string()),
                format: self.maybe_at(|c| c.of(&ExportFormat::ALL)),
                query: At::from(self.runnable()),
            }),
            6 => Statement::Show(Show {
                articles: self.several(1, 3, |c| c.article_name()),
                with: self.several(0, 2, |c| c.with_item()),
            }),
            7 => Statement::Describe(self.maybe_at(|c| c.field())),
            8 => Statement::List(self.of(&[Catalogued::Fields, Catalogued::Saved, Catalogued::Aliases])),
            9 => Statement::Define(self.define()),
            10 => self.drop_or_run(),
            _ => Statement::Write(self.write()),
        }
    }

    pub(super) fn drop_or_run(&mut self) -> Statement {
        match self.below(3) {
            0 => Statement::Run(self.run()),
            1 => Statement::Drop(Drop::Saved(At::from(self.name()))),
            _ => Statement::Drop(Drop::Alias(At::from(self.string()))),
        }
    }

    pub(super) fn runnable(&mut self) -> Runnable {
        if self.flag() { Runnable::Run(self.run()) } else { Runnable::Query(self.query()) }
    }

    pub(super) fn explain(&mut self) -> Explain {
        match self.below(3) {
            0 => Explain::Plan(self.runnable()),
            1 => Explain::Analyze(self.runnable()),
            _ => Explain::PlanOfWrite(self.write()),
        }
    }

    pub(super) fn run(&mut self) -> Run {
        let bindings = self.several(0, 2, |c| Binding {
            name: At::from(c.of(&["who", "n"]).to_owned()),
            value: if c.flag() {
                BoundValue::List(c.several(1, 3, |c| c.value()))
            } else {
                BoundValue::One(c.value_at())
            },
        });
        Run { name: At::from(self.name()), bindings }
    }

    pub(super) fn article_name(&mut self) -> ArticleName {
        if self.flag() { ArticleName::Key(self.string()) } else { ArticleName::Id(self.whole()) }
    }

    pub(super) fn define(&mut self) -> Define {
        let definition = match self.below(3) {
            0 => Definition::Filter(At::from(self.name()), self.expr_at()),
            1 => Definition::Query(At::from(self.name()), At::from(self.query())),
            _ => Definition::Alias(At::from(self.string()), self.several(1, 3, |c| c.string())),
        };
        Define { replace: self.flag(), definition }
    }

    pub(super) fn query(&mut self) -> Query {
        match self.below(6) {
            0 => Query::Find(Find {
                projection: self.maybe(|c| c.projection()),
                filter: self.maybe_at(|c| c.expr()),
                clauses: self.several(0, 3, |c| c.clause(5)),
            }),
            1 => Query::Count(Count {
                keys: self.several(0, 2, |c| c.group_key()),
                as_share: self.maybe_at(|_| Share::OfGroup),
                filter: self.maybe_at(|c| c.expr()),
                compare: self.compare(),
                clauses: self.several(0, 2, |c| c.clause(4)),
            }),
            2 => Query::Measure(self.measure()),
            3 => Query::Top(Top {
                limit: self.maybe_at(|c| c.whole()),
                field: self.field_at(),
                filter: self.maybe_at(|c| c.expr()),
                with: self.several(0, 2, |c| c.with_item()),
            }),
            4 => Query::Pairs(self.pairs()),
            _ => Query::Timeline(self.timeline()),
        }
    }

    pub(super) fn projection(&mut self) -> Projection {
        if self.flag() {
            Projection::Fields(self.several(1, 3, |c| c.field()))
        } else {
            Projection::Everything
        }
    }

    pub(super) fn measure(&mut self) -> Measure {
        use MeasureFunction::{Average, Max, Median, Min, Sum};
        Measure {
            function: self.of(&[Average, Median, Sum, Min, Max]),
            field: self.field_at(),
            keys: self.several(0, 2, |c| c.group_key()),
            filter: self.maybe_at(|c| c.expr()),
            clauses: self.several(0, 2, |c| c.clause(4)),
        }
    }

    pub(super) fn pairs(&mut self) -> Pairs {
        Pairs {
            limit: self.maybe_at(|c| c.whole()),
            first: self.field_at(),
            second: self.field_at(),
            scope: self.maybe_at(|c| c.scope()),
            filter: self.maybe_at(|c| c.expr()),
            order: self.maybe_at(|c| c.order()),
            with: self.several(0, 2, |c| c.with_item()),
        }
    }

    pub(super) fn timeline(&mut self) -> Timeline {
        Timeline {
            field: self.maybe_at(|c| c.field()),
            unit: At::from(self.unit()),
            split: self.maybe_at(|c| Split { field: c.field_at(), top: c.maybe_at(|c| c.whole()) }),
            as_share: self.maybe_at(|_| Share::OfGroup),
            filter: self.maybe_at(|c| c.expr()),
            compare: self.compare(),
            with: self.several(0, 2, |c| c.with_item()),
        }
    }

    pub(super) fn compare(&mut self) -> Vec<At<Series>> {
        let series = |c: &mut Self| Series { filter: c.expr_at(), label: c.maybe_at(|c| c.label()) };
        if self.flag() { self.several(2, 3, series) } else { Vec::new() }
    }

    pub(super) fn label(&mut self) -> String {
        if self.flag() { self.string() } else { self.name() }
    }

    pub(super) fn group_key(&mut self) -> GroupKey {
        match self.below(3) {
            0 => GroupKey::Field(self.field()),
            1 => GroupKey::Unit(self.unit(), self.field_at()),
            _ => GroupKey::Weekday(self.field_at()),
        }
    }

    /// One of the first `kinds` clauses; only `find` has the last.
    pub(super) fn clause(&mut self, kinds: usize) -> Clause {
        match self.below(kinds) {
            0 => Clause::Limit(self.whole_at()),
            1 => Clause::Offset(self.whole_at()),
            2 => Clause::Order(self.order()),
            3 => Clause::With(self.several(1, 3, |c| c.with_item())),
            _ => Clause::After(At::from(self.text())),
        }
    }

    pub(super) fn order(&mut self) -> OrderBy {
        match self.below(4) {
            0 => OrderBy::Newest,
            1 => OrderBy::Oldest,
            2 => OrderBy::Best,
            _ => OrderBy::Keys(self.several(1, 3, |c| OrderKey {
                field: c.field_at(),
                direction: c.maybe(|c| c.of(&[Direction::Descending, Direction::Ascending])),
            })),
        }
    }

    pub(super) fn with_item(&mut self) -> WithItem {
        match self.below(6) {
            0 => WithItem::Score,
            1 => WithItem::Total,
            2 => WithItem::Missing,
            3 => WithItem::Extraction,
            4 => WithItem::DuplicatesFolded,
            _ => WithItem::Snippets(self.maybe_at(|c| c.whole())),
        }
    }

    pub(super) fn write(&mut self) -> Write {
        match self.below(5) {
            0 => Write::Delete(Deleted::All),
            1 => Write::Delete(Deleted::Where(self.expr_at())),
            2 => Write::Insert(At::from(self.inserted())),
            3 => Write::Curate(Curate {
                adds: self.flag(),
                field: self.field_at(),
                values: self.several(1, 2, |c| c.value()),
                filter: self.expr_at(),
            }),
            _ => Write::Set(SetFields {
                assignments: self.several(1, 2, |c| Assignment { field: c.field_at(), value: c.value_at() }),
                filter: self.expr_at(),
            }),
        }
    }

    pub(super) fn inserted(&mut self) -> Inserted {
        const OBJECTS: &[&str] =
            &["{}", r#"{"title": "T;", "n": [1.5e3, null, {"a": "\u00e9}"}]}"#, "{\n  \"a\" : true\n}"];
        match self.below(4) {
            3 => Inserted::Parameter(self.parameter()),
            _ => Inserted::Json(self.of(OBJECTS).to_owned()),
        }
    }
}
