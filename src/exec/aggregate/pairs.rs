//! `top pairs of`: values that stand together, with how much more often than chance would have it.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::group::{GroupId, GroupReader, Grouping};
use super::rows::{Figure, keep_first};
use super::top::named;
use crate::article::EntityKind;
use crate::date::Offset;
use crate::exec::check::Units;
use crate::exec::docset::{BLOCK, DocSet, Ordinal, TERMINATED};
use crate::exec::planner::Planner;
use crate::exec::proximity::{Occurrence, unit_of};
use crate::exec::run::{Outcome, Plans};
use crate::exec::{AnswerKind, CellType, Column, Context, ExecError, OpenSegment, Row, RowSink, Summary};
use crate::query::{GroupKey, Pairs, Scope};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::segment::{Entities, KeywordField};
use crate::value::{Number, Value};

/// Answers `top pairs of`.
pub(crate) fn pairs(
    pairs: &Pairs,
    context: &Context<'_>,
    planner: &Planner<'_, '_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let plans = Plans::new(&pairs.predicate, planner)?;
    let mut counter = PairCounter::new(pairs, context)?;
    counter.count(&plans, context)?;
    let columns = counter.columns();
    sink.start(AnswerKind::Pairs, &columns);
    for pair in counter.ranked(pairs) {
        let cells = vec![
            counter.first.cell(pair.first, context)?,
            counter.second().cell(pair.second, context)?,
            Figure::count(pair.articles).cell(),
            number_figure(pair.lift).cell(),
        ];
        if sink.row(Row { id: None, cells }).is_break() {
            break;
        }
    }
    let summary = Summary { total: pairs.with.total.then_some(counter.articles), ..Summary::default() };
    Ok(Outcome { summary, is_empty: counter.articles == 0, plans: Some(plans) })
}

fn number_figure(value: f64) -> Figure {
    Figure::Value(Number::from_f64(value).map(Value::Number))
}

/// A pair of values with its figures.
struct Pair {
    first: GroupId,
    second: GroupId,
    articles: u64,
    lift: f64,
}

/// Counts pairs, and the values by themselves.
struct PairCounter {
    first: Grouping,
    /// `None` where both values are of one field.
    other: Option<Grouping>,
    scope: Option<Scope>,
    with_missing: bool,
    articles: u64,
    firsts: HashMap<GroupId, u64>,
    seconds: HashMap<GroupId, u64>,
    together: HashMap<(GroupId, GroupId), u64>,
}

impl PairCounter {
    fn new(pairs: &Pairs, context: &Context<'_>) -> Result<PairCounter, ExecError> {
        let grouping = |field: &Field| Grouping::new(&GroupKey::Field(field.clone()), Offset::UTC, context);
        let same = pairs.first.name == pairs.second.name;
        Ok(PairCounter {
            first: grouping(&pairs.first)?,
            other: if same { None } else { Some(grouping(&pairs.second)?) },
            scope: pairs.scope,
            with_missing: pairs.with.missing,
            articles: 0,
            firsts: HashMap::new(),
            seconds: HashMap::new(),
            together: HashMap::new(),
        })
    }

    fn second(&self) -> &Grouping {
        self.other.as_ref().unwrap_or(&self.first)
    }

    fn columns(&self) -> Vec<Column> {
        let number = |name: &str| Column {
            name: name.to_owned(),
            cell_type: CellType::Field(FieldType::Number),
            many: false,
        };
        let values = vec![self.first.column(), self.second().column()];
        named(values, &["first", "second"]).into_iter().chain([number("articles"), number("lift")]).collect()
    }

    fn count(&mut self, plans: &Plans, context: &Context<'_>) -> Result<(), ExecError> {
        plans.each(context, |open, mut set| {
            let mut first = self.first.open(open)?;
            let mut second = self.other.as_ref().map(|other| other.open(open)).transpose()?;
            let mut places = Places::open(self, open)?;
            let mut block = [0; BLOCK];
            loop {
                let filled = set.fill(TERMINATED, &mut block);
                if filled == 0 {
                    break;
                }
                context.guard.tick(filled as u32)?;
                for &ordinal in block.iter().take(filled) {
                    self.add(ordinal, &mut first, second.as_mut(), places.as_mut(), context)?;
                }
            }
            self.first.close(first);
            if let (Some(other), Some(second)) = (&mut self.other, second) {
                other.close(second);
            }
            Ok(())
        })
    }

    fn add(
        &mut self,
        ordinal: Ordinal,
        first: &mut GroupReader<'_>,
        second: Option<&mut GroupReader<'_>>,
        places: Option<&mut Places<'_>>,
        context: &Context<'_>,
    ) -> Result<(), ExecError> {
        self.articles += 1;
        let firsts = read(&mut self.first, first, ordinal, self.with_missing)?;
        for &id in &firsts {
            *self.firsts.entry(id).or_default() += 1;
        }
        let seconds = match (&mut self.other, second) {
            (Some(other), Some(reader)) => {
                let seconds = read(other, reader, ordinal, self.with_missing)?;
                for &id in &seconds {
                    *self.seconds.entry(id).or_default() += 1;
                }
                seconds
            }
            _ => Vec::new(),
        };
        let pairs = match places {
            Some(places) => places.shared(ordinal, self)?,
            None if self.other.is_none() => unordered(&firsts),
            None => firsts.iter().flat_map(|&a| seconds.iter().map(move |&b| (a, b))).collect(),
        };
        for pair in pairs {
            let count = self.together.entry(pair).or_default();
            if *count == 0 {
                context.guard.grow(size_of::<((GroupId, GroupId), u64)>())?;
            }
            *count += 1;
        }
        Ok(())
    }

    /// Returns the pairs of the page, in order.
    fn ranked(&self, asked: &Pairs) -> Vec<Pair> {
        let seconds = if self.other.is_some() { &self.seconds } else { &self.firsts };
        let alone = |counts: &HashMap<GroupId, u64>, id| counts.get(&id).copied().unwrap_or(1).max(1) as f64;
        let mut ranked: Vec<Pair> = self
            .together
            .iter()
            .map(|(&(a, b), &articles)| {
                let (first, second) = self.oriented(a, b);
                let apart = alone(&self.firsts, first) * alone(seconds, second);
                // Divided once: equal ratios come out as equal floats, so that they tie.
                let lift = articles as f64 * self.articles as f64 / apart;
                Pair { first, second, articles, lift }
            })
            .collect();
        let wanted = usize::try_from(asked.limit).unwrap_or(usize::MAX);
        keep_first(&mut ranked, wanted, |a, b| self.compare(a, b, asked));
        ranked
    }

    /// Of a pair from one field, the smaller name comes first.
    fn oriented(&self, a: GroupId, b: GroupId) -> (GroupId, GroupId) {
        if self.other.is_none() && self.first.compare(a, b, false).is_gt() { (b, a) } else { (a, b) }
    }

    fn compare(&self, a: &Pair, b: &Pair, asked: &Pairs) -> Ordering {
        let figure = match asked.by_lift {
            true => a.lift.total_cmp(&b.lift),
            false => a.articles.cmp(&b.articles),
        };
        let figure = if asked.ascending { figure } else { figure.reverse() };
        figure
            .then_with(|| self.first.compare(a.first, b.first, false))
            .then_with(|| self.second().compare(a.second, b.second, false))
    }
}

fn read(
    grouping: &mut Grouping,
    reader: &mut GroupReader<'_>,
    ordinal: Ordinal,
    with_missing: bool,
) -> Result<Vec<GroupId>, ExecError> {
    let mut ids = Vec::new();
    grouping.read(reader, ordinal, &mut ids)?;
    if ids.is_empty() && with_missing {
        ids.push(grouping.missing());
    }
    Ok(ids)
}

/// Returns each pair of different numbers once, the smaller first.
fn unordered(ids: &[GroupId]) -> Vec<(GroupId, GroupId)> {
    ids.iter()
        .enumerate()
        .flat_map(|(at, &a)| ids.iter().skip(at + 1).map(move |&b| (a.min(b), a.max(b))))
        .filter(|(a, b)| a != b)
        .collect()
}

/// Where the entities of each article stand, for pairs inside one sentence or paragraph.
struct Places<'a> {
    entities: Entities<'a>,
    units: Units<'a>,
    /// The fields of both sides, with their kinds; other fields have no places in the text.
    first: Option<(EntityKind, KeywordField<'a>)>,
    second: Option<(EntityKind, KeywordField<'a>)>,
}

impl<'a> Places<'a> {
    /// Returns nothing where pairs are of whole articles.
    fn open(counter: &PairCounter, open: &'a OpenSegment<'_>) -> Result<Option<Places<'a>>, ExecError> {
        if counter.scope.is_none() {
            return Ok(None);
        }
        Ok(Some(Places {
            entities: open.segment.entities()?,
            units: Units::open(counter.scope, open)?,
            first: entity_field(&counter.first, open)?,
            second: entity_field(counter.second(), open)?,
        }))
    }

    /// Returns the distinct pairs that stand in one unit of the article.
    fn shared(
        &mut self,
        ordinal: Ordinal,
        counter: &mut PairCounter,
    ) -> Result<Vec<(GroupId, GroupId)>, ExecError> {
        self.units.load(ordinal)?;
        let entities = self.entities.read(ordinal)?;
        let mut sides: [Vec<(usize, GroupId)>; 2] = Default::default();
        for entity in &entities {
            let units: BTreeSet<usize> = entity
                .occurrences
                .iter()
                .filter_map(|stretch| {
                    unit_of(&self.units.starts, Occurrence::new(stretch.position, stretch.words))
                })
                .collect();
            let fields = [&self.first, &self.second];
            for ((field, side), is_first) in fields.into_iter().zip(&mut sides).zip([true, false]) {
                let Some((kind, field)) = field.as_ref().filter(|(kind, _)| *kind == entity.kind) else {
                    continue;
                };
                debug_assert_eq!(*kind, entity.kind);
                let grouping = match (&mut counter.other, is_first) {
                    (Some(other), false) => other,
                    _ => &mut counter.first,
                };
                let id = grouping.id_of_value(field, entity.canonical)?;
                side.extend(units.iter().map(|&unit| (unit, id)));
            }
        }
        let mut found = BTreeSet::new();
        let [first, second] = &sides;
        for &(unit, a) in first {
            for &(other_unit, b) in second {
                if unit != other_unit {
                    continue;
                }
                match counter.other {
                    Some(_) => found.insert((a, b)),
                    None => a != b && found.insert((a.min(b), a.max(b))),
                };
            }
        }
        Ok(found.into_iter().collect())
    }
}

fn entity_field<'a>(
    grouping: &Grouping,
    open: &'a OpenSegment<'_>,
) -> Result<Option<(EntityKind, KeywordField<'a>)>, ExecError> {
    let Some(name) = grouping.field_name() else { return Ok(None) };
    let kind = match name {
        FieldName::Builtin(Builtin::Person) => EntityKind::Person,
        FieldName::Builtin(Builtin::Place) => EntityKind::Place,
        FieldName::Builtin(Builtin::Org) => EntityKind::Org,
        _ => return Ok(None),
    };
    Ok(open.segment.keyword(name)?.map(|field| (kind, field)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_never_paired_with_itself() {
        assert_eq!(unordered(&[4, 2, 9]), [(2, 4), (4, 9), (2, 9)]);
        assert_eq!(unordered(&[4, 4]), []);
        assert_eq!(unordered(&[4]), []);
    }
}
