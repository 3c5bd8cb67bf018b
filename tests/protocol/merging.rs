//! Merges beside commits: nobody waits for them, and what is changed while they run stays changed.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dateline::database::{CompactOptions, Database, Options, Reader};
use dateline::store::files::{Files, StoredFile, SystemFiles};

use crate::model::Dice;
use crate::support::*;

/// Longest wait of a merge for the commit that must not wait for it.
const WAIT: Duration = Duration::from_secs(60);

/// Bodies by key.
type Bodies = BTreeMap<String, String>;

fn beside() -> Options {
    Options { merge_beside: true, ..restless() }
}

fn bodies(found: Contents) -> Bodies {
    found.into_iter().map(|(key, (_, body))| (key, body)).collect()
}

/// A disk that stops the next segment at its beginning until it is told to go on.
#[derive(Debug)]
struct Gate {
    is_shut: AtomicBool,
    reached: Mutex<Sender<()>>,
    go_on: Mutex<Receiver<()>>,
}

impl Files for Gate {
    fn create(&self, path: &Path) -> io::Result<Box<dyn StoredFile>> {
        let is_segment = path.extension().is_some_and(|extension| extension == "seg");
        if is_segment && self.is_shut.swap(false, Ordering::SeqCst) {
            self.reached.lock().unwrap().send(()).map_err(io::Error::other)?;
            self.go_on.lock().unwrap().recv_timeout(WAIT).map_err(io::Error::other)?;
        }
        SystemFiles.create(path)
    }
}

#[test]
fn commits_do_not_wait_for_a_merge() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let (reached, is_reached) = channel();
    let (go_on, goes_on) = channel();
    let gate = Arc::new(Gate {
        is_shut: AtomicBool::new(false),
        reached: Mutex::new(reached),
        go_on: Mutex::new(goes_on),
    });
    let options = Options { files: gate.clone(), seal_changes: 1_000, ..beside() };
    let database = Database::open_with(&path, options).unwrap();
    for n in 0..8 {
        database.insert(article(&format!("{n}"), "Text.")).unwrap();
        database.flush().unwrap();
    }
    gate.is_shut.store(true, Ordering::SeqCst);
    std::thread::scope(|scope| {
        let merging = scope.spawn(|| database.merge());
        is_reached.recv_timeout(WAIT).unwrap();
        // The merge stands still; each of these would wait for ever behind it.
        let first = database.get_by_key("0").unwrap().unwrap().id;
        assert_eq!(database.delete(&[first]).unwrap(), 1);
        database.replace(article("1", "Another text.")).unwrap();
        database.insert(article("new", "Text.")).unwrap();
        database.flush().unwrap();
        go_on.send(()).unwrap();
        merging.join().unwrap().unwrap();
    });
    let expected = contents(&database.snapshot());
    assert_eq!((expected.len(), expected["1"].1.as_str()), (8, "Another text."));
    assert!(!expected.contains_key("0"));
    assert!(database.reader().stats().unwrap().segments <= 3, "they were merged");
    assert!(database.check_deep(&never(), &mut |_| {}).unwrap().is_sound());
    database.close().unwrap();
    assert_recovers(&path, &expected);
}

/// Makes random changes to keys of its own.
fn changes(database: &Database, thread: u64, seed: u64) -> Bodies {
    let mut dice = Dice(seed * 10 + thread);
    let mut twin = Bodies::new();
    for _ in 0..40 {
        let key = format!("{thread}-{}", dice.roll(12));
        if dice.roll(4) == 0 {
            let id = database.get_by_key(&key).unwrap().map(|record| record.id);
            assert_eq!(id.is_some(), twin.remove(&key).is_some());
            database.delete(&id.into_iter().collect::<Vec<_>>()).unwrap();
        } else {
            let body = format!("Body {}", dice.roll(1_000));
            database.replace(article(&key, &body)).unwrap();
            twin.insert(key, body);
        }
    }
    twin
}

#[test]
fn threads_change_what_is_being_merged() {
    for seed in 1..=2 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let database = Database::open_with(&path, Options { seal_changes: 2, ..beside() }).unwrap();
        let is_done = AtomicBool::new(false);
        let expected: Bodies = std::thread::scope(|scope| {
            let database = &database;
            let changing: Vec<_> =
                (0..3).map(|thread| scope.spawn(move || changes(database, thread, seed))).collect();
            let rewriting = scope.spawn(|| {
                while !is_done.load(Ordering::SeqCst) {
                    database.merge().unwrap();
                    database.compact(&CompactOptions::default(), &never(), &mut |_| {}).unwrap();
                    database.reindex(&never(), &mut |_| {}).unwrap();
                }
            });
            let twins: Vec<Bodies> = changing.into_iter().map(|thread| thread.join().unwrap()).collect();
            is_done.store(true, Ordering::SeqCst);
            rewriting.join().unwrap();
            twins.into_iter().flatten().collect()
        });
        assert_eq!(bodies(contents(&database.snapshot())), expected, "seed {seed}");
        let report = database.check_deep(&never(), &mut |_| {}).unwrap();
        assert!(report.is_sound(), "seed {seed}: {:?}", report.problems);
        database.close().unwrap();
        assert_eq!(bodies(contents(&Reader::open(&path).unwrap().snapshot())), expected, "seed {seed}");
        assert!(Database::open(&path).unwrap().check().unwrap().is_sound(), "seed {seed}");
    }
}

#[test]
fn many_short_sessions_leave_few_segments() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    for options in [restless(), beside()] {
        for n in 0..20 {
            let database = Database::open_with(&path, options.clone()).unwrap();
            database.insert(article(&format!("{} {n}", options.merge_beside), "Text.")).unwrap();
            database.close().unwrap();
        }
    }
    let stats = Reader::open(&path).unwrap().stats().unwrap();
    assert!(stats.articles == 40 && stats.segments <= 10, "{stats:?}");
}
