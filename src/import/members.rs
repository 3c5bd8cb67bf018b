//! What the members of a row are called, and what their texts mean: the table of known members and its helpers.

use serde_json::Value as Json;

use super::options::{Mapping, Target};
use crate::schema::Builtin;

/// A field of the article that members fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Slot {
    Key,
    Url,
    Title,
    Body,
    /// Title and body in one text.
    Text,
    Date,
    Source,
    Section,
    Lang,
    Dateline,
    Author,
    Topic,
    Country,
    Person,
    Place,
    Org,
    Agency,
}

/// The members that fill each slot, most telling first; spaces and hyphens in names read as underscores.
const MEMBERS: &[(Slot, &[&str])] = &[
    (Slot::Key, &["key", "id", "guid"]),
    (Slot::Url, &["url", "link", "permalink", "web_url"]),
    (Slot::Title, &["title", "headline"]),
    (Slot::Body, &["body", "content", "article_body", "articlebody"]),
    (Slot::Text, &["text"]),
    (
        Slot::Date,
        &[
            "date",
            "published",
            "published_at",
            "publishedat",
            "date_published",
            "datepublished",
            "publish_date",
            "publication_date",
            "pub_date",
            "pubdate",
        ],
    ),
    (Slot::Source, &["source", "publisher", "publication", "outlet"]),
    (Slot::Section, &["section", "article_section", "articlesection", "desk"]),
    (Slot::Lang, &["lang", "language", "in_language", "inlanguage"]),
    (Slot::Dateline, &["dateline"]),
    (Slot::Author, &["author", "authors", "byline"]),
    (Slot::Topic, &["topic", "topics", "tag", "tags", "subject", "subjects"]),
    (Slot::Country, &["country", "countries"]),
    (Slot::Person, &["person", "people", "persons"]),
    (Slot::Place, &["place", "places"]),
    (Slot::Org, &["org", "orgs", "organisation", "organisations", "organization", "organizations"]),
    (Slot::Agency, &["agency", "agencies"]),
];

/// Names that queries read as something else than a field, beside the names and aliases of built-in fields.
const PSEUDO_FIELDS: &[&str] =
    &["relevance", "score", "snippets", "extraction", "articles", "share", "bucket"];

impl Slot {
    /// Tells whether an article has at most one value of this field.
    pub(super) fn is_single(self) -> bool {
        self <= Slot::Dateline
    }

    /// Tells whether a list of texts is one text in paragraphs.
    pub(super) fn is_prose(self) -> bool {
        matches!(self, Slot::Body | Slot::Text)
    }
}

/// Returns the slot that a member of this name fills.
pub(super) fn slot_of(member: &str) -> Option<Slot> {
    ranked_slot(member).map(|(slot, _)| slot)
}

/// Returns the slot of a member with its rank among the members that fill it, best first.
pub(super) fn ranked_slot(member: &str) -> Option<(Slot, usize)> {
    let plain = member.trim().to_lowercase().replace([' ', '-'], "_");
    MEMBERS.iter().find_map(|(slot, names)| Some((*slot, names.iter().position(|name| *name == plain)?)))
}

/// Tells whether queries read this name as something else than a declared field.
pub(super) fn is_taken(name: &str) -> bool {
    Builtin::from_name(name).is_some() || PSEUDO_FIELDS.contains(&name)
}

/// Returns the name of the declared field that a member becomes: lower case, and free for queries to use.
pub(super) fn loose_name(member: &str) -> String {
    let readable = |c: char| if c.is_control() || c == '`' { '_' } else { c };
    let name: String = member.trim().to_lowercase().chars().map(readable).collect();
    match name.as_str() {
        "" => "_".to_owned(),
        taken if is_taken(taken) => format!("given.{taken}"),
        _ => name,
    }
}

/// Tells whether a member of this name holds text that is enough to make an article.
pub(super) fn carries_text(member: &str, map: &[Mapping]) -> bool {
    let slot = match map.iter().find(|mapping| mapping.is_of(member)).map(|mapping| &mapping.target) {
        Some(Target::Slot(slot)) => Some(*slot),
        Some(_) => None,
        None => slot_of(member),
    };
    matches!(slot, Some(Slot::Title | Slot::Body | Slot::Text))
}

/// The members of one row, as its format read them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Members {
    pub pairs: Vec<(String, Json)>,
    /// Whether the format tells words from numbers; in CSV and header lines everything is text.
    pub typed: bool,
    /// Whether the file holds this article alone.
    pub alone: bool,
}

/// Splits a cell or header line that holds several values: at semicolons, and topics and countries at commas too,
/// which names of people and places may hold.
pub(super) fn split_list(slot: Slot, text: &str) -> Vec<&str> {
    let commas = matches!(slot, Slot::Topic | Slot::Country) && !text.contains(';');
    text.split(if commas { ',' } else { ';' }).collect()
}

/// Returns the writer of a byline: "By Jane Roe, Reuters" is "Jane Roe" where the source is Reuters.
pub(super) fn without_by(byline: &str, source: Option<&str>) -> String {
    let by = byline.get(..3).is_some_and(|front| front.eq_ignore_ascii_case("by "));
    let name = byline.get(if by { 3 } else { 0 }..).unwrap_or(byline).trim();
    let stem = |outlet: &str| outlet.trim().to_lowercase().trim_end_matches('s').to_owned();
    match (name.rsplit_once(','), source) {
        (Some((writer, outlet)), Some(source)) if stem(outlet) == stem(source) => writer.trim().to_owned(),
        _ => name.to_owned(),
    }
}

/// Languages by the names and three-letter codes that feeds use.
const LANGUAGES: &[(&str, &[&str])] = &[
    ("ar", &["arabic", "ara"]),
    ("de", &["german", "deu", "ger", "deutsch"]),
    ("en", &["english", "eng"]),
    ("es", &["spanish", "spa", "español"]),
    ("fa", &["persian", "farsi", "fas", "per"]),
    ("fr", &["french", "fra", "fre", "français"]),
    ("it", &["italian", "ita", "italiano"]),
    ("nl", &["dutch", "nld", "dut"]),
    ("pl", &["polish", "pol"]),
    ("pt", &["portuguese", "por", "português"]),
    ("ru", &["russian", "rus"]),
    ("tr", &["turkish", "tur"]),
    ("uk", &["ukrainian", "ukr"]),
    ("zh", &["chinese", "zho", "chi"]),
];

/// Returns the ISO 639-1 code of a language as feeds write it ("en-US", "eng", "English"), else what was given.
pub(super) fn language_code(lang: &str) -> String {
    let lower = lang.trim().to_lowercase();
    let primary = lower.split(['-', '_']).next().unwrap_or(&lower);
    let known = LANGUAGES.iter().find(|(_, names)| names.contains(&primary));
    known.map_or_else(|| primary.to_owned(), |(code, _)| (*code).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_lose_by_and_their_source() {
        assert_eq!(without_by("By Jane Roe, Reuter", Some("Reuters")), "Jane Roe");
        assert_eq!(without_by("BY JANE ROE", None), "JANE ROE");
        assert_eq!(without_by("Byron Smith, Jr", Some("AP")), "Byron Smith, Jr");
    }

    #[test]
    fn languages_come_as_codes() {
        let codes = ["en-US", "eng", "English", "pt_BR", "sw", "Klingon"].map(language_code);
        assert_eq!(codes, ["en", "en", "en", "pt", "sw", "klingon"]);
    }

    #[test]
    fn names_that_mean_something_are_given_names() {
        let names = ["Tone", "Words", "score", " a`b\n", "", "geo.lat"].map(loose_name);
        assert_eq!(names, ["tone", "given.words", "given.score", "a_b", "_", "geo.lat"]);
    }

    #[test]
    fn no_name_fills_two_slots() {
        let mut names: Vec<&str> = MEMBERS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| slot_of(&name.to_uppercase()).is_some()));
    }
}
