//! Bytes of a record, as journal, sled and segments keep them alike.
//!
//! ```text
//! offset  size  content
//!      0     1  format version, 1 to 3
//!      1     1  flags: bit 0 the payload is a zstd frame, bit 1 it needs the dictionary
//!      2     4  number of the dictionary, little-endian; 0 without one
//!      6     4  length of the plain payload in bytes, little-endian
//!     10     4  CRC-32 of bytes 0 to 10 and of the payload as stored, little-endian
//!     14        payload: bincode of the frozen `RecordV1`, `RecordV2` or `RecordV3`
//! ```
//!
//! A record is written in the lowest version that holds all of it. Every version keeps this header. The same bytes serve
//! everywhere, so an article is compressed once and a merge copies it.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use zstd::zstd_safe::{CCtx, CDict, DCtx, DDict, SafeResult, compress_bound, get_error_name};

use super::error::StoreError;
use super::record_v1::RecordV1;
use super::record_v2::RecordV2;
use super::record_v3::RecordV3;
use crate::article::Record;

/// Latest version of the record format.
pub const RECORD_VERSION: u8 = 3;

/// Largest record before compression, in bytes (64 MiB): an article of the largest size with its extraction.
pub const RECORD_BYTES_MAX: usize = 64 << 20;

/// Largest dictionary, in bytes (112 KiB, what zstd's own trainer aims at).
pub const DICTIONARY_BYTES_MAX: usize = 112 << 10;

/// Compression level of articles: on news level 9 saves a twelfth of the space of level 3 at thrice the time.
const LEVEL: i32 = 3;

/// Length of everything before the payload, in bytes.
const HEADER_BYTES: usize = 14;

/// What the decoder may claim while it reads: every claim is at most eight times the bytes that it is read from.
const CLAIM_BYTES_MAX: usize = RECORD_BYTES_MAX * 8;

const COMPRESSED: u8 = 1;
const WITH_DICTIONARY: u8 = 2;

thread_local! {
    /// Contexts of zstd are costly to make and cheap to use again.
    static CONTEXTS: RefCell<(CCtx<'static>, DCtx<'static>)> = RefCell::new((CCtx::create(), DCtx::create()));
}

/// A dictionary of zstd that an archive's articles are compressed with.
///
/// It is trained once and never changes; its number is a checksum of its bytes.
pub struct Dictionary {
    id: u32,
    bytes: Vec<u8>,
    /// Made when the first record is compressed: readers never need it, and it takes five times the dictionary.
    compress: OnceLock<CDict<'static>>,
    decompress: DDict<'static>,
}

impl std::fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dictionary").field("id", &self.id).field("bytes", &self.bytes.len()).finish()
    }
}

impl Dictionary {
    /// Returns the dictionary of these stored bytes; `None` where they are none or more than
    /// [`DICTIONARY_BYTES_MAX`].
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Dictionary> {
        if bytes.is_empty() || bytes.len() > DICTIONARY_BYTES_MAX {
            return None;
        }
        let decompress = DDict::try_create(&bytes)?;
        Some(Dictionary { id: crc32fast::hash(&bytes).max(1), bytes, compress: OnceLock::new(), decompress })
    }

    /// Trains a dictionary on samples; `None` where they are too few or too alike for one to help.
    pub fn train<S: AsRef<[u8]>>(samples: &[S]) -> Option<Dictionary> {
        let bytes = zstd::dict::from_samples(samples, DICTIONARY_BYTES_MAX).ok()?;
        Dictionary::from_bytes(bytes)
    }

    /// Trains a dictionary on records as they are stored.
    ///
    /// # Errors
    ///
    /// [`StoreError::RecordTooLarge`] past [`RECORD_BYTES_MAX`].
    pub fn train_on<'r>(records: impl Iterator<Item = &'r Record>) -> Result<Option<Dictionary>, StoreError> {
        let samples = records.map(plain_bytes).collect::<Result<Vec<_>, _>>()?;
        Ok(Dictionary::train(&samples))
    }

    /// Returns the number that frames name it by; never 0.
    pub fn id(&self) -> u32 {
        self.id
    }

    fn compressor(&self) -> &CDict<'static> {
        self.compress.get_or_init(|| CDict::create(&self.bytes, LEVEL))
    }

    /// Returns the bytes to store.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Turns records into bytes and back, with the archive's dictionary where it has one.
#[derive(Debug, Clone, Default)]
pub struct RecordCodec {
    dictionary: Option<Arc<Dictionary>>,
}

/// Verifies the checksum of an encoded record, without decoding it.
///
/// # Errors
///
/// [`StoreError::RecordDamaged`], and [`StoreError::RecordVersion`] where a later version wrote it.
pub fn verify_record(frame: &[u8]) -> Result<(), StoreError> {
    Header::read(frame).map(drop)
}

/// Returns the size that a frame has before compression, in bytes; 0 where it is none.
pub fn plain_length(frame: &[u8]) -> usize {
    Header::read(frame).map_or(0, |(header, _)| header.plain_bytes as usize)
}

impl RecordCodec {
    /// Returns a codec with this dictionary; without one, records are compressed alone.
    pub fn new(dictionary: Option<Arc<Dictionary>>) -> RecordCodec {
        RecordCodec { dictionary }
    }

    /// Returns the dictionary.
    pub fn dictionary(&self) -> Option<&Arc<Dictionary>> {
        self.dictionary.as_ref()
    }

    /// Returns the bytes of a record.
    ///
    /// # Errors
    ///
    /// [`StoreError::RecordTooLarge`] past [`RECORD_BYTES_MAX`].
    pub fn encode(&self, record: &Record) -> Result<Vec<u8>, StoreError> {
        let plain = plain_bytes(record)?;
        let mut frame = vec![0; HEADER_BYTES];
        let flags = self.compress_after(&mut frame, &plain);
        let dictionary = if flags & WITH_DICTIONARY == 0 { 0 } else { self.dictionary_id() };
        let version = version_of(record);
        let header = Header { version, flags, dictionary, plain_bytes: length(&plain)? };
        header.write_to(&mut frame);
        Ok(frame)
    }

    /// Returns the record of these bytes.
    ///
    /// # Errors
    ///
    /// [`StoreError::RecordDamaged`] where the bytes are not what [`RecordCodec::encode`] wrote;
    /// [`StoreError::RecordVersion`] where a later version wrote them; [`StoreError::DictionaryMissing`] where they
    /// need another dictionary than this codec's.
    pub fn decode(&self, frame: &[u8]) -> Result<Record, StoreError> {
        let (header, payload) = Header::read(frame)?;
        if header.flags & COMPRESSED == 0 {
            return decode_plain(payload, &header);
        }
        let plain = self.decompress(&header, payload)?;
        decode_plain(&plain, &header)
    }

    fn dictionary_id(&self) -> u32 {
        self.dictionary.as_ref().map_or(0, |dictionary| dictionary.id)
    }

    /// Appends the payload to `frame`, compressed where that is shorter, and returns its flags.
    fn compress_after(&self, frame: &mut Vec<u8>, plain: &[u8]) -> u8 {
        let mut room = Vec::with_capacity(compress_bound(plain.len()));
        let compressed = CONTEXTS.with_borrow_mut(|(context, _)| match &self.dictionary {
            Some(dictionary) => context.compress_using_cdict(&mut room, plain, dictionary.compressor()),
            None => context.compress(&mut room, plain, LEVEL),
        });
        if compressed.is_err() || room.len() >= plain.len() {
            frame.extend_from_slice(plain);
            return 0;
        }
        frame.extend_from_slice(&room);
        if self.dictionary.is_some() { COMPRESSED | WITH_DICTIONARY } else { COMPRESSED }
    }

    fn decompress(&self, header: &Header, payload: &[u8]) -> Result<Vec<u8>, StoreError> {
        let dictionary = self.dictionary_of(header)?;
        let mut plain = Vec::with_capacity(header.plain_bytes as usize);
        let done: SafeResult = CONTEXTS.with_borrow_mut(|(_, context)| match dictionary {
            Some(dictionary) => context.decompress_using_ddict(&mut plain, payload, &dictionary.decompress),
            None => context.decompress(&mut plain, payload),
        });
        match done {
            Ok(_) => Ok(plain),
            Err(code) => Err(StoreError::RecordDamaged { what: get_error_name(code) }),
        }
    }

    fn dictionary_of(&self, header: &Header) -> Result<Option<&Dictionary>, StoreError> {
        if header.flags & WITH_DICTIONARY == 0 {
            return Ok(None);
        }
        let missing =
            StoreError::DictionaryMissing { wanted: header.dictionary, present: self.dictionary_id() };
        match &self.dictionary {
            Some(dictionary) if dictionary.id == header.dictionary => Ok(Some(dictionary)),
            _ => Err(missing),
        }
    }
}

struct Header {
    version: u8,
    flags: u8,
    dictionary: u32,
    plain_bytes: u32,
}

impl Header {
    /// Fills the room for the header in front of the payload of `frame`.
    fn write_to(&self, frame: &mut [u8]) {
        let mut head = [0; HEADER_BYTES - 4];
        for (slot, byte) in head.iter_mut().zip(self.bytes()) {
            *slot = byte;
        }
        let payload = frame.get(HEADER_BYTES..).unwrap_or_default();
        let checksum = checksum(&head, payload).to_le_bytes();
        for (slot, byte) in frame.iter_mut().zip(head.into_iter().chain(checksum)) {
            *slot = byte;
        }
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        let numbers = self.dictionary.to_le_bytes().into_iter().chain(self.plain_bytes.to_le_bytes());
        [self.version, self.flags].into_iter().chain(numbers)
    }

    fn read(frame: &[u8]) -> Result<(Header, &[u8]), StoreError> {
        let short = StoreError::RecordDamaged { what: "it is shorter than its header" };
        let (head, payload) = frame.split_at_checked(HEADER_BYTES).ok_or(short)?;
        let &[version, flags, d0, d1, d2, d3, p0, p1, p2, p3, c0, c1, c2, c3] = head else {
            return Err(StoreError::RecordDamaged { what: "it is shorter than its header" });
        };
        let summed = head.get(..HEADER_BYTES - 4).unwrap_or_default();
        if checksum(summed, payload) != u32::from_le_bytes([c0, c1, c2, c3]) {
            return Err(StoreError::RecordDamaged { what: "its checksum does not match" });
        }
        if version > RECORD_VERSION {
            return Err(StoreError::RecordVersion { found: version, known: RECORD_VERSION });
        }
        let dictionary = u32::from_le_bytes([d0, d1, d2, d3]);
        let header = Header { version, flags, dictionary, plain_bytes: u32::from_le_bytes([p0, p1, p2, p3]) };
        header.check().map(|()| (header, payload))
    }

    fn check(&self) -> Result<(), StoreError> {
        let what = match self {
            Header { version: 0, .. } => "its version is 0",
            Header { flags, .. } if flags & !(COMPRESSED | WITH_DICTIONARY) != 0 => "it has unknown flags",
            Header { plain_bytes, .. } if *plain_bytes as usize > RECORD_BYTES_MAX => {
                "it claims too large a size"
            }
            _ => return Ok(()),
        };
        Err(StoreError::RecordDamaged { what })
    }
}

fn checksum(head: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(head);
    hasher.update(payload);
    hasher.finalize()
}

/// Returns the lowest version that holds all of a record.
fn version_of(record: &Record) -> u8 {
    match record.story {
        Some(_) => 3,
        None if record.article.given.is_curated() => 2,
        None => 1,
    }
}

fn plain_bytes(record: &Record) -> Result<Vec<u8>, StoreError> {
    let config = bincode::config::standard();
    let plain = match version_of(record) {
        1 => bincode::serde::encode_to_vec(RecordV1::from(record), config),
        2 => bincode::serde::encode_to_vec(RecordV2::from(record), config),
        _ => bincode::serde::encode_to_vec(RecordV3::from(record), config),
    };
    let plain = plain.map_err(|_| StoreError::RecordDamaged { what: "it cannot be encoded" })?;
    match plain.len() {
        bytes if bytes > RECORD_BYTES_MAX => Err(StoreError::RecordTooLarge { bytes }),
        _ => Ok(plain),
    }
}

fn length(plain: &[u8]) -> Result<u32, StoreError> {
    u32::try_from(plain.len()).map_err(|_| StoreError::RecordTooLarge { bytes: plain.len() })
}

/// Decodes the payload and checks that all of its bytes were used.
fn decode_plain(plain: &[u8], header: &Header) -> Result<Record, StoreError> {
    let damaged = |what| StoreError::RecordDamaged { what };
    if plain.len() != header.plain_bytes as usize {
        return Err(damaged("it is not as long as it says"));
    }
    match header.version {
        1 => decode_whole::<RecordV1<'_>>(plain),
        2 => decode_whole::<RecordV2<'_>>(plain),
        _ => decode_whole::<RecordV3<'_>>(plain),
    }
}

fn decode_whole<'p, T>(plain: &'p [u8]) -> Result<Record, StoreError>
where
    T: serde::Deserialize<'p>,
    Record: TryFrom<T, Error = &'static str>,
{
    let damaged = |what| StoreError::RecordDamaged { what };
    let config = bincode::config::standard().with_limit::<CLAIM_BYTES_MAX>();
    let (stored, used): (T, usize) = bincode::serde::borrow_decode_from_slice(plain, config)
        .map_err(|_| damaged("its parts do not decode"))?;
    if used != plain.len() {
        return Err(damaged("bytes are left over behind it"));
    }
    Record::try_from(stored).map_err(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{
        Article, ArticleId, Bound, Category, Certainty, Country, DateExpression, Dateline, DayRange, Demonym,
        Entity, EntityKind, Extraction, Figure, Given, Quote, Speaker,
    };
    use crate::date::{Date, Offset, Precision};
    use crate::schema::Builtin;
    use crate::text::Span;
    use crate::value::{Number, Value};
    use proptest::prelude::*;

    const SPAN: Span = Span { start: 3, end: 70_000 };

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn texts(text: &str) -> Vec<String> {
        vec![text.to_owned(), "Čáslav".to_owned()]
    }

    /// A record with a value in every field.
    fn full() -> Record {
        Record { id: ArticleId(17), seq: 300, article: article(), extraction: extraction(), story: None }
    }

    /// A record with something put right by hand.
    fn curated() -> Record {
        let mut record = full();
        record.article.given.remove(Builtin::Person, "May");
        record.article.given.set(Builtin::Org, vec!["UN".into()]);
        record
    }

    fn article() -> Article {
        let values = vec![
            Value::from("red"),
            Value::from(-4),
            Value::Number(Number::Decimal(2.5)),
            Value::from(true),
            Value::Date(Date::ym(2018, 9).unwrap()),
        ];
        let given = Given {
            authors: texts("A"),
            people: texts("P"),
            places: texts("L"),
            orgs: texts("O"),
            countries: texts("SY"),
            agencies: texts("AFP"),
            dateline: text("DAMASCUS, Sept 3"),
            ..Given::default()
        };
        let zone = Offset::from_minutes(180).unwrap();
        Article {
            key: "reuters-0012".into(),
            title: text("Title"),
            body: "Body of the story. ".repeat(30),
            date: Some(Date::instant(1_535_980_000, zone, Precision::Second).unwrap()),
            added: Some(Date::week(2020, 53).unwrap()),
            source: text("AFP"),
            url: text("https://example.org/a"),
            section: text("World"),
            lang: text("en"),
            given,
            topics: texts("war"),
            fields: [("tone".to_owned(), values)].into(),
        }
    }

    fn extraction() -> Extraction {
        let (speaker_name, figure_unit) = ("Zarif".into(), "USD".into());
        let certainty = Certainty::Given;
        let speaker = Speaker { name: speaker_name, entity: Some(0), span: Some(SPAN), certainty };
        let (category, bound, value) = (Category::Money, Bound::AtLeast, Number::Whole(100));
        Extraction {
            version: 7,
            lede: Some(SPAN),
            dateline: Some(Dateline { place: "Damascus".into(), span: SPAN, country: Country::new("SY") }),
            byline: texts("B"),
            agencies: texts("Reuters"),
            date: Some(Date::ymd(2018, 9, 3).unwrap()),
            lang: text("en"),
            entities: vec![entity()],
            demonyms: vec![Demonym { span: SPAN, country: Country::new("IR").unwrap() }],
            quotes: vec![Quote { span: SPAN, speaker: Some(speaker) }, Quote { span: SPAN, speaker: None }],
            dates: vec![DateExpression { span: SPAN, days: Some(DayRange { from: -3, to: 4 }) }],
            figures: vec![Figure { span: SPAN, category, bound, value, unit: figure_unit }],
            keywords: texts("siege"),
            focus: Some(0),
        }
    }

    fn entity() -> Entity {
        Entity {
            name: "Idlib".into(),
            kind: EntityKind::Place,
            variants: texts("Edlib"),
            titles: texts("province"),
            country: Country::new("SY"),
            within: texts("north"),
            mentions: vec![SPAN, Span { start: 1, end: 2 }],
            salience: 0.5,
            certainty: Certainty::High,
        }
    }

    fn dictionary() -> Arc<Dictionary> {
        let samples: Vec<Vec<u8>> = (0..200)
            .map(|n| {
                let body = format!("Article {n} about Idlib, province of Syria. ").repeat(n % 9 + 3);
                plain_bytes(&Record { article: Article { body, ..full().article }, ..full() }).unwrap()
            })
            .collect();
        Arc::new(Dictionary::train(&samples).unwrap())
    }

    fn codecs() -> [RecordCodec; 2] {
        [RecordCodec::default(), RecordCodec::new(Some(dictionary()))]
    }

    #[test]
    fn every_field_survives() {
        for codec in codecs() {
            assert_eq!(codec.decode(&codec.encode(&full()).unwrap()).unwrap(), full());
        }
    }

    /// Returns what a frame holds before compression.
    fn plain_of(frame: &[u8]) -> Vec<u8> {
        let (header, payload) = Header::read(frame).unwrap();
        match header.flags & COMPRESSED {
            0 => payload.to_vec(),
            _ => RecordCodec::default().decompress(&header, payload).unwrap(),
        }
    }

    #[test]
    fn the_first_version_stays_as_it_is() {
        let stored = include_bytes!("fixtures/record-v1.bin");
        assert_eq!(RecordCodec::default().decode(stored).unwrap(), full());
        assert_eq!(plain_of(stored), plain_bytes(&full()).unwrap(), "what changed belongs to a new version");
    }

    #[test]
    fn what_was_put_right_makes_a_record_of_the_second_version() {
        let record = curated();
        for codec in codecs() {
            let frame = codec.encode(&record).unwrap();
            assert_eq!(frame[0], 2);
            assert_eq!(codec.decode(&frame).unwrap(), record);
        }
        assert_eq!(RecordCodec::default().encode(&full()).unwrap()[0], 1);
    }

    #[test]
    fn the_second_version_stays_as_it_is() {
        let stored = include_bytes!("fixtures/record-v2.bin");
        assert_eq!(RecordCodec::default().decode(stored).unwrap(), curated());
        assert_eq!(
            plain_of(stored),
            plain_bytes(&curated()).unwrap(),
            "what changed belongs to a new version"
        );
    }

    /// A record with something put right by hand, in another article's story.
    fn told() -> Record {
        Record { story: Some("9.4".into()), ..curated() }
    }

    #[test]
    fn a_story_makes_a_record_of_the_third_version() {
        let own = Record { story: Some("17".into()), ..full() };
        for record in [own.clone(), told(), Record { story: Some("17".into()), ..curated() }] {
            for codec in codecs() {
                let frame = codec.encode(&record).unwrap();
                assert_eq!(frame[0], 3);
                assert_eq!(codec.decode(&frame).unwrap(), record);
            }
        }
        let bytes = |record: &Record| plain_bytes(record).unwrap().len();
        assert!(bytes(&own) <= bytes(&full()) + 3, "a story of one costs next to nothing");
    }

    #[test]
    fn the_third_version_stays_as_it_is() {
        let stored = include_bytes!("fixtures/record-v3.bin");
        assert_eq!(RecordCodec::default().decode(stored).unwrap(), told());
        assert_eq!(plain_of(stored), plain_bytes(&told()).unwrap(), "what changed belongs to a new version");
    }

    #[test]
    fn a_dictionary_helps_and_is_asked_for_by_number() {
        let [alone, with] = codecs();
        let frame = with.encode(&full()).unwrap();
        assert!(frame.len() < alone.encode(&full()).unwrap().len());
        let error = alone.decode(&frame).unwrap_err();
        assert!(matches!(error, StoreError::DictionaryMissing { present: 0, .. }) && error.is_damage());
        assert_eq!(with.decode(&alone.encode(&full()).unwrap()).unwrap(), full());
        let bytes = with.dictionary().unwrap().bytes().to_vec();
        assert_eq!(Dictionary::from_bytes(bytes).unwrap().id(), with.dictionary().unwrap().id());
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_an_error() {
        for codec in codecs() {
            let frame = codec.encode(&full()).unwrap();
            for cut in 0..frame.len() {
                assert!(codec.decode(&frame[..cut]).is_err(), "cut at {cut}");
            }
            for bit in 0..frame.len() * 8 {
                let mut flipped = frame.clone();
                flipped[bit / 8] ^= 1 << (bit % 8);
                assert!(codec.decode(&flipped).unwrap_err().is_damage(), "bit {bit}");
            }
        }
    }

    /// Frames whose checksum holds and whose content does not.
    #[test]
    fn hostile_payloads_are_errors() {
        let plain = plain_bytes(&full()).unwrap();
        let framed = |payload: &[u8], flags: u8, plain_bytes: u32, version: u8| {
            let mut frame = [&[0; HEADER_BYTES][..], payload].concat();
            Header { version, flags, dictionary: 0, plain_bytes }.write_to(&mut frame);
            RecordCodec::default().decode(&frame)
        };
        let length = plain.len() as u32;
        assert_eq!(framed(&plain, 0, length, 1).unwrap(), full());
        assert!(framed(&plain, 0, length + 1, 1).is_err());
        assert!(framed(&plain, 4, length, 1).is_err());
        assert!(framed(&plain, COMPRESSED, length, 1).is_err());
        assert!(framed(&plain, 0, length, 0).is_err());
        assert!(matches!(framed(&plain, 0, length, 4), Err(StoreError::RecordVersion { found: 4, .. })));
        assert!(framed(&[&plain[..], b"x"].concat(), 0, length + 1, 1).is_err());
        assert!(framed(&[0; 10], COMPRESSED, u32::MAX, 1).is_err());
        for bit in 0..plain.len() * 8 {
            let mut flipped = plain.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // Another text is another record; what must not happen is a panic or an endless allocation.
            let _ = framed(&flipped, 0, length, 1).is_ok();
        }
    }

    proptest! {
        #[test]
        fn decode_returns_what_was_encoded(
            id: u32, seq: u64, key: String, title: Option<String>, body: String, topics: Vec<String>,
            numbers in prop::collection::vec(any::<i64>(), 1..5), lede: Option<(u32, u32)>, salience in 0f32..1f32,
            story: Option<String>,
        ) {
            let mut record = full();
            record.id = ArticleId(id);
            record.seq = seq;
            record.story = story;
            record.article = Article { key, title, body, topics, ..record.article };
            record.article.fields.insert("n".into(), numbers.into_iter().map(Value::from).collect());
            record.extraction.lede = lede.map(|(start, end)| Span { start, end });
            record.extraction.entities[0].salience = salience;
            let codec = RecordCodec::default();
            prop_assert_eq!(codec.decode(&codec.encode(&record).unwrap()).unwrap(), record);
        }

        #[test]
        fn noise_is_an_error(noise: Vec<u8>) {
            prop_assert!(RecordCodec::default().decode(&noise).is_err());
        }
    }
}
