//! Rows of groups: their order and their page.

use std::cmp::Ordering;

use super::group::{GroupId, Grouping};
use crate::exec::order::SortKey;
use crate::exec::{Cell, CellType, Column, Context, ExecError, Row, RowSink};
use crate::query::{OrderBy, OrderKey};
use crate::schema::FieldType;
use crate::value::{Number, Value};

/// A group with the figures of its row.
#[derive(Debug, Clone)]
pub(crate) struct GroupRow {
    /// The series it belongs to, where there are series.
    pub series: usize,
    /// The group under each key.
    pub ids: Vec<GroupId>,
    /// What the columns after the keys show.
    pub figures: Vec<Figure>,
}

/// A figure of a row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Figure {
    /// A value, or nothing.
    Value(Option<Value>),
    /// A float such as a share.
    Ratio(f64),
}

impl Figure {
    /// Returns a count as a figure.
    pub(crate) fn count(count: u64) -> Figure {
        Figure::Value(Some(Value::from(i64::try_from(count).unwrap_or(i64::MAX))))
    }

    /// Returns the share of `part` in `whole`; nothing where there is no whole.
    pub(crate) fn share(part: u64, whole: u64) -> Figure {
        if whole == 0 { Figure::Value(None) } else { Figure::Ratio(part as f64 / whole as f64) }
    }

    fn number(&self) -> Option<Number> {
        match self {
            Figure::Value(Some(Value::Number(number))) => Some(*number),
            Figure::Ratio(ratio) => Number::from_f64(*ratio),
            Figure::Value(_) => None,
        }
    }

    fn key(&self) -> SortKey {
        match self {
            Figure::Value(Some(Value::Date(date))) => SortKey::Date(date.sort_start(), date.sort_end()),
            figure => figure.number().map_or(SortKey::Missing, SortKey::Number),
        }
    }

    /// Returns the cell that shows the figure.
    pub(crate) fn cell(&self) -> Cell {
        match self {
            Figure::Value(None) => Cell::Missing,
            Figure::Value(Some(value)) => Cell::One(value.clone()),
            Figure::Ratio(_) => {
                self.number().map_or(Cell::Missing, |number| Cell::One(Value::Number(number)))
            }
        }
    }
}

/// What the rows of groups are shown under.
pub(crate) struct Layout<'a> {
    /// The names of the series; none where there are no series.
    pub series: Vec<String>,
    pub groupings: &'a [Grouping],
    /// Names and types of the columns after the keys.
    pub figures: Vec<(&'static str, FieldType)>,
    pub order: &'a [OrderKey],
    pub limit: Option<u64>,
    pub offset: u64,
}

impl Layout<'_> {
    /// Returns the columns.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let plain = |name: &str, field_type| Column {
            name: name.to_owned(),
            cell_type: CellType::Field(field_type),
            many: false,
        };
        let series = (!self.series.is_empty()).then(|| plain("series", FieldType::Keyword));
        let figures = self.figures.iter().map(|(name, field_type)| plain(name, *field_type));
        series.into_iter().chain(self.groupings.iter().map(Grouping::column)).chain(figures).collect()
    }

    /// Sorts the rows and hands over the page.
    pub(crate) fn emit(
        &self,
        mut rows: Vec<GroupRow>,
        context: &Context<'_>,
        sink: &mut dyn RowSink,
    ) -> Result<(), ExecError> {
        let columns = self.columns();
        let order: Vec<(Sorted, bool)> = self
            .order
            .iter()
            .filter_map(|key| Some((self.sorted_by(key, &columns)?, key.descending)))
            .collect();
        let offset = usize::try_from(self.offset).unwrap_or(usize::MAX);
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        keep_first(&mut rows, offset.saturating_add(limit), |a, b| self.compare(a, b, &order));
        for row in rows.iter().skip(offset).take(limit) {
            context.guard.tick(1)?;
            if sink.row(self.row(row, context)?).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn row(&self, row: &GroupRow, context: &Context<'_>) -> Result<Row, ExecError> {
        let mut cells = Vec::with_capacity(1 + row.ids.len() + row.figures.len());
        if let Some(label) = self.series.get(row.series) {
            cells.push(Cell::One(Value::from(label.as_str())));
        }
        for (grouping, &id) in self.groupings.iter().zip(&row.ids) {
            cells.push(grouping.cell(id, context)?);
        }
        cells.extend(row.figures.iter().map(Figure::cell));
        Ok(Row { id: None, cells })
    }

    fn sorted_by(&self, key: &OrderKey, columns: &[Column]) -> Option<Sorted> {
        let name = match &key.by {
            OrderBy::Column(name) => name.as_str(),
            OrderBy::Field(field) => field.name.as_str(),
            OrderBy::Relevance => return None,
        };
        let at = columns.iter().position(|column| column.name == name)?;
        let first_key = usize::from(!self.series.is_empty());
        let first_figure = first_key + self.groupings.len();
        Some(match at {
            at if at < first_key => Sorted::Series,
            at if at < first_figure => Sorted::Key(at - first_key),
            at => Sorted::Figure(at - first_figure),
        })
    }

    /// Orders as asked, else by the first figure, largest first; then by keys, then by series.
    ///
    /// Series without keys stay in the order in which they were written.
    fn compare(&self, a: &GroupRow, b: &GroupRow, order: &[(Sorted, bool)]) -> Ordering {
        let by_figure = order.is_empty() && !a.ids.is_empty();
        let by_figure = by_figure.then(|| self.compare_by(a, b, Sorted::Figure(0), true));
        let asked = order.iter().map(|(by, descending)| self.compare_by(a, b, *by, *descending));
        let by_keys = (0..a.ids.len()).map(|at| self.compare_by(a, b, Sorted::Key(at), false));
        asked
            .chain(by_figure)
            .chain(by_keys)
            .find(|order| order.is_ne())
            .unwrap_or_else(|| a.series.cmp(&b.series))
    }

    fn compare_by(&self, a: &GroupRow, b: &GroupRow, by: Sorted, descending: bool) -> Ordering {
        match by {
            Sorted::Series => {
                let label = |row: &GroupRow| self.series.get(row.series);
                if descending { label(b).cmp(&label(a)) } else { label(a).cmp(&label(b)) }
            }
            Sorted::Key(at) => {
                let (Some(grouping), Some(&a), Some(&b)) =
                    (self.groupings.get(at), a.ids.get(at), b.ids.get(at))
                else {
                    return Ordering::Equal;
                };
                grouping.compare(a, b, descending)
            }
            Sorted::Figure(at) => {
                let key = |row: &GroupRow| row.figures.get(at).map_or(SortKey::Missing, Figure::key);
                key(a).compare(&key(b), descending)
            }
        }
    }
}

/// Sorts so much of a list as is wanted, and drops the rest.
pub(crate) fn keep_first<T>(list: &mut Vec<T>, wanted: usize, compare: impl Fn(&T, &T) -> Ordering) {
    if wanted < list.len() {
        list.select_nth_unstable_by(wanted, &compare);
        list.truncate(wanted);
    }
    list.sort_unstable_by(compare);
}

/// What rows are compared by.
#[derive(Debug, Clone, Copy)]
enum Sorted {
    Series,
    Key(usize),
    Figure(usize),
}
