//! A segment with what ended in it.

use std::path::Path;
use std::sync::Arc;

use roaring::RoaringBitmap;

use crate::article::{ArticleId, Seq};
use crate::error::Result;
use crate::exec::LiveSegment;
use crate::segment::Segment;
use crate::store::StoreError;
use crate::store::manifest::{self, FileEntry, SegmentEntry};
use crate::store::tombstones::{self, Tombstones};

/// A segment with the versions in it that were deleted or replaced.
#[derive(Clone)]
pub(super) struct Piece {
    /// What MANIFEST or journal say of its file; `None` where it lies in memory.
    pub entry: Option<SegmentEntry>,
    /// The image.
    pub segment: Segment,
    /// The ended versions, by article.
    pub tombstones: Tombstones,
    /// The same as ordinals, which queries use.
    dead: Option<Arc<RoaringBitmap>>,
}

impl Piece {
    /// Returns a segment in which every version is alive.
    pub fn new(segment: Segment, entry: Option<SegmentEntry>) -> Piece {
        Piece { entry, segment, tombstones: Tombstones::new(), dead: None }
    }

    /// Opens a segment's file with its tombstones, and checks that they are the ones meant.
    pub fn open(folder: &Path, entry: &SegmentEntry) -> Result<Piece> {
        let path = manifest::segment_path(folder, entry.number);
        let segment = Segment::open_file(&path)?;
        let found = segment.identity();
        if (found.bytes, found.uuid, found.checksum, found.articles)
            != (entry.bytes, entry.uuid, entry.checksum, entry.articles)
        {
            return Err(StoreError::damaged(
                &path,
                None,
                "it is not the segment that was written under its name",
            )
            .into());
        }
        let mut piece = Piece::new(segment, Some(SegmentEntry { tombstones: None, ..entry.clone() }));
        if let Some(file) = &entry.tombstones {
            piece.read_tombstones(folder, entry.number, file)?;
        }
        Ok(piece)
    }

    fn read_tombstones(&mut self, folder: &Path, number: u64, file: &FileEntry) -> Result<()> {
        let path = manifest::tombstones_path(folder, number, file.generation);
        let tombstones = tombstones::decode(&path, number, &file.read(&path)?)?;
        for (&id, &seq) in &tombstones {
            let Some(ordinal) = self.living(id)? else {
                let what = format!("it ends article {id}, which is not in the segment");
                return Err(StoreError::damaged(&path, None, what).into());
            };
            self.end(ordinal, id, seq);
        }
        if let Some(entry) = &mut self.entry {
            entry.tombstones = Some(*file);
        }
        Ok(())
    }

    /// Returns the ordinal of an article's version that is alive here.
    pub fn living(&self, id: ArticleId) -> Result<Option<u32>> {
        let ordinals = self.segment.identities()?.ordinals(id);
        Ok(ordinals.into_iter().find(|&ordinal| !self.is_dead(ordinal)))
    }

    /// Returns the ordinal of one version of an article, alive or not.
    pub fn version(&self, id: ArticleId, seq: Seq) -> Result<Option<u32>> {
        let identities = self.segment.identities()?;
        Ok(identities.ordinals(id).into_iter().find(|&ordinal| identities.seq(ordinal) == seq))
    }

    /// Ends a version.
    pub fn end(&mut self, ordinal: u32, id: ArticleId, seq: Seq) {
        self.tombstones.insert(id, seq);
        Arc::make_mut(self.dead.get_or_insert_default()).insert(ordinal);
        // What the file says is no longer all there is.
        if let Some(entry) = &mut self.entry {
            entry.tombstones = None;
        }
    }

    /// Tells whether a version was ended.
    pub fn is_dead(&self, ordinal: u32) -> bool {
        self.dead.as_ref().is_some_and(|dead| dead.contains(ordinal))
    }

    /// Returns how many articles are alive here.
    pub fn articles(&self) -> u32 {
        self.segment.articles().saturating_sub(self.tombstones.len() as u32)
    }

    /// Returns the ordinals that are alive.
    pub fn ordinals(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.segment.articles()).filter(|&ordinal| !self.is_dead(ordinal))
    }

    /// Returns the form that queries run on.
    pub fn live(&self) -> LiveSegment {
        LiveSegment { segment: self.segment.clone(), dead: self.dead.clone() }
    }
}
