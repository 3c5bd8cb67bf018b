//! The one door to extraction.

use jiff::civil;

use super::entities::{self, add_given, entity, weigh};
use super::known::known_names;
use super::layout::{Layout, lay_out};
use super::names::{Group, resolve};
use super::page::Page;
use super::places::{demonyms, locate};
use super::tagger::{Name, Perceptron, Tagger};
use super::{curate, dates, figures, keywords, language, quotes, speaker};
use crate::article::{Article, DateExpression, Entity, EntityKind, Extraction, Quote};
use crate::date::{Date, Precision};
use crate::text::Span;

/// Version of everything that decides what an extraction holds; stored extractions of another version are stale.
pub const VERSION: u32 = 3;

/// Derives fields from articles; shared by threads, cheap to call.
///
/// # Examples
///
/// ```
/// use dateline::article::Article;
/// use dateline::extract::Extractor;
///
/// let body = "PARIS (AFP) - Talks on Syria failed on Monday, Jean Dupont said.".to_owned();
/// let found = Extractor::new().extract(&Article { body, ..Article::default() });
/// assert_eq!(found.agencies, ["AFP"]);
/// let names: Vec<&str> = found.entities.iter().map(|entity| entity.name.as_str()).collect();
/// assert_eq!(names, ["Paris", "Syria", "Jean Dupont"]);
/// ```
pub struct Extractor {
    /// None where the data that was built in is damaged; then the gazetteer finds the names.
    tagger: Option<Box<dyn Tagger>>,
}

impl Default for Extractor {
    fn default() -> Extractor {
        let shipped = Perceptron::shipped()
            .inspect_err(|error| tracing::error!("names come from the gazetteer alone: {error}"));
        Extractor { tagger: shipped.ok().map(|tagger| Box::new(tagger) as Box<dyn Tagger>) }
    }
}

impl std::fmt::Debug for Extractor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Extractor").finish_non_exhaustive()
    }
}

impl Extractor {
    /// Returns an extractor with the rules and data that ship with the library.
    pub fn new() -> Extractor {
        Extractor::default()
    }

    /// Returns an extractor whose names come from another tagger.
    pub fn with_tagger(tagger: Box<dyn Tagger>) -> Extractor {
        Extractor { tagger: Some(tagger) }
    }

    /// Returns everything that can be derived from the article.
    ///
    /// Extraction is total and pure: any text has an extraction, and the same article the same one. It takes time linear
    /// in the length of the text.
    pub fn extract(&self, article: &Article) -> Extraction {
        let text = article.text();
        let layout = lay_out(article, &text);
        let lang = language::detect(&text);
        let page = page_of(article, &text, &layout);
        let is_english = article.lang.as_deref().or(lang).is_none_or(|lang| lang.eq_ignore_ascii_case("en"));
        let groups = resolve(&page, self.names(&page, is_english, layout.dateline_place));
        let mut found = Extraction { version: VERSION, lede: layout.lede(), ..Extraction::default() };
        add_entities(&mut found, article, &page, &groups);
        spell_dateline_place(&mut found.entities, layout.dateline_place);
        let quoted = quotes::find(&page);
        if is_english {
            found.quotes = speaker::attribute(&page, &quoted, &found.entities);
            found.dates = find_dates(&page, &layout, published(article, &layout));
            found.figures = figures::find(&page);
            found.keywords = keywords::find(&page);
        } else {
            found.quotes = quoted.iter().map(|quote| Quote { span: quote.span, speaker: None }).collect();
        }
        found.lang = lang.map(str::to_owned);
        found = Extraction {
            dateline: layout.dateline,
            byline: layout.byline,
            agencies: layout.agencies,
            date: layout.date,
            ..found
        };
        curate::apply(&article.given, &mut found);
        found
    }

    /// Other languages than English get the names that the gazetteer knows.
    fn names(&self, page: &Page<'_>, is_english: bool, dateline_place: Option<Span>) -> Vec<Name> {
        let tagger = self.tagger.as_ref().filter(|_| is_english);
        let mut names = tagger.map_or_else(|| known_names(page), |tagger| tagger.tag(page));
        if let Some(place) = dateline_place {
            name_dateline(page, place, &mut names);
        }
        names
    }
}

/// Names the place of the dateline, which stands alone on the page and gives a tagger nothing to go by.
fn name_dateline(page: &Page<'_>, place: Span, names: &mut Vec<Name>) {
    let start = page.word_at(place.start);
    let words = start..page.word_at(place.end);
    let stands = page.sentences.contains(&words);
    if stands {
        names.retain(|name| name.words.end <= words.start || words.end <= name.words.start);
        let at = names.partition_point(|name| name.words.start < start);
        names.insert(at, Name { words, kind: EntityKind::Place, weight: 4 });
    }
}

/// Returns an extraction of version 0, which reads nothing out of the text: it holds the people, places and
/// organisations that were given with the article.
pub fn given_alone(article: &Article) -> Extraction {
    let text = article.text();
    let page = Page::new(&text, article.title_span(), &[article.body_span()]);
    let mut found = Extraction::default();
    add_given(&page, &article.given, &mut found.entities);
    weigh(&mut found.entities, article.title_span(), None);
    found.focus = entities::focus(&found.entities);
    found
}

/// Lays out title, the dateline's place where the gazetteer knows it, and the story.
fn page_of<'t>(article: &Article, text: &'t str, layout: &Layout) -> Page<'t> {
    let known_place = |span: &Span| entities::country_of_place(span.of(text)).is_some();
    let place = layout.dateline_place.filter(known_place);
    let paragraphs: Vec<Span> = place.into_iter().chain(layout.paragraphs.iter().copied()).collect();
    Page::new(text, article.title_span(), &paragraphs)
}

fn add_entities(found: &mut Extraction, article: &Article, page: &Page<'_>, groups: &[Group]) {
    found.demonyms = demonyms(page, groups);
    let locations = locate(page, groups, &found.demonyms);
    found.entities =
        groups.iter().zip(locations).map(|(group, location)| entity(page, group, location)).collect();
    found.entities.sort_by_key(|entity| entity.mentions.first().map(|span| span.start));
    add_given(page, &article.given, &mut found.entities);
    weigh(&mut found.entities, article.title_span(), found.lede);
    found.focus = entities::focus(&found.entities);
}

/// Returns the time expressions of the dateline, which the page leaves out, and of the page.
fn find_dates(page: &Page<'_>, layout: &Layout, published: Option<civil::Date>) -> Vec<DateExpression> {
    let mut found = dates::find(page, published);
    if let Some(span) = layout.dateline.as_ref().map(|line| line.span).filter(|span| !span.is_empty()) {
        found.extend(dates::find(&Page::new(page.text, Span::default(), &[span]), published));
        found.sort_by_key(|date| date.span);
    }
    found
}

/// Gives a place that only the dateline names its reading case; the capitals are the wire's style, not the name's.
fn spell_dateline_place(entities: &mut [Entity], place: Option<Span>) {
    let Some(place) = place else { return };
    for entity in entities {
        let only_there =
            !entity.mentions.is_empty() && entity.mentions.iter().all(|&span| place.contains(span));
        if only_there && entity.kind == EntityKind::Place {
            entity.name = entities::reading_case(&entity.name);
        }
    }
}

/// Returns the day of publication, where it is known to the day.
fn published(article: &Article, layout: &Layout) -> Option<civil::Date> {
    let date: Date = article.date.or(layout.date)?;
    let to_the_day = date.precision() >= Precision::Day;
    let text = date.to_string();
    to_the_day.then(|| text.get(..10)?.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Certainty, Given};

    fn extract(title: &str, body: &str) -> Extraction {
        let article = Article { title: Some(title.to_owned()), body: body.to_owned(), ..Article::default() };
        Extractor::new().extract(&article)
    }

    #[test]
    fn a_place_of_the_dateline_alone_loses_its_capitals() {
        let names = |body: &str| -> Vec<String> {
            let places =
                extract("Talks fail", body).entities.into_iter().filter(|e| e.kind == EntityKind::Place);
            places.map(|entity| entity.name).collect()
        };
        assert_eq!(names("PARIS (AFP) - Talks on Syria failed on Monday."), ["Paris", "Syria"]);
        assert_eq!(names("NEW YORK, June 1 (Reuters) - Talks on Syria failed."), ["New York", "Syria"]);
    }

    #[test]
    fn what_was_given_is_there_without_extraction() {
        let given = Given { people: vec!["Jean Dupont".into()], ..Given::default() };
        let article = Article { body: "Jean Dupont met Ann Other.".into(), given, ..Article::default() };
        let found = given_alone(&article);
        assert_eq!((found.version, found.entities.len()), (0, 1));
        assert_eq!(found.entities[0].mentions.len(), 1);
        assert_eq!(given_alone(&Article { given: Given::default(), ..article }), Extraction::default());
    }

    #[test]
    fn other_languages_get_quotes_by_marks_and_nothing_by_rule() {
        let body = "Le ministre des affaires étrangères a rencontré lundi à Damas son homologue syrien, avant une réunion sur \
                    l'avenir de la province. «Nous ne partirons pas d'ici,» a déclaré 12 fois le ministre Jean Dupont.";
        let found = extract("Le ministre à Damas", body);
        assert_eq!(found.lang.as_deref(), Some("fr"));
        assert_eq!(found.quotes.len(), 1);
        assert_eq!(found.quotes[0].speaker, None);
        assert!(found.dates.is_empty() && found.figures.is_empty() && found.keywords.is_empty());
        assert_eq!(found.lede.map(|lede| lede.len() as usize), Some(body.len()));
    }

    #[test]
    fn the_day_of_a_dateline_is_a_date() {
        let body = "PARIS, Sept 3, 2018 (Reuters) - Talks on Syria failed on Monday.";
        let found = extract("Talks fail", body);
        assert_eq!(found.dates.len(), 2);
        assert_eq!(found.dates[0].days, found.dates[1].days);
    }

    #[test]
    fn given_names_become_certain_entities() {
        let given = Given { people: vec!["Jean Dupont".into(), "Ann Other".into()], ..Given::default() };
        let body = "Talks failed in Paris, jean dupont said.".to_owned();
        let found = Extractor::new().extract(&Article { body, given, ..Article::default() });
        let person = |name: &str| found.entities.iter().find(|entity| entity.name == name).expect("given");
        assert_eq!(person("Jean Dupont").mentions.len(), 1);
        assert_eq!(person("Ann Other").mentions, []);
        assert_eq!(person("Ann Other").certainty, Certainty::Given);
        assert_eq!(person("Ann Other").salience, 0.0);
    }
}
