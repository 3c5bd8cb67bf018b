//! Following a database that another process may be writing.
//!
//! MANIFEST is read, what it names is opened, the journal above it is read up to its durable length, and MANIFEST is
//! read again: if its generation moved on meanwhile, or a file went away, all starts over. The record store is never
//! opened.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::open::commits_above;
use super::piece::Piece;
use super::state::State;
use crate::error::{Error, Result};
use crate::store::journal_read::{self, Position, Who};
use crate::store::manifest::{self, Manifest};

/// How often opening starts over while a writer seals again and again.
const ATTEMPTS_MAX: u32 = 100;

/// How often an error that may be a race with the writer is met before it is believed.
const DOUBTS_MAX: u32 = 5;

/// Pause before starting over, in ms.
const PAUSE_MS: u64 = 2;

/// The state of a database on disk, and how far the journal was read.
pub(super) struct Follower {
    folder: PathBuf,
    pub state: State,
    at: Position,
}

impl Follower {
    /// Opens the database in a folder, whichever version of this program indexed it.
    pub fn open(folder: &Path) -> Result<Follower> {
        if !manifest::manifest_path(folder).exists() {
            return Err(Error::NotADatabase { path: folder.to_owned() });
        }
        Follower::open_again(folder, &[])
    }

    /// Moves on to the last durable commit; tells whether there was a newer one.
    pub fn refresh(&mut self) -> Result<bool> {
        let manifest = Manifest::read(&self.folder)?;
        let seq = self.state.seq;
        let is_same = manifest.generation == self.state.manifest.generation;
        // Where the journal moved on meanwhile, opening again sees what it moved to.
        if is_same && let Ok(moved) = self.read_on() {
            return Ok(moved);
        }
        *self = Follower::open_again(&self.folder, &self.state.sealed)?;
        Ok(self.state.seq != seq || !is_same)
    }

    fn open_again(folder: &Path, known: &[Piece]) -> Result<Follower> {
        let mut doubts = 0;
        let mut attempts = 0;
        loop {
            let manifest = Manifest::read(folder)?;
            let generation = manifest.generation;
            let opened = Follower::open_once(folder, manifest, known);
            let has_moved = Manifest::read(folder)?.generation != generation;
            attempts += 1;
            match opened {
                Ok(follower) if !has_moved => return Ok(follower),
                Err(error) if !has_moved && doubts >= DOUBTS_MAX => return Err(error),
                Err(error) if attempts >= ATTEMPTS_MAX => return Err(error),
                Err(_) if !has_moved => doubts += 1,
                // Durable and whole, if not the newest: better than starting over without end.
                Ok(follower) if attempts >= ATTEMPTS_MAX => return Ok(follower),
                _ => {}
            }
            std::thread::sleep(Duration::from_millis(PAUSE_MS));
        }
    }

    fn open_once(folder: &Path, manifest: Manifest, known: &[Piece]) -> Result<Follower> {
        let at = Position::start_of(manifest.journal);
        let state = State::open(folder, manifest, known)?;
        let mut follower = Follower { folder: folder.to_owned(), state, at };
        follower.read_on()?;
        Ok(follower)
    }

    /// Reads the journal from where reading ended; tells whether there was anything new.
    fn read_on(&mut self) -> Result<bool> {
        let path = manifest::journal_path(&self.folder);
        let replay = journal_read::read(&path, self.state.manifest.database, self.at, Who::Reader)?;
        let commits = commits_above(&self.state, replay.frames)?;
        let is_new = !commits.is_empty();
        if is_new {
            let plan = self.state.plan(&commits)?;
            self.state.install(plan);
        }
        self.at = replay.end;
        Ok(is_new)
    }
}
