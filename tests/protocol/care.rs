//! Reindexing, compacting, backing up, dumping: the articles stay what they are.

use std::fs;
use std::path::Path;
use std::sync::atomic::Ordering;

use dateline::Error;
use dateline::article::Article;
use dateline::database::{
    BackupOptions, CompactOptions, Database, ImportOptions, Options, Reader, backup, restore,
};
use dateline::exec::CancelToken;
use dateline::schema::Builtin;

use crate::support::*;

const SECRET: &str = "zanzibarquartz";

fn filled(path: &Path) -> Database {
    filled_with(path, restless())
}

fn filled_with(path: &Path, options: Options) -> Database {
    let database = Database::open_with(path, options).unwrap();
    for n in 0..30 {
        database
            .insert(article(&format!("{n}"), &format!("They met in Idlib, for the {n}th time.")))
            .unwrap();
    }
    database.delete(&[database.get_by_key("4").unwrap().unwrap().id]).unwrap();
    database.replace(article("5", "Another body.")).unwrap();
    database
}

fn cancelled() -> CancelToken {
    let token = CancelToken::default();
    token.cancel();
    token
}

/// Tells whether any file under a folder holds these bytes.
fn is_anywhere(folder: &Path, bytes: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return is_anywhere(&path, bytes);
        }
        fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes.as_bytes())
    })
}

#[test]
fn a_purge_leaves_no_deleted_text_in_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, Options { create: true, ..Options::default() }).unwrap();
    let words = ["Idlib", "ministers", "ceasefire", "talks", "reporters", "said", "government", "on Tuesday"];
    let body =
        |n: usize| (0..250).map(|w| words[(n * 7 + w * w) % words.len()]).collect::<Vec<_>>().join(" ");
    let rows: Vec<(String, String)> = (0..1_500)
        .map(|n| match n % 3 {
            // The dictionary learns it too.
            0 => (format!("k{n}"), format!("{SECRET} {} {SECRET}", body(n))),
            _ => (format!("k{n}"), body(n)),
        })
        .collect();
    let rows: Vec<(&str, &str)> = rows.iter().map(|(key, body)| (key.as_str(), body.as_str())).collect();
    let file = json_lines(folder.path(), "rows.jsonl", &rows);
    database.import(&[&file], &ImportOptions::default(), &mut |_| {}).unwrap();
    database.insert(article("short", SECRET)).unwrap();
    assert!(is_anywhere(&path, SECRET));
    let doomed: Vec<_> =
        (0..1_500).step_by(3).map(|n| database.get_by_key(&format!("k{n}")).unwrap().unwrap().id).collect();
    assert_eq!(database.delete(&doomed).unwrap(), 500);
    database.replace(article("short", "Something else.")).unwrap();
    let expected = contents(&database.snapshot());
    database.compact(&CompactOptions { purge: true }, &never(), &mut |_| {}).unwrap();
    assert!(!is_anywhere(&path, SECRET));
    assert_eq!(contents(&database.snapshot()), expected);
    assert!(database.check_deep(&never(), &mut |_| {}).unwrap().is_sound());
    database.close().unwrap();
    assert!(!is_anywhere(&path, SECRET));
    let (_guard, image) = crash_image(&path);
    assert_recovers(&image, &expected);
}

#[test]
fn compacting_leaves_one_segment_and_nothing_dead() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = filled(&path);
    let expected = contents(&database.snapshot());
    let reader = Reader::open(&path).unwrap();
    let before = reader.snapshot();
    database.compact(&CompactOptions::default(), &never(), &mut |_| {}).unwrap();
    let stats = database.reader().stats().unwrap();
    assert_eq!((stats.segments, stats.dead), (1, 0));
    assert_eq!(contents(&before), expected, "readers go on with what they have");
    assert!(reader.refresh().unwrap());
    assert_eq!(contents(&reader.snapshot()), expected);
    let (_guard, image) = crash_image(&path);
    assert_recovers(&image, &expected);
    database.insert(article("later", "Text.")).unwrap();
}

#[test]
fn cancelled_work_changes_nothing_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = filled(&path);
    database.flush().unwrap();
    let expected = contents(&database.snapshot());
    let files = || {
        let mut names: Vec<_> =
            fs::read_dir(path.join("segments")).unwrap().map(|e| e.unwrap().file_name()).collect();
        names.extend(fs::read_dir(&path).unwrap().map(|e| e.unwrap().file_name()));
        names.sort();
        names
    };
    let before = files();
    let purge = CompactOptions { purge: true };
    assert!(database.reindex(&cancelled(), &mut |_| {}).is_err());
    assert!(database.compact(&purge, &cancelled(), &mut |_| {}).is_err());
    assert!(database.check_deep(&cancelled(), &mut |_| {}).is_err());
    assert_eq!(files(), before);
    assert_eq!(contents(&database.snapshot()), expected);
    database.reindex(&never(), &mut |_| {}).unwrap();
    assert!(database.check_deep(&never(), &mut |_| {}).unwrap().is_sound());
}

#[test]
fn compacting_is_cancelled_before_it_takes_effect_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    for purge in [false, true] {
        let database = filled(&folder.path().join(format!("{purge}")));
        let expected = contents(&database.snapshot());
        let mut parts = Vec::new();
        let options = CompactOptions { purge };
        database.compact(&options, &never(), &mut |steps| parts.push(steps.doing)).unwrap();
        parts.dedup();
        assert!(parts.len() >= 3, "{parts:?}");
        for part in parts {
            let token = CancelToken::default();
            let mut cancel = |steps: &dateline::database::Steps| {
                if steps.doing == part {
                    token.cancel();
                }
            };
            let done = database.compact(&options, &token, &mut cancel);
            assert_eq!(done.is_ok(), part == "writing records of", "{part}: {done:?}");
            assert_eq!(contents(&database.snapshot()), expected, "{part}");
            assert!(database.check().unwrap().is_sound(), "{part}");
            database.replace(article("5", part)).unwrap();
            database.replace(article("5", "Another body.")).unwrap();
        }
    }
}

/// Returns the room that work asks for on a disk with one free byte; the work has changed nothing then.
fn needed(disk: &FullDisk, database: &Database, work: impl Fn() -> dateline::Result<()>) -> u64 {
    let before = crate::damage::files_in(&database.path().join("segments"));
    disk.free_bytes.store(1, Ordering::SeqCst);
    let Err(Error::DiskFull { needed_bytes, free_bytes: 1, .. }) = work() else { panic!("there is no room") };
    assert_eq!(crate::damage::files_in(&database.path().join("segments")), before);
    disk.free_bytes.store(needed_bytes - 1, Ordering::SeqCst);
    assert!(matches!(work(), Err(Error::DiskFull { .. })));
    disk.free_bytes.store(needed_bytes, Ordering::SeqCst);
    work().unwrap();
    needed_bytes
}

#[test]
fn room_on_the_disk_is_asked_for_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, options) = on_disk();
    let path = folder.path().join("db");
    let database = filled_with(&path, Options { import_memory_bytes: 1, ..options });
    database.flush().unwrap();
    let size = |inner: &str| -> u64 {
        let files = crate::damage::files_in(&path.join(inner)).into_iter().filter(|path| path.is_file());
        files.map(|path| fs::metadata(path).unwrap().len()).sum()
    };
    let compact = |purge| database.compact(&CompactOptions { purge }, &never(), &mut |_| {});
    let segments = size("segments");
    let reindexing = needed(&disk, &database, || database.reindex(&never(), &mut |_| {}).map(drop));
    assert!(reindexing >= segments, "{reindexing} for {segments}");
    let both = size("segments") + size("records");
    let plain = needed(&disk, &database, || compact(false));
    assert!(plain >= both, "{plain} for {both}");
    // Made from records, all segments stand there twice more: in parts, and as one.
    let thrice = size("segments") * 2 + size("records");
    let purging = needed(&disk, &database, || compact(true));
    assert!(purging >= thrice, "{purging} for {thrice}");
}

#[test]
fn a_full_disk_is_no_damage_to_a_check() {
    let folder = tempfile::tempdir().unwrap();
    let (disk, options) = on_disk();
    let database = filled_with(&folder.path().join("db"), options);
    database.flush().unwrap();
    disk.is_full.store(true, Ordering::SeqCst);
    let error = database.check_deep(&never(), &mut |_| {}).unwrap_err();
    assert!(error.to_string().starts_with("cannot create") && !error.is_damage(), "{error}");
    disk.is_full.store(false, Ordering::SeqCst);
    assert!(database.check_deep(&never(), &mut |_| {}).unwrap().is_sound());
}

#[test]
fn a_backup_is_taken_beside_a_writer_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("db"), folder.path().join("backup"));
    let database = filled(&path);
    let options = BackupOptions::default();
    let first = contents(&database.snapshot());
    let done = backup(&path, &copy, &options, &never(), &mut |_| {}).unwrap();
    assert_eq!(done.articles, first.len() as u64);
    database.insert(article("after", "Text.")).unwrap();
    assert_eq!(contents(&Reader::open(&copy).unwrap().snapshot()), first);
    let second = contents(&database.snapshot());
    let again = backup(&path, &copy, &options, &never(), &mut |_| {}).unwrap();
    assert!(again.kept_bytes > 0 && again.seq == done.seq + 1, "{again:?}");
    assert_eq!(contents(&Reader::open(&copy).unwrap().snapshot()), second);
    assert!(!copy.join("records").exists() && !copy.join("LOCK").exists());
    let restored = folder.path().join("restored");
    assert_eq!(restore(&copy, &restored, Options::default(), &never(), &mut |_| {}).unwrap(), 30);
    assert_recovers(&restored, &second);
    let taken = restore(&copy, &restored, Options::default(), &never(), &mut |_| {});
    assert!(matches!(taken, Err(Error::Exists { .. })));
}

#[test]
fn an_interrupted_backup_leaves_a_whole_one() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("db"), folder.path().join("backup"));
    let database = filled(&path);
    database.flush().unwrap();
    database.insert(article("first", "Text.")).unwrap();
    let first = contents(&database.snapshot());
    backup(&path, &copy, &BackupOptions::default(), &never(), &mut |_| {}).unwrap();
    database.insert(article("second", "Text.")).unwrap();
    database.flush().unwrap();
    let sealed = contents(&database.snapshot());
    database.insert(article("third", "Text.")).unwrap();
    let mut written = crate::damage::files_in(&path);
    written.extend(crate::damage::files_in(&path.join("journal")));
    written.retain(|path| path.is_file() && !path.ends_with("LOCK"));
    let mut ends = Vec::new();
    for file in &written {
        let (_guard, copy) = crash_image(&copy);
        let back_up = || backup(&path, &copy, &BackupOptions::default(), &never(), &mut |_| {});
        // A folder of its temporary name keeps the file from being written: there the backup ends.
        let mut name = copy.join(file.strip_prefix(&path).unwrap()).into_os_string();
        name.push(".tmp");
        fs::create_dir(&name).unwrap();
        let error = back_up().unwrap_err();
        assert!(error.to_string().starts_with("cannot create"), "{error}");
        let found = contents(&Reader::open(&copy).unwrap().snapshot());
        assert!(found == first || found == sealed, "{}: {found:?}", file.display());
        ends.push(found == first);
        fs::remove_dir(&name).unwrap();
        back_up().unwrap();
        assert_eq!(contents(&Reader::open(&copy).unwrap().snapshot()), contents(&database.snapshot()));
    }
    assert!(ends.len() >= 3 && ends.contains(&true), "{ends:?}");
}

#[test]
fn a_backup_goes_over_no_other_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (path, other) = (folder.path().join("db"), folder.path().join("other"));
    let database = filled(&path);
    drop(Database::create(&other).unwrap());
    let options = BackupOptions::default();
    let into = |target: &Path| backup(&path, target, &options, &never(), &mut |_| {});
    assert!(matches!(into(&other), Err(Error::Exists { .. })));
    assert!(matches!(into(&path), Err(Error::Exists { .. })));
    let damaged = folder.path().join("damaged");
    into(&damaged).unwrap();
    fs::write(damaged.join("MANIFEST"), "of what?").unwrap();
    assert!(matches!(into(&damaged), Err(Error::Exists { .. })));
    fs::create_dir(folder.path().join("photos")).unwrap();
    fs::write(folder.path().join("photos/a.jpg"), "x").unwrap();
    assert!(matches!(into(&folder.path().join("photos")), Err(Error::Exists { .. })));
    assert!(matches!(
        backup(folder.path().join("none"), folder.path().join("b"), &options, &never(), &mut |_| {}),
        Err(Error::NotADatabase { .. })
    ));
    drop(database);
}

#[test]
fn a_damaged_file_ends_a_backup_and_the_earlier_one_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("db"), folder.path().join("backup"));
    let database = filled(&path);
    let options = BackupOptions::default();
    backup(&path, &copy, &options, &never(), &mut |_| {}).unwrap();
    let expected = contents(&database.snapshot());
    database.compact(&CompactOptions::default(), &never(), &mut |_| {}).unwrap();
    database.close().unwrap();
    let segment = fs::read_dir(path.join("segments")).unwrap().next().unwrap().unwrap().path();
    crate::damage::flip(&segment, 100);
    let error = backup(&path, &copy, &options, &never(), &mut |_| {}).unwrap_err();
    assert!(error.is_damage(), "{error}");
    assert_eq!(contents(&Reader::open(&copy).unwrap().snapshot()), expected);
    // A byte that the backup lost is found by the next one, which copies the segment again.
    let (path, copy) = (folder.path().join("db2"), folder.path().join("backup2"));
    let database = filled(&path);
    backup(&path, &copy, &options, &never(), &mut |_| {}).unwrap();
    let segment = fs::read_dir(copy.join("segments"))
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "seg"))
        .unwrap();
    crate::damage::flip(&segment, 100);
    backup(&path, &copy, &options, &never(), &mut |_| {}).unwrap();
    let live = Reader::open(&copy).unwrap();
    assert!(live.snapshot().view().segments.iter().all(|live| live.segment.verify().is_ok()));
    drop(database);
}

/// Articles with everything that a dump must bring back.
fn curated(path: &Path) -> Database {
    let database = filled(path);
    let mut given = article("given", "PARIS (AFP) - Jean Dupont met Maria Lopez.");
    given.fields.insert("tone".into(), vec![dateline::value::Value::from(3)]);
    given.date = Some("2018-09-03T10:00:05+03:00".parse().unwrap());
    given.given.people.push("Ann Other".into());
    given.given.remove(Builtin::Person, "Jean Dupont");
    given.given.set(Builtin::Org, vec!["AFP".into()]);
    database.insert(given).unwrap();
    database
        .update_catalog(|catalog| {
            catalog.aliases.insert("Daesh".into(), vec!["IS".into()]);
        })
        .unwrap();
    database
}

fn articles(database: &Database) -> Vec<(u32, Article)> {
    let keys = contents(&database.snapshot());
    let record = |key: &String| database.get_by_key(key).unwrap().unwrap();
    keys.keys().map(record).map(|record| (record.id.0, record.article)).collect()
}

#[test]
fn a_dump_brings_back_everything_that_is_true() {
    let folder = tempfile::tempdir().unwrap();
    let database = curated(&folder.path().join("db"));
    let last = database.insert(article("last", "Text.")).unwrap();
    database.delete(&[last]).unwrap();
    let mut bytes = Vec::new();
    database.snapshot().dump(&mut bytes, &never(), &mut |_| {}).unwrap();
    let loaded = Database::open_with(folder.path().join("loaded"), restless()).unwrap();
    let done = loaded.load(&bytes[..], &never(), &mut |_| {}).unwrap();
    assert_eq!((done.added, done.present), (30, 0));
    assert_eq!(articles(&loaded), articles(&database));
    assert_eq!(loaded.snapshot().catalog(), database.snapshot().catalog());
    assert!(loaded.insert(article("new", "Text.")).unwrap() > last);
    assert!(loaded.check_deep(&never(), &mut |_| {}).unwrap().is_sound());
}

#[test]
fn loading_goes_on_where_it_was_cut_short() {
    let folder = tempfile::tempdir().unwrap();
    let database = curated(&folder.path().join("db"));
    let mut bytes = Vec::new();
    database.snapshot().dump(&mut bytes, &never(), &mut |_| {}).unwrap();
    let path = folder.path().join("loaded");
    let loaded = Database::open_with(&path, restless()).unwrap();
    for cut in [0, 1, bytes.len() / 2, bytes.len() - 1] {
        let error = loaded.load(&bytes[..cut], &never(), &mut |_| {}).unwrap_err();
        assert!(matches!(error, Error::Dump { .. }), "{error}");
    }
    loaded.load(&bytes[..], &never(), &mut |_| {}).unwrap();
    let again = loaded.load(&bytes[..], &never(), &mut |_| {}).unwrap();
    assert_eq!((again.added, again.present), (0, 30));
    assert_eq!(articles(&loaded), articles(&database));
    loaded.replace(article("5", "Changed since.")).unwrap();
    assert!(matches!(loaded.load(&bytes[..], &never(), &mut |_| {}), Err(Error::Dump { .. })));
}

#[test]
fn loading_gives_no_number_away_again() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(folder.path().join("db")).unwrap();
    database.insert(article("dumped", "Text.")).unwrap();
    let mut bytes = Vec::new();
    database.snapshot().dump(&mut bytes, &never(), &mut |_| {}).unwrap();
    let emptied = Database::create(folder.path().join("emptied")).unwrap();
    let id = emptied.insert(article("gone", "Text.")).unwrap();
    emptied.delete(&[id]).unwrap();
    let error = emptied.load(&bytes[..], &never(), &mut |_| {}).unwrap_err();
    assert!(error.to_string().contains("given away"), "{error}");
    assert!(emptied.snapshot().get(id).unwrap().is_none());
}

#[test]
fn hostile_dumps_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let head =
        r#"{"dateline dump":1,"articles":1,"next_id":9,"catalog":{"declared":{},"aliases":{},"saved":{}}}"#;
    let line = |id: u32, key: &str| format!(r#"{{"id":{id},"extracted":true,"key":"{key}","body":"Text."}}"#);
    let cases = [
        vec![],
        vec!["{".into()],
        vec![head.replace("dump\":1", "dump\":2")],
        vec![head.into(), "nonsense".into()],
        vec![head.into(), line(1, "a")],
        vec![head.into(), line(1, "a"), line(1, "b"), r#"{"end":2}"#.into()],
        vec![head.into(), line(1, "a"), line(2, "a"), r#"{"end":2}"#.into()],
        vec![head.into(), line(1, ""), r#"{"end":1}"#.into()],
        vec![head.into(), line(1, "a"), r#"{"end":2}"#.into()],
        vec![head.into(), line(1, "a").replace("Text.", " "), r#"{"end":1}"#.into()],
        vec![head.into(), line(1, "a").replace("}", r#","fields":{"tone":[1]}}"#), r#"{"end":1}"#.into()],
        vec![head.into(), line(1, "a").replace("}", r#","date":"soon"}"#), r#"{"end":1}"#.into()],
    ];
    for (number, lines) in cases.iter().enumerate() {
        let database = Database::create(folder.path().join(format!("{number}"))).unwrap();
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let bytes = zstd::encode_all(text.as_bytes(), 1).unwrap();
        let error = database.load(&bytes[..], &never(), &mut |_| {}).unwrap_err();
        assert!(matches!(error, Error::Dump { .. }), "{number}: {error}");
        assert!(database.load(text.as_bytes(), &never(), &mut |_| {}).is_err(), "{number} is not compressed");
        assert_eq!(database.snapshot().articles(), 0);
    }
}
