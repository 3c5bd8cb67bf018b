//! Keyword-in-context extracts.
//!
//! What matched is found again in the stored text, word by word, with the tests of the query; so an extract shows what a
//! reader of the text would see, whatever index found the article.

use std::collections::BTreeSet;

use super::Snippet;
use super::fit::{NameText, SeenWord, TermFit};
use super::leaf::{Leaf, leaves};
use crate::article::{EntityKind, Record};
use crate::query::{Predicate, TextField};
use crate::text::{Analysis, Span, Word, analyse};

/// Most extracts of an article.
const EXTRACTS_MAX: usize = 3;

/// Matches of an article that extracts are chosen from; the rest of a long article is not looked at.
const MATCHES_MAX: usize = 256;

/// What a query looks for, ready to be found in stored texts.
pub(crate) struct Extracts<'q> {
    looks: Vec<Look<'q>>,
    /// Words of an extract.
    words: usize,
}

/// One thing looked for.
enum Look<'q> {
    Words { fit: TermFit<'q>, field: TextField },
    Name { fits: Vec<TermFit<'q>>, kind: Option<EntityKind> },
}

/// Words of an article that matched, as indexes into its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Match {
    start: usize,
    end: usize,
    look: usize,
}

impl<'q> Extracts<'q> {
    /// Returns extracts of `words` words around what `predicate` looks for.
    pub(crate) fn of(predicate: &'q Predicate, words: u32) -> Extracts<'q> {
        let look = |leaf| match leaf {
            Leaf::Words { term, field } => Look::Words { fit: TermFit::new(term), field },
            Leaf::Name { term, aliases, kind } => {
                Look::Name { fits: std::iter::once(term).chain(aliases).map(TermFit::new).collect(), kind }
            }
        };
        Extracts { looks: leaves(predicate).into_iter().map(look).collect(), words: (words as usize).max(1) }
    }

    /// Returns extracts around nothing: the beginnings of title and body.
    pub(crate) fn of_nothing(words: u32) -> Extracts<'q> {
        Extracts { looks: Vec::new(), words: (words as usize).max(1) }
    }

    /// Returns the extracts of an article, in the order of its text.
    ///
    /// Where nothing in the text matched there is one: the opening words of the body, with nothing marked.
    pub(crate) fn of_record(&self, record: &Record) -> Vec<Snippet> {
        let article = &record.article;
        let title = article.title.as_deref().unwrap_or("");
        let analysis = analyse(title, &article.body, article.body_span().start, record.extraction.lede);
        let text = article.text();
        let matches = self.matches(record, &analysis, &text);
        let windows = choose(&matches, &analysis, self.words);
        windows.into_iter().filter_map(|window| extract(window, &matches, &analysis, &text)).collect()
    }

    fn matches(&self, record: &Record, analysis: &Analysis, text: &str) -> Vec<Match> {
        let lang = record.article.lang.as_deref().or(record.extraction.lang.as_deref());
        let lang = lang.map(crate::text::fold_value);
        let seen: Vec<SeenWord<'_>> = analysis.words.iter().map(|word| seen(word, analysis, text)).collect();
        let mut found = Vec::new();
        for (number, look) in self.looks.iter().enumerate() {
            match look {
                Look::Words { fit, field } => {
                    find_words(fit, *field, number, analysis, &seen, lang.as_deref(), &mut found);
                }
                Look::Name { fits, kind } => {
                    find_names(fits, *kind, number, record, analysis, lang.as_deref(), &mut found);
                }
            }
        }
        found.sort_unstable();
        found.truncate(MATCHES_MAX);
        found
    }
}

fn seen<'a>(word: &Word, analysis: &'a Analysis, text: &'a str) -> SeenWord<'a> {
    SeenWord { folded: analysis.term(word), spelling: word.span.of(text), joiner: word.joiner.of(text) }
}

fn find_words(
    fit: &TermFit<'_>,
    field: TextField,
    look: usize,
    analysis: &Analysis,
    seen: &[SeenWord<'_>],
    lang: Option<&str>,
    found: &mut Vec<Match>,
) {
    let inside = |position: u32| match field {
        TextField::Text => true,
        TextField::Title => position < analysis.title_words,
        TextField::Lede => position < analysis.lede_words,
        TextField::Body => position >= analysis.body_start(),
    };
    let title_words = analysis.title_words as usize;
    for (start, word) in analysis.words.iter().enumerate() {
        let end = start + fit.len();
        let crosses = start < title_words && end > title_words;
        let rest = seen.get(start..).unwrap_or_default();
        if !crosses && inside(word.position) && fit.begins(rest, lang) {
            found.push(Match { start, end, look });
        }
    }
}

fn find_names(
    fits: &[TermFit<'_>],
    kind: Option<EntityKind>,
    look: usize,
    record: &Record,
    analysis: &Analysis,
    lang: Option<&str>,
    found: &mut Vec<Match>,
) {
    let is_asked = |name: &str| {
        let name = NameText::new(name);
        fits.iter().any(|fit| fit.occurs(&name.seen(), lang))
    };
    let entities = record.extraction.entities.iter().filter(|entity| {
        kind.is_none_or(|kind| kind == entity.kind)
            && std::iter::once(&entity.name).chain(&entity.variants).any(|name| is_asked(name))
    });
    for span in entities.flat_map(|entity| &entity.mentions) {
        let (start, end) = words_in(*span, analysis);
        if start < end {
            found.push(Match { start, end, look });
        }
    }
}

/// Returns the indexes of the words that begin inside `span`.
fn words_in(span: Span, analysis: &Analysis) -> (usize, usize) {
    let before = |offset: u32| analysis.words.partition_point(|word| word.span.start < offset);
    (before(span.start), before(span.end))
}

/// What joins two tokens to what people read as one word.
const JOINERS: [char; 7] = ['-', '\u{2010}', '\u{2011}', '\'', '’', '.', '/'];

/// Most tokens by which an extract grows at either end so that it ends with a whole word.
const JOINED_WORDS_MAX: usize = 8;

/// A stretch of words, as indexes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Window {
    start: usize,
    end: usize,
}

/// Chooses up to three windows: those that show the most different things, then the most matches, then the earliest.
fn choose(matches: &[Match], analysis: &Analysis, words: usize) -> Vec<Window> {
    let mut candidates: Vec<Window> = matches.iter().map(|found| around(found, analysis, words)).collect();
    candidates.dedup();
    let mut chosen: Vec<Window> = Vec::new();
    let mut shown: BTreeSet<usize> = BTreeSet::new();
    while chosen.len() < EXTRACTS_MAX {
        let best = candidates
            .iter()
            .filter(|window| {
                chosen.iter().all(|other| window.end <= other.start || other.end <= window.start)
            })
            .map(|window| (worth(window, matches, &shown), window))
            .max_by_key(|(worth, window)| (*worth, std::cmp::Reverse(window.start)));
        let Some((_, &window)) = best else { break };
        shown.extend(inside(&window, matches).map(|found| found.look));
        chosen.push(window);
    }
    if chosen.is_empty() {
        chosen.extend(opening(analysis, words));
    }
    chosen.sort_unstable();
    chosen
}

/// Returns how many things not yet shown, and how many matches, a window shows.
fn worth(window: &Window, matches: &[Match], shown: &BTreeSet<usize>) -> (usize, usize) {
    let looks: BTreeSet<usize> = inside(window, matches).map(|found| found.look).collect();
    (looks.difference(shown).count(), inside(window, matches).count())
}

fn inside<'m>(window: &Window, matches: &'m [Match]) -> impl Iterator<Item = &'m Match> + use<'m> {
    let Window { start, end } = *window;
    matches.iter().filter(move |found| start <= found.start && found.end <= end)
}

/// Returns the window of `words` words with a match in its middle, inside title or body.
fn around(found: &Match, analysis: &Analysis, words: usize) -> Window {
    let title_words = analysis.title_words as usize;
    let (first, last) =
        if found.start < title_words { (0, title_words) } else { (title_words, analysis.words.len()) };
    let words = words.max(found.end - found.start);
    let before = (words - (found.end - found.start)) / 2;
    let start = found.start.saturating_sub(before).max(first);
    let end = (start + words).min(last);
    Window { start: end.saturating_sub(words).max(first), end }
}

fn opening(analysis: &Analysis, words: usize) -> Option<Window> {
    let title_words = analysis.title_words as usize;
    let start = if title_words < analysis.words.len() { title_words } else { 0 };
    let end = (start + words).min(analysis.words.len());
    (start < end).then_some(Window { start, end })
}

/// Widens a window to whole words: hyphens and apostrophes part what is looked for, and not what is read.
fn whole_words(window: Window, analysis: &Analysis, text: &str) -> Window {
    let joined = |at: usize| {
        let (before, after) = (analysis.words.get(at.wrapping_sub(1))?, analysis.words.get(at)?);
        let gap = text.get(before.span.end as usize..after.span.start as usize)?;
        let mut chars = gap.chars();
        let joins = chars.next().is_some_and(|c| JOINERS.contains(&c)) && chars.next().is_none();
        joins.then_some(())
    };
    let Window { mut start, mut end } = window;
    while window.start - start < JOINED_WORDS_MAX && joined(start).is_some() {
        start -= 1;
    }
    while end - window.end < JOINED_WORDS_MAX && joined(end).is_some() {
        end += 1;
    }
    Window { start, end }
}

/// Returns where the word ends that a token begins: a possessive is no token.
fn past_possessive(end: u32, text: &str) -> u32 {
    let rest = text.get(end as usize..).unwrap_or("");
    let Some(apostrophe) = rest.chars().next().filter(|c| matches!(c, '\'' | '’')) else { return end };
    let suffix = rest.get(apostrophe.len_utf8()..).unwrap_or("");
    let letters: usize = suffix.chars().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum();
    if letters == 0 { end } else { end + (apostrophe.len_utf8() + letters) as u32 }
}

fn extract(window: Window, matches: &[Match], analysis: &Analysis, text: &str) -> Option<Snippet> {
    let window = whole_words(window, analysis, text);
    let first = analysis.words.get(window.start)?;
    let last = analysis.words.get(window.end.checked_sub(1)?)?;
    let span = Span { start: first.span.start, end: past_possessive(last.span.end, text) };
    let mut marks: Vec<(u32, u32)> = inside(&window, matches)
        .filter_map(|found| {
            let first = analysis.words.get(found.start)?;
            let last = analysis.words.get(found.end.checked_sub(1)?)?;
            Some((first.span.start - span.start, last.span.end - span.start))
        })
        .collect();
    join_overlaps(&mut marks);
    let field = if first.position < analysis.title_words { "title" } else { "body" };
    let shown = span.of(text).replace(['\n', '\r', '\t'], " ");
    Some(Snippet { field: field.to_owned(), text: shown, matches: marks })
}

/// Joins ranges that overlap, so that marks never nest.
fn join_overlaps(marks: &mut Vec<(u32, u32)>) {
    marks.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::with_capacity(marks.len());
    for &(start, end) in marks.iter() {
        match joined.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    *marks = joined;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::{Article, ArticleId, Extraction};
    use crate::query::{Operand, Quantifier, Term, TextCondition, TextPattern, WordTest};

    fn record(title: &str, body: &str) -> Record {
        let article = Article { title: Some(title.into()), body: body.into(), ..Article::default() };
        Record { id: ArticleId(1), seq: 1, article, extraction: Extraction::default(), story: None }
    }

    fn contains(words: &[&str]) -> Predicate {
        let terms = words.iter().map(|word| Term {
            source: (*word).to_owned(),
            words: word.split(' ').map(|word| WordTest::Is(word.to_owned())).collect(),
        });
        let left = Operand { quantifier: Quantifier::Any, terms: terms.collect() };
        let pattern = TextPattern { left, proximity: None, at_least: 1, scope: None };
        Predicate::Text(TextCondition { field: TextField::Text, pattern })
    }

    fn marked(snippet: &Snippet) -> Vec<&str> {
        snippet.matches.iter().map(|&(start, end)| &snippet.text[start as usize..end as usize]).collect()
    }

    #[test]
    fn extracts_show_matches_in_context() {
        let body =
            "Before it all. ".repeat(20) + "Rebels left Idlib\non Monday. " + &"After it all. ".repeat(20);
        let predicate = contains(&["idlib"]);
        let found = Extracts::of(&predicate, 6).of_record(&record("News from Idlib", &body));
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].field.as_str(), found[0].text.as_str()), ("title", "News from Idlib"));
        assert_eq!(found[1].text, "Rebels left Idlib on Monday. After");
        assert_eq!((marked(&found[0]), marked(&found[1])), (vec!["Idlib"], vec!["Idlib"]));
    }

    #[test]
    fn different_terms_are_shown_before_more_of_the_same() {
        let body = "truce ".repeat(30) + &"filler ".repeat(30) + "Aleppo " + &"filler ".repeat(30);
        let predicate = contains(&["truce", "aleppo"]);
        let found = Extracts::of(&predicate, 4).of_record(&record("", &body));
        assert_eq!(found.len(), 3);
        assert!(found.iter().any(|snippet| marked(snippet).contains(&"Aleppo")));
    }

    #[test]
    fn a_match_without_words_shows_the_opening() {
        let found =
            Extracts::of(&Predicate::Everything, 3).of_record(&record("Title", "One two three four."));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].text.as_str(), found[0].matches.len()), ("One two three", 0));
    }

    #[test]
    fn phrases_never_run_from_title_into_body() {
        let predicate = contains(&["peace talks"]);
        let found = Extracts::of(&predicate, 3)
            .of_record(&record("Hopes of peace", "Talks failed. Peace talks went on."));
        assert_eq!(found.iter().flat_map(marked).collect::<Vec<_>>(), ["Peace talks"]);
    }

    #[test]
    fn extracts_end_with_whole_words() {
        let shown = |body: &str, words: usize| {
            let found = Extracts::of(&contains(&["assad"]), words as u32).of_record(&record("", body));
            found.into_iter().map(|snippet| snippet.text).collect::<Vec<_>>().join(" | ")
        };
        assert_eq!(shown("They met al-Assad’s men.", 1), "al-Assad’s");
        assert_eq!(shown("They met Assad-led men there.", 1), "Assad-led");
        assert_eq!(shown("Then Assad spoke.", 1), "Assad");
    }
}
