//! Random trees, made from random bytes so that proptest can shrink them: fewer and smaller bytes make simpler trees.

mod condition;
mod statement;

use dateline::date::Unit;
use dateline::query::ast::*;
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
}
