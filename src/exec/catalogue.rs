//! `describe` and `list`: what the archive knows about itself.

use super::open::count_live;
use super::plan::{Plan, Source};
use super::run::Outcome;
use super::{AnswerKind, Cell, CellType, Column, Context, ExecError, Row, RowSink, Summary};
use crate::query::Catalogued;
use crate::schema::{Field, FieldName, FieldType};
use crate::value::Value;

/// Answers `describe`: fields with their types, how many articles have them, and what they hold.
pub(crate) fn describe(
    field: Option<&Field>,
    context: &Context<'_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let fields: Vec<Field> = match field {
        Some(field) => vec![field.clone()],
        None => context.catalog.schema.fields().collect(),
    };
    table(AnswerKind::Describe, &fields, context, sink)
}

/// Answers `list`.
pub(crate) fn list(
    catalogued: Catalogued,
    context: &Context<'_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    match catalogued {
        Catalogued::Fields => {
            let fields: Vec<Field> = context.catalog.schema.fields().collect();
            table(AnswerKind::List, &fields, context, sink)
        }
        Catalogued::Saved => {
            sink.start(AnswerKind::List, &[text("name"), text("kind"), text("text")]);
            let rows = context.catalog.saved.iter().map(|(name, saved)| {
                let kind = if saved.is_condition { "filter" } else { "query" };
                vec![one(format!("@{name}")), one(kind), one(saved.text.as_str())]
            });
            Ok(emit(rows, sink))
        }
        Catalogued::Aliases => {
            sink.start(AnswerKind::List, &[text("name"), Column { many: true, ..text("aliases") }]);
            let rows = context.catalog.aliases.iter().map(|(name, others)| {
                let others = others.iter().map(|other| Value::from(other.as_str())).collect();
                vec![one(name.as_str()), Cell::Many(others)]
            });
            Ok(emit(rows, sink))
        }
    }
}

fn table(
    kind: AnswerKind,
    fields: &[Field],
    context: &Context<'_>,
    sink: &mut dyn RowSink,
) -> Result<Outcome, ExecError> {
    let articles = Column { cell_type: CellType::Field(FieldType::Number), ..text("articles") };
    let many = Column { cell_type: CellType::Field(FieldType::Boolean), ..text("many") };
    sink.start(kind, &[text("field"), text("type"), many, articles, text("about")]);
    let mut rows = Vec::with_capacity(fields.len());
    for field in fields {
        let about = match &field.name {
            FieldName::Builtin(builtin) => builtin.info().about,
            FieldName::Declared(_) => "brought by articles of this archive",
        };
        rows.push(vec![
            one(field.name.as_str()),
            one(field.field_type.name()),
            Cell::One(Value::Boolean(field.many)),
            Cell::One(Value::from(i64::try_from(articles_with(field, context)?).unwrap_or(i64::MAX))),
            one(about),
        ]);
    }
    Ok(emit(rows.into_iter(), sink))
}

/// Returns how many live articles have a field.
fn articles_with(field: &Field, context: &Context<'_>) -> Result<u64, ExecError> {
    let mut count = 0;
    for open in &context.segments {
        let listed = u64::from(open.segment.presence(&field.name)?.len());
        let plan = Plan::list(String::new(), listed, Source::Presence(field.name.clone()));
        count += count_live(context, open, &plan)?;
    }
    Ok(count)
}

fn emit(rows: impl Iterator<Item = Vec<Cell>>, sink: &mut dyn RowSink) -> Outcome {
    for cells in rows {
        if sink.row(Row { id: None, cells }).is_break() {
            break;
        }
    }
    Outcome { summary: Summary::default(), ..Outcome::default() }
}

fn text(name: &str) -> Column {
    Column { name: name.to_owned(), cell_type: CellType::Field(FieldType::Keyword), many: false }
}

fn one(text: impl Into<String>) -> Cell {
    Cell::One(Value::Text(text.into()))
}
