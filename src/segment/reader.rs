//! An open segment: the door to its sections.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::bytes::Input;
use super::columns::{BooleanColumn, DateColumn, Dates, Lengths, NumberColumn};
use super::entities::Entities;
use super::error::{Place, SegmentError};
use super::figures::{self, Figures};
use super::format::{Kind, Versions, Written};
use super::image::Image;
use super::ints::Ints;
use super::keyword::{KeywordField, field_of, section_name};
use super::lookup::{Identities, key_hash};
use super::map::Mapping;
use super::names::{NameWords, Names, SPEAKERS};
use super::postings::Postings;
use super::quotes::Quotes;
use super::structure::Structure;
use super::terms::Terms;
use super::values::Values;
use crate::article::{Category, Country, EntityKind, Record};
use crate::query::DateTest;
use crate::schema::{Builtin, FieldName};
use crate::store::{Dictionary, RecordCodec, StoreError, verify_record};

/// An open segment; cheap to clone, and shared between threads.
///
/// Views borrow from it. Opening a view verifies the checksums of the pages that it will touch, each page once in the
/// life of the segment, so that the inner loops of cursors need not fail. Where a check inside such a loop fails all the
/// same, the cursor ends and [`Segment::intact`] tells: a query asks it before it answers.
///
/// Every method that returns a [`SegmentError`] returns [`SegmentError::Damaged`] where bytes of the file are not what
/// was written.
#[derive(Clone)]
pub struct Segment {
    inner: Arc<Inner>,
}

struct Inner {
    image: Image,
    codec: OnceLock<RecordCodec>,
}

impl Segment {
    /// Maps a segment's file and reads its table of contents; nothing else is touched.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Io`] where the file cannot be opened, [`SegmentError::Version`] where a later version wrote it,
    /// [`SegmentError::Damaged`] where it is no segment.
    pub fn open_file(path: &Path) -> Result<Segment, SegmentError> {
        let io = |source| SegmentError::Io { action: "open", path: path.to_owned(), source };
        Segment::of(path.to_owned(), Mapping::open(path).map_err(io)?)
    }

    /// Opens a segment that lies in memory.
    ///
    /// # Errors
    ///
    /// As [`Segment::open_file`].
    pub fn from_bytes(bytes: Arc<[u8]>) -> Result<Segment, SegmentError> {
        Segment::of(PathBuf::from("in memory"), Mapping::Memory(bytes))
    }

    fn of(path: PathBuf, mapping: Mapping) -> Result<Segment, SegmentError> {
        let image = Image::new(path, mapping)?;
        Ok(Segment { inner: Arc::new(Inner { image, codec: OnceLock::new() }) })
    }

    pub(super) fn image(&self) -> &Image {
        &self.inner.image
    }

    /// Returns the path of the segment's file; a placeholder for one in memory.
    pub fn path(&self) -> &Path {
        self.image().path()
    }

    /// Returns length, uuid, checksum and number of articles, as the manifest knows them.
    pub fn identity(&self) -> Written {
        let footer = self.image().footer();
        Written {
            bytes: self.image().bytes(),
            uuid: footer.uuid,
            checksum: self.image().footer_checksum(),
            articles: footer.articles,
        }
    }

    /// Returns the versions that it was written with.
    pub fn versions(&self) -> Versions {
        self.image().footer().versions
    }

    /// Returns the number of articles; ordinals run from 0 to it.
    pub fn articles(&self) -> u32 {
        self.image().footer().articles
    }

    /// Lists the sections with their sizes in bytes.
    pub fn sections(&self) -> Vec<(String, u64)> {
        self.image().footer().entries.iter().map(|entry| (entry.to_string(), entry.length)).collect()
    }

    /// Fails where a cursor has met damage since the segment was opened.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] for the first damage met.
    pub fn intact(&self) -> Result<(), SegmentError> {
        self.image().intact()
    }

    /// Verifies the checksum of every page and of every stored article; for `check`.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] for the first damage found.
    pub fn verify(&self) -> Result<(), SegmentError> {
        self.image().verify_all()?;
        (0..self.articles()).try_for_each(|ordinal| self.record(ordinal).map(|_| ()))
    }

    /// Returns the first section in which the bytes of two segments differ; `None` where all are the same.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`] where either does not read.
    pub fn difference(&self, other: &Segment) -> Result<Option<String>, SegmentError> {
        let (own, others) = (&self.image().footer().entries, &other.image().footer().entries);
        for entry in others.iter().chain(own) {
            let bytes = |segment: &Segment| {
                segment
                    .image()
                    .section(entry.kind, &entry.name)
                    .map(|section| section.all().map(<[u8]>::to_vec))
                    .transpose()
            };
            if bytes(self)? != bytes(other)? {
                return Ok(Some(entry.to_string()));
            }
        }
        let is_same = self.identity() == other.identity();
        Ok((!is_same).then(|| "table of contents".to_owned()))
    }

    /// Returns the ids and versions of the articles.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`], as for every method below.
    pub fn identities(&self) -> Result<Identities<'_>, SegmentError> {
        Identities::open(self.image().required(Kind::Lookup)?)
    }

    /// Returns the version that extracted each article, by ordinal; 0 where none did.
    pub fn extractors(&self) -> Result<Vec<u32>, SegmentError> {
        let identities = self.identities()?;
        let of = |ordinal| match identities.extractor(ordinal) {
            Some(version) => Ok(version),
            None => Ok(self.record(ordinal)?.extraction.version),
        };
        (0..self.articles()).map(of).collect()
    }

    /// Returns the ordinals of the versions of this key, rising; usually none or one.
    pub fn ordinals_of_key(&self, key: &str) -> Result<Vec<u32>, SegmentError> {
        let candidates = self.identities()?.ordinals_of_hash(key_hash(key));
        if candidates.is_empty() {
            return Ok(candidates);
        }
        let keys = self.keyword(&FieldName::Builtin(Builtin::Key))?;
        let keys = keys.ok_or_else(|| self.missing("the keys of its articles are missing"))?;
        let mut ordinals = Vec::new();
        for ordinal in candidates {
            for number in keys.values(ordinal) {
                if keys.value(number)?.spelling == key {
                    ordinals.push(ordinal);
                }
            }
        }
        Ok(ordinals)
    }

    fn missing(&self, what: &'static str) -> SegmentError {
        match self.image().required(Kind::Lookup) {
            Ok(section) => section.damaged(what),
            Err(error) => error,
        }
    }

    /// Returns the encoded record of an article, its checksum verified.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`]: what is copied from here must not carry damage on.
    pub fn encoded(&self, ordinal: u32) -> Result<Vec<u8>, SegmentError> {
        let bytes = self.stored(ordinal)?;
        verify_record(&bytes).map_err(|error| self.wrong_record(ordinal, error))?;
        Ok(bytes)
    }

    /// Returns the bytes of an article, read past the mapping and so past the checksums of its pages.
    fn stored(&self, ordinal: u32) -> Result<Vec<u8>, SegmentError> {
        let section = self.image().required(Kind::ArticleOffsets)?;
        let starts = Ints::read(&mut Input::new(section.all()?));
        let starts = starts.ok_or_else(|| section.damaged("the starts of articles do not decode"))?;
        let at = ordinal as usize;
        let bounds = starts.get(at).zip(starts.get(at + 1));
        let place =
            bounds.and_then(|(start, stop)| Some((start, usize::try_from(stop.checked_sub(start)?).ok()?)));
        let (start, len) = place.ok_or_else(|| section.damaged("it has no article of this ordinal"))?;
        self.image().required(Kind::Articles)?.read(start, len)
    }

    /// Returns the record of an article.
    ///
    /// # Errors
    ///
    /// [`SegmentError::Damaged`]; [`SegmentError::Record`] where its bytes are of a later version, or want another
    /// dictionary.
    pub fn record(&self, ordinal: u32) -> Result<Record, SegmentError> {
        self.record_with_bytes(ordinal).map(|(record, _)| record)
    }

    /// Returns the record of an article, and what it is encoded as.
    ///
    /// # Errors
    ///
    /// Those of [`Segment::record`].
    pub fn record_with_bytes(&self, ordinal: u32) -> Result<(Record, Vec<u8>), SegmentError> {
        let bytes = self.stored(ordinal)?;
        let record = self.codec()?.decode(&bytes).map_err(|error| self.wrong_record(ordinal, error))?;
        Ok((record, bytes))
    }

    fn wrong_record(&self, ordinal: u32, error: StoreError) -> SegmentError {
        let path = self.path().to_owned();
        match error {
            StoreError::RecordDamaged { what } => {
                let section = format!("{}, article {ordinal}", Kind::Articles.name());
                SegmentError::Damaged { path, place: Place { section, page: None }, what }
            }
            error => SegmentError::Record { path, ordinal, source: Box::new(error) },
        }
    }

    /// Returns the dictionary that records were compressed with.
    pub fn dictionary(&self) -> Result<Option<Arc<Dictionary>>, SegmentError> {
        Ok(self.codec()?.dictionary().cloned())
    }

    pub(super) fn codec(&self) -> Result<&RecordCodec, SegmentError> {
        if let Some(codec) = self.inner.codec.get() {
            return Ok(codec);
        }
        let dictionary = match self.image().section(Kind::Dictionary, &[]) {
            None => None,
            Some(section) => {
                let read = Dictionary::from_bytes(section.all()?.to_vec());
                Some(Arc::new(read.ok_or_else(|| section.damaged("it is not a dictionary"))?))
            }
        };
        Ok(self.inner.codec.get_or_init(|| RecordCodec::new(dictionary)))
    }

    /// Returns the ordinals whose `date` passes, as rising, disjoint ranges that do not touch: one for most tests.
    pub fn date_ordinals(&self, test: &DateTest) -> Result<Vec<Range<u32>>, SegmentError> {
        Ok(self.dates()?.ordinals(test))
    }

    /// Returns the sorted column of the `date` field.
    pub fn dates(&self) -> Result<Dates<'_>, SegmentError> {
        Dates::open(self.image())
    }

    /// Returns the column of a date field, `date` and `added` too; `None` where no article has it.
    pub fn date_column(&self, field: &FieldName) -> Result<Option<DateColumn<'_>>, SegmentError> {
        let Some(section) = self.image().section(Kind::Dates, &section_name(field)) else { return Ok(None) };
        let [column, _runs] = section.parts()?;
        DateColumn::open(column).map(Some)
    }

    /// Returns the column of a number field: `id`, `words`, figures by the numbers they name, declared ones; `None`
    /// where no article has it.
    pub fn number_column(&self, field: &FieldName) -> Result<Option<NumberColumn<'_>>, SegmentError> {
        match field {
            FieldName::Builtin(Builtin::Id) => Ok(Some(NumberColumn::natural(self.identities()?.ids()))),
            FieldName::Builtin(Builtin::Words) => Ok(Some(NumberColumn::natural(self.lengths()?.bodies()))),
            field => {
                self.image().section(Kind::Numbers, &section_name(field)).map(NumberColumn::open).transpose()
            }
        }
    }

    /// Returns the column of a boolean field; `None` where no article has it.
    pub fn boolean_column(&self, field: &FieldName) -> Result<Option<BooleanColumn<'_>>, SegmentError> {
        self.image().section(Kind::Booleans, &section_name(field)).map(BooleanColumn::open).transpose()
    }

    /// Returns how many words each article's parts have.
    pub fn lengths(&self) -> Result<Lengths<'_>, SegmentError> {
        Lengths::open(self.image().required(Kind::Lengths)?)
    }

    /// Returns where the sentences and paragraphs of each article start.
    pub fn structure(&self) -> Result<Structure<'_>, SegmentError> {
        Structure::open(self.image().required(Kind::Structure)?)
    }

    /// Returns the articles that have at least one value of the field; text fields and `quote` too.
    ///
    /// Every article has `words`.
    pub fn presence(&self, field: &FieldName) -> Result<Postings<'_>, SegmentError> {
        let name = section_name(field);
        let presence = Values::open(self.image().required(Kind::Presence)?.parts()?)?;
        postings_of(&presence, std::str::from_utf8(&name).unwrap_or(""))
    }

    /// Lists the fields that some article has, by name.
    pub fn fields(&self) -> Result<Vec<FieldName>, SegmentError> {
        let section = self.image().required(Kind::Presence)?;
        let presence = KeywordField::without_forward(section)?;
        let mut fields = Vec::new();
        presence.scan(0..presence.len(), &mut |_, name, _| {
            fields.extend(field_of(name));
            true
        })?;
        Ok(fields)
    }

    /// Returns the dictionary of folded words.
    pub fn terms(&self) -> Result<Terms<'_>, SegmentError> {
        Terms::open(self.image())
    }

    /// Returns the values of a keyword field; `None` where no article has it.
    pub fn keyword(&self, field: &FieldName) -> Result<Option<KeywordField<'_>>, SegmentError> {
        KeywordField::open(self.image(), field)
    }

    /// Returns the names used for entities of a kind; `None` where no article has such an entity.
    pub fn names(&self, kind: EntityKind) -> Result<Option<Names<'_>>, SegmentError> {
        Names::open(self.image(), kind)
    }

    /// Returns the entities of each article with where they stand.
    pub fn entities(&self) -> Result<Entities<'_>, SegmentError> {
        Entities::open(self.image().required(Kind::Entities)?)
    }

    /// Returns the articles with a place in this country.
    pub fn within_country(&self, country: Country) -> Result<Postings<'_>, SegmentError> {
        self.within_region(country.as_str())
    }

    /// Returns the articles with a place in the region of this folded name.
    pub fn within_region(&self, folded: &str) -> Result<Postings<'_>, SegmentError> {
        match self.image().section(Kind::Within, &[]) {
            None => Ok(Postings::empty()),
            Some(section) => postings_of(&Values::open(section.parts()?)?, folded),
        }
    }

    /// Returns the quotations of each article.
    pub fn quotes(&self) -> Result<Quotes<'_>, SegmentError> {
        Quotes::open(self.image().section(Kind::Quotes, &[]))
    }

    /// Returns the words of the speakers' names, as numbers of the keyword field `speaker`; `None` where no article has
    /// a speaker.
    pub fn speaker_words(&self) -> Result<Option<NameWords<'_>>, SegmentError> {
        NameWords::open(self.image(), SPEAKERS)
    }

    /// Returns the figures of a category; `None` where no article has one.
    pub fn figures(&self, category: Category) -> Result<Option<Figures<'_>>, SegmentError> {
        let section = self.image().section(Kind::Figures, figures::section_name(category));
        section.map(|section| Figures::open(section, category)).transpose()
    }
}

fn postings_of<'s>(values: &Values<'s>, folded: &str) -> Result<Postings<'s>, SegmentError> {
    values.find(folded)?.next().map_or_else(|| Ok(Postings::empty()), |number| values.postings(number))
}

impl std::fmt::Debug for Segment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Segment").field("path", &self.path()).field("articles", &self.articles()).finish()
    }
}
