//! What can still be read of a damaged database: one side is MANIFEST, segments and journal, the other the record store.
//!
//! Each side alone says which versions are alive and holds their records. Nothing here fails for damage; it is listed,
//! and a side with damage is not taken as complete.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use crate::article::{ArticleId, Seq};
use crate::catalog::Catalog;
use crate::database::check::Problem;
use crate::database::piece::Piece;
use crate::database::state::{CATALOG_VERSION, read_catalog, read_dictionary};
use crate::error::Result;
use crate::segment::Segment;
use crate::store::entry::Entry;
use crate::store::files;
use crate::store::journal;
use crate::store::journal_read::{self, Frame, Position, Who};
use crate::store::key::{Copied, Key};
use crate::store::manifest::{self, FileEntry, Manifest, SegmentEntry};
use crate::store::records::Records;
use crate::store::tombstones::{self, Tombstones};
use crate::store::{Dictionary, StoreError, sealed};

/// Unreadable rows after which the record store is given up.
const BAD_ROWS_MAX: u64 = 1_000;

/// Versions that are alive: the commit that wrote each article's.
pub(super) type Living = BTreeMap<ArticleId, Seq>;

/// What the record store still says.
pub(super) struct Rows {
    pub records: Records,
    pub seq: Seq,
    pub living: Living,
    /// What does not read; where that is nothing, this side is complete.
    pub problems: Vec<String>,
    pub manifest: Option<Manifest>,
    pub catalog: Option<Catalog>,
    pub dictionary: Option<Arc<Dictionary>>,
}

/// What MANIFEST, segments and journal still say.
pub(super) struct Files {
    pub manifest: Manifest,
    /// Segments that are whole, without their tombstones.
    pub sound: Vec<Piece>,
    pub broken: Vec<Broken>,
    /// Records of the journal.
    pub frames: BTreeMap<(ArticleId, Seq), Vec<u8>>,
    pub living: Living,
    /// What the journal's commits did: the commit, the article, and the version it has since, unless it was deleted.
    pub changes: Vec<(Seq, ArticleId, Option<Seq>)>,
    /// The last commit that ended a version of an article.
    ended: Living,
    pub seq: Seq,
    /// The highest number of an article seen anywhere, plus one.
    pub next_id: u32,
    pub catalog: Option<Catalog>,
    pub dictionary: Option<Arc<Dictionary>>,
    /// Commits of the journal that do not read, although later ones do.
    pub missing: Vec<Seq>,
    /// Whether the journal promises commits behind the last one that reads.
    pub is_cut: bool,
    /// What does not read; where that is nothing, this side is complete.
    pub problems: Vec<String>,
}

/// A segment that is damaged.
pub(super) struct Broken {
    pub path: PathBuf,
    /// Where it can be opened: single records in it may read.
    segment: Option<Segment>,
    /// The ordinals of its versions, as far as they can be named.
    versions: BTreeMap<(ArticleId, Seq), u32>,
    /// How many more it held, which nobody can name; `None` where that is unknown too.
    unnamed: Option<u32>,
}

impl Broken {
    /// Reads what can still be read of the segment of an entry.
    fn look(path: PathBuf, entry: &SegmentEntry) -> Broken {
        let segment = Segment::open_file(&path).ok();
        let versions = segment.as_ref().map(named_versions).unwrap_or_default();
        let is_meant = segment.as_ref().is_some_and(|segment| segment.identity().uuid == entry.uuid);
        let named = if is_meant { versions.len() as u32 } else { 0 };
        Broken { path, segment, versions, unnamed: Some(entry.articles.saturating_sub(named)) }
    }

    /// A file that does not open, and of which nothing else is known.
    fn unknown(path: PathBuf) -> Broken {
        Broken { path, segment: None, versions: BTreeMap::new(), unnamed: None }
    }

    /// Returns what is lost with it where the record store cannot tell which articles there were.
    pub fn loss(&self) -> Option<Problem> {
        let count = match self.unnamed {
            Some(0) => return None,
            Some(count) => format!("up to {count} articles"),
            None => "the articles".to_owned(),
        };
        let what = format!("{count} that it held are in neither copy, and nothing says which they are");
        Some(Problem { path: self.path.clone(), what })
    }

    fn frame(&self, id: ArticleId, seq: Seq) -> Option<Vec<u8>> {
        let ordinal = self.versions.get(&(id, seq))?;
        self.segment.as_ref()?.encoded(*ordinal).ok()
    }
}

/// Returns the versions in a segment: as its identities say, or where they do not read, its records.
fn named_versions(segment: &Segment) -> BTreeMap<(ArticleId, Seq), u32> {
    let ordinals = 0..segment.articles();
    if let Ok(identities) = segment.identities() {
        return ordinals.map(|at| ((identities.id(at), identities.seq(at)), at)).collect();
    }
    let record = |at| segment.record(at).ok().map(|record| ((record.id, record.seq), at));
    ordinals.filter_map(record).collect()
}

impl Rows {
    /// Reads every row; `None` where sled does not open.
    pub fn look(folder: &Path) -> Option<Rows> {
        let path = manifest::records_path(folder);
        let records = path.exists().then(|| Records::open(&path).ok()).flatten()?;
        let mut rows = Rows {
            records,
            seq: 0,
            living: Living::new(),
            problems: Vec::new(),
            manifest: None,
            catalog: None,
            dictionary: None,
        };
        rows.read(folder);
        Some(rows)
    }

    fn read(&mut self, folder: &Path) {
        let mut bad = 0;
        for row in self.records.rows() {
            match row {
                Err(error) => {
                    bad += 1;
                    if bad == 1 {
                        self.problems.push(error.to_string());
                    }
                    if bad >= BAD_ROWS_MAX {
                        break;
                    }
                }
                Ok((Key::Head(id), payload)) => {
                    let seq = payload.try_into().map_or(0, u64::from_le_bytes);
                    self.living.insert(id, seq);
                }
                Ok(_) => {}
            }
        }
        match self.records.meta() {
            Ok(meta) => {
                self.seq = meta.applied_seq;
                if meta.articles != self.living.len() as u64 {
                    self.problems.push("it does not list as many articles as it counts".to_owned());
                }
            }
            Err(error) => self.problems.push(error.to_string()),
        }
        self.read_copies(folder);
    }

    fn read_copies(&mut self, folder: &Path) {
        let copy = |file| self.records.copy(file).ok().flatten();
        self.manifest = copy(Copied::Manifest).and_then(|bytes| Manifest::from_bytes(folder, &bytes).ok());
        let path = manifest::records_path(folder);
        self.catalog = copy(Copied::Catalog)
            .and_then(|bytes| sealed::unseal(&path, "catalog", CATALOG_VERSION, &bytes).ok());
        let ids = self.records.dictionary_ids().unwrap_or_default();
        let stored = ids.into_iter().filter_map(|id| self.records.dictionary(id).ok().flatten());
        self.dictionary = stored.filter_map(Dictionary::from_bytes).next_back().map(Arc::new);
    }

    /// Tells whether every row could be read.
    pub fn is_complete(&self) -> bool {
        self.problems.is_empty()
    }
}

impl Files {
    /// Reads everything that MANIFEST names; without MANIFEST its copy, else whatever lies in the folder.
    pub fn look(folder: &Path, copy: Option<&Manifest>) -> Result<Files> {
        let (mut problems, mut unknown) = (Vec::new(), Vec::new());
        let manifest = match Manifest::read(folder) {
            Ok(manifest) => manifest,
            // A later version is not damage, and must not be written over.
            Err(error @ StoreError::Version { .. }) => return Err(error.into()),
            Err(error) => {
                problems.push(error.to_string());
                copy.cloned().map_or_else(|| gathered(folder, &mut unknown), Ok)?
            }
        };
        problems.extend(unknown.iter().map(|path| format!("{} does not open", path.display())));
        let mut files = Files {
            seq: manifest.sealed_seq,
            next_id: manifest.next_id,
            sound: Vec::new(),
            broken: unknown.into_iter().map(Broken::unknown).collect(),
            frames: BTreeMap::new(),
            living: Living::new(),
            ended: Living::new(),
            changes: Vec::new(),
            catalog: None,
            dictionary: None,
            manifest,
            missing: Vec::new(),
            is_cut: false,
            problems,
        };
        files.read(folder)?;
        Ok(files)
    }

    fn read(&mut self, folder: &Path) -> Result<()> {
        for entry in self.manifest.segments.clone() {
            self.read_segment(folder, &entry);
        }
        match read_catalog(folder, &self.manifest.catalog) {
            Ok(catalog) => self.catalog = Some(catalog),
            Err(error) => self.problems.push(error.to_string()),
        }
        match read_dictionary(folder, self.manifest.dictionary) {
            Ok(dictionary) => self.dictionary = dictionary,
            Err(error) => {
                self.problems.push(error.to_string());
                let mut found =
                    self.sound.iter().filter_map(|piece| piece.segment.dictionary().ok().flatten());
                self.dictionary = found.find(|found| Some(found.id()) == self.manifest.dictionary);
            }
        }
        for frame in self.journal_frames(folder)? {
            match Entry::decode(&frame.payload) {
                Ok(entry) => self.follow(folder, frame.seq, entry),
                Err(error) => {
                    self.missing.push(frame.seq);
                    self.problems.push(error.to_string());
                }
            }
        }
        Ok(())
    }

    fn journal_frames(&mut self, folder: &Path) -> Result<Vec<Frame>> {
        let path = manifest::journal_path(folder);
        let from = Position::start_of(self.manifest.journal);
        let read = journal_read::read(&path, self.manifest.database, from, Who::Writer);
        let frames = match read {
            Ok(replay) => replay.frames,
            Err(error @ StoreError::Version { .. }) => return Err(error.into()),
            Err(error) => {
                self.problems.push(error.to_string());
                let salvaged = journal_read::salvage(&path, self.manifest.journal).unwrap_or_default();
                self.is_cut = salvaged.is_cut;
                salvaged.frames
            }
        };
        Ok(frames.into_iter().filter(|frame| frame.seq > self.manifest.sealed_seq).collect())
    }

    fn follow(&mut self, folder: &Path, seq: Seq, entry: Entry) {
        self.missing.extend(self.seq + 1..seq);
        self.seq = self.seq.max(seq);
        if let Some(attached) = &entry.attached {
            self.read_segment(folder, attached);
        }
        self.catalog = entry.catalog.or(self.catalog.take());
        for change in entry.changes {
            if change.old.is_some() {
                self.ended.insert(change.id, seq);
            }
            let written = change.new.as_ref().map(|new| new.version.seq);
            self.changes.push((seq, change.id, written));
            self.next_id = self.next_id.max(change.id.0.saturating_add(1));
            if change.old.is_some_and(|old| self.living.get(&change.id) == Some(&old.seq)) {
                self.living.remove(&change.id);
            }
            if let Some(new) = change.new {
                self.living.insert(change.id, new.version.seq);
                self.frames.extend(new.frame.map(|frame| ((change.id, new.version.seq), frame)));
            }
        }
    }

    /// Opens a segment and reads all of it.
    fn read_segment(&mut self, folder: &Path, entry: &SegmentEntry) {
        let path = manifest::segment_path(folder, entry.number);
        let dead = match read_tombstones(folder, entry) {
            Ok(dead) => dead,
            Err(error) => {
                self.problems.push(error.to_string());
                Tombstones::new()
            }
        };
        let bare = SegmentEntry { tombstones: None, ..entry.clone() };
        let opened = Piece::open(folder, &bare).and_then(|piece| {
            piece.segment.verify()?;
            Ok(piece)
        });
        match opened {
            Ok(piece) => {
                self.add_versions(named_versions(&piece.segment).into_keys(), &dead);
                self.sound.push(piece);
            }
            Err(error) => {
                self.problems.push(error.to_string());
                let broken = Broken::look(path, entry);
                self.add_versions(broken.versions.keys().copied(), &dead);
                self.broken.push(broken);
            }
        }
    }

    fn add_versions(&mut self, versions: impl Iterator<Item = (ArticleId, Seq)>, dead: &Tombstones) {
        for (&id, &seq) in dead {
            let ended = self.ended.entry(id).or_default();
            *ended = seq.max(*ended);
        }
        for (id, seq) in versions {
            self.next_id = self.next_id.max(id.0.saturating_add(1));
            self.seq = self.seq.max(seq);
            let is_dead = dead.get(&id).is_some_and(|&ended| ended > seq);
            if !is_dead && self.living.get(&id).is_none_or(|&known| known < seq) {
                self.living.insert(id, seq);
            }
        }
    }

    /// Tells whether a later commit is known to have ended a version.
    pub fn is_ended(&self, id: ArticleId, seq: Seq) -> bool {
        self.ended.get(&id).is_some_and(|&ended| ended > seq)
    }

    /// Returns the record of a version as `read` takes it, wherever it can be read on this side.
    pub fn frame<T>(&self, id: ArticleId, seq: Seq, read: impl Fn(Vec<u8>) -> Option<T>) -> Option<T> {
        let journal = self.frames.get(&(id, seq)).cloned();
        let broken = self.broken.iter().filter_map(|broken| broken.frame(id, seq));
        let sound = self.sound.iter().filter_map(|piece| {
            let ordinal = piece.version(id, seq).ok()??;
            piece.segment.encoded(ordinal).ok()
        });
        journal.into_iter().chain(broken).chain(sound).find_map(read)
    }
}

fn read_tombstones(folder: &Path, entry: &SegmentEntry) -> Result<Tombstones> {
    let Some(file) = &entry.tombstones else { return Ok(Tombstones::new()) };
    let path = manifest::tombstones_path(folder, entry.number, file.generation);
    Ok(tombstones::decode(&path, entry.number, &file.read(&path)?)?)
}

/// Puts a MANIFEST together from what lies in the folder; segments that do not open are `unknown`.
fn gathered(folder: &Path, unknown: &mut Vec<PathBuf>) -> Result<Manifest> {
    let mut segments = Vec::new();
    let names = files::names(&manifest::segments_path(folder)).unwrap_or_default();
    for number in names.iter().filter_map(|name| name.strip_suffix(".seg")?.parse().ok()) {
        match segment_entry(folder, number, &names) {
            Some(entry) => segments.push(entry),
            None => unknown.push(manifest::segment_path(folder, number)),
        }
    }
    let numbers = journal::file_numbers(&manifest::journal_path(folder)).unwrap_or_default();
    let database = journal_read::salvage(&manifest::journal_path(folder), 0).unwrap_or_default().database;
    let mut dictionaries = segments.iter().filter_map(|entry: &SegmentEntry| {
        let segment = Segment::open_file(&manifest::segment_path(folder, entry.number)).ok()?;
        Some(segment.dictionary().ok()??.id())
    });
    let dictionary = dictionaries.next_back();
    let catalog = latest(&files::names(folder)?, |name| name.strip_prefix("catalog-")?.parse().ok());
    let catalog_bytes = files::read(&manifest::catalog_path(folder, catalog)).unwrap_or_default();
    Ok(Manifest {
        database: database.unwrap_or_else(Uuid::new_v4),
        generation: catalog,
        sealed_seq: 0,
        next_id: 1,
        articles: 0,
        next_segment: segments.iter().map(|entry| entry.number + 1).max().unwrap_or(1),
        segments,
        journal: numbers.first().copied().unwrap_or(1),
        catalog: FileEntry::new(catalog, &catalog_bytes),
        dictionary,
    })
}

fn segment_entry(folder: &Path, number: u64, names: &[String]) -> Option<SegmentEntry> {
    let segment = Segment::open_file(&manifest::segment_path(folder, number)).ok()?;
    let found = segment.identity();
    let generation_of =
        |name: &str| name.strip_prefix(&format!("{number:06}-"))?.strip_suffix(".del")?.parse().ok();
    let generation = latest(names, generation_of);
    let tombstones = files::read(&manifest::tombstones_path(folder, number, generation)).ok();
    Some(SegmentEntry {
        number,
        bytes: found.bytes,
        uuid: found.uuid,
        checksum: found.checksum,
        articles: found.articles,
        tombstones: tombstones.map(|bytes| FileEntry::new(generation, &bytes)),
    })
}

fn latest(names: &[String], number: impl Fn(&str) -> Option<u64>) -> u64 {
    names.iter().filter_map(|name| number(name)).max().unwrap_or(0)
}
