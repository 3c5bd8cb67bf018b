//! The articles of a database at one commit, as the writer and every reader hold them.
//!
//! MANIFEST gives the state at `sealed_seq`; each commit above it is an [`Entry`] of the journal. The writer moves on
//! by the same two steps when it commits as when it, or a reader, catches up: [`State::plan`] does whatever can fail
//! and changes nothing, [`State::install`] cannot fail. So a commit is planned before it is journalled, and what was
//! journalled is always installed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use uuid::Uuid;

use super::piece::Piece;
use super::snapshot::Snapshot;
use crate::article::{ArticleId, Seq};
use crate::catalog::Catalog;
use crate::error::Result;
use crate::exec::View;
use crate::segment::{self, SegmentBuilder};
use crate::store::codec::plain_length;
use crate::store::entry::{Change, Entry};
use crate::store::manifest::{self, FileEntry, Manifest};
use crate::store::{Dictionary, RecordCodec, StoreError, files, sealed};

/// Version of the JSON of catalog files.
pub(super) const CATALOG_VERSION: u32 = 1;

/// The articles of a database at one commit.
#[derive(Clone)]
pub(super) struct State {
    pub folder: PathBuf,
    /// What is on disk.
    pub manifest: Manifest,
    pub codec: RecordCodec,
    /// The segments in files, oldest first.
    pub sealed: Vec<Piece>,
    /// The segments in memory, each at least twice as large as the next.
    pub unsealed: Vec<Piece>,
    pub catalog: Arc<Catalog>,
    /// The last commit.
    pub seq: Seq,
    pub next_id: u32,
    /// Articles alive.
    pub articles: u64,
    /// Changes since the last seal.
    pub unsealed_changes: usize,
    /// Size of the records written since the last seal, before compression, in bytes.
    pub unsealed_bytes: usize,
}

/// What commits come to, ready to be installed.
pub(super) struct Plan {
    /// Versions in pieces of the state that end: the piece's place, the ordinal, the article, the ending commit.
    ended: Vec<(Place, u32, ArticleId, Seq)>,
    /// Segments that were attached, with what ended in them already.
    attached: Vec<Piece>,
    /// The new articles that are still alive, as one segment.
    added: Option<Piece>,
    catalog: Option<Arc<Catalog>>,
    seq: Seq,
    next_id: u32,
    articles: u64,
    changes: usize,
    bytes: usize,
}

/// Where a piece stands in a state.
#[derive(Clone, Copy)]
enum Place {
    Sealed(usize),
    Unsealed(usize),
}

impl State {
    /// Opens what MANIFEST names; `known` are pieces of an earlier state whose files need not be opened again.
    pub fn open(folder: &Path, manifest: Manifest, known: &[Piece]) -> Result<State> {
        let codec = RecordCodec::new(read_dictionary(folder, manifest.dictionary)?);
        let catalog = read_catalog(folder, &manifest.catalog)?;
        let sealed = manifest.segments.iter().map(|entry| {
            let known = known.iter().find(|piece| piece.entry.as_ref() == Some(entry));
            known.cloned().map_or_else(|| Piece::open(folder, entry), Ok)
        });
        let sealed = sealed.collect::<Result<Vec<Piece>>>()?;
        Ok(State {
            folder: folder.to_owned(),
            codec,
            sealed,
            unsealed: Vec::new(),
            catalog: Arc::new(catalog),
            seq: manifest.sealed_seq,
            next_id: manifest.next_id,
            articles: manifest.articles,
            unsealed_changes: 0,
            unsealed_bytes: 0,
            manifest,
        })
    }

    /// Returns a state without segments, to be filled by a repair.
    pub fn of_parts(
        folder: &Path,
        manifest: Manifest,
        codec: RecordCodec,
        catalog: Catalog,
        seq: Seq,
    ) -> State {
        State {
            folder: folder.to_owned(),
            codec,
            sealed: Vec::new(),
            unsealed: Vec::new(),
            catalog: Arc::new(catalog),
            seq,
            next_id: manifest.next_id,
            articles: 0,
            unsealed_changes: 0,
            unsealed_bytes: 0,
            manifest,
        }
    }

    /// Fails where a segment was indexed by another version of this program, which would answer differently.
    pub fn check_versions(&self) -> Result<()> {
        let is_other = |piece: &&Piece| !piece.segment.versions().indexes_alike(versions());
        match self.sealed.iter().find(is_other) {
            Some(_) => Err(crate::error::Error::Outdated { path: self.folder.clone() }),
            None => Ok(()),
        }
    }

    /// Returns what queries see of the state.
    pub fn snapshot(&self) -> Snapshot {
        let segments = self.pieces().map(Piece::live).collect();
        let view = View { segments, catalog: self.catalog.clone() };
        Snapshot::new(view, self.seq, self.manifest.generation, self.next_id)
    }

    /// Returns every piece.
    pub fn pieces(&self) -> impl Iterator<Item = &Piece> {
        self.sealed.iter().chain(&self.unsealed)
    }

    /// Works out what commits come to; changes nothing.
    pub fn plan(&self, commits: &[(Seq, Entry)]) -> Result<Plan> {
        let mut planner = Planner::new(self);
        for (seq, entry) in commits {
            planner.take(*seq, entry)?;
        }
        planner.finish()
    }

    /// Moves on to what was planned.
    pub fn install(&mut self, plan: Plan) {
        for (place, ordinal, id, seq) in plan.ended {
            let piece = match place {
                Place::Sealed(index) => self.sealed.get_mut(index),
                Place::Unsealed(index) => self.unsealed.get_mut(index),
            };
            piece.expect("plans name pieces of the state they were made for").end(ordinal, id, seq);
        }
        self.sealed.extend(plan.attached);
        self.unsealed.extend(plan.added);
        self.catalog = plan.catalog.unwrap_or_else(|| self.catalog.clone());
        self.seq = plan.seq;
        self.next_id = plan.next_id;
        self.articles = plan.articles;
        self.unsealed_changes += plan.changes;
        self.unsealed_bytes += plan.bytes;
        self.merge_unsealed();
    }

    /// Keeps each segment in memory at least twice as large as the next, so that there are few and an article is
    /// written again only as often as their number doubles.
    fn merge_unsealed(&mut self) {
        while let [.., larger, smaller] = self.unsealed.as_slice() {
            if larger.articles() >= smaller.articles().saturating_mul(2) {
                return;
            }
            let merged = match merged_in_memory(&[larger, smaller]) {
                Ok(merged) => merged,
                Err(error) => {
                    // Two small segments answer as well as one.
                    tracing::warn!(%error, "segments in memory could not be merged");
                    return;
                }
            };
            self.unsealed.truncate(self.unsealed.len() - 2);
            self.unsealed.extend(merged);
        }
    }

    fn place_of(&self, id: ArticleId, seq: Seq) -> Result<Option<(Place, u32)>> {
        for (index, piece) in self.unsealed.iter().enumerate() {
            if let Some(ordinal) = piece.version(id, seq)? {
                return Ok(Some((Place::Unsealed(index), ordinal)));
            }
        }
        for (index, piece) in self.sealed.iter().enumerate() {
            if let Some(ordinal) = piece.version(id, seq)? {
                return Ok(Some((Place::Sealed(index), ordinal)));
            }
        }
        Ok(None)
    }
}

/// Writes the living articles of pieces as one segment in memory; `None` where there are none.
pub(super) fn merged_in_memory(pieces: &[&Piece]) -> Result<Option<Piece>> {
    let articles: u32 = pieces.iter().map(|piece| piece.articles()).sum();
    if articles == 0 {
        return Ok(None);
    }
    let inputs: Vec<_> =
        pieces.iter().map(|piece| piece.live()).map(|live| (live.segment, live.dead)).collect();
    let mut bytes = Vec::new();
    segment::merge(&inputs, Uuid::new_v4(), &std::env::temp_dir(), &mut bytes)?;
    let segment = segment::Segment::from_bytes(bytes.into())?;
    Ok(Some(Piece::new(segment, None)))
}

/// Follows commits one after the other without changing the state that they start from.
struct Planner<'s> {
    state: &'s State,
    plan: Plan,
    /// New articles that no later commit has ended, with their records.
    added: BTreeMap<ArticleId, (Seq, &'s [u8])>,
}

impl<'s> Planner<'s> {
    fn new(state: &'s State) -> Planner<'s> {
        let plan = Plan {
            ended: Vec::new(),
            attached: Vec::new(),
            added: None,
            catalog: None,
            seq: state.seq,
            next_id: state.next_id,
            articles: state.articles,
            changes: 0,
            bytes: 0,
        };
        Planner { state, plan, added: BTreeMap::new() }
    }

    fn take<'e: 's>(&mut self, seq: Seq, entry: &'e Entry) -> Result<()> {
        if let Some(segment) = &entry.attached {
            self.plan.attached.push(Piece::open(&self.state.folder, segment)?);
        }
        for change in &entry.changes {
            self.take_change(seq, change)?;
        }
        if let Some(catalog) = &entry.catalog {
            self.plan.catalog = Some(Arc::new(catalog.clone()));
        }
        self.plan.changes += if entry.attached.is_some() { 0 } else { entry.changes.len() };
        self.plan.seq = seq;
        Ok(())
    }

    fn take_change<'e: 's>(&mut self, seq: Seq, change: &'e Change) -> Result<()> {
        if let Some(old) = &change.old {
            self.end(change.id, old.seq, seq)?;
            self.plan.articles = self.plan.articles.saturating_sub(1);
        }
        if let Some(new) = &change.new {
            self.plan.articles += 1;
            self.plan.next_id = self.plan.next_id.max(change.id.0.saturating_add(1));
            if let Some(frame) = &new.frame {
                self.plan.bytes += plain_length(frame);
                self.added.insert(change.id, (seq, frame));
            }
        }
        Ok(())
    }

    fn end(&mut self, id: ArticleId, old: Seq, seq: Seq) -> Result<()> {
        if self.added.get(&id).is_some_and(|(added, _)| *added == old) {
            self.added.remove(&id);
            return Ok(());
        }
        for piece in &mut self.plan.attached {
            if let Some(ordinal) = piece.version(id, old)? {
                piece.end(ordinal, id, seq);
                return Ok(());
            }
        }
        match self.state.place_of(id, old)? {
            Some((place, ordinal)) => self.plan.ended.push((place, ordinal, id, seq)),
            None => {
                let folder = manifest::segments_path(&self.state.folder);
                let what = format!("article {id} of commit {old}, which commit {seq} ends, is in no segment");
                return Err(StoreError::damaged(&folder, None, what).into());
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Plan> {
        if self.added.is_empty() {
            return Ok(self.plan);
        }
        let codec = &self.state.codec;
        let mut builder = SegmentBuilder::new(versions(), codec.dictionary().cloned());
        for (_, frame) in self.added.values() {
            builder.add(&codec.decode(frame)?, frame)?;
        }
        self.plan.added = Some(Piece::new(builder.finish_in_memory(Uuid::new_v4())?, None));
        Ok(self.plan)
    }
}

/// Returns the versions that new segments are stamped with.
pub(super) fn versions() -> segment::Versions {
    segment::Versions {
        analysis: crate::text::ANALYSIS_VERSION,
        stemmer: segment::STEMMER_VERSION,
        gazetteer: crate::extract::gazetteer::VERSION,
        extraction: crate::extract::VERSION,
    }
}

/// Returns the bytes of a catalog's file.
pub(super) fn catalog_bytes(catalog: &Catalog) -> Vec<u8> {
    sealed::seal("catalog", CATALOG_VERSION, catalog)
}

pub(super) fn read_catalog(folder: &Path, entry: &FileEntry) -> Result<Catalog> {
    let path = manifest::catalog_path(folder, entry.generation);
    Ok(sealed::unseal(&path, "catalog", CATALOG_VERSION, &entry.read(&path)?)?)
}

pub(super) fn read_dictionary(folder: &Path, id: Option<u32>) -> Result<Option<Arc<Dictionary>>> {
    let Some(id) = id else { return Ok(None) };
    let path = manifest::dictionary_path(folder, id);
    let dictionary = Dictionary::from_bytes(files::read(&path)?);
    let dictionary = dictionary.filter(|dictionary| dictionary.id() == id);
    let damaged = || StoreError::damaged(&path, None, "it is not the dictionary that MANIFEST names");
    Ok(Some(Arc::new(dictionary.ok_or_else(damaged)?)))
}
