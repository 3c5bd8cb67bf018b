use proptest::prelude::*;

use crate::exec::{Answer, AnswerKind, Cell, CellType, Column, Row, Snippet};
use crate::render::{Format, Paint, Rendering, display_width, write_answer};
use crate::schema::FieldType;
use crate::value::Value;

fn column(name: &str, field_type: FieldType) -> Column {
    Column { name: name.to_owned(), cell_type: CellType::Field(field_type), many: false }
}

fn articles() -> Answer {
    let row = |id: i64, title: &str, source: Cell| Row {
        id: None,
        cells: vec![Cell::One(id.into()), Cell::One(title.into()), source],
    };
    Answer {
        columns: vec![
            column("id", FieldType::Number),
            column("title", FieldType::Text),
            column("source", FieldType::Keyword),
        ],
        rows: vec![
            row(7, "Zarif in Syria for talks ahead of Idlib offensive", Cell::One("AFP".into())),
            row(1234, "北京 talks", Cell::Missing),
        ],
        ..Answer::default()
    }
}

fn drawn(answer: &Answer, rendering: Rendering) -> String {
    let mut out = Vec::new();
    write_answer(answer, Format::Table, rendering, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn screen(width: usize) -> Rendering {
    Rendering { width: Some(width), ..Rendering::default() }
}

#[test]
fn columns_are_aligned_and_cut_to_the_screen() {
    assert_eq!(
        drawn(&articles(), screen(40)),
        concat!(
            "  id  title                       source\n",
            "────────────────────────────────────────\n",
            "   7  Zarif in Syria for talks…   AFP\n",
            "1234  北京 talks                  -\n",
        )
    );
}

#[test]
fn without_a_screen_nothing_is_cut() {
    let text = drawn(&articles(), Rendering::default());
    assert!(text.contains("ahead of Idlib offensive  AFP"), "{text}");
}

#[test]
fn a_screen_shows_no_columns_without_rows() {
    let empty = Answer { rows: Vec::new(), ..articles() };
    assert_eq!(drawn(&empty, Rendering { on_screen: true, ..screen(40) }), "");
    assert!(drawn(&empty, screen(40)).starts_with("id  title"));
}

#[test]
fn decimals_are_short_for_readers() {
    let short = |number: f64| super::rounded(number);
    assert_eq!(short(1.0 / 3.0), "0.333");
    assert_eq!(short(2.5), "2.5");
    assert_eq!(short(0.000_012_345), "0.000012345");
    assert_eq!(short(1_234.567_8), "1234.568");
}

#[test]
fn extracts_stand_under_their_row() {
    let mut answer = articles();
    answer.columns.push(Column { name: "snippets".into(), cell_type: CellType::Snippets, many: true });
    let snippet = Snippet {
        field: "body".into(),
        text: "ahead of the Idlib offensive.".into(),
        matches: vec![(13, 18)],
    };
    answer.rows[0].cells.push(Cell::Snippets(vec![snippet]));
    answer.rows[1].cells.push(Cell::Snippets(Vec::new()));
    let text = drawn(&answer, Rendering { paint: Paint::Colour, ..screen(30) });
    assert!(text.contains("    ahead of the \u{1b}[1;33mIdlib\u{1b}[0m\n    offensive.\n"), "{text:?}");
    assert!(!text.contains("snippets"), "{text}");
}

#[test]
fn too_many_columns_become_lines() {
    let text = drawn(&articles(), screen(15));
    assert!(text.contains("── 1 ─"), "{text}");
}

#[test]
fn an_article_is_there_to_read_and_a_plan_as_it_is() {
    let text = drawn(&Answer { kind: AnswerKind::Show, ..articles() }, screen(60));
    assert!(text.contains("\n北京 talks\n") && !text.contains("-\n"), "{text}");
    let plan = Answer {
        kind: AnswerKind::Explain,
        columns: vec![column("plan", FieldType::Keyword)],
        rows: vec![Row {
            id: None,
            cells: vec![Cell::One("  source = \"AFP\"  [2 articles in 3 moves]".into())],
        }],
        ..Answer::default()
    };
    assert_eq!(drawn(&plan, screen(20)), "  source = \"AFP\"  [2 articles in 3 moves]\n");
}

#[test]
fn timelines_have_bars_and_a_sparkline() {
    let row = |bucket: &str, count: i64| Row {
        id: None,
        cells: vec![Cell::One(Value::Date(bucket.parse().unwrap())), Cell::One(count.into())],
    };
    let answer = Answer {
        kind: AnswerKind::Timeline,
        columns: vec![column("bucket", FieldType::Date), column("count", FieldType::Number)],
        rows: vec![row("2018-08", 2), row("2018-09", 8)],
        ..Answer::default()
    };
    let text = drawn(&answer, screen(40));
    assert!(text.contains("2018-09      8  ████████"), "{text}");
    assert!(text.ends_with("▃█  peak 8\n"), "{text}");
    let plain = drawn(&answer, Rendering { plot: false, ..screen(40) });
    assert!(!plain.contains('█'), "{plain}");
    let ascii = drawn(&answer, Rendering { unicode: false, ..screen(40) });
    assert!(ascii.is_ascii() && ascii.contains("####"), "{ascii}");
}

#[test]
fn rows_past_the_sample_keep_the_widths() {
    let row = |text: String| Row { id: None, cells: vec![Cell::One(text.into())] };
    let mut rows: Vec<Row> = (0..super::TABLE_SAMPLE_ROWS).map(|n| row(format!("{n}"))).collect();
    rows.push(row("much longer than the sample".to_owned()));
    let answer = Answer { columns: vec![column("value", FieldType::Keyword)], rows, ..Answer::default() };
    let text = drawn(&answer, Rendering::default());
    assert_eq!(text.lines().count(), super::TABLE_SAMPLE_ROWS + 3);
    assert_eq!(text.lines().last().unwrap(), "much…");
}

proptest! {
    #[test]
    fn no_control_reaches_the_screen_and_lines_fit(
        texts in prop::collection::vec((any::<String>(), "\\PC{0,60}"), 1..5),
        width in 30_usize..100,
    ) {
        let row = |(first, second): &(String, String)| Row {
            id: None,
            cells: vec![Cell::One(first.as_str().into()), Cell::One(second.as_str().into())],
        };
        let answer = Answer {
            columns: vec![column("title", FieldType::Text), column("source", FieldType::Keyword)],
            rows: texts.iter().map(row).collect(),
            ..Answer::default()
        };
        let text = drawn(&answer, screen(width));
        prop_assert_eq!(text.lines().count(), texts.len() + 2);
        for line in text.lines() {
            prop_assert!(!line.chars().any(char::is_control), "{:?}", line);
            prop_assert!(display_width(line) <= width, "{:?}", line);
        }
    }
}
