//! A view opened for one query.

use std::sync::Arc;

use roaring::RoaringBitmap;

use super::docset::{BitmapSet, DocSet, Ordinal, partition};
use super::{ExecError, Guard, LiveSegment, View};
use crate::article::{ArticleId, Record};
use crate::catalog::Catalog;
use crate::query::DateTest;
use crate::segment::{Dates, Identities, Segment, Terms};

use super::docset::{OrdinalRange, Ranges};

/// A view opened for one query: what every stage of it looks things up in.
pub(crate) struct Context<'v> {
    /// The opened segments, largest first.
    pub segments: Vec<OpenSegment<'v>>,
    /// Declared fields, aliases and saved queries.
    pub catalog: &'v Catalog,
    /// The run's bounds and tallies.
    pub guard: &'v Guard,
    /// Articles of the archive.
    pub articles: u64,
    /// Whether copies are left out, after the statement was planned for the whole archive once.
    pub is_folded: bool,
}

/// A segment opened for one query.
pub(crate) struct OpenSegment<'v> {
    /// Its place in [`Context::segments`].
    pub index: usize,
    pub segment: &'v Segment,
    pub dead: Option<Arc<RoaringBitmap>>,
    pub terms: Terms<'v>,
    pub dates: Dates<'v>,
    pub identities: Identities<'v>,
}

impl<'v> Context<'v> {
    /// Opens the segments of `view` that have articles.
    pub(crate) fn open(view: &'v View, guard: &'v Guard) -> Result<Context<'v>, ExecError> {
        let mut live: Vec<&LiveSegment> = view.segments.iter().filter(|live| live.articles() > 0).collect();
        live.sort_by_key(|live| std::cmp::Reverse(live.articles()));
        let segments = live
            .into_iter()
            .enumerate()
            .map(|(index, live)| OpenSegment::open(index, live))
            .collect::<Result<Vec<_>, ExecError>>()?;
        Ok(Context { segments, catalog: &view.catalog, guard, articles: view.articles(), is_folded: false })
    }

    /// Opens a view without its copies.
    pub(crate) fn open_folded(view: &'v View, guard: &'v Guard) -> Result<Context<'v>, ExecError> {
        Ok(Context { is_folded: true, ..Context::open(view, guard)? })
    }

    /// Fails where an operator of this run failed, or a cursor met damage.
    pub(crate) fn settle(&self) -> Result<(), ExecError> {
        self.guard.take_fault()?;
        for open in &self.segments {
            open.segment.intact()?;
        }
        Ok(())
    }
}

impl<'v> OpenSegment<'v> {
    fn open(index: usize, live: &'v LiveSegment) -> Result<OpenSegment<'v>, ExecError> {
        let segment = &live.segment;
        Ok(OpenSegment {
            index,
            segment,
            dead: live.dead.clone().filter(|dead| !dead.is_empty()),
            terms: segment.terms()?,
            dates: segment.dates()?,
            identities: segment.identities()?,
        })
    }

    /// Returns the number of articles, dead ones included.
    pub(crate) fn len(&self) -> Ordinal {
        self.segment.articles()
    }

    /// Returns the dead articles as a set, if there are any.
    pub(crate) fn dead_set(&self) -> Option<Box<dyn DocSet>> {
        self.dead.as_ref().map(|dead| Box::new(BitmapSet::new(dead.clone())) as Box<dyn DocSet>)
    }

    /// Returns the place of an article in the order of the archive.
    pub(crate) fn place(&self, ordinal: Ordinal) -> Place {
        let id = self.identities.id(ordinal);
        match (self.dates.sort_start(ordinal), self.dates.sort_end(ordinal)) {
            (Some(start), Some(end)) => Place { span: Some((start, end)), id },
            _ => Place { span: None, id },
        }
    }

    /// Returns the stored record of an article.
    pub(crate) fn record(&self, ordinal: Ordinal, guard: &Guard) -> Result<Record, ExecError> {
        guard.read_article()?;
        Ok(self.segment.record(ordinal)?)
    }

    /// Returns the ordinals whose publication date certainly satisfies `test`.
    pub(crate) fn certain(&self, test: &DateTest) -> Result<Ranges, ExecError> {
        let ranges = self.segment.date_ordinals(test)?;
        Ok(ranges.into_iter().map(|range| OrdinalRange::new(range.start, range.end)).collect())
    }

    /// Returns the first ordinal at or after which articles lie behind `place` in newest-first order.
    pub(crate) fn first_behind(&self, place: &Place) -> Ordinal {
        partition(self.len(), |ordinal| !place.is_newer_than(&self.place(ordinal)))
    }
}

/// Where an article lies in the order of the archive: by its date, then by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Start and end of its date; `None` where it has none.
    pub span: Option<(i64, i64)>,
    /// Its number.
    pub id: ArticleId,
}

impl Place {
    /// Orders newest first: start descending, end ascending, undated last, then by number.
    pub(crate) fn newest(&self, other: &Place) -> std::cmp::Ordering {
        let key = |place: &Place| match place.span {
            Some((start, end)) => (false, std::cmp::Reverse(start), end, place.id),
            None => (true, std::cmp::Reverse(0), 0, place.id),
        };
        key(self).cmp(&key(other))
    }

    /// Orders oldest first: start ascending, end ascending, undated last, then by number.
    pub(crate) fn oldest(&self, other: &Place) -> std::cmp::Ordering {
        let key = |place: &Place| match place.span {
            Some((start, end)) => (false, start, end, place.id),
            None => (true, 0, 0, place.id),
        };
        key(self).cmp(&key(other))
    }

    fn is_newer_than(&self, other: &Place) -> bool {
        self.newest(other).is_lt()
    }
}
