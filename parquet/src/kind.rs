//! What a column of the file holds.

use dateline::exec::{AnswerKind, Cell, CellType, Column};
use dateline::schema::FieldType;
use dateline::value::{Number, Value};

/// Columns of figures that are worked out, whose next value is seldom a whole number.
const FRACTIONS: [&str; 4] = ["share", "lift", "average", "median"];

/// The type of a column's values.
///
/// A wider kind holds all that a narrower one does: `Whole` is within `Decimal`, and everything is within `Text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Whole,
    Decimal,
    Truth,
    Date,
    Extracts,
    Text,
}

impl Kind {
    /// Returns the narrowest kind that a column may turn out to have.
    pub(crate) fn of(column: &Column, answer: AnswerKind) -> Kind {
        match column.cell_type {
            CellType::Snippets => Kind::Extracts,
            CellType::Extraction => Kind::Text,
            CellType::Field(FieldType::Number) if is_fraction(&column.name, answer) => Kind::Decimal,
            CellType::Field(FieldType::Number) => Kind::Whole,
            CellType::Field(FieldType::Boolean) => Kind::Truth,
            CellType::Field(FieldType::Date) => Kind::Date,
            CellType::Field(FieldType::Text | FieldType::Keyword | FieldType::Quote) => Kind::Text,
        }
    }

    /// Returns the narrowest kind that holds what this one does and the cell too.
    pub(crate) fn widened(self, cell: &Cell) -> Kind {
        match cell {
            Cell::Missing => self,
            Cell::One(value) => self.widened_by(value),
            Cell::Many(values) => values.iter().fold(self, Kind::widened_by),
            Cell::Snippets(_) if self == Kind::Extracts => self,
            Cell::Snippets(_) | Cell::Json(_) => Kind::Text,
        }
    }

    fn widened_by(self, value: &Value) -> Kind {
        match (self, value) {
            (Kind::Whole, Value::Number(Number::Decimal(_))) => Kind::Decimal,
            (Kind::Whole | Kind::Decimal, Value::Number(_))
            | (Kind::Truth, Value::Boolean(_))
            | (Kind::Date, Value::Date(_)) => self,
            _ => Kind::Text,
        }
    }
}

fn is_fraction(name: &str, answer: AnswerKind) -> bool {
    match answer {
        AnswerKind::Find | AnswerKind::Show => name == "score",
        _ => FRACTIONS.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(name: &str) -> Column {
        Column { name: name.to_owned(), cell_type: CellType::Field(FieldType::Number), many: false }
    }

    #[test]
    fn a_figure_that_is_worked_out_is_never_whole_by_chance() {
        assert_eq!(Kind::of(&number("share"), AnswerKind::Top), Kind::Decimal);
        assert_eq!(Kind::of(&number("articles"), AnswerKind::Top), Kind::Whole);
        assert_eq!(Kind::of(&number("share"), AnswerKind::Find), Kind::Whole);
        assert_eq!(Kind::of(&number("score"), AnswerKind::Find), Kind::Decimal);
    }

    #[test]
    fn a_kind_widens_as_far_as_its_values_ask() {
        let half = Cell::One(Value::Number(Number::Decimal(0.5)));
        assert_eq!(Kind::Whole.widened(&Cell::One(7.into())), Kind::Whole);
        assert_eq!(Kind::Whole.widened(&half), Kind::Decimal);
        assert_eq!(Kind::Decimal.widened(&Cell::Missing), Kind::Decimal);
        assert_eq!(Kind::Truth.widened(&half), Kind::Text);
        assert_eq!(Kind::Date.widened(&Cell::Many(vec!["x".into()])), Kind::Text);
    }
}
