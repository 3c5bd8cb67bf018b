//! Dumping: every article as a line of JSON, in a form that outlives the formats of the files.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use super::line::{ArticleLine, CatalogLine, DUMP_VERSION, EndLine, HeadLine};
use super::work::Work;
use crate::article::ArticleId;
use crate::database::progress::Steps;
use crate::database::snapshot::Snapshot;
use crate::error::{Error, Result};
use crate::exec::CancelToken;
use crate::store::StoreError;

/// Compression level of dumps.
const LEVEL: i32 = 3;

impl Snapshot {
    /// Writes the whole archive of this snapshot as compressed lines of JSON, and returns the number of articles.
    ///
    /// Ids, keys, what was given with the articles or put right by hand, declared types, aliases and saved queries are
    /// all there; what was extracted is not, loading extracts it again. Takes the memory of one article.
    ///
    /// # Errors
    ///
    /// [`Error::Segment`] where an article does not read, [`Error::Store`] where `out` fails.
    pub fn dump(
        &self,
        out: impl Write,
        cancel: &CancelToken,
        progress: &mut dyn FnMut(&Steps),
    ) -> Result<u64> {
        let mut work = Work::new(cancel, progress);
        work.begin("dumping", self.articles(), "articles")?;
        let mut out = Lines::new(out)?;
        out.line(&HeadLine {
            version: DUMP_VERSION,
            articles: self.articles(),
            next_id: self.next_id().0,
            catalog: CatalogLine::of(self.catalog()),
        })?;
        let mut count = 0;
        for (_, segment, ordinal) in self.by_id()? {
            let Some(live) = self.view().segments.get(segment) else { continue };
            let record = live.segment.record(ordinal)?;
            out.line(&ArticleLine::of(record))?;
            count += 1;
            work.advance(1)?;
        }
        out.line(&EndLine { end: count })?;
        out.finish()?;
        Ok(count)
    }

    /// Lists the living articles by id, with the segments and ordinals where they lie.
    fn by_id(&self) -> Result<Vec<(ArticleId, usize, u32)>> {
        let mut places = Vec::new();
        for (index, live) in self.view().segments.iter().enumerate() {
            let identities = live.segment.identities()?;
            let living = (0..live.segment.articles()).filter(|&ordinal| !live.is_dead(ordinal));
            places.extend(living.map(|ordinal| (identities.id(ordinal), index, ordinal)));
        }
        places.sort_unstable();
        Ok(places)
    }
}

struct Lines<W: Write> {
    encoder: zstd::Encoder<'static, W>,
}

impl<W: Write> Lines<W> {
    fn new(out: W) -> Result<Lines<W>> {
        let mut encoder = zstd::Encoder::new(out, LEVEL).map_err(cannot_write)?;
        encoder.include_checksum(true).map_err(cannot_write)?;
        Ok(Lines { encoder })
    }

    fn line(&mut self, line: &impl Serialize) -> Result<()> {
        let json = serde_json::to_vec(line).map_err(io::Error::from).map_err(cannot_write)?;
        self.encoder.write_all(&json).and_then(|()| self.encoder.write_all(b"\n")).map_err(cannot_write)
    }

    fn finish(self) -> Result<()> {
        self.encoder.finish().and_then(|mut out| out.flush()).map_err(cannot_write)
    }
}

fn cannot_write(source: io::Error) -> Error {
    StoreError::Io { action: "write", path: Path::new("the dump").to_owned(), source }.into()
}
