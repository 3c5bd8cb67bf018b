//! Removing files that are no longer part of a database or a backup.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::beside::InWork;
use super::open::Writer;
use super::piece::Piece;
use crate::error::Result;
use crate::store::files::{self, Files};
use crate::store::journal;
use crate::store::manifest::{self, Manifest};

impl Writer {
    /// Removes segments, tombstones, catalogs and dictionaries that neither MANIFEST nor journal names.
    ///
    /// Readers that still map a segment go on undisturbed; readers that are just opening start over.
    pub fn sweep(&self) -> Result<()> {
        // Attached segments are in the state only until the next seal.
        sweep(&*self.files, &self.folder, &self.state.manifest, &self.state.sealed, self.in_work)
    }
}

/// Removes what neither MANIFEST nor these pieces name from a folder, and the journal before MANIFEST's; files of a merge
/// under way stay.
pub(super) fn sweep(
    files: &dyn Files,
    folder: &Path,
    manifest: &Manifest,
    pieces: &[Piece],
    in_work: Option<InWork>,
) -> Result<()> {
    let mut wanted = named_files(folder, manifest, pieces);
    wanted.extend(in_work.map(|work| manifest::segment_path(folder, work.number)));
    let is_scratch =
        |name: &str| in_work.is_some_and(|work| name.starts_with(&work.uuid.simple().to_string()));
    let segments = manifest::segments_path(folder);
    let inside = files::names(&segments)?.into_iter().map(|name| segments.join(name));
    let outside = files::names(folder)?.into_iter().filter(|name| is_swept(name) && !is_scratch(name));
    for path in inside.chain(outside.map(|name| folder.join(name))).filter(|path| !wanted.contains(path)) {
        files::remove_if_there(files, &path)?;
    }
    Ok(journal::remove_before(files, &manifest::journal_path(folder), manifest.journal)?)
}

fn named_files(folder: &Path, manifest: &Manifest, pieces: &[Piece]) -> BTreeSet<PathBuf> {
    let mut named = BTreeSet::from([manifest::catalog_path(folder, manifest.catalog.generation)]);
    named.extend(manifest.dictionary.map(|id| manifest::dictionary_path(folder, id)));
    let attached = pieces.iter().filter_map(|piece| piece.entry.as_ref());
    for entry in manifest.segments.iter().chain(attached) {
        named.insert(manifest::segment_path(folder, entry.number));
        let tombstones = entry.tombstones.as_ref();
        named.extend(tombstones.map(|file| manifest::tombstones_path(folder, entry.number, file.generation)));
    }
    named
}

/// Tells whether a file beside MANIFEST is one that generations leave behind.
pub(super) fn is_swept(name: &str) -> bool {
    name.starts_with("catalog-") || name.starts_with("dictionary-") || name.ends_with(".tmp")
}
