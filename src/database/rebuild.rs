//! The record store made anew from segments and journal.
//!
//! It is filled beside the old one, in `records.new`, and put in its place by renaming; readers never notice, since
//! they never open it.

use std::path::{Path, PathBuf};

use super::piece::Piece;
use super::state::{State, catalog_bytes};
use crate::article::ArticleId;
use crate::error::Result;
use crate::store::StoreError;
use crate::store::entry::{Change, NewVersion, Version};
use crate::store::files::{self, Files, SystemFiles};
use crate::store::key::Copied;
use crate::store::manifest;
use crate::store::records::{Meta, Records};
use crate::text::BANDS_VERSION;

/// Articles whose rows are written at a time.
const STEP_ARTICLES_MAX: usize = 2_000;

/// Records that are held until their rows are written, in bytes (8 MiB).
const STEP_BYTES_MAX: usize = 8 << 20;

/// Makes the record store anew from a state.
pub(super) fn rebuild(state: &State) -> Result<Records> {
    let (new, path) = (new_path(&state.folder), manifest::records_path(&state.folder));
    files::remove_folder_if_there(&new)?;
    let records = Records::open(&new)?;
    fill(state, &records)?;
    drop(records);
    swap(&state.folder)?;
    Ok(Records::open(&path)?)
}

/// Finishes or undoes what a crash left of a rebuild.
pub(super) fn finish_swap(folder: &Path) -> Result<()> {
    let path = manifest::records_path(folder);
    if !path.exists() && old_path(folder).exists() {
        rename(&old_path(folder), &path)?;
    }
    files::remove_folder_if_there(&new_path(folder))?;
    Ok(files::remove_folder_if_there(&old_path(folder))?)
}

fn fill(state: &State, records: &Records) -> Result<()> {
    if let Some(dictionary) = state.codec.dictionary() {
        records.add_dictionary(dictionary)?;
    }
    records.put_copy(Copied::Manifest, &state.manifest.to_bytes())?;
    records.put_copy(Copied::Catalog, &catalog_bytes(&state.catalog))?;
    for piece in state.pieces() {
        let identities = piece.segment.identities()?;
        let mut living: Vec<(ArticleId, u32)> =
            piece.ordinals().map(|ordinal| (identities.id(ordinal), ordinal)).collect();
        living.sort_unstable();
        let ordinals: Vec<u32> = living.into_iter().map(|(_, ordinal)| ordinal).collect();
        let mut rest = ordinals.as_slice();
        while !rest.is_empty() {
            rest = add_step(piece, rest, records)?;
        }
    }
    let meta = Meta { applied_seq: state.seq, articles: state.articles, bands: BANDS_VERSION };
    records.apply(meta, &[], &mut |_| Err(StoreError::Poisoned))?;
    Ok(records.sync()?)
}

/// Adds the next articles of one piece and returns those that are left. Until the last step the store says that it is
/// empty, so that a crash starts anew.
fn add_step<'o>(piece: &Piece, ordinals: &'o [u32], records: &Records) -> Result<&'o [u32]> {
    let (mut changes, mut bytes) = (Vec::new(), 0);
    let mut rest = ordinals;
    while let Some((&ordinal, after)) = rest.split_first()
        && changes.len() < STEP_ARTICLES_MAX
        && bytes < STEP_BYTES_MAX
    {
        let (record, frame) = piece.segment.record_with_bytes(ordinal)?;
        bytes += frame.len();
        let new = NewVersion { version: Version::of(&record), frame: Some(frame) };
        changes.push(Change { id: record.id, old: None, new: Some(new) });
        rest = after;
    }
    records.apply(Meta::default(), &changes, &mut |_| Err(StoreError::Poisoned))?;
    Ok(rest)
}

fn swap(folder: &Path) -> Result<()> {
    let (path, old) = (manifest::records_path(folder), old_path(folder));
    files::remove_folder_if_there(&old)?;
    if path.exists() {
        rename(&path, &old)?;
    }
    rename(&new_path(folder), &path)?;
    SystemFiles.sync_folder(folder).map_err(StoreError::io("sync", folder))?;
    Ok(files::remove_folder_if_there(&old)?)
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    Ok(SystemFiles.rename(from, to).map_err(StoreError::io("rename", from))?)
}

fn new_path(folder: &Path) -> PathBuf {
    folder.join("records.new")
}

fn old_path(folder: &Path) -> PathBuf {
    folder.join("records.old")
}
