use super::{Archive, story};
use crate::article::EntityKind;
use crate::exec::{Cell, ExecError};

fn archive() -> Archive {
    Archive::of(vec![
        story("Truce", "A truce holds in Idlib. Turkish troops left. The truce may fail.")
            .date("2018-09-03")
            .source("AFP")
            .names(EntityKind::Place, &["Idlib"]),
        story("Talks", "Sergei Lavrov spoke. \"There are terrorists in Idlib,\" Lavrov said of the truce.")
            .date("2018-09-01")
            .source("Reuters")
            .names(EntityKind::Person, &["Sergei Lavrov", "Lavrov"])
            .quote("Sergei Lavrov", "There are terrorists in Idlib,"),
        story("Undated", "Nothing is known of this truce.").source("reuters"),
        story("Month", "A month of truce and talks.").date("2018-09").source("RT"),
        story("Noon", "Troops moved at noon.").date("2018-09-03T12:00Z"),
    ])
}

#[test]
fn articles_come_newest_first_and_undated_last() {
    let all = ["Noon", "Truce", "Talks", "Month", "Undated"];
    assert_eq!(archive().keys("find"), all);
    assert_eq!(archive().keys("find oldest first"), ["Talks", "Month", "Truce", "Noon", "Undated"]);
    assert_eq!(archive().keys("find order by date asc"), ["Talks", "Month", "Truce", "Noon", "Undated"]);
    assert_eq!(archive().keys("find order by source"), ["Truce", "Talks", "Undated", "Month", "Noon"]);
    assert_eq!(archive().keys("find order by source desc"), ["Month", "Talks", "Undated", "Truce", "Noon"]);
}

#[test]
fn words_phrases_and_complements() {
    let archive = archive();
    assert_eq!(archive.keys("find where text contains \"turkish troops\""), ["Truce"]);
    assert_eq!(archive.keys("find where not text contains \"truce\""), ["Noon"]);
    assert_eq!(archive.keys("find where title contains \"truce\""), ["Truce"]);
    assert_eq!(archive.keys("find where text contains \"truce\" at least 3 times"), ["Truce"]);
    assert_eq!(archive.keys("find where text contains prefix \"tr\" and text contains \"noon\""), ["Noon"]);
    assert_eq!(archive.keys("find where text contains fuzzy \"terorists\""), ["Talks"]);
    assert_eq!(archive.keys("find where text contains stem \"hold\""), ["Truce"]);
    assert_eq!(archive.keys("find where text contains like \"*oops\""), ["Noon", "Truce"]);
    assert_eq!(archive.keys("find where text contains exact \"Troops\""), ["Noon"]);
    assert_eq!(
        archive.keys("find where text contains all of (\"truce\", \"troops\") in same sentence"),
        [""; 0]
    );
    assert_eq!(archive.keys("find where text contains \"holds\" near \"left\" within 5 words"), ["Truce"]);
    assert_eq!(archive.keys("find where text contains \"left\" before \"holds\""), [""; 0]);
}

#[test]
fn names_and_quotations() {
    let archive = archive().alias("Sergei Lavrov", &["The Minister"]);
    assert_eq!(archive.keys("find where mentions \"Idlib\""), ["Truce", "Talks"]);
    assert_eq!(archive.keys("find where mentions place \"Idlib\""), ["Truce"]);
    assert_eq!(archive.keys("find where mentions person \"lavrov\" at least 2 times"), ["Talks"]);
    assert_eq!(archive.keys("find where mentions person \"The Minister\""), ["Talks"]);
    assert_eq!(archive.keys("find where mentions place within \"Syria\""), ["Truce"]);
    assert_eq!(archive.keys("find where quotes \"Lavrov\" saying \"terrorists\""), ["Talks"]);
    assert_eq!(archive.keys("find where quotes \"Lavrov\" saying \"truce\""), [""; 0]);
    assert_eq!(archive.keys("find where quotes anyone"), ["Talks"]);
}

#[test]
fn dates_that_are_not_exact_are_told_and_not_guessed() {
    let archive = archive();
    let answer = archive.ask("find where date > 2018-09-01");
    assert_eq!((answer.rows.len(), answer.undecided), (2, 1));
    assert_eq!(answer.warnings[0].code, "W08");
    assert_eq!(archive.ask("find where date > 2018-09-01 and source != \"rt\"").undecided, 0);
    assert_eq!(archive.keys("find where date overlaps 2018-09-02"), ["Month"]);
    assert_eq!(archive.keys("find where date is missing"), ["Undated"]);
}

#[test]
fn pages_follow_one_another_by_cursor() {
    let archive = archive();
    let orders =
        ["", "oldest first", "order by source", "order by source desc", "order by words desc", "best first"];
    for order in orders {
        let condition = "where text contains any of (\"truce\", \"troops\")";
        let whole = archive.keys(&format!("find {condition} {order}"));
        assert_eq!(whole.len(), 5);
        let (mut pages, mut after) = (Vec::new(), String::new());
        loop {
            let text = format!("find {condition} {order} limit 2 {after}");
            let answer = archive.ask(&text);
            pages.extend(archive.keys(&text));
            match answer.cursor {
                Some(cursor) => after = format!("after \"{cursor}\""),
                None => break,
            }
        }
        assert_eq!(pages, whole, "{order}");
        assert_eq!(archive.keys(&format!("find {condition} {order} limit 2 offset 3")), whole[3..]);
    }
}

#[test]
fn a_cursor_of_another_query_is_refused() {
    let archive = archive();
    let cursor = archive.ask("find limit 1").cursor.unwrap();
    let error = archive.try_ask(&format!("find where source exists limit 1 after \"{cursor}\"")).unwrap_err();
    assert!(matches!(error, ExecError::ForeignCursor));
    assert_eq!(error.code(), "E207");
}

#[test]
fn relevance_puts_titles_first_and_does_not_depend_on_segments() {
    let archive = archive();
    assert_eq!(archive.keys("find where text contains \"truce\" best first")[0], "Truce");
    let answer =
        archive.ask("find where text contains \"truce\" or mentions \"Lavrov\" best first with score");
    let scores: Vec<&Cell> = answer.rows.iter().filter_map(|row| row.cells.last()).collect();
    assert_eq!((scores.len(), answer.columns.last().unwrap().name.as_str()), (4, "score"));
}

#[test]
fn totals_and_snippets_are_added_where_asked() {
    let answer = archive().ask("find where text contains \"truce\" limit 1 with total, snippets of 5 words");
    assert_eq!((answer.total, answer.rows.len()), (Some(4), 1));
    let Some(Cell::Snippets(snippets)) = answer.rows[0].cells.last() else { panic!("no snippets") };
    assert_eq!(snippets[0].text, "Truce");
    assert_eq!(snippets[0].matches, [(0, 5)]);
}

#[test]
fn values_of_fields_are_projected() {
    let archive = archive();
    assert_eq!(archive.table("find source, words where source = \"afp\""), ["AFP 12"]);
    let everything = archive.ask("find * limit 1");
    let names: Vec<&str> = everything.columns.iter().map(|column| column.name.as_str()).collect();
    assert!(names.contains(&"body") && !names.contains(&"text") && !names.contains(&"quote"));
    let shown = archive.ask("show 1, \"Talks\", 99");
    assert_eq!((shown.rows.len(), shown.columns.last().unwrap().name.as_str()), (2, "body"));
    assert_eq!(shown.warnings[0].message, "there is no article 99");
}

#[test]
fn patterns_read_stored_text_and_say_so() {
    let answer = archive().ask("find where body matches /noon\\.$/");
    assert_eq!(answer.rows.len(), 1);
    assert_eq!(answer.warnings[0].code, "W05");
    assert_eq!(archive().keys("find where source matches /^R/"), ["Talks", "Month"]);
}
