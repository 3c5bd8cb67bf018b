//! Merges segments: section by section, in constant memory but for a few numbers an article and value.
//!
//! The result is, byte for byte, what a builder makes of the surviving records: the order of articles is that of their
//! dates, values and words keep the order of their bytes, and whatever no surviving article has is left out. Nothing is
//! analysed again; stored records are copied as they are, once their checksums hold, so that a merge carries no damage on.

mod endable;
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

use endable::Endable;
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
    merge_unless(&|| false, inputs, uuid, scratch, out)
}

/// Writes the live articles of several segments as one, unless it is given up meanwhile.
///
/// It is asked at every article, value, word and posting, so it ends at once.
///
/// # Errors
///
/// [`SegmentError::GivenUp`], and those of [`merge`].
pub fn merge_unless(
    is_given_up: &dyn Fn() -> bool,
    inputs: &[MergeInput],
    uuid: Uuid,
    scratch: &Path,
    out: impl Write,
) -> Result<Written, SegmentError> {
    let written = merge_all(is_given_up, inputs, uuid, scratch, out);
    // What writes the output knows one kind of error only.
    if written.is_err() && is_given_up() { Err(SegmentError::GivenUp) } else { written }
}

fn merge_all(
    is_given_up: &dyn Fn() -> bool,
    inputs: &[MergeInput],
    uuid: Uuid,
    scratch: &Path,
    out: impl Write,
) -> Result<Written, SegmentError> {
    let plan = Plan::new(inputs, is_given_up)?;
    let scratch = Scratch { folder: scratch, uuid };
    let mut sink = Sink::new(Endable { out, is_given_up })?;
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
        plan.go_on()?;
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
