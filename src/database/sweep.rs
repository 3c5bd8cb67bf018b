//! Removing files that are no longer part of the database.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::open::Writer;
use crate::error::Result;
use crate::store::files;
use crate::store::manifest;

impl Writer {
    /// Removes segments, tombstones, catalogs and dictionaries that neither MANIFEST nor journal names.
    ///
    /// Readers that still map a segment go on undisturbed; readers that are just opening start over.
    pub fn sweep(&self) -> Result<()> {
        let (folder, wanted) = (&self.folder, self.named_files());
        let segments = manifest::segments_path(folder);
        let inside = files::names(&segments)?.into_iter().map(|name| segments.join(name));
        let outside =
            files::names(folder)?.into_iter().filter(|name| is_ours(name)).map(|name| folder.join(name));
        for path in inside.chain(outside).filter(|path| !wanted.contains(path)) {
            files::remove_if_there(&*self.files, &path)?;
        }
        Ok(self.journal.remove_before(self.state.manifest.journal)?)
    }

    fn named_files(&self) -> BTreeSet<PathBuf> {
        let (folder, manifest) = (&self.folder, &self.state.manifest);
        let mut named = BTreeSet::from([manifest::catalog_path(folder, manifest.catalog.generation)]);
        named.extend(manifest.dictionary.map(|id| manifest::dictionary_path(folder, id)));
        // Attached segments are in the state only until the next seal.
        let attached = self.state.sealed.iter().filter_map(|piece| piece.entry.as_ref());
        for entry in manifest.segments.iter().chain(attached) {
            named.insert(manifest::segment_path(folder, entry.number));
            let tombstones = entry.tombstones.as_ref();
            named.extend(
                tombstones.map(|file| manifest::tombstones_path(folder, entry.number, file.generation)),
            );
        }
        named
    }
}

fn is_ours(name: &str) -> bool {
    name.starts_with("catalog-") || name.starts_with("dictionary-") || name.ends_with(".tmp")
}
