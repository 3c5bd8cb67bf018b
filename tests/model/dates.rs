//! Dates made absolute, and what a condition says about them.

use dateline::date::Unit;
use dateline::query::Comparison;
use dateline::query::ast::{
    At, Condition, DateLiteral, DateWord, Expr, FieldRef, Moment, Period, RelativePeriod, Set, Time, Value,
    Whole,
};
use dateline::schema::{Field, FieldName};
use dateline::value::Number;

use super::calendar::{Reading, Stretch, bucket};
use super::condition::World;
use super::story::Story;

impl World<'_> {
    pub fn dates(&self, field: &Field, story: &Story) -> impl Iterator<Item = Stretch> {
        let zone = self.zone_seconds();
        let values = story.values(&field.name).into_iter();
        values.filter_map(|value| value.as_date()).map(move |date| Reading::of(date).instants(zone))
    }

    pub fn date_value(&self, value: &Value) -> Stretch {
        match value {
            Value::Moment(moment) => self.moment(moment),
            Value::Number(Number::Whole(year)) => {
                super::calendar::read(&format!("{year:04}")).instants(self.zone_seconds())
            }
            other => panic!("{other:?} is no date"),
        }
    }

    pub fn literal(&self, literal: &DateLiteral) -> Stretch {
        match literal {
            DateLiteral::Date(date) => Reading::of(*date).instants(self.zone_seconds()),
            DateLiteral::Impossible(text) => panic!("{text} is no date"),
        }
    }

    pub fn moment(&self, moment: &Moment) -> Stretch {
        match moment {
            Moment::Date(literal) => self.literal(literal),
            Moment::Now => Stretch { start: self.now, end: self.now + 1 },
            Moment::Today => self.unit_back(Unit::Day, 0),
            Moment::Yesterday => self.unit_back(Unit::Day, 1),
            Moment::Ago { count, unit } => match unit {
                Unit::Hour | Unit::Minute => {
                    let seconds = if *unit == Unit::Hour { 3_600 } else { 60 };
                    let start = self.now - whole(count) as i64 * seconds;
                    Stretch { start, end: start + 1 }
                }
                unit => self.unit_back(*unit, whole(count)),
            },
        }
    }

    /// The calendar unit so many units before the one that holds now, found by stepping back one by one.
    pub fn unit_back(&self, unit: Unit, steps: u64) -> Stretch {
        let zone = self.zone_seconds();
        let mut found = bucket(unit, self.now + zone);
        for _ in 0..steps {
            found = bucket(unit, found.start - 1);
        }
        Stretch { start: found.start - zone, end: found.end - zone }
    }

    pub fn period(&self, period: &Period) -> Stretch {
        match period {
            Period::Date(literal) => self.literal(literal),
            Period::Range(first, last) => {
                Stretch { start: self.literal(first).start, end: self.literal(last).end }
            }
            Period::Today => self.unit_back(Unit::Day, 0),
            Period::Yesterday => self.unit_back(Unit::Day, 1),
            Period::Relative(relative) => self.relative(relative),
        }
    }

    pub fn relative(&self, period: &RelativePeriod) -> Stretch {
        let rolling = |count: u64, unit: Unit| {
            let seconds = if unit == Unit::Hour { 3_600 } else { 60 };
            Stretch { start: self.now - count as i64 * seconds, end: self.now + 1 }
        };
        match period {
            RelativePeriod::This(unit) => self.unit_back(*unit, 0),
            RelativePeriod::Last(unit @ (Unit::Hour | Unit::Minute)) => rolling(1, *unit),
            RelativePeriod::Last(unit) => self.unit_back(*unit, 1),
            RelativePeriod::LastSeveral(count, unit @ (Unit::Hour | Unit::Minute)) => {
                rolling(whole(count), *unit)
            }
            RelativePeriod::LastSeveral(count, unit) => {
                let start = self.unit_back(*unit, whole(count) - 1).start;
                Stretch { start, end: self.unit_back(*unit, 0).end }
            }
        }
    }

    pub fn time(&self, time: &Time) -> Stretch {
        match time {
            Time::Moment(moment) => self.moment(moment),
            Time::Period(period) => self.relative(period),
            Time::Parameter(_) => panic!("the twin knows no parameters"),
        }
    }

    /// First moment inside and first moment past the end of all dates that can satisfy the condition, where it says so.
    pub fn bounds(&self, expr: &Expr, field: &FieldName) -> Bounds {
        self.bounds_of(expr, field, false)
    }

    pub fn bounds_of(&self, expr: &Expr, field: &FieldName, negated: bool) -> Bounds {
        let each = |operands: &[At<Expr>]| -> Vec<Bounds> {
            operands.iter().map(|operand| self.bounds_of(operand, field, negated)).collect()
        };
        match expr {
            Expr::Not(inner) => self.bounds_of(inner, field, !negated),
            Expr::And(operands) if negated => hull(&each(operands)),
            Expr::Or(alternatives) if !negated => hull(&each(&alternatives.operands)),
            Expr::And(operands) => overlap(&each(operands)),
            Expr::Or(alternatives) => overlap(&each(&alternatives.operands)),
            Expr::Saved(name) => self.bounds_of(&self.saved(name), field, negated),
            Expr::Condition(condition) => self.bounds_of_condition(condition, field, negated),
        }
    }

    pub fn bounds_of_condition(&self, condition: &Condition, field: &FieldName, negated: bool) -> Bounds {
        let both = |span: Stretch| (Some(span.start), Some(span.end));
        let is_date = |name: &FieldRef| self.field(name).name == *field;
        match condition {
            Condition::Compares(compares) if is_date(&compares.field) => {
                let span = self.date_value(&compares.value);
                let is_not = compares.comparison.node == Comparison::NotEqual;
                match compares.comparison.node {
                    _ if is_not != negated => (None, None),
                    Comparison::Less => (None, Some(span.start)),
                    Comparison::LessOrEqual => (None, Some(span.end)),
                    Comparison::Greater => (Some(span.end), None),
                    Comparison::GreaterOrEqual => (Some(span.start), None),
                    Comparison::Equal | Comparison::NotEqual => both(span),
                }
            }
            Condition::Member(member) if is_date(&member.field) && member.negated == negated => {
                match &member.set.node {
                    Set::List(values) => {
                        hull(&values.iter().map(|value| both(self.date_value(value))).collect::<Vec<_>>())
                    }
                    Set::Period(period) => both(self.period(period)),
                    Set::Parameter(_) => panic!("the twin knows no parameters"),
                }
            }
            Condition::Between(between) if is_date(&between.field) && between.negated == negated => {
                (Some(self.date_value(&between.low).start), Some(self.date_value(&between.high).end))
            }
            Condition::DateTest(test) if is_date(&test.field) && !negated => {
                let span = self.time(&test.time);
                match test.relation.node {
                    DateWord::Since => (Some(span.start), None),
                    DateWord::Until => (None, Some(span.end)),
                    DateWord::Before => (None, Some(span.start)),
                    DateWord::After => (Some(span.end), None),
                    DateWord::On | DateWord::Overlaps => both(span),
                }
            }
            _ => (None, None),
        }
    }
}

/// First moment inside and first moment past the end, where there are such.
pub type Bounds = (Option<i64>, Option<i64>);

/// What all of several bounds leave.
fn overlap(bounds: &[Bounds]) -> Bounds {
    let from = bounds.iter().filter_map(|bounds| bounds.0).max();
    (from, bounds.iter().filter_map(|bounds| bounds.1).min())
}

/// What any of several bounds allow.
fn hull(bounds: &[Bounds]) -> Bounds {
    let from = bounds.iter().map(|bounds| bounds.0).collect::<Option<Vec<_>>>();
    let to = bounds.iter().map(|bounds| bounds.1).collect::<Option<Vec<_>>>();
    (from.and_then(|from| from.into_iter().min()), to.and_then(|to| to.into_iter().max()))
}

pub fn within(date: Stretch, span: Stretch) -> bool {
    span.start <= date.start && date.end <= span.end
}

pub fn whole(whole: &Whole) -> u64 {
    match whole {
        Whole::Number(number) => *number,
        Whole::Parameter(_) => panic!("the twin knows no parameters"),
    }
}
