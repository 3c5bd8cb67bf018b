//! The life of a database: articles come, change and go, segments are sealed and merged, the process ends and begins
//! again; in between every query answers as the twin does.
//!
//! What extraction finds is read back from the database and not modelled. `DATELINE_MODEL_LIVES=1200` asks more than
//! 100,000 queries; a run ends by saying how many it asked, and of which layouts.

use std::collections::BTreeMap;
use std::path::Path;

use dateline::article::{ArticleId, Record};
use dateline::database::{Database, Options};
use dateline::date::Offset;
use dateline::query::Session;
use dateline::store::manifest::Manifest;

use super::dice::Dice;
use super::{NOW, archive, ask_both, edits, knob, seed, smallest, throw};

/// Databases that live where `DATELINE_MODEL_LIVES` says nothing.
const LIVES_DEFAULT: u64 = 6;

/// What happens in one life.
const EVENTS: usize = 60;

/// Queries asked each time that all is looked at.
const QUERIES: usize = 15;

#[test]
fn a_database_answers_like_the_twin_all_its_life() {
    let (seed, lives) = (seed(), knob("DATELINE_MODEL_LIVES").unwrap_or(LIVES_DEFAULT));
    println!("seed {seed}, {lives} lives of {EVENTS} events");
    let mut asked = Asked::default();
    for life in 0..lives {
        let folder = tempfile::tempdir().unwrap();
        for (layout, count) in Life::begin(seed + life, &folder.path().join("news.db")).run() {
            *asked.entry(layout).or_default() += count;
        }
    }
    println!("pairs that agree, by layout: {asked:?}");
}

/// How many queries were asked, by what the archive lay in.
type Asked = BTreeMap<&'static str, usize>;

struct Life<'a> {
    seed: u64,
    dice: Dice,
    path: &'a Path,
    database: Database,
    /// What must be in the database: each article's number by its key.
    living: BTreeMap<String, ArticleId>,
    keys: usize,
    asked: Asked,
    is_merged: bool,
}

impl<'a> Life<'a> {
    fn begin(seed: u64, path: &'a Path) -> Life<'a> {
        let database = open(path);
        database.update_catalog(|catalog| *catalog = archive::catalog()).unwrap();
        Life {
            seed,
            dice: Dice::new(seed),
            path,
            database,
            living: BTreeMap::new(),
            keys: 0,
            asked: Asked::new(),
            is_merged: false,
        }
    }

    fn run(mut self) -> Asked {
        for _ in 0..EVENTS {
            match self.dice.below(24) {
                0..=8 => self.insert(),
                9..=11 => self.replace(),
                12..=13 => self.delete(),
                14..=15 => self.database.flush().unwrap(),
                16 => self.merge(),
                17 => self = self.reopened(),
                18..=21 => self.change_where(),
                _ => self.look(),
            }
        }
        self.look();
        let report = self.database.check().unwrap();
        assert!(report.is_sound(), "seed {}: {report:?}", self.seed);
        self.asked
    }

    fn insert(&mut self) {
        self.keys += 1;
        let key = format!("key-{}", self.keys);
        let id = self.database.insert(archive::draft(&mut self.dice, key.clone())).unwrap();
        assert!(self.living.values().all(|other| other.0 < id.0), "numbers are never used twice");
        self.living.insert(key, id);
    }

    fn replace(&mut self) {
        let Some((key, id)) = self.any() else { return };
        let (kept, _) = self.database.replace(archive::draft(&mut self.dice, key)).unwrap();
        assert_eq!(kept, id, "a replacement keeps the number");
    }

    fn delete(&mut self) {
        let Some((key, id)) = self.any() else { return };
        assert_eq!(self.database.delete(&[id]).unwrap(), 1);
        self.living.remove(&key);
    }

    fn merge(&mut self) {
        self.database.merge().unwrap();
        self.is_merged = true;
    }

    /// Changes or deletes what a condition picks.
    fn change_where(&mut self) {
        let records: Vec<Record> = self.living.values().map(|id| self.stored(*id)).collect();
        let gone = edits::change(&mut self.dice, &self.database, &records);
        for key in gone.unwrap_or_else(|difference| panic!("seed {}: {difference}", self.seed)) {
            self.living.remove(&key);
        }
    }

    fn any(&mut self) -> Option<(String, ArticleId)> {
        if self.living.is_empty() {
            return None;
        }
        let index = self.dice.below(self.living.len());
        self.living.iter().nth(index).map(|(key, id)| (key.clone(), *id))
    }

    /// Ends the process, sometimes without leave: a drop is a crash as far as the memory goes.
    fn reopened(mut self) -> Life<'a> {
        let Life { seed, path, living, keys, asked, is_merged, database, .. } = self;
        if self.dice.chance(50) {
            database.close().unwrap();
        } else {
            drop(database);
        }
        Life { seed, dice: self.dice, path, database: open(path), living, keys, asked, is_merged }
    }

    /// Reads everything back and asks.
    fn look(&mut self) {
        let snapshot = self.database.snapshot();
        self.count_layouts();
        let records: Vec<Record> = self.living.values().map(|id| self.stored(*id)).collect();
        assert_eq!(snapshot.articles(), records.len() as u64, "seed {}", self.seed);
        let keys: Vec<&String> = records.iter().map(|record| &record.article.key).collect();
        assert!(keys.into_iter().eq(self.living.keys()), "seed {}", self.seed);
        let zone = Offset::from_minutes(*self.dice.pick(&[0, 120, -240])).unwrap();
        let session = Session { now: NOW, zone, ..Session::default() };
        for _ in 0..QUERIES {
            let statement = throw::statement(&mut self.dice);
            if let Err(difference) =
                ask_both(&statement, &records, snapshot.view(), snapshot.catalog(), &session)
            {
                let catalog = snapshot.catalog().clone().into();
                panic!(
                    "seed {}: {}",
                    self.seed,
                    smallest(statement, &records, &catalog, &session, &difference)
                );
            }
        }
    }

    /// Notes what the archive lies in when queries are asked.
    fn count_layouts(&mut self) {
        let snapshot = self.database.snapshot();
        let segments = &snapshot.view().segments;
        let sealed = Manifest::read(self.path).unwrap().segments.len();
        let layouts = [
            ("all", true),
            ("one segment", segments.len() == 1),
            ("several segments", segments.len() > 1),
            ("unsealed part", segments.len() > sealed),
            ("deleted or replaced versions", segments.iter().any(|live| live.dead.is_some())),
            ("merged before", self.is_merged),
        ];
        for (layout, _) in layouts.into_iter().filter(|(_, holds)| *holds) {
            *self.asked.entry(layout).or_default() += QUERIES;
        }
    }

    fn stored(&self, id: ArticleId) -> Record {
        self.database.get(id).unwrap().unwrap_or_else(|| panic!("seed {}: article {id} is lost", self.seed))
    }
}

fn open(path: &Path) -> Database {
    let options = Options { create: true, sync_commits: false, seal_changes: 12, ..Options::default() };
    Database::open_with(path, options).unwrap()
}
