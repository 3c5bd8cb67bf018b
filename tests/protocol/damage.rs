//! Damage is found and named; what the other copy has is restored from it.

use std::fs;
use std::path::{Path, PathBuf};

use dateline::Error;
use dateline::database::{Database, Reader};
use dateline::store::StoreError;

use crate::support::*;

/// A database with sealed and unsealed articles, a replacement and a deletion, as a crash leaves it.
pub fn image() -> (tempfile::TempDir, PathBuf, Contents) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let database = Database::open_with(&path, restless()).unwrap();
    for n in 0..10 {
        database.insert(article(&format!("{n}"), &format!("Body {n}"))).unwrap();
    }
    database.flush().unwrap();
    database.replace(article("3", "Another body")).unwrap();
    database.delete(&[database.get_by_key("4").unwrap().unwrap().id]).unwrap();
    database.insert(article("last", "Body")).unwrap();
    let expected = contents(&database.snapshot());
    let (guard, image) = crash_image(&path);
    (guard, image, expected)
}

pub fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

pub fn flip(path: &Path, byte: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[byte] ^= 0x10;
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_lost_or_broken_record_store_is_rebuilt() {
    let breakages: [fn(&Path); 5] = [
        |records| fs::remove_dir_all(records).unwrap(),
        |records| fs::write(records.join("conf"), "nonsense").unwrap(),
        |records| {
            let db = records.join("db");
            let length = fs::metadata(&db).unwrap().len() as usize;
            (0..length).step_by(512).for_each(|byte| flip(&db, byte));
        },
        |records| fs::write(records.join("db"), b"").unwrap(),
        |records| fs::write(records.join("snap.0000000000000000.generating"), b"half").unwrap(),
    ];
    for (number, breakage) in breakages.iter().enumerate() {
        let (_guard, image, expected) = image();
        breakage(&image.join("records"));
        println!("breakage {number}");
        assert_recovers(&image, &expected);
        assert_recovers(&image, &expected);
    }
}

#[test]
fn a_rebuild_that_a_crash_cut_short_is_begun_again() {
    let (_guard, image, expected) = image();
    copy(&image.join("records"), &image.join("records.new"));
    fs::write(image.join("records.new/db"), "half").unwrap();
    assert_recovers(&image, &expected);
    fs::rename(image.join("records"), image.join("records.old")).unwrap();
    assert_recovers(&image, &expected);
    let left: Vec<_> = files_in(&image).into_iter().filter(|path| path.extension().is_some()).collect();
    assert_eq!(left, [] as [PathBuf; 0]);
}

#[test]
fn a_torn_last_commit_never_happened() {
    let (_guard, image, mut expected) = image();
    let journal = files_in(&image.join("journal")).pop().unwrap();
    let bytes = fs::read(&journal).unwrap();
    let mut torn = bytes[..bytes.len() - 3].to_vec();
    // The frame was never synced, so its length was never published, and sled never heard of it.
    torn[48..68].fill(0);
    fs::write(&journal, &torn).unwrap();
    fs::remove_dir_all(image.join("records")).unwrap();
    expected.remove("last");
    assert_recovers(&image, &expected);
    let database = Database::open(&image).unwrap();
    database.insert(article("next", "Body")).unwrap();
    assert!(database.check().unwrap().is_sound());
}

#[test]
fn a_journal_that_lost_acknowledged_commits_is_damage() {
    let (_guard, image, _) = image();
    let journal = files_in(&image.join("journal")).pop().unwrap();
    let bytes = fs::read(&journal).unwrap();
    fs::write(&journal, &bytes[..bytes.len() - 3]).unwrap();
    assert!(Reader::open(&image).unwrap_err().is_damage());
    assert!(Database::open(&image).unwrap_err().is_damage());
}

#[test]
fn damage_to_any_file_but_the_record_store_is_an_error_that_names_it() {
    let (_guard, pristine, _) = image();
    let inside = |folder: &str| files_in(&pristine.join(folder));
    let catalog = files_in(&pristine).into_iter().filter(|path| path.to_string_lossy().contains("catalog-"));
    let files: Vec<PathBuf> =
        inside("segments").into_iter().chain(catalog).chain([pristine.join("MANIFEST")]).collect();
    assert!(files.len() >= 4, "{files:?}");
    for file in files {
        let (_guard, image) = crash_image(&pristine);
        let damaged = image.join(file.strip_prefix(&pristine).unwrap());
        let middle = fs::metadata(&damaged).unwrap().len() as usize / 2;
        flip(&damaged, middle);
        let name = damaged.file_name().unwrap().to_str().unwrap();
        match Database::open(&image) {
            Err(error) => {
                assert!(error.is_damage(), "{name}: {error}");
                assert!(error.to_string().contains(name), "{name}: {error}");
            }
            // A page of a segment is verified when it is first touched, and all of them by a check.
            Ok(database) => {
                let problems = database.check().unwrap().problems;
                assert!(problems.iter().any(|problem| problem.path.ends_with(name)), "{name}: {problems:?}");
            }
        }
        fs::remove_file(&damaged).unwrap();
        assert!(Reader::open(&image).is_err(), "{name} is missing");
    }
}

#[test]
fn a_database_of_a_later_version_is_refused_with_both_versions() {
    let (_guard, image, _) = image();
    let manifest = fs::read_to_string(image.join("MANIFEST")).unwrap();
    let (_, body) = manifest.split_once('\n').unwrap();
    let json: serde_json::Value = serde_json::from_str(body).unwrap();
    fs::write(image.join("MANIFEST"), dateline::store::sealed::seal("manifest", 2, &json)).unwrap();
    for error in [Reader::open(&image).unwrap_err(), Database::open(&image).unwrap_err()] {
        assert!(matches!(error, Error::Store(StoreError::Version { found: 2, known: 1, .. })), "{error}");
    }
}

#[test]
fn a_check_finds_rows_that_differ_from_the_segments() {
    let (_guard, image, _) = image();
    let (_other_guard, other, _) = {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let database = Database::open_with(&path, restless()).unwrap();
        for n in 0..13 {
            database.insert(article(&format!("{n}"), "Something else")).unwrap();
        }
        let expected = contents(&database.snapshot());
        let (guard, image) = crash_image(&path);
        (guard, image, expected)
    };
    // The record store of another database with as many commits.
    fs::remove_dir_all(image.join("records")).unwrap();
    copy(&other.join("records"), &image.join("records"));
    let database = Database::open(&image).unwrap();
    let problems = database.check().unwrap().problems;
    assert!(problems.len() >= 10, "{problems:?}");
}
