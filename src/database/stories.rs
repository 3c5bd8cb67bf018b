//! Stories: which articles are copies of one report.
//!
//! Every article that fields were extracted from belongs to a story. It joins that of the article it is most like, among
//! those committed and those taken before it in the same commit, where they are [near-duplicates](Shingles::likeness);
//! else it begins its own. Candidates come from the index of bands, and are compared by their texts.
//!
//! A story is named by the number of the article that it began with. Numbers are never given twice, stay through dump and
//! load, and fold to nothing else, as keys may ("aB" and "Ab"). Where a replacement leaves its story, its number may still
//! name the copies of its former text; so its new story is named by number and commit.
//!
//! What was decided stands in the record and is never decided again: deleting the first article of a story leaves the
//! story of the others as it is, and replay, repair and load bring back what was.

use std::collections::{HashMap, HashSet};

use super::batch::{Derived, on_all};
use super::open::Writer;
use crate::article::{Article, ArticleId, Record};
use crate::date::Date;
use crate::error::Result;
use crate::store::RecordCodec;
use crate::store::records::Records;
use crate::text::{Bands, Shingles};

/// Articles of one band that are considered: copies share all bands, and are found among fewer.
const BAND_CANDIDATES_MAX: usize = 64;

/// Candidates whose texts are compared with an article's, those that share most bands first.
const COMPARED_MAX: usize = 8;

/// Gives the articles of one commit their stories.
#[derive(Default)]
pub(super) struct Stories {
    /// The articles taken so far.
    taken: Vec<Told>,
    /// Their places in `taken`, by band.
    by_band: HashMap<(u8, u32), Vec<usize>>,
    /// Articles whose committed text this commit ends.
    replaced: HashSet<ArticleId>,
    text_bytes: usize,
}

/// What an article is compared by.
struct Told {
    id: ArticleId,
    body: String,
    date: Option<Date>,
    story: String,
}

/// The article most like another.
struct Nearest {
    likeness: f64,
    id: ArticleId,
    story: String,
}

/// The articles committed before.
#[derive(Clone, Copy)]
pub(super) struct Archive<'w> {
    records: &'w Records,
    codec: &'w RecordCodec,
}

impl Writer {
    /// Returns what new articles are compared with.
    pub fn archive(&self) -> Result<Archive<'_>> {
        Ok(Archive { records: self.records()?, codec: &self.state.codec })
    }
}

impl Stories {
    /// Gives articles their stories, in order; those that have one keep it.
    ///
    /// The texts of the archive are read and compared on all threads of the pool.
    pub fn settle(
        &mut self,
        derived: Vec<Derived>,
        archive: Archive<'_>,
        pool: Option<&rayon::ThreadPool>,
    ) -> Result<Vec<Derived>> {
        let compared = on_all(derived, pool, |derived| Ok((archive.nearest(&derived)?, derived)));
        let settle = |compared: Result<_>| {
            let (nearest, mut derived) = compared?;
            self.take(&mut derived, nearest);
            Ok(derived)
        };
        compared.into_iter().map(settle).collect()
    }

    /// Returns about how much memory is used, in bytes.
    pub fn memory_bytes(&self) -> usize {
        let bands: usize = self.by_band.values().map(|places| 32 + places.capacity() * 8).sum();
        self.text_bytes + self.taken.capacity() * size_of::<Told>() + bands
    }

    fn take(&mut self, derived: &mut Derived, committed: Option<Nearest>) {
        let record = &mut derived.record;
        if derived.old.is_some() {
            self.replaced.insert(record.id);
        }
        if record.extraction.version == 0 {
            return;
        }
        let story = record.story.take().unwrap_or_else(|| {
            let committed =
                committed.filter(|near| near.id == record.id || !self.replaced.contains(&near.id));
            let nearest = nearer(committed, self.nearest(&record.article, record.date(), derived.bands));
            nearest.map_or_else(|| own_story(record, derived.is_first), |near| near.story)
        });
        record.story = Some(story.clone());
        if let Some(bands) = derived.bands {
            self.remember(record, bands, story);
        }
    }

    fn remember(&mut self, record: &Record, bands: Bands, story: String) {
        for band in bands.places() {
            self.by_band.entry(band).or_default().push(self.taken.len());
        }
        let body = record.article.body.clone();
        self.text_bytes += body.len();
        self.taken.push(Told { id: record.id, body, date: record.date(), story });
    }

    /// Returns the article of this commit that is most like another.
    fn nearest(&self, article: &Article, date: Option<Date>, bands: Option<Bands>) -> Option<Nearest> {
        let of_band = |band| self.by_band.get(&band).into_iter().flatten().take(BAND_CANDIDATES_MAX).copied();
        let candidates = most_shared(bands.iter().flat_map(Bands::places).flat_map(of_band));
        let mut comparison = Comparison::new(article, date);
        for told in candidates.into_iter().filter_map(|place| self.taken.get(place)) {
            comparison.compare(told.id, &told.body, told.date, || told.story.clone());
        }
        comparison.nearest
    }
}

impl Archive<'_> {
    /// Returns the committed article that is most like another; none for one that has a story already.
    fn nearest(&self, derived: &Derived) -> Result<Option<Nearest>> {
        let record = &derived.record;
        let Some(bands) = derived.bands.filter(|_| record.story.is_none()) else { return Ok(None) };
        let mut candidates = Vec::new();
        for (place, band) in bands.places() {
            candidates.extend(self.records.ids_of_band(place, band, BAND_CANDIDATES_MAX)?);
        }
        let mut comparison = Comparison::new(&record.article, record.date());
        for id in most_shared(candidates) {
            let Some(known) = self.record(id)? else { continue };
            if let Some(story) = &known.story {
                comparison.compare(id, &known.article.body, known.date(), || story.clone());
            }
        }
        Ok(comparison.nearest)
    }

    /// Returns what its records, and those of the next commit, are encoded with.
    pub fn codec(&self) -> &RecordCodec {
        self.codec
    }

    fn record(&self, id: ArticleId) -> Result<Option<Record>> {
        let Some(seq) = self.records.head(id)? else { return Ok(None) };
        let frame = self.records.frame(id, seq)?;
        Ok(frame.map(|frame| self.codec.decode(&frame)).transpose()?)
    }
}

/// One text beside others.
struct Comparison<'a> {
    article: &'a Article,
    date: Option<Date>,
    /// Made for the first candidate: most articles have none.
    shingles: Option<Shingles>,
    nearest: Option<Nearest>,
}

impl<'a> Comparison<'a> {
    fn new(article: &'a Article, date: Option<Date>) -> Comparison<'a> {
        Comparison { article, date, shingles: None, nearest: None }
    }

    fn compare(&mut self, id: ArticleId, body: &str, date: Option<Date>, story: impl FnOnce() -> String) {
        let own = self.shingles.get_or_insert_with(|| Shingles::of(&self.article.body));
        let days = self.date.zip(date).map(|(one, two)| days_apart(one, two));
        let is_same = body == self.article.body;
        let likeness =
            if is_same { own.likeness(own, days) } else { own.likeness(&Shingles::of(body), days) };
        let Some(likeness) = likeness else { return };
        if self.nearest.as_ref().is_none_or(|near| likeness > near.likeness) {
            self.nearest = Some(Nearest { likeness, id, story: story() });
        }
    }
}

/// Returns the candidates to compare: those that occur most often, the earlier of those that occur alike.
fn most_shared<T: Ord + Copy>(candidates: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut sorted: Vec<T> = candidates.into_iter().collect();
    sorted.sort_unstable();
    let mut counted: Vec<(usize, T)> =
        sorted.chunk_by(PartialEq::eq).filter_map(|same| Some((same.len(), *same.first()?))).collect();
    counted.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counted.into_iter().take(COMPARED_MAX).map(|(_, candidate)| candidate).collect()
}

/// Returns the nearer of two, the committed one where they are as near.
fn nearer(committed: Option<Nearest>, taken: Option<Nearest>) -> Option<Nearest> {
    match (committed, taken) {
        (Some(committed), Some(taken)) if taken.likeness > committed.likeness => Some(taken),
        (committed, taken) => committed.or(taken),
    }
}

/// Returns the name of the story that an article begins.
fn own_story(record: &Record, is_first: bool) -> String {
    match is_first {
        true => record.id.to_string(),
        false => format!("{}.{}", record.id, record.seq),
    }
}

/// Returns the whole days between two dates, as far as they are known; 0 where they overlap.
fn days_apart(one: Date, two: Date) -> u64 {
    let gap = (one.wall() - two.wall_end()).max(two.wall() - one.wall_end());
    u64::try_from(gap).unwrap_or(0) / 86_400
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_between_dates_count_from_their_ends() {
        let days = |one: &str, two: &str| days_apart(one.parse().unwrap(), two.parse().unwrap());
        assert_eq!(days("2018-09-01", "2018-09-01"), 0);
        assert_eq!(days("2018-09-01", "2018-09"), 0);
        assert_eq!(days("2018", "2019-01-04"), 3);
        assert_eq!(days("2018-09-10T12:00", "2018-09-01"), 8);
    }

    #[test]
    fn candidates_that_share_most_bands_come_first() {
        assert_eq!(most_shared([3, 1, 2, 3, 2, 3]), [3, 2, 1]);
        assert_eq!(most_shared(0..100), (0..8).collect::<Vec<_>>());
    }
}
