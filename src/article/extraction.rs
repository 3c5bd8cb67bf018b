//! Everything derived from one article, with the spans that prove it.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::date::Date;
use crate::text::Span;
use crate::value::Number;

/// Every field derived from one article.
///
/// All spans are byte offsets into [`Article::text`](super::Article::text).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Extraction {
    /// Version of the extractor; 0 where nothing was extracted.
    pub version: u32,
    /// The first reporting paragraph, without the dateline.
    pub lede: Option<Span>,
    /// Place, and perhaps agency and date, that open the body.
    pub dateline: Option<Dateline>,
    /// Writers, as printed.
    pub byline: Vec<String>,
    /// Agencies credited with the story, by the abbreviation they use.
    pub agencies: Vec<String>,
    /// Publication date found in the text; used only where the article brought none.
    pub date: Option<Date>,
    /// ISO 639-1 code of the detected language.
    pub lang: Option<String>,
    /// People, places and organisations named, in order of first mention; given ones come last.
    pub entities: Vec<Entity>,
    /// Words such as "Iranian", which give the article a country but no place.
    pub demonyms: Vec<Demonym>,
    /// Direct speech of at least four words.
    pub quotes: Vec<Quote>,
    /// Time expressions that could be put on the calendar.
    pub dates: Vec<DateExpression>,
    /// People, money and percentages reported.
    pub figures: Vec<Figure>,
    /// Telling words of the article, most telling first.
    pub keywords: Vec<String>,
    /// The most salient place, as an index into `entities`.
    pub focus: Option<u32>,
}

impl Extraction {
    /// Returns the countries of the places, demonyms and dateline, each once.
    pub fn countries(&self) -> Vec<Country> {
        let places = self.entities.iter().filter_map(|entity| entity.country);
        let demonyms = self.demonyms.iter().map(|demonym| demonym.country);
        let dateline = self.dateline.iter().filter_map(|dateline| dateline.country);
        let mut countries = Vec::new();
        for country in places.chain(demonyms).chain(dateline) {
            if !countries.contains(&country) {
                countries.push(country);
            }
        }
        countries
    }
}

/// What an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum EntityKind {
    /// An individual.
    Person = 0,
    /// A country, city, river or site with a proper name.
    Place = 1,
    /// A company, party, ministry, armed group, outlet.
    Org = 2,
}

impl EntityKind {
    /// Lists every kind.
    pub const ALL: [EntityKind; 3] = [EntityKind::Person, EntityKind::Place, EntityKind::Org];

    /// Returns the keyword of this kind.
    pub fn name(self) -> &'static str {
        match self {
            EntityKind::Person => "person",
            EntityKind::Place => "place",
            EntityKind::Org => "org",
        }
    }
}

impl fmt::Display for EntityKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An ISO 3166-1 alpha-2 code, in capitals.
///
/// In JSON it is text; in stored records two bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Returns the country of a two-letter code, whatever its case; `None` where it is not two ASCII letters.
    pub fn new(code: &str) -> Option<Country> {
        let bytes: [u8; 2] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Country(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// Returns the code in capitals.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.as_str().serialize(serializer)
        } else {
            self.0.serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Country, D::Error> {
        if !deserializer.is_human_readable() {
            return <[u8; 2]>::deserialize(deserializer).map(Country);
        }
        let code = String::deserialize(deserializer)?;
        Country::new(&code).ok_or_else(|| D::Error::custom(format!("`{code}` is no code of a country")))
    }
}

impl fmt::Display for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How an entity or speaker came to be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Certainty {
    /// Guessed by rules that often err.
    Low = 0,
    /// Found by rules or a model that seldom err.
    High = 1,
    /// Given with the article or set by hand.
    Given = 2,
}

/// A person, place or organisation that the article names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entity {
    /// The longest proper form used in the article.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
    /// Other forms used in the article, without `name`; no two fold alike.
    pub variants: Vec<String>,
    /// Titles and roles that stood before or beside the name.
    pub titles: Vec<String>,
    /// Country that a place lies in.
    pub country: Option<Country>,
    /// Folded names of the regions a place lies in, smallest first, without the country.
    pub within: Vec<String>,
    /// Where it is named, in order; empty for entities given with the article that its text does not name.
    pub mentions: Vec<Span>,
    /// Weight in the article, from 0 to 1.
    pub salience: f32,
    /// How it came to be known.
    pub certainty: Certainty,
}

/// A word such as "Iranian", with the country it points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demonym {
    /// Where it stands.
    pub span: Span,
    /// The country it points to.
    pub country: Country,
}

/// Place, and perhaps agency and date, that open the body: `PARIS, Sept 3 (Reuters) -`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dateline {
    /// The place, in reading case ("Paris").
    pub place: String,
    /// The whole dateline, to its closing dash; empty where it was given apart from the text.
    pub span: Span,
    /// Country that the place lies in.
    pub country: Option<Country>,
}

/// Direct speech.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words inside the marks.
    pub span: Span,
    /// Who said them, where that is known.
    pub speaker: Option<Speaker>,
}

/// To whom a quotation is attributed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Speaker {
    /// The entity's name, else the words used ("a spokesman").
    pub name: String,
    /// The speaker's entity, as an index into [`Extraction::entities`].
    pub entity: Option<u32>,
    /// The words that name the speaker beside the quotation.
    pub span: Option<Span>,
    /// How sure the attribution is.
    pub certainty: Certainty,
}

/// Days from the first to the last, both included, in days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayRange {
    /// The first day.
    pub from: i32,
    /// The last day.
    pub to: i32,
}

/// A time expression put on the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateExpression {
    /// Where it stands.
    pub span: Span,
    /// The days it means; `None` where that needs a publication date and there is none.
    pub days: Option<DayRange>,
}

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[allow(missing_docs)] // Each name says what is counted.
#[repr(u8)]
pub enum Category {
    Deaths = 0,
    Injured = 1,
    Displaced = 2,
    Arrested = 3,
    Troops = 4,
    Money = 5,
    Percent = 6,
    Other = 7,
}

impl Category {
    /// Returns the word of this category.
    pub fn name(self) -> &'static str {
        match self {
            Category::Deaths => "deaths",
            Category::Injured => "injured",
            Category::Displaced => "displaced",
            Category::Arrested => "arrested",
            Category::Troops => "troops",
            Category::Money => "money",
            Category::Percent => "percent",
            Category::Other => "other",
        }
    }
}

/// How a figure bounds the number it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Bound {
    /// That many.
    Exactly = 0,
    /// "more than", "over".
    Above = 1,
    /// "at least".
    AtLeast = 2,
    /// "fewer than", "under".
    Below = 3,
    /// "about", "some".
    About = 4,
}

impl Bound {
    /// Returns the sign of this bound: `=`, `>`, `>=`, `<` or `~`.
    pub fn sign(self) -> &'static str {
        match self {
            Bound::Exactly => "=",
            Bound::Above => ">",
            Bound::AtLeast => ">=",
            Bound::Below => "<",
            Bound::About => "~",
        }
    }
}

/// An interval of numbers; `None` is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end and whether it lies inside.
    pub low: Option<(Number, bool)>,
    /// The upper end and whether it lies inside.
    pub high: Option<(Number, bool)>,
}

/// A number that the article reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Where it stands.
    pub span: Span,
    /// What it counts.
    pub category: Category,
    /// How it bounds `value`.
    pub bound: Bound,
    /// The number named.
    pub value: Number,
    /// Unit: `people`, `percent`, or an ISO 4217 code.
    pub unit: String,
}

impl Figure {
    /// Returns the numbers that the figure allows; "about" counts as its value.
    pub fn interval(&self) -> Interval {
        let (low, high) = match self.bound {
            Bound::Exactly | Bound::About => (Some((self.value, true)), Some((self.value, true))),
            Bound::Above => (Some((self.value, false)), None),
            Bound::AtLeast => (Some((self.value, true)), None),
            Bound::Below => (None, Some((self.value, false))),
        };
        Interval { low, high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_text_for_people_and_two_bytes_in_records() {
        let syria = Country::new("sy").unwrap();
        assert_eq!(serde_json::to_string(&syria).unwrap(), "\"SY\"");
        assert_eq!(serde_json::from_str::<Country>("\"SY\"").unwrap(), syria);
        assert!(serde_json::from_str::<Country>("\"Syria\"").is_err());
        let config = bincode::config::standard();
        let bytes = bincode::serde::encode_to_vec(syria, config).unwrap();
        assert_eq!(bytes, b"SY");
        assert_eq!(bincode::serde::decode_from_slice(&bytes, config).unwrap(), (syria, 2));
    }
}
