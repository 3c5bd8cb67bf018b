//! Random conditions.

use dateline::date::Unit;
use dateline::query::ast::*;
use dateline::query::{Comparison, Quantifier, RegexPattern, Scope};

use super::{DATE_FIELDS, NUMBER_FIELDS, TEXT_FIELDS, VALUE_FIELDS, field, name, sometimes, whole};
use crate::archive::{self, DATES};
use crate::dice::Dice;

/// A random condition, at most so deep.
pub fn expr(dice: &mut Dice, depth: usize) -> Expr {
    if depth == 0 || dice.chance(50) {
        return match dice.below(20) {
            0 => Expr::Saved(dice.pick_text(archive::SAVED).into()),
            _ => Expr::from(condition(dice)),
        };
    }
    let count = dice.between(2, 3);
    match dice.below(5) {
        0..=1 => Expr::And((0..count).map(|_| expr(dice, depth - 1).into()).collect()),
        2..=3 => {
            let operands: Vec<At<Expr>> = (0..count).map(|_| expr(dice, depth - 1).into()).collect();
            Expr::Or(operands.into())
        }
        _ => Expr::Not(Box::new(expr(dice, depth - 1).into())),
    }
}

fn condition(dice: &mut Dice) -> Condition {
    match dice.below(24) {
        0..=3 => Condition::Mentions(mentions(dice)),
        4 => Condition::MentionsWithin(regions(dice).into()),
        5 => Condition::Quotes(quotes(dice)),
        6..=10 => Condition::Contains(Contains {
            field: field(dice, TEXT_FIELDS),
            negated: dice.chance(15),
            pattern: pattern(dice).into(),
        }),
        11..=13 => Condition::Compares(compares(dice)),
        14..=15 => Condition::Member(member(dice)),
        16 => Condition::Between(between(dice)),
        17..=18 => Condition::DateTest(DateTest {
            field: field(dice, DATE_FIELDS),
            relation: (*dice.pick(&DateWord::ALL)).into(),
            time: time(dice).into(),
        }),
        19 => Condition::Affix(affix(dice)),
        20 => Condition::Matches(matches(dice)),
        21..=22 => Condition::Presence(Presence { field: any_field(dice), exists: dice.chance(50) }),
        _ => Condition::NumberOf(NumberOf {
            field: any_field(dice),
            comparison: comparison(dice).into(),
            count: whole(dice.below(4)),
        }),
    }
}

fn any_field(dice: &mut Dice) -> At<FieldRef> {
    let lists = [VALUE_FIELDS, NUMBER_FIELDS, DATE_FIELDS, &["title", "checked", "quote", "body"]];
    let list = dice.below(lists.len());
    field(dice, lists[list])
}

fn comparison(dice: &mut Dice) -> Comparison {
    use Comparison::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    *dice.pick(&[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual])
}

pub fn scope(dice: &mut Dice) -> At<Scope> {
    (*dice.pick(&[Scope::Sentence, Scope::Paragraph])).into()
}

fn names(dice: &mut Dice) -> &'static [&'static str] {
    const NAMES: &[&[&str]] = &[archive::PEOPLE, archive::PLACES, archive::ORGS];
    NAMES[dice.below(NAMES.len())]
}

fn mentions(dice: &mut Dice) -> Mentions {
    let kind = sometimes(dice, 40, |dice| field(dice, &["person", "place", "org", "people"]));
    Mentions {
        kind,
        operand: operand(dice, true).into(),
        at_least: sometimes(dice, 15, |dice| whole(dice.between(1, 3))),
        scope: sometimes(dice, 15, scope),
    }
}

fn regions(dice: &mut Dice) -> Operand {
    let term = |dice: &mut Dice| -> At<Term> {
        let text =
            Text::String(dice.pick_text(&["Syria", "SY", "France", "Texas", "Idlib", "United States"]));
        Term { modifier: Modifier::Plain, text: text.into() }.into()
    };
    if dice.chance(60) {
        return Operand::Term(term(dice));
    }
    let quantifier = *dice.pick(&[Quantifier::Any, Quantifier::All, Quantifier::None]);
    Operand::Several(
        quantifier.into(),
        TermList::Terms((0..dice.between(1, 3)).map(|_| term(dice)).collect()),
    )
}

fn quotes(dice: &mut Dice) -> Quotes {
    let speaker = sometimes(dice, 60, |dice| match dice.below(4) {
        0 => operand(dice, true).into(),
        _ => {
            let text = Text::String(dice.pick_text(archive::PEOPLE));
            Operand::Term(Term { modifier: Modifier::Plain, text: text.into() }.into()).into()
        }
    });
    Quotes { speaker, saying: sometimes(dice, 60, |dice| pattern(dice).into()) }
}

fn pattern(dice: &mut Dice) -> TextPattern {
    let near = dice.chance(30);
    let left = if near { positive_operand(dice) } else { operand(dice, false) };
    let proximity = near.then(|| {
        let distance = sometimes(dice, 80, |dice| whole(*dice.pick(&[1, 2, 3, 5, 10, 200])));
        Proximity { ordered: dice.chance(50), right: positive_operand(dice).into(), distance }.into()
    });
    TextPattern {
        left: left.into(),
        proximity,
        at_least: sometimes(dice, 20, |dice| whole(dice.between(1, 3))),
        scope: sometimes(dice, 25, scope),
    }
}

fn positive_operand(dice: &mut Dice) -> Operand {
    loop {
        match operand(dice, false) {
            Operand::Several(quantifier, _) if quantifier.node == Quantifier::None => {}
            positive => return positive,
        }
    }
}

fn operand(dice: &mut Dice, of_names: bool) -> Operand {
    if dice.chance(65) {
        return Operand::Term(term(dice, of_names).into());
    }
    let quantifier = *dice.pick(&[Quantifier::Any, Quantifier::Any, Quantifier::All, Quantifier::None]);
    let terms = (0..dice.between(1, 3)).map(|_| term(dice, of_names).into()).collect();
    Operand::Several(quantifier.into(), TermList::Terms(terms))
}

fn term(dice: &mut Dice, of_names: bool) -> Term {
    let words = if of_names || dice.chance(30) { names(dice) } else { archive::WORDS };
    let mut text = dice.pick_text(words);
    if !of_names && dice.chance(25) {
        text = format!("{text} {}", dice.pick_text(archive::WORDS));
    }
    let modifier = match dice.below(10) {
        0 => Modifier::Exact,
        1 => {
            let cut = text.char_indices().nth(dice.between(1, 5)).map_or(text.len(), |(at, _)| at);
            text.truncate(cut);
            Modifier::Prefix
        }
        2 => {
            text = dice.pick_text(&[
                "*", "t*", "*fire", "att?ck*", "?s", "bomb*", "*ass*", "franc?is", "3.*", "u.?",
            ]);
            Modifier::Like
        }
        3 => Modifier::Fuzzy { edits: sometimes(dice, 60, |dice| whole(dice.below(3))) },
        4 => Modifier::Stem,
        _ => Modifier::Plain,
    };
    if dateline::text::tokens(&text).next().is_none() {
        text = "truce".to_owned();
    }
    Term { modifier, text: Text::String(text).into() }
}

fn keyword_value(dice: &mut Dice) -> String {
    let lists = [
        archive::SOURCES,
        archive::SECTIONS,
        archive::LANGS,
        archive::AGENCIES,
        archive::COUNTRIES,
        archive::AUTHORS,
        archive::TOPICS,
        archive::PEOPLE,
        archive::PLACES,
        archive::ORGS,
        archive::STORIES,
        archive::TAGS,
    ];
    let list = dice.below(lists.len());
    dice.pick_text(lists[list])
}

/// A keyword field with a value that it may well have.
fn keyword(dice: &mut Dice) -> (At<FieldRef>, String) {
    let likely: [(&str, &[&str]); 11] = [
        ("source", archive::SOURCES),
        ("section", archive::SECTIONS),
        ("lang", archive::LANGS),
        ("country", archive::COUNTRIES),
        ("author", archive::AUTHORS),
        ("topic", archive::TOPICS),
        ("person", archive::PEOPLE),
        ("place", archive::PLACES),
        ("org", archive::ORGS),
        ("story", archive::STORIES),
        ("meta.tags", archive::TAGS),
    ];
    let (field, values) = *dice.pick(&likely);
    let value = if dice.chance(85) { dice.pick_text(values) } else { keyword_value(dice) };
    (name(field), value)
}

fn number(dice: &mut Dice) -> Value {
    Value::Number(archive::number(dice))
}

fn compares(dice: &mut Dice) -> Compares {
    let (field, comparison, value) = match dice.below(4) {
        0 => (field(dice, NUMBER_FIELDS), comparison(dice), number(dice)),
        1 => (field(dice, DATE_FIELDS), comparison(dice), date_value(dice)),
        2 => (name("checked"), equality(dice), Value::Boolean(dice.chance(50))),
        _ => {
            let (field, value) = keyword(dice);
            (field, equality(dice), Value::String(value))
        }
    };
    Compares { field, comparison: comparison.into(), value: value.into() }
}

fn equality(dice: &mut Dice) -> Comparison {
    if dice.chance(70) { Comparison::Equal } else { Comparison::NotEqual }
}

fn date_value(dice: &mut Dice) -> Value {
    if dice.chance(15) {
        return Value::Number(dateline::value::Number::Whole(dice.between(2017, 2019) as i64));
    }
    Value::Moment(moment(dice))
}

fn moment(dice: &mut Dice) -> Moment {
    match dice.below(10) {
        0 => Moment::Now,
        1 => Moment::Today,
        2 => Moment::Yesterday,
        3 => Moment::Ago { count: whole(dice.below(40)), unit: unit(dice) },
        _ => Moment::Date(literal(dice)),
    }
}

fn literal(dice: &mut Dice) -> DateLiteral {
    loop {
        let text = dice.word(DATES);
        // A bare year is a number beside a date field, and no literal.
        if text.len() > 4 {
            return DateLiteral::Date(text.parse().unwrap());
        }
    }
}

pub fn unit(dice: &mut Dice) -> Unit {
    *dice.pick(&Unit::ALL)
}

fn relative(dice: &mut Dice) -> RelativePeriod {
    match dice.below(3) {
        0 => RelativePeriod::This(unit(dice)),
        1 => RelativePeriod::Last(unit(dice)),
        _ => RelativePeriod::LastSeveral(whole(dice.between(1, 60)), unit(dice)),
    }
}

fn period(dice: &mut Dice) -> Period {
    match dice.below(6) {
        0 => Period::Today,
        1 => Period::Yesterday,
        2 => Period::Relative(relative(dice)),
        3 => Period::Range(literal(dice).into(), literal(dice).into()),
        _ => Period::Date(literal(dice).into()),
    }
}

fn time(dice: &mut Dice) -> Time {
    if dice.chance(20) { Time::Period(relative(dice)) } else { Time::Moment(moment(dice)) }
}

fn member(dice: &mut Dice) -> Member {
    let count = dice.between(1, 3);
    let (field, set) = match dice.below(4) {
        0 => (field(dice, DATE_FIELDS), Set::Period(period(dice))),
        1 => (field(dice, DATE_FIELDS), Set::List((0..count).map(|_| date_value(dice).into()).collect())),
        2 => (field(dice, NUMBER_FIELDS), Set::List((0..count).map(|_| number(dice).into()).collect())),
        _ => {
            let (field, value) = keyword(dice);
            let others = (1..count).map(|_| Value::String(keyword_value(dice)).into());
            (field, Set::List(std::iter::once(Value::String(value).into()).chain(others).collect()))
        }
    };
    Member { field, negated: dice.chance(25), set: set.into() }
}

fn between(dice: &mut Dice) -> Between {
    let negated = dice.chance(20);
    if dice.chance(60) {
        let (low, high) = (date_value(dice).into(), date_value(dice).into());
        return Between { field: field(dice, DATE_FIELDS), negated, low, high };
    }
    Between {
        field: field(dice, NUMBER_FIELDS),
        negated,
        low: number(dice).into(),
        high: number(dice).into(),
    }
}

fn affix(dice: &mut Dice) -> Affix {
    let (field, value) = keyword(dice);
    let kind = *dice.pick(&[AffixKind::StartsWith, AffixKind::EndsWith, AffixKind::Like]);
    let length = value.chars().count();
    let part = dice.between(1, length);
    let text: String = match kind {
        AffixKind::StartsWith => value.chars().take(part).collect(),
        AffixKind::EndsWith => value.chars().skip(length - part).collect(),
        AffixKind::Like => format!("{}*", value.chars().take(part).collect::<String>()),
    };
    let text = if text.trim().is_empty() { "a".to_owned() } else { text };
    Affix { field, negated: dice.chance(20), kind, text: Text::String(text).into() }
}

fn matches(dice: &mut Dice) -> Matches {
    let fields = [TEXT_FIELDS, VALUE_FIELDS].concat();
    let pattern =
        dice.pick_text(&["tru", "^t", "s$", "att.?ck", "[0-9]+", "al-?q", "Q", "(IS|UN)", "^$", "a.b"]);
    let pattern = Pattern::Regex(RegexPattern {
        pattern,
        ignore_case: dice.chance(50),
        multi_line: dice.chance(20),
        dot_matches_newline: dice.chance(20),
    });
    Matches { field: field(dice, &fields), negated: dice.chance(20), pattern: pattern.into() }
}
