//! Columns of articles.

use super::hits::Hit;
use crate::article::Record;
use crate::date::Offset;
use crate::exec::docset::Ordinal;
use crate::exec::score::Scoring;
use crate::exec::snippet::Extracts;
use crate::exec::{Cell, CellType, Column, Context, ExecError, OpenSegment, Row};
use crate::query::{Find, Projection, Show, With};
use crate::schema::{Builtin, Field, FieldName, FieldType};
use crate::value::{Number, Value};

/// The columns of `find` where none are named.
const DEFAULT_FIELDS: [Builtin; 5] =
    [Builtin::Id, Builtin::Key, Builtin::Date, Builtin::Title, Builtin::Source];

/// Makes the row of an article.
pub(crate) struct Projector<'q> {
    fields: Vec<Field>,
    columns: Vec<Column>,
    with: With,
    extracts: Option<Extracts<'q>>,
    zone: Offset,
}

impl<'q> Projector<'q> {
    /// Returns the columns of a `find`.
    pub(crate) fn of_find(find: &'q Find, context: &Context<'_>) -> Projector<'q> {
        let fields = match &find.projection {
            Projection::Default => DEFAULT_FIELDS.iter().map(|&field| Field::from(field)).collect(),
            Projection::Everything => stored_fields(context),
            Projection::Fields(fields) => fields.clone(),
        };
        let extracts = find.with.snippet_words.map(|words| Extracts::of(&find.predicate, words));
        Projector::new(fields, find.with.clone(), extracts, super::zone_of(find))
    }

    /// Returns the columns of a `show`: every field, the body last.
    pub(crate) fn of_show(show: &Show, context: &Context<'_>) -> Projector<'q> {
        let mut fields = stored_fields(context);
        fields.retain(|field| field.name != FieldName::Builtin(Builtin::Body));
        fields.push(Builtin::Quote.into());
        fields.push(Builtin::Lede.into());
        fields.push(Builtin::Body.into());
        let extracts = show.with.snippet_words.map(Extracts::of_nothing);
        Projector::new(fields, show.with.clone(), extracts, show.zone)
    }

    fn new(fields: Vec<Field>, with: With, extracts: Option<Extracts<'q>>, zone: Offset) -> Projector<'q> {
        let column = |field: &Field| Column {
            name: field.name.as_str().to_owned(),
            cell_type: CellType::Field(field.field_type),
            many: field.many,
        };
        let mut columns: Vec<Column> = fields.iter().map(column).collect();
        let mut add = |wanted: bool, name: &str, cell_type| {
            if wanted {
                columns.push(Column { name: name.to_owned(), cell_type, many: false });
            }
        };
        add(with.score, "score", CellType::Field(FieldType::Number));
        add(extracts.is_some(), "snippets", CellType::Snippets);
        add(with.extraction, "extraction", CellType::Extraction);
        Projector { fields, columns, with, extracts, zone }
    }

    /// Returns the columns.
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns the row of a hit.
    pub(crate) fn row(
        &self,
        hit: &Hit,
        context: &Context<'_>,
        scoring: Option<&Scoring>,
    ) -> Result<Row, ExecError> {
        let open = context.segments.get(hit.segment).ok_or(ExecError::ForeignCursor)?;
        self.row_of(hit.ordinal, open, context, scoring)
    }

    /// Returns the row of an article of a segment.
    pub(crate) fn row_of(
        &self,
        ordinal: Ordinal,
        open: &OpenSegment<'_>,
        context: &Context<'_>,
        scoring: Option<&Scoring>,
    ) -> Result<Row, ExecError> {
        let mut cells = Vec::with_capacity(self.columns.len());
        if !self.needs_record() {
            for field in &self.fields {
                cells.push(column_cell(field, ordinal, open)?);
            }
            self.add_score(&mut cells, ordinal, open, context, scoring)?;
            return Ok(Row { id: Some(open.identities.id(ordinal)), cells });
        }
        let record = open.record(ordinal, context.guard)?;
        for field in &self.fields {
            cells.push(self.cell(field, &record, ordinal, open)?);
        }
        self.add_score(&mut cells, ordinal, open, context, scoring)?;
        if let Some(extracts) = &self.extracts {
            cells.push(Cell::Snippets(extracts.of_record(&record)));
        }
        if self.with.extraction {
            cells.push(serde_json::to_value(&record.extraction).map_or(Cell::Missing, Cell::Json));
        }
        Ok(Row { id: Some(record.id), cells })
    }

    /// Tells whether anything that is shown lies in the stored record alone.
    fn needs_record(&self) -> bool {
        self.extracts.is_some() || self.with.extraction || !self.fields.iter().all(is_column)
    }

    fn add_score(
        &self,
        cells: &mut Vec<Cell>,
        ordinal: Ordinal,
        open: &OpenSegment<'_>,
        context: &Context<'_>,
        scoring: Option<&Scoring>,
    ) -> Result<(), ExecError> {
        if self.with.score {
            cells.push(match scoring {
                Some(scoring) => number_cell(scoring.open(context, open)?.score(ordinal)?),
                None => Cell::Missing,
            });
        }
        Ok(())
    }

    fn cell(
        &self,
        field: &Field,
        record: &Record,
        ordinal: Ordinal,
        open: &OpenSegment<'_>,
    ) -> Result<Cell, ExecError> {
        if field.name == FieldName::Builtin(Builtin::Words) {
            return column_cell(field, ordinal, open);
        }
        let mut values = record.values(&field.name);
        for value in &mut values {
            if let Value::Date(date) = value {
                *date = date.in_zone(self.zone);
            }
        }
        Ok(match field.many {
            true => Cell::Many(values),
            false => values.into_iter().next().map_or(Cell::Missing, Cell::One),
        })
    }
}

/// Tells whether a field is read without its article.
fn is_column(field: &Field) -> bool {
    matches!(field.name, FieldName::Builtin(Builtin::Id | Builtin::Words))
}

/// Returns the cell of such a field.
fn column_cell(field: &Field, ordinal: Ordinal, open: &OpenSegment<'_>) -> Result<Cell, ExecError> {
    let number = match field.name {
        FieldName::Builtin(Builtin::Id) => open.identities.id(ordinal).0,
        _ => open.segment.lengths()?.body(ordinal),
    };
    Ok(Cell::One(Value::from(i64::from(number))))
}

/// Returns the cell of a float, whole where it is.
pub(crate) fn number_cell(value: f64) -> Cell {
    Number::from_f64(value).map_or(Cell::Missing, |number| Cell::One(Value::Number(number)))
}

/// Lists the fields that are stored as such: not the virtual texts, not quotations.
fn stored_fields(context: &Context<'_>) -> Vec<Field> {
    let is_stored = |field: &Field| {
        !matches!(field.name, FieldName::Builtin(Builtin::Text | Builtin::Lede | Builtin::Quote))
    };
    context.catalog.schema.fields().filter(is_stored).collect()
}
