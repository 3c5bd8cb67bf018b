//! The articles of `examples/articles`: all of them go in, and each has its licence.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)] // A test that cannot go on has failed.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use dateline::article::Article;
use dateline::database::{Database, ImportOptions};
use dateline::import::{self, Options, Row};
use dateline::schema::{FieldType, Schema};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/articles")
}

fn articles() -> (Vec<Article>, Schema) {
    let mut schema = Schema::default();
    let rows = import::open(&[folder()], &Options::default()).unwrap();
    let settled = rows.map(|row| match row {
        Row::Draft(draft) => draft.settle(&mut schema).unwrap(),
        Row::Rejected(rejection) => panic!("{rejection:?}"),
    });
    (settled.collect(), schema)
}

#[test]
fn all_go_in_under_keys_of_their_own() {
    let (articles, schema) = articles();
    let keys: BTreeSet<&str> = articles.iter().map(|article| article.key.as_str()).collect();
    assert!(articles.len() >= 40, "{}", articles.len());
    assert_eq!(keys.len(), articles.len());
    assert!(
        articles.iter().all(|article| article.fields.contains_key("licence") || article.source.is_none())
    );
    let declared: Vec<(&str, FieldType)> = schema.declared().collect();
    assert_eq!(declared, [("licence", FieldType::Keyword), ("portal", FieldType::Keyword)]);
}

#[test]
fn dates_come_from_members_header_lines_and_file_names() {
    let (articles, _) = articles();
    let date_of = |title: &str| {
        let article = articles.iter().find(|article| article.title.as_deref() == Some(title)).unwrap();
        article.date.map_or("missing".to_owned(), |date| date.to_string())
    };
    assert_eq!(date_of("Envoys shuttle to Damascus as Idlib braces for assault"), "2018-09-03");
    assert_eq!(date_of("Notre Dame in Paris catches fire"), "2019-04-16");
    assert_eq!(date_of("Terrorist Attacks in Baghdad"), "2017-01");
    assert_eq!(date_of("Liberation of Sinjar from ISIL terrorists"), "missing");
    assert_eq!(date_of("Iran admits downing Ukrainian jet, cites 'human error'"), "2020-01-13");
}

#[test]
fn each_file_has_its_licence() {
    let licences = fs::read_to_string(folder().join("LICENSE.md")).unwrap();
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let listed = licences.contains(&format!("| `{name}` |"));
        assert!(listed || name == "LICENSE.md", "{name} is not in examples/articles/LICENSE.md");
    }
}

#[test]
fn the_first_question_of_the_readme_finds_the_story_about_the_talks() {
    let home = tempfile::tempdir().unwrap();
    let database = Database::create(home.path().join("news.dateline")).unwrap();
    let summary = database.import(&[folder()], &ImportOptions::default(), &mut |_| {}).unwrap();
    assert_eq!((summary.counts.added as usize, summary.counts.rejected), (articles().0.len(), 0));
    let again = database.import(&[folder()], &ImportOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(again.counts.unchanged, summary.counts.added);

    let query = r#"find key where mentions "Idlib" and date > 2018-09-01"#;
    let answer = database.reader().query(query).unwrap();
    let keys: Vec<String> = answer.rows.iter().map(|row| format!("{:?}", row.cells[0])).collect();
    assert_eq!(keys.len(), 6, "{keys:?}");
    assert!(keys[5].contains("articles/2018-09-03-idlib-talks.txt"), "the oldest comes last: {keys:?}");
}
