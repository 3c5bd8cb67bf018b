//! Merges segments: section by section, in constant memory but for a few numbers an article and value.
//!
//! The result is, byte for byte, what a builder makes of the surviving records: the order of articles is that of their
//! dates, values and words keep the order of their bytes, and whatever no surviving article has is left out. Nothing is
//! analysed again; stored records are copied as they are.

mod keywords;
mod plan;
mod sections;
mod words;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use roaring::RoaringBitmap;
use uuid::Uuid;

use super::error::SegmentError;
use super::format::Written;
use super::reader::Segment;
use super::sink::Sink;
use super::spool::Spool;

use plan::Plan;

/// A segment to merge, with the ordinals to leave out of it.
pub type MergeInput = (Segment, Option<Arc<RoaringBitmap>>);

/// Writes the live articles of several segments as one.
///
/// The result equals building from the surviving records, to the byte.
/// Large parts go through files in the folder `scratch`, which are removed again. Nothing is synced.
///
/// # Errors
///
/// [`SegmentError::MixedVersions`] where the inputs were indexed by different versions, [`SegmentError::TooLarge`] past
/// the articles of a segment, [`SegmentError::Damaged`] where an input is, [`SegmentError::Write`] where `out` fails.
pub fn merge(
    inputs: &[MergeInput],
    uuid: Uuid,
    scratch: &Path,
    out: impl Write,
) -> Result<Written, SegmentError> {
    let plan = Plan::new(inputs)?;
    let scratch = Scratch { folder: scratch, uuid };
    let mut sink = Sink::new(out)?;
    sections::articles(&mut sink, &plan)?;
    let sections::Identified { splits, oldest } = sections::identities(&mut sink, &plan)?;
    sections::structure(&mut sink, &plan, &scratch)?;
    sections::columns(&mut sink, &plan)?;
    let numbers = keywords::fields(&mut sink, &plan, &scratch)?;
    let names = keywords::names(&mut sink, &plan, &scratch)?;
    sections::entities(&mut sink, &plan, &scratch, &numbers, &names)?;
    keywords::within(&mut sink, &plan, &scratch)?;
    sections::quotes(&mut sink, &plan, &scratch, &numbers)?;
    sections::figures(&mut sink, &plan, &scratch)?;
    drop((numbers, names));
    keywords::presence(&mut sink, &plan, &scratch)?;
    words::words(&mut sink, &plan, &scratch, splits)?;
    for (segment, _) in inputs {
        segment.intact()?;
    }
    Ok(sink.finish(uuid, plan.versions().with_oldest(oldest), plan.articles())?)
}

/// Where spools that grow large put their files.
struct Scratch<'a> {
    folder: &'a Path,
    uuid: Uuid,
}

impl Scratch<'_> {
    fn spool(&self, name: &str) -> Spool {
        Spool::with_scratch(&self.folder.join(format!("{}-{name}.tmp", self.uuid.simple())))
    }
}
