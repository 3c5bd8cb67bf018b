//! Whose turn it is to merge.
//!
//! One merge runs at a time. A change that finds merges due begins them, on a thread of their own where that is wanted, and
//! leaves them to whoever merges already. Work that writes all segments anew has the merge under way given up first.

use std::io;

use super::sync::{
    Arc, AtomicBool, AtomicUsize, Builder, JoinHandle, Mutex, MutexGuard, Ordering, PoisonError, TryLockError,
};

/// Who merges, who waits for it to end, and whether there is anything to merge.
#[derive(Debug)]
pub(super) struct Turns {
    /// Whether a seal left segments to be merged.
    is_due: Arc<AtomicBool>,
    /// Held by whoever merges, or wants nobody to.
    merging: Mutex<()>,
    /// How many wait for the merge under way to be given up.
    waiting: AtomicUsize,
    is_closing: AtomicBool,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// Held by whoever merges, or wants nobody to.
pub(super) type Turn<'t> = MutexGuard<'t, ()>;

impl Turns {
    /// Returns turns that are taken where `is_due` says so.
    pub fn new(is_due: Arc<AtomicBool>) -> Turns {
        Turns {
            is_due,
            merging: Mutex::new(()),
            waiting: AtomicUsize::new(0),
            is_closing: AtomicBool::new(false),
            thread: Mutex::new(None),
        }
    }

    /// Waits for the merge under way to end, and lets no other begin as long as the turn is held.
    pub fn wait(&self) -> Turn<'_> {
        held(&self.merging)
    }

    /// Takes the turn unless somebody has it; then what is due stays so.
    pub fn take(&self) -> Option<Turn<'_>> {
        match self.merging.try_lock() {
            Ok(turn) => Some(turn),
            Err(TryLockError::Poisoned(turn)) => Some(turn.into_inner()),
            Err(TryLockError::WouldBlock) => {
                self.put_off();
                None
            }
        }
    }

    /// Gives up the merge under way, which ends at once, and lets no other begin as long as the turn is held.
    pub fn without_merges(&self) -> Turn<'_> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let turn = held(&self.merging);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        turn
    }

    /// Tells whether somebody waits for the merge to be given up, who will have nothing left to merge.
    pub fn is_unwanted(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// Does one merge after the other until there is none to do, or somebody waits for the end of it.
    ///
    /// The first is done in any case, so that short sessions get on with it too.
    pub fn merge_all<E>(&self, mut merge_one: impl FnMut() -> Result<bool, E>) -> Result<(), E> {
        while merge_one()? && !self.is_unwanted() && !self.is_closing.load(Ordering::SeqCst) {}
        Ok(())
    }

    /// Tells whether merges are due, once: whoever asks begins them.
    pub fn take_due(&self) -> bool {
        self.is_due.swap(false, Ordering::SeqCst)
    }

    /// Leaves what is due to the next change.
    pub fn put_off(&self) {
        self.is_due.store(true, Ordering::SeqCst);
    }

    /// Has `merge` run on a thread of its own, unless an earlier one has yet to end: it may have looked already, so the
    /// next change asks again.
    pub fn on_thread(&self, merge: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let mut thread = held(&self.thread);
        if thread.as_ref().is_some_and(|thread| !thread.is_finished()) {
            self.put_off();
            return Ok(());
        }
        *thread = Some(Builder::new().name("dateline-merge".to_owned()).spawn(merge)?);
        Ok(())
    }

    /// Lets the merge under way come to its end, or one that was about to begin.
    pub fn end(&self) {
        self.is_closing.store(true, Ordering::SeqCst);
        let thread = held(&self.thread).take();
        if let Some(thread) = thread {
            // A panic there was met by the merge alone; its file is swept when the database is next opened.
            let _ = thread.join();
        }
    }
}

/// Locks a mutex that guards no data that a panic leaves half changed.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
