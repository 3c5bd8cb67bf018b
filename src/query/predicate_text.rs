//! Predicates in words of the language, with every date absolute.
//!
//! For `explain`, for warnings and for the help with empty results. What is printed here was resolved before: it reads
//! like a query, but aliases, parameters and relative dates are no longer in it.

use std::fmt::{self, Display, Formatter};

use super::predicate::{
    Comparison, DateRelation, DateTest, KeywordTest, LikePart, LikePattern, MentionsCondition, NumberRange,
    Operand, Predicate, Quantifier, QuotesCondition, Scope, Term, TextField, TextPattern, WithinCondition,
    WordTest,
};
use super::quote_str;
use crate::date::{Date, InstantSpan, Offset, Precision, Unit};
use crate::schema::FieldName;

/// List items that are printed before the rest is only counted.
const ITEMS_SHOWN: usize = 8;

impl Display for Predicate {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Predicate::Everything => f.write_str("everything"),
            Predicate::Nothing => f.write_str("nothing"),
            Predicate::And(parts) => joined(f, parts, " and "),
            Predicate::Or(parts) => joined(f, parts, " or "),
            Predicate::Not(part) => match part.as_ref() {
                Predicate::Exists(field) => write!(f, "{} is missing", field.name),
                part => write!(f, "not {}", Grouped(part)),
            },
            Predicate::Text(condition) => write!(f, "{} contains {}", condition.field, condition.pattern),
            Predicate::Mentions(condition) => condition.fmt(f),
            Predicate::MentionsWithin(condition) => condition.fmt(f),
            Predicate::Quotes(condition) => condition.fmt(f),
            Predicate::Keyword(field, test) => test.of(field).fmt(f),
            Predicate::Number(field, ranges) => numbers(f, field, ranges),
            Predicate::Boolean(field, value) => write!(f, "{field} = {value}"),
            Predicate::Date(field, test) => write!(f, "{field} {test}"),
            Predicate::Matches(field, pattern) => write!(f, "{field} matches {pattern}"),
            Predicate::Exists(field) => write!(f, "{} exists", field.name),
            Predicate::NumberOf(field, comparison, count) => {
                write!(f, "number of {} {comparison} {count}", field.name)
            }
        }
    }
}

/// Prints a condition in parentheses where it would otherwise be read apart.
struct Grouped<'a>(&'a Predicate);

impl Display for Grouped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Predicate::And(_) | Predicate::Or(_) => write!(f, "({})", self.0),
            single => single.fmt(f),
        }
    }
}

fn joined(f: &mut Formatter<'_>, parts: &[Predicate], between: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        let between = if at > 0 { between } else { "" };
        write!(f, "{between}{}", Grouped(part))?;
    }
    Ok(())
}

/// Prints `(a, b and 3 more)`.
fn list<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    print: impl Fn(&mut Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_str("(")?;
    for (at, item) in items.iter().take(ITEMS_SHOWN).enumerate() {
        f.write_str(if at > 0 { ", " } else { "" })?;
        print(f, item)?;
    }
    match items.len().saturating_sub(ITEMS_SHOWN) {
        0 => f.write_str(")"),
        more => write!(f, " and {more} more)"),
    }
}

impl Display for TextField {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TextField::Title => "title",
            TextField::Lede => "lede",
            TextField::Body => "body",
            TextField::Text => "text",
        })
    }
}

impl Display for TextPattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.left.fmt(f)?;
        if let Some(near) = &self.proximity {
            let word = if near.ordered { "before" } else { "near" };
            let unit = if near.distance == 1 { "word" } else { "words" };
            write!(f, " {word} {} within {} {unit}", near.right, near.distance)?;
        }
        at_least_in_scope(f, self.at_least, self.scope)
    }
}

fn at_least_in_scope(f: &mut Formatter<'_>, at_least: u32, scope: Option<Scope>) -> fmt::Result {
    if at_least > 1 {
        write!(f, " at least {at_least} times")?;
    }
    match scope {
        Some(Scope::Sentence) => f.write_str(" in same sentence"),
        Some(Scope::Paragraph) => f.write_str(" in same paragraph"),
        None => Ok(()),
    }
}

impl Display for Quantifier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Quantifier::Any => "any of",
            Quantifier::All => "all of",
            Quantifier::None => "none of",
        })
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.quantifier, self.terms.as_slice()) {
            (Quantifier::Any, [only]) => only.fmt(f),
            (quantifier, terms) => {
                write!(f, "{quantifier} ")?;
                list(f, terms, |f, term| term.fmt(f))
            }
        }
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.words.last() {
            Some(WordTest::Exact { .. }) => write!(f, "exact \"{}\"", self.source),
            Some(WordTest::Prefix(_)) => write!(f, "prefix \"{}\"", self.source),
            Some(WordTest::Like(_)) => write!(f, "like \"{}\"", self.source),
            Some(WordTest::Stem(_)) => write!(f, "stem \"{}\"", self.source),
            Some(WordTest::Fuzzy { edits, .. }) => {
                write!(
                    f,
                    "fuzzy \"{}\" within {edits} edit{}",
                    self.source,
                    if *edits == 1 { "" } else { "s" }
                )
            }
            Some(WordTest::Is(_)) | None => write!(f, "\"{}\"", self.source),
        }
    }
}

impl Display for MentionsCondition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("mentions ")?;
        if let Some(kind) = self.kind {
            write!(f, "{kind} ")?;
        }
        self.operand.fmt(f)?;
        at_least_in_scope(f, self.at_least, self.scope)
    }
}

impl Display for WithinCondition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("mentions place within ")?;
        match (self.quantifier, self.regions.as_slice()) {
            (Quantifier::Any, [only]) => write!(f, "\"{}\"", only.source),
            (quantifier, regions) => {
                write!(f, "{quantifier} ")?;
                list(f, regions, |f, region| write!(f, "\"{}\"", region.source))
            }
        }
    }
}

impl Display for QuotesCondition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.speaker {
            Some(speaker) => write!(f, "quotes {speaker}")?,
            None => f.write_str("quotes anyone")?,
        }
        self.saying.as_ref().map_or(Ok(()), |saying| write!(f, " saying {saying}"))
    }
}

impl KeywordTest {
    /// Returns the test as a condition on `field`.
    pub fn of<'a>(&'a self, field: &'a FieldName) -> impl Display + 'a {
        KeywordCondition { field, test: self }
    }
}

struct KeywordCondition<'a> {
    field: &'a FieldName,
    test: &'a KeywordTest,
}

impl Display for KeywordCondition<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let field = self.field;
        match self.test {
            KeywordTest::In(one_of) => match one_of.written.as_slice() {
                [only] => write!(f, "{field} = {}", quote_str(only)),
                values => {
                    write!(f, "{field} in ")?;
                    list(f, values, |f, value| f.write_str(&quote_str(value)))
                }
            },
            KeywordTest::StartsWith(text) => write!(f, "{field} starts with \"{text}\""),
            KeywordTest::EndsWith(text) => write!(f, "{field} ends with \"{text}\""),
            KeywordTest::Like(pattern) => write!(f, "{field} like \"{pattern}\""),
        }
    }
}

impl Display for LikePattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            LikePart::Literal(text) => f.write_str(text),
            LikePart::AnyRun => f.write_str("*"),
            LikePart::AnyOne => f.write_str("?"),
        })
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.sign())
    }
}

fn numbers(f: &mut Formatter<'_>, field: &FieldName, ranges: &[NumberRange]) -> fmt::Result {
    if let [only] = ranges {
        return write!(f, "{field} {only}");
    }
    write!(f, "{field} in ")?;
    list(f, ranges, |f, range| match range.low {
        Some((low, _)) => low.fmt(f),
        None => range.fmt(f),
    })
}

impl Display for NumberRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Some((low, _)), Some((high, _))) if low == high => write!(f, "= {low}"),
            (Some((low, true)), Some((high, true))) => write!(f, "between {low} and {high}"),
            (low, high) => {
                if let Some((low, inside)) = low {
                    write!(f, "{} {low}", if inside { ">=" } else { ">" })?;
                }
                if let Some((high, inside)) = high {
                    let and = if low.is_some() { " and " } else { "" };
                    write!(f, "{and}{} {high}", if inside { "<=" } else { "<" })?;
                }
                Ok(())
            }
        }
    }
}

impl Display for DateTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let sign = match self.relation {
            DateRelation::Within => "in",
            DateRelation::Before => "<",
            DateRelation::Until => "<=",
            DateRelation::After => ">",
            DateRelation::Since => ">=",
            DateRelation::Overlaps => "overlaps",
        };
        match date_of_span(self.span, self.zone) {
            Some(date) => write!(f, "{sign} {date}"),
            None => {
                let (first, last) =
                    (moment(self.span.start, self.zone), last_moment(self.span.end, self.zone));
                write!(f, "{sign} {first}..{last}")
            }
        }
    }
}

/// Returns the one date that names a span, where there is one.
pub fn date_of_span(span: InstantSpan, zone: Offset) -> Option<Date> {
    let wall = span.start.checked_add(zone.seconds())?;
    let civil = [Precision::Year, Precision::Quarter, Precision::Month, Precision::Week, Precision::Day];
    let civil = civil.into_iter().filter_map(|precision| Date::from_parts(wall, precision, None));
    let timed = [Precision::Minute, Precision::Second]
        .into_iter()
        .filter_map(|precision| Date::from_parts(wall, precision, Some(zone)));
    civil.chain(timed).find(|date| date.instants(zone) == span)
}

/// Prints the day that begins at `instant`, or the second where no day does.
fn moment(instant: i64, zone: Offset) -> String {
    let wall = instant.saturating_add(zone.seconds());
    let precision = if Unit::Day.floor(wall) == Some(wall) { Precision::Day } else { Precision::Second };
    let offset = (precision == Precision::Second).then_some(zone);
    Date::from_parts(wall, precision, offset).map_or_else(|| format!("@{instant}"), |date| date.to_string())
}

/// Prints the last day or second before `end`.
fn last_moment(end: i64, zone: Offset) -> String {
    let wall = end.saturating_add(zone.seconds());
    let day = Unit::Day.floor(wall) == Some(wall);
    moment(end.saturating_sub(if day { 86_400 } else { 1 }), zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Builtin;
    use crate::value::Number;

    fn date(relation: DateRelation, from: &str, to: &str) -> Predicate {
        let zone = Offset::UTC;
        let span = |text: &str| text.parse::<Date>().unwrap().instants(zone);
        let span = InstantSpan { start: span(from).start, end: span(to).end };
        Predicate::Date(FieldName::Builtin(Builtin::Date), DateTest { relation, span, zone })
    }

    #[test]
    fn dates_are_printed_as_the_literals_they_were() {
        for (relation, from, to, expected) in [
            (DateRelation::After, "2018-09-01", "2018-09-01", "date > 2018-09-01"),
            (DateRelation::Within, "2018", "2018", "date in 2018"),
            (DateRelation::Within, "2018-Q3", "2018-Q3", "date in 2018-Q3"),
            (DateRelation::Within, "2018-W36", "2018-W36", "date in 2018-W36"),
            (DateRelation::Within, "2018-09-03", "2018-09-09", "date in 2018-W36"),
            (DateRelation::Within, "2018-09-03", "2018-09-05", "date in 2018-09-03..2018-09-05"),
            (DateRelation::Since, "2018-09-01T14:30", "2018-09-01T14:30", "date >= 2018-09-01T14:30Z"),
        ] {
            assert_eq!(date(relation, from, to).to_string(), expected);
        }
    }

    #[test]
    fn conditions_read_like_queries() {
        let source = || FieldName::Builtin(Builtin::Source);
        let keyword = |values: &[&str]| {
            Predicate::Keyword(
                source(),
                KeywordTest::In(values.iter().map(|v| (*v).to_owned()).collect::<Vec<_>>().into()),
            )
        };
        let words = NumberRange { low: Some((Number::Whole(300), false)), high: None };
        let all = Predicate::And(vec![
            Predicate::Or(vec![keyword(&["afp"]), keyword(&["rt", "tass"])]),
            Predicate::Not(Box::new(Predicate::Number(FieldName::Builtin(Builtin::Words), vec![words]))),
            Predicate::Not(Box::new(Predicate::Exists(Builtin::Section.into()))),
        ]);
        assert_eq!(
            all.to_string(),
            "(source = \"afp\" or source in (\"rt\", \"tass\")) and not words > 300 and section is missing"
        );
    }
}
