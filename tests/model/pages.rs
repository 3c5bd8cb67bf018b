//! Pages and ranks: what the twin does not compute has laws that it can hold the executor to.
//!
//! - The pages of a query, each begun with the cursor of the one before, are the whole answer, whatever its order.
//! - Articles that come between two pages neither move nor hide what was there.
//! - The best few are the first of all by rank, though only the whole answer scores every article.
//! - Ranked rows are the matches; their scores never rise, and equal scores come newest first.

use std::collections::BTreeSet;
use std::sync::Arc;

use dateline::article::Record;
use dateline::catalog::Catalog;
use dateline::exec::{self, Answer, Cell, RunOptions, View};
use dateline::query::ast::{At, Clause, Find, OrderBy, Projection, Query, Statement, Text, Whole, WithItem};
use dateline::query::{Bindings, Session, resolve};
use dateline::value::Value;

use super::condition::World;
use super::dice::Dice;
use super::rows::newest_first;
use super::story::Story;
use super::{NOW, archive, knob, layout, seed, throw};

/// Archives thrown where `DATELINE_MODEL_CASES` says nothing.
const CASES_DEFAULT: u64 = 40;

/// Queries asked of each archive.
const QUERIES: usize = 15;

#[test]
fn pages_and_ranks_keep_their_laws() {
    let (seed, cases) = (seed(), knob("DATELINE_MODEL_CASES").unwrap_or(CASES_DEFAULT));
    println!("seed {seed}, {cases} archives, {QUERIES} queries each");
    for case in 0..cases {
        let mut dice = Dice::new((seed + case) ^ 0xBE57);
        let mut catalog = archive::catalog();
        let count = dice.between(5, 40);
        let records = archive::records(&mut dice, count, &mut catalog.schema);
        let catalog = Arc::new(catalog);
        let view = layout::throw(&mut dice, &records, &[], &catalog);
        for _ in 0..QUERIES {
            let find = throw::find(&mut dice);
            let told = format!("seed {}: {}", seed + case, Query::Find(find.clone()));
            pages_are_the_whole(&find, dice.between(1, 7), &view, &told);
            pages_outlive_additions(&find, dice.between(1, 5), &records, &catalog, &told);
            ranks_are_in_order(&find, dice.between(1, 7), &records, &view, &told);
        }
    }
}

fn session() -> Session {
    Session { now: NOW, ..Session::default() }
}

/// Answers a query; `None` where it has no meaning, such as a rank without a text to score.
fn answer(find: Find, view: &View) -> Option<Answer> {
    let statement = At::from(Statement::Query(Query::Find(find)));
    let resolved = resolve(&statement, &view.catalog, &session(), &Bindings::default()).ok()?;
    match exec::answer(&resolved.request, view, &RunOptions::default()) {
        Ok(answer) => Some(answer),
        Err(exec::ExecError::NoStemmer { .. }) => None,
        Err(error) => panic!("{}: {error}", statement.node),
    }
}

fn ids(answer: &Answer) -> Vec<u32> {
    answer.rows.iter().map(|row| row.id.expect("rows of find are articles").0).collect()
}

fn limit(limit: usize) -> At<Clause> {
    Clause::Limit(Whole::Number(limit as u64).into()).into()
}

fn order_of(find: &Find) -> Vec<At<Clause>> {
    find.clauses.iter().filter(|clause| matches!(clause.node, Clause::Order(_))).cloned().collect()
}

fn pages_are_the_whole(find: &Find, size: usize, view: &View, told: &str) {
    let order = order_of(find);
    let Some(whole) = answer(Find { clauses: order.clone(), ..find.clone() }, view) else { return };
    let mut found = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let mut clauses = order.clone();
        clauses.push(limit(size));
        clauses.extend(cursor.map(|cursor| Clause::After(Text::String(cursor).into()).into()));
        let page = answer(Find { clauses, ..find.clone() }, view).expect("a page is asked like the whole");
        found.extend(ids(&page));
        assert!(found.len() <= whole.rows.len(), "{told}: pages of {size} do not end");
        match page.cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    assert_eq!(found, ids(&whole), "{told}: pages of {size}");
}

/// Articles come between two pages, and nothing of what was there is lost, shown twice or moved.
fn pages_outlive_additions(find: &Find, size: usize, records: &[Record], catalog: &Arc<Catalog>, told: &str) {
    let order = order_of(find);
    let mut known = records.len() / 2;
    let view = |known: usize| layout::plain(&records[..known], catalog);
    let whole = Find { clauses: order.clone(), ..find.clone() };
    let Some(before) = answer(whole, &view(known)) else { return };
    let (mut found, mut cursor): (Vec<u32>, Option<String>) = (Vec::new(), None);
    loop {
        let mut clauses = order.clone();
        clauses.push(limit(size));
        clauses.extend(cursor.map(|cursor| Clause::After(Text::String(cursor).into()).into()));
        let page = answer(Find { clauses, ..find.clone() }, &view(known));
        let page = page.expect("a page is asked like the whole");
        found.extend(ids(&page));
        assert!(found.len() <= records.len(), "{told}: pages of {size} do not end");
        match page.cursor {
            Some(next) => cursor = Some(next),
            None => break,
        }
        known = (known + 2).min(records.len());
    }
    let distinct: BTreeSet<u32> = found.iter().copied().collect();
    assert_eq!(distinct.len(), found.len(), "{told}: an article comes twice");
    let before = ids(&before);
    found.retain(|id| before.contains(id));
    assert_eq!(found, before, "{told}: pages of {size} while articles come");
}

fn ranks_are_in_order(find: &Find, best: usize, records: &[Record], view: &View, told: &str) {
    let best_first = At::from(Clause::Order(OrderBy::Best));
    let with_score = At::from(Clause::With(vec![WithItem::Score.into()]));
    let ranked = |clauses: Vec<At<Clause>>| {
        let projection = Some(Projection::Fields(vec![dateline::query::ast::FieldRef::new("id").into()]));
        answer(Find { projection, clauses, ..find.clone() }, view)
    };
    let Some(all) = ranked(vec![best_first.clone(), with_score.clone()]) else { return };
    let few = ranked(vec![best_first, with_score, limit(best)]).expect("the best are asked like all");
    let scored =
        |answer: &Answer| -> Vec<(u32, f64)> { ids(answer).into_iter().zip(scores(answer)).collect() };
    let (all, few) = (scored(&all), scored(&few));
    assert_eq!(few, all[..best.min(all.len())], "{told}: the best {best}");
    let world = World { catalog: &view.catalog, now: NOW, zone: session().zone };
    let is_match = |record: &&Record| {
        let story = Story::new(record);
        find.filter.as_ref().is_none_or(|filter| world.holds(filter, &story))
    };
    let mut expected: Vec<&Record> = records.iter().filter(is_match).collect();
    expected.sort_by(|a, b| newest_first(a, b));
    let score_of = |record: &Record| all.iter().find(|(id, _)| *id == record.id.0).map(|(_, score)| *score);
    assert!(expected.iter().all(|record| score_of(record).is_some()), "{told}: a match has no rank");
    // A stable sort: equal scores stay newest first.
    expected.sort_by(|a, b| score_of(b).partial_cmp(&score_of(a)).expect("scores are numbers"));
    let expected: Vec<u32> = expected.iter().map(|record| record.id.0).collect();
    assert_eq!(all.iter().map(|(id, _)| *id).collect::<Vec<_>>(), expected, "{told}: ranks");
}

fn scores(answer: &Answer) -> Vec<f64> {
    let column =
        answer.columns.iter().position(|column| column.name == "score").expect("`with score` adds it");
    let score = |cell: &Cell| match cell {
        Cell::One(Value::Number(number)) => number.as_f64(),
        other => panic!("{other:?} is no score"),
    };
    answer.rows.iter().map(|row| score(&row.cells[column])).collect()
}
