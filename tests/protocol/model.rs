//! Random changes, with a crash after each: the database always equals a map.

use std::path::Path;

use dateline::database::{
    BackupOptions, CompactOptions, Database, ImportOptions, OnDuplicate, Options, Outcome, Reader,
};

use crate::support::*;

/// A small generator, so that a failure is repeated by its seed.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A database beside its twin.
struct Pair {
    database: Database,
    twin: Contents,
    next_id: u32,
    scratch: tempfile::TempDir,
}

impl Pair {
    fn key(dice: &mut Dice) -> String {
        format!("key-{}", dice.roll(25))
    }

    fn step(&mut self, dice: &mut Dice) -> &'static str {
        match dice.roll(20) {
            0..=3 => self.replace(dice),
            4..=5 => self.delete(dice),
            6 => self.delete_several(dice),
            7..=8 => self.import(dice, 5),
            9 => self.import(dice, 20),
            10 => {
                self.database.flush().unwrap();
                "flush"
            }
            11 => {
                self.database.merge().unwrap();
                "merge"
            }
            12 => {
                assert_eq!(self.database.reindex(&never(), &mut |_| {}).unwrap(), self.twin.len() as u64);
                "reindex"
            }
            13..=14 => {
                let options = CompactOptions { purge: dice.roll(2) == 0 };
                self.database.compact(&options, &never(), &mut |_| {}).unwrap();
                "compact"
            }
            15 => {
                self.database.reextract(&never(), &mut |_| {}).unwrap();
                "reextract"
            }
            16 => self.back_up(dice),
            17 => self.dump(),
            _ => {
                let report = self.database.check_deep(&never(), &mut |_| {}).unwrap();
                assert!(report.is_sound(), "{:?}", report.problems);
                "deep check"
            }
        }
    }

    /// Brings one backup up to date again and again; it is a database to read, and becomes one to write.
    fn back_up(&mut self, dice: &mut Dice) -> &'static str {
        let (backup, restored) = (self.scratch.path().join("backup"), self.scratch.path().join("restored"));
        let options = BackupOptions { link: dice.roll(3) == 0, trust_earlier: dice.roll(2) == 0 };
        let done = dateline::database::backup(self.database.path(), &backup, &options, &never(), &mut |_| {})
            .unwrap();
        assert_eq!(done.articles, self.twin.len() as u64);
        assert_eq!(contents(&Reader::open(&backup).unwrap().snapshot()), self.twin);
        if dice.roll(3) == 0 {
            let _ = std::fs::remove_dir_all(&restored);
            let options = Options::default();
            dateline::database::restore(&backup, &restored, options, &never(), &mut |_| {}).unwrap();
            assert_recovers(&restored, &self.twin);
        }
        "backup"
    }

    fn dump(&mut self) -> &'static str {
        let mut bytes = Vec::new();
        self.database.snapshot().dump(&mut bytes, &never(), &mut |_| {}).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let loaded = Database::create(folder.path().join("db")).unwrap();
        let done = loaded.load(&bytes[..], &never(), &mut |_| {}).unwrap();
        assert_eq!((done.added, done.present), (self.twin.len() as u64, 0));
        assert_eq!(contents(&loaded.snapshot()), self.twin);
        assert_eq!(loaded.snapshot().next_id().0, self.next_id, "no number is given away again");
        "dump"
    }

    fn replace(&mut self, dice: &mut Dice) -> &'static str {
        let (key, body) = (Pair::key(dice), format!("Body {}", dice.roll(4)));
        let before = self.database.snapshot().seq();
        let (id, outcome) = self.database.replace(article(&key, &body)).unwrap();
        let expected = self.put(&key, &body, OnDuplicate::Replace);
        assert_eq!(outcome, expected);
        assert_eq!(self.twin[&key].0, id.0);
        let is_new = self.database.snapshot().seq() != before;
        assert_eq!(is_new, outcome != Outcome::Unchanged, "only changes are commits");
        "replace"
    }

    fn put(&mut self, key: &str, body: &str, on_duplicate: OnDuplicate) -> Outcome {
        match self.twin.get_mut(key) {
            Some((_, stored)) if stored == body => Outcome::Unchanged,
            Some(_) if on_duplicate == OnDuplicate::Skip => Outcome::Skipped,
            Some((_, stored)) => {
                body.clone_into(stored);
                Outcome::Replaced
            }
            None => {
                self.twin.insert(key.to_owned(), (self.next_id, body.to_owned()));
                self.next_id += 1;
                Outcome::Added
            }
        }
    }

    fn delete(&mut self, dice: &mut Dice) -> &'static str {
        let key = Pair::key(dice);
        let id = self.twin.remove(&key).map_or(9_999, |(id, _)| id);
        let count = self.database.delete(&[dateline::article::ArticleId(id)]).unwrap();
        assert_eq!(count, u64::from(id != 9_999));
        "delete"
    }

    fn delete_several(&mut self, dice: &mut Dice) -> &'static str {
        let mut ids = Vec::new();
        for _ in 0..4 {
            let removed = self.twin.remove(&Pair::key(dice));
            ids.extend(removed.map(|(id, _)| dateline::article::ArticleId(id)));
        }
        assert_eq!(self.database.delete(&ids).unwrap(), ids.len() as u64);
        "delete several"
    }

    /// Imports rows of which several may have one key: a later one then meets the earlier.
    fn import(&mut self, dice: &mut Dice, rows: u64) -> &'static str {
        let on_duplicate = [OnDuplicate::Skip, OnDuplicate::Replace][dice.roll(2) as usize];
        // Within one import the keys differ, so that numbers are given in the order of the twin's.
        let mut keys: Vec<String> = (0..rows).map(|_| Pair::key(dice)).collect();
        keys.sort();
        keys.dedup();
        let bodies: Vec<String> = keys.iter().map(|_| format!("Body {}", dice.roll(4))).collect();
        let rows: Vec<(&str, &str)> =
            keys.iter().map(String::as_str).zip(bodies.iter().map(String::as_str)).collect();
        let path = json_lines(self.scratch.path(), "rows.jsonl", &rows);
        let options = ImportOptions { on_duplicate, extract: dice.roll(2) == 0, ..ImportOptions::default() };
        let summary = self.database.import(&[path], &options, &mut |_| {}).unwrap();
        let mut expected = dateline::database::ImportCounts::default();
        for (key, body) in rows {
            expected.count(self.put(key, body, on_duplicate));
        }
        assert_eq!(summary.counts, expected);
        "import"
    }
}

fn run(seed: u64, steps: u32, folder: &Path, options: Options) {
    println!("seed {seed}");
    let mut dice = Dice(seed);
    let path = folder.join("db");
    let database = Database::open_with(&path, options.clone()).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let mut pair = Pair { database, twin: Contents::new(), next_id: 1, scratch };
    let reader = Reader::open(&path).unwrap();
    for step in 0..steps {
        let what = pair.step(&mut dice);
        assert_eq!(contents(&pair.database.snapshot()), pair.twin, "seed {seed} step {step}: {what}");
        reader.refresh().unwrap();
        assert_eq!(
            contents(&reader.snapshot()),
            pair.twin,
            "seed {seed} step {step}: {what}, beside the writer"
        );
        if dice.roll(4) == 0 {
            let (_guard, image) = crash_image(&path);
            assert_recovers(&image, &pair.twin);
        }
        if dice.roll(15) == 0 {
            let Pair { database, twin, next_id, scratch } = pair;
            database.close().unwrap();
            assert_recovers(&path, &twin);
            let database = Database::open_with(&path, options.clone()).unwrap();
            pair = Pair { database, twin, next_id, scratch };
        }
    }
}

#[test]
fn random_changes_and_crashes_leave_what_a_map_would_hold() {
    for seed in 1..=4 {
        let folder = tempfile::tempdir().unwrap();
        run(seed, 60, folder.path(), restless());
    }
}

#[test]
fn the_same_holds_where_every_import_becomes_a_segment() {
    let folder = tempfile::tempdir().unwrap();
    run(11, 80, folder.path(), Options { seal_changes: 2, import_memory_bytes: 1, ..restless() });
}
