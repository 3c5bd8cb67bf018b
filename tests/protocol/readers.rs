//! Readers work beside a writer, see its commits after a refresh, and never open the record store.

use std::sync::atomic::{AtomicBool, Ordering};

use dateline::database::{Database, Options, Reader, Stats};

use crate::support::*;

#[test]
fn a_reader_sees_commits_after_a_refresh_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::create(&path).unwrap();
    let readers = [Reader::open(&path).unwrap(), database.reader()];
    for reader in &readers {
        assert!(!reader.refresh().unwrap());
    }
    database.insert(article("a", "one")).unwrap();
    for reader in &readers {
        let before = reader.snapshot();
        assert_eq!(before.articles(), 0);
        assert!(reader.refresh().unwrap());
        assert_eq!(reader.snapshot().get_by_key("a").unwrap().unwrap().article.body, "one");
        assert_eq!(before.articles(), 0, "a snapshot does not change");
        assert!(!reader.refresh().unwrap());
    }
    database.flush().unwrap();
    database.replace(article("a", "two")).unwrap();
    for reader in &readers {
        assert!(reader.refresh().unwrap());
        assert_eq!(reader.snapshot().get_by_key("a").unwrap().unwrap().article.body, "two");
        assert_eq!(reader.snapshot().articles(), 1);
    }
}

#[test]
fn a_reader_never_opens_the_record_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    for n in 0..20 {
        database.insert(article(&format!("{n}"), "text")).unwrap();
    }
    let (_guard, image) = crash_image(&path);
    std::fs::remove_dir_all(image.join("records")).unwrap();
    // A file in its place: opening the store could not even create it.
    std::fs::write(image.join("records"), "no store").unwrap();
    let reader = Reader::open(&image).unwrap();
    assert_eq!(reader.snapshot().articles(), 20);
    assert!(!reader.refresh().unwrap());
    assert_eq!(std::fs::read(image.join("records")).unwrap(), b"no store");
}

#[cfg(unix)]
#[test]
fn a_reader_writes_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    for n in 0..10 {
        database.insert(article(&format!("{n}"), "text")).unwrap();
    }
    let (_guard, image) = crash_image(&path);
    let set = |mode| {
        for entry in walkdir::WalkDir::new(&image).into_iter().flatten() {
            let mode = if entry.file_type().is_dir() { mode | 0o111 } else { mode };
            std::fs::set_permissions(entry.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o444);
    let articles = Reader::open(&image).map(|reader| reader.snapshot().articles());
    set(0o644);
    assert_eq!(articles.unwrap(), 10);
}

#[test]
fn readers_keep_up_with_a_writer_that_seals_and_merges_all_the_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, Options { seal_changes: 3, ..restless() }).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let reader = Reader::open(&path).unwrap();
                    for _ in 0..5 {
                        reader.refresh().unwrap();
                        let snapshot = reader.snapshot();
                        assert!(snapshot.seq() >= last, "a reader never goes back");
                        last = snapshot.seq();
                        let found = contents(&snapshot);
                        // Each commit replaces the one article or adds one more: both show in the counts.
                        assert_eq!(found.len() as u64, last.div_ceil(2), "half a commit is never seen");
                    }
                }
            });
        }
        for n in 0..60 {
            database.insert(article(&format!("{n}"), "first")).unwrap();
            database.replace(article(&format!("{n}"), "second")).unwrap();
        }
        database.merge().unwrap();
        done.store(true, Ordering::Relaxed);
    });
    assert_eq!(database.snapshot().articles(), 60);
}

#[test]
fn a_reader_outlives_merged_segments() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    database.insert(article("a", "one")).unwrap();
    database.flush().unwrap();
    let snapshot = Reader::open(&path).unwrap().snapshot();
    for generation in 0..12 {
        database.replace(article("a", &format!("body {generation}"))).unwrap();
        database.merge().unwrap();
    }
    assert_eq!(snapshot.get_by_key("a").unwrap().unwrap().article.body, "one");
    assert_eq!(std::fs::read_dir(path.join("segments")).unwrap().count(), 1, "what nobody names is removed");
}

#[test]
fn a_prepared_query_runs_on_the_snapshot_that_it_was_prepared_on() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_with(folder.path().join("db"), restless()).unwrap();
    let insert = |key: &str| database.insert(article(key, "They met in Idlib.")).unwrap();
    insert("a");
    let reader = database.reader();
    let count = |query: &dateline::database::Prepared| query.run().unwrap().rows[0].cells.clone();
    let query = reader.prepare("count where text contains :who").unwrap().bind("who", "idlib");
    let one = count(&query);
    insert("b");
    reader.refresh().unwrap();
    assert_eq!(count(&query), one);
    let again = reader.prepare("count where text contains :who").unwrap().bind("who", "idlib");
    assert_ne!(count(&again), one);
    assert!(
        !reader.query("find where text contains \"paris\"").unwrap().rows.iter().any(|row| row.id.is_some())
    );
    let error = reader.query("find where txt contains \"paris\"").unwrap_err();
    assert_eq!(error.query_errors().len(), 1, "{error}");
}

#[test]
fn figures_count_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    for n in 0..5 {
        database.insert(article(&format!("{n}"), "text")).unwrap();
    }
    database.flush().unwrap();
    database.replace(article("0", "another")).unwrap();
    let stats = Reader::open(&path).unwrap().stats().unwrap();
    assert_eq!((stats.articles, stats.dead, stats.segments, stats.seq), (5, 1, 2, 6));
    assert!(stats.disk.total_bytes > stats.disk.segments_bytes + stats.disk.records_bytes);
    // What sled has not synced yet it writes when it likes, so its files grow between two looks.
    let without_records = |mut stats: Stats| {
        stats.disk.total_bytes -= std::mem::take(&mut stats.disk.records_bytes);
        stats
    };
    assert_eq!(without_records(stats), without_records(database.reader().stats().unwrap()));
    database.flush().unwrap();
    assert_eq!(Reader::open(&path).unwrap().stats().unwrap(), database.reader().stats().unwrap());
}
