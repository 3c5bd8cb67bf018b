//! Annotated news, read from what is at hand: stories with the spans of their names.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;

use dateline::article::EntityKind;
use dateline::extract::gazetteer;
use dateline::extract::page::Page;
use dateline::extract::tagger::label::{Labelled, Sort};
use dateline::text::Span;
use serde_json::Value;

pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// An annotated story.
#[derive(Debug, Clone, Default)]
pub struct Story {
    pub text: String,
    /// Empty where the story has none.
    pub title: Span,
    pub paragraphs: Vec<Span>,
    /// Names in order, none inside another.
    pub names: Vec<(Span, Sort)>,
}

impl Story {
    pub fn page(&self) -> Page<'_> {
        Page::new(&self.text, self.title, &self.paragraphs)
    }

    /// Returns the names as words of the page; a name that breaks across sentences is left out.
    pub fn labelled(&self, page: &Page<'_>) -> Vec<Labelled> {
        let mut found: Vec<Labelled> = Vec::new();
        for &(span, sort) in &self.names {
            let start = page.word_at(span.start);
            let len = page.words.iter().skip(start).take_while(|word| word.span.end <= span.end).count();
            let whole = page.sentences.iter().any(|words| words.start <= start && start + len <= words.end);
            let free = found.last().is_none_or(|(words, _)| words.end <= start);
            if len > 0 && whole && free {
                found.push((start..start + len, sort));
            }
        }
        found
    }
}

/// How a corpus writes its tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Word and tag; `B-` starts every name; `MISC` are demonyms and the like.
    Gmb,
    /// Word and tag; `I-` throughout; `MISC` are works, events and demonyms.
    Wikigold,
    /// Number, word and tag in columns; `#` starts a comment.
    Universal,
}

/// Reads a corpus of tagged words; `-DOCSTART-` or `# newdoc` parts its stories.
pub fn tagged(path: &Path, scheme: Scheme) -> Outcome<Vec<Story>> {
    let text = String::from_utf8(zstd::decode_all(fs::File::open(path)?)?)?;
    let mut stories = vec![Builder::new(scheme)];
    for line in text.lines() {
        if line.starts_with("-DOCSTART-") || line.starts_with("# newdoc") {
            stories.push(Builder::new(scheme));
        } else if let Some(story) = stories.last_mut().filter(|_| !line.starts_with('#')) {
            story.read(line);
        }
    }
    let stories = stories.into_iter().map(Builder::finish);
    Ok(stories.filter(|story| !story.paragraphs.is_empty()).collect())
}

/// Puts a story together from tagged words, spaced as in print.
struct Builder {
    scheme: Scheme,
    story: Story,
    /// Start of the sentence being read.
    start: usize,
    /// Whether a quotation mark was opened in it.
    in_quotes: bool,
    /// Kind of the word before, as the corpus writes it.
    last: String,
    /// The word before ends without space after it.
    holds: bool,
}

impl Builder {
    fn new(scheme: Scheme) -> Builder {
        let last = String::new();
        Builder { scheme, story: Story::default(), start: 0, in_quotes: false, last, holds: true }
    }

    fn read(&mut self, line: &str) {
        let mut cells = line.split(['\t', ' ']).filter(|cell| !cell.is_empty());
        if self.scheme == Scheme::Universal {
            cells.next();
        }
        match (cells.next(), cells.next()) {
            (Some(word), Some(tag)) => self.add(word, tag),
            _ => self.end_sentence(),
        }
    }

    fn add(&mut self, word: &str, tag: &str) {
        let closes = matches!(word, "," | "." | ";" | ":" | "?" | "!" | ")" | "]" | "%" | "'" | "''" | "n't")
            || (word.starts_with('\'') && word.len() <= 3)
            || (word == "\"" && self.in_quotes);
        if !self.holds && !closes {
            self.story.text.push(' ');
        }
        self.holds = matches!(word, "(" | "[" | "$" | "``") || (word == "\"" && !self.in_quotes);
        self.in_quotes ^= word == "\"";
        let start = self.story.text.len();
        self.story.text.push_str(word);
        let span = Span::new(start, self.story.text.len());
        let kind = tag.get(2..).unwrap_or("");
        let goes_on = tag.starts_with("I-") && self.last == kind;
        match (sort_of(kind), self.story.names.last_mut().filter(|_| goes_on)) {
            (Some(_), Some((name, _))) => name.end = span.end,
            (Some(sort), None) => self.story.names.push((span, sort)),
            (None, _) => {}
        }
        self.last = kind.to_owned();
    }

    fn end_sentence(&mut self) {
        if self.start < self.story.text.len() {
            self.story.paragraphs.push(Span::new(self.start, self.story.text.len()));
            self.story.text.push_str("\n\n");
        }
        self.start = self.story.text.len();
        self.in_quotes = false;
        self.holds = true;
        self.last.clear();
    }

    fn finish(mut self) -> Story {
        self.end_sentence();
        if self.scheme == Scheme::Wikigold {
            let text = std::mem::take(&mut self.story.text);
            let is_demonym = |span: Span| gazetteer::is_demonym(span.of(&text));
            self.story.names.retain(|&(span, sort)| sort != Sort::Group || is_demonym(span));
            self.story.text = text;
        }
        self.story
    }
}

fn sort_of(kind: &str) -> Option<Sort> {
    Some(match kind {
        "PER" => Sort::Entity(EntityKind::Person),
        "LOC" => Sort::Entity(EntityKind::Place),
        "ORG" => Sort::Entity(EntityKind::Org),
        "MISC" => Sort::Group,
        _ => return None,
    })
}

/// Reads the annotated articles: the first line is the title.
pub fn gold(path: &Path) -> Outcome<Vec<Story>> {
    fs::read_to_string(path)?.lines().map(|line| Ok(gold_story(&serde_json::from_str(line)?))).collect()
}

fn gold_story(gold: &Value) -> Story {
    let text = gold["text"].as_str().unwrap_or("").to_owned();
    let title_len = text.find("\n\n").unwrap_or(0);
    let mut names: Vec<(Span, Sort)> = list(&gold["demonyms"]).map(|d| (span(d), Sort::Group)).collect();
    for entity in list(&gold["entities"]) {
        let kind = match entity["kind"].as_str() {
            Some("person") => EntityKind::Person,
            Some("place") => EntityKind::Place,
            _ => EntityKind::Org,
        };
        names.extend(list(&entity["mentions"]).map(|pair| (span(pair), Sort::Entity(kind))));
    }
    names.sort_by_key(|(span, _)| span.start);
    let body = text.get(title_len..).unwrap_or("");
    let paragraphs = dateline::text::paragraphs(body).iter().map(|span| span.shifted(title_len)).collect();
    Story { title: Span::new(0, title_len), paragraphs, names, text }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn span(pair: &Value) -> Span {
    let at = |index: usize| pair[index].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    Span::new(at(0), at(1))
}

/// Reads the annotation written for dateline (`data/hand/names.txt`), and its texts from the open news.
pub fn annotated(names: &Path, news: &Path) -> Outcome<Vec<Story>> {
    let mut by_id: BTreeMap<String, Vec<(String, Sort)>> = BTreeMap::new();
    let mut id = String::new();
    for line in fs::read_to_string(names)?.lines().filter(|line| !line.starts_with('#')) {
        let (head, rest) = line.split_once(' ').ok_or("a line of names.txt has no names")?;
        match head {
            "@" => id = rest.to_owned(),
            "person" => add_surfaces(&mut by_id, &id, rest, Sort::Entity(EntityKind::Person)),
            "place" => add_surfaces(&mut by_id, &id, rest, Sort::Entity(EntityKind::Place)),
            "org" => add_surfaces(&mut by_id, &id, rest, Sort::Entity(EntityKind::Org)),
            "group" => add_surfaces(&mut by_id, &id, rest, Sort::Group),
            _ => return Err(format!("names.txt has a line of no kind: {line}").into()),
        }
    }
    let mut stories = Vec::new();
    for line in BufReader::new(zstd::Decoder::new(fs::File::open(news)?)?).lines() {
        let line = line?;
        // Most articles are not annotated; their JSON is not read.
        let id = line.get(8..).and_then(|rest| rest.split('"').next()).unwrap_or("");
        if let Some(surfaces) = by_id.get(id) {
            stories.push(annotated_story(&serde_json::from_str(&line)?, surfaces));
        }
    }
    Ok(stories)
}

fn add_surfaces(all: &mut BTreeMap<String, Vec<(String, Sort)>>, id: &str, surfaces: &str, sort: Sort) {
    let surfaces = surfaces.split('|').map(|surface| (surface.to_owned(), sort));
    all.entry(id.to_owned()).or_default().extend(surfaces);
}

/// Marks every place where a surface stands and no longer one covers it.
fn annotated_story(article: &Value, surfaces: &[(String, Sort)]) -> Story {
    let member = |name: &str| article[name].as_str().unwrap_or("").to_owned();
    let (title, body) = (member("title"), member("body"));
    let gap = if title.is_empty() { "" } else { "\n\n" };
    let text = format!("{title}{gap}{body}");
    let shift = title.len() + gap.len();
    let paragraphs = dateline::text::paragraphs(&body).iter().map(|span| span.shifted(shift)).collect();
    let mut longest_first: Vec<&(String, Sort)> = surfaces.iter().collect();
    longest_first.sort_by_key(|(surface, _)| (std::cmp::Reverse(surface.len()), surface.clone()));
    let mut names: Vec<(Span, Sort)> = Vec::new();
    for (surface, sort) in longest_first {
        for (start, _) in text.match_indices(surface.as_str()) {
            let span = Span::new(start, start + surface.len());
            let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
            let whole = apart(text[..start].chars().next_back())
                && apart(text[start + surface.len()..].chars().next());
            let free = names.iter().all(|(other, _)| other.end <= span.start || span.end <= other.start);
            if whole && free {
                names.push((span, *sort));
            }
        }
    }
    names.sort_by_key(|(span, _)| span.start);
    Story { title: Span::new(0, title.len()), paragraphs, names, text }
}

/// Mends what the annotators of the Groningen Meaning Bank got wrong in the same way again and again.
pub fn mended(mut stories: Vec<Story>) -> Vec<Story> {
    for story in &mut stories {
        let text = std::mem::take(&mut story.text);
        story.names = story.names.iter().filter_map(|&(span, sort)| mended_name(&text, span, sort)).collect();
        story.text = text;
    }
    stories
}

fn mended_name(text: &str, mut span: Span, sort: Sort) -> Option<(Span, Sort)> {
    use EntityKind::{Org, Place};
    // The title of an office is no part of a name: "U.N. Secretary-General", "U.S. Ambassador".
    while sort == Sort::Entity(Org) {
        let name = span.of(text);
        let Some((head, last)) = name.rsplit_once(' ') else { break };
        if !OFFICES.contains(&last) {
            break;
        }
        span.end = span.start + head.len() as u32;
    }
    let name = span.of(text);
    let sort = match sort {
        Sort::Entity(_) if gazetteer::is_demonym(name) => Sort::Group,
        Sort::Entity(Place) if matches!(name, "U.N." | "UN" | "United Nations" | "EU" | "European Union") => {
            Sort::Entity(Org)
        }
        Sort::Entity(Org) if is_mistaken_place(name) => Sort::Entity(Place),
        sort => sort,
    };
    let nothing = matches!(sort, Sort::Entity(_)) && NO_NAMES.contains(&name);
    (!nothing && !name.is_empty()).then_some((span, sort))
}

/// Tells whether a name that the corpus takes for an organisation is a place all the same.
fn is_mistaken_place(name: &str) -> bool {
    // Codes of two letters are rather "AU", the African Union.
    let country = name.len() > 2 && gazetteer::country_by_name(name).is_some();
    country || matches!(name, "US" | "UK") || MISTAKEN_PLACES.contains(&name)
}

/// Offices that the corpus takes for parts of organisations.
const OFFICES: [&str; 10] = [
    "Secretary-General",
    "Ambassador",
    "Secretary",
    "President",
    "Minister",
    "Chairman",
    "Director",
    "Spokesman",
    "Envoy",
    "Commissioner",
];

/// Places that the corpus takes for organisations now and then.
const MISTAKEN_PLACES: [&str; 12] = [
    "West Bank",
    "Gaza Strip",
    "Tehran",
    "Darfur",
    "Pyongyang",
    "Kabul",
    "Tibet",
    "Kashmir",
    "Baghdad",
    "Beijing",
    "Moscow",
    "Washington",
];

/// Words that the corpus takes for names now and then.
const NO_NAMES: [&str; 24] = [
    "Sunni",
    "Sunnis",
    "Shi'ite",
    "Shi'ites",
    "Shiite",
    "Muslim",
    "Muslims",
    "Islam",
    "Islamic",
    "Christian",
    "Christians",
    "Jewish",
    "Kurdish",
    "Arab",
    "Western",
    "AIDS",
    "HIV",
    "Koran",
    "State",
    "Prophet Muhammad",
    "Sri",
    "European",
    "Tamil",
    "GDP",
];
