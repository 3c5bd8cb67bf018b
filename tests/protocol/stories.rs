//! Copies of a report share a story, however they come in and whatever happens then.

use std::collections::BTreeMap;
use std::path::Path;

use dateline::article::Article;
use dateline::database::{
    BackupOptions, CompactOptions, Database, ImportOptions, OnDuplicate, Options, Reader, Snapshot, backup,
    restore,
};
use dateline::date::Date;
use dateline::store::records::{Meta, Records};
use dateline::store::{StoreError, manifest};
use dateline::text::BANDS_VERSION;

use crate::damage::files_in;
use crate::support::*;

/// The story of each key; `-` for none.
type Stories = BTreeMap<String, String>;

/// A report that no other resembles.
pub fn report(seed: u64) -> String {
    let mut state = seed;
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("word{}", (state >> 33) % 5_000)
    };
    let mut sentence = || (0..12).map(|_| word()).collect::<Vec<_>>().join(" ") + ". ";
    (0..16).map(|_| sentence()).collect()
}

/// The report without its last sentence, as an outlet short of space prints it.
fn cut(seed: u64) -> String {
    let whole = report(seed);
    let sentences: Vec<&str> = whole.split_inclusive(". ").collect();
    sentences[..15].concat()
}

fn stories_of(snapshot: &Snapshot) -> Stories {
    let mut stories = Stories::new();
    for live in &snapshot.view().segments {
        for ordinal in (0..live.segment.articles()).filter(|&ordinal| !live.is_dead(ordinal)) {
            let record = live.segment.record(ordinal).unwrap();
            stories.insert(record.article.key, record.story.unwrap_or_else(|| "-".to_owned()));
        }
    }
    stories
}

fn stories(database: &Database) -> Stories {
    let told = stories_of(&database.snapshot());
    for (key, story) in &told {
        let stored = database.get_by_key(key).unwrap().unwrap().story;
        assert_eq!(stored.as_deref().unwrap_or("-"), story, "both copies of {key} tell the same");
    }
    let report = database.check_deep(&never(), &mut |_| {}).unwrap();
    assert!(report.is_sound(), "{:?}", report.problems);
    told
}

fn told(pairs: &[(&str, &str)]) -> Stories {
    pairs.iter().map(|(key, story)| ((*key).to_owned(), (*story).to_owned())).collect()
}

fn import(database: &Database, folder: &Path, name: &str, rows: &[(&str, &str)]) {
    let options = ImportOptions { on_duplicate: OnDuplicate::Replace, ..ImportOptions::default() };
    database.import(&[json_lines(folder, name, rows)], &options, &mut |_| {}).unwrap();
}

/// How many articles there are, copies folded into their stories.
fn folded(database: &Database) -> String {
    let prepared = database.prepare("count with duplicates folded").unwrap();
    format!("{:?}", database.execute(&prepared).unwrap().rows[0].cells[0])
}

#[test]
fn copies_of_one_file_of_two_and_of_two_sessions_share_a_story() {
    let (one, two, cut) = (report(1), report(2), cut(1));
    let rows = [("a", one.as_str()), ("b", &two), ("c", &cut), ("d", "Too short to compare."), ("e", &one)];
    let expected = told(&[("a", "1"), ("b", "2"), ("c", "1"), ("d", "4"), ("e", "1")]);
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(folder.path().join("one")).unwrap();
    import(&database, folder.path(), "all.jsonl", &rows);
    assert_eq!(stories(&database), expected, "in one batch");
    let database = Database::open_with(folder.path().join("two"), restless()).unwrap();
    import(&database, folder.path(), "front.jsonl", &rows[..2]);
    import(&database, folder.path(), "back.jsonl", &rows[2..]);
    assert_eq!(stories(&database), expected, "in two batches");
    let path = folder.path().join("several");
    for row in rows {
        let database = Database::open_with(&path, restless()).unwrap();
        import(&database, folder.path(), "row.jsonl", &[row]);
        database.close().unwrap();
    }
    let database = Database::open(&path).unwrap();
    assert_eq!(stories(&database), expected, "in sessions of their own");
    assert!(folded(&database).contains("3"), "{}", folded(&database));
}

#[test]
fn a_bulk_import_finds_copies_in_other_chunks_and_batches() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { import_memory_bytes: 256 << 10, ..restless() };
    let database = Database::open_with(folder.path().join("db"), options).unwrap();
    let rows: Vec<(String, String)> = (0..1_050_u64).map(|n| (format!("k{n}"), report(n % 600))).collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(key, body)| (key.as_str(), body.as_str())).collect();
    // The first import trains a dictionary, so that the second reads in small chunks.
    import(&database, folder.path(), "first.jsonl", &rows[..350]);
    import(&database, folder.path(), "second.jsonl", &rows[350..]);
    let stories = stories(&database);
    for n in 600..1_050 {
        assert_eq!(stories[&format!("k{n}")], stories[&format!("k{}", n - 600)], "k{n}");
    }
    let distinct: std::collections::BTreeSet<&String> = stories.values().collect();
    assert_eq!(distinct.len(), 600, "different reports stay apart");
}

#[test]
fn the_order_of_exact_copies_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    let rows: Vec<(String, String)> = (0..12_u64).map(|n| (format!("k{n}"), report(n % 4))).collect();
    let groups = |reversed: bool| {
        let database = Database::create(folder.path().join(format!("db{reversed}"))).unwrap();
        let mut order: Vec<usize> = (0..12).collect();
        if reversed {
            order.reverse();
        }
        for chunk in order.chunks(5) {
            let rows: Vec<(&str, &str)> =
                chunk.iter().map(|&n| (rows[n].0.as_str(), rows[n].1.as_str())).collect();
            import(&database, folder.path(), "rows.jsonl", &rows);
        }
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, story) in stories(&database) {
            groups.entry(story).or_default().push(key);
        }
        let mut groups: Vec<Vec<String>> = groups.into_values().collect();
        groups.sort();
        groups
    };
    let forward = groups(false);
    assert_eq!(forward, groups(true));
    assert_eq!(forward.len(), 4);
}

#[test]
fn a_replacement_is_told_anew() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    for (key, seed) in [("a", 1), ("b", 1), ("c", 2)] {
        database.insert(article(key, &report(seed))).unwrap();
    }
    assert_eq!(stories(&database), told(&[("a", "1"), ("b", "1"), ("c", "3")]));
    database.replace(article("a", &cut(1))).unwrap();
    assert_eq!(stories(&database)["a"], "1", "a correction stays in its story");
    database.replace(article("a", &report(7))).unwrap();
    let seq = database.snapshot().seq();
    let own = format!("1.{seq}");
    assert_eq!(stories(&database), told(&[("a", &own), ("b", "1"), ("c", "3")]), "its number is taken");
    database.insert(article("d", &report(7))).unwrap();
    database.replace(article("b", &report(2))).unwrap();
    assert_eq!(stories(&database), told(&[("a", &own), ("b", "3"), ("c", "3"), ("d", &own)]));
}

#[test]
fn one_batch_that_replaces_an_article_and_brings_a_copy_of_its_old_text_keeps_them_apart() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(folder.path().join("db")).unwrap();
    import(&database, folder.path(), "one.jsonl", &[("a", &report(1))]);
    import(&database, folder.path(), "two.jsonl", &[("a", &report(2)), ("b", &report(1)), ("c", &report(2))]);
    let stories = stories(&database);
    assert_eq!(stories["a"], stories["c"]);
    assert_ne!(stories["a"], stories["b"]);
}

#[test]
fn deleting_the_first_leaves_the_others_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    let first = database.insert(article("a", &report(1))).unwrap();
    database.insert(article("b", &report(1))).unwrap();
    database.delete(&[first]).unwrap();
    assert_eq!(stories(&database), told(&[("b", "1")]));
    database.insert(article("c", &report(1))).unwrap();
    database.insert(article("a", &report(5))).unwrap();
    assert_eq!(stories(&database), told(&[("a", "4"), ("b", "1"), ("c", "1")]));
    let database_path = database.path().to_owned();
    database.delete(&[dateline::article::ArticleId(2), dateline::article::ArticleId(3)]).unwrap();
    database.insert(article("d", &report(1))).unwrap();
    assert_eq!(stories(&database)["d"], "5", "nothing of that story is left to join");
    drop(database);
    assert!(Database::open(database_path).unwrap().check().unwrap().is_sound());
}

#[test]
fn keys_that_fold_alike_are_no_story() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(folder.path().join("db")).unwrap();
    database.insert(article("https://t.example/aB", &report(1))).unwrap();
    database.insert(article("https://t.example/Ab", &report(2))).unwrap();
    assert!(folded(&database).contains("2"), "{}", folded(&database));
}

#[test]
fn without_extraction_there_is_no_story_until_it_is_made_up_for() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    let rows = [("a", report(1)), ("b", report(1)), ("c", report(2))];
    let rows: Vec<(&str, &str)> = rows.iter().map(|(key, body)| (*key, body.as_str())).collect();
    let options = ImportOptions { extract: false, ..ImportOptions::default() };
    database.import(&[json_lines(folder.path(), "rows.jsonl", &rows)], &options, &mut |_| {}).unwrap();
    assert_eq!(stories(&database), told(&[("a", "-"), ("b", "-"), ("c", "-")]));
    assert!(folded(&database).contains("3"), "{}", folded(&database));
    assert_eq!(database.reextract(&never(), &mut |_| {}).unwrap().articles, 3);
    let after = stories(&database);
    assert!(after["a"] == after["b"] && after["a"] != after["c"] && after["a"] != "-", "{after:?}");
    assert_eq!(database.reextract(&never(), &mut |_| {}).unwrap().articles, 0);
}

#[test]
fn reports_in_like_words_weeks_apart_are_others() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(folder.path().join("db")).unwrap();
    let dated = |key: &str, body: String, day: u8| {
        let date = Some(Date::ymd(2018, 9, day).unwrap());
        database.insert(Article { date, ..article(key, &body) }).unwrap();
    };
    dated("a", report(1), 1);
    dated("b", cut(1), 3);
    dated("c", cut(1), 28);
    dated("d", report(1), 29);
    assert_eq!(stories(&database), told(&[("a", "1"), ("b", "1"), ("c", "1"), ("d", "1")]), "reprints");
    let sentences = |seed, count| report(seed).split_inclusive(". ").take(count).collect::<String>();
    dated("e", sentences(1, 14) + &sentences(9, 2), 15);
    assert_eq!(stories(&database)["e"], "5", "nothing like it within a week");
}

/// A database of six articles in three stories, with a replaced and a deleted one.
fn filled(path: &Path) -> Database {
    let database = Database::open_with(path, restless()).unwrap();
    for (key, seed) in [("a", 1), ("b", 1), ("c", 2), ("d", 2), ("e", 3), ("f", 3), ("g", 4)] {
        database.insert(article(key, &report(seed))).unwrap();
    }
    database.replace(article("c", &report(9))).unwrap();
    database.delete(&[dateline::article::ArticleId(1)]).unwrap();
    database
}

#[test]
fn a_crash_loses_no_story_at_any_time() {
    let folder = tempfile::tempdir().unwrap();
    let database = filled(&folder.path().join("db"));
    for seed in 20..30 {
        database.insert(article(&format!("k{seed}"), &report(seed / 2))).unwrap();
        let expected = stories_of(&database.snapshot());
        let (_guard, image) = crash_image(database.path());
        assert_eq!(stories_of(&Reader::open(&image).unwrap().snapshot()), expected);
        assert_eq!(stories(&Database::open(&image).unwrap()), expected);
    }
}

#[test]
fn a_record_store_made_anew_knows_every_text() {
    let folder = tempfile::tempdir().unwrap();
    let database = filled(&folder.path().join("db"));
    let expected = stories(&database);
    database.close().unwrap();
    let path = folder.path().join("db");
    for file in files_in(&manifest::records_path(&path)).into_iter().filter(|file| file.is_file()) {
        std::fs::write(file, b"gone").unwrap();
    }
    let report_of = Database::repair(&path, Options::default(), &never(), &mut |_| {}).unwrap();
    assert!(report_of.is_whole(), "{report_of:?}");
    let database = Database::open(&path).unwrap();
    assert_eq!(stories(&database), expected);
    database.insert(article("late", &report(3))).unwrap();
    assert_eq!(stories(&database)["late"], expected["e"]);
}

#[test]
fn an_index_of_near_duplicates_of_another_version_is_made_anew() {
    for version in [0, BANDS_VERSION + 1] {
        let folder = tempfile::tempdir().unwrap();
        let database = filled(&folder.path().join("db"));
        database.flush().unwrap();
        let expected = stories(&database);
        database.close().unwrap();
        let path = folder.path().join("db");
        let records = Records::open(&manifest::records_path(&path)).unwrap();
        let meta = Meta { bands: version, ..records.meta().unwrap() };
        records.apply(meta, &[], &mut |_| Err(StoreError::Poisoned)).unwrap();
        records.sync().unwrap();
        drop(records);
        Database::open(&path).unwrap().close().unwrap();
        let records = Records::open(&manifest::records_path(&path)).unwrap();
        assert_eq!(records.meta().unwrap().bands, BANDS_VERSION, "opening is enough");
        drop(records);
        let database = Database::open(&path).unwrap();
        assert_eq!(stories(&database), expected);
        database.insert(article("late", &report(3))).unwrap();
        assert_eq!(stories(&database)["late"], expected["e"]);
    }
}

#[test]
fn stems_are_asked_for_in_the_archive_with_its_copies() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    let in_language = |key: &str, lang: &str, date: &str, body: &str| {
        let lang = Some(lang.to_owned());
        let date = Some(date.parse().unwrap());
        database.insert(Article { lang, date, ..article(key, body) }).unwrap();
        database.flush().unwrap();
    };
    // No stemmer knows the language of the first; its copy, all that a second segment has, is English.
    in_language("first", "xx", "2018-09-01", &report(1));
    in_language("copy", "en", "2018-09-02", &format!("{}They are talking.", report(1)));
    assert_eq!(database.reader().stats().unwrap().segments, 2);
    let count = |with: &str| {
        let text = format!("count where body contains stem \"talk\" or key = \"first\"{with}");
        format!("{:?}", database.execute(&database.prepare(&text).unwrap()).unwrap().rows[0].cells[0])
    };
    assert_ne!(count(""), count(" with duplicates folded"));
}

#[test]
fn dumps_backups_and_compaction_keep_stories() {
    let folder = tempfile::tempdir().unwrap();
    let database = filled(&folder.path().join("db"));
    let expected = stories(&database);
    let mut dump = Vec::new();
    database.snapshot().dump(&mut dump, &never(), &mut |_| {}).unwrap();
    let loaded = Database::create(folder.path().join("loaded")).unwrap();
    loaded.load(&dump[..], &never(), &mut |_| {}).unwrap();
    assert_eq!(stories(&loaded), expected, "a dump says which stories there were");
    let (from, copy) = (database.path().to_owned(), folder.path().join("copy"));
    backup(&from, &copy, &BackupOptions::default(), &never(), &mut |_| {}).unwrap();
    restore(&copy, folder.path().join("restored"), Options::default(), &never(), &mut |_| {}).unwrap();
    assert_eq!(stories(&Database::open(folder.path().join("restored")).unwrap()), expected);
    let options = CompactOptions { purge: true };
    database.compact(&options, &never(), &mut |_| {}).unwrap();
    assert_eq!(stories(&database), expected, "and the bands of what was purged are gone");
    for database in [loaded, database] {
        database.insert(article("late", &report(3))).unwrap();
        assert_eq!(stories(&database)["late"], expected["e"]);
    }
}

#[test]
fn a_body_set_by_hand_is_told_anew_and_other_edits_leave_the_story() {
    let folder = tempfile::tempdir().unwrap();
    let database = filled(&folder.path().join("db"));
    let before = stories(&database);
    let run = |text: &str| {
        database.execute(&database.prepare(text).unwrap()).unwrap();
    };
    run("add topic \"war\" where key = \"f\"");
    assert_eq!(stories(&database), before);
    run(&format!("set body = \"{}\" where key = \"f\"", report(4).trim()));
    assert_eq!(stories(&database)["f"], before["g"]);
}
