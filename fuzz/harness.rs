//! What each fuzz target does with its bytes. `fuzz_targets/` hands it bytes that libFuzzer makes; `tests/fuzz.rs` of the
//! main package hands it the seeds and small changes of them.
//!
//! A target fails by a panic: its own assertions say what must hold of any input.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use dateline::article::{Article, ArticleId, Record};
use dateline::catalog::{Catalog, Saved};
use dateline::exec::{self, LiveSegment, RunOptions, View};
use dateline::extract::{self, Extractor};
use dateline::import::{self, Format, Options, Row};
use dateline::query::ast::LANGUAGE_VERSION;
use dateline::query::{Bindings, Session, Statement, completeness, expected_at, lex, parse, resolve};
use dateline::schema::{FieldType, Schema};
use dateline::segment::{Segment, SegmentBuilder, Versions, resealed};
use dateline::store::RecordCodec;
use dateline::store::entry::Entry;
use dateline::store::files::{Files, SystemFiles};
use dateline::store::journal::{self, Journal};
use dateline::store::journal_read::{self, Position, Who};
use dateline::store::manifest::{Manifest, manifest_path};
use dateline::store::tombstones;
use dateline::text::ANALYSIS_VERSION;
use uuid::Uuid;

/// What a target does with its bytes.
pub type Target = fn(&[u8]);

/// Every target by name.
pub const TARGETS: [(&str, Target); 7] = [
    ("query", query),
    ("import", import_),
    ("extract", extract_),
    ("segment", segment),
    ("journal", journal_),
    ("manifest", manifest),
    ("record", record),
];

/// A Monday, 3 September 2018, 12:34:56 UTC.
const NOW: i64 = 1_535_978_096;

static CATALOG: LazyLock<Arc<Catalog>> = LazyLock::new(|| {
    let mut catalog = Catalog { schema: Schema::default(), ..Catalog::default() };
    for (name, field_type) in
        [("tone", FieldType::Number), ("checked", FieldType::Boolean), ("updated", FieldType::Date)]
    {
        catalog.schema.declare(name, field_type);
    }
    catalog.aliases.insert("Islamic State".to_owned(), vec!["ISIS".to_owned(), "Daesh".to_owned()]);
    for (name, text, is_condition) in [
        ("syria", "mentions place within \"Syria\"", true),
        ("round", "@round or title exists", true),
        ("weekly", "timeline by week where source = :source", false),
    ] {
        let saved = Saved { text: text.to_owned(), is_condition, language_version: LANGUAGE_VERSION };
        catalog.saved.insert(name.to_owned(), saved);
    }
    Arc::new(catalog)
});

/// Lexer, parser, printer and resolver: every text is answered, every error has its place, and what parses prints to
/// what parses to the same.
pub fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let text = text.as_ref();
    let tokens = lex::tokens(text);
    assert!(tokens.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "tokens follow each other");
    let _ = completeness(text);
    let _ = expected_at(text, text.len() / 2);
    let script = match parse(text) {
        Ok(script) => script,
        Err(errors) => {
            for error in errors {
                assert!(text.get(error.span.range()).is_some(), "{error:?} lies in the text");
                assert!(error.render(text).contains('^'));
            }
            return;
        }
    };
    let printed = script.to_string();
    assert_eq!(parse(&printed).as_ref(), Ok(&script), "{printed}");
    let session = Session { now: NOW, write: true, files: true, ..Session::default() };
    for statement in &script.statements {
        for error in resolve(statement, &CATALOG, &session, &Bindings::default()).err().unwrap_or_default() {
            assert!(text.get(error.span.range()).is_some(), "{error:?} lies in the text");
        }
        let alone = statement.to_string();
        assert_eq!(Statement::parse(&alone).as_ref(), Ok(&statement.node), "{alone}");
    }
}

/// Import: the first byte chooses a format, the rest is the file. Rows are settled, as a database would.
pub fn import_(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else { return };
    let format = Format::ALL.get(usize::from(*first) % (Format::ALL.len() + 1)).copied();
    let options = Options { format, ..Options::default() };
    let mut schema = Schema::default();
    for row in import::from_reader(Cursor::new(rest.to_vec()), "feed", &options) {
        match row {
            Row::Draft(draft) => {
                if let Ok(article) = draft.settle(&mut schema) {
                    assert!(!article.key.is_empty(), "an article has a key");
                }
            }
            Row::Rejected(rejection) => {
                assert_eq!(rejection.file.to_str(), Some("feed"), "a rejection names its file");
                assert!(!rejection.reason.to_string().is_empty(), "and says why");
            }
        }
    }
}

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(Extractor::new);

/// Extraction: the first line is the title, the rest the body. The record can be stored and read back.
pub fn extract_(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (title, body) = text.split_once('\n').unwrap_or(("", text.as_ref()));
    let record = extracted(1, title, body, None);
    let codec = RecordCodec::new(None);
    let frame = codec.encode(&record).expect("what was extracted can be stored");
    assert_eq!(codec.decode(&frame).expect("and read back"), record);
}

fn extracted(id: u32, title: &str, body: &str, date: Option<&str>) -> Record {
    let article = Article {
        key: format!("article-{id}"),
        title: Some(title.to_owned()).filter(|title| !title.is_empty()),
        body: body.to_owned(),
        date: date.map(|date| date.parse().expect("seeds have good dates")),
        source: Some(["AFP", "Reuters"][id as usize % 2].to_owned()),
        topics: vec!["war".to_owned()],
        ..Article::default()
    };
    let extraction = EXTRACTOR.extract(&article);
    Record { id: ArticleId(id), seq: u64::from(id), article, extraction, story: None }
}

/// A segment of a few articles, as bytes.
static SEGMENT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let versions =
        Versions { analysis: ANALYSIS_VERSION, stemmer: 1, gazetteer: 1, extraction: extract::VERSION };
    let mut builder = SegmentBuilder::new(versions, None);
    let codec = RecordCodec::new(None);
    let body = "DAMASCUS, Syria (Reuters) - At least 12 people were killed in Idlib on Monday, Bashar al-Assad's \
                office said.\n\n\"We want talks,\" Sergei Lavrov said. Turkish troops attacked Aleppo.";
    for (id, date) in
        [(1, Some("2018-09-03")), (2, Some("2018-09")), (3, None), (4, Some("2018-09-01T06:00Z"))]
    {
        let record = extracted(id, "Truce in Idlib", body, date);
        let encoded = codec.encode(&record).expect("seeds can be encoded");
        builder.add(&record, &encoded).expect("seeds can be added");
    }
    let mut bytes = Vec::new();
    builder.finish(Uuid::nil(), &mut bytes).expect("seeds make a segment");
    bytes
});

/// Questions that together read every section.
const QUESTIONS: &[&str] = &[
    "find * where text contains \"truce\" near \"idlib\" within 5 words order by relevance desc with snippets, score",
    "find where text contains prefix \"att\" or text contains stem \"attack\" or text contains exact \"Idlib\"",
    "find where mentions \"Assad\" and date in 2018-09 and not title contains \"x\" with total",
    "find where mentions place within \"Syria\" and quotes \"Lavrov\" saying \"talks\" and deaths > 5",
    "find where text contains all of (\"troops\", \"aleppo\") in same sentence order by words desc, source",
    "count by source, month of date where number of person >= 1 with missing",
    "top 5 person",
    "top 5 pairs of person and place in same sentence",
    "timeline by day split by source where date overlaps 2018-09",
    "average words by topic",
    "show 1 with extraction",
];

/// The segment reader: the first byte chooses a section, every five bytes change one byte of it. Whatever the bytes
/// are, questions are answered or refused.
pub fn segment(data: &[u8]) {
    let Some((section, rest)) = data.split_first() else { return };
    let change = |five: &[u8]| (u32::from_le_bytes([five[0], five[1], five[2], five[3]]), five[4]);
    let changes: Vec<(u32, u8)> = rest.chunks_exact(5).take(64).map(change).collect();
    let Some(bytes) = resealed(&SEGMENT, usize::from(*section), &changes) else { return };
    let Ok(segment) = Segment::from_bytes(bytes.into()) else { return };
    let view = View { segments: vec![LiveSegment { segment, dead: None }], catalog: Arc::clone(&CATALOG) };
    let session = Session { now: NOW, ..Session::default() };
    for question in QUESTIONS {
        let script = parse(question).expect("the questions parse");
        let resolved = resolve(&script.statements[0], &CATALOG, &session, &Bindings::default());
        let request = resolved.expect("the questions mean something").request;
        let _ = exec::answer(&request, &view, &RunOptions::default());
    }
}

/// A folder that goes away when it is dropped.
struct Scratch(PathBuf);

impl Scratch {
    /// Makes a folder for one input of a target, in memory where the system has such a place.
    fn new(name: &str) -> Scratch {
        let shared = Path::new("/dev/shm");
        let base = if shared.is_dir() { shared.to_owned() } else { std::env::temp_dir() };
        let folder = base.join(format!("dateline-fuzz-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("scratch space is writable");
        Scratch(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A panic on the way is the finding; that the folder stays then does not matter beside it.
        let _ = fs::remove_dir_all(&self.0);
    }
}

const DATABASE: Uuid = Uuid::from_u128(7);

/// The journal: the first byte says how many of the parts that follow are whole commits, the rest is what lies behind
/// them. Both kinds of reader read the file, and every commit's payload is decoded.
pub fn journal_(data: &[u8]) {
    let Some((whole, mut rest)) = data.split_first() else { return };
    let scratch = Scratch::new("journal");
    let folder = scratch.0.as_path();
    let files: Arc<dyn Files> = Arc::new(SystemFiles);
    let _ = fs::remove_file(journal::file_path(folder, 1));
    let mut writer = Journal::begin(folder, files, DATABASE, 1, false).expect("a journal begins");
    for seq in 1..=u64::from(*whole % 8) {
        let len = rest.first().map_or(0, |len| usize::from(*len)).min(rest.len());
        let (payload, behind) = rest.split_at(len);
        writer.append(seq, payload).expect("a commit is appended");
        rest = behind;
    }
    let path = journal::file_path(folder, 1);
    let end = usize::try_from(writer.end().offset).expect("journals of the fuzzer are small");
    let mut bytes = fs::read(&path).expect("the journal was just written");
    match rest.split_first() {
        // Bytes of the file itself are changed, or torn ones stand behind it.
        Some((at, change)) if at % 2 == 0 => {
            for pair in change.chunks_exact(2).take(32) {
                let at = usize::from(pair[0]) % end;
                bytes[at] = pair[1];
            }
        }
        Some((_, torn)) => bytes.extend_from_slice(torn),
        None => {}
    }
    fs::write(&path, bytes).expect("scratch space is writable");
    for who in [Who::Writer, Who::Reader] {
        if let Ok(replay) = journal_read::read(folder, DATABASE, Position::start_of(1), who) {
            for frame in replay.frames {
                if let Ok(entry) = Entry::decode(&frame.payload) {
                    assert_eq!(Entry::decode(&entry.encode()).ok(), Some(entry), "an entry survives");
                }
            }
        }
    }
    let _ = Entry::decode(data);
}

/// MANIFEST and tombstones: bytes as they are, and JSON behind a right checksum.
pub fn manifest(data: &[u8]) {
    let scratch = Scratch::new("manifest");
    let folder = scratch.0.as_path();
    let path = manifest_path(folder);
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(format!("dateline manifest 1 {}\n", data.len()).as_bytes());
    checksum.update(data);
    let mut sealed = format!("dateline manifest 1 {:08x} {}\n", checksum.finalize(), data.len()).into_bytes();
    sealed.extend_from_slice(data);
    for bytes in [data, &sealed] {
        fs::write(&path, bytes).expect("scratch space is writable");
        if let Ok(manifest) = Manifest::read(folder) {
            manifest.publish(&SystemFiles, folder).expect("scratch space is writable");
            assert_eq!(Manifest::read(folder).expect("it was just written"), manifest);
        }
    }
    let _ = tombstones::decode(&path, 1, data);
}

/// The record codec: bytes as they are, and a payload behind a right header. What decodes encodes to what decodes to
/// the same.
pub fn record(data: &[u8]) {
    let codec = RecordCodec::new(None);
    let _ = codec.decode(data);
    let Some((head, payload)) = data.split_at_checked(2) else { return };
    let plain_bytes = u32::try_from(payload.len()).expect("inputs are small");
    let mut frame = vec![1 + head[0] % 2, head[1] % 4];
    frame.extend(0_u32.to_le_bytes());
    frame.extend(plain_bytes.to_le_bytes());
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&frame);
    checksum.update(payload);
    frame.extend(checksum.finalize().to_le_bytes());
    frame.extend_from_slice(payload);
    if let Ok(record) = codec.decode(&frame) {
        let again = codec.encode(&record).expect("what was decoded can be encoded");
        assert_eq!(codec.decode(&again).expect("and decoded"), record);
    }
}
