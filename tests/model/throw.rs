//! Random queries, thrown as trees: each a sentence of the language that has a meaning in the random archives.

use dateline::date::Unit;
use dateline::query::ast::*;
use dateline::query::{Comparison, MeasureFunction, Quantifier, RegexPattern, Scope};

use super::archive::{self, DATES};
use super::dice::Dice;

/// A random statement that asks.
pub fn statement(dice: &mut Dice) -> Statement {
    match dice.below(20) {
        0..=8 => Statement::Query(Query::Find(find(dice))),
        9..=10 => Statement::Query(Query::Count(count(dice))),
        11..=12 => Statement::Query(Query::Measure(measure(dice))),
        13..=14 => Statement::Query(Query::Top(top(dice))),
        15 => Statement::Query(Query::Pairs(pairs(dice))),
        16..=18 => Statement::Query(Query::Timeline(timeline(dice))),
        _ => Statement::Show(show(dice)),
    }
}

const VALUE_FIELDS: &[&str] = &[
    "source",
    "section",
    "lang",
    "url",
    "agency",
    "country",
    "author",
    "topic",
    "keyword",
    "person",
    "place",
    "org",
    "speaker",
    "focus",
    "dateline",
    "meta.tags",
];
const NUMBER_FIELDS: &[&str] = &["words", "tone", "deaths", "injured", "money", "id"];
const DATE_FIELDS: &[&str] = &["date", "date", "date", "event", "added"];
const TEXT_FIELDS: &[&str] = &["text", "text", "title", "body", "lede"];

fn name(name: &str) -> At<FieldRef> {
    FieldRef { parts: name.split('.').map(str::to_owned).collect() }.into()
}

fn field(dice: &mut Dice, from: &[&str]) -> At<FieldRef> {
    name(dice.word(from))
}

fn whole(number: usize) -> At<Whole> {
    Whole::Number(number as u64).into()
}

fn sometimes<T>(dice: &mut Dice, percent: usize, throw: impl FnOnce(&mut Dice) -> T) -> Option<T> {
    dice.chance(percent).then(|| throw(dice))
}

// Statements.

fn filter(dice: &mut Dice) -> Option<At<Expr>> {
    sometimes(dice, 92, |dice| expr(dice, 3).into())
}

pub fn find(dice: &mut Dice) -> Find {
    let projection = sometimes(dice, 35, |dice| match dice.below(5) {
        0 => Projection::Everything,
        _ => {
            let mut names: Vec<&str> =
                [&["title", "date", "id", "key", "added", "words", "tone", "checked", "event"], VALUE_FIELDS]
                    .concat();
            let count = dice.between(1, 4);
            Projection::Fields((0..count).map(|_| name(names.remove(dice.below(names.len())))).collect())
        }
    });
    let mut clauses: Vec<At<Clause>> = Vec::new();
    if dice.chance(50) {
        clauses.push(Clause::Order(article_order(dice)).into());
    }
    if dice.chance(50) {
        clauses.push(Clause::Limit(whole(dice.between(1, 12))).into());
    }
    if dice.chance(20) {
        clauses.push(Clause::Offset(whole(dice.below(6))).into());
    }
    if dice.chance(15) {
        clauses.push(Clause::With(vec![WithItem::Total.into()]).into());
    }
    Find { projection, filter: filter(dice), clauses }
}

fn article_order(dice: &mut Dice) -> OrderBy {
    match dice.below(4) {
        0 => OrderBy::Newest,
        1 => OrderBy::Oldest,
        _ => {
            let names = [
                "source", "title", "words", "tone", "date", "person", "topic", "deaths", "event", "lang",
                "id", "added",
            ];
            OrderBy::Keys(keys(dice, &names, 2))
        }
    }
}

fn keys(dice: &mut Dice, names: &[&str], most: usize) -> Vec<At<OrderKey>> {
    let count = dice.between(1, most);
    (0..count).map(|_| OrderKey { field: field(dice, names), direction: direction(dice) }.into()).collect()
}

fn direction(dice: &mut Dice) -> Option<Direction> {
    *dice.pick(&[None, Some(Direction::Ascending), Some(Direction::Descending)])
}

fn group_keys(dice: &mut Dice, low: usize, high: usize) -> Vec<At<GroupKey>> {
    let mut found: Vec<At<GroupKey>> = Vec::new();
    for _ in 0..dice.between(low, high) {
        let key = match dice.below(8) {
            0 => GroupKey::Unit(unit(dice), field(dice, DATE_FIELDS)),
            1 => GroupKey::Weekday(field(dice, DATE_FIELDS)),
            2 => GroupKey::Field(FieldRef::new(dice.word(&["year", "month", "week"]))),
            3 => GroupKey::Field(FieldRef::new(dice.word(&["checked", "tone"]))),
            _ => GroupKey::Field(field(dice, VALUE_FIELDS).node),
        };
        if found.iter().all(|known| column(known) != column(&key)) {
            found.push(key.into());
        }
    }
    found
}

/// The column that holds a key's values.
pub fn column(key: &GroupKey) -> String {
    match key {
        GroupKey::Field(name) => name.name(),
        GroupKey::Unit(unit, _) => unit.name().to_owned(),
        GroupKey::Weekday(_) => "weekday".to_owned(),
    }
}

fn group_clauses(dice: &mut Dice, keys: &[At<GroupKey>], measure: &str) -> Vec<At<Clause>> {
    let mut clauses: Vec<At<Clause>> = Vec::new();
    if keys.is_empty() {
        return clauses;
    }
    if dice.chance(40) {
        let mut columns: Vec<String> = keys.iter().map(|key| column(key)).collect();
        columns.push(measure.to_owned());
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        clauses.push(Clause::Order(OrderBy::Keys(self::keys(dice, &names, 2))).into());
    }
    if dice.chance(30) {
        clauses.push(Clause::Limit(whole(dice.between(1, 6))).into());
    }
    if dice.chance(20) {
        clauses.push(Clause::Offset(whole(dice.below(3))).into());
    }
    if dice.chance(25) {
        clauses.push(Clause::With(vec![WithItem::Missing.into()]).into());
    }
    clauses
}

fn count(dice: &mut Dice) -> Count {
    let keys = group_keys(dice, 0, 2);
    let as_share = (!keys.is_empty() && dice.chance(20)).then(|| At::from(Share::OfGroup));
    let compare = if dice.chance(15) { series(dice) } else { Vec::new() };
    let clauses = group_clauses(dice, &keys, "count");
    Count { keys, as_share, filter: filter(dice), compare, clauses }
}

fn series(dice: &mut Dice) -> Vec<At<Series>> {
    let count = dice.between(2, 3);
    (0..count)
        .map(|number| {
            Series { filter: expr(dice, 1).into(), label: Some(format!("s{number}").into()) }.into()
        })
        .collect()
}

fn measure(dice: &mut Dice) -> Measure {
    use MeasureFunction::{Average, Max, Median, Min, Sum};
    let function = *dice.pick(&[Average, Median, Sum, Min, Max]);
    let keys = group_keys(dice, 0, 2);
    let clauses = group_clauses(dice, &keys, function.name());
    let is_date = matches!(function, Min | Max) && dice.chance(20);
    let of = field(dice, if is_date { DATE_FIELDS } else { NUMBER_FIELDS });
    Measure { function, field: of, keys, filter: filter(dice), clauses }
}

fn with_missing(dice: &mut Dice) -> Vec<At<WithItem>> {
    if dice.chance(25) { vec![WithItem::Missing.into()] } else { Vec::new() }
}

fn top(dice: &mut Dice) -> Top {
    let limit = sometimes(dice, 50, |dice| whole(dice.between(1, 5)));
    let mut names = VALUE_FIELDS.to_vec();
    names.extend(["checked", "tone"]);
    Top { limit, field: field(dice, &names), filter: filter(dice), with: with_missing(dice) }
}

fn pairs(dice: &mut Dice) -> Pairs {
    let names = ["person", "place", "org"];
    let scope = sometimes(dice, 40, scope);
    let fields: &[&str] = if scope.is_some() { &names } else { VALUE_FIELDS };
    let limit = Some(whole(*dice.pick(&[1, 3, 50])));
    let (first, second) = (field(dice, fields), field(dice, fields));
    let order = sometimes(dice, 40, |dice| {
        let column = name(dice.word(&["lift", "articles"]));
        OrderBy::Keys(vec![OrderKey { field: column, direction: direction(dice) }.into()]).into()
    });
    Pairs { limit, first, second, scope, filter: filter(dice), order, with: Vec::new() }
}

fn timeline(dice: &mut Dice) -> Timeline {
    let of = sometimes(dice, 25, |dice| field(dice, &["date", "event", "added"]));
    let unit = *dice.pick(&[Unit::Year, Unit::Quarter, Unit::Month, Unit::Month, Unit::Week, Unit::Day]);
    let as_share = sometimes(dice, 20, |_| At::from(Share::OfGroup));
    let split = sometimes(dice, 25, |dice| {
        let top = sometimes(dice, 60, |dice| whole(dice.between(1, 3)));
        At::from(Split { field: field(dice, VALUE_FIELDS), top })
    });
    let compare = if split.is_none() && dice.chance(20) { series(dice) } else { Vec::new() };
    Timeline {
        field: of,
        unit: unit.into(),
        split,
        as_share,
        filter: filter(dice),
        compare,
        with: Vec::new(),
    }
}

fn show(dice: &mut Dice) -> Show {
    let count = dice.between(1, 3);
    let articles = (0..count).map(|_| {
        let number = dice.between(1, 30);
        let name = if dice.chance(50) {
            ArticleName::Id(Whole::Number(number as u64))
        } else {
            ArticleName::Key(format!("key-{number}"))
        };
        name.into()
    });
    Show { articles: articles.collect(), with: Vec::new() }
}

// Conditions.

/// A random condition, at most so deep.
pub fn expr(dice: &mut Dice, depth: usize) -> Expr {
    if depth == 0 || dice.chance(50) {
        return Expr::Condition(condition(dice));
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

fn scope(dice: &mut Dice) -> At<Scope> {
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
        archive::TAGS,
    ];
    let list = dice.below(lists.len());
    dice.pick_text(lists[list])
}

/// A keyword field with a value that it may well have.
fn keyword(dice: &mut Dice) -> (At<FieldRef>, String) {
    let likely: [(&str, &[&str]); 10] = [
        ("source", archive::SOURCES),
        ("section", archive::SECTIONS),
        ("lang", archive::LANGS),
        ("country", archive::COUNTRIES),
        ("author", archive::AUTHORS),
        ("topic", archive::TOPICS),
        ("person", archive::PEOPLE),
        ("place", archive::PLACES),
        ("org", archive::ORGS),
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

fn unit(dice: &mut Dice) -> Unit {
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
