//! Importing: the same twice changes nothing, duplicates go where they were told, bad rows stop nobody.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use dateline::database::{Database, ImportCounts, ImportOptions, ImportSummary, OnDuplicate, Options};

use crate::damage::{files_in, flip};
use crate::stories::report;
use crate::support::*;

fn database() -> (tempfile::TempDir, Database, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    (folder, database, path)
}

fn with(on_duplicate: OnDuplicate) -> ImportOptions {
    ImportOptions { on_duplicate, ..ImportOptions::default() }
}

fn import(database: &Database, path: &PathBuf, options: &ImportOptions) -> ImportCounts {
    database.import(&[path], options, &mut |_| {}).unwrap().counts
}

/// Imports ten articles, enough for a segment of their own.
fn import_ten(database: &Database, folder: &Path, round: usize) -> ImportSummary {
    try_ten(database, folder, round, "Text.").unwrap()
}

fn try_ten(database: &Database, folder: &Path, round: usize, body: &str) -> dateline::Result<ImportSummary> {
    let keys: Vec<String> = (0..10).map(|n| format!("{round}-{n}")).collect();
    let rows: Vec<_> = keys.iter().map(|key| (key.as_str(), body)).collect();
    let path = json_lines(folder, &format!("{round}.jsonl"), &rows);
    database.import(&[path], &ImportOptions::default(), &mut |_| {})
}

#[test]
fn an_import_succeeds_where_its_last_merge_has_no_room() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let (disk, options) = on_disk();
    let database = Database::open_with(&path, options).unwrap();
    disk.free_bytes.store(1, Ordering::SeqCst);
    let summaries: Vec<_> = (0..9).map(|round| import_ten(&database, folder.path(), round)).collect();
    assert!(summaries.iter().all(|summary| summary.counts.added == 10));
    let put_off: Vec<bool> = summaries.iter().map(|summary| summary.put_off.is_some()).collect();
    assert_eq!((put_off[0], put_off[8]), (false, true), "eight segments are due to be merged");
    assert!(summaries[8].put_off.as_ref().unwrap().contains("merging segments"), "{:?}", summaries[8]);
    let before = database.reader().stats().unwrap();
    assert_eq!((before.articles, before.segments), (90, 9));
    disk.free_bytes.store(0, Ordering::SeqCst);
    database.insert(article("one more", "Text.")).unwrap();
    assert!(database.reader().stats().unwrap().segments < 4, "the next change merges them");
    let expected = contents(&database.snapshot());
    assert_eq!(expected.len(), 91);
    database.close().unwrap();
    assert_recovers(&path, &expected);
}

#[test]
fn damage_that_the_last_merge_meets_is_no_want_of_room() {
    let (folder, database, path) = database();
    // Enough that segments have many pages; few are read when they are opened.
    let body: String = (0..30).map(report).collect();
    (0..7).for_each(|round| drop(try_ten(&database, folder.path(), round, &body).unwrap()));
    database.close().unwrap();
    let segments = files_in(&path.join("segments"));
    assert_eq!(segments.len(), 7, "one more makes a merge due");
    // The postings, which a merge reads, fill the second half.
    flip(&segments[0], std::fs::metadata(&segments[0]).unwrap().len() as usize * 3 / 4);
    let database = Database::open_with(&path, restless()).unwrap();
    let error = try_ten(&database, folder.path(), 7, &body).unwrap_err();
    assert!(error.is_damage() && error.to_string().contains("repair"), "{error}");
    assert!(database.get_by_key("7-9").unwrap().is_some(), "what was imported is stored");
}

#[test]
fn the_same_again_changes_nothing() {
    let (folder, database, path) = database();
    let rows: Vec<(String, String)> = (0..30).map(|n| (format!("k{n}"), format!("Body {n}"))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(key, body)| (key.as_str(), body.as_str())).collect();
    let file = json_lines(folder.path(), "rows.jsonl", &rows);
    let added = ImportCounts { added: 30, ..ImportCounts::default() };
    assert_eq!(import(&database, &file, &with(OnDuplicate::Skip)), added);
    let seq = database.snapshot().seq();
    for on_duplicate in [OnDuplicate::Skip, OnDuplicate::Replace] {
        let unchanged = ImportCounts { unchanged: 30, ..ImportCounts::default() };
        assert_eq!(import(&database, &file, &with(on_duplicate)), unchanged);
        assert_eq!(database.snapshot().seq(), seq);
    }
    database.close().unwrap();
    let database = Database::open(path).unwrap();
    assert_eq!(import(&database, &file, &with(OnDuplicate::Skip)).unchanged, 30);
    assert_eq!(database.snapshot().seq(), seq);
}

#[test]
fn duplicates_are_skipped_replaced_or_rejected() {
    let (folder, database, _) = database();
    let first = json_lines(folder.path(), "first.jsonl", &[("a", "one"), ("b", "one")]);
    let second = json_lines(folder.path(), "second.jsonl", &[("a", "two"), ("b", "one"), ("c", "one")]);
    import(&database, &first, &with(OnDuplicate::Skip));
    let body = |key: &str| database.get_by_key(key).unwrap().unwrap().article.body;
    let counts = import(&database, &second, &with(OnDuplicate::Error));
    assert_eq!(counts, ImportCounts { added: 1, rejected: 2, ..ImportCounts::default() });
    let counts = import(&database, &second, &with(OnDuplicate::Skip));
    assert_eq!(counts, ImportCounts { skipped: 1, unchanged: 2, ..ImportCounts::default() });
    assert_eq!(body("a"), "one");
    let counts = import(&database, &second, &with(OnDuplicate::Replace));
    assert_eq!(counts, ImportCounts { replaced: 1, unchanged: 2, ..ImportCounts::default() });
    assert_eq!(body("a"), "two");
    assert!(database.check().unwrap().is_sound());
}

#[test]
fn one_file_may_name_a_key_several_times() {
    for (on_duplicate, expected, body) in [
        (
            OnDuplicate::Skip,
            ImportCounts { added: 1, skipped: 2, unchanged: 1, ..ImportCounts::default() },
            "one",
        ),
        (
            OnDuplicate::Replace,
            ImportCounts { added: 1, replaced: 2, unchanged: 1, ..ImportCounts::default() },
            "three",
        ),
        (OnDuplicate::Error, ImportCounts { added: 1, rejected: 3, ..ImportCounts::default() }, "one"),
    ] {
        let (folder, database, path) = database();
        let rows = [("a", "one"), ("a", "one"), ("a", "two"), ("a", "three")];
        let file = json_lines(folder.path(), "rows.jsonl", &rows);
        assert_eq!(import(&database, &file, &with(on_duplicate)), expected, "{on_duplicate:?}");
        let expected = Contents::from([("a".to_owned(), (1, body.to_owned()))]);
        assert_eq!(contents(&database.snapshot()), expected);
        let (_guard, image) = crash_image(&path);
        assert_recovers(&image, &expected);
    }
}

#[test]
fn bad_rows_are_kept_with_their_reasons() {
    let (folder, database, _) = database();
    let file = folder.path().join("rows.jsonl");
    std::fs::write(&file, "{\"id\":\"a\",\"body\":\"good\"}\n{broken\n{\"id\":\"b\",\"body\":\" \"}\n")
        .unwrap();
    let summary = database.import(&[&file], &ImportOptions::default(), &mut |_| {}).unwrap();
    assert_eq!(summary.counts, ImportCounts { added: 1, rejected: 2, ..ImportCounts::default() });
    let kept = std::fs::read_to_string(&summary.reject_files[0]).unwrap();
    assert_eq!(kept.lines().count(), 2);
}

#[test]
fn a_skipped_article_fixes_no_types() {
    let (folder, database, _) = database();
    import(&database, &json_lines(folder.path(), "a.jsonl", &[("a", "one")]), &ImportOptions::default());
    let file = folder.path().join("b.jsonl");
    std::fs::write(
        &file,
        "{\"id\":\"a\",\"body\":\"two\",\"tone\":\"calm\"}\n{\"id\":\"b\",\"body\":\"b\",\"tone\":3}\n",
    )
    .unwrap();
    let counts = import(&database, &file, &ImportOptions::default());
    assert_eq!(counts, ImportCounts { added: 1, skipped: 1, ..ImportCounts::default() });
    let field = database.snapshot().catalog().schema.field("tone").unwrap();
    assert_eq!(field.field_type, dateline::schema::FieldType::Number);
}

#[test]
fn a_dry_run_counts_and_changes_nothing() {
    let (folder, database, _) = database();
    let file = json_lines(folder.path(), "a.jsonl", &[("a", "one"), ("a", "two"), ("b", "one")]);
    let options = ImportOptions { dry_run: true, ..with(OnDuplicate::Replace) };
    let expected = ImportCounts { added: 2, replaced: 1, ..ImportCounts::default() };
    assert_eq!(import(&database, &file, &options), expected);
    assert_eq!(database.snapshot().seq(), 0);
}

#[test]
fn a_cancelled_import_keeps_what_it_counts() {
    let (folder, database, path) = database();
    let rows: Vec<(String, String)> = (0..7_000).map(|n| (format!("k{n}"), format!("Body {n}"))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(key, body)| (key.as_str(), body.as_str())).collect();
    let file = json_lines(folder.path(), "rows.jsonl", &rows);
    let options = ImportOptions::default();
    let cancel = options.cancel.clone();
    let summary = database.import(&[file], &options, &mut |_| cancel.cancel()).unwrap();
    assert!(summary.cancelled);
    assert!((1..7_000).contains(&summary.counts.added), "{:?}", summary.counts);
    assert_eq!(database.snapshot().articles(), summary.counts.added);
    let expected = contents(&database.snapshot());
    let (_guard, image) = crash_image(&path);
    assert_recovers(&image, &expected);
}

#[test]
fn a_large_import_trains_a_dictionary_that_everyone_finds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, Options { create: true, ..Options::default() }).unwrap();
    let words = ["Idlib", "ministers", "ceasefire", "talks", "reporters", "said", "government", "on Tuesday"];
    let body =
        |n: usize| (0..250).map(|w| words[(n * 7 + w * w) % words.len()]).collect::<Vec<_>>().join(" ");
    let rows: Vec<(String, String)> = (0..1_500).map(|n| (format!("k{n}"), body(n))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(key, body)| (key.as_str(), body.as_str())).collect();
    let file = json_lines(folder.path(), "rows.jsonl", &rows);
    assert_eq!(import(&database, &file, &ImportOptions::default()).added, 1_500);
    let named = |name: &str| {
        std::fs::read_dir(&path).unwrap().any(|e| e.unwrap().file_name().to_str().unwrap().starts_with(name))
    };
    assert!(named("dictionary-"));
    database.insert(article("later", "text")).unwrap();
    let expected = contents(&database.snapshot());
    assert_eq!(expected.len(), 1_501);
    let (_guard, image) = crash_image(&path);
    assert_recovers(&image, &expected);
}
