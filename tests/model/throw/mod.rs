//! Random queries, thrown as trees: each a sentence of the language that has a meaning in the random archives.

mod condition;

use dateline::date::Unit;
use dateline::query::ast::*;
use dateline::query::{Catalogued, MeasureFunction};

use super::dice::Dice;
use super::folding::fold_duplicates;
pub use condition::expr;
use condition::{scope, unit};

/// A random statement that asks, now and then of one article a story.
pub fn statement(dice: &mut Dice) -> Statement {
    let mut statement = asking(dice);
    if let Statement::Query(query) = &mut statement
        && dice.chance(20)
    {
        fold_duplicates(query);
    }
    statement
}

fn asking(dice: &mut Dice) -> Statement {
    match dice.below(40) {
        0..=35 => Statement::Query(query(dice)),
        36..=37 => Statement::Show(show(dice)),
        38 => Statement::Explain(explain(dice)),
        _ => match dice.below(5) {
            0 => Statement::Describe(None),
            1..=2 => Statement::Describe(Some(field(dice, VALUE_FIELDS))),
            _ => Statement::List(*dice.pick(&[Catalogued::Fields, Catalogued::Saved, Catalogued::Aliases])),
        },
    }
}

fn query(dice: &mut Dice) -> Query {
    match dice.below(19) {
        0..=8 => Query::Find(find(dice)),
        9..=10 => Query::Count(count(dice)),
        11..=12 => Query::Measure(measure(dice)),
        13..=14 => Query::Top(top(dice)),
        15 => Query::Pairs(pairs(dice)),
        _ => Query::Timeline(timeline(dice)),
    }
}

fn explain(dice: &mut Dice) -> Explain {
    match dice.below(3) {
        0 => Explain::Plan(Runnable::Query(query(dice))),
        1 => Explain::Analyze(Runnable::Query(query(dice))),
        _ => Explain::PlanOfWrite(Write::Delete(Deleted::Where(expr(dice, 2).into()))),
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
    "story",
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
    if dice.chance(20) {
        clauses.push(Clause::With(with_articles(dice)).into());
    }
    Find { projection, filter: filter(dice), clauses }
}

/// What `find` and `show` add to articles, once each.
fn with_articles(dice: &mut Dice) -> Vec<At<WithItem>> {
    let words = sometimes(dice, 50, |dice| whole(dice.between(1, 30)));
    let mut items = vec![WithItem::Total, WithItem::Extraction, WithItem::Snippets(words)];
    let count = dice.between(1, 2);
    (0..count).map(|_| items.remove(dice.below(items.len())).into()).collect()
}

fn article_order(dice: &mut Dice) -> OrderBy {
    match dice.below(4) {
        0 => OrderBy::Newest,
        1 => OrderBy::Oldest,
        _ => {
            let names = [
                "source", "title", "words", "tone", "date", "person", "topic", "deaths", "event", "lang",
                "id", "added", "story",
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
    let with = with_groups(dice);
    if !with.is_empty() {
        clauses.push(Clause::With(with).into());
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

fn with_groups(dice: &mut Dice) -> Vec<At<WithItem>> {
    let missing = dice.chance(25).then(|| WithItem::Missing.into());
    let total = dice.chance(15).then(|| WithItem::Total.into());
    missing.into_iter().chain(total).collect()
}

fn top(dice: &mut Dice) -> Top {
    let limit = sometimes(dice, 50, |dice| whole(dice.between(1, 5)));
    let mut names = VALUE_FIELDS.to_vec();
    names.extend(["checked", "tone"]);
    Top { limit, field: field(dice, &names), filter: filter(dice), with: with_groups(dice) }
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
    Pairs { limit, first, second, scope, filter: filter(dice), order, with: with_groups(dice) }
}

fn timeline(dice: &mut Dice) -> Timeline {
    let of = sometimes(dice, 25, |dice| field(dice, &["date", "event", "added"]));
    let fine = dice.chance(8);
    let unit = match fine {
        true => *dice.pick(&[Unit::Hour, Unit::Minute]),
        false => *dice.pick(&[Unit::Year, Unit::Quarter, Unit::Month, Unit::Month, Unit::Week, Unit::Day]),
    };
    let as_share = sometimes(dice, 20, |_| At::from(Share::OfGroup));
    let split = sometimes(dice, 25, |dice| {
        let top = sometimes(dice, 60, |dice| whole(dice.between(1, 3)));
        At::from(Split { field: field(dice, VALUE_FIELDS), top })
    });
    let compare = if split.is_none() && dice.chance(20) { series(dice) } else { Vec::new() };
    Timeline {
        filter: if fine { Some(in_one_day(dice, of.as_ref()).into()) } else { filter(dice) },
        field: of,
        unit: unit.into(),
        split,
        as_share,
        compare,
        with: Vec::new(),
    }
}

/// A condition that leaves few hours and minutes to count.
fn in_one_day(dice: &mut Dice, field: Option<&At<FieldRef>>) -> Expr {
    let field = field.cloned().unwrap_or_else(|| name("date"));
    let time = Time::Moment(Moment::Date(DateLiteral::Date("2018-09-03".parse().unwrap())));
    let relation = *dice.pick(&[DateWord::On, DateWord::On, DateWord::Overlaps]);
    let day = Condition::DateTest(DateTest { field, relation: relation.into(), time: time.into() });
    match dice.chance(50) {
        true => Expr::from(day),
        false => Expr::And(vec![Expr::from(day).into(), expr(dice, 1).into()]),
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
    let articles = articles.collect();
    let with = sometimes(dice, 30, with_articles).unwrap_or_default();
    Show { articles, with }
}
