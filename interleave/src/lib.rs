//! The turns of those who merge (`src/database/turns.rs`, the very file), under a scheduler that picks at random which
//! thread goes on at each lock and flag. `cargo test --release` tries 20,000 schedules of each test; a failure prints the
//! schedule, by which it is repeated.
#![cfg(test)]

/// What stands for `src/database/sync.rs`.
mod sync {
    pub(super) use shuttle::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    pub(super) use shuttle::sync::{Arc, Mutex, MutexGuard};
    pub(super) use std::sync::{PoisonError, TryLockError};

    use shuttle::thread;

    /// A thread that can be asked whether it has ended, which those of shuttle cannot.
    #[derive(Debug)]
    pub(super) struct JoinHandle<T>(thread::JoinHandle<T>, Arc<AtomicBool>);

    impl<T> JoinHandle<T> {
        pub(super) fn is_finished(&self) -> bool {
            self.1.load(Ordering::SeqCst)
        }

        pub(super) fn join(self) -> thread::Result<T> {
            self.0.join()
        }
    }

    pub(super) struct Builder(thread::Builder);

    impl Builder {
        pub(super) fn new() -> Builder {
            Builder(thread::Builder::new())
        }

        pub(super) fn name(self, name: String) -> Builder {
            Builder(self.0.name(name))
        }

        pub(super) fn spawn<T: Send + 'static>(
            self,
            run: impl FnOnce() -> T + Send + 'static,
        ) -> std::io::Result<JoinHandle<T>> {
            let is_finished = Arc::new(AtomicBool::new(false));
            let end = is_finished.clone();
            let thread = self.0.spawn(move || {
                let result = run();
                end.store(true, Ordering::SeqCst);
                result
            })?;
            Ok(JoinHandle(thread, is_finished))
        }
    }
}

#[allow(dead_code)]
#[path = "../../src/database/turns.rs"]
mod turns;

use std::convert::Infallible;

use sync::{Arc, AtomicBool, Mutex, Ordering};
use turns::Turns;

/// Schedules tried.
const SCHEDULES: usize = 20_000;

/// Segments that are merged into one.
const TIER: usize = 3;

/// Steps of writing a merged segment, at each of which it may be given up.
const STEPS: usize = 3;

/// What the writer's lock guards.
#[derive(Default)]
struct Writer {
    segments: usize,
    commits: usize,
    /// Segments that went into others.
    merged: usize,
    is_merging: bool,
}

struct Database {
    writer: Mutex<Writer>,
    is_due: Arc<AtomicBool>,
    turns: Turns,
    on_thread: bool,
}

impl Database {
    fn new(on_thread: bool) -> Arc<Database> {
        let is_due = Arc::new(AtomicBool::new(false));
        let (writer, turns) = (Mutex::new(Writer::default()), Turns::new(is_due.clone()));
        Arc::new(Database { writer, is_due, turns, on_thread })
    }

    fn commit(self: &Arc<Self>) {
        let mut writer = self.writer.lock().unwrap();
        writer.segments += 1;
        writer.commits += 1;
        if writer.segments >= TIER {
            self.is_due.store(true, Ordering::SeqCst);
        }
        drop(writer);
        self.merge_if_due();
    }

    fn merge_if_due(self: &Arc<Self>) {
        if !self.turns.take_due() {
            return;
        }
        if !self.on_thread {
            return self.merge_unless_taken();
        }
        let database = self.clone();
        self.turns.on_thread(move || database.merge_unless_taken()).unwrap();
    }

    fn merge_unless_taken(&self) {
        let Some(_turn) = self.turns.take() else { return };
        self.turns.merge_all(|| Ok::<bool, Infallible>(self.merge_one())).unwrap();
    }

    /// Merges once, beside commits; tells whether there was anything to merge.
    fn merge_one(&self) -> bool {
        let mut writer = self.writer.lock().unwrap();
        assert!(!writer.is_merging, "one merge at a time");
        if writer.segments < TIER {
            return false;
        }
        writer.is_merging = true;
        drop(writer);
        let is_given_up = (0..STEPS).any(|_| {
            shuttle::thread::yield_now();
            self.turns.is_unwanted()
        });
        let mut writer = self.writer.lock().unwrap();
        writer.is_merging = false;
        if !is_given_up {
            assert!(writer.segments >= TIER, "nobody else takes segments away");
            writer.segments -= TIER - 1;
            writer.merged += TIER - 1;
        }
        true
    }

    /// Writes all segments anew.
    fn compact(&self) {
        let _turn = self.turns.without_merges();
        for _ in 0..STEPS {
            assert!(!self.writer.lock().unwrap().is_merging, "nobody merges beside a compaction");
        }
        let mut writer = self.writer.lock().unwrap();
        let rest = writer.segments.min(1);
        writer.merged += writer.segments - rest;
        writer.segments = rest;
    }

    /// Closes, and tells how many segments are left.
    fn close(&self) -> usize {
        self.turns.end();
        let writer = self.writer.lock().unwrap();
        assert!(!writer.is_merging, "closing waits for the merge under way");
        assert_eq!(
            writer.segments + writer.merged,
            writer.commits,
            "no segment is lost, none is there twice"
        );
        writer.segments
    }
}

/// Runs commits on two threads, and `beside` on a third.
fn run(database: &Arc<Database>, beside: impl FnOnce(&Database) + Send + 'static) {
    let committing = (0..2).map(|_| {
        let database = database.clone();
        shuttle::thread::spawn(move || (0..4).for_each(|_| database.commit()))
    });
    let mut threads: Vec<_> = committing.collect();
    let other = database.clone();
    threads.push(shuttle::thread::spawn(move || beside(&other)));
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn merges_on_a_thread_of_their_own_lose_nothing_and_end() {
    shuttle::check_random(
        || {
            let database = Database::new(true);
            run(&database, Database::compact);
            database.close();
        },
        SCHEDULES,
    );
}

#[test]
fn merges_of_the_callers_lose_nothing_and_end() {
    shuttle::check_random(
        || {
            let database = Database::new(false);
            run(&database, Database::compact);
            database.close();
        },
        SCHEDULES,
    );
}

#[test]
fn what_is_due_is_merged_or_stays_due() {
    shuttle::check_random(
        || {
            let database = Database::new(false);
            run(&database, |database| drop(database.turns.wait()));
            let left = database.writer.lock().unwrap().segments;
            assert!(left < TIER || database.is_due.load(Ordering::SeqCst), "{left} segments are forgotten");
            database.merge_if_due();
            assert!(database.close() < TIER, "the next change finds them");
        },
        SCHEDULES,
    );
}

#[test]
fn two_that_write_everything_anew_take_turns() {
    shuttle::check_random(
        || {
            let database = Database::new(true);
            run(&database, |database| {
                database.compact();
                database.compact();
            });
            let other = database.clone();
            let compacting = shuttle::thread::spawn(move || other.compact());
            database.compact();
            compacting.join().unwrap();
            database.close();
        },
        SCHEDULES,
    );
}
