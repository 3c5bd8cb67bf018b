//! One cell as text or as JSON; the contract of values.

use serde_json::{Value as Json, json};

use crate::date::{Date, Offset};
use crate::exec::Cell;
use crate::value::{Number, Value};

/// What stands between the values of a many-valued field.
pub(super) const SEPARATOR: &str = "; ";

/// Returns the cell as text, values in the order of the article; empty where missing.
pub(super) fn cell_text(cell: &Cell, zone: Offset) -> String {
    match cell {
        Cell::Missing => String::new(),
        Cell::One(value) => value_text(value, zone),
        Cell::Many(values) => joined(values.iter().map(|value| value_text(value, zone))),
        Cell::Snippets(snippets) => joined(snippets.iter().map(|snippet| snippet.text.clone())),
        Cell::Json(json) => json.to_string(),
    }
}

/// Returns the cell as JSON; a missing one is `null`, or `[]` in a column of many values.
pub(super) fn cell_json(cell: &Cell, many: bool, zone: Offset) -> Json {
    match cell {
        Cell::Missing if many => json!([]),
        Cell::Missing => Json::Null,
        Cell::One(value) => value_json(value, zone),
        Cell::Many(values) => values.iter().map(|value| value_json(value, zone)).collect(),
        Cell::Snippets(snippets) => json!(snippets),
        Cell::Json(json) => json.clone(),
    }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(SEPARATOR)
}

fn value_text(value: &Value, zone: Offset) -> String {
    match value {
        Value::Date(date) => date_text(*date, zone),
        other => other.to_string(),
    }
}

fn value_json(value: &Value, zone: Offset) -> Json {
    match value {
        Value::Text(text) => json!(text),
        Value::Number(Number::Whole(number)) => json!(number),
        Value::Number(Number::Decimal(number)) => json!(number),
        Value::Boolean(value) => json!(value),
        Value::Date(date) => json!(date_text(*date, zone)),
    }
}

/// Returns a civil date at its own precision and a timestamp as one of `zone`.
fn date_text(date: Date, zone: Offset) -> String {
    date.in_zone(zone).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Cell {
        Cell::One(Value::Date(text.parse().unwrap()))
    }

    #[test]
    fn dates_keep_their_precision_and_timestamps_take_the_zone() {
        let moscow: Offset = "+03:00".parse().unwrap();
        assert_eq!(cell_text(&date("2018-09"), moscow), "2018-09");
        assert_eq!(cell_text(&date("2018-W36"), moscow), "2018-W36");
        assert_eq!(cell_text(&date("2018-09-01T22:30:00Z"), moscow), "2018-09-02T01:30:00+03:00");
    }

    #[test]
    fn missing_and_many_have_forms_of_their_own() {
        let many = Cell::Many(vec!["AFP".into(), "Reuters".into()]);
        assert_eq!(cell_text(&many, Offset::UTC), "AFP; Reuters");
        assert_eq!(cell_json(&many, true, Offset::UTC), json!(["AFP", "Reuters"]));
        assert_eq!(cell_json(&Cell::Missing, true, Offset::UTC), json!([]));
        assert_eq!(cell_json(&Cell::Missing, false, Offset::UTC), Json::Null);
        assert_eq!(cell_text(&Cell::Missing, Offset::UTC), "");
    }

    #[test]
    fn numbers_are_shortest() {
        assert_eq!(cell_text(&Cell::One(Value::Number(Number::Decimal(0.1))), Offset::UTC), "0.1");
        assert_eq!(cell_json(&Cell::One(7.into()), false, Offset::UTC), json!(7));
    }
}
