//! Members to drafts: which member fills which field, and what becomes of those that fill none.
//!
//! Every format hands over names with JSON values. Where two members want the same single-valued field, the better name
//! wins and the other member is kept as a declared field. All other members become declared fields too: nested objects
//! by dotted names, and `given.NAME` where the name itself already means something in queries.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value as Json;

use super::dates;
use super::error::Fault;
use super::members::{Members, Slot, language_code, loose_name, ranked_slot, split_list, without_by};
use super::options::{Mapping, Options, Target};
use crate::article::{Article, Draft, FIELD_NAME_BYTES_MAX, Given, Loose, Origin};
use crate::date::Date;
use crate::value::Number;

/// Longest first line, in bytes, that still is a title; a longer one is a paragraph.
pub(super) const TITLE_BYTES_MAX: usize = 500;

/// What a file gives to each of its articles.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FileFacts {
    pub file: Arc<Path>,
    /// The path relative to the parent of the named path; the key of an article alone in its file.
    pub path_key: Option<String>,
    /// The day in the file's name.
    pub name_date: Option<Date>,
    /// The time of its last change, where that was asked for.
    pub changed: Option<Date>,
}

impl FileFacts {
    /// Returns the facts of a file of which nothing but the name is known.
    pub(super) fn of(file: &Path) -> FileFacts {
        let name_date = file.file_name().and_then(|name| name.to_str()).and_then(dates::in_file_name);
        FileFacts { file: file.into(), path_key: None, name_date, changed: None }
    }
}

/// Makes the draft of one row.
pub(super) fn draft(
    members: Members,
    line: u64,
    facts: &FileFacts,
    options: &Options,
) -> Result<Draft, Fault> {
    let alone = members.alone;
    let mut assembly = Assembly { typed: members.typed, ..Assembly::default() };
    for (name, value) in members.pairs {
        assembly.add(name, value, &options.map)?;
    }
    let mut draft = assembly.finish()?;
    let article = &mut draft.article;
    let name_date = facts.name_date.filter(|_| alone);
    article.date = article.date.or(name_date).or(facts.changed).or(options.date);
    article.source = article.source.take().or_else(|| options.source.clone());
    if article.key.is_empty() {
        let path = facts.path_key.clone().filter(|_| alone);
        article.key = article.url.clone().or(path).unwrap_or_default();
    }
    draft.check()?;
    if draft.article.key.is_empty() {
        draft.article.key = format!("{:032x}", draft.article.content_hash());
    }
    draft.origin = Origin { file: Arc::clone(&facts.file), line };
    Ok(draft)
}

/// A draft under construction.
#[derive(Default)]
struct Assembly {
    typed: bool,
    singles: BTreeMap<Slot, Candidate>,
    lists: BTreeMap<Slot, Vec<String>>,
    loose: BTreeMap<String, Vec<Loose>>,
}

/// The best text found so far for a single-valued slot.
struct Candidate {
    rank: usize,
    member: String,
    text: String,
}

impl Assembly {
    fn add(&mut self, member: String, value: Json, map: &[Mapping]) -> Result<(), Fault> {
        let mapped = map.iter().find(|mapping| mapping.is_of(&member));
        match mapped.map(|mapping| &mapping.target) {
            Some(Target::Dropped) => Ok(()),
            Some(Target::Declared(name)) => {
                self.add_loose(name, value);
                Ok(())
            }
            // What the user says goes before every name of the table.
            Some(Target::Slot(slot)) => self.add_to_slot(*slot, 0, member, value),
            None => match ranked_slot(&member) {
                Some((slot, rank)) => self.add_to_slot(slot, rank + 1, member, value),
                None => {
                    self.add_loose(&loose_name(&member), value);
                    Ok(())
                }
            },
        }
    }

    fn add_to_slot(&mut self, slot: Slot, rank: usize, member: String, value: Json) -> Result<(), Fault> {
        if slot.is_single() {
            self.add_single(slot, rank, member, value)
        } else {
            self.add_list(slot, &member, value)
        }
    }

    fn add_single(&mut self, slot: Slot, rank: usize, member: String, value: Json) -> Result<(), Fault> {
        match value {
            Json::Array(items) if slot.is_prose() => {
                let paragraphs: Vec<String> = items.into_iter().filter_map(text_of).collect();
                self.offer(slot, Candidate { rank, member, text: paragraphs.join("\n\n") });
            }
            // One after the other, so that the first wins and the others are kept as losers.
            Json::Array(items) => {
                items.into_iter().try_for_each(|item| self.add_single(slot, rank, member.clone(), item))?;
            }
            Json::Object(mut object) => {
                if let Some(name) = object.remove("name") {
                    self.add_single(slot, rank, member.clone(), name)?;
                }
                self.add_loose(&loose_name(&member), Json::Object(object));
            }
            Json::Bool(_) => return Err(Fault::Member { member, expected: "a text" }),
            Json::Number(number) if slot == Slot::Key => {
                let text = whole_number(&number)
                    .ok_or(Fault::Member { member: member.clone(), expected: "a text or a whole number" })?;
                self.offer(slot, Candidate { rank, member, text });
            }
            value => {
                if let Some(text) = text_of(value) {
                    self.offer(slot, Candidate { rank, member, text });
                }
            }
        }
        Ok(())
    }

    /// Takes the text for the slot if it is the best so far; whichever loses is kept as a declared field.
    fn offer(&mut self, slot: Slot, candidate: Candidate) {
        if candidate.text.trim().is_empty() {
            return;
        }
        let loser = match self.singles.get_mut(&slot) {
            None => {
                self.singles.insert(slot, candidate);
                return;
            }
            Some(best) if candidate.rank < best.rank => std::mem::replace(best, candidate),
            Some(_) => candidate,
        };
        let is_copy = self.singles.get(&slot).is_some_and(|best| best.text == loser.text);
        if !is_copy {
            self.add_loose(&loose_name(&loser.member), Json::String(loser.text));
        }
    }

    fn add_list(&mut self, slot: Slot, member: &str, value: Json) -> Result<(), Fault> {
        match value {
            Json::Array(items) => items.into_iter().try_for_each(|item| self.add_list(slot, member, item))?,
            Json::Object(mut object) => {
                if let Some(name) = object.remove("name") {
                    self.add_list(slot, member, name)?;
                }
                self.add_loose(&loose_name(member), Json::Object(object));
            }
            Json::Bool(_) => {
                return Err(Fault::Member {
                    member: member.to_owned(),
                    expected: "a text or a list of texts",
                });
            }
            value => {
                let Some(text) = text_of(value) else { return Ok(()) };
                let parts = if self.typed { vec![text.as_str()] } else { split_list(slot, &text) };
                let values = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
                self.lists.entry(slot).or_default().extend(values.map(str::to_owned));
            }
        }
        Ok(())
    }

    fn add_loose(&mut self, name: &str, value: Json) {
        let loose = match value {
            Json::Null => return,
            Json::Bool(value) => Loose::Boolean(value),
            Json::Number(number) => match number_of(&number) {
                Some(number) => Loose::Number(number),
                None => return,
            },
            Json::String(text) if text.trim().is_empty() => return,
            Json::String(text) => Loose::Text { text, typed: self.typed },
            Json::Array(items) => return items.into_iter().for_each(|item| self.add_loose(name, item)),
            // A name past the limit is refused by the check of the draft, so it need not grow further.
            Json::Object(object) if name.len() <= FIELD_NAME_BYTES_MAX => {
                return object.into_iter().for_each(|(member, value)| {
                    self.add_loose(&loose_name(&format!("{name}.{member}")), value)
                });
            }
            Json::Object(_) => Loose::Boolean(true),
        };
        self.loose.entry(name.to_owned()).or_default().push(loose);
    }

    fn finish(mut self) -> Result<Draft, Fault> {
        let date = self.take_date()?;
        let (title, body) = self.take_story();
        let source = self.take(Slot::Source);
        let authors = self.take_list(Slot::Author);
        let given = Given {
            authors: authors.into_iter().map(|name| without_by(&name, source.as_deref())).collect(),
            people: self.take_list(Slot::Person),
            places: self.take_list(Slot::Place),
            orgs: self.take_list(Slot::Org),
            countries: self.take_list(Slot::Country),
            agencies: self.take_list(Slot::Agency),
            dateline: self.take(Slot::Dateline),
            ..Given::default()
        };
        let article = Article {
            key: self.take(Slot::Key).unwrap_or_default(),
            title,
            body,
            date,
            added: None,
            source,
            url: self.take(Slot::Url),
            section: self.take(Slot::Section),
            lang: self.take(Slot::Lang).map(|lang| language_code(&lang)),
            given,
            topics: self.take_list(Slot::Topic),
            fields: BTreeMap::new(),
        };
        Ok(Draft { article, loose: self.loose, origin: Origin::default() })
    }

    fn take(&mut self, slot: Slot) -> Option<String> {
        self.singles.remove(&slot).map(|candidate| candidate.text.trim().to_owned())
    }

    fn take_list(&mut self, slot: Slot) -> Vec<String> {
        self.lists.remove(&slot).unwrap_or_default()
    }

    fn take_date(&mut self) -> Result<Option<Date>, Fault> {
        let Some(Candidate { member, text, .. }) = self.singles.remove(&Slot::Date) else { return Ok(None) };
        match dates::read(&text) {
            Ok(date) => Ok(Some(date)),
            Err(problem) => Err(Fault::Date { member, problem: problem.to_string() }),
        }
    }

    /// Puts title and body together from `title`, `body` and `text`, of which any may be absent.
    fn take_story(&mut self) -> (Option<String>, String) {
        let title = self.take(Slot::Title);
        let body = self.singles.remove(&Slot::Body).map(|candidate| candidate.text);
        let text = self.singles.remove(&Slot::Text).map(|candidate| candidate.text);
        match (title, body, text) {
            (title, Some(body), Some(text)) => {
                if !text.trim_end().ends_with(body.trim()) {
                    self.add_loose("given.text", Json::String(text));
                }
                (title, body)
            }
            (title, Some(body), None) => (title, body),
            (Some(title), None, Some(text)) => {
                let body = after_title(&text, &title).map(str::to_owned);
                (Some(title), body.unwrap_or(text))
            }
            (None, None, Some(text)) => split_title(&text),
            (title, None, None) => (title, String::new()),
        }
    }
}

/// Returns the text as title and body: the first line is the title, unless it is as long as a paragraph.
pub(super) fn split_title(text: &str) -> (Option<String>, String) {
    let text = text.trim();
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if first.len() > TITLE_BYTES_MAX {
        return (None, text.to_owned());
    }
    (Some(first.trim().to_owned()), rest.trim_start_matches(['\r', '\n']).to_owned())
}

/// Returns what follows the title where `text` begins with the title as a line of its own.
fn after_title<'a>(text: &'a str, title: &str) -> Option<&'a str> {
    let rest = text.trim_start().strip_prefix(title)?.trim_start_matches([' ', '\t', '\r']);
    let rest = if rest.is_empty() { rest } else { rest.strip_prefix('\n')? };
    Some(rest.trim_start_matches(['\r', '\n']))
}

/// Returns the text of a scalar; `None` for null and for lists and objects, which have no one text.
fn text_of(value: Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text),
        Json::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn number_of(number: &serde_json::Number) -> Option<Number> {
    number.as_i64().map(Number::Whole).or_else(|| Number::from_f64(number.as_f64()?))
}

/// Returns the digits of a number that is whole and exact; tables read by other tools turn ids into floats.
fn whole_number(number: &serde_json::Number) -> Option<String> {
    if number.is_i64() || number.is_u64() {
        return Some(number.to_string());
    }
    match number_of(number)? {
        Number::Whole(whole) => Some(whole.to_string()),
        Number::Decimal(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_with(value: Json, options: &Options) -> Result<Draft, Fault> {
        let Json::Object(object) = value else { panic!("not an object: {value}") };
        let members = Members { pairs: object.into_iter().collect(), typed: true, alone: false };
        draft(members, 1, &FileFacts::of(Path::new("-")), options)
    }

    fn read(value: Json) -> Draft {
        read_with(value, &Options::default()).unwrap()
    }

    fn words(text: &str) -> Loose {
        Loose::Text { text: text.into(), typed: true }
    }

    #[test]
    fn known_members_fill_their_fields() {
        let draft = read(json!({
            "Headline": "Talks", "articleBody": "They met.", "datePublished": "2018-09-03", "link": "https://e.org",
            "id": 17, "byline": "By Jane Roe", "tags": ["Syria", "Iran"], "language": "en-US", "country": "SY",
            "people": ["Zarif"], "places": ["Idlib"], "orgs": ["UN"], "agency": "AFP", "dateline": "DAMASCUS -",
            "publisher": {"name": "Herald", "rank": 3}, "section": "World",
        }));
        let article = draft.article;
        assert_eq!((article.title.as_deref(), article.body.as_str()), (Some("Talks"), "They met."));
        assert_eq!((article.key.as_str(), article.url.as_deref()), ("17", Some("https://e.org")));
        assert_eq!(article.date, "2018-09-03".parse().ok());
        assert_eq!((article.source.as_deref(), article.section.as_deref()), (Some("Herald"), Some("World")));
        assert_eq!((article.lang.as_deref(), article.topics.join(" ")), (Some("en"), "Syria Iran".into()));
        assert_eq!(article.given.authors, ["Jane Roe"]);
        assert_eq!([&article.given.people, &article.given.places], [&["Zarif"], &["Idlib"]]);
        assert_eq!(article.given.dateline.as_deref(), Some("DAMASCUS -"));
        assert_eq!(
            draft.loose,
            BTreeMap::from([("publisher.rank".into(), vec![Loose::Number(Number::Whole(3))])])
        );
    }

    #[test]
    fn other_members_become_declared_fields() {
        let draft = read(json!({
            "body": "Text.", "Tone": 1.5, "geo": {"Lat": 3, "names": ["a", null, "b"]}, "empty": [], "none": null,
            "blank": " ", "keywords": ["k"], "words": 12, "sources": ["AP"], "score": true, "": 1,
        }));
        let names: Vec<&str> = draft.loose.keys().map(String::as_str).collect();
        let expected = [
            "_",
            "geo.lat",
            "geo.names",
            "given.keywords",
            "given.score",
            "given.sources",
            "given.words",
            "tone",
        ];
        assert_eq!(names, expected);
        assert_eq!(draft.loose["geo.names"], [words("a"), words("b")]);
    }

    #[test]
    fn text_is_title_and_body_in_one() {
        let story = |value| {
            let article = read(value).article;
            (article.title, article.body)
        };
        let some = |title: &str, body: &str| (Some(title.to_owned()), body.to_owned());
        assert_eq!(
            story(json!({"text": "Talks\n\nThey met.\n\nAgain."})),
            some("Talks", "They met.\n\nAgain.")
        );
        assert_eq!(story(json!({"title": "Talks", "text": "They met."})), some("Talks", "They met."));
        assert_eq!(
            story(json!({"title": "Talks", "text": "Talks\n\nThey met."})),
            some("Talks", "They met.")
        );
        assert_eq!(story(json!({"title": "Idlib", "text": "Idlib fell."})), some("Idlib", "Idlib fell."));
        assert_eq!(story(json!({"title": "A", "text": "A\nB", "body": "B"})), some("A", "B"));
        assert_eq!(story(json!({"body": "They met.\nAgain."})), (None, "They met.\nAgain.".into()));
        assert_eq!(story(json!({"body": ["One.", "Two."]})), (None, "One.\n\nTwo.".into()));
        assert_eq!(story(json!({"title": "Only a title"})), some("Only a title", ""));
        let long = "x".repeat(TITLE_BYTES_MAX + 1);
        assert_eq!(story(json!({"text": long})), (None, long));
    }

    #[test]
    fn losing_members_are_kept() {
        let draft =
            read(json!({"title": "A", "headline": "B", "url": ["u", "v"], "id": 1, "key": "k", "body": "x"}));
        assert_eq!((draft.article.title.as_deref(), draft.article.key.as_str()), (Some("A"), "k"));
        assert_eq!(draft.loose["given.headline"], [words("B")]);
        assert_eq!(draft.loose["given.url"], [words("v")]);
        assert_eq!(draft.loose["given.id"], [words("1")]);
    }

    #[test]
    fn keys_fall_back_to_url_and_content() {
        assert_eq!(read(json!({"body": "x", "url": "u"})).article.key, "u");
        let [first, second] =
            [json!({"body": "x"}), json!({"body": "y"})].map(|value| read(value).article.key);
        assert!(first.len() == 32 && first != second);
        assert_eq!(read(json!({"body": "x", "id": 12.0})).article.key, "12");
        assert!(read_with(json!({"body": "x", "id": 1.5}), &Options::default()).is_err());
    }

    #[test]
    fn mappings_go_before_names() {
        let map = ["body=article_text", "-=raw", "tone=t"].map(|text| text.parse().unwrap()).to_vec();
        let options =
            Options { map, date: "2018".parse().ok(), source: Some("S".into()), ..Options::default() };
        let value = json!({"Article_Text": "Mapped.", "body": "Other.", "raw": "<p>", "t": 1});
        let draft = read_with(value, &options).unwrap();
        assert_eq!(draft.article.body, "Mapped.");
        assert_eq!(draft.loose["given.body"], [words("Other.")]);
        assert_eq!(draft.loose.keys().collect::<Vec<_>>(), ["given.body", "tone"]);
        assert_eq!((draft.article.date, draft.article.source), ("2018".parse().ok(), Some("S".into())));
    }

    #[test]
    fn bad_dates_and_shapes_are_faults() {
        let fault = |value| read_with(value, &Options::default()).unwrap_err();
        assert!(matches!(fault(json!({"body": "x", "date": "soon"})), Fault::Date { .. }));
        assert!(matches!(fault(json!({"body": "x", "title": true})), Fault::Member { .. }));
        assert!(matches!(fault(json!({"note": "x"})), Fault::Unfit(_)));
        assert_eq!(read(json!({"body": "x", "date": ""})).article.date, None);
    }
}
