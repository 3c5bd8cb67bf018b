//! Whatever one file loses, repair restores from the other copy.

use std::fs;
use std::path::{Path, PathBuf};

use dateline::Error;
use dateline::database::{Database, Options, RepairReport};
use dateline::value::Value;

use crate::damage::{files_in, flip, image};
use crate::support::*;

/// What happens to a file, with a name for it.
type Breakage = (&'static str, fn(&Path));

fn repair(path: &Path) -> RepairReport {
    Database::repair(path, Options::default(), &never(), &mut |_| {}).unwrap()
}

fn assert_repairs(image: &Path, expected: &Contents, what: &str) {
    let report = repair(image);
    assert!(report.is_whole(), "{what}: {report:?}");
    assert!(!report.found.is_empty(), "{what}: nothing was found");
    assert_recovers(image, expected);
    let again = repair(image);
    assert!(again.found.is_empty() && again.is_whole(), "{what}: {again:?}");
    let database = Database::open(image).unwrap();
    assert!(database.check_deep(&never(), &mut |_| {}).unwrap().is_sound(), "{what}");
    database.insert(article("after repair", "Text.")).unwrap();
}

/// A database that was closed: both copies are complete.
fn closed_image() -> (tempfile::TempDir, PathBuf, Contents) {
    let (guard, image, expected) = image();
    let database = Database::open(&image).unwrap();
    // A tombstone in a sealed segment, and a catalog that is not empty.
    database
        .update_catalog(|catalog| {
            catalog.aliases.insert("Daesh".into(), vec!["IS".into()]);
        })
        .unwrap();
    database.close().unwrap();
    (guard, image, expected)
}

/// Lists every file of a database but the lock and those of sled.
fn own_files(image: &Path) -> Vec<PathBuf> {
    let all = ["", "segments", "journal"].into_iter().flat_map(|folder| files_in(&image.join(folder)));
    all.filter(|path| path.is_file() && !path.ends_with("LOCK")).collect()
}

#[test]
fn a_sound_database_is_left_as_it_is() {
    let (_guard, image, expected) = image();
    assert_recovers(&image, &expected);
    let before = fs::read(image.join("MANIFEST")).unwrap();
    assert_eq!(repair(&image).found, [] as [String; 0]);
    assert_eq!(fs::read(image.join("MANIFEST")).unwrap(), before);
}

#[test]
fn every_file_is_restored_from_the_other_copy() {
    let (_guard, pristine, expected) = closed_image();
    let breakages: [Breakage; 5] = [
        ("a flipped first byte", |path| flip(path, 0)),
        ("a flipped middle byte", |path| flip(path, fs::metadata(path).unwrap().len() as usize / 2)),
        ("a flipped last byte", |path| flip(path, fs::metadata(path).unwrap().len() as usize - 1)),
        ("a cut end", |path| {
            let bytes = fs::read(path).unwrap();
            fs::write(path, &bytes[..bytes.len() - 3]).unwrap();
        }),
        ("a missing file", |path| fs::remove_file(path).unwrap()),
    ];
    let files = own_files(&pristine);
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        for (what, breakage) in breakages {
            // Of an empty journal only the header can be damaged; what it publishes is not needed then.
            let is_harmless = what == "a flipped last byte" && file.extension().is_some_and(|e| e == "log");
            if is_harmless {
                continue;
            }
            let (_guard, image) = crash_image(&pristine);
            let damaged = image.join(file.strip_prefix(&pristine).unwrap());
            breakage(&damaged);
            assert_repairs(&image, &expected, &format!("{what} of {}", file.display()));
            let catalog = Database::open(&image).unwrap().snapshot().catalog().clone();
            assert!(catalog.aliases.get("Daesh").is_some(), "{what} of {}", file.display());
        }
    }
}

#[test]
fn after_a_crash_repair_restores_all_or_says_what_is_lost() {
    let (_guard, pristine, expected) = image();
    for file in own_files(&pristine) {
        let length = fs::metadata(&file).unwrap().len() as usize;
        for byte in (0..length).step_by(length / 12 + 1) {
            let (_guard, image) = crash_image(&pristine);
            flip(&image.join(file.strip_prefix(&pristine).unwrap()), byte);
            let report = repair(&image);
            assert!(report.check.is_sound(), "{}: {report:?}", file.display());
            let database = Database::open(&image).unwrap();
            let is_all = contents(&database.snapshot()) == expected;
            assert!(is_all || !report.is_whole(), "byte {byte} of {}: {report:?}", file.display());
            assert!(
                is_all || file.extension().is_some_and(|e| e == "log"),
                "byte {byte} of {}",
                file.display()
            );
        }
    }
}

#[test]
fn a_flipped_digit_of_a_version_is_repaired() {
    let (_guard, pristine, expected) = closed_image();
    for file in own_files(&pristine) {
        let bytes = fs::read(&file).unwrap();
        let Some(rest) = bytes.strip_prefix(b"dateline ") else { continue };
        let place = 10 + rest.iter().position(|&byte| byte == b' ').unwrap();
        let (_guard, image) = crash_image(&pristine);
        let mut damaged = bytes.clone();
        damaged[place] ^= 2;
        assert!(damaged[place].is_ascii_digit(), "it is the version");
        fs::write(image.join(file.strip_prefix(&pristine).unwrap()), damaged).unwrap();
        assert_repairs(&image, &expected, &file.display().to_string());
    }
}

#[test]
fn files_of_one_side_may_all_be_lost() {
    let (_guard, pristine, expected) = closed_image();
    for folder in ["segments", "journal"] {
        let (_guard, image) = crash_image(&pristine);
        fs::remove_dir_all(image.join(folder)).unwrap();
        fs::remove_file(image.join("MANIFEST")).unwrap();
        assert_repairs(&image, &expected, folder);
    }
}

#[test]
fn both_copies_may_be_damaged_in_different_places() {
    let (_guard, image, expected) = closed_image();
    let segment = files_in(&image.join("segments")).into_iter().next().unwrap();
    // The frame of the file is lost, and some of the records beside it; sled must do for this one.
    flip(&segment, fs::metadata(&segment).unwrap().len() as usize - 20);
    fs::remove_file(image.join("MANIFEST")).unwrap();
    assert_repairs(&image, &expected, "segment and MANIFEST");
}

/// What happens to a segment so that nothing tells which articles it held.
fn unreadable() -> [Breakage; 4] {
    [
        ("missing", |segment| fs::remove_file(segment).unwrap()),
        ("cut", |segment| {
            let bytes = fs::read(segment).unwrap();
            fs::write(segment, &bytes[..bytes.len() - 3]).unwrap();
        }),
        // It opens, and neither its identities nor its records read.
        ("flipped all over", |segment| {
            let end = fs::metadata(segment).unwrap().len() as usize - 1_500;
            (0..end).step_by(60).for_each(|byte| flip(segment, byte));
        }),
        ("cut, without MANIFEST", |segment| {
            fs::write(segment, &fs::read(segment).unwrap()[..1_000]).unwrap();
            fs::remove_file(segment.parent().unwrap().parent().unwrap().join("MANIFEST")).unwrap();
        }),
    ]
}

#[test]
fn what_neither_copy_has_is_said() {
    for (what, breakage) in unreadable() {
        let (_guard, image, _) = image();
        fs::remove_dir_all(image.join("records")).unwrap();
        let segment = files_in(&image.join("segments")).into_iter().next().unwrap();
        let name = segment.file_name().unwrap();
        breakage(&segment);
        let damaged = fs::read(&segment).ok();
        let report = repair(&image);
        assert!(!report.is_whole() && !report.found.is_empty(), "{what}: {report:?}");
        assert!(report.lost.iter().any(|problem| problem.path == segment), "{what}: {:?}", report.lost);
        assert_eq!(fs::read(image.join("damaged/1").join(name)).ok(), damaged, "{what}: it is kept");
        // What is left is a database all the same.
        assert!(report.check.is_sound(), "{what}: {:?}", report.check);
        Database::open(&image).unwrap().insert(article("new", "Text.")).unwrap();
    }
}

#[test]
fn a_second_repair_keeps_what_the_first_set_aside() {
    let (_guard, image, _) = image();
    for number in ["1", "2"] {
        fs::remove_dir_all(image.join("records")).unwrap();
        let segment = files_in(&image.join("segments")).into_iter().next().unwrap();
        fs::write(&segment, number).unwrap();
        assert!(!repair(&image).is_whole());
        let database = Database::open(&image).unwrap();
        for n in 0..9 {
            database.insert(article(&format!("{number} {n}"), "Text.")).unwrap();
        }
        database.close().unwrap();
    }
    for number in ["1", "2"] {
        let kept = files_in(&image.join("damaged").join(number));
        assert!(kept.iter().any(|path| fs::read(path).unwrap() == number.as_bytes()), "{kept:?}");
    }
}

#[test]
fn a_catalog_that_neither_copy_has_is_said() {
    let (_guard, image, _) = closed_image();
    let database = Database::open(&image).unwrap();
    let mut tone = article("tone", "Text.");
    tone.fields.insert("tone".into(), vec![Value::from(3)]);
    database.insert(tone).unwrap();
    database.close().unwrap();
    fs::remove_dir_all(image.join("records")).unwrap();
    let is_catalog = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().starts_with("catalog-");
    let catalog = files_in(&image).into_iter().find(is_catalog).unwrap();
    flip(&catalog, fs::metadata(&catalog).unwrap().len() as usize / 2);
    let report = repair(&image);
    assert!(!report.is_whole() && report.check.is_sound(), "{report:?}");
    assert!(report.lost.iter().any(|problem| problem.path == catalog), "{:?}", report.lost);
    // The types come back with the articles: a text in the field is refused as before.
    let database = Database::open(&image).unwrap();
    assert_eq!(database.query("count where tone = 3").unwrap().rows.len(), 1);
    assert!(database.query("count where tone = \"loud\"").is_err());
}

#[test]
fn what_is_no_database_is_not_made_one() {
    let folder = tempfile::tempdir().unwrap();
    let error = Database::repair(folder.path(), Options::default(), &never(), &mut |_| {}).unwrap_err();
    assert!(matches!(error, Error::NotADatabase { .. }), "{error}");
    let (_guard, image, _) = image();
    let _open = Database::open(&image).unwrap();
    assert!(Database::repair(&image, Options::default(), &never(), &mut |_| {}).is_err(), "it is locked");
}
