//! Loading a dump: articles come back under their own numbers.
//!
//! Articles are committed in batches, like an import. Loading the same dump again passes over what is there, so that a
//! load which was cut short goes on.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};

use serde::de::DeserializeOwned;

use super::line::{ArticleLine, CatalogLine, DUMP_VERSION, EndLine, HeadLine};
use super::work::Work;
use crate::article::{ARTICLE_BYTES_MAX, Article, ArticleId, Draft, Origin, Record, Seq};
use crate::catalog::Catalog;
use crate::database::batch::{Derived, encode, on_all};
use crate::database::import::{ATTACHED_MAX, CHUNK_BYTES, Gathered, on_own_thread};
use crate::database::open::{Database, Writer};
use crate::database::progress::Steps;
use crate::database::stories::Stories;
use crate::error::{Error, Result};
use crate::exec::CancelToken;
use crate::extract::{Extractor, given_alone};

/// Longest line, in bytes: JSON may write a byte of text as six.
const LINE_BYTES_MAX: usize = ARTICLE_BYTES_MAX * 6 + (64 << 20);

/// Every article counts as at least this long, in bytes.
const ARTICLE_COST_MIN: usize = 1 << 10;

/// What loading a dump did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Articles added.
    pub added: u64,
    /// Articles that were there already, from an earlier attempt.
    pub present: u64,
}

impl Database {
    /// Loads a dump into an empty database, or goes on with one that was cut short.
    ///
    /// Articles keep their numbers and keys, and the time when they were first imported; what is extracted from them
    /// is extracted anew.
    ///
    /// # Errors
    ///
    /// [`Error::Dump`] where a line is wrong, the dump is cut short, or the database holds anything else.
    pub fn load(
        &self,
        input: impl Read,
        cancel: &CancelToken,
        progress: &mut dyn FnMut(&Steps),
    ) -> Result<Loaded> {
        let mut lines = Lines::new(input)?;
        let head: HeadLine = lines.parsed()?;
        if head.version != DUMP_VERSION {
            let what = format!("it has version {}, this program reads version {DUMP_VERSION}", head.version);
            return Err(lines.wrong(what));
        }
        let mut work = Work::new(cancel, progress);
        work.begin("loading", head.articles, "articles")?;
        self.begin_load(head.catalog, &lines)?;
        let mut load = Load::new(lines);
        let mut attached = 0;
        while !load.is_at_end {
            let mut writer = self.writer()?;
            writer.check_running()?;
            attached += usize::from(load.batch(&mut writer, &mut work)?);
            if attached > 0 && attached % ATTACHED_MAX == 0 {
                writer.seal()?;
            }
            drop(writer);
            self.merge_if_due();
        }
        self.writer()?.reserve_ids(head.next_id)?;
        if attached > 0 {
            self.settle_down()?;
        }
        Ok(load.done)
    }

    /// Takes over the catalog, where the database is new.
    fn begin_load<R: Read>(&self, catalog: CatalogLine, lines: &Lines<R>) -> Result<()> {
        let catalog = catalog.into_catalog().map_err(|what| lines.wrong(what))?;
        let snapshot = self.snapshot();
        if *snapshot.catalog() == catalog {
            return Ok(());
        }
        if snapshot.articles() > 0 || *snapshot.catalog() != Catalog::default() {
            return Err(
                lines.wrong("the database is not empty, and this dump is not what it holds".to_owned())
            );
        }
        self.update_catalog(|own| *own = catalog)
    }
}

struct Lines<R: Read> {
    input: BufReader<zstd::Decoder<'static, BufReader<R>>>,
    number: u64,
}

impl<R: Read> Lines<R> {
    fn new(input: R) -> Result<Lines<R>> {
        let wrong = |error: std::io::Error| Error::Dump { line: 0, what: error.to_string() };
        let decoder = zstd::Decoder::new(input).map_err(wrong)?;
        Ok(Lines { input: BufReader::new(decoder), number: 0 })
    }

    fn wrong(&self, what: String) -> Error {
        Error::Dump { line: self.number, what }
    }

    fn next(&mut self) -> Result<Vec<u8>> {
        self.number += 1;
        let mut line = Vec::new();
        let limited = (&mut self.input).take(LINE_BYTES_MAX as u64).read_until(b'\n', &mut line);
        limited.map_err(|error| self.wrong(error.to_string()))?;
        match line.pop() {
            Some(b'\n') => Ok(line),
            Some(_) if line.len() + 1 >= LINE_BYTES_MAX => Err(self.wrong("it is too long".to_owned())),
            _ => Err(self.wrong("the dump is cut short".to_owned())),
        }
    }

    /// Reads to the very end, where the checksum of the whole stands.
    fn end(&mut self) -> Result<()> {
        match self.input.fill_buf().map(<[u8]>::is_empty) {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.wrong("lines follow the last one".to_owned())),
            Err(error) => Err(self.wrong(error.to_string())),
        }
    }

    fn parsed<T: DeserializeOwned>(&mut self) -> Result<T> {
        let line = self.next()?;
        serde_json::from_slice(&line).map_err(|error| self.wrong(error.to_string()))
    }

    /// Returns the next article, or at the end how many there were.
    fn article(&mut self) -> Result<Result<ArticleLine, u64>> {
        let line = self.next()?;
        // Only the last line is parsed twice.
        serde_json::from_slice(&line).map(Ok).or_else(|error| match serde_json::from_slice(&line) {
            Ok(EndLine { end }) => Ok(Err(end)),
            Err(_) => Err(self.wrong(error.to_string())),
        })
    }
}

struct Load<R: Read> {
    lines: Lines<R>,
    extractor: Extractor,
    pool: Option<rayon::ThreadPool>,
    done: Loaded,
    is_at_end: bool,
    last_id: Option<u32>,
    /// Hashes of the keys seen, since no two articles have one.
    keys: HashSet<u128>,
}

/// An article on its way in, and whether it is to be extracted.
struct Coming {
    id: ArticleId,
    article: Article,
    extracted: bool,
    /// The story that it belongs to, where the dump says so.
    story: Option<String>,
}

impl<R: Read> Load<R> {
    fn new(lines: Lines<R>) -> Load<R> {
        Load {
            lines,
            extractor: Extractor::new(),
            pool: rayon::ThreadPoolBuilder::new().build().ok(),
            done: Loaded::default(),
            is_at_end: false,
            last_id: None,
            keys: HashSet::new(),
        }
    }

    /// Loads as much as one segment takes, and tells whether it became one.
    fn batch(&mut self, writer: &mut Writer, work: &mut Work<'_>) -> Result<bool> {
        let seq = writer.next_seq();
        let limits = (writer.options.seal_changes, writer.options.seal_text_bytes);
        let first = self.chunk(writer, work)?;
        let derived = self.derive(first, seq);
        if writer.state.manifest.dictionary.is_none() {
            writer.train(&derived)?;
        }
        let (codec, mut stories) = (writer.state.codec.clone(), Stories::default());
        let mut gathered = Gathered::new(&codec);
        let mut next = derived;
        loop {
            let (pool, archive) = (self.pool.as_ref(), writer.archive()?);
            let told = on_own_thread(|| stories.settle(next, archive, pool))?;
            let (built, rejected) = on_own_thread(|| encode(told, &codec, pool))?;
            if let Some(rejection) = rejected.into_iter().next() {
                return Err(self.lines.wrong(rejection.reason.to_string()));
            }
            self.done.added += built.len() as u64;
            gathered.add(built, limits)?;
            let memory_bytes = gathered.memory_bytes() + stories.memory_bytes();
            if self.is_at_end || memory_bytes >= writer.options.import_memory_bytes {
                return writer.commit_gathered(gathered, None);
            }
            let chunk = self.chunk(writer, work)?;
            next = self.derive(chunk, seq);
        }
    }

    fn chunk(&mut self, writer: &Writer, work: &mut Work<'_>) -> Result<Vec<Coming>> {
        let (mut chunk, mut bytes) = (Vec::new(), 0);
        while bytes < CHUNK_BYTES {
            let line = match self.lines.article()? {
                Ok(line) => line,
                Err(count) => {
                    self.end(count)?;
                    break;
                }
            };
            let (id, extracted) = (ArticleId(line.id), line.extracted);
            let story = line.story.clone().filter(|story| extracted && !story.trim().is_empty());
            let article = line.into_article().map_err(|what| self.lines.wrong(what))?;
            self.check(id, &article, writer)?;
            work.advance(1)?;
            if self.is_present(id, &article, writer)? {
                self.done.present += 1;
                continue;
            }
            bytes +=
                (article.body.len() + article.title.as_ref().map_or(0, String::len)).max(ARTICLE_COST_MIN);
            chunk.push(Coming { id, article, extracted, story });
        }
        Ok(chunk)
    }

    /// Ends the load; what the dump says of itself must hold.
    fn end(&mut self, count: u64) -> Result<()> {
        self.is_at_end = true;
        let found = self.lines.number - 2;
        self.lines.end()?;
        if found == count {
            return Ok(());
        }
        Err(self.lines.wrong(format!("it counts {count} articles and {found} are there")))
    }

    /// Checks what every article of a database promises.
    fn check(&mut self, id: ArticleId, article: &Article, writer: &Writer) -> Result<()> {
        if self.last_id.is_some_and(|last| last >= id.0) {
            return Err(self.lines.wrong(format!("the id {id} does not rise")));
        }
        self.last_id = Some(id.0);
        if article.key.is_empty() || !self.keys.insert(xxhash_rust::xxh3::xxh3_128(article.key.as_bytes())) {
            return Err(self.lines.wrong(format!("the key `{}` is empty or taken", article.key)));
        }
        let mut schema = writer.state.catalog.schema.clone();
        let settled = Draft::from(article.clone()).settle(&mut schema);
        match settled {
            Ok(settled) if settled == *article && schema == writer.state.catalog.schema => Ok(()),
            Ok(_) => {
                Err(self.lines.wrong("its fields are not those that the first line declares".to_owned()))
            }
            Err(error) => Err(self.lines.wrong(error.reason.to_string())),
        }
    }

    /// Tells whether the article is there already; something else under its number or key is an error.
    fn is_present(&self, id: ArticleId, article: &Article, writer: &Writer) -> Result<bool> {
        // Articles that were deleted keep their numbers.
        if writer.state.articles == 0 && id.0 >= writer.state.next_id {
            return Ok(false);
        }
        let snapshot = writer.current.load();
        match (snapshot.get(id)?, snapshot.get_by_key(&article.key)?) {
            (None, None) if id.0 >= writer.state.next_id => Ok(false),
            (None, None) => Err(self.lines.wrong(format!("the number {id} was given away already"))),
            (Some(stored), _) if stored.article == *article => Ok(true),
            _ => Err(self
                .lines
                .wrong(format!("the database has another article {id} or key `{}`", article.key))),
        }
    }

    fn derive(&self, chunk: Vec<Coming>, seq: Seq) -> Vec<Derived> {
        let (extractor, pool) = (&self.extractor, self.pool.as_ref());
        let derive = |Coming { id, article, extracted, story }: Coming| {
            let extraction = if extracted { extractor.extract(&article) } else { given_alone(&article) };
            Derived::new(Record { id, seq, article, extraction, story }, None, Origin::default())
        };
        on_own_thread(|| on_all(chunk, pool, derive))
    }
}

impl Writer {
    /// Makes sure that numbers below `next_id` are not given away again.
    fn reserve_ids(&mut self, next_id: u32) -> Result<()> {
        self.seal()?;
        if self.state.manifest.next_id >= next_id {
            return Ok(());
        }
        self.state.next_id = next_id;
        self.replace_manifest(self.state.sealed.clone())
    }
}
