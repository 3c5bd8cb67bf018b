//! Failing cases made small: fewer articles, then smaller conditions, as long as the answers still differ.

use dateline::article::Record;
use dateline::query::ast::{At, Expr, Query, Statement};

/// Returns a smaller case that still fails, with its failure; `None` where even the given one does not.
pub fn minimise(
    mut statement: Statement,
    records: &[Record],
    fails: &dyn Fn(&Statement, &[Record]) -> Option<String>,
) -> Option<(Statement, Vec<Record>, String)> {
    let mut records = records.to_vec();
    let mut failure = fails(&statement, &records)?;
    loop {
        let fewer = (0..records.len()).find_map(|index| {
            let mut rest = records.clone();
            rest.remove(index);
            fails(&statement, &rest).map(|failure| (rest, failure))
        });
        if let Some((rest, now)) = fewer {
            (records, failure) = (rest, now);
            continue;
        }
        let simpler = simpler_statements(&statement)
            .into_iter()
            .find_map(|simpler| fails(&simpler, &records).map(|failure| (simpler, failure)));
        match simpler {
            Some((simpler, now)) => (statement, failure) = (simpler, now),
            None => return Some((statement, records, failure)),
        }
    }
}

fn simpler_statements(statement: &Statement) -> Vec<Statement> {
    let Statement::Query(query) = statement else { return Vec::new() };
    let mut found = Vec::new();
    let filter = match query {
        Query::Find(find) => &find.filter,
        Query::Count(count) => &count.filter,
        Query::Measure(measure) => &measure.filter,
        Query::Top(top) => &top.filter,
        Query::Pairs(pairs) => &pairs.filter,
        Query::Timeline(timeline) => &timeline.filter,
    };
    for simpler in filter.iter().flat_map(|filter| simpler_conditions(filter)) {
        let mut changed = query.clone();
        *filter_of(&mut changed) = Some(At::from(simpler));
        found.push(Statement::Query(changed));
    }
    if let Query::Find(find) = query {
        for index in 0..find.clauses.len() {
            let mut changed = find.clone();
            changed.clauses.remove(index);
            found.push(Statement::Query(Query::Find(changed)));
        }
    }
    found
}

fn filter_of(query: &mut Query) -> &mut Option<At<Expr>> {
    match query {
        Query::Find(find) => &mut find.filter,
        Query::Count(count) => &mut count.filter,
        Query::Measure(measure) => &mut measure.filter,
        Query::Top(top) => &mut top.filter,
        Query::Pairs(pairs) => &mut pairs.filter,
        Query::Timeline(timeline) => &mut timeline.filter,
    }
}

/// Makes one condition of several.
type Join = fn(Vec<At<Expr>>) -> Expr;

/// The parts of a condition, and the condition with one part less or one part simpler.
fn simpler_conditions(expr: &Expr) -> Vec<Expr> {
    let (operands, build): (&[At<Expr>], Join) = match expr {
        Expr::And(operands) => (operands, Expr::And),
        Expr::Or(alternatives) => (&alternatives.operands, |operands| Expr::Or(operands.into())),
        Expr::Not(inner) => {
            let negated =
                simpler_conditions(inner).into_iter().map(|simpler| Expr::Not(Box::new(simpler.into())));
            return std::iter::once(inner.node.clone()).chain(negated).collect();
        }
        Expr::Saved(_) | Expr::Condition(_) => return Vec::new(),
    };
    let mut found: Vec<Expr> = operands.iter().map(|operand| operand.node.clone()).collect();
    for index in 0..operands.len() {
        if operands.len() > 2 {
            let mut rest = operands.to_vec();
            rest.remove(index);
            found.push(build(rest));
        }
        for simpler in simpler_conditions(&operands[index]) {
            let mut changed = operands.to_vec();
            changed[index] = simpler.into();
            found.push(build(changed));
        }
    }
    found
}
