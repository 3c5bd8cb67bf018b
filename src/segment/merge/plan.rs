//! Which article of which input lies where in the output.

use std::collections::BTreeSet;

use super::MergeInput;
use crate::segment::SEGMENT_ARTICLES_MAX;
use crate::segment::columns::{SortKey, sort_key};
use crate::segment::error::SegmentError;
use crate::segment::format::{Kind, Versions};
use crate::segment::image::Section;
use crate::segment::reader::Segment;

/// Marks what has no place in the output.
pub(super) const GONE: u32 = u32::MAX;

/// The order of the output.
pub(super) struct Plan<'a> {
    inputs: Vec<&'a Segment>,
    versions: Versions,
    /// Input and ordinal there, by ordinal of the output.
    sources: Vec<(u32, u32)>,
    /// Ordinal of the output, by input and ordinal there; [`GONE`] for dead articles.
    targets: Vec<Vec<u32>>,
    is_given_up: &'a dyn Fn() -> bool,
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        inputs: &'a [MergeInput],
        is_given_up: &'a dyn Fn() -> bool,
    ) -> Result<Plan<'a>, SegmentError> {
        let mut keyed: Vec<(SortKey, u32, u32)> = Vec::new();
        for (input, (segment, dead)) in (0..).zip(inputs) {
            let (dates, identities) = (segment.dates()?, segment.identities()?);
            let is_live = |ordinal: &u32| dead.as_ref().is_none_or(|dead| !dead.contains(*ordinal));
            keyed.extend((0..segment.articles()).filter(is_live).map(|ordinal| {
                let date = dates.sort_start(ordinal).zip(dates.sort_end(ordinal));
                (sort_key(date, identities.id(ordinal).0, identities.seq(ordinal)), input, ordinal)
            }));
        }
        if keyed.len() > SEGMENT_ARTICLES_MAX as usize {
            let limit = u64::from(SEGMENT_ARTICLES_MAX);
            return Err(SegmentError::TooLarge { what: "articles", limit });
        }
        keyed.sort_unstable();
        let sources: Vec<(u32, u32)> =
            keyed.into_iter().map(|(_, input, ordinal)| (input, ordinal)).collect();
        let mut targets: Vec<Vec<u32>> =
            inputs.iter().map(|(segment, _)| vec![GONE; segment.articles() as usize]).collect();
        for (target, &(input, ordinal)) in (0..).zip(&sources) {
            let slot = targets.get_mut(input as usize).and_then(|input| input.get_mut(ordinal as usize));
            slot.into_iter().for_each(|slot| *slot = target);
        }
        let inputs: Vec<&Segment> = inputs.iter().map(|(segment, _)| segment).collect();
        Ok(Plan { versions: one_version(&inputs)?, inputs, sources, targets, is_given_up })
    }

    /// Fails once the merge is given up.
    #[inline]
    pub(super) fn go_on(&self) -> Result<(), SegmentError> {
        if (self.is_given_up)() { Err(SegmentError::GivenUp) } else { Ok(()) }
    }

    pub(super) fn versions(&self) -> Versions {
        self.versions
    }

    /// Returns the number of articles of the output.
    pub(super) fn articles(&self) -> u32 {
        self.sources.len() as u32
    }

    pub(super) fn inputs(&self) -> &[&'a Segment] {
        &self.inputs
    }

    /// Returns input and ordinal there of each article of the output, in order.
    pub(super) fn sources(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.sources.iter().map(|&(input, ordinal)| (input as usize, ordinal))
    }

    /// Returns the ordinal in the output; [`GONE`] for a dead article.
    #[inline]
    pub(super) fn target(&self, input: usize, ordinal: u32) -> u32 {
        let targets = self.targets.get(input);
        targets.and_then(|targets| targets.get(ordinal as usize)).copied().unwrap_or(GONE)
    }

    /// Opens a view of each input.
    pub(super) fn views<T>(
        &self,
        open: impl FnMut(&&'a Segment) -> Result<T, SegmentError>,
    ) -> Result<Vec<T>, SegmentError> {
        self.inputs.iter().map(open).collect()
    }

    /// Returns the names of all sections of a kind, sorted.
    pub(super) fn section_names(&self, kind: Kind) -> BTreeSet<Vec<u8>> {
        let entries = self.inputs.iter().flat_map(|segment| &segment.image().footer().entries);
        entries.filter(|entry| entry.kind == kind).map(|entry| entry.name.clone()).collect()
    }

    /// Returns the section of this kind and name of each input.
    pub(super) fn sections(&self, kind: Kind, name: &[u8]) -> Vec<Option<Section<'a>>> {
        self.inputs.iter().map(|segment| segment.image().section(kind, name)).collect()
    }
}

fn one_version(inputs: &[&Segment]) -> Result<Versions, SegmentError> {
    let none = Versions { analysis: 0, stemmer: 0, gazetteer: 0, extraction: 0 };
    let first = inputs.first().map_or(none, |segment| segment.versions());
    let is_one = inputs.iter().all(|segment| segment.versions().indexes_alike(first));
    let gazetteer = inputs.iter().map(|segment| segment.versions().gazetteer).min().unwrap_or(0);
    if is_one { Ok(Versions { gazetteer, ..first }) } else { Err(SegmentError::MixedVersions) }
}
