//! Repair: what is damaged in one copy is restored from the other.
//!
//! A database whose files are sound is opened as always, which mends the record store where that is what is damaged.
//! Otherwise the living versions are worked out from both sides (see `evidence`), segments that are whole stay, the
//! records that lay in others are written as new segments, and MANIFEST is replaced last. Repair may be interrupted and
//! begun again at any time: until MANIFEST is replaced it removes nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::backup::copy_durably;
use super::evidence::{Broken, Files, Living, Rows};
use super::rewrite::Rewrite;
use super::work::Work;
use crate::article::{ArticleId, Seq};
use crate::catalog::Catalog;
use crate::database::check::{CheckReport, Problem};
use crate::database::open::{Database, Writer};
use crate::database::options::Options;
use crate::database::piece::Piece;
use crate::database::progress::Steps;
use crate::database::rebuild;
use crate::database::state::State;
use crate::error::{Error, Result};
use crate::exec::CancelToken;
use crate::schema::{FieldType, Schema};
use crate::store::files::{self, Files as _};
use crate::store::journal::{self, Journal};
use crate::store::lock::Lock;
use crate::store::manifest::{self, FileEntry, Manifest};
use crate::store::{RecordCodec, StoreError};
use crate::value::Value;

/// Where damaged files are kept of which not everything could be restored; each repair has a numbered folder inside.
pub(super) const DAMAGED_FOLDER: &str = "damaged";

/// What a repair found and did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepairReport {
    /// What was damaged; empty where nothing was to be repaired.
    pub found: Vec<String>,
    /// Articles whose records were restored from the other copy.
    pub restored: u64,
    /// What neither copy could give back.
    pub lost: Vec<Problem>,
    /// What a check says afterwards.
    pub check: CheckReport,
}

impl RepairReport {
    /// Tells whether the database is whole: nothing is lost and a check finds nothing.
    pub fn is_whole(&self) -> bool {
        self.lost.is_empty() && self.check.is_sound()
    }
}

impl Database {
    /// Restores what is damaged in the database of a folder from its other copy.
    ///
    /// A database that is sound is left as it is.
    ///
    /// # Errors
    ///
    /// [`Error::NotADatabase`]; [`StoreError::Locked`] while another process writes; [`StoreError::Io`] where files
    /// cannot be written. What cannot be restored is no error: the report lists it.
    pub fn repair(
        path: impl AsRef<Path>,
        options: Options,
        cancel: &CancelToken,
        progress: &mut dyn FnMut(&Steps),
    ) -> Result<RepairReport> {
        let folder = path.as_ref();
        let is_one = |name: &str| folder.join(name).exists();
        if !["MANIFEST", "segments", "records"].into_iter().any(is_one) {
            return Err(Error::NotADatabase { path: folder.to_owned() });
        }
        let mut work = Work::new(cancel, progress);
        work.begin("reading", 0, "articles")?;
        let lock = Lock::take(folder)?;
        rebuild::finish_swap(folder)?;
        // Where MANIFEST does not read, its copy in the record store does. A later version's store is left alone.
        let is_lost = Manifest::read(folder).is_err_and(|error| !matches!(error, StoreError::Version { .. }));
        let rows = is_lost.then(|| Rows::look(folder)).flatten();
        let found = Files::look(folder, rows.as_ref().and_then(|rows| rows.manifest.as_ref()))?;
        if found.problems.is_empty() {
            drop((found, rows));
            return repair_records(Writer::open(folder, options, lock)?);
        }
        let rows = rows.or_else(|| Rows::look(folder));
        restore_files(Evidence { found, rows }, folder, options, lock, &mut work)
    }
}

/// Both sides of a damaged database.
struct Evidence {
    found: Files,
    /// `None` where sled does not open.
    rows: Option<Rows>,
}

/// Opens a database whose files are sound, and makes its record store anew where that is not.
fn repair_records(mut writer: Writer) -> Result<RepairReport> {
    let mut report = RepairReport::default();
    report.found.extend(writer.recovered.take());
    let check = writer.check()?;
    if check.is_sound() {
        return Ok(RepairReport { check, ..report });
    }
    report.found.extend(check.problems.iter().map(ToString::to_string));
    let dictionary = writer.state.codec.dictionary().cloned();
    if let Some(dictionary) = dictionary {
        let path = manifest::dictionary_path(&writer.folder, dictionary.id());
        files::replace(&*writer.files, &path, dictionary.bytes())?;
    }
    writer.renew_records()?;
    report.restored = writer.state.articles;
    Ok(RepairReport { check: writer.check()?, ..report })
}

/// Puts MANIFEST, segments and journal together anew from what both sides still say.
fn restore_files(
    Evidence { found, rows }: Evidence,
    folder: &Path,
    options: Options,
    lock: Lock,
    work: &mut Work<'_>,
) -> Result<RepairReport> {
    let mut report = RepairReport { found: found.problems.clone(), ..RepairReport::default() };
    report.found.extend(rows.iter().flat_map(|rows| rows.problems.clone()));
    report.lost.extend(lost_commits(folder, &found, rows.as_ref()));
    if !rows.as_ref().is_some_and(|rows| tells_all(rows, &found)) {
        report.lost.extend(found.broken.iter().filter_map(Broken::loss));
    }
    let living = living(&found, rows.as_ref(), &mut report);
    let catalog = newest_catalog(&found, rows.as_ref());
    if catalog.is_none() {
        let path = manifest::catalog_path(folder, found.manifest.catalog.generation);
        let what = "the catalog is in neither copy: aliases and saved queries are gone; \
                    the types of fields are read off the articles";
        report.lost.push(Problem { path, what: what.to_owned() });
    }
    let state = state_of(folder, &found, rows.as_ref(), &living, catalog.clone().unwrap_or_default())?;
    let journal = Journal::begin(
        &existing(manifest::journal_path(folder))?,
        options.files.clone(),
        state.manifest.database,
        state.manifest.journal,
        options.sync_commits,
    )?;
    existing(manifest::segments_path(folder))?;
    let records = rows.map(|rows| rows.records);
    let mut writer = Writer::of_parts(folder, options, state, journal, records, lock);
    let pieces = writer.restored(&found, &living, &mut report, work)?;
    if catalog.is_none() {
        writer.state.catalog = Arc::new(Catalog { schema: schema_of(&pieces)?, ..Catalog::default() });
    }
    writer.state.articles = pieces.iter().map(|piece| u64::from(piece.articles())).sum();
    writer.state.sealed = pieces.clone();
    keep_damaged(folder, &found, &report)?;
    work.begin("writing records of", writer.state.articles, "articles")?;
    writer.renew_records()?;
    writer.replace_manifest(pieces)?;
    Ok(RepairReport { check: writer.check()?, ..report })
}

/// Lists commits that neither the journal nor the record store has: a crash kept them from the store, and damage from
/// the journal.
fn lost_commits(folder: &Path, files: &Files, rows: Option<&Rows>) -> Vec<Problem> {
    let applied = rows.filter(|rows| rows.is_complete()).map_or(0, |rows| rows.seq);
    let path = manifest::journal_path(folder);
    let lost = |what: String| Problem { path: path.clone(), what };
    let missing = files.missing.iter().filter(|&&seq| seq > applied);
    let mut problems: Vec<Problem> =
        missing.map(|seq| lost(format!("commit {seq} is in neither copy"))).collect();
    if files.is_cut && applied <= files.seq {
        problems.push(lost(format!("commits behind {} are in neither copy", files.seq.max(applied))));
    }
    problems
}

/// Tells whether the record store, with what the journal did since, names every living version. A store without any
/// commit is one that was begun anew.
fn tells_all(rows: &Rows, files: &Files) -> bool {
    rows.is_complete() && rows.seq >= files.manifest.sealed_seq && rows.seq > 0
}

/// Works out which versions are alive: from the record store and what the journal did since, where the store is
/// complete, else from both sides.
fn living(files: &Files, rows: Option<&Rows>, report: &mut RepairReport) -> Living {
    let Some(rows) = rows else { return files.living.clone() };
    if tells_all(rows, files) {
        let mut living = rows.living.clone();
        for &(_, id, written) in files.changes.iter().filter(|(seq, ..)| *seq > rows.seq) {
            match written {
                Some(seq) => living.insert(id, seq),
                None => living.remove(&id),
            };
        }
        return living;
    }
    let mut living = files.living.clone();
    for (&id, &seq) in rows.living.iter().filter(|(id, seq)| !files.is_ended(**id, **seq)) {
        let known = living.entry(id).or_insert(seq);
        *known = seq.max(*known);
    }
    report.found.push(
        "neither copy is complete; articles that were deleted shortly before the damage may be back"
            .to_owned(),
    );
    living
}

/// Returns the catalog of the last commit; `None` where neither side has one.
fn newest_catalog(found: &Files, rows: Option<&Rows>) -> Option<Catalog> {
    let newer_rows = rows.filter(|rows| rows.seq > found.seq || found.catalog.is_none());
    newer_rows.and_then(|rows| rows.catalog.clone()).or_else(|| found.catalog.clone())
}

/// Returns the types of the declared fields that living articles have.
fn schema_of(pieces: &[Piece]) -> Result<Schema> {
    let mut schema = Schema::default();
    for piece in pieces {
        for ordinal in piece.ordinals() {
            for (name, values) in piece.segment.record(ordinal)?.article.fields {
                if let Some(value) = values.first() {
                    schema.declare(&name, type_of(value));
                }
            }
        }
    }
    Ok(schema)
}

/// Returns the state that the sound segments make up; its MANIFEST is still to be written.
fn state_of(
    folder: &Path,
    found: &Files,
    rows: Option<&Rows>,
    living: &Living,
    catalog: Catalog,
) -> Result<State> {
    let seq = rows.map_or(0, |rows| rows.seq).max(found.seq);
    let highest = living.keys().next_back().map_or(0, |id| id.0.saturating_add(1));
    let dictionary = found.dictionary.clone().or_else(|| rows.and_then(|rows| rows.dictionary.clone()));
    let segments = files::names(&manifest::segments_path(folder)).unwrap_or_default();
    let numbers = segments.iter().filter_map(|name| name.get(..6)?.parse::<u64>().ok());
    let next_segment = numbers.max().map_or(1, |number| number + 1).max(found.manifest.next_segment);
    let journals = journal::file_numbers(&manifest::journal_path(folder)).unwrap_or_default();
    let next_journal = journals.last().map_or(1, |number| number + 1).max(found.manifest.journal);
    let manifest = Manifest {
        generation: latest_generation(folder, &segments).max(found.manifest.generation),
        next_id: found.next_id.max(highest),
        next_segment,
        journal: next_journal,
        segments: Vec::new(),
        // The catalog is written anew under the next generation.
        catalog: FileEntry::new(0, &[]),
        dictionary: dictionary.as_ref().map(|dictionary| dictionary.id()),
        sealed_seq: seq,
        ..found.manifest.clone()
    };
    if let Some(dictionary) = &dictionary {
        let path = manifest::dictionary_path(folder, dictionary.id());
        files::replace(&files::SystemFiles, &path, dictionary.bytes())?;
    }
    Ok(State::of_parts(folder, manifest, RecordCodec::new(dictionary), catalog, seq))
}

fn latest_generation(folder: &Path, segments: &[String]) -> u64 {
    let catalogs = files::names(folder).unwrap_or_default();
    let catalogs = catalogs.iter().filter_map(|name| name.strip_prefix("catalog-")?.parse().ok());
    let tombstones = segments.iter().filter_map(|name| name.get(7..)?.strip_suffix(".del")?.parse().ok());
    catalogs.chain(tombstones).max().unwrap_or(0)
}

impl Writer {
    /// Returns the sound segments with their tombstones, and new ones for the records that lay elsewhere.
    fn restored(
        &mut self,
        found: &Files,
        living: &Living,
        report: &mut RepairReport,
        work: &mut Work<'_>,
    ) -> Result<Vec<Piece>> {
        let mut pieces = found.sound.clone();
        let mut covered = BTreeSet::new();
        for piece in &mut pieces {
            self.end_dead(piece, living, &mut covered)?;
        }
        let missing: Vec<(ArticleId, Seq)> =
            living.iter().map(|(&id, &seq)| (id, seq)).filter(|(id, _)| !covered.contains(id)).collect();
        work.begin("restoring", missing.len() as u64, "articles")?;
        pieces.extend(self.rewritten(found, &missing, report, work)?);
        Ok(pieces)
    }

    fn end_dead(&self, piece: &mut Piece, living: &Living, covered: &mut BTreeSet<ArticleId>) -> Result<()> {
        let versions: Vec<(u32, ArticleId, Seq)> = {
            let identities = piece.segment.identities()?;
            (0..piece.segment.articles()).map(|at| (at, identities.id(at), identities.seq(at))).collect()
        };
        for (ordinal, id, seq) in versions {
            // Of two copies of one version, which an interrupted merge may leave, one lives.
            if living.get(&id) != Some(&seq) || !covered.insert(id) {
                piece.end(ordinal, id, self.state.seq.max(seq + 1));
            }
        }
        Ok(())
    }

    fn rewritten(
        &self,
        found: &Files,
        missing: &[(ArticleId, Seq)],
        report: &mut RepairReport,
        work: &mut Work<'_>,
    ) -> Result<Vec<Piece>> {
        let codec = &self.state.codec;
        let mut rewrite = Rewrite::new(self, None);
        for &(id, seq) in missing {
            work.advance(1)?;
            let read = |frame: Vec<u8>| {
                let record = codec.decode(&frame).ok()?;
                ((record.id, record.seq) == (id, seq)).then_some((record, frame))
            };
            let stored = self.records.as_ref().and_then(|records| records.frame(id, seq).ok().flatten());
            let Some((record, frame)) = stored.and_then(read).or_else(|| found.frame(id, seq, read)) else {
                let what = format!("article {id} of commit {seq} is damaged in both copies");
                report.lost.push(Problem { path: self.folder.clone(), what });
                continue;
            };
            rewrite.add(&record, &frame)?;
            report.restored += 1;
        }
        rewrite.finish()
    }
}

fn type_of(value: &Value) -> FieldType {
    match value {
        Value::Text(_) => FieldType::Keyword,
        Value::Number(_) => FieldType::Number,
        Value::Boolean(_) => FieldType::Boolean,
        Value::Date(_) => FieldType::Date,
    }
}

fn existing(folder: PathBuf) -> Result<PathBuf> {
    if !folder.exists() {
        files::create_folder(&folder)?;
    }
    Ok(folder)
}

/// Copies damaged segments, catalog and journal files aside where something of them is lost: each repair into a folder
/// of its own.
fn keep_damaged(folder: &Path, found: &Files, report: &RepairReport) -> Result<()> {
    if report.lost.is_empty() {
        return Ok(());
    }
    let all = existing(folder.join(DAMAGED_FOLDER))?;
    let earlier = files::names(&all)?.iter().filter_map(|name| name.parse::<u64>().ok()).max();
    let aside = existing(all.join((earlier.unwrap_or(0) + 1).to_string()))?;
    let segments = found.broken.iter().map(|broken| broken.path.clone());
    let catalog = manifest::catalog_path(folder, found.manifest.catalog.generation);
    let journal = manifest::journal_path(folder);
    let numbers = journal::file_numbers(&journal)?.into_iter();
    let journals = numbers.map(|number| journal::file_path(&journal, number));
    let damaged = segments
        .chain(found.catalog.is_none().then_some(catalog))
        .chain(journals.filter(|_| found.is_cut || !found.missing.is_empty()));
    for path in damaged.filter(|path| path.exists()) {
        copy_durably(&path, &aside.join(path.file_name().unwrap_or_default()))?;
    }
    for inner in [&aside, &all, folder] {
        files::SystemFiles.sync_folder(inner).map_err(StoreError::io("sync", inner))?;
    }
    Ok(())
}
