//! What the user says about an import.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use super::ImportError;
use super::members::{self, Slot};
use crate::date::Date;

/// What the user says about an import; `Options::default()` leaves everything to the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// The format of every file; by default the name of a file decides, then its first bytes.
    pub format: Option<Format>,
    /// Publication date of articles that bring none.
    pub date: Option<Date>,
    /// Whether the time at which a file was last changed dates articles that nothing else dates.
    pub date_from_mtime: bool,
    /// Source of articles that bring none.
    pub source: Option<String>,
    /// Members to read as other fields than their names say.
    pub map: Vec<Mapping>,
    /// The files that a walk of folders takes; by default all.
    pub only: Option<Arc<BTreeSet<PathBuf>>>,
}

/// A format of articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One article a file: the title in the first line, header lines, paragraphs.
    Text,
    /// An object, an array of objects, or objects one after the other.
    Json,
    /// JSON Lines: an object a line.
    JsonLines,
    /// Comma-separated (or semicolon-separated) cells under a header.
    Csv,
    /// Tab-separated cells under a header.
    Tsv,
    /// A page of the web.
    #[cfg(feature = "html")]
    Html,
    /// The pages that a crawl brought home.
    #[cfg(feature = "html")]
    Warc,
    /// RSS or Atom.
    #[cfg(feature = "feeds")]
    Feed,
    /// A letter.
    #[cfg(feature = "mail")]
    Mail,
    /// Many letters in one file.
    #[cfg(feature = "mail")]
    Mbox,
}

/// Every format with its name and the endings of its files.
const FORMATS: &[(Format, &str, &[&str])] = &[
    (Format::Text, "text", &["txt", "text"]),
    (Format::Json, "json", &["json"]),
    (Format::JsonLines, "jsonl", &["jsonl", "ndjson"]),
    (Format::Csv, "csv", &["csv"]),
    (Format::Tsv, "tsv", &["tsv"]),
    #[cfg(feature = "html")]
    (Format::Html, "html", &["html", "htm", "xhtml"]),
    #[cfg(feature = "html")]
    (Format::Warc, "warc", &["warc"]),
    #[cfg(feature = "feeds")]
    (Format::Feed, "feed", &["rss", "atom"]),
    #[cfg(feature = "mail")]
    (Format::Mail, "eml", &["eml"]),
    #[cfg(feature = "mail")]
    (Format::Mbox, "mbox", &["mbox"]),
];

impl Format {
    /// Lists every format that this build reads.
    pub const ALL: &'static [Format] = &[
        Format::Text,
        Format::Json,
        Format::JsonLines,
        Format::Csv,
        Format::Tsv,
        #[cfg(feature = "html")]
        Format::Html,
        #[cfg(feature = "html")]
        Format::Warc,
        #[cfg(feature = "feeds")]
        Format::Feed,
        #[cfg(feature = "mail")]
        Format::Mail,
        #[cfg(feature = "mail")]
        Format::Mbox,
    ];

    /// Returns the name that `--input-format` takes.
    pub fn name(self) -> &'static str {
        FORMATS.iter().find(|(format, _, _)| *format == self).map_or("text", |(_, name, _)| name)
    }

    /// Returns the format of that name, as `--input-format` takes it.
    pub fn from_name(name: &str) -> Option<Format> {
        match name {
            "ndjson" => Some(Format::JsonLines),
            "rss" | "atom" => Format::from_extension(name),
            _ => Format::ALL.iter().copied().find(|format| format.name() == name),
        }
    }

    /// Returns the format that a file extension stands for, letter case ignored.
    pub fn from_extension(extension: &str) -> Option<Format> {
        let extension = extension.to_ascii_lowercase();
        FORMATS
            .iter()
            .find(|(_, _, endings)| endings.contains(&extension.as_str()))
            .map(|(format, _, _)| *format)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A member to read as another field than its name says: `body=article_text`; `-=raw_html` leaves it out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The member's name in the input, in lower case.
    pub(super) member: String,
    pub(super) target: Target,
}

/// Where a mapped member goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A field that import knows.
    Slot(Slot),
    /// A declared field of this name.
    Declared(String),
    /// Nowhere.
    Dropped,
}

impl Mapping {
    /// Tells whether this mapping is about the member of that name.
    pub(super) fn is_of(&self, member: &str) -> bool {
        self.member == member.trim().to_lowercase()
    }
}

impl FromStr for Mapping {
    type Err = ImportError;

    /// Reads `field=member`.
    ///
    /// # Errors
    ///
    /// [`ImportError::Mapping`] for another form, [`ImportError::DerivedField`] for a field that import never fills.
    fn from_str(text: &str) -> Result<Mapping, ImportError> {
        let wrong = || ImportError::Mapping { text: text.to_owned() };
        let (field, member) = text.split_once('=').ok_or_else(wrong)?;
        let (field, member) = (field.trim(), member.trim());
        if field.is_empty() || member.is_empty() {
            return Err(wrong());
        }
        Ok(Mapping { member: member.to_lowercase(), target: target_of(field)? })
    }
}

fn target_of(field: &str) -> Result<Target, ImportError> {
    if field == "-" {
        return Ok(Target::Dropped);
    }
    if let Some(slot) = members::slot_of(field) {
        return Ok(Target::Slot(slot));
    }
    if members::is_taken(field) {
        return Err(ImportError::DerivedField { field: field.to_owned() });
    }
    Ok(Target::Declared(members::loose_name(field)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_name_a_field_and_a_member() {
        let mapping: Mapping = "body = Article_Text".parse().unwrap();
        assert_eq!(mapping, Mapping { member: "article_text".into(), target: Target::Slot(Slot::Body) });
        let mapping: Mapping = "-=raw_html".parse().unwrap();
        assert_eq!(mapping.target, Target::Dropped);
        let mapping: Mapping = "Tone=t".parse().unwrap();
        assert_eq!(mapping.target, Target::Declared("tone".into()));
        assert!(matches!("deaths=n".parse::<Mapping>(), Err(ImportError::DerivedField { .. })));
        assert!(matches!("body".parse::<Mapping>(), Err(ImportError::Mapping { .. })));
        assert!(matches!("=x".parse::<Mapping>(), Err(ImportError::Mapping { .. })));
    }

    #[test]
    fn every_format_is_found_by_its_name() {
        assert_eq!(Format::ALL.len(), FORMATS.len());
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(*format));
        }
    }
}
