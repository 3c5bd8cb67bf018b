//! Redoing what older versions of the extractor read, and telling the stories of articles that they told none of.
//!
//! Articles are read and extracted beside the writer, on a snapshot; only the commit of a batch takes the writer, and
//! other threads write in between. Whatever they changed meanwhile is left out: it was extracted anew when it was
//! written. Nothing is remembered: every record carries the version that extracted it, so the work goes on wherever it
//! ended.

use roaring::RoaringBitmap;

use super::batch::{Derived, encode, on_all};
use super::import::{ATTACHED_MAX, Gathered, on_own_thread};
use super::open::{Database, Writer};
use super::progress::Steps;
use super::snapshot::Snapshot;
use super::stories::Stories;
use crate::article::{Origin, Record};
use crate::error::Result;
use crate::exec::CancelToken;
use crate::extract::{Extractor, VERSION};
use crate::schema::{Builtin, FieldName};
use crate::segment::Segment;
use crate::store::entry::Version;

/// Text extracted before the writer is taken, in bytes (4 MiB).
const BATCH_BYTES: usize = 4 << 20;

/// What redoing extractions did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reextracted {
    /// Articles extracted anew.
    pub articles: u64,
    /// Articles of older versions that are left, where it was cancelled.
    pub left: u64,
}

/// A version of an article that an older extractor read.
#[derive(Debug, Clone, Copy)]
struct Stale {
    segment: usize,
    ordinal: u32,
}

impl Database {
    /// Redoes the extractions of older versions, those of articles imported without any too, and finds the story of every
    /// article that has none.
    ///
    /// Other threads may read and write meanwhile. It may be cancelled, or end in a crash, at any time, and goes on
    /// where it ended when it is called again. What was given with an article or put right by hand stays.
    ///
    /// # Errors
    ///
    /// [`Error::Store`](crate::Error::Store) or [`Error::Segment`](crate::Error::Segment); what was done before stays.
    pub fn reextract(&self, cancel: &CancelToken, progress: &mut dyn FnMut(&Steps)) -> Result<Reextracted> {
        let snapshot = self.snapshot();
        let stale = stale_articles(&snapshot)?;
        let mut steps = Steps::articles("extracting", stale.len() as u64);
        let mut again =
            Again { database: self, pool: rayon::ThreadPoolBuilder::new().build().ok(), attached: 0 };
        let mut done = Reextracted::default();
        let mut rest = stale.as_slice();
        let batch_bytes = BATCH_BYTES.min(self.writer()?.options.import_memory_bytes);
        while !rest.is_empty() && !cancel.is_cancelled() {
            let (records, left) = read_batch(&snapshot, rest, batch_bytes)?;
            steps.done += (rest.len() - left.len()) as u64;
            rest = left;
            done.articles += again.redo(records)?;
            progress(&steps);
        }
        if again.attached > 0 {
            self.settle_down()?;
        }
        Ok(Reextracted { left: rest.len() as u64, ..done })
    }
}

/// Lists the articles that an older version extracted or that belong to no story, by id.
fn stale_articles(snapshot: &Snapshot) -> Result<Vec<Stale>> {
    let mut stale = Vec::new();
    for (segment, live) in snapshot.view().segments.iter().enumerate() {
        let (identities, told) = (live.segment.identities()?, with_story(&live.segment)?);
        for (ordinal, version) in (0..).zip(live.segment.extractors()?) {
            let is_stale = version < VERSION || !told.contains(ordinal);
            if is_stale && !live.is_dead(ordinal) {
                stale.push((identities.id(ordinal), Stale { segment, ordinal }));
            }
        }
    }
    // Stories begin with the articles that were stored first.
    stale.sort_unstable_by_key(|(id, _)| *id);
    Ok(stale.into_iter().map(|(_, stale)| stale).collect())
}

/// Returns the articles of a segment that belong to a story.
fn with_story(segment: &Segment) -> Result<RoaringBitmap> {
    let Some(stories) = segment.keyword(&FieldName::Builtin(Builtin::Story))? else {
        return Ok(RoaringBitmap::new());
    };
    Ok((0..segment.articles()).filter(|&ordinal| stories.count(ordinal) > 0).collect())
}

/// Reads the records of the next batch, and returns what is left.
fn read_batch<'s>(
    snapshot: &Snapshot,
    stale: &'s [Stale],
    batch_bytes: usize,
) -> Result<(Vec<Record>, &'s [Stale])> {
    let (mut records, mut bytes) = (Vec::new(), 0);
    let mut rest = stale;
    while let Some((next, after)) = rest.split_first()
        && bytes < batch_bytes
    {
        rest = after;
        let Some(live) = snapshot.view().segments.get(next.segment) else { continue };
        let record = live.segment.record(next.ordinal)?;
        bytes += record.article.body.len() + record.article.title.as_ref().map_or(0, String::len);
        records.push(record);
    }
    Ok((records, rest))
}

struct Again<'d> {
    database: &'d Database,
    pool: Option<rayon::ThreadPool>,
    /// Segments written since the last merge.
    attached: usize,
}

impl Again<'_> {
    fn redo(&mut self, records: Vec<Record>) -> Result<u64> {
        let extractor = Extractor::new();
        let pool = self.pool.as_ref();
        let derived = on_own_thread(|| on_all(records, pool, |record| derived_again(record, &extractor)));
        let mut writer = self.database.writer()?;
        writer.check_running()?;
        let (count, is_attached) = writer.commit_again(derived, pool)?;
        self.attached += usize::from(is_attached);
        if is_attached && self.attached.is_multiple_of(ATTACHED_MAX) {
            writer.seal()?;
        }
        drop(writer);
        self.database.merge_if_due();
        Ok(count)
    }
}

impl Writer {
    /// Commits new extractions of versions that are still alive; tells how many, and whether they became a segment.
    fn commit_again(
        &mut self,
        derived: Vec<Derived>,
        pool: Option<&rayon::ThreadPool>,
    ) -> Result<(u64, bool)> {
        let seq = self.next_seq();
        let mut living = Vec::with_capacity(derived.len());
        for derived in derived {
            if self.records()?.head(derived.record.id)? == Some(derived.record.seq) {
                living.push(Derived { record: Record { seq, ..derived.record }, ..derived });
            }
        }
        let (codec, archive) = (self.state.codec.clone(), self.archive()?);
        let living = on_own_thread(|| Stories::default().settle(living, archive, pool))?;
        let (built, rejected) = on_own_thread(|| encode(living, &codec, pool))?;
        for rejection in rejected {
            tracing::warn!(reason = %rejection.reason, "an article keeps its older extraction");
        }
        let count = built.len() as u64;
        let mut gathered = Gathered::new(&codec);
        gathered.add(built, (self.options.seal_changes, self.options.seal_text_bytes))?;
        Ok((count, self.commit_gathered(gathered, None)?))
    }
}

/// Returns the change of an article whose extraction is redone.
fn derived_again(record: Record, extractor: &Extractor) -> Derived {
    let old = Version::of(&record);
    // A text that was never extracted may have taken the place of one whose copies still have its number.
    let is_first = record.extraction.version > 0;
    let extraction = extractor.extract(&record.article);
    let derived = Derived::new(Record { extraction, ..record }, Some(old), Origin::default());
    Derived { is_first, ..derived }
}

#[cfg(test)]
mod tests {
    use super::super::batch::{Batch, Built, Verdict, derive};
    use super::super::options::OnDuplicate;
    use super::*;
    use crate::article::Article;
    use crate::schema::{Builtin, FieldName};
    use crate::store::entry::Entry;

    /// Stores an article as an older version would have, which extracted nothing.
    fn insert_unextracted(database: &Database, article: Article) {
        let mut writer = database.writer().unwrap();
        let mut batch = Batch::new(&writer, OnDuplicate::Replace);
        let Verdict::Take(accepted, _) = batch.judge(article.into()).unwrap() else { panic!("it is new") };
        let derived = derive(vec![*accepted], batch.seq(), None, None);
        let (built, _) = encode(derived, &writer.state.codec, None).unwrap();
        writer.commit(Entry::of_changes(built.into_iter().map(Built::into_change).collect())).unwrap();
    }

    fn texts(database: &Database, key: &str, field: Builtin) -> Vec<String> {
        let record = database.get_by_key(key).unwrap().unwrap();
        assert_eq!(record.extraction.version, VERSION);
        record.values(&FieldName::Builtin(field)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_was_put_right_by_hand_survives() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::create(folder.path().join("db")).unwrap();
        let body = "PARIS (AFP) - Jean Dupont met Maria Lopez in London on Monday.".to_owned();
        let mut removed = Article { key: "removed".into(), body: body.clone(), ..Article::default() };
        removed.given.remove(Builtin::Person, "Jean Dupont");
        removed.given.add(Builtin::Org, "Acme");
        let mut set = Article { key: "set".into(), body, ..Article::default() };
        set.given.set(Builtin::Place, vec!["Berlin".into()]);
        insert_unextracted(&database, removed);
        insert_unextracted(&database, set);
        let done = database.reextract(&CancelToken::default(), &mut |_| {}).unwrap();
        assert_eq!(done, Reextracted { articles: 2, left: 0 });
        assert_eq!(texts(&database, "removed", Builtin::Person), ["Maria Lopez"]);
        assert_eq!(texts(&database, "removed", Builtin::Org), ["Acme"]);
        assert_eq!(texts(&database, "set", Builtin::Place), ["Berlin"]);
        assert_eq!(texts(&database, "set", Builtin::Person), ["Jean Dupont", "Maria Lopez"]);
        assert!(database.check().unwrap().is_sound());
    }
}
