//! Extraction comes later, again, and in pieces; what was given with an article stays.

use dateline::database::{Database, ImportOptions, Options, Stats};
use dateline::exec::CancelToken;
use dateline::schema::{Builtin, FieldName};

use crate::support::*;

const PEOPLE: FieldName = FieldName::Builtin(Builtin::Person);

/// Imports articles without extraction; one in three brings a name that its text does not hold.
fn text_only(database: &Database, folder: &std::path::Path, count: u32) {
    let line = |n: u32| {
        let people: &[&str] = if n.is_multiple_of(3) { &["Maria Lopez"] } else { &[] };
        let body = format!(
            "Sergei Lavrov met reporters in Paris, for the {n}th time. {}",
            "Much was said. ".repeat(40)
        );
        format!(
            "{}\n",
            serde_json::json!({ "id": format!("k{n}"), "title": "Talks", "body": body, "people": people })
        )
    };
    let file = folder.join("rows.jsonl");
    std::fs::write(&file, (0..count).map(line).collect::<String>()).unwrap();
    let options = ImportOptions { extract: false, ..ImportOptions::default() };
    assert_eq!(database.import(&[file], &options, &mut |_| {}).unwrap().counts.added, u64::from(count));
}

/// Options under which a batch is small.
fn small() -> Options {
    Options { import_memory_bytes: 32 << 10, ..restless() }
}

fn stats(database: &Database) -> Stats {
    database.reader().stats().unwrap()
}

fn people(database: &Database, key: &str) -> Vec<String> {
    let record = database.get_by_key(key).unwrap().unwrap();
    record.values(&PEOPLE).iter().map(ToString::to_string).collect()
}

#[test]
fn what_was_imported_as_text_is_extracted_later() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    text_only(&database, folder.path(), 40);
    assert_eq!(stats(&database).extractors, [(0, 40)]);
    assert_eq!(people(&database, "k0"), ["Maria Lopez"], "what was given needs no extraction");
    assert_eq!(people(&database, "k1"), [] as [&str; 0]);
    database.insert(article("new", "Text.")).unwrap();
    let before = contents(&database.snapshot());
    let mut steps = Vec::new();
    let done = database.reextract(&CancelToken::default(), &mut |step| steps.push(*step)).unwrap();
    assert_eq!((done.articles, done.left), (40, 0));
    assert!(steps.last().is_some_and(|step| (step.done, step.total) == (40, 40)));
    assert_eq!(contents(&database.snapshot()), before);
    assert_eq!(stats(&database).extractors, [(dateline::extract::VERSION, 41)]);
    assert_eq!(people(&database, "k0"), ["Sergei Lavrov", "Maria Lopez"]);
    assert_eq!(people(&database, "k1"), ["Sergei Lavrov"]);
    let seq = database.snapshot().seq();
    assert_eq!(database.reextract(&CancelToken::default(), &mut |_| {}).unwrap().articles, 0);
    assert_eq!(database.snapshot().seq(), seq, "there is nothing to commit");
    let (_guard, image) = crash_image(database.path());
    assert_recovers(&image, &before);
}

#[test]
fn it_goes_on_where_it_was_stopped_also_by_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, small()).unwrap();
    // More than one batch of text.
    text_only(&database, folder.path(), 300);
    let expected = contents(&database.snapshot());
    let cancel = CancelToken::default();
    let done = database.reextract(&cancel, &mut |_| cancel.cancel()).unwrap();
    assert!(done.articles > 0 && done.left > 0, "{done:?}");
    let (_guard, image) = crash_image(&path);
    assert_recovers(&image, &expected);
    let database = Database::open(&image).unwrap();
    let rest = database.reextract(&CancelToken::default(), &mut |_| {}).unwrap();
    assert_eq!((rest.articles, rest.left), (done.left, 0));
    drop(database);
    assert_recovers(&image, &expected);
}

#[test]
fn others_write_while_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), small()).unwrap();
    text_only(&database, folder.path(), 300);
    let mut expected = contents(&database.snapshot());
    let mut is_first = true;
    let done = database.reextract(&CancelToken::default(), &mut |_| {
        if std::mem::take(&mut is_first) {
            database.replace(article("k299", "Something else.")).unwrap();
            database.delete(&[database.get_by_key("k298").unwrap().unwrap().id]).unwrap();
        }
    });
    assert_eq!(done.unwrap().articles, 298);
    expected.remove("k298");
    expected.get_mut("k299").unwrap().1 = "Something else.".to_owned();
    assert_eq!(contents(&database.snapshot()), expected);
    assert!(database.check().unwrap().is_sound());
}
