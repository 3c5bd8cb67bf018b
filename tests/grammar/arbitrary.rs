//! Random trees, made from random bytes so that proptest can shrink them: fewer and smaller bytes make simpler trees.

use dateline::date::Unit;
use dateline::query::ast::*;
use dateline::query::{Catalogued, Comparison, MeasureFunction, Quantifier, RegexPattern, Scope};
use dateline::value::Number;

/// A supply of choices; once it is used up, every choice is the first one.
pub struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
    /// How deep conditions may still nest.
    depth: usize,
}

/// Deepest nesting of generated conditions.
const DEPTH: usize = 5;

const NAMES: &[&str] = &[
    "title",
    "date",
    "words",
    "person",
    "source",
    "count",
    "month",
    "top",
    "pairs",
    "place",
    "order",
    "limit",
    "a b",
    "ifbandwidth",
    "zürich",
    "x`y",
    "9lives",
    "where",
    "find",
    "today",
    "year",
    "asc",
    "first",
    "null",
    "сводка",
    "casualties (min)",
    "last",
    "anyone",
    "within",
    " ",
    "\"",
    "true",
    "v2",
    "_",
];

const TEXTS: &[&str] = &[
    "Idlib",
    "",
    "say \"yes\"",
    "it's",
    "back\\slash",
    "line\nbreak\r\t",
    "” or “",
    "x\" or source exists or title = \"",
    "中文 🙂",
    "\u{202e}dlrow",
    "\u{0}\u{7f}",
    "`; delete all; --",
    "# no comment",
    "/a/",
    "*?",
    "مرحبا",
];

const DATES: &[&str] = &[
    "2018-09-01",
    "2018-09",
    "2018-Q3",
    "2018-W36",
    "2018-09-01T14:30",
    "2018-09-01T14:30:05Z",
    "2018-09-01T06:00+03:00",
    "2018-13-01",
    "2018-02-30",
    "2018-W54",
    "2018-09-01T25:00",
    "0000-01",
];

const YEARS: &[&str] = &["2018", "0001", "9999", "0000"];

const PATTERNS: &[&str] = &["live (blog|updates)", "a/b", "\\d+\\.\\d", "[/]", "^$", "é\\\\"];

const UNITS: [Unit; 7] =
    [Unit::Month, Unit::Year, Unit::Quarter, Unit::Week, Unit::Day, Unit::Hour, Unit::Minute];

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

/// Returns the script that the bytes stand for.
pub fn script(bytes: &[u8]) -> Script {
    let mut choices = Choices { bytes: bytes.iter(), depth: DEPTH };
    let statements = choices.several(1, 3, |c| c.statement());
    Script { statements }
}

impl Choices<'_> {
    fn below(&mut self, count: usize) -> usize {
        self.bytes.next().map_or(0, |byte| usize::from(*byte) % count)
    }

    fn of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| make(self))
    }

    fn maybe_at<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<At<T>> {
        self.maybe(|c| At::from(make(c)))
    }

    /// From `min` to `max` items.
    fn several<T>(&mut self, min: usize, max: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<At<T>> {
        let count = min + self.below(max - min + 1);
        (0..count).map(|_| At::from(make(self))).collect()
    }

    // Names and literals

    fn name(&mut self) -> String {
        self.of(NAMES).to_owned()
    }

    fn field(&mut self) -> FieldRef {
        let parts = self.several(1, 2, |c| c.name());
        FieldRef { parts: parts.into_iter().map(|part| part.node).collect() }
    }

    fn field_at(&mut self) -> At<FieldRef> {
        At::from(self.field())
    }

    fn string(&mut self) -> String {
        self.of(TEXTS).to_owned()
    }

    fn parameter(&mut self) -> Parameter {
        match self.below(2) {
            0 => Parameter::Named(self.of(&["who", "X_1", "from"]).to_owned()),
            _ => Parameter::Numbered(1 + self.below(20) as u32),
        }
    }

    fn text(&mut self) -> Text {
        match self.below(4) {
            3 => Text::Parameter(self.parameter()),
            _ => Text::String(self.string()),
        }
    }

    fn whole(&mut self) -> Whole {
        match self.below(4) {
            3 => Whole::Parameter(self.parameter()),
            _ => Whole::Number(self.of(&[1, 0, 2, 24, 2018, u64::MAX])),
        }
    }

    fn whole_at(&mut self) -> At<Whole> {
        At::from(self.whole())
    }

    fn number(&mut self) -> Number {
        match self.below(3) {
            0 => Number::Whole(self.of(&[300, 0, -1, 2018, i64::MAX, i64::MIN])),
            _ => Number::from_f64(self.of(&[0.5, -4.5, 1e300, 1e-7, 3.0, 350_000.25])).unwrap(),
        }
    }

    fn value(&mut self) -> Value {
        match self.below(6) {
            0 => Value::String(self.string()),
            1 => Value::Number(self.number()),
            2 => Value::Boolean(self.flag()),
            3 => Value::Parameter(self.parameter()),
            _ => Value::Moment(self.moment()),
        }
    }

    fn value_at(&mut self) -> At<Value> {
        At::from(self.value())
    }

    fn date(&mut self) -> DateLiteral {
        DateLiteral::from(self.of(DATES).to_owned())
    }

    fn date_or_year(&mut self) -> At<DateLiteral> {
        At::from(if self.flag() { DateLiteral::from(self.of(YEARS).to_owned()) } else { self.date() })
    }

    fn unit(&mut self) -> Unit {
        self.of(&UNITS)
    }

    fn moment(&mut self) -> Moment {
        match self.below(6) {
            0 => Moment::Now,
            1 => Moment::Today,
            2 => Moment::Yesterday,
            3 => Moment::Ago { count: self.whole_at(), unit: self.unit() },
            _ => Moment::Date(self.date()),
        }
    }

    fn relative_period(&mut self) -> RelativePeriod {
        match self.below(3) {
            0 => RelativePeriod::This(self.unit()),
            1 => RelativePeriod::Last(self.unit()),
            _ => RelativePeriod::LastSeveral(self.whole_at(), self.unit()),
        }
    }

    fn period(&mut self) -> Period {
        match self.below(5) {
            0 => Period::Today,
            1 => Period::Yesterday,
            2 => Period::Relative(self.relative_period()),
            3 => Period::Range(self.date_or_year(), self.date_or_year()),
            _ => Period::Date(self.date_or_year()),
        }
    }

    // Conditions

    fn expr(&mut self) -> Expr {
        let kind = if self.depth == 0 { 0 } else { self.below(6) };
        if kind < 2 {
            return Expr::Condition(self.condition());
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

    fn expr_at(&mut self) -> At<Expr> {
        At::from(self.expr())
    }

    fn condition(&mut self) -> Condition {
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

    fn mentions(&mut self) -> Mentions {
        Mentions {
            kind: self.maybe_at(|c| c.field()),
            operand: At::from(self.operand()),
            at_least: self.maybe_at(|c| c.whole()),
            scope: self.maybe_at(|c| c.scope()),
        }
    }

    /// One plain text, or several terms.
    fn regions(&mut self) -> At<Operand> {
        let plain = Term { modifier: Modifier::Plain, text: At::from(self.text()) };
        At::from(if self.flag() { self.quantified() } else { Operand::Term(At::from(plain)) })
    }

    fn scope(&mut self) -> Scope {
        self.of(&[Scope::Sentence, Scope::Paragraph])
    }

    fn pattern(&mut self) -> TextPattern {
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

    fn operand(&mut self) -> Operand {
        if self.flag() { self.quantified() } else { Operand::Term(At::from(self.term())) }
    }

    fn quantified(&mut self) -> Operand {
        let quantifier = At::from(self.of(&[Quantifier::Any, Quantifier::All, Quantifier::None]));
        let list = match self.below(4) {
            3 => TermList::Parameter(At::from(self.parameter())),
            _ => TermList::Terms(self.several(1, 3, |c| c.term())),
        };
        Operand::Several(quantifier, list)
    }

    fn term(&mut self) -> Term {
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

    fn set(&mut self) -> Set {
        match self.below(3) {
            0 => Set::List(self.several(1, 3, |c| c.value())),
            1 => Set::Period(self.period()),
            _ => Set::Parameter(self.parameter()),
        }
    }

    fn time(&mut self) -> Time {
        match self.below(4) {
            0 => Time::Moment(self.moment()),
            1 => Time::Moment(Moment::Date(DateLiteral::from(self.of(YEARS).to_owned()))),
            2 => Time::Period(self.relative_period()),
            _ => Time::Parameter(self.parameter()),
        }
    }

    fn regex_or_parameter(&mut self) -> Pattern {
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

    // Statements

    fn statement(&mut self) -> Statement {
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

    fn drop_or_run(&mut self) -> Statement {
        match self.below(3) {
            0 => Statement::Run(self.run()),
            1 => Statement::Drop(Drop::Saved(At::from(self.name()))),
            _ => Statement::Drop(Drop::Alias(At::from(self.string()))),
        }
    }

    fn runnable(&mut self) -> Runnable {
        if self.flag() { Runnable::Run(self.run()) } else { Runnable::Query(self.query()) }
    }

    fn explain(&mut self) -> Explain {
        match self.below(3) {
            0 => Explain::Plan(self.runnable()),
            1 => Explain::Analyze(self.runnable()),
            _ => Explain::PlanOfWrite(self.write()),
        }
    }

    fn run(&mut self) -> Run {
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

    fn article_name(&mut self) -> ArticleName {
        if self.flag() { ArticleName::Key(self.string()) } else { ArticleName::Id(self.whole()) }
    }

    fn define(&mut self) -> Define {
        let definition = match self.below(3) {
            0 => Definition::Filter(At::from(self.name()), self.expr_at()),
            1 => Definition::Query(At::from(self.name()), At::from(self.query())),
            _ => Definition::Alias(At::from(self.string()), self.several(1, 3, |c| c.string())),
        };
        Define { replace: self.flag(), definition }
    }

    fn query(&mut self) -> Query {
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

    fn projection(&mut self) -> Projection {
        if self.flag() {
            Projection::Fields(self.several(1, 3, |c| c.field()))
        } else {
            Projection::Everything
        }
    }

    fn measure(&mut self) -> Measure {
        use MeasureFunction::{Average, Max, Median, Min, Sum};
        Measure {
            function: self.of(&[Average, Median, Sum, Min, Max]),
            field: self.field_at(),
            keys: self.several(0, 2, |c| c.group_key()),
            filter: self.maybe_at(|c| c.expr()),
            clauses: self.several(0, 2, |c| c.clause(4)),
        }
    }

    fn pairs(&mut self) -> Pairs {
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

    fn timeline(&mut self) -> Timeline {
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

    fn compare(&mut self) -> Vec<At<Series>> {
        let series = |c: &mut Self| Series { filter: c.expr_at(), label: c.maybe_at(|c| c.label()) };
        if self.flag() { self.several(2, 3, series) } else { Vec::new() }
    }

    fn label(&mut self) -> String {
        if self.flag() { self.string() } else { self.name() }
    }

    fn group_key(&mut self) -> GroupKey {
        match self.below(3) {
            0 => GroupKey::Field(self.field()),
            1 => GroupKey::Unit(self.unit(), self.field_at()),
            _ => GroupKey::Weekday(self.field_at()),
        }
    }

    /// One of the first `kinds` clauses; only `find` has the last.
    fn clause(&mut self, kinds: usize) -> Clause {
        match self.below(kinds) {
            0 => Clause::Limit(self.whole_at()),
            1 => Clause::Offset(self.whole_at()),
            2 => Clause::Order(self.order()),
            3 => Clause::With(self.several(1, 3, |c| c.with_item())),
            _ => Clause::After(At::from(self.text())),
        }
    }

    fn order(&mut self) -> OrderBy {
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

    fn with_item(&mut self) -> WithItem {
        match self.below(6) {
            0 => WithItem::Score,
            1 => WithItem::Total,
            2 => WithItem::Missing,
            3 => WithItem::Extraction,
            4 => WithItem::DuplicatesFolded,
            _ => WithItem::Snippets(self.maybe_at(|c| c.whole())),
        }
    }

    fn write(&mut self) -> Write {
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

    fn inserted(&mut self) -> Inserted {
        const OBJECTS: &[&str] =
            &["{}", r#"{"title": "T;", "n": [1.5e3, null, {"a": "\u00e9}"}]}"#, "{\n  \"a\" : true\n}"];
        match self.below(4) {
            3 => Inserted::Parameter(self.parameter()),
            _ => Inserted::Json(self.of(OBJECTS).to_owned()),
        }
    }
}
