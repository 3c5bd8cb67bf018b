//! Checking that every file is what was written, and that both copies of every article agree.

use std::path::PathBuf;

use super::open::{Database, Writer};
use super::piece::Piece;
use crate::article::{ArticleId, Seq};
use crate::error::{Error, Result};
use crate::store::entry::Version;
use crate::store::files;
use crate::store::journal_read::{self, Position, Who};
use crate::store::key::Key;
use crate::store::manifest;
use crate::store::records::Records;
use crate::text::Bands;

/// Most problems that a report lists; a database with more is to be repaired as a whole.
const PROBLEMS_MAX: usize = 1_000;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CheckReport {
    /// Articles compared in both copies.
    pub articles: u64,
    /// Segments verified.
    pub segments: u64,
    /// Rows of the record store verified.
    pub rows: u64,
    /// Why the record store was made anew from the segments when the database was opened; it is sound again.
    pub recovered: Option<String>,
    /// What is wrong, at most the first thousand; none in a sound database.
    pub problems: Vec<Problem>,
}

/// Something that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.what)
    }
}

impl CheckReport {
    /// Tells whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    pub(super) fn add(&mut self, path: PathBuf, what: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { path, what: what.into() });
        }
    }

    pub(super) fn add_error(&mut self, path: PathBuf, error: &Error) {
        self.add(path, error.to_string());
    }
}

impl Database {
    /// Verifies every checksum, and compares every article of the segments with the record store.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] after a failure of the record store. Damage is no error here: the report lists it.
    pub fn check(&self) -> Result<CheckReport> {
        let writer = self.writer()?;
        // The record store would fail for each article anew.
        writer.check_running()?;
        writer.check()
    }
}

impl Writer {
    /// Does what [`Database::check`] does.
    pub fn check(&self) -> Result<CheckReport> {
        let mut report = CheckReport { recovered: self.recovered.clone(), ..CheckReport::default() };
        self.check_files(&mut report);
        self.check_pieces(&mut report);
        self.check_counters(&mut report)?;
        let listed = self.check_rows(&mut report)?;
        let mut bands = 0;
        for piece in self.state.pieces() {
            match self.check_articles(piece, &mut report) {
                Ok(count) => bands += count,
                Err(error) => report.add_error(self.path_of(piece), &error),
            }
        }
        if report.is_sound() && listed != bands {
            let what = format!("it lists {listed} bands of texts, which have {bands}");
            report.add(manifest::records_path(&self.folder), what);
        }
        Ok(report)
    }

    /// Returns the file that a piece lies in; the journal's folder for one in memory.
    pub fn path_of(&self, piece: &Piece) -> PathBuf {
        match &piece.entry {
            Some(entry) => manifest::segment_path(&self.folder, entry.number),
            None => manifest::journal_path(&self.folder),
        }
    }

    fn check_pieces(&self, report: &mut CheckReport) {
        for piece in self.state.pieces() {
            report.segments += 1;
            // The file is opened anew: what was verified once is not read again, and may have changed since.
            let verified = match &piece.entry {
                Some(entry) => Piece::open(&self.folder, entry)
                    .and_then(|reopened| reopened.segment.verify().map_err(Error::from)),
                None => piece.segment.verify().map_err(Error::from),
            };
            if let Err(error) = verified {
                report.add_error(self.path_of(piece), &error);
            }
        }
    }

    /// Reads again what was read when the database was opened.
    fn check_files(&self, report: &mut CheckReport) {
        let path = manifest::manifest_path(&self.folder);
        match manifest::Manifest::read(&self.folder) {
            Ok(found) if found == self.state.manifest => {}
            Ok(_) => report.add(path, "it is not the one that was written last"),
            Err(error) => report.add_error(path, &error.into()),
        }
        let catalog = self.state.manifest.catalog;
        let path = manifest::catalog_path(&self.folder, catalog.generation);
        if let Err(error) = catalog.read(&path) {
            report.add_error(path, &error.into());
        }
        let journal = manifest::journal_path(&self.folder);
        let from = Position::start_of(self.state.manifest.journal);
        if let Err(error) = journal_read::read(&journal, self.state.manifest.database, from, Who::Writer) {
            report.add_error(journal, &error.into());
        }
    }

    fn check_counters(&self, report: &mut CheckReport) -> Result<()> {
        let records = self.records()?;
        let path = manifest::records_path(&self.folder);
        let alive: u64 = self.state.pieces().map(|piece| u64::from(piece.articles())).sum();
        if alive != self.state.articles {
            let what = format!("{} articles are counted and {alive} are there", self.state.articles);
            report.add(manifest::manifest_path(&self.folder), what);
        }
        match records.meta() {
            Err(error) => report.add_error(path, &error.into()),
            Ok(meta) if meta.applied_seq != self.state.seq => {
                report.add(path, format!("it ends with commit {} of {}", meta.applied_seq, self.state.seq));
            }
            Ok(meta) if meta.articles != alive => {
                report.add(path, format!("it counts {} articles and {alive} are there", meta.articles));
            }
            Ok(_) => {}
        }
        self.check_dictionary(records, report);
        Ok(())
    }

    fn check_dictionary(&self, records: &Records, report: &mut CheckReport) {
        let Some(dictionary) = self.state.codec.dictionary() else { return };
        let file = manifest::dictionary_path(&self.folder, dictionary.id());
        if files::read(&file).ok().as_deref() != Some(dictionary.bytes()) {
            report.add(file, "it is not the dictionary that MANIFEST names");
        }
        let stored = records.dictionary(dictionary.id());
        if !stored.is_ok_and(|stored| stored.as_deref() == Some(dictionary.bytes())) {
            report.add(manifest::records_path(&self.folder), "it has no sound copy of the dictionary");
        }
    }

    /// Verifies every row, and that no row stands for an article that is not there; returns the number of bands.
    fn check_rows(&self, report: &mut CheckReport) -> Result<u64> {
        let records = self.records()?;
        let path = manifest::records_path(&self.folder);
        let (mut heads, mut keys, mut hashes, mut bands) = (0, 0, 0, 0);
        for row in records.rows() {
            report.rows += 1;
            match row {
                Err(error) => {
                    report.add_error(path.clone(), &error.into());
                    // Behind a failure of sled itself nothing more can be read.
                    if report.problems.len() >= PROBLEMS_MAX {
                        return Ok(bands);
                    }
                }
                Ok((Key::Head(_), _)) => heads += 1,
                Ok((Key::ByKey(_), ids)) => keys += ids.len() as u64 / 4,
                Ok((Key::ByHash(..), _)) => hashes += 1,
                Ok((Key::ByBand(..), _)) => bands += 1,
                Ok((Key::Record(id, seq, _), _)) => match records.head(id) {
                    Ok(head) if head == Some(seq) => {}
                    Ok(_) => {
                        let what = format!("article {id} has a record of commit {seq}, which ended");
                        report.add(path.clone(), what);
                    }
                    // sled meets a torn page when it first reads it, which may be here.
                    Err(error) => report.add_error(path.clone(), &error.into()),
                },
                Ok(_) => {}
            }
        }
        for (count, what) in [(heads, "articles"), (keys, "keys"), (hashes, "contents")] {
            if count != self.state.articles {
                report.add(
                    path.clone(),
                    format!("it lists {count} {what} of {} articles", self.state.articles),
                );
            }
        }
        Ok(bands)
    }

    /// Compares every living article of a piece with its rows; returns the number of bands that they have.
    fn check_articles(&self, piece: &Piece, report: &mut CheckReport) -> Result<u64> {
        let records = self.records()?;
        let identities = piece.segment.identities()?;
        let mut bands = 0;
        for ordinal in piece.ordinals() {
            report.articles += 1;
            let (id, seq) = (identities.id(ordinal), identities.seq(ordinal));
            let what = match self.compare(records, piece, ordinal, id, seq) {
                Ok(Ok(count)) => {
                    bands += count;
                    continue;
                }
                Ok(Err(problem)) => problem.to_owned(),
                Err(error) => error.to_string(),
            };
            report.add(manifest::records_path(&self.folder), format!("article {id}: {what}"));
        }
        Ok(bands)
    }

    /// Compares an article with its rows; returns the number of its bands, or what is wrong.
    fn compare(
        &self,
        records: &Records,
        piece: &Piece,
        ordinal: u32,
        id: ArticleId,
        seq: Seq,
    ) -> Result<Result<u64, &'static str>> {
        if records.head(id)? != Some(seq) {
            return Ok(Err("its living version is another one"));
        }
        let encoded = piece.segment.encoded(ordinal)?;
        if records.frame(id, seq)?.as_ref() != Some(&encoded) {
            return Ok(Err("its record differs from the segment's"));
        }
        let record = self.state.codec.decode(&encoded)?;
        if (record.id, record.seq) != (id, seq) {
            return Ok(Err("its record is another article's"));
        }
        let version = Version::of(&record);
        if !records.ids_of_key(version.key_hash)?.contains(&id) {
            return Ok(Err("its key does not lead to it"));
        }
        if !records.ids_of_content(version.content_hash)?.contains(&id) {
            return Ok(Err("its content does not lead to it"));
        }
        let mut bands = 0;
        for (place, band) in version.bands.iter().flat_map(Bands::places) {
            bands += 1;
            if !records.has_band(place, band, id)? {
                return Ok(Err("its text does not lead to it"));
            }
        }
        Ok(Ok(bands))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_database_says_so_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let database = Database::create(&path).unwrap();
        let never = crate::exec::CancelToken::default();
        database.writer().unwrap().stop(&Error::Stopped { reason: "no room".to_owned() });
        assert!(matches!(database.check(), Err(Error::Stopped { .. })));
        assert!(matches!(database.check_deep(&never, &mut |_| {}), Err(Error::Stopped { .. })));
        drop(database);
        assert!(Database::open(&path).unwrap().check().unwrap().is_sound());
    }
}
