//! JSON: one object a statement, or one object a row.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::json;

use super::{Closing, Renderer, Rendering, cell::cell_json};
use crate::exec::{AnswerKind, Cell, Column, Row};

/// One object a statement, on one line, its rows written as they come.
pub(super) struct Json {
    rendering: Rendering,
    columns: Vec<Column>,
    rows: u64,
}

impl Json {
    pub(super) fn new(rendering: Rendering) -> Json {
        Json { rendering, columns: Vec::new(), rows: 0 }
    }
}

impl Renderer for Json {
    fn start(&mut self, kind: AnswerKind, columns: &[Column], out: &mut dyn Write) -> io::Result<()> {
        self.columns = columns.to_vec();
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        write!(out, "{{\"statement\":{},\"kind\":", self.rendering.statement.unwrap_or(1))?;
        put(out, &kind)?;
        out.write_all(b",\"columns\":")?;
        put(out, &names)?;
        out.write_all(b",\"rows\":[")
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        if self.rows > 0 {
            out.write_all(b",")?;
        }
        self.rows += 1;
        out.write_all(b"{")?;
        put_members(&self.columns, row, &self.rendering, false, out)?;
        out.write_all(b"}")
    }

    fn finish(&mut self, closing: &Closing<'_>, out: &mut dyn Write) -> io::Result<()> {
        let bounds: Vec<_> = closing
            .bounds
            .iter()
            .map(|bound| {
                let text = |date: Option<crate::date::Date>| date.map(|date| date.to_string());
                json!({"field": bound.field.as_str(), "from": text(bound.from), "to": text(bound.to)})
            })
            .collect();
        out.write_all(b"],\"total\":")?;
        put(out, &closing.total)?;
        out.write_all(b",\"cursor\":")?;
        put(out, &closing.cursor)?;
        write!(out, ",\"undecided\":{},\"bounds\":", closing.undecided)?;
        put(out, &bounds)?;
        out.write_all(b",\"warnings\":")?;
        put(out, &closing.warnings)?;
        out.write_all(b"}\n")
    }
}

/// One object a row, every column present.
pub(super) struct Ndjson {
    rendering: Rendering,
    columns: Vec<Column>,
}

impl Ndjson {
    pub(super) fn new(rendering: Rendering) -> Ndjson {
        Ndjson { rendering, columns: Vec::new() }
    }
}

impl Renderer for Ndjson {
    fn start(&mut self, _: AnswerKind, columns: &[Column], _: &mut dyn Write) -> io::Result<()> {
        self.columns = columns.to_vec();
        Ok(())
    }

    fn row(&mut self, row: &Row, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(b"{")?;
        if let Some(number) = self.rendering.statement {
            write!(out, "\"statement\":{number}")?;
        }
        put_members(&self.columns, row, &self.rendering, self.rendering.statement.is_some(), out)?;
        out.write_all(b"}\n")
    }

    fn finish(&mut self, _: &Closing<'_>, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

/// Writes the members of a row's object in the order of the columns, which a JSON map would not keep.
fn put_members(
    columns: &[Column],
    row: &Row,
    rendering: &Rendering,
    mut comma: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (column, cell) in columns.iter().zip(&row.cells) {
        if comma {
            out.write_all(b",")?;
        }
        comma = true;
        put(out, &column.name)?;
        out.write_all(b":")?;
        match cell {
            // Written as they are, because a JSON map would not keep the order of their members.
            Cell::Snippets(snippets) => put(out, snippets)?,
            other => put(out, &cell_json(other, column.many, rendering.zone))?,
        }
    }
    Ok(())
}

fn put(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_string(value)?;
    // JSON allows DEL and the C1 controls as they are; a terminal that shows the rows must not have them.
    let is_control = |c: char| matches!(c, '\u{7f}'..='\u{9f}');
    if !json.contains(is_control) {
        return out.write_all(json.as_bytes());
    }
    json.chars().try_for_each(|c| match is_control(c) {
        true => write!(out, "\\u{:04x}", u32::from(c)),
        false => write!(out, "{c}"),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value as Parsed;

    use super::*;
    use crate::exec::{Answer, CellType, Snippet, Warning};
    use crate::query::DateBound;
    use crate::render::{Format, write_answer};
    use crate::schema::{Builtin, FieldName, FieldType};

    fn column(name: &str, many: bool) -> Column {
        Column { name: name.to_owned(), cell_type: CellType::Field(FieldType::Keyword), many }
    }

    fn written(answer: &Answer, format: Format, statement: Option<u32>) -> String {
        let mut out = Vec::new();
        let rendering = Rendering { statement, ..Rendering::default() };
        write_answer(answer, format, rendering, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn answer() -> Answer {
        Answer {
            columns: vec![column("source", false), column("agency", true)],
            rows: vec![Row { id: None, cells: vec![Cell::One("AFP".into()), Cell::Missing] }],
            ..Answer::default()
        }
    }

    #[test]
    fn a_statement_is_one_line_that_says_everything() {
        let answer = Answer {
            total: Some(412),
            bounds: vec![DateBound {
                field: FieldName::Builtin(Builtin::Date),
                from: Some("2018-09-02".parse().unwrap()),
                to: None,
            }],
            warnings: vec![Warning { code: "W08", message: "12 undecided".into() }],
            ..answer()
        };
        assert_eq!(
            written(&answer, Format::Json, None),
            concat!(
                r#"{"statement":1,"kind":"find","columns":["source","agency"],"#,
                r#""rows":[{"source":"AFP","agency":[]}],"total":412,"cursor":null,"undecided":0,"#,
                r#""bounds":[{"field":"date","from":"2018-09-02","to":null}],"#,
                r#""warnings":[{"code":"W08","message":"12 undecided"}]}"#,
                "\n"
            )
        );
    }

    #[test]
    fn rows_of_several_statements_are_numbered() {
        assert_eq!(written(&answer(), Format::Ndjson, None), "{\"source\":\"AFP\",\"agency\":[]}\n");
        assert_eq!(
            written(&answer(), Format::Ndjson, Some(2)),
            "{\"statement\":2,\"source\":\"AFP\",\"agency\":[]}\n"
        );
    }

    #[test]
    fn members_of_extracts_keep_their_order() {
        let snippet = Snippet { field: "body".into(), text: "in Idlib".into(), matches: vec![(3, 8)] };
        let answer = Answer {
            columns: vec![Column { name: "snippets".into(), cell_type: CellType::Snippets, many: true }],
            rows: vec![Row { id: None, cells: vec![Cell::Snippets(vec![snippet])] }],
            ..Answer::default()
        };
        assert_eq!(
            written(&answer, Format::Ndjson, None),
            "{\"snippets\":[{\"field\":\"body\",\"text\":\"in Idlib\",\"matches\":[[3,8]]}]}\n"
        );
    }

    proptest! {
        #[test]
        fn ndjson_reads_back(texts in prop::collection::vec(any::<String>(), 1..6), number in any::<i64>()) {
            let answer = Answer {
                columns: vec![column("text", true), column("number", false)],
                rows: vec![Row {
                    id: None,
                    cells: vec![
                        Cell::Many(texts.iter().map(|text| text.as_str().into()).collect()),
                        Cell::One(number.into()),
                    ],
                }],
                ..Answer::default()
            };
            let line = written(&answer, Format::Ndjson, None);
            prop_assert_eq!(line.matches('\n').count(), 1);
            prop_assert!(!line.trim_end().chars().any(char::is_control));
            let parsed: Parsed = serde_json::from_str(&line).unwrap();
            prop_assert_eq!(&parsed["text"], &json!(texts));
            prop_assert_eq!(&parsed["number"], &json!(number));
        }
    }
}
