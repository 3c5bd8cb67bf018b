//! What can go wrong with a segment.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::store::StoreError;

/// An error of a segment's file.
///
/// Damage and failures of the operating system are told apart: see [`SegmentError::is_damage`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SegmentError {
    /// The operating system refused.
    #[error("cannot {action} segment {}: {source}", path.display())]
    Io {
        /// What was attempted, as a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The output could not be written.
    #[error("cannot write a segment: {source}; make room and try again")]
    Write {
        /// The system's reason.
        #[from]
        source: io::Error,
    },
    /// Whoever asked for a merge wants it no more.
    #[error("the merge of segments was given up")]
    GivenUp,
    /// The file is not what was written to it.
    #[error("segment {} is damaged in {place}: {what}; `dateline repair` restores it", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The section and, where it is known, the page.
        place: Place,
        /// What does not hold.
        what: &'static str,
    },
    /// A later version wrote the segment.
    #[error("segment {} has format version {found}, this program reads version {known}; use a newer dateline", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version found.
        found: u32,
        /// The version known.
        known: u32,
    },
    /// A stored article does not decode.
    #[error("segment {}, article {ordinal}: {source}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// The article's ordinal.
        ordinal: u32,
        /// What the decoder says.
        source: Box<StoreError>,
    },
    /// Segments of different versions were to be merged.
    #[error("segments of different versions cannot be merged; run `dateline reindex`")]
    MixedVersions,
    /// More was given than a segment can hold.
    #[error("a segment holds at most {limit} {what}; write two segments")]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// The most that a segment holds.
        limit: u64,
    },
}

/// A place in a segment's file, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The section's name, with the field where there is one per field.
    pub section: String,
    /// The page of the file that failed its checksum.
    pub page: Option<u32>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.section)?;
        self.page.map_or(Ok(()), |page| write!(f, ", page {page}"))
    }
}

impl SegmentError {
    /// Tells whether stored bytes are wrong: the records then have what the segment held.
    pub fn is_damage(&self) -> bool {
        match self {
            SegmentError::Damaged { .. } => true,
            SegmentError::Record { source, .. } => source.is_damage(),
            SegmentError::Io { .. }
            | SegmentError::Write { .. }
            | SegmentError::GivenUp
            | SegmentError::Version { .. }
            | SegmentError::MixedVersions
            | SegmentError::TooLarge { .. } => false,
        }
    }
}
